"""The few things the nouns can do: changes add up, addresses are told apart, pairs are sorted."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from functools import reduce
from operator import or_

import pytest

from relationdesk.model import (
    Address,
    AddressKind,
    Audience,
    Changes,
    Direction,
    Kind,
    Login,
    Precision,
    Role,
    pairs,
    unique,
)
from tests.facts import who

JOE = who("Joe Brown")


def test_changes_add_up_field_by_field() -> None:
    flags = [f.name for f in fields(Changes) if isinstance(f.default, bool)]
    assert len(flags) >= 6
    for name in flags:
        one = Changes(**{name: True})  # type: ignore[arg-type]
        for both in (one | Changes(), Changes() | one):
            assert [f for f in flags if getattr(both, f)] == [name]
    both = Changes(people=frozenset({1, 2}), places=frozenset({"x"})) | Changes(people=frozenset({2, 3}), places=frozenset({"y"}))
    assert (both.people, both.places) == ({1, 2, 3}, {"x", "y"})


def test_the_newer_change_is_the_one_to_take_back() -> None:
    one, two = Changes(undo="one"), Changes(undo="two")
    assert (one | two).undo == "two" and (one | Changes()).undo == "one" == (Changes() | one).undo
    assert reduce(or_, [one, two, Changes()], Changes()).undo == "two"
    assert Changes() | Changes() == Changes()


def mail(value: str, vouched: bool = False) -> Address:
    return Address(kind=AddressKind.MAIL, value=value, vouched=vouched)


def test_addresses_once_in_order_and_vouched_if_any_is() -> None:
    web = Address(kind=AddressKind.WEB, value="a@x.example")
    given = [mail("a@x.example"), mail("b@x.example", True), mail(""), web, mail("a@x.example", True), mail("b@x.example")]
    assert unique(given) == (mail("a@x.example", True), mail("b@x.example", True), web)
    assert unique([]) == () and unique(iter(unique(given))) == unique(given)


def test_pairs_are_sorted_and_hold_something() -> None:
    assert pairs(b="2", a="1", c="") == (("a", "1"), ("b", "2"))


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        JOE.handle = "x"  # type: ignore[misc]


def test_words_that_are_stored_never_change() -> None:
    """Kinds, precisions, roles and audiences stand in desks and exports by these values and this order: append only."""
    assert [k.value for k in Kind][:18] == (
        "post reply comment share reaction message mail invitation connection endorsement recommendation position article video photo bookmark event other".split()
    )
    assert [p.value for p in Precision] == ["second", "minute", "day", "month", "year", "unknown"]
    assert [r.value for r in Role][:6] == ["to", "cc", "bcc", "reply_to", "mentioned", "subject"]
    assert [a.value for a in Audience] == ["public", "followers", "private"] and [d.value for d in Direction] == ["in", "out", "self"]


def test_a_login_names_its_secret_without_holding_it() -> None:
    login = Login(id=7, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam")
    assert login.secret_name == "mastodon:sam@https://hotel.example"
