"""A page on a real desk, and all it asks of the window: tasks with their threads, a router that is listened to, a fixed clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from relationdesk.errors import RelationDeskError
from relationdesk.store import database
from relationdesk.store.database import Desk
from relationdesk.ui.page import Context, Router
from relationdesk.ui.tasks import Tasks
from relationdesk.ui.theme import Look
from tests.facts import NOW


@dataclass
class Office:
    """What a page was asked to do, and the desk it did it on. `db` is a second connection, for looking."""

    context: Context
    db: Desk
    qtbot: QtBot
    went: list[Any] = field(default_factory=list)
    failed: list[RelationDeskError] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    synced: list[Any] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)  # dialogs: qtbot holds them only weakly
    bugs: list[Exception] = field(default_factory=list)

    def wait(self, until: Callable[[], object] = lambda: True) -> None:
        """Until nothing runs any more and `until` holds."""
        self.qtbot.waitUntil(lambda: not self.context.tasks.busy() and bool(until()), timeout=10_000)
        assert not self.bugs, self.bugs


@contextmanager
def office(folder: Path, look: Look, qtbot: QtBot, fill: Callable[[Desk], object] = lambda db: None) -> Iterator[Office]:
    """Open a new desk in `folder`, fill it, and give a page what it needs."""
    db = database.open_desk(folder)
    fill(db)
    tasks = Tasks(folder / database.DESK_FILE)
    router = Router()
    made = Office(Context(tasks, look, router, lambda: NOW), db, qtbot)
    router.go.connect(made.went.append)
    router.failed.connect(made.failed.append)
    router.toast.connect(lambda text, _: made.toasts.append(text))
    router.new_note.connect(made.notes.append)
    router.sync.connect(made.synced.append)
    router.connect_place.connect(made.connected.append)
    tasks.changed.connect(made.changes.append)
    tasks.bug.connect(made.bugs.append)
    try:
        yield made
    finally:
        tasks.close()
        db.close()
