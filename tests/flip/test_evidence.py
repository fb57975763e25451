"""What speaks for one person and what against: a table of pairs. Certain is only what a place or the own book vouches for."""

from __future__ import annotations

import itertools

import pytest

from relationdesk.flip.evidence import names_conflict, reasons
from relationdesk.flip.matching import Somebody, compare
from relationdesk.flip.weights import CERTAIN
from relationdesk.model import Address, AddressKind, Key, Profile
from tests.facts import who

MAIL = "joe@alderfinch.example"


def weigh(a: Profile, b: Profile) -> str:
    """"certain", "proposed" or "nothing", as matching decides."""
    found = compare(a, Somebody(person_id=1, uid="u", name="", profiles=(b,)))
    return "certain" if found.certain else "proposed" if found.proposed else "nothing"


def phone(name: str, place: str, number: str) -> Profile:
    return Profile(key=Key(place, name), display_name=name, addresses=(Address(kind=AddressKind.PHONE, value=number),))


NAMES = [
    ("Joe Brown", "Joe Brown", "proposed"),
    ("Joe Brown", "JOE  BROWN", "proposed"),
    ("Bob Hale", "Robert Hale", "proposed"),
    ("Dan Lee", "Daniel Lee", "proposed"),
    ("Jones, Mary", "Mary Jones", "proposed"),
    ("Jones Mary", "Mary Jones", "proposed"),
    ("Anna Wikström", "Anna Wikstrom", "proposed"),
    ("Søren Łukasz", "Soren Lukasz", "proposed"),
    ("J. Brown", "Joe Brown", "proposed"),
    ("Joe B.", "Joe Brown", "proposed"),
    ("Dr. Joe Brown", "Joe Brown, PhD", "proposed"),
    ("Joe Henry Brown", "Joe Brown", "proposed"),
    ("𝐉𝐨𝐞 𝐁𝐫𝐨𝐰𝐧", "Joe Brown", "proposed"),
    ("محمد علي", "محمد علي", "proposed"),
    ("Иван Петров", "Иван Петров", "proposed"),
    ("王小明", "王小明", "proposed"),
    ("王小明", "王小红", "nothing"),
    ("王小明", "Xiaoming Wang", "nothing"),
    ("Mary Jones", "Gary Jones", "nothing"),
    ("Joe Brown", "Zoe Brown", "nothing"),
    ("Dan Lee", "Dana Lee", "nothing"),
    ("Joe Brown", "Joe Green", "nothing"),
    ("Иван Петров", "Пётр Иванов", "nothing"),
    ("Madonna", "Madonna", "nothing"),
    ("محمد", "محمد", "nothing"),
    ("Joe", "Joe Brown", "nothing"),
    ("", "", "nothing"),
    ("", "Joe Brown", "nothing"),
    ("Dr.", "Dr.", "nothing"),
    ("🎉🎉", "🎉🎉", "nothing"),
]


@pytest.mark.parametrize(("one", "other", "expected"), NAMES)
def test_names_alone(one: str, other: str, expected: str) -> None:
    assert weigh(who(one, "linkedin", "1"), who(other, "mastodon", "2")) == expected


MAILS = [
    ("both vouched", who("Joe Brown", "linkedin", mail=MAIL, vouched=True), who("J. Brown", "mail", mail=MAIL, vouched=True), "certain"),
    ("own card", who("Joe Brown", "contacts", mail=MAIL), who("Joe Brown", "linkedin", mail=MAIL, vouched=True), "certain"),
    ("own card without a name", who("", "contacts", mail=MAIL), who("Joe Brown", "linkedin", mail=MAIL, vouched=True), "certain"),
    ("own lists", who("Joe Brown", "contacts", mail=MAIL), who("Joe Brown", "hubspot", mail=MAIL), "certain"),
    ("anybody can write it on his page", who("Joe Brown", "x", mail=MAIL), who("Joe Brown", "contacts", mail=MAIL), "proposed"),
    ("whatever the mail itself vouches for", who("Joe Brown", "x", mail=MAIL), who("Joe Brown", "mail", mail=MAIL, vouched=True), "proposed"),
    ("vouched, but for another", who("", "x", mail=MAIL, vouched=True), who("", "linkedin", mail="mary@harborline.example"), "nothing"),
    ("nobody vouches", who("Joe Brown", "hubspot", mail=MAIL), who("Joe Brown", "linkedin", mail=MAIL), "proposed"),
    ("shared by a couple", who("Joe Brown", "contacts", mail="browns@home.example"), who("Ann Brown", "linkedin", mail="browns@home.example", vouched=True), "nothing"),
    ("other script, one mailbox", who("Иван Петров", "contacts", mail=MAIL), who("Ivan Petrov", "linkedin", mail=MAIL, vouched=True), "certain"),
    ("plus sign", who("", "linkedin", mail="joe+list@alderfinch.example", vouched=True), who("", "contacts", mail=MAIL), "proposed"),
    ("plus sign, other host", who("", "linkedin", mail="joe+list@other.example"), who("", "x", mail=MAIL), "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "one", "other", "expected"), MAILS)
def test_mail_addresses(why: str, one: Profile, other: Profile, expected: str) -> None:
    assert weigh(one, other) == expected, why


@pytest.mark.parametrize("local", ["info", "sales", "noreply", "no-reply", "support", "info2", "sales+eu", "office_1", "Hello", "no.reply-77", "kontakt", "buchhaltung", "team", "info-de"])
def test_a_role_mailbox_says_nothing(local: str) -> None:
    address = f"{local}@firm.example"
    a, b = who("", "contacts", "1", mail=address, vouched=True), who("", "linkedin", "2", mail=address, vouched=True)
    assert reasons(a, b) == ()


PAGE = "https://hotel.example/@joeb"
LINKS = [
    ("verified", who("Joe Brown", "mastodon", "1", web=PAGE, vouched=True), Profile(key=Key("x", PAGE)), "certain"),
    ("verified beside a claim", Profile(key=Key("mastodon", "1"), addresses=(Address(kind=AddressKind.WEB, value=PAGE + "/"), Address(kind=AddressKind.WEB, value=PAGE, vouched=True))), Profile(key=Key("x", PAGE)), "certain"),
    ("claimed", who("Joe Brown", "mastodon", "1", web=PAGE), Profile(key=Key("x", "2"), url=PAGE), "proposed"),
    ("another spelling", who("", "mastodon", "1", web=PAGE), Profile(key=Key("x", "2"), url="http://www.hotel.example/@joeb/"), "proposed"),
    ("own card names it", who("Joe Brown", "contacts", "1", web=PAGE), Profile(key=Key("x", "2"), display_name="joe", url=PAGE), "certain"),
    ("own card, another name", who("Mary Jones", "contacts", "1", web=PAGE), Profile(key=Key("x", "2"), display_name="Joe Brown", url=PAGE), "nothing"),
    ("a common page", who("", "x", "1", web="https://alderfinch.example"), who("", "y", "2", web="https://alderfinch.example"), "proposed"),
    ("the same telephone", phone("", "x", "+44 20 7946 0958"), phone("", "y", "020 7946 0958"), "proposed"),
    ("too short a number", phone("", "x", "112"), phone("", "y", "112"), "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "one", "other", "expected"), LINKS)
def test_pages_and_telephones(why: str, one: Profile, other: Profile, expected: str) -> None:
    assert weigh(one, other) == expected, why


def test_pages_that_name_each_other_weigh_more_than_one_claim() -> None:
    a = Profile(key=Key("x", "1"), url="https://x.example/joe", addresses=(Address(kind=AddressKind.WEB, value=PAGE),))
    b = Profile(key=Key("y", "2"), url=PAGE, addresses=(Address(kind=AddressKind.WEB, value="https://x.example/joe"),))
    (both,) = reasons(a, b)
    assert 7.0 < both.weight < CERTAIN


def test_two_profiles_in_one_place_speak_against_each_other() -> None:
    assert weigh(who("Bob Hale", "x", "1"), who("Robert Hale", "x", "2")) == "nothing"
    assert weigh(who("Bob Hale", "x", "1"), who("Robert Hale", "y", "2")) == "proposed"


@pytest.mark.parametrize("name", ["Jое Brown", "J0e Brown", "Joe\u200b Brown", "Joe Вrown", "Jοe Brown"])
def test_a_look_alike_warns(name: str) -> None:
    a, b = who(name, "x", mail=MAIL, vouched=True), who("Joe Brown", "linkedin", mail=MAIL, vouched=True)
    (warning,) = (reason for reason in reasons(a, b) if reason.warns)
    assert warning.weight < 0 and "Perhaps an impostor" in warning.sentence and name in warning.sentence
    assert not any(reason.warns for reason in reasons(b, b))


@pytest.mark.parametrize(
    ("handle", "warns"), [("@joebr0wn@hotel.example", True), ("J0eBrown", True), ("joebrown", False), ("joe_brown", False), ("joebrown2", False), ("", False)],
)  # fmt: skip
def test_a_handle_with_digits_for_letters_warns(handle: str, warns: bool) -> None:
    a, b = who("Joe Brown", "x", handle=handle), who("Joe Brown", "linkedin", handle="joebrown")
    assert any(reason.warns for reason in reasons(a, b)) is warns is any(reason.warns for reason in reasons(b, a))
    sure = who("Joe Brown", "mastodon", web="https://x.example/joe", vouched=True), Profile(key=Key("x", "1"), url="https://x.example/joe", handle=handle)
    assert not any(reason.warns for reason in reasons(*sure))


def test_places_are_called_by_their_names() -> None:
    found = reasons(who("Joe Brown", "linkedin", "1", web=PAGE), Profile(key=Key("linkedin", "2"), url=PAGE))
    assert [reason.sentence for reason in found] == [
        f"The LinkedIn profile names {PAGE} as its own page.", "Two different profiles in one place (LinkedIn).",
    ]  # fmt: skip


def test_a_card_of_the_address_book_is_called_a_card() -> None:
    found = reasons(who("Mary Jones", "contacts", "1", web=PAGE), Profile(key=Key("x", "2"), url=PAGE, display_name="Joe Brown"))
    assert f"The card in your own address book names {PAGE} as its own page." in [reason.sentence for reason in found]


def test_work_tips_the_scale_both_ways() -> None:
    a, b = who("Joe Brown", "x", company="Alder & Finch Ltd"), who("Joe Brown", "y", company="Alder & Finch")
    other = who("Joe Brown", "y", company="Harborline")
    plain = sum(r.weight for r in reasons(who("Joe Brown", "x"), who("Joe Brown", "y")))
    assert sum(r.weight for r in reasons(a, b)) > plain > sum(r.weight for r in reasons(a, other))


def everybody() -> list[Profile]:
    names = [who(name, place, f"{n}") for n, (one, other, _) in enumerate(NAMES) for name, place in ((one, "x"), (other, "y"))]
    return [*names, *(p for _, one, other, _ in (*MAILS, *LINKS) for p in (one, other))]


def test_symmetric_sorted_and_in_sentences() -> None:
    for a, b in itertools.combinations(everybody(), 2):
        there, back = reasons(a, b), reasons(b, a)
        assert sorted(r.weight for r in there) == sorted(r.weight for r in back), (a, b)
        weights = [abs(r.weight) for r in there]
        assert weights == sorted(weights, reverse=True)
        assert all((r.sentence.endswith(".") and r.sentence[0].isupper()) or r.sentence[0].isalpha() for r in there)


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        ("Joe Brown", "Zoe Brown", True), ("Mary Jones", "Gary Jones", True), ("Joe Brown", "Joe Green", True),
        ("Joe Brown", "Brown Joe", False), ("Joe", "Mary Jones", False), ("", "Mary Jones", False), ("J. Brown", "Joe Brown", False),
        ("joe@x.example", "Mary Jones", False), ("Bob Hale", "Robert Hale", False), ("Ivan Petrov", "Иван Петров", False),
        ("Иван Петров", "Пётр Иванов", True), ("Joe Brown", "Joe Henry Brown", False),
        ("joe_b77", "Joe Brown", False), ("kitchen.nerd", "Joe Brown", False), ("Joe_Brown_77", "Joe Brown", False),
        ("mary_jones", "Gary Jones", True), ("Jean-Luc", "Joe Brown", True), ("joe brown", "Joe Green", True),
    ],
)  # fmt: skip
def test_names_that_cannot_be_one_persons(one: str, other: str, conflict: bool) -> None:
    assert names_conflict(one, other) is conflict is names_conflict(other, one)


def test_a_handle_in_place_of_a_name_is_no_different_name() -> None:
    for name, handle in (("kitchen_nerd", "@kitchen_nerd@hotel.example"), ("joe.b77", "joeb77"), ("panel-meter", "@panel-meter")):
        found = reasons(who(name, "mastodon", handle=handle), who("Joe Brown", "linkedin"))
        assert not [r.sentence for r in found if r.weight < 0], name


def test_no_sentence_ends_in_two_full_stops() -> None:
    short, long = who("Joe B.", "x", company="Alder Inc."), who("Zoe B.", "y", company="Fernwood Co.")
    mail = who("Joe B.", "mail", mail="joe@fernwood.example")
    fake = who("Joe B.", "z", handle="j0eb")
    plain = who("Joe B.", "y", handle="joeb")
    said = [r.sentence for one, other in itertools.permutations((short, long, mail, fake, plain), 2) for r in reasons(one, other)]
    assert {s.split(":")[0] for s in said} >= {"Same name", "Different names", "Different companies"}
    assert not [s for s in said if ".." in s or not s.endswith(".")]
