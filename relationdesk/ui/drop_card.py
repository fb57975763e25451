"""The card on the Places page where files come in, and every kind of file that can be read, on demand."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.saying import say
from relationdesk.services.recognising import what_is_read
from relationdesk.sources import FILE_SOURCES
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark


class DropCard(Card):
    """Asks the router to bring in what was chosen."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "sunken", padding=14, parent=parent)
        self._context = context
        look, px = context.look, context.look.theme.px
        row = QHBoxLayout()
        row.setSpacing(px(14))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(PlainLabel(look, self.tr("Bring in files"), role="strong"))
        text = self.tr("Drop them anywhere on this window: {kinds}. You see what would come in before anything does.").format(
            kinds=what_is_read()
        )
        words.addWidget(ParagraphLabel(look, text, role="small", tone="text2"))
        titles = sorted((say(source.title) for source in FILE_SOURCES), key=str.casefold)
        self._all = ParagraphLabel(look, " · ".join(titles), role="small")
        self._all.hide()
        words.addWidget(self._all)
        self.kinds_button = Button(look, self.tr("Every kind of file"), style="link", compact=True)
        self.kinds_button.clicked.connect(lambda: self._all.setVisible(self._all.isHidden()))
        line = QHBoxLayout()
        line.addWidget(self.kinds_button)
        line.addStretch(1)
        words.addLayout(line)
        row.addWidget(PlaceMark(look, "contacts", size=36), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(px(6))
        files = Button(look, self.tr("Choose files"), icon="download", compact=True)
        files.clicked.connect(self._choose_files)
        folder = Button(look, self.tr("Choose a folder"), icon="folder-open", compact=True)
        folder.clicked.connect(self._choose_folder)
        buttons.addWidget(files)
        buttons.addWidget(folder)
        buttons.addStretch(1)
        row.addLayout(buttons)
        self.body.addLayout(row)

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Bring in files"))
        if names:
            self._context.router.import_files.emit([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Bring in a folder"))
        if name:
            self._context.router.import_files.emit([Path(name)])
