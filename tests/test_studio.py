"""Pictures without a screen: pages and dialogs of one desk from one window, and a sentence for a page that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from relationdesk.errors import UserMistake
from relationdesk.picture_dialogs import _import_report, _plain
from relationdesk.store import database
from relationdesk.studio import Shot, studio
from tests.ui.desk import make_desk


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
    assert {"settings", "keys", "palette", "connect", "error", "import-report"} <= drawn.keys() and min(drawn.values()) > 90
    db = database.open_desk(tmp_path / "desk")
    assert db.execute("SELECT count(*) FROM people").fetchone() == (3,)
    db.close()
