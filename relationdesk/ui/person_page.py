"""The heart of the window: one person, everything they did in all places, and what the user wrote about them.

Shows what services/review answers. An answer that comes after the reader went on is passed over; what is on the
screen never moves because something arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from relationdesk.derived import Filter, Item
from relationdesk.model import Changes, Key, Note
from relationdesk.services import review
from relationdesk.services.review import Review
from relationdesk.text import given_name
from relationdesk.ui.about import About
from relationdesk.ui.frame import action_of
from relationdesk.ui.page import Context, Target
from relationdesk.ui.person_frame import PersonFrame
from relationdesk.ui.prompt_card import PromptCard
from relationdesk.ui.rail_bars import bars, chosen, period
from relationdesk.ui.tasks import Job
from relationdesk.ui.timeline_feed import key_of
from relationdesk.ui.timeline_model import name_of

if TYPE_CHECKING:
    from relationdesk.ui.person_deeds import PersonDeeds


class PersonPage(PersonFrame):
    """Target: id, and `at` to stand on an item, or `scroll` with `extra` (the Filter) to come back as it was left."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._shown: int | None = None
        self._review: Review | None = None
        self._at: Key | None = None
        self._came: Key | None = None  # at which item it was opened; of a post in several places the one that leads back
        self._back_to: Target | None = None
        self._job: Job | None = None
        self._keep_place = self._at_new = False
        self._after_note: tuple[str, ...] | None = None
        self._opened: datetime | None = None
        self._connect()

    def _connect(self) -> None:
        head, card = self.head, self.card
        head.place_wanted.connect(self._flip_current)
        head.company_wanted.connect(self._go_company)
        head.side_wanted.connect(self.columns.show_side)
        head.menu_wanted.connect(self._open_menu)
        self.columns.folded.connect(head.set_folded)
        head.set_folded(self.columns.is_folded())
        self.filters.changed.connect(self._on_filter)
        self.rail.selected.connect(self._on_rail)
        self.feed.flip.connect(self._flip)
        self.feed.note.connect(lambda item: self.composer.start())
        self.feed.opened.connect(self._open_item)
        self.feed.edit.connect(self.composer.edit)
        self.feed.answer.connect(self._answer_item)
        self.feed.versions.connect(lambda note: self.deeds.versions(note))
        self.composer.kept.connect(self._on_kept)
        self.composer.idle.connect(self.view.setFocus)
        self.empty.chosen.connect(self._on_next_step)
        self.arrived.clicked.connect(self._go_up)
        self.view.moved.connect(self._on_moved)
        self.view.newest.connect(partial(self._load, anew=True))
        self.view.drawn.connect(self._complete, Qt.ConnectionType.QueuedConnection)
        card.evidence.connect(self.stand_on)
        card.opened.connect(self._open_waiting)
        card.company.connect(self._go_company)

    @cached_property
    def deeds(self) -> PersonDeeds:
        """What is done from the card. With all the decisions there are, so not before the first picture."""
        from relationdesk.ui.person_deeds import PersonDeeds

        return PersonDeeds(self.context, self.card, lambda: self._shown)

    # Which person

    def title(self) -> str:
        return self._review.person.name if self._review is not None else ""

    def open(self, target: Target) -> None:
        if target.id is None:
            return
        fresh = target.id != self._shown
        if fresh:
            self._say_looked()
            self.composer.wait()
            self.feed.begin()
            self.wait()
            self._review, self._opened = None, None
        self._shown = target.id
        which = target.extra if isinstance(target.extra, Filter) else Filter()
        if fresh or target.at is not None or target.scroll is not None:
            self.filters.set_filter(which)
        self._at, self._came, self._back_to = target.at, target.at, target if target.scroll is not None else None
        self._at_new = target.new
        self._load(anew=True)

    def _load(self, *, anew: bool = False) -> None:
        """anew: from the newest on, wherever the reader stands."""
        if self._shown is None:
            return
        self._keep_place = self._keep_place and not anew
        if self._job is not None:
            self._job.cancel()
        turn, wanted = self.feed.begin(), self._shown
        held = max(review.PAGE, self.feed.held()) if self._keep_place else review.PAGE
        top = self._top_of_window() if self._keep_place else None
        whole = self._review is not None
        ask: Callable[..., Any] = partial(review.look_at, which=self.filters.which(), at=self._at, limit=held, top=top, whole=whole)
        self._job = self.context.tasks.run(
            ask, wanted, self.context.clock(), done=partial(self._on_review, turn), failed=self.not_read
        )

    def _on_review(self, turn: int, answer: tuple[Review | None, tuple[Any, ...]]) -> None:
        found, every = answer
        if turn != self.feed.turn():
            return
        self._job = None
        if found is None or found.person.id != self._shown:
            self._nobody()
            return
        first = self._review is None
        self._review = found
        self._opened = self._opened or self.context.clock()
        self.card.set_buckets(every)
        if found.whole:
            self.card.show_review(found)
            self._show_beside(found)
        else:
            self.card.blockSignals(True)  # it still shows who was shown before
        self._show_head(found)
        self._show_timeline(found, first)
        if not self.is_start or self.view.was_drawn() or not found.stretch.items:
            self._complete()

    def _complete(self) -> None:
        """Ask for what stands beside the timeline; at the start of the program not before the timeline is painted."""
        if self._review is None or self._review.whole or self._job is not None:
            return
        self._job = self.context.tasks.run(
            review.completed, self._review, self.context.clock(), done=partial(self._on_whole, self.feed.turn()),
            failed=self.context.router.failed.emit,
        )  # fmt: skip

    def _on_whole(self, turn: int, found: Review) -> None:
        """What is read after the timeline: it stands beside it and moves nothing in it."""
        self.context.tasks.in_pieces(self.card.showing(found), lambda: turn == self.feed.turn(), partial(self._on_card, found))

    def _on_card(self, found: Review) -> None:
        self._job, self._review = None, found
        if any(not prompt.why_not for prompt in found.prompts) or found.relationship is not None:
            self.head.show_review(found)
        self._show_beside(found)

    def _show_beside(self, found: Review) -> None:
        self.deeds.allow()
        self.view.timeline().set_coverage(found.coverage)
        self.filters.set_places(found.places)
        self.rail.set_bars(bars(found.weeks, found.coverage))
        self.view.set_waiting(frozenset(e.activity for p in found.prompts if not p.why_not for e in p.evidence if e.activity))

    def _show_head(self, found: Review) -> None:
        person = found.person
        self.head.show_review(found)
        self.retitled.emit()
        self.composer.set_about(About(name=given_name(person.name), person_id=person.id, person_uid=person.uid))
        self.view.setAccessibleName(self.tr("Timeline of {name}").format(name=person.name))

    def _show_timeline(self, found: Review, first: bool) -> None:
        model, which = self.view.timeline(), self.filters.which()
        before = {name_of(item) for item in model.items()} if self._keep_place else set()
        if not self._keep_place:
            self.view.forget_place()
        model.show(found.stretch, looked=found.looked if not self.filters.is_filtering() else None, gaps=which == Filter())
        self._show_empty(found)
        if self._at is not None:
            back = self._back_to
            self.view.arrive_at(self._at, select=back is None or back.chosen)
            if back is not None and back.scroll is not None:
                self.view.put_at(self._at, back.scroll)
        elif not self._keep_place:
            self.view.go_to_top()
            if self._at_new:
                self.view.show_divider()
        if self._after_note is not None:
            self.view.go_to_name(self._after_note)
            self._after_note = None
        elif before:
            self._say_arrived(sum(1 for item in model.items() if name_of(item) not in before and item.note is None))
        self._at, self._back_to, self._keep_place = None, None, True

    def _show_empty(self, found: Review) -> None:
        nothing = not found.stretch.items
        if nothing and self.filters.is_filtering():
            self.empty.set_state(
                self.tr("Nothing here with this choice"), self.tr("Other places, kinds or weeks may have something."),
                button=self.tr("Show everything"), icon="list-filter",
            )  # fmt: skip
        elif nothing:
            name = given_name(found.person.name)
            self.empty.set_state(
                self.tr("Nothing of {name} yet").format(name=name),
                self.tr("What they write in any place that is linked will be here, and your notes about them."),
                button=self.tr("Write a note"), icon="notebook-pen",
            )  # fmt: skip
        self.empty.setVisible(nothing)
        self.view.setVisible(not nothing)

    def _nobody(self) -> None:
        self._review = None
        self.view.timeline().clear()
        self.view.hide()
        self.composer.set_about(None)
        self.empty.set_state(
            self.tr("This person is no longer in the desk"), self.tr("Undo may bring them back."), button=self.tr("See people"), icon="user-round"
        )
        self.empty.show()

    def _on_next_step(self) -> None:
        if self._review is None:
            self.context.router.go.emit(Target(page="people"))
        elif self.filters.is_filtering():
            self._on_filter(Filter())
        else:
            self.composer.start()

    # New things announce themselves above

    def _say_arrived(self, count: int) -> None:
        if count and self.view.verticalScrollBar().value() > 0:
            self.arrived.set_content(self.tr("{n} new").format(n=count), icon="arrow-up")
            self.arrived.show()
            self._fit()

    def _go_up(self) -> None:
        self.arrived.hide()
        self.view.go_to_top()

    def _on_moved(self) -> None:
        if self.view.verticalScrollBar().value() == 0:
            self.arrived.hide()

    # More pages

    def _ask(self, position: int, older: bool, done: Callable[[Any], None]) -> Job | None:
        if self._shown is None:
            return None
        which = self.filters.which()
        ask = partial(review.stretch, before=position) if older else partial(review.stretch, after=position)
        return self.context.tasks.run(ask, self._shown, which, done=done)

    def _on_filter(self, which: Filter) -> None:
        self.filters.set_filter(which)
        weeks = self._review.weeks if self._review is not None else ()
        self.rail.set_selection(*chosen(weeks, which))
        self._load(anew=True)

    def _on_rail(self, first: int, last: int) -> None:
        if self._review is not None and self._review.whole:
            self.filters.set_period(period(self._review.weeks, first, last))

    # What the reader does

    def stand_on(self, key: Key) -> None:
        """Go to an item, loading around it if need be."""
        if not self.view.go_to(key) and self._shown is not None:
            self.open(Target(page=self.name, id=self._shown, at=key))
        self.view.setFocus()

    def _open_waiting(self, key: Key) -> None:
        """To what a prompt rests on, and to the original of it where it has an address."""
        self.stand_on(key)
        item = self.view.current_item()
        if item is not None and item.activity is not None and key == item.activity.key and item.activity.url:
            self.context.router.open_link.emit(item.activity.url)

    def _open_original(self) -> None:
        """Of the item in hand; else of what waits."""
        waiting = next((c.open for c in self._waiting() if not c.open.isHidden()), None)
        if self.view.current_item() is None and waiting is not None:
            waiting.click()
        else:
            self.feed.act("open_original")

    def _reply(self) -> None:
        """To the item in hand; else to what waits."""
        waiting = next((c.reply for c in self._waiting() if not c.reply.isHidden()), None)
        if self.view.current_item() is None and waiting is not None:
            waiting.click()
        else:
            self.feed.act("reply")

    def _waiting(self) -> list[PromptCard]:
        return [card for card in self.card.prompt_cards() if not card.prompt.why_not]

    def _flip(self, item: Item) -> None:
        if item.activity is not None:
            inside = {one.key for part in (item, *item.earlier) for one in (part.activity, *part.marks) if one is not None}
            key = self._came if self._came is not None and self._came in inside else item.activity.key
            self.context.router.go.emit(Target(page="place", place=key.place, at=key))

    def _flip_current(self) -> None:
        item = self.view.current_item() or self.view.top_item()
        if item is not None and item.activity is not None:
            self._flip(item)
        else:
            first = next((i for i in self.view.timeline().items() if i.activity is not None), None)
            self._flip(first) if first is not None else self.context.router.go.emit(Target(page="place"))

    def _open_item(self, item: Item) -> None:
        """Enter: the conversation if there is one, else the whole text."""
        self.view.toggle_more()

    def _go_company(self, company_id: int) -> None:
        self.context.router.go.emit(Target(page="company", id=company_id))

    def _on_kept(self, note: Note) -> None:
        self._after_note = ("note", note.uid)
        self.view.setFocus()
        self._load()

    def answer_waiting(self, what: str) -> bool:
        """Done or snooze of what waits here; False if nothing of this person waits, as far as is known yet."""
        waits = bool(self._waiting()) and self._review is not None and self._review.whole
        if waits:
            self._answer_item(what, self.view.current_item())
        return waits

    def _answer_item(self, what: str, item: Item | None) -> None:
        """Done or snooze: the prompt that rests on this item, else the first."""
        cards, key = self._waiting(), key_of(item)
        card = next((c for c in cards if key in [e.activity for e in c.prompt.evidence if e.activity]), next(iter(cards), None))
        if card is not None:
            (card.done if what == "done" else card.snooze).click()

    def _export(self) -> None:
        from relationdesk.services.export_views import View  # with everything that writes files

        view = View(kind="timeline", person_id=self._shown, which=self.filters.which(), title=self.title())
        self.context.router.export.emit(view if self._review is not None else None)

    def _open_menu(self, button: QWidget) -> None:
        if self._review is not None:
            self.deeds.menu(self._review, button)

    # Page

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {
            **{step: partial(self.feed.act, step) for step in ("next_item", "previous_item", "route", "like", "boost")},
            "export": self._export, "flip": self._flip_current, "reply": self._reply, "open_original": self._open_original, "note": self.composer.start, "insert_template": self.composer.pick_template, "capture": self.deeds.capture, "write_to": self.deeds.write_to,
            "follow_up": self.deeds.follow_up, "log_contact": self.deeds.log, "particular": self.deeds.keep_in_mind,
            "done": lambda: self._answer_item("done", self.view.current_item()),
            "snooze": lambda: self._answer_item("snooze", self.view.current_item()),
        }  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.deeds.capture_pasted()
            return
        action = "copy" if event.text() == "c" else action_of(event, self.name)
        action = "open" if event.key() == Qt.Key.Key_Enter else action
        if (handler := self.handlers().get(action)) is not None:
            handler()
        elif not (action and self.feed.act(action)):
            super().keyPressEvent(event)

    def on_changed(self, changes: Changes) -> None:
        if self._shown is not None and (changes.everything or changes.buckets or self._shown in changes.people):
            self._load()

    def leave(self) -> None:
        if self._job is not None:  # the page that comes must not wait for what stands beside this one
            self._job.cancel()
            self._job = None
        self.composer.leave()
        self._say_looked()

    def _say_looked(self) -> None:
        if self._shown is not None and self._opened is not None:
            self.context.tasks.write(review.looked, self._shown, self._opened)
            self._opened = None

    def position(self) -> Target:
        key, chosen, offset = self.view.where()
        return Target(page=self.name, id=self._shown, at=key, chosen=chosen, scroll=offset, extra=self.filters.which())
