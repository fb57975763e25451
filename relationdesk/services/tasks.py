"""Follow-ups: added, changed, ticked off, coming again. Each is a decision that can be taken back."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.saying import say
from relationdesk.store import ledger, people, tasks
from relationdesk.store.database import Desk
from relationdesk.store.decision import Row
from relationdesk.store.timekey import seconds
from relationdesk.text import day, one_line, short_day
from relationdesk.wishes import Task

LONGEST_TEXT = 500
MOST = 999
_EVERY = re.compile(r"(\d{1,3}) (days|weeks|months|years)")


def add(
    db: Desk, text: str, now: datetime, *, person_id: int | None = None, company_id: int | None = None, mine: bool = True,
    due: date | None = None, at: int | None = None, every: str = "", from_done: bool = False, uid: str = "",
) -> tuple[Task, Changes]:  # fmt: skip
    """A follow-up on a person or on a company; (the task, what changed)."""
    if (person_id is None) == (company_id is None):
        raise UserMistake(say("A follow-up belongs to one person or one company. Nothing was changed."))
    whom = _whom(db, person_id, company_id)
    values = _values(text, mine, due, at, every, from_done)
    sentence = say("Follow-up with {whom}: {text}", whom=whom, text=one_line(str(values["text"]), 60))
    with ledger.decide(db, "task", sentence, seconds(now)) as d:
        task_id = d.insert(
            "tasks",
            {"uid": uid or people.new_uid(), "person_id": person_id, "company_id": company_id, **values,
             "month_day": due.day if due else None, "made_at": seconds(now)},
        )  # fmt: skip
    made = _task(db, task_id)
    return made, _changes(made, sentence)


def edit(
    db: Desk, task_id: int, now: datetime, *, text: str, mine: bool, due: date | None, at: int | None = None, every: str = "",
    from_done: bool = False,
) -> Changes:  # fmt: skip
    """Change a follow-up by hand; one that stands in a note no longer follows the note then."""
    old = _task(db, task_id)
    values = _values(text, mine, due, at, every, from_done)
    if due != old.due:
        values["month_day"] = due.day if due else None
    sentence = say("Changed follow-up: {text}", text=one_line(str(values["text"]), 60))
    with ledger.decide(db, "task", sentence, seconds(now)) as d:
        d.update("tasks", {"id": task_id}, {**values, "is_edited": 1})
    return _changes(old, sentence)


def done(db: Desk, task_id: int, now: datetime) -> Changes:
    """Tick it off; what comes again is there anew for its next day."""
    old = _task(db, task_id)
    if old.done is not None:
        raise UserMistake(say("This follow-up is done already. Nothing was changed."))
    sentence = say("Done: {text}", text=one_line(old.text, 60))
    with ledger.decide(db, "task", sentence, seconds(now)) as d:
        d.update("tasks", {"id": task_id}, {"done_at": seconds(now)})
        if old.every:
            today = now.astimezone().date()
            month_day = db.execute("SELECT month_day FROM tasks WHERE id = ?", (task_id,)).fetchone()[0]
            following = next_day(old.every, today if old.from_done else old.due or today, today, month_day)
            d.insert(
                "tasks",
                {"uid": people.new_uid(), "person_id": old.person_id, "company_id": old.company_id,
                 **_values(old.text, old.mine, following, old.at, old.every, old.from_done),
                 "month_day": following.day if old.from_done else month_day, "made_at": seconds(now)},
            )  # fmt: skip
            sentence = say("{sentence}. It comes again on {day}", sentence=sentence, day=short_day(following) if following.year == today.year else day(following))
    return _changes(old, sentence)


def not_done(db: Desk, task_id: int, now: datetime) -> Changes:
    """Open again."""
    old = _task(db, task_id)
    sentence = say("Open again: {text}", text=one_line(old.text, 60))
    with ledger.decide(db, "task", sentence, seconds(now)) as d:
        d.update("tasks", {"id": task_id}, {"done_at": None})
    return _changes(old, sentence)


def put_off(db: Desk, task_id: int, due: date, now: datetime, at: int | None = None) -> Changes:
    """To another day."""
    old = _task(db, task_id)
    sentence = say("Put off until {due}: {text}", due=due, text=one_line(old.text, 60))
    with ledger.decide(db, "task", sentence, seconds(now)) as d:
        d.update("tasks", {"id": task_id}, {"due": due.isoformat(), "due_minute": at, "is_edited": 1})
    return _changes(old, sentence)


def remove(db: Desk, task_id: int, now: datetime) -> Changes:
    """It is no follow-up any more."""
    old = _task(db, task_id)
    sentence = say("Removed follow-up: {text}", text=one_line(old.text, 60))
    with ledger.decide(db, "task", sentence, seconds(now)) as d:
        d.delete("tasks", {"id": task_id})
    return _changes(old, sentence)


def next_day(every: str, after: date, today: date, month_day: int | None = None) -> date:
    """The next day of something that comes again, counted from `after` in whole steps, the first that is later than today.

    month_day: the day of the month that is wanted where the month has it (31 January, 28 February, 31 March).
    """
    matched = _EVERY.fullmatch(every)
    if matched is None:
        raise UserMistake(say("How often it comes again is said as “2 weeks”, “3 months”. Nothing was changed."))
    n, unit = int(matched[1]), matched[2]
    try:
        if unit in ("days", "weeks"):
            size = n * (7 if unit == "weeks" else 1)
            return after + timedelta(days=size * max(1, (today - after).days // size + 1))
        months, wanted, step = n * (12 if unit == "years" else 1), month_day or after.day, 1
        while (found := _months_on(after, months * step, wanted)) <= today:
            step += 1
        return found
    except (OverflowError, ValueError) as e:
        raise UserMistake(say("The next day lies beyond the calendar. Nothing was changed. Let it come again sooner.")) from e


def _months_on(day: date, months: int, wanted: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))


def _values(text: str, mine: bool, due: date | None, at: int | None, every: str, from_done: bool) -> Row:
    words = one_line(text, LONGEST_TEXT)
    if not words:
        raise UserMistake(say("A follow-up needs a few words. Nothing was changed."))
    matched = _EVERY.fullmatch(every)
    if every and (matched is None or not 1 <= int(matched[1]) <= MOST):
        raise UserMistake(say("How often it comes again is said as “2 weeks”, “3 months”. Nothing was changed."))
    if every and due is None:
        raise UserMistake(say("What comes again needs a first day. Nothing was changed."))
    if at is not None and (due is None or not 0 <= at < 24 * 60):
        raise UserMistake(say("A time of day needs a day, and lies between 0:00 and 23:59. Nothing was changed."))
    return {
        "text": words, "mine": int(mine), "due": None if due is None else due.isoformat(), "due_minute": at, "every": every,
        "from_done": int(from_done),
    }  # fmt: skip


def _task(db: Desk, task_id: int) -> Task:
    found = tasks.get(db, task_id)
    if found is None:
        raise UserMistake(say("This follow-up is no longer there. Nothing was changed."))
    return found


def _whom(db: Desk, person_id: int | None, company_id: int | None) -> str:
    who = people.get(db, person_id) if person_id is not None else people.company(db, company_id or 0)
    if who is None:
        raise UserMistake(say("This person is no longer in the desk. Nothing was changed.") if person_id is not None else say("This company is no longer in the desk. Nothing was changed."))
    return who.name


def _changes(task: Task, sentence: str) -> Changes:
    ids = frozenset({task.person_id} if task.person_id is not None else ())
    return Changes(people=ids, companies=task.company_id is not None, prompts=True, undo=sentence)
