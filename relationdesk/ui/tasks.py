"""The only file with threads. Jobs in, values out.

`run(job, *args, done=…, failed=…)`: `job(db, *args)` is a plain function; it runs on a worker that owns its own
connection to the desk and returns a frozen value; `done(value)` or `failed(error)` run on the window's thread.
Where these are methods of a widget that has been closed and let go of itself meanwhile, they are not called: nobody reads the answer. That
something could not be written is then told as what nobody waits for. A function is called in any case.
Three lanes: "read" for what a page shows, until nobody waits for it; "write" for the user's own words and decisions (never behind a long job),
"long" for import, sync and export, which also get `report` and `stop`.
Where the desk is only looked at (services/desk_copy.py), whatever would write is refused here, and nowhere else.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Changes, Progress
from relationdesk.store import database, faults

if TYPE_CHECKING:
    from relationdesk.services.desk_copy import LookedAt

Done = Callable[[Any], None]
Failed = Callable[[RelationDeskError], None]
LANES = ("read", "write", "long")
TURN_SECONDS = 0.001
"""How long a thread keeps the interpreter while another one wants it. Each statement of SQLite lets it go and has to get it back: with Python's own
5 ms a note, which is some thirty statements, takes 150 ms beside an import that is being read, with this 30."""


class Job:
    """A running or waiting job. `cancel` asks a long one to stop, ends a reading in the middle of its question, and keeps a waiting one
    from starting.

    After `cancel` neither `done` nor `failed` is called (a stopped long job still tells `failed` with Cancelled).
    """

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], done: Done | None, failed: Failed | None,
                 progress: Callable[[Progress], None] | None, lane: str, *, writes: bool = False) -> None:  # fmt: skip
        self.function, self.args, self.done, self.failed, self.progress, self.lane = function, args, done, failed, progress, lane
        self.writes = writes
        self.stopped = threading.Event()

    def cancel(self) -> None:
        self.stopped.set()


class Tasks(QObject):
    """The one way from the window to the desk. Made on the window's thread; `close` waits for what is being written."""

    changed = Signal(object)  # Changes: what a write touched
    bug = Signal(object)  # an exception that is not ours
    _came_home = Signal(object, object, object)  # job, value, error
    _moved = Signal(object, object)  # job, Progress

    def __init__(self, desk: Path, parent: QObject | None = None, *, looked: LookedAt | None = None) -> None:
        """desk: the desk's file, already opened and migrated by `app`. looked: it is a copy that is only looked at."""
        super().__init__(parent)
        sys.setswitchinterval(TURN_SECONDS)
        self._desk = desk
        self.looked = looked
        self._queues: dict[str, queue.Queue[Job | None]] = {lane: queue.Queue() for lane in LANES}
        self._came_home.connect(self._on_came_home, Qt.ConnectionType.QueuedConnection)
        self._moved.connect(self._on_moved, Qt.ConnectionType.QueuedConnection)
        self._open: set[Job] = set()
        self._pieces: set[Iterator[None]] = set()
        self._threads = [threading.Thread(target=self._work, args=(lane,), name=f"desk-{lane}", daemon=True) for lane in LANES]
        for thread in self._threads:
            thread.start()

    def run(self, job: Callable[..., Any], *args: Any, done: Done | None = None, failed: Failed | None = None) -> Job:
        """Read something: `job(db, *args)`."""
        return self._put(Job(job, args, done, failed, None, "read"))

    def write(self, job: Callable[..., Any], *args: Any, done: Done | None = None, failed: Failed | None = None,
              only_reads: bool = False) -> Job:  # fmt: skip
        """Write the user's own: as `run`; a Changes in the answer (or in the tuple answered) is told to every page.

        only_reads: it changes nothing in the desk, and must only wait for what was written before.
        """
        return self._put(Job(job, args, done, failed, None, "write", writes=not only_reads))

    def long(
        self, job: Callable[..., Any], *args: Any, done: Done | None = None, failed: Failed | None = None,
        progress: Callable[[Progress], None] | None = None, only_reads: bool = False,
    ) -> Job:  # fmt: skip
        """Import, sync, export: `job(db, *args, report=…, stop=…)`; cancelled by `Job.cancel()`. only_reads: as for `write`."""
        return self._put(Job(job, args, done, failed, progress, "long", writes=not only_reads))

    def in_pieces(self, pieces: Iterator[None], wanted: Callable[[], bool], done: Callable[[], None]) -> None:
        """Work of the window itself, one piece between two turns of the event loop, so that keys, clicks and pictures come in between.

        wanted: asked before each piece; once it says no, the rest is left. done: called after the last.
        """
        self._pieces.discard(pieces)
        if not (_hears(done) and wanted()):
            return
        for _ in pieces:
            self._pieces.add(pieces)
            QTimer.singleShot(0, self, partial(self.in_pieces, pieces, wanted, done))
            return
        done()

    def busy(self) -> bool:
        """True while anything is waiting or running."""
        return bool(self._open or self._pieces)

    def close(self) -> None:
        """Stop long jobs, finish what is being written, end the threads."""
        for job in list(self._open):
            if job.lane != "write":
                job.cancel()
        for lane in LANES:
            self._queues[lane].put(None)
        for thread in self._threads:
            thread.join(timeout=30)

    def _put(self, job: Job) -> Job:
        self._open.add(job)
        self._queues[job.lane].put(job)
        return job

    def _work(self, lane: str) -> None:
        db = database.connect(self._desk)
        while (job := self._queues[lane].get()) is not None:
            if job.stopped.is_set() and lane != "write":
                self._came_home.emit(job, None, Cancelled("Stopped."))
                continue
            value: Any = None
            error: Exception | None = None
            try:
                if job.writes and self.looked is not None:
                    raise self.looked.refusal()
                with faults.told(self._desk), self._until_cancelled(job, db):
                    value = job.function(db, *job.args, **self._extra(job))
            except Cancelled as e:  # without where it was: that would keep open what was being read, and with it the desk
                error = Cancelled(str(e))
            except Exception as e:  # noqa: BLE001 - the one place: ours go to `failed`, everything else is a bug and is shown
                error = e
            self._came_home.emit(job, value, error)
        db.close()

    def _extra(self, job: Job) -> dict[str, Any]:
        if job.lane != "long":
            return {}
        return {"report": lambda progress: self._moved.emit(job, progress), "stop": job.stopped.is_set}

    def _until_cancelled(self, job: Job, db: database.Desk) -> AbstractContextManager[None]:
        """Whoever asks the next question does not wait for the answer to one that nobody wants any more."""
        return faults.stopped(db, job.stopped.is_set, "Stopped.") if job.lane == "read" else nullcontext()

    @Slot(object, object)
    def _on_moved(self, job: Job, progress: Progress) -> None:
        if _hears(job.progress) and not job.stopped.is_set():
            job.progress(progress)

    @Slot(object, object, object)
    def _on_came_home(self, job: Job, value: Any, error: Exception | None) -> None:
        self._open.discard(job)
        unwanted = job.stopped.is_set() and job.lane == "read"
        if error is None:
            for part in value if isinstance(value, tuple) else (value,):
                changes = part if isinstance(part, Changes) else getattr(part, "changes", None)
                if job.lane != "read" and isinstance(changes, Changes):
                    self.changed.emit(changes)
            if _hears(job.done) and not unwanted:
                job.done(value)
        elif not isinstance(error, RelationDeskError):
            self.bug.emit(error)
        elif _hears(job.failed):
            if not unwanted:
                job.failed(error)
        elif (job.lane != "read" or job.failed is None) and not isinstance(error, Cancelled) and not (job.writes and self.looked):
            self.bug.emit(error)  # the last: what the window writes by itself, and nobody waits for


def _hears(answer: Callable[..., None] | None) -> TypeGuard[Callable[..., None]]:
    """False where there is none, or its widget has let go of itself."""
    while isinstance(answer, partial):
        answer = answer.func
    owner = getattr(answer, "__self__", None)
    return answer is not None and not (isinstance(owner, QObject) and not isValid(owner))
