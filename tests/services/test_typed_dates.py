"""Dates as they are typed: exactly as much is known as was typed, and what could be two dates is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Precision
from relationdesk.services.typed_dates import past_day, typed_date, typed_days

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_oslo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Oslo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2026-11-20", (2026, 11, 20), Precision.DAY),
        ("20.11.2026", (2026, 11, 20), Precision.DAY),
        ("20. 11. 2026", (2026, 11, 20), Precision.DAY),
        ("25/12/2025", (2025, 12, 25), Precision.DAY),
        ("12/25/2025", (2025, 12, 25), Precision.DAY),
        ("3/3/2025", (2025, 3, 3), Precision.DAY),
        ("20 November 2026", (2026, 11, 20), Precision.DAY),
        ("Friday, 20 Nov 2026", (2026, 11, 20), Precision.DAY),
        ("Nov 20th, 2026", (2026, 11, 20), Precision.DAY),
        ("20. März 2026", (2026, 3, 20), Precision.DAY),
        ("today", (2026, 11, 20), Precision.DAY),
        ("yesterday", (2026, 11, 19), Precision.DAY),
        ("2026-11", (2026, 11, 1), Precision.MONTH),
        ("11.2026", (2026, 11, 1), Precision.MONTH),
        ("november 2026", (2026, 11, 1), Precision.MONTH),
        ("2026", (2026, 1, 1), Precision.YEAR),
        ("2026-11-20 10:12", (2026, 11, 20, 9, 12), Precision.MINUTE),
        ("20 November 2026 at 10:12", (2026, 11, 20, 9, 12), Precision.MINUTE),
        ("2026-07-01T10:12:33", (2026, 7, 1, 8, 12, 33), Precision.SECOND),
        ("2026-07-01T10:12:33Z", (2026, 7, 1, 10, 12, 33), Precision.SECOND),
        ("today 9:30", (2026, 11, 20, 8, 30), Precision.MINUTE),
        ("1961-04-12", (1961, 4, 12), Precision.DAY),
    ],
)
def test_what_is_typed_is_what_is_known(text: str, expected: tuple[int, ...], precision: Precision) -> None:
    assert typed_date(text, NOW) == (datetime(*expected, tzinfo=UTC), precision)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("text", ["unknown", "Unknown ", "?", "-"])
def test_what_is_not_known_is_not_made_up(text: str) -> None:
    assert typed_date(text, NOW) == (None, Precision.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1/2/2026", "could be two dates"), ("", "is not a date"), ("10:12", "is not a date"), ("2026-11 10:12", "is not a date"), ("soon", "is not a date"),
        ("2026-02-30", "no day in the calendar"), ("2026-13", "no day in the calendar"), ("2026-11-20 25:00", "no day in the calendar"), ("0000", "no day in the calendar"),
        ("20 November", "is not a date"), ("November December 2026", "is not a date"), ("20261120", "is not a date"), ("x" * 5000, "is not a date"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str, told: str) -> None:
    with pytest.raises(UserMistake, match=told):
        typed_date(text, NOW)


def test_days_of_a_month_or_a_year_are_all_of_it() -> None:
    assert typed_days("2026-11-20", NOW) == (date(2026, 11, 20), date(2026, 11, 20))
    assert typed_days("February 2024", NOW) == (date(2024, 2, 1), date(2024, 2, 29))
    assert typed_days("2024", NOW) == (date(2024, 1, 1), date(2024, 12, 31))
    for text in ("unknown", "soon"):
        with pytest.raises(UserMistake):
            typed_days(text, NOW)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 March", date(2026, 3, 3)), ("March 3rd", date(2026, 3, 3)), ("3. März", date(2026, 3, 3)), ("20 Nov", date(2026, 11, 20)), ("21 Nov", date(2025, 11, 21)), ("29 February", date(2024, 2, 29)),
        ("3 March 2024", date(2024, 3, 3)), ("yesterday", date(2026, 11, 19)), ("March 2026", None), ("unknown", None),
    ],
)  # fmt: skip
def test_a_day_on_which_something_was_said_is_the_last_such_day(text: str, day: date | None) -> None:
    assert past_day(text, NOW) == day


@pytest.mark.parametrize("text", ["31 February", "3 March fri", "0 March", "in March"])
def test_no_day_on_which_anything_was_said(text: str) -> None:
    with pytest.raises(UserMistake):
        past_day(text, NOW)
