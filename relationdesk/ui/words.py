"""Marks words in tables for translation, typed: PySide6 declares its own marker as returning `object`."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # lupdate looks for this very name
    """The text unchanged; the extractor puts it into `context`, translate it where it is shown."""
    return text
