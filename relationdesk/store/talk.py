"""Who said what to whom lately: the few set-based questions that the prompt rules live on.

Everybody's prompts are asked for at once, so nothing here goes person by person, and words come as bare rows: items
are made only of those that a rule may speak about (measured: 16,000 items made for 1,200 prompts took half the time).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
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

# Words that I answered matter only while they are young; none but those that do are looked into.
_MATTERS = "(a.published >= :answered_since OR p.last_out IS NULL OR a.published > p.last_out / 8 + 946684800)"
# From my side for everybody or many. For a few people it goes out from theirs: one person's page must not read all
# mail of two months.
_TO_ME_MANY = f"""
SELECT q.person_id, a.id, a.published, a.audience, a.title, a.text, a.kind FROM json_each(:me) m
  CROSS JOIN participants x ON x.profile_id = m.value AND x.activity_id >= :since
  CROSS JOIN activities a ON a.id = x.activity_id AND {{only}} CROSS JOIN profiles q ON q.id = a.profile_id
  CROSS JOIN people p ON p.id = q.person_id WHERE x.role NOT IN (1, 2) AND {_MATTERS}
"""
_FROM_ME_MANY = """
SELECT q.person_id, max(a.id) FROM json_each(:me) m CROSS JOIN activities a ON a.profile_id = m.value AND a.id >= :since
  CROSS JOIN participants x ON x.activity_id = a.id AND {only} CROSS JOIN profiles q ON q.id = x.profile_id
WHERE q.person_id IS NOT NULL GROUP BY q.person_id
"""
_TO_ME_FEW = f"""
SELECT q.person_id, a.id, a.published, a.audience, a.title, a.text, a.kind FROM json_each(:them) w
  CROSS JOIN profiles q ON q.person_id = w.value CROSS JOIN people p ON p.id = w.value
  CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= :since AND {_MATTERS} CROSS JOIN participants x ON x.activity_id = a.id
WHERE x.profile_id IN (SELECT value FROM json_each(:me)) AND x.role NOT IN (1, 2)
"""
_FROM_ME_FEW = """
SELECT q.person_id, max(a.id) FROM json_each(:them) w CROSS JOIN profiles q ON q.person_id = w.value
  CROSS JOIN participants x ON x.profile_id = q.id AND x.activity_id >= :since CROSS JOIN activities a ON a.id = x.activity_id
WHERE a.profile_id IN (SELECT value FROM json_each(:me)) GROUP BY q.person_id
"""
_FEW = 40


class Words(NamedTuple):
    """What somebody said to me, as cheap as it can be had: a bare row. published: unix seconds, None unknown."""

    person_id: int
    id: int
    published: int | None
    audience: int
    title: str
    text: str
    kind: int = 0  # its number in this desk

    @property
    def private(self) -> bool:
        return self.audience == _PRIVATE


def towards_me(db: Desk, since: int, only: tuple[int, ...] | None, answered_since: int) -> dict[int, list[Words]]:
    """Since a position, per person: the newest words towards me, newest first, copies left out.

    only: these people; None everybody. answered_since: before this moment (unix seconds) only words that I said nothing after.
    """
    near: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for row in _ask(db, _TO_ME_MANY, _TO_ME_FEW, "+a.profile_id", since, only, answered_since):
        near[row[0]][row[1]] = row
    return {person_id: [Words._make(found[id_]) for id_ in sorted(found, reverse=True)[:NEAR]] for person_id, found in near.items()}


def from_me(db: Desk, since: int, only: tuple[int, ...] | None) -> dict[int, int]:
    """Since a position, per person: my newest activity towards them."""
    return {row[0]: row[1] for row in _ask(db, _FROM_ME_MANY, _FROM_ME_FEW, "+x.profile_id", since, only)}


def _ask(
    db: Desk, many: str, few: str, theirs: str, since: int, only: tuple[int, ...] | None, answered_since: int = 0
) -> Iterable[tuple[Any, ...]]:
    """theirs: the column of the larger question that says whose profile it is; with a plus it is not looked up by."""
    them = f"{theirs} IN (SELECT id FROM profiles WHERE person_id IN (SELECT value FROM json_each(:them)))"
    sql = few if only is not None and len(only) <= _FEW else many.format(only="true" if only is None else them)
    me = json.dumps(sorted(people.my_profiles(db)))
    return db.execute(sql, {"me": me, "since": since, "them": json.dumps(only), "answered_since": answered_since})


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


def signs(db: Desk, persons: Iterable[int], limit: int, since: int) -> Iterator[tuple[int, list[int]]]:
    """Per person the ids of the newest `limit` signs since a position, newest first, read from the index alone.

    An id says where a sign sorts, which is the end of what is known of its time: "in March" is not silent since the first.
    """
    # Sorted and cut here: SQLite takes as long for that as for all the rest.
    rows = db.execute(
        "SELECT (SELECT w.value || ',' || group_concat(a.id) FROM profiles q CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= ?2 "
        "WHERE q.person_id = w.value) FROM json_each(?1) w",
        (json.dumps(sorted(persons)), since),
    )
    while portion := rows.fetchmany(200):
        # None is left out here: in a WHERE, SQLite would look everybody's signs up twice. JSON is quicker than one by one.
        for person_id, *ids in json.loads(f"[{','.join([f'[{numbers}]' for (numbers,) in portion if numbers is not None])}]"):
            ids.sort(reverse=True)
            yield person_id, ids[:limit]


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
