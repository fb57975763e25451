"""Chats written as lines of text ("12/03/24, 15:05 - Ann: Hi"), as WhatsApp and others export them.

No zone, no fixed order of day and month, and both may change within one file. What begins a message is one of a few
styles; a line in another style, such as a pasted piece of another chat, belongs to the message before it.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import IO, NamedTuple

from relationdesk.sources.chat_words import half_of_day
from relationdesk.text import MAX_TEXT

_MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
_GAP = "[ \u00a0\u202f\t]"
_DATE = (
    rf"(?P<a>\d{{1,4}})(?:(?P<sep>[-/.]){_GAP}?(?P<b>\d{{1,2}})(?P=sep){_GAP}?(?P<c>\d{{1,4}})\.?|"
    rf"[年년]{_GAP}?(?P<month>\d{{1,2}})[月월]{_GAP}?(?P<day>\d{{1,2}})[日일])"
)
_TIME = (
    rf"(?P<before>[^\W\d_][^\W\d_.]{{0,9}}(?:\.{_GAP}?[^\W\d_]{{1,3}}\.?)?{_GAP}?)?(?P<h>\d{{1,2}})(?:[:.٫]|{_GAP}?h{_GAP}?)(?P<mi>\d{{2}})(?:(?:[:.٫]|{_GAP}?min{_GAP}?)(?P<s>\d{{2}})(?:{_GAP}?s(?=\]))?)?"
    rf"(?:{_GAP}{{0,3}}(?:Uhr|ч\.|(?P<after>[^\W\d_][^\n:\d\[\]]{{0,14}}?)))?"
)
_BETWEEN = rf"[,،、]?{_GAP}?(?:(?:г|р)\.,?{_GAP}?|(?:klo|kl|um|at|u|a las|à|às|alle|om|o){_GAP}|kl\.{_GAP})?[,،]?{_GAP}{{0,2}}"
_AUTHOR = re.compile(r"([^:\n]{1,120}?)\s?:(?:[ \u00a0]|$|(?=\.$))")
_SAYS_SO = re.compile(r"[\"“”«»„]")
_HIDDEN = re.compile(f"[{_MARKS}\u200b]")
_YEAR_FIRST = re.compile("오전|오후|午前|午後")
"""Halves of the day in tongues that always write the year first, also where it has two figures (24. 1. 20. 오후 3:05)."""
_PERSIAN_1403 = date(2024, 3, 20).toordinal()
"""The first day of that year."""
_TWICE = 2
_MOST_LINES = 100_000
_LONGEST_LINE = 4 * MAX_TEXT


@cache
def _styles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Made when the first chat is looked at: they take as long as all other patterns of the sources together."""
    return (
        ("bracket", re.compile(rf"\[{_DATE}{_BETWEEN}{_TIME}{_GAP}?\]{_GAP}?")),
        ("dash", re.compile(rf"{_DATE}{_BETWEEN}{_TIME}{_GAP}?[-–]{_GAP}")),
        ("bracket", re.compile(rf"\[{_TIME}(?<=[:.٫]\d\d[:.٫]\d\d)[,،]{_GAP}?{_DATE}{_GAP}?\]{_GAP}?")),
        ("time first", re.compile(rf"{_TIME}[,،]{_GAP}?{_DATE}{_GAP}?[-–]{_GAP}")),
        ("colon", re.compile(rf"{_DATE}{_BETWEEN}{_TIME}:{_GAP}")),
    )


class When(NamedTuple):
    """A date and time as written. parts: its three numbers in their order, year: where among them the year stands (in full)."""

    parts: tuple[int, int, int]
    year: int
    dotted: bool
    hour: int
    minute: int
    second: int | None


@dataclass(slots=True, kw_only=True)
class Entry:
    """line: 1 for the first. author "" for what the phone itself says. body: with the marks of the phone in it."""

    line: int
    style: str
    when: When
    author: str
    body: str


class Header(NamedTuple):
    style: str
    when: When
    rest: str


def header(line: str) -> Header | None:
    """The beginning of a message, in any style; None for a line that goes on with the message before."""
    bare = line.lstrip("\u200e\u200f\u061c\ufeff\u202a\u202b\u202c")
    if not bare[:1].isdigit() and bare[:1] != "[":
        return None
    shown = _HIDDEN.sub("", bare[:80])
    for style, pattern in _styles():
        found = pattern.match(shown)
        if found and (when := _when(found)):
            return Header(style, when, bare[_reach(bare, found.end()) :])
    return None


def look_of(line: str, found: Header) -> str:
    """How the phone writes the beginning of a message, without what changes from one to the next: the same for chats of one phone."""
    head = _HIDDEN.sub("", line[: len(line) - len(found.rest)])
    shape = re.sub(r"[^\W\d_]+", lambda word: "A" if word[0].isupper() else "a", re.sub(r"\d+", lambda number: "y" if len(number[0]) > 2 else "n", head))
    return f"{shape.strip()} {'padded' if any(number[:1] == '0' for number in re.findall(r'[0-9]+', head)[:2]) else ''}".strip()


def _reach(bare: str, shown: int) -> int:
    """Where in the line the header ends whose visible characters were counted."""
    seen = at = 0
    while seen < shown:
        seen += not _HIDDEN.match(bare[at])
        at += 1
    return at


def _when(found: re.Match[str]) -> When | None:
    texts = (found["a"], found["b"] or found["month"], found["c"] or found["day"])
    numbers: tuple[int, ...] = tuple(map(int, texts))
    hour, minute, second = int(found["h"]), int(found["mi"]), found["s"]
    for group in ("before", "after"):
        late = half_of_day(found[group] or "")
        if late is None and group == "after" and found[group]:
            return None  # words, not a time
        if late and hour < 12:
            hour += 12
        elif late is False and hour == 12:
            hour = 0
    if hour > 23 or minute > 59 or (second and int(second) > 59):
        return None
    usual = 0 if found["month"] or _YEAR_FIRST.search((found["before"] or "") + (found["after"] or "")) else 2
    year = next((i for i in (0, 1, 2) if len(texts[i]) == 4 or numbers[i] > 31), usual)
    if len(texts[year]) < 3:
        numbers = tuple(_century(n) if i == year else n for i, n in enumerate(numbers))
    return When((numbers[0], numbers[1], numbers[2]), year, found["sep"] == ".", hour, minute, int(second) if second else None)


def _century(year: int) -> int:
    """Of two figures; above fifty they are of the Thai calendar, for nobody wrote with a telephone before 2009."""
    return 2000 + year if year <= 50 else 2500 + year


def split_author(rest: str) -> tuple[str, str]:
    """(author, body); author "" where the phone itself speaks: no colon, or quotation marks before it."""
    found = _AUTHOR.match(rest)
    if not found or _SAYS_SO.search(found[1]):
        return "", rest
    name = clean_name(found[1])
    body = rest[found.end() :]
    return (name, "" if body == "." and rest[found.end() - 1] == ":" else body) if name else ("", rest)


def clean_name(name: str) -> str:
    """A name without invisible characters, one space between words."""
    return " ".join(_HIDDEN.sub("", name).replace("\0", "").split())[:200]


class Order(NamedTuple):
    """day_first: where the year stands last; None while it has to be asked. example: a date to ask with."""

    day_first: bool | None
    example: tuple[int, int, int] | None


@dataclass(slots=True)
class Course:
    """How the dates of a file follow each other in one of their two readings."""

    last: int = 0
    back: int = 0
    """How often a date lies more than a day before the one above it."""
    far_back: int = 0
    """How often by more than a month."""

    def add(self, year: int, month: int, day: int) -> None:
        at = (year * 12 + month) * 31 + day
        self.back += at < self.last - 1
        self.far_back += at < self.last - 31
        self.last = at


@dataclass(slots=True)
class Dates:
    """What the dates of a file prove about their order. Only where the year stands last there is anything to prove."""

    over_first: int = 0
    over_second: int = 0
    dotted: int = 0
    example: tuple[int, int, int] | None = None
    as_day_first: Course = field(default_factory=Course)
    as_month_first: Course = field(default_factory=Course)

    def add(self, when: When) -> None:
        if when.year == 0:
            return
        one, two = (when.parts[i] for i in (0, 1, 2) if i != when.year)
        year = when.parts[when.year]
        if one > 12 and two > 12:
            return
        self.over_first += one > 12
        self.over_second += two > 12
        self.dotted += when.dotted
        if one <= 12 and two <= 12:
            if one != two and self.example is None:
                self.example = (one, two, year)
            self.as_day_first.add(year, two, one)
            self.as_month_first.add(year, one, two)

    @property
    def year_first(self) -> bool:
        """True where every date begins with its year."""
        return not (self.over_first or self.over_second or self.as_day_first.last)

    def order(self, *, in_time: bool = False) -> Order:
        """in_time: they stand in the order of time, so that the reading in which time runs on is proven where the other goes back by months,
        more than once: one message may be late."""
        if self.example is None or bool(self.over_first) != bool(self.over_second):
            return Order(self.over_first >= self.over_second, None)
        if self.dotted and not self.over_second:  # no language writes month.day.year
            return Order(True, None)
        if in_time and not self.over_first:
            for course, other, day_first in ((self.as_day_first, self.as_month_first, True), (self.as_month_first, self.as_day_first, False)):
                if not course.back and other.far_back >= _TWICE:
                    return Order(day_first, None)
        return Order(None, self.example)


def date_of(when: When, *, day_first: bool) -> tuple[int, int, int]:
    """(year, month, day); a month above twelve is the day."""
    rest = [when.parts[i] for i in (0, 1, 2) if i != when.year]
    year = when.parts[when.year]
    if 2500 <= year < 2700:  # the Thai calendar
        year -= 543
    month, day = rest if when.year == 0 or not day_first else rest[::-1]
    if month > 12:
        month, day = day, month
    return _from_persian(year, month, day) if 1380 <= year < 1480 else (year, month, day)


def _from_persian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Persian calendar, by its cycle of 33 years, which holds from 1343 to 1502; what is in no calendar stays as it is."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return year, month, day
    found = date.fromordinal(_PERSIAN_1403 + _persian_days(year) - _persian_days(1403) + 31 * (month - 1) - max(0, month - 7) + day - 1)
    return found.year, found.month, found.day


def _persian_days(year: int) -> int:
    """Before its first day, counted from anywhere."""
    cycles, rest = divmod(year + 1595, 33)
    return 365 * year + 8 * cycles + (rest + 3) // 4


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines without their ends, each at most some millions of characters. UTF-8, UTF-16 with its mark, else Windows-1252."""
    start = stream.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        name = "utf-16-le" if start == codecs.BOM_UTF16_LE else "utf-16-be"
        with io.TextIOWrapper(stream, encoding=name, errors="replace", newline="\n") as text:
            while line := text.readline(_LONGEST_LINE):
                yield line.rstrip("\r\n")
        return
    while line_bytes := stream.readline(_LONGEST_LINE):
        if start:
            line_bytes, start = start + line_bytes, b""
        try:
            yield line_bytes.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            yield line_bytes.decode("cp1252", "replace").rstrip("\r\n")
    if start:
        yield start.decode("utf-8", "replace")


def styles_of(found: Counter[str]) -> frozenset[str]:
    """Those that begin messages in this file; a style of a few lines is a piece of another chat, pasted into a message."""
    most = max(found.values(), default=0)
    return frozenset(style for style, count in found.items() if count * 3 >= most)


def entries(stream: IO[bytes], styles: Collection[str]) -> Iterator[Entry]:
    """The messages in the order of the file; what stands before the first one is left out."""
    entry: Entry | None = None
    more: list[str] = []
    size = 0
    for number, line in enumerate(lines(stream), start=1):
        begin = header(line)
        if begin is None or begin.style not in styles:
            if entry is not None and len(more) < _MOST_LINES and size < MAX_TEXT:
                more.append(line)
                size += len(line) + 1
            continue
        if entry is not None:
            entry.body = "\n".join((entry.body, *more))
            yield entry
        author, body = split_author(begin.rest)
        entry, more, size = Entry(line=number, style=begin.style, when=begin.when, author=author, body=body), [], len(body)
    if entry is not None:
        entry.body = "\n".join((entry.body, *more))
        yield entry
