"""The part of a person's card that says who they were on a day."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, Qt
from pytestqt.qtbot import QtBot

from relationdesk.derived import Then
from relationdesk.ui.person_past import Past
from relationdesk.ui.theme import Look

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)
BUYER = Then(since=datetime(2025, 3, 12, tzinfo=UTC), name="Mary Jones", title="Buyer", company="Harborline", place="linkedin")
HEAD = Then(since=datetime(2026, 10, 21, tzinfo=UTC), name="Mary Hale", title="Head of Energy", company="Alder & Finch", place="linkedin")


def test_it_begins_before_the_last_change_and_follows_the_day(look: Look, qtbot: QtBot) -> None:
    past = Past(look, (BUYER, HEAD), NOW)
    qtbot.addWidget(past)
    past.show()
    assert past.day.date() == QDate(2026, 10, 20)
    assert (past.role.text(), past.words.text()) == ("Mary Jones, Buyer, Harborline", "LinkedIn told it, since 12 March 2025.")
    past.day.setFocus()
    past.day.setCurrentSection(past.day.Section.DaySection)
    qtbot.keyClick(past.day, Qt.Key.Key_Up)
    assert past.role.text() == "Head of Energy, Alder & Finch"
    past.day.setDate(QDate(2025, 3, 11))
    assert (past.role.text(), past.words.text()) == ("Nothing was told by then", "The first to be told is of 12 March 2025.")


def test_what_the_user_wrote_and_what_was_always_so_is_said(look: Look, qtbot: QtBot) -> None:
    past = Past(look, (Then(since=None, name="Ann", place="mail"), Then(since=NOW, name="Ann", title="Editor")), NOW)
    qtbot.addWidget(past)
    assert (past.role.text(), past.words.text()) == ("No role is known", "Mail told it, since before it was written down.")
    past.day.setDate(QDate(2026, 11, 20))
    assert (past.role.text(), past.words.text()) == ("Editor", "You wrote it, since 20 November 2026.")
