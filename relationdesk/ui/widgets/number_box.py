"""A field for a whole number, whose words do not touch its frame, and whose Enter ends it and presses no button of the dialog around it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from relationdesk.ui.theme import Look


class NumberBox(QSpinBox):
    """From `low` to `high`, with its unit behind it and its name for who listens. one: the unit of a single one, if it is another."""

    def __init__(self, look: Look, low: int, high: int, *, suffix: str = "", one: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setRange(low, high)
        self.setSuffix(suffix)
        if one:
            self.valueChanged.connect(lambda value: self.setSuffix(one if value == 1 else suffix))
        self.setAccessibleName(name)
        look.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        px = self._look.theme.px
        self.lineEdit().setTextMargins(px(8), 0, px(4), 0)  # no style sheet reaches it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
