"""Who is met within a day is still owed an answer: what is still to come answers nothing, however it got its place in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from relationdesk.model import Key, Kind, NoteKind
from relationdesk.services import agenda, histories, notes, people
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, bring, did, who

SAM = who("Sam Carter", "mail", "sam@carter.example", owner=True)
JOE = who("Joe Brown", "mail", "joe@hotel.example")
ASKED = did(JOE, "q", ago(days=2), "Perfect. Please leave the formulas in.", kind=Kind.MAIL, to=(SAM,), private=True)
MEETING = did(SAM, "m", NOW + timedelta(hours=60), "Review", kind=Kind.EVENT, to=(JOE,), private=True)


def waits(db: Desk, hours: float) -> bool:
    now = NOW + timedelta(hours=hours)
    return any(one.prompt.rule == "awaiting_reply" for one in agenda.today(db, now).shown)


@pytest.mark.parametrize("said_before", [True, False])
def test_a_meeting_that_came_in_long_before_answers_only_when_it_was(said_before: bool) -> None:
    db = open_memory()
    before = [did(SAM, "a", ago(days=9), "Hello", kind=Kind.MAIL, to=(JOE,), private=True)] if said_before else []
    bring(db, [SAM, JOE, *before, ASKED, MEETING], now=NOW)
    assert [waits(db, hours) for hours in (0, 30, 37, 59, 61)] == [True, True, True, True, False]


@pytest.mark.parametrize("by_me", [True, False])
def test_it_is_no_contact_before_it_was(by_me: bool) -> None:
    db = open_memory()
    hello = did(SAM, "a", ago(days=9), "Hello", kind=Kind.MAIL, to=(JOE,), private=True)
    meeting = MEETING if by_me else did(JOE, "m", NOW + timedelta(hours=60), "Review", kind=Kind.EVENT, to=(SAM,), private=True)
    bring(db, [SAM, JOE, hello, ASKED, meeting], now=NOW)
    for hours in (0, 37, 59):
        agenda.today(db, NOW + timedelta(hours=hours))
        (((history, about)),) = [found for found in histories.gather(db, NOW + timedelta(hours=hours), None) if found[0].person.name == "Joe Brown"]
        assert (history.person.last_in, history.person.last_out) == (ago(days=2), ago(days=9))
        assert history.contact == about.contact == ago(days=2)


def test_one_that_came_in_on_its_eve() -> None:
    db = open_memory()
    bring(db, [SAM, JOE, ASKED], now=NOW)
    bring(db, [MEETING], now=NOW + timedelta(hours=50))
    assert [waits(db, hours) for hours in (50, 59, 61)] == [True, True, False]


def put_off(db: Desk, rule: str) -> None:
    (one,) = [one.prompt for one in agenda.today(db, NOW).shown if one.prompt.rule == rule]
    agenda.answer(db, one, "later_meeting", NOW)


@pytest.mark.parametrize("said_before", [True, False])
@pytest.mark.parametrize("noted", [True, False])
def test_put_off_until_after_the_meeting_it_comes_back_and_only_words_answer_it(said_before: bool, noted: bool) -> None:
    """That they met is no answer to what was put off until then, whether the meeting was written down or not."""
    db = open_memory()
    before = [did(SAM, "a", ago(days=9), "Hello", kind=Kind.MAIL, to=(JOE,), private=True)] if said_before else []
    bring(db, [SAM, JOE, *before, ASKED, MEETING], now=NOW)
    put_off(db, "awaiting_reply")
    assert [waits(db, hours) for hours in (0, 30, 59)] == [False, False, False]
    if noted:
        joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
        notes.write(db, "They take it", NOW + timedelta(hours=62), person_id=joe, kind=NoteKind.MEETING)
    (back,) = [one.prompt for one in agenda.today(db, NOW + timedelta(hours=63)).shown if one.prompt.rule == "awaiting_reply"]
    assert back.because.endswith("You put it off on 20 November until after your meeting, which is over.")
    bring(db, [did(SAM, "re", NOW + timedelta(hours=64), "Here they are.", kind=Kind.MAIL, to=(JOE,), private=True)], now=NOW + timedelta(hours=64))
    assert not waits(db, 65)


def test_words_between_putting_it_off_and_the_meeting_answer_it() -> None:
    db = open_memory()
    bring(db, [SAM, JOE, ASKED, MEETING], now=NOW)
    put_off(db, "awaiting_reply")
    bring(db, [did(SAM, "re", NOW + timedelta(hours=5), "Here they are.", kind=Kind.MAIL, to=(JOE,), private=True)], now=NOW + timedelta(hours=5))
    assert [waits(db, hours) for hours in (6, 59, 63)] == [False, False, False]


def test_a_new_role_that_was_put_off_until_after_the_meeting_comes_back() -> None:
    db = open_memory()
    bring(db, [SAM, JOE, MEETING, did(SAM, "a", ago(days=9), "Hello", kind=Kind.MAIL, to=(JOE,), private=True)], now=NOW)
    new = replace(JOE, key=Key("linkedin", "joe"), title="Chef", company="Inn")
    bring(db, [replace(new, title="Cook")], now=NOW - timedelta(days=3))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    for row in db.execute("SELECT id FROM profiles WHERE native_id = 'joe'").fetchall():
        people.link(db, row[0], joe, NOW - timedelta(days=3))
    bring(db, [new], now=NOW - timedelta(hours=1))
    put_off(db, "job_change")
    at = NOW + timedelta(hours=63)
    assert [one.prompt.because.rpartition(". You")[2] for one in agenda.today(db, at).shown if one.prompt.rule == "job_change"] == [
        " put it off on 20 November until after your meeting, which is over."
    ]
