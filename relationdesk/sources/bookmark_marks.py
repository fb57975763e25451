"""A bookmark as the forms of today and yesterday write it, made one neutral value: HTML, XML, JSON and table. Pure but for reading.

Times: seconds, milliseconds (some programs) or microseconds (Google Bookmarks) since 1970, ISO, or as web servers write them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import IO, Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Rejected
from relationdesk.saying import say
from relationdesk.sources.bookmark_html import Saved, attributes_of, saved, tokens
from relationdesk.sources.chats import stamp
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import string
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.tables import Row, examine, peek, rows
from relationdesk.text import one_line, tidy

HEAD = 64 * 1024
_HTML = re.compile(r"<!DOCTYPE\s+NETSCAPE-Bookmark-file|<DT>\s*<A\s[^>]{0,40}?HREF=", re.IGNORECASE)
_XML = re.compile(r"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--[^>]{0,2000}-->\s*)?<posts(?=[\s>])", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\[\s*)?\{[^{}]{0,20000}?\"href\"\s*:")
_JSON_NAMES = re.compile(r"\"(?:extended|toread|shared)\"\s*:")
_RAINDROP = (frozenset({"url", "excerpt", "tags", "created"}), frozenset({"url", "folder", "tags", "created", "cover"}))
_SERVER_DATE = re.compile(r"(\d{1,2})/([A-Za-z]{3})/(\d{4}):(\d\d):(\d\d):(\d\d)\s*([+-])(\d\d)(\d\d)")
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_YES = frozenset({"1", "yes", "true"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """href as written. private: None where the form does not say who may see it. id: the place's own, "" if it has none."""

    href: str
    title: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    folder: str = ""
    added: datetime | None = None
    private: bool | None = None
    to_read: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a file writes bookmarks: form "html", "xml", "json" or "table"; whose they are, if it says."""

    form: str
    place: str
    user: str = ""


def form_of(box: Container, name: str) -> Form | None:
    """What a file is by its beginning; None for what holds no bookmarks."""
    try:
        with box.open(name) as stream:
            raw = stream.read(HEAD)
    except UnreadableFile:
        return None
    head = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace").replace("\0", "")
    if _XML.match(head):
        user = next((attributes_of(text).get("user", "") for tag, text in tokens(io.BytesIO(raw)) if tag == "posts"), "")
        return Form(form="xml", place="pinboard" if re.search(r"\storead=", head) else "delicious", user=one_line(user, 100))
    if _HTML.search(head):
        title = re.search(r"<TITLE>([^<]{0,200})", head, re.IGNORECASE)
        words = title[1].casefold() if title else ""
        return Form(form="html", place=next((one for one in ("pinboard", "raindrop", "delicious") if one in words), "bookmarks"))
    if _JSON.match(head) and _JSON_NAMES.search(head):
        return Form(form="json", place="pinboard")
    if peek(raw, needs=_RAINDROP) is not None:
        return Form(form="table", place="raindrop")
    return None


def marks(box: Container, name: str, form: Form) -> Iterator[tuple[int, Mark | Rejected]]:
    """Every bookmark of a file, and how many bytes were read. Raises UnreadableFile where the file is damaged."""
    if form.form == "table":
        yield from _of_table(box, name)
        return
    with box.open(name) as stream:
        found = _of_json(stream, name) if form.form == "json" else (_of_html(one) for one in saved(stream))
        for one in found:
            yield stream.tell(), one


def _of_html(one: Saved) -> Mark:
    """Also a line of XML, where the address's title is called “description” and the note “extended”."""
    said = one.attributes
    shared = said.get("shared", "")
    return Mark(
        href=said["href"].strip(), title=one_line(one.title or said.get("description", ""), 1_000), note=tidy(one.note or said.get("extended", "")),
        tags=_tags(said.get("tags", "") or said.get("tag", "")), folder=one.folder, added=moment(said.get("add_date", "") or said.get("time", "")),
        private=said["private"] in _YES if "private" in said else shared.lower() == "no" if "tag" in said or shared else None,
        to_read=said.get("toread", "").lower() in _YES,
    )  # fmt: skip


def _of_json(stream: IO[bytes], name: str) -> Iterator[Mark | Rejected]:
    for number, record in enumerate(documents(stream), start=1):
        href = string(record, "href", 4_000)
        if isinstance(record, Broken) or not href:
            yield Rejected(where=f"{name} bookmark {number}", reason=record.reason if isinstance(record, Broken) else say("It has no address."))
            continue
        yield of_pinboard(record)


def of_pinboard(record: Any) -> Mark:
    """A bookmark as Pinboard's file and its API write it; its title is called "description"."""
    return Mark(
        href=string(record, "href", 4_000), title=string(record, "description", 1_000), note=_text(record, "extended"),
        tags=_tags(string(record, "tags", 4_000)), added=moment(string(record, "time")), private=string(record, "shared").lower() == "no",
        to_read=string(record, "toread").lower() in _YES,
    )  # fmt: skip


def _text(record: Any, name: str) -> str:
    value = record.get(name)
    return tidy(value) if isinstance(value, str) else ""


def _of_table(box: Container, name: str) -> Iterator[tuple[int, Mark | Rejected]]:
    shape = examine(partial(box.open, name), needs=_RAINDROP)
    if shape is None:
        return
    with box.open(name) as stream:
        for row in rows(stream, shape, name, short_ok=True):
            yield stream.tell(), _of_row(row, name) if isinstance(row, Row) else row


def _of_row(row: Row, name: str) -> Mark | Rejected:
    if not row["url"]:
        return Rejected(where=f"{name} line {row.line}", reason=say("This bookmark has no address."))
    return Mark(
        href=row["url"], title=one_line(row["title"], 1_000), note=tidy(row["note"] or row["excerpt"]), tags=_tags(row["tags"], comma=True),
        folder=one_line(row["folder"]), added=moment(row["created"]), id=one_line(row["id"], 100),
    )  # fmt: skip


def _tags(text: str, *, comma: bool = False) -> tuple[str, ...]:
    """Parted by commas where there is one, else by blanks."""
    found = text.split(",") if comma or "," in text else text.split()
    return tuple(dict.fromkeys(one for tag in found[:200] if (one := one_line(tag, 200))))


def moment(text: str) -> datetime | None:
    """When it was saved, to the second, UTC; None for what is no such time."""
    text = text.strip()[:60]
    if re.fullmatch(r"\d{1,17}", text):
        number = int(text)
        return stamp(number, 1_000_000 if number > 10**14 else 1_000 if number > 10**11 else 1)
    try:
        if found := _SERVER_DATE.fullmatch(text):
            day, month, year, hour, minute, second = found[1], _MONTHS[found[2].lower()], found[3], found[4], found[5], found[6]
            ahead = timedelta(hours=int(found[8]), minutes=int(found[9])) * (1 if found[7] == "+" else -1)
            return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC) - ahead
        when = datetime.fromisoformat(text)
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, KeyError, OverflowError):
        return None
    return when if 1990 <= when.year < 2200 else None
