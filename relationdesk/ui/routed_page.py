"""What somebody said and still waits for an answer: complaints, suggestions and opportunities, longest waiting first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from relationdesk.model import Changes
from relationdesk.saying import counted
from relationdesk.services import routing
from relationdesk.services.export_views import View
from relationdesk.store import routes
from relationdesk.store.routes import Route, RouteKind
from relationdesk.ui.frame import hint
from relationdesk.ui.page import Context, Target
from relationdesk.ui.routed_row import RoutedRow, list_name
from relationdesk.ui.rows_page import RowsPage
from relationdesk.ui.widgets.buttons import Button


class RoutedPage(RowsPage[RoutedRow]):
    """Target: extra is the RouteKind whose list is wanted, None for all."""

    name = "routed"
    on_row = ("open_original", "done", "mail_on", "remark", "take_off", "note")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, icon="inbox", parent=parent)
        look = context.look
        self._kind: RouteKind | None = None
        self._answered = False
        self._waiting: dict[RouteKind, int] = {}
        self.mail_all = Button(look, self.tr("Mail this list"), icon="mail", compact=True)
        self.mail_all.clicked.connect(lambda: self._mail(tuple(self._found)))
        self.out = Button(look, self.tr("CSV"), icon="upload", compact=True)
        self.out.clicked.connect(self._export)
        for button in (self.mail_all, self.out):
            self.head.buttons.addWidget(button)
        self.chips: dict[RouteKind | None, Button] = {}
        for kind in (None, *RouteKind):
            self.chips[kind] = self._chip(self.tr("All") if kind is None else list_name(kind))
            self.chips[kind].clicked.connect(partial(self._choose_list, kind))
        self.done = self._chip(self.tr("Answered"), "check")
        self.done.toggled.connect(self._on_answered)
        self._empty.chosen.connect(self._on_next_step)

    def title(self) -> str:
        return self.tr("To answer")

    def open(self, target: Target) -> None:
        if isinstance(target.extra, RouteKind):
            self._kind = target.extra
        self._load()

    def position(self) -> Target:
        return Target(page=self.name, extra=self._kind)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.everything or changes.people or changes.places or changes.companies):
            self._load()

    def _load(self) -> None:
        self._ask(partial(_look, answered=self._answered), self._kind)

    def _on_found(self, answer: tuple[tuple[Route, ...], dict[RouteKind, int]]) -> None:
        found, self._waiting = answer
        waiting = self._waiting
        for kind, chip in self.chips.items():
            n = sum(waiting.values()) if kind is None else waiting[kind]
            chip.set_content(self.tr("All") if kind is None else list_name(kind), count=str(n) if n else "")
            chip.setChecked(kind == self._kind)
        total = sum(waiting.values())
        words = counted(total, "{n:,} waits to be answered", "{n:,} wait to be answered") if total else self.tr("Nothing waits")
        self.head.subtitle.set_runs(words)
        for button in (self.mail_all, self.out):
            button.setEnabled(bool(found))
        self._show(found)

    def _made(self, one: Route) -> RoutedRow:
        return RoutedRow(self.context, one)

    def _say_empty(self) -> None:
        if self._answered:
            self._empty.set_state(self.tr("Nothing was answered yet"), self.tr("What you call answered is kept here."), button=self.tr("See what waits"), icon="check")
        elif self._kind is not None and any(self._waiting.values()):
            others = counted(sum(self._waiting.values()), "On the other lists {n:,} waits to be answered.", "On the other lists {n:,} wait to be answered.")
            self._empty.set_state(self.tr("Nothing on this list"), others, button=self.tr("See all lists"), icon="inbox")
        else:
            self._empty.set_state(
                self.tr("Nothing waits to be answered"),
                self.tr("Press {keys} on what somebody said and choose complaint, suggestion or opportunity. It stays here until it is answered, and can be mailed to a colleague.").format(keys=hint("route")),
                button=self.tr("See what is new"), icon="inbox",
            )  # fmt: skip

    def _on_next_step(self) -> None:
        if self._answered:
            self.done.setChecked(False)
        elif self._kind is not None and any(self._waiting.values()):
            self._choose_list(None)
        else:
            self.context.router.go.emit(Target(page="place"))

    def _choose_list(self, kind: RouteKind | None, *_: object) -> None:
        self._kind = kind
        self._load()

    def _on_answered(self, on: bool) -> None:
        self._answered = on
        self._load()

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
        self.choice.choose(row)
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

    def _export(self) -> None:
        title = self.title() if self._kind is None else list_name(self._kind)
        self.context.router.export.emit(View(kind="routed", route=self._kind, title=title))

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {**super().handlers(), "export": self._export}


def _look(db: Any, kind: RouteKind | None, *, answered: bool) -> tuple[tuple[Route, ...], dict[RouteKind, int]]:
    return routes.every(db, kind, answered=answered), routes.waiting(db)
