"""One start of a window in a process of its own, off screen: `python -m bench.child bare|desk FOLDER STARTED`.

Prints one JSON object: `painted` (seconds from STARTED, unix time, until the first picture that counts), `memory` (MB
in use), and for a desk `opened` (seconds from asking for a person until their timeline is painted), `frames` (seconds
per step of scrolling) and `stalls`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

KEY_PERSON, TAIL_PERSON = 2, 420
STEPS = 600


def memory_mb() -> float:
    """What this process holds in memory of its own (pages of the desk mapped by SQLite are the system's), MB; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0.0)


def bare(started: float) -> dict[str, object]:
    """The least a PySide6 program can do: an empty window, painted."""
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication(sys.argv[:1])
    painted: list[float] = []

    class Empty(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(time.time() - started)

    window = Empty()
    window.resize(1280, 800)
    window.show()
    while not painted:
        app.processEvents()
    return {"painted": painted[0], "memory": memory_mb()}


def desk(folder: Path, started: float) -> dict[str, object]:
    """The program as it is started, then a person's timeline."""
    from relationdesk.store import database
    from relationdesk.ui.application import Program, application

    database.close_desk(database.open_desk(folder))
    app = application()
    program = Program(app, folder, first_start=False)
    program.open()
    while program.window is None:
        app.processEvents()

    from relationdesk.ui.page import Target
    from relationdesk.ui.timeline_view import TimelineView

    painted: list[TimelineView] = []
    before = [0]  # the first item of the timeline that was shown before: its last picture does not count
    window = program.window
    window.resize(1280, 800)

    def show(person: int) -> float:
        painted.clear()
        deadline = time.perf_counter() + 15
        begun = time.perf_counter()
        window.go(Target(page="person", id=person))
        while not painted:
            app.processEvents()
            for view in window.findChildren(TimelineView):
                items = view.timeline().items() if view.isVisible() else ()
                if items and items[0].id != before[0]:
                    view.viewport().repaint()
                    painted.append(view)
            if time.perf_counter() > deadline:
                raise SystemExit("The timeline was not painted within 15 seconds.")
        taken = time.perf_counter() - begun
        rest = time.perf_counter() + 0.4
        while program.tasks.busy() or time.perf_counter() < rest:
            app.processEvents()
        before[0] = painted[-1].timeline().items()[0].id
        return taken

    asked = time.time()
    first = asked - started + show(KEY_PERSON)
    opened = {"key": [], "tail": []}  # type: dict[str, list[float]]
    for _ in range(5):
        opened["tail"].append(show(TAIL_PERSON))
        opened["key"].append(show(KEY_PERSON))
    view = painted[-1]
    frames = []
    for _ in range(STEPS):
        bar = view.verticalScrollBar()
        begun = time.perf_counter()
        bar.setValue(bar.value() + 60)
        app.processEvents()
        frames.append(time.perf_counter() - begun)
        time.sleep(0.002)
    answer: dict[str, object] = {
        "painted": first, "memory": memory_mb(), "opened": opened, "frames": frames, "rows": len(view.timeline().items()),
    }  # fmt: skip
    window.close()
    program.close()
    return answer


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    what, folder, started = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(bare(started) if what == "bare" else desk(folder, started)))
    sys.stdout.flush()
    os._exit(0)  # what is measured is over; Qt's way out is not


if __name__ == "__main__":
    main()
