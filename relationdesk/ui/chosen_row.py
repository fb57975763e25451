"""Rows of which one is chosen, by mouse and keys: it is framed and shows what can be done with it. The same on every page that lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from relationdesk.ui.frame import Flow, ScrollColumn, action_button
from relationdesk.ui.page import Context
from relationdesk.ui.row_painter import draw_focus
from relationdesk.ui.widgets.card import Card, draw_card


class ChosenRow(Card):
    """A mark, and beside it a column that the row fills. `chosen` when it is clicked or gets the keyboard; `acted(id)` for an action of the
    table. `key` tells it from the others; `opens` is what a double click does."""

    chosen = Signal()
    acted = Signal(str)
    opens = "open"
    above_buttons = 4

    def __init__(self, context: Context, key: object, mark: QWidget, *, gap: int, between: int = 4, parent: QWidget | None = None) -> None:
        """gap: from the mark to the column; between: the lines of the column."""
        super().__init__(context.look, padding=12, parent=parent)
        self.key, self._context = key, context
        self._selected = False
        self._buttons: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        px = context.look.theme.px
        row = QHBoxLayout()
        row.setSpacing(px(gap))
        self.body.addLayout(row)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout()
        self._column.setSpacing(px(between))
        row.addLayout(self._column, 1)

    def select(self, on: bool) -> None:
        """The chosen row is framed and shows its actions."""
        if on == self._selected:
            return
        self._selected = on
        self.set_kind("selected" if on else "card")
        if on and self._buttons is None:
            self._buttons, flow = QWidget(), Flow(self._look, gap=6)
            self._buttons.setLayout(flow)
            self._fill_actions(flow)
            self._column.addSpacing(self._look.theme.px(self.above_buttons))
            self._column.addWidget(self._buttons)
        if self._buttons is not None:
            self._buttons.setVisible(on)

    def is_selected(self) -> bool:
        return self._selected

    def _fill_actions(self, flow: Flow) -> None:
        """Put in a button for each thing that can be done with it."""
        raise NotImplementedError

    def _put_action(self, flow: Flow, text: str, action: str, style: str = "secondary") -> None:
        button = action_button(self._look, text, action, style=style)
        button.setObjectName(action)
        button.clicked.connect(lambda _=False: self.acted.emit(action))
        flow.addWidget(button)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.acted.emit(self.opens)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, rect = QPainter(self), QRectF(self.rect())
        draw_card(painter, self._look.theme, rect, self._kind, right_to_left=self.isRightToLeft())
        if self.hasFocus() and not self._selected:
            draw_focus(painter, rect, 10, self._look.theme)


Row = TypeVar("Row", bound=ChosenRow)


class Choice(Generic[Row]):
    """The rows of a column, and the key of the chosen one: kept while its row is not there."""

    def __init__(self, column: ScrollColumn) -> None:
        self._column = column
        self.rows: list[Row] = []
        self.key: object = None

    def fill(self, rows: Sequence[Row]) -> None:
        """Put these in place of what was there. The same stays chosen, or what stands in its place, and keeps the keyboard if it was in the rows."""
        at, focus = self._at(), self._column.window().focusWidget()
        had_focus = focus is not None and self._column.isAncestorOf(focus)
        self.rows = list(rows)
        self._column.fill(self.rows)
        if self.rows:
            row = self.current() or self.rows[min(at, len(self.rows) - 1)]
            self.choose(row)
            if had_focus:
                row.setFocus()

    def current(self) -> Row | None:
        return next((row for row in self.rows if row.key == self.key), None)

    def _at(self) -> int:
        """The number of the chosen row, 0 if it is not there."""
        return next((n for n, row in enumerate(self.rows) if row.key == self.key), 0)

    def choose(self, row: Row) -> None:
        self.key = row.key
        for other in self.rows:
            other.select(other is row)

    def step(self, by: int) -> None:
        """To the next row (1) or the previous one (-1), with the keyboard."""
        if not self.rows:
            return
        row = self.rows[min(len(self.rows) - 1, max(0, self._at() + by))]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self.choose(row)
        self._column.ensureWidgetVisible(row, 0, 24)
