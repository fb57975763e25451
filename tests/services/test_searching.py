"""The palette finds people, companies and buckets by the beginnings of words; the text search stays within a person."""

from __future__ import annotations

import random

import pytest

from relationdesk.services import notes, particulars, people, searching, templates
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.templates import Purpose
from tests.facts import NOW, ago, bring, did, person_id, who

JOE = who("Joe Brown", company="Alder & Finch", title="Head of Energy")
ANNA = who("Anna Wikström", company="Harborline")
SAM = who("Sam Carter", owner=True)


@pytest.fixture(scope="module")
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, ANNA, SAM, *(did(JOE, f"{n}", ago(hours=n), f"panel meter {n}") for n in range(30)), did(ANNA, "a", text="panel")])
    people.make_bucket(db, "Active prospects", NOW)
    people.make_bucket(db, "Alder people", NOW)
    notes.write(db, "panel talk", NOW, person_id=person_id(db, "Joe Brown"))
    return db


@pytest.mark.parametrize(
    ("typed", "persons", "companies", "buckets"),
    [
        ("joe", ["Joe Brown"], [], []), ("WIKSTROM", ["Anna Wikström"], [], []), ("ald", ["Joe Brown"], ["Alder & Finch"], ["Alder people"]),
        ("pros", [], [], ["Active prospects"]), ("pro act", [], [], ["Active prospects"]), ("rospects", [], [], []), ("sam", ["Sam Carter"], [], []),
        ("zzz", [], [], []), ("head joe", ["Joe Brown"], [], []),
    ],
)  # fmt: skip
def test_every_typed_word_begins_a_word(db: Desk, typed: str, persons: list[str], companies: list[str], buckets: list[str]) -> None:
    found = searching.palette(db, typed)
    assert [p.name for p in found.people] == persons
    assert [c.name for c in found.companies] == companies
    assert [b.name for b in found.buckets] == buckets


def test_nothing_typed_offers_everything_up_to_a_limit(db: Desk) -> None:
    found = searching.palette(db, "", limit=2)
    assert (len(found.people), len(found.companies), len(found.buckets)) == (2, 2, 2)


def test_text_within_one_person_and_in_pages(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    everything = searching.text(db, "panel", person_id=joe, limit=100)
    assert len(everything) == 31 and all(h.item.note or h.item.actor_person == joe for h in everything)
    paged: list[searching.Hit] = []
    while page := searching.text(db, "panel", person_id=joe, before=paged[-1].item.id if paged else 2**62, limit=9):
        paged += page
    assert tuple(paged) == everything
    assert len(searching.text(db, "panel", limit=100)) == 32


def test_nothing_typed_breaks_either(db: Desk) -> None:
    dice = random.Random(11)
    for _ in range(500):
        typed = "".join(chr(dice.choice([dice.randint(0, 127), dice.randint(0, 0xFFFF), dice.randint(0, 0x10FFFF)])) for _ in range(dice.randint(0, 12)))
        typed = typed.encode("utf-8", "replace").decode()
        searching.palette(db, typed)
        searching.text(db, typed)
    searching.palette(db, "x" * 100_000)
    searching.text(db, "x " * 100_000)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kind:song panel", "There is no kind “song”. Kinds are post, reply,"), ("place:gopher", "Nothing in this desk is from a place “gopher”. Places here are notes"),
        ("in:nowhere panel", "There is no bucket “nowhere”."), ("-from:zeppelin panel", "Nobody in this desk is called “zeppelin”."),
        ("before:noon panel", "is no day"), ("- --", "There is nothing to search for in “- --”."), ("-panel", "Only words to leave out"),
        ("panel before:yesterday kind:note place:notes from:joe", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_operator_that_means_nothing_here_is_said(db: Desk, typed: str, said: str) -> None:
    found = searching.unclear(db, typed, NOW)
    assert (len(found) == 1 and said in found[0]) if said else found == ()


def test_days_in_words_are_the_users(db: Desk) -> None:
    everything = searching.text(db, "panel", limit=100)
    old, new = (searching.text(db, f"panel {how}:today", limit=100, now=NOW) for how in ("before", "after"))
    assert old and new and len(old) + len(new) == len(everything)


@pytest.mark.parametrize(
    ("typed", "minded", "names"),
    [("bruno", [("Joe Brown", "Bruno, the second")], []), ("dog bru", [("Joe Brown", "Bruno, the second")], []), ("SECOND", [("Joe Brown", "Bruno, the second")], []),
     ("runo", [], []), ("cafe", [("Anna Wikström", "Café crème")], []), ("thank", [], ["Thanks (for a talk)"]), ("talk", [], ["Thanks (for a talk)"]), ("meters", [], ["Thanks (for a talk)"]),
     ("", [], []), ("  ", [], []), ("dog zzz", [], [])],
)  # fmt: skip
def test_what_is_kept_is_found_by_its_words(typed: str, minded: list[tuple[str, str]], names: list[str]) -> None:
    db = open_memory()
    bring(db, [JOE, ANNA, SAM])
    particulars.keep(db, person_id(db, "Joe Brown"), "dog", "Bruno, the second", NOW)
    particulars.keep(db, person_id(db, "Anna Wikström"), "coffee", "Café crème", NOW)
    templates.save(db, NOW, name="Thanks (for a talk)", purpose=Purpose.MESSAGE, text="About the meters.")
    found = searching.kept(db, typed)
    assert [(person.name, one.text) for person, one in found.particulars] == minded
    assert [one.name for one in found.templates if "Thanks (for" in one.name] == names
