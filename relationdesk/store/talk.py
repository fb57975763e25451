"""Who said what to whom lately: the few set-based questions that the prompt rules live on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from relationdesk.model import Item
from relationdesk.store import activities, people
from relationdesk.store.database import Desk
from relationdesk.store.timekey import moment

NEAR = 20
"""Newest words towards me that are kept per person."""


_TO_ME_ALL = """
SELECT DISTINCT x.activity_id, q.person_id FROM json_each(?1) m JOIN participants x ON x.profile_id = m.value
  AND x.activity_id >= ?2 JOIN activities a ON a.id = x.activity_id JOIN profiles q ON q.id = a.profile_id
WHERE q.person_id IS NOT NULL AND x.role NOT IN (1, 2) ORDER BY x.activity_id DESC
"""
_FROM_ME_ALL = """
SELECT q.person_id, max(a.id) FROM json_each(?1) m JOIN activities a ON a.profile_id = m.value AND a.id >= ?2
  JOIN participants x ON x.activity_id = a.id JOIN profiles q ON q.id = x.profile_id
WHERE q.person_id IS NOT NULL GROUP BY q.person_id
"""
# Asked for a few people, the same goes out from theirs: one person's page must not read all mail of two months.
_TO_ME_SOME = """
SELECT DISTINCT a.id, q.person_id FROM json_each(?3) w CROSS JOIN profiles q ON q.person_id = w.value
  CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= ?2 CROSS JOIN participants x ON x.activity_id = a.id
WHERE x.profile_id IN (SELECT value FROM json_each(?1)) AND x.role NOT IN (1, 2) ORDER BY a.id DESC
"""
_FROM_ME_SOME = """
SELECT q.person_id, max(a.id) FROM json_each(?3) w CROSS JOIN profiles q ON q.person_id = w.value
  CROSS JOIN participants x ON x.profile_id = q.id AND x.activity_id >= ?2 CROSS JOIN activities a ON a.id = x.activity_id
WHERE a.profile_id IN (SELECT value FROM json_each(?1)) GROUP BY q.person_id
"""


def ids(db: Desk, since: int, only: tuple[int, ...] | None) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Since a position, per person: activity ids towards me (newest first, copies left out), and my newest towards them.

    only: these people; None everybody.
    """
    me = json.dumps(sorted(people.my_profiles(db)))
    bound: tuple[object, ...] = (me, since) if only is None else (me, since, json.dumps(list(only)))
    to_me = db.execute(_TO_ME_ALL if only is None else _TO_ME_SOME, bound)
    near: dict[int, list[int]] = defaultdict(list)
    for activity_id, person_id in to_me:
        if len(near[person_id]) < NEAR:
            near[person_id].append(activity_id)
    from_me = db.execute(_FROM_ME_ALL if only is None else _FROM_ME_SOME, bound)
    return dict(near), {person_id: [activity_id] for person_id, activity_id in from_me if person_id in near}


def items(db: Desk, wanted: Iterable[int]) -> dict[int, Item]:
    """Items by id, read in bounded portions."""
    found: dict[int, Item] = {}
    portion = sorted(set(wanted))
    for i in range(0, len(portion), 500):
        found.update((item.id, item) for item in activities.by_ids(db, portion[i : i + 500]))
    return found


def maybe_quiet(db: Desk, oldest: int, newest: int, only: tuple[int, ...] | None) -> set[int]:
    """People whose last sign lies between two positions and with whom something went both ways (or in a bucket)."""
    rows = db.execute(
        "SELECT id FROM people WHERE last_in BETWEEN ? AND ? AND (last_out IS NOT NULL OR id IN "
        "(SELECT person_id FROM bucket_people))",
        (oldest, newest),
    )
    found = {row[0] for row in rows}
    return found if only is None else found & set(only)


def days(db: Desk, persons: Iterable[int], limit: int) -> dict[int, list[int]]:
    """Days since 2000 on which their newest `limit` signs sort, per person, each day once, newest first.

    Read from the index alone, for the question who is worth a closer look.
    """
    found: dict[int, list[int]] = defaultdict(list)
    rows = db.execute(
        "SELECT q.person_id, (SELECT group_concat(id) FROM (SELECT id FROM activities WHERE profile_id = q.id ORDER BY id "
        "DESC LIMIT ?1)) FROM profiles q WHERE q.person_id IN (SELECT value FROM json_each(?2)) AND q.last_id IS NOT NULL",
        (limit, json.dumps(sorted(persons))),
    )
    for person_id, ids_of_profile in rows:
        found[person_id] += map(int, ids_of_profile.split(","))
    a_day = 8 * 86_400
    return {
        person_id: list(dict.fromkeys(id_ // a_day for id_ in sorted(positions, reverse=True)[:limit]))
        for person_id, positions in found.items()
    }


def signs(db: Desk, person_id: int, limit: int) -> tuple[tuple[datetime, ...], frozenset[str]]:
    """Times of the newest signs of a person, newest first, and the places they came from."""
    rows = db.execute(
        "SELECT a.published, l.name FROM profiles q JOIN places l ON l.id = q.place_id JOIN activities a ON a.id IN "
        "(SELECT id FROM activities WHERE profile_id = q.id ORDER BY id DESC LIMIT ?1) WHERE q.person_id = ?2 "
        "AND a.published IS NOT NULL ORDER BY a.published DESC LIMIT ?1",
        (limit, person_id),
    ).fetchall()
    return tuple(moment(row[0]) for row in rows), frozenset(row[1] for row in rows)


def spoken(db: Desk, since: int) -> dict[int, datetime]:
    """The last call or meeting noted per person since a moment (unix seconds): it answers what was asked before."""
    rows = db.execute(
        "SELECT person_id, max(happened_at) FROM notes WHERE kind IN ('call', 'meeting') AND trashed_at IS NULL "
        "AND person_id IS NOT NULL AND happened_at >= ? GROUP BY person_id",
        (since,),
    )
    return {person_id: moment(at) for person_id, at in rows}
