"""Who is met within a day is still owed an answer: what is still to come answers nothing, however it got its place in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.model import Kind
from relationdesk.services import agenda, histories
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
