"""How the rules of prompts are shown: icons, what each rule is in one sentence, and the menu by which a prompt is put off or forbidden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from relationdesk.derived import Prompt
from relationdesk.model import Key
from relationdesk.ui import when

ICONS = {
    "awaiting_reply": "message-circle", "promise_due": "circle-check", "complaint": "triangle-alert", "meeting_soon": "calendar-clock",
    "meeting_over": "notebook-pen", "praise": "thumbs-up", "thank_referral": "handshake", "suggestion": "sprout", "deal_near": "receipt",
    "ticket_open": "ticket", "job_change": "briefcase", "in_town": "map-pin", "gone_quiet": "moon", "champion_quiet": "megaphone",
    "rhythm_overdue": "hourglass", "new_at_key": "user-plus", "mentioned": "at-sign", "public_question": "circle-question-mark",
    "first_post": "sun", "reciprocity": "heart", "single_threaded": "route", "birthday": "cake", "anniversary": "sparkles",
    "work_anniversary": "badge-check",
}  # fmt: skip

_RULES = {
    "awaiting_reply": QT_TRANSLATE_NOOP("Prompts", "Rule: somebody asked or wrote, and nothing of yours followed in any place."),
    "promise_due": QT_TRANSLATE_NOOP("Prompts", "Rule: what you promised is due, or what they promised is late."),
    "complaint": QT_TRANSLATE_NOOP("Prompts", "Rule: their words are a complaint, told by a table of words, and nothing of yours followed."),
    "meeting_soon": QT_TRANSLATE_NOOP("Prompts", "Rule: a meeting with them begins within a day."),
    "meeting_over": QT_TRANSLATE_NOOP("Prompts", "Rule: a meeting with them is over, and no note was written since it began."),
    "praise": QT_TRANSLATE_NOOP("Prompts", "Rule: they recommended or praised you in public, and nothing of yours followed."),
    "thank_referral": QT_TRANSLATE_NOOP("Prompts", "Rule: they introduced somebody to you, and nothing of yours followed."),
    "suggestion": QT_TRANSLATE_NOOP("Prompts", "Rule: their words are a suggestion, told by a table of words, and nothing of yours followed."),
    "deal_near": QT_TRANSLATE_NOOP("Prompts", "Rule: an open deal in the CRM closes soon."),
    "ticket_open": QT_TRANSLATE_NOOP("Prompts", "Rule: a ticket in the CRM is open for long."),
    "job_change": QT_TRANSLATE_NOOP("Prompts", "Rule: what a place says of their work changed with an import of late."),
    "in_town": QT_TRANSLATE_NOOP("Prompts", "Rule: a calendar says that they come to your town, or you to theirs."),
    "gone_quiet": QT_TRANSLATE_NOOP("Prompts", "Rule: silent far longer than usual, in places that were read until now."),
    "champion_quiet": QT_TRANSLATE_NOOP("Prompts", "Rule: an advocate is silent, in places that were read until now."),
    "rhythm_overdue": QT_TRANSLATE_NOOP("Prompts", "Rule: no contact for longer than the rhythm that you want with them."),
    "new_at_key": QT_TRANSLATE_NOOP("Prompts", "Rule: new in this desk, at a key company where others were before."),
    "mentioned": QT_TRANSLATE_NOOP("Prompts", "Rule: a word that you watch occurs in what they wrote in public."),
    "public_question": QT_TRANSLATE_NOOP("Prompts", "Rule: they asked in public, not you in particular."),
    "first_post": QT_TRANSLATE_NOOP("Prompts", "Rule: the first sign after a long silence."),
    "reciprocity": QT_TRANSLATE_NOOP("Prompts", "Rule: they turn to what you do, and nothing goes from you to them."),
    "birthday": QT_TRANSLATE_NOOP("Prompts", "Rule: their birthday is near, as an address book or a CRM says."),
    "anniversary": QT_TRANSLATE_NOOP("Prompts", "Rule: an anniversary of theirs is near, as an address book says."),
    "work_anniversary": QT_TRANSLATE_NOOP("Prompts", "Rule: they began where they work on such a day, as far as a place tells it."),
    "single_threaded": QT_TRANSLATE_NOOP("Prompts", "Rule: of a key company only they are in touch with you."),
}  # fmt: skip

_IN_WORDS = frozenset({
    "awaiting_reply", "complaint", "praise", "thank_referral", "suggestion", "mentioned", "public_question", "first_post",
})  # fmt: skip
"""Rules that rest on words to which the user can say something."""

Answer = Callable[[str, datetime | None], object]
"""how, until: as in services.answering."""


def rule_sentence(rule: str) -> str:
    """What the rule is; its name for one that this window does not know."""
    return _tr(str(_RULES[rule])) if rule in _RULES else _tr("Found by the rule “{rule}”.").format(rule=rule)


def to_answer(prompt: Prompt) -> Key | None:
    """The words to which the prompt asks the user to say something, the newest; None where it asks for something else."""
    return next((piece.activity for piece in prompt.evidence if piece.activity), None) if prompt.rule in _IN_WORDS else None


def add_other_ways(menu: QMenu, prompt: Prompt, answer: Answer) -> None:
    """Until they do something, until after the meeting with them if there is one, and never this rule for anybody."""
    menu.addSeparator()
    sign = QAction(_tr("Until &something comes from them"), menu)
    sign.triggered.connect(partial(_do, answer, "later_sign"))
    menu.addAction(sign)
    if prompt.meets is not None:
        meeting = QAction(f"{_tr('Until after the &meeting')}\t{when.exact(prompt.meets)}", menu)
        meeting.triggered.connect(partial(_do, answer, "later_meeting"))
        menu.addAction(meeting)
    menu.addSeparator()
    off = QAction(_tr("Never this &rule, for anybody"), menu)
    off.setToolTip(rule_sentence(prompt.rule))
    off.triggered.connect(partial(_do, answer, "rule_off"))
    menu.addAction(off)


def _do(answer: Answer, how: str, *_: object) -> None:
    answer(how, None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Prompts", text)
