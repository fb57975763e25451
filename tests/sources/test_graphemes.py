"""Characters as people see them."""

from __future__ import annotations

import pytest

from relationdesk.sources.graphemes import graphemes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("abc", 3), ("e\u0301", 1), ("\r\n", 1), ("\n\n", 2), ("👍🏽", 1), ("👩‍👩‍👧‍👦", 1), ("🇳🇴🇩🇪", 2), ("🇳🇴🇩", 2), ("1️⃣", 1), ("❤️", 1), ("日本語", 3),
        ("한국", 2), ("\u1112\u1161\u11ab", 1), ("नि", 1), ("🏴\U000e0067\U000e0062\U000e007f", 1), ("a\u200db", 2), ("\u0301", 1), ("שָׁלוֹם", 4), ("😀😀", 2),
        ("🏳️‍🌈", 1),
    ],
)  # fmt: skip
def test_counts(text: str, count: int) -> None:
    assert graphemes(text) == count
