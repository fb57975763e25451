"""How a row of a timeline looks: measured once per width and theme, then painted from what was measured.

Nothing here is a widget, and all text is plain. What can be clicked is listed as `Spot`s; the view does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from relationdesk.model import Direction, Item, Key
from relationdesk.text import one_line
from relationdesk.ui import timeline_words as words
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import Block, Run, TextCache, draw_rounded, mirrored
from relationdesk.ui.theme import Theme
from relationdesk.ui.timeline_model import Row, RowKind
from relationdesk.ui.timeline_text import Words
from relationdesk.ui.widgets.avatar import draw_avatar
from relationdesk.ui.widgets.card import draw_card
from relationdesk.ui.widgets.pill import draw_pill, pill_size
from relationdesk.ui.widgets.place_mark import draw_place_mark

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
        if selected:
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
            rect = self._turned(QRect(round(self.head_at.x()) + wide, 0, self.time.width, self.time.height))
            self.time.draw(painter, rect.x(), top + self.head_at.y() + self._sink())
            wide -= px(10)
        if self.lock:
            edge = px(14)
            wide -= edge
            rect = self._turned(QRect(round(self.head_at.x()) + wide, 0, edge, edge))
            draw_icon(painter, "lock", theme.tokens.text2, rect.x(), top + self.head_at.y() + px(3), edge)
            wide -= px(8)
        block = self.head(max(px(40), wide))
        rect = self._turned(QRect(round(self.head_at.x()), 0, max(px(40), wide), block.height))
        block.draw(painter, rect.x(), top + self.head_at.y())

    def _sink(self) -> float:
        """The smaller time stands on the line of the name."""
        return (self.style.theme.line_height("body") - self.style.theme.line_height("small")) / 2

    def _turned(self, rect: QRect) -> QRect:
        direction = Qt.LayoutDirection.RightToLeft if self.style.right_to_left else Qt.LayoutDirection.LeftToRight
        return mirrored(rect, QRect(0, 0, self.width, 1), direction)


def measure(row: Row, width: int, style: Style, cache: TextCache, now: datetime) -> Painted:
    """Lay a row out. `now` only for words such as the time of an unfolded message."""
    painted = Painted(row=row, width=width, style=style)
    if row.item is None:
        _separator(painted, cache)
    elif row.item.note is not None:
        _note(painted, row.item, cache)
    elif row.kind is RowKind.EARLIER:
        _earlier(painted, row.item, cache, now)
    else:
        _activity(painted, row.item, cache)
    return painted


def estimate(row: Row, width: int, style: Style) -> int:
    """About how high a row will be, before it is measured; cheap."""
    px = style.theme.px
    if row.item is None:
        return px(44)
    text = row.item.note.text if row.item.note else (row.item.activity.text if row.item.activity else "")
    per_line = max(12, (width - px(82)) // px(7))
    lines = min(LINES, len(text) // per_line + 1) if text else 0
    title = 1 if row.item.activity is not None and row.item.activity.title else 0
    extra = 1 if row.item.earlier else 0
    return px(32) + style.theme.line_height("body") * (1 + lines + title) + extra * px(34)


# Rows


def _separator(p: Painted, cache: TextCache) -> None:
    theme, px, row = p.style.theme, p.style.theme.px, p.row
    left, right = px(24), p.width - px(24)
    if row.kind is RowKind.DAY:
        runs = [Run(row.label, "text1", True), Run(("   " if row.detail else "") + row.detail, "text2")]
        block = cache.block(theme, runs, right - left, role="small", right_to_left=p.style.right_to_left)
        p.height = px(18) + block.height + px(6)
        at = QRect(left, px(18), right - left, block.height)
        _line_after(p, at, block.width, "hair")
    elif row.kind is RowKind.NEW:
        block = cache.block(theme, [Run(row.label, "accent", True)], right - left, role="caption_strong",
                            right_to_left=p.style.right_to_left)  # fmt: skip
        p.height = px(14) + block.height + px(6)
        at = QRect(left, px(14), right - left, block.height)
        _line_after(p, at, block.width, "accent")
    else:
        block = cache.block(theme, row.label, right - left, role="caption", tone="text3", right_to_left=p.style.right_to_left)
        p.height = px(12) + block.height + px(4)
        at = QRect(left, px(12), right - left, block.height)
        _line_after(p, at, block.width, "border", dotted=True)
    turned = p._turned(at)
    p.steps.append(lambda painter, top: block.draw(painter, turned.x(), top + at.y()))


def _line_after(p: Painted, at: QRect, used: int, token: str, *, dotted: bool = False) -> None:
    theme = p.style.theme
    start = at.x() + used + theme.px(12)
    rect = p._turned(QRect(start, at.y() + at.height() // 2, max(0, at.right() - start), 1))
    colour = theme.colour(token)

    def draw(painter: QPainter, top: float) -> None:
        if not dotted:
            painter.fillRect(QRectF(rect).translated(0, top), colour)
            return
        for x in range(rect.left(), rect.right(), 6):
            painter.fillRect(QRectF(x, rect.y() + top, 2, 1), colour)

    p.steps.append(draw)


def _frame(p: Painted, indent: int = 0) -> tuple[int, int, int]:
    """Left and right of the words, and their top."""
    px = p.style.theme.px
    left = px(24) + px(28) + px(14) + indent
    return left, p.width - px(28), px(3) + px(10)


def _close(p: Painted, y: int) -> None:
    px = p.style.theme.px
    p.height = y + px(12) + px(3)
    p.box = p._turned(QRect(px(12), px(3), p.width - px(24), p.height - px(6)))


def _head(p: Painted, cache: TextCache, runs: list[Run], time: str, left: int, right: int, y: int) -> int:
    theme, rtl = p.style.theme, p.style.right_to_left
    p.head = lambda wide: cache.block(theme, runs, wide, role="body", right_to_left=rtl)
    p.time = cache.block(theme, time, theme.px(300), role="small", tone="text2", tabular=True)
    p.time = cache.block(theme, time, p.time.width + 1, role="small", tone="text2", tabular=True, right_to_left=rtl)
    p.head_at = QPointF(left, y)
    p.line = right - left
    return y + theme.line_height("body")


def _activity(p: Painted, item: Item, cache: TextCache) -> None:
    theme, px = p.style.theme, p.style.theme.px
    activity = item.activity
    assert activity is not None
    left, right, y = _frame(p)
    _face(p, item, y)
    _side_bar(p, item)
    p.lock = words.is_private(item)
    runs = [Run(words.actor(item, whole=p.style.avatars), "text1", True), Run(" " + words.deed(item), "text2")]
    if item.is_new:
        runs.append(Run("  •", "accent", True))
    y = _head(p, cache, runs, words.time_of(item), left, right, y)
    answer = words.answers_to(item)
    if answer:
        y = _small(p, cache, answer, "reply", left, right, y)
    if activity.title.strip():
        title = cache.block(theme, one_line(activity.title, 400), right - left, role="h3", max_lines=2, right_to_left=p.style.right_to_left)
        y = _put(p, title, left, y + px(2), right - left)
    y = _body(p, activity.text, left, right, y + px(1), names=False)
    y = _quote(p, cache, item, left, right, y)
    if item.earlier:
        y = _thread(p, cache, item, left, right, y)
    y = _pills(p, item, left, right, y)
    _close(p, max(y, px(3) + px(10) + px(28), p.height - px(4)))


def _face(p: Painted, item: Item, y: int) -> None:
    """The mark of the place; where many people are in the list, their face with the mark on it. More for cross-posts."""
    theme, px = p.style.theme, p.style.theme.px
    edge = px(28)
    places = item.places[:MOST_MARKS]
    if p.style.avatars:
        rect = QRectF(p._turned(QRect(px(22), y - px(2), px(32), px(32))))
        name = item.actor_name
        p.steps.append(lambda painter, top: draw_avatar(painter, theme, rect.translated(0, top), name, name if item.actor_person else ""))
        for number, place in enumerate(places):
            small = QRectF(p._turned(QRect(px(22) + px(19), y + px(18) + number * px(19), px(17), px(17))))
            p.steps.append(lambda painter, top, r=small, w=place: _badge(painter, theme, r.translated(0, top), w))  # type: ignore[misc]
        return
    for number, place in enumerate(places):
        rect = QRectF(p._turned(QRect(px(24), y - px(1) + number * (edge + px(4)), edge, edge)))
        p.steps.append(lambda painter, top, r=rect, w=place: draw_place_mark(painter, theme, r.translated(0, top), w))  # type: ignore[misc]
    p.height = y + len(places) * (edge + px(4))


def _badge(painter: QPainter, theme: Theme, rect: QRectF, place: str) -> None:
    draw_rounded(painter, rect.adjusted(-1.5, -1.5, 1.5, 1.5), rect.height() * 0.32, theme.tokens.canvas)
    draw_place_mark(painter, theme, rect, place)


def _side_bar(p: Painted, item: Item) -> None:
    """Theirs and ours differ by the colour of the rail at the leading edge; the words say it as well."""
    theme, px = p.style.theme, p.style.theme.px
    token = "them" if item.direction is Direction.IN else "you"
    colour = getattr(theme.tokens, token)

    def draw(painter: QPainter, top: float) -> None:
        rect = QRectF(p._turned(QRect(px(15), px(15), 3, max(1, p.height - px(30)))))
        draw_rounded(painter, rect.translated(0, top), 1.5, colour)

    p.steps.append(draw)


def _put(p: Painted, block: Block, left: int, y: int, width: int) -> int:
    rect = p._turned(QRect(left, y, width, block.height))
    p.steps.append(lambda painter, top: block.draw(painter, rect.x(), top + y))
    return y + block.height


def _small(p: Painted, cache: TextCache, text: str, icon: str, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    edge = px(13)
    block = cache.block(theme, text, right - left - edge - px(6), role="caption", tone="text2", right_to_left=p.style.right_to_left)
    mark = p._turned(QRect(left, y + (block.height - edge) // 2, edge, edge))
    p.steps.append(lambda painter, top: draw_icon(painter, icon, theme.tokens.text2, mark.x(), top + mark.y(), edge))
    return _put(p, block, left + edge + px(6), y, right - left - edge - px(6))


def _body(p: Painted, text: str, left: int, right: int, y: int, *, names: bool, tone: str = "text1") -> int:
    """The text, at most LINES lines unless the reader wants more; and the word that unfolds it."""
    if not text.strip():
        return y
    theme, px, more = p.style.theme, p.style.theme.px, p.row.more
    block = Words(theme, text, right - left, max_lines=0 if more else LINES, tone=tone, right_to_left=p.style.right_to_left, names=names)
    rect = p._turned(QRect(left, y, right - left, block.height))
    p.texts.append((rect, block))
    p.steps.append(lambda painter, top: _draw_words(painter, block, rect, top))
    y += block.height
    if block.truncated or more:
        y = _link(p, words.tr("Less") if more else words.tr("More"), "more", left, y + px(1))
    return y


def _draw_words(painter: QPainter, block: Words, rect: QRect, top: float) -> None:
    view = painter.viewport()
    block.draw(painter, rect.x(), top + rect.y(), above=view.top(), below=view.bottom())


def _link(p: Painted, text: str, what: str, left: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    cache = TextCache(1)
    block = cache.block(theme, text, px(240), role="small_strong", tone="accent", right_to_left=p.style.right_to_left)
    block = cache.block(theme, text, block.width + 1, role="small_strong", tone="accent", right_to_left=p.style.right_to_left)
    rect = p._turned(QRect(left, y, block.width + 1, block.height))
    p.steps.append(lambda painter, top: block.draw(painter, rect.x(), top + rect.y()))
    p.spots.append(Spot(rect.adjusted(-6, -4, 6, 4), what))
    return y + block.height


def _fold_button(p: Painted, cache: TextCache, text: str, what: str, opened: bool, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    edge = px(14)
    block = cache.block(theme, text, right - left - px(44), role="small_strong", tone="text2", right_to_left=p.style.right_to_left)
    rect = p._turned(QRect(left, y + px(6), right - left, max(28, block.height + px(8))))
    icon = "chevron-down" if opened else "chevron-left" if p.style.right_to_left else "chevron-right"
    mark = p._turned(QRect(left + px(10), rect.y() + (rect.height() - edge) // 2, edge, edge))
    at = p._turned(QRect(left + px(32), rect.y() + (rect.height() - block.height) // 2, right - left - px(44), block.height))

    def draw(painter: QPainter, top: float) -> None:
        draw_rounded(painter, QRectF(rect).translated(0, top), theme.px(8), theme.tokens.card, theme.tokens.border)
        draw_icon(painter, icon, theme.tokens.text2, mark.x(), top + mark.y(), edge)
        block.draw(painter, at.x(), top + at.y())

    p.steps.append(draw)
    p.spots.append(Spot(rect, what))
    return rect.y() + rect.height()


def _quote(p: Painted, cache: TextCache, item: Item, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    text = words.quoted(item)
    if not text:
        return y
    y = _fold_button(p, cache, words.tr("Hide quoted text") if p.row.quote else words.tr("Show quoted text"), "quote", p.row.quote, left, right, y)
    if not p.row.quote:
        return y
    block = Words(theme, text, right - left - px(14), role="small", tone="text2", right_to_left=p.style.right_to_left)
    rect = p._turned(QRect(left + px(14), y + px(6), right - left - px(14), block.height))
    bar = p._turned(QRect(left + px(2), y + px(6), 2, block.height))
    p.texts.append((rect, block))
    p.steps.append(lambda painter, top: painter.fillRect(QRectF(bar).translated(0, top), theme.colour("border")))
    p.steps.append(lambda painter, top: _draw_words(painter, block, rect, top))
    return y + px(6) + block.height


def _thread(p: Painted, cache: TextCache, item: Item, left: int, right: int, y: int) -> int:
    opened = p.row.thread == "open"
    text = words.tr("Fetching the earlier messages …") if p.row.thread == "asked" else words.earlier_line(item)
    return _fold_button(p, cache, text, "thread", opened, left, right, y)


def _pills(p: Painted, item: Item, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    activity = item.activity
    wanted: list[tuple[str, str, str, str]] = []
    if activity is not None and activity.key in p.style.waiting:
        wanted.append((words.tr("Waits for you"), "attn", "clock", "waits"))
    if p.style.avatars and activity is not None and item.actor_person is None and item.direction is Direction.IN:
        wanted.append((words.tr("Who is this?"), "info", "user-search", "who"))
    if not wanted:
        return y
    x, y = left, y + px(7)
    for text, tone, icon, what in wanted:
        size = pill_size(theme, text, icon)
        rect = p._turned(QRect(x, y, size.width(), size.height()))

        def draw(painter: QPainter, top: float, r: QRect = rect, t: str = text, o: str = tone, i: str = icon) -> None:
            draw_pill(painter, theme, r.x(), top + r.y(), t, tone=o, icon=i, right_to_left=p.style.right_to_left)

        p.steps.append(draw)
        if what == "who":
            p.spots.append(Spot(rect.adjusted(0, -4, 0, 4), what))
        x += size.width() + px(6)
    return y + max(px(22), pill_size(theme, "x").height())


def _note(p: Painted, item: Item, cache: TextCache) -> None:
    """The user's own words: yellow, with a lock, apart from everything that came from outside."""
    theme, px = p.style.theme, p.style.theme.px
    note = item.note
    assert note is not None
    left, right, top_edge = _frame(p)
    mark = QRectF(p._turned(QRect(px(24), top_edge - px(1), px(28), px(28))))
    p.steps.append(lambda painter, top: draw_place_mark(painter, theme, mark.translated(0, top), "notes"))
    card_at = len(p.steps)
    inner_left, inner_right, edge = left + px(14), right - px(14), px(15)
    y = px(3) + px(8) + px(10)
    icon = p._turned(QRect(inner_left, y + px(3), edge, edge))
    p.steps.append(lambda painter, top: draw_icon(painter, "lock", theme.tokens.note_text, icon.x(), top + icon.y(), edge))
    runs = [Run(words.tr("Your note"), "note_text", True), Run("  ·  " + words.note_line(note), "note_text")]
    y = _head(p, cache, runs, words.time_of(item), inner_left + edge + px(7), inner_right, y)
    y = _body(p, note.text, inner_left, inner_right, y + px(3), names=True)
    bottom = y + px(10)
    frame = p._turned(QRect(left, px(3) + px(8), right - left, bottom - px(3) - px(8)))
    p.steps.insert(card_at, lambda painter, top: draw_card(painter, theme, QRectF(frame).translated(0, top), "note"))
    _close(p, bottom - px(2))


def _earlier(p: Painted, item: Item, cache: TextCache, now: datetime) -> None:
    """A message of an unfolded conversation, set in below its newest."""
    theme, px = p.style.theme, p.style.theme.px
    activity = item.activity
    assert activity is not None
    left, right, _ = _frame(p, px(20))
    y = px(8)
    runs = [Run(words.actor(item, whole=p.style.avatars), "text1", True), Run(" " + words.deed(item), "text2")]
    label, detail = words.separator(words.day_of(item), now)
    time = ", ".join(part for part in (detail or label, words.time_of(item)) if part)
    y = _head(p, cache, runs, time, left, right, y)
    y = _body(p, activity.text or activity.title, left, right, y, names=False, tone="text2")
    y = _quote(p, cache, item, left, right, y)
    p.height = y + px(8)
    p.box = p._turned(QRect(left - px(12), px(1), right - left + px(24), p.height - px(2)))
    bar = p._turned(QRect(left - px(20), 0, 2, p.height - (px(6) if p.row.last else 0)))
    p.steps.insert(0, lambda painter, top: painter.fillRect(QRectF(bar).translated(0, top), theme.colour("border")))
