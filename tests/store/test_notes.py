"""The user's own words: versions, trash, people named with @, and full text that follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relationdesk.services import notes, people, searching
from relationdesk.store import notes as rows
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    for name in ("Joe Brown", "Jo", "Anna Wikström"):
        people.add_person(db, name, NOW)
    return db


@pytest.mark.parametrize(
    ("text", "ids"),
    [("ask @Joe Brown", (1,)), ("@joe.brown and @anna wikstrom", (1, 3)), ("@ANNA WIKSTRÖM,", (3,)), ("@Joe Brownie", ()), ("@Jo!", (2,)),
     ("joe@brown.example", ()), ("@", ()), ("@Nobody", ())],
)  # fmt: skip
def test_people_named(db: Desk, text: str, ids: tuple[int, ...]) -> None:
    assert rows.mentioned(db, text) == ids


def test_every_wording_is_kept_and_undo_never_deletes_words(db: Desk) -> None:
    note, _ = notes.write(db, "first words", NOW, person_id=1)
    notes.write(db, "second words", NOW + timedelta(hours=1), note_id=note.id)
    assert [text for _, text in notes.versions(db, note.id)] == ["first words"]
    people.undo(db, NOW)
    assert rows.get(db, note.id).text == "first words"  # type: ignore[union-attr]
    assert "second words" in [text for _, text in notes.versions(db, note.id)]
    assert [h.item.note.id for h in searching.text(db, "first") if h.item.note] == [note.id]
    people.undo(db, NOW)
    assert [n.id for n in rows.trash(db)] == [note.id] and searching.text(db, "first") == ()


def test_the_trash_keeps_for_thirty_days(db: Desk) -> None:
    note, _ = notes.write(db, "words", NOW, person_id=1)
    notes.throw_away(db, note.id, NOW)
    assert notes.tidy_trash(db, NOW + timedelta(days=29)) == 0
    assert notes.tidy_trash(db, NOW + timedelta(days=31)) == 1
