"""Bookmarks as browsers write them: tag soup of 1994 that is scanned for its few marks, as a stream. No tree is built.

Only an <A> outside a note is a bookmark; a <DD> is the note of the bookmark before it and ends at the next mark of a list.
The same scanner reads the <post …/> lines that Delicious and Pinboard give as XML: nothing in them is ever expanded.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from relationdesk.text import MAX_TEXT

_CHUNK = 64 * 1024
_MOST_TAG = 1024 * 1024
"""Characters of one tag; an icon in a bookmark has some thousands."""
_MOST_TITLE = 20_000
_DEEPEST = 40
_TAGS = r"(/?)(a|dd|dt|dl|h1|h3|title|posts?)(?=[\s/>])"
_MARK = re.compile(rf"<(?:!--|{_TAGS})", re.IGNORECASE)
_TAG = re.compile(rf"<{_TAGS}", re.IGNORECASE)
_LONGEST_MARK = 8
_REST_OF_TAG = re.compile(r"(?:=\s*\"[^\"]*\"|=\s*'[^']*'|[^<>])*+")
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]{1,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))")
_ANY_TAG = re.compile(r"<[^<>]{0,4000}>")


class Token(NamedTuple):
    """A tag ("a", "/a"; text is what stands in it), or a piece of text (name "")."""

    name: str
    text: str


@dataclass(slots=True)
class Saved:
    """One bookmark as it is written. attributes: names in small letters, values without escapes."""

    attributes: Mapping[str, str]
    folder: str = ""
    title: str = ""
    note: str = ""


@dataclass(slots=True)
class _Folders:
    """Which folder is open. A <DL> belongs to the <H3> before it, if there was one."""

    lists: list[str] = field(default_factory=list)
    named: str = ""

    @property
    def path(self) -> str:
        return "/".join(filter(None, self.lists))

    def open(self) -> None:
        if len(self.lists) < _DEEPEST:
            self.lists.append(self.named)
        self.named = ""

    def close(self) -> None:
        if self.lists:
            self.lists.pop()


def _ansi(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 was written by an old browser in its own code page."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("relationdesk.ansi", _ansi)


def attributes_of(tag: str) -> dict[str, str]:
    """What stands in a tag, by names in small letters; of two equal names the first counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag):
        found.setdefault(match[1].lower(), html.unescape(match[2] or match[3] or match[4] or ""))
    return found


def plain(text: str) -> str:
    """Text without tags and escapes; its lines stay."""
    return html.unescape(_ANY_TAG.sub("", text))


def tokens(stream: IO[bytes]) -> Iterator[Token]:
    """The tags that matter and the text between them, in pieces."""
    start = stream.read(_CHUNK)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("replace" if wide else "relationdesk.ansi")
    text, at, ended = decoder.decode(start), 0, not start
    mark = _MARK
    while True:
        found = mark.search(text, at)
        if found is None:
            keep = len(text) if ended else max(at, len(text) - _LONGEST_MARK)
            if keep > at:
                yield Token("", text[at:keep])
            if ended:
                return
            text, at = text[keep:], 0
        else:
            if found.start() > at:
                yield Token("", text[at : found.start()])
            at = found.start()
            end, never = _end_of(text, found)
            if end:
                if found[2]:
                    yield Token(f"{found[1]}{found[2].lower()}", text[found.end() : end - 1])
                at = end
                continue
            if ended or len(text) - at > (_MOST_TAG if found[2] and not never else _CHUNK):  # it never ends: no tag
                mark = mark if found[2] else _TAG  # nor will another comment, and to look for each end would take for ever
                at = found.end()
                continue
            text, at = text[at:], 0
        data = stream.read(max(_CHUNK, len(text)))
        ended = not data
        text += decoder.decode(data, final=ended)


def _end_of(text: str, found: re.Match[str]) -> tuple[int, bool]:
    """Where the tag or comment ends, 0 if its end is not here yet; and whether another tag begins before it."""
    if not found[2]:
        return text.find("-->", found.end()) + 3 if text.find("-->", found.end()) >= 0 else 0, False
    rest = _REST_OF_TAG.match(text, found.end())
    end = rest.end() if rest else found.end()
    if text[end : end + 1] == ">":
        return end + 1, False
    return 0, end < len(text)


def saved(stream: IO[bytes]) -> Iterator[Saved]:
    """Every bookmark with its folder and note, in order."""
    folders = _Folders()
    last: Saved | None = None
    into, pieces, size = "", [], 0  # what the text that comes belongs to: "a", "dd", "h3" or nothing
    for name, text in tokens(stream):
        if not name:
            if into and size < (MAX_TEXT if into == "dd" else _MOST_TITLE):
                pieces.append(text)
                size += len(text)
            continue
        if into == "dd" and name in ("a", "/a"):
            continue  # a link inside a note
        words = plain("".join(pieces)) if into else ""
        if into == "h3":
            folders.named = re.sub(r"\s+", " ", words).strip().replace("/", "\u2215")[:200]
        elif last is not None and into:
            last.title, last.note = (words, last.note) if into == "a" else (last.title, words)
        into, pieces, size = "", [], 0
        if name in ("a", "h3", "dl", "/dl", "post", "dt") and last is not None:
            yield last
            last = None
        if name in ("a", "post"):
            attributes = attributes_of(text)
            last = Saved(attributes=attributes, folder=folders.path) if attributes.get("href") else None
        elif name == "dl":
            folders.open()
        elif name == "/dl":
            folders.close()
        if name in ("a", "h3") or (name == "dd" and last is not None):
            into = name
    if last is not None:
        if into in ("a", "dd"):
            words = plain("".join(pieces))
            last.title, last.note = (words, last.note) if into == "a" else (last.title, words)
        yield last
