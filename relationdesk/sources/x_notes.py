"""The whole words of long posts, which an X archive keeps apart: tweets.js has only their beginning, cut off.

Nothing in the archive says which note belongs to which post. They belong together if they were made in the same second
or two and the post's words are the beginning of the note's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from relationdesk.sources.json_fields import record_of, records, string
from relationdesk.sources.x_values import is_id, written_time
from relationdesk.text import tidy

MOST_CHARS = 32 * 1024 * 1024
"""Characters of all notes that are held; a note has 25,000 at most."""
_ALIKE = 40
"""Characters of the beginning that have to agree; a post is cut at some 280."""
_SHORT = 2_000
"""Characters that no post cut off reaches, its links written out."""
_NEAR = (0, 1, -1, 2, -2)
_TAIL = re.compile(r"(?:\s*…)?(?:\s*https?://\S*)*\s*…?\s*\Z")


class Notes:
    """Notes by the second they were made."""

    def __init__(self) -> None:
        self._by_time: dict[datetime, list[tuple[str, str]]] = {}
        self._used: set[str] = set()
        self._held = 0

    def __bool__(self) -> bool:
        return bool(self._by_time)

    def add(self, row: Mapping[str, Any]) -> bool:
        """Take a note in; False if it cannot be read, or there are too many."""
        core = record_of(row, "core") or {}
        made = written_time(string(row, "createdAt", 60))
        id_, text = string(row, "noteTweetId", 40), core.get("text")
        if made is None or not is_id(id_) or not isinstance(text, str) or self._held > MOST_CHARS:
            return False
        whole = html.unescape(text)
        for url in records(core, "urls"):
            short, long = string(url, "shortUrl", 200) or string(url, "url", 200), string(url, "expandedUrl") or string(url, "expanded_url")
            whole = whole.replace(short, long) if short and long else whole
        self._held += len(whole)
        self._by_time.setdefault(made.replace(microsecond=0), []).append((id_, tidy(whole)))
        return True

    def whole(self, published: datetime, text: str) -> str:
        """The words of the note that this post is the beginning of, else the post's own."""
        if not self._by_time:
            return text
        plain = _TAIL.sub("", text) if len(text) < _SHORT else text
        beginning = _squeezed(plain)[:_ALIKE]
        for shift in _NEAR:
            for id_, whole in self._by_time.get(published + timedelta(seconds=shift), ()):
                if beginning and _squeezed(whole[: 2 * _SHORT]).startswith(beginning):
                    self._used.add(id_)
                    return whole
        return text

    def left(self) -> Iterator[tuple[str, datetime, str]]:
        """Number, time and words of the notes that no post was the beginning of."""
        for made, several in self._by_time.items():
            yield from ((id_, made, whole) for id_, whole in several if id_ not in self._used)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
