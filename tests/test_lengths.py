"""How long a text is, as each place counts it: expected numbers from the places' own documentation and test suites."""

from __future__ import annotations

import pytest

from relationdesk import lengths


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("", 0), ("abc", 3), ("e\u0301", 1), ("Zürich", 6), ("👍🏽", 1), ("👨‍👩‍👧‍👦", 1), ("🇩🇪🇫🇷", 2), ("🇩🇪🇫", 2), ("❤️", 1), ("한국", 2),
        ("\u1112\u1161\u11ab", 1), ("a\r\nb", 3), ("שָׁלוֹם", 4), ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1), ("1️⃣", 1), ("\u0301a", 2),
        ("\r\n", 1), ("\n\n", 2), ("👩‍👩‍👧‍👦", 1), ("🇳🇴🇩🇪", 2), ("🇳🇴🇩", 2), ("日本語", 3), ("नि", 1), ("🏴\U000e0067\U000e0062\U000e007f", 1), ("a\u200db", 2),
        ("\u0301", 1), ("😀😀", 2), ("🏳️‍🌈", 1), ("a\u200d😀", 2), ("می\u200cخواهم", 7), ("😀\u200d🇩🇪", 2),
    ],
)  # fmt: skip
def test_letters_as_they_are_seen(text: str, letters: int) -> None:
    assert lengths.seen(text) == letters
    assert "".join(lengths.graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x" * 500, 500), ("https://hotel.example/" + "a" * 300, 23), ("See https://a.example/1, and https://b.example/2.", 4 + 23 + 6 + 23 + 1),
        ("@joeb@hotel.example thanks", len("@joeb thanks")), ("@joeb thanks", 12), ("@joeb@hötel.example thanks", 12), ("joe@hotel.example", 17), ("👨‍👩‍👧‍👦", 1),
    ],
)  # fmt: skip
def test_as_mastodon_counts(text: str, count: int) -> None:
    assert lengths.mastodon(text) == count


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("x" * 280, 280), ("日本語", 6), ("👍", 2), ("👨‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2), ("Grüße – „so“", 12), ("привет", 6), ("שלום", 4),
        ("https://hotel.example/" + "a" * 300, 23), ("look: hotel.com/rooms", 6 + 23), ("e\u0301", 1), ("joe@hotel.com", 13), ("…", 2),
    ],
)  # fmt: skip
def test_as_x_counts(text: str, weight: int) -> None:
    assert lengths.x(text) == weight


def test_what_each_place_takes() -> None:
    assert {place: lengths.limit(place).most for place in ("mastodon", "bluesky", "x", "linkedin", "hackernews", "mail")} == {
        "mastodon": 500, "bluesky": 300, "x": 280, "linkedin": 1250, "hackernews": 0, "mail": 0,
    }  # fmt: skip
    assert lengths.limit("linkedin", private=True).most == 8000 and lengths.limit("bluesky").count("👨‍👩‍👧‍👦") == 1
    assert lengths.limit("github").count("👍") == 2  # as a browser counts


@pytest.mark.parametrize("most", [0, 1, 5, 9])
def test_cut_to_whole_letters(most: int) -> None:
    text = "ab👨‍👩‍👧‍👦cd🇩🇪e\u0301f"
    done = lengths.cut(text, most)
    assert text.startswith(done) and (lengths.seen(done) == most if most not in (0, 9) else done == text)
