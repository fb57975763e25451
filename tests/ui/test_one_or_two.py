"""Two people made one, one made two, and what was decided about them: by keys, on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from relationdesk.services import combining, notes, people, review
from relationdesk.store import ledger, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk
from relationdesk.ui.combine_dialog import CombineDialog
from relationdesk.ui.decisions_dialog import DecisionsDialog
from relationdesk.ui.forget_dialog import ForgetDialog
from relationdesk.ui.person_menu import person_menu
from relationdesk.ui.person_picker import PersonRow
from relationdesk.ui.split_dialog import SplitDialog
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.facts import NOW, bring, did, person_id, profile_id, who
from tests.ui.office import Office, office

JOE, JUPP = who("Joe Brown", "linkedin", title="Buyer"), who("Jupp Marsh", "contacts", title="Director")


def fill(db: Desk) -> None:
    bring(db, [JOE, JUPP, who("Mary Jones"), did(JOE, "a"), did(JUPP, "b")])
    notes.write(db, "likes rye bread", NOW, person_id=person_id(db, "Joe Brown"))


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot, fill) as made:
        yield made
        for left in made.kept:
            if isValid(left):  # an open window would keep a program of a later test from ending
                left.close()


def opened(desk: Office, kind: type, name: str = "Joe Brown") -> Any:
    dialog = kind(desk.context, persons.find(desk.db, name))
    desk.kept.append(dialog)
    dialog.show()
    desk.wait()
    return dialog


def test_two_are_made_one_by_keys(desk: Office) -> None:
    dialog = opened(desk, CombineDialog)
    assert not dialog.do.isEnabled()
    desk.qtbot.keyClicks(dialog.picker.search, "jupp")
    desk.wait(lambda: dialog.picker.findChildren(PersonRow))
    (row,) = dialog.picker.findChildren(PersonRow)
    assert row.accessibleName() == "Combine with Jupp Marsh"
    row.setFocus()
    desk.qtbot.keyClick(row, Qt.Key.Key_Return)
    desk.wait(lambda: dialog.preview is not None)
    assert dialog.preview.conflicts == (("name", "Joe Brown", "Jupp Marsh"), ("title", "Buyer", "Director"))
    desk.qtbot.keyClick(dialog.do, Qt.Key.Key_Space)
    desk.wait(lambda: desk.went)
    joe = persons.find(desk.db, "Jupp Marsh")
    assert (joe.name, desk.went[0].id, desk.failed) == ("Joe Brown", joe.id, [])
    assert [change.undo for change in desk.changes] == ["Combined Jupp Marsh with Joe Brown"]


def test_the_other_one_may_stay(desk: Office) -> None:
    dialog = opened(desk, CombineDialog)
    dialog.picker.picked.emit(persons.find(desk.db, "Jupp Marsh"))
    desk.wait(lambda: dialog.preview is not None)
    dialog.swap.click()
    desk.wait(lambda: dialog.preview.into.name == "Jupp Marsh")
    dialog.do.click()
    desk.wait(lambda: desk.went)
    assert persons.find(desk.db, "Joe Brown").name == "Jupp Marsh"


def test_nobody_is_found_by_themselves_or_by_a_name_that_is_not_there(desk: Office) -> None:
    dialog = opened(desk, CombineDialog)
    for typed in ("joe", "zzz"):
        dialog.picker.search.setText(typed)
        desk.wait(lambda: "Nobody of that name." in {child.text() for child in dialog.picker.findChildren(QWidget) if hasattr(child, "text")})
        assert dialog.picker.findChildren(PersonRow) == []
        dialog.picker.search.clear()
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert persons.count(desk.db) == 3


def test_somebody_gone_meanwhile_is_said_in_the_dialog(desk: Office) -> None:
    dialog = opened(desk, CombineDialog)
    jupp = persons.find(desk.db, "Jupp Marsh")
    dialog.picker.picked.emit(jupp)
    desk.wait(lambda: dialog.preview is not None)
    people.settle(desk.db, profile_id(desk.db, JUPP), "nobody", NOW)
    dialog.do.click()
    desk.wait(lambda: dialog.refusal.isVisible())
    assert "Nothing was changed" in dialog.refusal.text() and desk.went == []


def test_one_is_made_two_by_keys(desk: Office) -> None:
    joe = person_id(desk.db, "Joe Brown")
    people.link(desk.db, profile_id(desk.db, JUPP), joe, NOW)
    dialog = opened(desk, SplitDialog)
    desk.wait(lambda: len(dialog.profiles) == 2)
    box = dialog.profiles[profile_id(desk.db, JUPP)]
    (note,) = dialog.notes.values()
    assert not dialog.do.isEnabled()
    for ticked in (box, note):
        ticked.setFocus()
        desk.qtbot.keyClick(ticked, Qt.Key.Key_Space)
    assert dialog.says.text() == "1 item and 1 note go along, with the answers to prompts about them."
    desk.qtbot.keyClicks(dialog.name, "Jupp the Elder")
    desk.qtbot.keyClick(dialog.do, Qt.Key.Key_Space)
    desk.wait(lambda: desk.went)
    jupp = persons.find(desk.db, "Jupp the Elder")
    assert desk.went[0].id == jupp.id
    assert [s.profile.key for s in profiles.of_person(desk.db, jupp.id)] == [JUPP.key]
    assert [s.profile.key for s in profiles.of_person(desk.db, joe)] == [JOE.key]


def test_not_everything_can_go(desk: Office) -> None:
    joe = person_id(desk.db, "Joe Brown")
    dialog = opened(desk, SplitDialog)
    assert dialog.says.text() == "Joe Brown has one profile only, so it can be divided by time alone: say a first or last day."
    people.link(desk.db, profile_id(desk.db, JUPP), joe, NOW)
    dialog = opened(desk, SplitDialog)
    for box in dialog.profiles.values():
        box.setChecked(True)
    assert dialog.says.text() == "At least one profile stays with Joe Brown." and not dialog.do.isEnabled()


def test_each_decision_can_be_taken_back_and_made_again(desk: Office) -> None:
    people.set_tags(desk.db, person_id(desk.db, "Joe Brown"), ("chef",), NOW)
    tags = ledger.entries(desk.db, 1)[0].id
    dialog = opened(desk, DecisionsDialog)
    buttons = {button.accessibleName(): button for button in dialog.column.findChildren(Button)}
    assert "Take back: Note on Joe Brown" in buttons and any(name.startswith("Unlink: Joe Brown (LinkedIn)") for name in buttons)
    buttons["Take back: Tags of Joe Brown changed"].click()
    desk.wait(lambda: persons.find(desk.db, "Joe Brown").tags == ())
    desk.wait(lambda: any(b.accessibleName() == "Do again: Tags of Joe Brown changed" for b in dialog.column.findChildren(Button)))
    assert ledger.some(desk.db, [tags])[0].undone
    next(b for b in dialog.column.findChildren(Button) if b.accessibleName() == "Do again: Tags of Joe Brown changed").click()
    desk.wait(lambda: persons.find(desk.db, "Joe Brown").tags == ("chef",))


def test_the_menu_of_a_person_opens_them(desk: Office) -> None:
    page = review.review(desk.db, person_id(desk.db, "Joe Brown"), NOW)
    assert page is not None
    window = QWidget()
    desk.kept.append(window)
    desk.qtbot.addWidget(window)
    for title, kind in (("Combine with somebody…", CombineDialog), ("Make two people of this one…", SplitDialog), ("Decisions about this person", DecisionsDialog)):
        button = QWidget(window)
        menu = person_menu(desk.context, page, button)
        next(action for action in menu.actions() if action.text() == title).trigger()
        menu.close()
        desk.wait(lambda kind=kind: window.findChildren(kind))
        window.findChildren(kind)[0].close()
    assert button.mapToGlobal(QPoint(0, 0)) is not None


def test_somebody_is_forgotten_only_after_a_tick(desk: Office) -> None:
    dialog = opened(desk, ForgetDialog)
    assert "1 profile, 1 activity, 1 note" in dialog.goes.text() and not dialog.do.isEnabled()
    dialog.do.click()
    assert persons.find(desk.db, "Joe Brown")
    dialog.sure.setFocus()
    desk.qtbot.keyClick(dialog.sure, Qt.Key.Key_Space)
    desk.qtbot.keyClick(dialog.do, Qt.Key.Key_Space)
    desk.wait(lambda: desk.went)
    assert (desk.went[0].page, desk.toasts, desk.failed) == ("people", ["Forgot Joe Brown."], [])
    assert not desk.db.execute("SELECT 1 FROM people WHERE name = 'Joe Brown'").fetchall()


def test_many_profiles_can_be_looked_over_and_the_keyboard_stands_in_the_first(desk: Office, look: Look) -> None:
    joe = person_id(desk.db, "Joe Brown")
    more = [who("Joe Brown", f"place{n}", known=False) for n in range(16)]
    bring(desk.db, more)
    for one in more:
        people.link(desk.db, profile_id(desk.db, one), joe, NOW)
    dialog = opened(desk, SplitDialog)
    desk.wait(lambda: len(dialog.profiles) == 17 and next(iter(dialog.profiles.values())).hasFocus())
    boxes = [*dialog.profiles.values()]
    seen = [box for box in boxes if not box.visibleRegion().isEmpty()]
    assert len(seen) >= 8 and dialog.height() <= dialog.screen().availableGeometry().height()
    assert "LinkedIn: Joe Brown · 1 item" in {box.text() for box in boxes}
    for _ in boxes:
        desk.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() not in boxes[:-1] and not dialog.focusWidget().visibleRegion().isEmpty()


def test_in_the_largest_text_one_thing_scrolls(desk: Office, look: Look) -> None:
    look.set_text_scale(2.0)
    notes.write(desk.db, "a note so long that no line of a dialog in the largest text could ever hold it", NOW, person_id=person_id(desk.db, "Joe Brown"))
    for name in ("Jupp Marsh", "Mary Jones"):
        combining.combine(desk.db, person_id(desk.db, "Joe Brown"), person_id(desk.db, name), NOW)
    dialog = opened(desk, SplitDialog)
    desk.wait(lambda: dialog.profiles)
    outer = next(area for area in dialog.findChildren(QScrollArea) if area is not dialog.column)
    desk.wait(lambda: dialog.column.verticalScrollBar().maximum() > 0)
    assert dialog.column.content().width() <= dialog.column.viewport().width()
    assert outer.verticalScrollBar().maximum() == 0 and dialog.column.viewport().height() >= look.theme.px(90)
