"""Today on a real desk: ranked prompts with their because, answers by key and button that can be taken back, the held back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from relationdesk.model import Kind
from relationdesk.services import people, tasks
from relationdesk.store import settings
from relationdesk.store.database import Desk
from relationdesk.store.prompts import Answer
from relationdesk.ui import engaging
from relationdesk.ui.clickable import EvidenceLine
from relationdesk.ui.page import Target
from relationdesk.ui.snooze_menu import snooze_menu
from relationdesk.ui.theme import Look
from relationdesk.ui.today_page import TodayPage, week
from relationdesk.ui.today_row import ComingRow, HeldRow
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.empty import EmptyState
from relationdesk.ui.widgets.label import PlainLabel
from tests.facts import NOW, ago, arrive, did, who
from tests.ui.office import Office, office

ME = who("Sam Carter", "mail", "sam@carter.example", owner=True, mail="sam@carter.example")
JOE = who("Joe Brown", "mail", "joe@alder.example", mail="joe@alder.example", company="Alder & Finch Hotels")
MARY = who("Mary Jones", "mail", "mary@harborline.example", mail="mary@harborline.example")


def fill(db: Desk) -> None:
    arrive(
        db,
        (
            ME, JOE, MARY,
            did(JOE, "m1", ago(hours=3), "What does an outlet cost?", kind=Kind.MAIL, to=(ME,), private=True),
            did(MARY, "m2", ago(days=2), "Who owns this on your side?", kind=Kind.MAIL, to=(ME,), private=True),
        ),
    )  # fmt: skip


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, fill) as made:
        yield made


def test_in_quiet_hours_it_says_until_when_and_how_many_wait(at: Office) -> None:
    local = NOW.astimezone()
    minute = local.hour * 60
    settings.save(at.db, settings.Settings(quiet_from_minute=minute, quiet_until_minute=(minute + 120) % 1440))
    page = shown(at)
    at.wait(lambda: [one for one in page.findChildren(EmptyState) if one.isVisible()])
    (intro,) = [one for one in page.findChildren(EmptyState) if one.isVisible()]
    until = f"{(local.hour + 2) % 24:02}:00"
    words = " · ".join(label.text() for label in intro.findChildren(PlainLabel))
    assert f"Quiet until {until}" in words and "2 prompts wait at the side." in words
    assert page.head.subtitle.text().endswith(f"quiet until {until}")


def shown(at: Office) -> TodayPage:
    page = TodayPage(at.context)
    at.qtbot.addWidget(page)
    page.resize(1216, 900)
    at.context.tasks.changed.connect(page.on_changed)
    page.show()
    page.open(Target(page="today"))
    at.wait()
    return page


def press(page: TodayPage, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    page.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))


def names(page: TodayPage) -> set[str]:
    return {row.entry.person.name for row in page.choice.rows}


def test_everybody_who_waits_stands_there_with_the_reason(at: Office) -> None:
    page = shown(at)
    assert names(page) == {"Joe Brown", "Mary Jones"}
    row = next(row for row in page.choice.rows if row.entry.person.name == "Joe Brown")
    assert "Because" in row.accessibleName() and "Alder & Finch Hotels" in row.accessibleName()
    line = row.findChild(EvidenceLine)
    assert line is not None and "What does an outlet cost?" in line.accessibleName()
    assert "2 people wait" in page.head.subtitle.text()


def test_the_evidence_leads_to_the_item_itself(at: Office) -> None:
    page = shown(at)
    row = next(row for row in page.choice.rows if row.entry.person.name == "Joe Brown")
    line = row.findChild(EvidenceLine)
    assert line is not None
    at.qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    (target,) = at.went
    assert (target.page, target.id, target.at) == ("person", row.entry.person.id, line.evidence.activity)


def test_who_asked_is_answered_first_of_all(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(engaging, "answer", lambda _context, _window, person_id, keys: asked.append((person_id, keys)))
    page = shown(at)
    row = next(row for row in page.choice.rows if row.entry.person.name == "Joe Brown")
    page.choice.choose(row)
    answer, opens = row.findChild(Button, "reply"), row.findChild(Button, "open")
    assert answer is not None and opens is not None and (answer._style, opens._style) == ("primary", "secondary")
    at.qtbot.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert asked == [(row.entry.person.id, (row.entry.prompt.evidence[0].activity,))]


def test_keys_choose_open_note_and_finish(at: Office) -> None:
    page = shown(at)
    first = page.choice.current()
    press(page, Qt.Key.Key_J, "j")
    second = page.choice.current()
    assert first is not None and second is not None and first is not second and second.is_selected()
    press(page, Qt.Key.Key_N, "n")
    assert at.notes == [second.entry.person.id]
    press(page, Qt.Key.Key_Return)
    assert at.went[-1].id == second.entry.person.id
    press(page, Qt.Key.Key_E, "e")
    at.wait(lambda: len(page.choice.rows) == 1)
    assert at.changes[-1].undo.startswith("Done")
    assert page._done.text() == "1 done today"
    at.context.tasks.write(people.undo, NOW)
    at.wait(lambda: True)
    page._load()
    at.wait(lambda: len(page.choice.rows) == 2)


@pytest.mark.parametrize(("how", "words"), [("done", "marked it done on 20 November"), ("never", "said never again on 20 November")])
def test_what_was_answered_stands_among_the_held_back_with_its_way_back(at: Office, how: str, words: str) -> None:
    page = shown(at)
    row = next(row for row in page.choice.rows if row.entry.person.name == "Mary Jones")
    page._answer(row.entry, how)
    at.wait(lambda: len(page._side.findChildren(Button, "again")) == 1)
    (held,) = [one for one in page._side.findChildren(HeldRow) if not one.isHidden()]
    assert words in held.accessibleName() and "Mary Jones" in held.accessibleName()
    assert "1 person waits, at most 12 at a time" in page.head.subtitle.text()
    again = held.findChild(Button, "again")
    assert again is not None and "Mary Jones" in again.accessibleName()
    at.qtbot.keyClick(again, Qt.Key.Key_Space)
    at.wait(lambda: len(page.choice.rows) == 2)
    assert at.changes[-1].undo.startswith("Asked again") and not page._side.findChildren(Button, "again")


def test_what_comes_stands_beside_and_leads_to_the_person(at: Office) -> None:
    page = shown(at)
    assert not page._side.findChildren(ComingRow)
    joe = next(row.entry.person for row in page.choice.rows if row.entry.person.name == "Joe Brown")
    for n in range(10):
        at.context.tasks.write(lambda db, n=n: tasks.add(db, f"call {n}", NOW, person_id=joe.id, due=NOW.date() + timedelta(days=2), at=600 + n)[1])
    at.wait(lambda: len(page._side.findChildren(ComingRow)) == 8)
    assert any("2 more in the next days" in label.text() for label in page._side.findChildren(PlainLabel))
    row = page._side.findChildren(ComingRow)[0]
    assert row.accessibleName().startswith("call 0. Sunday 10:00") and row.accessibleName().endswith("Joe Brown")
    at.qtbot.keyClick(row, Qt.Key.Key_Return)
    assert (at.went[-1].page, at.went[-1].id) == ("person", joe.id)


def test_two_hundred_prompts_say_how_many_come_next(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    def many(db: Desk) -> None:
        them = [who(f"Person {chr(97 + n // 26)}{chr(97 + n % 26)}", "mail", f"p{n}@x.example", mail=f"p{n}@x.example") for n in range(200)]
        arrive(db, (ME, *them, *(did(p, f"q{n}", ago(hours=3), "Can you?", kind=Kind.MAIL, to=(ME,), private=True) for n, p in enumerate(them))))

    with office(tmp_path, look, qtbot, many) as at:
        page = shown(at)
        assert len(page.choice.rows) == 12 and "12 of 200 prompts, at most 12 at a time" in page.head.subtitle.text()
        assert page._agenda is not None and page._agenda.late == 188 == len(page._agenda.held_back)
        for _ in range(12):
            before = page.choice.current()
            press(page, Qt.Key.Key_E, "e")
            at.wait(lambda before=before: page.choice.current() is not before)
        assert len(page.choice.rows) == 12 and page._done.text() == "12 done today"


def test_snooze_offers_days_and_holds_back_until_then(at: Office) -> None:
    page = shown(at)
    row = page.choice.current()
    assert row is not None
    menu = snooze_menu(page, row.entry.prompt, NOW, partial(page._answer, row.entry))
    actions = [action for action in menu.actions() if action.menu() is None]
    assert [action.text()[:2] for action in actions[:3]] == ["&1", "&3", "&7"]
    assert [action.text() for action in actions[3:] if action.text()] == ["Until &something comes from them", "Never again for this &person", "Never again for any&body"]
    actions[1].trigger()
    at.wait(lambda: len(page.choice.rows) == 1)
    assert page._agenda is not None
    (held,) = page._agenda.held_back
    assert held.snoozed == NOW + timedelta(days=3) and held.prompt.why_not
    assert any(row.entry.person.id == held.person.id for row in page._side.findChildren(HeldRow))


def test_why_is_a_button_and_never_stands_below_the_days(at: Office) -> None:
    page = shown(at)
    row = page.choice.current()
    assert row is not None
    why = row.findChild(Button, "why")
    assert why is not None
    why.click()
    assert any("Rule" in label.text() for label in row.findChildren(PlainLabel))
    menu = snooze_menu(page, row.entry.prompt, NOW, partial(page._answer, row.entry))
    next(action for action in menu.actions() if "this &person" in action.text()).trigger()
    at.wait(lambda: len(page.choice.rows) == 1)
    assert at.changes[-1].undo.startswith("Never")


def test_a_change_elsewhere_keeps_the_chosen_row(at: Office) -> None:
    page = shown(at)
    page.choice.choose(next(row for row in page.choice.rows if row.entry.person.name == "Mary Jones"))
    before = page.choice.key
    arrive(at.db, (did(JOE, "m3", ago(minutes=5), "And what about Monday?", kind=Kind.MAIL, to=(ME,), private=True),))
    page._load()
    at.wait()
    kept = page.choice.current()
    assert kept is not None and page.choice.key == before and kept.is_selected()


def test_nobody_waits_says_so_and_offers_somebody(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot, lambda db: arrive(db, (ME, JOE, MARY))) as at:
        page = shown(at)
        assert not page.choice.rows
        at.wait(lambda: page._list.isVisible())
        assert any("Nobody waits for you" in label.text() for label in page.findChildren(PlainLabel))


@pytest.mark.parametrize(("width", "scale"), [(1216, 1.0), (776, 1.0), (1216, 2.0)])
def test_nothing_is_cut_off(at: Office, width: int, scale: float) -> None:
    at.context.look.set_text_scale(scale)
    page = TodayPage(at.context)
    at.qtbot.addWidget(page)
    page.resize(width, 900)
    page.show()
    page.open(Target(page="today"))
    at.wait(lambda: bool(page.choice.rows))
    row = page.choice.current()
    assert row is not None
    for button in row.findChildren(Button):
        assert button.width() >= button.sizeHint().width()
        assert row.rect().contains(button.mapTo(row, button.rect().bottomRight()))
    assert page._aside.isVisible() == (width < 880 * scale)


def test_the_week_counts_by_day() -> None:
    def answer(how: str, days: int) -> Answer:
        return Answer(key=how, rule="r", person_uid="u", answer=how, until=None, at=int((NOW - timedelta(days=days)).timestamp()))

    days = week([answer("done", 0), answer("done", 0), answer("later", 1), answer("done", 30)], NOW)
    assert [(done, later) for _, done, later in days] == [(0, 0)] * 5 + [(0, 1), (2, 0)]


def test_what_comes_in_takes_the_keyboard_from_nobody(at: Office) -> None:
    page, around, field = TodayPage(at.context), QWidget(), QLineEdit()
    column = QVBoxLayout(around)
    column.addWidget(field)
    column.addWidget(page)
    at.qtbot.addWidget(around)
    with at.qtbot.waitActive(around):
        around.show()
        around.activateWindow()
    page.open(Target(page="today"))
    at.wait(lambda: bool(page.choice.rows))
    for holder, kept in ((page.choice.rows[1], "row"), (field, "field")):
        holder.setFocus()
        before = page.choice.rows
        page._load()
        at.wait(lambda before=before: page.choice.rows is not before)
        assert around.focusWidget() is (field if kept == "field" else page.choice.rows[1])
