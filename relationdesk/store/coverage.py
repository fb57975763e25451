"""What was really read of whom, and until when: the difference between quiet and unknown."""

from __future__ import annotations

from relationdesk.model import Key, PlaceState
from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment


def of_person(db: Desk, person_id: int) -> tuple[PlaceState, ...]:
    """One state per profile of the person, by place. A place read as a whole covers its profiles.

    Cards (address books, contact lists) hold no activity, so they have no state.
    """
    rows = db.execute(
        "SELECT l.name, coalesce(nullif(q.handle, ''), q.display_name), c.read_from, c.read_until, c.failed_at, c.failure, "
        "w.read_from, w.read_until FROM profiles q JOIN places l ON l.id = q.place_id "
        "LEFT JOIN coverage c ON c.place_id = q.place_id AND c.profile_id = q.id "
        "LEFT JOIN coverage w ON w.place_id = q.place_id AND w.profile_id = 0 WHERE q.person_id = ? AND (c.place_id IS NOT NULL OR w.place_id IS NOT NULL OR EXISTS "
        "(SELECT 1 FROM activities a WHERE a.place_id = q.place_id)) ORDER BY l.name, q.id",
        (person_id,),
    )
    return tuple(_state(row) for row in rows)


def _state(row: tuple[object, ...]) -> PlaceState:
    place, handle, own_from, own_until, failed, failure, all_from, all_until = row
    since, until = (own_from, own_until)
    if all_until is not None and (own_until is None or int(str(all_until)) > int(str(own_until))):
        since, until = all_from, all_until
    return PlaceState(
        place=str(place), handle=str(handle), since=maybe_moment(_int(since)), until=maybe_moment(_int(until)),
        failed=maybe_moment(_int(failed)), failure=str(failure or ""),
    )  # fmt: skip


def _int(value: object) -> int | None:
    return None if value is None else int(str(value))


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
