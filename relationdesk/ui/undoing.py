"""Take the last decision back, or make it again, and say in a toast what that was; the window has one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from relationdesk.services import heavy_jobs
from relationdesk.ui.page import Context

if TYPE_CHECKING:
    from relationdesk.model import Changes
    from relationdesk.store.ledger import Undone
    from relationdesk.ui.actions import Actions
    from relationdesk.ui.widgets.toast import Toast


def tr(text: str) -> str:
    return QCoreApplication.translate("Undo", text)


class Undoing(QObject):
    def __init__(self, context: Context, toast: Toast, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._toast, self._actions = context, toast, actions

    def undo(self) -> None:
        context = self._context
        context.tasks.write(heavy_jobs.undo, context.clock(), done=self._on_undone, failed=context.router.failed.emit)

    def redo(self) -> None:
        self._context.tasks.write(heavy_jobs.redo, done=self._on_redone, failed=self._context.router.failed.emit)

    def tell(self, sentence: str, with_undo: bool) -> None:
        """What was just done, with a button that takes it back."""
        self._toast.say(sentence, self.undo if with_undo else None, key=self._actions.key_text("undo"))

    def _on_undone(self, answer: tuple[Undone, Changes]) -> None:
        done = answer[0]
        words = tr("Taken back: {what}").format(what=done.entry.sentence)
        self._toast.say(" ".join((words, *done.kept)), self.redo, key=self._actions.key_text("redo"), word=tr("Redo"))

    def _on_redone(self, answer: tuple[Undone, Changes]) -> None:
        words = tr("Done again: {what}").format(what=answer[0].entry.sentence)
        self.tell(" ".join((words, *answer[0].kept)), True)
