"""The place page: by place, flat; F flips to the person at that item, and back leads to the same scroll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from relationdesk.model import Changes, Key
from relationdesk.ui.page import Target
from relationdesk.ui.place_page import PlacePage
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.ui.timeline_desk import STRANGER, Desk_, make, post


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk", *(post(100 + n) for n in range(120))), look)
    yield made
    made.tasks.close()


@pytest.fixture
def page(desk: Desk_, qtbot) -> PlacePage:
    page = PlacePage(desk.context)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.open(Target(page="place"))
    desk.settle(qtbot)
    page.view.setFocus()
    return page


def _keys(page: PlacePage) -> list[str]:
    return [i.activity.key.native_id for i in page.view.timeline().items()]


def test_all_places_flat_and_one_place(page: PlacePage, desk: Desk_, qtbot) -> None:
    assert _keys(page)[:5] == ["m1", "m2", "m3", "m5", "t30"]  # conversations are not folded here
    chips = {chip.text(): chip for chip in page._chips.findChildren(Button) if not chip.isHidden()}
    chips["Mail"].click()
    assert (desk.went[-1].page, desk.went[-1].place) == ("place", "mail")
    page.open(desk.went[-1])
    desk.settle(qtbot)
    assert _keys(page) == ["m1", "m2", "m3", "m5"] and page.title() == "Mail"


def test_flip_to_the_person_at_that_item(page: PlacePage, desk: Desk_, qtbot) -> None:
    page.view.go_to(Key("mastodon", "t30"))
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    assert desk.went[-1] == Target(page="person", id=desk.made.joe, at=Key("mastodon", "t30"))


def test_flip_of_my_own_goes_to_whom_it_went(page: PlacePage, desk: Desk_, qtbot) -> None:
    page.view.go_to(Key("mail", "m2"))
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    desk.settle(qtbot)
    assert desk.went[-1].id == desk.made.joe


def test_flip_of_nobodys_asks_who_it_is(page: PlacePage, desk: Desk_, qtbot) -> None:
    page.view.go_to(Key("mail", "m5"))
    number = page.view.currentIndex().row()
    assert any(spot.what == "who" for spot in page.view._painted(number).spots)
    qtbot.keyClick(page.view, Qt.Key.Key_F)
    assert (desk.went[-1].page, desk.went[-1].extra) == ("who", STRANGER)


def test_back_leads_to_the_same_item_and_scroll(page: PlacePage, desk: Desk_, qtbot) -> None:
    view = page.view
    for _ in range(4):
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        desk.settle(qtbot)
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() - 400)
    view.step(0)
    view.step(1)
    view.grab()
    left, key = page.position(), view.current_item().activity.key
    offset = view.visualRect(view.currentIndex()).top()
    page.leave()
    page.open(Target(page="place", place="mail"))
    desk.settle(qtbot)
    page.open(left)
    desk.settle(qtbot)
    view.grab()
    assert view.current_item().activity.key == key
    assert view.visualRect(view.currentIndex()).top() == offset


@pytest.mark.parametrize("number", [107, 130, 165, 200])
def test_who_comes_from_a_person_finds_the_item_whole_and_in_the_upper_half(page: PlacePage, desk: Desk_, qtbot, number: int) -> None:
    page.open(Target(page="place", place="mastodon", at=Key("mastodon", f"t{number}")))
    desk.settle(qtbot)
    page.view.grab()
    assert page.view.current_item().activity.key.native_id == f"t{number}"
    stands = page.view.visualRect(page.view.currentIndex())
    assert stands.top() >= 0 and stands.bottom() < page.view.viewport().height() / 2


def test_late_answer_of_another_place(page: PlacePage, desk: Desk_, qtbot) -> None:
    page.open(Target(page="place", place="mastodon"))
    page.open(Target(page="place", place="mail"))
    desk.settle(qtbot)
    assert {i.activity.key.place for i in page.view.timeline().items()} == {"mail"}


def test_change_elsewhere_keeps_what_is_read(page: PlacePage, desk: Desk_, qtbot) -> None:
    page.view.verticalScrollBar().setValue(500)
    top = page.view.top_item().activity.key
    page.on_changed(Changes(everything=True))
    desk.settle(qtbot)
    assert page.view.top_item().activity.key == top


def test_whole_names_are_spoken(page: PlacePage) -> None:
    model = page.view.timeline()
    said = model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Joe Brown, replied by mail")
    assert page.view.accessibleName() == "Activity by place"


def test_two_logins_of_a_place_can_be_told_apart(page: PlacePage, desk: Desk_, qtbot) -> None:
    from relationdesk.model import Login, Stream
    from relationdesk.store import database, logins

    db = database.connect(desk.made.file)
    actor = page.view.timeline().items()[0].activity.actor
    with database.transaction(db):
        one = logins.save(db, Login(id=0, source="mail", place="mail", address="https://one.example", user_name="sam"))
        other = logins.save(db, Login(id=0, source="mail", place="mail", address="https://two.example"))
        logins.save_stream(db, one, Stream(name="all", address="", profile=actor), is_followed=True)
    page.open(Target(page="place", place="mail"))
    desk.settle(qtbot)
    whole = _keys(page)
    chips: dict[str, Button] = {}

    def have_come() -> bool:
        chips.update({chip.text(): chip for chip in page._chips.findChildren(Button) if not chip.isHidden()})
        return "sam · one.example" in chips

    qtbot.waitUntil(have_come)
    chips["sam · one.example"].click()
    assert desk.went[-1] == Target(page="place", place="mail", id=one)
    page.open(desk.went[-1])
    desk.settle(qtbot)
    assert 0 < len(_keys(page)) < len(whole) and {i.activity.actor for i in page.view.timeline().items()} == {actor}
    assert page.position().id == one
    with database.transaction(db):
        logins.remove(db, one)
        logins.remove(db, other)
    db.close()
    page.open(Target(page="place", place="mail", id=one))
    desk.settle(qtbot)
    assert _keys(page) == whole and page.position().id is None
