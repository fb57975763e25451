"""When a mail was sent. Clocks of senders are wrong, dates are missing or absurd; none of them ever becomes "now"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from relationdesk.model import Precision
from relationdesk.sources.mail_headers import Headers

_FIRST_YEAR = 1990
_FIRST_MAIL = datetime(1965, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST_ZONE = 15 * 3600
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_HALF_OF_DAY = re.compile(r"\d\s?([ap])\.?m\b", re.IGNORECASE)
_ZONE_IN_WORDS = re.compile(r" (?:GMT|UTC|UT)\s?([+-])(\d\d?)(?::?(\d\d))?\b")
"""“GMT+01:00” or “UTC+1”, as some programs write +0100; the library drops the offset."""
_NAMED_ZONE = re.compile(r"(?<=:\d\d )\(?(CES?T|MES?T|MES?Z|WES?T|EES?T|MSK|JST|KST|NZD?T|AE[SD]T)\)?(?=\s*$)")
_OFFSETS = {
    "CET": "+0100", "MET": "+0100", "MEZ": "+0100", "CEST": "+0200", "MEST": "+0200", "MESZ": "+0200", "WET": "+0000", "WEST": "+0100", "EET": "+0200", "EEST": "+0300",
    "MSK": "+0300", "JST": "+0900", "KST": "+0900", "NZT": "+1200", "NZDT": "+1300", "AEST": "+1000", "AEDT": "+1100",
}  # fmt: skip
"""Zones by name that mean one thing only (BST and IST do not); the library knows those of North America."""
_ZONE = re.compile(r"\d ?(?:[+-]\d{4}\b|(?:UTC?|GMT|Z|[ECMPA][SD]T)\b)")
_ONLY_A_DAY = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}")


def sent(headers: Headers, now: datetime) -> tuple[datetime | None, Precision, dict[str, str]]:
    """(aware UTC or None, how exactly, remarks for `extra`).

    Date if it lies between 1990 and tomorrow (only a day, if it names no time); else the oldest Received that fits the newest one within a week; else
    the day of the From_ line; else an old Date, doubted; else unknown. Remarks: date_written, date_from, zone.
    """
    written = headers.first("date")
    date, zoned = parse(written)
    if _sane(date, now):
        return date, Precision.SECOND, {} if zoned else {"zone": "unknown"}
    if _sane(day := _day(written), now):
        return day, Precision.DAY, {}
    remarks = {"date_written": written[:100]}
    received = [parse(line.rpartition(";")[2])[0] for line in headers.all("received")[:100]]
    trusted = [found for found in received if found is not None and _sane(found, now)]
    trusted = [found for found in trusted if abs(trusted[0] - found) <= timedelta(days=7)]
    if trusted:
        return min(trusted), Precision.SECOND, {**remarks, "date_from": "received"}
    envelope, _ = parse(headers.envelope.partition(" ")[2].partition(" ")[2])
    if envelope is not None and _sane(envelope, now):
        day_of = envelope.replace(hour=0, minute=0, second=0)
        return day_of, Precision.DAY, {**remarks, "date_from": "envelope"}
    if date is not None and _FIRST_MAIL <= date < now and abs(date - _EPOCH) > timedelta(days=1):
        return date, Precision.SECOND, {**remarks, "date_from": "doubted"}
    return None, Precision.UNKNOWN, remarks


def parse(text: str) -> tuple[datetime | None, bool]:
    """(aware UTC, whether a zone was given); (None, False) for what is no date. Without a zone, UTC is taken."""
    text = _ZONE_IN_WORDS.sub(lambda zone: f" {zone[1]}{int(zone[2]):02}{zone[3] or '00'}", text.strip()[:200])
    text = _NAMED_ZONE.sub(lambda zone: _OFFSETS.get(zone[1], zone[0]), text)
    try:
        if _ISO.match(text):
            date = datetime.fromisoformat(text)
            return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC), date.tzinfo is not None
        found = parsedate_tz(text)
        if found is None or re.search(r"\b0\d{3}\s+\d{1,2}:", text):  # the library takes the year 0001 for 2001
            return None, False
        year, month, day, hour, minute, second = found[:6]
        if (half := _HALF_OF_DAY.search(text)) and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half[1] in "pP" else 0)
        date = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        offset = found[9] or 0  # the library says 0 for no zone, too
        zoned = _ZONE.search(text) is not None and abs(offset) <= _FARTHEST_ZONE
        return date - timedelta(seconds=offset if zoned else 0), zoned
    except (ValueError, OverflowError, IndexError, TypeError, AttributeError):
        return None, False


def _day(text: str) -> datetime | None:
    """Midnight UTC of a date without a time ("Mon, 8 Jan 2024"); None for anything else."""
    if not _ONLY_A_DAY.fullmatch(text.strip()):
        return None
    return parse(f"{text.strip()} 00:00:00 +0000")[0]


def _sane(date: datetime | None, now: datetime) -> bool:
    return date is not None and date.year >= _FIRST_YEAR and date <= now + timedelta(days=1)
