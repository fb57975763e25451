"""Search in any script, with operators, and nothing typed can break it."""

from __future__ import annotations

import random

import pytest

from relationdesk.model import Kind, Tombstone
from relationdesk.services import notes, people
from relationdesk.store import search
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, bring, did, person_id, who

JOE, ANNA = who("Joe Brown"), who("Anna Wikström", "linkedin")
GARY = who("Gary Stranger", "x", "gary@x.example", known=False)
"""Nobody's yet; and nobody knows when he wrote."""


@pytest.fixture(scope="module")
def db() -> Desk:
    db = open_memory()
    bring(db, [
        JOE, ANNA, did(JOE, "1", ago(days=9), "The panel meter is running well"),
        did(JOE, "2", ago(days=5), "panel discussion about invoices"), did(ANNA, "3", ago(days=3), "Über den Zähler, panel"),
        did(JOE, "4", ago(days=2), "東京で会議があります"), did(JOE, "5", ago(days=1), "ประชุมที่กรุงเทพ", kind=Kind.REPLY),
        did(ANNA, "6", ago(hours=9), "اجتماع في القاهرة"), did(ANNA, "7", ago(hours=8), "Встреча в Москве"),
    ])
    bring(db, [GARY, did(GARY, "8", None, "An offer 🎉 from the Straße")])  # fmt: skip
    joe = person_id(db, "Joe Brown")
    notes.write(db, "He wants a panel offer; call back 会議", ago(days=4), person_id=joe)
    people.make_bucket(db, "VIP", NOW)
    people.set_in_bucket(db, 1, (joe,), True, NOW)
    return db


def found(db: Desk, typed: str) -> list[str]:
    """What was found, as native ids; "n" for the note."""
    hits = search.search(db, search.parse(typed))
    return [hit.item.activity.key.native_id if hit.item.activity else "n" for hit in hits]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("panel", ["3", "n", "2", "1"]), ("PANEL", ["3", "n", "2", "1"]), ("pan", ["3", "n", "2", "1"]), ("panel meter", ["1"]),
        ('"panel meter"', ["1"]), ('"meter panel"', []), ("panel -invoices", ["3", "n", "1"]), ("run ", ["1"]),
        ("uber", ["3"]), ("zahler", ["3"]), ("from:joe panel", ["n", "2", "1"]), ("from:wikström panel", ["3"]),
        ("from:wikstrom panel", ["3"]), ("in:vip panel", ["n", "2", "1"]), ("in:nobody panel", []), ("place:linkedin panel", ["3"]),
        ("kind:reply ", ["5"]), ("kind:note panel", ["n"]), ("place:notes panel", ["n"]), ("会", ["4", "n"]), ("会議", ["4", "n"]),
        ("東京", ["4"]), ("東議", []), ("ประ", ["5"]), ("กรุงเทพ", ["5"]), ("ป", ["5"]), ("اجتماع", ["6"]), ("Москве", ["7"]),
        ("москв", ["7"]), ("panel after:2026-11-17", ["3"]), ("panel before:2026-11-14", ["1"]), ("p1", []), ("panel p1", []),
        ("-panel", ["7", "6", "5", "4", "8"]), ("-panel -invoices", ["7", "6", "5", "4", "8"]), ("from:joe -panel", ["5", "4"]), ("place:linkedin -panel", ["7", "6"]),
        ("-from:joe panel", ["3"]), ("-place:linkedin panel", ["n", "2", "1"]), ("-kind:note panel", ["3", "2", "1"]), ("-in:vip panel", ["3"]),
        ("kind:note -panel", []), ("from:anna from:joe panel", ["3", "n", "2", "1"]), ("from:anna in:vip panel", []), ("place:linkedin place:notes panel", ["3", "n"]),
        ("panel place:mastodon -invoices", ["1"]), ("pan place:mastodon", []), ("pan* place:mastodon", ["2", "1"]), ('"panel met', ["1"]),
        ("panel -会議", ["3", "2", "1"]), ("会 -panel", ["4"]), ("-会 place:mastodon", ["5", "2", "1"]), ("panel OR meter", []), ("pan*", ["3", "n", "2", "1"]),
        ("before:2026-11-15 panel", ["1"]), ("-after:2026-11-14 panel", ["1"]), ("from:gary offer", ["8"]), ("from:gary@x.example ", ["8"]), ("offer -from:gary", ["n"]),
        ("🎉", ["8"]), ("offer -🎉", ["n"]), ("strasse", ["8"]), ("from:joe kind:post place:mastodon", ["4", "2", "1"]), ("_ panel", ["3", "n", "2", "1"]),
    ],
)  # fmt: skip
def test_what_is_found(db: Desk, typed: str, ids: list[str]) -> None:
    assert found(db, typed) == ids


@pytest.mark.parametrize("typed", ['" OR *', "NEAR(", '"', '""', "panel AND", "(", "text:panel", "*", "-", "--", "a\x00b", "'; DROP TABLE people; --", "{text title}: x", "^panel", "panel*", "from:", 'from:"', "before:x", "²", "_", "ـ", "会 ^ \"", "\ud83d\ude00", "\u200b", "NOT NOT", "col : x"])  # fmt: skip
def test_nothing_typed_can_break_it(db: Desk, typed: str) -> None:
    found(db, typed)


def test_random_punctuation_never_raises(db: Desk) -> None:
    dice = random.Random(5)
    alphabet = "\"'()*:^{}-+ aé会ปx_.,;?!@#%&|<>~`\\/\t\n0" + "from:in:ANDORNOTNEAR"
    for _ in range(3000):
        found(db, "".join(dice.choice(alphabet) for _ in range(dice.randint(1, 14))))


def test_snippets_mark_what_was_found(db: Desk) -> None:
    hits = search.search(db, search.parse("meter"))
    assert f"{search.MARK_START}meter{search.MARK_END}" in hits[0].snippet


def test_pages_join_without_gap_or_repeat(db: Desk) -> None:
    everything, paged, before = found(db, "panel"), [], 2**62
    while hits := search.search(db, search.parse("panel"), before=before, limit=1):
        paged += [hit.item.activity.key.native_id if hit.item.activity else "n" for hit in hits]
        before = hits[-1].item.id
    assert paged == everything


def test_only_within_one_person(db: Desk) -> None:
    hits = search.search(db, search.parse("panel"), people=(person_id(db, "Anna Wikström"),))
    assert [hit.item.activity.key.native_id for hit in hits if hit.item.activity] == ["3"]


def test_what_has_the_same_time_stays_on_one_page() -> None:
    db = open_memory()
    bring(db, [JOE, did(JOE, "1", ago(days=1), "panel"), did(JOE, "2", ago(days=2), "panel")])
    for n in range(3):
        notes.write(db, f"panel {n}", ago(days=1), person_id=person_id(db, "Joe Brown"))
    seen, before = [], 2**62
    while hits := search.search(db, search.parse("panel"), before=before, limit=1):
        seen += [hit.item.note.text if hit.item.note else hit.item.activity.key.native_id if hit.item.activity else "" for hit in hits]
        before = hits[-1].item.id
    assert sorted(seen) == ["1", "2", "panel 0", "panel 1", "panel 2"] and seen[-1] == "2"


def test_names_narrow_what_is_asked_within_one_person(db: Desk) -> None:
    anna = (person_id(db, "Anna Wikström"),)
    assert [h.item.activity.key.native_id for h in search.search(db, search.parse("from:anna panel"), people=anna) if h.item.activity] == ["3"]
    assert search.search(db, search.parse("from:joe panel"), people=anna) == ()


def test_what_is_edited_withdrawn_or_trashed_is_found_accordingly() -> None:
    db = open_memory()
    bring(db, [JOE, did(JOE, "1", text="first words"), did(JOE, "2", text="other words")])
    note_id = notes.write(db, "words of mine", NOW, person_id=person_id(db, "Joe Brown"))[0].id
    bring(db, [did(JOE, "1", text="second thoughts"), Tombstone(key=JOE.key._replace(native_id="2"))])
    assert found(db, "first") == [] and found(db, "thoughts") == ["1"] and found(db, "words") == ["n"]
    notes.write(db, "thoughts of mine", NOW, note_id=note_id)
    assert found(db, "words") == [] and sorted(found(db, "thoughts")) == ["1", "n"]
    notes.throw_away(db, note_id, NOW)
    assert found(db, "thoughts") == ["1"]
