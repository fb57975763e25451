"""How one decision is taken back or done again, row by row, past what was decided later about the same rows.

A column that was changed again later, or a row that newer work refers to, stays. The later decision then remembers what
was before both, so that all taken back in any order is the beginning.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from relationdesk.saying import marked, say
from relationdesk.store import roles
from relationdesk.store.batch_wording import PROFILE_FIELDS
from relationdesk.store.database import Desk
from relationdesk.store.decision import Row, as_json, known, where_is


def revert(db: Desk, decision_id: int, *, forwards: bool) -> tuple[list[str], dict[str, frozenset[int]]]:
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
        if table == "people" and wanted is None and heirs and heirs[0].after is None:
            left = None  # whoever removed them brings them back, and then they go with `clear_left`: more may rest on them
        else:
            left = _pass_on(db, heirs, current, wanted) if heirs else (current, wanted)
        if left and left[1]:
            _bring_back(db, left[1].get("person_id", key.get("person_id")))
        sentence = _put_back(db, known(table), key, *left) if left else ""
        if table == "people" and "own_company" in (wanted or {}):
            roles.follow(db, [int(str(key["id"]))])  # before the company goes that was made for them
        if sentence or left != (current, wanted):
            told = sentence or _KEPT.get(table, _LATER) if wanted is None else _CHANGED.get(table, _LATER) if sentence else _LATER
            kept.append(say(told))
        collect(table, key, (current, wanted), people, profiles)
    return kept, {"people": frozenset(people), "profiles": frozenset(profiles)}


def clear_left(db: Desk, decision_id: int) -> None:
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
        "UPDATE decision_rows SET before = ? WHERE decision_id = ? AND n = ?", (as_json(before), heir.decision_id, heir.n)
    )


def collect(table: str, key: Row, states: tuple[Row | None, Row | None], people: set[int], profiles: set[int]) -> None:
    if table == "people":
        people.add(int(str(key["id"])))
    if table == "profiles":
        profiles.add(int(str(key["id"])))
    for state in (key, *states):
        if state and isinstance(state.get("person_id"), int):
            people.add(int(str(state["person_id"])))


def _put_back(db: Desk, table: str, key: Row, current: Row | None, wanted: Row | None) -> str:
    """Bring one row from `current` to `wanted`; a sentence to `say` if later work forbids it, else ""."""
    if table in _WITH_PROFILE and wanted is None:
        return ""
    if wanted is None and table in _IN_USE and db.execute(_IN_USE[table], key).fetchone():
        return _KEPT[table]
    where, params = where_is(key)
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
            given = _DERIVED | _TOLD.get(table, _DERIVED)
            decided = [column for column in current if column not in key and column not in given]
            if not all(_is(db, table, where, params, column, current[column]) for column in decided):
                return _KEPT.get(table, _LATER)
            db.execute(f"DELETE FROM {table} WHERE {where}", params)
        elif current is not None and wanted is not None:
            unchanged = [column for column in wanted if _is(db, table, where, params, column, current.get(column))]
            if table not in _BY_COLUMN and len(unchanged) < len(wanted):
                return _CHANGED.get(table, _LATER)
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
            return marked("Something newer has its name or place, so that stays.")
        return _KEPT.get(table, marked("Something newer rests on it, so it stays."))
    finally:
        db.execute("RELEASE put_back")
    return ""


def _company_went(db: Desk, person: Row) -> bool:
    """True if the person's company went meanwhile, with its import or the decision that made it."""
    return not db.execute("SELECT 1 FROM companies WHERE id = ?", (person.get("company_id"),)).fetchone()


_BY_COLUMN = frozenset({"people", "companies", "buckets", "notes", "wishes", "rhythms", "tasks", "round_stops", "templates", "particulars"})
"""Tables whose columns mean something each for itself; in the others (whose profile, which answer) a row goes as one."""

_DERIVED = frozenset({"last_id", "last_in", "last_out", "open_prompts", "looked_at", "folded", "held_from"})
"""Columns that change by themselves: a person who was only read about since is as the decision left them."""

_TOLD = {
    "people": frozenset({"title", "company_id"}),
    "profiles": frozenset((*PROFILE_FIELDS, "native_id", "known", "is_company", "is_owner", "batch_id")),
    "streams": frozenset({"address", "title"}),
    "captures": frozenset({"native_id", "marks", "brought_by", "told_by"}),
    "routes": frozenset({"native_id", "profile_place", "profile_native_id"}),
}
"""What the world says of a row that a decision made: it may have changed since, and is no reason to keep the row."""

_WITH_PROFILE = frozenset({"addresses", "stand_ins", "tellings", "life_days", "revisions"})
"""Rows that go with their profile (by the file, or by `taking_out.tidy`) and stay with it; done again, they come back after it."""

_IN_USE = {
    "companies": "SELECT 1 FROM people WHERE company_id = :id",
    "logins": "SELECT 1 FROM streams WHERE login_id = :id",
    "profiles": "SELECT 1 FROM profiles q JOIN sightings s ON s.tbl = 1 AND s.place_id = q.place_id AND s.native_id = q.native_id WHERE q.id = :id",
}
"""By table: whether something rests on a row that its constraints do not know of."""

_OUT = marked("It went out, or was tried, meanwhile, so it stays as it is. What is out cannot be called back from here.")
_LATER = marked("What was decided later about it stays.")
_KEPT = {
    "people": marked("The person stays, because newer notes or links rest on it."),
    "companies": marked("The company stays, because newer notes or people rest on it."),
    "buckets": marked("The bucket stays, because people were added to it later."),
    "logins": marked("The way into the place stays, because more is followed through it."),
    "profiles": marked("The profile stays, because more of the desk rests on it."),
}
_CHANGED = {"outbox": _OUT}
"""By table: why a row that was changed later is not put back, where that is not a later decision."""


def _is(db: Desk, table: str, where: str, params: tuple[object, ...], column: str, value: object) -> bool:
    row = db.execute(f"SELECT {column} IS ? FROM {table} WHERE {where}", (value, *params)).fetchone()
    return bool(row and row[0])
