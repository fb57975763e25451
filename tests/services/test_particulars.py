"""What is kept in mind of people: written, changed, taken back, and where it goes when people are combined or split."""

from __future__ import annotations

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import combining, decisions, particulars, people, taking_back
from relationdesk.store import particulars as rows
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.people import is_worked_on
from tests.facts import NOW, ago, bring, person_id, profile_id, who

JOE, JUPP = who("Joe Brown"), who("Jupp Marsh", "linkedin")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, JUPP])
    return db


def said(db: Desk, name: str) -> list[tuple[str, str]]:
    return [(one.label, one.text) for one in rows.of_person(db, person_id(db, name))]


def test_written_changed_removed_and_taken_back(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    one, changes = particulars.keep(db, joe, " Dog ", "Bruno\nthe second", NOW)
    assert (one.label, one.text, changes.undo, changes.people) == ("Dog", "Bruno the second", "Joe Brown: Dog", frozenset({joe}))
    anew, changes = particulars.keep(db, joe, "dog", "Rex", NOW)
    assert (anew.id, anew.label, anew.text, changes.undo) == (one.id, "dog", "Rex", "Joe Brown: dog changed")
    particulars.keep(db, joe, "Coffee", "black", NOW)
    with pytest.raises(UserMistake, match="There is a “Coffee” already"):
        particulars.change(db, one.id, "coffee", "x", NOW)
    particulars.remove(db, one.id, NOW)
    assert said(db, "Joe Brown") == [("Coffee", "black")]
    for expected in ([("dog", "Rex"), ("Coffee", "black")], [("dog", "Rex")], [("Dog", "Bruno the second")], []):
        taking_back.undo(db, NOW)
        assert said(db, "Joe Brown") == expected
    assert rows.labels(db) == ()


def test_what_cannot_be_kept(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    for label, text in (("First name", "x"), ("last_topic", "x"), ("", "x"), ("a=b", "x"), ("x" * 41, "x"), ("dog", " "), ("dog", "x" * 501)):
        with pytest.raises(UserMistake, match="Nothing was changed"):
            particulars.keep(db, joe, label, text, NOW)
    with pytest.raises(UserMistake, match="no longer in the desk"):
        particulars.keep(db, 99, "dog", "x", NOW)
    with pytest.raises(UserMistake, match="no longer there"):
        particulars.remove(db, 99, NOW)
    assert said(db, "Joe Brown") == []


def test_combined_nothing_is_lost_and_back_again(db: Desk) -> None:
    joe, jupp = person_id(db, "Joe Brown"), person_id(db, "Jupp Marsh")
    for whom, label, text, at in ((joe, "dog", "Bruno", NOW), (jupp, "Dog", "Rex", ago(days=1)), (joe, "tea", "green", NOW), (jupp, "tea", "green", NOW),
                                  (jupp, "golf", "12", NOW)):  # fmt: skip
        particulars.keep(db, whom, label, text, at)
    assert dict(combining.preview(db, joe, jupp).carried)["particulars"] == 3
    combining.combine(db, joe, jupp, NOW)
    assert said(db, "Joe Brown") == [("dog", "Bruno"), ("Dog", "Rex"), ("tea", "green"), ("golf", "12")]
    assert particulars.of_label(db, joe, "DOG").text == "Bruno"  # type: ignore[union-attr]
    newest = max(rows.of_person(db, joe), key=lambda one: one.id)
    particulars.change(db, newest.id, "golf", "11", NOW)
    taking_back.undo(db, NOW, next(d.id for d in decisions.every(db) if d.kind == "combine"))
    assert said(db, "Joe Brown") == [("dog", "Bruno"), ("tea", "green")]
    assert said(db, "Jupp Marsh") == [("Dog", "Rex"), ("tea", "green"), ("golf", "11")]


@pytest.mark.parametrize("both", [True, False])
def test_split_both_have_them_or_only_the_first(db: Desk, both: bool) -> None:
    joe = person_id(db, "Joe Brown")
    people.link(db, profile_id(db, JUPP), joe, NOW)
    particulars.keep(db, joe, "dog", "Bruno", NOW)
    to, _ = combining.split(db, joe, [profile_id(db, JUPP)], [], NOW, with_marks=both)
    assert said(db, "Joe Brown") == [("dog", "Bruno")]
    assert [one.text for one in rows.of_person(db, to)] == (["Bruno"] if both else [])
    taking_back.undo(db, NOW)
    assert said(db, "Joe Brown") == [("dog", "Bruno")] and db.execute("SELECT count(*) FROM particulars").fetchone() == (1,)


def test_they_are_among_the_decisions_about_a_person_and_keep_them(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    particulars.keep(db, joe, "dog", "Bruno", NOW)
    assert [d.sentence for d in decisions.of_person(db, joe) if d.by == "you"] == ["Joe Brown: dog"]
    assert is_worked_on(db, joe)
