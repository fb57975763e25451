"""The place view: the same activity by place, newest first, and the flip from an item to its person and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import starmap

from relationdesk.derived import Asked, Filter
from relationdesk.model import Key, Login
from relationdesk.services.door_equipment import key_until
from relationdesk.services.review import Stretch, in_view, piece
from relationdesk.services.spending import Money, money_of
from relationdesk.sources import door_log
from relationdesk.store import activities, allowances, logins, people, profiles
from relationdesk.store.activities import FIRST
from relationdesk.store.allowances import Used
from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment, moment_of_id
from relationdesk.troubles import Trouble

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place that has activities. newest: aware UTC, when its newest item is dated, None unknown. logins: those that
    read it, where there is more than one to tell apart."""

    place: str
    newest: datetime | None
    logins: tuple[Login, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """One thing a login reads. good: aware UTC of the last good reading, None never. rests: when it is asked again at the earliest, as
    far as it says so itself. gone: it says that it is gone for good, so it is not asked until the user wants it."""

    name: str
    title: str
    good: datetime | None
    failure: str
    trouble: Trouble = Trouble.NONE
    rests: datetime | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRow:
    """A login with what it reads. used: how much was asked of what its place allows; None where nothing is counted. money: what it
    may cost and did; None where nothing costs money. key_until: when its key ends unless it is renewed; None where that is not known. needs_you: it fails in a way that does not heal by itself."""

    login: Login
    streams: tuple[StreamState, ...]
    used: Used | None = None
    money: Money | None = None
    key_until: datetime | None = None
    needs_you: bool = False


def places(db: Desk) -> tuple[PlaceRow, ...]:
    """Places that have activities, newest first."""
    every = logins.every(db)

    def of(place: str) -> tuple[Login, ...]:
        found = tuple(login for login in every if login.place == place)
        return found if len(found) > 1 else ()

    return tuple(PlaceRow(place=place, newest=moment_of_id(newest), logins=of(place)) for place, newest in profiles.places(db))


def stretch(
    db: Desk, place: str, *, before: int = FIRST, after: int | None = None, which: Filter | None = None, limit: int = PAGE
) -> Stretch:
    """A piece of one place's activity ("" all places), newest first."""
    mine = people.my_profiles(db) if which is not None and which.directions else frozenset[int]()
    found = activities.of_place(db, place, before=before, after=after, which=which, limit=limit, mine=mine)
    return piece(found, after=after, limit=limit)


def around(db: Desk, place: str, at: Key, limit: int = PAGE, which: Filter | None = None) -> Stretch:
    """The place with one item in view: up to a dozen newer ones above it."""
    target, read = activities.by_key(db, at), partial(stretch, db, place, which=which)
    return in_view(read, target.id, limit) if target is not None else read(limit=limit)


def outgoing() -> dict[str, Asked]:
    """Which computers were asked since the program was started, by host."""
    return door_log.asked()


def login_rows(db: Desk, now: datetime | None = None) -> tuple[LoginRow, ...]:
    """All logins with their streams, by place; with their money only where it is told what month it is."""
    failing = logins.failing(db)
    return tuple(
        LoginRow(
            login=login,
            needs_you=failing.get(login.id) is False,
            used=allowances.used(db, login),
            money=money_of(db, login, now) if now is not None else None,
            key_until=key_until(db, login),
            streams=_streams(db, login),
        )
        for login in logins.every(db)
    )


def _streams(db: Desk, login: Login) -> tuple[StreamState, ...]:
    resting = logins.rests(db, login.id)

    def state(name: str, title: str, good: int | None, failure: str, trouble: Trouble) -> StreamState:
        _, until = resting.get(name, (0, None))
        gone = name in resting and until is None
        return StreamState(name=name, title=title, good=maybe_moment(good), failure=failure, trouble=trouble, rests=maybe_moment(until), gone=gone)

    return tuple(starmap(state, logins.stream_states(db, login.id)))
