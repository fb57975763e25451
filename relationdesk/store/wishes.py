"""What was agreed about keeping in touch: wishes of people, wanted rhythms, steps of the ladder. Set-based, for many people at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from relationdesk.model import Key
from relationdesk.store.database import Desk
from relationdesk.wishes import Step, WantedRhythm, Wish

_COLUMNS = "w.id, w.uid, w.person_id, w.places, w.every_days, w.not_until, w.opted_out, w.said, w.source, w.place, w.native_id"
_NEWEST = "coalesce(w.said, date(w.saved_at, 'unixepoch')) DESC, w.saved_at DESC, w.id DESC"
"""A wish of which it is not known when it was said counts from the day on which it was written down."""


def _wish(row: tuple[Any, ...]) -> Wish:
    id_, uid, person_id, places, every_days, not_until, opted_out, said, source, place, native_id = row
    return Wish(
        id=id_, uid=uid, person_id=person_id, places=tuple(json.loads(places)) if places else (), every_days=every_days,
        not_until=day(not_until), opted_out=bool(opted_out), said=day(said), source=source,
        activity=Key(place, native_id) if place else None,
    )  # fmt: skip


def day(text: str | None) -> date | None:
    """A day as the store writes it."""
    return None if text is None else date.fromisoformat(text)


def current(db: Desk, ids: Iterable[int] | None = None) -> dict[int, Wish]:
    """The wish that holds, by person; ids None: everybody's. People who never asked for anything are not in it."""
    some, values = _some("w.person_id", ids)
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM (SELECT w.*, row_number() OVER (PARTITION BY w.person_id ORDER BY {_NEWEST}) AS place_in_line FROM wishes w{some}) w "
        "WHERE w.place_in_line = 1",
        values,
    )
    return {wish.person_id: wish for wish in map(_wish, rows)}


def of_person(db: Desk, person_id: int) -> tuple[Wish, ...]:
    """All that a person ever asked for, the one that holds first."""
    return tuple(map(_wish, db.execute(f"SELECT {_COLUMNS} FROM wishes w WHERE w.person_id = ? ORDER BY {_NEWEST}", (person_id,))))


def get(db: Desk, wish_id: int) -> Wish | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM wishes w WHERE w.id = ?", (wish_id,)).fetchone()
    return _wish(row) if row else None


def by_uid(db: Desk, uid: str) -> Wish | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM wishes w WHERE w.uid = ?", (uid,)).fetchone()
    return _wish(row) if row else None


def wanted(db: Desk, ids: Iterable[int] | None = None) -> dict[int, WantedRhythm]:
    """The rhythm that is wanted, by person: their own, else that of their buckets, the shortest of several. ids None: everybody's.

    People for whom none is wanted are not in it.
    """
    some, values = _some("person_id", ids)
    found: dict[int, WantedRhythm] = {}
    rows = db.execute(
        "SELECT x.person_id, r.wished_days, r.longest_days, r.as_they_do, b.name FROM rhythms r JOIN buckets b ON b.id = r.bucket_id "
        f"JOIN (SELECT bucket_id, person_id FROM bucket_people{some}) x ON x.bucket_id = r.bucket_id "
        "ORDER BY r.wished_days DESC, r.longest_days IS NULL DESC, r.longest_days DESC, b.position DESC, b.id DESC",
        values,
    )
    for row in (*rows, *db.execute(f"SELECT person_id, wished_days, longest_days, as_they_do, '' FROM rhythms{some or ' WHERE person_id IS NOT NULL'}", values)):
        found[row[0]] = _rhythm(row[1:])
    return found


def _rhythm(row: tuple[Any, ...]) -> WantedRhythm:
    return WantedRhythm(wished_days=row[0], longest_days=row[1], as_they_do=bool(row[2]), of=row[3])


def own_rhythm(db: Desk, person_id: int) -> tuple[int, WantedRhythm] | None:
    """(id, rhythm) set for this person alone."""
    row = db.execute("SELECT id, wished_days, longest_days, as_they_do, '' FROM rhythms WHERE person_id = ?", (person_id,)).fetchone()
    return (row[0], _rhythm(row[1:])) if row else None


def of_buckets(db: Desk) -> dict[int, tuple[int, WantedRhythm]]:
    """(id, rhythm) by bucket."""
    rows = db.execute("SELECT r.bucket_id, r.id, r.wished_days, r.longest_days, r.as_they_do, b.name FROM rhythms r JOIN buckets b ON b.id = r.bucket_id")
    return {row[0]: (row[1], _rhythm(row[2:])) for row in rows}


def steps(db: Desk) -> dict[int, Step]:
    """The step of the ladder by bucket."""
    return {row[0]: Step(row[1]) for row in db.execute("SELECT bucket_id, step FROM steps")}


def steps_of_people(db: Desk, ids: Iterable[int] | None = None) -> dict[int, Step]:
    """The step on which somebody stands: the highest of their buckets'. ids None: everybody's."""
    some, values = _some("x.person_id", ids)
    found: dict[int, Step] = {}
    order = list(Step)
    for person_id, name in db.execute(f"SELECT x.person_id, s.step FROM steps s JOIN bucket_people x ON x.bucket_id = s.bucket_id{some}", values):
        if person_id not in found or order.index(Step(name)) > order.index(found[person_id]):
            found[person_id] = Step(name)
    return found


def _some(column: str, ids: Iterable[int] | None) -> tuple[str, tuple[str, ...]]:
    """A WHERE and its values; nothing for everybody."""
    return ("", ()) if ids is None else (f" WHERE {column} IN (SELECT value FROM json_each(?))", (json.dumps(sorted(set(ids))),))
