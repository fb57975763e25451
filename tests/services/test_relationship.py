"""The card's block: rhythm and due day, who begins, best reached, the ladder and what speaks for a step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Kind, Role
from relationdesk.services import bucket_wishes, people, relationship, wishes
from relationdesk.services.bucket_wishes import OfBucket
from relationdesk.store import buckets
from relationdesk.store import wishes as rows
from relationdesk.store.database import Desk, open_memory
from relationdesk.wishes import Step, WantedRhythm
from tests.facts import NOW, ago, arrive, bring, did, person_id, who

ME, JOE = who("Sam", "mail", "sam@x.example", owner=True), who("Joe Brown", "mail", "joe@x.example")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [ME, JOE])
    return db


def found(db: Desk, usual: int | None = None) -> relationship.Relationship:
    return relationship.of_person(db, person_id(db, "Joe Brown"), NOW, usual)


def test_the_day_by_which_contact_is_wished(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    assert (found(db).due, found(db).wanted) == (None, None)
    wishes.want(db, WantedRhythm(wished_days=14), NOW, person_id=joe)
    assert (found(db).due, found(db).is_own) == (None, True)  # never in touch yet
    arrive(db, [did(ME, "out", ago(days=10), to=[JOE])])
    assert found(db).due == (NOW + timedelta(days=4)).date()
    wishes.want(db, WantedRhythm(wished_days=14, as_they_do=True), NOW, person_id=joe)
    assert (found(db, 30).every_days, found(db).every_days) == (30, 14)  # measured, and where nothing could be measured


def test_who_begins_and_how_they_are_reached_best(db: Desk) -> None:
    assert (found(db).begins, found(db).best) == ((0, 0), ("", ""))
    facts = []
    for n in range(6):
        facts += [did(JOE, f"in{n}", ago(days=10 * n + 5), to=[ME]), did(ME, f"out{n}", ago(days=10 * n + 4), to=[JOE])]
    arrive(db, [*facts, did(ME, "first", ago(days=100), to=[JOE])])
    assert found(db).begins == (6, 1)
    place, part = found(db).best
    assert place == "mail" and part in ("mornings", "afternoons", "evenings", "nights")


@pytest.mark.parametrize(("places", "out", "best"), [(("linkedin",), False, ""), (("mail", "linkedin"), False, "mail"), ((), False, "mail"), ((), True, "")])
def test_nobody_is_reached_best_where_they_do_not_want_to_be(db: Desk, places: tuple[str, ...], out: bool, best: str) -> None:
    arrive(db, [did(JOE, f"in{n}", ago(days=10 * n + 5), to=[ME]) for n in range(6)])
    wishes.wish(db, person_id(db, "Joe Brown"), NOW, places=places, said=NOW.date())
    if out:
        wishes.set_opted_out(db, person_id(db, "Joe Brown"), True, NOW)
    assert found(db).best[0] == best


def test_a_recommendation_speaks_for_the_highest_step(db: Desk) -> None:
    assert found(db).suggested is None
    arrive(db, [did(JOE, "rec", ago(days=3), kind=Kind.RECOMMENDATION, to=[ME], role=Role.SUBJECT)])
    assert found(db).suggested == relationship.Suggested(step=Step.ADVOCATE, because="Joe recommended you once.")
    joe = person_id(db, "Joe Brown")
    with pytest.raises(UserMistake, match="No bucket stands on"):
        wishes.move_to_step(db, joe, Step.ADVOCATE, NOW)
    for name, step in (("Customers", Step.CUSTOMER), ("Advocates", Step.ADVOCATE), ("VIP", None)):
        bucket_wishes.make_bucket(db, name, NOW, colour="", agreed=OfBucket(step=step))
    for bucket in buckets.every(db):
        if bucket.name != "Advocates":
            people.set_in_bucket(db, bucket.id, (joe,), True, NOW)
    wishes.move_to_step(db, joe, Step.ADVOCATE, NOW)
    assert {b.name for b in buckets.of_person(db, joe)} == {"Advocates", "VIP"}
    assert (found(db).step, found(db).suggested) == (Step.ADVOCATE, None)
    people.undo(db, NOW)
    assert {b.name for b in buckets.of_person(db, joe)} == {"Customers", "VIP"}


@pytest.mark.parametrize(
    ("stage", "on", "suggested", "because"),
    [
        ("Closed won", Step.CONTACT, Step.CUSTOMER, "The deal “Meters” with Joe was won."), ("Negotiation", Step.CONTACT, Step.PROSPECT, "The deal “Meters” with Joe is open."),
        ("Closed lost", Step.CONTACT, None, ""), ("Negotiation", Step.CUSTOMER, None, ""), ("Closed won", Step.ADVOCATE, None, ""),
    ],
)  # fmt: skip
def test_what_the_crm_says_of_a_deal_speaks_for_a_step(db: Desk, stage: str, on: Step, suggested: Step | None, because: str) -> None:
    arrive(db, [did(ME, "deal", ago(days=3), kind=Kind.OTHER, title="Meters", to=[JOE], role=Role.SUBJECT, place="hubspot", extra=(("record", "deal"), ("stage", stage)))])
    for step in (Step.CONTACT, Step.PROSPECT, Step.CUSTOMER, Step.ADVOCATE):
        bucket_wishes.make_bucket(db, step.value, NOW, colour="", agreed=OfBucket(step=step))
    (bucket,) = (one for one in buckets.every(db) if one.name == on.value)
    people.set_in_bucket(db, bucket.id, (person_id(db, "Joe Brown"),), True, NOW)
    assert found(db).suggested == (relationship.Suggested(step=suggested, because=because) if suggested else None)


def test_without_a_bucket_on_that_step_a_deal_suggests_none(db: Desk) -> None:
    arrive(db, [did(ME, "deal", ago(days=3), kind=Kind.OTHER, title="Meters", to=[JOE], role=Role.SUBJECT, place="hubspot", extra=(("record", "deal"), ("stage", "Closed won")))])
    assert found(db).suggested is None


def test_a_bucket_keeps_what_is_agreed_and_decides_only_what_is_otherwise(db: Desk) -> None:
    agreed = OfBucket(rhythm=WantedRhythm(wished_days=14, longest_days=30), step=Step.CUSTOMER)
    bucket_wishes.make_bucket(db, "VIP", NOW, colour="#112233", agreed=agreed)
    count = db.execute("SELECT count(*) FROM decisions").fetchone()
    bucket_wishes.edit_bucket(db, 1, NOW, name="VIP", colour="#112233", agreed=agreed)
    assert db.execute("SELECT count(*) FROM decisions").fetchone() == count
    bucket_wishes.edit_bucket(db, 1, NOW, name="Very", colour="#112233", agreed=OfBucket())
    assert (rows.of_buckets(db), rows.steps(db), buckets.every(db)[0].name) == ({}, {}, "Very")
    with pytest.raises(UserMistake):
        bucket_wishes.make_bucket(db, "New", NOW, colour="", agreed=OfBucket(rhythm=WantedRhythm(wished_days=0)))
    assert buckets.by_name(db, "New") is None


def test_what_is_agreed_to_be_changed(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    bucket_wishes.make_bucket(db, "VIP", NOW, colour="", agreed=OfBucket(rhythm=WantedRhythm(wished_days=14)))
    people.set_in_bucket(db, 1, (joe,), True, NOW)
    bring(db, (who("Joe Brown", "hubspot", "h1"), who("Joe Brown", "mastodon", "m1")))
    for number in (row[0] for row in db.execute("SELECT id FROM profiles WHERE native_id IN ('h1', 'm1') ORDER BY native_id").fetchall()):
        people.link(db, number, joe, NOW)
    agreed = relationship.agreed_with(db, joe)
    assert agreed is not None and agreed.places == ("mail", "mastodon")  # a card in the CRM is no way to reach anybody
    assert (agreed.places[:1], agreed.own, agreed.of, agreed.wishes) == (("mail",), None, "VIP: every 2 weeks.", ())
    assert relationship.agreed_with(db, 999) is None
