"""Bent files: no reader raises anything but its own sentence, breaks a promise, takes too long, or leaves a desk out of order."""

from __future__ import annotations

import sys

import pytest

from relationdesk.sources import FILE_SOURCES
from tests import fuzz

TURNS = 200
PATIENCE = 20.0
"""Seconds of processor time for one turn: on a loaded machine still far more than any turn takes. `make fuzz` allows two."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are set otherwise on Windows")
@pytest.mark.parametrize("name", [source.name for source in FILE_SOURCES])
def test_two_hundred_bent_files_of_every_source(name: str) -> None:
    result = fuzz.run(name, TURNS, PATIENCE)
    assert result.wrong == [] and result.turns == TURNS
    assert result.refused < TURNS, "nothing was read, so nothing was tried"
