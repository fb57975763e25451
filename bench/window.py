"""The rows of the window, each in a process of its own and off screen: start, opening a person, scrolling, memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.measure import Row, absolute

STARTS = 5


def _child(what: str, folder: Path) -> dict[str, Any]:
    """One start; raises CalledProcessError if the window does not come."""
    command = [sys.executable, "-m", "bench.child", what, str(folder), str(time.time())]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return dict(json.loads(done.stdout))


def window(folder: Path) -> list[Row]:
    """Bare window and desk in turn."""
    _child("bare", folder)
    _child("desk", folder)
    pairs = [(_child("desk", folder), _child("bare", folder)) for _ in range(STARTS)]
    ratios = [ours["painted"] / bare["painted"] for ours, bare in pairs]
    low, _, high = quantiles(ratios, n=4)
    start = Row(
        name="start until the first person's timeline is painted", floor_name="bare PySide6 window",
        ours=median(ours["painted"] for ours, _ in pairs), floor=median(bare["painted"] for _, bare in pairs),
        value=median(ratios), low=low, high=high, goal=1.8,
    )  # fmt: skip
    return [
        start,
        absolute("opening a key person's timeline", [median(ours["opened"]["key"]) for ours, _ in pairs], 50, "ms"),
        absolute("opening a tail person's timeline", [median(ours["opened"]["tail"]) for ours, _ in pairs], 50, "ms"),
        absolute("scrolling a timeline, median frame", [median(ours["frames"]) for ours, _ in pairs], 8, "ms"),
        absolute("scrolling a timeline, worst frame", [max(ours["frames"]) for ours, _ in pairs], 8, "ms"),
        absolute("memory above a bare window", [ours["memory"] - bare["memory"] for ours, bare in pairs], 120, "MB"),
    ]  # fmt: skip


WINDOW = {"window": window}
