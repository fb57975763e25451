"""What the cursor of a calendar server remembers: of each calendar its marks, and of each entry under which keys it was told.

The keys are needed when the server says that an entry is gone: it names the entry by its address, and a series is as many
activities as it has times. Times that follow each other at one distance are kept as one number, so a series takes some bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from relationdesk.model import Key

MOST_ENTRIES = 30_000
"""Entries of one calendar that are read; a full life has less."""
_BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"\d{8}T\d{4}00Z")
_FORMAT = "%Y%m%dT%H%M00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An entry as it was read. mark: its ETag. endless: it goes on without an end, so it is read again as time goes by."""

    mark: str
    keys: tuple[Key, ...] = ()
    endless: bool = False


@dataclass(slots=True)
class Kept:
    """One calendar. token: of the last sync-collection, "" where there is none. mark: what the list of calendars said of it then.
    todo: name → mark of entries that are known to be new or changed and were not read yet. fresh: ISO day when endless ones were read."""

    token: str = ""
    mark: str = ""
    seen: dict[str, Seen] = field(default_factory=dict)
    todo: dict[str, str] = field(default_factory=dict)
    fresh: str = ""


@dataclass(slots=True)
class Memory:
    """calendars: path → Kept. gone: keys that a calendar no longer holds, to be withdrawn when every calendar was read."""

    calendars: dict[str, Kept] = field(default_factory=dict)
    gone: list[Key] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> Memory:
        """Anything that is no cursor of ours begins anew."""
        try:
            data: Any = json.loads(text) if text else {}
            return cls(
                calendars={str(path): _kept(kept) for path, kept in data.get("calendars", {}).items()},
                gone=list(_keys(data.get("gone", []))),
            )
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
            return cls()

    def text(self) -> str:
        return json.dumps(
            {
                "calendars": {
                    path: {
                        "token": kept.token, "mark": kept.mark, "fresh": kept.fresh, "todo": kept.todo,
                        "seen": {name: [seen.mark, int(seen.endless), *_packed(seen.keys)] for name, seen in kept.seen.items()},
                    } for path, kept in self.calendars.items()
                },
                "gone": _packed(self.gone),
            },
            sort_keys=True, separators=(",", ":"),
        )  # fmt: skip

    def held(self) -> frozenset[Key]:
        """Every key that some calendar holds as far as is known."""
        return frozenset(key for kept in self.calendars.values() for seen in kept.seen.values() for key in seen.keys)


def _kept(data: Any) -> Kept:
    seen = {str(name): Seen(mark=str(of[0]), endless=bool(of[1]), keys=tuple(_keys(of[2:]))) for name, of in data["seen"].items()}
    todo = {str(name): str(mark) for name, mark in data["todo"].items()}
    return Kept(token=str(data["token"]), mark=str(data["mark"]), seen=seen, todo=todo, fresh=str(data["fresh"]))


def _packed(keys: Iterable[Key]) -> list[list[str]]:
    """[place, native id] and, of a series, its times as text: "start:distance*count,…" in minutes since 2000."""
    found: list[list[str]] = []
    series: dict[tuple[str, str], list[int]] = {}
    for key in keys:
        base, _, again = key.native_id.rpartition("#")
        if base and _TIME.fullmatch(again):
            moment = datetime.strptime(again, _FORMAT).replace(tzinfo=UTC)
            series.setdefault((key.place, base), []).append(int((moment - _BEGIN).total_seconds()) // 60)
        else:
            found.append([key.place, key.native_id])
    for (place, base), minutes in series.items():
        times = sorted(set(minutes))
        steps = (later - earlier for earlier, later in pairwise(times))
        runs = ",".join(f"{step}*{len(list(same))}" for step, same in groupby(steps))
        found.append([place, base, f"{times[0]}:{runs}"])
    return found


def _keys(packed: Iterable[list[str]]) -> Iterator[Key]:
    for place, native, *times in packed:
        if not times:
            yield Key(str(place), str(native))
            continue
        start, _, runs = times[0].partition(":")
        at = int(start)
        yield _time(place, native, at)
        for run in filter(None, runs.split(",")):
            step, _, count = run.partition("*")
            for _ in range(min(int(count), 5_000)):
                at += int(step)
                yield _time(place, native, at)


def _time(place: str, base: str, minutes: int) -> Key:
    return Key(place, f"{base}#{(_BEGIN + timedelta(minutes=minutes)).strftime(_FORMAT)}")
