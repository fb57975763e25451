"""The menu that puts an item on a list, or takes it off again: ticked where it waits."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from relationdesk.model import Key
from relationdesk.services import routing
from relationdesk.store import routes
from relationdesk.store.routes import Route, RouteKind
from relationdesk.ui.page import Context
from relationdesk.ui.resources import icon
from relationdesk.ui.routed_row import ICONS, kind_name, tr


def route_item(context: Context, parent: QWidget, key: Key, at: QPoint) -> None:
    """Ask on which list an item is to stand. at: global."""

    def show(there: tuple[Route, ...]) -> None:
        if isValid(parent):
            menu_of(context, parent, key, there).popup(at)

    context.tasks.run(routes.of_item, key, done=show, failed=context.router.failed.emit)


def menu_of(context: Context, parent: QWidget, key: Key, there: tuple[Route, ...]) -> QMenu:
    """Letters C, S, O choose while it is open."""
    menu = QMenu(parent)
    menu.setAccessibleName(tr("Put on a list"))
    menu.aboutToHide.connect(lambda: QTimer.singleShot(0, menu.deleteLater))
    theme = context.look.theme
    waits = {route.kind: route for route in there if route.answered is None}
    for kind in RouteKind:
        entry = menu.addAction(icon(ICONS[kind], theme.tokens.text2, theme.px(18)), f"&{kind_name(kind)}")
        entry.setCheckable(True)
        entry.setChecked(kind in waits)
        job = partial(routing.take_off, route_id=waits[kind].id) if kind in waits else partial(routing.put, key=key, kind=kind)
        write = partial(context.tasks.write, partial(_with, job), context.clock(), failed=context.router.failed.emit)
        entry.triggered.connect(lambda _=False, write=write: write())
    return menu


def _with(job: object, db: object, now: object) -> object:
    return job(db, now=now)  # type: ignore[operator]
