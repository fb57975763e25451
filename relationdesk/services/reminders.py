"""Which follow-ups are reminded of, and when: decided from the desk by the wall clock, whatever the computer did meanwhile.

Nothing counts down, so sleep costs nothing. What was shown is kept under its own name and day, so no clock that is set back shows it
twice; what became due while nobody could see it, or in quiet hours, is shown together afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from relationdesk.store import people, settings, tasks
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import moment, seconds
from relationdesk.wishes import Task

ALL_DAY_HOUR = 9
"""When what is due on a day, at no time of it, is reminded of."""
LATE = timedelta(minutes=10)
"""From then on a reminder is a missed one."""
KEPT_DAYS = 400
"""So long it is remembered that something was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One follow-up at one moment. key: stays the same until the follow-up gets another day. at: aware. name: with whom it is."""

    key: str
    at: datetime
    text: str
    name: str = ""
    person_id: int | None = None
    company_id: int | None = None
    task_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be shown now: each of `timely` alone, the `missed` together. soonest due first."""

    timely: tuple[Reminder, ...] = ()
    missed: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The first words of a day. today, late: follow-ups. prompts: how many wait."""

    day: date
    today: tuple[Reminder, ...] = ()
    late: tuple[Reminder, ...] = ()
    prompts: int = 0


def moment_of(task: Task, zone: tzinfo | None = None) -> datetime:
    """When a follow-up with a day is due. zone None: the user's. A time that a day does not have (clocks go forward) is an hour later,
    one that it has twice is the first."""
    assert task.due is not None
    minute = ALL_DAY_HOUR * 60 if task.at is None else task.at
    wall = datetime.combine(task.due, time(minute // 60, minute % 60), tzinfo=zone)
    return wall.astimezone() if zone is None else wall


def key_of(task: Task) -> str:
    return f"task:{task.uid}:{task.due}:{'' if task.at is None else task.at}"


def is_quiet(now: datetime, quiet_from: int, quiet_until: int) -> bool:
    """now: in the user's zone. Minutes of the day from `quiet_from` until `quiet_until`, also over midnight; the same twice: never."""
    if quiet_from == quiet_until:
        return False
    at = now.hour * 60 + now.minute
    return quiet_from <= at or at < quiet_until if quiet_from > quiet_until else quiet_from <= at < quiet_until


def decide(open_: Iterable[Reminder], shown: frozenset[str], now: datetime, quiet: tuple[int, int]) -> Shown:
    """Pure. now: in the user's zone. In quiet hours nothing, and nothing is lost by that."""
    if is_quiet(now, *quiet):
        return Shown()
    due = sorted((one for one in open_ if one.at <= now and one.key not in shown), key=lambda one: (one.at, one.key))
    return Shown(timely=tuple(one for one in due if now - one.at <= LATE), missed=tuple(one for one in due if now - one.at > LATE))


def due(db: Desk, now: datetime) -> Shown:
    """What would be shown now; only reads."""
    chosen = settings.load(db)
    if not chosen.remind:
        return Shown()
    found = _postponed(db, _open(db))
    shown = frozenset(_kept(db, (one.key for one in found)))
    return decide(found, shown, now.astimezone(), (chosen.quiet_from_minute, chosen.quiet_until_minute))


def take(db: Desk, now: datetime) -> Shown:
    """What is to be shown now, remembered as shown in the same step."""
    with transaction(db):
        found = due(db, now)
        db.executemany("INSERT OR IGNORE INTO reminders VALUES (?,?)", [(one.key, seconds(now)) for one in (*found.timely, *found.missed)])
        if found.timely or found.missed:
            open_ = _open(db)
            there = json.dumps([key for one in (*open_, *_postponed(db, open_)) for key in (one.key, _LATER + one.key)])
            old = seconds(now - timedelta(days=KEPT_DAYS))
            db.execute("DELETE FROM reminders WHERE at < ? AND key NOT IN (SELECT value FROM json_each(?))", (old, there))
    return found


_LATER = "later:"
"""Before the key of a reminder: it is to come again, `at` then."""


def later(db: Desk, one: Reminder, by: timedelta, now: datetime) -> None:
    """Remind of it once more, `by` from now. The follow-up stays as it is: its day is the user's word."""
    with transaction(db):
        key = one.key.partition("@")[0]
        db.execute("INSERT OR REPLACE INTO reminders VALUES (?,?)", (_LATER + key, seconds(now + by)))


def _postponed(db: Desk, found: list[Reminder]) -> list[Reminder]:
    """The same, each that is to come again at that moment and under a name of its own."""
    until = _kept(db, (_LATER + one.key for one in found))
    return [
        replace(one, key=f"{one.key}@{at}", at=moment(at)) if (at := until.get(_LATER + one.key)) is not None else one
        for one in found
    ]  # fmt: skip


def _kept(db: Desk, keys: Iterable[str]) -> dict[str, int]:
    return dict(db.execute("SELECT key, at FROM reminders WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)))


_DIGEST = "digest"


def digest(db: Desk, now: datetime) -> Digest | None:
    """On the first asking of a day of the user's calendar, else None. A clock that was set back asks for no day twice."""
    day = now.astimezone().date()
    if settings.value(db, _DIGEST) >= day.isoformat():
        return None
    settings.set_value(db, _DIGEST, day.isoformat())
    found = _open(db)
    waiting = db.execute("SELECT total(open_prompts) FROM people").fetchone()[0]
    told = Digest(
        day=day, today=tuple(one for one in found if one.at.astimezone().date() == day), late=tuple(one for one in found if one.at.astimezone().date() < day),
        prompts=min(int(waiting), settings.load(db).prompts_at_most),
    )  # fmt: skip
    return told if told.today or told.late or told.prompts else None


def _open(db: Desk) -> list[Reminder]:
    open_ = [task for task in tasks.open_(db) if task.due is not None]
    names = people.many(db, [task.person_id for task in open_ if task.person_id is not None])
    firms = {id_: firm.name for id_ in {task.company_id for task in open_ if task.company_id is not None} if (firm := people.company(db, id_))}
    return [
        Reminder(
            key=key_of(task), at=moment_of(task), text=task.text, person_id=task.person_id, company_id=task.company_id, task_id=task.id,
            name=names[task.person_id].name if task.person_id in names else firms.get(task.company_id or 0, ""),
        )
        for task in open_
    ]  # fmt: skip
