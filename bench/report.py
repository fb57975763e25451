"""The table of what was measured: on the screen and in docs/performance.md, between two marks."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_INTRODUCTION = f"""# Performance

`make bench` measures every row against its floor in one process, in turn, and fails if a goal is missed by more than
the spread. Times wander from machine to machine; the ratios are what counts.

{BEGIN}
{END}
"""


def time_text(seconds: float | None) -> str:
    """ "1.25 ms", "340 µs", "2.1 s"; "–" for none."""
    if seconds is None:
        return "–"
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"


def table(rows: Sequence[Row]) -> str:
    """Markdown, one line per row, in the order measured."""
    lines = ["| Operation | time | floor | value (quartiles) | goal | |", "|---|---|---|---|---|---|"]
    for row in rows:
        floor = f"{row.floor_name}: {time_text(row.floor)}" if row.floor is not None else row.floor_name
        time = f"{row.ours:.0f} MB" if row.unit == "MB" else time_text(row.ours)
        value = f"{row.value:.3g} {row.unit} ({row.low:.3g} to {row.high:.3g})"
        goal = "–" if row.goal is None else f"≤ {row.goal:g} {row.unit}"
        verdict = "–" if row.goal is None else "missed" if row.missed else "reached"
        lines.append(f"| {row.name} | {time} | {floor} | {value} | {goal} | {verdict} |")
    return "\n".join(lines)


def heading(size: str) -> str:
    """On what it was measured."""
    return (
        f"Desk of {size}. Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processor cores, "
        f"{platform.system()}."
    )


def write(text: str) -> None:
    """Put the text between the marks; the rest of the page stays."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _INTRODUCTION
    if BEGIN not in page or END not in page:
        page += f"\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
