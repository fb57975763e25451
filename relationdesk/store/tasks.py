"""Follow-ups: what the user promised and what was promised to them, on a person or a company.

What stands in a note follows the note: in the trash with it, back with it. What the user changed by hand stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from relationdesk.store.database import Desk
from relationdesk.store.timekey import maybe_moment, moment
from relationdesk.store.wishes import day
from relationdesk.wishes import Task

_COLUMNS = "t.id, t.uid, t.person_id, t.company_id, t.text, t.mine, t.due, t.due_minute, t.every, t.from_done, t.note_uid, t.made_at, t.done_at"
_THERE = "(t.note_uid = '' OR t.is_edited = 1 OR EXISTS (SELECT 1 FROM notes n WHERE n.uid = t.note_uid AND n.trashed_at IS NULL))"
_ORDER = "t.due IS NULL, t.due, coalesce(t.due_minute, 1440), t.id"


def _task(row: tuple[Any, ...]) -> Task:
    id_, uid, person_id, company_id, text, mine, due, minute, every, from_done, note, made, done = row
    return Task(
        id=id_, uid=uid, person_id=person_id, company_id=company_id, text=text, mine=bool(mine), due=day(due), at=minute, every=every,
        from_done=bool(from_done), note=note, made=moment(made), done=maybe_moment(done),
    )  # fmt: skip


def open_(db: Desk, ids: Iterable[int] | None = None) -> tuple[Task, ...]:
    """Open follow-ups, soonest due first, those without a day last. ids: of these people; None: everybody's and every company's."""
    some = "" if ids is None else " AND t.person_id IN (SELECT value FROM json_each(?))"
    values = () if ids is None else (json.dumps(sorted(set(ids))),)
    return tuple(map(_task, db.execute(f"SELECT {_COLUMNS} FROM tasks t WHERE t.done_at IS NULL AND {_THERE}{some} ORDER BY {_ORDER}", values)))


def of_person(db: Desk, person_id: int, *, done: bool = False) -> tuple[Task, ...]:
    """Soonest due first; done: those ticked off, newest first."""
    return _of(db, "person_id", person_id, done)


def of_company(db: Desk, company_id: int, *, done: bool = False) -> tuple[Task, ...]:
    """On the company itself. Soonest due first; done: those ticked off, newest first."""
    return _of(db, "company_id", company_id, done)


def _of(db: Desk, column: str, id_: int, done: bool) -> tuple[Task, ...]:
    which, order = ("NOT NULL", "t.done_at DESC, t.id DESC") if done else ("NULL", _ORDER)
    rows = db.execute(f"SELECT {_COLUMNS} FROM tasks t WHERE t.{column} = ? AND t.done_at IS {which} AND {_THERE} ORDER BY {order}", (id_,))
    return tuple(map(_task, rows))


def get(db: Desk, task_id: int) -> Task | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM tasks t WHERE t.id = ?", (task_id,)).fetchone()
    return _task(row) if row else None


def by_uid(db: Desk, uid: str) -> Task | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM tasks t WHERE t.uid = ?", (uid,)).fetchone()
    return _task(row) if row else None


def of_note(db: Desk, note_uid: str) -> tuple[tuple[Task, str, bool], ...]:
    """(task, the words it was read from, whether the user changed it by hand) of one note, in the order they were made."""
    rows = db.execute(f"SELECT {_COLUMNS}, t.note_line, t.is_edited FROM tasks t WHERE t.note_uid = ? ORDER BY t.id", (note_uid,))
    return tuple((_task(row[:-2]), row[-2], bool(row[-1])) for row in rows)
