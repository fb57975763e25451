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


def sent(headers: Headers, now: datetime) -> tuple[datetime | None, Precision, dict[str, str]]:
    """(aware UTC or None, how exactly, remarks for `extra`).

    Date if it lies between 1990 and tomorrow; else the oldest Received that fits the newest one within a week; else
    the day of the From_ line; else an old Date, doubted; else unknown. Remarks: date_written, date_from, zone.
    """
    written = headers.first("date")
    date, zoned = parse(written)
    if _sane(date, now):
        return date, Precision.SECOND, {} if zoned else {"zone": "unknown"}
    remarks = {"date_written": written[:100]}
    received = [parse(line.rpartition(";")[2])[0] for line in headers.all("received")[:100]]
    trusted = [found for found in received if found is not None and _sane(found, now)]
    trusted = [found for found in trusted if abs(trusted[0] - found) <= timedelta(days=7)]
    if trusted:
        return min(trusted), Precision.SECOND, {**remarks, "date_from": "received"}
    envelope, _ = parse(headers.envelope.partition(" ")[2].partition(" ")[2])
    if envelope is not None and _sane(envelope, now):
        day = envelope.replace(hour=0, minute=0, second=0)
        return day, Precision.DAY, {**remarks, "date_from": "envelope"}
    if date is not None and _FIRST_MAIL <= date < now and abs(date - _EPOCH) > timedelta(days=1):
        return date, Precision.SECOND, {**remarks, "date_from": "doubted"}
    return None, Precision.UNKNOWN, remarks


def parse(text: str) -> tuple[datetime | None, bool]:
    """(aware UTC, whether a zone was given); (None, False) for what is no date. Without a zone, UTC is taken."""
    text = text.strip()[:200]
    try:
        found = parsedate_tz(text)
        if found is None or re.search(r"\b0\d{3}\s+\d{1,2}:", text):  # the library takes the year 0001 for 2001
            return None, False
        year, month, day, hour, minute, second = found[:6]
        date = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return date - timedelta(seconds=found[9] or 0), found[9] is not None
    except (ValueError, OverflowError, IndexError, TypeError, AttributeError):
        return None, False


def _sane(date: datetime | None, now: datetime) -> bool:
    return date is not None and date.year >= _FIRST_YEAR and date <= now + timedelta(days=1)
