"""The derived columns follow every change of whose a profile is; made again from the facts they are the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from relationdesk.services import import_undo, people
from relationdesk.store import caches
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, ago, bring, did, person_id, profile_id, who

SAM, JOE, MARY = who("Sam Carter", owner=True), who("Joe Brown", "x"), who("Mary Jones", "x")
SECOND = who("sammy", "x", "sammy", known=False)
"""Another profile of Sam's, from which he wrote to Joe; nobody has said yet that it is his."""


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [SAM, JOE, MARY, SECOND, did(SECOND, "1", ago(days=1), to=[JOE]), did(MARY, "2", ago(days=2), to=[JOE])])
    return db


def cached(db: Desk) -> list[tuple[object, ...]]:
    return db.execute("SELECT name, last_in, last_out, last_id FROM people ORDER BY id").fetchall()


def made_again(db: Desk) -> list[tuple[object, ...]]:
    with transaction(db):
        caches.rebuild(db)
    return cached(db)


def mine(db: Desk) -> None:
    me = persons.me(db)
    assert me is not None
    people.link(db, profile_id(db, SECOND), me.id, NOW)


STEPS: dict[str, Callable[[Desk], object]] = {
    "it is mine": mine,
    "not mine after all": lambda db: (mine(db), people.unlink(db, profile_id(db, SECOND), NOW)),
    "taken back": lambda db: (mine(db), people.undo(db, NOW)),
    "done again": lambda db: (mine(db), people.undo(db, NOW), people.redo(db)),
    "somebody else's": lambda db: (mine(db), people.new_person(db, profile_id(db, SECOND), NOW)),
    "a company's": lambda db: (mine(db), people.new_company(db, profile_id(db, SECOND), NOW)),
    "the desk is Mary's": lambda db: people.set_me(db, person_id(db, "Mary Jones"), NOW),
    "and Sam's again": lambda db: (people.set_me(db, person_id(db, "Mary Jones"), NOW), people.undo(db, NOW)),
    "the file says so later": lambda db: bring(db, [who("Sam Carter", "x", "sammy", owner=True)]),
    "and that file is taken out": lambda db: (bring(db, [who("Sam Carter", "x", "sammy", owner=True)]), out(db)),
}


def out(db: Desk) -> None:
    with transaction(db):
        import_undo.undo(db, NOW)


@pytest.mark.parametrize("step", STEPS)
def test_whose_desk_it_is_changes_the_last_touch_of_others(db: Desk, step: str) -> None:
    STEPS[step](db)
    now = cached(db)
    assert now == made_again(db)
    towards_joe = {"it is mine", "done again", "the file says so later", "the desk is Mary's"}
    assert ({row[0]: row[2] for row in now}["Joe Brown"] is not None) is (step in towards_joe)


@pytest.mark.parametrize(
    "damage",
    ["people SET last_in = 8", "people SET last_out = 8", "people SET last_id = 8", "people SET folded = 'x'", "profiles SET last_id = 8", "profiles SET folded = 'x'"],
)
def test_a_cache_that_is_wrong_is_found_and_made_again(db: Desk, damage: str) -> None:
    def state() -> list[list[tuple[object, ...]]]:
        return [db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ("people", "profiles")]

    before = state()
    with transaction(db):
        assert caches.repair(db) == 0
        db.execute(f"UPDATE {damage} WHERE id = 2")
        assert caches.repair(db) == 1
    assert state() == before
