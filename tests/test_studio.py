"""Pictures without a screen: pages and dialogs of one desk from one window, and a sentence for a page that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from relationdesk.errors import UserMistake
from relationdesk.picture_dialogs import _import_report, _plain
from relationdesk.services.people import add_person as make_person
from relationdesk.store import database, people
from relationdesk.studio import Shot, studio
from tests.ui.desk import NOW, make_desk


def test_pages_are_drawn_in_the_size_and_theme_that_was_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    light, dark = tmp_path / "light.png", tmp_path / "dark.png"
    with studio(tmp_path / "desk") as made:
        made.draw("people", light, Shot(size=(1000, 640)))
        made.draw("person", dark, Shot(size=(1200, 700), dark=True), "Ann Example")
        with pytest.raises(UserMistake, match="no page “moon”"):
            made.draw("moon", tmp_path / "moon.png", Shot())
        with pytest.raises(UserMistake, match="Nobody"):
            made.draw("person", tmp_path / "nobody.png", Shot(), "Nobody")
    one, two = QImage(str(light)), QImage(str(dark))
    assert (one.width(), one.height()) == (1000, 640) and (two.width(), two.height()) == (1200, 700)
    assert one.pixelColor(995, 635).lightness() > 200 > 60 > two.pixelColor(1195, 695).lightness()
    assert not (tmp_path / "moon.png").exists() and not (tmp_path / "nobody.png").exists()


def test_dialogs_are_drawn_and_leave_the_desk_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    drawn: dict[str, int] = {}
    with studio(tmp_path / "desk") as made:
        _plain(made, lambda name, widget: drawn.update({name: widget.grab().height()}), tmp_path)
        _import_report(made, lambda name, widget: drawn.update({name: widget.grab().height()}), tmp_path)
        left: list[int] = []
        made.window.context.tasks.run(people.count, done=left.append)
        made.settle(lambda: bool(left))
    assert {"settings", "keys", "palette", "connect", "error", "import-report"} <= drawn.keys() and min(drawn.values()) > 90
    assert left == [3]


def test_drawing_writes_nothing_to_the_desk(qtbot: QtBot, tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")

    def kept() -> dict[str, bytes]:
        return {str(file.relative_to(tmp_path)): file.read_bytes() for file in sorted((tmp_path / "desk").rglob("*")) if file.is_file()}

    before = kept()
    assert any(name.endswith("desk.db") for name in before)
    with studio(tmp_path / "desk") as made:
        made.draw("person", tmp_path / "one.png", Shot(size=(1000, 640)), "Ann Example")
        made.draw("person", tmp_path / "two.png", Shot(size=(1000, 640)), "Ben Example")
    assert kept() == before


def test_a_desk_that_is_open_is_drawn_as_it_is_now(qtbot: QtBot, tmp_path: Path) -> None:
    """With words that lie in its log only, and none is made where there was none."""
    make_desk(tmp_path / "desk")
    db = database.open_desk(tmp_path / "desk")
    make_person(db, "Dora Sample", NOW)
    with studio(tmp_path / "desk") as made:
        made.draw("person", tmp_path / "dora.png", Shot(), "Dora Sample")
    db.close()
    with studio(tmp_path / "none") as made:
        made.draw("people", tmp_path / "none.png", Shot())
    assert (tmp_path / "dora.png").exists() and (tmp_path / "none.png").exists() and not (tmp_path / "none").exists()
