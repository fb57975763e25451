"""Keeps a timeline supplied with pages, and does what the reader asks of an item, the same way on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from relationdesk.derived import Item
from relationdesk.model import Direction, Key, Note
from relationdesk.services import review
from relationdesk.services.review import Stretch
from relationdesk.store import activities
from relationdesk.ui import timeline_words as words
from relationdesk.ui.frame import hint
from relationdesk.ui.page import Context, Target
from relationdesk.ui.tasks import Job
from relationdesk.ui.timeline_model import KEPT, name_of
from relationdesk.ui.timeline_tools import Tools, possible
from relationdesk.ui.timeline_view import TimelineView

_NEED_ONE = frozenset({"reply", "like", "boost", "route"})
"""Whoever presses one of these means an item."""

Ask = Callable[[int, bool, Callable[[Any], None]], Job | None]
"""Ask for a stretch: the position, whether older than it, and who gets the answer. None: there is no way there."""


class TimelineFeed(QObject):
    """Between one view and the desk. `note(Item)`, `flip(Item)`, `edit(Note)`, `versions(Note)`,
    `answer(what, Item)` are the page's to do."""

    note = Signal(object)
    flip = Signal(object)
    edit = Signal(object)
    versions = Signal(object)
    opened = Signal(object)
    answer = Signal(str, object)  # "done" or "snooze"

    def __init__(self, context: Context, view: TimelineView, ask: Ask, *, page: str) -> None:
        super().__init__(view)
        self._context, self._view, self._ask, self._page = context, view, ask, page
        self._turn = 0
        self._waiting: Job | None = None
        self._to_end = False
        view.edge.connect(self._on_edge)
        view.oldest.connect(self._on_oldest)
        view.touched.connect(self._stop_going)
        view.acted.connect(self._on_acted)
        view.link.connect(context.router.open_link)

    # Pages

    def begin(self) -> int:
        """Another timeline is wanted: answers to older questions are passed over. The answer is the new turn."""
        self._turn += 1
        self._to_end = False
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        return self._turn

    def turn(self) -> int:
        return self._turn

    def held(self) -> int:
        """How many activities are loaded now, for asking for the same again."""
        return min(KEPT, sum(1 + len(item.earlier) + len(item.marks) for item in self._view.timeline().items()))

    def _on_edge(self, older: bool) -> None:
        model = self._view.timeline()
        position = model.older if older else model.newer
        if self._waiting is not None or position is None:
            return
        turn = self._turn

        def came(stretch: Stretch | None) -> None:
            if turn != self._turn:
                return
            self._waiting = None
            if stretch is None:
                return
            if older:
                model.add_older(stretch)
            else:
                model.add_newer(stretch)
            if self._to_end:
                self._view.stand_at_end()

        self._waiting = self._ask(position, older, came)

    def _on_oldest(self) -> None:
        """Straight to the oldest page; where only the next older one can be asked for, page by page until any key."""
        turn = self._turn
        if self._waiting is not None:
            self._waiting.cancel()

        def came(stretch: Stretch) -> None:
            if turn == self._turn:
                self._waiting = None
                self._view.forget_place()
                self._view.timeline().jump(stretch)
                self._view.stand_at_end()

        self._waiting = self._ask(review.OLDEST, False, came)
        if self._waiting is None:
            self._to_end = True
            self._view.stand_at_end()
            self._on_edge(True)

    def _stop_going(self) -> None:
        self._to_end = False

    # What is asked of an item

    def act(self, action: str) -> bool:
        """An action of the table, by key or menu; False if it is not one of a timeline."""
        view = self._view
        if action in ("next_item", "previous_item"):
            view.step(1 if action == "next_item" else -1)
            return True
        if action == "more":
            view.toggle_more()
            return True
        if action in ("open", "open_original", "flip", "note", "copy", "route", "reply", "like", "boost"):
            item = view.current_item()
            if item is not None and not (action == "note" and item.note is not None):
                self._on_acted(action, item)
                return True
            if item is None and action in _NEED_ONE:
                self._context.router.toast.emit(self.tr("Nothing is chosen. {down} and {up} step through what is here.").format(down=hint("next_item"), up=hint("previous_item")), False)
        return False

    def _on_acted(self, what: str, item: Item) -> None:
        router, activity = self._context.router, item.activity
        if what == "open" and item.note is not None:
            self.edit.emit(item.note)
        elif what == "open":
            self.opened.emit(item)
        elif what == "open_original" and activity is not None and activity.url:
            router.open_link.emit(activity.url)
        elif what == "open_original":
            router.toast.emit(words.tr("This item has no address to open."), False)
        elif what == "copy":
            router.copy.emit(words.copied(item))
        elif what in ("reply", "like", "boost"):
            from relationdesk.ui import engaging  # with all that leaves the desk: the first picture answers nobody

            engaging.act_on(self._context, self._view.window(), what, item)
        elif what == "route":
            self._route(item)
        elif what == "who":
            self.ask_who(item)
        elif what == "thread" and activity is not None:
            self._fetch_thread(item)
        elif what == "menu":
            self._menu(item)
        elif what in ("change", "remove") and activity is not None:
            self._on_by_hand(what, item, activity.key)
        elif what in ("done", "snooze"):
            self.answer.emit(what, item)
        elif what in ("note", "flip"):
            (self.note if what == "note" else self.flip).emit(item)
        elif item.note is not None:
            self._on_note(what, item.note)

    def ask_who(self, item: Item) -> None:
        """An item of nobody: go to the question whose profile it is (its key is the target's `extra`)."""
        if item.activity is not None:
            actor = item.activity.actor
            self._context.router.go.emit(Target(page="who", place=actor.place, extra=actor))

    def _on_note(self, what: str, note: Note) -> None:
        if what == "edit":
            self.edit.emit(note)
        elif what == "versions":
            self.versions.emit(note)
        elif what == "trash":
            from relationdesk.services import notes  # not before the first picture

            self._context.tasks.write(notes.throw_away, note.id, self._context.clock(), failed=self._context.router.failed.emit)

    def _route(self, item: Item) -> None:
        if item.activity is None or item.direction is not Direction.IN:
            self._context.router.toast.emit(words.tr("Only what others said is put on a list."), False)
            return
        from relationdesk.ui.routing_menu import route_item  # with its page: the first picture routes nothing

        route_item(self._context, self._view, item.activity.key, self._beside())

    def _on_by_hand(self, what: str, item: Item, key: Key) -> None:
        if what == "change":
            self._context.router.capture.emit(item.actor_person, "", key)
            return
        from relationdesk.services import (
            capturing,  # with all that knows addresses: the first picture writes nothing down
        )

        self._context.tasks.write(capturing.remove, key, self._context.clock(), failed=self._context.router.failed.emit)

    def _fetch_thread(self, item: Item) -> None:
        activity, turn = item.activity, self._turn
        assert activity is not None

        def came(found: tuple[Item, ...]) -> None:
            if turn == self._turn:
                self._view.timeline().open_thread(item, found)

        self._context.tasks.run(activities.of_thread, activity.key.place, activity.thread, done=came)

    def _menu(self, item: Item) -> None:
        view = self._view
        tools = Tools(self._context.look)
        menu, entries = tools.menu(view, item, possible(item, waits=view.waits(item)))
        menu.triggered.connect(lambda entry: self._on_acted(entries[entry], item))
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, menu.deleteLater))
        menu.popup(self._beside())

    def _beside(self) -> QPoint:
        """Where a menu about the item in hand opens, on the screen."""
        view = self._view
        rect = view.visualRect(view.currentIndex())
        middle = max(0, min(rect.top() + 28, view.viewport().height() - 40))
        return view.viewport().mapToGlobal(QPoint(rect.center().x(), middle))


def key_of(item: Item | None) -> Key | None:
    return item.activity.key if item is not None and item.activity is not None else None


__all__ = ["Ask", "TimelineFeed", "key_of", "name_of"]
