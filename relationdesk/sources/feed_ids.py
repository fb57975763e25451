"""Ids that are none: feeds that give every entry the same one, and feeds that make new ones with every edit or build.

Then the entry's own page tells it from others, as long as no two entries share it. Pure.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from relationdesk.sources.feed_entries import Document, Entry

KEPT = 200
"""Entries of one feed whose ids are remembered; what changes is always among the newest."""


def told_apart(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that share an id but not a page are known by their pages."""
    found = list(entries)
    pages: dict[str, set[str]] = {}
    for entry in found:
        pages.setdefault(entry.id, set()).add(entry.url)
    return [replace(e, id=e.url) if e.url and len(pages[e.id]) > 1 else e for e in found]


def with_lasting_ids(document: Document, before: Mapping[str, str]) -> Document:
    """An entry that comes under a new id, on a page whose old id is gone, is the old entry. before: as `ids_by_page`."""
    now, known, pages = {e.id for e in document.entries}, set(before.values()), _pages(document)

    def lasting(entry: Entry) -> Entry:
        old = before.get(_mark(entry.url), "") if pages[entry.url] == 1 and entry.id not in known else ""
        return replace(entry, id=old) if old and old not in now else entry

    return replace(document, entries=tuple(map(lasting, document.entries)))


def ids_by_page(document: Document) -> dict[str, str]:
    """Id by a short mark of the page, of the first KEPT entries that have both and share neither."""
    pages = _pages(document)
    firsts = [e for e in document.entries if e.url and pages[e.url] == 1 and len(e.id) <= 200][:KEPT]
    return {_mark(e.url): e.id for e in firsts}


def same_entries(document: Document, before: Mapping[str, str]) -> bool:
    """Whether a feed holds an entry, on its page, that was read before: then it is the same feed at another address."""
    return any(_mark(entry.url) in before for entry in document.entries if entry.url)


def _pages(document: Document) -> Counter[str]:
    return Counter(entry.url for entry in document.entries)


def _mark(url: str) -> str:
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=6).hexdigest()
