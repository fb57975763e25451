"""Killed at random moments: no note lost, no activity doubled, page and cursor never apart."""

from __future__ import annotations

import pytest

from tests.kill_nine import run


@pytest.mark.slow
def test_twelve_kills_lose_nothing() -> None:
    result = run(12)
    assert result.notes_acknowledged > 0
    assert (result.notes_lost, result.doubled, result.gaps, result.damaged) == (0, 0, 0, 0)
