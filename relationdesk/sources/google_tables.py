"""Tables of YouTube in a Takeout. Their headings are in the language of whoever ordered it, so where they are not the English
ones, what stands below them tells which column is which."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from relationdesk.sources.tables import Row, Shape, examine, peek, rows

NEEDS = {
    "comments": (frozenset({"comment id", "video id", "comment text"}), frozenset({"live chat id", "live chat text"}), frozenset({"comment id", "comment text"})),
    "subscriptions": (frozenset({"channel id", "channel url", "channel title"}),),
    "channel": (frozenset({"channel id", "channel title (original)"}), frozenset({"channel id", "channel country"})),
}
_SAMPLE = 30
_CHANNEL = re.compile(r"UC[\w-]{10,40}")
_PAGE = re.compile(r"https?://(?:www\.)?youtube\.com/channel/UC[\w-]{10,40}/?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*(?: UTC)?")
_COMMENT = re.compile(r"Ug[\w-]{2,60}(?:\.[\w-]{2,60})?")
_VIDEO = re.compile(r"[\w-]{11}")
_TEXT = re.compile(r'\{\s*"(?:text|takeoutSegments|mention|link|videoLink)"\s*:.*', re.DOTALL)
_PRICE = re.compile(r"[\d.,]{1,12}")


def kind_of(head: bytes) -> str:
    """Which of these a table is by its beginning; "" for another one."""
    named = next((kind for kind, needs in NEEDS.items() if peek(head, needs=needs) is not None), "")
    return named or _told(head)[0]


def shape_of(opener: Callable[[], BinaryIO], kind: str) -> Shape | None:
    """The table's shape with Google's English names for its columns. Raises what the opener raises."""
    shape = examine(opener, needs=NEEDS[kind])
    if shape is not None:
        return shape
    with opener() as stream:
        told, columns = _told(stream.read(64 * 1024))
    shape = examine(opener) if told == kind else None
    return replace(shape, columns=columns) if shape is not None and len(shape.columns) == len(columns) else None


def _told(head: bytes) -> tuple[str, tuple[str, ...]]:
    """Kind and columns by what stands in them; ("", ()) if that tells nothing."""
    shape = peek(head)
    if shape is None or len(shape.columns) > 12:
        return "", ()
    # What is cut off at the end of the beginning is no row.
    whole = head[: head.rfind(b"\n") + 1] or head
    found = [row.values for row in islice(rows(io.BytesIO(whole), shape, "", short_ok=True), _SAMPLE) if isinstance(row, Row)]
    cells = [tuple(value.strip() for value in column) for column in zip(*found, strict=True)]
    names = dict(_named(cells))
    kind = "subscriptions" if "channel url" in names.values() else "comments" if {"comment text", "live chat text"} & set(names.values()) else ""
    return (kind, tuple(names.get(n, f"column {n}") for n in range(len(shape.columns)))) if kind else ("", ())


def _named(cells: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """(place, Google's name) of the columns that can be told."""

    def all_are(pattern: re.Pattern[str]) -> list[int]:
        return [n for n, column in enumerate(cells) if any(column) and all(pattern.fullmatch(cell) for cell in column if cell)]

    channels, pages, texts, times = all_are(_CHANNEL), all_are(_PAGE), all_are(_TEXT), all_are(_TIME)
    if len(channels) == 1 and len(pages) == 1 and len(cells) == 3:
        yield channels[0], "channel id"
        yield pages[0], "channel url"
        yield ({0, 1, 2} - {channels[0], pages[0]}).pop(), "channel title"
        return
    if not (len(channels) == 1 and len(times) == 1 and len(texts) == 1):
        return
    ids = all_are(_COMMENT)
    own = next((n for n in ids if all(cells[n]) and len(set(cells[n])) == len(cells[n])), None)
    kind = "live chat" if own is None else "comment"
    rest = set(range(len(cells))) - {channels[0], times[0], texts[0], *ids}
    yield channels[0], "channel id"
    yield times[0], f"{kind} create timestamp"
    yield texts[0], f"{kind} text"
    videos = [n for n in all_are(_VIDEO) if n in rest]
    if videos:
        yield videos[-1], "video id"
    if own is not None:
        yield own, "comment id"
        yield from ((n, "parent comment id") for n in ids[:2] if n != own)
    rest -= {*videos}
    prices = [n for n in all_are(_PRICE) if n in rest]
    if prices:
        yield prices[0], "price"
    if own is None and (left := [n for n in sorted(rest - {*prices}) if all(cells[n])]):
        yield left[0], "live chat id"
