"""Follow-ups: on people and companies, ticked off, put off, coming again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import notes, people, tasks
from relationdesk.store import tasks as rows
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW

TODAY = date(2026, 11, 20)


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    people.add_person(db, "Priya Raman", NOW, company="Alder & Finch")
    people.add_person(db, "Joe Brown", NOW)
    return db


def test_soonest_due_first_and_those_without_a_day_last(db: Desk) -> None:
    for text, due, at in (("some day", None, None), ("tomorrow", TODAY + timedelta(days=1), None), ("all day", TODAY, None), ("at nine", TODAY, 540)):
        tasks.add(db, text, NOW, person_id=1, due=due, at=at)
    tasks.add(db, "for the firm", NOW, company_id=1, due=TODAY - timedelta(days=1), mine=False)
    assert [t.text for t in rows.open_(db)] == ["for the firm", "at nine", "all day", "tomorrow", "some day"]
    assert [t.text for t in rows.open_(db, [1])] == ["at nine", "all day", "tomorrow", "some day"]
    assert [(t.text, t.mine) for t in rows.of_company(db, 1)] == [("for the firm", False)]
    assert rows.open_(db, ()) == ()


def test_done_and_open_again(db: Desk) -> None:
    task, changes = tasks.add(db, "send the sheet", NOW, person_id=1)
    assert (changes.undo, changes.people, changes.prompts) == ("Follow-up with Priya Raman: send the sheet", frozenset({1}), True)
    tasks.done(db, task.id, NOW)
    assert rows.open_(db) == () and [t.done for t in rows.of_person(db, 1, done=True)] == [NOW]
    with pytest.raises(UserMistake, match="done already"):
        tasks.done(db, task.id, NOW)
    people.undo(db, NOW)
    assert rows.open_(db) == (task,)
    tasks.done(db, task.id, NOW)
    tasks.not_done(db, task.id, NOW)
    assert rows.open_(db) == (task,)


NEXT = [
    ("2 weeks", "2026-11-06", "2026-12-04"),  # one step falls on today and is done with it
    ("2 weeks", "2026-11-20", "2026-12-04"),
    ("2 weeks", "2026-11-27", "2026-12-11"),  # done before it was due
    ("1 days", "2026-01-01", "2026-11-21"),  # long overdue: once, not 300 times
    ("1 months", "2026-10-31", "2026-11-30"),
    ("1 months", "2026-01-31", "2026-11-30"),
    ("1 years", "2024-02-29", "2027-02-28"),
    ("3 months", "2026-11-30", "2027-02-28"),
]


@pytest.mark.parametrize(("every", "due", "following"), NEXT)
def test_next_day(every: str, due: str, following: str) -> None:
    assert tasks.next_day(every, date.fromisoformat(due), TODAY) == date.fromisoformat(following)


def test_the_end_of_the_month_is_not_lost_in_a_short_one(db: Desk) -> None:
    task, _ = tasks.add(db, "invoice", NOW, person_id=1, due=date(2026, 12, 31), every="1 months")
    seen = []
    for _ in range(4):
        (task,) = rows.open_(db)
        assert task.due is not None
        seen.append(task.due.isoformat())
        tasks.done(db, task.id, NOW.replace(year=task.due.year, month=task.due.month, day=task.due.day))
    assert seen == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]


def test_counted_from_the_day_it_was_done(db: Desk) -> None:
    task, _ = tasks.add(db, "call", NOW, person_id=1, due=date(2026, 11, 2), every="1 weeks", from_done=True, at=9 * 60)
    changes = tasks.done(db, task.id, NOW)
    (again,) = rows.open_(db)
    assert (again.due, again.at, again.every, again.from_done) == (date(2026, 11, 27), 540, "1 weeks", True)
    assert changes.undo == "Done: call. It comes again on 27 November"
    people.undo(db, NOW)
    assert rows.open_(db) == (task,)
    people.redo(db)
    assert rows.open_(db) == (again,)


def test_edited_put_off_and_removed(db: Desk) -> None:
    task, _ = tasks.add(db, "call", NOW, person_id=1)
    tasks.edit(db, task.id, NOW, text="call her", mine=False, due=TODAY, every="1 weeks")
    tasks.put_off(db, task.id, TODAY + timedelta(days=3), NOW)
    (there,) = rows.open_(db)
    assert (there.text, there.mine, there.due, there.every) == ("call her", False, TODAY + timedelta(days=3), "1 weeks")
    tasks.remove(db, task.id, NOW)
    assert rows.open_(db) == ()
    for _ in range(3):
        people.undo(db, NOW)
    assert rows.open_(db) == (task,)


def test_a_task_of_a_note_is_in_the_trash_with_it(db: Desk) -> None:
    note, _ = notes.write(db, "words", NOW, person_id=1)
    db.execute("INSERT INTO tasks(uid, person_id, text, note_uid, made_at) VALUES ('t', 1, 'send', ?, 0)", (note.uid,))
    assert len(rows.open_(db)) == 1
    notes.throw_away(db, note.id, NOW)
    assert rows.open_(db) == () == rows.of_person(db, 1)
    db.execute("UPDATE tasks SET is_edited = 1")
    assert len(rows.open_(db)) == 1


REFUSED: dict[str, Callable[[Desk], object]] = {
    "no words": lambda db: tasks.add(db, " \n", NOW, person_id=1),
    "nobody": lambda db: tasks.add(db, "x", NOW),
    "both": lambda db: tasks.add(db, "x", NOW, person_id=1, company_id=1),
    "no such person": lambda db: tasks.add(db, "x", NOW, person_id=99),
    "no such company": lambda db: tasks.add(db, "x", NOW, company_id=99),
    "a time without a day": lambda db: tasks.add(db, "x", NOW, person_id=1, at=10),
    "no such time": lambda db: tasks.add(db, "x", NOW, person_id=1, due=TODAY, at=1440),
    "again without a day": lambda db: tasks.add(db, "x", NOW, person_id=1, every="1 weeks"),
    "again in nonsense": lambda db: tasks.add(db, "x", NOW, person_id=1, due=TODAY, every="often"),
    "again never": lambda db: tasks.add(db, "x", NOW, person_id=1, due=TODAY, every="0 days"),
    "no such task": lambda db: tasks.done(db, 99, NOW),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(db: Desk, case: str) -> None:
    before = list(db.iterdump())
    with pytest.raises(UserMistake, match="Nothing was changed"):
        REFUSED[case](db)
    assert list(db.iterdump()) == before


def test_a_company_with_follow_ups_stays_when_its_import_goes(db: Desk) -> None:
    tasks.add(db, "renewal", NOW, company_id=1)
    people.undo(db, NOW, 1)
    assert [t.text for t in rows.of_company(db, 1)] == ["renewal"]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
