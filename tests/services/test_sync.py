"""Page by page with its cursor, in front of a source that fails in every way it can. Nothing read is ever lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceUnavailable
from relationdesk.model import Coverage, Login, Page, Profile, Stream
from relationdesk.services import sync
from relationdesk.services.places import login_rows
from relationdesk.sources.door import Door
from relationdesk.store import activities, coverage, logins
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, did, person_id, state, who

JOE, MARY = who("Joe Brown"), who("Mary Jones")
DOOR = cast(Door, None)  # the fake below never asks it

Steps = dict[str, Callable[[str], Iterator[Page]]]


class Fake:
    """A live source whose streams are written down in the test."""

    name = place = "mastodon"
    title = "Fake"
    takes_token = True

    def __init__(self, **steps: Callable[[str], Iterator[Page]]) -> None:
        self.steps = steps
        self.asked: list[tuple[str, str]] = []

    def connect(self, address: str, token: str, door: Door) -> Login:
        raise NotImplementedError

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        raise NotImplementedError

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        profiles = {"joe": JOE.key, "mary": MARY.key}
        return tuple(Stream(name=name, address="", title=name, profile=profiles.get(name)) for name in self.steps)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        self.asked.append((stream.name, cursor))
        yield from self.steps[stream.name](cursor)


def with_login() -> Desk:
    db = open_memory()
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam"))
    return db


@pytest.fixture
def db() -> Desk:
    return with_login()


def run(db: Desk, source: Fake, now: datetime = NOW, **more: Any) -> sync.Synced:
    (login,) = logins.every(db)
    return sync.sync(db, login, "", DOOR, lambda: now, source=source, **more)


def page(*ids: str, cursor: str = "", more: bool = True) -> Page:
    return Page(facts=(JOE, *(did(JOE, i) for i in ids), Coverage(place="mastodon", profile=JOE.key, until=NOW)), cursor=cursor, more=more)


def test_a_page_and_its_cursor_belong_together(db: Desk) -> None:
    def dies(cursor: str) -> Iterator[Page]:
        yield page("a", "b", cursor="2")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(db, Fake(joe=dies))
    assert activities.count(db) == 2 and logins.cursor(db, 1, "joe") == "2"
    again = Fake(joe=lambda cursor: iter([page("b", "c", cursor="3")]))
    done = run(db, again)
    assert again.asked == [("joe", "2")] and done.new == 1 and activities.count(db) == 3


def test_a_write_that_fails_moves_no_cursor(db: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(sync.logins, "set_cursor", broken)
        with pytest.raises(RuntimeError):
            run(db, Fake(joe=lambda cursor: iter([page("a", cursor="2")])))
    assert activities.count(db) == 0 and logins.cursor(db, 1, "joe") == ""


def test_one_failing_stream_does_not_stop_the_others(db: Desk) -> None:
    def fails(cursor: str) -> Iterator[Page]:
        raise SourceUnavailable("No answer.")
        yield

    done = run(db, Fake(joe=lambda c: iter([page("a")]), mary=fails, more=lambda c: iter([page("b")])))
    assert done.failures == (("mary", "No answer."),) and done.new == 2
    (login,) = logins.every(db)
    assert login.failure == "mary: No answer." and login.last_good is None and login.next_try is not None


def test_a_rate_limit_stops_and_waits(db: Desk) -> None:
    def limited(cursor: str) -> Iterator[Page]:
        raise RateLimited("Wait.", until=NOW + timedelta(minutes=7))
        yield

    fake = Fake(joe=limited, mary=lambda c: iter([page("a")]))
    assert run(db, fake).next_try == NOW + timedelta(minutes=7)
    assert [name for name, _ in fake.asked] == ["joe"]
    assert sync.due(db, NOW + timedelta(minutes=6), 1) == ()
    assert len(sync.due(db, NOW + timedelta(minutes=8), 1)) == 1


def test_a_refused_login_is_asked_no_further(db: Desk) -> None:
    def refused(cursor: str) -> Iterator[Page]:
        raise LoginRejected("Sign in again.")
        yield

    fake = Fake(joe=refused, mary=lambda c: iter([page("a")]))
    run(db, fake)
    assert len(fake.asked) == 1
    assert sync.due(db, NOW + timedelta(hours=23), 30) == ()


def test_what_holds_up_the_whole_login_is_told_first(db: Desk) -> None:
    """A key that was taken back may first be met where it looks as if it only had too few rights."""

    def too_few(cursor: str) -> Iterator[Page]:
        raise SourceUnavailable("Not with this key.")
        yield

    def refused(cursor: str) -> Iterator[Page]:
        raise LoginRejected("Sign in again.")
        yield

    done = run(db, Fake(a=too_few, b=refused))
    assert [sentence for _, sentence in done.failures] == ["Sign in again.", "Not with this key."] and done.login.failure == "2 of 2 could not be read. b: Sign in again."


CHANGE = ("coverage", "rests")
"""What a reading in vain writes down: until when was read, and when to ask again."""


def test_trap_18_gone_empty_and_unchanged_delete_nothing(db: Desk) -> None:
    def gone(cursor: str) -> Iterator[Page]:
        raise Gone("Gone.")
        yield

    run(db, Fake(joe=lambda c: iter([page("a", "b", cursor="2")])))
    before = state(db)
    for steps in (gone, lambda c: iter([Page()]), lambda c: iter([Page(unchanged=True)]), lambda c: iter(())):
        fake = Fake(joe=steps)
        run(db, fake)
        assert fake.asked and {t: r for t, r in state(db).items() if t not in CHANGE} == {t: r for t, r in before.items() if t not in CHANGE}
        assert logins.cursor(db, 1, "joe") == "2"


def test_somebody_who_is_not_there_is_left_alone_for_a_while(db: Desk) -> None:
    def gone(cursor: str) -> Iterator[Page]:
        raise Gone("Not there.")
        yield

    fake = Fake(joe=gone, mine=gone)  # mine: nobody's stream
    for later, asked in ((0, ["joe", "mine"]), (359, ["mine"]), (360, ["joe", "mine"])):
        fake.asked.clear()
        run(db, fake, now=NOW + timedelta(minutes=later), by_hand=False)
        assert sorted(name for name, _ in fake.asked) == asked
    fake.asked.clear()
    run(db, fake, now=NOW + timedelta(minutes=361))
    assert sorted(name for name, _ in fake.asked) == ["joe", "mine"], "the user wants it now"
    (row,) = login_rows(db, NOW)
    assert next(stream.failure for stream in row.streams if stream.name == "joe") == "Not there."
    run(db, Fake(joe=lambda c: iter([page("a")]), mine=lambda c: iter([page()])), now=NOW + timedelta(hours=13), by_hand=False)
    assert activities.count(db) == 1 and logins.every(db)[0].failure == ""


def test_nothing_new_is_read_as_well(db: Desk) -> None:
    run(db, Fake(joe=lambda c: iter([page("a")])))
    later = NOW + timedelta(days=9)
    run(db, Fake(joe=lambda c: iter([Page(unchanged=True)])), now=later)
    (state_,) = coverage.of_person(db, person_id(db, "Joe Brown"))
    assert state_.until == later


def test_stop_is_looked_at_between_pages(db: Desk) -> None:
    asked = iter([False, True])
    done = run(db, Fake(joe=lambda c: iter([page("a"), page("b")])), stop=lambda: next(asked))
    assert done.stopped and activities.count(db) == 1


def test_a_long_page_goes_in_portions_and_the_cursor_with_the_last(db: Desk) -> None:
    facts = (JOE, *(did(JOE, str(n), ago(minutes=n)) for n in range(1200)))
    done = run(db, Fake(joe=lambda c: iter([Page(facts=facts, cursor="end")])))
    assert done.new == 1200 and logins.cursor(db, 1, "joe") == "end"
    (login,) = logins.every(db)
    assert login.last_good is not None and seconds(login.last_good) == seconds(NOW) and login.failure == ""


def offline(cursor: str) -> Iterator[Page]:
    raise SourceUnavailable("hotel.example cannot be reached: this computer is offline.", silent=True, offline=True)
    yield


def test_without_a_network_it_needs_nobody_and_heals_with_the_first_answer(db: Desk) -> None:
    every = dict.fromkeys(("joe", "mary", "more", "last", "and", "yet"), offline)
    done = run(db, Fake(**every))
    (login,) = logins.every(db)
    assert logins.is_offline(login) and "is kept" in login.failure and len(done.failures) == 6
    assert login.next_try == NOW + sync.RETRY and sync.due(db, NOW + timedelta(minutes=1), 15) == ()
    with transaction(db):
        other = logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://other.example"))
    read = logins.get(db, other)
    assert read is not None
    sync.sync(db, read, "", DOOR, lambda: NOW + timedelta(minutes=1), source=Fake(joe=lambda c: iter([page("a")])))
    assert [due.id for due in sync.due(db, NOW + timedelta(minutes=2), 15)] == [login.id]
    run_one = logins.get(db, login.id)
    assert run_one is not None
    healed = sync.sync(db, run_one, "", DOOR, lambda: NOW + timedelta(minutes=2), source=Fake(joe=lambda c: iter([page("b")])))
    assert not healed.login.failure and not logins.is_offline(healed.login)


def test_a_server_without_a_name_among_others_is_no_missing_network(db: Desk) -> None:
    run(db, Fake(joe=offline, mary=lambda c: iter([page("a")])))
    (login,) = logins.every(db)
    assert login.failure and not logins.is_offline(login)


def test_another_failure_among_them_is_no_missing_network(db: Desk) -> None:
    def fails(cursor: str) -> Iterator[Page]:
        raise SourceUnavailable("No answer.")
        yield

    run(db, Fake(joe=offline, mary=fails))
    assert not logins.is_offline(logins.every(db)[0])


def test_a_login_of_which_nobodys_turn_came_was_not_read(db: Desk) -> None:
    run(db, Fake(joe=lambda c: iter([page("a")])))
    later = NOW + timedelta(hours=2)
    done = run(db, Fake(joe=lambda c: iter(())), now=later)
    assert (done.login.last_good, done.login.last_tried, done.login.failure) == (NOW, later, "")
    assert not sync.due(db, later + timedelta(minutes=29), 30) and sync.due(db, later + timedelta(minutes=30), 30)
    broken = NOW + timedelta(hours=3)
    with transaction(db):
        logins.tried(db, 1, at=seconds(broken), failure="No answer.", next_try=None)
    assert run(db, Fake(joe=lambda c: iter(())), now=broken + timedelta(hours=1)).login.failure == "No answer.", "nothing became better by not asking"
