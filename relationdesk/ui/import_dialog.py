"""Bring in files: look at each, show what would come, bring in what is ticked, with a way back. Nothing before that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from relationdesk.saying import counted
from relationdesk.sources.together import grouped, together, volumes, whole
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.import_file import ImportFile
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.dialogs import DialogFrame


class ImportDialog(DialogFrame):
    """One card per path (a file or a folder); files that look like parts of one export share a card. Closing it leaves
    nothing of what was not brought in."""

    def __init__(self, context: Context, paths: list[Path], parent: QWidget | None = None) -> None:
        look = context.look
        super().__init__(look, "", width=680, parent=parent)
        self.set_title(
            self.tr("Bring in files"), self.tr("This is what would come in. Nothing has been brought in yet; nothing leaves this computer.")
        )
        self._context = context
        self.files = [ImportFile(context, together(group)) for group in grouped(file for path in paths for file in volumes(whole(path)))]
        self._column = ScrollColumn(look, name=self.tr("Files"), padding=(0, 0, 0, 0), gap=10)
        self._most = min(look.theme.px(420), 480)
        for file in self.files:
            self._add(file, self._column.body.count())
        self.body.addWidget(self._column)
        self.close_button = self.add_button(self.tr("Cancel"), self.close)
        self.go_button = self.add_button(self.tr("Bring in"), self.bring_in, style="primary", default=True)
        self._fit_soon = QTimer(self)  # the layout knows only after the event how high what came is
        self._fit_soon.setSingleShot(True)
        self._fit_soon.timeout.connect(self._fit)
        self._column.content().installEventFilter(self)
        self._on_moved()

    def _add(self, file: ImportFile, at: int) -> None:
        self._column.body.insertWidget(at, file)
        file.moved.connect(self._on_moved)
        file.apart.connect(lambda: self._take_apart(file))
        file.taught.connect(self._on_taught)

    def _on_taught(self) -> None:
        """A mapping came with the tables that it explains."""
        for file in self.files:
            if file.state in ("looking", "mapping"):
                file.look()

    def _take_apart(self, file: ImportFile) -> None:
        """A card for each of its files instead of one for all."""
        at, place = self._column.body.indexOf(file), self.files.index(file)
        file.close_quietly()
        self._column.body.removeWidget(file)
        file.hide()
        file.deleteLater()
        singles = [ImportFile(self._context, one) for one in volumes(file.path)]
        self.files[place : place + 1] = singles
        for n, single in enumerate(singles):
            self._add(single, at + n)
        singles[0].wanted.setFocus()
        self._on_moved()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_soon.start()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """As high as what is in it, so that a small file does not stand in an empty hall; never lower than it was."""
        self.grow(min(self._most, self._column.content_height()) - self._column.height())

    def bring_in(self) -> None:
        """Everything that is ticked and ready, one after the other."""
        for file in self.files:
            if file.state == "ready" and file.wanted.isChecked():
                file.bring_in()

    def _on_moved(self) -> None:
        states = [file.state for file in self.files]
        ready = sum(file.state == "ready" and file.wanted.isChecked() for file in self.files)
        self.go_button.setEnabled(ready > 0)
        many = self.tr("Bring in {n}").format(n=counted(ready, "{n:,} file", "{n:,} files"))
        self.go_button.set_content(many if len(self.files) > 1 and ready else self.tr("Bring in"))
        over = states and all(state in ("done", "failed", "leaving", "undone", "kept") for state in states)
        self.go_button.setVisible(not over)
        settled = not ready and all(state in ("ready", "done", "failed", "leaving", "undone", "kept") for state in states)
        (self.close_button if settled else self.go_button).setDefault(True)  # Return does what is left to do
        self.close_button.set_content(self.tr("Close") if over else self.tr("Cancel"))
        if any(state == "done" for state in states):
            self.set_title(self.tr("Bring in files"), self.tr("What was brought in can be taken back here, or later on Places."))
        elif "undone" in states:
            self.set_title(self.tr("Bring in files"), self.tr("Taken back. What you wrote meanwhile stays."))

    def reject(self) -> None:
        """Esc, Cancel and the window's cross all end here: Qt's closeEvent of a dialog asks for it."""
        for file in self.files:
            file.close_quietly()
        super().reject()
