"""What went wrong with the desk's file, in one sentence: a full disk, no permission, another program, damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from relationdesk.errors import Cancelled, StoreDamaged, StoreError, StoreReadOnly, StoreUnusable
from relationdesk.saying import say
from relationdesk.store import reserve

DatabaseError = sqlite3.DatabaseError

LOOK_UP = 20_000
"""Steps of the database between two looks whether to stop: some milliseconds."""

_FILE_FAULTS = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT,
     sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM}
)  # fmt: skip


def is_of_the_file(error: Exception) -> bool:
    """True if the disk or the file is at fault, False for a mistake of ours (a wrong statement, a broken constraint)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FILE_FAULTS


@contextmanager
def told(path: Path) -> Iterator[None]:
    """A fault of the disk or of the file, met while reading, as one sentence."""
    try:
        yield
    except sqlite3.DatabaseError as e:
        if not is_of_the_file(e):
            raise
        raise unusable(path, e) from e


@contextmanager
def stopped(db: sqlite3.Connection, stop: Callable[[], bool], sentence: str) -> Iterator[None]:
    """A block whose long statements can be stopped, too. Raises Cancelled with the sentence for what they then raise."""
    db.set_progress_handler(stop, LOOK_UP)
    try:
        yield
    except (sqlite3.DatabaseError, StoreError) as e:
        if stop():
            # Without where it was: since Python 3.12 what leads there leads back here, and keeps open what was being read, and with it the desk.
            raise Cancelled(sentence) from e.with_traceback(None)
        raise
    finally:
        db.set_progress_handler(None, 0)


def unusable(path: Path, error: Exception) -> StoreUnusable:
    """The sentence for a desk that cannot be read or written: full disk, no permission, damage."""
    text = str(error).lower()
    if "full" in text or ("i/o" in text and reserve.has_no_room(path.parent)):
        return StoreUnusable(say("The disk is full. Everything saved so far is safe. Free some space and try again."))
    if "readonly" in text or "permission" in text or "unable to open" in text:
        kind = StoreReadOnly if "readonly" in text else StoreUnusable
        return kind(say("The desk at {path} cannot be written. Nothing was changed. Check the permissions of that folder.", path=path))
    if "locked" in text or "busy" in text:
        return StoreUnusable(say("The desk is busy with another job. Nothing was changed. Try again in a moment."))
    return StoreDamaged(damaged(path))


def damaged(path: Path) -> str:
    """The sentence for a damaged desk, with the newest copy that is not a damaged desk put aside."""
    copies = sorted(copy for copy in (path.parent / "backups").glob("*.db") if "-damaged" not in copy.name)
    newest = say("The newest copy is {copy}.", copy=copies[-1]) if copies else say(
        "There is no copy in its backups folder yet. What can still be read of it can be taken out with: relationdesk "
        '--desk "{folder}" export FOLDER --salvage --private, and FOLDER brought into a new desk with: import FOLDER', folder=path.parent,
    )  # fmt: skip
    return say("The desk at {path} is damaged or is not a desk. It was left exactly as it is. {newest}", path=path, newest=newest)


def is_busy(error: sqlite3.Error) -> bool:
    """Another program writes to the desk just now."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def is_full(error: sqlite3.Error) -> bool:
    """No room for the shared memory beside the desk is reported as an I/O error, not as full."""
    return "full" in str(error).lower() or getattr(error, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE"
