"""The list of a timeline: rows of any height, measured only when they come into sight, never moved while being read.

A QListView by name and to the screen reader, with its layout taken over: Qt lays out every row again for each page
that arrives (545 ms at 10,000 rows), and moves what is on the screen.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip, QWidget

from relationdesk.model import Item, Key
from relationdesk.ui import timeline_words as words
from relationdesk.ui.page import Context
from relationdesk.ui.row_painter import TextCache
from relationdesk.ui.timeline_model import Row, TimelineModel, name_of_key
from relationdesk.ui.timeline_paint import Painted, Style, estimate, measure
from relationdesk.ui.timeline_tools import Tools
from relationdesk.ui.widgets.label import tooltip

_Index = QModelIndex | QPersistentModelIndex
KEPT_LAYOUTS = 600


class TimelineView(QListView):
    """`acted(name, Item)`: what the reader wants with an item ("open_original", "note", "flip", "copy", "edit",
    "trash", "versions", "who", "thread", "menu"). `link(address)`: an address in a text was clicked.
    `edge(older: bool)`: the end of what is loaded comes near. `moved()`: another place is on the screen.
    """

    acted = Signal(str, object)
    link = Signal(str)
    edge = Signal(bool)
    moved = Signal()

    def __init__(self, context: Context, *, avatars: bool = False, flat: bool = False, parent: QWidget | None = None) -> None:
        """avatars: rows of many people show whose they are. flat: conversations are not folded."""
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
        self._hover = -1
        self._tools = Tools(context.look)
        self._timeline = TimelineModel(context.clock, flat=flat, parent=self)
        self.setModel(self._timeline)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setAccessibleName(words.tr("Timeline"))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        for signal in (self._timeline.rowsInserted, self._timeline.rowsRemoved, self._timeline.dataChanged):
            signal.connect(self._on_rows)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._settle)
        context.look.changed.connect(self.restyle)

    # What the page asks

    def timeline(self) -> TimelineModel:
        return self._timeline

    def current_item(self) -> Item | None:
        row = self.currentIndex().row()
        return self._timeline.row(row).item if 0 <= row < self._timeline.rowCount() else None

    def set_waiting(self, keys: frozenset[Key]) -> None:
        """Items a prompt rests on carry *Waits for you*."""
        if keys != self._waiting:
            self._waiting = keys
            self.restyle()

    def go_to(self, key: Key, *, select: bool = True) -> bool:
        """Stand on an item (or on the one it is folded into); False if it is not loaded."""
        number = self._timeline.find(name_of_key(key))
        return number >= 0 and self._stand_on(number, select)

    def go_to_name(self, name: tuple[str, ...], *, select: bool = True) -> bool:
        number = self._timeline.find(name)
        return number >= 0 and self._stand_on(number, select)

    def _stand_on(self, number: int, select: bool) -> bool:
        if select:
            self.setCurrentIndex(self._timeline.index(number))
        else:
            self.scrollTo(self._timeline.index(number))
        return True

    def top_item(self) -> Item | None:
        """The first item that is wholly or partly on the screen."""
        number = self._row_at(self.verticalScrollBar().value())
        return next((row.item for row in self._timeline.rows()[number:] if row.item is not None), None) if number >= 0 else None

    def offset_of(self, key: Key | None) -> int | None:
        """How far below the upper edge an item stands, to come back to with `put_at`; None if it is not loaded."""
        number = self._timeline.find(name_of_key(key)) if key is not None else -1
        return self._tops[number] - self.verticalScrollBar().value() if number >= 0 else None

    def put_at(self, key: Key | None, offset: int) -> None:
        """Scroll so that this item stands `offset` pixels below the upper edge."""
        number = self._timeline.find(name_of_key(key)) if key is not None else -1
        if number >= 0:
            self._held = [(self._timeline.row(number).name, offset)]
            self._hold()
            self._settle()

    def forget_place(self) -> None:
        """Another timeline comes: nothing of this one is held on to."""
        self._held = []

    def go_to_top(self) -> None:
        self.verticalScrollBar().setValue(0)
        self._held = []

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
        else:
            known.row = row
        if len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.clear()
        self._layouts[row.name] = known
        return known

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
        places = {row.name: number for number, row in enumerate(self._timeline.rows())}
        for name, y in self._held:
            if name in places:
                was, self._settling = self._settling, True
                self.verticalScrollBar().setValue(self._tops[places[name]] - y)
                self._settling = was
                return

    def _remember(self) -> None:
        value, bottom = self.verticalScrollBar().value(), self.verticalScrollBar().value() + self.viewport().height()
        first = max(0, self._row_at(value))
        held = []
        for number in range(first, len(self._heights)):
            if self._tops[number] >= bottom:
                break
            held.append((self._timeline.row(number).name, self._tops[number] - value))
        current = self.currentIndex().row()
        name = self._timeline.row(current).name if 0 <= current < self._timeline.rowCount() else None
        items = {row.name for row in self._timeline.rows()[first : first + len(held)] if row.item is not None}
        held.sort(key=lambda pair: (pair[0] != name, pair[0] not in items))
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
            pivot = next((n for n in range(first, last + 1) if self._known[n]), first)
            offset = self._tops[pivot] - value
            for number in unknown:
                self._heights[number] = self._painted(number).height
                self._known[number] = True
            self._tops = [0, *accumulate(self._heights)]
            self._set_range()
            bar.setValue(self._tops[pivot] - offset)
        self._settling = False
        self._remember()
        self._look_ahead()
        self.viewport().update()

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

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._later.isActive():
            self._later.stop()
            self._settle()
        painter, value = QPainter(self.viewport()), self.verticalScrollBar().value()
        area = event.rect()
        current = self.currentIndex().row()
        number = max(0, self._row_at(value + area.top()))
        while number < len(self._heights) and self._tops[number] - value <= area.bottom():
            painted, top = self._painted(number), self._tops[number] - value
            selected = number == current
            tools = self._tools.shown(painted.row) if selected or number == self._hover else ()
            width = self._tools.width(tools)
            painted.draw(painter, top, selected=selected, current=self.hasFocus(), tools=width)
            if tools:
                self._tools.draw(painter, painted, top, tools)
            number += 1

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.step(0)
        self.viewport().update()

    # Keys and mouse

    def step(self, by: int) -> None:
        """Stand on the next (1) or previous (-1) item; 0: on the first one on the screen."""
        rows, current = self._timeline.rows(), self.currentIndex().row()
        if by == 0 or current < 0:
            start = max(0, self._row_at(self.verticalScrollBar().value()))
            order = range(start, len(rows))
        else:
            order = range(current + by, len(rows) if by > 0 else -1, by)
        number = next((n for n in order if rows[n].item is not None), -1)
        if number >= 0:
            self.setCurrentIndex(self._timeline.index(number))
        elif by < 0:
            self.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        bar = self.verticalScrollBar()
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar.setValue(bar.value() + (1 if event.key() == Qt.Key.Key_PageDown else -1) * round(bar.pageStep() * 0.9))
        elif event.key() == Qt.Key.Key_Menu:
            self._ask("menu")
        else:
            event.ignore()  # the page knows the table of keys

    def _ask(self, what: str) -> None:
        item = self.current_item()
        if item is not None:
            self.acted.emit(what, item)

    def toggle_more(self) -> None:
        """Space: more or less of the current item; of a conversation without more text, its messages."""
        number = self.currentIndex().row()
        if number < 0:
            return
        row = self._timeline.row(number)
        what = {spot.what for spot in self._painted(number).spots}
        if "more" in what:
            self._timeline.toggle_more(number)
        elif "quote" in what:
            self._timeline.toggle_quote(number)
        elif "thread" in what and row.item is not None:
            self._toggle_thread(number, row)

    def _toggle_thread(self, number: int, row: Row) -> None:
        if row.item is not None and self._timeline.ask_thread(number):
            self.acted.emit("thread", row.item)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._timeline.row(index.row()) if index.isValid() else None
        if row is None or row.item is None:
            return
        self.setCurrentIndex(index)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position() - QPointF(0, self.visualRect(index).top())
        self._press(index.row(), row, point)

    def _press(self, number: int, row: Row, point: QPointF) -> None:
        painted, item = self._painted(number), row.item
        assert item is not None
        tool = self._tools.at(painted, point, self._tools.shown(row))
        if tool:
            self.acted.emit(tool, item)
            return
        spot = next((spot.what for spot in painted.spots if spot.rect.contains(point.toPoint())), "")
        address = self._address(painted, point)
        if spot == "more":
            self._timeline.toggle_more(number)
        elif spot == "quote":
            self._timeline.toggle_quote(number)
        elif spot == "thread":
            self._toggle_thread(number, row)
        elif spot:
            self.acted.emit(spot, item)
        elif address:
            self.link.emit(address)

    @staticmethod
    def _address(painted: Painted, point: QPointF) -> str:
        for rect, block in painted.texts:
            if rect.contains(point.toPoint()):
                return block.link_at(point - QPointF(rect.topLeft()))
        return ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.row() != self._hover:
            self._hover = index.row()
            self.viewport().update()
        pointing = False
        if index.isValid():
            painted = self._painted(index.row())
            point = event.position() - QPointF(0, self.visualRect(index).top())
            pointing = bool(
                self._address(painted, point) or self._tools.at(painted, point, self._tools.shown(painted.row))
                or any(spot.rect.contains(point.toPoint()) for spot in painted.spots)
            )  # fmt: skip
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover = -1
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged from here."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._ask("open")

    def wheelEvent(self, event: QWheelEvent) -> None:
        QToolTip.hideText()
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid() and self._timeline.row(index.row()).item is not None:
            self.setCurrentIndex(index)
            self._ask("menu")

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        return bool(super().viewportEvent(event))

    def _tell(self, event: QHelpEvent) -> None:
        index = self.indexAt(event.pos())
        row = self._timeline.row(index.row()) if index.isValid() else None
        if row is None or row.item is None:
            QToolTip.hideText()
            return
        painted = self._painted(index.row())
        point = QPointF(event.pos()) - QPointF(0, self.visualRect(index).top())
        tool = self._tools.at(painted, point, self._tools.shown(row))
        said = self._tools.title(tool) if tool else self._address(painted, point) or words.full_time(row.item)
        QToolTip.showText(event.globalPos(), tooltip(said), self.viewport())

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
