"""What the people of a bucket did, all in one stream, by place, kind and weeks; F turns an item into its person, and back to the same place and pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.derived import Filter
from relationdesk.model import Bucket, Changes
from relationdesk.saying import counted
from relationdesk.services import streams
from relationdesk.services.export_views import View
from relationdesk.services.review import PAGE
from relationdesk.services.streams import Past, Stream
from relationdesk.ui.filter_bar import FilterBar
from relationdesk.ui.frame import hint
from relationdesk.ui.page import Context, Target
from relationdesk.ui.place_page import PlacePage
from relationdesk.ui.rail_bars import bars, chosen, period
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.rail import ActivityRail

RAIL_FROM = 560
"""Height of the page, at 100 %, from which there is room for the rail."""


class StreamPage(PlacePage):
    """Target: id of the bucket, place ("" all of them), extra a Filter to begin with instead of a place, `at` and `scroll` as for a place."""

    name = "stream"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._bucket: Bucket | None = None
        self._bucket_id = 0
        self._past = Past(weeks=(), coverage=())
        super().__init__(context, parent)
        self.view.setAccessibleName(self.tr("What the people of this bucket did"))
        self.round = Button(context.look, style="primary", icon="route", name=self.tr("Start look-in round"), key=hint("start_round"), compact=True)
        self.round.clicked.connect(lambda: context.router.go.emit(Target(page="round", extra=self.walked())))
        self.head.buttons.addWidget(self.round)

    def _make_chips(self) -> QWidget:
        """The same as above the timeline of a person: places, kinds, and the weeks on the rail."""
        look, holder = self._look, QWidget()
        self.filters = FilterBar(look, self.context.clock, of_many=True)
        self.filters.changed.connect(self._on_filter)
        self.rail = ActivityRail(look, name=self.tr("Activity by week"))
        self.rail.selected.connect(self._on_rail)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.px(8))
        column.addWidget(self.filters)
        column.addWidget(self.rail)
        return holder

    def title(self) -> str:
        return self._bucket.name if self._bucket is not None else self.tr("Bucket")

    def walked(self) -> tuple[str, str]:
        """Over whom a round from here goes."""
        return ("bucket", self._bucket.uid) if self._bucket is not None else ("people", "")

    def open(self, target: Target) -> None:
        if (target.id or 0) != self._bucket_id:
            self._past = Past(weeks=(), coverage=())
        self._bucket_id = target.id or 0
        which = target.extra if isinstance(target.extra, Filter) else Filter(places=frozenset({target.place} if target.place else ()))
        self.filters.set_filter(which)
        self.rail.set_selection(*chosen(self._past.weeks, which))
        super().open(Target(page=self.name, at=target.at, scroll=target.scroll, chosen=target.chosen))

    def _from_newest(self) -> None:
        self.open(Target(page=self.name, id=self._bucket_id, extra=self._which()))

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {**super().handlers(), "start_round": self.round.click}

    def _which(self) -> Filter:
        return self.filters.which()

    def _fit(self) -> None:
        super()._fit()
        self.rail.setVisible(self.height() >= self._look.theme.px(RAIL_FROM))

    def _on_filter(self, which: Filter) -> None:
        self.rail.set_selection(*chosen(self._past.weeks, which))
        self._from_newest()

    def _on_rail(self, first: int, last: int) -> None:
        if self._past.weeks:
            self.filters.set_period(period(self._past.weeks, first, last))

    def _on_empty(self) -> None:
        if self._bucket is not None and self.filters.is_filtering():
            self.filters.clear()
        else:
            super()._on_empty()

    def _on_past(self, bucket_id: int, found: Past) -> None:
        if bucket_id == self._bucket_id:
            self._past = found
            self.rail.set_bars(bars(found.weeks, found.coverage))
            self.rail.set_selection(*chosen(found.weeks, self._which()))

    def _load(self) -> None:
        ask: Callable[..., Any] = partial(streams.look_at, at=self._at, which=self._which(), limit=max(PAGE, self.feed.held()))
        done = partial(self._on_stream, self.feed.begin())
        self.context.tasks.run(ask, self._bucket_id, done=done, failed=self.context.router.failed.emit)
        self.context.tasks.run(streams.past, self._bucket_id, self.context.clock(), done=partial(self._on_past, self._bucket_id))

    def _on_stream(self, turn: int, found: Stream) -> None:
        if turn != self.feed.turn():
            return
        self._bucket = found.bucket
        people = found.bucket.people if found.bucket is not None else 0
        self.round.setVisible(people > 0)
        self.head.set_title(self.title())
        self.head.subtitle.set_runs(counted(people, "{n:,} person", "{n:,} people"))
        self.filters.set_places((place, 0) for place in found.places)
        self._say_empty()
        self.retitled.emit()
        self._on_stretch(turn, (found.stretch, self._places))

    def _fill_chips(self) -> None:
        """What stands there follows from the stream, not from all places."""

    def _say_empty(self) -> None:
        if self.filters.is_filtering():
            self.empty.set_state(
                self.tr("Nothing here with this choice"), self.tr("Other places, kinds or weeks may have something."),
                button=self.tr("Show everything"), icon="list-filter",
            )  # fmt: skip
        else:
            self.empty.set_state(
                self.tr("Nothing of these people yet"), self.tr("What they write in any place that is linked will be here."),
                button=self.tr("Connect a place"), icon="star",
            )  # fmt: skip

    def _ask(self, position: int, older: bool, done: Callable[[Any], None]) -> Job | None:
        asked = partial(streams.stretch, which=self._which())
        ask = partial(asked, before=position) if older else partial(asked, after=position)
        return self.context.tasks.run(ask, self._bucket_id, done=done)

    def _export(self) -> None:
        self.context.router.export.emit(View(kind="stream", bucket_id=self._bucket_id, which=self._which(), title=self.title()))

    def on_changed(self, changes: Changes) -> None:
        if changes.buckets and self._loaded:
            changes = changes | Changes(everything=True)
        super().on_changed(changes)

    def position(self) -> Target:
        here = super().position()
        return Target(page=self.name, id=self._bucket_id, at=here.at, chosen=here.chosen, scroll=here.scroll, extra=self._which())
