"""When a mail was sent: what programs write, with and without a zone or a time, and what nobody can believe."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relationdesk.model import Precision
from relationdesk.sources.mail_dates import parse, sent
from relationdesk.sources.mail_headers import Headers

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 1, 8, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(("text", "expected", "zoned"), [
    ("Mon, 8 Jan 2024 09:00:00 +0100", at(8), True), ("Mon, 08 Jan 2024 09:00:00 GMT+01:00", at(8), True),
    ("Mon, 8 Jan 2024 09:00:00 CET", at(8), True), ("Mon, 8 Jan 2024 09:00:00 (MESZ)", at(7), True), ("Mon, 8 Jan 2024 09:00:00 +0100 (CET)", at(8), True),
    ("Mon, 8 Jan 2024 09:00:00 UTC+1", at(8), True), ("Mon, 8 Jan 2024 09:00:00 GMT-0530", at(14, 30), True), ("Mon, 8 Jan 2024 09:00:00 IST", at(9), False),
    ("8 Jan 2024 09:00 EST", at(14), True), ("Mon Jan  8 09:00:00 2024", at(9), False),
    ("8 Jan 2024 9:00 PM", at(21), False), ("8 Jan 2024 12:05 a.m.", at(0, 5), False), ("8 Jan 2024 12:05 pm", at(12, 5), False),
    ("2024-01-08T09:00:00Z", at(9), True), ("2024-01-08 09:00:00+01:00", at(8), True), ("2024-01-08 09:00:00", at(9), False),
    ("Mon, 8 Jan 2024 09:00:00 +9900", at(9), False), ("8/1/2024 09:00", None, False), ("2024-13-08T09:00:00Z", None, False),
    ("Pn, 29 paX 2007 10:00", None, False), ("<HR>", None, False), ("", None, False), ("Fri, 31 Dec 9999 23:59:59 -1200", None, False),
])  # fmt: skip
def test_parse(text: str, expected: datetime | None, zoned: bool) -> None:
    assert parse(text) == (expected, zoned)


def test_a_day_without_a_time_stays_one() -> None:
    assert sent(Headers({"date": ["Mon, 8 Jan 2024"]}), NOW) == (at(0), Precision.DAY, {})


@pytest.mark.parametrize("date", ["Mon, 8 Jan 3609 09:00:00 +0100", "Fri, 32 Jan 3609", "<HR>", "8 Jan 1901 09:00:00 +0000"])
def test_a_date_nobody_believes_gives_way_to_the_servers(date: str) -> None:
    headers = Headers({"date": [date], "received": ["from a by b; Mon, 8 Jan 2024 10:00:00 +0000"]})
    assert sent(headers, NOW) == (at(10), Precision.SECOND, {"date_written": date, "date_from": "received"})


def test_without_any_date_it_is_unknown_and_never_now() -> None:
    assert sent(Headers({"date": ["Mon, 8 Jan 3609 09:00:00 +0100"]}), NOW)[:2] == (None, Precision.UNKNOWN)
    assert sent(Headers(), NOW)[:2] == (None, Precision.UNKNOWN)
