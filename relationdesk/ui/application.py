"""Runs the window on a desk: theme, one owner, first paint, and only then what costs time. Leaves nothing half done."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from relationdesk.errors import DeskInUse, RelationDeskError
from relationdesk.model import Changes
from relationdesk.services import heavy_jobs
from relationdesk.services import owner as owners
from relationdesk.services.heavy_jobs import Begin
from relationdesk.store import settings
from relationdesk.store.settings import Settings
from relationdesk.ui import language, layout_memory, resources
from relationdesk.ui.ending import Ending
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Context, Router
from relationdesk.ui.tasks import Tasks
from relationdesk.ui.theme import STYLED, Look

if TYPE_CHECKING:
    from relationdesk.services.bringing import Left
    from relationdesk.services.desk_copy import LookedAt
    from relationdesk.ui.doorbell import Doorbell
    from relationdesk.ui.schedule import Schedule

COPY_HOURS = 6
"""How often a window that stays open looks whether today's copy of the desk is made."""

AFTER_PAINT_MS = 400
"""When the scheduler and what it imports come: well after the first picture."""


def run(desk: Path, *, first_start: bool, owner: owners.Owner | None = None) -> int:
    """Show the desk until the window is closed; the exit code.

    desk: the desk's folder (or the file in it), already opened and migrated. owner: who holds it already (and lets go
    of it afterwards); None takes it here. If another program owns the desk, its window is raised and the answer is 0.
    """
    folder = heavy_jobs.desk_file(desk).parent
    app = application()
    try:
        mine = owner or owners.Owner(folder)
    except DeskInUse as e:
        from relationdesk.ui import doorbell

        return 0 if doorbell.ring(folder) else refused(app, e)
    try:
        return Program(app, folder, first_start=first_start).run()
    finally:
        if owner is None:
            mine.release()


def look(looked: LookedAt) -> int:
    """Show a desk that can only be looked at, until the window is closed; the exit code. Nothing is synced or copied."""
    return Program(application(), looked.copy, first_start=False, looked=looked).run()


def application() -> QApplication:
    """The one QApplication, made if there is none."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([*sys.argv[:1], "-style", "Fusion"])
        app.setProperty(STYLED, True)
        language.learn(app)
    app.setApplicationName("RelationDesk")
    app.setDesktopFileName("relationdesk")
    app.setWindowIcon(resources.icon("relationdesk", "#0B6A63", 64))
    return app


class Program:
    """One window on one desk, from the first picture to the last write."""

    def __init__(self, app: QApplication, folder: Path, *, first_start: bool, ticks: bool = True, looked: LookedAt | None = None,
                 clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:  # fmt: skip
        """ticks: False for pictures: nothing is synced and no copy made while they are taken. looked: as for `look`."""
        self._ticks = ticks
        self._app, self._folder, self._first_start, self._clock = app, folder, first_start, clock
        self.tasks = Tasks(heavy_jobs.desk_file(folder), looked=looked)
        self.window: MainWindow | None = None
        self._schedule: Schedule | None = None
        self._settings = Settings()
        self._bell: Doorbell | None = None
        self._hook = sys.excepthook
        self._later = QTimer()
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._after_paint)

    def run(self) -> int:
        sys.excepthook = self._on_exception
        ending = Ending()
        ending.asked.connect(self._on_ending)
        try:
            self.open()
            return self._app.exec()
        finally:
            sys.excepthook = self._hook
            ending.close()
            self.close()

    def open(self) -> None:
        """Ask for what the first picture needs; the window comes with the answer."""
        self.tasks.run(heavy_jobs.begin, layout_memory.NAME, done=self._on_begin, failed=lambda error: self._on_begin(None, error))

    def close(self) -> None:
        """Stop ticking and reading, finish what is being written. Twice is once."""
        self._later.stop()
        if self._schedule is not None:
            self._schedule.stop()
            self._schedule = None
        if self._bell is not None:
            self._bell.close()
        self.tasks.close()
        if self.window is not None:
            self.window.deleteLater()
            self.window = None

    def _on_begin(self, found: Begin | None, error: RelationDeskError | None = None) -> None:
        known = found or Begin(settings=Settings(), window="")
        self._settings = known.settings
        look = Look(self._app, mode=known.settings.theme, text_scale=known.settings.text_percent / 100)
        context = Context(tasks=self.tasks, look=look, router=Router(), clock=self._clock)
        self.window = MainWindow(context, layout_memory.load(known.window), furnished=False)
        self.window.complete.connect(self._hang_bell)
        if self.tasks.looked is None:  # before anything else that writes facts
            self.tasks.long(heavy_jobs.settle, done=self._on_settled, failed=context.router.failed.emit)
        self.window.start(first_start=self._first_start)
        self.window.show()
        if error is not None:
            context.router.failed.emit(error)
        if self._ticks:
            self._later.start(AFTER_PAINT_MS)

    def _on_settled(self, left: Left | None) -> None:
        """An import that the last end of the program cut off: it was taken out, and is told about."""
        if left is not None and left.sentences and self.window is not None:
            self.window.context.router.failed.emit(RelationDeskError(" ".join(left.sentences)))

    def _hang_bell(self) -> None:
        from relationdesk.ui.doorbell import Doorbell

        self._bell = Doorbell(self._folder)
        self._bell.rung.connect(self._on_rung)

    def _after_paint(self) -> None:
        """What costs as much to import as the window itself, now that the window is there."""
        from relationdesk.ui.notifications import session_bus
        from relationdesk.ui.reminding import Reminding
        from relationdesk.ui.schedule import Schedule
        from relationdesk.ui.sendings import Sendings

        gc.freeze()
        gc.enable()
        if self.window is not None:
            self.window.furnish()
            if self.tasks.looked is not None:
                return
            every = self._settings.sync_every_minutes
            window = self.window
            remind = Reminding(window.context, window, say=window.notice.tell, raised=window.raise_window, bus=session_bus())
            remind.begin()
            self.window.closing.connect(remind.close)
            self._schedule = Schedule(self.tasks, self.window.syncs.start_quietly, every_minutes=every, clock=self._clock, also=remind.tick)
            self._schedule.start(at_once=self._settings.sync_at_start)
            self.tasks.changed.connect(self._on_changed)
            self.window.closing.connect(self._schedule.stop)
            sendings = Sendings(self.window.context, self.window)
            self.window.closing.connect(sendings.stop)
            sendings.look()
            self.tasks.long(heavy_jobs.housekeeping, self._clock(), failed=self.window.context.router.failed.emit)
            self._copies = QTimer(self.window)
            self._copies.timeout.connect(lambda: self.tasks.long(heavy_jobs.daily_copy, self._clock()))
            self._copies.start(COPY_HOURS * 3_600_000)

    def _on_changed(self, changes: Changes) -> None:
        if changes.settings:
            self.tasks.run(settings.load, done=self._on_settings)

    def _on_settings(self, found: Settings) -> None:
        if self._schedule is not None:
            self._schedule.set_every(found.sync_every_minutes)

    def _on_rung(self) -> None:
        if self.window is not None:
            self.window.raise_window()

    def _on_ending(self) -> None:
        """Dialogs go with their window; before there is one, there is nothing to finish."""
        if self.window is None or self.window.close():
            self._app.quit()

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """PySide6 hands what a slot raises to sys.excepthook: a mistake of ours, shown once, and the desk goes on."""
        self._hook(kind, error, trace)
        if self.window is not None and not isinstance(error, KeyboardInterrupt):
            self.window.furnish()
            self.window.dialogs.bug(error)


def refused(app: QApplication, error: RelationDeskError) -> int:
    """The desk cannot be opened: say so in a window, because there may be no terminal. The exit code."""
    from relationdesk.ui.widgets.dialogs import DialogFrame

    in_use = isinstance(error, DeskInUse)
    title = app.translate("Window", "This desk is already open" if in_use else "This desk cannot be opened")
    dialog = DialogFrame(Look(app), title, sentence=str(error))
    dialog.add_button(app.translate("Window", "Close"), style="primary", default=True)
    _until_closed(dialog)
    return 1


def asked(app: QApplication, title: str, sentence: str, *answers: str) -> int:
    """A question before there is a window, with a button for each answer, the likeliest last. Which was chosen, from 1; 0 if
    none was (the window was closed)."""
    from relationdesk.ui.widgets.dialogs import DialogFrame

    dialog = DialogFrame(Look(app), title, sentence=sentence)
    dialog.add_button(app.translate("Window", "Close"), default=True)
    for number, words in enumerate(answers, start=1):
        dialog.add_button(words, partial(dialog.done, number), style="primary" if number == len(answers) else "secondary")
    return _until_closed(dialog)


def _until_closed(dialog: QDialog) -> int:
    ending = Ending()
    ending.asked.connect(dialog.reject)
    try:
        return dialog.exec()
    finally:
        ending.close()
