"""The desk's file: open it safely, copy it aside, write through one door. The only module that knows a connection.

A desk is one folder with `desk.db` in it. What must hold here: every write begins IMMEDIATE and is flushed to disk
before it counts; a damaged or newer desk is never written to; a verified copy lies aside before every migration.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import StoreTooNew, StoreUnusable

Desk = sqlite3.Connection
"""An open desk, for the thread that opened it. Written only inside `transaction`."""

DatabaseError = sqlite3.DatabaseError

SHAPE = 4
"""Number of migrations this program knows, kept in `PRAGMA user_version`: the usual start need not import sqlite-utils,
which costs more than a bare window. A test compares it with migrations.py."""

DESK_FILE = "desk.db"
MARK_FILE = "whole"
RESERVE_FILE = "reserve"
RESERVE_BYTES = 4 * 1024 * 1024  # given back to the disk when it is full, so that the last note can still be saved
_NO_ROOM = 256 * 1024  # bytes: what the files beside an open desk need
BUSY_SECONDS = 30.0

_write_lock = threading.RLock()


def open_desk(folder: Path) -> Desk:
    """Open (or make) the desk in `folder`, brought up to the newest shape.

    Raises StoreTooNew for a desk of a newer program, StoreUnusable for one that is damaged, unreadable or on a full
    disk; in both cases nothing was written.
    """
    os.umask(0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as e:
        raise StoreUnusable(f"The desk folder {folder} cannot be used ({e.strerror}). Choose another folder.") from e
    path = folder / DESK_FILE
    is_new = not path.exists()
    is_whole = not is_new and _stamp(path) is not None and _stamp(path) == _read_mark(folder)
    try:
        try:
            db = _checked(path, is_new=is_new, is_whole=is_whole)
        except sqlite3.DatabaseError:  # without room for the journal no desk opens, and no last note is saved
            if not (has_no_room(folder) and free_reserve(folder)):
                raise
            db = _checked(path, is_new=is_new, is_whole=is_whole)
    except sqlite3.DatabaseError as e:
        raise unusable(path, e) from e
    _keep_reserve(folder)
    return db


def _checked(path: Path, *, is_new: bool, is_whole: bool) -> Desk:
    if not is_new:
        _refuse_unfit(path, is_whole=is_whole)
    db = connect(path)
    with _closed_on_error(db):
        migrate(db, path)
    return db


@contextmanager
def _closed_on_error(db: Desk) -> Iterator[None]:
    try:
        yield
    except BaseException:
        db.close()
        raise


def open_memory() -> Desk:
    """A desk in memory, newest shape, for tests and small jobs."""
    db = _configured(sqlite3.connect(":memory:", isolation_level=None))
    migrate(db, None)
    return db


def connect(path: Path) -> Desk:
    """One more connection to an open desk, for one thread. No migration, no check."""
    made = not path.exists()
    conn = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    if made:
        path.chmod(0o600)
    db = _configured(conn)
    db.execute("PRAGMA journal_mode = WAL").fetchone()
    return db


def connect_readonly(path: Path) -> Desk:
    """A connection that cannot write, for a file that may be foreign or damaged (backups, checks)."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def _configured(db: Desk) -> Desk:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    set_frugal(db, False)
    return db


def set_frugal(db: Desk, frugal: bool) -> None:
    """frugal: what is sorted goes to temporary files and nothing is mapped, for bulk work in bounded memory.

    Otherwise as usual: quicker, but a sort takes what it needs. Not inside a transaction; drops temporary tables.
    """
    db.execute(f"PRAGMA temp_store = {'FILE' if frugal else 'MEMORY'}")
    db.execute(f"PRAGMA mmap_size = {0 if frugal else 268_435_456}").fetchone()


def _refuse_unfit(path: Path, *, is_whole: bool) -> None:
    """Damage, a newer desk and a foreign database are found before the first write, on a connection that cannot write.

    The whole file is looked over (seconds for a million activities) unless it is, to the byte and the nanosecond, as
    a program of ours left it when it closed in order.
    """
    if path.stat().st_size == 0:  # an empty file where a desk used to be is damage, never a new desk
        if (path.parent / RESERVE_FILE).exists() or any((path.parent / "backups").glob("*.db")):
            raise StoreUnusable(_damage_sentence(path))
        return
    db = connect_readonly(path)
    try:
        (shape,) = db.execute("PRAGMA user_version").fetchone()
        names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if shape > SHAPE:
            raise StoreTooNew(_NEWER)
        if names and "_sqlite_migrations" not in names:
            raise StoreUnusable(
                f"{path} is a database of another program. It was left exactly as it is. Choose another folder."
            )
        if not is_whole and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StoreUnusable(_damage_sentence(path))
    finally:
        db.close()


_NEWER = "This desk was written by a newer version of RelationDesk. It was left as it is. Install the newer version."


def close_desk(db: Desk) -> None:
    """Close the last connection in order, and remember that the file is whole, for a quick next start."""
    path = database_path(db)
    db.close()
    mark_whole(path.parent)


def mark_whole(folder: Path) -> None:
    """Every connection is closed in order: the next start need not look the whole file over."""
    stamp = _stamp(folder / DESK_FILE)
    if stamp is not None:
        with suppress(OSError):
            (folder / MARK_FILE).write_text(stamp, encoding="utf-8")


def _stamp(path: Path) -> str | None:
    """Size and time of the file; None while there is a journal beside it, that is while it is open or was cut off."""
    try:
        if path.with_name(path.name + "-wal").exists():
            return None
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_size} {found.st_mtime_ns}"


def _read_mark(folder: Path) -> str | None:
    try:
        return (folder / MARK_FILE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def unusable(path: Path, error: Exception) -> StoreUnusable:
    """The sentence for a desk that cannot be read or written: full disk, no permission, damage."""
    text = str(error).lower()
    if "full" in text or ("i/o" in text and has_no_room(path.parent)):
        return StoreUnusable("The disk is full. Everything saved so far is safe. Free some space and try again.")
    if "readonly" in text or "permission" in text or "unable to open" in text:
        return StoreUnusable(
            f"The desk at {path} cannot be written. Nothing was changed. Check the permissions of that folder."
        )
    if "locked" in text or "busy" in text:
        return StoreUnusable("The desk is busy with another job. Nothing was changed. Try again in a moment.")
    return StoreUnusable(_damage_sentence(path))


def _damage_sentence(path: Path) -> str:
    copies = sorted((path.parent / "backups").glob("*.db")) if path.parent.exists() else []
    newest = f"The newest copy is {copies[-1]}." if copies else "There is no copy in its backups folder yet."
    return f"The desk at {path} is damaged or is not a desk. It was left exactly as it is. {newest}"


def migrate(db: Desk, path: Path | None) -> None:
    """Bring the shape up to date; a verified copy is put aside first. Foreign keys are off meanwhile, then checked."""
    (shape,) = db.execute("PRAGMA user_version").fetchone()
    if shape == SHAPE:
        return
    if shape > SHAPE:
        raise StoreTooNew(_NEWER)
    from sqlite_utils import Database

    from relationdesk.store.migrations import migrations

    utils = Database(db)
    pending = migrations.pending(utils)
    if migrations.applied(utils) and path is not None:
        copy_aside(db, path.parent / "backups", f"before-{pending[0].name.split('_')[0]}" if pending else "before")
    db.execute("PRAGMA foreign_keys = OFF")
    migrations.apply(utils)
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreUnusable("The desk could not be brought up to date. The copy made before is in its backups folder.")
    db.execute(f"PRAGMA user_version = {SHAPE}")
    db.execute("PRAGMA foreign_keys = ON")


@contextmanager
def transaction(db: Desk) -> Iterator[None]:
    """The one door for writing: one writer at a time, BEGIN IMMEDIATE, all or nothing.

    Raises StoreUnusable for a full or unwritable disk; then nothing of the block was kept. A block inside a block
    joins the outer one.
    """
    if db.in_transaction:
        yield
        return
    with _write_lock:
        try:
            _begin(db)
            yield
            _commit(db)
        except sqlite3.OperationalError as e:
            _rollback(db)
            if _is_full(e):  # the next, small write (the open note) finds room
                free_reserve(database_path(db).parent)
            raise unusable(database_path(db), e) from e
        except BaseException:
            _rollback(db)
            raise


def _begin(db: Desk) -> None:
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as e:
        if not _is_full(e) or not free_reserve(database_path(db).parent):
            raise
        db.execute("BEGIN IMMEDIATE")


def _commit(db: Desk) -> None:
    """What is small stays in memory until here, so that a full disk shows here: tried once more with the reserve."""
    try:
        db.execute("COMMIT")
    except sqlite3.OperationalError as e:
        if not _is_full(e) or not db.in_transaction or not free_reserve(database_path(db).parent):
            raise
        db.execute("COMMIT")


def _is_full(error: sqlite3.Error) -> bool:
    """No room for the shared memory beside the desk is reported as an I/O error, not as full."""
    return "full" in str(error).lower() or getattr(error, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE"


def has_no_room(folder: Path) -> bool:
    """True if the disk is full: SQLite reports that as an I/O error or a file it cannot open, too."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free < _NO_ROOM
    return False


def _rollback(db: Desk) -> None:
    with suppress(sqlite3.Error):
        if db.in_transaction:
            db.execute("ROLLBACK")


def database_path(db: Desk) -> Path:
    """Where this connection's desk lies; Path(":memory:") for one in memory."""
    row = db.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    return Path(row[0]) if row and row[0] else Path(":memory:")


def copy_aside(db: Desk, folder: Path, label: str) -> Path:
    """A verified copy of the desk in `folder`, named by time and label. Only a checked copy gets its final name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = datetime.fromtimestamp(time.time(), UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"{stamp}-{label}.db"
    n = 1
    while target.exists():
        n += 1
        target = folder / f"{stamp}-{label}-{n}.db"
    copy_to(db, target)
    return target


def copy_to(db: Desk, target: Path) -> None:
    """VACUUM INTO a part file, check it, flush it, rename it. Raises StoreUnusable; then `target` is as it was."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        db.execute("VACUUM INTO ?", (str(part),))
        part.chmod(0o600)
        check = connect_readonly(part)
        (answer,) = check.execute("PRAGMA integrity_check(1)").fetchone()
        check.close()
        if answer != "ok":
            raise StoreUnusable("The copy could not be verified, so it was thrown away. The desk itself is unchanged.")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except sqlite3.DatabaseError as e:
        raise unusable(target, e) from e
    except OSError as e:
        raise StoreUnusable(
            f"The copy could not be written to {target.parent} ({e.strerror}). The desk is unchanged."
        ) from e
    finally:
        part.unlink(missing_ok=True)


def _keep_reserve(folder: Path) -> None:
    """A whole reserve or none: a disk that is nearly full keeps its last room for the desk itself."""
    path = folder / RESERVE_FILE
    part = folder / f"{RESERVE_FILE}.part"
    try:
        if path.exists() or shutil.disk_usage(folder).free < 2 * RESERVE_BYTES:
            return
        part.write_bytes(os.urandom(RESERVE_BYTES))  # zeros would take no room where the file system packs them
        part.chmod(0o600)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def free_reserve(folder: Path) -> bool:
    """Give the reserved space back to a full disk. True if there was any."""
    path = folder / RESERVE_FILE
    existed = path.exists()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return existed
