"""What was brought in from files, on the Places page: each import with its report, and how far it is where one is being taken back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes, Progress
from relationdesk.services import import_report, import_undo
from relationdesk.store import reports
from relationdesk.store.batches import Batch, Taken
from relationdesk.ui import import_words
from relationdesk.ui.batch_row import BatchRow, taken_words
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.label import PlainLabel

BATCHES_SHOWN = 100


class BatchRows(QObject):
    """`know` what there is, then ask for the widgets that were `made` of it. The page that they stand on is the parent."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._batches: tuple[Batch, ...] = ()
        self._going: dict[int, tuple[Batch, str]] = {}  # being taken back, and how far that is
        self._rows: dict[int, BatchRow] = {}

    def know(self, found: tuple[Batch, ...]) -> None:
        """One that is being taken back is in no list, and stays where it was seen."""
        known = {batch.id for batch in found}
        going = [batch for batch, _ in self._going.values() if batch.id not in known]
        self._batches = tuple(sorted((*found, *going), key=lambda batch: -batch.id))

    def made(self) -> list[QWidget]:
        """A title and a row for each, newest first; [] where nothing was brought in."""
        self._rows = {batch.id: self._row(batch) for batch in self._batches[:BATCHES_SHOWN]}
        if not self._rows:
            return []
        px = self._context.look.theme.px
        title = PlainLabel(self._context.look, self.tr("Brought in from files"), role="h3")
        title.setContentsMargins(px(12), px(12), 0, px(2))
        return [title, *self._rows.values()]

    def _row(self, batch: Batch) -> BatchRow:
        row = BatchRow(self._context, batch)
        row.undo.connect(partial(self._take_back, batch))
        row.report_wanted.connect(partial(self._ask_report, row))
        row.copy_wanted.connect(partial(self._copy_report, batch))
        row.save_wanted.connect(partial(self._save_report, batch))
        if batch.id in self._going:
            row.show_going(self._going[batch.id][1])
        return row

    # Taking back

    def _take_back(self, batch: Batch) -> None:
        if batch.id in self._going:
            return
        self._show_going(batch, self.tr("Being taken back …"))
        self._context.tasks.long(
            import_undo.undo, self._context.clock(), batch.id, done=partial(self._on_taken, batch), failed=partial(self._on_not_taken, batch),
            progress=partial(self._on_taking, batch, QElapsedTimer()),
        )  # fmt: skip

    def _show_going(self, batch: Batch, words: str) -> None:
        self._going[batch.id] = batch, words
        if batch.id in self._rows:
            self._rows[batch.id].show_going(words)

    def _on_taking(self, batch: Batch, since: QElapsedTimer, progress: Progress) -> None:
        if not since.isValid():  # what waited before it says nothing of its pace
            since.start()
        self._show_going(batch, import_words.taking_words(progress, since.elapsed() / 1000))

    def _on_taken(self, batch: Batch, taken: Taken) -> None:
        self._going.pop(batch.id, None)
        self._context.router.toast.emit(taken_words(self._page, taken), False)

    def _on_not_taken(self, batch: Batch, error: RelationDeskError) -> None:
        self._going.pop(batch.id, None)
        self._context.router.failed.emit(error)
        self._context.tasks.changed.emit(Changes(everything=True))

    # Its report

    def _ask_report(self, row: BatchRow) -> None:
        self._context.tasks.run(reports.of_batch, row.batch.id, done=row.show_report, failed=self._context.router.failed.emit)

    def _copy_report(self, batch: Batch) -> None:
        def copied(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._context.router.toast.emit(self.tr("The report is on the clipboard."), False)

        self._context.tasks.run(import_report.text_of, batch.id, done=copied, failed=self._context.router.failed.emit)

    def _save_report(self, batch: Batch) -> None:
        name, _ = QFileDialog.getSaveFileName(self._page, self.tr("Save the report"), f"import-{batch.id}.txt", self.tr("Text (*.txt)"))
        if name:
            self._context.tasks.run(import_report.save, batch.id, Path(name), done=self._on_saved, failed=self._context.router.failed.emit)

    def _on_saved(self, file: Path) -> None:
        self._context.router.toast.emit(self.tr("Saved as {name}.").format(name=file.name), False)
