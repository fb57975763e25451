"""Draws the window without a screen: `python -m relationdesk.picture DESK PAGE OUT W H PERCENT [--dark] [--who WHO]`,
`--all FOLDER` for every page and dialog of the sample desk, light and dark, or `--readme FOLDER` for those of the README."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from relationdesk.errors import RelationDeskError, StoreError
from relationdesk.picture_dialogs import draw_dialogs, draw_walk
from relationdesk.services import sample
from relationdesk.store import database
from relationdesk.studio import Shot, Studio, studio

ALL = ("today", "round", "people", "person", "companies", "company", "who", "place", "places", "routed", "outbox", "welcome")
README = ("person", "today", "who", "place", "places", "welcome")
SAMPLED = {"person": "Joe Brown", "place": "mastodon", "company": "Alder"}
"""Whose page of the sample desk stands in the pictures."""


def main() -> int:
    """0 and a file, or a sentence on stderr and 2 for what was asked for, 1 for a desk that cannot be used."""
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
    parser.add_argument("--readme", type=Path)
    given = parser.parse_args()
    try:
        if given.all:
            draw_all(given.all)
        elif given.readme:
            draw_readme(given.readme)
        else:
            with studio(Path(given.desk)) as made:
                shot = Shot(size=(given.width, given.height), percent=given.percent, dark=given.dark)
                made.draw(given.page, given.out, shot, given.who)
    except RelationDeskError as e:
        sys.stderr.write(f"{e}\n")
        return 1 if isinstance(e, StoreError) else 2
    return 0


def draw_all(folder: Path) -> None:
    """Every page of the sample desk in light and dark, at 1440×900 and 1000×640, and at 200 % text; every dialog."""
    with sampled() as (made, scratch):
        for size in ((1440, 900), (1000, 640)):
            for dark in (False, True):
                _draw_pages(made, folder, Shot(size=size, dark=dark))
        _draw_pages(made, folder, Shot(percent=200))
        for dark in (False, True):
            draw_dialogs(made, folder, Shot(dark=dark), scratch)


def draw_readme(folder: Path) -> None:
    """The walk in pictures: a few pages and dialogs, one of them dark."""
    with sampled() as (made, scratch):
        for page in README:
            made.draw(page, folder / f"{page}.png", Shot(small=True), SAMPLED.get(page, ""))
        draw_walk(made, folder, Shot(size=(1280, 800), small=True), scratch)
        made.draw("person", folder / "person-dark.png", Shot(dark=True, small=True), SAMPLED["person"])


@contextmanager
def sampled() -> Iterator[tuple[Studio, Path]]:
    """A window on a sample desk that is thrown away, and a folder that goes with it."""
    with tempfile.TemporaryDirectory() as scratch:
        desk = Path(scratch) / "desk"
        db = database.open_desk(desk)
        sample.build(db, datetime.now(UTC))
        db.close()
        with studio(desk) as made:
            yield made, Path(scratch)


def _draw_pages(made: Studio, folder: Path, shot: Shot) -> None:
    for page in ALL:
        made.draw(page, folder / f"{page}-{shot.name}.png", shot, SAMPLED.get(page, ""))


if __name__ == "__main__":
    sys.exit(main())
