"""Times as a person says them: how long something will still take."""

from __future__ import annotations

import pytest

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
