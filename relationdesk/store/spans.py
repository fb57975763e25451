"""Whose a profile was for a time: a role mailbox, a number or a handle that went from one human to the next.

A span is a stretch of positions (as `activities.id`, which hold the time). From the last span on a profile is `profiles.person_id`'s, as all
of it is where there is none. `profiles.held_from` is where the last span ends, so a question that reads the profile's row knows without
another look that it has none, and no activity is ever rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from relationdesk import text
from relationdesk.errors import UserMistake
from relationdesk.saying import say
from relationdesk.store.database import Desk
from relationdesk.store.timekey import EPOCH_2000, id_at, moment_of_id

EVER = -(2**62)
FOREVER = 2**62


class Held(NamedTuple):
    """A profile, and the positions between which it is somebody's: from_id <= position < until_id."""

    profile_id: int
    from_id: int = EVER
    until_id: int = FOREVER

    @property
    def is_whole(self) -> bool:
        return self.from_id <= EVER and self.until_id >= FOREVER


def holder(position: str, profile: str) -> str:
    """SQL: whose an activity at that position is; profile: the alias of the profile's row. NULL for nobody's."""
    return (
        f"(CASE WHEN {position} >= {profile}.held_from THEN {profile}.person_id ELSE (SELECT held.person_id FROM spans held WHERE "
        f"held.profile_id = {profile}.id AND held.from_id <= {position} AND held.until_id > {position}) END)"
    )


def held_by(person: str) -> str:
    """SQL: ids of the profiles that are or were that person's, for an IN; what is theirs of it, `holder` says."""
    return f"(SELECT id FROM profiles WHERE person_id = {person} UNION ALL SELECT profile_id FROM spans WHERE person_id = {person})"


def is_theirs(position: str, profile: str, person: str) -> str:
    """SQL: whether an activity at that position is that person's; profile: the column with the profile's number."""
    return f"EXISTS (SELECT 1 FROM profiles whose WHERE whose.id = {profile} AND {holder(position, 'whose')} = {person})"


def of_person(db: Desk, person_id: int) -> tuple[Held, ...]:
    """What is or was theirs, by profile."""
    return of_people(db, (person_id,))


def of_people(db: Desk, people: Iterable[int]) -> tuple[Held, ...]:
    rows = db.execute(
        "WITH who(id) AS MATERIALIZED (SELECT value FROM json_each(?)) SELECT id, held_from, ? FROM profiles WHERE person_id IN who UNION ALL "
        "SELECT profile_id, from_id, until_id FROM spans WHERE person_id IN who ORDER BY 1, 2",
        (json.dumps(sorted(set(people))), FOREVER),
    )
    return tuple(map(Held._make, rows))


def count(db: Desk, held: Held) -> int:
    """How much the profile did in that time."""
    return int(db.execute("SELECT count(*) FROM activities WHERE profile_id = ? AND id >= ? AND id < ?", held).fetchone()[0])


def none(db: Desk) -> bool:
    """Whether nothing was anybody's for a time only: then `holder` is just `person_id`, which is told quicker."""
    return not db.execute("SELECT EXISTS (SELECT 1 FROM spans)").fetchone()[0]


def bounded(db: Desk, profiles: Iterable[int]) -> bool:
    """Whether one of these was somebody else's for a time."""
    found = db.execute("SELECT EXISTS (SELECT 1 FROM spans WHERE profile_id IN (SELECT value FROM json_each(?)))", (json.dumps([*profiles]),))
    return bool(found.fetchone()[0])


def only_mine(db: Desk, mine: Iterable[int], position: str, profile: str) -> str:
    """SQL to add to a question for what these profiles of the desk's owner did or took part in: "" unless one of them was somebody else's
    for a time. position, profile: the columns of the question."""
    if not bounded(db, mine):
        return ""
    return f" AND EXISTS (SELECT 1 FROM profiles own JOIN people me ON me.id = {holder(position, 'own')} AND me.is_me = 1 WHERE own.id = {profile})"


def holders(db: Desk, profiles: Iterable[int]) -> frozenset[int]:
    """Everybody whose these profiles are or were."""
    rows = db.execute(
        "SELECT person_id FROM profiles WHERE id IN (SELECT value FROM json_each(?1)) AND person_id IS NOT NULL UNION "
        "SELECT person_id FROM spans WHERE profile_id IN (SELECT value FROM json_each(?1)) AND person_id IS NOT NULL",
        (json.dumps(sorted(set(profiles))),),
    )
    return frozenset(row[0] for row in rows)


Piece = tuple[int, int, int | None]
"""(from, until, whose); GONE for whom was forgotten."""
GONE = 0


def pieces(db: Desk, profile_id: int) -> list[Piece]:
    """Whose it is at which time, one after the other from EVER to FOREVER; [] for no such profile."""
    row = db.execute("SELECT held_from, person_id FROM profiles WHERE id = ?", (profile_id,)).fetchone()
    if row is None:
        return []
    past = db.execute(
        "SELECT from_id, until_id, iif(forgotten, ?, person_id) FROM spans WHERE profile_id = ? ORDER BY from_id", (GONE, profile_id)
    ).fetchall()
    return [*past, *([(row[0], FOREVER, row[1])] if row[0] < FOREVER else [])]


def given(pieces: Sequence[Piece], person_id: int, start: int, end: int) -> list[Piece]:
    """The same profile, that person's between two positions. What was theirs and touches that time is theirs only then; what was
    somebody else's outside of it stays, and so does what was forgotten."""
    free = [(low, high, None if whose == person_id and low < end and high > start else whose) for low, high, whose in pieces]
    found = _laid_over(free, (start, end, person_id))
    for gone in (piece for piece in pieces if piece[2] == GONE):
        found = _laid_over(found, gone)
    return _joined(found)


def passed_on(pieces: Sequence[Piece], person_id: int, to: int, start: int, end: int) -> list[Piece]:
    """The same profile; what was one person's between two positions is another's."""
    found = list(pieces)
    for low, high, whose in pieces:
        if whose == person_id and low < end and high > start:
            found = _laid_over(found, (max(low, start), min(high, end), to))
    return _joined(found)


def taken(pieces: Sequence[Piece], person_id: int) -> list[Piece]:
    """The same profile, at no time that person's."""
    return _joined((low, high, None if whose == person_id else whose) for low, high, whose in pieces)


def _laid_over(pieces: Iterable[Piece], new: Piece) -> list[Piece]:
    start, end, _ = new
    found = [new]
    for low, high, whose in pieces:
        found += [(low, min(high, start), whose)] if low < start else []
        found += [(max(low, end), high, whose)] if high > end else []
    return sorted(found, key=lambda piece: piece[0])


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours that are the same one's are one."""
    found: list[Piece] = []
    for low, high, whose in pieces:
        if found and found[-1][2] == whose:
            found[-1] = (found[-1][0], high, whose)
        else:
            found.append((low, high, whose))
    return found


_IN_FORGOTTEN_TIME = (
    "EXISTS (SELECT 1 FROM main.spans s CROSS JOIN main.profiles q ON q.id = s.profile_id CROSS JOIN main.places l ON l.id = q.place_id WHERE "
    "s.forgotten = 1 AND l.name = {place} AND q.native_id = {id} AND {base} >= s.from_id AND {base} < s.until_id)"
)


def drop_forgotten(db: Desk) -> None:
    """What is staged of the time in which a profile was somebody's who was forgotten: what they did, and what was said privately to nobody
    but them."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM main.spans WHERE forgotten = 1)").fetchone()[0]:
        return
    base = "(SELECT a.base FROM stage.activities a WHERE a.place = x.place AND a.native_id = x.native_id)"
    theirs = _IN_FORGOTTEN_TIME.format(place="x.who_place", id="x.who_id", base=base)
    towards = "FROM stage.participants x WHERE x.place = stage.activities.place AND x.native_id = stage.activities.native_id"
    db.execute(f"DELETE FROM stage.activities WHERE {_IN_FORGOTTEN_TIME.format(place='actor_place', id='actor_id', base='base')}")
    db.execute(f"DELETE FROM stage.activities WHERE audience = 2 AND EXISTS (SELECT 1 {towards}) AND NOT EXISTS (SELECT 1 {towards} AND NOT {theirs})")
    db.execute(f"DELETE FROM stage.participants AS x WHERE {theirs}")


# Days: whole ones, UTC, as everything is that is known only to the day


def starts(day: date | None) -> int:
    """The position at which a day begins; None: since ever."""
    return EVER if day is None else id_at(datetime(day.year, day.month, day.day, tzinfo=UTC))


def refuse_turned(first: date | None, last: date | None) -> None:
    """Raises UserMistake for days the wrong way round."""
    if first is not None and last is not None and last < first:
        raise UserMistake(say("{last} is before {first}. Nothing was changed. Say the first day, then the last one.", last=text.day(last), first=text.day(first)))


def second_of(position: int) -> int:
    """Unix seconds at which a position sorts."""
    return position // 8 + EPOCH_2000


def ends(day: date | None) -> int:
    """The position behind a day; None: for ever. The last day of the calendar has no end."""
    return FOREVER if day is None or day == date.max else starts(day + timedelta(days=1))


def first_day(from_id: int) -> date | None:
    at = moment_of_id(from_id)
    return None if from_id <= EVER or at is None else at.date()


def last_day(until_id: int) -> date | None:
    at = moment_of_id(until_id)
    return None if until_id >= FOREVER or at is None else (at - timedelta(seconds=1)).date()


def in_words(from_id: int, until_id: int) -> str:
    """ "" for all time."""
    first, last = first_day(from_id), last_day(until_id)
    if first is not None and last is not None:
        return f"from {text.day(first)} until {text.day(last)}"
    return f"until {text.day(last)}" if last is not None else f"since {text.day(first)}" if first is not None else ""
