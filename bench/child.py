"""One start of a window in a process of its own, off screen: `python -m bench.child bare|desk FOLDER STARTED`.

Prints one JSON object. `painted`: seconds from STARTED (unix time) until the first picture that counts: for a desk, the
first time that the timeline of the person shown last is painted with its items. `memory`: MB of its own. For a desk
also `opened` (seconds from asking for a person until the timeline is painted), `frames` (seconds per step of scrolling
and painting; `busy`: of them in processor time), `stalls` (seconds for which the event loop did not turn while people were switched).
"""

from __future__ import annotations

import os
import sys
import time

KEY_PERSON, LONG_PERSON, TAIL_PERSON = 2, 3, 420
STEPS, WARM_UP = 900, 60
SIZE = 1440, 900
WAIT_SECONDS = 20


def memory_mb() -> float:
    """What this process holds in memory of its own (pages of the desk mapped by SQLite are the system's), MB; 0 where the
    system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:  # noqa: PTH123 - pathlib would be paid for
            return next((int(line.split()[1]) / 1024 for line in file if line.startswith("RssAnon")), 0.0)
    except OSError:
        return 0.0


def bare(started: float) -> dict[str, object]:
    """The least a PySide6 program can do: an empty window, painted."""
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication(sys.argv[:1])
    painted: list[float] = []

    class Empty(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(time.time() - started)
            app.quit()

    window = Empty()
    window.resize(*SIZE)
    window.show()
    app.exec()
    return {"painted": painted[0], "memory": memory_mb()}


def desk(folder: str, started: float) -> dict[str, object]:
    """The program as it is started by a user who looked at a person last; then what they do with the window."""
    from pathlib import Path

    from relationdesk import window

    window.hurry()  # as it does itself; the probe imports the window's modules before it
    from bench.using import Probe

    probe = Probe(started)
    window.open_window(Path(folder))
    return probe.found()


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    what, folder, started = sys.argv[1], sys.argv[2], float(sys.argv[3])
    answer = bare(started) if what == "bare" else desk(folder, started)

    import json

    print(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # what is measured is over; Qt's way out is not


if __name__ == "__main__":
    main()
