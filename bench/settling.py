"""How long it takes until everybody was read once: 2,000 people over 12 places, with the limits that the places tell, by the program's own
sync on a clock that is moved by hand. No network is asked; a place answers 429 to whoever asks more than it allows.

`python -m bench.settling` prints the table of docs/sources.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from relationdesk.model import Activity, Key, Kind, Login, Page, Profile, Stream
from relationdesk.services import matching, sync
from relationdesk.services import people as persons
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import Allowance, Metered
from relationdesk.sources.door import Door
from relationdesk.store import batches, logins, merge
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANSWER = timedelta(milliseconds=300)
"""What one answer takes."""
EVERY_MINUTES = 30
LONGEST = timedelta(days=14)
KEY_EVERY = 20
"""Every twentieth person is at a key company."""


@dataclass(frozen=True)
class Where:
    """A place of the table. people: how many of the 2,000 are followed there. first: questions of a first reading, later: of each
    further one. most in span: what the place tells, enforced with 429; source: whose allowance the program keeps to, "" for none."""

    name: str
    people: int
    first: int
    later: int
    most: int
    span: timedelta
    source: str = ""
    has_token: bool = True


MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
PLACES = (
    Where("Mastodon", 700, 10, 1, 300, MINUTES, "mastodon"),
    Where("Bluesky", 700, 4, 1, 3_000, MINUTES, "bluesky"),
    Where("GitHub, with a key", 400, 5, 1, 5_000, HOUR, "github"),
    Where("GitHub, without", 50, 5, 1, 60, HOUR, "github", has_token=False),
    Where("Hacker News", 150, 4, 1, 10_000, HOUR, "hackernews"),
    Where("Stack Exchange, with a key", 150, 4, 1, 10_000, DAY, "stackexchange"),
    Where("Stack Exchange, without", 50, 4, 1, 300, DAY, "stackexchange", has_token=False),
    Where("YouTube, with a key", 300, 5, 1, 10_000, DAY, "youtube"),
    Where("GitLab", 100, 6, 1, 1_000_000, DAY, "gitlab"),
    Where("Discourse", 150, 5, 1, 1_000_000, DAY, "discourse"),
    Where("Reddit, by its feed", 200, 1, 1, 1_000_000, DAY, "reddit"),
    Where("Blogs, by their feeds", 600, 1, 1, 1_000_000, DAY, "feed"),
)


@dataclass
class Simulated:
    """A live source of as many questions as `where` says, through a real door."""

    where: Where
    clock: list[datetime]
    takes_token: bool = True
    read: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.place = self.title = self.where.name
        self.real = next((source for source in LIVE_SOURCES if source.name == self.where.source), None)

    def allowance(self, login: Login) -> Allowance | None:
        return self.real.allowance(login) if isinstance(self.real, Metered) else None

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return followed

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        done = int(cursor or 0)
        for n in range(done, max(self.where.first, done + self.where.later)):
            door.get("https://place.example/")
            more = n + 1 < self.where.first
            if not more:
                self.read.setdefault(stream.name, self.clock[0])
            facts = (_item(stream, n, self.clock[0]),) if n == 0 else ()
            yield Page(facts=facts, cursor=str(n + 1), more=more)


def _item(stream: Stream, n: int, now: datetime) -> Activity:
    assert stream.profile is not None
    return Activity(key=Key(stream.profile.place, f"{stream.name}/{n}"), actor=stream.profile, kind=Kind.POST, published=now, text="words")


@dataclass
class Server:
    """Counts in spans that begin with their first question, or at midnight of a zone, as the places do; refused: how often it said 429."""

    where: Where
    clock: list[datetime]
    zone: str = ""
    begun: datetime | None = None
    asked: int = 0
    refused: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.clock[0] += ANSWER
        now = self.clock[0]
        begun = now.astimezone(ZoneInfo(self.zone)).replace(hour=0, minute=0, second=0, microsecond=0) if self.zone else self.begun
        if begun is None or begun != self.begun or now >= begun + self.where.span:
            self.begun, self.asked = begun if self.zone else now, 0
        self.asked += 1
        if self.asked > self.where.most:
            self.refused += 1
            assert self.begun is not None
            return httpx.Response(429, headers={"Retry-After": str(int((self.begun + self.where.span - now).total_seconds()) + 1)})
        return httpx.Response(200, text="x")


@dataclass(frozen=True)
class Settled:
    """key, everybody: how long until key accounts, then everybody, were read once; None for not within LONGEST."""

    where: Where
    key: timedelta | None
    everybody: timedelta | None
    asked: int
    refused: int


def settle(where: Where) -> Settled:
    """Follow everybody at once, and tick by the minute until each was read."""
    db = open_memory()
    clock = [START]
    source = Simulated(where, clock)
    allowed = source.allowance(Login(id=0, source=where.name, place=where.name, address="", has_token=where.has_token))
    server = Server(where, clock, allowed.zone if allowed is not None else "")
    names = [f"person{n:04}" for n in range(where.people)]
    key = _fill(db, where, names)
    asked = 0
    while len(source.read) < len(names) and clock[0] - START < LONGEST:
        for login in sync.due(db, clock[0], EVERY_MINUTES):
            door = Door(transport=httpx.MockTransport(server))
            sync.sync(db, login, "", door, lambda: clock[0], source=source)  # type: ignore[arg-type]  # it cannot be connected
            asked += door.asked
        clock[0] += timedelta(minutes=1)
    db.close()

    def last(wanted: list[str]) -> timedelta | None:
        return max(source.read[name] for name in wanted) - START if set(wanted) <= source.read.keys() else None

    return Settled(where, last(key), last(names), asked, server.refused)


def _fill(db: Desk, where: Where, names: list[str]) -> list[str]:
    """Everybody with one profile; every twentieth is at a key company. Answers the names of those."""
    key = names[:: KEY_EVERY]
    with Staging(db, now=seconds(START)) as staging:
        staging.add(
            Profile(key=Key(where.name, name), display_name=name, known=True, company="Harborline" if name in key else "") for name in names
        )
        merge.prepare(staging)
        with transaction(db):
            batch = batches.begin(db, format="bench", place=where.name, name="bench", at=seconds(START))
            merged = merge.merge(staging, batch_id=batch, now=seconds(START))
            matching.arrange(db, merged.profiles, batch_id=batch, now=seconds(START))
    ((company,),) = db.execute("SELECT id FROM companies").fetchall()
    persons.set_key_company(db, company, True, START)
    with transaction(db):
        login = logins.save(db, Login(id=0, source=where.name, place=where.name, address="https://place.example", has_token=where.has_token))
        for name in names:
            logins.save_stream(db, login, Stream(name=name, address="", title=name, profile=Key(where.name, name)), is_followed=True)
    return key


def words(span: timedelta | None) -> str:
    if span is None:
        return f"more than {LONGEST.days} days"
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"


def main() -> int:
    sys.stdout.write("| place | people | questions | key accounts read after | everybody read after | refused (429) |\n|---|---|---|---|---|---|\n")
    for where in PLACES:
        done = settle(where)
        sys.stdout.write(f"| {where.name} | {where.people} | {done.asked:,} | {words(done.key)} | {words(done.everybody)} | {done.refused} |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
