"""What people asked for, written down, corrected, taken back; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Key
from relationdesk.services import agenda, people, wishes
from relationdesk.store import wishes as rows
from relationdesk.store.database import Desk, open_memory
from relationdesk.wishes import Step, WantedRhythm
from tests.facts import ME, NOW, bring, did, person_id, who


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    people.add_person(db, "Hannah Weiss", NOW)
    people.make_bucket(db, "VIP", NOW)
    return db


def test_in_words(db: Desk) -> None:
    made, changes = wishes.wish(db, 1, NOW, places=("mail",), every_days=91, said=date(2026, 3, 3), source="  in a \n call ", activity=Key("mail", "x"))
    assert changes.undo == "Wish of Hannah Weiss: Mail only, at most every 3 months, asked on 3 March 2026"
    assert (made.source, made.activity, changes.people, changes.prompts) == ("in a call", Key("mail", "x"), frozenset({1}), True)
    assert wishes.in_words(made) == "Mail only, at most every 3 months, asked on 3 March 2026"
    made, _ = wishes.wish(db, 1, NOW, opted_out=True, not_until=date(2027, 1, 4))
    assert wishes.in_words(made) == "no contact, not before 4 January 2027"
    assert wishes.in_words(wishes.wish(db, 1, NOW)[0]) == "contact is welcome"


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "every day"), (5, "every 5 days"), (7, "every week"), (14, "every 2 weeks"), (30, "every month"), (91, "every 3 months"), (90, "every 3 months"),
     (182, "every 6 months"), (365, "every year"), (730, "every 2 years"), (100, "every 100 days")],
)  # fmt: skip
def test_how_often(days: int, words: str) -> None:
    assert wishes.every(days) == words


def test_corrected_and_removed(db: Desk) -> None:
    made, _ = wishes.wish(db, 1, NOW, places=("mail",))
    wishes.correct(db, made.id, NOW, places=("phone",), every_days=30, not_until=None, opted_out=False, said=None, source="", activity=None)
    assert (rows.current(db)[1].places, rows.current(db)[1].every_days) == (("phone",), 30)
    wishes.remove(db, made.id, NOW)
    assert rows.current(db) == {}
    people.undo(db, NOW)
    people.undo(db, NOW)
    assert rows.current(db)[1] == made


def test_allowed_again_is_allowed_in_the_way_asked_for_before(db: Desk) -> None:
    wishes.wish(db, 1, NOW, places=("mail",), every_days=91, said=date(2026, 3, 3))
    wishes.set_opted_out(db, 1, True, NOW)
    assert rows.current(db)[1].opted_out
    wishes.set_opted_out(db, 1, False, NOW + timedelta(hours=1))
    again = rows.current(db)[1]
    assert (again.opted_out, again.places, again.every_days) == (False, ("mail",), 91)
    assert len(rows.of_person(db, 1)) == 3


def test_whoever_opted_out_is_held_back_with_the_reason(db: Desk) -> None:
    me, joe = who("Sam", id_=ME.native_id, owner=True), who("Joe Brown")
    bring(db, [me, joe, did(joe, "q", NOW - timedelta(days=1), "Can you send the price?", to=[me], private=True)])
    joe_id = person_id(db, "Joe Brown")
    assert [p.why_not for p in agenda.of_person(db, joe_id, NOW)] == [""]
    wishes.wish(db, joe_id, NOW, opted_out=True)
    assert [p.why_not for p in agenda.of_person(db, joe_id, NOW)] == ["Joe Brown asked not to be contacted."]
    wishes.wish(db, joe_id, NOW + timedelta(hours=1), places=("mail",))
    assert [p.why_not for p in agenda.of_person(db, joe_id, NOW)] == [""]


REFUSED: dict[str, Callable[[Desk], object]] = {
    "nobody": lambda db: wishes.wish(db, 99, NOW),
    "too often": lambda db: wishes.wish(db, 1, NOW, every_days=0),
    "too rarely": lambda db: wishes.wish(db, 1, NOW, every_days=3661),
    "said tomorrow": lambda db: wishes.wish(db, 1, NOW, said=NOW.date() + timedelta(days=2)),
    "no such wish": lambda db: wishes.remove(db, 99, NOW),
    "neither": lambda db: wishes.want(db, None, NOW),
    "both": lambda db: wishes.want(db, None, NOW, person_id=1, bucket_id=1),
    "no rhythm": lambda db: wishes.want(db, WantedRhythm(wished_days=0), NOW, person_id=1),
    "longest too short": lambda db: wishes.want(db, WantedRhythm(wished_days=30, longest_days=14), NOW, person_id=1),
    "no such bucket": lambda db: wishes.set_step(db, 99, Step.CONTACT, NOW),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(db: Desk, case: str) -> None:
    before = list(db.iterdump())
    with pytest.raises(UserMistake, match="Nothing was changed"):
        REFUSED[case](db)
    assert list(db.iterdump()) == before


def test_a_rhythm_is_changed_and_taken_away(db: Desk) -> None:
    wishes.want(db, WantedRhythm(wished_days=14, longest_days=30), NOW, person_id=1)
    changes = wishes.want(db, WantedRhythm(wished_days=7), NOW, person_id=1)
    assert changes.undo == "Hannah Weiss: every week"
    assert rows.wanted(db)[1] == WantedRhythm(wished_days=7)
    wishes.want(db, None, NOW, person_id=1)
    assert rows.wanted(db) == {}
    people.undo(db, NOW)
    people.undo(db, NOW)
    assert rows.wanted(db)[1] == WantedRhythm(wished_days=14, longest_days=30)
    assert wishes.rhythm_in_words(rows.wanted(db)[1]) == "every 2 weeks, never longer apart than 30 days"
