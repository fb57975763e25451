"""JSON from strangers, bounded: five megabytes of brackets must not become hundreds of megabytes of empty objects."""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_CONTAINERS = 200_000
MAX_VALUES = 500_000
"""Objects and lists, and commas, in one document; a page of forty long posts has some thousands."""


def read_json(text: str) -> Any:
    """The value of a document (strings may still hold lone surrogates).

    Raises ValueError for what is no JSON (NaN is not), is nested deeper than Python can read, or has more parts than any answer has.
    """
    if text.count("{") + text.count("[") > MAX_CONTAINERS or text.count(",") > MAX_VALUES:
        raise ValueError("more parts than any answer has")
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant)
    except RecursionError as e:
        raise ValueError("nested too deeply") from e


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
