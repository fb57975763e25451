"""The rows of the window, each in a process of its own and off screen: start, opening people, scrolling, memory.

The window works on its own copy of the desk, closed in order and left on a key person, as a user leaves it. Python's
byte code is kept between starts, as it is for an installed program, whatever the environment of the bench says.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench import data, reading_along
from bench.child import KEY_PERSON, LONG_PERSON
from bench.measure import Row, absolute
from relationdesk.store import database, settings
from relationdesk.ui import layout_memory

STARTS = 9
USES = 3
LONG = 50_000
"""Activities of the person with the long timeline."""


def _child(what: str, folder: Path, *more: str) -> dict[str, Any]:
    """One start; raises CalledProcessError if the window does not come, RuntimeError if a timeline does not."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(data.FOLDER / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "bench.child", what, str(folder), str(time.time()), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180, env=environment)
    found = dict(json.loads(done.stdout))
    if "missing" in found:
        raise RuntimeError(found["missing"])
    return found


@cache
def _left(folder: Path) -> Path:
    """A copy of the desk as a user leaves it: on a key person, closed in order; and one person has a very long timeline."""
    copy = folder / "window"
    copy.mkdir()
    db = database.connect(folder / database.DESK_FILE)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    db.close()
    shutil.copyfile(folder / database.DESK_FILE, copy / database.DESK_FILE)
    db = database.open_desk(copy)
    for person in range(LONG_PERSON + 1, LONG_PERSON + 100):
        (count,) = db.execute(
            "SELECT count(*) FROM activities WHERE profile_id IN (SELECT id FROM profiles WHERE person_id = ?)",
            (LONG_PERSON,),
        ).fetchone()
        if count >= LONG:
            break
        db.execute("UPDATE profiles SET person_id = ? WHERE person_id = ?", (LONG_PERSON, person))
    reading_along.follow(db, KEY_PERSON)
    settings.set_value(db, layout_memory.NAME, layout_memory.dump(layout_memory.Layout(page="person", id=KEY_PERSON)))
    database.close_desk(db)
    return copy


@cache
def _uses(folder: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The desk used for half a minute, and a bare window, in turn; each time as it was left, since what a use reads is not new to the next."""
    desk = _left(folder)
    found = []
    for n in range(USES):
        used = shutil.copytree(desk, folder / f"used-{n}")
        found.append((_child("desk", used), _child("bare", used)))
        shutil.rmtree(used)
    return found


def start(folder: Path) -> list[Row]:
    """Whole processes, from their start to the picture, in turn."""
    desk = _left(folder)
    for what in ("bare", "desk"):
        _child(what, desk, "--start")
    pairs = [(_child("desk", desk, "--start"), _child("bare", desk)) for _ in range(STARTS)]
    ratios = [ours["painted"] / bare["painted"] for ours, bare in pairs]
    low, _, high = quantiles(ratios, n=4)
    row = Row(
        name="start until the first person's timeline is painted", floor_name="bare PySide6 window",
        ours=median(ours["painted"] for ours, _ in pairs), floor=median(bare["painted"] for _, bare in pairs),
        value=median(ratios), low=low, high=high, goal=1.8,
    )  # fmt: skip
    return [row]


def opening(folder: Path) -> list[Row]:
    """From asking for somebody until their items are painted, coming from somebody else."""
    found = [ours for ours, _ in _uses(folder)]
    kinds = {"key": "a key person's timeline", "tail": "a tail person's timeline", "long": f"a timeline of {LONG:,}"}
    rows = [
        absolute(f"opening {title}", [taken for ours in found for taken in ours["opened"][kind]], 50, "ms")
        for kind, title in kinds.items()
    ]
    stalls = [stall for ours in found for stall in ours["stalls"]]
    return [*rows, absolute("longest stall of the event loop while switching people", stalls, None, "ms")]


def scroll(folder: Path) -> list[Row]:
    """Steps of sixty pixels with their pictures, through a timeline that goes on loading; after a second to warm up."""
    found = [ours for ours, _ in _uses(folder)]
    frames = [frame for ours in found for frame in ours["frames"]]
    late = [quantiles(ours["frames"], n=20)[-1] for ours in found]
    return [
        absolute("scrolling a timeline, frame", frames, 8, "ms"),
        absolute("scrolling a timeline, 95 of 100 frames are below", late, 8, "ms"),
        absolute("scrolling a timeline, worst frame", [max(ours["frames"]) for ours in found], 8, "ms"),
        absolute("scrolling a timeline, worst frame, in processor time", [max(ours["busy"][: len(ours["frames"])]) for ours in found], 8, "ms",
                 remark="without waiting for the interpreter while the next page is read, or for other programs"),
    ]  # fmt: skip


def reading(folder: Path) -> list[Row]:
    """The same while 500 new activities of 40 profiles are read, some of them the person's on the screen, from a web in memory."""
    found = [ours for ours, _ in _uses(folder)]
    if short := [ours["synced"] for ours in found if ours["synced"] < reading_along.NEW]:
        raise RuntimeError(f"Only {short} new activities were read while the window scrolled.")
    frames = [frame for ours in found for frame in ours["frames_synced"]]
    worst = [max(ours["frames_synced"]) for ours in found]
    return [
        absolute("scrolling while 500 new activities of 40 profiles are read, frame", frames, 8, "ms"),
        absolute("scrolling while 500 new activities of 40 profiles are read, worst frame", worst, 50, "ms"),
    ]


def memory(folder: Path) -> list[Row]:
    """After people were opened, before scrolling; pages of its own only, for both."""
    return [
        absolute(
            "memory above a bare window", [ours["memory"] - bare["memory"] for ours, bare in _uses(folder)], 120, "MB"
        )
    ]


WINDOW = {"start": start, "open": opening, "scroll": scroll, "reading": reading, "memory": memory}
