"""Whom something that is typed is about."""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.store.particulars import Particular
from relationdesk.wishes import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom a note, a follow-up or a particular is about: one person or one company, with the name to show and the uid the draft of a note is
    kept under. task, particular: what is to be changed, None for a new one."""

    name: str
    person_id: int | None = None
    person_uid: str = ""
    company_id: int | None = None
    company_uid: str = ""
    task: Task | None = None
    particular: Particular | None = None
