"""The lists of an export of Meta (friends, likes, comments …) entry by entry, from JSON or HTML, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Rejected
from relationdesk.saying import say
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import string
from relationdesk.sources.json_reader import read_json
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.meta_dates import from_iso, from_number
from relationdesk.sources.meta_entries import Entry, entries, entry_of
from relationdesk.sources.meta_files import (
    ALBUMS,
    CONTACTS,
    EVENTS,
    LISTS,
    OLD_COMMENTS,
    OLD_FOLLOWS,
    OLD_LIKES,
    OLD_SAVED,
    Piece,
)
from relationdesk.sources.meta_html import boxes
from relationdesk.sources.meta_text import mended_all, name_of, words

_WHOLE = 16 * 1024 * 1024
"""Bytes of a file that is read at once: an address book, or who follows whom before 2021."""
_LIST = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*\{\s*\"([^\"\\]{1,80})\"\s*:\s*\[")
_NEVER_A_LIST = frozenset("media timestamp label_values data attachments string_list_data string_map_data title tags participants".split())
_OLD_MEDIA = frozenset({"photos", "videos", "stories", "saved_media"})
"""Not "direct": what was sent to somebody stands in the messages."""
_RESPONSES = ("events_joined", "events_interested", "events_declined")

Listed = tuple[int, int, Entry | Rejected]
"""Number of the record, bytes read so far, what it says."""


def listed(box: Container, piece: Piece) -> Iterator[Listed]:
    """Every entry of a file. Damage is one Rejected, and what stands before and behind it is kept."""
    number = done = 0
    try:
        with box.open(piece.name) as stream:
            found = map(entry_of, boxes(stream)) if piece.page else _of_json(box, piece, stream)
            for number, entry in enumerate(found, start=1):
                done = stream.tell()
                yield number, done, Rejected(where=f"{piece.name} record {number}", reason=entry.reason) if isinstance(entry, Broken) else entry
    except UnreadableFile as e:
        yield number + 1, done, Rejected(where=piece.name, reason=str(e))


def _of_json(box: Container, piece: Piece, stream: Any) -> Iterator[Entry | Broken]:
    if piece.holds in (CONTACTS, EVENTS, OLD_FOLLOWS):
        yield from _whole(piece, stream)
        return
    with box.open(piece.name) as other:
        first = _LIST.match(other.read(1024))
    name = first[1].decode("utf-8", "replace") if first else ""
    lists = LISTS | _OLD_MEDIA | ({name} - _NEVER_A_LIST)
    for record in documents(stream, lists):
        if isinstance(record, Broken):
            yield record
            continue
        record = mended_all(record)
        if isinstance(record, dict) and (inner := _in_log(record)):
            yield from (entry for one in inner for entry in entries(one))
        elif isinstance(record, dict):
            yield from _under(record) if piece.holds == ALBUMS else _old_media(record) if "taken_at" in record else entries(record)
        elif isinstance(record, list) and piece.holds in (OLD_LIKES, OLD_COMMENTS, OLD_SAVED) and record and all(isinstance(one, str) for one in record):
            yield Entry(when=from_iso(record[0]), text=words(record[1]) if len(record) > 2 else "", who=name_of(record[-1]))
        else:
            yield Broken(number=0, reason=say("This is no record."))


def _in_log(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Facebook before 2021 put some lists one level deeper: {"wall_posts_sent_to_you": {"activity_log_data": [...]}}."""
    for inner in record.values():
        listed = inner.get("activity_log_data") if isinstance(inner, dict) else None
        if isinstance(listed, list):
            return [one for one in listed if isinstance(one, dict)]
    return []


def _under(record: dict[str, Any]) -> Iterator[Entry]:
    """What was written under a photo of an album, or under the album itself."""
    comments = record.get("comments")
    for one in comments if isinstance(comments, list) else [record]:
        if isinstance(one, dict) and "comment" in one:
            yield Entry(when=from_number(one.get("timestamp")), text=words(one.get("comment")), who=name_of(one.get("author")))


def _old_media(record: dict[str, Any]) -> Iterator[Entry]:
    """Instagram's media.json before 2021."""
    yield Entry(when=from_iso(string(record, "taken_at", 60)), text=words(record.get("caption")), files=(string(record, "path"),))


def _whole(piece: Piece, stream: Any) -> Iterator[Entry | Broken]:
    try:
        value = mended_all(read_json(stream.read(_WHOLE + 1)[:_WHOLE].decode("utf-8-sig", "replace")))
    except ValueError:
        yield Broken(number=1, reason=say("This file is damaged or not written to its end."))
        return
    if piece.holds == OLD_FOLLOWS:
        yield from _old_follows(value)
    elif piece.holds == EVENTS:
        yield from _responses(value)
    else:
        for record in _objects(value, 0):
            yield from _contact(record)


OLD_REQUESTS = ("follow_requests_sent", "permanent_follow_requests")
"""Of Instagram before 2021: whom the owner asked, the second where that is not answered."""


def _old_follows(value: Any) -> Iterator[Entry]:
    for relation in ("following", "followers", *OLD_REQUESTS):
        people = value.get(relation) if isinstance(value, dict) else None
        for who, when in people.items() if isinstance(people, dict) else ():
            yield Entry(when=from_iso(when) if isinstance(when, str) else from_iso(""), who=name_of(who), reaction=relation)


def _responses(value: Any) -> Iterator[Entry]:
    for outer in value.values() if isinstance(value, dict) else ():
        for response in _RESPONSES:
            for one in (outer.get(response) or ()) if isinstance(outer, dict) else ():
                if isinstance(one, dict):
                    yield Entry(when=from_number(one.get("start_timestamp")), title=name_of(one.get("name")), reaction=response.removeprefix("events_"))


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The records of a list, however deep it lies in objects."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))
    elif isinstance(value, dict) and depth < 4:
        for inner in value.values():
            yield from _objects(inner, depth + 1)


def _contact(record: dict[str, Any]) -> Iterator[Entry]:
    details = record.get("details")
    if isinstance(details, list):
        points = tuple(("", string(one, "contact_point", 200)) for one in details[:50] if isinstance(one, dict))
        yield Entry(who=name_of(record.get("name")), values=points)
    else:
        yield from entries(record)
