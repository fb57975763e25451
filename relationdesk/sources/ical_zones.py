"""Which zone the times of a calendar are in, where its programs say so in ways that the library does not read. Pure.

Exchange writes `tzone://Microsoft/Utc` and “(UTC+01:00) Amsterdam, Berlin”, with or without the quotes that a colon needs; others
`GMT+0200`. A time without any zone is that of `X-WR-TIMEZONE`, if the calendar names one. What stays unknown is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from zoneinfo import available_timezones

_TIME = re.compile(r"^(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(;[^\r\n]*)?:(\d{8}[^\r\n:]*)[ \t]*(?=\r?$)", re.MULTILINE | re.IGNORECASE)
_ZONE = re.compile(r";TZID=(?:\"([^\"]*)\"?|([^;\"]*))", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT|UT)\s?([+-])(\d\d?)(?::?(00))?", re.IGNORECASE)
_WITH_CITIES = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d):(\d\d))?\)\s?(.+)", re.IGNORECASE)
_NORTH_AMERICA = {
    "eastern time": "America/New_York", "central time": "America/Chicago", "mountain time": "America/Denver", "pacific time": "America/Los_Angeles",
    "atlantic time": "America/Halifax", "arizona": "America/Phoenix", "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu",
}  # fmt: skip
"""Of which the names that Outlook shows name no city."""
_LONGEST = 200


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """All zones of the tz database. Python looks through the folders of the system for them each time it is asked: 30 ms."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Zones by the city in their name, in lower case."""
    names = sorted(name for name in known_zones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/")))
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in names}


@lru_cache(maxsize=256)
def zone_named(name: str) -> str:
    """The zone of the tz database that a program means by such a name; "" for one that it has itself, or that nobody knows."""
    name = name.strip()[:_LONGEST]
    if name.casefold() in ("tzone://microsoft/utc", "z"):
        return "UTC"
    if found := _OFFSET.fullmatch(name):
        return _fixed(found[1], found[2])
    if found := _WITH_CITIES.fullmatch(name):
        places = re.split(r"\\?[,;] ?| / ", found[4].casefold())
        known = next((zone for place in places for zone in (_cities().get(place), _NORTH_AMERICA.get(place.partition(" (")[0])) if zone), "")
        return known or ("UTC" if not found[1] else _fixed(found[1], found[2]) if found[3] == "00" else "")
    return ""


def _fixed(sign: str, hours: str) -> str:
    """Etc/GMT-2 is two hours ahead of Greenwich: the sign is turned there."""
    ahead = int(hours) if sign == "+" else -int(hours)
    return "UTC" if ahead == 0 else f"Etc/GMT{-ahead:+}" if -12 <= ahead <= 14 else ""


def cleared(entry: str, own: Collection[str], floating: str) -> tuple[str, frozenset[str]]:
    """An entry whose times name zones that the library reads, and the names of its calendar's own zones that it needs.

    own: names of the zones that the calendar explains itself. floating: that of times without a zone, "" for the clock of this computer.
    """
    used: set[str] = set()

    def clear(line: re.Match[str]) -> str:
        what, parameters, times = line[1], line[2] or "", line[3]
        zone = _ZONE.search(parameters)
        if zone is None:
            is_floating = floating and "T" in times and not times.endswith(("Z", "z")) and "VALUE=DATE" not in parameters.upper().replace("DATE-TIME", "")
            return f"{what}{parameters};TZID={floating}:{times}" if is_floating else line[0]
        name = (zone[1] or zone[2] or "").strip().replace("\\,", ",")
        if name in own:
            used.add(name)
        else:
            name = zone_named(name) or name
        return f'{what}{parameters[: zone.start()]};TZID="{name}"{parameters[zone.end() :]}:{times}'

    return _TIME.sub(clear, entry), frozenset(used)
