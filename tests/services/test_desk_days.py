"""Days of a simulated desk (tests/desk_days.py): no prompt without evidence, none against a wish, none twice for one cause, the cap kept, the
order stable. The 10,000 days are lived by `python -m tests.desk_days 0 99`; here some of them."""

from __future__ import annotations

import pytest

from tests.desk_days import live


@pytest.mark.parametrize("seed", range(2))
def test_some_days_of_a_desk(seed: int) -> None:
    seen = live(seed, 40)
    assert len([rule for rule in seen if not rule.startswith("-")]) >= 6, seen


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_more_days_of_a_desk(seed: int) -> None:
    live(seed)
