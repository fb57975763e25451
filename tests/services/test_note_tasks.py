"""Follow-ups in the words of a note: edited, thrown away and brought back with it, unless the user changed them by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from relationdesk.model import Note
from relationdesk.services import notes, people, tasks
from relationdesk.store import notes as note_rows
from relationdesk.store import tasks as rows
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    people.add_person(db, "Priya Raman", NOW, company="Alder & Finch")
    return db


def wrote(db: Desk, text: str, note: Note | None = None, days: int = 0) -> Note:
    made, _ = notes.write(db, text, NOW + timedelta(days=days), person_id=None if note else 1, note_id=note.id if note else None)
    return made


def left(db: Desk) -> list[tuple[str, bool, date | None]]:
    return [(t.text, t.mine, t.due) for t in rows.open_(db)]


def test_a_note_makes_them_and_undo_takes_both_back(db: Desk) -> None:
    note = wrote(db, "Met her. >me send the sheet fri\n>them sign")
    assert left(db) == [("send the sheet", True, FRIDAY), ("sign", False, None)]
    assert {t.note for t in rows.open_(db)} == {note.uid} and {t.person_id for t in rows.open_(db)} == {1}
    people.undo(db, NOW)
    assert left(db) == [] and note_rows.trash(db)[0].uid == note.uid
    people.redo(db)
    assert len(left(db)) == 2


def test_on_a_company(db: Desk) -> None:
    notes.write(db, ">me renewal", NOW, company_id=1)
    assert [t.text for t in rows.of_company(db, 1)] == ["renewal"]


def test_editing_follows_and_words_that_stayed_keep_their_day(db: Desk) -> None:
    note = wrote(db, ">me send the sheet fri")
    note = wrote(db, "First words. >me send the sheet fri\n>me call", note, days=10)
    assert left(db) == [("send the sheet", True, FRIDAY), ("call", True, None)]
    wrote(db, "First words. >me call Joe", note, days=10)
    assert left(db) == [("call Joe", True, None)]
    people.undo(db, NOW)
    assert left(db) == [("send the sheet", True, FRIDAY), ("call", True, None)]


def test_what_was_changed_by_hand_wins(db: Desk) -> None:
    note = wrote(db, ">me send the sheet fri")
    (task,) = rows.open_(db)
    tasks.edit(db, task.id, NOW, text="send the big sheet", mine=True, due=None)
    note = wrote(db, ">me send the sheet mon", note)
    assert left(db) == [("send the big sheet", True, None)]
    note = wrote(db, ">me quite another thing", note)
    assert sorted(left(db), key=str) == [("quite another thing", True, None), ("send the big sheet", True, None)]
    notes.throw_away(db, note.id, NOW)
    assert left(db) == [("send the big sheet", True, None)]


def test_what_is_done_stays_done_when_its_words_are_mended(db: Desk) -> None:
    note = wrote(db, ">me send the sheeet fri")
    tasks.done(db, rows.open_(db)[0].id, NOW)
    wrote(db, ">me send the sheet fri", note)
    assert left(db) == [] and [t.text for t in rows.of_person(db, 1, done=True)] == ["send the sheeet"]


def test_in_the_trash_and_back(db: Desk) -> None:
    note = wrote(db, ">me send the sheet fri")
    notes.throw_away(db, note.id, NOW)
    assert left(db) == []
    notes.bring_back(db, note.id, NOW)
    assert left(db) == [("send the sheet", True, FRIDAY)]
    people.undo(db, NOW)
    people.undo(db, NOW)
    people.undo(db, NOW)  # the note itself
    notes.bring_back(db, note.id, NOW)
    assert left(db) == [("send the sheet", True, FRIDAY)]


def test_what_leaves_the_trash_for_good_takes_its_follow_ups(db: Desk) -> None:
    note = wrote(db, ">me send the sheet fri")
    notes.throw_away(db, note.id, NOW)
    notes.tidy_trash(db, NOW + timedelta(days=31))
    assert left(db) == [] and db.execute("SELECT count(*) FROM tasks").fetchone() == (0,)
