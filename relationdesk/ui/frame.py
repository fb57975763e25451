"""The bones that pages without a timeline share: a head, a column that scrolls, rows that wrap.

Everything here grows with the text size: a width below which something folds is a length at 100 %, scaled.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from relationdesk.text import tamed
from relationdesk.ui.actions import SPECS, ActionSpec
from relationdesk.ui.keys import native_key
from relationdesk.ui.resources import draw_icon, facing
from relationdesk.ui.row_painter import draw_focus, mirrored
from relationdesk.ui.theme import Look
from relationdesk.ui.tokens import readable
from relationdesk.ui.widgets import viewport
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import AsideLabel, PlainLabel, tooltip


def spec(action: str) -> ActionSpec:
    """The row of the action table. StopIteration for a name that is not in it: a mistake of ours."""
    return next(s for s in SPECS if s.id == action)


def hint(action: str) -> str:
    """The key of an action as shown beside it; Enter as its sign, the word is long and differs between keyboards."""
    return native_key(spec(action).key)


def action_of(event: QKeyEvent, page: str) -> str:
    """Which action of the table this key means on this page, "" for none."""
    pressed = QKeySequence(event.keyCombination())
    return next((s.id for s in SPECS if s.key and s.applies(page) and QKeySequence(s.key) == pressed), "")


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let go of it."""
    while (item := layout.takeAt(0)) is not None:
        inner = item.widget()
        if inner is not None:
            inner.hide()
            inner.deleteLater()
        elif (nested := item.layout()) is not None:
            clear(nested)


class Flow(QLayout):
    """Widgets side by side, going on in the next row where there is no more room. Mirrored where the layout is."""

    def __init__(self, look: Look, *, gap: int = 8, between: int | None = None) -> None:
        """between: of the rows, where it is not the gap."""
        super().__init__()
        self._look, self._gap, self._between = look, gap, gap if between is None else between
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QLayoutItem:
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._shown()]
        gap = self._look.theme.px(self._gap)
        width = sum(h.width() for h in hints) + gap * max(0, len(hints) - 1)
        return QSize(width, max((h.height() for h in hints), default=0))

    def minimumSize(self) -> QSize:
        hints = [item.minimumSize() for item in self._shown()]
        return QSize(max((h.width() for h in hints), default=0), max((h.height() for h in hints), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        gap, parent = self._look.theme.px(self._gap), self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        x, y, tall = rect.x(), rect.y(), 0
        for item in self._shown():
            size = item.sizeHint()
            width = min(size.width(), max(rect.width(), item.minimumSize().width()))
            if x > rect.x() and x + width > rect.right() + 1:
                x, y, tall = rect.x(), y + tall + self._look.theme.px(self._between), 0
            if move:
                item.setGeometry(mirrored(QRect(QPoint(x, y), QSize(width, size.height())), rect, direction))
            x, tall = x + width + gap, max(tall, size.height())
        return y + tall - rect.y()


class ScrollColumn(QScrollArea):
    """One column that scrolls up and down only. Fill `body`; it ends with a stretch. sunk: what is low stands a little
    above the middle instead of at the top."""

    def __init__(self, look: Look, *, name: str, padding: tuple[int, int, int, int] = (16, 4, 16, 24), gap: int = 8,
                 sunk: bool = False, parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._look, self._padding, self._gap = look, padding, gap
        viewport.put_in(self, QPalette.ColorRole.NoRole)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self._inner = QWidget()
        self._outer = QVBoxLayout(self._inner)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self.body = QVBoxLayout()
        if sunk:
            self._outer.addStretch(2)
        self._outer.addLayout(self.body)
        self._outer.addStretch(3)
        self.setWidget(self._inner)
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        px = self._look.theme.px
        self.body.setContentsMargins(*(px(edge) for edge in self._padding))
        self.body.setSpacing(px(self._gap))

    def fill(self, widgets: Iterable[QWidget]) -> None:
        """Put these in place of what was there; where the reader stands is kept, with the keyboard too."""
        at, stops, focus = self.verticalScrollBar().value(), self.stops(), self.window().focusWidget()
        stood = stops.index(focus) if focus in stops else -1
        clear(self.body)
        for widget in widgets:
            self.body.addWidget(widget)
        self._inner.adjustSize()
        self.verticalScrollBar().setValue(at)
        if stood >= 0:
            self._show_now()
            if stops := self.stops():
                stops[min(stood, len(stops) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def read_by_keys(self, on: bool) -> None:
        """Whether the keyboard stands on it and scrolls it: where nothing in it takes the keyboard, and yet all of it is to be read."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            draw_focus(painter, QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 6, self._look.theme)
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def content(self) -> QWidget:
        """What scrolls."""
        return self._inner

    def content_height(self) -> int:
        """How high what is in it would like to be, at its present width."""
        hint = self._outer.heightForWidth(self.viewport().width())
        return hint if hint > 0 else self._inner.sizeHint().height()

    def _show_now(self) -> None:
        """A layout shows what is put in later; only what is shown can have the keyboard."""
        told = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        for item in (self.body.itemAt(n) for n in range(self.body.count())):
            row = item.widget() if item is not None else None
            if row is not None and not row.testAttribute(told):
                row.show()

    def stops(self) -> list[QWidget]:
        """Everything in it that takes the keyboard, from the top."""
        return _stops(self._inner)

    def step(self, by: int) -> None:
        """Put the keyboard onto the next (1) or previous (-1) row, on the first thing in it that takes it."""
        items = [self.body.itemAt(n) for n in range(self.body.count())]
        rows = [item.widget() for item in items if item is not None]
        places = [(row, found[0]) for row in rows if row is not None and not row.isHidden() and (found := _stops(row))]
        focus = self.window().focusWidget()
        at = next((n for n, (row, _) in enumerate(places) if focus is not None and (row is focus or row.isAncestorOf(focus))), -1)
        if places:
            row, stop = places[min(len(places) - 1, max(0, at + by))]
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(row, 0, 24)


def _stops(widget: QWidget) -> list[QWidget]:
    """The widget itself or what is in it, if it takes the keyboard and is there to be seen."""
    inside = (widget, *widget.findChildren(QWidget))
    return [w for w in inside if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled() and not _gone(w, widget)]


def _gone(widget: QWidget, row: QWidget) -> bool:
    """Whether it, or what it lies in up to the row, is hidden."""
    here: QWidget | None = widget
    while here is not None and not here.isHidden() and here is not row:
        here = here.parentWidget()
    return here is None or here.isHidden()


class Head(QWidget):
    """Title, a quiet sentence beside it, and buttons at the far side. The sentence takes up to three lines where there is no room for one; what is left out even then,
    or where not even a word has room, is told on hover."""

    def __init__(self, look: Look, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._asked = look, ""
        self.title = PlainLabel(look, title, role="title")
        self.subtitle = AsideLabel(look)
        self.buttons = QHBoxLayout()
        row = QHBoxLayout(self)
        row.addWidget(self.title)
        row.addWidget(self.subtitle, 100)
        row.addStretch(1)  # for when the sentence has given way
        row.addLayout(self.buttons)
        self._row = row
        self._measure()
        look.changed.connect(self._measure)

    def _measure(self) -> None:
        px = self._look.theme.px
        self._row.setContentsMargins(px(28), px(16), px(28), px(12))
        self._row.setSpacing(px(16))
        self.buttons.setSpacing(px(8))
        self.setMinimumHeight(px(64))
        self._fit()

    def set_title(self, text: str) -> None:
        """A name that may be long: the quiet sentence gives way to it first, then it ends in an ellipsis."""
        self._asked = tamed(text)
        self._fit()

    def _fit(self) -> None:
        if not self._asked:
            return
        px, metrics = self._look.theme.px, QFontMetricsF(self.title.font())
        room = self.width() - 2 * px(28) - self.buttons.sizeHint().width() - px(16)
        wide = metrics.horizontalAdvance(self._asked) + 2
        self.subtitle.setVisible(wide + px(16) + px(70) <= room)
        self.title.setText(self._asked if wide <= room else metrics.elidedText(self._asked, Qt.TextElideMode.ElideRight, max(px(120), room)))
        self.title.setToolTip(tooltip(self._asked) if wide > room else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Stack(QWidget):
    """One of several widgets at a time."""

    def __init__(self, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QStackedLayout(self)
        for widget in widgets:
            self._layout.addWidget(widget)

    def show_widget(self, widget: QWidget) -> None:
        self._layout.setCurrentWidget(widget)

    def current(self) -> QWidget | None:
        return self._layout.currentWidget()


class Icon(QWidget):
    """A picture from the resources in a colour of the theme. tone: a token name. colour: the user's own ("#RRGGBB") instead of it."""

    def __init__(self, look: Look, icon: str, tone: str = "text2", *, size: int = 18, name: str = "", colour: str = "",
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self._look, self._icon, self._tone, self._size, self._colour = look, icon, tone, size, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip(name)
        look.changed.connect(self.updateGeometry)

    def set_icon(self, icon: str, tone: str, name: str = "") -> None:
        self._icon, self._tone = icon, tone
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        edge = self._look.theme.px(self._size)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._look.theme.tokens
        tone = readable(self._colour, tokens.card, 3.0) if self._colour else str(getattr(tokens, self._tone))
        draw_icon(QPainter(self), facing(self._icon, self.isRightToLeft()), tone, 0, 0, self.width())


def action_button(look: Look, text: str, action: str, *, style: str = "secondary") -> Button:
    """A button with the icon and the key of an action of the table."""
    row = spec(action)
    return Button(look, text, style=style, icon=row.icon, key=hint(action))
