"""Ids sort as time does, also for days, for what is unknown, and before 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.model import Precision
from relationdesk.store.timekey import UNKNOWN_BASE, base_id, id_at, moment, moment_of_id, seconds


@pytest.mark.parametrize("when", [datetime(1, 1, 1, tzinfo=UTC), datetime(1833, 6, 5, 3, 2, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)])
def test_there_and_back(when: datetime) -> None:
    assert moment(seconds(when)) == when == moment_of_id(id_at(when)) == moment_of_id(id_at(when) + 7)


@pytest.mark.parametrize("second", [-1, 0, 1, 2**32 - 1, 2**32, 2**32 + 1])
def test_a_moment_is_the_same_whichever_way_it_is_made(second: int) -> None:
    assert moment(second) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second) and moment(second).tzinfo is UTC


def test_what_is_known_coarsely_sorts_at_its_end() -> None:
    start, second = datetime(2026, 12, 1, tzinfo=UTC), timedelta(seconds=1)
    assert base_id(start, Precision.DAY) == id_at(start + timedelta(days=1) - second)
    assert base_id(start, Precision.MONTH) == id_at(datetime(2027, 1, 1, tzinfo=UTC) - second)
    assert base_id(start.replace(month=1), Precision.YEAR) == id_at(datetime(2027, 1, 1, tzinfo=UTC) - second)
    assert base_id(None, Precision.UNKNOWN) == UNKNOWN_BASE < id_at(datetime(1, 1, 1, tzinfo=UTC))
    assert moment_of_id(UNKNOWN_BASE + 5) is None is moment_of_id(None)
