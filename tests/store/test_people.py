"""People and companies: found by whatever the user types, listed in the order asked for, and filled without overwriting."""

from __future__ import annotations

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import people as decisions
from relationdesk.store import people, profiles
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, ago, bring, did, person_id, profile_id, who

JOE = who("Joe Brown", "x", handle="@joeb", mail="joe@alderfinch.example", company="Alder & Finch", title="Head of Energy")
MARY = who("Mary Jones", "x", company="Harborline", title="Buyer")
ANNA = who("Anna Wikström", "x", company="Alder & Finch")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, MARY, ANNA, did(JOE, "1", ago(days=3)), did(MARY, "2", ago(days=1))])
    return db


def names(found: tuple[people.Person, ...]) -> list[str]:
    return [p.name for p in found]


@pytest.mark.parametrize(
    "typed",
    ["Joe Brown", "joe brown", "JOE BROWN", "Brown, Joe", "Dr. Joe Brown", "@joeb", "@JOEB", "joe@alderfinch.example", "JOE@alderfinch.example", "joe.brown", "#2", "joe br", "head energy"],
)
def test_one_person_is_found(db: Desk, typed: str) -> None:
    assert people.find(db, typed).name == "Joe Brown"


def test_found_by_uid_and_with_other_marks(db: Desk) -> None:
    uid = people.find(db, "anna wikstrom").uid
    assert people.find(db, uid).name == "Anna Wikström"


@pytest.mark.parametrize("typed", ["", " ", "Nobody Here", "#99", "#²", "#99999999999999999999999", "'; --", "\x00", "%", "_", "🎉"])
def test_nobody_is_said_in_a_sentence(db: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match=r"^There is nobody called .* Nothing was changed\."):
        people.find(db, typed)


def test_namesakes_are_named_with_company_and_number(db: Desk) -> None:
    decisions.add_person(db, "Mary Jones", NOW)
    second = max(row[0] for row in db.execute("SELECT id FROM people"))
    with pytest.raises(UserMistake) as e:
        people.find(db, "Mary Jones")
    assert "“Mary Jones” could be 2 people: " in str(e.value)
    assert f"Mary Jones, Harborline (#{person_id_of(db, MARY)})" in str(e.value) and f"Mary Jones (#{second})" in str(e.value)
    assert people.find(db, f"#{second}").id == second


def person_id_of(db: Desk, profile: object) -> int:
    (stored,) = profiles.by_ids(db, [profile_id(db, profile)])  # type: ignore[arg-type]
    assert stored.person_id is not None
    return stored.person_id


def test_an_exact_name_beats_one_that_begins_so(db: Desk) -> None:
    decisions.add_person(db, "Joe Brownlee", NOW)
    assert people.find(db, "Joe Brown").name == "Joe Brown"
    with pytest.raises(UserMistake, match="2 people"):
        people.find(db, "joe bro")


def test_a_list_in_three_orders(db: Desk) -> None:
    with transaction(db):
        people.set_open_prompts(db, {person_id(db, "Anna Wikström"): 2})
    assert names(people.page(db, order="need")) == ["Anna Wikström", "Mary Jones", "Joe Brown"]
    assert names(people.page(db, order="touch")) == ["Mary Jones", "Joe Brown", "Anna Wikström"]
    assert names(people.page(db, order="name")) == ["Anna Wikström", "Joe Brown", "Mary Jones"]
    assert names(people.page(db, order="name", offset=1, limit=1)) == ["Joe Brown"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("", 3), ("jo", 2), ("wikst", 1), ("WIKSTRÖM", 1), ("finch", 2), ("alder joe", 1), ("joe harborline", 0), ("rown", 0), ("%", 3), ("j_z", 0), ("buyer", 1), ("energy head", 1)],
)
def test_every_word_typed_begins_a_word(db: Desk, typed: str, expected: int) -> None:
    assert len(people.page(db, query=typed)) == expected


def test_lists_by_bucket_company_and_tag_leave_me_out(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    bucket, _ = decisions.make_bucket(db, "VIP", NOW)
    decisions.set_in_bucket(db, bucket, (joe,), True, NOW)
    decisions.set_tags(db, joe, ("panel",), NOW)
    alder = people.company_by_name(db, "alder & finch")
    assert alder is not None and alder.people == 2
    assert names(people.page(db, bucket_id=bucket)) == names(people.page(db, tag="panel")) == ["Joe Brown"]
    assert sorted(names(people.page(db, company_id=alder.id))) == ["Anna Wikström", "Joe Brown"]
    decisions.set_me(db, joe, NOW)
    assert "Joe Brown" not in names(people.page(db)) and people.count(db) == 2
    assert "Joe Brown" in names(people.page(db, with_me=True))
    assert people.my_profiles(db) == {profile_id(db, JOE)}


def test_open_prompts_of_everybody_not_named_are_cleared(db: Desk) -> None:
    joe, mary = person_id(db, "Joe Brown"), person_id(db, "Mary Jones")
    for counts in ({joe: 2, mary: 1}, {mary: 3}):
        with transaction(db):
            people.set_open_prompts(db, counts)
    assert {p.id: p.open_prompts for p in people.page(db) if p.open_prompts} == {mary: 3}


def test_companies_key_ones_first(db: Desk) -> None:
    assert [c.name for c in people.companies(db)] == ["Alder & Finch", "Harborline"]
    harbor = people.company_by_name(db, " HARBORLINE ")
    assert harbor is not None
    decisions.set_key_company(db, harbor.id, True, NOW)
    assert [(c.name, c.key, c.people) for c in people.companies(db)] == [("Harborline", True, 1), ("Alder & Finch", False, 2)]
    assert [c.name for c in people.companies(db, "fin")] == ["Alder & Finch"] and people.companies(db, "inch") == ()
    assert people.company(db, 999) is None and people.company_by_name(db, "") is None


def test_unknown_ids_are_left_out(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    assert set(people.many(db, [joe, 999, joe])) == {joe}
    assert people.get(db, 999) is None and people.by_uid(db, "none") is None and people.me(db) is None


def test_times_of_touch_come_from_the_facts(db: Desk) -> None:
    joe = people.find(db, "Joe Brown")
    assert (joe.last_in, joe.last_out) == (ago(days=3), None)
    sam = who("Sam Carter", "x", owner=True)
    bring(db, [sam])
    bring(db, [did(sam, "9", ago(days=2), to=[JOE])])
    assert people.find(db, "Joe Brown").last_out == ago(days=2)
