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

`make bench` measures every row against its floor in one process, in turn. The value is the median of the rounds; a goal
is missed when the median lies above it by more than half the distance between the quartiles, and then the command fails.
Times wander from machine to machine; the ratios are what counts.

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
        lines.append(f"| {row.name} | {time} | {floor} | {value} | {goal} | {row.verdict} |")
    return "\n".join(lines)


def notes(rows: Sequence[Row]) -> str:
    """What a row compares, where its name does not say it all: one line per row."""
    return "\n".join(f"- {row.name}: {row.remark}" for row in rows if row.remark)


def merged(old: str, new: str) -> str:
    """Both texts' lines, a line of `new` in the place of the one in `old` that begins with the same name."""
    lines = {_name(line): line for line in old.splitlines()}
    lines.update((_name(line), line) for line in new.splitlines())
    return "\n".join(lines.values())


def _name(line: str) -> str:
    return line.split(" | ")[0] if line.startswith("|") else line.partition(": ")[0]


def heading(size: str) -> str:
    """On what it was measured."""
    return (
        f"Desk of {size}. Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processor cores, "
        f"{platform.system()}."
    )


def write(size: str, rows: Sequence[Row], *, whole: bool) -> None:
    """Put table and notes between the marks; the rest of the page stays. whole False: rows not measured now stay too."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _INTRODUCTION
    if BEGIN not in page or END not in page:
        page += f"\n{BEGIN}\n{END}\n"
    measured = page.partition(BEGIN)[2].partition(END)[0]
    new_table, new_notes = table(rows), notes(rows)
    if not whole:
        old = measured.splitlines()
        new_table = merged("\n".join(line for line in old if line.startswith("|")), new_table)
        new_notes = merged("\n".join(line for line in old if line.startswith("- ")), new_notes)
    parts = [heading(size), new_table, *([new_notes] if new_notes else [])]
    put_between(page, BEGIN, END, "\n\n".join(parts))


def put_between(page: str, begin: str, end: str, text: str) -> None:
    """The page with this text between two of its marks; what stands around them stays."""
    before, _, rest = page.partition(begin)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
