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
from relationdesk.model import Audience, Kind
from relationdesk.store import activities, people, spans
from relationdesk.store.database import Desk
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import AHEAD, EPOCH_2000, UNKNOWN_BASE, moment

NEAR = 20
"""Newest words towards me that are kept per person."""

_PRIVATE = AUDIENCES.index(Audience.PRIVATE)

# Words that I answered matter only while they are young; none but those that do are looked into.
# What I do within a day, a meeting tomorrow, has its place in time already and answers nothing yet.
_MATTERS = "(a.published >= :answered_since OR p.last_out IS NULL OR p.last_out >= :until OR a.published > p.last_out / 8 + 946684800)"
# From my side for everybody or many. For a few people it goes out from theirs: one person's page must not read all
# mail of two months.
_WHOSE = spans.holder("a.id", "q")
_TO_ME_MANY = f"""
SELECT p.id, a.id, a.published, a.audience, a.title, a.text, a.kind FROM json_each(:me) m
  CROSS JOIN participants x ON x.profile_id = m.value AND x.activity_id >= :since
  CROSS JOIN activities a ON a.id = x.activity_id AND {{only}} CROSS JOIN profiles q ON q.id = a.profile_id
  CROSS JOIN people p ON p.id = {_WHOSE} WHERE x.role NOT IN (1, 2) AND {_MATTERS}{{mine}}
"""
_TO_ME_FEW = f"""
SELECT p.id, a.id, a.published, a.audience, a.title, a.text, a.kind FROM json_each(:them) w
  CROSS JOIN profiles q ON q.id IN {spans.held_by("w.value")} CROSS JOIN people p ON p.id = w.value
  CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= :since AND {_MATTERS} CROSS JOIN participants x ON x.activity_id = a.id
WHERE x.profile_id IN (SELECT value FROM json_each(:me)) AND x.role NOT IN (1, 2) AND {_WHOSE} = w.value{{mine}}
"""
_FEW = 40
_YEAR = 366 * 86_400 * 8
"""In positions."""


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


def towards_me(db: Desk, since: int, only: tuple[int, ...] | None, answered_since: int, until: int) -> dict[int, list[Words]]:
    """Since a position, per person: the newest words towards me, newest first, copies left out.

    only: these people; None everybody. until: the position of now. answered_since: before this moment (unix seconds) only words that I said nothing after.
    """
    some, me = "(SELECT value FROM json_each(:them))", people.my_profiles(db)
    is_few = only is not None and len(only) <= _FEW
    sql = _TO_ME_FEW if is_few else _TO_ME_MANY
    if spans.none(db):  # nearly everywhere, and a fifth quicker
        sql, them = sql.replace(_WHOSE, "q.person_id"), f"+a.profile_id IN (SELECT id FROM profiles WHERE person_id IN {some})"
    else:
        them = (  # with a plus it is not looked up by
            f"+a.profile_id IN (SELECT id FROM profiles WHERE person_id IN {some} UNION ALL SELECT profile_id FROM spans WHERE person_id IN {some}) AND "
            f"(SELECT {spans.holder('a.id', 'whose')} FROM profiles whose WHERE whose.id = a.profile_id) IN {some}"
        )
    sql = sql.format(only="true" if only is None else them, mine=spans.only_mine(db, me, "a.id", "x.profile_id"))
    near: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for row in db.execute(sql, {"me": json.dumps(sorted(me)), "since": since, "them": json.dumps(only), "answered_since": answered_since, "until": until}):
        near[row[0]][row[1]] = row
    return {person_id: [Words._make(found[id_]) for id_ in sorted(found, reverse=True)[:NEAR]] for person_id, found in near.items()}


def from_me(db: Desk, since: int, only: tuple[int, ...] | None, until: int) -> dict[int, int]:
    """From one position to another (now), per person: my newest activity towards them, as it is cached. What is still to come is none."""
    some = "" if only is None else " AND id IN (SELECT value FROM json_each(:them))"
    found: dict[int, int] = dict(
        db.execute(f"SELECT id, last_out FROM people WHERE last_out >= :since{some}", {"since": since, "them": json.dumps(only)}).fetchall()
    )
    for person_id in [one for one, last in found.items() if last >= until]:  # few: whoever is met within a day
        before = last_before(db, person_id, until, by_me=True, since=since)
        found.pop(person_id) if before is None else found.update({person_id: before})
    return found


def last_before(db: Desk, person_id: int, until: int, *, by_me: bool, since: int = UNKNOWN_BASE) -> int | None:
    """What one person did last (by_me: I towards them) before the position of now; None if nothing. For the few whose cached last has still to come.

    What is known by its month or year alone stands at the end of it, and counts from its beginning: it may have been, and nobody is asked in vain.
    """
    me = people.my_profiles(db)
    what = f"{_OF_ONE.format(_HEARD)}{spans.only_mine(db, me, 'a.id', 'a.profile_id')}" if by_me else _OF_ONE.format(_DID)
    row = db.execute(
        f"SELECT max(a.id) {what} AND NOT coalesce({AHEAD}, 0) AND coalesce(a.published, 0) < :now",
        {"me": json.dumps(sorted(me)), "since": since, "until": until + _YEAR, "now": until // 8 + EPOCH_2000, "person": person_id},
    ).fetchone()
    return None if row[0] is None else int(row[0])


def items(db: Desk, wanted: Iterable[int]) -> dict[int, Item]:
    """Items by id, read in bounded portions."""
    found: dict[int, Item] = {}
    portion = sorted(set(wanted))
    for i in range(0, len(portion), 500):
        found.update((item.id, item) for item in activities.by_ids(db, portion[i : i + 500]))
    return found


_STILL_THEIRS = "NOT EXISTS (SELECT 1 FROM spans s WHERE s.person_id = people.id AND people.last_in >= s.from_id AND people.last_in < s.until_id)"
"""Whose last sign came from what is not theirs any more, may say much elsewhere."""


def maybe_quiet(db: Desk, oldest: int, newest: int, only: tuple[int, ...] | None) -> set[int]:
    """People whose last sign lies between two positions and with whom something went both ways (or in a bucket)."""
    some = "" if only is None else " AND id IN (SELECT value FROM json_each(?3))"
    rows = db.execute(
        "SELECT id FROM people WHERE last_in BETWEEN ?1 AND ?2 AND (last_out IS NOT NULL OR id IN "
        f"(SELECT person_id FROM bucket_people)) AND {_STILL_THEIRS}{some}",
        (oldest, newest) if only is None else (oldest, newest, json.dumps(only)),
    )
    return {row[0] for row in rows}


def signs(db: Desk, persons: Iterable[int], limit: int, since: int) -> Iterator[tuple[int, list[int]]]:
    """Per person the ids of the newest `limit` signs since a position, newest first, read from the index alone.

    An id says where a sign sorts, which is the end of what is known of its time: "in March" is not silent since the first.
    """
    for person_id, *ids in _signs(db, persons, since, "a.id"):
        ids.sort(reverse=True)
        if ids:
            yield person_id, ids[:limit]


def sign_days(db: Desk, persons: Iterable[int], limit: int, since: int) -> Iterator[tuple[int, int, list[int]]]:
    """The same in two thirds of the time, for who needs but the days: (person, id of the newest, day numbers newest first, one for each sign)."""
    if since < 0 or not spans.none(db):  # before 2000 ids are negative, and SQLite rounds towards zero
        yield from ((person_id, ids[0], [id_ // ID_DAY for id_ in ids]) for person_id, ids in signs(db, persons, limit, since))
        return
    for person_id, *days in _signs(db, persons, since, f"a.id / {ID_DAY}", newest=True):
        if days:
            newest = max(days)  # far above any day
            days.remove(newest)
            days.sort(reverse=True)
            yield person_id, newest, days[:limit]


ID_DAY = 8 * 86_400


def _signs(db: Desk, persons: Iterable[int], since: int, what: str, *, newest: bool = False) -> Iterator[list[int]]:
    """[person, what of each sign …] of everybody. newest: the greatest id stands among them, too, where there are signs; only without spans."""
    # Sorted and cut by the caller: SQLite takes as long for that as for all the rest.
    told = f"max(a.id) || ',' || group_concat({what})" if newest else f"group_concat({what})"
    mine = f"SELECT {told} FROM profiles q CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= max(?2, q.held_from) WHERE q.person_id = w.value"
    past = (
        f"SELECT {told} FROM spans s CROSS JOIN activities a ON a.profile_id = s.profile_id AND a.id >= max(?2, s.from_id) AND a.id < s.until_id WHERE "
        "s.person_id = w.value"
    )
    also = "" if newest or spans.none(db) else f" || coalesce(',' || ({past}), '')"
    rows = db.execute(f"SELECT w.value || coalesce(',' || ({mine}), ''){also} FROM json_each(?1) w", (json.dumps(sorted(persons)), since))
    while portion := rows.fetchmany(200):
        # Who has none is left out by the caller: in a WHERE, SQLite would look everybody's signs up twice. JSON is quicker than one by one.
        yield from json.loads(f"[{','.join([f'[{numbers}]' for (numbers,) in portion])}]")


def places(db: Desk, since: dict[int, int]) -> dict[int, frozenset[str]]:
    """Per person: the places in which they did something at or after a position of their own."""
    rows = db.execute(
        "SELECT q.person_id, l.name, q.last_id FROM profiles q JOIN places l ON l.id = q.place_id "
        "WHERE q.person_id IN (SELECT value FROM json_each(?1)) AND q.last_id >= q.held_from UNION ALL SELECT s.person_id, l.name, (SELECT max(a.id) "
        "FROM activities a WHERE a.profile_id = s.profile_id AND a.id >= s.from_id AND a.id < s.until_id) FROM spans s JOIN profiles q ON "
        "q.id = s.profile_id JOIN places l ON l.id = q.place_id WHERE s.person_id IN (SELECT value FROM json_each(?1))",
        (json.dumps(sorted(since)),),
    )
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, place, last_id in rows:
        if last_id is not None and last_id >= since[person_id]:
            found[person_id].add(place)
    return {person_id: frozenset(names) for person_id, names in found.items()}


_OF_ONE = f"FROM profiles q CROSS JOIN {{}} WHERE q.id IN {spans.held_by(':person')} AND {_WHOSE} = :person"
_SAID = (
    "activities a ON a.id BETWEEN :since AND :until AND a.profile_id = q.id CROSS JOIN participants x ON x.activity_id = a.id AND x.profile_id IN "
    "(SELECT value FROM json_each(:me)) JOIN places l ON l.id = a.place_id"
)
_HEARD = (
    "participants x ON x.profile_id = q.id AND x.activity_id BETWEEN :since AND :until CROSS JOIN activities a ON a.id = x.activity_id AND a.profile_id "
    "IN (SELECT value FROM json_each(:me)) JOIN places l ON l.id = a.place_id"
)
_DID = "activities a ON a.id BETWEEN :since AND :until AND a.profile_id = q.id"
_EXACT = "a.published IS NOT NULL AND a.precision < 2"


_RECOMMENDING = (
    "activities a ON a.profile_id = q.id AND a.kind = (SELECT id FROM kinds WHERE name = :kind) CROSS JOIN participants x ON x.activity_id = a.id AND "
    "x.profile_id IN (SELECT value FROM json_each(:me))"
)


def between(db: Desk, person_id: int, since: int, until: int) -> list[tuple[datetime, bool, str]]:
    """What was said between the two from one position to another, whose time is known to the minute: (when, whether by me, place), oldest first."""
    me = people.my_profiles(db)
    rows = db.execute(
        f"SELECT DISTINCT a.published, a.profile_id IN (SELECT value FROM json_each(:me)), l.name {_OF_ONE.format(_SAID)} AND {_EXACT}"
        f"{spans.only_mine(db, me, 'a.id', 'x.profile_id')} UNION SELECT a.published, 1, l.name {_OF_ONE.format(_HEARD)} AND {_EXACT}"
        f"{spans.only_mine(db, me, 'a.id', 'a.profile_id')} ORDER BY 1",
        {"me": json.dumps(sorted(me)), "since": since, "until": until, "person": person_id},
    )
    return [(moment(at), bool(mine), place) for at, mine, place in rows]


def recommended(db: Desk, person_id: int) -> int:
    """How often this person recommended the desk's owner."""
    me = people.my_profiles(db)
    return int(db.execute(
        f"SELECT count(DISTINCT a.id) {_OF_ONE.format(_RECOMMENDING)}{spans.only_mine(db, me, 'a.id', 'x.profile_id')}",
        {"kind": Kind.RECOMMENDATION.value, "me": json.dumps(sorted(me)), "person": person_id},
    ).fetchone()[0])  # fmt: skip


def spoken(db: Desk, since: int) -> dict[int, datetime]:
    """The last call or meeting noted per person since a moment (unix seconds): it answers what was asked before."""
    rows = db.execute(
        "SELECT person_id, max(happened_at) FROM notes WHERE kind IN ('call', 'meeting') AND trashed_at IS NULL "
        "AND person_id IS NOT NULL AND happened_at >= ? GROUP BY person_id",
        (since,),
    )
    return {person_id: moment(at) for person_id, at in rows}
