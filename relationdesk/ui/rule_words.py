"""What the rules of prompts and their numbers are called on the page where they are set."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from relationdesk.ui.words import QT_TRANSLATE_NOOP

_NAMES = {
    "awaiting_reply": QT_TRANSLATE_NOOP("Rules", "Somebody waits for my answer"),
    "promise_due": QT_TRANSLATE_NOOP("Rules", "A promise is due"),
    "complaint": QT_TRANSLATE_NOOP("Rules", "A complaint"),
    "meeting_soon": QT_TRANSLATE_NOOP("Rules", "A meeting is near"),
    "meeting_over": QT_TRANSLATE_NOOP("Rules", "A meeting without a note"),
    "praise": QT_TRANSLATE_NOOP("Rules", "Praise and recommendations"),
    "thank_referral": QT_TRANSLATE_NOOP("Rules", "They introduced somebody"),
    "suggestion": QT_TRANSLATE_NOOP("Rules", "A suggestion"),
    "deal_near": QT_TRANSLATE_NOOP("Rules", "A deal closes"),
    "ticket_open": QT_TRANSLATE_NOOP("Rules", "A ticket stays open"),
    "birthday": QT_TRANSLATE_NOOP("Rules", "Birthdays"),
    "anniversary": QT_TRANSLATE_NOOP("Rules", "Anniversaries"),
    "work_anniversary": QT_TRANSLATE_NOOP("Rules", "Years in a job"),
    "job_change": QT_TRANSLATE_NOOP("Rules", "A new role or firm"),
    "in_town": QT_TRANSLATE_NOOP("Rules", "A trip to meet on"),
    "gone_quiet": QT_TRANSLATE_NOOP("Rules", "Gone quiet"),
    "champion_quiet": QT_TRANSLATE_NOOP("Rules", "A silent advocate"),
    "rhythm_overdue": QT_TRANSLATE_NOOP("Rules", "The rhythm I want is overdue"),
    "new_at_key": QT_TRANSLATE_NOOP("Rules", "Somebody new at a key company"),
    "mentioned": QT_TRANSLATE_NOOP("Rules", "Words I watch"),
    "public_question": QT_TRANSLATE_NOOP("Rules", "A question in public"),
    "first_post": QT_TRANSLATE_NOOP("Rules", "The first sign after a silence"),
    "reciprocity": QT_TRANSLATE_NOOP("Rules", "They react to me, I not to them"),
    "single_threaded": QT_TRANSLATE_NOOP("Rules", "Only one contact at a key company"),
}  # fmt: skip

_SPEAKS_FOR = QT_TRANSLATE_NOOP("Rules", "Reminds you for")
_BEFORE = QT_TRANSLATE_NOOP("Rules", "Reminds you before the day by")
_AFTER = QT_TRANSLATE_NOOP("Rules", "And after the day, for")
_FIELDS = {
    "awaiting_reply.after_hours": QT_TRANSLATE_NOOP("Rules", "A message without a question, only after"),
    "awaiting_reply.for_days": QT_TRANSLATE_NOOP("Rules", "A question, for"),
    "awaiting_reply.plain_for_days": QT_TRANSLATE_NOOP("Rules", "Any other message, for"),
    "awaiting_reply.explained_for_days": QT_TRANSLATE_NOOP("Rules", "Once answered, listed under “Held back” for"),
    "promise_due.ahead_days": QT_TRANSLATE_NOOP("Rules", "What I promised, before the day by"),
    "promise_due.late_days": QT_TRANSLATE_NOOP("Rules", "What they promised, when it is late by"),
    "promise_due.undated_days": QT_TRANSLATE_NOOP("Rules", "Without a day, after"),
    "praise.recommendation_days": QT_TRANSLATE_NOOP("Rules", "A recommendation, for"),
    "meeting_soon.hours": QT_TRANSLATE_NOOP("Rules", "Reminds you before it by"),
    "meeting_over.hours": QT_TRANSLATE_NOOP("Rules", "Reminds you after it, for"),
    "deal_near.days": QT_TRANSLATE_NOOP("Rules", "Reminds you before it closes by"),
    "deal_near.late_days": QT_TRANSLATE_NOOP("Rules", "And after that day, for"),
    "ticket_open.days": QT_TRANSLATE_NOOP("Rules", "Open for"),
    "ticket_open.at_most_days": QT_TRANSLATE_NOOP("Rules", "But not for more than"),
    "birthday.ahead_days": _BEFORE, "birthday.late_days": _AFTER, "anniversary.ahead_days": _BEFORE, "anniversary.late_days": _AFTER,
    "work_anniversary.ahead_days": _BEFORE, "work_anniversary.late_days": _AFTER,
    "work_anniversary.unsure_days": QT_TRANSLATE_NOOP("Rules", "A day that is not told may lie within"),
    "in_town.days": QT_TRANSLATE_NOOP("Rules", "Reminds you before the trip by"),
    "gone_quiet.factor_percent": QT_TRANSLATE_NOOP("Rules", "Silent for this share of their usual pause"),
    "gone_quiet.early_percent": QT_TRANSLATE_NOOP("Rules", "Where a place was not read, from this share"),
    "gone_quiet.at_least_days": QT_TRANSLATE_NOOP("Rules", "Silent for at least"),
    "gone_quiet.at_most_days": QT_TRANSLATE_NOOP("Rules", "But not for more than"),
    "gone_quiet.at_least_signs": QT_TRANSLATE_NOOP("Rules", "Their pause is known from at least"),
    "champion_quiet.days": QT_TRANSLATE_NOOP("Rules", "Silent for"),
    "rhythm_overdue.percent": QT_TRANSLATE_NOOP("Rules", "Longer than this share of the wanted pause"),
    "new_at_key.days": QT_TRANSLATE_NOOP("Rules", "New for"),
    "first_post.silent_days": QT_TRANSLATE_NOOP("Rules", "After a silence of"),
    "reciprocity.at_least": QT_TRANSLATE_NOOP("Rules", "They reacted to me at least"),
    "reciprocity.days": QT_TRANSLATE_NOOP("Rules", "Within"),
    "single_threaded.days": QT_TRANSLATE_NOOP("Rules", "In touch within"),
}  # fmt: skip
_UNITS = {
    "days": QT_TRANSLATE_NOOP("Rules", " days"), "hours": QT_TRANSLATE_NOOP("Rules", " h"), "%": QT_TRANSLATE_NOOP("Rules", " %"),
    "signs": QT_TRANSLATE_NOOP("Rules", " signs"), "times": QT_TRANSLATE_NOOP("Rules", " times"),
}  # fmt: skip
_ONE = {"days": QT_TRANSLATE_NOOP("Rules", " day"), "signs": QT_TRANSLATE_NOOP("Rules", " sign"), "times": QT_TRANSLATE_NOOP("Rules", " time")}


def rule_name(rule: str) -> str:
    """What a rule is called; its own name for one that this window does not know."""
    return _tr(_NAMES[rule]) if rule in _NAMES else rule.replace("_", " ")


def field_name(rule: str, field: str) -> str:
    return _tr(_FIELDS.get(f"{rule}.{field}", _SPEAKS_FOR))


def unit_suffix(unit: str, number: int = 0) -> str:
    """As it stands behind that number, its blank included."""
    return _tr(_ONE.get(unit, _UNITS[unit]) if number == 1 else _UNITS[unit])


def _tr(text: str) -> str:
    return QCoreApplication.translate("Rules", text)
