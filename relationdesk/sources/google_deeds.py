"""What Google writes down of what its owner did (My Activity, the watch history of YouTube), as JSON or as HTML, one neutral
value each. Streams: the HTML is one line of hundreds of megabytes and is cut at its cells; no tree is built.

JSON tells UTC. HTML tells the clock of the reader's zone with its letters, or, before 2019, without any: then it is taken
as the clock of this computer, and the key keeps what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

from relationdesk.model import Precision
from relationdesk.saying import say
from relationdesk.sources.bookmark_html import attributes_of, plain
from relationdesk.sources.chats import wall_clock
from relationdesk.sources.feed_dates import zone_minutes
from relationdesk.sources.json_fields import moment_of, records, string
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.linkedin_words import when
from relationdesk.sources.meta_dates import date_and_clock
from relationdesk.text import one_line

HEAD = 256 * 1024
"""The styles of a page of Takeout alone are half of this."""
_CELL = b'<div class="outer-cell'
_CHUNK = 256 * 1024
_MOST_CELL = 512 * 1024
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"<a\s([^<>]{0,8000})>", re.IGNORECASE)
_ZONE = re.compile(r"\s(?:(?P<name>[A-Z]{2,5})|(?:GMT|UTC)(?P<sign>[+-])(?P<h>\d{1,2})(?::?(?P<m>\d\d))?)$")
_NUMBERS = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}")
_IS_JSON = re.compile(rb"\s*(?:\[\s*)?\{[^\x00]{0,4000}?\"(?:titleUrl|header)\"\s*:")
_JSON_NAMES = (b'"title"', b'"time"')
_FROM_ADS = "google ads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One cell or record. stamp: for the key, UTC to the second, or the clock as written where there is no zone.

    by, by_url: the channel of a video. advertised: shown by Google, not chosen.
    """

    title: str
    url: str = ""
    header: str = ""
    by: str = ""
    by_url: str = ""
    published: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    stamp: str = ""
    advertised: bool = False


class BadDeed(ValueError):
    """A record that says nothing; the reason as a sentence."""


def is_json(head: bytes) -> bool:
    return bool(_IS_JSON.match(head.removeprefix(b"\xef\xbb\xbf"))) and all(name in head for name in _JSON_NAMES)


def is_html(head: bytes) -> bool:
    return (_CELL in head or b"content-cell" in head or b"mdl-typography--title" in head) and b"mdl-" in head and b"<html" in head[:2_000].lower()


def from_json(stream: IO[bytes]) -> Iterator[Deed | BadDeed]:
    """Every record of a list."""
    for record in documents(stream):
        if isinstance(record, Broken):
            yield BadDeed(record.reason)
            continue
        title = string(record, "title")
        published, precision = moment_of(string(record, "time", 60))
        if published is not None:
            published = published.replace(microsecond=0)
        if not title:
            yield BadDeed(say("It does not say what was done."))
            continue
        channel = next(iter(records(record, "subtitles")), {})
        yield Deed(
            title=title, url=_target(string(record, "titleUrl")), header=string(record, "header", 200), by=string(channel, "name", 300),
            by_url=string(channel, "url"), published=published, precision=precision, stamp=_stamp(published, string(record, "time", 60)),
            advertised=_is_advertised(record),
        )  # fmt: skip


def _is_advertised(record: Any) -> bool:
    return any(_FROM_ADS in string(one, "name", 200).casefold() for one in records(record, "details"))


def from_html(stream: IO[bytes]) -> Iterator[Deed | BadDeed]:
    """Every cell of a page."""
    for raw in _cells(stream):
        if raw is None:
            yield BadDeed(say("This cell is larger than any is."))
        elif found := _of_cell(raw.decode("utf-8", "replace")):
            yield found
        else:
            yield BadDeed(say("It does not say what was done."))


def _cells(stream: IO[bytes]) -> Iterator[bytes | None]:
    """From one mark of a cell to the next; None for one that is too large."""
    held, inside, skipping = b"", False, False
    while data := stream.read(_CHUNK):
        pieces = (held + data).split(_CELL)
        for piece in pieces[:-1]:
            if skipping:
                yield None
            elif inside:
                yield piece
            inside, skipping = True, False
        held = pieces[-1]
        if len(held) > _MOST_CELL or not inside:
            skipping = inside
            held = held[-len(_CELL) :]
    if skipping:
        yield None
    elif inside:
        yield held


def _of_cell(cell: str) -> Deed | None:
    body = _inner(cell, "content-cell")
    lines = _LINE_BREAK.split(body)[:200]
    lines = [line for line in lines if _words(line)]
    if not lines:
        return None
    written = _words(lines[-1]) if len(lines) > 1 else ""
    published, precision, stamp = moment(written)
    channel = next((line for line in lines[1:-1] if _LINK.search(line)), "")
    return Deed(
        title=_words(lines[0]), url=_target(_href(lines[0])), header=_words(_inner(cell, "mdl-typography--title", "<br")), by=_words(channel),
        by_url=_href(channel), published=published, precision=precision, stamp=stamp, advertised=_FROM_ADS in _words(_inner(cell, "caption")).casefold(),
    )  # fmt: skip


def _inner(cell: str, kind: str, end: str = "</div>") -> str:
    """What stands in the first element of that class."""
    start = cell.find(">", cell.find(kind)) + 1 if kind in cell else 0
    stop = cell.find(end, start)
    return cell[start : stop if stop >= 0 else len(cell)] if start else ""


def _words(markup: str) -> str:
    return one_line(plain(markup).replace("\u202f", " ").replace("\u00a0", " "), 2_000)


def _href(markup: str) -> str:
    found = _LINK.search(markup)
    return one_line(attributes_of(found[1]).get("href", ""), 4_000) if found else ""


def _target(url: str) -> str:
    """The page behind Google's own redirection."""
    try:
        parts = urlsplit(url)
        if (parts.hostname or "").endswith("google.com") and parts.path == "/url":
            url = next(iter(parse_qs(parts.query).get("q") or parse_qs(parts.query).get("url") or ()), url)
    except ValueError:
        return ""
    return one_line(url, 4_000) if re.match(r"https?://[^\s]", url) else ""


def _stamp(published: datetime | None, written: str) -> str:
    return published.strftime("%Y%m%dT%H%M%SZ") if published else one_line(written, 60)


@lru_cache(maxsize=256)
def moment(written: str) -> tuple[datetime | None, Precision, str]:
    """A date of the HTML with its precision, and the stamp for keys. None where day and month could be either."""
    text = one_line(written.replace("\u202f", " ").replace("\u00a0", " "), 80)
    zone = _ZONE.search(text)
    minutes: int | None = None
    if zone and zone["sign"]:
        minutes = (int(zone["h"]) * 60 + int(zone["m"] or 0)) * (1 if zone["sign"] == "+" else -1)
    elif zone and zone["name"] not in ("AM", "PM"):
        minutes = zone_minutes(zone["name"])
    else:
        zone = None
    clock = re.sub(r"\s(?:at|um|à|a las)\s", " ", text[: zone.start()] if zone else text)
    numbers = _NUMBERS.match(clock)
    if numbers and int(numbers[1]) <= 12 and int(numbers[2]) <= 12 and numbers[1] != numbers[2]:
        return None, Precision.UNKNOWN, text
    found = when(re.sub(r"^[^\W\d_]+,\s+(?=[^\W\d_])", "", clock), day_first="." in clock[:6])
    found = found or _in_other_words(clock)
    if found is None:
        return None, Precision.UNKNOWN, text
    local, precision = found
    if precision not in (Precision.SECOND, Precision.MINUTE):
        return local, precision, text
    if minutes is not None and abs(minutes) <= 14 * 60:
        try:
            utc = (local - timedelta(minutes=minutes)).astimezone(UTC)
        except OverflowError:
            return None, Precision.UNKNOWN, text
        return utc, precision, _stamp(utc, text)
    here = wall_clock(local.year, local.month, local.day, local.hour, local.minute, local.second)
    return (here, precision, local.strftime("%Y%m%dT%H%M%S")) if here else (None, Precision.UNKNOWN, text)


def _in_other_words(clock: str) -> tuple[datetime, Precision] | None:
    """The clock as written, in languages that LinkedIn's dates do not come in."""
    found = date_and_clock(clock)
    if found is None or found[1] is None:
        return None
    hour, minute, second = found[1]
    try:
        return datetime(*found[0], hour, minute, second or 0, tzinfo=UTC), Precision.MINUTE if second is None else Precision.SECOND
    except ValueError:
        return None
