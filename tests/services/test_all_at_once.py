"""Many answers as one decision: one undo, a copy first, and nothing for whom somebody answered meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import all_at_once, people
from relationdesk.store import database
from relationdesk.store.database import Desk
from tests.facts import NOW, arrive, profile_id, state, who

THEM = tuple(who(f"stranger-{n}", id_=f"https://hotel.example/users/s{n}", known=False, company="Orrin") for n in range(5))


def filled(folder: Path) -> tuple[Desk, tuple[int, ...]]:
    db = database.open_desk(folder)
    arrive(db, (who("Ann Example", "contacts"), *THEM))
    return db, tuple(profile_id(db, one) for one in THEM)


def test_new_people_and_back(tmp_path: Path) -> None:
    db, ids = filled(tmp_path)
    before = state(db)
    people.settle(db, ids[0], "nobody", NOW)
    people.new_person(db, ids[1], NOW)
    assert all_at_once.new_people(db, ids, NOW).undo == "4 new people"
    assert db.execute("SELECT count(*) FROM people").fetchone() == (6,)
    assert db.execute("SELECT count(*) FROM companies").fetchone() == (1,), "they share their company"
    assert any((tmp_path / "backups").glob("*before-bulk*"))
    for _ in range(3):
        people.undo(db, NOW)
    assert state(db) == before
    db.close()


def test_later_and_back(tmp_path: Path) -> None:
    db, ids = filled(tmp_path)
    before = state(db)
    all_at_once.settle_all(db, ids, "later", NOW)
    assert db.execute("SELECT count(*) FROM profiles WHERE settled = 'later'").fetchone() == (5,)
    people.undo(db, NOW)
    assert state(db) == before
    all_at_once.new_people(db, ids, NOW)
    with pytest.raises(UserMistake, match="answered already"):
        all_at_once.settle_all(db, ids, "later", NOW)
    db.close()
