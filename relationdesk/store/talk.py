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
from typing import Any

from relationdesk.model import Audience, Item
from relationdesk.store import activities, people
from relationdesk.store.database import Desk
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import EPOCH_2000, UNKNOWN_BASE, moment

NEAR = 20
"""Newest words towards me that are kept per person."""

_PRIVATE = AUDIENCES.index(Audience.PRIVATE)

# From my side for everybody or many. For a few people it goes out from theirs: one person's page must not read all
# mail of two months.
_TO_ME_MANY = """
SELECT a.id, q.person_id, a.published, a.audience, a.title, a.text FROM json_each(?1) m
  CROSS JOIN participants x ON x.profile_id = m.value AND x.activity_id >= ?2 CROSS JOIN activities a ON a.id = x.activity_id
  CROSS JOIN profiles q ON q.id = a.profile_id WHERE q.person_id IS NOT NULL AND x.role NOT IN (1, 2) {only}
"""
_FROM_ME_MANY = """
SELECT q.person_id, max(a.id) FROM json_each(?1) m JOIN activities a ON a.profile_id = m.value AND a.id >= ?2
  JOIN participants x ON x.activity_id = a.id JOIN profiles q ON q.id = x.profile_id
WHERE q.person_id IS NOT NULL {only} GROUP BY q.person_id
"""
_TO_ME_FEW = """
SELECT a.id, q.person_id, a.published, a.audience, a.title, a.text FROM json_each(?3) w
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


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said to me, as cheap as it can be had. published: unix seconds, None unknown."""

    id: int
    published: int | None
    private: bool
    title: str
    text: str


def towards_me(db: Desk, since: int, only: tuple[int, ...] | None) -> dict[int, list[Words]]:
    """Since a position, per person: the newest words towards me, newest first, copies left out.

    only: these people; None everybody.
    """
    near: dict[int, dict[int, Words]] = defaultdict(dict)
    for id_, person_id, published, audience, title, text in _ask(db, _TO_ME_MANY, _TO_ME_FEW, since, only):
        near[person_id][id_] = Words(id_, published, audience == _PRIVATE, title, text)
    return {person_id: [found[id_] for id_ in sorted(found, reverse=True)[:NEAR]] for person_id, found in near.items()}


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
    """The newest signs of a person: ids, newest first, and the profiles they may come from as (place, newest id)."""

    ids: list[int]
    profiles: list[tuple[str, int]]

    def days(self) -> list[int]:
        """Days since 2000, each once, newest first."""
        return list(dict.fromkeys([id_ // _A_DAY for id_ in self.ids]))

    def moments(self) -> tuple[datetime, ...]:
        """Where the signs sort: the end of what is known of their time, so "in March" is not silent since the first."""
        return tuple([moment(id_ // 8 + EPOCH_2000) for id_ in self.ids])

    def places(self) -> frozenset[str]:
        return frozenset(place for place, newest in self.profiles if newest >= self.ids[-1])


_A_DAY = 8 * 86_400


def signs(db: Desk, persons: Iterable[int], limit: int) -> dict[int, Signs]:
    """Per person the newest `limit` signs whose time is known at all, read from the index alone."""
    found: dict[int, list[str]] = defaultdict(list)
    profiles: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = db.execute(
        "SELECT q.person_id, l.name, q.last_id, (SELECT group_concat(id) FROM (SELECT id FROM activities WHERE "
        "profile_id = q.id AND id > ?3 ORDER BY id DESC LIMIT ?1)) FROM profiles q JOIN places l ON l.id = q.place_id "
        "WHERE q.person_id IN (SELECT value FROM json_each(?2)) AND q.last_id > ?3",
        (limit, json.dumps(sorted(persons)), UNKNOWN_BASE // 2),
    )
    for person_id, place, newest, of_profile in rows:
        found[person_id].append(of_profile)
        profiles[person_id].append((place, newest))
    return {
        person_id: Signs(sorted(map(int, ",".join(texts).split(",")), reverse=True)[:limit], profiles[person_id])
        for person_id, texts in found.items()
    }


def spoken(db: Desk, since: int) -> dict[int, datetime]:
    """The last call or meeting noted per person since a moment (unix seconds): it answers what was asked before."""
    rows = db.execute(
        "SELECT person_id, max(happened_at) FROM notes WHERE kind IN ('call', 'meeting') AND trashed_at IS NULL "
        "AND person_id IS NOT NULL AND happened_at >= ? GROUP BY person_id",
        (since,),
    )
    return {person_id: moment(at) for person_id, at in rows}
