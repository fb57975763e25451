"""Dates in the cells of foreign tables: with or without a zone, and with an order of day and month that may have to be asked, as has the
day from which a spreadsheet counted.

A time without a zone is the clock of whoever exported the table: it is taken in the zone of this computer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from relationdesk.model import Precision
from relationdesk.saying import say
from relationdesk.sources.base import Ask
from relationdesk.sources.chat_lines import Dates, Order, When
from relationdesk.sources.chat_words import half_of_day
from relationdesk.sources.chats import wall_clock
from relationdesk.sources.linkedin_words import when as in_words

ORDER: Final = "date_order"
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
DAYS: Final = "days_from"
FROM_1900, FROM_1904 = 1900, 1904
"""Two ways in which spreadsheets count days; the second is that of old ones on a Mac. Both are in use, and no number tells which it is."""
ROWS_LOOKED_AT = 20_000
_MONTHS = "January February March April May June July August September October November December".split()
_LONGEST = 60  # characters of a date
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d\d:\d\d)")
_NUMBERS = re.compile(r"\s*(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[./年년]\s?(\d{1,2})\s?[./月월]\s?(\d{1,2})\s?[.日일]?(?!\d)")
"""2024.03.04 and 2024. 3. 4., as in Hungary, China and Korea."""
_CLOCK = re.compile(r"(?:([^\d\s].{0,12}?)\s*)?(\d{1,2})[:.h](\d\d)(?:[:.](\d\d))?\s*([^\d\s].{0,12})?")
_COUNTED = re.compile(r"(\d{5})(?:[.,](\d{1,15}))?")
"""A date as the number of its day, the time of day behind the point: 44927.5."""
_BEGINNING = {FROM_1900: datetime(1899, 12, 30, tzinfo=UTC), FROM_1904: datetime(1904, 1, 1, tzinfo=UTC)}
_ZONED = re.compile(r"(?:UTC|GMT|Z)$")
_EXACT = frozenset({Precision.SECOND, Precision.MINUTE})


class Moment(NamedTuple):
    """As in `Activity`: aware UTC, or None with UNKNOWN."""

    published: datetime | None
    precision: Precision


UNKNOWN: Final = Moment(None, Precision.UNKNOWN)


def numbers_of(text: str) -> When | None:
    """The numbers of a date whose order is open (3/4/2024), without its time; None for any other date."""
    found = _NUMBERS.match(text[:_LONGEST])
    if found is None:
        return None
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    return When((int(found[1]), int(found[3]), year), 2, found[2] == ".", 0, 0, None)


def order_of(texts: Iterable[str]) -> Order:
    """What these dates show about their order; day_first None while it has to be asked."""
    dates = Dates()
    for text in texts:
        if (numbers := numbers_of(text)) is not None:
            dates.add(numbers)
    return dates.order()


def order_ask(example: tuple[int, int, int]) -> Ask:
    """Which of its two numbers is the day, asked with one of the dates."""
    one, two, year = example
    return Ask(
        name=ORDER, question=say("Which day does {one}/{two}/{year} mean in this table? Its dates can be read in two ways.", one=one, two=two, year=year),
        choices=((DAY_FIRST, f"{one} {_MONTHS[two - 1]} {year}"), (MONTH_FIRST, f"{two} {_MONTHS[one - 1]} {year}")),
    )  # fmt: skip


def at_number(text: str, days_from: int = FROM_1900) -> tuple[datetime, Precision] | None:
    """The clock that a number of days shows, given as UTC; None for any other text. days_from: FROM_1900 or FROM_1904."""
    found = _COUNTED.fullmatch(text.strip()[:_LONGEST])
    if found is None:
        return None
    at = _BEGINNING[days_from] + timedelta(seconds=round(float(f"{found[1]}.{found[2] or 0}") * 86_400))
    return at, Precision.SECOND if at.second else Precision.MINUTE if at.hour or at.minute else Precision.DAY


def counted_example(texts: Iterable[str]) -> str:
    """The first of these cells that is a number of days, "" if none is."""
    return next((text.strip() for text in texts if at_number(text)), "")


def days_ask(example: str) -> Ask:
    """From when its days are counted, asked with one of them."""
    return Ask(
        name=DAYS, question=say("Which day does {number} mean in this table? Its dates are numbers of days, which spreadsheets count in two ways.", number=example),
        choices=tuple((str(days_from), words) for days_from, words in counted_choices(example)),
    )  # fmt: skip


def counted_choices(example: str) -> list[tuple[int, str]]:
    """(days_from, the day in words) of a number of days."""
    days = [(days_from, found[0]) for days_from in (FROM_1900, FROM_1904) if (found := at_number(example, days_from))]
    return [(days_from, f"{at.day} {_MONTHS[at.month - 1]} {at.year}") for days_from, at in days]


def moment_of(text: str, *, day_first: bool = False, days_from: int = FROM_1900) -> Moment:
    """When a cell says, UNKNOWN if it says nothing that can be read. day_first, days_from: the order, and from when days are counted, where
    that is open."""
    if found := at_number(text, days_from):
        return _sane(found, zoned=False)
    text = _YEAR_FIRST.sub(r"\1/\2/\3", text.strip()[:_LONGEST], count=1)
    if _ISO.match(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _sane(in_words(text), zoned=bool(_ZONED.search(text)))
        if len(text) == 10:
            return _sane((moment.replace(tzinfo=UTC), Precision.DAY), zoned=True)
        precision = Precision.SECOND if re.match(r".{16}:\d", text) else Precision.MINUTE
        return _sane((moment if moment.tzinfo else moment.replace(tzinfo=UTC), precision), zoned=moment.tzinfo is not None)
    numbers = numbers_of(text)
    if numbers is not None and numbers.dotted:
        day_first = True  # no language writes month.day.year
    return _sane(in_words(text.replace("-", "/") if numbers else text, day_first=day_first), zoned=bool(_ZONED.search(text)))


def at_clock(date: Moment, clock: str) -> Moment:
    """A date and the cell beside it that holds the time, if it does."""
    found = _CLOCK.fullmatch(clock.strip()[:_LONGEST])
    if date.published is None or date.precision is not Precision.DAY or found is None:
        return date
    hour, late = int(found[2]), half_of_day(found[5] or found[1] or "")
    hour = hour % 12 + 12 * late if late is not None and hour <= 12 else hour
    when = date.published
    moment = wall_clock(when.year, when.month, when.day, hour, int(found[3]), int(found[4] or 0))
    return Moment(moment, Precision.MINUTE if found[4] in (None, "00") else Precision.SECOND) if moment else date


def _sane(found: tuple[datetime, Precision] | None, *, zoned: bool) -> Moment:
    if found is None:
        return UNKNOWN
    when, precision = found
    if not 1970 <= when.year < 2200:
        return UNKNOWN
    if not zoned and precision in _EXACT:
        clock = wall_clock(when.year, when.month, when.day, when.hour, when.minute, when.second)
        return Moment(clock, precision) if clock else UNKNOWN
    if precision in _EXACT:
        return Moment(when.astimezone(UTC).replace(microsecond=0), precision)
    return Moment(when, precision)
