"""Ctrl+C, `kill` and the end of a session close the window as its own button does: what is being written is finished.

Qt waits in its own loop, where Python's handlers do not run; the byte that Python writes for a signal wakes it.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ending(QObject):
    """`asked` once, for the first of these signals; the next one ends the program at once. On Windows, where no such byte reaches Qt, never."""

    asked = Signal()

    def __init__(self) -> None:
        """Call on the main thread."""
        super().__init__()
        self._notifier: QSocketNotifier | None = None
        if sys.platform == "win32":
            return
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        handlers = ((number, signal.getsignal(number)) for number in SIGNALS)
        self._before = {number: handler for number, handler in handlers if handler not in (None, signal.SIG_IGN)}  # nohup wants us to go on
        for number in self._before:
            signal.signal(number, _noted)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_byte)

    def close(self) -> None:
        """Everything as it was before. Twice is once."""
        if self._notifier is None:
            return
        self._notifier.setEnabled(False)
        self._notifier = None
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._read)
        os.close(self._write)

    def _on_byte(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            for number in self._before:
                signal.signal(number, signal.SIG_DFL)
            self.asked.emit()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Python wants a handler, else it writes no byte."""
