"""What is on its way to people: drafts, what waits, is being sent or failed, and what is out. Nothing in it is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from relationdesk.model import Changes
from relationdesk.outgoing import Entry, State
from relationdesk.saying import counted
from relationdesk.services import outbox
from relationdesk.store import people
from relationdesk.ui.outbox_row import OutboxRow
from relationdesk.ui.page import Context, Target
from relationdesk.ui.rows_page import RowsPage
from relationdesk.ui.widgets.buttons import Button

GROUPS: dict[str, frozenset[State]] = {
    "open": frozenset({State.DRAFT, State.WAITING, State.SENDING, State.FAILED}), "draft": frozenset({State.DRAFT}),
    "waiting": frozenset({State.WAITING, State.SENDING}), "failed": frozenset({State.FAILED}), "sent": frozenset({State.SENT}),
    "given up": frozenset({State.GIVEN_UP}),
}  # fmt: skip
"""What the chips show."""


class OutboxPage(RowsPage[OutboxRow]):
    """One row per thing that is said; its actions by key and button."""

    name = "outbox"
    on_row = ("edit_entry", "hold_back", "retry", "give_up", "take_off", "open_original")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, icon="send", parent=parent)
        self._group = "open"
        self._names = {
            "open": self.tr("Not out yet"), "draft": self.tr("Drafts"), "waiting": self.tr("Waiting"), "failed": self.tr("Failed"), "sent": self.tr("Sent"),
            "given up": self.tr("Given up"),
        }  # fmt: skip
        self.chips: dict[str, Button] = {}
        for group, words in self._names.items():
            self.chips[group] = self._chip(words)
            self.chips[group].clicked.connect(partial(self._choose_group, group))
        self._empty.chosen.connect(lambda: context.router.go.emit(Target(page="today")))

    def title(self) -> str:
        return self.tr("Outbox")

    def open(self, target: Target) -> None:
        if target.extra in GROUPS:
            self._group = str(target.extra)
        self._load()

    def position(self) -> Target:
        return Target(page=self.name, extra=self._group)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.outbox or changes.everything):
            self._load()

    def _load(self) -> None:
        self._ask(_look, tuple(GROUPS[self._group]))

    def _on_found(self, answer: tuple[tuple[tuple[Entry, str], ...], dict[State, int]]) -> None:
        found, counts = answer
        for group, chip in self.chips.items():
            n = sum(counts.get(state, 0) for state in GROUPS[group])
            chip.set_content(self._names[group], count=str(n) if n else "")
            chip.setChecked(group == self._group)
        waiting, failed = counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0), counts.get(State.FAILED, 0)
        said = [counted(waiting, "{n:,} waits", "{n:,} wait")] if waiting else []
        said += [counted(failed, "{n:,} failed", "{n:,} failed")] if failed else []
        self.head.subtitle.set_runs(", ".join(said) or self.tr("Nothing waits"))
        self._show(found)

    def _made(self, one: tuple[Entry, str]) -> OutboxRow:
        return OutboxRow(self.context, *one)

    def _say_empty(self) -> None:
        empty = self.tr("Nothing is on its way") if self._group == "open" else self.tr("Nothing here")
        told = self.tr("What you answer or write to people is kept here from the first letter, and goes out when its place can be reached.")
        self._empty.set_state(empty, told, button=self.tr("See who waits for you"), icon="send")

    def _choose_group(self, group: str, *_: object) -> None:
        self._group = group
        self._load()

    def _act_on(self, row: OutboxRow, action: str) -> bool:
        """Only what can be done with it now: what waits is held back before it is changed."""
        entry, router = row.entry, self.context.router
        if action not in row.possible():
            return False
        doing: dict[str, Callable[[], object]] = {
            "open": lambda: self._open(entry), "edit_entry": lambda: self._edit(entry), "hold_back": lambda: self._write(outbox.hold_back, entry.uid),
            "retry": lambda: self._write(outbox.retry, entry.uid), "give_up": lambda: self._write(outbox.give_up, entry.uid),
            "take_off": lambda: self._write(outbox.discard, entry.uid), "open_original": lambda: router.open_link.emit(entry.url),
        }  # fmt: skip
        self.choice.choose(row)
        doing[action]()
        return True

    def _open(self, entry: Entry) -> None:
        if entry.state is State.SENT or entry.person_id is not None:
            self.context.router.go.emit(Target(page="person", id=entry.person_id, at=entry.key or entry.towards))

    def _edit(self, entry: Entry) -> None:
        from relationdesk.ui.engage_dialog import EngageDialog

        EngageDialog(self.context, entry.person_id, (entry.towards,) if entry.towards is not None else (), entry, self.window()).open_beside()


def _look(db: Any, states: tuple[State, ...]) -> tuple[tuple[tuple[Entry, str], ...], dict[State, int]]:
    """Entries with the name of whom each goes to, and how many are in each state."""
    found = outbox.every(db, states)
    names = people.many(db, {entry.person_id for entry in found if entry.person_id is not None})

    def name(entry: Entry) -> str:
        person = names.get(entry.person_id) if entry.person_id is not None else None
        first = next(iter(entry.recipients), None)
        return person.name if person is not None else (first.name or first.value) if first is not None else ""

    return tuple((entry, name(entry)) for entry in found), outbox.counts(db)
