"""What somebody said and still waits for an answer: complaints, suggestions and opportunities, longest waiting first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.model import Changes
from relationdesk.services import routing
from relationdesk.services.export_views import View
from relationdesk.store import routes
from relationdesk.store.routes import Route, RouteKind
from relationdesk.ui.frame import Flow, Head, ScrollColumn, Stack, action_of
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.routed_row import RoutedRow, list_name
from relationdesk.ui.when import many
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState

SHOWN = 200
"""Rows that are made; the rest is said, and is in the export."""


class RoutedPage(Page):
    """Target: extra is the RouteKind whose list is wanted, None for all."""

    name = "routed"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._kind: RouteKind | None = None
        self._answered = False
        self._turn = 0
        self._found: tuple[Route, ...] = ()
        self.rows: list[RoutedRow] = []
        self._chosen: int | None = None
        self.head = Head(look, self.title())
        self.mail_all = Button(look, self.tr("Mail this list"), icon="mail", compact=True)
        self.mail_all.clicked.connect(lambda: self._mail(self._found))
        self.out = Button(look, self.tr("CSV"), icon="upload", compact=True)
        self.out.clicked.connect(self._export)
        for button in (self.mail_all, self.out):
            self.head.buttons.addWidget(button)
        self._chips = QWidget()
        flow = Flow(look, gap=6)
        self._chips.setLayout(flow)
        self.chips: dict[RouteKind | None, Button] = {}
        for kind in (None, *RouteKind):
            chip = Button(look, self.tr("All") if kind is None else list_name(kind), style="chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._choose_list, kind))
            self.chips[kind] = chip
            flow.addWidget(chip)
        self.done = Button(look, self.tr("Answered"), style="chip", icon="check")
        self.done.setCheckable(True)
        self.done.toggled.connect(self._on_answered)
        flow.addWidget(self.done)
        self._list = ScrollColumn(look, name=self.title(), padding=(24, 4, 24, 24), gap=8)
        self._empty = EmptyState(look, icon="inbox")
        self._empty.chosen.connect(self._on_next_step)
        self._stack = Stack(self._list, self._empty)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._inner = QVBoxLayout()
        self._inner.addWidget(self._chips)
        self._column.addWidget(self.head)
        self._column.addLayout(self._inner)
        self._column.addWidget(self._stack, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._measure()

    def title(self) -> str:
        return self.tr("To answer")

    def _measure(self) -> None:
        px = self.context.look.theme.px
        self._inner.setContentsMargins(px(24), 0, px(24), px(10))

    def open(self, target: Target) -> None:
        if isinstance(target.extra, RouteKind):
            self._kind = target.extra
        self._load()

    def position(self) -> Target:
        return Target(page=self.name, extra=self._kind)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.everything or changes.people or changes.places or changes.companies):
            self._load()

    def restyle(self) -> None:
        self._measure()
        self._show(self._found)

    def _load(self) -> None:
        self._turn += 1
        ask: Callable[..., Any] = partial(_look, answered=self._answered)
        self.context.tasks.run(ask, self._kind, done=partial(self._on_found, self._turn), failed=self.context.router.failed.emit)

    def _on_found(self, turn: int, answer: tuple[tuple[Route, ...], dict[RouteKind, int]]) -> None:
        if turn != self._turn:
            return
        found, waiting = answer
        for kind, chip in self.chips.items():
            n = sum(waiting.values()) if kind is None else waiting[kind]
            chip.set_content(self.tr("All") if kind is None else list_name(kind), count=str(n) if n else "")
            chip.setChecked(kind == self._kind)
        total = sum(waiting.values())
        words = many(total, self.tr("waits to be answered"), self.tr("wait to be answered")) if total else self.tr("nothing waits")
        self.head.subtitle.set_runs(words)
        self._show(found)

    def _show(self, found: tuple[Route, ...]) -> None:
        at = next((n for n, row in enumerate(self.rows) if row.route.id == self._chosen), 0)
        focus = self.window().focusWidget()
        had_focus = focus is not None and self._list.isAncestorOf(focus)
        self._found = found
        self.rows = [self._row(route) for route in found[:SHOWN]]
        self._list.fill(self.rows)
        for button in (self.mail_all, self.out):
            button.setEnabled(bool(found))
        if not found:
            self._chosen = None
            self._say_empty()
            self._stack.show_widget(self._empty)
            return
        self._stack.show_widget(self._list)
        row = next((row for row in self.rows if row.route.id == self._chosen), self.rows[min(at, len(self.rows) - 1)])
        self._choose(row)
        if had_focus:
            row.setFocus()

    def _row(self, route: Route) -> RoutedRow:
        row = RoutedRow(self.context, route)
        row.chosen.connect(lambda row=row: self._choose(row))
        row.acted.connect(lambda action, row=row: self._act_on(row, action))
        return row

    def _say_empty(self) -> None:
        if self._answered:
            self._empty.set_state(self.tr("Nothing was answered yet"), self.tr("What you call answered is kept here."), button=self.tr("See what waits"), icon="check")
        else:
            self._empty.set_state(
                self.tr("Nothing waits to be answered"),
                self.tr("Mark what somebody said as a complaint, a suggestion or an opportunity, and it stays here until it is answered."),
                button=self.tr("See what is new"), icon="inbox",
            )  # fmt: skip

    def _on_next_step(self) -> None:
        if self._answered:
            self.done.setChecked(False)
        else:
            self.context.router.go.emit(Target(page="place"))

    def _choose_list(self, kind: RouteKind | None, *_: object) -> None:
        self._kind = kind
        self._load()

    def _on_answered(self, on: bool) -> None:
        self._answered = on
        self._load()

    # Choosing and acting

    def current(self) -> RoutedRow | None:
        return next((row for row in self.rows if row.route.id == self._chosen), None)

    def _choose(self, row: RoutedRow) -> None:
        self._chosen = row.route.id
        for other in self.rows:
            other.select(other is row)

    def _step(self, by: int) -> None:
        if not self.rows:
            return
        at = next((n for n, row in enumerate(self.rows) if row.route.id == self._chosen), 0)
        row = self.rows[min(len(self.rows) - 1, max(0, at + by))]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._choose(row)
        self._list.ensureWidgetVisible(row, 0, 24)

    def _act_on(self, row: RoutedRow, action: str) -> bool:
        route, router = row.route, self.context.router
        doing: dict[str, Callable[[], object]] = {
            "open": lambda: self._open(route), "flip": lambda: self._open(route),
            "open_original": lambda: router.open_link.emit(route.url) if route.url else router.toast.emit(self.tr("This item has no address to open."), False),
            "done": lambda: self._write(routing.set_answered, route.id, route.answered is None),
            "mail_on": lambda: self._mail((route,)), "remark": lambda: self._remark(route),
            "take_off": lambda: self._write(routing.take_off, route.id), "note": lambda: router.new_note.emit(route.person_id),
        }  # fmt: skip
        if action not in doing:
            return False
        self._choose(row)
        doing[action]()
        return True

    def _open(self, route: Route) -> None:
        if route.person_id is not None:
            self.context.router.go.emit(Target(page="person", id=route.person_id, at=route.key))
        else:
            self.context.router.go.emit(Target(page="place", place=route.key.place, at=route.key if route.here else None))

    def _mail(self, several: tuple[Route, ...]) -> None:
        from relationdesk.ui.routed_dialogs import MailOnDialog

        if several:
            MailOnDialog(self.context, several, self.window()).open_beside()

    def _remark(self, route: Route) -> None:
        from relationdesk.ui.routed_dialogs import RemarkDialog

        RemarkDialog(self.context, route, self.window()).open_beside()

    def _write(self, job: Callable[..., Any], *args: Any) -> None:
        self.context.tasks.write(job, *args, self.context.clock(), failed=self.context.router.failed.emit)

    def _export(self) -> None:
        title = self.title() if self._kind is None else list_name(self._kind)
        self.context.router.export.emit(View(kind="routed", route=self._kind, title=title))

    # Page

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What the window's keys mean here; the rest of the table reaches `keyPressEvent`."""
        on_row = ("open_original", "done", "mail_on", "remark", "take_off", "note")
        return {
            "export": self._export, "next_item": partial(self._step, 1), "previous_item": partial(self._step, -1),
            "next_person": partial(self._step, 1), "previous_person": partial(self._step, -1),
            **{action: partial(self._do, action) for action in on_row},
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


def _look(db: Any, kind: RouteKind | None, *, answered: bool) -> tuple[tuple[Route, ...], dict[RouteKind, int]]:
    return routes.every(db, kind, answered=answered), routes.waiting(db)
