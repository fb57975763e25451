"""What reading a place costs: the user's own monthly limit, kept before every question; what was spent on what; what it would cost.

A month is one of the place's clock. No limit is ever assumed: where the user set none, or 0, nothing is asked that costs money.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.errors import SpentUp, UserMistake
from relationdesk.model import Changes, Login
from relationdesk.money import Prices, month, next_month, rounded, shown
from relationdesk.saying import counted, say
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import LiveSource, Priced
from relationdesk.sources.door import Door
from relationdesk.store import logins, settings
from relationdesk.store import spending as stored
from relationdesk.store.database import Desk, transaction
from relationdesk.store.spending import Budget
from relationdesk.store.timekey import seconds
from relationdesk.text import listed, place_name, short_day
from relationdesk.troubles import Trouble

Clock = Callable[[], datetime]
LATELY = timedelta(days=90)
"""So far back the desk is asked how much somebody does."""
SUPPOSED = 5
"""Things a day that somebody is supposed to do of whom the desk knows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the money went for. stream: "" for looking somebody up. title: whom or what was read, "" for what no longer is. item: a plural noun."""

    stream: str
    title: str
    item: str
    number: int
    micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """How a login stands. limit: millionths a month, None if none was ever set. spent: this month, `open` of it perhaps only. renewed:
    aware UTC, when the next month begins. lines: dearest first. extras: what is read although it costs extra, by name."""

    prices: Prices
    limit: int | None
    spent: int
    open: int
    renewed: datetime
    lines: tuple[Line, ...] = ()
    extras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """people: of this desk who have a profile there. once: millionths for beginning to follow them all. monthly: for reading on.
    daily: things that one of them does a day. known: the desk was asked for it, and it is no supposition."""

    prices: Prices
    people: int
    once: int
    monthly: int
    daily: float
    known: bool


class Purse:
    """The purse of one login (`Purse` of sources/base.py). login: under which its money is counted. stream: what is read now."""

    def __init__(self, db: Desk, source: LiveSource, login: str, prices: Prices, clock: Clock) -> None:
        self._db, self._login, self._prices, self._clock, self._place = db, login, prices, clock, source.title
        self.stream = ""

    def reserve(self, most: Mapping[str, int]) -> int:
        """One question after the other looks and sets aside, in one transaction each: two that read at once overspend nothing."""
        now, cost = self._clock(), self._prices.cost(most)
        with transaction(self._db):
            left = self._left(now)
            if left is None:
                raise self._never(now)
            if cost > left:
                raise self._spent_up(now, cost, left)
            return stored.reserve(self._db, self._login, self._month(now), self.stream, cost, seconds(now))

    def settle(self, ticket: int, read: Mapping[str, int]) -> None:
        items = {name: (count, self._prices.cost({name: count})) for name, count in read.items()}
        with transaction(self._db):
            stored.settle(self._db, ticket, items)

    def fits(self, most: Mapping[str, int]) -> bool:
        left = self._left(self._clock())
        return left is not None and self._prices.cost(most) <= left

    def wants(self, name: str) -> bool:
        allowed = stored.budget(self._db, self._login)
        return allowed is not None and name in allowed.extras

    def _month(self, now: datetime) -> str:
        return month(now, self._prices.zone)

    def _left(self, now: datetime) -> int | None:
        """Millionths; None where nothing may ever be spent."""
        allowed = stored.budget(self._db, self._login)
        if allowed is None or allowed.micros <= 0 or allowed.currency != self._prices.currency:
            return None
        return max(0, allowed.micros - stored.spent(self._db, self._login, self._month(now)))

    def _never(self, now: datetime) -> SpentUp:
        return SpentUp(
            say("{place} takes money for being read, and its monthly limit is 0, so it is never asked. What was read before is kept; set a limit to read on.", place=self._place),
            until=next_month(now, self._prices.zone),
        )

    def _spent_up(self, now: datetime, cost: int, left: int) -> SpentUp:
        most, rest = shown(cost, self._prices.currency), shown(left, self._prices.currency)
        until = next_month(now, self._prices.zone)
        return SpentUp(
            say("The monthly limit of {place} leaves {rest}, and the next question may cost {most}, so it was not asked. What was read before is kept; reading goes on next month, or when you raise the limit.", place=self._place, rest=rest, most=most),
            until=until,
        )  # fmt: skip


def _source(name: str) -> LiveSource:
    return {source.name: source for source in LIVE_SOURCES}[name]


def attach(door: Door, db: Desk, source: LiveSource, login: str, clock: Clock) -> Purse | None:
    """Give the door the purse of this login (`Login.secret_name`); None where nothing costs money."""
    if not isinstance(source, Priced):
        return None
    purse = Purse(db, source, login, prices_of(db, source), clock)
    door.purse = purse
    return purse


def prices_of(db: Desk, source: LiveSource) -> Prices:
    """As the place told them, with those that the user put in since. Raises UserMistake for a place that takes nothing."""
    if not isinstance(source, Priced):
        raise UserMistake(say("{title} takes no money for being read. Nothing was changed.", title=source.title))
    return source.prices.with_own(_own(db, source))


def _own(db: Desk, source: LiveSource) -> dict[str, int]:
    try:
        found = json.loads(settings.value(db, f"prices:{source.name}") or "{}")
        return {str(name): int(micros) for name, micros in found.items() if int(micros) >= 0}
    except (ValueError, TypeError, AttributeError):
        return {}


def set_prices(db: Desk, source_name: str, own: Mapping[str, int]) -> Changes:
    """Count with these from now on (name → millionths); what was spent stays as it was. Raises UserMistake for what is not sold there."""
    source = _source(source_name)
    known = {price.name for price in prices_of(db, source).prices}
    if wrong := set(own) - known:
        raise UserMistake(say("{title} has no price “{n}”. Nothing was changed. Choose {known}.", title=source.title, n=min(wrong)[:40], known=listed(sorted(known))))
    told = {price.name: price.micros for price in source.prices.prices} if isinstance(source, Priced) else {}
    differing = {name: micros for name, micros in (_own(db, source) | dict(own)).items() if told.get(name) != micros}
    settings.set_value(db, f"prices:{source.name}", json.dumps(differing, sort_keys=True))
    return Changes(logins=True)


def change(db: Desk, login_id: int, micros: int, extras: frozenset[str], own: Mapping[str, int]) -> Changes:
    """Limit, extras and prices at once. Raises UserMistake as `set_limit` and `set_prices` do."""
    login = logins.get(db, login_id)
    changes = set_limit(db, login_id, micros, extras)
    return changes | set_prices(db, login.source, own) if login is not None else changes


def set_limit(db: Desk, login_id: int, micros: int, extras: frozenset[str] | None = None) -> Changes:
    """At most so many millionths a month; 0 for never. A login that waited for it is read again. extras None: as they were."""
    login = logins.get(db, login_id)
    if login is None:
        raise UserMistake(say("This login is no longer there. Nothing was changed."))
    prices = prices_of(db, _source(login.source))
    with transaction(db):
        _set(db, login.secret_name, prices, micros, extras)
        logins.wait_no_longer(db, login_id, Trouble.LIMIT)
    return Changes(logins=True)


def _set(db: Desk, key: str, prices: Prices, micros: int, extras: frozenset[str] | None) -> None:
    before = stored.budget(db, key)
    kept = extras if extras is not None else before.extras if before is not None else frozenset[str]()
    sold = frozenset(price.name for price in prices.prices if price.extra)
    stored.set_budget(db, key, Budget(currency=prices.currency, micros=max(0, micros), extras=kept & sold))


def before_connecting(db: Desk, source: LiveSource, typed: str, micros: int | None) -> str:
    """Set the limit before the first question; the key under which it is counted until it is known who signs in. micros None: as it was.

    Whoever was connected before goes on with what they spent this month.
    """
    if not isinstance(source, Priced):
        return ""
    name = typed.strip().removeprefix("@").partition("@")[0]
    key = stored.known(db, source.name, name) or f"{source.name}:"
    if micros is not None:
        with transaction(db):
            _set(db, key, prices_of(db, source), micros, None)
    return key


def connected(db: Desk, key: str, login: Login) -> None:
    """It is known now whose money it is. Inside `transaction`."""
    if key:
        stored.hand_over(db, key, login.secret_name)


def money_of(db: Desk, login: Login, now: datetime) -> Money | None:
    """How a login stands; None where nothing costs money."""
    source = _source(login.source)
    if not isinstance(source, Priced):
        return None
    prices = prices_of(db, source)
    key, this_month = login.secret_name, month(now, prices.zone)
    allowed = stored.budget(db, key)
    titles = {name: title for name, title, *_ in logins.stream_states(db, login.id)}
    items = {price.name: price.title for price in prices.prices}
    lines = tuple(
        Line(stream=one.stream, title=titles.get(one.stream, ""), item=items.get(one.item, one.item), number=one.number, micros=one.micros)
        for one in stored.expenses(db, key, this_month)
    )
    return Money(
        prices=prices, limit=allowed.micros if allowed is not None else None, spent=stored.spent(db, key, this_month),
        open=stored.open_(db, key, this_month), renewed=next_month(now, prices.zone), lines=lines,
        extras=allowed.extras if allowed is not None else frozenset(),
    )  # fmt: skip


def estimate(db: Desk, source_name: str, now: datetime) -> Estimate:
    """What following everybody of this desk who has a profile there would cost. Asks nobody. Raises UserMistake where nothing costs money."""
    source = _source(source_name)
    prices = prices_of(db, source)
    (people,) = db.execute(
        "SELECT count(DISTINCT q.person_id) FROM profiles q JOIN places l ON l.id = q.place_id JOIN people p ON p.id = q.person_id "
        "WHERE l.name = ? AND p.is_me = 0", (source.place,),
    ).fetchone()  # fmt: skip
    active, done = db.execute(
        "SELECT count(DISTINCT q.person_id), count(*) FROM activities a JOIN profiles q ON q.id = a.profile_id JOIN places l ON l.id = q.place_id "
        "JOIN people p ON p.id = q.person_id WHERE l.name = ? AND p.is_me = 0 AND a.published >= ?", (source.place, seconds(now - LATELY)),
    ).fetchone()  # fmt: skip
    daily = done / active / LATELY.days if active else float(SUPPOSED)
    once = people * prices.cost(dict(prices.begin))
    monthly = int(people * daily * 30 * prices.cost(dict(prices.each)))
    return Estimate(prices=prices, people=people, once=once, monthly=monthly, daily=daily, known=bool(active))


def line_title(line: Line) -> str:
    return line.title or (say("Looking people up") if not line.stream else say("No longer followed"))


def is_priced(source_name: str) -> bool:
    """Whether reading this source costs money."""
    return any(source.name == source_name and isinstance(source, Priced) for source in LIVE_SOURCES)


def place_of(source_name: str) -> str:
    return _source(source_name).place


def spent_words(money: Money, now: datetime) -> str:
    """ "Spent $0.43 of $5.00 this month, up to $0.10 of it perhaps; counted anew from 1 December." """
    currency = money.prices.currency
    if not money.limit:
        never = say("Its monthly limit is 0, so it is never asked.")
        return f"{never} {say('Spent {money} this month.', money=shown(money.spent, currency))}" if money.spent else never
    spent, limit, day = shown(money.spent, currency), shown(money.limit, currency), short_day(money.renewed.date())
    if money.open:
        return say("Spent {spent} of {limit} this month, {open} of it perhaps; counted anew from {day}.", spent=spent, limit=limit, open=shown(money.open, currency), day=day)
    return say("Spent {spent} of {limit} this month; counted anew from {day}.", spent=spent, limit=limit, day=day)


def look_words(db: Desk, source_name: str) -> str:
    """What looking one person up costs, "" where it costs nothing."""
    if not is_priced(source_name):
        return ""
    prices = prices_of(db, _source(source_name))
    return say("Costs {look} of the monthly limit, and up to {follow} to follow them.", look=shown(prices.cost(dict(prices.look)), prices.currency), follow=shown(prices.cost(dict(prices.begin)), prices.currency))


def estimate_words(found: Estimate, place: str) -> str:
    """One or two sentences for whoever wonders."""
    currency = found.prices.currency
    person = rounded(found.prices.cost(dict(found.prices.begin)), currency)
    if not found.people:
        return say("Nobody of this desk has a profile on {place} yet; beginning to follow somebody costs up to {cost}.", place=place_name(place), cost=person)
    who = counted(found.people, "One person of this desk has a profile on {place}.", "{people} people of this desk have a profile on {place}.", people=f"{found.people:,}", place=place_name(place))
    once, monthly = rounded(found.once, currency), rounded(found.monthly, currency)
    if found.known:
        lately = f"{found.daily:.1f}"
        follow = counted(
            found.people, "Following them would cost up to {once} once, and then about {monthly} a month if they do as much as lately ({lately} a day each).",
            "Following them all would cost up to {once} once, and then about {monthly} a month if they do as much as lately ({lately} a day each).",
            once=once, monthly=monthly, lately=lately,
        )  # fmt: skip
    else:
        follow = counted(
            found.people, "Following them would cost up to {once} once, and then about {monthly} a month if they do {supposed} things a day each, which is only supposed.",
            "Following them all would cost up to {once} once, and then about {monthly} a month if they do {supposed} things a day each, which is only supposed.",
            once=once, monthly=monthly, supposed=SUPPOSED,
        )  # fmt: skip
    return f"{who} {follow}"
