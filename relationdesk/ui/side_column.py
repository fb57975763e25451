"""The quiet card at the far side of a page, and how it folds behind a button where there is no room for both."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.theme import Look

SIDE_WIDTH = 328
FOLD_BELOW = 880
"""Width of a page, at 100 %, below which its side card folds behind a button."""


class SideColumn(ScrollColumn):
    """The quiet card at the far side of a page."""

    def __init__(self, look: Look, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, name=name, padding=(18, 16, 18, 24), gap=8, parent=parent)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._look.theme, QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("list"))
        at = self.viewport().width() - 1 if self.isRightToLeft() else 0
        painter.fillRect(QRect(at, 0, 1, self.viewport().height()), theme.colour("border"))


class _Row(QHBoxLayout):
    """Knows while it gives what is in it its place. Qt goes through a list then: whoever takes something out ends the program."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_placing = False

    def setGeometry(self, rect: QRect) -> None:
        was, self.is_placing = self.is_placing, True
        super().setGeometry(rect)
        self.is_placing = was


class TwoColumns(QWidget):
    """The main column and the side card beside it, or behind a button where both do not fit.

    `folded(bool)` tells whether the button is needed; `show_side` turns to the card and back while it is.
    """

    folded = Signal(bool)

    def __init__(self, look: Look, main: QWidget, side: QWidget, *, head: QWidget, fold_below: int = FOLD_BELOW,
                 parent: QWidget | None = None) -> None:  # fmt: skip
        """head: stands over the main column, and stays where the card takes its place."""
        super().__init__(parent)
        self._look, self._main, self._side, self._fold_below = look, main, side, fold_below
        self._is_folded = self._side_wanted = False
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addWidget(head)
        self._column.addWidget(main, 1)
        self._row = _Row(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addLayout(self._column, 1)
        self._row.addWidget(side)
        self._fit()
        look.changed.connect(self._fit)

    def open_by(self, button: QAbstractButton) -> None:
        """A button that is there while the card is folded, and turns to it and back."""
        button.setCheckable(True)
        button.setVisible(self._is_folded)
        button.toggled.connect(self.show_side)

        def on_folded(folded: bool) -> None:
            button.setVisible(folded)
            button.setChecked(False)

        self.folded.connect(on_folded)

    def is_folded(self) -> bool:
        return self._is_folded

    def show_side(self, on: bool) -> None:
        self._side_wanted = on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._row.is_placing:  # a part that hides something while it is placed has all of this placed anew
            QTimer.singleShot(0, self, self._fit)
            return
        px = self._look.theme.px
        folded = self.width() < px(self._fold_below)
        if folded != self._is_folded:
            self._is_folded, self._side_wanted = folded, False
            self.folded.emit(folded)
        alone = folded and self._side_wanted
        home = self._column if folded else self._row
        if home.indexOf(self._side) < 0:
            home.addWidget(self._side, int(folded))
        if folded:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
        else:
            self._side.setFixedWidth(px(SIDE_WIDTH) + 12)
        self._main.setVisible(not alone)
        self._side.setVisible(not folded or alone)
