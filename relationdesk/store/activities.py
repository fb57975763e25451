"""Reading activities: the JOIN that flips a place into a person, newest first, by keyset.

The ids of a page are found in the indices (actor or participant, place) and only then are rows read; so a page costs
the same however deep it lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from relationdesk.derived import Filter, Item
from relationdesk.model import Activity, Direction, Key, Kind, Participant
from relationdesk.store import presses, spans, stretches
from relationdesk.store.database import Desk
from relationdesk.store.spans import EVER, Held
from relationdesk.store.staging import AUDIENCES, ROLES, extra_from_json
from relationdesk.store.stretches import Touched
from relationdesk.store.timekey import EPOCH_2000, PRECISIONS, id_at, moment

FIRST = 2**62
"""Before the newest: `before=FIRST` is the first page."""

_WHOSE = spans.holder("a.id", "q")
_ROW = f"""
SELECT a.id, a.place_id, a.native_id, q.native_id, a.kind, a.published, a.precision, a.audience, a.title, a.text, a.url,
  a.in_reply_to, a.thread, a.extra, q.display_name, q.handle, w.id, w.name, w.is_me, a.towards, q.place_id
FROM activities a CROSS JOIN profiles q ON q.id = a.profile_id LEFT JOIN people w ON w.id = {_WHOSE}
"""


def of_profiles(
    db: Desk,
    profiles: Sequence[int | Held],
    which: Filter,
    *,
    before: int = FIRST,
    after: int | None = None,
    limit: int = 50,
    mine: frozenset[int] = frozenset(),
) -> tuple[Item, ...]:
    """Items that these profiles did or took part in, newest first: the `limit` newest before an id, or, with
    `after`, the `limit` oldest after that id. () for none. Of a profile that is somebody's only for a time, those of that time.

    `mine`: profile ids of the desk's owner, for the direction filter. Notes are not here.
    """
    where, bound = _conditions(db, which, mine)
    sign, order, edge = ("<", "DESC", before) if after is None else (">", "ASC", after)
    join = " CROSS JOIN activities a ON a.id = x.activity_id" if where else ""

    def term(within: str) -> str:
        """within: between which positions, for what is somebody's only for a time."""
        return (
            f"SELECT * FROM (SELECT a.id FROM activities a WHERE a.profile_id = ? AND a.id {sign} ?{within.format('a.id')}{where} "
            f"ORDER BY a.id {order} LIMIT ?) UNION ALL SELECT * FROM (SELECT x.activity_id FROM participants x{join} WHERE x.profile_id = ? "
            f"AND x.activity_id {sign} ?{within.format('x.activity_id')}{where} ORDER BY x.activity_id {order} LIMIT ?)"
        )

    usual, found = term(""), set[int]()
    held = [profile if isinstance(profile, Held) else Held(profile) for profile in profiles]
    for i in range(0, len(held), 100):  # 200 terms of a compound SELECT; SQLite allows 500
        chunk = held[i : i + 100]
        terms = [usual if one.is_whole else term(f" AND {{0}} >= {one.from_id:d} AND {{0}} < {one.until_id:d}") for one in chunk]
        params = [value for one in chunk for value in (one.profile_id, edge, *bound, limit) * 2]
        found.update(row[0] for row in db.execute(" UNION ALL ".join(terms), params))
    return by_ids(db, sorted(found, reverse=after is None)[:limit])


def _conditions(db: Desk, which: Filter, mine: frozenset[int]) -> tuple[str, list[object]]:
    where, bound = "", list[object]()
    if which.places:
        where += " AND a.place_id IN (SELECT id FROM places WHERE name IN (SELECT value FROM json_each(?)))"
        bound.append(json.dumps(sorted(which.places)))
    if which.kinds:
        where += " AND a.kind IN (SELECT id FROM kinds WHERE name IN (SELECT value FROM json_each(?)))"
        bound.append(json.dumps(sorted(which.kinds)))
    if which.since is not None:
        where += " AND a.id >= ?"
        bound.append(id_at(which.since))
    if which.until is not None:
        where += " AND a.id < ? AND a.published IS NOT NULL"
        bound.append(id_at(which.until))
    if which.directions and which.directions != frozenset(Direction):
        by_me = f"(a.profile_id IN (SELECT value FROM json_each(?)){spans.only_mine(db, mine, 'a.id', 'a.profile_id')})"
        choices = {
            Direction.IN: f"NOT {by_me}",
            Direction.OUT: f"({by_me} AND a.towards = 1)",
            Direction.SELF: f"({by_me} AND a.towards = 0)",
        }
        where += f" AND ({' OR '.join(choices[d] for d in sorted(which.directions))})"
        bound += [json.dumps(sorted(mine))] * len(which.directions)
    if which.login:
        where += _OF_LOGIN
        bound += [which.login] * 3
    return where, bound


_MY_PROFILE_THERE = (
    "SELECT q.id FROM logins g JOIN places l ON l.name = g.profile_place JOIN profiles q ON q.place_id = l.id "
    "AND q.native_id = g.profile_native_id WHERE g.id = ?"
)
_OF_LOGIN = (
    " AND (a.profile_id IN (SELECT q.id FROM streams s JOIN places l ON l.name = s.profile_place JOIN profiles q "
    f"ON q.place_id = l.id AND q.native_id = s.profile_native_id WHERE s.login_id = ? UNION {_MY_PROFILE_THERE}) "
    f"OR EXISTS (SELECT 1 FROM participants x WHERE x.activity_id = a.id AND x.profile_id = ({_MY_PROFILE_THERE})))"
)
"""An activity keeps no mark of the login that brought it, for several may; what a login reads says which are its."""


def of_place(
    db: Desk,
    place: str,
    *,
    before: int = FIRST,
    limit: int = 50,
    which: Filter | None = None,
    after: int | None = None,
    mine: frozenset[int] = frozenset(),
) -> tuple[Item, ...]:
    """The newest items of one place before an id, newest first; "" is every place. With `after`, those next after it."""
    where, bound = _conditions(db, which or Filter(), mine)
    if place:
        where, bound = " AND a.place_id = (SELECT id FROM places WHERE name = ?)" + where, [place, *bound]
    sign, order, edge = ("<", "DESC", before) if after is None else (">", "ASC", after)
    rows = db.execute(_ROW + f"WHERE a.id {sign} ?{where} ORDER BY a.id {order} LIMIT ?", (edge, *bound, limit)).fetchall()
    return _items(db, rows if after is None else rows[::-1])


def of_people(
    db: Desk, people: Sequence[int], *, before: int = FIRST, after: int | None = None, limit: int = 50, which: Filter | None = None,
    mine: frozenset[int] = frozenset(),
) -> tuple[Item, ...]:  # fmt: skip
    """The newest items by these people (a bucket or company) before an id, newest first. With `after`, those next after it.

    The first page asks profiles newest first by their cached last activity, and only as many as can still matter; any other looks through
    stretches of time, all profiles at once.
    """
    which = which or Filter()
    where, bound = _conditions(db, which, mine)
    first = after is None and before >= FIRST and not where
    places = json.dumps(sorted(which.places)) if which.places else ""
    rows = db.execute(
        "SELECT q.id, q.last_id, q.held_from FROM profiles q WHERE q.person_id IN (SELECT value FROM json_each(?1)) AND q.last_id >= q.held_from "
        f"AND {_IN_PLACES} ORDER BY q.last_id DESC" + (" LIMIT ?3" if first else ""),
        (json.dumps(list(people)), places, limit)[: 3 if first else 2],
    ).fetchall()
    theirs = [Touched(profile, last, low) for profile, last, low in rows]
    if past := [Touched._make(row) for row in db.execute(_FOR_A_TIME, (json.dumps(list(people)), places)) if row[1] is not None]:
        theirs = sorted((*theirs, *past), key=lambda one: -one.last)
    if first:
        return by_ids(db, _newest(db, theirs, limit))
    if after is None:
        start, end = EVER if which.since is None else id_at(which.since), before if which.until is None else min(before, id_at(which.until))
        return by_ids(db, stretches.newest(db, theirs, start, end, where, bound, limit))
    return by_ids(db, stretches.oldest(db, theirs, after, where, bound, limit))


def _newest(db: Desk, theirs: Sequence[Touched], limit: int) -> list[int]:
    """The ids of the newest by these, who come newest first."""
    found: list[int] = []
    for profile, last, low, high in theirs:
        floor = found[-1] if len(found) >= limit else EVER
        if last <= floor:
            break
        ids = db.execute(
            "SELECT id FROM activities WHERE profile_id = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?", (profile, max(floor, low - 1), high, limit)
        ).fetchall()
        found = sorted((*found, *(row[0] for row in ids)), reverse=True)[:limit]
    return found


_IN_PLACES = "(?2 = '' OR q.place_id IN (SELECT id FROM places WHERE name IN (SELECT value FROM json_each(nullif(?2, '')))))"
_FOR_A_TIME = (
    "SELECT s.profile_id, (SELECT max(a.id) FROM activities a WHERE a.profile_id = s.profile_id AND a.id >= s.from_id AND a.id < s.until_id), "
    "s.from_id, s.until_id FROM spans s CROSS JOIN profiles q ON q.id = s.profile_id WHERE +s.person_id IN (SELECT value FROM json_each(?1)) "
    f"AND {_IN_PLACES}"
)
"""With the plus the few spans are looked through, and nothing at all is done where there are none."""


def by_ids(db: Desk, ids: Iterable[int]) -> tuple[Item, ...]:
    """Items by id, newest first; unknown ids are left out."""
    wanted = list(ids)
    if not wanted:
        return ()
    rows = db.execute(_ROW + f"WHERE a.id IN ({','.join('?' * len(wanted))}) ORDER BY a.id DESC", wanted).fetchall()
    return _items(db, rows)


def _items(db: Desk, rows: list[tuple[Any, ...]]) -> tuple[Item, ...]:
    of_places, of_kinds = db.execute(_NAMES).fetchone()
    places = {int(id_): name for id_, name in json.loads(of_places).items()}
    towards = _participants(db, [row[0] for row in rows if row[19]], places)
    kinds = {int(id_): Kind(name) for id_, name in json.loads(of_kinds).items()}
    by_hand = _by_hand(db, [row[0] for row in rows])
    items = (_item(row, towards.get(row[0], ()), places, kinds) for row in rows)
    found = tuple(replace(item, by_hand=by_hand[item.id]) if item.id in by_hand else item for item in items)
    pressed = presses.standing(db, (item.activity.key for item in found if item.activity is not None and item.direction is Direction.IN))
    return tuple(replace(item, pressed=frozenset(pressed[item.activity.key])) if item.activity is not None and item.activity.key in pressed else item for item in found)


def _by_hand(db: Desk, ids: list[int]) -> dict[int, str]:
    """The user's own words about those of these activities that they wrote down by hand, by id."""
    rows = db.execute(
        "SELECT a.id, c.text FROM captures c CROSS JOIN profiles q ON q.id = c.profile_id CROSS JOIN activities a ON a.place_id = q.place_id "
        "AND a.native_id = c.native_id WHERE a.id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    )
    return {int(row[0]): str(row[1]) for row in rows}


_NAMES = "SELECT (SELECT json_group_object(id, name) FROM places), (SELECT json_group_object(id, name) FROM kinds)"
"""One row instead of thirty: half the time of a question that is asked with every page."""


def by_key(db: Desk, key: Key) -> Item | None:
    row = db.execute(
        "SELECT a.id FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ? AND a.native_id = ?", key
    ).fetchone()
    return next(iter(by_ids(db, [row[0]])), None) if row else None


def of_thread(db: Desk, place: str, thread: str, limit: int = 500) -> tuple[Item, ...]:
    """All of one conversation, newest first."""
    ids = db.execute(
        "SELECT a.id FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ? AND a.thread = ? "
        "ORDER BY a.id DESC LIMIT ?",
        (place, thread, limit),
    )
    return by_ids(db, [row[0] for row in ids])


_Towards = tuple[tuple[Participant, str], ...]


def _participants(db: Desk, ids: list[int], places: dict[int, str]) -> dict[int, _Towards]:
    found: dict[int, _Towards] = {}
    if not ids:
        return found
    rows = db.execute(
        "SELECT x.activity_id, q.place_id, q.native_id, x.role, coalesce(w.name, nullif(q.display_name, ''), q.handle, q.native_id) "
        f"FROM participants x CROSS JOIN profiles q ON q.id = x.profile_id LEFT JOIN people w ON w.id = {spans.holder('x.activity_id', 'q')} "
        f"WHERE x.activity_id IN ({','.join('?' * len(ids))}) ORDER BY x.activity_id, x.role, q.id",
        ids,
    )
    for id_, place_id, native_id, role, name in rows:
        entry = (Participant(profile=Key(places[place_id], native_id), role=ROLES[role]), name)
        found[id_] = (*found.get(id_, ()), entry)
    return found


def _item(row: tuple[Any, ...], towards: _Towards, places: dict[int, str], kinds: dict[int, Kind]) -> Item:
    (id_, place_id, native_id, actor, kind, published, precision, audience, title, text, url, reply, thread, extra, name,
     handle, person_id, person, is_me, has_towards, actor_place_id) = row  # fmt: skip
    direction = (Direction.OUT if has_towards else Direction.SELF) if is_me else Direction.IN
    return Item(
        id=id_,
        activity=Activity(
            key=Key(places[place_id], native_id), actor=Key(places[actor_place_id], actor), kind=kinds[kind],
            published=None if published is None else moment(published), precision=PRECISIONS[precision],
            audience=AUDIENCES[audience], title=title, text=text, url=url, in_reply_to=reply, thread=thread or "",
            extra=extra_from_json(extra) if extra else (),
            participants=tuple(participant for participant, _ in towards) if towards else (),
        ),
        direction=direction,
        actor_name=person or name or handle or actor,
        actor_person=person_id,
        towards=tuple(dict.fromkeys(name for _, name in towards)) if towards else (),
    )  # fmt: skip


_HELD = (
    "WITH held(id, low, high) AS MATERIALIZED (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM "
    "json_each(?1)) "
)


def weeks(db: Desk, profiles: Sequence[Held], mine: frozenset[int], since: datetime) -> tuple[tuple[int, int, int], ...]:
    """(week number since 1970-01-05, theirs, mine) since a moment, oldest first; weeks without anything are left out."""
    by_me = f"(a.profile_id IN (SELECT value FROM json_each(?2)){spans.only_mine(db, mine, 'a.id', 'a.profile_id')})"
    rows = db.execute(
        f"{_HELD}SELECT (a.published - 345600) / 604800 AS week, sum(NOT {by_me}), sum({by_me}) FROM activities a WHERE a.id IN ("
        "SELECT b.id FROM held h CROSS JOIN activities b ON b.profile_id = h.id AND b.id >= max(h.low, ?3) AND b.id < h.high UNION "
        "SELECT x.activity_id FROM held h CROSS JOIN participants x ON x.profile_id = h.id AND x.activity_id >= max(h.low, ?3) AND x.activity_id < "
        "h.high) AND a.published IS NOT NULL GROUP BY week ORDER BY week",
        (json.dumps(profiles), json.dumps(sorted(mine)), id_at(since)),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def days(db: Desk, profiles: Sequence[Held], since: datetime) -> tuple[datetime, ...]:
    """The days (UTC midnights) on which these profiles did something since a moment, newest first."""
    rows = db.execute(
        f"{_HELD}SELECT DISTINCT (a.id / 8 + {EPOCH_2000}) / 86400 AS day FROM held h CROSS JOIN activities a ON a.profile_id = h.id AND "
        "a.id >= max(h.low, ?2) AND a.id < h.high ORDER BY day DESC",
        (json.dumps(profiles), id_at(since)),
    )
    return tuple(moment(day * 86_400) for (day,) in rows)


def places(db: Desk, profiles: Sequence[Held]) -> tuple[tuple[str, int], ...]:
    """(place, how many activities these profiles did or took part in there), most first; as `of_profiles` finds them."""
    rows = db.execute(
        f"{_HELD}, mine(id, place_id, low, high) AS MATERIALIZED (SELECT h.id, q.place_id, h.low, h.high FROM held h JOIN profiles q ON q.id = h.id) "
        "SELECT l.name, f.n FROM (SELECT place_id, count(*) AS n FROM (SELECT q.place_id, a.id FROM mine q CROSS JOIN activities a "
        "ON a.profile_id = q.id AND a.id >= q.low AND a.id < q.high UNION SELECT q.place_id, x.activity_id FROM mine q CROSS JOIN participants x "
        "ON x.profile_id = q.id AND x.activity_id >= q.low AND x.activity_id < q.high) "
        "GROUP BY place_id) f JOIN places l ON l.id = f.place_id ORDER BY f.n DESC, l.name",
        (json.dumps(profiles),),
    )
    return tuple((name, n) for name, n in rows)


def remove(db: Desk, ids: Iterable[int]) -> None:
    """These go, with their words. In one statement: between statements the full-text index writes down what it has, so that one by one it
    becomes a piece for each, which have to be merged (twice the time). Inside `transaction`."""
    db.execute("DELETE FROM activities WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*ids]),))


def count(db: Desk) -> int:
    return int(db.execute("SELECT count(*) FROM activities").fetchone()[0])
