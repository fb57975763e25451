"""Silence against somebody's own rhythm, and only where we have really looked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from relationdesk.derived import PlaceState
from relationdesk.model import Person
from relationdesk.prompts.base import History, Rhythm, median_gap
from relationdesk.prompts.gone_quiet import ALWAYS, GoneQuiet
from tests.facts import NOW

CHARLES = Person(id=3, uid="u3", name="Charles Williams")


def weekly(last_days_ago: int, n: int = 8, step: int = 7) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(days=last_days_ago + step * i) for i in range(n))


def rhythm(active: tuple[datetime, ...]) -> Rhythm | None:
    days = median_gap([moment.toordinal() for moment in active])
    return Rhythm(active[0], len(active), days) if active else None


def read(until: datetime | None = NOW, **more: object) -> PlaceState:
    return PlaceState(place="linkedin", until=until, **more)  # type: ignore[arg-type]


def found(active: tuple[datetime, ...], *coverage: PlaceState, exchanged: bool = True) -> tuple[int, str]:
    prompts = list(GoneQuiet().find(History(person=CHARLES, rhythm=rhythm(active), coverage=coverage, exchanged=exchanged), NOW))
    return len(prompts), prompts[0].why_not if prompts else ""


@pytest.mark.parametrize(
    ("why", "active", "prompts"),
    [
        ("weekly, silent for 31 days", weekly(31), 1),
        ("weekly, silent for 15 days", weekly(15), 0),
        ("daily, silent for 10 days: less than two weeks", weekly(10, step=1), 0),
        ("every 60 days, silent for 90", weekly(90, step=60), 0),
        ("too few signs to know a rhythm", weekly(31, n=4), 0),
        ("all on one day", (NOW - timedelta(days=40),) * 9, 0),
        ("long gone", weekly(500), 0),
        ("nothing at all", (), 0),
        ("something dated in the future: nothing is known of silence", (NOW + timedelta(days=5), *weekly(31)), 0),
    ],
)
def test_who_is_quiet(why: str, active: tuple[datetime, ...], prompts: int) -> None:
    assert found(active, read()) == (prompts, ""), why


def test_nobody_with_whom_nothing_was_exchanged() -> None:
    assert found(weekly(31), read(), exchanged=False) == (0, "")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (read(None), "never read"),
        (read(NOW - timedelta(days=29)), "last read on"),
        (read(NOW - timedelta(days=25), failed=NOW - timedelta(days=25)), "fails since then"),
    ],
)
def test_not_where_we_have_not_looked(state: PlaceState, words: str) -> None:
    prompts, why_not = found(weekly(31), read(), state)
    assert prompts == 1 and words in why_not


def test_a_failure_long_after_the_silence_was_known_changes_nothing() -> None:
    assert found(weekly(60), read(NOW - timedelta(days=3), failed=NOW - timedelta(days=2))) == (1, "")


def test_the_key_stays_while_the_silence_lasts() -> None:
    def key(now: datetime) -> str:
        (prompt,) = GoneQuiet().find(History(person=CHARLES, rhythm=rhythm(weekly(31)), coverage=(read(now),), exchanged=True), now)
        return prompt.key

    assert key(NOW) == key(NOW + timedelta(days=3))


def test_the_rhythm_counts_days_not_messages() -> None:
    assert median_gap([300, 293, 293, 293, 286, 279]) == 7.0
    assert median_gap([300, 300, 299]) is None


@pytest.mark.parametrize(
    ("active", "before"),
    [
        (weekly(31), ALWAYS),
        (weekly(15), NOW - timedelta(days=1)),
        (weekly(13), None),
        (weekly(400), None),
        (weekly(31, n=4), None),
        ((NOW + timedelta(days=5), *weekly(31)), None),
    ],
)
def test_it_is_known_beforehand_how_far_must_have_been_read(active: tuple[datetime, ...], before: datetime | None) -> None:
    """What agenda sorts out before it asks what was read must be what the rule would say."""
    measured = rhythm(active)
    assert measured is not None and GoneQuiet().speaks_before(measured, NOW) == before
    for until in (None, NOW - timedelta(days=2), NOW):
        speaks = found(active, read(until)) != (0, "")
        assert speaks == (before is ALWAYS or (before is not None and (until is None or until < before)))
