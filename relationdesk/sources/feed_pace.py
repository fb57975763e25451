"""How soon a feed wants to be asked again: `<ttl>`, `sy:updatePeriod`, `skipHours`, `skipDays`, and what the server says of its cache. Pure.

What it says is kept within bounds, so that a slip of the pen neither hammers a blog nor leaves somebody unread for weeks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
"""For what a feed says of itself."""
LONGEST_CACHED = timedelta(hours=6)
"""For what its server says of its cache, which is often said of every file there, and not of this one."""
LONGEST_SKIP = timedelta(hours=72)
"""Through a weekend, with the night before and after it."""
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Rhythm(NamedTuple):
    """minutes: between two askings, 0 where it says nothing. hours, days: when nothing new comes, 0 to 23 GMT and 0 (Monday) to 6."""

    minutes: int = 0
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


NO_WISH = Rhythm()


def rhythm(ttl: str, period: str, frequency: str, hours: list[str], days: list[str]) -> Rhythm:
    """From the texts of a feed; what makes no sense says nothing. 24 is midnight, as in old RSS."""
    often = max(1, _number(frequency))
    minutes = max(_number(ttl), _PERIODS.get(period.strip().lower(), 0) // often)
    silent = {int(h) % 24 for h in map(str.strip, hours) if re.fullmatch(r"\d{1,2}", h) and int(h) <= 24}
    off = {_DAYS.index(d) for d in (d.strip().lower() for d in days) if d in _DAYS}
    return Rhythm(min(minutes, 1440), tuple(sorted(silent)), tuple(sorted(off)))


def remembered(kept: object) -> Rhythm:
    """What was kept of it as JSON; nothing for anything else."""
    match kept:
        case [int(minutes), [*hours], [*days]]:
            return Rhythm(minutes, tuple(h for h in range(24) if h in hours), tuple(d for d in range(7) if d in days))
    return NO_WISH


def again(now: datetime, wish: Rhythm, headers: Mapping[str, str]) -> datetime:
    """When to ask again, aware UTC; at least SHORTEST from `now`."""
    wanted = min(timedelta(minutes=wish.minutes), LONGEST)
    at = now + max(SHORTEST, wanted, min(_cached(headers.get("cache-control", "")), LONGEST_CACHED))
    awake, end = at, now + LONGEST_SKIP
    while awake.hour in wish.hours or awake.weekday() in wish.days:
        awake = awake.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if awake > end:
            return at  # it wants never to be asked
    return awake


def _cached(header: str) -> timedelta:
    """How long an answer stays fresh, as Cache-Control says."""
    said = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", header, re.IGNORECASE)
    if said is None or re.search(r"\bno-(?:cache|store)\b", header, re.IGNORECASE):
        return timedelta(0)
    return timedelta(seconds=int(said.group(1)))


def _number(text: str) -> int:
    found = re.fullmatch(r"\s*(\d{1,9})\s*", text)
    return int(found.group(1)) if found else 0
