"""One mark, moved by several decisions: taken back and done again in any order, it is where the decisions in force put it."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations

import pytest

from relationdesk.services import people
from relationdesk.store import ledger
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, bring, person_id, who


def _desk(*, owned: bool) -> Desk:
    db = open_memory()
    bring(db, [who("Sam Carter", owner=owned), who("Joe Brown"), who("Mary Jones")])
    return db


def _me(db: Desk) -> str:
    found = persons.me(db)
    return found.name if found is not None else ""


def _moved_by_hand(db: Desk) -> list[int]:
    """Joe, then somebody who is added for it, then Mary: the ids of the decisions, that of the new person too."""
    people.set_me(db, person_id(db, "Joe Brown"), NOW)
    added, _ = people.add_person(db, "Ann Example", NOW)
    people.set_me(db, added, NOW)
    people.set_me(db, person_id(db, "Mary Jones"), NOW)
    return [entry.id for entry in reversed(ledger.entries(db, 4))]


@pytest.mark.parametrize("owned", [True, False])
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_taken_back_in_any_order(order: tuple[int, ...], owned: bool) -> None:
    db = _desk(owned=owned)
    decisions = _moved_by_hand(db)
    wanted = {decisions[0]: "Joe Brown", decisions[2]: "Ann Example", decisions[3]: "Mary Jones"}
    for n, at in enumerate(order):
        people.undo(db, NOW + timedelta(seconds=n), decisions[at])
        wanted.pop(decisions[at], None)
        assert _me(db) == (wanted[max(wanted)] if wanted else "Sam Carter" if owned else "")
    assert [p.name for p in persons.page(db, with_me=True)] == ["Joe Brown", "Mary Jones", "Sam Carter"]


@pytest.mark.parametrize("seed", range(20))
def test_done_again_in_any_order(seed: int) -> None:
    dice = random.Random(seed)
    db = _desk(owned=True)
    for name in ("Joe Brown", "Mary Jones", "Joe Brown", "Sam Carter"):
        people.set_me(db, person_id(db, name), NOW)
    force = {entry.id: entry.sentence.removeprefix("This is ").removesuffix("’s desk") for entry in ledger.entries(db)}
    gone: dict[int, str] = {}
    for n in range(12):
        if gone and (not force or dice.random() < 0.5):
            again = dice.choice(sorted(gone))
            ledger_entry = people.redo(db, again)[0].entry
            force[ledger_entry.id] = gone.pop(again)
        else:
            back = dice.choice(sorted(force))
            people.undo(db, NOW + timedelta(seconds=n), back)
            gone[back] = force.pop(back)
        assert _me(db) == (force[max(force)] if force else "Sam Carter")


def test_whom_an_import_marked_since_stays_marked() -> None:
    db = _desk(owned=False)
    people.set_me(db, person_id(db, "Joe Brown"), NOW)
    people.undo(db, NOW)
    bring(db, [who("Kim Lund", owner=True)])
    people.set_me(db, person_id(db, "Mary Jones"), NOW)
    people.undo(db, NOW)
    assert _me(db) == "Kim Lund"
