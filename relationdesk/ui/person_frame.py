"""The parts of a person's page and where they stand; what they do is in person_page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.ui.filter_bar import FilterBar
from relationdesk.ui.note_composer import NoteComposer
from relationdesk.ui.page import Context, Page
from relationdesk.ui.person_card import PersonCard
from relationdesk.ui.person_head import PersonHead
from relationdesk.ui.side_column import TwoColumns
from relationdesk.ui.tasks import Job
from relationdesk.ui.timeline_feed import TimelineFeed
from relationdesk.ui.timeline_view import TimelineView
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.rail import ActivityRail

FOLD_BELOW = 660
PATIENCE_MS = 400
"""So long nothing says that it takes long: most pages are there sooner, and words that flash by are noise."""
RAIL_FROM = 430
"""Height at 100 % text size from which there is room for the rail."""


class PersonFrame(Page):
    """Head, composer, filters, rail and timeline; the card beside them or behind a button."""

    name = "person"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._look = context.look
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_wait)
        self._build()
        self._measure()

    def _ask(self, position: int, older: bool, done: Callable[[Any], None]) -> Job | None:
        raise NotImplementedError

    def _build(self) -> None:
        look, context = self._look, self.context
        self.head = PersonHead(look)
        self.composer = NoteComposer(context)
        self.filters = FilterBar(look, context.clock)
        self.rail = ActivityRail(look, name=self.tr("Activity by week"))
        self.view = TimelineView(context)
        self.view.drawn.connect(self.drawn)
        self.feed = TimelineFeed(context, self.view, self._ask, page=self.name)
        self.empty = EmptyState(look)
        self.empty.hide()
        self.arrived = Button(look, style="primary", icon="arrow-up", compact=True, parent=self.view)
        self.arrived.hide()
        self.card = PersonCard(context)
        main = QWidget()
        main.setMinimumWidth(200)  # what is in it folds; the window decides how small it may be
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._inner = QVBoxLayout()
        for widget in (self.composer, self.filters, self.rail):
            self._inner.addWidget(widget)
        column.addLayout(self._inner)
        column.addWidget(Divider(look))
        column.addWidget(self.empty, 1)
        column.addWidget(self.view, 1)
        self.columns = TwoColumns(look, main, self.card, head=self.head, fold_below=FOLD_BELOW)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.columns)
        self.setFocusProxy(self.view)

    def wait(self) -> None:
        """Somebody else comes: what stands beside the timeline is of the one before and must not act on this one."""
        self.card.blockSignals(True)
        self.view.timeline().clear()
        self.empty.hide()
        self.view.show()
        self._patience.start()

    def _say_wait(self) -> None:
        """Nothing came yet. (What came shows items, or says that there are none.)"""
        if self.view.timeline().rowCount() or not self.empty.isHidden():
            return
        self.head.clear()
        self.card.setEnabled(False)
        self.empty.set_state(self.tr("One moment"), self.tr("This person is being looked up in the desk."), icon="hourglass")
        self.empty.show()
        self.view.hide()

    def not_read(self, error: RelationDeskError) -> None:
        """The desk could not be read: said where the timeline would be, if nothing stands there, and in the notice."""
        self._patience.stop()
        if not self.view.timeline().rowCount():
            self.head.clear()
            self.card.setEnabled(False)
            self.empty.set_state(self.tr("Nothing could be read"), str(error), icon="circle-alert")
            self.empty.show()
            self.view.hide()
        self.context.router.failed.emit(error)

    def _measure(self) -> None:
        px = self._look.theme.px
        self._inner.setContentsMargins(px(24), 0, px(24), px(4))
        self._inner.setSpacing(px(8))

    def restyle(self) -> None:
        self._measure()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.rail.setVisible(self.height() >= self._look.theme.px(RAIL_FROM))
        self.arrived.adjustSize()
        self.arrived.move((self.view.width() - self.arrived.width()) // 2, self._look.theme.px(10))

    def _top_of_window(self) -> int | None:
        """The newest position loaded, where the window does not reach the newest there is."""
        model = self.view.timeline()
        return model.items()[0].id if model.newer is not None and model.items() else None
