"""People and companies as lists show them: what was last between the two of us until now.

What is dated within a day ahead (a meeting tomorrow) has its place in time already, and counts in the caches; it is no touch before it was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from relationdesk.derived import CompanyLine
from relationdesk.model import Person
from relationdesk.store import people, talk
from relationdesk.store.database import Desk
from relationdesk.store.timekey import id_at, moment_of_id


def person(db: Desk, one: Person, now: datetime) -> Person:
    """The same, of whom nothing of tomorrow counts as done."""
    last_in, last_out = one.last_in, one.last_out
    if (last_in is None or last_in <= now) and (last_out is None or last_out <= now):  # nearly everybody
        return one
    until = id_at(now + timedelta(seconds=1))
    if last_in is not None and last_in > now:
        last_in = moment_of_id(talk.last_before(db, one.id, until, by_me=False))
    if last_out is not None and last_out > now:
        last_out = moment_of_id(talk.last_before(db, one.id, until, by_me=True))
    return replace(one, last_in=last_in, last_out=last_out)


def page(db: Desk, now: datetime, **which: Any) -> tuple[Person, ...]:
    """As `people.page`."""
    return tuple(person(db, one, now) for one in people.page(db, **which))


def company_lines(db: Desk, query: str, now: datetime) -> tuple[CompanyLine, ...]:
    """As `people.company_lines`."""
    return tuple(_line(db, line, now) for line in people.company_lines(db, query))


def _line(db: Desk, line: CompanyLine, now: datetime) -> CompanyLine:
    if not any(at is not None and at > now for at in (line.last_in, line.last_out)):
        return line
    staff = page(db, now, company_id=line.company.id)
    return replace(line, last_in=max(filter(None, (p.last_in for p in staff)), default=None), last_out=max(filter(None, (p.last_out for p in staff)), default=None))
