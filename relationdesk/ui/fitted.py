"""A column in a dialog that is as high as what is in it, and scrolls where the screen has no more room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.theme import Look


class FittedColumn(ScrollColumn):
    """most: logical pixels at usual text size; it is never higher than that, whatever the size of the text."""

    def __init__(self, look: Look, *, name: str, most: int, gap: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(look, name=name, padding=(0, 0, 0, 0), gap=gap, parent=parent)
        self._most = most
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.fit)
        self.content().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._soon.start()

    def show_soon(self, widget: QWidget) -> None:
        """Scroll to what has just come, once there is room for it."""
        QTimer.singleShot(0, widget, lambda: self._show(widget))

    def _show(self, widget: QWidget) -> None:
        self.fit()
        self.ensureWidgetVisible(widget)

    def fit(self) -> None:
        """As high as the content is at this width."""
        height = min(self._most, self.content_height())
        if height != self.minimumHeight():
            self.setFixedHeight(height)
