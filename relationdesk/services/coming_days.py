"""What the coming days hold: follow-ups and meetings with people of this desk, and what is late with a company (prompts are about people alone)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from relationdesk.model import Key, Precision
from relationdesk.services import reminders
from relationdesk.store import activities, lately, people, tasks
from relationdesk.store.database import Desk
from relationdesk.text import listed, one_line
from relationdesk.wishes import Task

DAYS = 7
NAMED = 3
"""More who take part are not named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A follow-up (of a person or a company) or a meeting (`meeting`; of the first who takes part). at: aware; on its day alone where `all_day`.

    name: with whom. mine: not what they promised. late: its day is over.
    """

    at: datetime
    text: str
    name: str
    person_id: int | None = None
    company_id: int | None = None
    meeting: Key | None = None
    all_day: bool = False
    mine: bool = True
    late: bool = False


def coming(db: Desk, now: datetime) -> tuple[Coming, ...]:
    """The rest of today and the next `DAYS` days of the user's calendar, soonest first.

    What is due with a person today at no time of it, or was before, is a prompt and does not stand here as well.
    """
    return tuple(sorted((*_follow_ups(db, now), *_meetings(db, now)), key=lambda one: (one.at, one.text)))


def _follow_ups(db: Desk, now: datetime) -> Iterator[Coming]:
    today = now.astimezone().date()
    near = [task for task in tasks.open_(db) if _is_near(task, today, now)]
    who = people.many(db, [task.person_id for task in near if task.person_id is not None])
    for task in near:
        firm = people.company(db, task.company_id) if task.company_id is not None else None
        name = firm.name if firm is not None else who[task.person_id].name if task.person_id in who else ""
        yield Coming(
            at=reminders.moment_of(task), text=one_line(task.text, 200), name=name, person_id=task.person_id, company_id=task.company_id,
            all_day=task.at is None, mine=task.mine, late=task.due is not None and task.due < today,
        )  # fmt: skip


def _is_near(task: Task, today: date, now: datetime) -> bool:
    if task.due is None or task.due > today + timedelta(days=DAYS):
        return False
    return task.company_id is not None or task.due > today or (task.at is not None and reminders.moment_of(task) > now)


def _meetings(db: Desk, now: datetime) -> Iterator[Coming]:
    end = (now.astimezone() + timedelta(days=DAYS + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    taking = {id_: those for id_, (_, those) in lately.events(db, now, end).items()}
    who = people.many(db, {id_ for those in taking.values() for id_ in those})
    me = {id_ for id_, person in who.items() if person.is_me}
    met = {id_: [who[one] for one in sorted(those - me) if one in who] for id_, those in taking.items() if those & me}
    for item in activities.by_ids(db, [id_ for id_, those in met.items() if those]):
        others = sorted(met[item.id], key=lambda person: person.name)
        if item.published is None or item.activity is None or not now < item.published < end:
            continue
        names = [person.name for person in others[:NAMED]]
        rest = len(others) - len(names)
        yield Coming(
            at=item.published, text=one_line(item.activity.title or item.activity.text, 200), name=listed([*names, f"{rest} more"] if rest else names),
            person_id=others[0].id, meeting=item.activity.key, all_day=item.activity.precision not in (Precision.SECOND, Precision.MINUTE),
        )  # fmt: skip
