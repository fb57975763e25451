"""Every decision of the user can be taken back, in any order, at any later time, without losing later work.

A decision writes through `Decision`, which keeps each changed row as it was and as it became. Undo puts back only
what still is as the decision left it: a column that was changed again later, or a row that newer work refers to,
stays, and the answer says so. The later decision then remembers what was before both, so that all taken back in any
order is the beginning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relationdesk.errors import UserMistake
from relationdesk.saying import say
from relationdesk.store.database import Desk, transaction
from relationdesk.store.decision import Decision, Row, as_json
from relationdesk.store.reverting import clear_left
from relationdesk.store.timekey import moment
from relationdesk.store.unwinding import NOTHING, Again, Change, under_later


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision, newest first in lists. at: aware UTC."""

    id: int
    at: datetime
    kind: str
    sentence: str
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo did. kept: sentences about what stayed because later work rests on it. anew: later decisions that were made
    again because they rest on it, oldest first."""

    entry: Entry
    kept: tuple[str, ...] = ()
    people: frozenset[int] = frozenset()
    profiles: frozenset[int] = frozenset()
    anew: tuple[int, ...] = ()


@contextmanager
def decide(db: Desk, kind: str, sentence: str, now: int) -> Iterator[Decision]:
    """One decision in one transaction. `sentence` is shown in the toast and in the list of what can be taken back."""
    with transaction(db):
        cursor = db.execute("INSERT INTO decisions(at, kind, sentence) VALUES (?,?,?)", (now, kind, sentence))
        _set_redoable(db, ())
        yield Decision(db, int(cursor.lastrowid or 0))


_SELECT = "SELECT id, at, kind, sentence, undone_at FROM decisions "


def entries(db: Desk, limit: int = 50) -> tuple[Entry, ...]:
    """The newest decisions first, undone ones included."""
    return tuple(map(_entry, db.execute(_SELECT + "ORDER BY id DESC LIMIT ?", (limit,))))


def some(db: Desk, ids: Iterable[int]) -> tuple[Entry, ...]:
    """These decisions, newest first; unknown ids are left out."""
    rows = db.execute(_SELECT + "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC", (json.dumps([*ids]),))
    return tuple(map(_entry, rows))


def _entry(row: tuple[Any, ...]) -> Entry:
    id_, at, kind, sentence, undone = row
    return Entry(id=id_, at=moment(at), kind=kind, sentence=sentence, undone=undone is not None)


def kind(db: Desk, decision_id: int) -> str:
    return str(db.execute("SELECT kind FROM decisions WHERE id = ?", (decision_id,)).fetchone()[0])


def rows(db: Desk, decision_id: int, table: str) -> tuple[tuple[Row, Row | None, Row | None], ...]:
    """(key, before, after) of the rows of one table that a decision changed, in order."""
    found = db.execute(
        "SELECT key, before, after FROM decision_rows WHERE decision_id = ? AND tbl = ? ORDER BY n", (decision_id, table)
    )
    return tuple(
        (json.loads(key), json.loads(before) if before else None, json.loads(after) if after else None)
        for key, before, after in found
    )


def compound(d: Decision, told: Row) -> None:
    """This decision looks at what there is: it is made again from `told` when an earlier one is taken back."""
    d.db.execute("INSERT INTO compounds VALUES (?,?)", (d.id, as_json(told)))


def next_to_undo(db: Desk, decision_id: int | None) -> Entry | None:
    """The decision that `undo` would take back, None if there is none."""
    if decision_id is None:
        decision_id = db.execute("SELECT max(id) FROM decisions WHERE undone_at IS NULL").fetchone()[0]
    return None if decision_id is None else next((e for e in some(db, [decision_id]) if not e.undone), None)


def next_to_redo(db: Desk, decision_id: int | None) -> Entry | None:
    """The decision that `redo` would do again, None if there is none."""
    left = _redoable(db)
    decision_id = left[-1] if decision_id is None and left else decision_id
    entry = None if decision_id is None else next(iter(some(db, [decision_id])), None)
    return entry if entry is not None and entry.undone else None


def undo(db: Desk, decision_id: int | None, now: int, again: Again = NOTHING) -> Undone:
    """Take back one decision (None: the newest not yet undone). Raises UserMistake if there is none.

    again: how compounds that rest on it are made anew, by kind.
    """
    with transaction(db):
        entry = next_to_undo(db, decision_id)
        if entry is None and decision_id is None:
            raise UserMistake(say("There is nothing to take back."))
        if entry is None:
            raise UserMistake(say("This was taken back already."))
        change = under_later(db, entry.id, again, forwards=False)
        db.execute("UPDATE decisions SET undone_at = ? WHERE id = ?", (now, entry.id))
        clear_left(db, entry.id)
        _set_redoable(db, (*_redoable(db), entry.id))
        return _undone(entry, change)


def redo(db: Desk, decision_id: int | None = None, again: Again = NOTHING) -> Undone:
    """Do again what was taken back last (or this one). Raises UserMistake if there is none.

    As in every editor a new decision ends what could be done again; one that is named can be done again at any time.
    """
    with transaction(db):
        left, entry = _redoable(db), next_to_redo(db, decision_id)
        if entry is None:
            raise UserMistake(say("There is nothing to do again."))
        change = under_later(db, entry.id, again, forwards=True)
        db.execute("UPDATE decisions SET undone_at = NULL WHERE id = ?", (entry.id,))
        _set_redoable(db, (n for n in left if n != entry.id))
        return _undone(entry, change)


def _undone(entry: Entry, change: Change) -> Undone:
    return Undone(entry=entry, kept=change.kept, people=change.people, profiles=change.profiles, anew=change.anew)


_REDOABLE = "ledger:redoable"
"""The setting that holds the ids of decisions taken back since the last new one, in that order."""


def _redoable(db: Desk) -> tuple[int, ...]:
    row = db.execute("SELECT value FROM settings WHERE name = ?", (_REDOABLE,)).fetchone()
    return tuple(json.loads(row[0])) if row else ()


def _set_redoable(db: Desk, ids: Iterable[int]) -> None:
    db.execute("INSERT OR REPLACE INTO settings VALUES (?,?)", (_REDOABLE, json.dumps(list(ids))))
