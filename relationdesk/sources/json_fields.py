"""Fields of somebody else's JSON, taken as what they should be or not at all. Pure; nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from relationdesk.model import Precision, pairs
from relationdesk.text import one_line

Json = Mapping[str, Any]
_WEB = re.compile(r"https?://[^/\s]+", re.IGNORECASE)
_OBJECT = (dict, Mapping)  # a dict is told at once; the rest costs ten times as much


def string(record: object, name: str, limit: int = 2_000) -> str:
    """A text field on one line, numbers as text, "" for anything else; no surrogates or control characters."""
    value = record.get(name) if isinstance(record, _OBJECT) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return one_line(str(value), limit)


def whole(record: object, name: str) -> int | None:
    """A whole number of at most 15 digits that is not below nothing, also where it is written as text; None for anything else."""
    text = string(record, name, 16)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def records(record: object, name: str) -> list[Json]:
    """The objects of a list field; () for anything else."""
    value = record.get(name) if isinstance(record, _OBJECT) else None
    return [item for item in value if isinstance(item, _OBJECT)][:200] if isinstance(value, list) else []


def record_of(record: object, name: str) -> Json | None:
    """The object in a field; None for anything else."""
    value = record.get(name) if isinstance(record, _OBJECT) else None
    return value if isinstance(value, _OBJECT) else None


def moment_of(text: str) -> tuple[datetime | None, Precision]:
    """The API's times: RFC 3339 in UTC; day only for some fields. (None, UNKNOWN) for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, Precision.UNKNOWN
    return moment, Precision.SECOND if len(text) > 10 else Precision.DAY


def besides(record: object, *, since: str = "", picture: str = "", **counts: str) -> tuple[tuple[str, str], ...]:
    """`Profile.extra` from the fields of these names: a day, the address of a picture, and whole numbers."""
    numbers = {name: string(record, field, 20) for name, field in counts.items()}
    moment, _ = moment_of(string(record, since, 40))
    return pairs(
        picture=web(string(record, picture)), since=f"{moment:%Y-%m-%d}" if moment is not None else "",
        **{name: number for name, number in numbers.items() if number.isascii() and number.isdigit()},
    )  # fmt: skip


def web(text: str) -> str:
    """The same if it is the address of a page on the web, else ""."""
    return text if _WEB.match(text) else ""
