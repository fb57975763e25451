"""Pictures as evidence: what they are filed under, and how they look. The sums are Gravatar's own way of writing an address."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from relationdesk.flip import blocks, by_picture
from relationdesk.flip.evidence import evidence, reasons
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.traits import traits
from relationdesk.model import Address, AddressKind, Profile
from tests.facts import who

MAIL = "joe@alderfinch.example"
SUM = f"gravatar:{hashlib.md5(MAIL.encode(), usedforsecurity=False).hexdigest()}"
NEWER = f"gravatar:{hashlib.sha256(MAIL.encode()).hexdigest()}"
LOOK = "look:f0e1d2c3b4a59687"


def pictured(profile: Profile, *marks: str) -> Profile:
    return replace(profile, addresses=(*profile.addresses, *(Address(kind=AddressKind.PICTURE, value=mark) for mark in marks)))


def turned(look: str, *bits: int) -> str:
    """The same look with these of its bits turned over."""
    value = int(look.removeprefix("look:"), 16)
    for bit in bits:
        value ^= 1 << bit
    return f"look:{value:016x}"


def rows(a: Profile, b: Profile) -> list[str]:
    return [reason.row for reason in reasons(a, b) if reason.kind == "picture"]


@pytest.mark.parametrize("mark", [SUM, NEWER])
def test_a_picture_is_filed_under_a_mail_address(mark: str) -> None:
    card, there = who("", "contacts", "1", mail=MAIL), pictured(who("joeb", "gitlab", "2"), mark)
    for pair in ((card, there), (there, card)):
        (reason,) = reasons(*pair)
        assert reason.row == "picture.mail"
        assert reason.sentence == f"The picture at GitLab is filed under the mail address {MAIL}."


def test_an_address_that_both_show_is_said_once() -> None:
    assert rows(who("", "contacts", "1", mail=MAIL), pictured(who("", "gitlab", "2", mail=MAIL), SUM)) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (pictured(who("", "gitlab"), SUM), pictured(who("", "stackexchange"), SUM), ["picture.same"]),
        (who("Joe Brown", "github", "4711"), pictured(who("joe", "feed"), "github:4711"), ["picture.same"]),
        (who("Joe Brown", "gitlab", "4711"), pictured(who("joe", "feed"), "github:4711"), []),
        (who("Joe Brown", "github", "4711@hub.example"), pictured(who("joe", "feed"), "github:4711"), []),
        (pictured(who("", "contacts"), LOOK), pictured(who("", "monica"), LOOK), ["picture.same"]),
        (pictured(who("", "contacts"), LOOK), pictured(who("", "monica"), turned(LOOK, 0, 20, 40, 60)), ["picture.same"]),
        (pictured(who("", "contacts"), LOOK), pictured(who("", "monica"), turned(LOOK, 0, 10, 20, 40, 60)), []),
        (pictured(who("Mary Jones", "contacts"), LOOK), pictured(who("Gary Jones", "monica"), LOOK), []),
        (pictured(who("", "contacts"), SUM), pictured(who("", "monica"), LOOK), []),
    ],
)
def test_the_same_picture(one: Profile, other: Profile, expected: list[str]) -> None:
    assert rows(one, other) == rows(other, one) == expected


def test_names_that_cannot_be_one_persons_may_share_the_mailbox_of_a_picture() -> None:
    assert rows(who("Mary Jones", "contacts", mail=MAIL), pictured(who("Gary Jones", "gitlab"), SUM)) == []


def test_a_picture_of_many_says_nothing() -> None:
    a, b = traits(pictured(who("", "contacts", "1"), LOOK)), traits(pictured(who("", "monica", "2"), LOOK))
    assert [reason.row for reason in evidence(a, b, Rarity(people=9, owners=lambda slot: 2))] == ["picture.same"]
    assert evidence(a, b, Rarity(people=9, owners=lambda slot: 3)) == []


@pytest.mark.parametrize("bits", [(n,) for n in range(0, 64, 7)] + [(0, 20, 40, 60), (1, 2, 3, 4), (15, 31, 47, 63)])
def test_whatever_is_near_is_filed_where_it_is_looked_for(bits: tuple[int, ...]) -> None:
    assert len(bits) <= by_picture.NEAR
    there, here = traits(pictured(who(""), LOOK)), traits(pictured(who(""), turned(LOOK, *bits)))
    assert blocks.filed(there) & blocks.asked(here)
