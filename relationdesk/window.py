"""Opens the desk and its window; where there is no screen, shows the main job in words instead."""

from __future__ import annotations

import builtins
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import Cancelled, DeskInUse, RelationDeskError, StoreDamaged, StoreReadOnly, StoreUnusable
from relationdesk.services import owner
from relationdesk.store import database, reserve
from relationdesk.store.folder import warning

SCREENS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
"""Any of them says where a window can be shown."""


def open_window(desk: Path) -> int:
    """Run the window until it is closed; its exit code. A desk that cannot be used is told in one sentence."""
    if not has_screen():
        return in_words(desk)
    hurry()
    from relationdesk.ui import application

    with _in_words_instead(desk):
        application.application()
    against = "" if (desk / database.DESK_FILE).exists() else warning(desk)
    if against and not application.asked(
        application.application(), "This is not a good place for a desk", against, "Use it all the same"
    ):
        return 1
    try:
        with owner.owned(desk) as mine:
            code = application.run(desk, first_start=_opened(desk), owner=mine)
            database.mark_whole(desk)
            return code
    except DeskInUse:
        return application.run(desk, first_start=False)  # raises the window that has it
    except Cancelled:
        return 1
    except RelationDeskError as e:
        return _looked_at(desk, e)


def _looked_at(desk: Path, error: RelationDeskError) -> int:
    """What can be read of a desk that cannot be opened, in a window that writes nothing; else the sentence. The exit code.

    Nobody owns the desk meanwhile: as soon as it can be opened again, a new start opens it.
    """
    from relationdesk.services import desk_copy
    from relationdesk.ui import application

    try:
        if not isinstance(error, StoreUnusable):
            raise error
        with desk_copy.looked(desk, error) as looked:
            return application.look(looked)
    except RelationDeskError as e:
        sys.stderr.write(f"{e}\n")
        return application.refused(application.application(), e)


def _opened(desk: Path) -> bool:
    """Look the desk over, and put its newest copy in its place if it is damaged and the user says so; True if it is empty.

    Raises Cancelled if the user closes the question, StoreDamaged to look at what can be read.
    """
    from relationdesk.ui import application

    try:
        db = database.open_desk(desk)
    except StoreUnusable as e:
        from relationdesk.services import backup

        copy = backup.newest(desk)
        if isinstance(e, StoreReadOnly) or copy is None or reserve.has_no_room(desk):
            raise
        put = f"Put back the copy of {copy.at.astimezone():%Y-%m-%d %H:%M}"
        answers = ("Look at what can be read", put) if isinstance(e, StoreDamaged) else (put,)
        answer = application.asked(application.application(), "This desk cannot be opened", str(e), *answers)
        if not answer:
            raise Cancelled("Nothing was changed.") from e
        if answer < len(answers):
            raise
        backup.restore(desk, copy.path)
        db = database.open_desk(desk)
    is_empty = db.execute("SELECT count(*) FROM people").fetchone()[0] == 0
    database.close_desk(db)
    return bool(is_empty)


@contextmanager
def _in_words_instead(desk: Path) -> Iterator[None]:
    """Qt ends the process when it can open no window (a DISPLAY that nobody serves, a library that is missing). Inside the
    block the program begins again instead, without a screen; why is on standard error."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def on_message(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        if kind != QtMsgType.QtFatalMsg:
            sys.stderr.write(f"{text}\n")
            return
        sys.stderr.flush()
        environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
        os.execve(sys.executable, [sys.executable, "-m", "relationdesk", f"--desk={desk}"], environment)

    qInstallMessageHandler(on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(None)


def hurry() -> None:
    """What is made while starting stays: looking through it for rubbish can wait until the first picture (application.py
    switches the collector on again). And no import is read for `from __feature__ import …`, which we do not use: PySide
    would read the source of every module once more for it."""
    gc.disable()
    import PySide6.QtCore  # noqa: F401 - it exchanges the import function when it is first imported

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def has_screen() -> bool:
    """False on Linux without a display, unless a platform for Qt is named."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in SCREENS)


def in_words(desk: Path) -> int:
    """The main job in the terminal, on a sample desk beside the user's own, which is not touched."""
    from relationdesk.cli.main import run as command
    from relationdesk.services import sample

    folder = desk.with_name(desk.name + "-sample")
    say = sys.stdout.write
    say("There is no screen here, so the window cannot open. This is its main job in words, on the sample desk.\n\n")
    sys.stdout.flush()
    db = database.open_desk(folder)
    try:
        if db.execute("SELECT count(*) FROM people").fetchone()[0] == 0:
            built = sample.build(db, datetime.now(UTC))
            say(f"Brought in from raw files and a recorded web: {built.people} people, {built.activities} activities.\n")
    finally:
        db.close()
    say("\nJoe Brown, newest first:\n")
    sys.stdout.flush()
    at = ["--desk", str(folder)]
    if code := command([*at, "timeline", "Joe Brown", "--limit", "15"]):
        return code
    say("\nToday:\n")
    sys.stdout.flush()
    if code := command([*at, "today"]):
        return code
    out = Path("build") if Path("pyproject.toml").exists() else folder
    out.mkdir(exist_ok=True)
    say(f"\nThis sample desk lies in {folder}. Here is what its window looks like:\n")
    sys.stdout.flush()
    picture = out / "window.png"
    return command([*at, "picture", "person", str(picture), "--who", "Joe Brown"])
