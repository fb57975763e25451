"""Writes the invented sample desk as raw input, the way real places would hand it over, so that it goes the ordinary way in.

`resources/sample/` holds the same files with their dates as marks, `{{2026-11-20T09:12:00|mail}}`: a moment of the
story in UTC and the spelling wanted there. Every moment is moved by the same number of whole days, the distance between
BASE and the day given. Nothing snaps to a weekday: the prompts live on distances ("quiet for 31 days"), so these stay
exact, while names of weekdays and months are spelt anew from the moved date. Ids, guids and message ids carry no marks,
so keys are the same on whatever day the desk is made (but LinkedIn messages, which have no ids of their own).

Pure but for the files: nothing here knows the store, a clock or the network.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

BASE = date(2026, 11, 20)
"""Today in the story: a Friday."""

STORY_NOW = time(10, 12)
"""The hour of that day at which the story is told (UTC): everything in it is past, the newest mail an hour old."""

ARCHIVES = {
    "linkedin": "linkedin/Basic_LinkedInDataExport.zip",
    "linkedin_earlier": "linkedin/Basic_LinkedInDataExport_earlier.zip",
}
"""Folders of the resources that become one zip each."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = tuple("January February March April May June July August September October November December".split())
_MARK = re.compile(r"\{\{(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?)\|(\w+)\}\}")
_RECORDED = (("mastodon", ".json", "application/json"), ("bluesky", ".json", "application/json"), ("feeds", ".xml", "application/xml"), ("feeds", ".html", "text/html"), ("feeds", ".ics", "text/calendar"))
"""Folder, ending and type of what the recorded web answers, in the order of looking."""
_NOT_IN_NAMES = frozenset(
    ("limit", "min_id", "since_id", "max_id", "exclude_replies", "exclude_reblogs", "types[]", "lang", "filter", "includePins", "depth",
     "parentHeight")
)  # fmt: skip
"""What a query may ask without asking for another file."""


def _month(moment: datetime) -> str:
    return _MONTHS[moment.month - 1]


def _short_day(moment: datetime) -> str:
    return _DAYS[moment.weekday()][:3]


def _us(moment: datetime) -> str:
    hour, half = moment.hour % 12 or 12, "AM" if moment.hour < 12 else "PM"
    return f"{moment.month}/{moment.day}/{moment:%y}, {hour}:{moment:%M} {half}"


SPELLINGS: dict[str, Callable[[datetime], str]] = {
    "mail": lambda m: format_datetime(m),
    "mbox": lambda m: f"{_short_day(m)} {_month(m)[:3]} {m.day:2d} {m:%H:%M:%S} {m.year}",
    "wrote": lambda m: f"{_short_day(m)}, {m.day} {_month(m)[:3]} {m.year} at {m:%H:%M}",
    "iso": lambda m: f"{m:%Y-%m-%dT%H:%M:%SZ}",
    "iso_ms": lambda m: f"{m:%Y-%m-%dT%H:%M:%S.000Z}",
    "date": lambda m: f"{m:%Y-%m-%d}",
    "ics": lambda m: f"{m:%Y%m%dT%H%M%SZ}",
    "yearless": lambda m: f"--{m:%m%d}",
    "minute": lambda m: f"{m:%Y-%m-%d %H:%M}",
    "second": lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    "second_utc": lambda m: f"{m:%Y-%m-%d %H:%M:%S} UTC",
    "slash_utc": lambda m: f"{m:%Y/%m/%d %H:%M:%S} UTC",
    "day_month_year": lambda m: f"{m.day:02d} {_month(m)[:3]} {m.year}",
    "month_year": lambda m: f"{_month(m)[:3]} {m.year}",
    "us": _us,
    "us_long": lambda m: f"{m:%m/%d/%y, %I:%M} {'AM' if m.hour < 12 else 'PM'}",
    "day": lambda m: f"{m.day} {_month(m)}",
    "month": _month,
    "weekday": lambda m: _DAYS[m.weekday()],
    "wd": lambda m: _short_day(m).lower(),
}
"""How a moment is written, by the name behind the bar. English names on purpose: no locale decides over a mail header."""


def sample_folder() -> Path:
    """`resources/sample` in a checkout, `relationdesk/_resources/sample` in a wheel."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_resources" / "sample"
    return installed if installed.is_dir() else package.parent / "resources" / "sample"


def story_day(now: datetime) -> date:
    """The day to give to `write_sample`, so that nothing of the story lies after `now` (aware): today or yesterday."""
    moment = now.astimezone(UTC)
    return moment.date() if moment.time() >= STORY_NOW else moment.date() - timedelta(days=1)


def shifted(text: str, days: int) -> str:
    """The text with every mark spelt out, moved by `days`. Raises KeyError for a spelling nobody knows."""

    def spelt(mark: re.Match[str]) -> str:
        moment = datetime.fromisoformat(mark[1]).replace(tzinfo=UTC) + timedelta(days=days)
        return SPELLINGS[mark[2]](moment)

    return _MARK.sub(spelt, text)


def write_sample(folder: Path, today: date) -> None:
    """Write the raw input of the story into `folder` (made if missing), told as if `today` were its Friday.

    mail/ contacts/ feeds/ mastodon/ bluesky/ earlier/ as they stand, the LinkedIn tables as zips (ARCHIVES), and index.json, which says
    in order what to bring in, which logins follow whom, and what the sample user decided. OSError goes through.
    """
    days = (today - BASE).days
    root = sample_folder()
    for source in sorted(path for path in root.rglob("*") if path.is_file() and path.name != "README.md"):
        name = source.relative_to(root)
        if name.parts[0] not in ARCHIVES:
            _write(folder / name, shifted(source.read_text(encoding="utf-8"), days))
    for part, archive in ARCHIVES.items():
        _pack(root / part, folder / archive, today, days)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    ends = "\r\n" if target.suffix in (".vcf", ".ics") else "\n"  # RFC 2426, RFC 5545: lines of cards and calendars end in CRLF
    target.write_bytes(text.replace("\r\n", "\n").replace("\n", ends).encode("utf-8"))


def _pack(tables: Path, target: Path, today: date, days: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for table in sorted(tables.glob("*.csv")):
            entry = zipfile.ZipInfo(table.name, (today.year, today.month, today.day, 8, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, shifted(table.read_text(encoding="utf-8"), days).encode("utf-8"))


Answer = tuple[int, dict[str, str], bytes]
"""Status, headers (names in lower case), body."""

_JSON = "application/json; charset=utf-8"
_NOT_FOUND: Answer = (404, {"content-type": _JSON}, b'{"error":"Record not found"}')


def recorded_answer(folder: Path, url: str) -> Answer:
    """What the recorded web of the sample answers to a GET or a sign-in: status, headers (names in lower case), body.

    `folder` was written by `write_sample` (or is its `earlier/`). Lists of Mastodon obey limit, min_id, since_id and
    max_id as the servers do. 410 for what is gone in the story, 404 with a JSON body for everything not recorded.
    """
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    own = [pair for pair in query if pair[0] not in _NOT_IN_NAMES]
    segments = [segment for segment in parts.path.split("/") if segment]
    host = _safe(parts.hostname or "")
    if segments[:3] == ["api", "v1", "statuses"] and len(segments) < 5:
        wanted = {value for name, value in query if name == "id[]"} | set(segments[3:])
        found = _statuses(folder / "mastodon" / host, wanted)
        return _told(found) if len(segments) == 3 else _told(found[0]) if found else _NOT_FOUND
    if segments == ["xrpc", "app.bsky.feed.getPosts"]:
        return _told({"posts": _posts(folder / "bluesky" / host, {value for name, value in query if name == "uris"})})
    for kind, ending, mime in _RECORDED:
        file = folder.joinpath(kind, host, *map(_safe, segments[:-1]), _file_name(segments, own, ending))
        if file.is_file():
            body = file.read_bytes()
            headers = {"content-type": f"{mime}; charset=utf-8"}
            return _paged(body, url, query, headers) if kind == "mastodon" else (200, headers, body)
        gone = file.with_name(file.name + ".gone")
        if gone.is_file():
            return 410, {"content-type": "text/plain; charset=utf-8"}, gone.read_bytes()
    return _NOT_FOUND


def _told(value: Any) -> Answer:
    return 200, {"content-type": _JSON}, json.dumps(value, ensure_ascii=False).encode("utf-8")


def _statuses(server: Path, wanted: set[str]) -> list[Any]:
    """The statuses of these ids that a recorded server knows, in no promised order; [] for none."""
    lists = sorted(server.glob("api/v1/accounts/*/statuses.json"))
    known = [json.loads(file.read_bytes()) for file in sorted(server.glob("api/v1/statuses/*.json"))]
    known += [status for file in lists for status in json.loads(file.read_bytes())]
    return list({status["id"]: status for status in known if status["id"] in wanted}.values())


def _posts(server: Path, wanted: set[str]) -> list[Any]:
    """The posts of these addresses that stand in a recorded feed; [] for none."""
    feeds = [json.loads(file.read_bytes()) for file in sorted(server.glob("xrpc/app.bsky.feed.getAuthorFeed*.json"))]
    known = {item["post"]["uri"]: item["post"] for feed in feeds for item in feed["feed"]}
    return [post for uri, post in known.items() if uri in wanted]


def _safe(segment: str) -> str:
    """A name that every file system takes and that never leaves its folder."""
    return re.sub(r"[^\w.@=-]", "_", segment).lstrip(".") or "_"


def _file_name(segments: list[str], query: list[tuple[str, str]], ending: str) -> str:
    stem = _safe(segments[-1] if segments else "index").removesuffix(ending)
    return stem + "".join(_safe(f"_{name}={value}") for name, value in sorted(query)) + ending


def _paged(body: bytes, url: str, query: list[tuple[str, str]], headers: dict[str, str]) -> Answer:
    """The part of a recorded list that the query asks for, newest first; anything but a list as it is."""
    items: Any = json.loads(body)
    if not isinstance(items, list):
        return 200, headers, body
    asked = dict(query)
    numbers = {name: int(asked[name]) for name in ("min_id", "since_id", "max_id") if asked.get(name, "").isdecimal()}
    limit = min(int(asked["limit"]), 80) if asked.get("limit", "").isdecimal() else 20
    wanted = {value for name, value in query if name == "types[]"}
    after = max(numbers.get("min_id", -1), numbers.get("since_id", -1))
    items = [
        item
        for item in items
        if after < int(item["id"]) < numbers.get("max_id", 1 << 63) and (not wanted or item.get("type") in wanted)
    ]
    page = items[-limit:] if limit and "min_id" in numbers else items[:limit]
    if page:
        address = url.partition("?")[0]
        newer, older = f"{address}?limit={limit}&min_id={page[0]['id']}", f"{address}?limit={limit}&max_id={page[-1]['id']}"
        headers = headers | {"link": f'<{older}>; rel="next", <{newer}>; rel="prev"'}
    return 200, headers, json.dumps(page, ensure_ascii=False).encode("utf-8")
