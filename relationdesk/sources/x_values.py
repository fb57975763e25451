"""How X writes ids and times, through all generations of its archives. Pure; nothing here raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from relationdesk.model import Precision

FIRST_SNOWFLAKE = 29_700_859_247
"""The first id that holds its own time (4 November 2010); older ones were counted up."""
_EPOCH_MS = 1_288_834_974_657
_LAST_MS = 4_102_444_800_000
BEGAN = 2006
"""X began in 2006; earlier years are slips of the exporter."""
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_SPOKEN = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? ?(Z|[+-]\d\d:?\d\d)?")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")

Time = tuple[datetime | None, Precision]
UNKNOWN: Time = (None, Precision.UNKNOWN)


def is_id(text: str) -> bool:
    """A number as X gives them; "-1" and "0" stand for nobody."""
    return text.isascii() and text.isdecimal() and len(text) <= 20 and text.strip("0") != ""


def time_in(id_: str) -> datetime | None:
    """The second that an id holds, aware UTC; None for those from before ids held one."""
    if not is_id(id_) or int(id_) < FIRST_SNOWFLAKE:
        return None
    moment = (int(id_) >> 22) + _EPOCH_MS
    return datetime.fromtimestamp(moment // 1000, UTC) if moment < _LAST_MS else None


def written_time(text: str) -> datetime | None:
    """ "Sun Mar 21 12:53:22 +0000 2021", "2014-05-27 12:24:35 +0000", "2020-03-16T19:40:13.000Z"; aware UTC or None."""
    if found := _SPOKEN.fullmatch(text):
        month, day, hour, minute, second, zone, year = found.groups()
        parts = (int(year), _MONTHS.get(month.lower(), 0), int(day), int(hour), int(minute), int(second))
    elif found := _ISO.fullmatch(text):
        *numbers, zone = found.groups()
        parts = tuple(int(number) for number in numbers)  # type: ignore[assignment]  # six of them
        zone = zone or "Z"
    else:
        return None
    try:
        return datetime(*parts, tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(ahead if text[0] == "+" else -ahead)


def post_time(text: str, id_: str, *, old: bool) -> Time:
    """When a post was written, as far as it is known; UNKNOWN where the written date cannot be true and the id holds none.

    old: from an archive of before 2018, where midnight of the years to 2010 means that only the day is known.
    """
    moment, held = written_time(text), time_in(id_)
    if moment is None or moment.year < BEGAN:
        return (held, Precision.SECOND) if held else UNKNOWN
    if old and (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return (held, Precision.SECOND) if held else (moment, Precision.DAY)
    return moment, Precision.SECOND
