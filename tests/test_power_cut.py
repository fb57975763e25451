"""The power goes at random moments: no acknowledged note lost, nothing damaged, page and cursor never apart."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.power_cut import run


def can_record() -> bool:
    strace = shutil.which("strace") if sys.platform == "linux" else None
    return strace is not None and subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_record(), reason="strace, which records what the desk writes, is not here or may not trace")
def test_sixty_power_cuts_lose_nothing() -> None:
    result = run(60)
    assert result.notes_acknowledged > 0
    assert (result.notes_lost, result.doubled, result.gaps, result.damaged) == (0, 0, 0, 0)
