"""Real contact, either way and in any place. Trap 8: what arrives late never moves it back, what is to come is none yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.model import NoteKind, Role
from relationdesk.services import notes
from relationdesk.store import contact
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, bring, did, person_id, who

ME, JOE, MARY = who("Sam", "mail", "sam@x.example", owner=True), who("Joe Brown", "mail", "joe@x.example"), who("Mary Jones", "mail", "mary@x.example")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [ME, JOE, MARY, did(JOE, "in", ago(days=5), to=[ME]), did(ME, "out", ago(days=3), to=[JOE]), did(JOE, "public", ago(days=1)),
               did(JOE, "copy", ago(days=1), to=[ME], role=Role.CC)])  # fmt: skip
    return db


def of(db: Desk, name: str = "Joe Brown") -> contact.Contact:
    one, all_ = contact.last(db, NOW, (person_id(db, name),)), contact.last(db, NOW)
    assert one.get(person_id(db, name)) == all_.get(person_id(db, name))  # the question for a few and that for everybody answer the same
    return one.get(person_id(db, name), contact.NEVER)


def test_public_words_and_copies_are_no_contact(db: Desk) -> None:
    assert of(db) == contact.Contact(theirs=ago(days=5), mine=ago(days=3))
    assert of(db).last == ago(days=3)
    assert of(db, "Mary Jones").last is None


def test_what_arrives_late_never_moves_it_back(db: Desk) -> None:
    arrive(db, [did(JOE, "late", ago(days=400), to=[ME]), did(ME, "late too", ago(days=90), to=[JOE])])
    assert of(db) == contact.Contact(theirs=ago(days=5), mine=ago(days=3))


def test_what_is_to_come_is_no_contact_yet(db: Desk) -> None:
    arrive(db, [did(JOE, "meeting", NOW + timedelta(days=2), to=[ME]), did(JOE, "some day", None, to=[ME])])
    assert of(db).theirs == ago(days=5)


def test_calls_and_meetings_count_and_notes_do_not(db: Desk) -> None:
    notes.write(db, "thoughts", NOW, person_id=person_id(db, "Joe Brown"))
    assert of(db).spoken is None
    note, _ = notes.write(db, "spoke", NOW, person_id=person_id(db, "Joe Brown"), kind=NoteKind.CALL, happened=ago(hours=2))
    assert (of(db).spoken, of(db).last) == (ago(hours=2), ago(hours=2))
    notes.write(db, "last year", NOW, person_id=person_id(db, "Joe Brown"), kind=NoteKind.MEETING, happened=ago(days=360))
    assert of(db).spoken == ago(hours=2)
    notes.throw_away(db, note.id, NOW)
    assert of(db).spoken == ago(days=360)
