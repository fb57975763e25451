"""Dates in the cells of foreign tables: with or without a zone, and with an order of day and month that may have to be asked.

A time without a zone is the clock of whoever exported the table: it is taken in the zone of this computer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
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
ROWS_LOOKED_AT = 20_000
_MONTHS = "January February March April May June July August September October November December".split()
_LONGEST = 60  # characters of a date
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d\d:\d\d)")
_NUMBERS = re.compile(r"\s*(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[./年년]\s?(\d{1,2})\s?[./月월]\s?(\d{1,2})\s?[.日일]?(?!\d)")
"""2024.03.04 and 2024. 3. 4., as in Hungary, China and Korea."""
_CLOCK = re.compile(r"(?:([^\d\s].{0,12}?)\s*)?(\d{1,2})[:.h](\d\d)(?:[:.](\d\d))?\s*([^\d\s].{0,12})?")
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


def moment_of(text: str, *, day_first: bool = False) -> Moment:
    """When a cell says, UNKNOWN if it says nothing that can be read. day_first: the order where it is open."""
    text = _YEAR_FIRST.sub(r"\1/\2/\3", text.strip()[:_LONGEST], count=1)
    if _ISO.match(text):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return _sane(in_words(text), zoned=bool(_ZONED.search(text)))
        if len(text) == 10:
            return _sane((found.replace(tzinfo=UTC), Precision.DAY), zoned=True)
        precision = Precision.SECOND if re.match(r".{16}:\d", text) else Precision.MINUTE
        return _sane((found if found.tzinfo else found.replace(tzinfo=UTC), precision), zoned=found.tzinfo is not None)
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
