"""Writers take turns: whoever asked first writes first, and a job of many short transactions hands the turn on between them.

SQLite knows no queue. A program that begins one transaction right after the other nearly always wins against one that waits,
because SQLite lets the waiting one look again only after pauses that grow to a tenth of a second. Within a program `Turns`
is the queue; between programs a file beside the desk says that somebody waits.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from relationdesk.store import faults

if TYPE_CHECKING:
    from relationdesk.store.database import Desk

WAITING_FILE = "waiting"
LOOK_AGAIN = 0.002
"""Seconds after which a program that waits for another one looks again."""
LET_BY = 0.01
"""Seconds for which a job steps back when another program waits: time for several looks."""


class Turns:
    """One writer at a time, in the order in which they asked. Whoever has the turn may take it again (for another desk)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder = 0
        self._times = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()
        self.tended = 0
        """How many long jobs see to the write-ahead log just now; nobody else then has to bring it into the file."""

    @contextmanager
    def tending(self) -> Iterator[None]:
        """This job sees to the log inside the block."""
        with self._lock:
            self.tended += 1
        try:
            yield
        finally:
            with self._lock:
                self.tended -= 1

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The turn is ours inside the block."""
        self._take()
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        me, gate = threading.get_ident(), threading.Lock()
        with self._lock:
            if self._times == 0 or self._holder == me:
                self._holder, self._times = me, self._times + 1
                return
            gate.acquire()
            self._waiting.append((me, gate))
        try:
            gate.acquire()
        except BaseException:  # Ctrl+C while waiting: nobody may be left waiting for us
            with self._lock:
                waits = (me, gate) in self._waiting
                if waits:
                    self._waiting.remove((me, gate))
            if not waits:
                self._give()
            raise

    def _give(self) -> None:
        """Straight to the next one, so that nobody who asks only now is quicker."""
        with self._lock:
            self._times -= 1
            if self._times == 0 and self._waiting:
                self._holder, gate = self._waiting.popleft()
                self._times = 1
                gate.release()


def begin(db: Desk, folder_of: Callable[[], Path], seconds: float) -> None:
    """BEGIN IMMEDIATE, waiting at most so long for another program that writes to the desk in that folder. Raises DatabaseError."""
    last_look = time.monotonic() + seconds
    waited_in: Path | None = None
    db.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                db.execute("BEGIN IMMEDIATE")
                break
            except faults.DatabaseError as e:
                if not faults.is_busy(e) or time.monotonic() > last_look:
                    raise
            waited_in = folder_of()
            with suppress(OSError):  # a full disk: then it is luck, as without this file
                (waited_in / WAITING_FILE).touch(mode=0o600)
            time.sleep(LOOK_AGAIN)
    finally:
        db.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
    if waited_in is not None:
        _arrived(waited_in)


def _arrived(folder: Path) -> None:
    with suppress(OSError):
        (folder / WAITING_FILE).unlink(missing_ok=True)


def let_by(folder: Path) -> None:
    """Between two transactions of a long job: step back if another program waits. What waits on after that says so again."""
    waiting = folder / WAITING_FILE
    if waiting.exists():
        _arrived(folder)
        time.sleep(LET_BY)
