"""Pictures and fonts are where the program looks, also in a wheel, sharp, and with their licences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from relationdesk.ui import resources
from relationdesk.ui.actions import SPECS

ROOT = Path(__file__).resolve().parents[2]


def _colours(image: QImage) -> set[str]:
    solid = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                solid.add(colour.name().upper())
    return solid


def test_the_folder_of_a_checkout_is_found() -> None:
    assert resources.folder() == ROOT / "resources"


def test_the_folder_of_a_wheel_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "relationdesk" / "_resources").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "relationdesk")
    resources.folder.cache_clear()
    try:
        assert resources.folder() == tmp_path / "relationdesk" / "_resources"
    finally:
        monkeypatch.undo()
        resources.folder.cache_clear()


@pytest.mark.parametrize("name", ["mail", "places/mastodon", "relationdesk"])
def test_an_icon_is_drawn_sharp_for_the_screen(qapp: QApplication, name: str) -> None:
    picture = resources.pixmap(name, "#0B6A63", 20, 2.0)
    assert (picture.width(), picture.height(), picture.devicePixelRatio()) == (40, 40, 2.0)
    assert _colours(picture.toImage()), "something is on it"


@pytest.mark.parametrize("name", ["mail", "places/mastodon"])
def test_an_icon_has_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    assert _colours(resources.pixmap(name, "#C9650A", 48).toImage()) == {"#C9650A"}


def test_equal_pictures_are_made_once(qapp: QApplication) -> None:
    assert resources.pixmap("mail", "#000000", 20).cacheKey() == resources.pixmap("mail", "#000000", 20).cacheKey()


@pytest.mark.parametrize("name", ["no-such-icon", "../../pyproject", "/etc/hostname"])
def test_an_unknown_name_is_a_question_mark(qapp: QApplication, name: str) -> None:
    unknown = resources.pixmap(name, "#000000", 24).toImage()
    assert unknown == resources.pixmap(resources.NEUTRAL, "#000000", 24).toImage()


def test_a_qicon_carries_the_disabled_colour(qapp: QApplication) -> None:
    icon = resources.icon("check", "#000000", 20, "#979DA5")
    assert _colours(icon.pixmap(20, mode=icon.Mode.Disabled).toImage()) <= {"#979DA5"}


def test_drawing_follows_the_device(qapp: QApplication) -> None:
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(2.0)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    resources.draw_icon(painter, "relationdesk", "", 0, 0, 20)
    painter.end()
    assert image.pixelColor(38, 20).name().upper() == "#0B6A63", "fills the device to its edge"


def test_every_icon_of_an_action_is_there() -> None:
    assert not [spec.id for spec in SPECS if spec.icon and not resources.has_icon(spec.icon)]


def test_every_icon_named_in_the_code_is_there() -> None:
    """`icon="sun"`: a misspelt name would silently be a question mark."""
    missing = []
    for file in (ROOT / "relationdesk" / "ui").rglob("*.py"):
        for name in re.findall(r'icon="([a-z0-9/-]+)"', file.read_text(encoding="utf-8")):
            missing += [] if resources.has_icon(name) else [f"{file.name}: {name}"]
    assert not missing


def test_fonts_are_loaded_once(qapp: QApplication) -> None:
    assert resources.load_fonts()[0] == "Inter"
    assert resources.load_fonts() is resources.load_fonts()


def test_licences_travel_with_the_files() -> None:
    icons = resources.folder() / "icons"
    assert "ISC" in (icons / "LICENSE-lucide.txt").read_text(encoding="utf-8")
    assert "CC0" in (icons / "places" / "LICENSE-simple-icons.md").read_text(encoding="utf-8")
    licence = (resources.folder() / "fonts" / "LICENSE-inter.txt").read_text(encoding="utf-8")
    assert "SIL Open Font License" in licence


def test_pictures_are_harmless() -> None:
    """Only paths and shapes: no script, no foreign reference, no text."""
    for file in resources.folder().rglob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script|<image|<use|<text|href|foreignObject|\bon\w+=", text), file.name
