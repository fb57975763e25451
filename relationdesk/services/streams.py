"""What the people of a bucket did, as one stream, newest first: by keyset both ways, whoever of them it was."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from relationdesk.derived import Filter, Item, PlaceState, Week
from relationdesk.flip.timeline import fold_cross_posts
from relationdesk.model import Bucket, Key
from relationdesk.services.review import PAGE, RAIL_WEEKS, Stretch, first_week, in_view, piece, weeks_from
from relationdesk.store import activities, buckets, coverage, people, spans, stretches
from relationdesk.store.activities import FIRST
from relationdesk.store.database import Desk
from relationdesk.store.timekey import id_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A piece of the stream and what it is of. bucket: None when it is no longer there. places: in which its people are, by name."""

    stretch: Stretch
    bucket: Bucket | None
    places: tuple[str, ...] = ()


def look_at(db: Desk, bucket_id: int, *, at: Key | None = None, which: Filter | None = None, limit: int = PAGE) -> Stream:
    """From the newest on or, with `at`, around that item: up to a dozen newer ones above it."""
    bucket = next((b for b in buckets.every(db) if b.id == bucket_id), None)
    if bucket is None:
        return Stream(stretch=Stretch(items=()), bucket=None)
    ids = json.dumps(buckets.people_of(db, bucket_id))
    places = db.execute(
        "SELECT DISTINCT l.name FROM profiles q JOIN places l ON l.id = q.place_id WHERE q.last_id IS NOT NULL AND (q.person_id IN "
        "(SELECT value FROM json_each(?1)) OR q.id IN (SELECT profile_id FROM spans WHERE person_id IN (SELECT value FROM json_each(?1)))) ORDER BY l.name",
        (ids,),
    )
    part = stretch(db, bucket_id, which=which, limit=limit) if at is None else _around(db, bucket_id, at, which, limit)
    return Stream(stretch=part, bucket=bucket, places=tuple(name for (name,) in places))


def stretch(
    db: Desk, bucket_id: int, *, before: int = FIRST, after: int | None = None, which: Filter | None = None, limit: int = PAGE
) -> Stretch:
    """One more piece: older than `before`, or (with `after`) newer than that position. What somebody posted in several places is one item."""
    return _folded(_unfolded(db, bucket_id, before=before, after=after, which=which, limit=limit))


def _folded(part: Stretch) -> Stretch:
    return replace(part, items=tuple(fold_cross_posts(part.items)))


def _unfolded(
    db: Desk, bucket_id: int, *, before: int = FIRST, after: int | None = None, which: Filter | None = None, limit: int = PAGE
) -> Stretch:
    ids = buckets.people_of(db, bucket_id)
    mine = people.my_profiles(db) if which is not None and which.directions else frozenset[int]()
    found: tuple[Item, ...] = activities.of_people(db, ids, before=before, after=after, which=which, limit=limit, mine=mine)
    return piece(found, after=after, limit=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How much the people of a bucket did in each of the last RAIL_WEEKS, oldest first, and what was read of each of their places: where
    several are read in one place, as far as any of them."""

    weeks: tuple[Week, ...]
    coverage: tuple[PlaceState, ...]


def past(db: Desk, bucket_id: int, now: datetime) -> Past:
    """By week, whatever is chosen of it."""
    ids = buckets.people_of(db, bucket_id)
    held = spans.of_people(db, ids)
    first = first_week(now)
    counts = {week: (count, 0) for week, count in stretches.per_week(db, held, id_at(first)).items()}
    return Past(weeks=weeks_from(first, RAIL_WEEKS, counts), coverage=_by_place(state for states in coverage.of_people(db, ids).values() for state in states))


def _by_place(states: Iterable[PlaceState]) -> tuple[PlaceState, ...]:
    """One for each place: from the earliest until the latest that anybody's was read there."""
    found: dict[str, PlaceState] = {}
    for state in states:
        if state.until is not None:
            before = found.get(state.place, state)
            since = None if before.since is None or state.since is None else min(before.since, state.since)
            found[state.place] = PlaceState(place=state.place, since=since, until=max(before.until or state.until, state.until))
    return tuple(found[place] for place in sorted(found))


def _around(db: Desk, bucket_id: int, at: Key, which: Filter | None, limit: int) -> Stretch:
    target, read = activities.by_key(db, at), partial(_unfolded, db, bucket_id, which=which)
    return _folded(in_view(read, target.id, limit) if target is not None else read(limit=limit))
