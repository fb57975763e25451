"""What profiles wrote themselves in public, and what was written elsewhere at the same time: found by the key of activities, which holds the
time, without an index of words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from relationdesk.model import Kind
from relationdesk.store import spans
from relationdesk.store.database import Desk

OWN = (Kind.POST, Kind.ARTICLE, Kind.VIDEO, Kind.PHOTO)
_OWN = "a.audience = 0 AND a.precision < 2 AND a.kind IN (SELECT id FROM kinds WHERE name IN (SELECT value FROM json_each(:own))) AND length(a.text) >= :long"
MOST_BESIDE = 300
"""Activities of one stretch of time that are looked at: more at once is an import's own date, not a time."""


class Own(NamedTuple):
    """id: position; person_id: whose the profile is, or was then."""

    id: int
    place_id: int
    profile_id: int
    person_id: int | None
    text: str


def newest(db: Desk, profile_ids: Iterable[int], limit: int, long: int) -> list[Own]:
    """The newest texts of at least so many letters that these profiles wrote themselves, with a time known to the minute, newest first."""
    rows = db.execute(
        f"SELECT a.id, a.place_id, a.profile_id, NULL, a.text FROM activities a WHERE a.profile_id IN (SELECT value FROM json_each(:ids)) AND {_OWN} "
        "ORDER BY a.id DESC LIMIT :limit",
        {"ids": json.dumps([*profile_ids]), "own": json.dumps([kind.value for kind in OWN]), "long": long, "limit": limit},
    )
    return [Own._make(row) for row in rows]


def beside(db: Desk, of: Own, seconds: int, long: int) -> list[Own]:
    """Such texts by others, so many seconds before and after it; [] where too much lies there."""
    rows = db.execute(
        f"SELECT a.id, a.place_id, a.profile_id, {spans.holder('a.id', 'q')}, a.text FROM activities a CROSS JOIN profiles q ON q.id = a.profile_id "
        f"WHERE a.id BETWEEN :from AND :until AND a.profile_id <> :profile AND {_OWN} LIMIT :limit",
        {"from": of.id - seconds * 8, "until": of.id + seconds * 8 + 7, "profile": of.profile_id, "own": json.dumps([kind.value for kind in OWN]),
         "long": long, "limit": MOST_BESIDE + 1},
    ).fetchall()  # fmt: skip
    return [Own._make(row) for row in rows] if len(rows) <= MOST_BESIDE else []
