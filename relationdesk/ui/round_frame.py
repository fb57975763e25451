"""The parts of a look-in round and where they stand; what they do is in round_page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.ui.frame import Stack, hint
from relationdesk.ui.page import Context, Page
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.round_bar import RoundBar
from relationdesk.ui.round_end import RoundEnd
from relationdesk.ui.round_rail import Queue
from relationdesk.ui.round_start import RoundStart
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel

RAIL_WIDTH = 250
RAIL_FROM = 820
"""Width of the page, at 100 %, from which there is room for the queue."""


class Rail(QWidget):
    """The ground of the queue."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._look.theme, QPainter(self)
        painter.fillRect(self.rect(), theme.colour("list"))
        edge = 0 if self.isRightToLeft() else self.width() - 1
        painter.fillRect(QRect(edge, 0, 1, self.height()), theme.colour("border"))


class RoundFrame(Page):
    """One of three at a time: over whom to begin, the walk (queue, person, bar), what it came to."""

    name = "round"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self.person = PersonPage(context, self)
        self.queue = Queue(look)
        self.title_label = ElidedLabel(look, "", role="h2")
        self.numbers = ElidedLabel(look, "", role="small", tone="text2")
        self.joined = Button(look, style="link", icon="plus", compact=True, elide=True)
        self.gone = ParagraphLabel(look, "", role="small", tone="text2")
        self.bar = RoundBar(look, self.deeds())
        self.start, self.end = RoundStart(context), RoundEnd(context)
        self._lay_out()
        self.restyle()

    def deeds(self) -> Mapping[str, Callable[[], object]]:
        """What the keys of a round do, by action id."""
        raise NotImplementedError

    def _lay_out(self) -> None:
        look = self.context.look
        self.pause = Button(look, style="quiet", icon="pause", name=self.tr("Pause"), key=hint("round_pause"), compact=True)
        self.more = Button(look, style="quiet", icon="ellipsis", name=self.tr("More about this round"), compact=True)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title_label, 1)
        self.bar.add(self.pause, self.more)
        self.rail = Rail(look)
        self._rail_column = QVBoxLayout(self.rail)
        self._top = QVBoxLayout()
        self._top.addLayout(self._head)
        self._top.addWidget(self.numbers)
        self._rail_column.addLayout(self._top)
        self._rail_column.addWidget(self.queue, 1)
        self._notes = QVBoxLayout()
        self._notes.addWidget(self.gone)
        self._notes.addWidget(self.joined)
        self._rail_column.addLayout(self._notes)
        self._rail_column.setContentsMargins(0, 0, 1, 0)  # its edge
        self._rail_column.setSpacing(0)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.person, 1)
        right.addWidget(self.bar)
        self.walk = QWidget()
        row = QHBoxLayout(self.walk)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.stack = Stack(self.start, self.walk, self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def restyle(self) -> None:
        px = self.context.look.theme.px
        self._top.setContentsMargins(px(16), px(14), px(8), px(8))
        self._top.setSpacing(px(4))
        self._head.setSpacing(px(2))
        self._notes.setContentsMargins(px(12), px(6), px(12), px(10))
        self.rail.setFixedWidth(px(RAIL_WIDTH))
        self.person.restyle()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.rail.setVisible(self.width() >= self.context.look.theme.px(RAIL_FROM))
