"""Fields of one line: the search with its glass and key, and one in a dialog that keeps its Enter for itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from relationdesk.ui.resources import draw_icon
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import draw_key, key_size

MAX_QUERY = 500


class SearchField(QLineEdit):
    """A QLineEdit with an icon in front and a key hint behind while it is empty. name: for the screen reader."""

    def __init__(
        self, look: Look, placeholder: str, *, key: str = "", icon: str = "search", name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._look, self._key, self._icon = look, key, icon
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setAccessibleDescription(key)
        self.setMaxLength(MAX_QUERY)
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        theme = self._look.theme
        behind = key_size(theme, self._key).width() + theme.px(2) if self._key else 0
        front = theme.px(24)
        self.setTextMargins(*((behind, 0, front, 0) if self.isRightToLeft() else (front, 0, behind, 0)))
        self.setMinimumHeight(max(28, theme.px(34)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme, painter = self._look.theme, QPainter(self)
        edge, side = theme.px(16), theme.px(11)
        mirrored = self.isRightToLeft()
        left = self.width() - side - edge if mirrored else side
        draw_icon(painter, self._icon, theme.tokens.text2, left, (self.height() - edge) / 2, edge)
        if self._key and not self.text():
            size = key_size(theme, self._key)
            left = theme.px(8) if mirrored else self.width() - theme.px(8) - size.width()
            draw_key(painter, theme, left, (self.height() - size.height()) / 2, self._key)


class AnswerField(QLineEdit):
    """One line in a dialog whose Enter is its own (`returnPressed`) and does not press the dialog's button as well."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
