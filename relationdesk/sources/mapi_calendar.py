"""Entries of a calendar that Outlook keeps, written as calendar files have them: so that they are read by the rules of all calendars,
and an entry that repeats is listed as often as it took place. [MS-OXOCAL] 2.2.1.44.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from relationdesk.sources.mail_building import DIRECTORY_DOMAIN, Party
from relationdesk.sources.mapi import APPOINTMENTS, MEETINGS, ROLE, TRACKED, Item
from relationdesk.sources.mapi_mail import party, sender
from relationdesk.text import one_line, tidy

_START, _END, _ALL_DAY, _WHERE, _STATE, _PATTERN = ((APPOINTMENTS, number) for number in (0x820D, 0x820E, 0x8215, 0x8208, 0x8217, 0x8216))
_ZONES = ((APPOINTMENTS, 0x825E), (APPOINTMENTS, 0x8260))
_CALLED_OFF = 4
_IDS = ((MEETINGS, 0x23), (MEETINGS, 0x03))
_FOREIGN = b"vCal-Uid\x01\0\0\0"
_ANSWERS = {2: "TENTATIVE", 3: "ACCEPTED", 4: "DECLINED"}
_ROLES = {1: "REQ-PARTICIPANT", 2: "OPT-PARTICIPANT"}
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_MOST_DATES = 5_000
_EPOCH = datetime(1601, 1, 1)


@dataclass(slots=True)
class _Series:
    """What a pattern says. start: the first time, on the clock of its zone. moved: (when it was planned, begin, end)."""

    rule: str
    start: datetime
    length: timedelta
    left_out: list[datetime] = field(default_factory=list)
    moved: list[tuple[datetime, datetime, datetime]] = field(default_factory=list)


def is_entry(kind: str) -> bool:
    return kind.startswith("ipm.appointment")


def calendar_text(item: Item) -> str:
    """A calendar with this entry alone. One without a beginning has none here either, and its reader says so."""
    properties = item.properties
    start, end = (properties.moment(properties.id(*own)) or properties.moment(common) for own, common in ((_START, 0x0060), (_END, 0x0061)))
    whole = bool(properties.number(properties.id(*_ALL_DAY)))
    zone = _zone(item)
    series = _series(properties.raw(properties.id(*_PATTERN)))
    uid = _uid(item, start)
    lines = list(_common(item, uid))
    if series is not None:
        at = f";TZID={zone}" if zone else ""
        lines += [_time("DTSTART", series.start, whole=whole, at=at), _time("DTEND", series.start + series.length, whole=whole, at=at), f"RRULE:{series.rule}"]
        lines += [_time("EXDATE", one, whole=whole, at=at) for one in series.left_out]
    elif start is not None:
        lines.append(_moment("DTSTART", start, zone, whole=whole))
        lines += [_moment("DTEND", end, zone, whole=whole)] if end is not None and end >= start else []
    events = [lines]
    for planned, begun, over in series.moved if series else ():
        at = f";TZID={zone}" if zone else ""
        times = [_time("RECURRENCE-ID", planned, whole=whole, at=at), _time("DTSTART", begun, whole=whole, at=at), _time("DTEND", over, whole=whole, at=at)]
        events.append([*_common(item, uid), *times])
    body = (line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT"))
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Outlook", *body, "END:VCALENDAR", ""))


def _common(item: Item, uid: str) -> Iterator[str]:
    properties = item.properties
    yield f"UID:{_escaped(uid)}"
    yield f"SUMMARY:{_escaped(one_line(item.subject))}"
    yield f"DESCRIPTION:{_escaped(tidy(item.words()))}"
    yield f"LOCATION:{_escaped(one_line(properties.text(properties.id(*_WHERE))))}"
    if (properties.number(properties.id(*_STATE)) or 0) & _CALLED_OFF:
        yield "STATUS:CANCELLED"
    people = [(party(one, "to"), one.number(ROLE) or 1, one.number(TRACKED) or 0) for one in item.people]
    if people:
        yield f"ORGANIZER{_who(sender(item))}"
    for one, role, answer in people:
        if (kind := _ROLES.get(role & 15)) is not None:
            state = f";PARTSTAT={_ANSWERS[answer]}" if answer in _ANSWERS else ""
            yield f"ATTENDEE;ROLE={kind}{state}{_who(one)}"


def _reaches(one: Party) -> bool:
    return bool(one.mail) and not one.mail.endswith(f"@{DIRECTORY_DOMAIN}")


def _who(one: Party) -> str:
    name = re.sub(r'["\x00-\x1f\x7f^]', " ", one_line(one.name, 200)).strip()
    return (f';CN="{name}"' if name else "") + (f":mailto:{one.mail}" if _reaches(one) else ":invalid:nomail")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _moment(name: str, when: datetime, zone: str, *, whole: bool) -> str:
    """A time in UTC; of whole days the day that it was where the entry was made."""
    if not whole:
        return f"{name}:{when:%Y%m%dT%H%M%SZ}"
    local = when.astimezone(_known(zone))
    return f"{name};VALUE=DATE:{local + timedelta(hours=1):%Y%m%d}"  # where the clock was moved since, midnight is an hour early


def _time(name: str, when: datetime, *, whole: bool, at: str) -> str:
    return f"{name};VALUE=DATE:{when:%Y%m%d}" if whole else f"{name}{at}:{when:%Y%m%dT%H%M%S}"


def _zone(item: Item) -> str:
    """Windows's name of the zone in which an entry was made, "" where it is not told."""
    for one in _ZONES:
        raw = item.properties.raw(item.properties.id(*one))
        if len(raw) >= 8:
            name = raw[8 : 8 + min(int.from_bytes(raw[6:8], "little"), 100) * 2].decode("utf-16-le", "replace")
            if re.fullmatch(r"[\w .+()/&'-]{3,100}", name):
                return name
    return ""


def _known(zone: str) -> ZoneInfo | None:
    """None for this computer's zone."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # the library takes long to import

    try:
        return ZoneInfo(WINDOWS_TO_OLSON[zone])
    except (KeyError, ValueError, OSError):
        return None


def _uid(item: Item, start: datetime | None) -> str:
    """The id that the same meeting has in a calendar file; else a hash of what does not change."""
    for own in _IDS:
        raw = item.properties.raw(item.properties.id(*own))
        if len(raw) < 40:
            continue
        words = raw[40:]
        if words.startswith(_FOREIGN):
            return one_line(words.removeprefix(_FOREIGN).rstrip(b"\0").decode("utf-8", "replace"), 500)
        return (raw[:16] + bytes(4) + raw[20:])[:200].hex().upper()
    basis = f"{start}\x1f{item.subject}\x1f{sender(item).name}".encode("utf-8", "replace")
    return f"row:{hashlib.sha256(basis).hexdigest()[:32]}"


class _Words:
    """Numbers one after the other; ValueError where they end too early."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self.at = raw, 0

    def next(self, size: int = 4) -> int:
        self.at += size
        if self.at > len(self._raw):
            raise ValueError("it breaks off")
        return int.from_bytes(self._raw[self.at - size : self.at], "little")

    def date(self) -> datetime:
        """Minutes since 1601, on some clock. Raises ValueError, OverflowError."""
        return _EPOCH + timedelta(minutes=self.next())


def _series(raw: bytes) -> _Series | None:
    """None for an entry that does not repeat, and for a pattern that cannot be read: then its first time is all there is."""
    if len(raw) < 50:
        return None
    try:
        return _pattern(_Words(raw))
    except (ValueError, OverflowError):
        return None


def _pattern(words: _Words) -> _Series | None:
    words.next()  # versions
    words.next(2)  # daily, weekly … which the kind below says better
    kind = words.next(2)
    words.next(2)
    words.next()
    period = max(1, words.next())
    words.next()
    rule = _rule(kind, period, words)
    end, count = words.next(), words.next()
    words.next()
    left_out = [words.date() for _ in range(min(words.next(), _MOST_DATES))]
    moved = [words.date() for _ in range(min(words.next(), _MOST_DATES))]
    first, last = words.date(), words.date()
    words.next()
    words.next()
    begins, ends = timedelta(minutes=words.next()), timedelta(minutes=words.next())
    if end == 0x2021:
        rule += f";UNTIL={last + begins:%Y%m%dT%H%M%S}"
    elif end == 0x2022:
        rule += f";COUNT={max(1, min(count, 100_000))}"
    found = _Series(rule=rule, start=first + begins, length=max(timedelta(0), ends - begins))
    found.moved = _moved(words)
    planned = {one for one, _, _ in found.moved}
    found.left_out = [one + begins for one in left_out if one not in moved or one + begins not in planned]
    return found if rule else None


def _rule(kind: int, period: int, words: _Words) -> str:
    """The beginning of a rule. Raises ValueError for a kind that nobody uses (lunar calendars)."""
    if kind == 0:
        return f"FREQ=DAILY;INTERVAL={max(1, period // 1_440)}"
    if kind == 1:
        return f"FREQ=WEEKLY;INTERVAL={period};BYDAY={_days(words.next())};WKST=SU"
    if kind in (2, 4):
        day = words.next()
        return f"FREQ=MONTHLY;INTERVAL={period};BYMONTHDAY={-1 if kind == 4 or day >= 31 else max(1, day)}"
    if kind == 3:
        days, place = _days(words.next()), words.next()
        return f"FREQ=MONTHLY;INTERVAL={period};BYDAY={days};BYSETPOS={-1 if place >= 5 else max(1, place)}"
    raise ValueError("a kind that is not known")


def _days(mask: int) -> str:
    return ",".join(day for bit, day in enumerate(_DAYS) if mask & 1 << bit) or "MO"


_OVERRIDES = ((0x01, 0), (0x02, 4), (0x04, 4), (0x08, 4), (0x10, 0), (0x20, 4), (0x40, 4), (0x80, 4), (0x100, 4))
"""(flag, bytes) of what an exception may say otherwise; 0: a text with its length before it."""


def _moved(words: _Words) -> list[tuple[datetime, datetime, datetime]]:
    """The times that were moved or changed: (planned, begin, end). What breaks off ends the list."""
    found = []
    try:
        for _ in range(min(words.next(2), _MOST_DATES)):
            begun, over, planned = words.date(), words.date(), words.date()
            flags = words.next(2)
            for flag, size in _OVERRIDES:
                if flags & flag:
                    words.next(size or 2)
                    words.at += words.next(2) if not size else 0
            found.append((planned, begun, over))
    except (ValueError, OverflowError):
        pass
    return found
