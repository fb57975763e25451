"""The queue of a look-in round: who is behind, whom one looks at, who is to come. A row is pressed to go there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from relationdesk.services.round_queue import Stop
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import Run, TextCache, draw_row, mirrored, quiet_tone
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.avatar import draw_avatar

ROW = 46
"""Height at 100 % text size."""
STATE_ICONS = {"seen": "check", "done": "circle-check", "later": "alarm-clock", "skipped": "arrow-right"}
STOP = int(Qt.ItemDataRole.UserRole) + 1
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


def tr(text: str) -> str:
    return QCoreApplication.translate("Round", text)


def state_text(stop: Stop) -> str:
    """What is said of somebody in the queue, in words; "" for who is only to come."""
    states = {
        "seen": tr("looked at"), "done": tr("done"), "later": tr("put off"), "skipped": tr("skipped"), "": tr("no longer in the bucket") if stop.left else "",
    }  # fmt: skip
    parts = (states[stop.state], tr("flagged") if stop.flagged else "", tr("new since") if stop.fresh else "")
    return ", ".join(part for part in parts if part)


class QueueModel(QAbstractListModel):
    """One row per stop. Rows that stay are only repainted, so the list does not move."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stops: tuple[Stop, ...] = ()

    def set_stops(self, stops: Sequence[Stop]) -> None:
        same = [stop.n for stop in stops] == [stop.n for stop in self._stops]
        if same:
            self._stops = tuple(stops)
            if stops:
                self.dataChanged.emit(self.index(0), self.index(len(stops) - 1))
            return
        self.beginResetModel()
        self._stops = tuple(stops)
        self.endResetModel()

    def row_of(self, n: int) -> int:
        """The row of the stop of this number, -1 for none."""
        return next((row for row, stop in enumerate(self._stops) if stop.n == n), -1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._stops)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._stops):
            return None
        stop = self._stops[index.row()]
        if role == STOP:
            return stop
        if role == Qt.ItemDataRole.DisplayRole:
            return stop.person.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ", ".join(part for part in (stop.person.name, stop.person.company, state_text(stop)) if part)
        return None


class QueueDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, TextCache(400)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, self._look.theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        stop = index.data(STOP)
        if not isinstance(stop, Stop):
            return
        painter.save()
        theme, tokens, px = self._look.theme, self._look.theme.tokens, self._look.theme.px
        row = option.rect.adjusted(8, 1, -8, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = draw_row(painter, option, row, theme)
        mirror = option.direction == Qt.LayoutDirection.RightToLeft

        def put(x: int, y: int, width: int, height: int) -> QRect:
            return mirrored(QRect(row.left() + x, row.top() + y, width, height), row, option.direction)

        edge, tick = px(28), px(16)
        quiet = bool(stop.state) or stop.left
        if quiet and not selected:
            painter.setOpacity(0.75)
        draw_avatar(painter, theme, QRectF(put(px(8), (row.height() - edge) // 2, edge, edge)), stop.person.name, stop.person.id, ground=ground)
        painter.setOpacity(1)
        end = px(8)
        for icon, tone in self._marks(stop):
            at = put(row.width() - end - tick, (row.height() - tick) // 2, tick, tick)
            draw_icon(painter, icon, str(getattr(tokens, tone)), at.left(), at.top(), tick)
            end += tick + px(4)
        left = px(8) + edge + px(10)
        width, line = row.width() - left - end - px(2), px(18)
        second = state_text(stop) if stop.left or stop.fresh else stop.person.company
        top = (row.height() - (2 * line if second else line)) // 2
        self._line(painter, put(left, top, width, line), stop.person.name, "small_strong", "text2" if quiet and not selected else "text1", mirror)
        if second:
            tone = "accent" if stop.fresh and not stop.left else quiet_tone(selected)
            self._line(painter, put(left, top + line, width, line), second, "caption", tone, mirror)
        painter.restore()

    @staticmethod
    def _marks(stop: Stop) -> list[tuple[str, str]]:
        marks = [(STATE_ICONS[stop.state], "ok" if stop.state in ("seen", "done") else "text2")] if stop.state else []
        return [*marks, ("bookmark", "accent")] if stop.flagged else marks

    def _line(self, painter: QPainter, area: QRect, words: str, role: str, tone: str, mirror: bool) -> None:
        block = self._texts.block(self._look.theme, [Run(words, tone)], area.width(), role=role, tone=tone, right_to_left=mirror)
        block.draw(painter, area.left(), area.top() + (area.height() - block.height) / 2)


class Queue(QListView):
    """`wanted(n)`: go to the stop of that number."""

    wanted = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.queue = QueueModel(self)
        self.setModel(self.queue)
        self.setItemDelegate(QueueDelegate(look, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Queue of this round"))
        self.clicked.connect(self._on_chosen)
        self.activated.connect(self._on_chosen)
        look.changed.connect(self.doItemsLayout)

    def show_stops(self, stops: Sequence[Stop], here: int) -> None:
        """These, and whom one looks at marked and in sight."""
        self.queue.set_stops(stops)
        row = self.queue.row_of(here)
        index = self.queue.index(row)
        if row >= 0:
            self.setCurrentIndex(index)
            self.scrollTo(index)
        else:
            self.clearSelection()

    def _on_chosen(self, index: QModelIndex) -> None:
        stop = index.data(STOP)
        if isinstance(stop, Stop):
            self.wanted.emit(stop.n)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self.viewport()).fillRect(self.viewport().rect(), QColor(self._look.theme.tokens.list))
        super().paintEvent(event)
