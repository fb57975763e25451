"""A calendar file cut into series: all entries of one UID with the zones they need, so that a broken one costs itself.

A series is read by the library `icalendar` and unrolled by `recurring_ical_events`; what bounds both stands here. A rule
with an end is unrolled from its beginning, an endless one from ten years ago; neither goes further than a year from now, and of
more than MOST_TIMES those nearest to now are kept.
"""

from __future__ import annotations

import logging
import quopri
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from relationdesk.saying import say
from relationdesk.sources.ical_zones import cleared, known_zones, zone_named

Event = Any
"""A VEVENT of the library, whose types say of each property that it may be any other."""
AHEAD = timedelta(days=366)
BACK = timedelta(days=3653)
MOST_TIMES = 1_000
"""Times of one series that are kept: a daily meeting of almost three years."""
_MOST_STEPS = 50_000
_AT_ONCE = 5_000
_MOST_ENTRIES = 5_000
_MOST_YEARS = 60
_MOST_CHANGES = 2**20
_LONGEST_ENTRY = 4 * 1024 * 1024
_DAYS = {"YEARLY": 365.0, "MONTHLY": 28.0, "WEEKLY": 7.0, "DAILY": 1.0, "HOURLY": 1 / 24, "MINUTELY": 1 / 1440, "SECONDLY": 1 / 86_400}
_BROKEN = (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError, RecursionError, OSError)
"""What the libraries raise for bent input; OSError for a zone with a name too long for a file."""
_MARK = re.compile(r"(BEGIN|END):([\w-]+)[ \t]*$", re.IGNORECASE)
_QUOTED = re.compile(r"[\w-]{1,60};[^:]{0,500}\bQUOTED-PRINTABLE\b", re.IGNORECASE)
_NAMED = re.compile(r"(?:PRODID|METHOD|X-WR-CALNAME|X-WR-TIMEZONE|X-WR-RELCALID)\b", re.IGNORECASE)
logging.getLogger("icalendar").setLevel(logging.CRITICAL)  # it reports each unknown zone, to whoever listens


class BadSeries(ValueError):
    """Why a series cannot be read or unrolled; a sentence."""


@dataclass(slots=True)
class CalendarFile:
    """One VCALENDAR as text. series: UID → (line of its first entry, entries). Entries without a UID are each their own.
    whole: it has its end."""

    head: list[str] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    series: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    whole: bool = False

    def named(self, name: str) -> str:
        """A property of the calendar itself, "" if it is not there; text unescaped."""
        for line in self.head:
            key, _, value = line.partition(":")
            if key.partition(";")[0].upper() == name:
                return re.sub(r"\\([\\,;])", r"\1", value).strip()
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """One time of a series. again: which one of a repeated entry, in UTC ("20260312T080000Z"), "" for the only one."""

    event: Event
    again: str = ""


def calendars(text: str) -> Iterator[CalendarFile]:
    """Every calendar in a text, in order; a text cut off in the middle gives what was whole. Folded lines are joined."""
    found: CalendarFile | None = None
    inside, block, began = "", list[str](), 0
    for number, line in _lines(text):
        mark = _MARK.match(line)
        kind = mark[2].upper() if mark else ""
        if mark and kind == "VCALENDAR":
            if found is not None:
                found.whole = mark[1].upper() == "END"
                yield found
            found = CalendarFile() if mark[1].upper() == "BEGIN" else None
            inside = ""
            continue
        if found is None and kind in ("VEVENT", "VTIMEZONE") and mark and mark[1].upper() == "BEGIN":
            found = CalendarFile(whole=True)  # an entry by itself, or in a component nobody knows
        if found is None:
            continue
        if mark and not inside and mark[1].upper() == "BEGIN":
            inside, block, began = kind, [line], number
        elif inside:
            block.append(line)
            if mark and mark[1].upper() == "END" and kind == inside:
                _put(found, inside, block, began)
                inside = ""
        elif _NAMED.match(line):
            found.head.append(line)
    if found is not None:
        yield found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(number of the line, the line with its folded parts)."""
    waiting, start = "", 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if start and len(waiting) < _LONGEST_ENTRY and waiting.endswith("=") and _QUOTED.match(waiting):
            waiting = waiting[:-1] + line
            continue
        if line[:1] in " \t" and start and len(waiting) < _LONGEST_ENTRY:
            waiting += line[1:]
            continue
        if start:
            yield start, _unquoted(waiting)
        waiting, start = line, number
    if start:
        yield start, _unquoted(waiting)


def _unquoted(line: str) -> str:
    """What vCalendar, the form before iCalendar, writes as quoted-printable."""
    if not _QUOTED.match(line):
        return line
    head, _, value = line.partition(":")
    name, *parameters = head.split(";")
    charset = next((one.partition("=")[2] for one in parameters if one.upper().startswith("CHARSET=")), "utf-8")
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        text = raw.decode(charset)
    except (LookupError, ValueError):
        text = raw.decode("cp1252", "replace")
    kept = [one for one in parameters if not one.upper().endswith("QUOTED-PRINTABLE") and not one.upper().startswith("CHARSET=")]
    return ";".join((name, *kept)) + ":" + "\\n".join(re.split(r"\r\n|\r|\n", text))


def _put(found: CalendarFile, kind: str, block: list[str], line: int) -> None:
    if kind == "VTIMEZONE":
        name = next((part.partition(":")[2].strip().replace("\\,", ",") for part in block if part.upper().startswith("TZID")), "")
        found.zones.setdefault(name, "\r\n".join(block))
    elif kind == "VEVENT":
        uid = next((part.partition(":")[2].strip() for part in block if re.match(r"UID[;:]", part, re.IGNORECASE)), "")
        series = found.series.setdefault(uid or f"\n{line}", (line, []))
        if len(series[1]) < _MOST_ENTRIES:
            series[1].append("\r\n".join(part.replace(" ", "") if part[:5].upper() == "RRULE" else part for part in block))


def events(calendar: CalendarFile, entries: list[str]) -> list[Event]:
    """The entries of one series, read. Raises BadSeries."""
    import icalendar  # 65 ms, and only who brings in a calendar pays for it

    floating = calendar.named("X-WR-TIMEZONE")
    floating = floating if floating in known_zones() else zone_named(floating)
    clear = [cleared(entry, calendar.zones, floating) for entry in entries]
    zones = [zone for name, zone in calendar.zones.items() if any(name in used for _, used in clear)]
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *zones, *(entry for entry, _ in clear), "END:VCALENDAR", ""])
    if len(text) > _LONGEST_ENTRY:
        raise BadSeries(say("It is larger than any entry of a calendar is."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = icalendar.Calendar.from_ical(text)
    except _BROKEN as e:
        raise BadSeries(say("It is damaged.")) from e
    return list(read.walk("VEVENT"))


def repeats(event: Event) -> bool:
    return "RRULE" in event or "RDATE" in event


def times(series: list[Event], now: datetime) -> list[Time]:
    """Every time of a series that is kept, in order: at most MOST_TIMES, those nearest to `now`. Raises BadSeries."""
    if not any(map(repeats, series)):
        return [Time(event=event, again=_again(event.get("RECURRENCE-ID"))) for event in series]
    import icalendar
    import recurring_ical_events

    masters = [event for event in series if repeats(event)]
    begun = min((start for event in masters if (start := start_of(event)) is not None), default=None)
    if begun is None:
        raise BadSeries(say("When it begins cannot be read."))
    first = begun if all(map(_ends, masters)) else max(begun, now - BACK)
    last = min(now + AHEAD, first + timedelta(days=365 * _MOST_YEARS))
    if any(_fits_no_day(rule) for event in masters for rule in _rules(event)):
        raise BadSeries(say("Its repetition names no time."))
    steps = max(_steps(event, (last - begun).days) for event in masters)
    if steps > _MOST_STEPS:
        raise BadSeries(say("It repeats too often to be listed."))
    # In one go where that is little: a rule that fits no day at all is looked for until the year 9999 each time.
    stride = last - first if steps <= _AT_ONCE else timedelta(days=366)
    calendar = icalendar.Calendar()
    for event in series:
        calendar.add_component(event)
    found: dict[tuple[str, str], Time] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            query = recurring_ical_events.of(calendar, skip_bad_series=True)
            for since, until in _pieces(first, last, stride, now):
                if len(found) >= MOST_TIMES and _away(since, until, now) > sorted(_distance(time, now) for time in found.values())[MOST_TIMES - 1]:
                    break
                for event in query.between(since - timedelta(days=1), until):
                    time = Time(event=event, again=_again(event.get("RECURRENCE-ID") or event.get("DTSTART")))
                    found.setdefault((str(event.get("UID", "")), time.again), time)
    except _BROKEN as e:
        raise BadSeries(say("Its repetition cannot be read.")) from e
    if not found:
        raise BadSeries(say("Its repetition names no time."))
    nearest = sorted(found.values(), key=lambda time: (_distance(time, now), time.again))[:MOST_TIMES]
    return sorted(nearest, key=lambda time: time.again)


def _pieces(first: datetime, last: datetime, stride: timedelta, now: datetime) -> list[tuple[datetime, datetime]]:
    """From `first` to `last` in pieces of a stride, nearest to now first."""
    found = []
    while first < last:
        found.append((first, min(last, first + stride)))
        first = found[-1][1]
    return sorted(found, key=lambda piece: _away(piece[0], piece[1], now))


def _away(since: datetime, until: datetime, now: datetime) -> timedelta:
    """How far a piece of time is from now; nothing for one that holds it."""
    return max(since - now, now - until, timedelta())


def _distance(time: Time, now: datetime) -> timedelta:
    at = start_of(time.event)
    return abs(at - now) if at is not None else timedelta.max


def start_of(event: Event) -> datetime | None:
    """When an entry begins, in UTC: midnight for a day, the clock of this computer for a time without a zone. None if unreadable."""
    return moment_of(_at(event.get("DTSTART")))


def version_of(event: Event) -> int:
    """To compare with another version of the same entry: how often it was changed, then when (the latest that it says); 0 if it says neither."""
    written = moment_of(_at(event.get("LAST-MODIFIED"))) or moment_of(_at(event.get("DTSTAMP")))
    try:
        changed = max(0, min(int(event.get("SEQUENCE", 0)), _MOST_CHANGES))
    except (ValueError, TypeError):
        changed = 0
    return changed * 2**33 + (max(0, int(written.timestamp())) if written is not None else 0)


def again_of(event: Event) -> str:
    """Which time of a series an entry stands for, "" for all of them."""
    return _again(event.get("RECURRENCE-ID"))


def _at(value: Any) -> object:
    """The day or moment in a property; None where there is none, or a broken one."""
    try:
        return value.dt
    except (AttributeError, ValueError, TypeError):
        return None


def moment_of(value: object) -> datetime | None:
    try:
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return None


def _again(value: object) -> str:
    """A moment as part of a key, the same whatever zone it is written in; a time without a zone stays as written."""
    at = _at(value)
    if isinstance(at, datetime):
        try:
            return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if at.tzinfo else f"{at:%Y%m%dT%H%M%S}"
        except (OverflowError, ValueError):
            return f"{at:%Y%m%dT%H%M%S}"
    return f"{at:%Y%m%d}" if isinstance(at, date) else ""


def _ends(event: Event) -> bool:
    return all("COUNT" in rule or "UNTIL" in rule for rule in _rules(event))


def _rules(event: Event) -> list[dict[str, list[object]]]:
    rules = event.get("RRULE", [])
    return [rule for rule in (rules if isinstance(rules, list) else [rules]) if isinstance(rule, dict)]


def _fits_no_day(rule: dict[str, list[object]]) -> bool:
    """True for a daily rule that can never be met; the library would look for it day by day until the year 9999."""
    if str((rule.get("FREQ") or ["?"])[0]).upper() not in ("DAILY", "HOURLY"):
        return False
    months = [_number(month, 1) for month in rule.get("BYMONTH") or range(1, 13)]
    days = [abs(int(str(day))) for day in rule.get("BYMONTHDAY") or (1,)]
    longest = max((_LENGTHS.get(month, 0) for month in months), default=31)
    return "BYSETPOS" in rule or not any(1 <= day <= longest for day in days)


_LENGTHS = dict(enumerate((31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), start=1))


def _steps(event: Event, days: int) -> float:
    """About how many times a library has to go through to unroll a rule over so many days; a count bounds it."""
    total = 0.0
    for rule in _rules(event):
        frequency = str((rule.get("FREQ") or ["?"])[0]).upper()
        every = _number(rule.get("INTERVAL"), 1)
        within = 1.0
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            within *= max(1, len(rule.get(part) or ()))
        steps = max(days, 1) / _DAYS.get(frequency, 1.0) / every * within
        total += min(steps, _number(rule.get("COUNT"), _MOST_STEPS * 2) * within)
    return total


def _number(values: object, default: int) -> int:
    try:
        return max(1, int(str(values[0] if isinstance(values, list) else values)))
    except (TypeError, ValueError, IndexError):
        return default
