"""Birthdays and work anniversaries from what was brought in to the prompt: whom they are about, which day, and for how long "done" holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from relationdesk.derived import Prompt
from relationdesk.model import Coverage, DayKind, Fact
from relationdesk.prompts import RULES
from relationdesk.prompts.base import Asks
from relationdesk.services import agenda, import_undo, people, prompting, wishes
from relationdesk.store import settings
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, ago, bring, did, life_day, who

ME = who("Sam Carter", "mail", "sam", owner=True, mail="sam@carter.example")
MAIL = who("Joe Brown", "mail", "joe", mail="joe@x.example")
SOON = (NOW + timedelta(days=2)).date()


@pytest.fixture
def db() -> Desk:
    """In touch with Joe both ways, long ago."""
    db = open_memory()
    bring(db, [ME, MAIL, did(MAIL, "m1", ago(days=90), to=[ME], private=True), did(ME, "m2", ago(days=80), to=[MAIL], private=True)], now=ago(days=70))
    return db


def card(*facts: Fact, name: str = "Joe Brown") -> list[Fact]:
    return [who(name, "contacts", f"card-{name}", mail="joe@x.example", days=(life_day(SOON.month, SOON.day, 1979),)), *facts]


def joe(db: Desk) -> int:
    (person_id,) = db.execute("SELECT min(id) FROM people WHERE name = 'Joe Brown'").fetchone()
    for (profile_id,) in db.execute("SELECT q.id FROM profiles q WHERE display_name = 'Joe Brown' AND person_id IS NOT ?", (person_id,)).fetchall():
        people.link(db, profile_id, person_id, NOW)
    return int(person_id)


def prompts(db: Desk, rule: str, now: datetime = NOW) -> list[Prompt]:
    return [prompt for prompt in prompting.of_person(db, joe(db), now) if prompt.rule == rule]


def test_a_birthday_from_a_card(db: Desk) -> None:
    bring(db, card(), now=ago(days=60))
    (prompt,) = prompts(db, "birthday")
    assert (prompt.why_not, prompt.title, prompt.key.rpartition(":")[2]) == ("", "Joe Brown: birthday in 2 days", "2026")
    assert [e.sentence for e in prompt.evidence] == ["Your address book says 22 November 1979."]
    assert [e.prompt for e in agenda.today(db, NOW).shown if e.prompt.rule == "birthday"] == [prompt]


def test_done_holds_until_the_next_year(db: Desk) -> None:
    bring(db, card(), now=ago(days=60))
    (prompt,) = prompts(db, "birthday")
    agenda.answer(db, prompt, "done", NOW)
    assert prompts(db, "birthday") == [] and prompts(db, "birthday", NOW + timedelta(days=4)) == []
    bring(db, [who("Joe Brown", "hubspot", "h1", mail="joe@x.example", days=(life_day(SOON.month, SOON.day - 1),))])
    assert prompts(db, "birthday") == [], "another place says another day: it was this year's birthday all the same"
    assert len(prompts(db, "birthday", NOW + timedelta(days=365))) == 1


def test_it_is_gone_when_the_import_is_taken_back(db: Desk) -> None:
    bring(db, card(), now=ago(days=60))
    assert len(prompts(db, "birthday")) == 1
    with transaction(db):
        import_undo.undo(db, NOW)
    assert prompts(db, "birthday") == []


def test_it_follows_the_profile(db: Desk) -> None:
    bring(db, card(), now=ago(days=60))
    person_id = joe(db)
    (profile_id,) = db.execute("SELECT id FROM profiles WHERE native_id = 'card-Joe Brown'").fetchone()
    people.unlink(db, profile_id, NOW)
    assert [p.rule for p in prompting.of_person(db, person_id, NOW) if p.rule == "birthday"] == []


def test_a_wish_binds_it_and_words_that_wait_do_not(db: Desk) -> None:
    bring(db, card(), now=ago(days=60))
    bring(db, [did(ME, "m3", ago(days=1), "Could we meet?", to=[MAIL], private=True)], now=NOW)
    (prompt,) = prompts(db, "birthday")
    assert prompt.why_not == ""
    wishes.wish(db, joe(db), NOW, not_until=SOON + timedelta(days=30))
    (prompt,) = prompts(db, "birthday")
    assert prompt.why_not == "Joe Brown asked not to be contacted before 22 December."


def test_the_owner_and_strangers(db: Desk) -> None:
    bring(db, [who("Sam Carter", "contacts", "me", mail="sam@carter.example", owner=True, days=(life_day(SOON.month, SOON.day),)),
               who("Ann Example", "contacts", "ann", mail="ann@y.example", days=(life_day(SOON.month, SOON.day),))], now=ago(days=60))  # fmt: skip
    day = agenda.today(db, NOW)
    assert [(e.person.name, e.prompt.why_not[:37]) for e in (*day.shown, *day.held_back) if e.prompt.rule == "birthday"] == [
        ("Ann Example", "You and Ann Example were never in tou")
    ]


def test_thresholds_widen_the_window(db: Desk) -> None:
    bring(db, card(), now=ago(days=60))
    early = NOW - timedelta(days=10)
    assert prompts(db, "birthday", early) == []
    settings.set_threshold(db, "birthday.ahead_days", 14)
    assert len(prompts(db, "birthday", early)) == 1
    settings.set_threshold(db, "birthday.ahead_days", 3660)
    settings.set_threshold(db, "birthday.late_days", 3660)
    assert len(prompts(db, "birthday", early)) == 1


def test_a_work_anniversary_that_a_card_tells(db: Desk) -> None:
    work = life_day((NOW + timedelta(days=1)).month, (NOW + timedelta(days=1)).day, 2021, DayKind.WORK)
    bring(db, [who("Joe Brown", "contacts", "c", mail="joe@x.example", company="Northwind", days=(work,))], now=ago(days=60))
    (prompt,) = prompts(db, "work_anniversary")
    assert prompt.title == "Joe Brown: 5 years at Northwind tomorrow" and prompt.why_not == ""


@pytest.mark.parametrize(
    ("gap", "days_ago", "told"),
    [(30, 365, "about 1 year at Northwind"), (30, 365 - 1, "about 1 year at Northwind"), (200, 365, ""), (30, 300, ""), (30, 0, "")],
)
def test_a_work_anniversary_by_what_was_told(db: Desk, gap: int, days_ago: int, told: str) -> None:
    for days, firm in ((days_ago + gap, "Harborline"), (days_ago, "Northwind")):
        facts = [who("Joe Brown", "linkedin", "joe", mail="joe@x.example", company=firm), Coverage(place="linkedin", until=ago(days=days))]
        bring(db, facts, now=ago(days=min(days, 60)))
    found = prompts(db, "work_anniversary")
    assert [prompt.title.removeprefix("Joe Brown: ") for prompt in found] == ([told] if told else [])
    if found:
        assert found[0].evidence[0].sentence.startswith("LinkedIn: “Harborline” on ") and "The day between is not known." in found[0].evidence[0].sentence


def test_back_where_they_were_before_is_no_anniversary(db: Desk) -> None:
    for days, firm in ((400, "Harborline"), (365, "Northwind"), (100, "Harborline")):
        bring(db, [who("Joe Brown", "linkedin", "joe", mail="joe@x.example", company=firm), Coverage(place="linkedin", until=ago(days=days))], now=ago(days=60))
    assert prompts(db, "work_anniversary") == []


def test_the_rules_of_occasions_are_greetings() -> None:
    assert {rule.name for rule in RULES if rule.asks is Asks.GREETING} == {"birthday", "anniversary", "work_anniversary"}
