"""Two people of whom a place says that they are one: asked about with that evidence, never combined by itself, and the answer stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relationdesk.model import Address, AddressKind, Key, Profile
from relationdesk.services import companions, matching, notes, one_person, people, review, spans
from relationdesk.services.combining import combine_with
from relationdesk.store import profiles
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, arrive, bring, did, person_id, profile_id, state, who

PAGE = "https://app.hubspot.example/contacts/77/record/0-1/51"
STAYS = replace(who("Joe Brown", "hubspot", "51", company="Acme"), url=PAGE)
GOES = who("Josef Braun", "hubspot", "52", company="Acme")
MERGED = Profile(key=GOES.key, display_name="Joe Brown", addresses=(Address(kind=AddressKind.WEB, value=PAGE, vouched=True),), gone=True)


@pytest.fixture
def db() -> Desk:
    """Both are people of the desk, each with something of their own; then the CRM makes one record of them."""
    db = open_memory()
    arrive(db, [STAYS, GOES, did(STAYS, "a"), did(GOES, "b", text="about the boiler")])
    notes.write(db, "met at the fair", NOW, person_id=person_id(db, "Josef Braun"))
    arrive(db, [STAYS, MERGED])
    return db


def names(db: Desk) -> list[str]:
    return sorted(row[0] for row in db.execute("SELECT name FROM people"))


def test_it_is_a_question_with_that_evidence_and_nothing_is_combined(db: Desk) -> None:
    assert names(db) == ["Joe Brown", "Josef Braun"]
    (match,) = matching.waiting(db)
    assert match.whose is not None and (match.whose.name, match.profile.profile.display_name) == ("Josef Braun", "Josef Braun")
    ((other, candidate),) = match.candidates
    assert other.name == "Joe Brown" and candidate.certain and "HubSpot says that the one became the other." in {r.sentence for r in candidate.reasons}
    assert match.sample == ("about the boiler",)
    assert companions.count_questions(db) == 1 == one_person.count(db)


def test_yes_combines_and_can_be_taken_back(db: Desk) -> None:
    before = state(db, "notes", "kept_apart")
    combine_with(db, profile_id(db, GOES), person_id(db, "Joe Brown"), NOW)
    page = review.review(db, person_id(db, "Joe Brown"), NOW)
    assert page is not None and page.became == {profile_id(db, GOES): "Joe Brown"}
    assert names(db) == ["Joe Brown"] and matching.waiting(db) == () and companions.count_questions(db) == 0
    assert db.execute("SELECT count(*) FROM notes WHERE person_id = ?", (person_id(db, "Joe Brown"),)).fetchone() == (1,)
    arrive(db, [STAYS, MERGED])
    assert names(db) == ["Joe Brown"]
    people.undo(db, NOW)
    assert state(db, "notes", "kept_apart") == before and len(matching.waiting(db)) == 1


def test_no_stays_no_after_another_reading(db: Desk) -> None:
    people.keep_apart(db, profile_id(db, GOES), person_id(db, "Joe Brown"), NOW)
    assert matching.waiting(db) == () and one_person.count(db) == 0
    arrive(db, [STAYS, MERGED])
    bring(db, [STAYS, MERGED])
    assert names(db) == ["Joe Brown", "Josef Braun"] and matching.waiting(db) == ()
    people.undo(db, NOW)
    assert len(matching.waiting(db)) == 1


def test_later_is_asked_later(db: Desk) -> None:
    people.settle(db, profile_id(db, GOES), "later", NOW)
    assert matching.waiting(db) == () and companions.count_questions(db) == 0
    (match,) = matching.waiting(db, settled="later")
    assert match.whose is not None and profiles.by_ids(db, [match.profile.id])[0].person_id == person_id(db, "Josef Braun")


def test_what_the_desk_never_had_is_not_made_of_it() -> None:
    db = open_memory()
    arrive(db, [STAYS, MERGED])
    assert profiles.by_key(db, GOES.key) is None and names(db) == ["Joe Brown"]
    deal = did(STAYS, "deal", text="boiler", to=[GOES])
    arrive(db, [MERGED, deal])
    stored = profiles.by_key(db, GOES.key)
    assert stored is not None and stored.person_id == person_id(db, "Joe Brown") and stored.linked_how == "HubSpot says that the one became the other."


def test_nobodys_profile_of_a_merged_record_comes_to_whom_it_is_now() -> None:
    db = open_memory()
    other = who("J. Braun", "hubspot", "52", known=False)
    arrive(db, [STAYS, other, did(other, "b")])
    arrive(db, [STAYS, MERGED])
    stored = profiles.by_key(db, GOES.key)
    assert stored is not None and stored.person_id == person_id(db, "Joe Brown") and stored.profile.display_name == "J. Braun"


def test_a_page_that_another_place_has_checked_is_asked_about_too() -> None:
    db = open_memory()
    blog = replace(who("The Baker", "blog", "https://baker.example"), url="https://baker.example")
    arrive(db, [blog, who("Joe Brown")])
    arrive(db, [who("Joe Brown", web="https://baker.example", vouched=True)])
    (match,) = matching.waiting(db)
    assert match.whose is not None and {match.whose.name, match.candidates[0][0].name} == {"Joe Brown", "The Baker"}


def test_whose_it_is_at_which_time_is_not_asked_again(db: Desk) -> None:
    spans.link_for(db, profile_id(db, GOES), person_id(db, "Josef Braun"), NOW, first=None, last=NOW.date())
    assert one_person.pairs(db) == ()


def test_two_pages_that_name_each_other_are_one_question() -> None:
    db = open_memory()
    one = replace(who("Joe Brown", web="https://two.example", vouched=True), url="https://one.example")
    two = replace(who("Josef Braun", "blog", "b", web="https://one.example", vouched=True), url="https://two.example")
    arrive(db, [replace(one, addresses=()), replace(two, addresses=())])
    arrive(db, [one, two])
    assert len(one_person.pairs(db)) == 1
    assert profiles.by_key(db, Key("blog", "b")) is not None
