"""What the pages share that list rows under chips: one is chosen, and acted on by key and button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.ui.chosen_row import Choice, Row
from relationdesk.ui.frame import Flow, Head, ScrollColumn, Stack, action_of
from relationdesk.ui.page import Context, Page
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState

SHOWN = 200
"""Rows that are made."""


class RowsPage(Page, Generic[Row]):
    """A page says what it asks for (`_load`), what is found (`_on_found`, which ends with `_show`), how a row is made (`_made`), what an empty
    list says (`_say_empty`), and what an action does to a row (`_act_on`). on_row: the actions that a key does to the chosen row."""

    on_row: tuple[str, ...] = ()

    def __init__(self, context: Context, *, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._turn = 0
        self._found: Sequence[Any] = ()
        self.head = Head(look, self.title())
        self._chips, self._flow = QWidget(), Flow(look, gap=6)
        self._chips.setLayout(self._flow)
        self._list = ScrollColumn(look, name=self.title(), padding=(24, 4, 24, 24), gap=8)
        self.choice: Choice[Row] = Choice(self._list)
        self._empty = EmptyState(look, icon=icon)
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

    def _chip(self, words: str, icon: str = "") -> Button:
        """One more above the rows, to be switched on."""
        chip = Button(self.context.look, words, style="chip", icon=icon)
        chip.setCheckable(True)
        self._flow.addWidget(chip)
        return chip

    def _measure(self) -> None:
        px = self.context.look.theme.px
        self._inner.setContentsMargins(px(28), 0, px(28), px(10))

    def restyle(self) -> None:
        self._measure()
        self._show(self._found)

    # What is shown

    def _load(self) -> None:
        raise NotImplementedError

    def _ask(self, job: Callable[..., Any], *args: Any) -> None:
        """Its answer comes to `_on_found`, unless something was asked later."""
        self._turn += 1
        self.context.tasks.run(job, *args, done=partial(self._came, self._turn), failed=self.context.router.failed.emit)

    def _came(self, turn: int, answer: Any) -> None:
        if turn == self._turn:
            self._on_found(answer)

    def _on_found(self, answer: Any) -> None:
        raise NotImplementedError

    def _show(self, found: Sequence[Any]) -> None:
        self._found = found
        self.choice.fill([self._row(one) for one in found[:SHOWN]])
        if not found:
            self._say_empty()
        self._stack.show_widget(self._list if found else self._empty)

    def _row(self, one: Any) -> Row:
        row = self._made(one)
        row.chosen.connect(lambda: self.choice.choose(row))
        row.acted.connect(lambda action: self._act_on(row, action))
        return row

    def _made(self, one: Any) -> Row:
        raise NotImplementedError

    def _say_empty(self) -> None:
        raise NotImplementedError

    # Acting

    def _act_on(self, row: Row, action: str) -> bool:
        """False if it cannot be done with this row."""
        raise NotImplementedError

    def _write(self, job: Callable[..., Any], *args: Any) -> None:
        self.context.tasks.write(job, *args, self.context.clock(), failed=self.context.router.failed.emit)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What the window's keys mean here; the rest of the table reaches `keyPressEvent`."""
        steps = {"next_item": 1, "previous_item": -1, "next_person": 1, "previous_person": -1}
        return {
            **{name: partial(self.choice.step, by) for name, by in steps.items()}, **{action: partial(self._do, action) for action in self.on_row},
        }  # fmt: skip

    def _do(self, action: str) -> bool:
        row = self.choice.current()
        return row is not None and self._act_on(row, action)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        action = "open" if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else action_of(event, self.name)
        if event.key() in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.choice.step(steps[Qt.Key(event.key())])
        elif not action or not self._do(action):
            super().keyPressEvent(event)
