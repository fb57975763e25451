"""Long work on the desk in portions: many short transactions, so that a note never waits long, each no longer than it may be.

Work comes as `Steps`: a generator that says of what comes next whether it writes. Writing happens inside a transaction that
ends as soon as it was long enough; then whoever waits has their turn. Long reading happens outside.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from relationdesk.store import faults, writer_turns
from relationdesk.store.database import Desk, bring_in_log, database_path, tending_log, transaction

TRANSACTION = 0.08
"""Seconds that one transaction shall hold the desk, its flush to disk included. A note that comes at the wrong moment waits
for one of them, on a busy computer for twice or thrice that, and shall be saved within a quarter of a second."""
PIECE = 0.06
"""Seconds that work between two looks at the clock shall take. Each piece is written as one into the full-text index, and many small
ones are merged there over and over: in pieces of 30 ms an import takes an eighth longer, of 10 ms half as long again."""
FIRST_PIECE = 50
"""Rows of the first piece, before anybody knows how long they take."""
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

    size: int = field(default_factory=lambda: FIRST_PIECE)
    most: int = 5_000
    _begun: float = 0.0

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *exc: object) -> None:
        took = max(time.perf_counter() - self._begun, 1e-6)
        self.size = max(1, min(self.most, round(self.size * min(2.0, max(0.25, PIECE / took)))))


class Watch:
    """Whether anybody else has written to the desk since it was asked last."""

    def __init__(self, db: Desk) -> None:
        self._db, self._version = db, self._now(db)

    def has_moved(self) -> bool:
        before, self._version = self._version, self._now(self._db)
        return before != self._version

    @staticmethod
    def _now(db: Desk) -> int:
        return int(db.execute("PRAGMA data_version").fetchone()[0])


def some_of(ids: Iterable[int], pace: Pace) -> Iterator[list[int]]:
    """All of these in their order, as many at a time as the pace says."""
    left = list(ids)
    at = 0
    while some := left[at : at + pace.size]:
        yield some
        at += len(some)


def whole(db: Desk, steps: Steps) -> None:
    """All of it in one transaction, but for what is read before anything is written."""
    step = next(steps, None)
    while step is Step.READ:
        step = next(steps, None)
    with transaction(db):
        for _ in steps:
            pass


def in_portions(db: Desk, steps: Steps, *, between: Callable[[], None] = lambda: None) -> None:
    """Do it a transaction at a time. between: called after each of them and around long reading; what it raises ends the work.

    Whatever is raised, the transactions before it stay: whoever calls knows how to go on or back.
    """
    folder, budget, written = database_path(db).parent, TRANSACTION / 2, 0
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
            took = max(time.perf_counter() - begun, 1e-6)
            budget = min(TRANSACTION, max(TRANSACTION / 50, budget * min(1.5, TRANSACTION / took)))
            written += 1
            writer_turns.let_by(folder)
            if written % LOG_AFTER == 0 or step is None:
                with suppress(faults.DatabaseError):  # without room for it, it can wait
                    bring_in_log(db)
