"""Take it out: what is on the screen, or everything, as CSV. Shows the first rows first; private messages stay in unless asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QFileDialog, QTableWidget, QTableWidgetItem, QWidget

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Progress
from relationdesk.saying import counted
from relationdesk.services import desk_jobs, export
from relationdesk.services.export import Exported, View
from relationdesk.store import settings
from relationdesk.store.settings import Settings
from relationdesk.ui.job_dialog import JobDialog
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.widgets.progress import ProgressLine
from relationdesk.ui.widgets.switch import Switch

WITHOUT_WORDS = frozenset({"people", "bucket"})
"""Views in which nothing stands that anybody wrote: there is nothing private to ask about."""

TITLE = 28
WIDEST = 220
CELL = 200
"""Characters of a cell that the preview shows."""


class ExportDialog(JobDialog):
    """view: what is on the screen; None offers everything only."""

    def __init__(self, context: Context, view: View | None, parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, "", width=720, parent=parent)
        self._context, self._view = context, view
        self._made: Path | None = None
        self._asked = 0
        self.set_title(self.tr("Export"), self.tr("CSV files, written on this computer and sent nowhere."))
        choices = [("view", _short(view.title) or self.tr("This view"), "table")] if view is not None else []
        self.what = Switch(look, (*choices, ("all", self.tr("Everything"), "database")), name=self.tr("What to export"))
        self.what.chosen.connect(lambda _: self._load())
        self.private = QCheckBox(self.tr("With private messages and mail"))
        self.private.toggled.connect(lambda _: self._load())
        self.bom = QCheckBox(self.tr("For Excel, so that accents arrive right"))
        self.bom.clicked.connect(lambda on: context.tasks.write(desk_jobs.change_settings, {"extra_bom": on}))
        self.note = ParagraphLabel(look, "", role="small", tone="text2")
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName(self.tr("First rows"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setMinimumHeight(min(look.theme.px(220), 250))
        self.progress = ProgressLine(look, cancel=self.tr("Cancel"))
        self.progress.cancelled.connect(self._stop)
        self.said = ParagraphLabel(look, "", role="body")
        self.body.addWidget(self.what, 0, Qt.AlignmentFlag.AlignLeading)
        for widget in (self.private, self.bom, self.note, self.table, self.progress, self.said):
            self.body.addWidget(widget)
        self.what.setVisible(view is not None)
        self.show_button = self.add_button(self.tr("Show in folder"), self._show_folder, first=True)
        self.show_button.hide()
        self.close_button = self.add_button(self.tr("Cancel"), self.close)
        self.go_button = self.add_button(self.tr("Export"), self._choose, style="primary", default=True)
        context.tasks.run(settings.load, done=self._on_settings)
        self._load()

    def _on_settings(self, found: Settings) -> None:
        self.bom.setChecked(found.extra_bom)

    # Preview

    def _load(self) -> None:
        everything = self.what.value() == "all"
        self.note.set_runs(
            self.tr("A new folder with people, profiles, companies, buckets, activities, notes, answers, links and settings, and a list of what is in it.")
            if everything
            else self.tr("The first 20 rows, as they will stand in the file:")
        )
        self.table.setVisible(not everything)
        self.private.setVisible(everything or self._view is None or self._view.kind not in WITHOUT_WORDS)
        self._asked += 1
        if not everything and self._view is not None:
            ask = partial(export.preview, private=self.private.isChecked(), limit=20)
            self._context.tasks.run(ask, self._view, done=partial(self._on_preview, self._asked), failed=self._on_failed)

    def _on_preview(self, asked: int, answer: tuple[Sequence[str], Sequence[Sequence[object]]]) -> None:
        if asked != self._asked:
            return
        columns, rows = answer
        self.table.setColumnCount(len(columns))
        self.table.setHorizontalHeaderLabels([str(column) for column in columns])
        self.table.setRowCount(len(rows))
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                self.table.setItem(r, c, QTableWidgetItem(" ".join(str("" if cell is None else cell)[:CELL].split())))
        self.table.resizeColumnsToContents()
        for c in range(len(columns)):
            self.table.setColumnWidth(c, min(self.table.columnWidth(c), self.look.theme.px(WIDEST)))
        if not rows:
            self.note.set_runs(self._nothing())

    def _nothing(self) -> str:
        """Why no row stands there: of what is on the screen all may have been said privately."""
        if self.private.isVisibleTo(self) and not self.private.isChecked():
            return self.tr("Nothing would be written: what is in this view was said privately, or there is nothing in it. Tick “With private messages and mail” to write that, too.")
        return self.tr("There is nothing in this view that would be written.")

    # Writing

    def _choose(self) -> None:
        if self.what.value() == "all":
            name = QFileDialog.getExistingDirectory(self, self.tr("Folder for the export"))
            if name:
                self.write_all(Path(name) / f"relationdesk-{self._context.clock().astimezone():%Y-%m-%d-%H%M%S}")
            return
        suggested = "".join(c if c.isalnum() or c in " -_" else "_" for c in (self._view.title if self._view else "")).strip()
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export"), f"{suggested or 'export'}.csv", "CSV (*.csv)")
        if name:
            self.write_view(Path(name))

    def write_view(self, file: Path) -> None:
        """What is on the screen into one file."""
        job = partial(export.export_view, private=self.private.isChecked(), bom=self.bom.isChecked())
        self._start(job, self._view, file)

    def write_all(self, folder: Path) -> None:
        """Everything into a folder, with its manifest."""
        job = partial(export.export_all, private=self.private.isChecked(), bom=self.bom.isChecked(), now=self._context.clock())
        self._start(job, folder)

    def _start(self, job: partial[Exported], *args: object) -> None:
        self.said.set_runs("")
        self.progress.begin(self.tr("Writing"))
        self._job = self._context.tasks.long(
            job, *args, done=self._on_done, failed=self._on_failed, progress=self._on_progress, only_reads=True
        )
        self.go_button.setEnabled(False)

    def _on_progress(self, progress: Progress) -> None:
        number = QLocale().toString
        words = self.tr("{n} of {total} written.") if progress.total else self.tr("{n} written.")
        self.progress.set_progress(progress.done, progress.total, words.format(n=number(progress.done), total=number(progress.total)))

    def _on_done(self, made: Exported) -> None:
        self._job, self._made = None, made.folder
        self.progress.finish()
        counts: Mapping[str, int] = dict(made.counts)
        rows = sum(counts.values())
        files = counted(len(made.files), "{n:,} file", "{n:,} files")
        text = self.tr("Written: {rows} in {files}.").format(rows=counted(rows, "{n:,} row", "{n:,} rows"), files=files)
        self.said.set_runs(text)
        self.show_button.show()
        self.close_button.set_content(self.tr("Close"))
        self.close_button.setDefault(True)
        self.go_button.setEnabled(True)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        self.progress.finish()
        self.go_button.setEnabled(True)
        self.said.set_runs(self.tr("Stopped. No file was left.") if isinstance(error, Cancelled) else str(error))

    def _show_folder(self) -> None:
        if self._made is not None:
            folder = self._made if self._made.is_dir() else self._made.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _short(title: str) -> str:
    """As much of a name as a segment of the switch holds."""
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
