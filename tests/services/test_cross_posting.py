"""Who posts everywhere at once is found by it, whatever they are called there; what several write is nobody's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.model import Activity, Kind, Precision, Profile
from relationdesk.services import cross_posting, matching, people
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, did, person_id, profile_id, who

JOE = who("Joe Brown", "linkedin", "joe-brown")
FOX = who("", "bluesky", "did:plc:fox", handle="kitchenfox", known=False)
ONE = "The pastry section uses more power than the whole bar, and nobody has ever metered it."
TWO = "We put a meter on every oven in May; the first bill came down by a fifth, the second by more."
SOON = timedelta(minutes=4)


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    arrive(db, [JOE])
    return db


def proposed(db: Desk, *done: Activity | Profile) -> dict[str, list[str]]:
    """Rows by the name of who is proposed for the stranger."""
    arrive(db, [FOX, did(FOX, "first", ago(days=40), "Hello"), *done])
    (match,) = [m for m in matching.waiting(db) if m.profile.profile.key == FOX.key]
    return {person.name: [reason.row for reason in candidate.reasons] for person, candidate in match.candidates}


def test_two_at_the_same_time_propose_somebody_of_another_name(db: Desk) -> None:
    assert proposed(db, did(JOE, "a", ago(days=2), ONE), did(FOX, "b", ago(days=2) + SOON, f"{ONE} #energy"),
                    did(JOE, "c", ago(days=1), TWO), did(FOX, "d", ago(days=1) - SOON, TWO)) == {"Joe Brown": ["talk.often"]}  # fmt: skip


def test_one_counts_less_and_is_asked_about(db: Desk) -> None:
    assert proposed(db, did(JOE, "a", ago(days=2), ONE), did(FOX, "b", ago(days=2) + SOON, ONE)) == {"Joe Brown": ["talk.minutes"]}


@pytest.mark.parametrize("done", [
    [did(JOE, "a", ago(days=2), ONE), did(FOX, "b", ago(days=2) + timedelta(hours=2), ONE)],
    [did(JOE, "a", ago(days=2), "Good morning"), did(FOX, "b", ago(days=2), "Good morning")],
    [did(JOE, "a", ago(days=2), f"RT @x: {ONE}"), did(FOX, "b", ago(days=2), f"RT @x: {ONE}")],
    [did(JOE, "a", ago(days=2), ONE, kind=Kind.SHARE), did(FOX, "b", ago(days=2), ONE)],
    [did(JOE, "a", ago(days=2), ONE, private=True), did(FOX, "b", ago(days=2), ONE)],
    [did(JOE, "a", ago(days=2), ONE, precision=Precision.DAY), did(FOX, "b", ago(days=2), ONE)],
    [did(JOE, "a", ago(days=2), ONE), did(FOX, "b", ago(days=2), ONE), who("Ann Lee", "x", "ann"), did(who("Ann Lee", "x", "ann"), "c", ago(days=2, hours=5), ONE)],
    [did(JOE, "a", ago(days=2), ONE, place="bluesky"), did(FOX, "b", ago(days=2), ONE)],
], ids=["hours apart", "short", "passed on", "shared", "private", "day only", "others too", "one place"])  # fmt: skip
def test_what_says_nothing(db: Desk, done: list[Activity | Profile]) -> None:
    assert proposed(db, *done) == {}


def test_kept_apart_stays_apart(db: Desk) -> None:
    assert proposed(db, did(JOE, "a", ago(days=2), ONE), did(FOX, "b", ago(days=2), ONE))
    people.keep_apart(db, profile_id(db, FOX), person_id(db, "Joe Brown"), NOW)
    assert proposed(db) == {}


def test_somebody_kept_on_purpose_is_asked_about_before_they_become_a_person(db: Desk) -> None:
    fox = who("kitchenfox", "bluesky", "did:plc:fox2")
    arrive(db, [did(JOE, "a", ago(days=2), ONE)])
    arrive(db, [fox, did(fox, "b", ago(days=2) + SOON, ONE)])
    assert [row[0] for row in db.execute("SELECT name FROM people")] == ["Joe Brown"]
    assert [m.candidates[0][0].name for m in matching.waiting(db)] == ["Joe Brown"]


def test_names_that_cannot_be_ones_are_not_overridden(db: Desk) -> None:
    ann = who("Ann Lee", "bluesky", "did:plc:ann", known=False)
    arrive(db, [ann, did(JOE, "a", ago(days=2), ONE), did(ann, "b", ago(days=2), ONE), did(JOE, "c", ago(days=1), TWO), did(ann, "d", ago(days=1), TWO)])
    (match,) = matching.waiting(db)
    assert match.candidates == ()


def test_a_moment_at_which_everything_happened_is_not_searched(db: Desk) -> None:
    crowd = [did(JOE, f"n{n}", ago(days=2), f"{ONE} {n}") for n in range(400)]
    arrive(db, [FOX, *crowd, did(FOX, "b", ago(days=2), f"{ONE} 7")])
    assert cross_posting.found(db, [profile_id(db, FOX)]) == {}
