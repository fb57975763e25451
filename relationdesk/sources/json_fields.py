"""Fields of somebody else's JSON, taken as what they should be or not at all. Pure; nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from relationdesk.model import Precision
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


def web(text: str) -> str:
    """The same if it is the address of a page on the web, else ""."""
    return text if _WEB.match(text) else ""
