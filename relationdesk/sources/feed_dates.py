"""Dates as feeds write them, to aware UTC and how exactly they are known. Never raises, never makes up "now"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from relationdesk.model import Precision

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTHS |= {"mai": 5, "okt": 10, "dez": 12, "mrz": 3, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "avr": 4, "fev": 2}
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "ist": 330, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780, "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "pt": -480, "akst": -540, "akdt": -480, "hst": -600, "trt": 180, "idt": 180, "gst": 240, "pkt": 300, "npt": 345,
    "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "pht": 480, "awst": 480, "acst": 570, "acdt": 630, "wat": 60, "sast": 120, "cat": 120,
    "eat": 180, "brt": -180, "art": -180, "clt": -240, "cot": -300, "pet": -300,
}  # fmt: skip
"""Zone letters → minutes east of Greenwich: RFC 822's own, and those real feeds use."""

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:[T ]+(?P<hour>\d\d)(?::?(?P<minute>\d\d))?(?::?(?P<second>\d\d))?(?:[.,]\d+)?\s*(?P<zone>.*))?",
    re.IGNORECASE,
)
_RFC822 = re.compile(
    r"(?:[a-z]{2,12}[.,\s]+)?(?P<day>\d{1,2})[\s-]+(?P<name>[a-z]{3})[a-z]*\.?,?[\s-]+(?P<year>\d{4}|\d\d)"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>.*))?",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"(?:[a-z]{3,12}\.?,?\s+)?(?P<name>[a-z]{3})[a-z]*\.?\s+(?P<day>\d{1,2}),?\s+(?:(?P<year>\d{4})(?:,?\s+|$))?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<zone>(?!\d{4}$)[a-z0-9:+ -]*?)(?:\s(?P<late>\d{4}))?)?",
    re.IGNORECASE,
)


def feed_date(text: str) -> tuple[datetime | None, Precision]:
    """A date of RFC 822 (in all wild forms), ISO 8601, W3C-DTF or the C library. (None, UNKNOWN) for anything else.

    A time without a zone is only known to the day; a date of the year 1 or of 1 January 1970 at midnight is a
    computer's way to say "none".
    """
    text = re.sub(r"\([^()]*\)", " ", text[:200]).strip()
    text = re.sub(r"\s+", " ", text)
    for pattern in (_ISO, _RFC822, _AMERICAN):
        match = pattern.fullmatch(text)
        if match is not None:
            return _moment(match.groupdict())
    return None, Precision.UNKNOWN


def _moment(found: dict[str, str | None]) -> tuple[datetime | None, Precision]:
    name = (found.get("name") or "").lower()
    if name and name not in _MONTHS:
        return None, Precision.UNKNOWN
    year = int(found["year"] or found.get("late") or 0)
    if found["year"] is not None and len(found["year"]) == 2:
        year += 1900 if year >= 69 else 2000
    month = _MONTHS[name] if name else int(found.get("month") or 1)
    try:
        day = datetime(year, month, int(found["day"] or 1), tzinfo=UTC)
        if found["hour"] is None:
            exact = _calendar_precision(found, bool(name))
            return _plausible(day, exact)
        zone = _zone(found["zone"] or "")
        if zone is None:
            return _plausible(day, Precision.DAY)
        seconds = int(found["second"] or 0)
        clock = timedelta(hours=int(found["hour"]), minutes=int(found["minute"] or 0), seconds=min(seconds, 59))
        if clock > timedelta(hours=24) or int(found["minute"] or 0) > 59 or seconds > 61:
            return _plausible(day, Precision.DAY)
        moment = ((day + clock).replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, Precision.UNKNOWN
    return _plausible(moment, Precision.SECOND if found["second"] is not None else Precision.MINUTE)


def _calendar_precision(found: dict[str, str | None], named_month: bool) -> Precision:
    if found["day"] is not None:
        return Precision.DAY
    return Precision.MONTH if named_month or found.get("month") is not None else Precision.YEAR


def _plausible(moment: datetime, precision: Precision) -> tuple[datetime | None, Precision]:
    if moment.year <= 1 or moment == datetime(1970, 1, 1, tzinfo=UTC):
        return None, Precision.UNKNOWN
    return moment, precision


def _zone(text: str) -> timezone | None:
    """ "+0200", "+02:00", "GMT+2", "EST", "Z"; None for nothing and for what nobody can know."""
    text = text.strip().lower()
    if text in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text]))
    match = re.fullmatch(r"(?:gmt|utc|ut)?\s*([+-])\s*(\d{1,2}):?(\d\d)?(?:\s+[a-z/_]+)?", text)
    if match is None:
        return None
    minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=minutes if match.group(1) == "+" else -minutes))


def zone_minutes(letters: str) -> int | None:
    """Minutes east of Greenwich of a zone's letters; None for letters nobody knows."""
    return _ZONES.get(letters.lower())
