"""One WhatsApp chat: which file it is, what its lines show before it is read, and what a message says.

Two phones export the same chat differently (order of the date, seconds, marks, words for media); what is made of it here
is the same, so that the second export adds nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from relationdesk.sources.chat_lines import Dates, Entry, header, lines, look_of, split_author, styles_of
from relationdesk.sources.chat_words import (
    call_in,
    group_made,
    is_content,
    is_deleted,
    is_deleted_by_me,
    media_in,
    title_in,
    without_edit_mark,
)
from relationdesk.sources.container import Container
from relationdesk.sources.member_names import plain_stem
from relationdesk.text import one_line, tidy

_MOST_NAMES = 2_000
_LOOKED_AT = 200
"""Lines at the beginning that show whether a file is a chat."""
_MOST_FILES = 500
LEFT_OUT = "left out of the export"
_SENT = re.compile(r"\d{8}-")
"""How an iPhone begins the names of what was sent in a chat."""
_TAIL = re.compile(r"[ ]?\u200e?<(?:attached|angehängt|adjunto|pièce jointe|anexado|allegato|bijgevoegd|прикреплено|ekli)\s?:\s?([^<>\n]{1,200})>\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a message says. attached: a file's name or that it was left out. call: how long, "" for no answer, None: no call."""

    text: str
    attached: str = ""
    edited: bool = False
    call: str | None = None
    deleted: bool = False

    @property
    def mark(self) -> str:
        """The same for the same message, whichever phone wrote it down."""
        words = unicodedata.normalize("NFC", self.text).rstrip(".")
        return f"{'media' if self.attached else 'call' if self.call is not None else ''}\0{words}"


def said(entry: Entry) -> Said | None:
    """What an entry with an author says; None where the phone speaks in somebody's name ("Ann: added Bob", on iOS)."""
    marked = entry.style == "bracket" and entry.body.startswith("\u200e")
    body, edited = without_edit_mark(entry.body)
    plain = tidy(body.replace("\u200e", "").replace("\u200f", ""))
    if is_deleted(plain):
        return Said(text="", deleted=True)
    call = call_in(plain) if "\n" not in plain and (marked or entry.style != "bracket") else None
    if call is not None:
        return Said(text=plain, call=call)
    text, attached = _apart(body, marked)
    if marked and not attached and not is_content(plain):
        return None
    return Said(text=tidy(text.replace("\u200e", "")), attached=attached, edited=edited)


def _apart(body: str, marked: bool) -> tuple[str, str]:
    """The words, and the file that went with them."""
    first, _, rest = body.partition("\n")
    if (media := media_in(first, marked=marked)) is not None:
        return rest, LEFT_OUT if media == "media" else media
    if found := _TAIL.search(body, max(0, len(body) - 300)):
        return body[: found.start()], found[1].strip()
    return body, ""


@dataclass(slots=True)
class _Seen:
    """What the lines of one style show. look: how those are written whose date can be read in two ways, "" without any."""

    dates: Dates = field(default_factory=Dates)
    look: str = ""
    authors: Counter[str] = field(default_factory=Counter)


class Style(NamedTuple):
    """What the lines of one style show of the order of their dates. look: as `look_of`, example: a date to ask with."""

    day_first: bool | None
    example: tuple[int, int, int] | None
    look: str
    year_first: bool


@dataclass(slots=True, kw_only=True)
class Chat:
    """What one file shows before it is read. title: the name it bears, "" for none. made: the group's first name. styles: those that begin
    its messages."""

    member: str
    title: str
    size: int
    styles: dict[str, Style] = field(default_factory=dict)
    authors: Counter[str] = field(default_factory=Counter)
    made: str = ""
    speaks: str = ""  # in whose name the phone speaks first: the chat's own title, on iOS
    took_back: str = ""  # who "You deleted this message" stands beside
    first: str = ""

    def open_styles(self) -> Iterator[Style]:
        """Those whose order of day and month has to be asked."""
        return (style for style in self.styles.values() if style.day_first is None)

    @property
    def name(self) -> str:
        return self.title or self.speaks or self.made

    def identity(self, me: str) -> tuple[str, str]:
        """(a name for the chat that another export of it gets too, the other's name if it is one to one, else "")."""
        others = [name for name in self.authors if name != me]
        title = self.title or self.speaks
        if self.made or len(self.authors) > 2 or len(others) > 1:
            return f"group:{self.made or title or self.first}", ""
        if len(others) == 1 and (not title or title in (others[0], me)):
            return f"with:{others[0]}", others[0]
        if title and not others:
            return f"with:{title}", title
        return f"group:{title or self.first}", ""


def survey(stream: IO[bytes], member: str, title: str, size: int) -> Chat:
    """Read a chat through once, keeping counts only."""
    chat = Chat(member=member, title=title, size=size)
    styles: Counter[str] = Counter()
    seen: dict[str, _Seen] = {}
    for number, line in enumerate(lines(stream), start=1):
        begin = header(line)
        if begin is None:
            continue
        styles[begin.style] += 1
        one = seen.setdefault(begin.style, _Seen())
        one.dates.add(begin.when)
        if one.dates.example and not one.look:
            one.look = look_of(line, begin)
        author, body = split_author(begin.rest)
        chat.first = chat.first or f"{begin.when.parts}{begin.when.hour}:{begin.when.minute}{author}"
        if not chat.made and (not author or body.startswith("\u200e")):
            chat.made = one_line(group_made(begin.rest if not author else body))
        if not author:
            continue
        what = said(Entry(line=number, style=begin.style, when=begin.when, author=author, body=body))
        if what is None:
            chat.speaks = chat.speaks or author
        elif author in one.authors or len(one.authors) < _MOST_NAMES:
            one.authors[author] += 1
            if what.deleted and is_deleted_by_me(body.strip("\u200e\u200f ")):
                chat.took_back = author
    for style in sorted(styles_of(styles)):
        chat.styles[style] = Style(*seen[style].dates.order(in_time=True), seen[style].look, seen[style].dates.year_first)
        chat.authors.update(seen[style].authors)
    return chat


def looks_like_chat(stream: IO[bytes]) -> bool:
    """True if the file begins with a line of the phone's or an author's, and somebody speaks in its first lines."""
    begun = authored = 0
    for number, line in enumerate(lines(stream)):
        begin = header(line)
        if begin is None and not begun and line.strip():
            return False
        if begin is not None:
            begun += 1
            authored += bool(split_author(begin.rest)[0])
        if authored > 1 or number > _LOOKED_AT:
            break
    return authored > 0


def members(box: Container) -> Iterator[tuple[str, str]]:
    """(member, title) of every chat. In a folder with a file that bears the name of a chat, other texts are attachments; in a zip beside the
    chat that it is the export of, so are other chats: somebody sent them."""
    if box.single:
        (name,) = box.names()
        yield name, title_in(name) or _above(box.path.resolve().parent.name, name)
        return
    folders: dict[str, list[str]] = {}
    for name in box.names():
        if name.casefold().endswith(".txt"):
            folders.setdefault(str(PurePosixPath(name).parent), []).append(name)
    count = 0
    for folder, names in sorted(folders.items()):
        own = [name for name in names if _is_own(name, box.path.name)] if box.path.is_file() else []
        for name in own or [name for name in names if _is_chat_name(name)] or names:
            count += 1
            if count > _MOST_FILES:
                return
            above = PurePosixPath(folder).name if folder != "." else Path(box.top).name or box.path.name
            yield name, title_in(PurePosixPath(name).name) or _above(above, name) or _above(box.path.name, name)


def _above(folder: str, name: str) -> str:
    """ "_chat.txt" has its title from the folder or zip around it."""
    return title_in(folder) if PurePosixPath(name).name.casefold().startswith("_chat") else ""


def _is_own(name: str, export: str) -> bool:
    plain = PurePosixPath(name).name
    return plain.casefold().startswith("_chat") or plain_stem(plain) == plain_stem(export)


def _is_chat_name(name: str) -> bool:
    plain = PurePosixPath(name).name.casefold()
    if _SENT.match(plain):
        return False
    return plain.startswith("_chat") or "whatsapp" in plain or bool(title_in(plain))
