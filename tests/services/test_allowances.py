"""A place that allows only so many questions: they are counted, spread over the span, and everybody has their turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from relationdesk.errors import Gone, SourceUnavailable
from relationdesk.model import Login, Page, Profile, Stream
from relationdesk.services import allowances, people, sync
from relationdesk.services.places import login_rows
from relationdesk.services.sync import Synced
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.base import Allowance, Metered
from relationdesk.sources.door import Door
from relationdesk.store import allowances as stored
from relationdesk.store import logins
from relationdesk.store.allowances import Used
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, bring, did, who

DAY = Allowance(most=10_000, span=timedelta(days=1), zone="America/Los_Angeles")
SLOW = Allowance(most=1, span=timedelta(seconds=35))
LOGIN = Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Fake:
    """One question per page through a real door. failing: stream → what it raises after its question."""

    name = place = "mastodon"
    title = "Fake"
    takes_token = True

    def __init__(self, allowed: Allowance | None, *names: str, pages: int = 1) -> None:
        self.allowed, self.names, self.count = allowed, names, pages
        self.read: list[str] = []
        self.failing: dict[str, Exception] = {}

    def allowance(self, login: Login) -> Allowance | None:
        return self.allowed

    def connect(self, address: str, token: str, door: Door) -> Login:
        raise NotImplementedError

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        raise NotImplementedError

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return tuple(Stream(name=name, address="", title=name) for name in self.names)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        for number in range(min(int(cursor or 0), self.count - 1), self.count):
            self.read.append(stream.name)
            door.get("https://hotel.example/")
            if stream.name in self.failing:
                raise self.failing[stream.name]
            joe = who("Joe")
            yield Page(facts=(joe, did(joe, f"{stream.name}{number}")), cursor=str(number + 1), more=number + 1 < self.count)


@pytest.fixture
def db() -> Desk:
    made = open_memory()
    with transaction(made):
        logins.save(made, LOGIN)
    return made


def run(db: Desk, source: Fake, now: datetime = NOW) -> Synced:
    (login,) = logins.every(db)
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(200, text="x")))
    return sync.sync(db, login, "", door, lambda: now, source=source)


def test_what_is_counted_is_what_the_places_tell() -> None:
    """most, span and zone, without a key and with one, as in their documentation or measured."""
    minute, hour, day = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
    told = {
        "mastodon": ((300, 5 * minute, ""),) * 2, "bluesky": ((3_000, 5 * minute, ""),) * 2, "github": ((60, hour, ""), (5_000, hour, "")),
        "hackernews": ((10_000, hour, ""),) * 2, "stackexchange": ((300, day, "UTC"), (10_000, day, "UTC")), "x": ((300, 15 * minute, ""),) * 2,
        "youtube": (None, (10_000, day, "America/Los_Angeles")), "reddit": ((1, timedelta(seconds=35), ""), (10, minute, "")),
        "pinboard": (None, (1, timedelta(seconds=3), "")),
    }  # fmt: skip
    found = {}
    for source in LIVE_SOURCES:
        if isinstance(source, Metered):
            allowed = [source.allowance(replace(LOGIN, source=source.name, has_token=has_token)) for has_token in (False, True)]
            found[source.name] = tuple(None if one is None else (one.most, one.span, one.zone) for one in allowed)
    assert found == told


def test_a_day_begins_at_midnight_of_the_place_and_summer_time_is_kept() -> None:
    winter = allowances.now_used(None, DAY, at("2026-11-25T07:30"))
    assert (winter.since, winter.renewed) == (at("2026-11-24T08:00"), at("2026-11-25T08:00"))
    turned = allowances.now_used(None, DAY, at("2026-11-01T12:00"))  # the day on which clocks are put back
    assert turned.renewed - turned.since == timedelta(hours=25)


def test_what_was_asked_counts_until_the_span_is_over() -> None:
    before = Used(asked=7, most=9_000, span=DAY.span, since=at("2026-11-25T08:00"), renewed=at("2026-11-26T08:00"), after="m")
    same = allowances.now_used(before, DAY, at("2026-11-26T07:59"))
    assert (same.asked, same.most, same.after) == (7, 10_000, "m")
    anew = allowances.now_used(before, DAY, at("2026-11-26T08:01"))
    assert (anew.asked, anew.after, anew.renewed) == (0, "m", at("2026-11-27T08:00"))


def test_a_clock_that_stood_wrong_locks_nobody_out() -> None:
    future = Used(asked=1, most=1, span=SLOW.span, since=at("2036-01-01"), renewed=at("2036-01-02"))
    assert allowances.now_used(future, SLOW, NOW).free(NOW) == 1


def test_a_long_span_is_spread_and_a_short_one_is_not() -> None:
    since = at("2026-11-25T08:00")
    used = Used(asked=0, most=10_000, span=DAY.span, since=since, renewed=since + DAY.span)
    assert used.free(since) == 833 and used.free(since + timedelta(hours=12)) == 5_833 and used.free(since + timedelta(hours=23)) == 10_000
    short = Used(asked=0, most=10, span=timedelta(minutes=1), since=since, renewed=since + timedelta(minutes=1))
    assert short.free(since) == 10


@pytest.mark.parametrize("asked", [833, 834, 2_000, 9_999])
def test_the_next_question_is_allowed_when_it_is_said_to_be(asked: int) -> None:
    since = at("2026-11-25T08:00")
    used = Used(asked=asked, most=10_000, span=DAY.span, since=since, renewed=since + DAY.span)
    due = used.next(since)
    assert since < due < used.renewed
    assert used.free(due) >= 1 > used.free(due - timedelta(seconds=10))
    assert Used(asked=10_000, most=10_000, span=DAY.span, since=since, renewed=used.renewed).next(since) == used.renewed


def test_one_question_at_a_time_until_everybody_was_there(db: Desk) -> None:
    source, now = Fake(SLOW, "ann", "joe", "mary"), NOW
    for reading in range(3):
        done = run(db, source, now)
        (login,) = logins.every(db)
        assert (done.new, done.failures, login.failure, login.last_good) == (1, (), "", now)
        if reading < 2:
            assert done.rest == done.next_try == now + timedelta(seconds=35)
            assert sync.due(db, now + timedelta(seconds=20), 30) == ()
            now += timedelta(seconds=35)
            assert len(sync.due(db, now, 30)) == 1, "an unfinished round goes on as soon as it may"
    assert source.read == ["ann", "joe", "mary"] and (done.rest, done.next_try) == (None, None)
    assert sync.due(db, now + timedelta(minutes=29), 30) == () and len(sync.due(db, now + timedelta(minutes=30), 30)) == 1


def test_whoever_fails_holds_up_nobody(db: Desk) -> None:
    source, now = Fake(SLOW, "ann", "joe", "mary"), NOW
    source.failing["ann"] = Gone("Ann is gone. What was read before is kept.")
    for _ in range(9):
        done = run(db, source, now)
        now = done.next_try or now + timedelta(minutes=30)
    assert Counter(source.read) == {"ann": 3, "joe": 3, "mary": 3}


def test_a_server_that_is_down_is_not_asked_every_half_minute(db: Desk) -> None:
    source = Fake(SLOW, "ann", "joe")
    source.failing = dict.fromkeys(("ann", "joe"), SourceUnavailable("No answer. What was read before is kept."))
    done = run(db, source)
    assert done.next_try is not None and done.next_try - NOW >= timedelta(minutes=10)


def test_somebody_new_comes_first_and_skips_nobody(db: Desk) -> None:
    source, now = Fake(SLOW, "b", "d", "f"), NOW
    for _ in range(4):
        run(db, source, now)
        now += timedelta(seconds=36)
    assert source.read == ["b", "d", "f", "b"]
    source.names = ("b", "d", "f", "e", "a")
    for _ in range(5):
        run(db, source, now)
        now += timedelta(seconds=36)
    assert source.read[4:] == ["a", "e", "d", "e", "f"]


def test_a_long_past_is_read_as_the_place_allows(db: Desk) -> None:
    source = Fake(SLOW, "joe", pages=3)
    assert run(db, source).new == 1
    assert run(db, source, NOW + timedelta(minutes=30)).new == 1
    assert source.read == ["joe", "joe"] and logins.cursor(db, 1, "joe") == "2"


def test_asking_in_vain_changes_nothing(db: Desk) -> None:
    source = Fake(SLOW, "ann", "joe")
    run(db, source)
    (before,) = logins.every(db)
    done = run(db, source, NOW + timedelta(seconds=5))
    (login,) = logins.every(db)
    assert source.read == ["ann"] and done.rest == NOW + timedelta(seconds=35)
    assert (login.last_good, login.failure) == (before.last_good, "")


def test_every_question_is_counted_and_shown(db: Desk) -> None:
    run(db, Fake(DAY, "ann", "joe", pages=3))
    (row,) = login_rows(db)
    assert row.used is not None and (row.used.asked, row.used.most, row.used.after) == (6, 10_000, "")


@pytest.mark.parametrize(("free", "counted"), [(True, 1), (False, 3)])
def test_nothing_new_counts_only_where_the_place_counts_it(db: Desk, free: bool, counted: int) -> None:
    (login,) = logins.every(db)
    said = iter([200, 304, 304])
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(next(said))))
    meter = allowances.Meter(db, Fake(replace(DAY, unchanged_is_free=free)), login, door, lambda: NOW)
    for _ in range(3):
        door.get("https://hotel.example/", headers=[("If-None-Match", "x")])
    used = meter.count()
    again = meter.count()
    assert used is not None and used.asked == counted and again == used


def test_without_an_allowance_nothing_is_counted_and_nobody_waits(db: Desk) -> None:
    source = Fake(None, "joe", "ann")
    done = run(db, source)
    assert source.read == ["joe", "ann"] and done.rest is None and login_rows(db)[0].used is None


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"asked": "x"}', '{"asked":1,"most":0,"span":0,"since":1e99,"renewed":2,"after":""}'])
def test_what_is_damaged_counts_as_nothing(db: Desk, text: str) -> None:
    from relationdesk.store import settings

    settings.set_value(db, f"allowance:{LOGIN.secret_name}", text)
    stored.used(db, LOGIN)
    assert run(db, Fake(SLOW, "joe")).new == 1


class Known(Fake):
    """Each stream is a profile of that name."""

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return tuple(Stream(name=name, address="", title=name, profile=who(name).key) for name in self.names)


@pytest.mark.parametrize("allowed", [None, DAY])
def test_key_accounts_come_before_the_rest(db: Desk, allowed: Allowance | None) -> None:
    bring(db, [who("ann"), who("joe", company="Harborline"), who("zoe", company="Harborline")])
    people.set_key_company(db, db.execute("SELECT id FROM companies").fetchone()[0], True, NOW)
    source = Known(allowed, "ann", "joe", "zoe")
    run(db, source)
    assert source.read == ["joe", "zoe", "ann"]
    source.names = ("ann", "joe", "new", "zoe")
    run(db, source, NOW + timedelta(hours=1))
    assert source.read[3:] == ["new", "joe", "zoe", "ann"], "never read comes first, then everybody in turn"


def test_key_accounts_do_not_starve_the_others(db: Desk) -> None:
    bring(db, [who("ann"), who("joe", company="Harborline")])
    people.set_key_company(db, db.execute("SELECT id FROM companies").fetchone()[0], True, NOW)
    source = Known(SLOW, "ann", "joe")
    for n in range(6):
        run(db, source, NOW + n * SLOW.span)
    assert Counter(source.read) == {"ann": 3, "joe": 3}
