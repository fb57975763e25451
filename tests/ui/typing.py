"""`python -m tests.ui.typing DESK`: the real window on a desk, and somebody who types a note until the program is killed.

Says on stdout how much was typed when the window last said that it is saved. The words are `words()` from the beginning.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from relationdesk.ui.application import Program, application
from relationdesk.ui.page import Target
from relationdesk.ui.person_page import PersonPage
from tests.facts import NOW

KEY_MS = 15


def words(length: int) -> str:
    """The first so many characters of what is typed: no piece of it is like another."""
    return " ".join(f"thought {n}" for n in range(length // 8 + 1))[:length]


class Typist:
    """Types into the composer of the first person, one key at a time."""

    def __init__(self, program: Program) -> None:
        self.program, self.typed = program, 0
        self.taken: list[int] = []  # how much was typed when the words were taken to be saved
        self.timer = QTimer()
        self.timer.timeout.connect(self.press)
        self.timer.start(KEY_MS)

    def press(self) -> None:
        window = self.program.window
        if window is None or not window._furnished:
            return
        page = window.page()
        if not isinstance(page, PersonPage):
            window.context.router.go.emit(Target(page="person", id=1))
            return
        if not page.composer.drafts.slot():
            return  # the page does not know yet whom it is about
        if self.typed == 0:
            drafts = page.composer.drafts
            wording = drafts._wording
            drafts._wording = lambda: (self.taken.append(self.typed), wording())[1]
            drafts.saved.connect(self.say)
        QTest.keyClicks(page.composer.editor, words(self.typed + 1)[-1])
        self.typed += 1

    def say(self) -> None:
        sys.stdout.write(f"{self.taken.pop(0)}\n")
        sys.stdout.flush()


def main(folder: Path) -> None:
    app = application()
    program = Program(app, folder, first_start=False, clock=lambda: NOW)
    program.open()
    typist = Typist(program)
    app.exec()
    del typist


if __name__ == "__main__":
    main(Path(sys.argv[1]))
