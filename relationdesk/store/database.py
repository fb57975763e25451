"""The desk's file: open it safely, copy it aside, write through one door. The only module that knows a connection.

A desk is one folder with `desk.db` in it. What must hold here: every write begins IMMEDIATE and is flushed to disk
before it counts; a damaged or newer desk is never written to; a verified copy lies aside before every migration.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from relationdesk.errors import StoreDamaged, StoreReadOnly, StoreTooNew, StoreUnusable
from relationdesk.saying import say
from relationdesk.store import reserve, writer_turns
from relationdesk.store.faults import damaged, is_full, is_of_the_file, unusable
from relationdesk.store.shape import APPLICATION, DIGEST, PARTS, SHAPE, digest

Desk = sqlite3.Connection
"""An open desk, for the thread that opened it. Written only inside `transaction`."""

DESK_FILE = "desk.db"
MARK_FILE = "whole"
BUSY_SECONDS = 30.0

LOG_PAGES, LONG_LOG = 1_000, 12_000
"""Pages in the write-ahead log from which on a writer brings them into the desk's file, as usual for SQLite; and from which
on a job that sees to the log itself has it begun anew."""

_turns = writer_turns.Turns()
tending_log = _turns.tending
"""A block of many transactions that sees to the log itself (`PRAGMA wal_checkpoint`), so that no note has to."""


def open_desk(folder: Path) -> Desk:
    """Open (or make) the desk in `folder`, brought up to the newest shape.

    Raises StoreTooNew for a desk of a newer program, StoreUnusable for one that is damaged, unreadable or on a full
    disk; in both cases nothing was written.
    """
    os.umask(0o077)
    path = folder / DESK_FILE
    own(folder)
    is_new = not path.exists()
    is_whole = not is_new and _stamp(path) is not None and _stamp(path) == _read_mark(folder)
    try:
        try:
            db = _checked(path, is_new=is_new, is_whole=is_whole)
        except sqlite3.DatabaseError:  # without room for the journal no desk opens, and no last note is saved
            if not (reserve.has_no_room(folder) and reserve.give_up(folder)):
                raise
            db = _checked(path, is_new=is_new, is_whole=is_whole)
    except sqlite3.DatabaseError as e:
        raise unusable(path, e) from e
    reserve.keep(folder)
    return db


def own(folder: Path) -> None:
    """A folder for the user alone. Raises StoreUnusable, StoreReadOnly if there is a desk in it that can be looked at."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as e:
        raise StoreUnusable(say("The desk folder {folder} cannot be used ({reason}). Choose another folder.", folder=folder, reason=e.strerror)) from e
    with suppress(OSError):  # a file system without rights (a memory stick) has none to give
        folder.chmod(0o700)
    if not os.access(folder, os.W_OK):
        if (folder / DESK_FILE).exists():
            raise StoreReadOnly(
                say("The desk folder {folder} can only be read. Nothing was changed and everything in it is safe. It can be looked at; to work with it, allow writing there or copy the folder to another place.", folder=folder)
            )
        raise StoreUnusable(say("The desk folder {folder} cannot be written. Nothing was changed. Choose another folder.", folder=folder))


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
    db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    with _closed_on_error(db):
        if made:
            path.chmod(0o600)
        _configured(db)
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


MAPPED = 2**30
"""Bytes of the desk's file that are read where the system has them, without a copy: of what a sync asks for its prompts in a desk of 550 MB, seven
thousand pages were copied when it was a quarter of that. They are the system's, which takes them back where it is short of memory."""


def set_frugal(db: Desk, frugal: bool) -> None:
    """frugal: what is sorted goes to temporary files and nothing is mapped, for bulk work in bounded memory.

    Otherwise as usual: quicker, but a sort takes what it needs. Not inside a transaction; drops temporary tables.
    """
    db.execute(f"PRAGMA temp_store = {'FILE' if frugal else 'MEMORY'}")
    db.execute(f"PRAGMA mmap_size = {0 if frugal else MAPPED}").fetchone()


def _refuse_unfit(path: Path, *, is_whole: bool) -> None:
    """Damage, a newer desk and a foreign database are found before the first write, on a connection that cannot write.

    The whole file is looked over (seconds for a million activities) unless it is, to the byte and the nanosecond, as
    a program of ours left it when it closed in order.
    """
    if path.stat().st_size == 0:  # an empty file where a desk used to be is damage, never a new desk
        if (path.parent / reserve.RESERVE_FILE).exists() or any((path.parent / "backups").glob("*.db")):
            raise StoreDamaged(damaged(path))
        return
    _end_what_was_cut_off(path)
    db = connect_readonly(path)
    try:
        refuse_foreign(db, path)
        if not is_whole and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StoreDamaged(damaged(path))
    finally:
        db.close()


def _end_what_was_cut_off(path: Path) -> None:
    """A desk that the power cut while it was being made has a journal beside it. It is played back, as any reader has to, which a
    connection that cannot write is not able to do."""
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists() and journal.stat().st_size > 0:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as db:
            db.execute("PRAGMA user_version").fetchone()


def refuse_foreign(db: Desk, path: Path) -> None:
    """Raises StoreTooNew for a desk of a newer program, StoreUnusable for a database of another one, or for a desk with
    tables, triggers or views that this program never made: those could do anything once the desk is written to."""
    (shape,), (mark,) = db.execute("PRAGMA user_version").fetchone(), db.execute("PRAGMA application_id").fetchone()
    parts = db.execute(PARTS).fetchall()
    ours = any(name == "_sqlite_migrations" for _, name, _ in parts)
    if mark not in (0, APPLICATION) or (parts and not ours):
        raise StoreUnusable(say("{path} is a database of another program. It was left exactly as it is. Choose another one.", path=path))
    if shape > SHAPE:
        raise StoreTooNew(newer(shape))
    if shape == SHAPE and digest(parts) != DIGEST:
        raise StoreUnusable(
            say("{path} holds tables or triggers that RelationDesk did not make. It was left exactly as it is. Choose another one.", path=path)
        )


def newer(shape: int) -> str:
    return (
        say("This desk was written by a newer version of RelationDesk (shape {shape}; this program knows {known}). It was left as it is. Install the newer version.", shape=shape, known=SHAPE)
    )


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


def migrate(db: Desk, path: Path | None) -> None:
    """Bring the shape up to date; a verified copy is put aside first. Foreign keys are off meanwhile, then checked."""
    (shape,) = db.execute("PRAGMA user_version").fetchone()
    if shape == SHAPE:
        return
    if shape > SHAPE:
        raise StoreTooNew(newer(shape))
    from sqlite_utils import Database

    from relationdesk.store.migrations_latest import migrations

    utils = Database(db)
    if migrations.applied(utils) and path is not None:
        copy_aside(db, path.parent / "backups", f"before-shape-{SHAPE}")
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        db.execute("BEGIN IMMEDIATE")  # all of them or none, and only one program at a time
        migrations.apply(utils)
        if db.execute("PRAGMA foreign_key_check").fetchone() or digest(db.execute(PARTS)) != DIGEST:
            raise StoreUnusable(
                say("The desk could not be brought up to date, so it was left as it was. A copy is in its backups folder.")
            )
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {SHAPE}")
        db.execute("COMMIT")
    finally:
        _rollback(db)
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
    with _turns.taken():
        try:
            _begin(db)
            yield
            _commit(db)
        except sqlite3.DatabaseError as e:
            _rollback(db)
            if is_full(e):  # the next, small write (the open note) finds room
                reserve.give_up(database_path(db).parent)
            if not is_of_the_file(e):
                raise
            raise unusable(database_path(db), e) from e
        except BaseException:
            _rollback(db)
            raise


def _begin(db: Desk) -> None:
    def folder() -> Path:
        return database_path(db).parent

    try:
        writer_turns.begin(db, folder, BUSY_SECONDS)
    except sqlite3.OperationalError as e:
        if not is_full(e) or not reserve.give_up(folder()):
            raise
        writer_turns.begin(db, folder, BUSY_SECONDS)


def _commit(db: Desk) -> None:
    """What is small stays in memory until here, so that a full disk shows here: tried once more with the reserve."""
    db.execute(f"PRAGMA wal_autocheckpoint = {0 if _turns.tended else LOG_PAGES}")
    try:
        db.execute("COMMIT")
    except sqlite3.OperationalError as e:
        if not is_full(e) or not db.in_transaction or not reserve.give_up(database_path(db).parent):
            raise
        db.execute("COMMIT")


def bring_in_log(db: Desk) -> None:
    """The write-ahead log comes into the desk's file while others may write; one that grew long begins anew. Not inside `transaction`."""
    (_, pages, _) = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if pages > LONG_LOG:
        with _turns.taken():  # what came meanwhile is little
            db.execute("PRAGMA busy_timeout = 0")
            db.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
            db.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


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
    target = free_name(folder, label)
    copy_to(db, target)
    return target


def free_name(folder: Path, label: str) -> Path:
    """A file name that is not taken, by time and label, in a folder that is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as e:
        raise StoreUnusable(say("The folder {folder} for copies cannot be made ({reason}). The desk is unchanged.", folder=folder, reason=e.strerror)) from e
    stamp = datetime.fromtimestamp(time.time(), UTC).strftime("%Y%m%dT%H%M%SZ")
    tails = chain(("",), (f"-{n}" for n in count(2)))
    return next(name for tail in tails if not (name := folder / f"{stamp}-{label}{tail}.db").exists())


def flush_folder(folder: Path) -> None:
    """The names themselves reach the disk; where a folder cannot be flushed (Windows), the system sees to it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
            raise StoreUnusable(say("The copy could not be verified, so it was thrown away. The desk itself is unchanged."))
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
        flush_folder(target.parent)
    except sqlite3.DatabaseError as e:
        raise unusable(target, e) from e
    except OSError as e:
        raise StoreUnusable(
            say("The copy could not be written to {parent} ({reason}). The desk is unchanged.", parent=target.parent, reason=e.strerror)
        ) from e
    finally:
        part.unlink(missing_ok=True)
