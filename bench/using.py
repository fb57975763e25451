"""Uses the real window while it runs and looks at the clock: the first picture, people opened, scrolling, stalls.

It watches `TimelineView.paintEvent`, so "painted" means that the items of the person asked for were really drawn.
Everything after the first picture happens in the program's own event loop, which sleeps while the desk is read.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from bench.child import KEY_PERSON, LONG_PERSON, STEPS, TAIL_PERSON, WAIT_SECONDS, WARM_UP, memory_mb
from relationdesk.ui import application
from relationdesk.ui.page import Target
from relationdesk.ui.timeline_view import TimelineView

REST_MS = 500
FRAME = 1 / 60


class Probe:
    """Installed before the window is made; `found` answers after it is closed. started: unix time."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._painted = 0.0
        self._program: Any = None
        self._seen: Callable[[TimelineView], None] = self._first
        self._beats: list[float] = []
        self._answer: dict[str, Any] = {"opened": {"key": [], "tail": [], "long": []}, "frames": [], "busy": [], "stalls": []}
        self._watch_painting()
        self._watch_program()

    def found(self) -> dict[str, Any]:
        return self._answer

    def _watch_painting(self) -> None:
        paint = TimelineView.paintEvent

        def painted(view: TimelineView, event: QPaintEvent) -> None:
            paint(view, event)
            if view.timeline().items():
                self._seen(view)

        TimelineView.paintEvent = painted  # type: ignore[method-assign,assignment]

    def _watch_program(self) -> None:
        opening, probe = application.Program.open, self

        def opened(program: application.Program) -> None:
            probe._program = program
            opening(program)

        application.Program.open = opened  # type: ignore[method-assign,assignment]

    def _first(self, view: TimelineView) -> None:
        self._answer["painted"] = time.time() - self._started
        self._answer["cpu"] = time.process_time()
        self._seen = lambda view: None
        if "--start" in sys.argv:
            QTimer.singleShot(0, self._close)
            return
        self._steps = self._use(view)
        QTimer.singleShot(3000, self._next)

    def _next(self) -> None:
        try:
            wait = next(self._steps)
        except StopIteration:
            self._close()
        else:
            if wait is not None:
                QTimer.singleShot(wait, self._next)

    def _close(self) -> None:
        self._program.window.close()
        QApplication.quit()

    def _use(self, view: TimelineView) -> Iterator[int | None]:
        """The user's steps; each is followed by so many milliseconds of rest, or goes on by itself (None)."""
        self._answer["rows"] = len(view.timeline().items())
        beat = QTimer()
        beat.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        beat.start(2)
        for _ in range(6):
            for name, person in (("tail", TAIL_PERSON), ("long", LONG_PERSON), ("key", KEY_PERSON)):
                yield from self._open(name, person)
        beat.stop()
        self._answer["opened"] = {name: times[1:] for name, times in self._answer["opened"].items()}
        self._answer["memory"] = memory_mb()
        yield from self._scroll(view, "frames", STEPS)
        for name, person in (("tail", TAIL_PERSON), ("key", KEY_PERSON)):
            yield from self._open(name, person)
            self._answer["opened"][name].pop()
        yield from self._scroll_while_reading(view)

    def _open(self, name: str, person: int) -> Iterator[int | None]:
        begun = time.perf_counter()
        waiting = True

        def seen(view: TimelineView) -> None:
            nonlocal waiting
            if waiting:
                waiting = False
                self._answer["opened"][name].append(time.perf_counter() - begun)
                QTimer.singleShot(REST_MS, self._next)

        self._seen, self._beats = seen, [begun]
        QTimer.singleShot(WAIT_SECONDS * 1000, lambda: self._give_up() if waiting else None)
        self._program.window.go(Target(page="person", id=person))
        yield None
        self._seen = lambda view: None
        if len(self._beats) > 1:  # the beat has stopped where it would disturb what is measured
            self._answer["stalls"].append(max(b - a for a, b in zip(self._beats, self._beats[1:], strict=False)))

    def _scroll(
        self, view: TimelineView, name: str, steps: int, begin: Callable[[], object] = lambda: None, until: Callable[[], bool] = lambda: False
    ) -> Iterator[int | None]:
        """One step and its picture after the other, sixty times a second, through a timeline that goes on loading. begin: called once it is warm."""
        bar = view.verticalScrollBar()
        for n in range(steps + WARM_UP):
            if n == WARM_UP:
                begin()
            begun, worked = time.perf_counter(), time.thread_time()
            bar.setValue(bar.value() + 60)
            view.viewport().repaint()
            taken, busy = time.perf_counter() - begun, time.thread_time() - worked
            if n >= WARM_UP:
                self._answer[name].append(taken)
                self._answer["busy"].append(busy)
            yield max(1, round((FRAME - taken) * 1000))
            if n >= WARM_UP and until():
                return
        self._answer["scrolled"] = len(view.timeline().items())

    def _scroll_while_reading(self, view: TimelineView) -> Iterator[int | None]:
        """The same while a place is read in a worker, as a sync does it, some of it of the person on the screen; until it is done, and a second more."""
        from bench import reading_along  # the network is paid for by nobody who only starts

        synced: list[int] = []
        done = [0.0]

        def came(answer: Any) -> None:
            synced.append(answer.new)
            done[0] = time.perf_counter()

        self._answer["synced"], self._answer["frames_synced"] = 0, []
        tasks = self._program.window.context.tasks

        def begin() -> None:
            tasks.long(reading_along.sync, done=came, failed=lambda e: self._answer.update(missing=f"The place was not read: {e}"))

        yield from self._scroll(view, "frames_synced", STEPS * 3, begin, lambda: bool(synced) and time.perf_counter() - done[0] > 1.0)
        self._answer["synced"] = sum(synced)

    def _give_up(self) -> None:
        self._answer["missing"] = f"A timeline was not painted within {WAIT_SECONDS} seconds."
        self._close()
