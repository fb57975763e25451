"""What can still be read of a damaged desk, as a new desk that is thrown away afterwards. The damaged one is only copied.

Rows are read in their order. Where the file cannot be read, reading goes on at the nearest row behind the damage that can:
found by jumps that grow until one succeeds, then by halving the last one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from relationdesk.errors import StoreUnusable
from relationdesk.saying import say
from relationdesk.store import half_imports, leaving, portions, taking_back
from relationdesk.store.database import DESK_FILE, Desk, connect_readonly, open_desk, refuse_foreign, transaction
from relationdesk.store.faults import DatabaseError
from relationdesk.store.leaving import Going
from relationdesk.text import fold

_FARTHEST = 2**62
UNREADABLE = "Somebody (the name could not be read)"
_SEEN = (
    "SELECT profile_id, place_id FROM activities UNION SELECT x.profile_id, a.place_id FROM participants x JOIN activities a ON a.id = x.activity_id"
)
"""Profiles that are known by what they did, or had done to them."""


@contextmanager
def salvaged(folder: Path) -> Iterator[Desk]:
    """A desk of all rows that can be read and fit together. Raises StoreUnusable if there is no such row."""
    with tempfile.TemporaryDirectory(prefix="relationdesk-salvage-") as scratch:
        copy = Path(scratch) / DESK_FILE
        try:
            for tail in ("", "-wal"):
                if (folder / f"{DESK_FILE}{tail}").exists():
                    shutil.copyfile(folder / f"{DESK_FILE}{tail}", copy.with_name(copy.name + tail))
        except OSError as e:
            raise StoreUnusable(say("The desk at {folder} cannot be read ({reason}). Nothing was changed.", folder=folder, reason=e.strerror)) from e
        with closing(open_desk(Path(scratch) / "new")) as new:
            try:
                with closing(connect_readonly(copy)) as damaged:
                    refuse_foreign(damaged, folder / DESK_FILE)
                    new.execute("PRAGMA foreign_keys = OFF")
                    with transaction(new):
                        for table, columns, has_rowid in _tables(new):
                            _copy(damaged, new, table, columns, has_rowid)
                        _fit_together(new)
                    new.execute("PRAGMA foreign_keys = ON")
                    _without_halves(new)
            except DatabaseError as e:
                raise StoreUnusable(say("Nothing of the desk at {folder} can be read any more ({reason}). It was left as it is.", folder=folder, reason=e)) from e
            yield new


def _without_halves(db: Desk) -> None:
    """An import that was coming in or being undone when the desk was damaged goes, if what can be read of it lets it; what cannot go stays."""
    for half in half_imports.every(db):
        with suppress(DatabaseError, ValueError):
            portions.in_portions(db, taking_back.take_back(db, half) if half.leaving_at is None else leaving.take_out(db, half, Going(is_resumed=True)))
    with transaction(db):
        db.execute("DELETE FROM halves")


def _tables(db: Desk) -> list[tuple[str, str, bool]]:
    """(name, columns, whether rows are numbered) of every table but the search index, which is derived."""
    found = db.execute("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB '*sqlite_*'")
    return [
        (name, ", ".join(f'"{row[1]}"' for row in db.execute(f"PRAGMA table_info({name})")), not without)
        for name, without in found.fetchall()
    ]


def _copy(damaged: Desk, new: Desk, table: str, columns: str, has_rowid: bool) -> None:
    new.execute(f"DELETE FROM {table}")  # what a new desk is born with
    put = f"INSERT OR IGNORE INTO {table}({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"
    if not has_rowid:  # from both ends: small tables of decisions and bookkeeping
        key = ", ".join(f'"{row[1]}"' for row in new.execute(f"PRAGMA table_info({table})") if row[5])
        down = ", ".join(f"{column} DESC" for column in key.split(", "))
        for order in (key, down):
            _keep(new, put, _until_damage(damaged, f"SELECT {columns} FROM {table} ORDER BY {order}"))
        return
    question = f"SELECT rowid, {columns} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid"
    at: int | None = -_FARTHEST
    while at is not None:
        for row in _until_damage(damaged, question, at):
            at = int(row[0])
            _keep(new, put, iter([row[1:]]))
        while alone := _next(damaged, question, at):  # the last one before the damage: the library looks one row ahead
            at = int(alone[0])
            _keep(new, put, iter([alone[1:]]))
        at = _behind(damaged, question, at)


def _until_damage(damaged: Desk, question: str, *values: int) -> Iterator[tuple[Any, ...]]:
    with suppress(DatabaseError):
        yield from damaged.execute(question, values)


def _keep(new: Desk, put: str, rows: Iterator[tuple[object, ...]]) -> None:
    for row in rows:
        with suppress(DatabaseError):  # what damage made of a row fits no column
            new.execute(put, row)


def _next(damaged: Desk, question: str, after: int) -> tuple[Any, ...] | None:
    """The row behind this number, () at the end of the table; None if it cannot be read."""
    try:
        return damaged.execute(f"{question} LIMIT 1", (after,)).fetchone() or ()
    except DatabaseError:
        return None


def _behind(damaged: Desk, question: str, last: int) -> int | None:
    """The number after which rows can be read again; None at the end of the table."""
    step = 1
    while _next(damaged, question, last + step) is None:
        if last + step > _FARTHEST:
            return None
        step *= 2
    low, high = step // 2, step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _next(damaged, question, last + middle) is None else (low, middle)
    return last + high if _next(damaged, question, last + high) else None


def _fit_together(db: Desk) -> None:
    """A note, a wish, a follow-up or a particular whose person is gone keeps a person without a name, an activity whose profile is gone such a profile; else a
    row without what it belongs to goes."""
    orphans = " UNION ".join(f"SELECT person_id FROM {table} WHERE person_id NOT IN (SELECT id FROM people)" for table in ("notes", "wishes", "tasks", "particulars"))
    db.execute(
        "INSERT INTO people(id, uid, name, folded, made_at) "
        f"SELECT person_id, lower(hex(randomblob(16))), ?, lower(?), 0 FROM ({orphans})", (UNREADABLE, UNREADABLE),
    )  # fmt: skip
    db.execute(
        "INSERT INTO profiles(id, place_id, native_id, display_name, folded) "
        f"SELECT profile_id, min(place_id), 'unreadable:' || profile_id, ?, ? FROM ({_SEEN}) "
        "WHERE profile_id NOT IN (SELECT id FROM profiles) GROUP BY profile_id", (UNREADABLE, fold(UNREADABLE)),
    )  # fmt: skip
    while broken := db.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid, _, key in broken:
            column = next(row[3] for row in db.execute(f"PRAGMA foreign_key_list({table})") if row[0] == key)
            parent = next(row[2] for row in db.execute(f"PRAGMA foreign_key_list({table})") if row[0] == key)
            nullable = any(row[1] == column and not row[3] for row in db.execute(f"PRAGMA table_info({table})"))
            if rowid is None:  # a table without numbers
                db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent})")
            elif nullable and table not in ("notes", "rhythms", "tasks"):  # these belong to one of two
                db.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = ?", (rowid,))
            else:
                db.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
