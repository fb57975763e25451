"""A decision taken back after an import made something of what it had left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from relationdesk.services import import_undo, notes, people, spans
from relationdesk.store import ledger
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, bring, did, person_id, profile_id, state, who

MARY = who("Mary Jones", "linkedin", company="Harborline")
Taken = Callable[[Desk, int, int, datetime], object]


@pytest.mark.parametrize("take", [lambda db, one, _, now: people.unlink(db, one, now), spans.take_from], ids=["unlink", "never theirs"])
def test_a_person_made_by_an_import_of_what_was_unlinked_goes_when_that_is_taken_back(take: Taken) -> None:
    db = open_memory()
    bring(db, [MARY, did(MARY, "a")])
    mary, before = person_id(db, "Mary Jones"), state(db)
    take(db, profile_id(db, MARY), mary, NOW)
    decided = ledger.entries(db, 1)[0].id
    bring(db, [MARY, did(MARY, "b")])
    assert db.execute("SELECT person_id FROM profiles").fetchone() not in ((mary,), (None,))
    assert people.undo(db, NOW, decided)[0].kept == ()
    assert person_id(db, "Mary Jones") == mary and db.execute("SELECT person_id FROM profiles").fetchall() == [(mary,)]
    import_undo.undo(db, NOW)
    assert state(db) == before


def test_it_stays_where_something_was_written_about_the_new_person() -> None:
    db = open_memory()
    bring(db, [MARY, did(MARY, "a")])
    people.unlink(db, profile_id(db, MARY), NOW)
    decided = ledger.entries(db, 1)[0].id
    bring(db, [MARY, did(MARY, "b")])
    new = person_id(db, "Mary Jones")
    notes.write(db, "Likes tea", NOW, person_id=new)
    assert people.undo(db, NOW, decided)[0].kept
    assert db.execute("SELECT person_id FROM profiles").fetchall() == [(new,)] and db.execute("SELECT person_id FROM notes").fetchall() == [(new,)]
