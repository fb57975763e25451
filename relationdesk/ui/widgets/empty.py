"""What a page shows while it has nothing: what will be here, and the one next step."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import PlainLabel


class _Picture(QWidget):
    def __init__(self, look: Look, icon: str) -> None:
        super().__init__()
        self._look, self._icon = look, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        self.setFixedSize(self.sizeHint())

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        edge = self._look.theme.px(56)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._look.theme, QPainter(self)
        draw_rounded(painter, QRectF(self.rect()), self.height() / 2, theme.tokens.accent_tint)
        edge = theme.px(26)
        at = (self.width() - edge) / 2
        draw_icon(painter, self._icon, theme.tokens.accent, at, at, edge)


class EmptyState(QWidget):
    """`chosen` when the button is pressed. Without button text there is no button. Where there is not room for all, the picture goes, never the words."""

    chosen = Signal()

    def __init__(
        self, look: Look, title: str = "", sentence: str = "", *, button: str = "", icon: str = "sun", key: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._picture = _Picture(look, icon)
        self._title = PlainLabel(look, role="h2", wrap=True)
        self._sentence = PlainLabel(look, role="body", tone="text2", wrap=True)
        self.button = Button(look, style="primary", key=key)
        self.button.clicked.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(look.theme.px(12))
        column.addStretch(2)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.set_state(title, sentence, button=button, icon=icon)

    def set_state(self, title: str, sentence: str, *, button: str = "", icon: str = "sun") -> None:
        self._picture.set_icon(icon)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.button.set_content(button)
        self.button.setVisible(bool(button))
        self.setAccessibleName(f"{title}. {sentence}" if sentence else title)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        column, room = self.layout(), self.height()
        if column is None or not self.width():
            return
        words = sum(each.heightForWidth(max(1, self.width() - 48)) for each in (self._title, self._sentence) if each.text())
        others = self._picture.height() + (self.button.sizeHint().height() if not self.button.isHidden() else 0)
        self._picture.setVisible(words + others + 48 + 3 * column.spacing() <= room)
