"""Days of a simulated desk (tests/desk_days.py): no prompt without evidence and grounds, none against a wish, none twice for one cause, the cap kept, the
order stable. The 10,000 days are lived by `python -m tests.desk_days 0 99`; here some of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from relationdesk.prompts import RULES
from tests.desk_days import live

EVERY_RULE = (1, 21)
"""Desks in whose days every rule is shown."""


@pytest.mark.parametrize("seed", range(2))
def test_some_days_of_a_desk(seed: int) -> None:
    seen = live(seed, 40).seen
    assert len([rule for rule in seen if not rule.startswith("-")]) >= 8, seen


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 8))
def test_more_days_of_a_desk(seed: int) -> None:
    live(seed)


@pytest.mark.slow
def test_every_rule_is_shown_on_some_day() -> None:
    seen = sum((live(seed).seen for seed in EVERY_RULE), Counter[str]())
    assert {rule.name for rule in RULES} <= {name for name, n in seen.items() if n}, seen


def test_the_same_days_are_told_byte_for_byte_in_another_process() -> None:
    """Whatever order sets have there, which is what PYTHONHASHSEED changes."""
    ask = "from tests.desk_days import live; print(live(4, 25).told)"
    told = {
        subprocess.run([sys.executable, "-c", ask], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}, capture_output=True, text=True, check=True).stdout for seed in ("1", "77")
    }
    assert len(told) == 1 and len(told.pop().strip()) == 64
