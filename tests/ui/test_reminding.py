"""Reminders as the user sees them: by the tray where there is one, else in the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from relationdesk.services import people, tasks
from relationdesk.store import tasks as rows
from relationdesk.store.database import Desk
from relationdesk.ui.notice import NoticeBar
from relationdesk.ui.page import Context
from relationdesk.ui.reminding import Reminding
from relationdesk.ui.theme import Look
from tests.facts import NOW
from tests.ui.office import Office, office

TODAY = NOW.astimezone().date()


def fill(db: Desk) -> None:
    people.add_person(db, "Priya & Raman", NOW)


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path / "desk", look, qtbot, fill) as made:
        yield made


def reminding(desk: Office, *, tray: bool = False) -> tuple[Reminding, list[str], list[str]]:
    window, said, raised = QWidget(), list[str](), list[str]()
    desk.kept.append(window)
    return Reminding(desk.context, window, say=said.append, raised=lambda: raised.append("up"), has_tray=tray), said, raised


def test_in_the_window_once(desk: Office) -> None:
    tasks.add(desk.db, "send the sheet", NOW, person_id=1, due=TODAY - timedelta(days=1))
    one, said, _ = reminding(desk)
    one.tick()
    desk.wait(lambda: said)
    assert said == ["Missed: Priya & Raman: send the sheet"]
    one.tick()
    desk.wait()
    assert len(said) == 1


def test_several_missed_ones_are_one_notification(desk: Office) -> None:
    for n in range(5):
        tasks.add(desk.db, f"task {n}", NOW, person_id=1, due=TODAY - timedelta(days=9 - n))
    one, said, _ = reminding(desk)
    one.tick()
    desk.wait(lambda: said)
    assert said[0] == "Missed: Priya & Raman: task 0; Priya & Raman: task 1; Priya & Raman: task 2; and 2 more"


def test_by_the_tray_with_what_can_be_done(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    local = NOW.astimezone()
    task, _ = tasks.add(desk.db, "send the sheet", NOW, person_id=1, due=TODAY, at=local.hour * 60 + local.minute)
    one, said, raised = reminding(desk, tray=True)
    assert one.tray is not None
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(one.tray, "supportsMessages", lambda: True)
    monkeypatch.setattr(one.tray, "showMessage", lambda title, text, icon: shown.append((title, text)))
    one.tick()
    desk.wait(lambda: shown)
    assert (shown, said) == ([("Priya & Raman", "send the sheet")], [])
    entry = one.menu.actions()[0]
    assert entry.text() == "Priya && Raman: send the sheet"
    one.tray.messageClicked.emit()
    assert raised == ["up"] and (desk.went[0].page, desk.went[0].id) == ("person", 1)
    assert [action.text() for action in entry.menu().actions()] == ["Open", "In an hour", "Done"]
    entry.menu().actions()[2].trigger()
    desk.wait(lambda: not rows.open_(desk.db))
    assert rows.of_person(desk.db, 1, done=True)[0].id == task.id
    one.close()


def test_the_first_words_of_a_day(desk: Office) -> None:
    tasks.add(desk.db, "send the sheet", NOW, person_id=1, due=TODAY)
    tasks.add(desk.db, "call", NOW, person_id=1, due=TODAY - timedelta(days=1))
    one, said, _ = reminding(desk)
    one.begin()
    desk.wait(lambda: said)
    assert said == ["Today: 1 follow-up is due (Priya & Raman: send the sheet), 1 follow-up is late, 2 prompts wait."]
    one.begin()
    desk.wait()
    assert len(said) == 1


def test_a_window_that_stays_open_has_its_new_day_and_its_end_of_quiet_hours(desk: Office) -> None:
    """Whatever the computer did meanwhile: slept for a night, or had its clock set."""
    tasks.add(desk.db, "call", NOW, person_id=1, due=TODAY + timedelta(days=1))
    now = [NOW]
    window, said = QWidget(), list[str]()
    desk.kept.append(window)
    context = Context(desk.context.tasks, desk.context.look, desk.context.router, lambda: now[0])
    one = Reminding(context, window, say=said.append, raised=lambda: None, has_tray=False)
    one.begin()
    desk.wait(lambda: any(changes.prompts for changes in desk.changes))
    desk.changes.clear()
    now[0] = NOW + timedelta(minutes=1)
    one.tick()
    desk.wait()
    assert desk.changes == [] and said == []
    now[0] = NOW + timedelta(minutes=30)
    one.tick()
    desk.wait(lambda: any(changes.prompts for changes in desk.changes))
    assert said == []
    now[0] = NOW + timedelta(hours=18)
    one.tick()
    desk.wait(lambda: said)
    assert said == ["Today: 1 follow-up is due (Priya & Raman: call), 1 prompt waits."]


def test_a_reminder_never_covers_what_went_wrong(look: Look, qtbot: QtBot) -> None:
    bar = NoticeBar(look)
    qtbot.addWidget(bar)
    bar.tell("first words")
    assert bar.text() == "first words"
    bar.say("it went wrong")
    bar.tell("a reminder")
    assert bar.text() == "it went wrong"
    assert not bar.is_news()
    bar.put_away()
    assert bar.text() == "a reminder\nfirst words" and bar.is_news(), "what was not put away comes after it"
    bar.put_away()
    assert bar.text() == ""


def test_a_reminder_never_covers_the_first_words_of_the_day_nor_an_earlier_one(look: Look, qtbot: QtBot) -> None:
    """Without a tray the bar is all there is, and each is told once."""
    bar = NoticeBar(look)
    qtbot.addWidget(bar)
    for words in ("Today: 2 follow-ups are late.", "Missed: Joe: call", "Ann: send it", "Missed: Joe: call"):
        bar.tell(words)
    assert bar.text() == "Missed: Joe: call\nAnn: send it\nToday: 2 follow-ups are late."
    bar.put_away()
    bar.tell("Ben: write")
    assert bar.text() == "Ben: write"
