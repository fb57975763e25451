"""Killed at steps of sending, with places that break off: nothing lost, nothing sent twice. How to run it whole stands in CONTRIBUTING.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.killed_places import WORLDS


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("place", list(WORLDS))
def test_kills_at_every_fortieth_step_lose_and_double_nothing(place: str) -> None:
    if sentence := WORLDS[place]().missing():
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(sentence)
    done = subprocess.run([sys.executable, "-m", "tests.kill_sending", place, "40"], capture_output=True, text=True, check=False)
    found = re.match(rf"{place}: (\d+) kills at (\d+) steps: 0 lost, 0 sent twice, (\d+) left in doubt, 0 not settled", done.stdout)
    assert found, done.stdout + done.stderr[-2_000:]
    assert int(found[1]) >= 5 and int(found[2]) > 100
    assert int(found[3]) == 0 or place == "mail"
