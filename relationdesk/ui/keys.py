"""How keys are written for people."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence


def native_key(key: str) -> str:
    """How a key is written on this system, for hints: "Ctrl K", "Ctrl ↵", "G then T". "" stays ""."""
    strokes = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "↵").split(", ")
    then = QCoreApplication.translate("Actions", " then ")
    return then.join(s if s in ("+", "") else s.replace("+", " ").strip() for s in strokes)
