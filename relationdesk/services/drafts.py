"""Keep what is being typed until it is a note. Works with no network at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relationdesk.model import NoteKind
from relationdesk.store import notes
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import maybe_moment, moment, seconds
from relationdesk.text import storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was being typed and is not yet a note. happened None: now. saved: aware UTC, when it reached the disk."""

    slot: str
    text: str
    kind: NoteKind
    minutes: int
    happened: datetime | None
    saved: datetime


def slot_for(*, person_uid: str = "", company_uid: str = "", note_uid: str = "") -> str:
    """Where something is typed: on a person, on a company, editing a note, or the composer from anywhere."""
    if note_uid:
        return f"note:{note_uid}"
    if person_uid:
        return f"person:{person_uid}"
    return f"company:{company_uid}" if company_uid else "anywhere"


def get(db: Desk, slot: str) -> Draft | None:
    """What was typed into this slot and not kept: offered after a crash."""
    row = notes.draft(db, slot)
    if row is None:
        return None
    text, kind, minutes, happened, saved = row
    return Draft(
        slot=slot, text=text, kind=NoteKind(kind), minutes=minutes, happened=maybe_moment(happened), saved=moment(saved)
    )


def save(
    db: Desk, slot: str, text: str, now: datetime, kind: NoteKind = NoteKind.NOTE, minutes: int = 0,
    happened: datetime | None = None,
) -> datetime:  # fmt: skip
    """Put what is being typed on disk (empty text drops the draft); the moment it was safe."""
    with transaction(db):
        notes.set_draft(db, slot, storable(text), kind.value, minutes, None if happened is None else seconds(happened), seconds(now))
    return now
