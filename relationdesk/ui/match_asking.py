"""When *Who is this?* asks for its questions: at once, or anew after an answer, and never so that somebody waits for it who answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from relationdesk.ui.tasks import Job, Tasks

SOON_MS, REST = 300, 3
"""So long after an answer the questions are asked for anew, and so many times as long as that took last: whoever answers quickly is not held up by
it, in however large a desk."""


class Asking(QObject):
    """`due`: it is time to ask anew."""

    due = Signal()

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)
        self._job: Job | None = None
        self._begun = self._took = 0.0  # seconds

    def run(self, job: Callable[..., Any], done: Callable[[Any], None], failed: Callable[[object], None]) -> None:
        """Ask now; what was asked for before is not wanted any more."""
        self._timer.stop()
        self._end()
        self._begun = time.monotonic()
        self._job = self._tasks.run(job, done=partial(self._on_done, done), failed=partial(self._on_failed, failed))

    def soon(self) -> None:
        self._timer.start(SOON_MS)

    def after_a_rest(self) -> None:
        self._timer.start(max(SOON_MS, int(1000 * REST * self._took)))

    def give_way(self) -> None:
        """The next card is wanted, which is read in the same lane: what is being asked for is asked for later."""
        if self._end():
            self.after_a_rest()

    def is_waiting(self) -> bool:
        return self._timer.isActive()

    def _end(self) -> bool:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        return job is not None

    def _on_done(self, done: Callable[[Any], None], found: Any) -> None:
        self._job, self._took = None, time.monotonic() - self._begun
        done(found)

    def _on_failed(self, failed: Callable[[object], None], error: object) -> None:
        self._job = None
        failed(error)
