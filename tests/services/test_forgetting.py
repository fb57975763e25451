"""Forget a person: nothing of them is left in the file, and what arrives of them again is dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from relationdesk.derived import Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Key, Kind, Precision, Profile, Rejected, Role
from relationdesk.services import (
    agenda,
    backup,
    capturing,
    combining,
    drafts,
    forgetting,
    import_undo,
    importing,
    notes,
    particulars,
    people,
    rounds,
    routing,
    tasks,
    wishes,
)
from relationdesk.services.capturing import Words
from relationdesk.store import batches, database, ledger, profiles, reports
from relationdesk.store import notes as note_rows
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, transaction
from relationdesk.store.reports import Report
from relationdesk.store.routes import RouteKind
from relationdesk.wishes import WantedRhythm
from tests.facts import NOW, arrive, bring, did, person_id, profile_id, who

SECRETS = (
    "Zebulon Quux", "zebulon.quux", "zq-linked", "zebu@quux.example", "zebu-says", "zebu-private", "zebu-note", "zebu-version", "zebu-draft",
    "zebu-tag", "Zebulon the Second", "zebu-title", "zebu-thrown", "zebu-remark", "zebu-once", "zebu-by-hand",
    "zebu-corrected", "zebu-removed", "zebu-bio", "zebu-asked", "zebu-task", "zebu-changed", "zebu-off",
    "zebu-dog", "zebu-cat", "zebu-answered", "zebu-taken-back", "zebu-typed",
)  # fmt: skip
ME = who("Sam Carter", owner=True)
ZEB = who("Zebulon Quux", "linkedin", "zq-linked", mail="zebu@quux.example", vouched=True, title="zebu-title", bio="zebu-bio")
TWO = who("Zebulon the Second", id_="zebulon.quux")
MARY = who("Mary Jones")


def fill(db: Desk) -> None:
    bring(db, [ME, ZEB, TWO, MARY, did(ZEB, "zq-linked/1", text="zebu-says hello"), did(TWO, "zebulon.quux/2", text="zebu-says again"),
               did(ME, "m1", text="zebu-private", to=[TWO], private=True), did(ME, "m2", text="to both", to=[TWO, MARY], private=True),
               did(MARY, "c1", text="public words", to=[TWO])])  # fmt: skip
    bring(db, [ZEB, did(ZEB, "zq-linked/1", text="zebu-says it otherwise")])
    zeb, second, mary = (person_id(db, name) for name in ("Zebulon Quux", "Zebulon the Second", "Mary Jones"))
    people.set_tags(db, zeb, ("zebu-tag",), NOW)
    people.make_bucket(db, "VIP", NOW)
    people.set_in_bucket(db, 1, (zeb, mary), True, NOW)
    note, _ = notes.write(db, "zebu-version", NOW, person_id=zeb)
    notes.write(db, "zebu-note", NOW, person_id=zeb, note_id=note.id)
    thrown, _ = notes.write(db, "zebu-thrown", NOW, person_id=zeb)
    notes.throw_away(db, thrown.id, NOW)
    notes.write(db, "about the fair", NOW, person_id=mary)
    routing.put(db, Key("linkedin", "zq-linked/1"), RouteKind.COMPLAINT, NOW, "zebu-remark")
    said = Words(place="linkedin", text="zebu-by-hand", kind=Kind.POST, published=NOW, precision=Precision.MINUTE)
    written, _ = capturing.capture(db, zeb, said, NOW)
    capturing.change(db, written.key, replace(said, text="zebu-corrected"), NOW)
    removed, _ = capturing.capture(db, zeb, replace(said, text="zebu-removed"), NOW)
    mine = Words(place="mastodon", text="my public words", kind=Kind.COMMENT, whom=((TWO.key, Role.REPLY_TO), (MARY.key, Role.MENTIONED)))
    me = person_id(db, "Sam Carter")
    capturing.capture(db, me, mine, NOW)
    capturing.capture(db, me, replace(mine, text="zebu-answered", kind=Kind.MESSAGE, whom=mine.whom[:1]), NOW)
    taken, _ = capturing.capture(db, me, replace(mine, text="zebu-taken-back"), NOW)
    capturing.remove(db, taken.key, NOW)
    capturing.remove(db, removed.key, NOW)
    once, _ = routing.put(db, Key("linkedin", "zq-linked/1"), RouteKind.SUGGESTION, NOW)
    routing.set_remark(db, once.id, "zebu-once", NOW)
    routing.take_off(db, once.id, NOW)
    marys, _ = routing.put(db, Key("mastodon", "c1"), RouteKind.SUGGESTION, NOW)
    routing.passed_on(db, [marys.id], "zebu@quux.example", NOW)
    people.keep_apart(db, profile_id(db, MARY), zeb, NOW)
    wishes.wish(db, zeb, NOW, every_days=30, source="zebu-asked")
    wishes.want(db, WantedRhythm(wished_days=14), NOW, person_id=zeb)
    tasks.add(db, "zebu-task", NOW, person_id=zeb)
    off, _ = tasks.add(db, "zebu-off", NOW, person_id=second)
    tasks.edit(db, off.id, NOW, text="zebu-changed", mine=True, due=None)
    tasks.remove(db, off.id, NOW)
    particulars.keep(db, zeb, "dog", "zebu-dog", NOW)
    cat, _ = particulars.keep(db, second, "cat", "zebu-cat", NOW)
    particulars.remove(db, cat.id, NOW)
    particulars.keep(db, mary, "dog", "Rex", NOW)
    uid = persons.get(db, zeb).uid  # type: ignore[union-attr]
    agenda.answer(db, Prompt(key=f"gone_quiet:{uid}:x", rule="gone_quiet", person_id=zeb, title="Zebulon Quux is quiet", because="", evidence=()), "done", NOW)
    with transaction(db):
        note_rows.set_draft(db, f"person:{uid}", "zebu-draft", "note", 0, None, 0)
        reports.keep(db, 1, Report(read=2, refused=1, rejects=(Rejected(where="line 3", reason="zebu@quux.example is no address"),), warnings=("Zebulon Quux twice",)))
        db.execute("UPDATE batches SET name = 'Zebulon Quux.vcf' WHERE id = 1")
    two = persons.get(db, second).uid  # type: ignore[union-attr]
    drafts.save(db, f"person:{two}", "zebu-typed", NOW)
    combining.combine(db, zeb, second, NOW)
    found, _ = rounds.begin(db, "people", "zebulon", NOW)
    rounds.settle(db, found.id, None, "done", NOW)


@pytest.fixture
def db(tmp_path: Path) -> Desk:
    db = database.open_desk(tmp_path / "desk")
    fill(db)
    return db


def found_in(folder: Path) -> set[str]:
    """Which of the secrets stand anywhere in the desk's files, in any of the ways in which text is stored."""
    files = [path.read_bytes() for path in folder.glob("desk.db*")]
    return {secret for secret in SECRETS for data in files if secret.casefold().encode() in data.lower()}


def test_not_a_byte_is_left(db: Desk, tmp_path: Path) -> None:
    """The danger G3 of the trust requirements: strings of theirs in every table, then none anywhere."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert found_in(tmp_path / "desk") == set(SECRETS)
    uid = persons.find(db, "Zebulon Quux").uid
    done = forgetting.forget(db, person_id(db, "Zebulon Quux"), NOW)
    assert (done.plan.profiles, done.plan.activities, done.plan.notes, done.copies) == (2, 5, 2, ())
    assert found_in(tmp_path / "desk") == set()
    assert uid.encode() not in (tmp_path / "desk" / "desk.db").read_bytes()
    for check in ("quick_check", "foreign_key_check"):
        assert db.execute(f"PRAGMA {check}").fetchall() in ([("ok",)], [])
    db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('integrity-check')")


def test_of_one_who_was_another_for_a_while_no_typed_word_is_left_with_that_one(db: Desk, tmp_path: Path) -> None:
    """Their draft stood in one text with that of the other, until the combining was taken back."""
    joe, mary = people.add_person(db, "Joe Brown", NOW)[0], person_id(db, "Mary Jones")
    for whom, words in ((joe, "joes-words"), (mary, "marys-words")):
        drafts.save(db, f"person:{persons.get(db, whom).uid}", words, NOW)  # type: ignore[union-attr]
    combining.combine(db, mary, joe, NOW)
    people.undo(db, NOW)
    forgetting.forget(db, joe, NOW)
    assert [text for _, text in note_rows.drafts(db) if "words" in text] == ["marys-words"]
    assert not any(b"joes-words" in path.read_bytes() for path in (tmp_path / "desk").glob("desk.db*"))


def test_what_is_about_others_stays(db: Desk) -> None:
    forgetting.forget(db, person_id(db, "Zebulon Quux"), NOW)
    mary = person_id(db, "Mary Jones")
    assert {row[0] for row in db.execute("SELECT text FROM activities")} == {"to both", "public words", "my public words"}
    assert db.execute("SELECT text, whom FROM captures").fetchall() == [("my public words", f'[["mastodon", "{MARY.key.native_id}", 4]]')]
    assert [note.text for note in note_rows.of_person(db, mary)] == ["about the fair"]
    assert list(db.execute("SELECT person_id FROM bucket_people")) == [(mary,)]
    sentences = [entry.sentence for entry in ledger.entries(db)]
    assert "New bucket VIP" in sentences and "2 people added to VIP" in sentences
    people.undo(db, NOW, next(e.id for e in ledger.entries(db) if e.sentence == "2 people added to VIP"))
    assert db.execute("SELECT count(*) FROM bucket_people").fetchone() == (0,)


@pytest.mark.parametrize("again", [bring, arrive])
def test_neither_an_import_nor_a_sync_brings_them_back(db: Desk, again: object, tmp_path: Path) -> None:
    forgetting.forget(db, person_id(db, "Zebulon Quux"), NOW)
    before = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("profiles", "people", "activities", "participants")}
    merged = again(db, [ME, ZEB, TWO, MARY, did(ZEB, "zq-linked/1"), did(TWO, "new"), did(ME, "m1", text="zebu-private", to=[TWO], private=True),  # type: ignore[operator]
                        did(ME, "m2", text="to both", to=[TWO, MARY], private=True)])  # fmt: skip
    assert {table: db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in before} == before
    assert (merged.counts.new_profiles, merged.counts.new_activities, merged.counts.dropped) == (0, 0, 3)
    assert not {row[0] for row in db.execute("SELECT native_id FROM forgotten")} & {"zq-linked", "zebulon.quux"}


def test_whoever_is_new_comes_in_all_the_same(db: Desk) -> None:
    forgetting.forget(db, person_id(db, "Zebulon Quux"), NOW)
    new = who("Zebulon Quux", "mastodon", "another.zebulon")
    bring(db, [new, did(new, "hello")])
    assert profiles.by_key(db, Key("mastodon", "another.zebulon")) is not None


CARD = who("Ada Quill", "contacts", "card-1", mail="ada@quill.example")


@pytest.mark.parametrize(
    ("again", "comes"),
    [
        (who("", "mail", "ada@quill.example", mail="ada@quill.example", known=False), False),  # their mailbox, read for the first time
        (who("Quill, Ada", "mail", "ada@quill.example", mail="ada@quill.example", known=False), False),
        (who("Ada  QUILL", "contacts", "card-7", mail="ada@quill.example"), False),  # the card, numbered anew by another program
        (who("Ada Quill", "contacts", "card-8", mail="another@quill.example"), True),
        (who("Ben Quill", "contacts", "card-9", mail="ada@quill.example"), True),
        (who("Ada Quill", "mail", "ben@quill.example", mail="ben@quill.example", known=False), True),
    ],
)  # fmt: skip
def test_whoever_is_forgotten_is_known_again_by_their_mail_address(db: Desk, again: Profile, comes: bool) -> None:
    bring(db, [CARD])
    forgetting.forget(db, person_id(db, "Ada Quill"), NOW)
    arrive(db, [again, did(again, "hello")])
    assert (profiles.by_key(db, again.key) is not None) is comes
    assert bool(db.execute("SELECT count(*) FROM activities WHERE native_id = 'hello'").fetchone()[0]) is comes


def test_a_mailbox_that_somebody_else_has_too_is_not_forgotten_with_them(db: Desk) -> None:
    bring(db, [CARD, who("Ben Quill", "contacts", "card-2", mail="ada@quill.example")])
    forgetting.forget(db, person_id(db, "Ada Quill"), NOW)
    box = who("Ben Quill", "mail", "ada@quill.example", mail="ada@quill.example", known=False)
    arrive(db, [box, did(box, "hello")])
    assert profiles.by_key(db, box.key) is not None


def test_a_copy_holds_also_whom_nobody_had_been_told_apart_in_it(db: Desk) -> None:
    """When it was made, their profile waited on Who is this?; and somebody who became part of them was a person of their own."""
    waits = who("Una Quist", known=False)
    arrive(db, [waits, did(waits, "hello")])
    backup.before_bulk(db)
    people.new_person(db, profile_id(db, waits), NOW)
    assert len(forgetting.plan(db, person_id(db, "Una Quist")).copies) == 1
    unknown, _ = people.add_person(db, "Pim Holt", NOW)
    assert forgetting.plan(db, unknown).copies == ()
    combining.combine(db, unknown, person_id(db, "Mary Jones"), NOW)
    assert len(forgetting.plan(db, unknown).copies) == 1


def test_copies_that_hold_them_are_named_or_removed(db: Desk, tmp_path: Path) -> None:
    backup.before_bulk(db)
    zeb = person_id(db, "Zebulon Quux")
    (copy,) = forgetting.plan(db, zeb).copies
    done = forgetting.forget(db, zeb, NOW)
    assert [(c.path, (until - c.at).days) for c, until in done.copies] == [(copy.path, 372)]
    mary = person_id(db, "Mary Jones")
    assert len(forgetting.plan(db, mary).copies) == 1
    done = forgetting.forget(db, mary, NOW, with_copies=True)
    assert done.copies == () and not copy.path.exists()
    (fresh,) = backup.copies(tmp_path / "desk")
    assert fresh.label == "after-forgetting"


def test_the_owner_and_nobody_are_refused(db: Desk) -> None:
    for whom in (person_id(db, "Sam Carter"), 999):
        with pytest.raises(UserMistake, match="Nothing was changed"):
            forgetting.forget(db, whom, NOW)
    assert person_id(db, "Zebulon Quux")


def test_an_import_from_before_can_still_be_taken_out(db: Desk) -> None:

    forgetting.forget(db, person_id(db, "Zebulon Quux"), NOW)
    import_undo.undo(db, NOW, 2)
    import_undo.undo(db, NOW, 1)
    assert batches.every(db)[0].undone
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_that_i_am_connected_with_them_goes_too_and_does_not_come_back(db: Desk, tmp_path: Path) -> None:
    """LinkedIn names that by whose page it is: the id alone would tell who it was."""
    file = tmp_path / "Connections.csv"
    head = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    rows = "".join(f"{given},Quill,https://www.linkedin.com/in/{given.lower()}-quill,,,,03 May 2019\n" for given in ("Petra", "Hugo"))
    file.write_text(head + rows, encoding="utf-8")
    importing.import_now(db, file, now=NOW)
    forgetting.forget(db, person_id(db, "Petra Quill"), NOW)
    for _ in range(2):
        said = "\n".join(db.iterdump()).lower()
        assert "petra" not in said and "connection:hugo-quill" in said
        importing.import_now(db, file, now=NOW)
