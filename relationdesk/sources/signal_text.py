"""Chats as the program signal-export writes them: "[2019-05-29, 15:04] Ann: Hi" in <chat>/chat.md, the owner as "Me"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import PurePosixPath

from relationdesk.model import (
    Activity,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Progress,
    Rejected,
    pairs,
)
from relationdesk.saying import counted
from relationdesk.sources.chat_lines import (
    Entry,
    clean_name,
    date_of,
    entries,
    header,
    lines,
    split_author,
)
from relationdesk.sources.chats import Told, towards, wall_clock
from relationdesk.sources.container import Container
from relationdesk.sources.seen import Seen
from relationdesk.text import one_line, tidy

PLACE = "signal"
ME = "Me"
NO_SENDER = "No-Sender"
"""What the program writes before notices of Signal itself."""
_ME = Key(PLACE, "me")
_BRACKET = frozenset({"bracket"})
_MOST_FILES = 2_000
_MOST_NAMES = 1_000
_LOOKED_AT = 400


def text_members(box: Container) -> list[str]:
    if box.single:
        return list(box.names())
    return [name for name in box.names() if name.casefold().endswith((".md", ".txt"))][:_MOST_FILES]


def looks_like_signal_text(box: Container, member: str) -> bool:
    """Dates that begin with the year, in brackets, and somebody called "Me"; nothing else stands at the beginning."""
    mine = False
    with box.open(member) as stream:
        for number, line in enumerate(islice(lines(stream), _LOOKED_AT)):
            begin = header(line)
            if begin is None:
                if number == 0 and line.strip():
                    return False
                continue
            if begin.style != "bracket" or begin.when.year != 0:
                return False
            mine = mine or split_author(begin.rest)[0] == ME
    return mine


def text_facts(box: Container, members: list[str]) -> Iterator[Fact | Progress]:
    total, done = sum(box.size(name) for name in members), 0
    yield Profile(key=_ME, is_owner=True)
    for member in members:
        yield from _chat(box, member, clean_name(_title(box, PurePosixPath(member))))
        done += box.size(member)
        yield Progress(done=done, total=total)


def _title(box: Container, member: PurePosixPath) -> str:
    """chat.md has its title from the folder around it, any other text from its own name."""
    if member.stem.casefold() not in ("chat", "index"):
        return member.stem
    above = box.path.resolve().parent.name if box.single else PurePosixPath(box.top).name or box.path.stem
    return member.parent.name or above


def _chat(box: Container, member: str, title: str) -> Iterator[Fact]:
    names: dict[str, None] = {}
    with box.open(member) as stream:
        for entry in entries(stream, _BRACKET):
            if entry.author and entry.author not in (ME, NO_SENDER) and len(names) < _MOST_NAMES:
                names[entry.author] = None
    group = len(names) > 1 or (len(names) == 1 and title not in names)
    thread = f"text:{title}"
    told, seen = Told(), Seen()
    people = {name: Key(PLACE, f"{thread}/{name}") for name in (names or {title: None})}
    oldest: datetime | None = None
    newest: datetime | None = None
    for name, key in people.items():
        yield from told.tell(Profile(key=key, display_name=one_line(name), known=not group))
    left_out = 0
    with box.open(member) as stream:
        for entry in entries(stream, _BRACKET):
            moment = _moment(entry)
            actor = _ME if entry.author == ME else people.get(entry.author)
            if actor is None or moment is None:
                left_out += 1
                continue
            text = tidy(entry.body)
            native = hashlib.sha1("\0".join((thread, moment.isoformat(), entry.author, text)).encode("utf-8", "replace")).hexdigest()
            times = seen.count(native)
            oldest, newest = min(oldest or moment, moment), max(newest or moment, moment)
            yield Activity(
                key=Key(PLACE, f"text:{native}" if times == 1 else f"text:{native}:{times}"), actor=actor, kind=Kind.MESSAGE, published=moment,
                precision=Precision.MINUTE if entry.when.second is None else Precision.SECOND, text=text, thread=one_line(thread),
                audience=Audience.PRIVATE, participants=towards(actor, (_ME, *people.values())),
                extra=pairs(conversation=one_line(title) if group else "", zone="unknown"),
            )  # fmt: skip
    if left_out:
        yield Rejected(where=member, reason=counted(left_out, "{n} line without a sender or a date left out.", "{n} lines without a sender or a date left out."))
    if not group and oldest and newest:
        yield Coverage(place=PLACE, profile=next(iter(people.values())), since=oldest, until=newest)


def _moment(entry: Entry) -> datetime | None:
    year, month, day = date_of(entry.when, day_first=False)
    return wall_clock(year, month, day, entry.when.hour, entry.when.minute, entry.when.second or 0)
