"""Evidence and earlier decisions become a link, a question or nothing: traps 2, 3 and 4 as literals."""

from __future__ import annotations

import pytest

from relationdesk.flip.handles import squashed
from relationdesk.flip.matching import SUGGEST_FROM, Somebody, candidates, certain, compare
from relationdesk.model import Key, Profile
from tests.facts import who

MAIL = "joe@alderfinch.example"
JOE = Somebody(person_id=1, uid="u-joe", name="Joe Brown", profiles=(who("Joe Brown", "linkedin", mail=MAIL, vouched=True),))
MARY = Somebody(person_id=2, uid="u-mary", name="Mary Jones", profiles=(who("Mary Jones", "linkedin"),))
BARE = Somebody(person_id=3, uid="u-bare", name="Robert Hale", company="Harborline")
NOBODY: frozenset[str] = frozenset()


def ids(profile: Profile, *people: Somebody, refused: frozenset[str] = NOBODY) -> list[int]:
    return [c.person_id for c in candidates(profile, people, refused)]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (who("Joe Brown", "x"), [1]), (who("Joseph Brown", "x"), [1]), (who("Brown, Joe", "x"), [1]), (who("Zoe Brown", "x"), []),
        (who("Mary Jones", "x"), [2]), (who("Gary Jones", "x"), []), (who("Bob Hale", "x"), [3]), (who("Ann Example", "x"), []),
        (who("", "mail", mail="joe+news@alderfinch.example"), [1]), (who("", "mail", mail="info@alderfinch.example"), []),
        (who("Mary Jones", "x", mail=MAIL), [2]),
    ],
)  # fmt: skip
def test_who_is_proposed(profile: Profile, expected: list[int]) -> None:
    assert ids(profile, JOE, MARY, BARE) == expected


def test_the_strongest_comes_first_and_order_given_does_not_matter() -> None:
    namesake = Somebody(person_id=9, uid="u-9", name="Joe Brown", profiles=(who("Joe Brown", "feed"),))
    profile = who("Joe Brown", "x", mail=MAIL)
    assert ids(profile, namesake, JOE) == ids(profile, JOE, namesake) == [1, 9]


def test_a_name_the_user_gave_is_evidence_without_any_profile() -> None:
    (found,) = candidates(who("Bob Hale", "x", company="Harborline"), [BARE], NOBODY)
    assert [r.weight > 0 for r in found.reasons] == [True, True]


@pytest.mark.parametrize("refused", ["person:u-joe", "profile:linkedin/joe.brown"])
def test_a_refusal_outweighs_any_evidence(refused: str) -> None:
    profile = who("Joe Brown", "x", mail=MAIL, vouched=True)
    assert ids(profile, JOE) == [1]
    assert ids(profile, JOE, refused=frozenset({refused})) == []
    assert certain(profile, [JOE], frozenset({refused})) is None


def test_certain_is_one_and_only_one() -> None:
    profile = who("Joe Brown", "x", mail=MAIL, vouched=True)
    sure = certain(profile, [JOE, MARY], NOBODY)
    assert sure is not None and (sure.person_id, sure.certain) == (1, True)
    twin = Somebody(person_id=4, uid="u-4", name="Joe Brown", profiles=(who("Joe Brown", "contacts", mail=MAIL),))
    assert certain(profile, [JOE, twin], NOBODY) is None
    assert certain(who("Joe Brown", "x"), [JOE], NOBODY) is None  # a name alone never is


def test_every_kind_of_reason_counts_once() -> None:
    many = Somebody(
        person_id=5, uid="u-5", name="Joe Brown", profiles=tuple(who("Joe Brown", f"place{n}", mail=f"j{n}@x.example") for n in range(6))
    )
    one = Somebody(person_id=6, uid="u-6", name="Joe Brown")
    profile = who("Joe Brown", "x")
    assert compare(profile, many).weight == compare(profile, one).weight
    assert len(compare(profile, many).reasons) == 1


def test_a_second_profile_in_one_place_is_still_possible_with_real_evidence() -> None:
    second = Profile(key=Key("linkedin", "old"), display_name="Joe Brown")
    assert ids(second, JOE) == []
    assert ids(who("Joe Brown", "linkedin", "old", mail=MAIL), JOE) == [1]


def test_two_of_one_name_in_one_firm_and_place_are_not_asked_about_whatever_it_sums_up_to() -> None:
    there = Somebody(person_id=7, uid="u-7", name="Joe Brown", profiles=(who("Joe Brown", "linkedin", company="Harborline", title="Buyer", handle="joebrown"),))
    second = who("Joe Brown", "linkedin", "joe-brown-2", company="Harborline", title="Buyer", handle="joe-brown-2")
    assert compare(second, there).weight >= SUGGEST_FROM and ids(second, there) == []


@pytest.mark.parametrize("name", ["Joe Вrown", "Joe Brown\u200b"])
def test_a_look_alike_is_asked_about_and_never_linked(name: str) -> None:
    """Not even with the address: whoever can write a name in other letters can write an address."""
    profile = who(name, "mail", mail=MAIL, vouched=True)
    (candidate,) = candidates(profile, [JOE, MARY], NOBODY)
    assert candidate.person_id == 1 and candidate.warned and not candidate.certain
    assert certain(profile, [JOE], NOBODY) is None


@pytest.mark.parametrize(
    ("handle", "called"),
    [
        ("@Joe.Brown_77@x.example", "joebrown77"), ("joe-brown", "joebrown"), ("J\u00f6rg.M\u00fcller", "jorgmuller"), ("12345", ""), ("a_b", ""), ("in\tfo", ""),
        ("Joe\x7fBrown\x00", "joebrown"), ("", ""),
    ],
)  # fmt: skip
def test_a_handle_is_its_letters_and_digits(handle: str, called: str) -> None:
    assert squashed(handle) == called
    if handle.isascii():  # the quick way is that of other letters
        assert squashed(f"{handle.partition('@x')[0]}\u0301") == called
