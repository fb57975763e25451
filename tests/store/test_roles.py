"""Role and company: the user's word, else the newest word of the profiles, whatever was done in which order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relationdesk.services import as_of, combining, import_undo, people, spans
from relationdesk.store import caches, roles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.roles import Word, stands, word
from relationdesk.store.tellings import Telling
from tests.facts import NOW, ago, arrive, bring, person_id, profile_id, who

JOE = who("Joe Brown", "linkedin", title="Buyer", company="Harborline")
MOVED = who("Joe Brown", "linkedin", title="Head of Energy", company="Alder & Finch")
CARD = who("Joe B", "contacts", "card", title="Trainee", company="Fernwood", known=False)


def at(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def said(place: str, *told: tuple[int, str, str]) -> Word:
    found = word(place, "x", (Telling(at=at(year), title=title, company=company) for year, title, company in told))
    assert found is not None
    return found


@pytest.mark.parametrize(("words", "expected"), [
    ((said("crm", (2020, "Buyer", "Alder")), said("contacts", (2024, "Chef", "Birch"))), ("Buyer", "Alder")),  # a first word is no news
    ((said("crm", (2020, "Buyer", "Alder"), (2023, "Buyer", "Birch")), said("contacts", (2024, "Chef", "Cedar"))), ("Buyer", "Birch")),
    ((said("linkedin", (2024, "CTO", "Alder")), said("crm", (2020, "Buyer", "Birch"), (2021, "Buyer", "Cedar"))), ("CTO", "Alder")),
    ((said("linkedin", (2024, "CTO", "Alder")), said("crm", (2020, "CTO", "Alder"), (2025, "CEO", "Cedar"))), ("CEO", "Cedar")),
    ((said("linkedin", (2024, "CTO", "Alder")), said("crm", (2020, "CTO", "Alder"), (2025, "CTO", "alder"))), ("CTO", "Alder")),  # repeated
    ((said("linkedin", (2024, "", "Alder")), said("contacts", (2020, "Chef", "Birch")), said("crm", (2021, "Buyer", "ALDER"))), ("Buyer", "Alder")),
    ((said("linkedin", (2024, "CTO", "")), said("contacts", (2020, "Chef", "Birch"))), ("CTO", "Birch")),
    ((), ("", "")),
])  # fmt: skip
def test_what_counts(words: tuple[Word, ...], expected: tuple[str, str]) -> None:
    for order in (words, words[::-1]):
        found = stands(order)
        assert (found.title, found.company) == expected


def test_words_that_say_nothing_are_none() -> None:
    assert word("crm", "x", ()) is None and word("crm", "x", [Telling(at=1)]) is None
    assert said("crm", (2020, "Buyer", "Alder"), (2021, "", "Alder")).since == at(2020)


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, CARD, who("Mary Jones", "linkedin", company="Harborline")], now=ago(days=90))
    return db


def shown(db: Desk, name: str = "Joe Brown") -> tuple[str, str]:
    person = persons.get(db, person_id(db, name))
    assert person is not None
    last = as_of.history(db, person.id)[-1]
    assert (last.title, last.company) == (person.title, person.company)
    assert [p.name for p in persons.page(db, query=person.company) if p.id == person.id] == [name]
    return person.title, person.company


@pytest.mark.parametrize("comes", [bring, arrive])
def test_a_job_change_moves_the_person(db: Desk, comes: object) -> None:
    comes(db, [MOVED], now=ago(days=1))  # type: ignore[operator]
    assert shown(db) == ("Head of Energy", "Alder & Finch")
    assert [(then.title, then.company) for then in as_of.history(db, person_id(db, "Joe Brown"))] == [("Buyer", "Harborline"), ("Head of Energy", "Alder & Finch")]
    assert db.execute("SELECT text FROM activities").fetchall() == [("Buyer, Harborline → Head of Energy, Alder & Finch",)]


def test_an_import_taken_back_leads_back(db: Desk) -> None:
    bring(db, [MOVED], now=ago(days=1))
    import_undo.undo(db, NOW)
    assert shown(db) == ("Buyer", "Harborline")
    assert persons.company_by_name(db, "Alder & Finch") is None


def test_the_users_word_stands_and_the_other_is_kept_beside(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    people.edit_person(db, joe, ago(days=2), company="Fernwood")
    bring(db, [MOVED], now=ago(days=1))
    assert shown(db) == ("Head of Energy", "Fernwood")  # only what they wrote
    assert [(one.place, one.role) for one in roles.beside(db, joe, *shown(db))] == [("linkedin", "Head of Energy, Alder & Finch")]
    people.as_told(db, joe, NOW)
    assert shown(db) == ("Head of Energy", "Alder & Finch") and roles.beside(db, joe, *shown(db)) == ()
    people.undo(db, NOW)
    assert shown(db) == ("Head of Energy", "Fernwood")


def test_that_there_is_no_role_is_a_word_too(db: Desk) -> None:
    people.edit_person(db, person_id(db, "Joe Brown"), NOW, title="", company="")
    bring(db, [MOVED], now=NOW)
    person = persons.get(db, person_id(db, "Joe Brown"))
    assert person is not None and (person.title, person.company) == ("", "")


def test_an_edit_taken_back_after_an_import_was_never_made(db: Desk) -> None:
    people.edit_person(db, person_id(db, "Joe Brown"), ago(days=2), name="Joe Brown", title="Chef", company="Fernwood")
    edited = db.execute("SELECT max(id) FROM decisions").fetchone()[0]
    bring(db, [MOVED], now=ago(days=1))
    assert shown(db) == ("Chef", "Fernwood")
    assert people.undo(db, NOW, edited)[0].kept == ()
    assert shown(db) == ("Head of Energy", "Alder & Finch")
    assert [c.name for c in persons.companies(db)] == ["Alder & Finch", "Harborline"]
    people.redo(db, edited)
    assert shown(db) == ("Chef", "Fernwood")


def test_a_company_stays_for_whoever_came_to_it_meanwhile(db: Desk) -> None:
    people.edit_person(db, person_id(db, "Joe Brown"), ago(days=2), company="Alder & Finch")
    bring(db, [who("Mary Jones", "linkedin", company="Alder & Finch")], now=ago(days=1))
    people.undo(db, NOW)
    assert (shown(db)[1], shown(db, "Mary Jones")[1]) == ("Harborline", "Alder & Finch")


def test_linking_by_hand_fills_what_is_empty_and_unlinking_empties_it(db: Desk) -> None:
    ann, _ = people.add_person(db, "Ann Example", NOW)
    card = profile_id(db, CARD)
    people.link(db, card, ann, NOW)
    assert shown(db, "Ann Example") == ("Trainee", "Fernwood")
    people.unlink(db, card, NOW)
    person = persons.get(db, ann)
    assert person is not None and (person.title, person.company) == ("", "")
    assert "Fernwood" not in [c.name for c in persons.companies(db)]
    people.undo(db, NOW)
    assert shown(db, "Ann Example") == ("Trainee", "Fernwood")


def test_one_made_two_has_the_role_of_its_profiles(db: Desk) -> None:
    joe, card = person_id(db, "Joe Brown"), profile_id(db, CARD)
    people.link(db, card, joe, NOW)
    assert shown(db) == ("Buyer", "Harborline")
    combining.split(db, joe, [card], [], NOW, name="Joe Two")
    assert shown(db, "Joe Two") == ("Trainee", "Fernwood")


def test_two_made_one_have_what_the_user_wrote_of_either(db: Desk) -> None:
    joe, _ = person_id(db, "Joe Brown"), people.add_person(db, "Joe Two", NOW, title="Chair")
    two = person_id(db, "Joe Two")
    assert combining.preview(db, joe, two).conflicts == (("name", "Joe Brown", "Joe Two"), ("title", "Chair", "Buyer"))
    combining.combine(db, joe, two, NOW)
    assert shown(db) == ("Chair", "Harborline")
    assert [one.role for one in roles.beside(db, joe, *shown(db))] == ["Buyer, Harborline"]
    people.undo(db, NOW)
    assert shown(db) == ("Buyer", "Harborline")


def test_only_the_time_in_which_a_profile_was_theirs_counts(db: Desk) -> None:
    mary, joe = person_id(db, "Mary Jones"), profile_id(db, JOE)
    bring(db, [MOVED], now=ago(days=1))
    spans.link_for(db, joe, mary, NOW, first=ago(days=30).date(), last=None)
    assert shown(db) == ("Buyer", "Harborline")
    assert shown(db, "Mary Jones") == ("Head of Energy", "Alder & Finch")


def test_what_no_place_ever_told_is_the_users_own(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    with transaction(db):
        db.execute("UPDATE people SET title = 'Chair' WHERE id = ?", (joe,))  # as a way back without own words brings it
        roles.adopt(db)
        roles.follow(db, None)
    assert roles.own_words(db, joe) == {"title": "Chair"} and shown(db) == ("Chair", "Harborline")


UNNAMED = who("", "linkedin", "me", owner=True)
SAM = who("Sam Carter", "linkedin", "sam-carter", owner=True, handle="sam-carter")


def me(db: Desk) -> str:
    found = persons.me(db)
    assert found is not None
    return found.name


def test_an_owner_whom_nothing_named_takes_the_first_name_that_an_import_tells() -> None:
    db = open_memory()
    bring(db, [UNNAMED, JOE])
    assert me(db) == "me"
    bring(db, [SAM])
    bring(db, [who("Samuel Carter", "mastodon", owner=True)])
    assert me(db) == "Sam Carter" and db.execute("SELECT folded FROM people WHERE is_me").fetchone()[0].startswith("sam carter")
    import_undo.undo(db, NOW)
    assert me(db) == "Sam Carter"
    import_undo.undo(db, NOW)
    assert me(db) == "me"
    bring(db, [who("Sam Carter", "linkedin", "me", owner=True)])
    assert me(db) == "Sam Carter", "the same place names them"
    import_undo.undo(db, NOW)
    assert me(db) == "me"


def test_a_name_that_the_user_wrote_stays_until_it_is_taken_back() -> None:
    db = open_memory()
    bring(db, [UNNAMED])
    owner = persons.me(db)
    assert owner is not None
    people.edit_person(db, owner.id, NOW, title="CEO")
    people.edit_person(db, owner.id, NOW, name="Sammy")
    bring(db, [SAM])
    caches.rebuild(db)
    assert me(db) == "Sammy"
    people.undo(db, NOW)
    assert me(db) == "Sam Carter"
    caches.rebuild(db)
    assert me(db) == "Sam Carter"


def test_an_owner_named_by_a_place_or_a_handle_stays_called_so() -> None:
    db = open_memory()
    bring(db, [who("", "pinboard", "samc", owner=True, handle="samc")])
    bring(db, [SAM])
    assert me(db) == "samc"
    other = open_memory()
    bring(other, [who("Sam C", "mail", "sam@carter.example", owner=True)])
    bring(other, [UNNAMED, SAM])
    assert me(other) == "Sam C"
