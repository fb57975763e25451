"""The world of the simulated desk (tests/desk_days.py): who there is, and what places and imports tell of each day.

Six people are there from the beginning and two begin later at the same firm. They write, ask, complain, praise, introduce, like, meet, move to other firms and roles, and
fall silent for weeks; the CRM keeps deals and tickets about them, which move on. Some of them are answered always, one never. All from the dice it is given.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from relationdesk.model import (
    Activity,
    Audience,
    DayKind,
    Fact,
    Key,
    Kind,
    LifeDay,
    Participant,
    Precision,
    Profile,
    Role,
)
from tests.facts import NOW, did, who

DAYS = 100
PLACES = ("mail", "mastodon", "linkedin", "discourse")
FIRST = ("Joe Brown", "Mary Jones", "Ann Example", "Karl Nord", "Leo Hart", "Ida Berg")
LATER = ("Nora Vik", "Otto Lind")
NAMES = (*FIRST, *LATER)
ADVOCATES = FIRST[:2]
AT_HARBORLINE = (*FIRST[:3], *LATER)
WORDS = (
    "Could you call?", "Thanks, great", "Here are the figures.", "The gateway is broken again, very disappointed", "I can recommend Carter, great work",
    "I suggest a night mode", "Putting you in touch with our head of energy", "We looked at Voltix today", "いつですか", "And?",
)  # fmt: skip
ROLES = ("Head of Lifts", "Buyer", "Chief Engineer", "Head of Energy")
FIRMS = ("Harborline", "Voltix", "Northgrid")
STAGES = ("Qualified", "Proposal", "Negotiation")
OPEN, OVER = ("New", "Waiting for us"), ("Closed won", "Closed lost")
ME = {place: who("Sam Carter", place, owner=True) for place in PLACES}


def _they(name: str) -> dict[str, Profile]:
    firm = "Harborline" if name in AT_HARBORLINE else ""
    found = {place: who(name, place, company=firm, bio="From Oslo", title="Buyer" if place == "linkedin" else "") for place in PLACES}
    return {**found, "hubspot": who(name, "hubspot", company=firm)}


THEM = {name: _they(name) for name in NAMES}


def _days(n: int) -> tuple[LifeDay, ...]:
    """A birthday, an anniversary and the day they began, all within the days that are lived."""
    years = {DayKind.BIRTHDAY: 1980 + n, DayKind.ANNIVERSARY: 2009 if n % 3 else None, DayKind.WORK: None if n % 2 else 2020}
    at = {kind: (NOW - timedelta(days=DAYS - 12 * n - 9 * len(kind))).date() for kind in years}
    return tuple(LifeDay(kind=kind, month=day.month, day=day.day, year=years[kind]) for kind, day in at.items())


BORN = {name: who(name, "contacts", mail=f"{n}@x.example", days=_days(n)) for n, name in enumerate(NAMES)}
"""Address cards."""


def profiles_of(name: str) -> list[Profile]:
    return [*THEM[name].values(), BORN[name]]


@dataclass
class Record:
    """A deal or a ticket as the CRM has it now. closes: of a deal; opened: of a ticket."""

    n: int
    name: str
    what: str
    state: str
    opened: datetime
    closes: date | None = None

    def fact(self) -> Activity:
        theirs = THEM[self.name]["hubspot"].key
        more = (("stage", self.state), ("close_date", self.closes.isoformat())) if self.closes is not None else (("status", self.state),)
        return Activity(
            key=Key("hubspot", f"{self.what}:{self.n}"), actor=theirs, kind=Kind.OTHER, published=self.opened, precision=Precision.SECOND, title=f"{self.what.title()} {self.n}",
            audience=Audience.PRIVATE, participants=(Participant(profile=theirs, role=Role.SUBJECT),), extra=(("record", self.what), *more),
        )  # fmt: skip


@dataclass
class World:
    """What is so in the world, and what of it is told each day. asleep: from and until which day nothing comes from and goes to somebody. came: the day on which the
    later ones came. mine: which share of what happens with somebody is the user's doing; fan: of whose it is nothing."""

    dice: random.Random
    n: int = 0
    day: int = 0
    records: list[Record] = field(default_factory=list)
    work: dict[str, Profile] = field(default_factory=lambda: {name: THEM[name]["linkedin"] for name in NAMES})
    asleep: dict[str, tuple[int, int]] = field(init=False)
    came: dict[str, int] = field(init=False)
    mine: dict[str, float] = field(init=False)
    fan: str = field(init=False)

    def __post_init__(self) -> None:
        dice = self.dice
        begin = dice.randrange(5, 30)
        self.asleep = {dice.choice(ADVOCATES): (begin, begin + dice.randrange(48, 70))}
        for name in dice.sample(NAMES[2:], 2):
            begin = dice.randrange(10, 60)
            self.asleep[name] = (begin, begin + dice.randrange(15, 45))
        self.came = {name: dice.randrange(10, 85) for name in LATER}
        self.fan = dice.choice(FIRST[2:])
        self.mine = {name: 0.0 if name == self.fan else dice.choice((0.2, 0.35, 0.6)) for name in NAMES}

    def here(self) -> list[str]:
        return [name for name in NAMES if self.day >= self.came.get(name, 0)]

    def sleeps(self, name: str) -> bool:
        begin, end = self.asleep.get(name, (DAYS, DAYS))
        return begin <= self.day < end

    def arrivals(self) -> list[str]:
        """Who comes into the desk today."""
        return [name for name, day in self.came.items() if day == self.day]

    def told(self, now: datetime) -> list[Fact]:
        """What places tell today: words, meetings, trips, days of life."""
        facts = [fact for name in self.here() if not self.sleeps(name) and self.dice.random() < 0.35 for fact in self._said(name, now)]
        return [*facts, *self._recorded(now)]

    def imported(self) -> list[Fact]:
        """What only an import tells today: work that is not what it was."""
        dice = self.dice
        if dice.random() > 0.06:
            return []
        name = dice.choice(self.here())
        before = self.work[name]
        moved = replace(before, company=dice.choice(FIRMS)) if dice.random() < 0.4 else replace(before, title=dice.choice(ROLES))
        self.work[name] = moved
        return [moved]

    def _recorded(self, now: datetime) -> list[Fact]:
        """The CRM opens, moves on and ends."""
        dice, found = self.dice, list[Record]()
        if dice.random() < 0.06:
            closes = now.date() + timedelta(days=dice.randrange(-3, 60))
            self.n += 1
            found.append(Record(self.n, dice.choice(self.here()), "deal", dice.choice(STAGES), now - timedelta(days=dice.randrange(40)), closes))
        if dice.random() < 0.06:
            self.n += 1
            found.append(Record(self.n, dice.choice(self.here()), "ticket", dice.choice(OPEN), now - timedelta(days=dice.randrange(12))))
        self.records += found
        for record in self.records:
            if dice.random() < 0.02:
                record.state = dice.choice((*STAGES, *OVER) if record.what == "deal" else (*OPEN, "Closed"))
                found.append(record)
            if record.closes is not None and dice.random() < 0.02:
                record.closes += timedelta(days=dice.randrange(-5, 30))
                found.append(record)
        return [record.fact() for record in {record.n: record for record in found}.values()]

    def _said(self, name: str, now: datetime) -> list[Fact]:
        self.n += 1
        dice, place = self.dice, self.dice.choice(PLACES)
        them, me, when = THEM[name][place], ME[place], now - timedelta(hours=dice.choice((1, 3, 9, 400)))
        if dice.random() < 0.05:
            moved, kind = now.date() + timedelta(days=dice.randrange(-2, 3)), dice.choice((DayKind.BIRTHDAY, DayKind.ANNIVERSARY))
            return [replace(BORN[name], key=Key(dice.choice(("contacts", "hubspot")), BORN[name].key.native_id), days=(LifeDay(kind=kind, month=moved.month, day=moved.day),))]
        if dice.random() < 0.1:
            start = now + timedelta(hours=dice.choice((-30, 5, 60, 300)))
            return [did(me if dice.random() < 0.7 else them, f"e{self.n}", start, "", kind=Kind.EVENT, title="Review", private=True, to=[them] if dice.random() < 0.7 else [],
                        extra=(("location", "Oslo, Norway"),))]  # fmt: skip
        actor, to = (me, them) if dice.random() < self.mine[name] else (them, me)
        kind = dice.choice((Kind.MAIL, Kind.MESSAGE, Kind.POST, Kind.REPLY, Kind.REACTION, Kind.RECOMMENDATION))
        return [did(actor, f"s{self.n}", when, dice.choice(WORDS), kind=kind, private=kind in (Kind.MAIL, Kind.MESSAGE), to=[to] if dice.random() < 0.7 else [],
                    role=dice.choice((Role.TO, Role.TO, Role.MENTIONED, Role.SUBJECT)))]  # fmt: skip
