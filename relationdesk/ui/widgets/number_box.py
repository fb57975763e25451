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
        self._more, self._one = suffix, one or suffix
        self.valueChanged.connect(self._say_unit)
        self._say_unit()
        self.setAccessibleName(name)
        look.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        px = self._look.theme.px
        self.lineEdit().setTextMargins(px(11), 0, px(4), 0)  # no style sheet reaches it

    def setValue(self, number: int) -> None:
        super().setValue(number)
        self._say_unit()  # also where whoever sets it wants nobody told

    def _say_unit(self) -> None:
        self.setSuffix(self._one if self.value() == 1 else self._more)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
