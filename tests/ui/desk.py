"""A real desk in a folder with a few people, and a context on it, for the tests of the window."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QDialog

from relationdesk.services import people, sample
from relationdesk.store import database
from relationdesk.ui.main_window import MainWindow
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


def sample_desk(folder: Path) -> Path:
    """The file of a desk filled with the sample, in this folder."""
    db = database.open_desk(folder)
    sample.build(db, NOW)
    db.close()
    return folder / database.DESK_FILE


def put_away(window: MainWindow) -> None:
    """Close a window with all that it opened."""
    for dialog in window.findChildren(QDialog):
        dialog.close()
    window.close()
    window.context.tasks.close()
    window.deleteLater()
