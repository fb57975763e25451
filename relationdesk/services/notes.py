"""Write, edit, throw away and bring back notes. Works with no network at all. What is being typed is in drafts.py."""

from __future__ import annotations

from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Note, NoteKind
from relationdesk.saying import say
from relationdesk.services import note_tasks
from relationdesk.store import ledger, notes, people
from relationdesk.store.database import Desk, transaction
from relationdesk.store.decision import Row
from relationdesk.store.timekey import moment, seconds
from relationdesk.text import one_line, storable

MOST_MINUTES = 100_000


def write(
    db: Desk, text: str, now: datetime, *, person_id: int | None = None, company_id: int | None = None,
    note_id: int | None = None, kind: NoteKind = NoteKind.NOTE, minutes: int = 0, happened: datetime | None = None,
    slot: str = "", uid: str = "",
) -> tuple[Note, Changes]:  # fmt: skip
    """Keep a note (new, or a new wording of one), link the people named with @, and drop its draft, in one step."""
    text = storable(text)
    if not text.strip():
        raise UserMistake(say("The note is empty. Nothing was saved."))
    if not 0 <= minutes <= MOST_MINUTES:
        raise UserMistake(say("A call or meeting lasts at most {most:,} minutes. Your text is still in the composer.", most=MOST_MINUTES))
    old = notes.get(db, note_id) if note_id is not None else None
    if note_id is not None and old is None:
        raise UserMistake(say("This note is no longer there. Your text is still in the composer."))
    if old is None and (person_id is None) == (company_id is None):
        raise UserMistake(say("A note belongs to one person or one company. Your text is still in the composer."))
    if old is None and person_id is not None and people.get(db, person_id) is None:
        raise UserMistake(say("This person is no longer in the desk. Your text is still in the composer."))
    if old is None and company_id is not None and people.company(db, company_id) is None:
        raise UserMistake(say("This company is no longer in the desk. Your text is still in the composer."))
    when = happened or (old.happened if old else now)
    about = _about(db, person_id or (old.person_id if old else None), company_id or (old.company_id if old else None))
    sentence = _kept(kind, about)
    with ledger.decide(db, "note", sentence, seconds(now)) as d:
        saved_id = notes.write(
            db, person_id=old.person_id if old else person_id, company_id=old.company_id if old else company_id, kind=kind,
            text=text, minutes=minutes, happened=seconds(when), now=seconds(now), note_id=note_id, uid=uid,
        )  # fmt: skip
        key: Row = {"id": saved_id}
        if old is None:  # taken back, a new note goes to the trash: the user's words are never deleted by Undo
            d.record("notes", key, {"trashed_at": seconds(now)}, {"trashed_at": None})
        else:
            d.record("notes", key, _row(old), _row(notes.get(db, saved_id) or old))
        notes.set_mentions(db, saved_id, _named(db, text, old.person_id if old else person_id))
        written = notes.get(db, saved_id)
        assert written is not None
        note_tasks.follow(d, written, now.astimezone().date())
        if slot:
            notes.set_draft(db, slot, "", "note", 0, None, seconds(now))
    note = notes.get(db, saved_id)
    assert note is not None
    return note, _changes(note, sentence)


def throw_away(db: Desk, note_id: int, now: datetime) -> Changes:
    """Into the trash, from where it can be brought back for 30 days."""
    note = notes.get(db, note_id)
    if note is None:
        raise UserMistake(say("This note is no longer there. Nothing was changed."))
    sentence = say("Note “{text}” is in the trash", text=one_line(note.text, 40))
    with ledger.decide(db, "trash", sentence, seconds(now)) as d:
        d.update("notes", {"id": note_id}, {"trashed_at": seconds(now)})
        notes.index(db, note_id)
    return _changes(note, sentence)


def bring_back(db: Desk, note_id: int, now: datetime) -> Changes:
    """Out of the trash."""
    note = notes.get(db, note_id)
    if note is None:
        raise UserMistake(say("This note is no longer in the trash. Nothing was changed."))
    with ledger.decide(db, "trash", say("Note brought back"), seconds(now)) as d:
        d.update("notes", {"id": note_id}, {"trashed_at": None})
        notes.index(db, note_id)
        note_tasks.follow(d, note, moment(seconds(note.saved)).astimezone().date())
    return _changes(note, say("Note brought back"))


def use_version(db: Desk, note_id: int, text: str, now: datetime) -> tuple[Note, Changes]:
    """Make an earlier wording the current one; the current one stays in the history."""
    note = notes.get(db, note_id)
    if note is None:
        raise UserMistake(say("This note is no longer there. Nothing was changed."))
    return write(db, text, now, note_id=note_id, kind=note.kind, minutes=note.minutes, happened=note.happened)


def versions(db: Desk, note_id: int) -> tuple[tuple[datetime, str], ...]:
    """Every earlier wording with the moment it was saved (aware UTC), newest first."""
    return tuple((moment(at), text) for at, text in notes.versions(db, note_id))


def tidy_trash(db: Desk, now: datetime) -> int:
    """Remove for good what has lain in the trash for 30 days; how many notes."""
    with transaction(db):
        return notes.empty_old_trash(db, seconds(now))


def _kept(kind: NoteKind, about: str) -> str:
    if kind is NoteKind.CALL:
        return say("Call with {about}", about=about)
    return say("Meeting with {about}", about=about) if kind is NoteKind.MEETING else say("Note on {about}", about=about)


def _about(db: Desk, person_id: int | None, company_id: int | None) -> str:
    if person_id is not None:
        person = people.get(db, person_id)
        return person.name if person else "somebody"
    company = people.company(db, company_id) if company_id is not None else None
    return company.name if company else "a company"


def _row(note: Note) -> Row:
    return {"text": note.text, "kind": note.kind.value, "minutes": note.minutes, "happened_at": seconds(note.happened)}


def after_undo(db: Desk, decision_id: int) -> None:
    """Full text follows a note that an undo changed, and the wording that was taken back stays in its history."""
    for key, before, after in ledger.rows(db, decision_id, "notes"):
        note_id = int(str(key["id"]))
        for wording in (before, after):
            if wording and isinstance(wording.get("text"), str):
                notes.keep_version(db, note_id, str(wording["text"]))
        notes.index(db, note_id)
        note = notes.get(db, note_id)
        if note is not None:
            is_same = "text" not in {**(before or {}), **(after or {})}  # whom it named stays named, whatever they are called since
            notes.set_mentions(db, note_id, (*(note.mentions if is_same else ()), *_named(db, note.text, note.person_id)))


def _named(db: Desk, text: str, person_id: int | None) -> tuple[int, ...]:
    """People named with @, without the one the note is about."""
    return tuple(named for named in notes.mentioned(db, text) if named != person_id)


def _changes(note: Note, undo: str) -> Changes:
    ids = {*note.mentions, *((note.person_id,) if note.person_id is not None else ())}
    return Changes(people=frozenset(ids), companies=note.company_id is not None, prompts=True, undo=undo)
