"""How LinkedIn writes dates, profile addresses and links to posts in its exports, from 2018 to today. Pure.

No locale is asked. Times without a zone are UTC: the clock inside a
post's own number agrees with the Date cell beside it; only the 2018 layout with "AM"/"PM" leaves it open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from relationdesk.model import Precision
from relationdesk.text import canonical_url, fold, one_line

_MONTH_WORDS = (
    "jan ene gen sty oca янв", "feb fev lut sub фев", "mar mrz maa mrt мар", "apr avr abr kwi nis апр",
    "may mai maj mag mei май мая", "jun juin giu cze haz июн", "jul juil lug lip tem июл", "aug ago aou agu sie авг",
    "sep set wrz eyl сен", "oct okt out ott paz eki окт", "nov lis kas ноя", "dec dic dez des gru ara дек",
)  # fmt: skip
_MONTHS = {fold(word): number for number, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}
"""How a month begins in fifteen languages, folded; "juin" and "juil" need a fourth letter. English in every archive seen."""

_CLOCK = r"(?:[ T,]+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?)?(?:\s*(?:UTC|GMT|Z))?$"
_NAME = r"(?P<mon>[^\W\d_]{3,12})\.?"
_LAYOUTS = tuple(
    re.compile(layout)
    for layout in (
        r"^(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})" + _CLOCK,  # 2025-06-01 14:03:22 UTC
        r"^(?P<d>\d{1,2})\.?[ -](?:de )?" + _NAME + r",?[ -](?:de )?(?P<y>\d{4}|\d{2})" + _CLOCK,  # 08 Feb 2026, Excel 4-Apr-21
        "^" + _NAME + r" (?P<d>\d{1,2}),? (?P<y>\d{4})" + _CLOCK,  # Feb 8, 2026
        r"^(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<y>\d{4}|\d{2})" + _CLOCK,  # 3/9/18, 2:05 PM
        r"^(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日" + _CLOCK,
        r"^[A-Za-z]{3} " + _NAME + r" (?P<d>\d{2}) (?P<h>\d{2}):(?P<mi>\d{2}):(?P<s>\d{2}) (?:UTC|GMT) (?P<y>\d{4})$",
        "^" + _NAME + r"(?: de)? (?P<y>\d{4})$",  # Jan 2024
        r"^(?P<y>\d{4})$",
    )
)
_SLASHED = re.compile(r"^\s*(\d{1,2})[/.](\d{1,2})[/.]\d{2}")
_SERIAL = re.compile(r"^(\d{5})(?:\.(\d+))?$")
_POST = re.compile(r"urn:li:(activity|share|ugcPost):(\d{1,20})|[-/_](activity|share|ugcPost)-(\d{5,20})(?=\D|$)")
_KINDS = frozenset({"in", "pub", "company", "school", "showcase"})


def squash(cell: str) -> str:
    """A column or file name without what changed over the years: "Share Link" and "ShareLink" are one."""
    return re.sub(r"[\W_]+", "", cell).casefold()


def is_day_first(texts: Iterable[str]) -> bool:
    """True if dates with slashes in these cells can only be read with the day first. Reads on until one tells, and
    gives up where the first twenty have no slashes."""
    for number, text in enumerate(texts):
        match = _SLASHED.match(text)
        if match is None and number == 20:
            return False
        if match and (int(match[1]) > 12) != (int(match[2]) > 12):
            return int(match[1]) > 12
    return False


def when(text: str, *, day_first: bool = False) -> tuple[datetime, Precision] | None:
    """An aware UTC time and how exact it is; None if it is in none of LinkedIn's (or Excel's) layouts.

    Slashes mean month first as LinkedIn writes them, unless `day_first`, or the other number is above 12. Dots as well.
    """
    text = re.sub(r"\s+", " ", text[:100]).strip()
    if serial := _SERIAL.match(text):
        at = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=round(float(f"{serial[1]}.{serial[2] or 0}") * 86_400))
        exactly = Precision.SECOND if at.second else Precision.MINUTE if at.hour or at.minute else Precision.DAY
        return at, exactly
    for layout in _LAYOUTS:
        if match := layout.match(text):
            return _built(match.groupdict(), day_first)
    return None


def _month(name: str) -> int:
    """1 to 12, 0 for no month's name."""
    folded = fold(name)
    return _MONTHS.get(folded[:4], 0) or _MONTHS.get(folded[:3], 0)


def _built(part: dict[str, str | None], day_first: bool) -> tuple[datetime, Precision] | None:
    year = int(part["y"] or 0)
    year += 2000 if len(part["y"] or "") == 2 else 0
    month, day = int(part.get("m") or 1), int(part.get("d") or 1)
    if name := part.get("mon"):
        month = _month(name)
    if part.get("a"):
        month, day = int(part["a"] or 0), int(part["b"] or 0)
        if month > 12 or (day_first and day <= 12):
            month, day = day, month
    hour = int(part.get("h") or 0)
    if half := (part.get("ap") or "").casefold().replace(".", ""):
        hour = hour % 12 + (12 if half == "pm" else 0)
    if part.get("s"):
        precision = Precision.SECOND
    elif part.get("h"):
        precision = Precision.MINUTE
    elif part.get("d") or part.get("a"):
        precision = Precision.DAY
    else:
        precision = Precision.MONTH if part.get("mon") else Precision.YEAR
    try:
        moment = datetime(year, month, day, hour, int(part.get("mi") or 0), int(part.get("s") or 0), tzinfo=UTC)
    except ValueError:
        return None
    return moment, precision


def _start(moment: datetime, precision: Precision) -> tuple[datetime, Precision]:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0), precision


def coarsened(moment: datetime, precision: Precision) -> tuple[datetime, Precision]:
    """A role's beginning: LinkedIn knows months at most, so a day in the cell was added by somebody's program."""
    if precision is Precision.YEAR:
        return moment, precision
    return _start(moment.replace(day=1), Precision.MONTH)


@lru_cache(maxsize=4096)  # a message table repeats the same few addresses
def links(text: str) -> list[str]:
    """The addresses of a cell that holds several: between commas, as LinkedIn writes them, or blanks."""
    return [link for link in re.split(r"[,\s]+", text) if link]


def slug(url: str) -> str:
    """The permanent part of a profile's address, decoded, NFC, case folded: "zoë-brandt", "company/adatum".

    Takes addresses without scheme, of country hosts, with queries; "" for anything that is no LinkedIn profile.
    """
    text = url.strip().strip("\"'<>")
    if not text or len(text) > 2000:
        return ""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").casefold()
    except ValueError:
        return ""
    if host != "linkedin.com" and not host.endswith(".linkedin.com"):
        return ""
    steps = [step for step in parts.path.split("/") if step]
    if len(steps) < 2 or steps[0].casefold() not in _KINDS:
        return ""
    kind = steps[0].casefold()
    rest = "/".join(steps[1:]) if kind == "pub" else steps[1]
    found = one_line(unicodedata.normalize("NFC", unquote(rest)).casefold(), 200)
    return found if kind == "in" or not found else f"{kind}/{found}"


def profile_url(native: str) -> str:
    """The canonical address of a slug."""
    path = native if native.partition("/")[0] in _KINDS and "/" in native else f"in/{native}"
    return canonical_url(f"https://www.linkedin.com/{quote(path, safe='/')}")


def post_urn(link: str) -> str:
    """ "urn:li:activity:7458…" out of any link to a post, "" if there is none. Comments name their post, not themselves."""
    match = _POST.search(unquote(link[:4000]))
    if match is None:
        return ""
    return f"urn:li:{match[1] or match[3]}:{match[2] or match[4]}"


def urn_time(urn: str) -> datetime | None:
    """When a post was made by its own number, to the second; None for numbers outside LinkedIn's lifetime."""
    number = urn.rpartition(":")[2]
    if not number.isdigit():
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=min(int(number) >> 22, 10**13))
    return moment.replace(microsecond=0) if 2003 <= moment.year <= 2100 else None


def export_day(name: str) -> datetime | None:
    """The day in "Complete_LinkedInDataExport_03-09-2026", midnight UTC."""
    match = re.search(r"LinkedInDataExport_(\d{2})-(\d{2})-(\d{4})", name, re.IGNORECASE)
    if match is None:
        return None
    try:
        return datetime(int(match[3]), int(match[1]), int(match[2]), tzinfo=UTC)
    except ValueError:
        return None
