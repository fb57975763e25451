"""A window without a screen, of which pictures can be taken: opened once on a desk, then turned to any page or dialog."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from relationdesk.errors import RelationDeskError, UserMistake
from relationdesk.model import Person
from relationdesk.services import desk_copy
from relationdesk.store import database, people, profiles
from relationdesk.text import fold
from relationdesk.ui.application import Program, application
from relationdesk.ui.main_window import PAGES, MainWindow
from relationdesk.ui.page import Target

ALIASES = {"matches": "who", "who-is-this": "who", "sources": "places"}
PATIENCE_MS = 20_000
SMALLEST = 0
"""Qt's word for a PNG without loss that took its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a picture is taken. size: of the window, in pixels. small: in 256 colours, a third of the bytes."""

    size: tuple[int, int] = (1440, 900)
    percent: int = 100
    dark: bool = False
    small: bool = False

    @property
    def name(self) -> str:
        text = f"-{self.percent}" if self.percent != 100 else ""
        return f"{'dark' if self.dark else 'light'}-{self.size[0]}x{self.size[1]}{text}"


class Studio:
    """One window on one desk, of which any number of pictures can be taken. Nothing is synced meanwhile."""

    def __init__(self, app: QApplication, program: Program) -> None:
        self._app, self._program, self._small = app, program, False

    @property
    def window(self) -> MainWindow:
        if self._program.window is None:
            raise UserMistake("The window did not open. Nothing was written.")
        return self._program.window

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Until every job has come home, what it brought is painted, and `until` holds."""
        deadline, quiet = QDeadlineTimer(PATIENCE_MS), 0
        while quiet < 5 and not deadline.hasExpired():
            self._breathe()
            quiet = 0 if self._program.tasks.busy() or self._program.window is None or not until() else quiet + 1

    def glance(self, until: Callable[[], bool]) -> None:
        """Until this holds, in the middle of whatever else is going on."""
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not until() and not deadline.hasExpired():
            self._breathe()

    def _breathe(self) -> None:
        self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 30)
        self._app.sendPostedEvents()
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # only a running loop would; else all that went stays

    def draw(self, page: str, out: Path, shot: Shot, who: str = "") -> None:
        """A page as PNG. Raises UserMistake for an unknown page or person."""
        name = ALIASES.get(page, page)
        if name not in PAGES:
            raise UserMistake(f"There is no page “{page}”. Nothing was written. Choose one of: {', '.join(sorted(PAGES))}.")
        number, place = self.target(name, who)
        self.light(shot)
        self.window.go(Target(page=name, id=number, place=place))
        self.settle()
        self.save(self.window, out)

    def light(self, shot: Shot) -> None:
        """Theme, text size and size of the window."""
        self._small = shot.small
        look = self.window.context.look
        look.set_mode("dark" if shot.dark else "light")
        look.set_text_scale(shot.percent / 100)
        self.window.resize(*shot.size)
        self.settle()

    def save(self, widget: QWidget, out: Path) -> None:
        with suppress(OSError):  # then it cannot be saved either
            out.parent.mkdir(parents=True, exist_ok=True)
        picture = widget.grab().toImage()
        picture = few_colours(picture) if self._small else picture
        if not picture.save(str(out), "PNG", SMALLEST):  # type: ignore[call-overload]  # its stub wants bytes, it wants text
            raise UserMistake(f"{out} could not be written. Check the folder.")

    def person(self, who: str) -> Person:
        """Somebody of the desk, as `people.find` finds them. Raises what that raises."""
        found: list[Person] = []
        errors: list[RelationDeskError] = []
        self.window.context.tasks.run(people.find, who, done=found.append, failed=errors.append)
        self.settle(lambda: bool(found or errors))
        if errors:
            raise errors[0]
        return found[0]

    def target(self, page: str, who: str = "") -> tuple[int | None, str]:
        """The number and place that a page is opened with: somebody's by words, else the one with the newest activity. Raises UserMistake."""
        found: list[tuple[int | None, str]] = []
        errors: list[RelationDeskError] = []
        self.window.context.tasks.run(_target, page, who, done=found.append, failed=errors.append)
        self.settle(lambda: bool(found or errors))
        if errors:
            raise errors[0]
        return found[0]


def few_colours(picture: QImage) -> QImage:
    """The same in its 256 most frequent colours: a window has few, and the edges of letters lie close to one of them."""
    whole = picture.convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(whole.constBits()).cast("I"))
    return whole.convertToFormat(
        QImage.Format.Format_Indexed8, [colour for colour, _ in counted.most_common(256)], Qt.ImageConversionFlag.ThresholdDither
    )


def _target(db: database.Desk, page: str, who: str) -> tuple[int | None, str]:
    """Whose page, or which place, where none is named: the person or place with the newest activity."""
    if page == "person":
        first = people.page(db, limit=1)
        return (people.find(db, who).id if who else first[0].id if first else None), ""
    if page == "company":
        every = people.companies(db, who)
        if who and not every:
            raise UserMistake(f"There is no company “{who}” in this desk. Nothing was written.")
        exact = [c for c in every if fold(c.name) == fold(who)]
        return next((c.id for c in (*exact, *every)), None), ""
    if page == "place":
        places = [name for name, _ in profiles.places(db)]
        if who and who not in places:
            raise UserMistake(f"There is no place “{who}” in this desk. Nothing was written. Choose one of: {', '.join(sorted(places))}.")
        return None, who or next(iter(places), "")
    return None, ""


@contextmanager
def studio(desk: Path) -> Iterator[Studio]:
    """A window for pictures on a copy of a desk that is thrown away: whoever is drawn does not count as looked at, and
    the user's window keeps its layout. UserMistake if the window does not come."""
    with tempfile.TemporaryDirectory(prefix="relationdesk-picture-") as scratch:
        _copy(desk, Path(scratch))
        app = application()
        program = Program(app, Path(scratch), first_start=False, ticks=False)
        made = Studio(app, program)
        try:
            program.open()
            made.settle()
            yield made
            made.window.close()
            made.settle()
        finally:
            program.close()


def _copy(desk: Path, folder: Path) -> None:
    """The desk as it is now, brought up to date in its copy; an empty one where there is none."""
    source = desk / database.DESK_FILE
    if source.with_name(f"{source.name}-wal").exists():  # somebody has it open: its file alone is not the whole of it
        with closing(database.connect_readonly(source)) as db:
            database.copy_to(db, folder / database.DESK_FILE)
    elif source.exists():
        with desk_copy.copied(desk) as db:
            database.copy_to(db, folder / database.DESK_FILE)
    database.close_desk(database.open_desk(folder))
