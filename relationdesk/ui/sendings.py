"""Sends in the background what waits in the outbox: as soon as it is due, one job at a time. What is due, and when, says the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes
from relationdesk.services import heavy_jobs
from relationdesk.store.timekey import maybe_moment
from relationdesk.ui.page import Context
from relationdesk.ui.tasks import Job

if TYPE_CHECKING:
    from relationdesk.services.sending import Sent

LONGEST_MS = 60_000
"""Until the desk is asked again, whatever was planned: a computer that slept knows no timers."""


class Sendings(QObject):
    """`finished(Sent or None)` after each turn. Failures are told in a toast, with where the words are."""

    finished = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._again = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        context.tasks.changed.connect(self._on_changed)

    def look(self) -> None:
        """Ask the desk whether something is due, and send it."""
        if not self._closed:
            self._context.tasks.run(heavy_jobs.next_to_send, done=self._on_next, failed=lambda error: None)

    def stop(self) -> None:
        """No further turn. What is being sent at this moment may be out; the next start asks the place."""
        self._closed = True
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def _on_changed(self, changes: Changes) -> None:
        if changes.outbox or changes.everything:
            self.look()

    def _on_next(self, at: int | None) -> None:
        due = maybe_moment(at)
        if due is None or self._closed:
            self._timer.stop()
            return
        left = self._milliseconds(due)
        if left <= 0:
            self._send()
        else:
            self._timer.start(min(left, LONGEST_MS))

    def _milliseconds(self, due: datetime) -> int:
        return round((due - self._context.clock()).total_seconds() * 1000)

    def _send(self) -> None:
        if self._job is not None:
            self._again = True
            return

        def done(sent: Sent) -> None:
            self._job = None
            self._tell(sent)
            self.finished.emit(sent)
            self._go_on()

        def failed(error: RelationDeskError) -> None:
            self._job = None
            self.finished.emit(None)
            self._context.router.failed.emit(error)

        self._job = self._context.tasks.long(heavy_jobs.send_outbox, self._context.clock, done=done, failed=failed)

    def _go_on(self) -> None:
        """What was put in meanwhile has its turn as well."""
        if self._again:
            self._again = False
            self.look()

    def _tell(self, sent: Sent) -> None:
        if sent.failed:
            words = QCoreApplication.translate("Sending", "Not sent: {why}").format(why=sent.failed[0].failure)
            if len(sent.failed) > 1:
                words = QCoreApplication.translate("Sending", "{n} not sent: {why}").format(n=f"{len(sent.failed):n}", why=sent.failed[0].failure)
            self._context.router.toast.emit(words, False)
