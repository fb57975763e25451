"""When somebody waits for an answer, and when not: literals in, prompts out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from relationdesk.model import Activity, Audience, Item, Key, Kind, Participant, Person, Precision, Role
from relationdesk.prompts.awaiting_reply import AwaitingReply
from relationdesk.prompts.base import History
from tests.facts import NOW

JOE = Person(id=7, uid="u7", name="Joe Brown")
ME = Key("mail", "sam@carter.example")


def item(text: str, when: datetime | None, *, kind: Kind = Kind.MAIL, role: Role = Role.TO, private: bool = True, place: str = "mail", n: str = "1") -> Item:
    return Item(id=1, activity=Activity(
        key=Key(place, n), actor=Key(place, "joe"), kind=kind, published=when, text=text,
        precision=Precision.SECOND if when else Precision.UNKNOWN,
        audience=Audience.PRIVATE if private else Audience.PUBLIC, participants=(Participant(profile=ME, role=role),),
    ))  # fmt: skip


def ago(**distance: float) -> datetime:
    return NOW - timedelta(**distance)


def shown(towards: list[Item], mine: list[Item] | None = None, spoke: datetime | None = None) -> list[str]:
    history = History(person=JOE, towards_me=tuple(towards), mine=tuple(mine or ()), spoke=spoke)
    return [p.title for p in AwaitingReply().find(history, NOW) if not p.why_not]


ASKED = "Could you send the offer?"


@pytest.mark.parametrize(
    ("why", "towards", "mine", "spoke", "prompts"),
    [
        ("a private question counts at once", [item(ASKED, ago(hours=1))], [], None, True),
        ("a public question", [item(ASKED, ago(hours=1), kind=Kind.REPLY, private=False, place="mastodon")], [], None, True),
        ("a full-width question mark", [item("いつですか？", ago(hours=1))], [], None, True),
        ("an Arabic question mark", [item("متى؟", ago(hours=1))], [], None, True),
        ("a question mark in an address only", [item("see https://x.example/?a=1", ago(hours=1))], [], None, False),
        ("answered in another place", [item(ASKED, ago(days=2))], [item("Yes", ago(days=1), place="linkedin")], None, False),
        ("answered before it was asked", [item(ASKED, ago(days=1))], [item("Yes", ago(days=2))], None, True),
        ("a call noted afterwards", [item(ASKED, ago(days=2))], [], ago(days=1), False),
        ("a call noted before", [item(ASKED, ago(days=1))], [], ago(days=2), True),
        ("only a copy", [item(ASKED, ago(hours=1), role=Role.CC)], [], None, False),
        ("words that close", [item("Thanks, great!", ago(days=2))], [], None, False),
        ("plain private words after a day", [item("Here is the drawing of the plant.", ago(days=2))], [], None, True),
        ("plain private words an hour ago", [item("Here is the drawing of the plant.", ago(hours=1))], [], None, False),
        ("plain words three weeks ago", [item("Here is the drawing of the plant.", ago(days=21))], [], None, False),
        ("plain public words", [item("Nice talk", ago(days=2), kind=Kind.REPLY, private=False)], [], None, False),
        ("a question of last winter", [item(ASKED, ago(days=200))], [], None, False),
        ("a reaction", [item("?", ago(days=1), kind=Kind.REACTION)], [], None, False),
        ("a date in the future", [item(ASKED, NOW + timedelta(days=2))], [], None, False),
        ("an unknown date", [item(ASKED, None)], [], None, False),
        ("nothing", [], [], None, False),
    ],
)  # fmt: skip
def test_who_waits(why: str, towards: list[Item], mine: list[Item], spoke: datetime | None, prompts: bool) -> None:
    assert bool(shown(towards, mine, spoke)) is prompts, why


def test_what_was_answered_says_why_not() -> None:
    history = History(person=JOE, towards_me=(item(ASKED, ago(days=2)),), mine=(item("Yes", ago(days=1), place="linkedin"),))
    (held,) = AwaitingReply().find(history, NOW)
    assert "linkedin" in held.why_not and "after the question" in held.why_not


def test_the_key_stays_until_something_new_is_asked() -> None:
    def key(*towards: Item) -> str:
        (prompt,) = AwaitingReply().find(History(person=JOE, towards_me=towards), NOW)
        return prompt.key

    first = item(ASKED, ago(days=2))
    assert key(first) == key(first)
    late_old = item("And this one?", ago(days=9), n="old")
    assert key(first, late_old) == key(first)  # trap 8: an old message arriving late is nothing new
    assert key(item("And now?", ago(hours=2), n="new"), first) != key(first)


def test_the_evidence_names_the_words() -> None:
    (prompt,) = AwaitingReply().find(History(person=JOE, towards_me=(item(ASKED, ago(days=2)),)), NOW)
    assert prompt.evidence[0].activity == Key("mail", "1")
    assert ASKED in prompt.evidence[0].sentence
    assert "2 days ago" in prompt.because and "!" not in prompt.because
