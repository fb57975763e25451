"""Silence against somebody's own rhythm, and only where we have really looked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from relationdesk.derived import PlaceState
from relationdesk.model import Person
from relationdesk.prompts.base import History, Rhythm, median_gap
from relationdesk.prompts.gone_quiet import GoneQuiet
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
        (read(NOW - timedelta(days=25), failed=NOW - timedelta(days=25)), "could not be read since"),
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
    ("active", "known_from", "is_long"),
    [
        (weekly(31), NOW - timedelta(days=31 - 17.5), True),
        (weekly(15), NOW - timedelta(days=1), False),
        (weekly(13), None, False),
        (weekly(400), None, False),
        (weekly(31, n=4), None, False),
        ((NOW + timedelta(days=5), *weekly(31)), None, False),
    ],
)
def test_it_is_known_beforehand_how_far_must_have_been_read(active: tuple[datetime, ...], known_from: datetime | None, is_long: bool) -> None:
    """What agenda sorts out before it asks what was read must be what the rule would say."""
    measured = rhythm(active)
    assert measured is not None
    silence = GoneQuiet().silence(measured, NOW)
    assert (silence and silence[:2]) == (None if known_from is None else (is_long, known_from))
    for until in (None, NOW - timedelta(days=2), NOW):
        speaks = found(active, read(until)) != (0, "")
        assert speaks == (known_from is not None and (is_long or until is None or until < known_from))


def test_what_is_passed_over_unasked_says_nothing() -> None:
    """Every silence by the hour, for rhythms on both sides of the two weeks that any silence must last."""
    rule, passed = GoneQuiet(), 0
    for usual in (None, 1.0, 5.5, 6.0, 11.0, 11.2, 12.0, 40.0):
        for hours in range(0, 60 * 24, 5):
            measured = Rhythm(NOW - timedelta(hours=hours), 9, usual)
            silence = rule.silence(measured, NOW)
            for known in (-1, hours // 2, hours):
                if not rule.is_possible(9, usual, hours * 3600, known * 3600):
                    passed += 1
                    read_until = measured.last + timedelta(hours=known)
                    assert silence is None or (not silence.is_long and silence.known_from <= read_until)
            assert not rule.is_possible(4, usual, hours * 3600, -1)
    assert passed > 2000
