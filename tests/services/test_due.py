"""Whose turn it is: politeness towards servers is decided here, so each promise has a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from relationdesk.errors import LoginRejected, RateLimited, SourceError, SourceUnavailable
from relationdesk.model import Login, Page, Stream
from relationdesk.services import logins as services
from relationdesk.services import sync
from relationdesk.store import activities, logins, settings
from relationdesk.store.database import Desk, transaction
from tests.facts import NOW
from tests.services.test_sync import Fake, page, run, with_login

HALF_AN_HOUR = 30


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


@pytest.fixture
def db() -> Desk:
    return with_login()


def fails(error: SourceError) -> Callable[[str], Iterator[Page]]:
    def step(cursor: str) -> Iterator[Page]:
        raise error
        yield

    return step


def works(cursor: str) -> Iterator[Page]:
    yield page("a")


def is_due(db: Desk, when: datetime) -> bool:
    return bool(sync.due(db, when, HALF_AN_HOUR))


def test_a_new_login_at_once_a_good_one_after_the_interval(db: Desk) -> None:
    assert is_due(db, NOW)
    run(db, Fake(joe=works))
    assert not is_due(db, minutes(29)) and is_due(db, minutes(30))


def test_a_paused_one_never_and_at_once_when_it_goes_on(db: Desk) -> None:
    services.pause(db, 1, True, lambda: NOW)
    assert not is_due(db, NOW) and not is_due(db, NOW + timedelta(days=400))
    services.pause(db, 1, False, lambda: NOW)
    assert is_due(db, NOW)


def test_a_failed_one_waits_ten_minutes_then_longer_and_never_beyond_the_interval(db: Desk) -> None:
    run(db, Fake(joe=works))
    asked, now = [], NOW
    for _ in range(7 * 24 * 60):
        now += timedelta(minutes=1)
        if is_due(db, now):
            run(db, Fake(joe=fails(SourceUnavailable("No answer."))), now=now)
            asked.append(now)
    gaps = [b - a for a, b in pairwise(asked)]
    assert min(gaps) >= timedelta(minutes=10) and gaps == sorted(gaps) and gaps[-1] == timedelta(minutes=30)


@pytest.mark.parametrize("every", [5, 30, 240])
def test_a_thousand_failures_are_over_within_one_interval(db: Desk, every: int) -> None:
    """Weeks without a network, with sleep and a clock that jumps: then one interval, or ten minutes if that is more."""
    settings.save(db, settings.Settings(sync_every_minutes=every))
    run(db, Fake(joe=works))
    now = NOW
    for n in range(1000):
        now += timedelta(minutes=every * (1 + n % 3)) - timedelta(hours=7 if n % 50 == 49 else 0)
        run(db, Fake(joe=fails(SourceUnavailable("No answer.", silent=True))), now=now)
    assert activities.count(db) == 1
    back = now + timedelta(minutes=max(every, 10))
    assert [login.id for login in sync.due(db, back, every)] == [1]
    assert run(db, Fake(joe=works), now=back).failures == () and activities.count(db) == 1


def test_the_other_streams_of_a_silent_server_are_not_waited_for(db: Desk) -> None:
    steps = {f"s{n:03}": fails(SourceUnavailable("No answer.", silent=True)) for n in range(200)}
    source = Fake(**steps)
    done = run(db, source)
    assert len(source.asked) == sync.IN_VAIN and len(done.failures) == 200 and "200 of 200" in done.login.failure
    mixed = Fake(**{name: works if n % 3 == 2 else step for n, (name, step) in enumerate(steps.items())})
    assert len(run(db, mixed).failures) == 134 and len(mixed.asked) == 200


def test_one_that_never_worked_is_asked_at_most_six_times_an_hour(db: Desk) -> None:
    asked = 0
    for minute in range(60):
        if is_due(db, minutes(minute)):
            run(db, Fake(joe=fails(SourceUnavailable("No answer."))), now=minutes(minute))
            asked += 1
    assert 1 < asked <= 6


@pytest.mark.parametrize("wait", [timedelta(minutes=1), timedelta(minutes=45), timedelta(hours=5)])
def test_a_wait_the_server_asked_for_is_kept_to_the_second(db: Desk, wait: timedelta) -> None:
    run(db, Fake(joe=fails(RateLimited("Wait.", until=NOW + wait))))
    assert not is_due(db, NOW + wait - timedelta(seconds=1)) and is_due(db, NOW + wait)


def test_nobody_makes_us_wait_for_ever(db: Desk) -> None:
    run(db, Fake(joe=fails(RateLimited("Wait.", until=NOW + timedelta(days=3000)))))
    assert is_due(db, NOW + timedelta(hours=24))


def test_a_refused_login_waits_for_the_user_and_signing_in_ends_it(db: Desk) -> None:
    run(db, Fake(joe=fails(LoginRejected("Sign in again."))))
    assert not is_due(db, NOW + timedelta(hours=23))
    (login,) = logins.every(db)
    with transaction(db):
        logins.save(db, login)
    assert is_due(db, minutes(30))


class Elsewhere(Fake):
    """Joe is read from his own server, the rest from ours."""

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return tuple(
            replace(stream, address="https://joe.example" if stream.name == "joe" else login.address)
            for stream in super().streams(login, followed)
        )


@pytest.mark.parametrize("error", [LoginRejected("No."), RateLimited("Wait.", until=NOW + timedelta(hours=9))])
def test_another_persons_server_refuses_only_for_itself(db: Desk, error: SourceError) -> None:
    source = Elsewhere(joe=fails(error), mary=works)
    done = run(db, source)
    assert [name for name, _ in source.asked] == ["joe", "mary"] and done.new == 1
    assert not is_due(db, minutes(29)) and is_due(db, minutes(30))
    run(db, source, now=minutes(31))
    waits = isinstance(error, RateLimited)
    assert [name for name, _ in source.asked[2:]] == (["mary"] if waits else ["joe", "mary"])


def test_our_own_server_refuses_for_all(db: Desk) -> None:
    source = Elsewhere(mary=fails(LoginRejected("No.")), joe=works)
    run(db, source)
    assert [name for name, _ in source.asked] == ["mary"]


@pytest.mark.parametrize("every", [10, 30, 120])
def test_what_failed_in_part_is_asked_as_often_as_what_works(db: Desk, every: int) -> None:
    settings.save(db, settings.Settings(sync_every_minutes=every))
    run(db, Fake(joe=works, mary=fails(SourceUnavailable("No answer."))))
    assert not sync.due(db, minutes(every - 1), every) and sync.due(db, minutes(every), every)


def test_good_again_clears_failure_and_wait(db: Desk) -> None:
    run(db, Fake(joe=fails(SourceUnavailable("No answer."))))
    done = run(db, Fake(joe=works), now=minutes(11))
    assert (done.login.failure, done.login.next_try, done.login.last_good) == ("", None, minutes(11))


def test_stopped_is_neither_good_nor_failed_and_not_begun_again_at_once(db: Desk) -> None:
    run(db, Fake(joe=works))
    done = run(db, Fake(joe=works), now=minutes(40), stop=lambda: True)
    assert done.stopped and done.login.last_good == NOW and done.login.failure == ""
    assert not is_due(db, minutes(41)) and is_due(db, minutes(70))


def test_stopping_a_failing_one_hides_no_failure(db: Desk) -> None:
    run(db, Fake(joe=fails(SourceUnavailable("No answer."))))
    done = run(db, Fake(joe=works), now=minutes(11), stop=lambda: True)
    assert done.login.failure == "No answer." and done.login.last_good is None
    assert not is_due(db, minutes(12))


def test_a_clock_that_stood_in_the_future_stops_nothing(db: Desk) -> None:
    """A laptop that believed it was 2031 must not stay silent until then."""
    future = NOW + timedelta(days=1800)
    run(db, Fake(joe=works), now=future)
    assert is_due(db, NOW)
    run(db, Fake(joe=fails(SourceUnavailable("No answer."))), now=future)
    assert is_due(db, NOW)


def test_removed_while_it_was_asked_is_not_asked_again(db: Desk) -> None:
    services.remove(db, 1, lambda: NOW)
    assert sync.due(db, NOW, HALF_AN_HOUR) == ()
