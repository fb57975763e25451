"""The steps of the ladder in the user's words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from relationdesk.ui.words import QT_TRANSLATE_NOOP
from relationdesk.wishes import Step

_STEPS = {
    Step.STRANGER: QT_TRANSLATE_NOOP("Relationship", "Stranger"), Step.CONTACT: QT_TRANSLATE_NOOP("Relationship", "Contact"),
    Step.PROSPECT: QT_TRANSLATE_NOOP("Relationship", "Prospect"), Step.CUSTOMER: QT_TRANSLATE_NOOP("Relationship", "Customer"),
    Step.ADVOCATE: QT_TRANSLATE_NOOP("Relationship", "Advocate"),
}  # fmt: skip


def tr_step(step: Step) -> str:
    """The step of the ladder in the user's language."""
    return QCoreApplication.translate("Relationship", _STEPS[step])
