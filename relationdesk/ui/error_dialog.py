"""A mistake of ours, shown once: what is safe, and a report to copy. Nothing is ever sent.

The report holds versions and where in the program it happened, but no message and no value of the error: these can
hold names, notes or addresses of people (trust.md, E4).
"""

from __future__ import annotations

import platform
import sys
import traceback
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

import relationdesk
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.dialogs import DialogFrame


def tr(text: str) -> str:
    return QCoreApplication.translate("Bug", text)


def report(error: BaseException) -> str:
    """Versions, the kinds of the errors in the chain, and file, line and function of each frame, oldest first."""
    lines = [
        f"RelationDesk {relationdesk.__version__}",
        f"Python {platform.python_version()} · Qt {qVersion()} · PySide {PySide6.__version__}",
        f"{platform.system()} {platform.release()} {platform.machine()} · {QGuiApplication.platformName()}",
    ]
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            break
        lines += ["", f"{type(seen).__module__}.{type(seen).__qualname__}"]
        lines += [f"  {_short(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(seen.__traceback__)[-30:]]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def _short(name: str) -> str:
    """A file by its path inside the library or the program: the rest names the user's home."""
    parts = Path(name).parts
    for root in ("site-packages", "relationdesk"):
        if root in parts:
            return "/".join(parts[parts.index(root) :])
    base = Path(sys.base_prefix).parts
    return "/".join(parts[len(base) :]) if parts[: len(base)] == base else parts[-1] if parts else ""


class ErrorDialog(DialogFrame):
    """Says that it was our mistake and what is safe; the report can be copied."""

    def __init__(self, context: Context, error: BaseException, parent: QWidget | None = None) -> None:
        title = tr("Something went wrong in RelationDesk")
        sentence = tr(
            "What you were doing last may not have happened. Your notes and everything saved so far are safe. You can go "
            "on working. The report below holds no names and no text of yours; it stays here unless you copy it."
        )
        super().__init__(context.look, title, sentence=sentence, width=620, parent=parent)
        self.report = report(error)
        self._text = QPlainTextEdit(self.report)
        self._text.setReadOnly(True)
        self._text.setAccessibleName(tr("Report"))
        self._text.setMinimumHeight(min(context.look.theme.px(220), 260))
        self._text.setFont(context.look.theme.font("small", tabular=True))
        self.body.addWidget(self._text)
        self._copy = self.add_button(tr("Copy report"), self._on_copy)
        self.add_button(tr("Go on"), style="primary", default=True)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self._copy.set_content(tr("Copied"), icon="check")
