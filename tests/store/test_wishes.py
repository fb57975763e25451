"""Wishes, wanted rhythms and steps as the rules ask for them, and what an older desk said of them."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from relationdesk.services import people, tasks
from relationdesk.services import wishes as decisions
from relationdesk.store import database, ledger, wishes
from relationdesk.store.database import Desk, open_memory
from relationdesk.wishes import Step, WantedRhythm
from tests.facts import NOW
from tests.store.test_migrations import older_desk


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    for name in ("Ann", "Bea", "Cal"):
        people.add_person(db, name, NOW)
    for name in ("VIP", "North"):
        people.make_bucket(db, name, NOW)
    return db


def test_the_newest_by_what_they_said_holds_and_all_are_kept(db: Desk) -> None:
    decisions.wish(db, 1, NOW, places=("mail",), said=date(2026, 3, 3), source="asked")
    decisions.wish(db, 1, NOW + timedelta(days=1), opted_out=True, said=date(2026, 2, 1))  # written down later, said before
    assert wishes.current(db)[1].places == ("mail",)
    assert [w.said for w in wishes.of_person(db, 1)] == [date(2026, 3, 3), date(2026, 2, 1)]
    decisions.wish(db, 1, NOW + timedelta(days=2), every_days=90)  # nobody knows when: it counts from when it was written down
    assert (wishes.current(db)[1].every_days, wishes.current(db)[1].places) == (90, ())
    assert len(wishes.of_person(db, 1)) == 3


def test_current_of_some_and_of_nobody(db: Desk) -> None:
    decisions.wish(db, 1, NOW, opted_out=True)
    decisions.wish(db, 2, NOW, every_days=7)
    assert wishes.current(db).keys() == {1, 2}
    assert wishes.current(db, [2, 3]).keys() == {2}
    assert wishes.current(db, ()) == {}


def test_ones_own_rhythm_is_over_the_shortest_of_the_buckets(db: Desk) -> None:
    people.set_in_bucket(db, 1, (1, 2), True, NOW)
    people.set_in_bucket(db, 2, (1, 3), True, NOW)
    decisions.want(db, WantedRhythm(wished_days=30, longest_days=60), NOW, bucket_id=1)
    decisions.want(db, WantedRhythm(wished_days=14), NOW, bucket_id=2)
    decisions.want(db, WantedRhythm(wished_days=90, as_they_do=True), NOW, person_id=3)
    assert wishes.wanted(db) == {
        1: WantedRhythm(wished_days=14, of="North"), 2: WantedRhythm(wished_days=30, longest_days=60, of="VIP"),
        3: WantedRhythm(wished_days=90, as_they_do=True),
    }  # fmt: skip
    assert wishes.wanted(db, [2]).keys() == {2}
    assert wishes.wanted(db, ()) == {}


def test_of_two_equal_wishes_the_stricter_limit_counts(db: Desk) -> None:
    for bucket, longest in ((1, None), (2, 20)):
        people.set_in_bucket(db, bucket, (1,), True, NOW)
        decisions.want(db, WantedRhythm(wished_days=14, longest_days=longest), NOW, bucket_id=bucket)
    assert wishes.wanted(db)[1] == WantedRhythm(wished_days=14, longest_days=20, of="North")


def test_somebody_stands_on_the_highest_step_of_their_buckets(db: Desk) -> None:
    people.set_in_bucket(db, 1, (1,), True, NOW)
    people.set_in_bucket(db, 2, (1, 2), True, NOW)
    decisions.set_step(db, 1, Step.CUSTOMER, NOW)
    decisions.set_step(db, 2, Step.PROSPECT, NOW)
    assert wishes.steps(db) == {1: Step.CUSTOMER, 2: Step.PROSPECT}
    assert wishes.steps_of_people(db) == {1: Step.CUSTOMER, 2: Step.PROSPECT}
    assert wishes.steps_of_people(db, [2]) == {2: Step.PROSPECT}
    people.remove_bucket(db, 1, NOW)
    assert wishes.steps_of_people(db) == {1: Step.PROSPECT, 2: Step.PROSPECT}
    people.undo(db, NOW)
    assert wishes.steps_of_people(db)[1] is Step.CUSTOMER


def test_a_bucket_goes_with_its_rhythm_and_comes_back_with_it(db: Desk) -> None:
    people.set_in_bucket(db, 1, (1,), True, NOW)
    decisions.want(db, WantedRhythm(wished_days=14), NOW, bucket_id=1)
    people.remove_bucket(db, 1, NOW)
    assert wishes.wanted(db) == {} and db.execute("PRAGMA foreign_key_check").fetchall() == []
    people.undo(db, NOW)
    assert wishes.wanted(db)[1].of == "VIP"


def level(db: sqlite3.Connection, id_: int, person_id: int, on: bool, *, undone: bool = False) -> None:
    """As the desk kept it before there were wishes."""
    db.execute("INSERT INTO decisions VALUES (?,?,'level','No more prompts',?)", (id_, 1000 + id_, 5000 if undone else None))
    was, becomes = ("", "no_prompts") if on else ("no_prompts", "")
    db.execute(
        "INSERT INTO decision_rows VALUES (?,1,'people',?,?,?)",
        (id_, json.dumps({"id": person_id}), json.dumps({"level": was}), json.dumps({"level": becomes})),
    )
    if not undone:
        db.execute("UPDATE people SET level = ? WHERE id = ?", (becomes, person_id))


def test_who_asked_for_no_prompts_has_a_wish_that_can_be_taken_back(tmp_path: Path) -> None:
    path = older_desk(tmp_path, 10)
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("".join(f"INSERT INTO people(id, uid, name, made_at) VALUES ({n}, 'u{n}', 'P{n}', 0);" for n in range(2, 7)))
    level(db, 1, 1, True)
    level(db, 2, 2, True)
    level(db, 3, 2, False)
    level(db, 4, 3, True, undone=True)
    level(db, 5, 4, True)
    db.execute("UPDATE people SET level = 'no_prompts' WHERE id = 6")  # it came with an export
    db.close()
    whole = database.open_desk(tmp_path)
    assert {id_ for id_, wish in wishes.current(whole).items() if wish.opted_out} == {1, 4, 6}
    assert whole.execute("SELECT DISTINCT level FROM people").fetchall() == [("",)]
    people.undo(whole, NOW, 1)
    assert 1 not in wishes.current(whole)
    people.undo(whole, NOW, 3)
    assert wishes.current(whole)[2].opted_out
    people.redo(whole, 4)
    assert wishes.current(whole)[3].opted_out
    whole.close()


def test_an_older_combining_carried_the_wish(tmp_path: Path) -> None:
    path = older_desk(tmp_path, 10)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("INSERT INTO people(id, uid, name, made_at) VALUES (2, 'u2', 'Joseph', 0)")
    level(db, 1, 2, True)
    gone = {"uid": "u2", "name": "Joseph", "folded": "", "title": "", "company_id": None, "is_me": 0, "level": "no_prompts", "last_id": None,
            "last_in": None, "last_out": None, "open_prompts": 0, "looked_at": None, "batch_id": None, "made_at": 0}  # fmt: skip
    db.execute("INSERT INTO decisions VALUES (2, 1002, 'combine', 'Combined Joseph with Joe', NULL)")
    db.execute("INSERT INTO compounds VALUES (2, ?)", (json.dumps({"into": 1, "gone": 2, "at": 1002}),))
    for n, key, before, after in ((1, 1, {"level": ""}, {"level": "no_prompts"}), (2, 2, {"id": 2, **gone}, None)):
        db.execute(
            "INSERT INTO decision_rows VALUES (2,?,'people',?,?,?)", (n, json.dumps({"id": key}), json.dumps(before), None if after is None else json.dumps(after))
        )
    db.execute("UPDATE people SET level = 'no_prompts' WHERE id = 1")
    db.execute("DELETE FROM people WHERE id = 2")
    db.close()
    whole = database.open_desk(tmp_path)
    assert {id_: wish.opted_out for id_, wish in wishes.current(whole).items()} == {1: True}
    assert people.undo(whole, NOW, 2)[0].kept == ()
    assert {id_: wish.opted_out for id_, wish in wishes.current(whole).items()} == {2: True}
    whole.close()


def test_everything_agreed_is_a_decision(db: Desk) -> None:
    people.set_in_bucket(db, 1, (1,), True, NOW)
    count = len(ledger.entries(db))
    decisions.wish(db, 1, NOW, every_days=30)
    decisions.want(db, WantedRhythm(wished_days=14), NOW, person_id=1)
    decisions.want(db, WantedRhythm(wished_days=21), NOW, person_id=1)
    decisions.set_step(db, 1, Step.ADVOCATE, NOW)
    tasks.add(db, "words", NOW, person_id=1)
    for _ in range(len(ledger.entries(db)) - count):
        people.undo(db, NOW)
    for table in ("wishes", "rhythms", "steps", "tasks"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
