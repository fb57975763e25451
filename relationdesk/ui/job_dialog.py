"""A dialog with one long job at a time, which ends with it."""

from __future__ import annotations

from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.dialogs import DialogFrame


class JobDialog(DialogFrame):
    """Whoever closes it stops the job; an answer may still come home, and finds it closed."""

    _job: Job | None = None
    _is_closed = False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What came later than the buttons, and stands above them, has the keyboard before them."""
        self.order_keys()
        return super().focusNextPrevChild(forward)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def reject(self) -> None:
        self._stop()
        self._is_closed = True
        super().reject()
