"""The frame of every dialog: title, room for the body, buttons with verbs. Non-modal: the desk stays usable beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


class DialogFrame(QDialog):
    """Fill `body` (a QVBoxLayout), add buttons, call `open_beside`. Esc closes and decides nothing."""

    def __init__(
        self, look: Look, title: str, *, sentence: str = "", width: int = 520, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look = look
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._title = PlainLabel(look, title, role="title", wrap=True)
        self._sentence = ParagraphLabel(look, sentence, role="body", tone="text2")
        self._sentence.setVisible(bool(sentence))
        self.body = QVBoxLayout()
        self.body.setSpacing(look.theme.px(12))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(look.theme.px(8))
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        edge = look.theme.px(24)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(look.theme.px(16))
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addLayout(self.body, 1)
        column.addLayout(self._buttons)
        self.setMinimumWidth(min(look.theme.px(width), 960))

    def set_title(self, title: str, sentence: str = "") -> None:
        self.setWindowTitle(title)
        self._title.setText(title)
        self._sentence.set_runs(sentence)
        self._sentence.setVisible(bool(sentence))

    def add_button(
        self, text: str, slot: Callable[[], object] | None = None, *, style: str = "secondary", key: str = "",
        default: bool = False, first: bool = False,
    ) -> Button:  # fmt: skip
        """A button at the end of the row (first: at its beginning, apart). slot None: closes the dialog."""
        button = Button(self.look, text, style=style, key=key)
        button.clicked.connect(slot if slot is not None else self.reject)
        button.setDefault(default)
        if first:
            self._buttons.insertWidget(0, button)
        else:
            self._buttons.addWidget(button)
        return button

    def event(self, event: QEvent) -> bool:
        done = bool(super().event(event))
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._make_room()
        return done

    def _make_room(self) -> None:
        """As high as what has come needs at this width, as far as the screen goes: Qt counts a line where words take two, and cuts fields."""
        needed = self.heightForWidth(self.width()) if self.hasHeightForWidth() else self.sizeHint().height()
        if self.height() < needed:
            self.resize(self.width(), max(self.height(), min(needed, self.screen().availableGeometry().height() - 60)))

    def on_done(self, _: object) -> None:
        """What it was opened for is written."""
        self.accept()

    def open_beside(self) -> None:
        """Show without blocking the window behind."""
        self.show()
        self.raise_()
        self.activateWindow()
