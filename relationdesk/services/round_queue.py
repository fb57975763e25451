"""A look-in round as it stands: who is in the queue, in which order, whom one looks at, who comes next. Nothing here writes.

The queue is what the user began with. Whoever is no longer in the desk, or no longer the company's, is not in it; who left the bucket is
shown and passed over; two who are one person now are one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from relationdesk.errors import UserMistake
from relationdesk.model import Person
from relationdesk.saying import say
from relationdesk.store import buckets, people, rounds
from relationdesk.store.database import Desk
from relationdesk.store.rounds import END, RoundRow, StopRow
from relationdesk.store.timekey import maybe_moment, moment

Origin = Literal["today", "bucket", "company", "people", "search"]
ORIGINS: tuple[Origin, ...] = ("today", "bucket", "company", "people", "search")

@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Somebody in the queue. n: their place in it, stable. state: "" to come, "seen", "done", "later", "skipped". fresh: something of theirs
    arrived since they were queued or last looked at. left: they belong to the bucket no longer, and are passed over."""

    n: int
    uid: str
    person: Person
    state: str = ""
    flagged: bool = False
    fresh: bool = False
    left: bool = False

    @property
    def waits(self) -> bool:
        return not self.state and not self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round as it stands. stands: the `n` of whom is looked at, END when everybody was. seconds: spent so far, pauses left out. gone: how
    many of the queue are no longer in the desk, or no longer the company's. joined: who came into the bucket or company since."""

    id: int
    origin: Origin
    what: str
    title: str
    minutes: int
    started: datetime
    touched: datetime
    ended: datetime | None
    again: date | None
    stands: int
    stops: tuple[Stop, ...]
    seconds: int
    gone: int = 0
    joined: tuple[int, ...] = ()

    def here(self) -> Stop | None:
        """Whom the user looks at, None past the end."""
        return next((stop for stop in self.stops if stop.n == self.stands), None)

    def number(self) -> int:
        """Which of how many `here` is, from 1; one more than there are past the end."""
        return next((i for i, stop in enumerate(self.stops, start=1) if stop.n == self.stands), len(self.stops) + 1)

    def waiting(self) -> int:
        """How many are still to come, whom one looks at now included."""
        return sum(stop.waits for stop in self.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A round in a list. behind: how many of `people` were gone through."""

    id: int
    origin: Origin
    what: str
    title: str
    people: int
    behind: int
    touched: datetime
    ended: datetime | None
    again: date | None


def origin_of(origin: str) -> Origin:
    found = next((one for one in ORIGINS if one == origin), None)
    if found is None:
        raise UserMistake(say("A round over “{origin}” is not possible. Nothing was changed. Choose one of: {origins}.", origin=origin[:40], origins=", ".join(ORIGINS)))
    return found


def load(db: Desk, round_id: int) -> Round | None:
    """A round as it stands now; None if there is none of that number."""
    row = rounds.get(db, round_id)
    return None if row is None else _as_round(db, row)


def latest(db: Desk) -> Round | None:
    """The open round in which the last step was done, None if none is open."""
    row = next((row for row in rounds.newest(db, 1) if row.ended is None), None)
    return None if row is None else _as_round(db, row)


def every(db: Desk, limit: int = 50) -> tuple[Brief, ...]:
    """Open ones first, then the ended ones, newest step first."""
    return tuple(_brief(db, row) for row in rounds.newest(db, limit))


def due(db: Desk, now: datetime) -> tuple[Brief, ...]:
    """What was to be walked again by today, in the user's own zone."""
    return tuple(_brief(db, row) for row in rounds.due(db, now.astimezone().date()))


def _brief(db: Desk, row: RoundRow) -> Brief:
    behind, there = rounds.counts(db, row.id)
    return Brief(
        id=row.id, origin=origin_of(row.origin), what=row.what, title=row.title, people=there, behind=behind, touched=moment(row.touched),
        ended=maybe_moment(row.ended), again=row.again,
    )  # fmt: skip


def loaded(db: Desk, round_id: int) -> Round:
    found = load(db, round_id)
    if found is None:
        raise UserMistake(say("This round is no longer in the desk. Nothing was changed."))
    return found


def _as_round(db: Desk, row: RoundRow) -> Round:
    queued = rounds.stops(db, row.id)
    persons = people.many(db, [stop.person_id for stop in queued if stop.person_id is not None])
    inside = _inside(db, row)
    stops, place = _fold(queued, persons, inside if row.origin == "bucket" else None)
    if row.origin == "company" and inside is not None:  # nothing of a person who does not belong to it
        stops = [stop for stop in stops if stop.person.id in inside]
    numbers = {stop.n for stop in stops}
    stands = place.get(row.stands, row.stands)
    if stands != END and stands not in numbers:  # whoever stood there is gone: the next to come
        stands = after(stops, stands)
    there = {stop.person.id for stop in stops}
    joined = tuple(id_ for id_ in sorted(inside) if id_ not in there) if inside is not None else ()
    me = people.me(db)
    return Round(
        id=row.id, origin=origin_of(row.origin), what=row.what, title=row.title, minutes=row.minutes, started=moment(row.started),
        touched=moment(row.touched), ended=maybe_moment(row.ended), again=row.again, stands=stands, stops=tuple(stops),
        seconds=rounds.seconds_spent(db, row.id), gone=len(queued) - len(stops) - (len(place) - len({*place.values()})),
        joined=tuple(id_ for id_ in joined if me is None or id_ != me.id),
    )  # fmt: skip


def _inside(db: Desk, row: RoundRow) -> frozenset[int] | None:
    """Who belongs there now; None where that cannot change, or the bucket or company itself is gone."""
    if row.origin == "bucket":
        bucket = next((b for b in buckets.every(db) if b.uid == row.what), None)
        return None if bucket is None else frozenset(buckets.people_of(db, bucket.id))
    if row.origin == "company":
        found = db.execute("SELECT p.id FROM people p JOIN companies c ON c.id = p.company_id WHERE c.uid = ? AND p.is_me = 0", (row.what,))
        return frozenset(id_ for (id_,) in found)
    return None


_MOST = ("", "later", "skipped", "seen", "done")
"""Of two who are one person now, what was done with either counts, the further on the list the more."""


def _fold(queued: tuple[StopRow, ...], persons: dict[int, Person], inside: frozenset[int] | None) -> tuple[list[Stop], dict[int, int]]:
    """The queue with everybody once, in order; and for every `n` of somebody who is there, the `n` they stand under."""
    found: dict[int, Stop] = {}
    place: dict[int, int] = {}
    for row in queued:
        person = persons.get(row.person_id) if row.person_id is not None else None
        if person is None:
            continue
        stop = Stop(
            n=row.n, uid=row.uid, person=person, state=row.state, flagged=row.flagged, fresh=row.newest > row.known,
            left=inside is not None and person.id not in inside,
        )  # fmt: skip
        first = found.get(person.id)
        if first is not None:
            state = max(first.state, stop.state, key=_MOST.index)
            stop = replace(first, state=state, flagged=first.flagged or stop.flagged, fresh=first.fresh and stop.fresh)
        found[person.id], place[row.n] = stop, stop.n
    return list(found.values()), place


def after(stops: Iterable[Stop], n: int) -> int:
    """The next who is to come after this place, else the first of all who is; END when nobody is."""
    waiting = [stop.n for stop in stops if stop.waits and stop.n != n]
    return next((at for at in waiting if at > n), waiting[0] if waiting else END)


def before(found: Round) -> int:
    earlier = [stop.n for stop in found.stops if (stop.n < found.stands or found.stands == END) and not stop.left]
    return earlier[-1] if earlier else found.stands
