"""When, never what: every few minutes it asks the desk which logins are due, and hands them on. GUI thread only.

APScheduler would by itself start threads (hence the DebugExecutor, which runs a job in the thread of the Qt timer) and
drop jobs that fall into a sleep of the computer (hence no grace time: what is due is read from the desk), and wait until its next
moment comes again where the clock is put back (hence a timer beside it, which counts and does not look at the clock).
Import this module only after the first paint: the library costs as much as a bare window.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.qt import QtScheduler
from PySide6.QtCore import QTimer

from relationdesk.model import Login
from relationdesk.services import sync
from relationdesk.ui.tasks import Tasks

TICK_SECONDS = 60


class Schedule:
    """Ticks until `stop`. start_sync: called with each login whose turn it is. also: asked with every tick (reminders)."""

    def __init__(
        self, tasks: Tasks, start_sync: Callable[[Login], None], *, every_minutes: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC), tick_seconds: float = TICK_SECONDS, also: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self._tasks, self._start_sync, self._every_minutes = tasks, start_sync, every_minutes
        self._clock, self._tick_seconds, self._also = clock, tick_seconds, also
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = QtScheduler(executors={"default": DebugExecutor()}, timezone=UTC)
        self._watch = QTimer()
        self._watch.timeout.connect(self._on_watch)

    def start(self, *, at_once: bool = True) -> None:
        """Begin to tick. at_once: ask now, not only after the first interval."""
        self._scheduler.add_job(
            self.tick, "interval", seconds=self._tick_seconds, id="due", coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()
        self._watch.start(int(self._tick_seconds * 1000))
        if at_once:
            self.tick()

    def set_every(self, minutes: int) -> None:
        """Another interval; holds from the next tick on."""
        self._every_minutes = minutes

    def tick(self) -> None:
        """Ask the desk which logins are due, and what else is."""
        self._also()
        question = partial(sync.due, now=self._clock(), every_minutes=self._every_minutes)
        self._tasks.run(question, done=self._on_due, failed=lambda error: None)

    def stop(self) -> None:
        """No more ticks. Twice is once."""
        self._watch.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _on_watch(self) -> None:
        """After the clock was put back the next tick is far away: it is moved to where it belongs."""
        now, job = datetime.now(UTC), self._scheduler.get_job("due")
        if job is not None and job.next_run_time is not None and job.next_run_time > now + timedelta(seconds=2 * self._tick_seconds):
            job.modify(next_run_time=now)

    def _on_due(self, due: tuple[Login, ...]) -> None:
        if self._scheduler.running:
            for login in due:
                self._start_sync(login)
