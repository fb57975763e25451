"""Who links by itself, who waits, and what an earlier answer means: traps 2, 3 and 4 on a whole desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.model import Profile
from relationdesk.services import import_undo, matching, people
from relationdesk.store import people as persons
from relationdesk.store import profiles
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, arrive, bring, did, person_id, profile_id, state, who


@pytest.fixture
def db() -> Desk:
    return open_memory()


def names(db: Desk) -> list[str]:
    return sorted(row[0] for row in db.execute("SELECT name FROM people"))


def test_the_same_vouched_mail_links_alone(db: Desk) -> None:
    bring(db, [who("Joe Brown", "contacts", mail="joe@alderfinch.example")])
    bring(db, [who("Joe Brown", "linkedin", mail="joe@alderfinch.example", vouched=True)])
    assert names(db) == ["Joe Brown"]
    assert [s.linked_by for s in profiles.of_person(db, person_id(db, "Joe Brown"))] == ["only", "place"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mary Jones", "Gary Jones"), ("Joe Brown", "Zoe Brown"), ("Dan Lee", "Dana Lee"), ("Anna Wikström", "Anna Wikström"),
     ("Bob Hale", "Robert Hale"), ("Jones, Mary", "Mary Jones"), ("Anna Wikström", "Anna Wikstrom"), ("王小明", "王小明"), ("김민준", "김민준")],
)  # fmt: skip
def test_names_alone_never_link(db: Desk, one: str, other: str) -> None:
    a, b = who(one, "linkedin", "1"), who(other, "mastodon", "2")
    bring(db, [a])
    bring(db, [b])
    first, second = (profiles.by_ids(db, [profile_id(db, p)])[0] for p in (a, b))
    assert first.person_id is not None
    assert second.person_id != first.person_id


@pytest.mark.parametrize(("one", "other"), [("Bob Hale", "Robert Hale"), ("Jones, Mary", "Mary Jones"), ("Anna Wikström", "Anna Wikstrom"), ("王小明", "王小明"), ("김민준", "김민준")])
def test_forms_of_one_name_are_proposed_with_a_reason(db: Desk, one: str, other: str) -> None:
    bring(db, [who(one, "linkedin", "1")])
    bring(db, [who(other, "mastodon", "2")])
    (match,) = matching.waiting(db)
    (found, candidate), *_ = match.candidates
    assert found.name == one
    assert candidate.reasons[0].sentence.endswith(".")


def test_one_mailbox_shared_by_a_couple_never_joins_them(db: Desk) -> None:
    joe = who("Joe Brown", "linkedin", mail="the.browns@home.example", vouched=True)
    ann = who("Ann Brown", "contacts", mail="the.browns@home.example", vouched=True)
    box = who("", "mail", "the.browns@home.example", mail="the.browns@home.example", vouched=True, known=False)
    bring(db, [joe])
    bring(db, [ann])
    arrive(db, [box, did(box, "m1")])
    owners = {p: profiles.by_ids(db, [profile_id(db, p)])[0].person_id for p in (joe, ann)}
    assert owners[joe] != owners[ann]
    assert profiles.by_ids(db, [profile_id(db, box)])[0].person_id is None


def test_a_mailbox_that_a_couple_shares_is_asked_about_with_a_word_on_who_else_has_it(db: Desk) -> None:
    """It carries the name of whoever wrote last, which makes it no more that one's."""
    cards = [who(name, "contacts", mail="tarns@home.example", vouched=True) for name in ("Otto Tarn", "Greta Tarn")]
    box = who("Greta Tarn", "mail", "tarns@home.example", mail="tarns@home.example", vouched=True, known=False)
    bring(db, cards)
    arrive(db, [box, did(box, "m1")])
    (match,) = matching.waiting(db)
    (found, candidate), *_ = match.candidates
    assert found.name == "Greta Tarn" and candidate.shared and not candidate.certain
    assert {reason.row for reason in candidate.reasons} >= {"mail.household", "mail.shared"}
    assert "Otto Tarn has this mail address as well: perhaps it is shared." in [reason.sentence for reason in candidate.reasons if reason.weight < 0]


def test_whoever_writes_by_a_short_form_from_their_own_address_is_not_asked_about(db: Desk) -> None:
    card = who("Robert Quimby", "contacts", mail="bob@firm.example", vouched=True)
    box = who("Bob Quimby", "mail", "bob@firm.example", mail="bob@firm.example", vouched=True)
    bring(db, [card])
    bring(db, [box, did(box, "m1")])
    assert whose_is(db, box) == person_id(db, "Robert Quimby") and matching.waiting(db) == ()


def test_a_possible_impostor_is_asked_about_before_those_who_resemble_nobody(db: Desk) -> None:
    bring(db, [who("Nadia Ferrant", "contacts")])
    arrive(db, [who("Ulla Strand", known=False), who("N\u0430dia Ferrant", known=False), who("Pia Holm", known=False)])
    assert [bool(match.candidates) for match in matching.waiting(db)] == [True, False, False]


@pytest.mark.parametrize("address", ["info@firm.example", "sales@firm.example", "noreply@firm.example"])
def test_a_role_mailbox_links_nobody(db: Desk, address: str) -> None:
    bring(db, [who("Joe Brown", "linkedin", mail=address, vouched=True), who("Mary Jones", "contacts", mail=address, vouched=True)])
    assert names(db) == ["Joe Brown", "Mary Jones"]


def test_kept_apart_stays_apart_after_import_rename_and_new_profiles(db: Desk) -> None:
    joe = who("Joe Brown", "linkedin", mail="joe@alderfinch.example", vouched=True)
    other = who("Joe Brown", "mastodon", "x", known=False)
    bring(db, [joe, other])
    pid = person_id(db, "Joe Brown")
    people.keep_apart(db, profile_id(db, other), pid, NOW)
    people.edit_person(db, pid, NOW, name="Joseph Brown", title="", company="")
    for _ in range(2):
        bring(db, [joe, other, who("Joe Brown", "mastodon", "x", mail="joe@alderfinch.example", vouched=True, known=False)])
    stored = profiles.by_ids(db, [profile_id(db, other)])[0]
    assert stored.person_id != pid
    assert all(person.id != pid for match in matching.waiting(db) for person, _ in match.candidates)


def test_kept_apart_holds_in_both_directions(db: Desk) -> None:
    joe, other = who("Joe Brown", "linkedin"), who("Joe Brown", "mastodon", "x", known=False)
    bring(db, [joe, other])
    pid = person_id(db, "Joe Brown")
    people.keep_apart(db, profile_id(db, other), pid, NOW)
    people.new_person(db, profile_id(db, other), NOW, "Joe Brown")
    people.unlink(db, profile_id(db, joe), NOW)
    assert [m.candidates for m in matching.waiting(db)] == [()]


def test_a_different_company_does_not_undo_what_a_place_vouches_for(db: Desk) -> None:
    bring(db, [who("Joe Brown", "contacts", mail="joe@alderfinch.example", company="Alder & Finch")])
    bring(db, [who("Joe Brown", "linkedin", mail="joe@alderfinch.example", vouched=True, company="Harborline")])
    assert names(db) == ["Joe Brown"]


def test_an_import_that_links_and_fills_is_undone_exactly(db: Desk) -> None:
    waits = who("Joe Brown", "mastodon", "x", mail="joe@alderfinch.example", vouched=True, known=False)
    bring(db, [waits, who("Mary Jones", "contacts", mail="mary@harborline.example")])
    before = state(db)
    bring(db, [
        who("Joe Brown", "linkedin", mail="joe@alderfinch.example", vouched=True),
        who("Mary Jones", "linkedin", mail="mary@harborline.example", vouched=True, company="Harborline", title="Buyer"),
    ])  # fmt: skip
    assert profiles.by_ids(db, [profile_id(db, waits)])[0].person_id == person_id(db, "Joe Brown")
    mary = persons.get(db, person_id(db, "Mary Jones"))
    assert mary is not None and (mary.company, mary.title) == ("Harborline", "Buyer")
    assert [p.name for p in persons.page(db, query="harborl")] == ["Mary Jones"]
    with transaction(db):
        import_undo.undo(db, NOW)
    assert state(db) == before


MAIL = "joe@alderfinch.example"
CARD, BOX = who("Joe Brown", "contacts", mail=MAIL), who("J. Brown", "mail", MAIL, mail=MAIL, vouched=True, known=False)
ON_LINKEDIN = who("Joe Brown", "linkedin")


def whose(db: Desk) -> list[int | None]:
    """Person of LinkedIn's Joe, of the card, and of the mailbox."""
    return [profiles.by_ids(db, [profile_id(db, p)])[0].person_id for p in (ON_LINKEDIN, CARD, BOX)]


def test_what_is_certainly_the_same_ones_goes_with_an_answer_and_comes_back_with_it(db: Desk) -> None:
    """A namesake was there first, so card and mailbox wait, though the same address makes them one: one answer is enough."""
    bring(db, [ON_LINKEDIN])
    bring(db, [CARD, BOX])
    first = person_id(db, "Joe Brown")
    assert whose(db) == [first, None, None] and len(matching.waiting(db)) == 1
    people.new_person(db, profile_id(db, CARD), NOW, "Joe of the card")
    second = person_id(db, "Joe of the card")
    assert whose(db) == [first, second, second] and matching.waiting(db) == ()
    people.undo(db, NOW)
    assert whose(db) == [first, None, None]
    people.link(db, profile_id(db, BOX), first, NOW)
    assert whose(db) == [first, first, first]
    people.undo(db, NOW + timedelta(seconds=1))
    people.redo(db)
    assert whose(db) == [first, first, first]


def test_nobody_goes_along_against_an_answer_or_out_of_a_shared_mailbox(db: Desk) -> None:
    bring(db, [ON_LINKEDIN])
    bring(db, [CARD, BOX])
    first = person_id(db, "Joe Brown")
    people.keep_apart(db, profile_id(db, CARD), first, NOW)
    people.link(db, profile_id(db, BOX), first, NOW)
    assert whose(db) == [first, None, first]
    people.undo(db, NOW)
    bring(db, [who("Ann Brown", "hubspot", mail=MAIL)])
    people.link(db, profile_id(db, BOX), first, NOW)
    assert whose(db)[1] != first


def test_of_more_than_are_asked_about_at_once_those_come_first_that_touch_a_key_company_or_resemble_somebody(db: Desk) -> None:
    """However long they have been silent, and however many strangers wait."""
    firm = [who("Ulla Strand", "contacts", mail="ulla@harborline.example", company="Harborline Foods"), who("Ben Oak", "contacts", mail="ben@oak.example")]
    bring(db, firm)
    people.set_key_company(db, db.execute("SELECT id FROM companies").fetchone()[0], True, NOW)
    loud = [who(f"Stranger {n}", id_=f"s{n}", known=False) for n in range(9)]
    quiet = {
        "named": who("Ada Cole", "linkedin", company="harborline foods", known=False), "mail": who("Cy", "mail", "cy@harborline.example", mail="cy@harborline.example", known=False),
        "same name": who("Ulla Strand", known=False), "name": who("Ben Oak", known=False), "box": who("B.", "forum", mail="ben@oak.example", known=False),
    }  # fmt: skip
    arrive(db, (*loud, *quiet.values(), *(did(one, f"d{n}", NOW) for n, one in enumerate(loud))))
    first, total = matching.questions(db, limit=5)
    assert total == 14 and {match.profile.profile.key for match in first} == {one.key for one in quiet.values()}
    assert {match.profile.profile.key for match in first if match.key} == {quiet[name].key for name in ("named", "mail", "same name")}
    assert matching.questions(db, limit=50)[1] == 14 and matching.questions(db, settled="later", limit=5) == ((), 0)


def whose_is(db: Desk, of: Profile) -> int | None:
    return profiles.by_ids(db, [profile_id(db, of)])[0].person_id
