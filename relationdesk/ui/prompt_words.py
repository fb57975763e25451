"""How the rules of prompts are shown: icons, and what each rule is in one sentence."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from relationdesk.derived import Prompt
from relationdesk.model import Key
from relationdesk.saying import say

ICONS = {
    "awaiting_reply": "message-circle", "promise_due": "circle-check", "complaint": "triangle-alert", "meeting_soon": "calendar-clock",
    "meeting_over": "notebook-pen", "praise": "thumbs-up", "thank_referral": "handshake", "suggestion": "sprout", "deal_near": "receipt",
    "ticket_open": "ticket", "job_change": "briefcase", "in_town": "map-pin", "gone_quiet": "moon", "champion_quiet": "megaphone",
    "rhythm_overdue": "hourglass", "new_at_key": "user-plus", "mentioned": "at-sign", "public_question": "circle-question-mark",
    "first_post": "sun", "reciprocity": "heart", "single_threaded": "route", "birthday": "cake", "anniversary": "sparkles",
    "work_anniversary": "badge-check",
}  # fmt: skip

_IN_WORDS = frozenset({
    "awaiting_reply", "complaint", "praise", "thank_referral", "suggestion", "mentioned", "public_question", "first_post",
})  # fmt: skip
"""Rules that rest on words to which the user can say something."""

def rule_sentence(rule: str) -> str:
    """What the rule is; its name for one that this window does not know."""
    from relationdesk.prompts import RULES  # every rule there is: not before the first picture

    says = next((known.says for known in RULES if known.name == rule), None)
    return _tr("Rule: {sentence}").format(sentence=say(says)) if says else _tr("Found by the rule “{rule}”.").format(rule=rule)


def to_answer(prompt: Prompt) -> Key | None:
    """The words to which the prompt asks the user to say something, the newest; None where it asks for something else."""
    return next((piece.activity for piece in prompt.evidence if piece.activity), None) if prompt.rule in _IN_WORDS else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("Prompts", text)
