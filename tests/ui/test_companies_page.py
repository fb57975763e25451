"""The list of companies: who is key, who of them waits, when there was something last, and the way to a company."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from relationdesk.model import Kind
from relationdesk.services import agenda
from relationdesk.store.database import Desk
from relationdesk.ui.companies_page import CompaniesPage
from relationdesk.ui.page import Target
from relationdesk.ui.theme import Look
from tests.facts import NOW, ago, arrive, did, who
from tests.ui.office import Office, office

ME = who("Sam Carter", "mail", "sam@carter.example", owner=True, mail="sam@carter.example")
JOE = who("Joe Brown", "mail", "joe@alder.example", mail="joe@alder.example", company="Alder & Finch Hotels")
ANN = who("Ann Kay", "mail", "ann@alder.example", mail="ann@alder.example", company="Alder & Finch Hotels")
BOB = who("Bob Hale", "mail", "bob@quarry.example", mail="bob@quarry.example", company="Quarry Lane Hospitals")


def fill(db: Desk) -> None:
    arrive(db, (
        ME, JOE, ANN, BOB, did(JOE, "m1", ago(hours=3), "What does an outlet cost?", kind=Kind.MAIL, to=(ME,), private=True),
        did(ME, "m2", ago(days=4), "Hello", kind=Kind.MAIL, to=(ANN,), private=True),
    ))  # fmt: skip
    agenda.today(db, NOW)


def shown(at: Office) -> CompaniesPage:
    page = CompaniesPage(at.context)
    at.qtbot.addWidget(page)
    at.context.tasks.changed.connect(page.on_changed)
    page.show()
    page.open(Target(page="companies"))
    at.wait()
    return page


def test_each_company_says_how_things_stand_with_its_people(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot, fill) as at:
        page = shown(at)
        assert [row.accessibleName() for row in page.rows] == [
            "Alder & Finch Hotels, 2 people, 1 waits, From them 3 h ago · from you 4 d ago", "Quarry Lane Hospitals, 1 person",
        ]  # fmt: skip


def test_a_company_is_found_by_its_name_marked_as_key_and_opened(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot, fill) as at:
        page = shown(at)
        qtbot.keyClicks(page.search, "quarry")
        at.wait(lambda: len(page.rows) == 1)
        qtbot.mouseClick(page.rows[0].star, Qt.MouseButton.LeftButton)
        at.wait(lambda: page.head.subtitle.text() == "1 company, 1 key")
        qtbot.keyClick(page.search, Qt.Key.Key_Return)
        assert (at.went[-1].page, at.went[-1].id) == ("company", page.rows[0].company.id)
        qtbot.keyClicks(page.search, "zzz")
        at.wait(lambda: not page.rows)


def test_a_desk_of_nobody_says_what_to_do(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot, lambda db: None) as at:
        page = shown(at)
        assert not page.rows and page._stack.current() is page._empty


def test_what_is_told_grows_old(tmp_path: Path, look: Look, qtbot: QtBot) -> None:
    with office(tmp_path, look, qtbot, fill) as at:
        page = shown(at)
        (line,) = [row for row in page._found if row.waiting]
        assert line.last_in is not None and abs(NOW - line.last_in - timedelta(hours=3)) < timedelta(seconds=2)
