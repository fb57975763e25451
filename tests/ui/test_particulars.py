"""What is kept in mind of a person: on the card, by key, changed, removed and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from relationdesk.services import particulars, review, taking_back
from relationdesk.store import particulars as rows
from relationdesk.store.database import Desk
from relationdesk.ui.about import About
from relationdesk.ui.particulars import ParticularDialog, ParticularsBlock
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel
from tests.facts import NOW, bring, person_id, who
from tests.ui.office import Office, office

NAME = "نور حداد " + "x" * 190


def fill(db: Desk) -> None:
    bring(db, [who("Sam", "mail", owner=True), who("Joe Brown", "mail"), who(NAME, "mail", "nour")])


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot, fill) as made:
        yield made
        for left in made.kept:
            if isValid(left):
                left.close()


def dialog(desk: Office, label: str = "", name: str = "Joe Brown") -> ParticularDialog:
    whom = person_id(desk.db, name)
    one = particulars.of_label(desk.db, whom, label) if label else None
    made = ParticularDialog(desk.context, About(name=name, person_id=whom, particular=one))
    desk.kept.append(made)
    made.show()
    desk.wait()
    return made


def block(desk: Office, name: str = "Joe Brown") -> ParticularsBlock:
    found = review.review(desk.db, person_id(desk.db, name), NOW)
    assert found is not None
    made = ParticularsBlock(desk.context, found.person.name, found.particulars)
    desk.kept.append(made)
    made.show()
    desk.wait()
    return made


def said(desk: Office) -> list[tuple[str, str]]:
    return [(one.label, one.text) for one in rows.of_person(desk.db, person_id(desk.db, "Joe Brown"))]


def test_written_down_changed_and_removed(desk: Office) -> None:
    assert any("Nothing is kept in mind yet" in label.accessibleName() for label in block(desk).findChildren(ParagraphLabel))
    first = dialog(desk)
    assert not first.keep.isEnabled() and first.label.hasFocus()
    first.label.setText("dog")
    first.words.setText("Bruno")
    first.keep.click()
    desk.wait()
    assert said(desk) == [("dog", "Bruno")] and not (isValid(first) and first.isVisible())
    made = block(desk)
    asked: list[object] = []
    made.wanted.connect(asked.append)
    change = next(button for button in made.findChildren(Button) if button.accessibleName() == "Change dog: Bruno")
    change.click()
    assert [one.text for one in asked] == ["Bruno"]  # type: ignore[attr-defined]
    second = dialog(desk, "dog")
    assert (second.label.text(), second.words.text()) == ("dog", "Bruno") and second.words.hasFocus()
    second.words.setText("Rex")
    second.keep.click()
    desk.wait()
    assert said(desk) == [("dog", "Rex")]
    third = dialog(desk, "dog")
    next(button for button in third.findChildren(Button) if button.text() == "Remove" or button.accessibleName() == "Remove").click()
    desk.wait()
    assert said(desk) == []
    taking_back.undo(desk.db, NOW)
    assert said(desk) == [("dog", "Rex")]


def test_what_cannot_be_kept_is_said_and_stays_typed(desk: Office) -> None:
    made = dialog(desk)
    made.label.setText("first name")
    made.words.setText("Joseph")
    made.keep.click()
    desk.wait()
    assert "is known by itself" in made.refusal.text() and not made.refusal.isHidden() and made.words.text() == "Joseph"
    made.label.setText("called")
    assert made.refusal.isHidden()
    made.keep.click()
    desk.wait()
    assert said(desk) == [("called", "Joseph")]


def test_the_block_asks_for_the_one_that_is_pressed(desk: Office) -> None:
    made = block(desk)
    asked: list[object] = []
    made.wanted.connect(asked.append)
    next(button for button in made.findChildren(Button) if button.accessibleName() == "Keep something in mind of Joe").click()
    assert asked == [None]


def test_labels_of_others_are_offered(desk: Office) -> None:
    particulars.keep(desk.db, person_id(desk.db, "Joe Brown"), "dog", "Bruno", NOW)
    made = dialog(desk, name=NAME)
    completer = made.label.completer()
    assert completer is not None
    completer.setCompletionPrefix("D")
    assert completer.currentCompletion() == "dog"


def test_a_long_name_and_long_words_fit(desk: Office) -> None:
    particulars.keep(desk.db, person_id(desk.db, NAME), "x" * 40, "y" * 500, NOW)
    made = block(desk, NAME)
    made.resize(300, made.sizeHint().height())
    assert made.minimumSizeHint().width() <= 300
    shown = dialog(desk, name=NAME)
    assert shown.width() < 900
