"""The pieces that rows of a timeline are put together from: what was measured, and text, links and buttons in it.

Nothing here is a widget, and all text is plain. What can be clicked is listed as `Spot`s; the view does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from relationdesk.model import Key
from relationdesk.ui import timeline_words as words
from relationdesk.ui.resources import draw_icon, facing
from relationdesk.ui.row_painter import Block, Run, TextCache, draw_rounded, mirrored
from relationdesk.ui.theme import Theme
from relationdesk.ui.timeline_model import Row
from relationdesk.ui.timeline_text import Words

LINES = 4
"""Lines of a text before *More*."""
MOST_MARKS = 3


class Spot(NamedTuple):
    """Something to click, relative to the row. what: "more", "quote", "thread", "who" or "text" (links)."""

    rect: QRect
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What differs between pages. avatars: many people in one list, so the author is shown by face and whole name."""

    theme: Theme
    right_to_left: bool = False
    avatars: bool = False
    waiting: frozenset[Key] = frozenset()


@dataclass(slots=True)
class Painted:
    """A row measured for one width. `draw(painter, top)` paints it; spots are relative to its top left corner."""

    row: Row
    width: int
    style: Style
    height: int = 0
    spots: list[Spot] = field(default_factory=list)
    texts: list[tuple[QRect, Words]] = field(default_factory=list)
    steps: list[Callable[[QPainter, float], None]] = field(default_factory=list)
    box: QRect = field(default_factory=QRect)
    time: Block | None = None
    head: Callable[[int], Block] | None = None
    head_at: QPointF = field(default_factory=QPointF)
    line: int = 0
    lock: bool = False
    ground: str = ""

    def draw(self, painter: QPainter, top: float, *, selected: bool, current: bool, tools: int) -> None:
        """tools: pixels that the row's buttons take from the head line; 0 while they are not shown."""
        theme = self.style.theme
        if selected and not self.box.isEmpty():  # the heading of a day has none
            rect = QRectF(self.box).translated(0, top)
            line = theme.tokens.accent if current else theme.tokens.border
            draw_rounded(painter, rect, theme.px(12), theme.tokens.selrow, line, 2 if current else 1)
        for step in self.steps:
            step(painter, top)
        self._draw_head(painter, top, tools)

    def _draw_head(self, painter: QPainter, top: float, tools: int) -> None:
        if self.head is None:
            return
        theme, px = self.style.theme, self.style.theme.px
        wide = self.line - tools
        if self.time is not None and self.time.text:
            wide -= self.time.width
            rect = self.turned(QRect(round(self.head_at.x()) + wide, 0, self.time.width, self.time.height))
            self.time.draw(painter, rect.x(), top + self.head_at.y() + self._sink())
            wide -= px(10)
        if self.lock:
            edge = px(14)
            wide -= edge
            rect = self.turned(QRect(round(self.head_at.x()) + wide, 0, edge, edge))
            draw_icon(painter, "lock", theme.tokens.text2, rect.x(), top + self.head_at.y() + px(3), edge)
            wide -= px(8)
        block = self.head(max(px(40), wide))
        rect = self.turned(QRect(round(self.head_at.x()), 0, max(px(40), wide), block.height))
        block.draw(painter, rect.x(), top + self.head_at.y())

    def _sink(self) -> float:
        """The smaller time stands on the line of the name."""
        return (self.style.theme.line_height("body") - self.style.theme.line_height("small")) / 2

    def turned(self, rect: QRect) -> QRect:
        direction = Qt.LayoutDirection.RightToLeft if self.style.right_to_left else Qt.LayoutDirection.LeftToRight
        return mirrored(rect, QRect(0, 0, self.width, 1), direction)


def line_after(p: Painted, at: QRect, used: int, token: str, *, dotted: bool = False) -> None:
    theme = p.style.theme
    start = at.x() + used + theme.px(12)
    rect = p.turned(QRect(start, at.y() + at.height() // 2, max(0, at.right() - start), 1))
    colour = theme.colour(token)

    def draw(painter: QPainter, top: float) -> None:
        if not dotted:
            painter.fillRect(QRectF(rect).translated(0, top), colour)
            return
        for x in range(rect.left(), rect.right(), 6):
            painter.fillRect(QRectF(x, rect.y() + top, 2, 1), colour)

    p.steps.append(draw)


def frame(p: Painted, indent: int = 0) -> tuple[int, int, int]:
    """Left and right of the words, and their top."""
    px = p.style.theme.px
    left = px(24) + px(28) + px(14) + indent
    return left, p.width - px(28), px(3) + px(10)


def close(p: Painted, y: int) -> None:
    px = p.style.theme.px
    p.height = y + px(12) + px(3)
    p.box = p.turned(QRect(px(12), px(3), p.width - px(24), p.height - px(6)))


def head_line(p: Painted, cache: TextCache, runs: list[Run], time: str, left: int, right: int, y: int) -> int:
    theme, rtl = p.style.theme, p.style.right_to_left
    p.head = lambda wide: cache.block(theme, runs, wide, role="body", right_to_left=rtl)
    p.time = cache.block(theme, time, theme.px(300), role="small", tone="text2", tabular=True)
    p.time = cache.block(theme, time, p.time.width + 1, role="small", tone="text2", tabular=True, right_to_left=rtl)
    p.head_at = QPointF(left, y)
    p.line = right - left
    return y + theme.line_height("body")


def put(p: Painted, block: Block, left: int, y: int, width: int) -> int:
    rect = p.turned(QRect(left, y, width, block.height))
    p.steps.append(lambda painter, top: block.draw(painter, rect.x(), top + y))
    return y + block.height


def small(p: Painted, cache: TextCache, text: str, icon: str, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    edge = px(13)
    block = cache.block(theme, text, right - left - edge - px(6), role="caption", tone="text2", right_to_left=p.style.right_to_left)
    mark = p.turned(QRect(left, y + (block.height - edge) // 2, edge, edge))
    p.steps.append(lambda painter, top: draw_icon(painter, icon, theme.tokens.text2, mark.x(), top + mark.y(), edge))
    return put(p, block, left + edge + px(6), y, right - left - edge - px(6))


def body(p: Painted, text: str, left: int, right: int, y: int, *, names: bool, tone: str = "text1") -> int:
    """The text, at most LINES lines unless the reader wants more; and the word that unfolds it."""
    if not text.strip():
        return y
    theme, px, more = p.style.theme, p.style.theme.px, p.row.more
    block = Words(theme, text, right - left, max_lines=0 if more else LINES, tone=tone, right_to_left=p.style.right_to_left, names=names)
    rect = p.turned(QRect(left, y, right - left, block.height))
    p.texts.append((rect, block))
    p.steps.append(lambda painter, top: draw_words(painter, block, rect, top))
    y += block.height
    if block.truncated or more:
        y = link(p, words.tr("Less") if more else words.tr("More"), "more", left, y + px(1))
    return y


def draw_words(painter: QPainter, block: Words, rect: QRect, top: float) -> None:
    view = painter.viewport()
    block.draw(painter, rect.x(), top + rect.y(), above=view.top(), below=view.bottom())


def link(p: Painted, text: str, what: str, left: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    cache = TextCache(1)
    block = cache.block(theme, text, px(240), role="small_strong", tone="accent", right_to_left=p.style.right_to_left)
    block = cache.block(theme, text, block.width + 1, role="small_strong", tone="accent", right_to_left=p.style.right_to_left)
    rect = p.turned(QRect(left, y, block.width + 1, block.height))
    p.steps.append(lambda painter, top: block.draw(painter, rect.x(), top + rect.y()))
    p.spots.append(Spot(rect.adjusted(-6, -4, 6, 4), what))
    return y + block.height


def fold_button(p: Painted, cache: TextCache, text: str, what: str, opened: bool, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    edge = px(14)
    block = cache.block(theme, text, right - left - px(44), role="small_strong", tone="text2", right_to_left=p.style.right_to_left)
    rect = p.turned(QRect(left, y + px(6), right - left, max(28, block.height + px(8))))
    icon = "chevron-down" if opened else facing("chevron-right", p.style.right_to_left)
    mark = p.turned(QRect(left + px(10), rect.y() + (rect.height() - edge) // 2, edge, edge))
    at = p.turned(QRect(left + px(32), rect.y() + (rect.height() - block.height) // 2, right - left - px(44), block.height))

    def draw(painter: QPainter, top: float) -> None:
        draw_rounded(painter, QRectF(rect).translated(0, top), theme.px(8), theme.tokens.card, theme.tokens.border)
        draw_icon(painter, icon, theme.tokens.text2, mark.x(), top + mark.y(), edge)
        block.draw(painter, at.x(), top + at.y())

    p.steps.append(draw)
    p.spots.append(Spot(rect, what))
    return rect.y() + rect.height()
