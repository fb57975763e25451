"""The fields of ActivityStreams documents, each of which may be a text, an object, a list of both, or a map of languages.

Also turns the first ActivityStreams (2011: `verb`, `objectType`, `displayName`) into the words of the second. Pure;
nothing here raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from relationdesk.markup import html_to_text
from relationdesk.model import Audience, Precision
from relationdesk.sources.json_fields import Json, web
from relationdesk.text import one_line, tidy

_MOST = 200
"""Entries of one field that are looked at."""
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "http://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_CROWD = re.compile(r"/(?:followers|following|subscribers)(?:[/?]|\Z)")
_VERBS = {
    "post": "Create", "share": "Announce", "like": "Like", "favorite": "Like", "follow": "Follow", "make-friend": "Follow", "unlike": "Undo",
    "unfavorite": "Undo", "stop-following": "Undo", "delete": "Delete", "update": "Update", "rsvp-yes": "Accept", "rsvp-no": "Reject",
}  # fmt: skip
_OLD_NAMES = {"displayName": "name", "objectType": "type", "author": "attributedTo", "attachments": "attachment", "tags": "tag"}
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(:\d\d)?.*)?")


def entries(record: object, name: str) -> list[Any]:
    """What a field holds, as a list; [] for nothing."""
    value = record.get(name) if isinstance(record, dict) else None
    return value[:_MOST] if isinstance(value, list) else [] if value is None else [value]


def own_id(record: object) -> str:
    """The id that a record gives itself, "" if it has none."""
    return next((one_line(text, 2_000) for name in ("id", "@id") for entry in entries(record, name) if (text := _text(entry))), "")


def id_of(value: object) -> str:
    """The id of something that may be its id alone, an object, or a link; failing that its address; "" if it has none."""
    if isinstance(value, str):
        return one_line(value, 2_000)
    if found := own_id(value):
        return found
    for entry in (*entries(value, "href"), *entries(value, "url")):
        if found := _text(entry) or (_text(entry.get("href")) if isinstance(entry, dict) else ""):
            return one_line(found, 2_000)
    return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def ids(record: object, *names: str) -> Iterator[str]:
    """The ids in these fields, in their order."""
    for name in names:
        yield from filter(None, map(id_of, entries(record, name)))


def types_of(record: object) -> tuple[str, ...]:
    """Names of the types without what stands before them: "as:Note", "http://…#Note" → "Note"."""
    found = [_text(entry) for name in ("type", "@type") for entry in entries(record, name)]
    return tuple(re.split(r"[#/:]", one_line(name, 200))[-1] for name in found if name)


def words(record: object, name: str) -> str:
    """The text of a field, or one of its languages, as it is written (it may be HTML)."""
    for entry in (*entries(record, name), *entries(record, f"{name}Map")):
        if isinstance(entry, str) and entry:
            return entry
        if isinstance(entry, dict):
            return next((text for text in entry.values() if isinstance(text, str) and text), "")
    return ""


def plain(record: object, name: str, *, markup: bool = True) -> str:
    """The text of a field as plain text. markup: it is HTML, unless the object says otherwise."""
    kind = one_line(_text(record.get("mediaType")) if isinstance(record, dict) else "", 100)
    text = words(record, name)
    return html_to_text(text) if markup and kind in ("", "text/html") else tidy(text)


def link(record: object, name: str = "url") -> str:
    """The first web address in a field, a page before anything else."""
    found = [(entry, id_of(entry)) for entry in entries(record, name)]
    there = [(entry, href) for entry, href in found if web(href)]
    pages = [href for entry, href in there if isinstance(entry, dict) and entry.get("mediaType") == "text/html"]
    return next(iter((*pages, *(href for _, href in there))), "")


def moment(record: object, *names: str) -> tuple[datetime | None, Precision]:
    """The first of these times that can be read: to the second, the minute or the day as it is written."""
    for name in names:
        text = _text(record.get(name)).strip() if isinstance(record, dict) else ""
        if found := _TIME.fullmatch(text):
            try:
                when = datetime.fromisoformat(text)
                when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            return when, Precision.DAY if len(text) == 10 else Precision.SECOND if found.group(1) else Precision.MINUTE
    return None, Precision.UNKNOWN


def is_crowd(id_: str) -> bool:
    """Everybody, or a collection of people."""
    return id_ in _PUBLIC or _CROWD.search(id_) is not None


def audience_of(record: object) -> Audience:
    """PUBLIC where everybody or nobody is addressed, FOLLOWERS where a collection of people is, else PRIVATE."""
    addressed = [*ids(record, "to", "cc", "bto", "bcc", "audience")]
    if not addressed or _PUBLIC.intersection(addressed):
        return Audience.PUBLIC
    return Audience.FOLLOWERS if any(map(is_crowd, addressed)) else Audience.PRIVATE


def is_old(record: object) -> bool:
    """Whether a record is of the first ActivityStreams."""
    return isinstance(record, dict) and "type" not in record and "@type" not in record and ("verb" in record or "objectType" in record)


def modern(record: Json, depth: int = 0) -> Json:
    """A record of the first ActivityStreams in the words of the second."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict) and depth < 5:
            value = modern(value, depth + 1)
        elif isinstance(value, list) and depth < 5:
            value = [modern(one, depth + 1) if isinstance(one, dict) else one for one in value[:_MOST]]
        found.setdefault(_OLD_NAMES.get(name, name), value)
    if "actor" in record or "verb" in record:
        verb = str(record.get("verb") or "post").rpartition("/")[2].lower()
        found["type"] = _VERBS.get(verb, verb.title().replace("-", ""))
    elif kind := str(found.get("type", "")).rpartition("/")[2]:
        found["type"] = kind.title().replace("-", "")
    return found
