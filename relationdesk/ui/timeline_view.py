"""The list of a timeline, as the reader uses it: keys, mouse, painting, tool tips. Where rows are: timeline_layout.

It never acts on an item itself: it says what is wanted (`acted`), and a page's feed does it.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QPointF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from relationdesk.derived import Item
from relationdesk.model import Key
from relationdesk.ui import timeline_words as words
from relationdesk.ui.page import Context
from relationdesk.ui.timeline_layout import RowLayout
from relationdesk.ui.timeline_model import Row, name_of_key
from relationdesk.ui.timeline_parts import Painted
from relationdesk.ui.timeline_tools import Tools
from relationdesk.ui.widgets.label import tooltip

ARRIVED = 96
"""How far below the upper edge, at 100 %, an item stands to which somebody came from elsewhere."""


class TimelineView(RowLayout):
    """`acted(name, Item)`: what the reader wants with an item ("open_original", "note", "flip", "copy", "edit",
    "trash", "versions", "who", "thread", "menu"). `link(address)`: an address in a text was clicked.
    `drawn`: the first items of all are on the screen. `newest`, `oldest`: that item is wanted, and it is not loaded.
    `touched`: the reader does something else, so that nothing goes on by itself.
    """

    acted = Signal(str, object)
    link = Signal(str)
    drawn = Signal()
    newest = Signal()
    oldest = Signal()
    touched = Signal()

    def __init__(self, context: Context, *, avatars: bool = False, flat: bool = False, parent: QWidget | None = None) -> None:
        """avatars: rows of many people show whose they are. flat: conversations are not folded."""
        super().__init__(context, avatars=avatars, flat=flat, parent=parent)
        self._hover, self._drawn = -1, False
        self._tools = Tools(context.look)
        self.setMouseTracking(True)
        self.setAccessibleName(words.tr("Timeline"))

    # What the page asks

    def was_drawn(self) -> bool:
        """Whether anything was on the screen yet."""
        return self._drawn

    def current_item(self) -> Item | None:
        row = self.currentIndex().row()
        return self._timeline.row(row).item if 0 <= row < self._timeline.rowCount() else None

    def set_waiting(self, keys: frozenset[Key]) -> None:
        """Items a prompt rests on carry *Waits for you*."""
        if keys != self._waiting:
            self._waiting = keys
            self._layouts.clear()
            self._on_rows()

    def waits(self, item: Item) -> bool:
        """Whether a prompt rests on it."""
        return item.activity is not None and item.activity.key in self._waiting

    def _tools_of(self, painted: Painted) -> tuple[str, ...]:
        item = painted.row.item
        return self._tools.shown(painted.row, waits=item is not None and self.waits(item), room=painted.line)

    def go_to(self, key: Key, *, select: bool = True) -> bool:
        """Stand on an item (or on the one it is folded into); False if it is not loaded."""
        number = self._timeline.find(name_of_key(key))
        return number >= 0 and self._stand_on(number, select)

    def go_to_name(self, name: tuple[str, ...], *, select: bool = True) -> bool:
        number = self._timeline.find(name)
        return number >= 0 and self._stand_on(number, select)

    def arrive_at(self, key: Key, *, select: bool = True) -> bool:
        """As `go_to` for who comes from elsewhere: the item stands wholly in the upper half, if there is enough above it."""
        number = self._timeline.find(name_of_key(key))
        if number < 0:
            return False
        self._stand_on(number, select)
        room, height = self.viewport().height(), self.visualRect(self._timeline.index(number)).height()
        self.put_at(key, max(0, min(self._look.theme.px(ARRIVED), room - height)))
        return True

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

    def where(self) -> tuple[Key | None, bool, int | None]:
        """The item in hand, else the first activity on the screen; which of the two; how far below the upper edge it stands."""
        item = self.current_item()
        if item is not None and item.activity is not None:
            return item.activity.key, True, self.offset_of(item.activity.key)
        number = self._row_at(self.verticalScrollBar().value())
        rows = self._timeline.rows()[number:] if number >= 0 else ()
        key = next((row.item.activity.key for row in rows if row.item is not None and row.item.activity is not None), None)
        return key, False, self.offset_of(key)

    def show_divider(self) -> None:
        """From the newest on, as far down as the line under what is new: that is read upwards from there."""
        number = self._timeline.find(("new",))
        if number < 0:
            return
        for _ in range(2):  # rows that come into sight may be higher than guessed
            over = self._tops[number + 1] - round(0.75 * self.viewport().height())
            self.verticalScrollBar().setValue(max(0, over))

    def go_to_top(self) -> None:
        if self._timeline.newer is not None:
            self.newest.emit()
        self.verticalScrollBar().setValue(0)
        self._held = []

    def stand_at_end(self) -> None:
        """On the oldest item that is loaded, with nothing below it."""
        self._select_item(range(self._timeline.rowCount() - 1, -1, -1))
        for _ in range(3):  # what comes into sight may be higher than guessed
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _select_item(self, order: range) -> bool:
        """Stand on the first row of these that is an item."""
        number = next((n for n in order if self._timeline.row(n).item is not None), -1)
        if number >= 0:
            self.setCurrentIndex(self._timeline.index(number))
        return number >= 0

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
            tools = self._tools_of(painted) if selected or number == self._hover else ()
            width = self._tools.width(tools)
            painted.draw(painter, top, selected=selected, current=self.hasFocus(), tools=width)
            if tools:
                self._tools.draw(painter, painted, top, tools)
            number += 1
        if self._heights and not self._drawn:
            self._drawn = True
            self.drawn.emit()

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
        if not self._select_item(order) and by < 0:
            self.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.touched.emit()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        bar = self.verticalScrollBar()
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self._select_item(range(self._timeline.rowCount()))
            self.go_to_top()
        elif event.key() == Qt.Key.Key_End and self._timeline.older is not None:
            self.oldest.emit()
        elif event.key() == Qt.Key.Key_End:
            self.stand_at_end()
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
        self.touched.emit()
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
        tool = self._tools.at(painted, point, self._tools_of(painted))
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
                self._address(painted, point) or self._tools.at(painted, point, self._tools_of(painted))
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
        self.touched.emit()
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
        tool = self._tools.at(painted, point, self._tools_of(painted))
        said = self._tools.title(tool, row.item) if tool else self._address(painted, point) or words.full_time(row.item)
        QToolTip.showText(event.globalPos(), tooltip(said), self.viewport())
