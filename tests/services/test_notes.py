"""The user's own words are never lost: drafts, every wording, the trash, people named with @, and undo."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.derived import Filter
from relationdesk.errors import UserMistake
from relationdesk.model import NoteKind
from relationdesk.services import drafts, notes, people, review, searching
from relationdesk.store import notes as rows
from relationdesk.store.database import Desk, open_desk, open_memory
from tests.facts import NOW, ago, bring, person_id, who

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    for name in ("Joe Brown", "Mary Jones"):
        people.add_person(db, name, NOW, company="Alder & Finch")
    return db


def on_page(db: Desk, person: int) -> list[str]:
    return [item.note.text for item in review.stretch(db, person, Filter()).items if item.note]


def test_a_note_keeps_all_that_was_said_about_it(db: Desk) -> None:
    note, changes = notes.write(
        db, "  Called.\n\nTwo lines ", NOW, person_id=1, kind=NoteKind.CALL, minutes=12, happened=ago(days=2), uid="u-1"
    )
    assert rows.get(db, note.id) == note == rows.by_uid(db, "u-1")
    assert (note.text, note.kind, note.minutes, note.happened, note.saved) == ("  Called.\n\nTwo lines ", NoteKind.CALL, 12, ago(days=2), NOW)
    assert (changes.people, changes.undo) == ({1}, "Call with Joe Brown")
    edited, _ = notes.write(db, "Called again.", LATER, note_id=note.id, kind=NoteKind.MEETING)
    assert (edited.happened, edited.saved, edited.person_id, edited.kind) == (ago(days=2), LATER, 1, NoteKind.MEETING)


@pytest.mark.parametrize("text", ["", " ", "\n\t \u00a0"])
def test_an_empty_note_is_refused_and_keeps_the_draft(db: Desk, text: str) -> None:
    drafts.save(db, "anywhere", "half a sen", NOW)
    with pytest.raises(UserMistake, match="empty"):
        notes.write(db, text, NOW, person_id=1, slot="anywhere")
    kept = drafts.get(db, "anywhere")
    assert kept is not None and kept.text == "half a sen"
    assert on_page(db, 1) == []


@pytest.mark.parametrize(("person", "company", "note"), [(None, None, None), (1, 1, None), (None, None, 99), (99, None, None), (None, 99, None)])
def test_a_note_belongs_to_one_and_words_stay(db: Desk, person: int | None, company: int | None, note: int | None) -> None:
    drafts.save(db, "anywhere", "words", NOW)
    with pytest.raises(UserMistake, match="still in the composer"):
        notes.write(db, "words", NOW, person_id=person, company_id=company, note_id=note, slot="anywhere")
    assert drafts.get(db, "anywhere") is not None


def test_a_draft_is_on_disk_at_once_and_gone_when_kept(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    people.add_person(db, "Joe Brown", NOW)
    slot = drafts.slot_for(person_uid="u")
    assert drafts.save(db, slot, "half a sen", NOW, NoteKind.CALL, 5, ago(days=1)) == NOW
    other = open_desk(tmp_path)  # as the next start would, without a close of the first
    assert drafts.get(other, slot) == drafts.Draft(slot=slot, text="half a sen", kind=NoteKind.CALL, minutes=5, happened=ago(days=1), saved=NOW)
    other.close()
    notes.write(db, "half a sentence", NOW, person_id=1, slot=slot)
    assert drafts.get(db, slot) is None
    db.close()


def test_an_emptied_draft_is_dropped_and_slots_do_not_mix(db: Desk) -> None:
    slots = [drafts.slot_for(), drafts.slot_for(person_uid="a"), drafts.slot_for(company_uid="a"), drafts.slot_for(note_uid="a", person_uid="a")]
    assert slots == ["anywhere", "person:a", "company:a", "note:a"]
    for n, slot in enumerate(slots):
        drafts.save(db, slot, f"words {n}", NOW + timedelta(seconds=n))
    drafts.save(db, slots[1], " \n", LATER)
    assert rows.drafts(db) == (("note:a", "words 3"), ("company:a", "words 2"), ("anywhere", "words 0"))


def test_every_wording_newest_first_and_none_twice(db: Desk) -> None:
    note, _ = notes.write(db, "one", NOW, person_id=1)
    for n, text in enumerate(("two", "two", "three"), start=1):
        notes.write(db, text, NOW + timedelta(hours=n), note_id=note.id)
    assert notes.versions(db, note.id) == ((NOW + timedelta(hours=2), "two"), (NOW, "one"))
    back, _ = notes.use_version(db, note.id, "one", NOW + timedelta(hours=5))
    assert back.text == "one"
    assert next(text for _, text in notes.versions(db, note.id)) == "three"
    assert searching.text(db, "three") == () and len(searching.text(db, "one")) == 1


def test_undo_of_a_new_note_puts_it_in_the_trash_and_redo_brings_it_back(db: Desk) -> None:
    note, _ = notes.write(db, "precious words", NOW, person_id=1)
    people.undo(db, LATER)
    assert on_page(db, 1) == [] and [n.text for n in rows.trash(db)] == ["precious words"]
    assert searching.text(db, "precious") == ()
    people.redo(db)
    assert on_page(db, 1) == ["precious words"] and rows.trash(db) == ()
    assert len(searching.text(db, "precious")) == 1
    assert rows.get(db, note.id) == note


def test_undo_of_an_edit_keeps_both_wordings(db: Desk) -> None:
    note, _ = notes.write(db, "first words", NOW, person_id=1)
    notes.write(db, "second words", LATER, note_id=note.id, happened=ago(days=1))
    people.undo(db, LATER)
    now = rows.get(db, note.id)
    assert now is not None and (now.text, now.happened) == ("first words", NOW)
    assert {text for _, text in notes.versions(db, note.id)} >= {"second words"}
    people.redo(db)
    now = rows.get(db, note.id)
    assert now is not None and (now.text, now.happened) == ("second words", ago(days=1))
    assert {"first words"} <= {text for _, text in notes.versions(db, note.id)}


def test_undo_of_an_edit_gives_back_whom_it_named(db: Desk) -> None:
    note, _ = notes.write(db, "ask @Mary Jones", NOW, person_id=1)
    notes.write(db, "ask nobody", LATER, note_id=note.id)
    assert on_page(db, 2) == []
    people.undo(db, LATER)
    assert on_page(db, 2) == ["ask @Mary Jones"]
    people.redo(db)
    assert on_page(db, 2) == []


def test_the_trash_holds_thirty_days_and_gives_back(db: Desk) -> None:
    one, _ = notes.write(db, "one", NOW, person_id=1)
    two, _ = notes.write(db, "two", NOW, person_id=1)
    notes.throw_away(db, one.id, NOW)
    notes.throw_away(db, two.id, LATER)
    assert [n.text for n in rows.trash(db)] == ["two", "one"]
    notes.bring_back(db, two.id, LATER)
    assert on_page(db, 1) == ["two"] and len(searching.text(db, "two")) == 1
    assert notes.tidy_trash(db, NOW + timedelta(days=30)) == 0
    assert notes.tidy_trash(db, NOW + timedelta(days=30, seconds=1)) == 1
    assert [n.text for n in rows.trash(db)] == [] and rows.versions(db, one.id) == ()
    for step in (lambda: notes.bring_back(db, one.id, LATER), lambda: notes.throw_away(db, one.id, LATER), lambda: notes.use_version(db, one.id, "x", LATER)):
        with pytest.raises(UserMistake, match="no longer"):
            step()
    assert on_page(db, 1) == ["two"]


def test_throwing_away_can_be_taken_back(db: Desk) -> None:
    note, _ = notes.write(db, "words", NOW, person_id=1)
    assert notes.throw_away(db, note.id, LATER).undo == "Note “words” is in the trash"
    people.undo(db, LATER)
    assert on_page(db, 1) == ["words"] and len(searching.text(db, "words")) == 1


def test_who_is_named_sees_the_note_and_the_subject_is_not_named_twice(db: Desk) -> None:
    note, changes = notes.write(db, "@Joe Brown met @mary jones and @Nobody", NOW, person_id=1)
    assert note.mentions == (2,) and changes.people == {1, 2}
    assert on_page(db, 1) == on_page(db, 2) == [note.text]
    notes.throw_away(db, note.id, LATER)
    assert on_page(db, 2) == []


def test_a_note_on_a_company_stays_off_its_peoples_pages(db: Desk) -> None:
    note, changes = notes.write(db, "New tender", NOW, company_id=1)
    assert changes.companies and changes.undo == "Note on Alder & Finch"
    page = review.company_review(db, 1, NOW)
    assert page is not None and [i.note for i in page.notes] == [note]
    assert on_page(db, person_id(db, "Joe Brown")) == []


def test_what_no_desk_can_hold_costs_no_other_word(db: Desk) -> None:
    drafts.save(db, "anywhere", "caf\udce9 \x00au lait", NOW)
    kept = drafts.get(db, "anywhere")
    assert kept is not None and kept.text == "caf? au lait"
    assert notes.write(db, "caf\udce9 \x00au lait", NOW, person_id=1)[0].text == "caf? au lait"
    assert searching.text(db, "caf\udce9") != ()


@pytest.mark.parametrize("minutes", [-1, 2**70])
def test_a_meeting_has_an_end(db: Desk, minutes: int) -> None:
    with pytest.raises(UserMistake, match="still in the composer"):
        notes.write(db, "words", NOW, person_id=1, minutes=minutes)


def test_words_survive_as_they_are(db: Desk) -> None:
    text = "tab\tquote ' \" ; -- 会議 \u202eevil\u202c é e\u0301 🎉 " + "long " * 50_000
    note, _ = notes.write(db, text, NOW, person_id=1)
    stored = rows.get(db, note.id)
    assert stored is not None and stored.text == text


def test_a_note_that_comes_back_from_the_trash_names_whom_it_named_whatever_they_are_called_since(db: Desk) -> None:
    bring(db, [who("Karl Nord"), who("Ida Holm")])
    karl = person_id(db, "Karl Nord")
    notes.write(db, "ask @Karl Nord", NOW, person_id=person_id(db, "Ida Holm"))
    (note_id,) = db.execute("SELECT max(id) FROM notes").fetchone()
    people.edit_person(db, karl, NOW, name="Karl North")
    notes.throw_away(db, note_id, NOW)
    people.undo(db, NOW)
    assert [row[0] for row in db.execute("SELECT person_id FROM note_mentions WHERE note_id = ?", (note_id,))] == [karl]
