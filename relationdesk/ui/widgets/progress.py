"""A line that fills, in words, with a way out. Nothing shows for the first 300 ms, no words for the first second."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel

BAR_AFTER_MS = 300
WORDS_AFTER_MS = 1000
_STEPS = 1000  # QProgressBar counts in 32 bits; bytes of a mailbox do not fit


class ProgressLine(QWidget):
    """`cancelled` once when the user stops it. total 0: nobody knows how much there is."""

    cancelled = Signal()

    def __init__(self, look: Look, *, cancel: str = "", stopping: str = "", parent: QWidget | None = None) -> None:
        """stopping: what is said while it stops, where not even what was finished stays."""
        super().__init__(parent)
        self._stopping = stopping or QCoreApplication.translate("Progress", "Stopping. What was finished stays.")
        self._words = ParagraphLabel(look, role="small", tone="text2", max_lines=2)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._button = Button(look, cancel or QCoreApplication.translate("Progress", "Stop"), compact=True)
        self._button.clicked.connect(self._on_cancel)
        column = QVBoxLayout()
        column.setSpacing(look.theme.px(6))
        column.addStretch(1)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.theme.px(16))
        row.addLayout(column, 1)
        row.addWidget(self._button)
        self._bar_timer, self._words_timer = QTimer(self), QTimer(self)
        for timer, wait, slot in (
            (self._bar_timer, BAR_AFTER_MS, self.show),
            (self._words_timer, WORDS_AFTER_MS, self._words.show),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(slot)
        self.hide()

    def begin(self, name: str, *, can_stop: bool = True) -> None:
        """Something starts that may take a while. name: what, for the screen reader and the first words."""
        self._bar.setAccessibleName(name)
        self._button.setVisible(can_stop)
        self._button.setEnabled(True)
        self._words.hide()
        self.set_progress(0, 0, name)
        self._bar_timer.start()
        self._words_timer.start()

    def show_at_once(self) -> None:
        """For what is known to take long."""
        self._bar_timer.stop()
        self._words_timer.stop()
        self._words.show()
        self.show()

    def set_progress(self, done: int, total: int, words: str) -> None:
        """words: "Reading 31 of 40 profiles, about 20 s left." """
        self._bar.setRange(0, _STEPS if total > 0 else 0)
        if total > 0:
            self._bar.setValue(min(_STEPS, max(0, done * _STEPS // total)))
        self._words.set_runs(words)
        self._bar.setAccessibleDescription(words)

    def told(self) -> str:
        """The words that are shown; "" as long as it is quick."""
        return self._words.text() if self._words.isVisible() else ""

    def finish(self) -> None:
        self._bar_timer.stop()
        self._words_timer.stop()
        self.hide()

    def _on_cancel(self) -> None:
        self._button.setEnabled(False)
        self._words.set_runs(self._stopping)
        self.cancelled.emit()
