"""Taking back a decision on which a later compound rests (combine, split, keep apart): as if it had never been made.

What such a later decision did follows from what there was. So everything later that hangs together with it is taken back in
reverse order, then the one that is meant, then all of it is done again in order, and a compound looks anew at what there is.
A decision keeps its number and its time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision, Row, known, where_is
from relationdesk.store.reverting import collect, revert

Again = Mapping[str, Callable[[Decision, Row], None]]
"""By kind of decision: does it again, from what it was told."""
NOTHING: Again = MappingProxyType({})

_APART = frozenset({"note", "trash", "send", "hold", "give up", "retry"})
"""Words stay with whom they were written for, whatever becomes of the person, so such a decision need not be done again."""


def resting_on(db: Desk, decision_id: int, *, forwards: bool = False) -> tuple[int, ...]:
    """Decisions in force that are later and hang together with this one, oldest first; none where no compound is among
    them, since each of the others is taken back alone. forwards: this one is to be made again; a compound then looks at what
    there was when it was made, so whatever came later about the same steps aside for it."""
    later = db.execute(
        "SELECT d.id, d.kind, c.decision_id IS NOT NULL FROM decisions d LEFT JOIN compounds c ON c.decision_id = d.id "
        "WHERE d.id > ? AND d.undone_at IS NULL ORDER BY d.id",
        (decision_id,),
    ).fetchall()
    looks = forwards and db.execute("SELECT 1 FROM compounds WHERE decision_id = ?", (decision_id,)).fetchone() is not None
    if not looks and not any(is_compound for *_, is_compound in later):
        return ()
    about = {id_: _about(db, id_) for id_, kind, _ in later if kind not in _APART}
    reach, inside = _about(db, decision_id), set[int]()
    while fresh := {id_ for id_, what in about.items() if id_ not in inside and what & reach}:
        inside |= fresh
        reach = reach.union(*(about[id_] for id_ in fresh))
    return tuple(sorted(inside)) if looks or any(is_compound and id_ in inside for id_, _, is_compound in later) else ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a decision that was taken back or made again: what stayed, and whom and what it touched.

    anew: later decisions that were made again on top of it, oldest first.
    """

    kept: tuple[str, ...]
    people: frozenset[int]
    profiles: frozenset[int]
    anew: tuple[int, ...] = ()


def under_later(db: Desk, decision_id: int, again: Again, *, forwards: bool) -> Change:
    """Take this decision back (forwards: make it again) beneath the later ones that rest on it. Inside `transaction`."""
    later = resting_on(db, decision_id, forwards=forwards)
    if later:
        touched = _touched(db, later)
        db.execute("SAVEPOINT under_later")
        try:
            left: dict[int, list[str]] = {}
            for id_ in reversed(later):
                left[id_] = revert(db, id_, forwards=False)[0]
                db.execute("UPDATE decisions SET undone_at = 0 WHERE id = ?", (id_,))  # meanwhile it is no heir of the earlier ones
            change = _alone(db, decision_id, again, forwards=forwards)
            for id_ in later:
                perform(db, id_, again)
                db.execute("UPDATE decisions SET undone_at = NULL WHERE id = ?", (id_,))
        except sqlite3.IntegrityError:  # the user's work rests on what would go: then all later work stays as it is
            db.execute("ROLLBACK TO under_later")
            later = ()
        finally:
            db.execute("RELEASE under_later")
        if later:
            more = _touched(db, later)
            idle = (id_ for id_ in later if not db.execute("SELECT 1 FROM decision_rows WHERE decision_id = ?", (id_,)).fetchone())
            kept = (*change.kept, *(sentence for id_ in idle for sentence in left[id_]))
            return Change(kept, change.people | touched[0] | more[0], change.profiles | touched[1] | more[1], later)
    return _alone(db, decision_id, again, forwards=forwards)


def _alone(db: Desk, decision_id: int, again: Again, *, forwards: bool) -> Change:
    is_compound = db.execute("SELECT 1 FROM compounds WHERE decision_id = ?", (decision_id,)).fetchone()
    if forwards and is_compound:
        perform(db, decision_id, again)
        return Change((), *_touched(db, (decision_id,)))
    kept, touched = revert(db, decision_id, forwards=forwards)
    return Change(tuple(kept), touched["people"], touched["profiles"])


def _touched(db: Desk, ids: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """People and profiles in the rows of these decisions."""
    people: set[int] = set()
    profiles: set[int] = set()
    for table, key, before, after in db.execute(
        "SELECT tbl, key, before, after FROM decision_rows WHERE decision_id IN (SELECT value FROM json_each(?))", (json.dumps([*ids]),)
    ):
        states = (json.loads(before) if before else None, json.loads(after) if after else None)
        collect(table, json.loads(key), states, people, profiles)
    return frozenset(people), frozenset(profiles)


def perform(db: Desk, decision_id: int, again: Again) -> None:
    """Make one decision's changes anew: a compound from what it was told, any other by what its rows became."""
    kind, told = db.execute(
        "SELECT d.kind, c.told FROM decisions d LEFT JOIN compounds c ON c.decision_id = d.id WHERE d.id = ?", (decision_id,)
    ).fetchone()
    rows = db.execute("SELECT tbl, key, before, after FROM decision_rows WHERE decision_id = ? ORDER BY n", (decision_id,)).fetchall()
    db.execute("DELETE FROM decision_rows WHERE decision_id = ?", (decision_id,))
    pen = Decision(db, decision_id)
    if told is not None and kind in again:
        again[kind](pen, json.loads(told))
        return
    for table, key, before, after in rows:
        was, becomes = (None if state is None else json.loads(state) for state in (before, after))
        _write(pen, table, json.loads(key), was, becomes)


def _write(pen: Decision, table: str, key: Row, before: Row | None, after: Row | None) -> None:
    """One row of a decision, made again: what it became, whatever is there now."""
    condition, values = where_is(key)
    there = pen.db.execute(f"SELECT 1 FROM {known(table)} WHERE {condition}", values).fetchone() is not None
    if after is None:
        pen.delete(table, key)
    elif there and before is None:
        pen.make_again(table, key, after)
    elif there and after:
        pen.update(table, key, after)
    elif there:
        pen.affirm(table, key)
    elif before is None or not after:  # it was made, or wanted to be there; else it changed a row that never was, now
        pen.insert(table, {**key, **after}, key=tuple(key))


def _about(db: Desk, decision_id: int) -> frozenset[str]:
    """What a decision touches: its rows, and the people they name, as texts that can be compared."""
    found: set[str] = set()
    for table, key_text, before, after in db.execute(
        "SELECT tbl, key, before, after FROM decision_rows WHERE decision_id = ?", (decision_id,)
    ):
        key = json.loads(key_text)
        found.add(f"{table} {key_text}")
        for state in (key, json.loads(before or "{}"), json.loads(after or "{}")):
            for column, named in (("person_id", "people"), ("profile_id", "profiles")):
                if isinstance(state.get(column), int):
                    found.add(f'{named} {{"id": {state[column]}}}')
            for uid in (state.get("person_uid"), str(state.get("other", "")).removeprefix("person:")):
                row = db.execute("SELECT id FROM people WHERE uid = ?", (uid,)).fetchone() if uid else None
                if row is not None:
                    found.add(f'people {{"id": {row[0]}}}')
    return frozenset(found)
