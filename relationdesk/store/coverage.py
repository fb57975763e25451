"""What was really read of whom, and until when: the difference between quiet and unknown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from relationdesk.derived import PlaceState
from relationdesk.model import Key
from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment


def of_person(db: Desk, person_id: int) -> tuple[PlaceState, ...]:
    """One state per profile of the person, by place. A place read as a whole covers its profiles.

    Cards (address books, contact lists) hold no activity, so they have no state.
    """
    return of_people(db, (person_id,)).get(person_id, ())


def of_people(db: Desk, person_ids: Iterable[int]) -> dict[int, tuple[PlaceState, ...]]:
    """`of_person` for many at once."""
    rows = db.execute(
        "SELECT q.person_id, l.name, coalesce(nullif(q.handle, ''), q.display_name), c.read_from, c.read_until, c.failed_at, "
        f"c.failure, w.read_from, w.read_until {_READ} AND (c.place_id IS NOT NULL OR w.place_id IS NOT NULL OR EXISTS "
        "(SELECT 1 FROM activities a WHERE a.place_id = q.place_id)) ORDER BY l.name, q.id",
        (json.dumps(sorted(person_ids)),),
    )
    found: dict[int, list[PlaceState]] = defaultdict(list)
    for person_id, *row in rows:
        found[person_id].append(_state(row))
    return {person_id: tuple(states) for person_id, states in found.items()}


def all_read(db: Desk) -> int:
    """Until when every place whose profiles do something was read as a whole (unix seconds); -1 if one never was, or if there
    is none. `least_read` of nobody is less, so that only those need be asked about of whom it is not enough."""
    row = db.execute(
        "SELECT min(coalesce(w.read_until, -1)) FROM places l LEFT JOIN coverage w ON w.place_id = l.id AND w.profile_id = 0 "
        "WHERE EXISTS (SELECT 1 FROM profiles q WHERE q.place_id = l.id AND q.last_id IS NOT NULL)"
    ).fetchone()
    return -1 if row[0] is None else int(row[0])


def least_read(db: Desk, person_ids: Iterable[int]) -> dict[int, int]:
    """Per person: until when the least read of their places with activity is known (unix seconds), -1 never."""
    rows = db.execute(
        f"SELECT q.person_id, min(max(coalesce(c.read_until, -1), coalesce(w.read_until, -1))) {_READ} AND q.place_id IN "
        "(SELECT place_id FROM profiles WHERE last_id IS NOT NULL) GROUP BY q.person_id",
        (json.dumps(sorted(person_ids)),),
    )
    return dict(rows.fetchall())


_READ = """
FROM profiles q JOIN places l ON l.id = q.place_id LEFT JOIN coverage c ON c.place_id = q.place_id AND c.profile_id = q.id
LEFT JOIN coverage w ON w.place_id = q.place_id AND w.profile_id = 0
WHERE q.person_id IN (SELECT value FROM json_each(?))
"""


def _state(row: Sequence[Any]) -> PlaceState:
    place, handle, since, until, failed, failure, all_from, all_until = row
    if all_until is not None and (until is None or all_until > until):
        since, until = all_from, all_until
    return PlaceState(
        place=place, handle=handle, since=maybe_moment(since), until=maybe_moment(until), failed=maybe_moment(failed),
        failure=failure or "",
    )  # fmt: skip


def failed(db: Desk, key: Key, at: int, failure: str) -> None:
    """A profile could not be read since `at` (unix seconds; the first failure counts). Inside `transaction`."""
    db.execute(
        "INSERT INTO coverage(place_id, profile_id, failed_at, failure) SELECT q.place_id, q.id, ?, ? FROM profiles q "
        "JOIN places l ON l.id = q.place_id WHERE l.name = ? AND q.native_id = ? ON CONFLICT DO UPDATE SET "
        "failed_at = coalesce(failed_at, excluded.failed_at), failure = excluded.failure",
        (at, failure, *key),
    )


def read_again(db: Desk, key: Key, at: int) -> None:
    """The place said "nothing new" of this profile at `at` (unix seconds): what is covered reaches until then.

    Inside `transaction`. A profile that was never really read stays so.
    """
    db.execute(
        "UPDATE coverage SET read_until = max(read_until, ?), failed_at = NULL, failure = '' WHERE read_until IS NOT NULL "
        "AND (place_id, profile_id) IN (SELECT q.place_id, q.id FROM profiles q JOIN places l ON l.id = q.place_id "
        "WHERE l.name = ? AND q.native_id = ?)",
        (at, *key),
    )
