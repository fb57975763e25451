"""Killed at steps of sending, with a server that breaks off: nothing lost, nothing sent twice."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_kills_at_every_fortieth_step_lose_and_double_nothing() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.kill_sending", "40"], capture_output=True, text=True, check=False)
    found = re.match(r"(\d+) kills at (\d+) steps: 0 lost, 0 sent twice, 0 not settled", done.stdout)
    assert found, done.stdout + done.stderr[-2_000:]
    assert int(found[1]) >= 5 and int(found[2]) > 100
