"""How each kind of row of a timeline looks: measured once per width and theme, then painted from what was measured."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from relationdesk.derived import Item
from relationdesk.model import Direction
from relationdesk.text import one_line
from relationdesk.ui import timeline_words as words
from relationdesk.ui.resources import draw_icon
from relationdesk.ui.row_painter import Run, TextCache, draw_rounded
from relationdesk.ui.theme import Theme
from relationdesk.ui.timeline_model import Row, RowKind
from relationdesk.ui.timeline_parts import (
    LINES,
    MOST_MARKS,
    Painted,
    Spot,
    Style,
    body,
    close,
    draw_words,
    fold_button,
    frame,
    head_line,
    line_after,
    put,
    small,
)
from relationdesk.ui.timeline_text import Words
from relationdesk.ui.widgets.avatar import draw_avatar
from relationdesk.ui.widgets.card import draw_card
from relationdesk.ui.widgets.pill import draw_pill, pill_size
from relationdesk.ui.widgets.place_mark import draw_place_mark


def measure(row: Row, width: int, style: Style, cache: TextCache, now: datetime) -> Painted:
    """Lay a row out. `now` only for words such as how long something waits."""
    painted = Painted(row=row, width=width, style=style)
    if row.item is None:
        _separator(painted, cache)
    elif row.item.note is not None:
        _note(painted, row.item, cache)
    elif row.kind is RowKind.EARLIER:
        _earlier(painted, row.item, cache, now)
    else:
        _activity(painted, row.item, cache, now)
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


def _separator(p: Painted, cache: TextCache) -> None:
    theme, px, row = p.style.theme, p.style.theme.px, p.row
    left, right = px(24), p.width - px(24)
    if row.kind is RowKind.DAY:
        runs = [Run(row.label, "text1", True), Run(("   " if row.detail else "") + row.detail, "text2")]
        block = cache.block(theme, runs, right - left, role="small", right_to_left=p.style.right_to_left)
        p.height = px(18) + block.height + px(6)
        at = QRect(left, px(18), right - left, block.height)
        line_after(p, at, block.width, "hair")
    elif row.kind is RowKind.NEW:
        block = cache.block(theme, [Run(f"↑  {row.label}", "accent", True)], right - left, role="caption_strong",
                            right_to_left=p.style.right_to_left)  # fmt: skip
        p.height = px(14) + block.height + px(6)
        at = QRect(left, px(14), right - left, block.height)
        line_after(p, at, block.width, "accent")
    else:
        block = cache.block(theme, row.label, right - left, role="caption", tone="text3", right_to_left=p.style.right_to_left)
        p.height = px(12) + block.height + px(4)
        at = QRect(left, px(12), right - left, block.height)
        line_after(p, at, block.width, "border", dotted=True)
    turned = p.turned(at)
    p.steps.append(lambda painter, top: block.draw(painter, turned.x(), top + at.y()))


def _activity(p: Painted, item: Item, cache: TextCache, now: datetime) -> None:
    theme, px = p.style.theme, p.style.theme.px
    activity = item.activity
    assert activity is not None
    left, right, y = frame(p)
    _face(p, item, y)
    _side_bar(p, item)
    p.lock = words.is_private(item)
    name = f"\u2068{words.actor(item, whole=p.style.avatars)}\u2069"  # an Arabic name must not turn the English line around
    runs = [Run(name, "text1", True), Run(" " + words.deed(item), "text2")]
    if item.is_new:
        runs.append(Run("  •", "accent", True))
    y = head_line(p, cache, runs, words.standing_time(item), left, right, y)
    if told := words.by_hand(item):
        y = small(p, cache, told, "pencil", left, right, y)
    answer = words.answers_to(item)
    if answer:
        y = small(p, cache, answer, "reply", left, right, y)
    if activity.title.strip():
        title = cache.block(theme, one_line(activity.title, 400), right - left, role="h3", max_lines=2, right_to_left=p.style.right_to_left)
        y = put(p, title, left, y + px(2), right - left)
    y = body(p, activity.text, left, right, y + px(1), names=False)
    y = _quote(p, cache, item, left, right, y)
    if item.earlier:
        y = _thread(p, cache, item, left, right, y)
    y = _pills(p, item, left, y, now)
    close(p, max(y, px(3) + px(10) + px(28), p.height - px(4)))


def _face(p: Painted, item: Item, y: int) -> None:
    """The mark of the place; where many people are in the list, their face with the mark on it. More for cross-posts."""
    theme, px = p.style.theme, p.style.theme.px
    edge = px(28)
    places = item.places[:MOST_MARKS]
    if p.style.avatars:
        rect = QRectF(p.turned(QRect(px(22), y - px(2), px(32), px(32))))
        p.steps.append(lambda painter, top: draw_avatar(painter, theme, rect.translated(0, top), item.actor_name, item.actor_person))
        for number, place in enumerate(places):
            small = QRectF(p.turned(QRect(px(22) + px(19), y + px(18) + number * px(19), px(17), px(17))))
            p.steps.append(lambda painter, top, r=small, w=place: _badge(painter, theme, r.translated(0, top), w))  # type: ignore[misc]
        return
    for number, place in enumerate(places):
        rect = QRectF(p.turned(QRect(px(24), y - px(1) + number * (edge + px(4)), edge, edge)))
        p.steps.append(lambda painter, top, r=rect, w=place: draw_place_mark(painter, theme, r.translated(0, top), w))  # type: ignore[misc]
    p.height = y + len(places) * (edge + px(4))


def _badge(painter: QPainter, theme: Theme, rect: QRectF, place: str) -> None:
    draw_rounded(painter, rect.adjusted(-1.5, -1.5, 1.5, 1.5), rect.height() * 0.32, theme.tokens.canvas)
    draw_place_mark(painter, theme, rect, place)


def _side_bar(p: Painted, item: Item) -> None:
    """Theirs and ours differ by the colour of the rail at the leading edge; the words say it as well."""
    theme, px = p.style.theme, p.style.theme.px
    least = px(8)  # less of it, of a row whose words are scrolled past, would be a spot of nothing
    token = "them" if item.direction is Direction.IN else "you"
    colour = getattr(theme.tokens, token)

    def draw(painter: QPainter, top: float) -> None:
        rect = QRectF(p.turned(QRect(px(15), px(15), 3, max(1, p.height - px(30))))).translated(0, top)
        if rect.bottom() >= least:
            draw_rounded(painter, rect, 1.5, colour)

    p.steps.append(draw)


def _quote(p: Painted, cache: TextCache, item: Item, left: int, right: int, y: int) -> int:
    theme, px = p.style.theme, p.style.theme.px
    text = words.quoted(item)
    if not text:
        return y
    y = fold_button(p, cache, words.tr("Hide quoted text") if p.row.quote else words.tr("Show quoted text"), "quote", p.row.quote, left, right, y)
    if not p.row.quote:
        return y
    block = Words(theme, text, right - left - px(14), role="small", tone="text2", right_to_left=p.style.right_to_left)
    rect = p.turned(QRect(left + px(14), y + px(6), right - left - px(14), block.height))
    bar = p.turned(QRect(left + px(2), y + px(6), 2, block.height))
    p.texts.append((rect, block))
    p.steps.append(lambda painter, top: painter.fillRect(QRectF(bar).translated(0, top), theme.colour("border")))
    p.steps.append(lambda painter, top: draw_words(painter, block, rect, top))
    return y + px(6) + block.height


def _thread(p: Painted, cache: TextCache, item: Item, left: int, right: int, y: int) -> int:
    opened = p.row.thread == "open"
    text = words.tr("Fetching the earlier messages …") if p.row.thread == "asked" else words.earlier_line(item)
    return fold_button(p, cache, text, "thread", opened, left, right, y)


def _pills(p: Painted, item: Item, left: int, y: int, now: datetime) -> int:
    theme, px = p.style.theme, p.style.theme.px
    activity = item.activity
    wanted: list[tuple[str, str, str, str]] = []
    if activity is not None and activity.key in p.style.waiting:
        wanted.append((words.waits(item, now), "attn", "clock", "waits"))
    if p.style.avatars and activity is not None and item.actor_person is None and item.direction is Direction.IN:
        wanted.append((words.tr("Who is this?"), "info", "user-search", "who"))
    if not wanted:
        return y
    x, y = left, y + px(7)
    for text, tone, icon, what in wanted:
        size = pill_size(theme, text, icon)
        rect = p.turned(QRect(x, y, size.width(), size.height()))

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
    left, right, top_edge = frame(p)
    mark = QRectF(p.turned(QRect(px(24), top_edge - px(1), px(28), px(28))))
    p.steps.append(lambda painter, top: draw_place_mark(painter, theme, mark.translated(0, top), "notes"))
    card_at = len(p.steps)
    inner_left, inner_right, edge = left + px(14), right - px(14), px(15)
    y = px(3) + px(8) + px(10)
    icon = p.turned(QRect(inner_left, y + px(3), edge, edge))
    p.steps.append(lambda painter, top: draw_icon(painter, "lock", theme.tokens.note_text, icon.x(), top + icon.y(), edge))
    runs = [Run(words.tr("Your note"), "note_text", True), Run("  ·  " + words.note_line(note), "note_text")]
    y = head_line(p, cache, runs, words.time_of(item), inner_left + edge + px(7), inner_right, y)
    y = body(p, note.text, inner_left, inner_right, y + px(3), names=True)
    bottom = y + px(10)
    card = p.turned(QRect(left, px(3) + px(8), right - left, bottom - px(3) - px(8)))
    p.steps.insert(card_at, lambda painter, top: draw_card(painter, theme, QRectF(card).translated(0, top), "note"))
    close(p, bottom - px(2))


def _earlier(p: Painted, item: Item, cache: TextCache, now: datetime) -> None:
    """A message of an unfolded conversation, set in below its newest."""
    theme, px = p.style.theme, p.style.theme.px
    activity = item.activity
    assert activity is not None
    left, right, _ = frame(p, px(20))
    y = px(8)
    runs = [Run(words.actor(item, whole=p.style.avatars), "text1", True), Run(" " + words.deed(item), "text2")]
    label, detail = words.separator(words.day_of(item), now)
    time = ", ".join(part for part in (detail or label, words.time_of(item)) if part)
    y = head_line(p, cache, runs, time, left, right, y)
    y = body(p, activity.text or activity.title, left, right, y, names=False, tone="text2")
    y = _quote(p, cache, item, left, right, y)
    p.height = y + px(8)
    p.box = p.turned(QRect(left - px(12), px(1), right - left + px(24), p.height - px(2)))
    bar = p.turned(QRect(left - px(20), 0, 2, p.height - (px(6) if p.row.last else 0)))
    p.steps.insert(0, lambda painter, top: painter.fillRect(QRectF(bar).translated(0, top), theme.colour("border")))
