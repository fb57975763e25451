"""What is on its way to people: drafts, what waits, is being sent or failed, and what is out. Nothing in it is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.model import Changes
from relationdesk.outgoing import Entry, State
from relationdesk.services import outbox
from relationdesk.store import people
from relationdesk.ui.frame import Flow, Head, ScrollColumn, Stack, action_of
from relationdesk.ui.outbox_row import OutboxRow, state_name
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.when import many
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState

GROUPS: dict[str, frozenset[State]] = {
    "open": frozenset({State.DRAFT, State.WAITING, State.SENDING, State.FAILED}), "draft": frozenset({State.DRAFT}),
    "waiting": frozenset({State.WAITING, State.SENDING}), "failed": frozenset({State.FAILED}), "sent": frozenset({State.SENT}),
    "given up": frozenset({State.GIVEN_UP}),
}  # fmt: skip
"""What the chips show."""
SHOWN = 200


class OutboxPage(Page):
    """One row per thing that is said; its actions by key and button."""

    name = "outbox"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._group = "open"
        self._turn = 0
        self._chosen = ""
        self._found: tuple[tuple[Entry, str], ...] = ()
        self.rows: list[OutboxRow] = []
        self.head = Head(look, self.title())
        names = {
            "open": self.tr("Not out yet"), "draft": self.tr("Drafts"), "waiting": self.tr("Waiting"), "failed": self.tr("Failed"), "sent": self.tr("Sent"),
            "given up": self.tr("Given up"),
        }  # fmt: skip
        self._chips, flow = QWidget(), Flow(look, gap=6)
        self._chips.setLayout(flow)
        self.chips: dict[str, Button] = {}
        for group, words in names.items():
            chip = Button(look, words, style="chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._choose_group, group))
            self.chips[group] = chip
            flow.addWidget(chip)
        self._names = names
        self._list = ScrollColumn(look, name=self.title(), padding=(24, 4, 24, 24), gap=8)
        self._empty = EmptyState(look, icon="send")
        self._empty.chosen.connect(lambda: context.router.go.emit(Target(page="today")))
        self._stack = Stack(self._list, self._empty)
        self._inner = QVBoxLayout()
        self._inner.addWidget(self._chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._inner)
        column.addWidget(self._stack, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._measure()

    def title(self) -> str:
        return self.tr("Outbox")

    def _measure(self) -> None:
        px = self.context.look.theme.px
        self._inner.setContentsMargins(px(24), 0, px(24), px(10))

    def open(self, target: Target) -> None:
        if target.extra in GROUPS:
            self._group = str(target.extra)
        self._load()

    def position(self) -> Target:
        return Target(page=self.name, extra=self._group)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.outbox or changes.everything):
            self._load()

    def restyle(self) -> None:
        self._measure()
        self._show(self._found)

    def _load(self) -> None:
        self._turn += 1
        states = tuple(GROUPS[self._group])
        self.context.tasks.run(_look, states, done=partial(self._on_found, self._turn), failed=self.context.router.failed.emit)

    def _on_found(self, turn: int, answer: tuple[tuple[tuple[Entry, str], ...], dict[State, int]]) -> None:
        if turn != self._turn:
            return
        found, counts = answer
        for group, chip in self.chips.items():
            n = sum(counts.get(state, 0) for state in GROUPS[group])
            chip.set_content(self._names[group], count=str(n) if n else "")
            chip.setChecked(group == self._group)
        waiting, failed = counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0), counts.get(State.FAILED, 0)
        said = [many(waiting, self.tr("waits"), self.tr("wait"))] if waiting else []
        said += [many(failed, self.tr("failed"), self.tr("failed"))] if failed else []
        self.head.subtitle.set_runs(", ".join(said) or self.tr("nothing waits"))
        self._show(found)

    def _show(self, found: tuple[tuple[Entry, str], ...]) -> None:
        at = next((n for n, row in enumerate(self.rows) if row.entry.uid == self._chosen), 0)
        focus = self.window().focusWidget()
        had_focus = focus is not None and self._list.isAncestorOf(focus)
        self._found = found
        self.rows = [self._row(entry, name) for entry, name in found[:SHOWN]]
        self._list.fill(self.rows)
        if not self.rows:
            self._chosen = ""
            empty = self.tr("Nothing is on its way") if self._group == "open" else self.tr("Nothing here")
            told = self.tr("What you answer or write to people is kept here from the first letter, and goes out when its place can be reached.")
            self._empty.set_state(empty, told, button=self.tr("See who waits for you"), icon="send")
            self._stack.show_widget(self._empty)
            return
        self._stack.show_widget(self._list)
        row = next((row for row in self.rows if row.entry.uid == self._chosen), self.rows[min(at, len(self.rows) - 1)])
        self._choose(row)
        if had_focus:
            row.setFocus()

    def _row(self, entry: Entry, name: str) -> OutboxRow:
        row = OutboxRow(self.context, entry, name)
        row.chosen.connect(lambda row=row: self._choose(row))
        row.acted.connect(lambda action, row=row: self._act_on(row, action))
        return row

    def _choose_group(self, group: str, *_: object) -> None:
        self._group = group
        self._load()

    # Choosing and acting

    def current(self) -> OutboxRow | None:
        return next((row for row in self.rows if row.entry.uid == self._chosen), None)

    def _choose(self, row: OutboxRow) -> None:
        self._chosen = row.entry.uid
        for other in self.rows:
            other.select(other is row)

    def _step(self, by: int) -> None:
        if not self.rows:
            return
        at = next((n for n, row in enumerate(self.rows) if row.entry.uid == self._chosen), 0)
        row = self.rows[min(len(self.rows) - 1, max(0, at + by))]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._choose(row)
        self._list.ensureWidgetVisible(row, 0, 24)

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
        self._choose(row)
        doing[action]()
        return True

    def _open(self, entry: Entry) -> None:
        if entry.state is State.SENT or entry.person_id is not None:
            self.context.router.go.emit(Target(page="person", id=entry.person_id, at=entry.key or entry.towards))

    def _edit(self, entry: Entry) -> None:
        from relationdesk.ui.engage_dialog import EngageDialog

        EngageDialog(self.context, entry.person_id, (entry.towards,) if entry.towards is not None else (), entry, self.window()).open_beside()

    def _write(self, job: Callable[..., Any], *args: Any) -> None:
        self.context.tasks.write(job, *args, self.context.clock(), failed=self.context.router.failed.emit)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        on_row = ("edit_entry", "hold_back", "retry", "give_up", "take_off", "open_original")
        return {
            "next_item": partial(self._step, 1), "previous_item": partial(self._step, -1),
            "next_person": partial(self._step, 1), "previous_person": partial(self._step, -1), **{action: partial(self._do, action) for action in on_row},
        }  # fmt: skip

    def _do(self, action: str) -> None:
        row = self.current()
        if row is not None:
            self._act_on(row, action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        action = "open" if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else action_of(event, self.name)
        row = self.current()
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._step(steps[Qt.Key(event.key())])
        elif row is None or not action or not self._act_on(row, action):
            super().keyPressEvent(event)


def _look(db: Any, states: tuple[State, ...]) -> tuple[tuple[tuple[Entry, str], ...], dict[State, int]]:
    """Entries with the name of whom each goes to, and how many are in each state."""
    found = outbox.every(db, states)
    names = people.many(db, {entry.person_id for entry in found if entry.person_id is not None})

    def name(entry: Entry) -> str:
        person = names.get(entry.person_id) if entry.person_id is not None else None
        first = next(iter(entry.recipients), None)
        return person.name if person is not None else (first.name or first.value) if first is not None else ""

    return tuple((entry, name(entry)) for entry in found), outbox.counts(db)


__all__ = ["GROUPS", "OutboxPage", "state_name"]
