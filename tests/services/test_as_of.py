"""Who somebody was on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from relationdesk.derived import then_on
from relationdesk.model import Kind, Precision
from relationdesk.services import as_of, import_undo, people
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, bring, did, person_id, who

BUYER = who("Mary Jones", "linkedin", "mary", title="Buyer", company="Harborline")
HEAD = who("Mary Hale", "linkedin", "mary", title="Head of Energy", company="Alder & Finch")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    arrive(db, [BUYER], now=datetime(2025, 3, 12, tzinfo=UTC))
    arrive(db, [HEAD], now=datetime(2026, 10, 21, 8, tzinfo=UTC))
    return db


def then(db: Desk, day: date) -> tuple[str, str, str] | None:
    found = then_on(as_of.history(db, person_id(db, "Mary Jones")), day)
    return None if found is None else (found.name, found.role, found.place)


def test_each_day_has_what_was_told_by_then(db: Desk) -> None:
    assert then(db, date(2025, 3, 11)) is None
    assert then(db, date(2025, 3, 12)) == ("Mary Jones", "Buyer, Harborline", "linkedin")
    assert then(db, date(2026, 10, 20)) == ("Mary Jones", "Buyer, Harborline", "linkedin")
    assert then(db, date(2026, 10, 21)) == then(db, date.max) == ("Mary Hale", "Head of Energy, Alder & Finch", "linkedin")


def test_a_list_of_others_does_not_stand_above_their_own_word(db: Desk) -> None:
    card = who("Mary Jones", "contacts", "card", title="Trainee", company="Harborline")
    bring(db, [card], now=ago(days=1))
    people.link(db, db.execute("SELECT id FROM profiles WHERE native_id = 'card'").fetchone()[0], person_id(db, "Mary Jones"), NOW)
    assert then(db, NOW.date()) == ("Mary Hale", "Head of Energy, Alder & Finch", "linkedin")


def test_what_the_user_wrote_stands_until_it_is_taken_back(db: Desk) -> None:
    people.edit_person(db, person_id(db, "Mary Jones"), NOW, name="Mary Jones", title="Chief of Energy", company="Alder & Finch")
    assert then(db, NOW.date()) == ("Mary Hale", "Chief of Energy, Alder & Finch", "")
    assert then(db, date(2026, 10, 22)) == ("Mary Hale", "Head of Energy, Alder & Finch", "linkedin")
    people.undo(db, NOW)
    assert then(db, NOW.date()) == ("Mary Hale", "Head of Energy, Alder & Finch", "linkedin")


def test_an_import_taken_back_was_never_told(db: Desk) -> None:
    bring(db, [who("Mary Hale", "linkedin", "mary", title="Chief", company="Alder & Finch")], now=ago(days=2))
    assert then(db, NOW.date()) == ("Mary Hale", "Chief, Alder & Finch", "linkedin")
    import_undo.undo(db, NOW)
    assert then(db, NOW.date()) == ("Mary Hale", "Head of Energy, Alder & Finch", "linkedin")


def test_roles_that_the_place_dates_itself_count_from_their_day() -> None:
    db = open_memory()
    me = who("Sam Carter", "linkedin", "sam", owner=True)
    began = did(me, "position", datetime(2019, 4, 1, tzinfo=UTC), "", kind=Kind.POSITION, precision=Precision.MONTH, title="Salesman", extra=(("company", "Gridwell"),))
    bring(db, [me, began])
    found = then_on(as_of.history(db, person_id(db, "Sam Carter")), date(2020, 1, 1))
    assert found is not None and found.role == "Salesman, Gridwell"


def test_nobody_has_no_history(db: Desk) -> None:
    assert as_of.history(db, 999) == ()
    made, _ = people.add_person(db, "Ann Wren", NOW)
    assert [one.name for one in as_of.history(db, made)] == ["Ann Wren"]
