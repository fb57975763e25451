"""Every decision of the user can be taken back, in any order, at any later time, without losing later work.

A decision writes through `Decision`, which keeps each changed row as it was and as it became. Undo puts back only
what still is as the decision left it: a column that was changed again later, or a row that newer work refers to,
stays, and the answer says so. The later decision then remembers what was before both, so that all taken back in any
order is the beginning.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import moment

Row = dict[str, object]

TABLES = frozenset(
    "people companies profiles buckets bucket_people tags notes note_mentions kept_apart prompt_answers tombstones "
    "forgotten".split()
)
"""Only these can be changed by a decision; a table name never comes from outside."""


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
    """What an undo did. kept: sentences about what stayed because later work rests on it."""

    entry: Entry
    kept: tuple[str, ...] = ()
    people: frozenset[int] = frozenset()
    profiles: frozenset[int] = frozenset()


class Decision:
    """The pen of one decision. Made by `decide`, used inside its transaction."""

    def __init__(self, db: Desk, id_: int) -> None:
        self.db = db
        self.id = id_
        self._n = 0

    def insert(self, table: str, row: Row, key: tuple[str, ...] = ("id",)) -> int:
        """Make a row; the id of the new row (0 for tables without one)."""
        _known(table)
        if key == ("id",) and "id" not in row:
            row = {"id": free_id(self.db, table), **row}
        columns = ", ".join(row)
        cursor = self.db.execute(
            f"INSERT INTO {table}({columns}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )
        self.record(table, {name: row[name] for name in key}, None, {name: row[name] for name in row if name != "id"})
        return int(cursor.lastrowid or 0)

    def update(self, table: str, key: Row, values: Row) -> bool:
        """Change columns of one row; False if it was so already or there is no such row."""
        _known(table)
        where, params = _where(key)
        columns = ", ".join(values)
        found = self.db.execute(f"SELECT {columns} FROM {table} WHERE {where}", params).fetchone()
        if found is None:
            return False
        before = dict(zip(values, found, strict=True))
        if before == values:
            return False
        self.db.execute(
            f"UPDATE {table} SET {', '.join(f'{c} = ?' for c in values)} WHERE {where}",
            (*values.values(), *params),
        )
        self.record(table, key, before, values)
        return True

    def delete(self, table: str, key: Row) -> bool:
        """Remove one row, remembering all of it; False if there is none."""
        _known(table)
        where, params = _where(key)
        cursor = self.db.execute(f"SELECT * FROM {table} WHERE {where}", params)
        row = cursor.fetchone()
        if row is None:
            return False
        before = {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
        self.db.execute(f"DELETE FROM {table} WHERE {where}", params)
        self.record(table, key, before, None)
        return True

    def record(self, table: str, key: Row, before: Row | None, after: Row | None) -> None:
        """Remember how undo shall bring a row back, without changing it now."""
        self._n += 1
        self.db.execute(
            "INSERT INTO decision_rows VALUES (?,?,?,?,?,?)",
            (self.id, self._n, table, json.dumps(key), _json(before), _json(after)),
        )


def free_id(db: Desk, table: str) -> int:
    """The next row id that no decision ever meant: SQLite gives the id of a removed last row to the next one, and an
    undo would then meet another person or bucket than its own."""
    return int(
        db.execute(
            f"SELECT 1 + max(coalesce((SELECT max(id) FROM {_known(table)}), 0), "
            "coalesce((SELECT max(json_extract(key, '$.id')) FROM decision_rows WHERE tbl = ?), 0))",
            (table,),
        ).fetchone()[0]
    )


@contextmanager
def decide(db: Desk, kind: str, sentence: str, now: int) -> Iterator[Decision]:
    """One decision in one transaction. `sentence` is shown in the toast and in the list of what can be taken back."""
    with transaction(db):
        cursor = db.execute("INSERT INTO decisions(at, kind, sentence) VALUES (?,?,?)", (now, kind, sentence))
        _set_redoable(db, ())
        yield Decision(db, int(cursor.lastrowid or 0))


def entries(db: Desk, limit: int = 50) -> tuple[Entry, ...]:
    """The newest decisions first, undone ones included."""
    rows = db.execute("SELECT id, at, kind, sentence, undone_at FROM decisions ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(
        Entry(id=id_, at=moment(at), kind=kind, sentence=sentence, undone=undone is not None)
        for id_, at, kind, sentence, undone in rows
    )


def rows(db: Desk, decision_id: int, table: str) -> tuple[tuple[Row, Row | None, Row | None], ...]:
    """(key, before, after) of the rows of one table that a decision changed, in order."""
    found = db.execute(
        "SELECT key, before, after FROM decision_rows WHERE decision_id = ? AND tbl = ? ORDER BY n", (decision_id, table)
    )
    return tuple(
        (json.loads(key), json.loads(before) if before else None, json.loads(after) if after else None)
        for key, before, after in found
    )


def undo(db: Desk, decision_id: int | None, now: int) -> Undone:
    """Take back one decision (None: the newest not yet undone). Raises UserMistake if there is none."""
    with transaction(db):
        if decision_id is None:
            row = db.execute("SELECT max(id) FROM decisions WHERE undone_at IS NULL").fetchone()
            decision_id = row[0]
        if decision_id is None:
            raise UserMistake("There is nothing to take back.")
        entry = next((e for e in _one(db, decision_id) if not e.undone), None)
        if entry is None:
            raise UserMistake("This was taken back already.")
        kept, touched = _revert(db, decision_id, forwards=False)
        db.execute("UPDATE decisions SET undone_at = ? WHERE id = ?", (now, decision_id))
        _clear_left(db, decision_id)
        _set_redoable(db, (*_redoable(db), decision_id))
        return Undone(entry=entry, kept=tuple(kept), people=touched["people"], profiles=touched["profiles"])


def redo(db: Desk, decision_id: int | None = None) -> Undone:
    """Do again what was taken back last (or this one). Raises UserMistake if there is none.

    As in every editor a new decision ends what could be done again; one that is named can be done again at any time.
    """
    with transaction(db):
        left = _redoable(db)
        decision_id = left[-1] if decision_id is None and left else decision_id
        entry = None if decision_id is None else next(iter(_one(db, decision_id)), None)
        if entry is None or not entry.undone:
            raise UserMistake("There is nothing to do again.")
        kept, touched = _revert(db, entry.id, forwards=True)
        db.execute("UPDATE decisions SET undone_at = NULL WHERE id = ?", (entry.id,))
        _set_redoable(db, (n for n in left if n != entry.id))
        return Undone(entry=entry, kept=tuple(kept), people=touched["people"], profiles=touched["profiles"])


_REDOABLE = "ledger:redoable"
"""The setting that holds the ids of decisions taken back since the last new one, in that order."""


def _redoable(db: Desk) -> tuple[int, ...]:
    row = db.execute("SELECT value FROM settings WHERE name = ?", (_REDOABLE,)).fetchone()
    return tuple(json.loads(row[0])) if row else ()


def _set_redoable(db: Desk, ids: Iterable[int]) -> None:
    db.execute("INSERT OR REPLACE INTO settings VALUES (?,?)", (_REDOABLE, json.dumps(list(ids))))


def _one(db: Desk, decision_id: int) -> Iterator[Entry]:
    for id_, at, kind, sentence, undone in db.execute(
        "SELECT id, at, kind, sentence, undone_at FROM decisions WHERE id = ?", (decision_id,)
    ):
        yield Entry(id=id_, at=moment(at), kind=kind, sentence=sentence, undone=undone is not None)


def _revert(db: Desk, decision_id: int, *, forwards: bool) -> tuple[list[str], dict[str, frozenset[int]]]:
    order = "n" if forwards else "n DESC"
    rows = db.execute(
        f"SELECT tbl, key, before, after FROM decision_rows WHERE decision_id = ? ORDER BY {order}", (decision_id,)
    ).fetchall()
    later = _later(db, decision_id)
    kept: list[str] = []
    people: set[int] = set()
    profiles: set[int] = set()
    for table, key_text, before_text, after_text in rows:
        key = json.loads(key_text)
        now_is, then = (before_text, after_text) if forwards else (after_text, before_text)
        current = json.loads(now_is) if now_is else None
        wanted = json.loads(then) if then else None
        heirs = later.get((table, key_text), [])
        left = _pass_on(db, heirs, current, wanted) if heirs else (current, wanted)
        if left and left[1]:
            _bring_back(db, left[1].get("person_id", key.get("person_id")))
        sentence = _put_back(db, _known(table), key, *left) if left else ""
        if sentence or left != (current, wanted):
            kept.append(sentence or _KEPT.get(table, _LATER) if wanted is None else _LATER)
        _collect(table, key, (current, wanted), people, profiles)
    return kept, {"people": frozenset(people), "profiles": frozenset(profiles)}


def _clear_left(db: Desk, decision_id: int) -> None:
    """What an earlier decision had made stayed when that was taken back, if this one rested on it; now it can go."""
    for table, key, after in db.execute(
        "SELECT r.tbl, r.key, r.after FROM decision_rows r JOIN decisions d ON d.id = r.decision_id WHERE d.undone_at IS NOT NULL "
        "AND r.before IS NULL AND r.after IS NOT NULL AND r.decision_id < ? AND r.tbl IN (SELECT value FROM json_each(?)) ORDER BY r.decision_id DESC, r.n DESC",
        (decision_id, json.dumps(list(_KEPT))),
    ).fetchall():
        _put_back(db, table, json.loads(key), json.loads(after), None)


def _bring_back(db: Desk, person_id: object) -> None:
    """A person whom a decision in force removed as empty is there again once something is theirs again; that decision
    no longer means them."""
    row = db.execute(
        "SELECT r.decision_id, r.n, r.before FROM decision_rows r JOIN decisions d ON d.id = r.decision_id AND d.undone_at IS NULL "
        "WHERE r.tbl = 'people' AND r.key = ? AND r.before IS NOT NULL AND r.after IS NULL AND NOT EXISTS (SELECT 1 FROM people WHERE id = ?)",
        (json.dumps({"id": person_id}), person_id),
    ).fetchone() if isinstance(person_id, int) else None  # fmt: skip
    if row is not None:
        _put_back(db, "people", {"id": person_id}, None, json.loads(row[2]))
        db.execute("DELETE FROM decision_rows WHERE decision_id = ? AND n = ?", row[:2])


@dataclass(slots=True)
class _Heir:
    """A row of a later decision that is in force. Once an earlier one is taken back, it remembers what was before both."""

    decision_id: int
    n: int
    before: Row | None
    after: Row | None


def _later(db: Desk, decision_id: int) -> dict[tuple[str, str], list[_Heir]]:
    """What later decisions did to each row, in their order: (table, key) → heirs."""
    found: dict[tuple[str, str], list[_Heir]] = {}
    for table, key, id_, n, before, after in db.execute(
        "SELECT r.tbl, r.key, r.decision_id, r.n, r.before, r.after FROM decision_rows r JOIN decisions d ON "
        "d.id = r.decision_id WHERE r.decision_id > ? AND d.undone_at IS NULL ORDER BY r.decision_id, r.n",
        (decision_id,),
    ):
        heir = _Heir(id_, n, json.loads(before) if before else None, json.loads(after) if after else None)
        found.setdefault((table, key), []).append(heir)
    return found


def _pass_on(db: Desk, heirs: list[_Heir], current: Row | None, wanted: Row | None) -> tuple[Row, Row] | None:
    """What a later decision changed again stays as that one left it; taken back, it leads to `wanted` then.

    Answers what nobody changed later: (columns as they are, as they shall be), None if that is nothing.
    """
    first = heirs[0]
    if current is None or wanted is None:
        columns = wanted if first.after is None or wanted is None else {c: v for c, v in wanted.items() if c in first.after}
        _remember(db, first, columns)
        return None
    free_now, free_then = dict(current), dict(wanted)
    for column in wanted:
        heir = next((h for h in heirs if h.before is not None and column in h.before), None)
        if heir is not None:
            _remember(db, heir, {**(heir.before or {}), column: wanted[column]})
            del free_now[column], free_then[column]
    return (free_now, free_then) if free_then else None


def _remember(db: Desk, heir: _Heir, before: Row | None) -> None:
    heir.before = before
    db.execute(
        "UPDATE decision_rows SET before = ? WHERE decision_id = ? AND n = ?", (_json(before), heir.decision_id, heir.n)
    )


def _collect(table: str, key: Row, states: tuple[Row | None, Row | None], people: set[int], profiles: set[int]) -> None:
    if table == "people":
        people.add(int(str(key["id"])))
    if table == "profiles":
        profiles.add(int(str(key["id"])))
    for state in (key, *states):
        if state and isinstance(state.get("person_id"), int):
            people.add(int(str(state["person_id"])))


def _put_back(db: Desk, table: str, key: Row, current: Row | None, wanted: Row | None) -> str:
    """Bring one row from `current` to `wanted`; a sentence if later work forbids it, else ""."""
    where, params = _where(key)
    db.execute("SAVEPOINT put_back")
    try:
        if current is None and wanted is not None:
            values = {**key, **wanted}
            if table == "people" and _company_went(db, values):
                values["company_id"] = None
            db.execute(
                f"INSERT INTO {table}({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                tuple(values.values()),
            )
        elif current is not None and wanted is None:
            given = _DERIVED | {"company_id"} if table == "people" and _company_went(db, current) else _DERIVED
            decided = [column for column in current if column not in key and column not in given]
            if not all(_is(db, table, where, params, column, current[column]) for column in decided):
                return _KEPT.get(table, _LATER)
            db.execute(f"DELETE FROM {table} WHERE {where}", params)
        elif current is not None and wanted is not None:
            unchanged = [column for column in wanted if _is(db, table, where, params, column, current.get(column))]
            if table not in _BY_COLUMN and len(unchanged) < len(wanted):
                return _LATER
            if unchanged:
                db.execute(
                    f"UPDATE {table} SET {', '.join(f'{c} = ?' for c in unchanged)} WHERE {where}",
                    (*(wanted[c] for c in unchanged), *params),
                )
            if len(unchanged) < len(wanted):
                return _LATER
    except sqlite3.IntegrityError:
        db.execute("ROLLBACK TO put_back")
        if wanted is not None:
            return "Something newer has its name or place, so that stays."
        return _KEPT.get(table, "Something newer rests on it, so it stays.")
    finally:
        db.execute("RELEASE put_back")
    return ""


def _company_went(db: Desk, person: Row) -> bool:
    """True if the person's company went meanwhile, with its import or the decision that made it."""
    return not db.execute("SELECT 1 FROM companies WHERE id = ?", (person.get("company_id"),)).fetchone()


_BY_COLUMN = frozenset({"people", "companies", "buckets", "notes"})
"""Tables whose columns mean something each for itself; in the others (whose profile, which answer) a row goes as one."""

_DERIVED = frozenset({"last_id", "last_in", "last_out", "open_prompts", "looked_at", "folded"})
"""Columns that change by themselves: a person who was only read about since is as the decision left them."""

_LATER = "What was decided later about it stays."
_KEPT = {
    "people": "The person stays, because newer notes or links rest on it.",
    "companies": "The company stays, because newer notes or people rest on it.",
    "buckets": "The bucket stays, because people were added to it later.",
}


def _is(db: Desk, table: str, where: str, params: tuple[object, ...], column: str, value: object) -> bool:
    row = db.execute(f"SELECT {column} IS ? FROM {table} WHERE {where}", (value, *params)).fetchone()
    return bool(row and row[0])


def _known(table: str) -> str:
    if table not in TABLES:
        raise ValueError(f"no decision changes {table}")
    return table


def _where(key: Row) -> tuple[str, tuple[object, ...]]:
    return " AND ".join(f"{column} = ?" for column in key), tuple(key.values())


def _json(row: Row | None) -> str | None:
    return None if row is None else json.dumps(row, ensure_ascii=False)
