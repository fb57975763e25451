"""Where the rows of a timeline are: guessed until they come into sight, and never moved while being read.

Qt lays out every row again for each page that arrives (545 ms at 10,000 rows) and moves what is on the screen; so
this takes a QListView's layout over and leaves it its model, selection and voice for the screen reader.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from relationdesk.model import Key
from relationdesk.ui.page import Context
from relationdesk.ui.row_painter import TextCache
from relationdesk.ui.timeline_model import TimelineModel, name_of_key
from relationdesk.ui.timeline_paint import estimate, measure
from relationdesk.ui.timeline_parts import Painted, Style
from relationdesk.ui.widgets import viewport

_Index = QModelIndex | QPersistentModelIndex
KEPT_LAYOUTS = 600
AHEAD = 8
"""So many rows next to the screen are laid out while nothing else is to be done, so that they can come into sight at once."""


class RowLayout(QListView):
    """`edge(older: bool)`: the end of what is loaded comes near. `moved()`: another part is on the screen."""

    edge = Signal(bool)
    moved = Signal()

    def __init__(self, context: Context, *, avatars: bool, flat: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._clock = context.look, context.clock
        self._avatars = avatars
        self._waiting: frozenset[Key] = frozenset()
        self._cache = TextCache()
        self._layouts: dict[tuple[str, ...], Painted] = {}
        self._heights: list[int] = []
        self._known: list[bool] = []
        self._tops: list[int] = [0]
        self._settling = False
        self._held: list[tuple[tuple[str, ...], int]] = []
        self._at_top: tuple[tuple[str, ...], ...] = ()
        viewport.put_in(self)
        self._timeline = TimelineModel(context.clock, flat=flat, parent=self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._settle)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._lay_out_ahead)
        self.setModel(self._timeline)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        for signal in (self._timeline.rowsInserted, self._timeline.rowsRemoved, self._timeline.dataChanged):
            signal.connect(self._on_rows)
        context.look.changed.connect(self.restyle)

    def timeline(self) -> TimelineModel:
        return self._timeline

    def offset_of(self, key: Key | None) -> int | None:
        """How far below the upper edge an item stands, to come back to with `put_at`; None if it is not loaded."""
        number = self._timeline.find(name_of_key(key)) if key is not None else -1
        return self._tops[number] - self.verticalScrollBar().value() if number >= 0 else None

    def put_at(self, key: Key | None, offset: int) -> None:
        """Scroll so that this item stands `offset` pixels below the upper edge."""
        number = self._timeline.find(name_of_key(key)) if key is not None else -1
        if number >= 0:
            self._held, self._at_top = [(self._timeline.row(number).name, offset)], ()
            self._hold()
            self._settle()

    def forget_place(self) -> None:
        """Another timeline comes: nothing of this one is held on to."""
        self._held, self._at_top = [], ()

    def restyle(self) -> None:
        self._layouts.clear()
        self._cache.clear()
        self._on_rows()

    # Layout: heights are guessed until a row comes into sight; what is on the screen stays where it is

    def _style(self) -> Style:
        return Style(
            theme=self._look.theme, right_to_left=self.isRightToLeft(), avatars=self._avatars, waiting=self._waiting
        )

    def _painted(self, number: int) -> Painted:
        row, width, style = self._timeline.row(number), self.viewport().width(), self._style()
        known = self._layouts.get(row.name)
        if known is not None and known.row is row and known.width == width and known.style == style:
            return known
        if known is None or known.row != row or known.width != width or known.style != style:
            known = measure(row, width, style, self._cache, self._clock())
            self._layouts.pop(row.name, None)  # the newest stand last
        else:
            known.row = row
        self._layouts[row.name] = known
        if len(self._layouts) > KEPT_LAYOUTS:
            del self._layouts[next(iter(self._layouts))]
        return known

    def _lay_out_ahead(self) -> None:
        """One row each time the event loop is idle: first below the screen, then above. Only laid out, not yet moved."""
        value, room = self.verticalScrollBar().value(), self.viewport().height()
        first, last = self._row_at(value), self._row_at(value + room)
        near = (*range(last + 1, last + 1 + AHEAD), *range(first - 1, first - 1 - AHEAD, -1))
        width = self.viewport().width()
        for number in (n for n in near if 0 <= n < len(self._heights)):
            row = self._timeline.row(number)
            known = self._layouts.get(row.name)
            if known is None or known.row is not row or known.width != width:
                self._painted(number)
                self._idle.start()
                return

    def _on_rows(self, *args: object) -> None:
        style, width = self._style(), self.viewport().width()
        self._heights, self._known = [], []
        for row in self._timeline.rows():
            painted = self._layouts.get(row.name)
            right = painted is not None and painted.width == width and painted.style == style and painted.row == row
            self._heights.append(painted.height if right and painted is not None else estimate(row, width, style))
            self._known.append(right)
        self._tops = [0, *accumulate(self._heights)]
        self._set_range()
        self._hold()
        self._later.start()
        self.viewport().update()

    def _set_range(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        was, self._settling = self._settling, True
        bar.setPageStep(room)
        bar.setSingleStep(self._look.theme.px(40))
        bar.setRange(0, max(0, self._tops[-1] + self._look.theme.px(24) - room))
        self._settling = was

    def _hold(self) -> None:
        """Put what was on the screen back where it was, after rows came or went around it."""
        if self._at_top and self._at_top == self._top_names():
            self.verticalScrollBar().setValue(0)
            return
        places = {row.name: number for number, row in enumerate(self._timeline.rows())}
        for name, y in self._held:
            if name in places:
                was, self._settling = self._settling, True
                self.verticalScrollBar().setValue(self._tops[places[name]] - y)
                self._settling = was
                return

    def _top_names(self) -> tuple[tuple[str, ...], ...]:
        """The rows up to the first item: while they are the same, nothing came in above."""
        rows = self._timeline.rows()
        first = next((number for number, row in enumerate(rows) if row.item is not None), len(rows))
        return tuple(row.name for row in rows[: first + 1])

    def _remember(self) -> None:
        value, bottom = self.verticalScrollBar().value(), self.verticalScrollBar().value() + self.viewport().height()
        first = max(0, self._row_at(value))
        held = []
        for number in range(first, len(self._heights)):
            if self._tops[number] >= bottom:
                break
            held.append((self._timeline.row(number).name, self._tops[number] - value))
        self._at_top = self._top_names() if value == 0 else ()
        current = self.currentIndex().row()
        name = self._timeline.row(current).name if 0 <= current < self._timeline.rowCount() else None
        items = {row.name for row in self._timeline.rows()[first : first + len(held)] if row.item is not None}
        held.sort(key=lambda pair: (pair[0] != name, pair[0] not in items or pair[1] < 0, pair[0] not in items))
        self._held = held

    def _settle(self) -> None:
        """Measure what is in sight. A row above that turns out higher than guessed pushes upwards, not downwards."""
        if self._settling or not self._heights or self.viewport().width() <= 0:
            return
        self._settling = True
        bar = self.verticalScrollBar()
        for _ in range(6):
            value, room = bar.value(), self.viewport().height()
            first = max(0, self._row_at(value))
            last = min(len(self._heights) - 1, max(first, self._row_at(value + room)))
            unknown = [n for n in range(first, last + 1) if not self._known[n]]
            if not unknown:
                break
            pivot = self._pivot(first, last)
            offset = self._tops[pivot] - value
            for number in unknown:
                self._heights[number] = self._painted(number).height
                self._known[number] = True
            self._tops = [0, *accumulate(self._heights)]
            self._set_range()
            bar.setValue(self._tops[pivot] - offset if value else 0)
        self._settling = False
        self._remember()
        self._look_ahead()
        self._idle.start()
        self.viewport().update()

    def _pivot(self, first: int, last: int) -> int:
        """The row whose upper edge stays where it is: what is being read, else the first that will not change."""
        names = {self._timeline.row(n).name: n for n in range(first, last + 1)}
        known = (n for n in range(first, last + 1) if self._known[n])
        return next((names[name] for name, _ in self._held if name in names), next(known, first))

    def _look_ahead(self) -> None:
        value, room = self.verticalScrollBar().value(), self.viewport().height()
        if self._timeline.older is not None and value + 2 * room > self._tops[-1]:
            self.edge.emit(True)
        elif self._timeline.newer is not None and value < room:
            self.edge.emit(False)

    def _row_at(self, y: int) -> int:
        return min(len(self._heights) - 1, bisect_right(self._tops, y) - 1)

    def _on_scrolled(self) -> None:
        if not self._settling:
            self._settle()
            self.moved.emit()

    # QAbstractItemView

    def doItemsLayout(self) -> None:
        self._later.start()

    def updateGeometries(self) -> None:
        self._set_range()

    def visualRect(self, index: _Index) -> QRect:
        number = index.row()
        if not index.isValid() or number >= len(self._heights):
            return QRect()
        return QRect(0, self._tops[number] - self.verticalScrollBar().value(), self.viewport().width(), self._heights[number])

    def indexAt(self, point: QPoint) -> QModelIndex:
        number = self._row_at(point.y() + self.verticalScrollBar().value())
        return self._timeline.index(number) if number >= 0 and point.y() < self._tops[-1] else QModelIndex()

    def scrollTo(self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        number = index.row()
        if not 0 <= number < len(self._heights):
            return
        if not self._known[number]:
            self._heights[number] = self._painted(number).height
            self._known[number] = True
            self._tops = [0, *accumulate(self._heights)]
            self._set_range()
        bar, room = self.verticalScrollBar(), self.viewport().height()
        top, bottom = self._tops[number], self._tops[number + 1]
        top = self._tops[number - 1] if number and self._timeline.row(number - 1).item is None else top
        if top < bar.value() or bottom - top > room:
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(bottom - room + self._look.theme.px(12))
        self._settle()

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def isIndexHidden(self, index: _Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: object) -> None:
        """A press selects through the current index; there is no rubber band."""

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion(self.viewport().rect())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:
        QAbstractItemView.rowsInserted(self, parent, start, end)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        QAbstractItemView.currentChanged(self, current, previous)
        if current.isValid():
            # imported here, because its hundred roles and states would delay the first picture
            from PySide6.QtGui import QAccessible, QAccessibleEvent

            self.scrollTo(current)
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(current.row())
            QAccessible.updateAccessibility(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        self._on_rows()
        self._settle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "_later"):
            self.restyle()
