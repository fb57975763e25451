"""Draws a page of the window without a screen: `python -m relationdesk.picture DESK PAGE OUT W H PERCENT [--dark] [--who WHO]`,
or `--all FOLDER` for every page of the sample desk, light and dark, in both sizes."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from relationdesk.errors import RelationDeskError, UserMistake
from relationdesk.services import sample
from relationdesk.store import database, people, profiles

ALL = ("today", "people", "person", "companies", "company", "who", "place", "places", "welcome")
ALIASES = {"matches": "who", "who-is-this": "who", "sources": "places"}


def main() -> int:
    """0 and a file, or 1 and a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="picture")
    parser.add_argument("desk", nargs="?")
    parser.add_argument("page", nargs="?")
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("width", nargs="?", type=int, default=1440)
    parser.add_argument("height", nargs="?", type=int, default=900)
    parser.add_argument("percent", nargs="?", type=int, default=100)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--who", default="")
    parser.add_argument("--all", type=Path)
    given = parser.parse_args()
    try:
        if given.all:
            draw_all(given.all)
        else:
            draw(Path(given.desk), given.page, given.out, (given.width, given.height), given.percent, given.dark, given.who)
    except RelationDeskError as e:
        sys.stderr.write(f"{e}\n")
        return 1
    return 0


def draw(
    desk: Path, page: str, out: Path, size: tuple[int, int], percent: int = 100, dark: bool = False, who: str = ""
) -> None:
    """One page of one desk as PNG. Raises UserMistake for an unknown page or person."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop

    from relationdesk.ui.application import Program, application
    from relationdesk.ui.main_window import PAGES
    from relationdesk.ui.page import Target

    page = ALIASES.get(page, page)
    if page not in PAGES:
        raise UserMistake(f"There is no page “{page}”. Nothing was written. Choose one of: {', '.join(sorted(PAGES))}.")
    db = database.open_desk(desk)
    try:
        number, place = _target(db, page, who)
    finally:
        db.close()
    app = application()
    program = Program(app, desk, first_start=False)
    program.open()

    def settle() -> None:
        """Until every job has come home and what it brought is painted."""
        deadline = QDeadlineTimer(20_000)
        quiet = 0
        while quiet < 5 and not deadline.hasExpired():
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 30)
            app.sendPostedEvents()
            quiet = 0 if program.tasks.busy() or program.window is None else quiet + 1

    try:
        settle()
        window = program.window
        if window is None:
            raise UserMistake("The window did not open. Nothing was written.")
        window.context.look.set_mode("dark" if dark else "light")
        window.context.look.set_text_scale(percent / 100)
        window.resize(*size)
        window.go(Target(page=page, id=number, place=place))
        settle()
        out.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(out), "PNG"):
            raise UserMistake(f"{out} could not be written. Check the folder.")
        window.close()
        settle()
    finally:
        program.close()


def _target(db: database.Desk, page: str, who: str) -> tuple[int | None, str]:
    """Whose page, or which place, where none is named: the person or place with the newest activity."""
    if page == "person":
        first = people.page(db, limit=1)
        return (people.find(db, who).id if who else first[0].id if first else None), ""
    if page == "company":
        every = people.companies(db, who)
        return (every[0].id if every else None), ""
    if page == "place":
        places = profiles.places(db)
        return None, who or (places[0][0] if places else "")
    return None, ""


def draw_all(folder: Path) -> None:
    """Every page of the sample desk: light and dark at 1440×900 and 1000×640, and light at 200 % text."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        desk = Path(scratch) / "desk"
        db = database.open_desk(desk)
        sample.build(db, datetime.now(UTC))
        db.close()
        for page in ALL:
            who = {"person": "Joe Brown", "place": "mastodon", "company": "Alder"}.get(page, "")
            for size in ((1440, 900), (1000, 640)):
                for dark in (False, True):
                    name = f"{page}-{'dark' if dark else 'light'}-{size[0]}x{size[1]}.png"
                    draw(desk, page, folder / name, size, 100, dark, who)
            draw(desk, page, folder / f"{page}-light-200.png", (1440, 900), 200, False, who)


if __name__ == "__main__":
    sys.exit(main())
