"""A profile that is somebody's only for a time, in the window: the menu on the card, the dialog, the row that says so, and two made of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from relationdesk.services import combining, people
from relationdesk.store import database, ledger, profiles
from relationdesk.store import spans as rows
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.profile_rows import ProfileRow
from relationdesk.ui.span_dialog import SpanDialog, TheirTime
from relationdesk.ui.split_dialog import SplitDialog
from relationdesk.ui.theme import Look
from tests.ui.timeline_desk import Desk_, make


@pytest.fixture
def desk(tmp_path: Path, look: Look, qtbot) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    yield made
    made.tasks.close()


@pytest.fixture
def page(desk: Desk_, qtbot) -> PersonPage:
    from relationdesk.ui.page import Target

    page = PersonPage(desk.context)
    qtbot.addWidget(page)
    desk.tasks.changed.connect(page.on_changed)
    page.resize(924, 800)
    page.show()
    page.open(Target(page="person", id=desk.made.joe))
    desk.settle(qtbot)
    return page


def _rows(page: PersonPage) -> list[ProfileRow]:
    return page.card.findChildren(ProfileRow)


def _mail(page: PersonPage) -> ProfileRow:
    return next(row for row in _rows(page) if row.stored.profile.key.place == "mail")


def _opened(desk: Desk_, page: PersonPage, qtbot) -> SpanDialog:
    """As the entry of the menu opens it."""
    asked: list[tuple[str, object]] = []
    desk.context.router.agree.connect(lambda name, about: asked.append((name, about)))
    menu = _mail(page).menu()
    (entry,) = [action for action in menu.actions() if action.text() == "Only for a time…"]
    entry.trigger()
    desk.settle(qtbot)
    ((name, about),) = asked
    assert name == "span" and isinstance(about, TheirTime)
    dialog = SpanDialog(desk.context, about, page)
    dialog.show()
    desk.settle(qtbot)
    return dialog


def test_it_is_kept_by_keys_and_the_row_says_so(page: PersonPage, desk: Desk_, qtbot) -> None:
    before = [i.id for i in page.view.timeline().items()]
    dialog = _opened(desk, page, qtbot)
    assert dialog.said.text().startswith("For all time: Joe Brown, ")
    qtbot.keyClicks(dialog.days.last, "2026-11-18")
    desk.settle(qtbot)
    first, second = dialog.said.text().splitlines()
    assert dialog.days.last.height() >= dialog.days.last.sizeHint().height()
    assert first.startswith("Until 18 November 2026: Joe Brown, ") and second.startswith("Since 19 November 2026: nobody, ")
    qtbot.keyClick(dialog.days.last, Qt.Key.Key_Return)
    desk.settle(qtbot)
    qtbot.waitUntil(lambda: not isValid(dialog))
    qtbot.waitUntil(lambda: _mail(page).time == "Until 18 November 2026")  # the row before goes with the next turn of the loop
    assert "Until 18 November 2026" in _mail(page).accessibleName()
    db = database.open_desk(desk.made.folder)
    held = _mail(page).stored.held
    assert held is not None and rows.last_day(held.until_id) == date(2026, 11, 18)
    mails = {row[0] for row in db.execute("SELECT id FROM activities WHERE profile_id = ? AND id >= ?", (held.profile_id, held.until_id))}
    assert mails and not mails & {i.id for i in page.view.timeline().items()} and mails & set(before)
    assert ledger.entries(db, 1)[0].sentence.endswith("is Joe Brown’s until 18 November 2026")
    people.undo(db, datetime(2026, 11, 21, tzinfo=UTC))
    assert rows.pieces(db, held.profile_id) == [(rows.EVER, rows.FOREVER, desk.made.joe)]
    db.close()


def test_what_is_no_day_cannot_be_kept(page: PersonPage, desk: Desk_, qtbot) -> None:
    dialog = _opened(desk, page, qtbot)
    for first, last, says in (("soon", "", "not a date"), ("", "1/2/2026", "“1/2/2026”"), ("2026-11-02", "2026-11-01", "is before"), ("", "unknown", "is no day")):
        dialog.days.first.setText(first)
        dialog.days.last.setText(last)
        desk.settle(qtbot)
        assert says in dialog.said.text() and not dialog.keep.isEnabled(), says
    dialog.days.first.setText("October 2026")
    dialog.days.last.setText("November 2026")
    desk.settle(qtbot)
    assert dialog.keep.isEnabled() and "From 1 October 2026 until 30 November 2026: Joe Brown" in dialog.said.text()


def test_a_time_that_is_over_can_be_taken_from_them_and_has_no_coverage(page: PersonPage, desk: Desk_, qtbot) -> None:
    dialog = _opened(desk, page, qtbot)
    qtbot.keyClicks(dialog.days.last, "2026-11-18")
    desk.settle(qtbot)
    qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    desk.settle(qtbot)
    qtbot.waitUntil(lambda: bool(_mail(page).time))
    row = _mail(page)
    assert "never read" not in row.coverage.text() and "Keep apart for good" not in [a.text() for a in row.menu().actions()]
    row.wanted.emit("unlink", row.stored)
    desk.settle(qtbot)
    qtbot.waitUntil(lambda: "mail" not in {r.stored.profile.key.place for r in _rows(page)})
    qtbot.waitUntil(lambda: not isValid(dialog))


def test_two_are_made_of_one_by_time(desk: Desk_, qtbot) -> None:
    db = database.open_desk(desk.made.folder)
    joe = desk.made.joe
    person = people.the_person(db, joe)
    window = QWidget()
    qtbot.addWidget(window)
    dialog = SplitDialog(desk.context, person, window)
    dialog.show()
    desk.settle(qtbot)
    for box in dialog.profiles.values():
        box.setChecked(True)
    assert not dialog.do.isEnabled()
    qtbot.keyClicks(dialog.days.last, "2026-11-18")
    dialog.name.setText("Joe before")
    assert dialog.do.isEnabled() and "What these profiles did in that time goes along" in dialog.says.text()
    qtbot.mouseClick(dialog.do, Qt.MouseButton.LeftButton)
    desk.settle(qtbot)
    (new,) = db.execute("SELECT id FROM people WHERE name = 'Joe before'").fetchone()
    assert {rows.in_words(*s.held[1:]) for s in profiles.of_time(db, new) if s.held} == {"until 18 November 2026"}
    assert {s.id for s in profiles.of_person(db, joe)} == {s.id for s in profiles.of_time(db, new)} == combining.parts_of(db, joe).items.keys()
    db.close()
