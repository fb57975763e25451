"""Who is met within a day is still owed an answer: what is still to come answers nothing, however it got its place in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.model import Kind
from relationdesk.services import agenda
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


def test_one_that_came_in_on_its_eve() -> None:
    db = open_memory()
    bring(db, [SAM, JOE, ASKED], now=NOW)
    bring(db, [MEETING], now=NOW + timedelta(hours=50))
    assert [waits(db, hours) for hours in (50, 59, 61)] == [True, True, False]
