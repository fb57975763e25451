"""Long work on the desk in portions: many short transactions, so that a note never waits long, each no longer than it may be.

Work comes as `Steps`: a generator that says of what comes next whether it writes. Writing happens inside a transaction that
ends as soon as it was long enough; then whoever waits has their turn. Long reading happens outside.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from relationdesk.store import faults, turns
from relationdesk.store.database import Desk, database_path, tending_log, transaction

TRANSACTION = 0.05
"""Seconds that one transaction shall hold the desk, its flush to disk included. A note that comes at the wrong moment waits
for one of them, on a busy computer for twice or thrice that, and shall be saved within a quarter of a second."""
PIECE = 0.01
"""Seconds that work between two looks at the clock shall take."""
LOG_AFTER = 8
"""Transactions after which the write-ahead log is brought into the desk's file: pages that many of them wrote come once."""


class Step(Enum):
    """What comes next: READ changes nothing in the desk and may take long, WRITE is short and inside a transaction."""

    READ = "read"
    WRITE = "write"


Steps = Iterator[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Some of what is staged. where: a condition on the staged rows `s`, with the named values it asks for."""

    where: str
    values: dict[str, object] = field(default_factory=dict)
    rows: int = 0


ALL = Portion(where="true")


@dataclass(slots=True)
class Pace:
    """How much makes a piece of work: as much as took about PIECE seconds last time. `with pace:` around each piece."""

    size: int = 50
    most: int = 5_000
    _begun: float = 0.0

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *exc: object) -> None:
        took = max(time.perf_counter() - self._begun, 1e-6)
        self.size = max(1, min(self.most, round(self.size * min(2.0, max(0.25, PIECE / took)))))


def whole(db: Desk, steps: Steps) -> None:
    """All of it in one transaction."""
    with transaction(db):
        for _ in steps:
            pass


def in_portions(db: Desk, steps: Steps, *, between: Callable[[], None] = lambda: None, seconds: float = TRANSACTION) -> None:
    """Do it a transaction at a time. between: called after each of them and around long reading; what it raises ends the work.

    Whatever is raised, the transactions before it stay: whoever calls knows how to go on or back.
    """
    folder, budget, written = database_path(db).parent, seconds / 2, 0
    step = next(steps, None)
    with tending_log():
        while step is not None:
            between()
            if step is Step.READ:
                step = next(steps, None)
                continue
            with transaction(db):
                begun = time.perf_counter()
                step = next(steps, None)
                while step is Step.WRITE and time.perf_counter() - begun < budget:
                    step = next(steps, None)
            budget = min(seconds, max(seconds / 50, budget * min(1.5, seconds / max(time.perf_counter() - begun, 1e-6))))
            written += 1
            turns.let_by(folder)
            if written % LOG_AFTER == 0 or step is None:
                with suppress(faults.DatabaseError):  # in nobody's turn: notes are saved meanwhile; without room it can wait
                    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
