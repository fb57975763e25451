"""What a note promises: ">me send sheet fri", ">them the contract by 3 Dec". Pure: from words to follow-ups, `today` is given.

A day is understood where it stands at the end of the words (or at their beginning): a weekday, "tomorrow", "in 3 days", "next week",
2026-12-03, 3.12., "3 December", each with a time if wished. What could be two days stays in the words, and the follow-up has no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from relationdesk.errors import UserMistake
from relationdesk.model import Precision
from relationdesk.saying import say
from relationdesk.services.typed_dates import MONTHS, typed_date
from relationdesk.text import fold

MOST = 50
"""So many of one note become follow-ups."""
_MARK = re.compile(r"(?:^|(?<=\s))>\s?(me|them|ich|mir|sie|ihr)\b[:,]?[^\S\n]+", re.IGNORECASE)
_MINE = frozenset({"me", "ich", "mir"})
_TIME = re.compile(r"(?:\b(?:at|um)\s+)?\b(\d{1,2}):(\d{2})(?:\s*(?:uhr|h))?$", re.IGNORECASE)
_BEFORE = frozenset("by on until till due at before next this the of bis am ab vor spatestens nachsten nachste nachster".split())
_WEEKDAYS = {
    name: n
    for n, names in enumerate(
        ("monday mon montag mo", "tuesday tue tues dienstag di", "wednesday wed mittwoch mi", "thursday thu thur thurs donnerstag do",
         "friday fri freitag fr", "saturday sat samstag sonnabend sa", "sunday sun sonntag so")
    )
    for name in names.split()
}  # fmt: skip
_SHORT = frozenset("mo di mi do fr sa so".split())
"""Names of days that are words as well: they count only with a capital, or a "by" before them."""
_UNITS = {"day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1, "week": 7, "weeks": 7, "woche": 7, "wochen": 7}
_NUMBERS = {"a": 1, "one": 1, "einem": 1, "einer": 1, "two": 2, "zwei": 2, "three": 3, "drei": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One follow-up of a note. line: the words as they stand there. mine: the user promised it. at: minute of the day, None all day."""

    line: str
    text: str
    mine: bool
    due: date | None = None
    at: int | None = None


def promises(text: str, today: date) -> tuple[Promise, ...]:
    """In the order in which they stand."""
    return tuple(_found(text, today))[:MOST]


def _found(text: str, today: date) -> Iterator[Promise]:
    for line in text.splitlines():
        marks = list(_MARK.finditer(line))
        for n, mark in enumerate(marks):
            words = line[mark.end() : marks[n + 1].start() if n + 1 < len(marks) else len(line)].strip(" \t.;,")
            if words:
                said, due, at = split_day(words, today)
                yield Promise(line=f">{mark[1].casefold()} {words}", text=said, mine=mark[1].casefold() in _MINE, due=due, at=at)


def split_day(words: str, today: date) -> tuple[str, date | None, int | None]:
    """(the words without their day, the day, minute of that day); the words as they are where no day is understood."""
    rest, at = _without_time(words.strip())
    parts = rest.split()
    for size in range(min(5, len(parts)), 0, -1):
        for head, tail, is_end in ((parts[:-size], parts[-size:], True), (parts[size:], parts[:size], False)):
            due = _day(" ".join(tail), today)
            if due is not None:
                while is_end and head and fold(head[-1]) in _BEFORE:
                    head = head[:-1]
                return " ".join(head).strip(" ,;-–") or words.strip(), due, at
    return words.strip(), None, None


def day_typed(text: str, today: date) -> date:
    """A day that was asked for. Raises UserMistake for what is none, or could be two."""
    due = _day(text.strip(), today)
    if due is None:
        raise UserMistake(say("“{text}” is not a day like fri, tomorrow, 2026-12-03 or 3 December. Nothing was changed.", text=text.strip()[:60]))
    return due


def minute_typed(text: str) -> int:
    """Minute of the day of "9:30". Raises UserMistake."""
    matched = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if matched is None or int(matched[1]) > 23 or int(matched[2]) > 59:
        raise UserMistake(say("“{text}” is not a time like 9:30. Nothing was changed.", text=text.strip()[:60]))
    return int(matched[1]) * 60 + int(matched[2])


def _without_time(words: str) -> tuple[str, int | None]:
    clock = _TIME.search(words)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59 or not words[: clock.start()].strip():
        return words, None
    return words[: clock.start()].strip(), int(clock[1]) * 60 + int(clock[2])


def _day(text: str, today: date) -> date | None:
    words = fold(text).split()
    bare = [word for n, word in enumerate(words) if not (word in _BEFORE and n < len(words) - 1)]
    if not bare:
        return None
    said = " ".join(bare)
    if said in ("today", "tonight", "heute"):
        return today
    if said in ("tomorrow", "tmrw", "morgen"):
        return today + timedelta(days=1)
    if said in ("day after tomorrow", "ubermorgen"):
        return today + timedelta(days=2)
    if said in ("week", "woche") and len(words) > 1 and words[0] in ("next", "nachste"):
        return today + timedelta(days=7 - today.weekday())
    if len(bare) == 1 and bare[0] in _WEEKDAYS:
        if bare[0] in _SHORT and len(words) == 1 and not text[:1].isupper():
            return None
        return today + timedelta(days=(_WEEKDAYS[bare[0]] - today.weekday() - 1) % 7 + 1)
    if len(bare) == 3 and bare[0] == "in" and bare[2] in _UNITS and (bare[1].isdecimal() or bare[1] in _NUMBERS):
        n = _NUMBERS.get(bare[1]) or int(bare[1][:4])
        return today + timedelta(days=n * _UNITS[bare[2]])
    return _written(_trimmed(text), today)


def _trimmed(text: str) -> str:
    parts = text.split()
    while len(parts) > 1 and fold(parts[0]) in _BEFORE:
        parts = parts[1:]
    return " ".join(parts)


def _written(text: str, today: date) -> date | None:
    """A day with or without its year; without one, the next such day."""
    now = datetime.combine(today, time(12)).astimezone()
    if matched := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.?", text):
        return _next(today, int(matched[2]), int(matched[1]))
    words = fold(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text, flags=re.IGNORECASE)).split()
    months, days = [MONTHS[w] for w in words if w in MONTHS], [int(w) for w in words if re.fullmatch(r"\d{1,2}", w)]
    if len(words) == 2 and len(months) == 1 and len(days) == 1:
        return _next(today, months[0], days[0])
    if not re.search(r"\d{4}", text):
        return None
    try:
        found, precision = typed_date(text, now)
    except UserMistake:
        return None
    return found.date() if found is not None and precision is Precision.DAY else None


def _next(today: date, month: int, day: int) -> date | None:
    for year in range(today.year, today.year + 9):  # 29 February
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
