"""The activity rail: how much came from them (up) and from us (down), month by month; hatched where nothing was read.

Painted from plain values. The same values are its accessible text and its CSV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from relationdesk.ui.row_painter import draw_rounded
from relationdesk.ui.theme import Look, Theme
from relationdesk.ui.widgets.label import tooltip


@dataclass(frozen=True, slots=True, kw_only=True)
class RailBar:
    """One week (or month). title: in words, "Week of 5 November". tick: a label below where a month begins, or "".
    read: False where this period was not read, so nothing is known."""

    title: str
    theirs: int
    ours: int
    tick: str = ""
    read: bool = True


def rail_table(bars: Sequence[RailBar]) -> str:
    """The values in words, a line each, for the screen reader."""
    lines = []
    for bar in bars:
        if bar.read:
            words = QCoreApplication.translate("Rail", "{title}: {theirs} from them, {ours} from you")
        else:
            words = QCoreApplication.translate("Rail", "{title}: not read")
        lines.append(words.format(title=bar.title, theirs=bar.theirs, ours=bar.ours))
    return "\n".join(lines)


def rail_csv(bars: Sequence[RailBar]) -> str:
    """The values as CSV text: period, theirs, ours, read."""
    rows = ["period,theirs,ours,read"]
    for bar in bars:
        title = bar.title.replace('"', '""')
        rows.append(f'"{title}",{bar.theirs},{bar.ours},{"yes" if bar.read else "no"}')
    return "\r\n".join(rows) + "\r\n"


class ActivityRail(QWidget):
    """`selected(first, last)` are indices into the bars, both included; (-1, -1) when nothing is selected.

    Drag or Shift+arrows select, arrows move, Esc clears.
    """

    selected = Signal(int, int)

    def __init__(self, look: Look, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._bars: tuple[RailBar, ...] = ()
        self._first = self._last = self._anchor = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name or QCoreApplication.translate("Rail", "Activity by week"))
        look.changed.connect(self.updateGeometry)

    def set_bars(self, bars: Sequence[RailBar]) -> None:
        """Oldest first. Other periods than before clear the selection, without `selected`."""
        if [bar.title for bar in bars] != [bar.title for bar in self._bars]:
            self._first = self._last = self._anchor = -1
        self._bars = tuple(bars)
        self.setAccessibleDescription(rail_table(self._bars))
        self.update()

    def set_selection(self, first: int, last: int) -> None:
        """Without `selected`; -1, -1 for none."""
        self._first, self._last = min(first, last), max(first, last)
        self.update()

    def selection(self) -> tuple[int, int]:
        return self._first, self._last

    def sizeHint(self) -> QSize:
        return QSize(400, 56 + self._look.theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def bar_rect(self, index: int) -> QRectF:
        """The whole column of a bar, mirrored where the layout is."""
        step = self.width() / max(1, len(self._bars))
        at = len(self._bars) - 1 - index if self.isRightToLeft() else index
        return QRectF(at * step, 0, step, self.height() - self._look.theme.px(20))

    def _index_at(self, x: float) -> int:
        if not self._bars:
            return -1
        index = min(len(self._bars) - 1, max(0, int(x * len(self._bars) / max(1, self.width()))))
        return len(self._bars) - 1 - index if self.isRightToLeft() else index

    def _select(self, anchor: int, to: int) -> None:
        self._anchor = anchor
        self._first, self._last = min(anchor, to), max(anchor, to)
        self.update()
        self.selected.emit(self._first, self._last)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().x())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._select(index, index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().x())
        if index < 0:
            return
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor >= 0:
            self._select(self._anchor, index)
        QToolTip.showText(event.globalPosition().toPoint(), tooltip(rail_table(self._bars[index : index + 1])), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()), 0) * (-1 if self.isRightToLeft() else 1)
        if event.key() == Qt.Key.Key_Escape and self._first >= 0:
            self._first = self._last = self._anchor = -1
            self.update()
            self.selected.emit(-1, -1)
        elif step and self._bars:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self._anchor >= 0
            edge = self._last if self._anchor == self._first else self._first
            start = edge if edge >= 0 else len(self._bars) - (1 if step > 0 else 0)
            to = min(len(self._bars) - 1, max(0, start + step))
            self._select(self._anchor if extend else to, to)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._look.theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = round((self.height() - theme.px(20)) * 0.58) + 0.5
        if self._first >= 0:
            area = self.bar_rect(self._first).united(self.bar_rect(self._last))
            draw_rounded(painter, area, 6, theme.tokens.accent_tint)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        most = max([1, *(bar.theirs for bar in self._bars), *(bar.ours for bar in self._bars)])
        for index, bar in enumerate(self._bars):
            self._paint_bar(painter, theme, index, bar, most, middle)
        self._paint_ticks(painter, theme)
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            draw_rounded(painter, QRectF(self.rect()), 6, "", theme.tokens.accent, 2)

    def _paint_bar(
        self, painter: QPainter, theme: Theme, index: int, bar: RailBar, most: int, middle: float
    ) -> None:
        column = self.bar_rect(index)
        width = min(max(3.0, column.width() * 0.7), 26.0)
        left = column.center().x() - width / 2
        if not bar.read:
            painter.fillRect(
                QRectF(column.left(), middle - 9, column.width(), 18),
                QBrush(theme.colour("control"), Qt.BrushStyle.BDiagPattern),
            )
            return
        painter.setPen(Qt.PenStyle.NoPen)
        room = middle - 3
        for count, token, above in ((bar.theirs, "them", True), (bar.ours, "you", False)):
            if count:
                height = max(4.0, room * (count / most) ** 0.7)
                height = height if above else min(height, column.height() - middle - 3)
                top = middle - 1.5 - height if above else middle + 1.5
                painter.setBrush(QColor(getattr(theme.tokens, token)))
                painter.drawRoundedRect(QRectF(left, top, width, height), 2, 2)

    def _paint_ticks(self, painter: QPainter, theme: Theme) -> None:
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        metrics, free = QFontMetricsF(theme.font("caption")), -1.0
        order = range(len(self._bars) - 1, -1, -1) if self.isRightToLeft() else range(len(self._bars))
        for index in order:
            words = self._bars[index].tick
            if not words:
                continue
            column, width = self.bar_rect(index), metrics.horizontalAdvance(words)
            left = max(0.0, column.right() - width if self.isRightToLeft() else column.left())
            if left < free or left + width > self.width():
                continue
            baseline = self.height() - theme.px(5)
            painter.drawText(QPointF(left, baseline), words)
            free = left + width + theme.px(6)
