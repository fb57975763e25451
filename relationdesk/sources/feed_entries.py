"""The one neutral form every feed is read into, and what all formats share in getting there. Pure.

What is missing stays empty; a date that is missing or unreadable is unknown, never now.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from relationdesk.markup import html_to_text
from relationdesk.model import Precision, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.feed_dates import feed_date
from relationdesk.sources.feed_pace import NO_WISH, Rhythm
from relationdesk.sources.xml_reader import Node
from relationdesk.text import one_line, tidy

MAX_ENTRIES = 2_000
MAX_ENTRY_TEXT = 100_000
MAX_ID = 1_000

NOT_A_FEED = marked("The answer is not a feed. Nothing of it was kept and nothing was deleted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of any format, plain text throughout. id: the feed's own id, else the link, else a hash of title and
    date; never empty. url, author_url, enclosure: absolute http(s) or "". published: as in `Activity`."""

    id: str
    url: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    author_url: str = ""
    published: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    edited: datetime | None = None
    tags: tuple[str, ...] = ()
    enclosure: str = ""
    about: str = ""  # the page a bookmark or a link post points to, where it is not `url`


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole feed, entries in its own order (mostly newest first). url: its home page. rejected: what could not be
    read. damage: "" or why the rest of the document is missing; then a later reading may bring more."""

    title: str = ""
    url: str = ""
    author: str = ""
    author_url: str = ""
    stable_id: str = ""  # yt:channelId
    entries: tuple[Entry, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    damage: str = ""
    rhythm: Rhythm = NO_WISH


def absolute(base: str, link: str) -> str:
    """A link as an absolute http(s) address, "" for anything else (javascript:, data:, file: …)."""
    text = re.sub(r"[\x00-\x20\x7f]", lambda m: "%20" if m.group() == " " else "", link.strip())[:4000]
    if not text:
        return ""
    try:
        joined = urljoin(base, text)
    except ValueError:
        return ""
    return joined if joined.lower().startswith(("http://", "https://")) else ""


def plain(text: str) -> str:
    """A title or name on one line; markup and entities are read only where there are any."""
    if re.search(r"<[a-zA-Z/!]|&#?\w{1,32};", text):
        text = html_to_text(text[:20_000])
    return one_line(text)


def words(markup: str) -> str:
    """The words of an entry's HTML, at most MAX_ENTRY_TEXT characters."""
    return tidy(html_to_text(markup), MAX_ENTRY_TEXT)


def identity(own: str, url: str, title: str, date: str, text: str) -> str:
    """What tells an entry from others; "" if it says nothing at all."""
    own = one_line(own, MAX_ID)
    if own or url:
        return own or url[:MAX_ID]
    seed = f"{title}\n{date}" if title or date else text
    return f"sha256:{hashlib.sha256(seed.encode('utf-8', 'replace')).hexdigest()}" if seed else ""


def first_date(texts: Iterable[str]) -> tuple[datetime | None, Precision]:
    """The first text that is a date."""
    for text in texts:
        moment, precision = feed_date(text)
        if moment is not None:
            return moment, precision
    return None, Precision.UNKNOWN


def gathered(
    nodes: Iterable[Any], read: Callable[[Any], Entry | None]
) -> tuple[tuple[Entry, ...], tuple[Rejected, ...]]:
    """Whole entries, at most MAX_ENTRIES; what has nothing to tell it by is rejected."""
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    for number, node in enumerate(nodes, 1):
        if number > MAX_ENTRIES:
            rejected.append(Rejected(where=f"feed entry {number}", reason=say("more entries than are read at once")))
            break
        if isinstance(node, Node) and not node.closed:
            continue
        entry = read(node)
        if entry is None:
            rejected.append(Rejected(where=f"feed entry {number}", reason=say("it has no id, link, title, date or text")))
        else:
            entries.append(entry)
    return tuple(entries), tuple(rejected)


def tags_of(values: Iterable[str]) -> tuple[str, ...]:
    """At most 50 tags on one line each, without repeats."""
    return tuple(dict.fromkeys(tag for value in values if (tag := plain(value)[:100])))[:50]
