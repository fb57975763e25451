"""Measuring: a thing and its floor in turn, in one process, several times; medians, spread, and the ratio of each pair."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

ROUNDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. goal: at most so many times the floor, or (unit "ms"/"MB") an absolute bound; None: no goal.

    ours and floor are in seconds per operation; low and high are the quartiles of the value that the goal is about.
    """

    name: str
    floor_name: str
    ours: float
    floor: float | None
    value: float
    low: float
    high: float
    goal: float | None
    unit: str = "×"
    remark: str = ""

    @property
    def missed(self) -> bool:
        """The median is above the goal, and by more than half the distance between the quartiles."""
        return self.goal is not None and self.value - self.goal > (self.high - self.low) / 2

    @property
    def verdict(self) -> str:
        """ "reached", "missed", "within the spread" (above the goal, but not by more than the rounds differ), "–"."""
        if self.goal is None:
            return "–"
        if self.value <= self.goal:
            return "reached"
        return "missed" if self.missed else "within the spread"


def ratio(
    name: str, floor_name: str, goal: float | None, ours: Callable[[], object], floor: Callable[[], object], *,
    rounds: int = ROUNDS, ours_times: int = 1, floor_times: int = 1, after: Callable[[], object] | None = None, remark: str = "",
) -> Row:  # fmt: skip
    """Measure `ours` and `floor` in turn. *_times: calls per round, so that a round is longer than the clock's noise.

    after: puts things back between rounds, unmeasured.
    """
    pairs = []
    for n in range(rounds + 1):
        b = _timed(floor, floor_times)
        a = _timed(ours, ours_times)
        if after is not None:
            after()
        if n:  # the first round only warms caches
            pairs.append((a, b))
    ratios = [a / b for a, b in pairs]
    low, _, high = quantiles(ratios, n=4)
    return Row(
        name=name, floor_name=floor_name, ours=median(a for a, _ in pairs), floor=median(b for _, b in pairs),
        value=median(ratios), low=low, high=high, goal=goal, remark=remark,
    )  # fmt: skip


def absolute(name: str, values: list[float], goal: float | None, unit: str, *, floor_name: str = "–", remark: str = "") -> Row:
    """A row with a bound of its own. values: in seconds for "ms", in MB for "MB"."""
    scaled = [v * 1000 for v in values] if unit == "ms" else values
    low, _, high = quantiles(scaled, n=4) if len(scaled) > 1 else (scaled[0],) * 3
    return Row(
        name=name, floor_name=floor_name, ours=median(values), floor=None, value=median(scaled), low=low, high=high, goal=goal,
        unit=unit, remark=remark,
    )  # fmt: skip


def queries(db: sqlite3.Connection, job: Callable[[], object], only: str = "") -> Callable[[], None]:
    """The questions that `job` really asks the store, to be asked again without making values of the answers.

    only: those questions with this word in them.
    """
    reading = [sql for sql in asked_by(db, job) if only in sql]

    def again() -> None:
        for sql in reading:
            db.execute(sql).fetchall()

    return again


def asked_by(db: sqlite3.Connection, job: Callable[[], object]) -> list[str]:
    """The questions that `job` really asks the store, with what is put in, in their order."""
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    job()
    db.set_trace_callback(None)
    return [sql for sql in asked if sql.lstrip().upper().startswith("SELECT")]


def timed(job: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of each call after one to warm up."""
    job()
    return [_timed(job, 1) for _ in range(rounds)]


def _timed(job: Callable[[], object], times: int) -> float:
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    for _ in range(times):
        job()
    taken = (time.perf_counter() - begun) / times
    gc.enable()
    return taken
