"""Every rule by a table of cases: what is there, and whether it speaks, is silent, or says why not."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from relationdesk.derived import Item, PlaceState, Prompt
from relationdesk.life_days import Known, Said
from relationdesk.model import Activity, Audience, DayKind, Direction, Key, Kind, LifeDay, Person
from relationdesk.prompts import RULES, rules, thresholds
from relationdesk.prompts.base import Acts, Began, Change, Heard, History, Rhythm, Standing, evidence_of
from relationdesk.prompts.deal_near import closing
from relationdesk.prompts.meeting_over import end_of
from relationdesk.prompts.speech import tell
from relationdesk.wishes import Step, Task, WantedRhythm
from tests.facts import NOW, ago

JOE = Person(id=7, uid="u7", name="Joe Brown", last_in=ago(days=2), last_out=ago(days=3))
TODAY = NOW.astimezone().date()
DOCS = Path(__file__).resolve().parents[2] / "docs" / "prompts.md"


def item(
    days: float, text: str = "words", *, kind: Kind = Kind.POST, private: bool = False, title: str = "", direction: Direction = Direction.IN,
    place: str = "mastodon", **extra: str,
) -> Item:  # fmt: skip
    """Something of so many days ago; negative: to come."""
    activity = Activity(
        key=Key(place, f"{kind}-{days}-{text[:9]}"), actor=Key(place, "joe"), kind=kind, published=NOW - timedelta(days=days), title=title, text=text,
        audience=Audience.PRIVATE if private else Audience.PUBLIC, extra=tuple(sorted(extra.items())),
    )  # fmt: skip
    return Item(id=int(-days * 1000), activity=activity, direction=direction)


def heard(days: float, text: str, *, to_me: bool = True, is_open: bool = True, words: tuple[str, ...] = (), whose: str = "", **more: Any) -> Heard:
    told = tell("", text)
    return Heard(item=item(days, text, **more), told=told, towards_me=to_me, is_open=is_open, words=words, whose=whose)


def task(due: date | None, *, mine: bool = True, made: datetime = NOW - timedelta(days=8), done: datetime | None = None) -> Task:
    return Task(id=1, uid="t1", person_id=7, company_id=None, text="send the sheet", mine=mine, due=due, made=made, done=done)


def read(until: datetime | None = NOW) -> tuple[PlaceState, ...]:
    return (PlaceState(place="mail", until=until),)


def person(last_in: float | None = 2, last_out: float | None = 3) -> Person:
    return Person(
        id=7, uid="u7", name="Joe Brown", last_in=None if last_in is None else ago(days=last_in), last_out=None if last_out is None else ago(days=last_out)
    )  # fmt: skip


BROKEN, FINE, IDEA = "The gateway is broken again", "I can recommend them, great work", "I suggest a night mode"
MEET = {"kind": Kind.EVENT, "title": "Review", "private": True, "place": "calendar"}
DEAL = {"kind": Kind.OTHER, "title": "Forty outlets", "private": True, "place": "hubspot", "record": "deal"}
TICKET = {"kind": Kind.OTHER, "title": "No light", "private": True, "place": "hubspot", "record": "ticket"}
KEY = Standing(company="Alder", uid="c1", key=True, known=3, in_touch=1)
SILENT, WORDS = None, ""
TOUCH = {"exchanged": True, "person": person(20, 30)}
BEGAN = Began(firm="Northwind", before="Harborline", place="linkedin", since=date(2024, 10, 21), until=date(2024, 11, 20))


def born(days: int, year: int | None = 1979, kind: DayKind = DayKind.BIRTHDAY) -> tuple[Known, ...]:
    """A day of theirs, so many days from now."""
    when = TODAY + timedelta(days=days)
    return (Known(held=Said(day=LifeDay(kind=kind, month=when.month, day=when.day, year=year), places=("contacts",))),)

CASES: list[tuple[str, str, dict[str, Any], str | None, str]] = [
    # rule, what, History, why_not ("" shown, None nothing), words of because or of why_not
    ("promise_due", "mine, today", {"tasks": (task(TODAY),)}, "", "You promised “send the sheet”"),
    ("promise_due", "mine, five days late", {"tasks": (task(TODAY - timedelta(days=5)),)}, "", "was due"),
    ("promise_due", "mine, tomorrow", {"tasks": (task(TODAY + timedelta(days=1)),)}, SILENT, ""),
    ("promise_due", "theirs, today", {"tasks": (task(TODAY, mine=False),)}, SILENT, ""),
    ("promise_due", "theirs, yesterday", {"tasks": (task(TODAY - timedelta(days=1), mine=False),)}, "", "Joe Brown promised"),
    ("promise_due", "ticked off", {"tasks": (task(TODAY, done=NOW),)}, SILENT, ""),
    ("promise_due", "without a day, a week old", {"tasks": (task(None),)}, SILENT, ""),
    ("promise_due", "without a day, a month old", {"tasks": (task(None, made=ago(days=30)),)}, "", "without a day"),
    ("rhythm_overdue", "wished every 14, 20 days", {"wanted": WantedRhythm(wished_days=14), "contact": ago(days=20), "coverage": read()}, "", "20 days ago"),
    ("rhythm_overdue", "wished every 14, 14 days", {"wanted": WantedRhythm(wished_days=14), "contact": ago(days=14)}, SILENT, ""),
    ("rhythm_overdue", "never in touch", {"wanted": WantedRhythm(wished_days=14)}, SILENT, ""),
    ("rhythm_overdue", "not read since", {"wanted": WantedRhythm(wished_days=14), "contact": ago(days=20), "coverage": read(ago(days=19))}, "Mail was last read", "perhaps they are not silent"),
    ("rhythm_overdue", "as they do, every 30", {"wanted": WantedRhythm(wished_days=14, as_they_do=True), "rhythm": Rhythm(ago(days=20), 9, 30.0), "contact": ago(days=20)}, SILENT, ""),
    ("rhythm_overdue", "longer than the longest", {"wanted": WantedRhythm(wished_days=7, longest_days=14, of="VIP"), "contact": ago(days=20)}, "", "never longer than 14"),
    ("complaint", "in public", {"heard": (heard(1, BROKEN),)}, "", "is broken"),
    ("complaint", "private, by a strong phrase", {"heard": (heard(1, BROKEN, private=True),)}, "", "is broken"),
    ("complaint", "answered", {"heard": (heard(1, BROKEN, is_open=False),)}, "You wrote to them since", ""),
    ("complaint", "about somebody else", {"heard": (heard(1, BROKEN, to_me=False),)}, SILENT, ""),
    ("complaint", "naming us", {"heard": (heard(1, BROKEN, to_me=False, words=("Carter",), whose="mine"),)}, "", "is broken"),
    ("complaint", "old", {"heard": (heard(20, BROKEN),)}, SILENT, ""),
    ("complaint", "none", {"heard": (heard(1, FINE),)}, SILENT, ""),
    ("praise", "in public", {"heard": (heard(1, FINE),)}, "", "praised you"),
    ("praise", "in private", {"heard": (heard(1, FINE, private=True),)}, SILENT, ""),
    ("praise", "a recommendation", {"heard": (heard(30, "He is good", kind=Kind.RECOMMENDATION),)}, "", "recommended you"),
    ("praise", "thanked already", {"heard": (heard(1, FINE, is_open=False),)}, "You wrote to them since", ""),
    ("suggestion", "to me", {"heard": (heard(1, IDEA),)}, "", "made a suggestion"),
    ("suggestion", "answered", {"heard": (heard(1, IDEA, is_open=False),)}, "You wrote to them since", ""),
    ("suggestion", "to nobody", {"heard": (heard(1, IDEA, to_me=False),)}, SILENT, ""),
    ("thank_referral", "introduces somebody", {"heard": (heard(2, "Putting you in touch with our head of energy", private=True),)}, "", "introduced somebody"),
    ("thank_referral", "thanked", {"heard": (heard(2, "Putting you in touch with our head of energy", is_open=False),)}, "You wrote", ""),
    ("public_question", "of somebody kept", {"heard": (heard(1, "Which clamp?", to_me=False),), "kept": True}, "", "open to everybody"),
    ("public_question", "of anybody", {"heard": (heard(1, "Which clamp?", to_me=False),)}, SILENT, ""),
    ("public_question", "of anybody, with a word", {"heard": (heard(1, "Which clamp?", to_me=False, words=("clamp",), whose="watched"),)}, "", "about “clamp”"),
    ("public_question", "put to me", {"heard": (heard(1, "Which clamp?"),), "kept": True}, SILENT, ""),
    ("mentioned", "a competitor", {"heard": (heard(1, "I saw Voltix", to_me=False, words=("Voltix",), whose="competitor"),)}, "", "wrote of “Voltix”"),
    ("mentioned", "nothing", {"heard": (heard(1, "I saw Voltix", to_me=False),)}, SILENT, ""),
    ("job_change", "a new role", {"changes": (Change(place="linkedin", before="Buyer", after="Director", noticed=ago(days=1)),), "exchanged": True}, "", "it said “Buyer”"),
    ("job_change", "in touch since", {"changes": (Change(place="linkedin", before="Buyer", after="Director", noticed=ago(days=3)),), "exchanged": True, "contact": ago(days=1)}, "You were in touch", ""),
    ("job_change", "long ago", {"changes": (Change(place="linkedin", before="Buyer", after="Director", noticed=ago(days=60)),), "exchanged": True}, SILENT, ""),
    ("job_change", "of a stranger", {"changes": (Change(place="linkedin", before="Buyer", after="Director", noticed=ago(days=1)),)}, SILENT, ""),
    ("birthday", "today", {"days": born(0), **TOUCH}, "", "The birthday of Joe Brown is today."),
    ("birthday", "in three days", {"days": born(3), **TOUCH}, "", "is on 23 November, in 3 days."),
    ("birthday", "in four days", {"days": born(4), **TOUCH}, SILENT, ""),
    ("birthday", "yesterday", {"days": born(-1), **TOUCH}, "", "was on 19 November, yesterday."),
    ("birthday", "four days ago", {"days": born(-4), **TOUCH}, SILENT, ""),
    ("birthday", "a round one", {"days": born(1, 1976), **TOUCH}, "", "It is a round one: 50."),
    ("birthday", "wished already", {"days": born(-2), "person": person(20, 1), "exchanged": True}, "You were in touch with them on 19 November", ""),
    ("birthday", "written to before it", {"days": born(-1), "person": person(20, 5), "exchanged": True}, "", "was on 19 November"),
    ("birthday", "spoken to since", {"days": born(-2), "spoke": ago(days=1), **TOUCH}, "You were in touch with them", ""),
    ("birthday", "of a stranger", {"days": born(1)}, "You and Joe Brown were never in touch", ""),
    ("birthday", "another day of theirs", {"days": born(1, kind=DayKind.ANNIVERSARY), **TOUCH}, SILENT, ""),
    ("anniversary", "tomorrow", {"days": born(1, 2014, DayKind.ANNIVERSARY), **TOUCH}, "", "It is the 12th."),
    ("anniversary", "year not told", {"days": born(1, None, DayKind.ANNIVERSARY), **TOUCH}, "", "is on 21 November, tomorrow."),
    ("anniversary", "the day itself, this year", {"days": born(1, 2026, DayKind.ANNIVERSARY), **TOUCH}, SILENT, ""),
    ("anniversary", "next month", {"days": born(30, 2014, DayKind.ANNIVERSARY), **TOUCH}, SILENT, ""),
    ("work_anniversary", "told, tomorrow", {"work": born(1, 2021, DayKind.WORK)[0], **TOUCH}, "", "It makes 5 years."),
    ("work_anniversary", "told, with the firm", {"work": born(1, 2021, DayKind.WORK)[0], **TOUCH, "person": replace(JOE, company="Northwind")}, "", "began at Northwind is on"),
    ("work_anniversary", "told, no year", {"work": born(1, None, DayKind.WORK)[0], **TOUCH}, "", "began in their job is on 21 November"),
    ("work_anniversary", "told, begins tomorrow", {"work": born(1, 2026, DayKind.WORK)[0], **TOUCH}, SILENT, ""),
    ("work_anniversary", "told, next week", {"work": born(8, 2021, DayKind.WORK)[0], **TOUCH}, SILENT, ""),
    ("work_anniversary", "another firm a month before", {"work": BEGAN, **TOUCH}, "", "at Northwind for about 2 years: LinkedIn told another firm until 21 October 2024"),
    ("work_anniversary", "another firm half a year before", {"work": replace(BEGAN, since=date(2024, 5, 1)), **TOUCH}, SILENT, ""),
    ("work_anniversary", "another firm, last year to the day but ten", {"work": replace(BEGAN, until=date(2024, 11, 10)), **TOUCH}, SILENT, ""),
    ("work_anniversary", "another firm, this month", {"work": replace(BEGAN, since=date(2026, 11, 1), until=date(2026, 11, 20)), **TOUCH}, SILENT, ""),
    ("in_town", "they come", {"trips": (item(-5, location="Lisbon, Portugal", **MEET),)}, "", "Joe Brown is in Lisbon"),
    ("in_town", "I go", {"trips": (item(-5, location="Oslo, Norway", direction=Direction.SELF, **MEET),)}, "", "You are in Oslo"),
    ("in_town", "in half a year", {"trips": (item(-180, location="Lisbon, Portugal", **MEET),)}, SILENT, ""),
    ("in_town", "with a meeting", {"trips": (item(-5, location="Lisbon, Portugal", **MEET),), "meetings": (item(-6, **MEET),)}, "You have an appointment", ""),
    ("meeting_soon", "in three hours", {"meetings": (item(-0.125, **MEET),), "contact": ago(days=9)}, "", "“Review”"),
    ("meeting_soon", "in three days", {"meetings": (item(-3, **MEET),)}, SILENT, ""),
    ("meeting_soon", "over", {"meetings": (item(1, **MEET),)}, SILENT, ""),
    ("meeting_over", "yesterday", {"meetings": (item(1, **MEET),)}, "", "there is no note"),
    ("meeting_over", "written down", {"meetings": (item(1, **MEET),), "noted": ago(hours=20)}, "You wrote a note", ""),
    ("meeting_over", "still going on", {"meetings": (item(0.01, **MEET),)}, SILENT, ""),
    ("meeting_over", "last week", {"meetings": (item(7, **MEET),)}, SILENT, ""),
    ("new_at_key", "since a week", {"standing": Standing(company="Alder", uid="c1", key=True, known=3, joined=ago(days=7)), "person": person(None, None)}, "", "you knew 2 others"),
    ("new_at_key", "written to", {"standing": Standing(company="Alder", uid="c1", key=True, known=3, joined=ago(days=7))}, "You have written", ""),
    ("new_at_key", "no key company", {"standing": Standing(company="Alder", uid="c1", known=3, joined=ago(days=7))}, SILENT, ""),
    ("champion_quiet", "silent for 60 days", {"step": Step.ADVOCATE, "person": person(60, 3), "coverage": read()}, "", "60 days"),
    ("champion_quiet", "not read", {"step": Step.ADVOCATE, "person": person(60, 3), "coverage": read(ago(days=30))}, "Mail was last read", ""),
    ("champion_quiet", "a customer", {"step": Step.CUSTOMER, "person": person(60, 3)}, SILENT, ""),
    ("champion_quiet", "silent for 44 days", {"step": Step.ADVOCATE, "person": person(44, 3)}, SILENT, ""),
    ("single_threaded", "alone", {"standing": KEY, "contact": ago(days=2)}, "", "in touch with Joe Brown alone"),
    ("single_threaded", "one of two", {"standing": Standing(company="Alder", uid="c1", key=True, known=3, in_touch=2), "contact": ago(days=2)}, SILENT, ""),
    ("single_threaded", "the other one", {"standing": KEY, "contact": ago(days=2), "person": person(2, 200)}, SILENT, ""),
    ("deal_near", "closes in ten days", {"records": (item(40, close_date=f"{TODAY + timedelta(days=10)}", stage="Offer", **DEAL),)}, "", "(Offer) closes"),
    ("deal_near", "won", {"records": (item(40, close_date=f"{TODAY + timedelta(days=10)}", stage="Closed won", **DEAL),)}, SILENT, ""),
    ("deal_near", "a day that may be two", {"records": (item(40, close_date="1/2/2027", **DEAL),)}, SILENT, ""),
    ("deal_near", "passed last week", {"records": (item(40, close_date=f"{TODAY - timedelta(days=7)}", **DEAL),)}, "", "should have closed"),
    ("ticket_open", "open for ten days", {"records": (item(10, status="New", **TICKET),)}, "", "“New” for 10 days"),
    ("ticket_open", "solved", {"records": (item(10, status="Solved", **TICKET),)}, SILENT, ""),
    ("ticket_open", "of yesterday", {"records": (item(1, status="New", **TICKET),)}, SILENT, ""),
    ("reciprocity", "five likes, nothing from me", {"acts": Acts(count=5, newest=item(3, kind=Kind.REACTION)), "person": person(3, 90)}, "", "5 times"),
    ("reciprocity", "I turned to them", {"acts": Acts(count=5, newest=item(3, kind=Kind.REACTION)), "person": person(3, 30)}, SILENT, ""),
    ("reciprocity", "two likes", {"acts": Acts(count=2, newest=item(3, kind=Kind.REACTION)), "person": person(3, 90)}, SILENT, ""),
    ("first_post", "after 200 days", {"back": item(1), "back_after": 200, "exchanged": True}, "", "after 200 days"),
    ("first_post", "after 40 days", {"back": item(1), "back_after": 40, "exchanged": True}, SILENT, ""),
    ("first_post", "of a stranger", {"back": item(1), "back_after": 200}, SILENT, ""),
    ("first_post", "answered", {"back": item(1), "back_after": 200, "exchanged": True, "person": person(1, 0.5)}, "You wrote", ""),
]  # fmt: skip


def found(rule: str, told: dict[str, Any], now: datetime = NOW) -> list[Prompt]:
    (which,) = (one for one in RULES if one.name == rule)
    return list(which.find(History(**{"person": JOE, **told}), now))


@pytest.mark.parametrize(("rule", "what", "told", "why_not", "words"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_each_rule(rule: str, what: str, told: dict[str, Any], why_not: str | None, words: str) -> None:
    prompts = found(rule, told)
    if why_not is None:
        assert prompts == []
        return
    (prompt,) = prompts
    assert prompt.why_not.startswith(why_not) and bool(prompt.why_not) is bool(why_not)
    assert words in prompt.because or words in prompt.why_not
    assert prompt.rule == rule and prompt.key.startswith(f"{rule}:u7:") and prompt.evidence and all(e.sentence for e in prompt.evidence)
    assert prompt.because.endswith(".") and prompt.title.startswith("Joe Brown: ") and prompt.weight >= 0


@pytest.mark.parametrize("case", [c for c in CASES if c[3] == ""], ids=lambda c: f"{c[0]}: {c[1]}")
def test_a_key_stays_until_something_new_happens(case: tuple[str, str, dict[str, Any], str, str]) -> None:
    soon = found(case[0], case[2], NOW + timedelta(minutes=7))
    assert [p.key for p in soon] == [p.key for p in found(case[0], case[2])]


def test_the_words_that_say_so_are_quoted() -> None:
    text = "Hello Sam. The gateway is broken again. Who owns this?"
    (prompt,) = found("complaint", {"heard": (heard(1, text),)})
    assert prompt.evidence[0].sentence == "“The gateway is broken again.”"
    (prompt,) = found("mentioned", {"heard": (heard(1, "Yes? We saw Voltix.", words=("Voltix",), whose="competitor"),)})
    assert prompt.evidence[0].sentence == "“We saw Voltix.”"


def test_each_rule_has_cases_of_each_sort() -> None:
    told = {rule.name: {case[3] for case in CASES if case[0] == rule.name} for rule in RULES}
    for name, sorts in told.items():
        assert name in ("awaiting_reply", "gone_quiet") or {None, ""} <= sorts or {"", "You wrote"} <= {(s or "")[:9] for s in sorts}, name


def test_a_field_that_a_rule_needs_is_one_of_the_history() -> None:
    """Without it, prompting passes the rule over; so an empty one must mean that it has nothing to say."""
    for rule in RULES:
        assert rule.needs in History.__dataclass_fields__
        assert list(rule.find(History(person=JOE), NOW)) == []


def test_thresholds_are_set_by_name_and_kept_within_bounds() -> None:
    assert len(thresholds()) == len({*thresholds()}) > 30 and thresholds()["gone_quiet.at_least_days"] == 14
    (quiet,) = (r for r in rules({"gone_quiet.at_least_days": 21, "no.such": 3, "gone_quiet.name": 1}) if r.name == "gone_quiet")
    assert quiet.at_least_days == 21  # type: ignore[attr-defined]
    (low,) = (r for r in rules({"gone_quiet.at_least_days": -5}) if r.name == "gone_quiet")
    assert low.at_least_days == 0  # type: ignore[attr-defined]
    assert {r.name for r in RULES} - {r.name for r in rules({}, frozenset({"complaint"}))} == {"complaint"}


def test_the_documents_list_exactly_the_rules_and_their_thresholds() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    rows, lived = rows[: len(RULES)], rows[len(RULES) :]  # what each says, and how often it spoke in the simulated days
    assert [row.split("`")[1] for row in rows] == [row.split("`")[1] for row in lived] == [rule.name for rule in RULES]
    for row, rule in zip(rows, RULES, strict=True):
        mine = {name.split(".")[1]: n for name, n in thresholds().items() if name.startswith(f"{rule.name}.")}
        assert all(f"`{name}` {n}" in row for name, n in mine.items()), rule.name


def test_ends_and_days_of_closing_are_read_as_far_as_they_are_clear() -> None:
    assert end_of(item(1, until="2026-11-19T12:00:00Z", **MEET)) == datetime.fromisoformat("2026-11-19T12:00:00+00:00")
    assert end_of(item(1, until="nonsense", **MEET)) == ago(hours=23)
    assert closing(item(1, expected="2027-01-12 10:00", **DEAL)) == date(2027, 1, 12) and closing(item(1, **DEAL)) is None


def born_on(month: int, day: int, year: int | None = 1980) -> dict[str, Any]:
    return {"days": (Known(held=Said(day=LifeDay(kind=DayKind.BIRTHDAY, month=month, day=day, year=year), places=("contacts",))),), **TOUCH}


def test_a_birthday_on_29_february() -> None:
    """On the 28th where there is no 29th, and it is said so."""
    (common,) = found("birthday", born_on(2, 29), datetime(2027, 2, 27, 12, tzinfo=UTC))
    assert common.because == "The birthday of Joe Brown is on 28 February, tomorrow (there is no 29 February this year)."
    (leap,) = found("birthday", born_on(2, 29), datetime(2028, 2, 28, 12, tzinfo=UTC))
    assert leap.because == "The birthday of Joe Brown is on 29 February, tomorrow."
    assert found("birthday", born_on(2, 29), datetime(2027, 3, 4, 12, tzinfo=UTC)) == []


def test_around_new_year_the_key_is_of_the_year_of_the_day() -> None:
    """ "Done" holds until the next one, whichever side of New Year it was said on."""
    before, after = (found("birthday", born_on(1, 1), datetime(*day, 12, tzinfo=UTC)) for day in ((2026, 12, 30), (2027, 1, 2)))
    assert [p.key for p in before] == [p.key for p in after] == ["birthday:u7:2027"]
    (late,) = found("birthday", born_on(12, 31), datetime(2027, 1, 2, 12, tzinfo=UTC))
    assert late.key == "birthday:u7:2026" and "was on 31 December, 2 days ago" in late.because
    (next_year,) = found("birthday", born_on(12, 31), datetime(2027, 12, 30, 12, tzinfo=UTC))
    assert next_year.key == "birthday:u7:2027"


@pytest.mark.parametrize(("zone", "told"), [("Pacific/Kiritimati", "is on 21 November, today"), ("Pacific/Honolulu", "is on 21 November, in 2 days")])
def test_the_day_is_of_the_users_own_calendar(monkeypatch: pytest.MonkeyPatch, zone: str, told: str) -> None:
    """10:30 UTC on 20 November is the 21st already in Kiritimati, half past midnight, and the 20th in Honolulu, half past midnight."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        now = datetime(2026, 11, 20, 9, 30, tzinfo=UTC) if zone.endswith("Honolulu") else datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
        (prompt,) = found("birthday", born_on(11, 21), now)
        assert prompt.because.startswith("The birthday of Joe Brown is today" if "today" in told else f"The birthday of Joe Brown {told}")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_places_that_differ_are_all_named() -> None:
    other = Said(day=LifeDay(kind=DayKind.BIRTHDAY, month=11, day=22), places=("linkedin",))
    held = Said(day=LifeDay(kind=DayKind.BIRTHDAY, month=11, day=21, year=1979), places=("contacts", "hubspot"))
    (prompt,) = found("birthday", {"days": (Known(held=held, others=(other,)),), **TOUCH})
    assert [e.sentence for e in prompt.evidence] == [
        "Your address book and HubSpot say 21 November 1979.", "LinkedIn says 22 November, which does not count here.",
    ]  # fmt: skip


def test_what_has_no_words_is_named_in_their_place() -> None:
    assert [evidence_of(item(1, "", kind=kind)).sentence for kind in (Kind.REACTION, Kind.SHARE)] == ["A reaction on Mastodon", "Something without words on Mastodon"]
