"""Rhythm, wishes, follow-ups and contacts on the card and in their dialogs: by keys, on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from relationdesk.model import NoteKind
from relationdesk.services import people, relationship, review, tasks, wishes
from relationdesk.store import buckets, contact, settings
from relationdesk.store import notes as note_rows
from relationdesk.store import people as persons
from relationdesk.store import tasks as task_rows
from relationdesk.store import wishes as wish_rows
from relationdesk.store.database import Desk
from relationdesk.ui.about import About
from relationdesk.ui.agreed_dialog import AgreedDialog
from relationdesk.ui.bucket_dialog import BucketDialog
from relationdesk.ui.contact_dialog import ContactDialog
from relationdesk.ui.follow_up_dialog import FollowUpDialog
from relationdesk.ui.frame import Icon
from relationdesk.ui.relationship_block import CompanyTasks, RelationshipBlock
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import PlainLabel
from relationdesk.ui.widgets.meter import Meter
from relationdesk.wishes import Step, Task, WantedRhythm
from tests.facts import NOW, ago, bring, did, person_id, who
from tests.ui.office import Office, office

ME, JOE = who("Sam", "mail", "sam@x.example", owner=True), who("Joe Brown", "mail", "joe@x.example", company="Hotel")
TODAY = NOW.astimezone().date()


def fill(db: Desk) -> None:
    bring(db, [ME, JOE, did(JOE, "in", ago(days=20), to=[ME]), did(ME, "out", ago(days=18), to=[JOE])])
    people.make_bucket(db, "VIP", NOW)


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot, fill) as made:
        yield made
        for left in made.kept:
            if isValid(left):
                left.close()


def joe(desk: Office) -> int:
    return person_id(desk.db, "Joe Brown")


def shown(desk: Office, widget: Any) -> Any:
    desk.kept.append(widget)
    widget.show()
    desk.wait()
    return widget


def block(desk: Office) -> RelationshipBlock:
    found = review.review(desk.db, joe(desk), NOW)
    assert found is not None
    return shown(desk, RelationshipBlock(desk.context, found))


def words(widget: Any) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel)]


def test_the_block_says_how_it_stands(desk: Office) -> None:
    wishes.want(desk.db, WantedRhythm(wished_days=14), NOW, person_id=joe(desk))
    wishes.wish(desk.db, joe(desk), NOW, places=("mail",), every_days=91, said=date(2026, 3, 3), source="on the phone")
    one = block(desk)
    assert {"every 2 weeks, 4 days over", "Mail only, at most every 3 months, asked on 3 March 2026", "on the phone", "18 d ago"} <= set(words(one))
    (meter,) = one.findChildren(Meter)
    assert meter.accessibleName() == "Rhythm: every 2 weeks, 4 days over"
    wishes.want(desk.db, WantedRhythm(wished_days=30), NOW, person_id=joe(desk))
    assert "every month, on track" in words(block(desk))


def test_a_follow_up_is_ticked_and_changed_on_the_card(desk: Office) -> None:
    task, _ = tasks.add(desk.db, "send the sheet", NOW, person_id=joe(desk), due=TODAY)
    one, ticked, changed = block(desk), [], []
    one.ticked.connect(ticked.append)
    one.follow_up.connect(changed.append)
    (box,) = one.findChildren(QCheckBox)
    assert box.accessibleName() == "Done: send the sheet" and "today" in words(one)
    desk.qtbot.keyClick(box, Qt.Key.Key_Space)
    next(b for b in one.findChildren(Button) if b.accessibleName() == "Change follow-up: send the sheet").click()
    assert (ticked, changed) == ([task], [task])


@pytest.mark.parametrize(
    ("every", "from_done", "words"),
    [("2 weeks", False, "Every 2 weeks"), ("5 days", True, "Every 5 days, counted from the day it is done"), ("1 months", False, "Every month"), ("7 months", False, "Every 7 months"),
     ("3 years", False, "Every 3 years"), ("4 weeks", False, "Every 4 weeks"), ("", False, "")],
)  # fmt: skip
def test_a_row_says_how_often_a_follow_up_comes_again(desk: Office, every: str, from_done: bool, words: str) -> None:
    task = Task(id=1, uid="t", person_id=None, company_id=1, text="call them", due=TODAY, every=every, from_done=from_done, made=NOW)
    block = shown(desk, CompanyTasks(desk.context, (task,)))
    assert [one.toolTip() for one in block.findChildren(Icon)] == ([words] if words else [])
    button = next(b for b in block.findChildren(Button) if b.accessibleName().startswith("Change follow-up"))
    assert button.accessibleName() == "Change follow-up: call them" + (f" · {words}" if words else "")


def test_a_follow_up_is_typed_in_one_line(desk: Office) -> None:
    dialog = shown(desk, FollowUpDialog(desk.context, About(name="Joe Brown", person_id=joe(desk))))
    desk.qtbot.keyClicks(dialog.text, "send the sheet tomorrow 9:30")
    assert dialog.said.text() == "“send the sheet”, tomorrow 9:30"
    desk.qtbot.keyClick(dialog.text, Qt.Key.Key_Return)
    desk.wait(lambda: task_rows.open_(desk.db))
    (task,) = task_rows.open_(desk.db)
    assert (task.text, task.due, task.at, task.person_id) == ("send the sheet", TODAY + timedelta(days=1), 570, joe(desk))
    again = shown(desk, FollowUpDialog(desk.context, About(name="Joe Brown", person_id=joe(desk), task=task)))
    again.day.setText("soon")
    desk.qtbot.keyClick(again.text, Qt.Key.Key_Return)
    assert "is not a day" in again.said.text() and task_rows.open_(desk.db) == (task,)
    again.day.setText("fri")
    again.again.setCurrentIndex(again.again.findData("2 weeks"))
    assert again.from_done.isVisible()
    again.who.set_value("theirs")
    desk.qtbot.keyClick(again.text, Qt.Key.Key_Return)
    desk.wait(lambda: task_rows.open_(desk.db)[0].every)
    (changed,) = task_rows.open_(desk.db)
    assert (changed.text, changed.mine, changed.every, changed.at) == ("send the sheet", False, "2 weeks", 570)


@pytest.mark.parametrize("kind", ["follow-up", "contact"])
def test_keys_pressed_twice_write_once(desk: Office, kind: str) -> None:
    person = persons.get(desk.db, joe(desk))
    before = len(note_rows.of_person(desk.db, person.id)), len(task_rows.open_(desk.db))
    dialog = FollowUpDialog(desk.context, About(name="Joe Brown", person_id=person.id)) if kind == "follow-up" else ContactDialog(desk.context, person)
    shown(desk, dialog)
    field = dialog.text if isinstance(dialog, FollowUpDialog) else dialog.words
    desk.qtbot.keyClicks(field, "lunch")
    for _ in range(3):
        desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    desk.wait(lambda: not desk.context.tasks.busy())
    after = len(note_rows.of_person(desk.db, person.id)), len(task_rows.open_(desk.db))
    assert sum(after) == sum(before) + 1


def test_what_was_refused_can_be_kept_after_it_was_put_right(desk: Office) -> None:
    people.make_bucket(desk.db, "Top customers", NOW)
    dialog = shown(desk, BucketDialog(desk.context, None))
    dialog.name.setText("Top customers")
    desk.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    desk.wait(dialog.refusal.isVisible)
    dialog.name.setText("Quite another")
    desk.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    desk.wait(lambda: "Quite another" in {bucket.name for bucket in buckets.every(desk.db)})


def test_a_contact_is_logged_with_one_more_key(desk: Office) -> None:
    dialog = shown(desk, ContactDialog(desk.context, persons.get(desk.db, joe(desk))))
    desk.qtbot.keyClick(dialog.when, Qt.Key.Key_Return)
    desk.wait(lambda: note_rows.of_person(desk.db, joe(desk)))
    assert contact.last(desk.db, NOW)[joe(desk)].last == NOW
    later = shown(desk, ContactDialog(desk.context, persons.get(desk.db, joe(desk))))
    later.when.setText("2099-01-01")
    desk.qtbot.keyClick(later.when, Qt.Key.Key_Return)
    assert "not in the future" in later.refusal.text()
    later.when.setText("yesterday")
    later.how.set_value(NoteKind.MEETING.value)
    later.words.setText("lunch")
    desk.qtbot.keyClick(later.when, Qt.Key.Key_Return)
    desk.wait(lambda: len(note_rows.of_person(desk.db, joe(desk))) == 2)
    note = note_rows.of_person(desk.db, joe(desk))[1]
    assert (note.kind, note.text, note.happened.astimezone().date()) == (NoteKind.MEETING, "lunch", TODAY - timedelta(days=1))


def test_rhythm_and_wishes_in_their_dialog(desk: Office) -> None:
    dialog = shown(desk, AgreedDialog(desk.context, relationship.agreed_with(desk.db, joe(desk))))
    assert not dialog.rhythm.days.isVisible()
    dialog.rhythm.how.set_value("days")
    dialog.rhythm.how.chosen.emit("days")
    dialog.rhythm.days.setValue(21)
    dialog.keep.click()
    desk.wait(lambda: wish_rows.wanted(desk.db))
    assert wish_rows.wanted(desk.db)[joe(desk)] == WantedRhythm(wished_days=21)
    again = shown(desk, AgreedDialog(desk.context, relationship.agreed_with(desk.db, joe(desk))))
    assert again.rhythm.rhythm() == WantedRhythm(wished_days=21)
    again.places["mail"].setChecked(True)
    again.said.setText("in March")
    again.write.click()
    assert again.refusal.isVisible() and wish_rows.current(desk.db) == {}
    again.said.setText("2026-03-03")
    again.source.setText("on the phone")
    again.write.click()
    desk.wait(lambda: wish_rows.current(desk.db))
    wish = wish_rows.current(desk.db)[joe(desk)]
    assert (wish.places, wish.said, wish.source) == (("mail",), date(2026, 3, 3), "on the phone")
    last = shown(desk, AgreedDialog(desk.context, relationship.agreed_with(desk.db, joe(desk))))
    next(b for b in last.findChildren(Button) if b.accessibleName().startswith("They never asked")).click()
    desk.wait(lambda: not wish_rows.current(desk.db))


def test_keep_loses_no_wish_that_was_filled_in(desk: Office) -> None:
    """The button below all of it is the one that is pressed, and Enter in a field presses it."""
    dialog = shown(desk, AgreedDialog(desk.context, relationship.agreed_with(desk.db, joe(desk))))
    dialog.rhythm.how.set_value("days")
    dialog.rhythm.how.chosen.emit("days")
    dialog.rhythm.days.setValue(21)
    dialog.opted_out.setChecked(True)
    desk.qtbot.keyClicks(dialog.source, "on the phone")
    desk.qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    desk.wait(lambda: not isValid(dialog) and wish_rows.wanted(desk.db))
    wish = wish_rows.current(desk.db)[joe(desk)]
    assert (wish.opted_out, wish.source) == (True, "on the phone") and wish_rows.wanted(desk.db)[joe(desk)].wished_days == 21
    again = shown(desk, AgreedDialog(desk.context, relationship.agreed_with(desk.db, joe(desk))))
    again.said.setText("in March")
    again.keep.click()
    assert again.refusal.isVisible() and again.isVisible()
    again.said.clear()
    again.keep.click()
    desk.wait(lambda: not isValid(again))
    assert len(wish_rows.of_person(desk.db, joe(desk))) == 1


def test_a_bucket_has_its_rhythm_and_its_step(desk: Office) -> None:
    dialog = shown(desk, BucketDialog(desk.context, buckets.every(desk.db)[0]))
    dialog.rhythm.how.set_value("days")
    dialog.rhythm.days.setValue(14)
    dialog.step.setCurrentIndex(dialog.step.findText("Customer"))
    desk.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    desk.wait(lambda: wish_rows.steps(desk.db))
    assert (wish_rows.steps(desk.db), wish_rows.of_buckets(desk.db)[1][1].wished_days) == ({1: Step.CUSTOMER}, 14)
    again = shown(desk, BucketDialog(desk.context, buckets.every(desk.db)[0]))
    assert (again.rhythm.days.value(), again.step.currentText()) == (14, "Customer")


def test_a_bucket_that_is_kept_at_once_keeps_its_rhythm(desk: Office) -> None:
    bucket = buckets.every(desk.db)[0]
    wishes.want(desk.db, WantedRhythm(wished_days=14), NOW, bucket_id=bucket.id)
    wishes.set_step(desk.db, bucket.id, Step.CUSTOMER, NOW)
    dialog = BucketDialog(desk.context, bucket)
    desk.kept.append(dialog)
    dialog.name.setText("Very important")
    dialog._on_keep()  # before the desk has answered what is agreed for the bucket
    desk.wait(lambda: buckets.every(desk.db)[0].name == "Very important")
    assert (wish_rows.steps(desk.db), wish_rows.of_buckets(desk.db)[1][1].wished_days) == ({1: Step.CUSTOMER}, 14)


def test_a_new_rhythm_begins_with_what_the_settings_say(desk: Office) -> None:
    settings.save(desk.db, replace(settings.load(desk.db), rhythm_days=45))
    assert shown(desk, AgreedDialog(desk.context, relationship.agreed_with(desk.db, joe(desk)))).rhythm.days.value() == 45
    for bucket in (None, buckets.every(desk.db)[0]):
        assert shown(desk, BucketDialog(desk.context, bucket)).rhythm.days.value() == 45
