"""Everything that can be connected is a tile that is found by typing, and what cannot be says why and leads on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from relationdesk.services.logins import ways_in
from relationdesk.sources.closed_places import CLOSED
from relationdesk.ui.connect_dialog import ConnectDialog
from relationdesk.ui.connect_grid import ConnectGrid
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel
from tests.ui.office import Office, office


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot) as made:
        yield made


def shown(at: Office, widget: Any) -> Any:
    widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(widget)
    at.kept.append(widget)
    widget.show()
    at.wait()
    return widget


def test_every_place_is_a_tile_and_names_are_whole(at: Office) -> None:
    grid = shown(at, ConnectGrid(at.context))
    assert set(grid.tiles) == {f"{way.source}/{place}" for way in ways_in() for place in way.places} | {f"closed/{one.key}" for one in CLOSED}
    for tile in grid.tiles.values():
        (label,) = tile.findChildren(PlainLabel)
        widest = max(label.fontMetrics().horizontalAdvance(word) for word in label.text().split())
        assert tile.isVisible() and widest <= label.width() and label.heightForWidth(label.width()) <= label.height(), label.text()


@pytest.mark.parametrize(
    ("typed", "keys"),
    [("face", ["facebook/facebook", "closed/facebook_people"]), ("twitter", ["x/x"]), ("Stack", ["stackexchange/stackexchange"]), ("medium", ["feed/medium"]), ("hotmail", ["closed/outlook"]),
     ("cal", ["calendar/calendar", "caldav/caldav"]), ("zzz", [])],
)  # fmt: skip
def test_typing_finds_what_is_meant(at: Office, typed: str, keys: list[str]) -> None:
    grid = shown(at, ConnectGrid(at.context))
    at.qtbot.keyClicks(grid.field, typed)
    assert [key for key in grid.shown() if key in keys] == keys and [k for k, tile in grid.tiles.items() if tile.isVisible()] == grid.shown()
    assert grid.nothing.isVisible() == (not grid.shown())
    grid.field.clear()
    assert all(tile.isVisible() for tile in grid.tiles.values())


def test_enter_takes_the_first_that_is_found_and_nothing_of_everything(at: Office) -> None:
    grid = shown(at, ConnectGrid(at.context))
    at.qtbot.keyClick(grid.field, Qt.Key.Key_Return)
    assert at.connected == []
    at.qtbot.keyClicks(grid.field, "xing")
    at.qtbot.keyClick(grid.field, Qt.Key.Key_Return)
    at.qtbot.keyClick(grid.tiles["mastodon/mastodon"], Qt.Key.Key_Space)
    assert at.connected == ["closed/xing", "mastodon"]


@pytest.mark.parametrize("one", CLOSED, ids=lambda one: one.key)
def test_a_closed_place_says_why_and_asks_for_nothing(at: Office, one: Any) -> None:
    dialog = shown(at, ConnectDialog(at.context, f"closed/{one.key}"))
    assert dialog.closed.isVisible() and dialog.closed.why.text() == one.why and dialog.closed.instead.text() == one.instead
    for gone in (dialog.address, dialog.token, dialog.go_button, dialog.key_page, dialog._hint):
        assert not gone.isVisible()
    assert (dialog.closed.bring.isVisible(), dialog.closed.add.isVisible(), dialog.closed.browse.isVisible()) == (
        bool(one.archive), one.has_people, bool(one.page))  # fmt: skip
    dialog.address.setText("hotel.example")
    dialog.connect_place()
    assert at.context.tasks.busy() == 0 and not dialog.progress.isVisible()


def test_from_a_closed_place_one_gets_on_and_back_to_those_that_are_open(at: Office) -> None:
    router, said = at.context.router, []
    router.import_files.connect(lambda files: said.append(("files", files)))
    router.add_somebody.connect(lambda text, person: said.append(("add", text, person)))
    router.open_link.connect(lambda url: said.append(("open", url)))
    for button, name in (("browse", "open"), ("bring", "files"), ("add", "add")):
        dialog = shown(at, ConnectDialog(at.context, "closed/facebook_people"))
        getattr(dialog.closed, button).click()
        assert said[-1][0] == name and dialog.isVisible() == (button == "browse")
    dialog = shown(at, ConnectDialog(at.context, "closed/facebook_people"))
    dialog.place.setCurrentIndex(dialog.place.findData("github"))
    assert dialog.address.isVisible() and dialog.go_button.isVisible() and not dialog.closed.isVisible()
    assert "Costs: nothing; without a key 60 questions an hour" in dialog._hint.text()


@pytest.mark.parametrize(("source", "page", "writes"), [("discourse", True, True), ("threads", True, False), ("mastodon", False, True), ("hubspot", False, False)])
def test_a_key_that_may_write_is_offered_only_where_one_can_answer_from_here(at: Office, source: str, page: bool, writes: bool) -> None:
    dialog = shown(at, ConnectDialog(at.context, source))
    assert (dialog.key_page.isVisible(), dialog.key_writes.isVisible()) == (page, writes)


@pytest.mark.parametrize("source", [way.source for way in ways_in()])
def test_every_place_is_connected_in_at_most_three_steps(at: Office, source: str) -> None:
    """Choose it; say whose it is, with a key or by signing in where it wants one (and a limit where it costs); connect. All in one window."""
    dialog = shown(at, ConnectDialog(at.context, source))
    to_fill = [field for field in (dialog.address, dialog.token) if field.isVisible() and not field.text()]
    said = dialog.sign_in.isVisible() + dialog.limit.isVisible() + len(to_fill)
    assert 1 <= said <= 3 and len(to_fill) <= 2 and dialog.go_button.isVisible()
