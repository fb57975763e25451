"""Answers of places, bent in single spots: valid JSON or XML still, but with something in it that nobody expects. For all live sources."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Recorded = Callable[[str], tuple[int, dict[str, str], bytes]]
LONG = "n" * 300_000
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63 - 1, 2**64, 10**30, 1e300, 1.5, "", " ", LONG, "\0", "a\nb", "\u202eevil", "\ud800", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z", "99999-01-01T00:00:00Z", "2025-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "at://", "did:plc:", [], [[]] * 50, {},
    {"$type": "x"}, {"uri": 7}, "<a href=x>", "https://[::1", "javascript:alert(1)", "file:///etc/passwd", "http://169.254.169.254/", ["en", 7, None], [None], "17", "١٢", "1e5", "²",
    "1" * 5_000,
)  # fmt: skip
MOST_REQUESTS = 400


def _spots(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from _spots(one, (*way, name))


def _changed(value: Any, way: tuple[Any, ...], change: Callable[[Any], list[Any]]) -> list[Any]:
    """The value with what stands at this spot changed: [] for nothing there any more, or one value."""
    if not way:
        return change(value)
    name, rest = way[0], way[1:]
    if isinstance(value, dict):
        return [{key: new for key, old in value.items() for new in (_changed(old, rest, change) if key == name else [old])}]
    return [[new for at, old in enumerate(value) for new in (_changed(old, rest, change) if at == name else [old])]]


def bent_json(value: Any, dice: random.Random) -> Any:
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        way, luck = dice.choice(list(_spots(value))), dice.random()
        if luck < 0.15 and way:
            (value,) = _changed(value, way, lambda _: [])
        elif luck < 0.25:
            (value,) = _changed(value, way, lambda old: [old * 30 if isinstance(old, list) else old])
        else:
            odd = dice.choice(ODD)
            (value,) = _changed(value, way, lambda _, odd=odd: [odd])
    return value


def bent_xml(text: str, dice: random.Random) -> str:
    spots = list(re.finditer(r"(?<=>)[^<>]*\w[^<>]*(?=<)|(?<==\")[^\"<>]*(?=\")", text))
    for spot in sorted(dice.sample(spots, min(len(spots), dice.choice((1, 1, 3)))), key=lambda found: -found.start()):
        odd = dice.choice([one for one in ODD if isinstance(one, str) and one not in ("\ud800", "\0")])
        text = text[: spot.start()] + odd.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") + text[spot.end() :]
    return text


class Bent:
    """A recorded web of which one answer is bent, or each. which: its number, counted from 1; 0 for each."""

    def __init__(self, recorded: Recorded, dice: random.Random, which: int) -> None:
        self._recorded, self._dice, self._which = recorded, dice, which
        self.asked = 0

    def __call__(self, url: str) -> tuple[int, dict[str, str], bytes]:
        self.asked += 1
        assert self.asked <= MOST_REQUESTS, "this goes on for ever"
        status, headers, body = self._recorded(url)
        if self._which not in (0, self.asked):
            return status, headers, body
        try:
            return status, headers, json.dumps(bent_json(json.loads(body), self._dice)).encode()
        except ValueError:
            is_xml = body.lstrip().startswith(b"<")
            return status, headers, bent_xml(body.decode(), self._dice).encode() if is_xml else body
