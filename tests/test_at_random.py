"""A window used at random: nothing is raised, warned of, or left out of order."""

from __future__ import annotations

import pytest

from tests import at_random


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_steps_at_random(seed: int) -> None:
    assert at_random.run(seed, 200) == ""
