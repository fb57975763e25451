"""Who said what to whom lately: the few set-based questions that the prompt rules live on.

Everybody's prompts are asked for at once, so nothing here goes person by person, and words come as bare rows: items
are made only of those that a rule may speak about (measured: 16,000 items made for 1,200 prompts took half the time).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from relationdesk.derived import Item
from relationdesk.model import Audience
from relationdesk.store import activities, people
from relationdesk.store.database import Desk
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import moment

NEAR = 20
"""Newest words towards me that are kept per person."""

_PRIVATE = AUDIENCES.index(Audience.PRIVATE)

# From my side for everybody or many. For a few people it goes out from theirs: one person's page must not read all
# mail of two months.
_TO_ME_MANY = """
SELECT q.person_id, a.id, a.published, a.audience, a.title, a.text FROM json_each(?1) m
  CROSS JOIN participants x ON x.profile_id = m.value AND x.activity_id >= ?2 CROSS JOIN activities a ON a.id = x.activity_id
  CROSS JOIN profiles q ON q.id = a.profile_id WHERE q.person_id IS NOT NULL AND x.role NOT IN (1, 2) {only}
"""
_FROM_ME_MANY = """
SELECT q.person_id, max(a.id) FROM json_each(?1) m JOIN activities a ON a.profile_id = m.value AND a.id >= ?2
  JOIN participants x ON x.activity_id = a.id JOIN profiles q ON q.id = x.profile_id
WHERE q.person_id IS NOT NULL {only} GROUP BY q.person_id
"""
_TO_ME_FEW = """
SELECT q.person_id, a.id, a.published, a.audience, a.title, a.text FROM json_each(?3) w
  CROSS JOIN profiles q ON q.person_id = w.value CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= ?2
  CROSS JOIN participants x ON x.activity_id = a.id
WHERE x.profile_id IN (SELECT value FROM json_each(?1)) AND x.role NOT IN (1, 2)
"""
_FROM_ME_FEW = """
SELECT q.person_id, max(a.id) FROM json_each(?3) w CROSS JOIN profiles q ON q.person_id = w.value
  CROSS JOIN participants x ON x.profile_id = q.id AND x.activity_id >= ?2 CROSS JOIN activities a ON a.id = x.activity_id
WHERE a.profile_id IN (SELECT value FROM json_each(?1)) GROUP BY q.person_id
"""
_FEW = 40


class Words(NamedTuple):
    """What somebody said to me, as cheap as it can be had: a bare row. published: unix seconds, None unknown."""

    id: int
    published: int | None
    audience: int
    title: str
    text: str

    @property
    def private(self) -> bool:
        return self.audience == _PRIVATE


def towards_me(db: Desk, since: int, only: tuple[int, ...] | None) -> dict[int, list[Words]]:
    """Since a position, per person: the newest words towards me, newest first, copies left out.

    only: these people; None everybody.
    """
    near: dict[int, dict[int, list[Any]]] = defaultdict(dict)
    for person_id, *words in _ask(db, _TO_ME_MANY, _TO_ME_FEW, since, only):
        near[person_id][words[0]] = words
    return {person_id: [Words._make(found[id_]) for id_ in sorted(found, reverse=True)[:NEAR]] for person_id, found in near.items()}


def from_me(db: Desk, since: int, only: tuple[int, ...] | None) -> dict[int, int]:
    """Since a position, per person: my newest activity towards them."""
    return {row[0]: row[1] for row in _ask(db, _FROM_ME_MANY, _FROM_ME_FEW, since, only)}


def _ask(db: Desk, many: str, few: str, since: int, only: tuple[int, ...] | None) -> Iterable[tuple[Any, ...]]:
    me = json.dumps(sorted(people.my_profiles(db)))
    if only is None:
        return db.execute(many.format(only=""), (me, since))
    sql = few if len(only) <= _FEW else many.format(only="AND q.person_id IN (SELECT value FROM json_each(?3))")
    return db.execute(sql, (me, since, json.dumps(only)))


def items(db: Desk, wanted: Iterable[int]) -> dict[int, Item]:
    """Items by id, read in bounded portions."""
    found: dict[int, Item] = {}
    portion = sorted(set(wanted))
    for i in range(0, len(portion), 500):
        found.update((item.id, item) for item in activities.by_ids(db, portion[i : i + 500]))
    return found


def maybe_quiet(db: Desk, oldest: int, newest: int, only: tuple[int, ...] | None) -> set[int]:
    """People whose last sign lies between two positions and with whom something went both ways (or in a bucket)."""
    some = "" if only is None else " AND id IN (SELECT value FROM json_each(?3))"
    rows = db.execute(
        "SELECT id FROM people WHERE last_in BETWEEN ?1 AND ?2 AND (last_out IS NOT NULL OR id IN "
        f"(SELECT person_id FROM bucket_people)){some}",
        (oldest, newest) if only is None else (oldest, newest, json.dumps(only)),
    )
    return {row[0] for row in rows}


@dataclass(frozen=True, slots=True)
class Signs:
    """The newest signs of a person. last, oldest: ids of the newest and the oldest of them; an id says where a sign sorts, which
    is the end of what is known of its time, so that "in March" is not silent since the first. days: of each, newest first, since 2000."""

    last: int
    oldest: int
    days: list[int]


def signs(db: Desk, persons: Iterable[int], limit: int, since: int) -> dict[int, Signs]:
    """Per person the newest `limit` signs since a position, read from the index alone."""
    rows = db.execute(
        "SELECT w.value, (SELECT max(id) || ',' || min(id) || ',' || group_concat(id / 691200) FROM (SELECT a.id FROM profiles q "
        "CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= ?3 WHERE q.person_id = w.value "
        "ORDER BY a.id DESC LIMIT ?1)) AS found FROM json_each(?2) w WHERE found IS NOT NULL",
        (limit, json.dumps(sorted(persons)), since),
    )
    found: dict[int, Signs] = {}
    for person_id, numbers in rows:
        last, oldest, *days = json.loads(f"[{numbers}]")  # quicker than one by one
        found[person_id] = Signs(last, oldest, days)
    return found


def places(db: Desk, since: dict[int, int]) -> dict[int, frozenset[str]]:
    """Per person: the places in which they did something at or after a position of their own."""
    rows = db.execute(
        "SELECT q.person_id, l.name, q.last_id FROM profiles q JOIN places l ON l.id = q.place_id "
        "WHERE q.person_id IN (SELECT value FROM json_each(?)) AND q.last_id IS NOT NULL",
        (json.dumps(sorted(since)),),
    )
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, place, last_id in rows:
        if last_id >= since[person_id]:
            found[person_id].add(place)
    return {person_id: frozenset(names) for person_id, names in found.items()}


def spoken(db: Desk, since: int) -> dict[int, datetime]:
    """The last call or meeting noted per person since a moment (unix seconds): it answers what was asked before."""
    rows = db.execute(
        "SELECT person_id, max(happened_at) FROM notes WHERE kind IN ('call', 'meeting') AND trashed_at IS NULL "
        "AND person_id IS NOT NULL AND happened_at >= ? GROUP BY person_id",
        (since,),
    )
    return {person_id: moment(at) for person_id, at in rows}
