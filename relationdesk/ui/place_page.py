"""The same activity by place and login, newest first, and the one key that turns an item into its person and back.

The way back is exact: `position` names the place, the item in hand and the scroll, and `open` restores them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.derived import Filter, Item
from relationdesk.model import Changes, Direction, Key
from relationdesk.services import places
from relationdesk.services.export_views import View
from relationdesk.services.places import PlaceRow
from relationdesk.services.review import Stretch
from relationdesk.store import profiles
from relationdesk.ui import when
from relationdesk.ui.frame import Flow, Head, action_of, clear
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.places import login_name, place_look
from relationdesk.ui.tasks import Job
from relationdesk.ui.timeline_feed import TimelineFeed
from relationdesk.ui.timeline_view import TimelineView
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Divider
from relationdesk.ui.widgets.empty import EmptyState

CHIPS_FROM = 420
"""Height of the page, at 100 %, from which there is room for the chips of places."""


class PlacePage(Page):
    """Target: place ("" all of them), id one of its logins (None all), `at` to stand on an item, `scroll` to come back as it was left."""

    name = "place"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._look = context.look
        self._place, self._login = "", 0
        self._places: tuple[PlaceRow, ...] = ()
        self._at: Key | None = None
        self._chosen = True
        self._scroll: int | None = None
        self._loaded = False
        look = context.look
        self.head = Head(look, self.tr("Places"))
        self._chips = self._make_chips()
        self.view = TimelineView(context, avatars=True, flat=True)
        self.view.setAccessibleName(self.tr("Activity by place"))
        self.feed = TimelineFeed(context, self.view, self._ask, page=self.name)
        self.empty = EmptyState(
            look, self.tr("Nothing from this place yet"), self.tr("Bring in a file or connect the place: what it knows will be here."),
            button=self.tr("Connect a place"), icon="plug",
        )  # fmt: skip
        self.empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        self._inner = QHBoxLayout()
        self._inner.addWidget(self._chips)
        column.addLayout(self._inner)
        column.addWidget(Divider(look))
        column.addWidget(self.empty, 1)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.view.newest.connect(lambda: self._from_newest())
        self.feed.flip.connect(self._flip)
        self.feed.opened.connect(self._flip)
        self.feed.note.connect(self._note)
        self.empty.chosen.connect(self._on_empty)
        self.restyle()

    def _make_chips(self) -> QWidget:
        """What stands between the head and the items, where there is room for it."""
        chips = QWidget()
        self._flow = Flow(self._look, gap=6)
        chips.setLayout(self._flow)
        return chips

    def _on_empty(self) -> None:
        self.context.router.connect_place.emit("")

    def title(self) -> str:
        return place_look(self._place).title if self._place else self.tr("All places")

    def restyle(self) -> None:
        px = self._look.theme.px
        self._inner.setContentsMargins(px(24), 0, px(24), px(10))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a low window the items need the room; the places are in the sidebar as well."""
        self._chips.setVisible(self.height() >= self._look.theme.px(CHIPS_FROM))

    def open(self, target: Target) -> None:
        self._place, self._login, self._at, self._scroll = target.place, target.id or 0, target.at, target.scroll
        self._loaded, self._chosen = False, target.chosen
        self.feed.begin()
        self.view.forget_place()
        self.view.timeline().clear()
        self._load()

    def _from_newest(self) -> None:
        self.open(Target(page=self.name, place=self._place, id=self._login or None))

    def _load(self) -> None:
        turn, place, at = self.feed.begin(), self._place, self._at
        limit = max(places.PAGE, self.feed.held())
        ask: Callable[..., Any] = partial(_look_at, at=at, limit=limit, which=self._which())
        self.context.tasks.run(ask, place, done=partial(self._on_stretch, turn), failed=self.context.router.failed.emit)

    def _which(self) -> Filter:
        return Filter(login=self._login)

    def _on_stretch(self, turn: int, answer: tuple[Stretch, tuple[PlaceRow, ...]]) -> None:
        if turn != self.feed.turn():
            return
        stretch, rows = answer
        if self._login not in {0, *(login.id for row in rows for login in row.logins)}:  # removed since; its items stay
            self._login = 0
            self._load()
            return
        if rows != self._places or not self._loaded:
            self._places = rows
            self._fill_chips()
        self.view.timeline().show(stretch, gaps=False)
        self.empty.setVisible(not stretch.items)
        self.view.setVisible(bool(stretch.items))
        if self._at is not None:
            self.view.arrive_at(self._at, select=self._chosen)
        if self._scroll is not None:
            self.view.put_at(self._at, self._scroll)
        elif self._at is None and not self._loaded:
            self.view.go_to_top()
        self._loaded = True
        self._at = self._scroll = None

    def _fill_chips(self) -> None:
        clear(self._flow)
        newest = next((row.newest for row in self._places if not self._place or row.place == self._place), None)
        self.head.title.setText(self.title())
        ago = when.long_ago(newest, self.context.clock()) if newest is not None else ""
        self.head.subtitle.set_runs(self.tr("Newest {ago}").format(ago=ago) if ago else "")
        self._add_places(row.place for row in self._places)
        for login in (login for row in self._places if row.place == self._place for login in row.logins):
            wanted = login.id if login.id != self._login else None
            self._add_chip(login_name(login) or place_look(login.place).title, "plug", login.id == self._login, login.place, wanted)
        self._chips.updateGeometry()

    def _add_places(self, places: Iterable[str]) -> None:
        """A chip for all places, and one for each of these."""
        self._add_chip(self.tr("All places"), "layers", not self._place, "")
        for place in places:
            look = place_look(place)
            chip = self._add_chip(look.title, look.icon, place == self._place, place)
            chip.set_icon_colour(self._look.theme.place_colour(place).glyph)

    def _add_chip(self, title: str, icon: str, on: bool, place: str, login: int | None = None) -> Button:
        """One that leads to this place and login."""
        chip = Button(self._look, title, style="chip", icon=icon)
        chip.setCheckable(True)
        chip.setChecked(on)
        chip.clicked.connect(partial(self._choose, place, login))
        self._flow.addWidget(chip)
        return chip

    def _choose(self, place: str, login: int | None = None, *_: object) -> None:
        self.context.router.go.emit(Target(page=self.name, place=place, id=login))

    def _ask(self, position: int, older: bool, done: Callable[[Any], None]) -> Job | None:
        asked = partial(places.stretch, which=self._which())
        ask = partial(asked, before=position) if older else partial(asked, after=position)
        return self.context.tasks.run(ask, self._place, done=done)

    # The flip

    def _flip(self, item: Item) -> None:
        """To the person of this item: its actor; for what I did, whom I did it to; for nobody's, the question who it is."""
        activity = item.activity
        if activity is None:
            return
        if item.direction is Direction.IN and item.actor_person is None:
            self.feed.ask_who(item)
        elif item.direction is Direction.IN:
            self.context.router.go.emit(Target(page="person", id=item.actor_person, at=activity.key))
        else:
            self.context.tasks.run(_towards, item, done=partial(self._flip_to, item))

    def _flip_current(self) -> None:
        """The item in hand; before there is one, F was pressed twice and leads back."""
        if self._loaded:
            self.feed.act("flip")
        else:
            self.context.router.back.emit()

    def _flip_to(self, item: Item, person: int | None) -> None:
        assert item.activity is not None
        wanted = person if person is not None else item.actor_person
        if wanted is not None:
            self.context.router.go.emit(Target(page="person", id=wanted, at=item.activity.key))

    def _note(self, item: Item) -> None:
        self.context.router.new_note.emit(item.actor_person)

    # Page

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        names = ("next_item", "previous_item", "open_original", "note", "route", "reply", "like", "boost")
        return {"export": self._export, "flip": self._flip_current, **{name: partial(self.feed.act, name) for name in names}}

    def _export(self) -> None:
        self.context.router.export.emit(View(kind="place", place=self._place, which=self._which(), title=self.title()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = "copy" if event.text() == "c" else action_of(event, self.name)
        action = "open" if event.key() == Qt.Key.Key_Enter else action
        if action == "flip":
            self._flip_current()
        elif not (action and self.feed.act(action)):
            super().keyPressEvent(event)

    def on_changed(self, changes: Changes) -> None:
        if self._loaded and (changes.everything or changes.matches or changes.people or changes.places & {self._place, ""}):
            here = self.position()
            if here.chosen or self.view.verticalScrollBar().value() > 0:
                self._at, self._scroll, self._chosen = here.at, here.scroll, here.chosen
            self._load()

    def position(self) -> Target:
        key, chosen, offset = self.view.where()
        return Target(page=self.name, place=self._place, id=self._login or None, at=key, chosen=chosen, scroll=offset)


def _look_at(db: Any, place: str, *, at: Key | None, limit: int, which: Filter) -> tuple[Stretch, tuple[PlaceRow, ...]]:
    if at is not None:
        return places.around(db, place, at, limit, which), places.places(db)
    return places.stretch(db, place, limit=limit, which=which), places.places(db)


def _towards(db: Any, item: Item) -> int | None:
    """The first person something of mine went to, None for nobody in particular."""
    activity = item.activity
    if activity is None:
        return None
    found = (profiles.by_key(db, participant.profile) for participant in activity.participants)
    return next((stored.person_id for stored in found if stored is not None and stored.person_id is not None), None)
