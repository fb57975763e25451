"""Times as a person says them: how long something will still take."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from relationdesk.ui import when


@pytest.mark.parametrize(
    ("elapsed", "done", "total", "words"),
    [
        (1, 1, 2, ""), (10, 0, 2, ""), (10, 2, 2, ""), (10, 5, 0, ""),
        (10, 1, 2, "About 10 s left."), (3, 99, 100, "About 1 s left."), (60, 1, 6, "About 5 min left."), (3600, 1, 4, "About 3 h left."),
    ],
)  # fmt: skip
def test_how_long_it_still_takes(elapsed: float, done: int, total: int, words: str) -> None:
    assert when.left(elapsed, done, total) == words


@pytest.mark.parametrize(
    ("day", "with_time", "words"),
    [("2026-11-20T14:00", True, "14:00"), ("2026-11-20T14:00", False, "Today"), ("2026-11-21T09:00", True, "Tomorrow 09:00"), ("2026-11-21T09:00", False, "Tomorrow"),
     ("2026-11-26T09:00", True, "Thursday 09:00"), ("2026-11-27T09:00", True, "27 November 09:00"), ("2026-11-18T09:00", False, "18 November")],
)  # fmt: skip
def test_when_something_comes(day: str, with_time: bool, words: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    now = datetime(2026, 11, 20, 9, 0).astimezone()
    try:
        assert when.soon(datetime.fromisoformat(day).astimezone(), now, with_time=with_time) == words
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("moment", "words"),
    [("2026-11-20T08:59:50", "now"), ("2026-11-20T08:20", "40 min"), ("2026-11-19T18:00", "15 h"), ("2026-11-19T09:30", "24 h"),
     ("2026-11-19T09:00", "1 d"), ("2026-11-18T18:20", "2 d"), ("2026-10-20T23:00", "31 d"), ("2026-11-22T23:00", "in 2 d")],
)  # fmt: skip
def test_days_are_those_of_the_calendar_as_in_the_sentences_beside_them(moment: str, words: str) -> None:
    now = datetime(2026, 11, 20, 9, 0).astimezone()
    assert when.ago(datetime.fromisoformat(moment).astimezone(), now) == words
