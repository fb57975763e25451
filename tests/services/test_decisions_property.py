"""Random decisions about random profiles, all taken back in random order: the desk is as it was, and every cache is right."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Fact
from relationdesk.services import companions, matching, people, spans
from relationdesk.store import caches, ledger
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import NOW, ago, bring, did, state, who

NAMES, PLACES = ["Joe Brown", "Joe B. Brown", "Mary Jones", "Lee Hart", "J. Brown"], ["linkedin", "contacts", "mastodon", "mail"]
DECIDED = ("kept_apart", "tags", "spans")
ANSWERS: tuple[Callable[[Desk, int, int], object], ...] = (
    lambda db, profile, person: people.link(db, profile, person, NOW),
    lambda db, profile, person: people.link(db, profile, person, NOW),
    lambda db, profile, _: people.unlink(db, profile, NOW),
    lambda db, profile, _: people.new_person(db, profile, NOW),
    lambda db, profile, _: people.new_company(db, profile, NOW, "Fernwood"),
    lambda db, profile, _: people.settle(db, profile, "nobody", NOW),
    lambda db, profile, _: people.settle(db, profile, "later", NOW),
    lambda db, profile, person: people.keep_apart(db, profile, person, NOW),
    lambda db, profile, person: people.set_me(db, person, NOW),
    lambda db, profile, person: spans.link_for(db, profile, person, NOW, first=None, last=date(2026, 11, 10 + profile % 9)),
    lambda db, profile, person: spans.link_for(db, profile, person, NOW, first=date(2026, 11, 10 + person % 9), last=None),
    lambda db, profile, person: spans.take_from(db, profile, person, NOW),
    lambda db, profile, person: people.set_me(db, people.add_person(db, f"Hand {profile}", NOW)[0], NOW),
    lambda db, profile, person: people.set_tags(db, person, (str(profile),), NOW),
)


def desk(dice: random.Random) -> Desk:
    db = open_memory()
    facts: list[Fact] = [who("Sam Carter", owner=True)]
    for n in range(10):
        mail = dice.choice(["", "a@x.example", "b@x.example"])
        one = who(dice.choice(NAMES), dice.choice(PLACES), f"id{n}", mail=mail, vouched=dice.random() < 0.7, known=dice.random() < 0.6,
                  company=dice.choice(["", "Fernwood", "Alder"]))  # fmt: skip
        facts += [one, did(one, f"a{n}", ago(days=n))]
    half = dice.randint(1, len(facts) - 1)
    bring(db, facts[:half])
    bring(db, facts[half:])
    return db


def whole(db: Desk) -> dict[str, list[tuple[object, ...]]]:
    """All of it; of companies that there is something to show of their names, for one that everybody left may be made anew."""
    return {**state(db, *DECIDED), "companies": [(one.name,) for one in persons.companies(db)]}


@pytest.mark.parametrize("seed", [21, 84, *range(40)])
def test_all_taken_back_in_any_order_is_the_beginning(seed: int) -> None:
    dice = random.Random(seed)
    db = desk(dice)
    before = whole(db)
    for _ in range(8):
        profiles, persons = ([row[0] for row in db.execute(f"SELECT id FROM {table}")] for table in ("profiles", "people"))
        with suppress(UserMistake):
            dice.choice(ANSWERS)(db, dice.choice(profiles), dice.choice(persons))
        now = state(db)
        with transaction(db):
            caches.rebuild(db)
        assert state(db) == now
        assert companions.count_questions(db) == len(matching.waiting(db, limit=1000))
    made = [entry.id for entry in ledger.entries(db)]
    dice.shuffle(made)
    for n, decision in enumerate(made):
        people.undo(db, NOW + timedelta(seconds=n), decision)
    assert whole(db) == before
