"""When somebody waits for an answer, and when not: literals in, prompts out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.derived import Item
from relationdesk.model import Activity, Audience, Key, Kind, Participant, Person, Precision, Role
from relationdesk.prompts.awaiting_reply import AwaitingReply, closes
from relationdesk.prompts.base import History
from tests.facts import NOW

JOE = Person(id=7, uid="u7", name="Joe Brown")
ME = Key("mail", "sam@carter.example")


def item(text: str, when: datetime | None, *, kind: Kind = Kind.MAIL, role: Role = Role.TO, private: bool = True, place: str = "mail", n: str = "1", title: str = "", precision: Precision = Precision.SECOND) -> Item:
    return Item(id=1, activity=Activity(
        key=Key(place, n), actor=Key(place, "joe"), kind=kind, published=when, text=text, title=title,
        precision=precision if when else Precision.UNKNOWN,
        audience=Audience.PRIVATE if private else Audience.PUBLIC, participants=(Participant(profile=ME, role=role),),
    ))  # fmt: skip


def ago(**distance: float) -> datetime:
    return NOW - timedelta(**distance)


def shown(towards: list[Item], mine: list[Item] | None = None, spoke: datetime | None = None) -> list[str]:
    history = History(person=JOE, towards_me=tuple(towards), mine=tuple(mine or ()), spoke=spoke)
    return [p.title for p in AwaitingReply().find(history, NOW) if not p.why_not]


DAY = datetime(2026, 11, 19, tzinfo=UTC)
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
        ("the subject of an answer repeats the question", [item("Thank you very much for it, we shall look at it.", ago(hours=1), title="Re: Can we meet?")], [], None, False),
        ("a subject that asks", [item("I am in town.", ago(hours=1), title="Can we meet?")], [], None, True),
        ("Japanese without a mark", [item("来週お会いできますか。", ago(hours=1))], [], None, True),
        ("Chinese without a mark", [item("你有空吗", ago(hours=1))], [], None, True),
        ("Greek", [item("Πότε θα έρθετε;", ago(hours=1))], [], None, True),
        ("a semicolon is no Greek question", [item("First this; then that", ago(hours=1))], [], None, False),
        ("Armenian", [item("Ե՞րբ", ago(hours=1))], [], None, True),
        ("an address without https", [item("see www.x.example/a?b and x.example/?a=1", ago(hours=1))], [], None, False),
        ("mine of that day, without a time", [item(ASKED, ago(hours=20))], [item("Here", DAY, precision=Precision.DAY)], None, False),
        ("mine of the day before, without a time", [item(ASKED, ago(hours=5))], [item("Here", DAY, precision=Precision.DAY)], None, True),
        ("mine, with a clock that is wrong", [item(ASKED, ago(hours=5))], [item("Here", NOW + timedelta(days=400))], None, True),
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


@pytest.mark.parametrize(
    ("mine", "spoke", "why"),
    [
        ([item("Yes", ago(days=1))], None, "You wrote to Joe Brown by mail on 19 November, after the question."),
        ([item("Yes", ago(days=1), kind=Kind.MESSAGE, place="linkedin")], None, "You wrote to Joe Brown in a message on LinkedIn on 19 November, after the question."),
        ([item("", ago(days=1), kind=Kind.REACTION, place="x", private=False)], None, "You turned to Joe Brown on X on 19 November, after the question."),
        ([], ago(days=1), "You spoke with Joe Brown on 19 November, after the question."),
    ],
)  # fmt: skip
def test_what_was_answered_says_why_not(mine: list[Item], spoke: datetime | None, why: str) -> None:
    history = History(person=JOE, towards_me=(item(ASKED, ago(days=2)),), mine=tuple(mine), spoke=spoke)
    (held,) = AwaitingReply().find(history, NOW)
    assert held.why_not == why
    assert held.because == "Joe Brown asked by mail 2 days ago."


MESSAGE = {"kind": Kind.MESSAGE, "place": "linkedin"}
WORDS = "Here is the drawing of the plant."


@pytest.mark.parametrize(
    ("towards", "title", "because"),
    [
        ([item(ASKED, ago(hours=1))], "a question waits", "asked by mail today"),
        ([item(WORDS, ago(days=2), **MESSAGE)], "a message waits", "wrote in a message on LinkedIn 2 days ago"),  # type: ignore[arg-type]
        ([item(ASKED, ago(days=1), **MESSAGE), item(ASKED, ago(days=3))], "2 questions wait", "asked in a message on LinkedIn yesterday and by mail 3 days ago"),  # type: ignore[arg-type]
        ([item(ASKED, ago(days=1)), item(ASKED, ago(days=8))], "2 questions wait", "asked by mail yesterday and 8 days ago"),
        ([item(ASKED, ago(days=1)), item(ASKED, ago(days=1, hours=1))], "2 questions wait", "asked by mail yesterday"),
        ([item(WORDS, ago(days=1)), item(ASKED, ago(days=3))], "a question and a message wait", "wrote by mail yesterday and asked by mail 3 days ago"),
        ([item(ASKED, ago(hours=1), kind=Kind.COMMENT, private=False, place="youtube")], "a question waits", "asked in a comment on YouTube today"),
        ([item(ASKED, ago(days=n), n=str(n)) for n in range(1, 8)], "7 questions wait", "turned to you 7 times, and last asked by mail yesterday"),
    ],
)  # fmt: skip
def test_title_and_because_agree_with_the_evidence(towards: list[Item], title: str, because: str) -> None:
    (prompt,) = AwaitingReply().find(History(person=JOE, towards_me=tuple(towards)), NOW)
    assert prompt.title == f"Joe Brown: {title} for you"
    assert prompt.because == f"Joe Brown {because}, and you have not answered in any place."
    shown = [e.published for e in prompt.evidence if e.activity]
    assert shown == [i.published for i in towards[:5]]
    assert [e.sentence for e in prompt.evidence if not e.activity] == (["And 2 more before those."] if len(towards) == 7 else [])


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("Thanks", True), ("thank you very much for the quick answer.", True), ("Thanks, great! Joe", True), ("Vielen Dank\n\nJonas Lind", True),
        ("OK", True), ("Great, will do.", True), ("👍", True), ("谢谢你", True), ("Спасибо!", True), ("شكرا", True), ("No problem - Joe", True),
        ("Great, please send the offer", False), ("Okay let me know when you are free", False), ("OK. Call me on Monday at nine", False),
        ("Great idea but I need the figures by Friday", False), ("okra is in", False), ("Danker is the name", False), ("Done: the file is with legal", False),
        ("Thanks. I shall send the plans tomorrow, and then we have to talk about the price", False),
    ],
)  # fmt: skip
def test_what_closes_a_conversation(text: str, over: bool) -> None:
    assert closes(text) is over


def test_done_is_done_with_all_that_waited_then() -> None:
    towards = (item(WORDS, ago(days=1), n="new"), item(ASKED, ago(days=3), n="old"))

    def titles(settled: datetime | None, now: datetime = NOW) -> list[str]:
        return [p.title for p in AwaitingReply().find(History(person=JOE, towards_me=towards, settled=settled), now) if not p.why_not]

    assert titles(None) == ["Joe Brown: a question and a message wait for you"]
    assert titles(ago(days=3)) == ["Joe Brown: a message waits for you"]  # the question was called done, the words came later
    assert titles(ago(days=1)) == [] == titles(ago(days=1), NOW + timedelta(days=15))  # nor does the question come back


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
