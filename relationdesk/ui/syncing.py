"""Runs syncs as long jobs, one login at a time, and tells how each went. The scheduler and the buttons both come here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Login, Progress
from relationdesk.services import heavy_jobs
from relationdesk.store import logins
from relationdesk.ui import when
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_called
from relationdesk.ui.tasks import Job

if TYPE_CHECKING:
    from relationdesk.services.sync import Synced


class Syncs(QObject):
    """`moved(login id, Progress)` while one is read, `finished(login id, Synced or None)` after each."""

    moved = Signal(int, object)
    finished = Signal(int, object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._jobs: dict[int, Job] = {}
        self._asked = False

    def running(self) -> frozenset[int]:
        """Logins that are being read or wait for their turn."""
        return frozenset(self._jobs)

    def start(self, login_id: int | None = None) -> None:
        """Read this login now (None: every one that is not paused), asked for by the user: failures are told."""
        self._asked = True
        if login_id is not None:
            self._start(login_id, by_hand=True)
            return
        self._context.tasks.run(logins.every, done=self._on_all, failed=self._context.router.failed.emit)

    def start_quietly(self, login: Login) -> None:
        """A turn of the scheduler: failures show on the Places page and nowhere else."""
        self._start(login.id, by_hand=False)

    def stop(self, login_id: int) -> None:
        job = self._jobs.get(login_id)
        if job is not None:
            job.cancel()

    def _on_all(self, found: tuple[Login, ...]) -> None:
        ready = [login for login in found if not login.paused]
        for login in ready:
            self._start(login.id, by_hand=True)
        if not ready:
            words = QCoreApplication.translate("Sync", "No place is connected yet, so there is nothing to read.")
            if found:
                words = QCoreApplication.translate("Sync", "Every place is paused. Let them go on on the Places page.")
            self._context.router.toast.emit(words, False)

    def _start(self, login_id: int, *, by_hand: bool) -> None:
        if login_id in self._jobs:
            return

        def done(synced: Synced) -> None:
            self._jobs.pop(login_id, None)
            self.finished.emit(login_id, synced)
            self._tell(synced)

        def failed(error: RelationDeskError) -> None:
            self._jobs.pop(login_id, None)
            self.finished.emit(login_id, None)
            if self._asked and not isinstance(error, Cancelled):
                self._context.router.failed.emit(error)
            self._asked = self._asked and bool(self._jobs)

        def progress(moved: Progress) -> None:
            self.moved.emit(login_id, moved)

        tasks, job = self._context.tasks, partial(heavy_jobs.sync_one, by_hand=by_hand)
        self._jobs[login_id] = tasks.long(job, login_id, self._context.clock, done=done, failed=failed, progress=progress)

    def _tell(self, synced: Synced) -> None:
        """After a sync that was asked for: what came, or the sentence of the failure."""
        if self._asked:
            name = login_called(synced.login)
            words = QCoreApplication.translate("Sync", "{name}: {n} new").format(name=name, n=f"{synced.new:n}")
            if synced.rest is not None:
                words = QCoreApplication.translate("Sync", "{name}: {n} new. The place allows no more questions now; reading goes on {time}.")
                words = words.format(name=name, n=f"{synced.new:n}", time=when.clock(synced.rest, self._context.clock()))
            if synced.failures:
                words = f"{name}: {synced.failures[0][1]}"
            self._context.router.toast.emit(words, False)
        self._asked = self._asked and bool(self._jobs)
