"""A real desk in a folder with a few people, and a context on it, for the tests of the window."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from relationdesk.services import people
from relationdesk.store import database
from relationdesk.ui.page import Context, Router
from relationdesk.ui.tasks import Tasks
from relationdesk.ui.theme import Look

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)
NAMES = (("Ann Example", "Example Foods"), ("Ben Example", "Example Foods"), ("Cleo Sample", "Sample Works"))


def make_desk(folder: Path, names: tuple[tuple[str, str], ...] = NAMES) -> Path:
    """The desk's file, filled with people and one bucket that holds the first of them."""
    db = database.open_desk(folder)
    ids = [people.add_person(db, name, NOW, company)[0] for name, company in names]
    bucket, _ = people.make_bucket(db, "Key people", NOW)
    if ids:
        people.set_in_bucket(db, bucket, (ids[0],), True, NOW)
    db.close()
    return folder / database.DESK_FILE


def context_on(file: Path, look: Look) -> Context:
    return Context(tasks=Tasks(file), look=look, router=Router(), clock=lambda: NOW)
