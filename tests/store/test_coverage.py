"""Quiet and unknown never look the same: what was read of each of a person's places, and since when it fails."""

from __future__ import annotations

import pytest

from relationdesk.derived import PlaceState
from relationdesk.model import Coverage
from relationdesk.services import people as decisions
from relationdesk.store import coverage
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, arrive, bring, did, person_id, who

JOE = who("Joe Brown", "x", handle="@joeb")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, did(JOE, "1", ago(days=3))])
    return db


def state(db: Desk) -> PlaceState:
    (found,) = coverage.of_person(db, person_id(db, "Joe Brown"))
    return found


def test_a_place_never_read_has_no_until(db: Desk) -> None:
    assert state(db) == PlaceState(place="x", handle="@joeb")


def test_read_of_one_profile_and_of_the_whole_place(db: Desk) -> None:
    arrive(db, [Coverage(place="x", profile=JOE.key, since=ago(days=30), until=ago(days=2))])
    assert (state(db).since, state(db).until) == (ago(days=30), ago(days=2))
    arrive(db, [Coverage(place="x", until=ago(days=1))])  # everybody, as far back as the place goes
    assert (state(db).since, state(db).until) == (None, ago(days=1))
    arrive(db, [Coverage(place="x", profile=JOE.key, since=ago(days=30), until=NOW)])
    assert state(db).until == NOW


def test_an_earlier_reading_never_moves_the_mark_back(db: Desk) -> None:
    arrive(db, [Coverage(place="x", profile=JOE.key, until=NOW)])
    arrive(db, [Coverage(place="x", profile=JOE.key, until=ago(days=9))])
    assert state(db).until == NOW


def test_the_first_failure_counts_and_a_good_reading_clears_it(db: Desk) -> None:
    arrive(db, [Coverage(place="x", profile=JOE.key, until=ago(days=5))])
    with transaction(db):
        coverage.failed(db, JOE.key, seconds(ago(days=4)), "No answer.")
        coverage.failed(db, JOE.key, seconds(ago(days=3)), "Still none.")
    assert (state(db).failed, state(db).failure, state(db).until) == (ago(days=4), "Still none.", ago(days=5))
    with transaction(db):
        coverage.read_again(db, JOE.key, seconds(ago(days=1)))
    assert (state(db).failed, state(db).failure, state(db).until) == (None, "", ago(days=1))


def test_nothing_new_from_a_profile_never_read_leaves_it_unknown(db: Desk) -> None:
    with transaction(db):
        coverage.read_again(db, JOE.key, seconds(NOW))
        coverage.failed(db, JOE.key, seconds(ago(days=1)), "No answer.")
        coverage.read_again(db, JOE.key, seconds(NOW))
    assert state(db).until is None and state(db).failure == "No answer."


def test_cards_hold_no_activity_and_have_no_state(db: Desk) -> None:
    bring(db, [who("Mary Jones", "contacts")])
    assert coverage.of_person(db, person_id(db, "Mary Jones")) == ()
    assert coverage.of_person(db, 999) == ()


def test_one_state_per_profile_also_in_one_place(db: Desk) -> None:
    old = who("Joe Brown", "x", "old", known=False, handle="@old")
    bring(db, [old])
    stored = db.execute("SELECT id FROM profiles WHERE native_id = 'old'").fetchone()[0]
    decisions.link(db, stored, person_id(db, "Joe Brown"), NOW)
    arrive(db, [Coverage(place="x", profile=old.key, until=NOW)])
    found = coverage.of_person(db, person_id(db, "Joe Brown"))
    assert [(s.handle, s.until) for s in found] == [("@joeb", None), ("@old", NOW)]


def test_until_when_every_place_was_read(db: Desk) -> None:
    """Only as a whole, and only places in which something is done; for nobody is less known than that."""
    card = who("Ann Card", "contacts")
    assert coverage.all_read(db) == -1 == coverage.all_read(open_memory())
    bring(db, [card, Coverage(place="x", until=ago(days=2))])
    assert coverage.all_read(db) == seconds(ago(days=2)) == coverage.least_read(db, [person_id(db, "Joe Brown")])[person_id(db, "Joe Brown")]
    mary = who("Mary Jones", "y")
    bring(db, [mary, did(mary, "2", ago(days=3)), Coverage(place="y", profile=mary.key, until=NOW)])
    assert coverage.all_read(db) == -1
    bring(db, [Coverage(place="y", until=ago(days=9))])
    assert coverage.all_read(db) == seconds(ago(days=9))
