"""Texts in rows: never too wide, elided at the end, in both directions, at any size, and never slow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from relationdesk.ui.row_painter import Run, TextCache, mirrored, quiet_tone, reads_right_to_left
from relationdesk.ui.theme import Theme

LONG = "Thanks Sam. Before I take this to Priya I need the price per outlet, and whether the gateway lives here. "


@pytest.fixture
def cache(qapp: QApplication) -> TextCache:
    return TextCache()


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.0])
@pytest.mark.parametrize("lines", [1, 2, 4])
@pytest.mark.parametrize("text", [LONG * 5, "x" * 500, "مقال جديد عن الطاقة " * 40, "👍🏽" * 300, "a\nb\nc\nd\ne\nf"])
def test_no_more_lines_and_no_wider_than_asked(cache: TextCache, text: str, lines: int, scale: float) -> None:
    theme = Theme(text_scale=scale)
    block = cache.block(theme, (Run(text[:9], strong=True), Run(text[9:])), 240, max_lines=lines)
    assert block.line_count <= lines
    assert block.width <= 241
    if "\n" not in text or lines > 1:
        assert block.truncated
    assert block.height >= lines * theme.line_height("body") - 2


def test_what_fits_is_not_elided(cache: TextCache) -> None:
    block = cache.block(Theme(), "Joe Brown", 240)
    assert not block.truncated
    assert block.line_count == 1
    assert 40 < block.width < 100


def test_all_lines_are_there_without_a_limit(cache: TextCache) -> None:
    block = cache.block(Theme(), LONG * 3, 240, max_lines=0)
    assert not block.truncated
    assert block.line_count >= 8
    assert block.height == block.line_count * Theme().line_height("body")


def test_exactly_filling_is_not_elided(cache: TextCache) -> None:
    free = cache.block(Theme(), LONG, 300, max_lines=0)
    assert not cache.block(Theme(), LONG, 300, max_lines=free.line_count).truncated
    assert cache.block(Theme(), LONG, 300, max_lines=free.line_count - 1).truncated


@pytest.mark.parametrize("width", [-5, 0, 1, 3])
@pytest.mark.parametrize("text", ["", "x", LONG])
def test_no_room_is_no_crash(cache: TextCache, text: str, width: int) -> None:
    for lines in (0, 1, 3):
        assert cache.block(Theme(), text[:40], width, max_lines=lines).height > 0


def test_equal_questions_are_answered_once(cache: TextCache) -> None:
    first = cache.block(Theme(), LONG, 240, max_lines=2)
    assert cache.block(Theme(), LONG, 240, max_lines=2) is first
    assert cache.block(Theme(dark=True), LONG, 240, max_lines=2) is not first
    assert cache.block(Theme(), LONG, 241, max_lines=2) is not first


def test_the_oldest_are_forgotten(qapp: QApplication) -> None:
    cache = TextCache(limit=2)
    first = cache.block(Theme(), "1", 50)
    cache.block(Theme(), "2", 50)
    cache.block(Theme(), "3", 50)
    assert cache.block(Theme(), "1", 50) is not first


@pytest.mark.parametrize("lines", [0, 1, 4])
def test_a_hostile_text_is_not_slow(cache: TextCache, lines: int) -> None:
    """Laying out all of such a text takes Qt minutes, which the guard over every test would not allow."""
    for piece in ("x", "\u202e\u0301\u200d", "\u0301", "a\u0301 "):
        text = (piece * 1_000_000)[:1_000_000]
        assert cache.block(Theme(), text, 240, max_lines=lines).height > 0


def _ink(cache: TextCache, text: str, **asked: bool) -> tuple[int, int]:
    """Leftmost and rightmost painted column of 300."""
    image = QImage(300, 40, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    cache.block(Theme(), text, 300, **asked).draw(painter, 0, 0)
    painter.end()
    columns = [x for x in range(300) if any(image.pixelColor(x, y).lightness() < 200 for y in range(40))]
    return columns[0], columns[-1]


def test_sides(cache: TextCache) -> None:
    arabic = "نور حداد"
    assert _ink(cache, "Joe")[0] < 5
    assert _ink(cache, arabic)[0] < 5, "a name in a row stands where the row begins"
    assert _ink(cache, "Joe", right_to_left=True)[1] > 294
    assert _ink(cache, arabic, follow_text=True)[1] > 294, "a paragraph follows its own direction"
    assert _ink(cache, "Joe", follow_text=True, right_to_left=True)[0] < 5
    assert _ink(cache, "12:30", end=True)[1] > 294
    assert _ink(cache, "12:30", end=True, right_to_left=True)[0] < 5


@pytest.mark.parametrize(("text", "answer"), [("Joe", False), ("نور", True), ("12 نور", True), ("12:30", None), ("", None)])
def test_direction_of_a_text(text: str, answer: bool | None) -> None:
    assert reads_right_to_left(text) is answer


def test_small_helpers() -> None:
    inside = QRect(0, 0, 100, 20)
    assert mirrored(QRect(10, 0, 20, 20), inside, Qt.LayoutDirection.RightToLeft) == QRect(70, 0, 20, 20)
    assert mirrored(QRect(10, 0, 20, 20), inside, Qt.LayoutDirection.LeftToRight) == QRect(10, 0, 20, 20)
    assert (quiet_tone(True), quiet_tone(False)) == ("text2", "text3")


@pytest.mark.parametrize(
    ("text", "right"),
    [("\u2068نور\u2069 posted", False), ("نور posted", True), ("\u2068Joe\u2069 נכתב", True), ("\u2068نور\u2069 31", None), ("\u2069Joe", False)],
)
def test_an_isolated_name_does_not_turn_its_line_around(text: str, right: bool | None) -> None:
    assert reads_right_to_left(text) is right
