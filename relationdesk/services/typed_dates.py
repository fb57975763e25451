"""A date as the user types it, and how exactly they know it: what is not typed is not known, and nothing is made up.

"2026-11-20", "20.11.2026", "20 November 2026", "November 2026", "2026", with a time ("2026-11-20 10:12" or 10:12:33), "today 9:30",
"yesterday", "unknown". What could be two dates ("1/2/2026") is refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from relationdesk.errors import UserMistake
from relationdesk.model import Precision
from relationdesk.saying import say
from relationdesk.text import fold

EXAMPLE = "2026-11-20"
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan januar", "february feb februar", "march mar marz maerz", "april apr", "may mai", "june jun juni", "july jul juli",
         "august aug", "september sep sept", "october oct oktober okt", "november nov", "december dec dezember dez"), 1
    )
    for name in names.split()
}  # fmt: skip
_UNKNOWN = frozenset({"unknown", "not known", "unbekannt", "?", "-"})
_TIME = re.compile(r"(?:^|[\s,T]+|\bat\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|UTC)?$", re.IGNORECASE)

Known = tuple[datetime | None, Precision]


def typed_date(text: str, now: datetime) -> Known:
    """The moment (aware UTC; for a date without a time midnight UTC of its beginning) and its precision; (None, UNKNOWN) for "unknown".

    Times are of the user's own zone. Raises UserMistake for what is no date, could be two, or is none in the calendar.
    """
    typed = text.strip()
    if typed.casefold() in _UNKNOWN:
        return None, Precision.UNKNOWN
    clock = _TIME.search(typed)
    day = typed[: clock.start()].strip(" ,") if clock else typed
    parts = _parts(day, now)
    if parts is None or (clock is not None and len(parts) < 3):
        raise UserMistake(
            say("“{typed}” is not a date like 2026-11-20, 2026-11, 2026 or 2026-11-20 10:12. Nothing was kept. Type “unknown” if you do not know it.", typed=typed[:60])
        )
    try:
        year, month, date = (*parts, 1, 1)[:3]
        if clock is None:
            moment = datetime(year, month, date, tzinfo=UTC)
            return moment, {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}[len(parts)]
        hour, minute, second, zone = clock.groups()
        wall = datetime(year, month, date, int(hour), int(minute), int(second or 0))
        moment = wall.replace(tzinfo=UTC) if zone else wall.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as e:
        raise UserMistake(say("“{typed}” is no day in the calendar, or no time. Nothing was kept. Correct it.", typed=typed[:60])) from e
    return moment, Precision.SECOND if second else Precision.MINUTE


def _parts(text: str, now: datetime) -> tuple[int, ...] | None:
    """(year), (year, month) or (year, month, day); None for none. Raises UserMistake for what could be two dates."""
    low = text.casefold().strip()
    today = now.astimezone().date()
    if low in ("today", "heute", "now", ""):
        return (today.year, today.month, today.day) if low else None
    if low in ("yesterday", "gestern"):
        before = today - timedelta(days=1)
        return before.year, before.month, before.day
    if found := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", low):
        return tuple(int(part) for part in found.groups() if part)
    if found := re.fullmatch(r"(?:(\d{1,2})\.\s?)?(\d{1,2})\.\s?(\d{4})", low):
        day, month, year = found.groups()
        return (int(year), int(month), int(day)) if day else (int(year), int(month))
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", low):
        one, two, year = (int(part) for part in found.groups())
        if one <= 12 and two <= 12 and one != two:
            raise UserMistake(say("“{text}” could be two dates. Nothing was kept. Type it as 2026-11-20.", text=text[:40]))
        return (year, two, one) if one > 12 else (year, one, two)
    return _in_words(text)


def _in_words(text: str) -> tuple[int, ...] | None:
    """ "20 November 2026", "Nov 20, 2026", "November 2026", with or without the day of the week."""
    words = fold(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text, flags=re.IGNORECASE)).split()
    months = [MONTHS[word] for word in words if word in MONTHS]
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    days = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(words) > 5:
        return None
    return (years[0], months[0], *days)


def past_day(text: str, now: datetime) -> date | None:
    """A day on which something was said: as `typed_date` reads it, and "3 March" is the last one that has been. None for what is known less exactly, or not at all.
    Raises UserMistake as `typed_date`."""
    today, words = now.astimezone().date(), fold(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text, flags=re.IGNORECASE)).split()
    months, days = [MONTHS[word] for word in words if word in MONTHS], [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
    if (len(words), len(months), len(days)) == (2, 1, 1):
        for year in range(today.year, today.year - 9, -1):  # of a 29 February eight years may lie between two
            if 1 <= days[0] <= monthrange(year, months[0])[1] and date(year, months[0], days[0]) <= today:
                return date(year, months[0], days[0])
    moment, precision = typed_date(text, now)
    return moment.date() if moment is not None and precision is Precision.DAY else None


def typed_days(text: str, now: datetime) -> tuple[date, date]:
    """The first and the last day of what is typed: the same for a day, all of it for a month or a year. Raises UserMistake as `typed_date`."""
    at, precision = typed_date(text, now)
    if at is None:
        raise UserMistake(say("“{text}” is no day. Nothing was kept. Leave the field empty if you do not know it.", text=text.strip()[:60]))
    first = at.astimezone().date() if precision in (Precision.SECOND, Precision.MINUTE) else at.date()
    if precision is Precision.YEAR:
        return first, first.replace(month=12, day=31)
    if precision is Precision.MONTH:
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return first, first
