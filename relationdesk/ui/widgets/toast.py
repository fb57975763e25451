"""The dark slip at the bottom: what was done, and its way back. It waits while the mouse or the keyboard is on it.

It may go by itself because nothing is lost with it: the same undo stays under Ctrl+Z and in the menu.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QWidget

from relationdesk.ui.keys import native_key
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel

STAY_MS = 8000


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say something that nobody has the focus on. `text` becomes the widget's accessible name."""
    widget.setAccessibleName(text)
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))


class Toast(QFrame):
    """One per window, over its bottom edge and over what `foot` keeps free there. `say` replaces what it said before."""

    def __init__(self, look: Look, window: QWidget, *, stay_ms: int = STAY_MS, foot: Callable[[], int] = lambda: 0) -> None:
        super().__init__(window)
        self._look, self._window, self._foot = look, window, foot
        self._words = ParagraphLabel(look, role="strong", tone="toast_text", max_lines=2, centred=True)
        self._button = Button(look, self.undo_text(), style="toast", key=native_key("Ctrl+Z"), compact=True)
        self._button.clicked.connect(self._on_undo)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stay_ms)
        self._timer.timeout.connect(self._on_time)
        self._callback: Callable[[], None] | None = None
        self._done = False
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 6)
        self.setGraphicsEffect(shadow)
        self.hide()
        window.installEventFilter(self)
        look.changed.connect(self.place)

    @staticmethod
    def undo_text() -> str:
        return QCoreApplication.translate("Toast", "Undo")

    def say(self, text: str, undo: Callable[[], None] | None = None, *, key: str = "", word: str = "") -> None:
        """Show what was done. undo: called once if the user takes it back; None: there is nothing to take back.
        key: the hint as shown, if undo has another key now. word: on the button, if it is not "Undo"."""
        self._callback, self._done = undo, undo is not None
        self._words.set_runs(text)
        self._button.setVisible(undo is not None)
        self._button.set_content(word or self.undo_text())
        self._button.set_key(key or native_key("Ctrl+Z"))
        self.place()
        self.show()
        self.raise_()
        announce(self, text)
        self._timer.start()

    def text(self) -> str:
        return self._words.text()

    def _on_undo(self) -> None:
        callback, self._callback = self._callback, None
        self.hide()
        if callback is not None:
            callback()

    def _on_time(self) -> None:
        if self.underMouse() or self._button.hasFocus():
            self._timer.start()
        else:
            self.hide()

    def place(self) -> None:
        """Where it belongs, now that the window or what is to be kept free is another."""
        theme, window = self._look.theme, self._window
        self._row.setContentsMargins(theme.px(44), theme.px(6), theme.px(10), theme.px(6))
        if self.isRightToLeft():
            self._row.setContentsMargins(theme.px(10), theme.px(6), theme.px(44), theme.px(6))
        width = min(theme.px(430), window.width() - 32)
        inner = width - theme.px(54) - (self._button.sizeHint().width() + theme.px(8) if self._callback else 0)
        height = max(theme.px(44), self._words.heightForWidth(max(40, inner)) + theme.px(20))
        self.resize(width, height)
        free = max(theme.px(60), self._foot() + theme.px(10))  # above the bar of a round, and what a page says
        self.move(QPoint((window.width() - width) // 2, window.height() - height - free))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self.isVisible():
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens, painter = self._look.theme, self._look.theme.tokens, QPainter(self)
        draw_rounded(painter, QRectF(self.rect()), 10, tokens.toast, tokens.toast_key if theme.dark else "")
        edge = theme.px(18)
        left = self.width() - theme.px(16) - edge if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else None
        top = (self.height() - edge) / 2
        draw_icon(painter, "check" if self._done else "info", tokens.toast_accent, theme.px(16) if left is None else left, top, edge)
