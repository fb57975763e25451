"""Who only looks like somebody is shown on that person's card until the user has answered."""

from __future__ import annotations

import pytest

from relationdesk.model import Profile
from relationdesk.services import impostors, people
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, arrive, person_id, profile_id, who

JOE = who("Joe Brown", "linkedin", handle="joebrown")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    arrive(db, [JOE, who("Ann Lee", "linkedin")])
    return db


def warned(db: Desk, name: str = "Joe Brown") -> list[str]:
    person = persons.get(db, person_id(db, name))
    assert person is not None
    return [stored.profile.key.native_id for stored in impostors.of_person(db, person)]


@pytest.mark.parametrize("one", [
    who("Support", "mastodon", "x", handle="@joebr0wn@hotel.example", known=False), who("Jое Brown", "mastodon", "x", known=False),
    who("Joe\u200b Brown", "mastodon", "x", known=False),
], ids=["digit in the handle", "other letters", "hidden letter"])  # fmt: skip
def test_who_looks_like_somebody_is_shown_with_them_alone(db: Desk, one: Profile) -> None:
    arrive(db, [one])
    assert warned(db) == ["x"] and warned(db, "Ann Lee") == []


@pytest.mark.parametrize("one", [
    who("Joe Brown", "mastodon", "x", handle="joebrown", known=False), who("Joe B2", "mastodon", "x", handle="jb22", known=False),
    who("Joe Braun", "mastodon", "x", known=False),
], ids=["the same", "digits of its own", "another name"])  # fmt: skip
def test_others_are_not(db: Desk, one: Profile) -> None:
    arrive(db, [one])
    assert warned(db) == []


def test_an_answer_ends_it_and_later_does_not(db: Desk) -> None:
    fake = who("Support", "mastodon", "x", handle="@joebr0wn@hotel.example", known=False)
    arrive(db, [fake])
    people.settle(db, profile_id(db, fake), "later", NOW)
    assert warned(db) == ["x"]
    people.keep_apart(db, profile_id(db, fake), person_id(db, "Joe Brown"), NOW)
    assert warned(db) == []
    people.undo(db, NOW)
    people.settle(db, profile_id(db, fake), "nobody", NOW)
    assert warned(db) == []
