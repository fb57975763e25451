"""What the people of a bucket did, all in one stream; F turns an item into its person, and back to the same place and pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from relationdesk.derived import Filter
from relationdesk.model import Bucket, Changes
from relationdesk.services import streams
from relationdesk.services.export_views import View
from relationdesk.services.review import PAGE
from relationdesk.services.streams import Stream
from relationdesk.ui import when
from relationdesk.ui.frame import clear, hint
from relationdesk.ui.page import Context, Target
from relationdesk.ui.place_page import PlacePage
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button


class StreamPage(PlacePage):
    """Target: id of the bucket, place ("" all of them), `at` and `scroll` as for a place."""

    name = "stream"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._bucket: Bucket | None = None
        self._bucket_id = 0
        self._named: tuple[str, ...] = ()
        super().__init__(context, parent)
        self.view.setAccessibleName(self.tr("What the people of this bucket did"))
        self.round = Button(context.look, style="primary", icon="route", name=self.tr("Start look-in round"), key=hint("start_round"), compact=True)
        self.round.clicked.connect(lambda: context.router.go.emit(Target(page="round", extra=self.walked())))
        self.head.buttons.addWidget(self.round)
        self.empty.set_state(
            self.tr("Nothing of these people yet"), self.tr("What they write in any place that is linked will be here."), button=self.tr("Connect a place"), icon="star"
        )

    def title(self) -> str:
        return self._bucket.name if self._bucket is not None else self.tr("Bucket")

    def walked(self) -> tuple[str, str]:
        """Over whom a round from here goes."""
        return ("bucket", self._bucket.uid) if self._bucket is not None else ("people", "")

    def open(self, target: Target) -> None:
        self._bucket_id = target.id or 0
        super().open(Target(page=self.name, place=target.place, at=target.at, scroll=target.scroll, chosen=target.chosen))

    def _from_newest(self) -> None:
        self.open(Target(page=self.name, id=self._bucket_id, place=self._place))

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {**super().handlers(), "start_round": self.round.click}

    def _which(self) -> Filter:
        return Filter(places=frozenset({self._place} if self._place else ()))

    def _load(self) -> None:
        ask: Callable[..., Any] = partial(streams.look_at, at=self._at, which=self._which(), limit=max(PAGE, self.feed.held()))
        done = partial(self._on_stream, self.feed.begin())
        self.context.tasks.run(ask, self._bucket_id, done=done, failed=self.context.router.failed.emit)

    def _on_stream(self, turn: int, found: Stream) -> None:
        if turn != self.feed.turn():
            return
        self._bucket, self._named = found.bucket, found.places
        self.round.setVisible(found.bucket is not None and found.bucket.people > 0)
        self._fill_chips()
        self.retitled.emit()
        self._on_stretch(turn, (found.stretch, self._places))

    def _fill_chips(self) -> None:
        clear(self._flow)
        self.head.set_title(self.title())
        people = self._bucket.people if self._bucket is not None else 0
        self.head.subtitle.set_runs(when.many(people, self.tr("person"), self.tr("people")))
        self._add_places(self._named)
        self._chips.updateGeometry()

    def _choose(self, place: str, login: int | None = None, *_: object) -> None:
        self.context.router.go.emit(Target(page=self.name, id=self._bucket_id, place=place))

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
        return Target(page=self.name, id=self._bucket_id, place=self._place, at=here.at, chosen=here.chosen, scroll=here.scroll)
