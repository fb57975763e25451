"""What the coming days hold: follow-ups and meetings, soonest first, and nothing that is a prompt already."""

from __future__ import annotations

from datetime import date, timedelta

from relationdesk.model import Kind, Precision
from relationdesk.services import people, tasks
from relationdesk.services.coming_days import coming
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, arrive, did, who

TODAY = NOW.astimezone().date()
ME = who("Sam Carter", "calendar", "sam@carter.example", owner=True)
JOE, ANN, BOB, EVA = (who(name, "calendar", f"{name[:3].lower()}@x.example") for name in ("Joe Brown", "Ann Kay", "Bob Hale", "Eva Lind"))


def made() -> tuple[Desk, int]:
    db = open_memory()
    arrive(db, (ME, JOE, ANN, BOB, EVA))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    return db, joe


def test_an_empty_desk_has_nothing_ahead() -> None:
    assert coming(open_memory(), NOW) == ()


def test_follow_ups_of_the_week_that_no_prompt_speaks_of() -> None:
    db, joe = made()
    later = (NOW.astimezone() + timedelta(hours=1)).hour * 60
    for text, due, at, mine in (
        ("yesterday's", TODAY - timedelta(days=1), None, True), ("today's", TODAY, None, True), ("this hour's", TODAY, later, True),
        ("over", TODAY, 1, True), ("theirs", TODAY + timedelta(days=2), None, False), ("last day's", TODAY + timedelta(days=7), 600, True),
        ("too far", TODAY + timedelta(days=8), None, True), ("some day", None, None, True),
    ):  # fmt: skip
        tasks.add(db, text, NOW, person_id=joe, due=due, at=at, mine=mine)
    found = coming(db, NOW)
    assert [(one.text, one.all_day, one.mine, one.late, one.name) for one in found] == [
        ("this hour's", False, True, False, "Joe Brown"), ("theirs", True, False, False, "Joe Brown"), ("last day's", False, True, False, "Joe Brown"),
    ]  # fmt: skip
    tasks.done(db, 5, NOW)
    assert [one.text for one in coming(db, NOW)] == ["this hour's", "last day's"]


def test_what_is_late_with_a_company_stands_first() -> None:
    db, joe = made()
    people.edit_person(db, joe, NOW, name="Joe Brown", title="", company="Alder & Finch Hotels")
    (firm,) = db.execute("SELECT id FROM companies").fetchone()
    tasks.add(db, "send the contract", NOW, company_id=firm, due=date(2026, 1, 5))
    tasks.add(db, "call", NOW, company_id=firm, due=TODAY + timedelta(days=1))
    assert [(one.text, one.name, one.company_id, one.late) for one in coming(db, NOW)] == [
        ("send the contract", "Alder & Finch Hotels", firm, True), ("call", "Alder & Finch Hotels", firm, False),
    ]  # fmt: skip


def test_meetings_with_people_of_the_desk() -> None:
    db, joe = made()
    arrive(db, (
        did(ME, "e1", NOW + timedelta(days=1), title="Review", kind=Kind.EVENT, to=(JOE,)),
        did(JOE, "e2", NOW + timedelta(days=2), title="Site walk", kind=Kind.EVENT, to=(ME, ANN, BOB, EVA)),
        did(ME, "alone", NOW + timedelta(days=1), title="Dentist", kind=Kind.EVENT),
        did(JOE, "not mine", NOW + timedelta(days=1), title="Theirs", kind=Kind.EVENT, to=(ANN,)),
        did(ME, "begun", NOW - timedelta(minutes=5), title="Now", kind=Kind.EVENT, to=(JOE,)),
        did(ME, "far", NOW + timedelta(days=20), title="Far", kind=Kind.EVENT, to=(JOE,)),
        did(ME, "day", (NOW + timedelta(days=3)).replace(hour=0), title="Fair", kind=Kind.EVENT, to=(ANN,), precision=Precision.DAY),
    ))  # fmt: skip
    found = coming(db, NOW)
    assert [(one.text, one.name, one.all_day, one.meeting.native_id if one.meeting else "") for one in found] == [
        ("Review", "Joe Brown", False, "e1"), ("Site walk", "Ann Kay, Bob Hale, Eva Lind and 1 more", False, "e2"), ("Fair", "Ann Kay", True, "day"),
    ]  # fmt: skip
    assert found[0].person_id == joe
