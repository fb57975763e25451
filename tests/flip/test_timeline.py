"""Cross-posts are one item with several marks, threads fold, and nothing is lost: trap 17."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from relationdesk.derived import Item
from relationdesk.flip.timeline import like, timeline
from relationdesk.model import Activity, Audience, Direction, Key, Kind
from tests.facts import NOW

WORDS = "Our new panel meter reads down to 0.1 W, and here is how we measured it over a whole winter"


def item(place: str, text: str, hours: float = 0, *, person: int | None = 7, kind: Kind = Kind.POST, thread: str = "", n: str = "1", private: bool = False) -> Item:
    when = NOW - timedelta(hours=hours)
    return Item(id=int(10_000 - hours), actor_person=person, direction=Direction.IN, activity=Activity(
        key=Key(place, n), actor=Key(place, "joe"), kind=kind, published=when, text=text, thread=thread,
        audience=Audience.PRIVATE if private else Audience.PUBLIC,
    ))  # fmt: skip


def places(items: tuple[Item, ...]) -> list[tuple[str, ...]]:
    return [one.places for one in items]


def test_three_places_are_one_item_with_three_marks() -> None:
    found = timeline([item("mastodon", WORDS + " #energy"), item("linkedin", WORDS, 1), item("bluesky", WORDS[:70] + "…", 2)])
    assert [sorted(p) for p in places(found)] == [["bluesky", "linkedin", "mastodon"]]


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("other people", item("mastodon", WORDS), item("linkedin", WORDS, 1, person=8)),
        ("nobody's", item("mastodon", WORDS, person=None), item("linkedin", WORDS, 1, person=None)),
        ("three days apart", item("mastodon", WORDS), item("linkedin", WORDS, 72)),
        ("the same place", item("mastodon", WORDS), item("mastodon", WORDS, 1, n="2")),
        ("other words", item("mastodon", WORDS), item("linkedin", "We are hiring two people in the Oslo office this spring", 1)),
        ("a private message", item("mastodon", WORDS), item("linkedin", WORDS, 1, private=True)),
        ("short and different", item("mastodon", "Yes!"), item("linkedin", "No!", 1)),
    ],
)
def test_what_is_not_a_cross_post(why: str, one: Item, other: Item) -> None:
    assert len(timeline([one, other])) == 2, why


def test_the_longest_wording_is_shown() -> None:
    (found,) = timeline([item("bluesky", WORDS[:60] + "…"), item("linkedin", WORDS, 1)])
    assert found.activity is not None and found.activity.text == WORDS


def test_a_thread_is_one_item_and_keeps_the_earlier_ones() -> None:
    mails = [item("mail", f"mail {n}", n, kind=Kind.MAIL, thread="t", n=str(n)) for n in range(3)]
    other = item("mail", "other", 1, kind=Kind.MAIL, thread="u", n="x")
    head, second = timeline([*mails, other])
    assert head.activity is not None and head.activity.text == "mail 0"
    assert [e.activity.text for e in head.earlier if e.activity] == ["mail 1", "mail 2"]
    assert second.earlier == ()


def test_newest_first_and_new_since_looked() -> None:
    found = timeline([item("mastodon", "a", 5, n="a"), item("mastodon", "b", 1, n="b")], looked_at=9_997)
    assert [(i.activity.text, i.is_new) for i in found if i.activity] == [("b", True), ("a", False)]


def test_a_new_mail_makes_its_thread_new_and_nothing_is_lost() -> None:
    items = [item("mail", f"m{n}", n, kind=Kind.MAIL, thread=f"t{n % 3}", n=str(n)) for n in range(30)]
    found = timeline(items, looked_at=0)
    assert sum(1 + len(i.earlier) + len(i.marks) for i in found) == 30
    assert all(replace(i, earlier=()).is_new for i in found)


@pytest.mark.parametrize(("a", "b", "same"), [
    (WORDS, WORDS.upper(), True), (WORDS + " https://x.example/1", WORDS + " https://y.example/2", True),
    ("Hello", "Hello", False), ("Good morning all", "good morning, all!", True), ("", "", False), (WORDS, "", False),
])  # fmt: skip
def test_like(a: str, b: str, same: bool) -> None:
    assert like(a, b) is same


def passed_on(kind: Kind, n: str, *, what: str = "https://hotel.example/users/me/1", place: str = "mastodon", actor: str = "joe", reaction: str = "boost") -> Item:
    """My words passed on, as the page of whoever did it tells it, or as a notification does."""
    found = item(place, WORDS, kind=kind, n=n)
    assert found.activity is not None
    extra = (("shared", what),) if kind is Kind.SHARE else (("reaction", reaction),)
    told = replace(found.activity, actor=Key(place, actor), extra=extra, in_reply_to="" if kind is Kind.SHARE else what)
    return replace(found, activity=told)


@pytest.mark.parametrize("order", [1, -1])
def test_words_of_mine_passed_on_and_told_twice_are_one_item(order: int) -> None:
    told = [passed_on(Kind.SHARE, "s"), passed_on(Kind.REACTION, "r")][::order]
    (found,) = timeline(told)
    assert found.activity is not None and found.activity.kind is Kind.REACTION and found.places == ("mastodon",)
    assert [mark.key.native_id for mark in found.marks] == ["s"]


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("by somebody else", passed_on(Kind.REACTION, "r", actor="ann")),
        ("of something else", passed_on(Kind.REACTION, "r", what="https://hotel.example/users/me/2")),
        ("only liked", passed_on(Kind.REACTION, "r", reaction="favourite")),
        ("in another place", passed_on(Kind.REACTION, "r", place="bluesky")),
    ],
)
def test_what_was_not_told_twice(why: str, other: Item) -> None:
    assert len(timeline([passed_on(Kind.SHARE, "s"), other])) == 2, why
