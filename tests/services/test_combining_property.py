"""Random decisions with combining and splitting among them, imports and notes in between, some of them taken back in any order: the
desk is the same history played without them."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Key
from relationdesk.services import bulk_answers, combining, notes, particulars, people, routing, spans, tasks, wishes
from relationdesk.store import ledger, profiles
from relationdesk.store import people as persons
from relationdesk.store import wishes as wish_rows
from relationdesk.store.database import Desk
from relationdesk.store.routes import RouteKind
from relationdesk.wishes import WantedRhythm
from tests.facts import NOW, bring, did, who
from tests.histories import LOOSE, NAMES, assert_whole, find, fresh, loosely, profile, seen, waiting

LATER = NOW + timedelta(days=1)
SEEDS = range(int(os.environ.get("RELATIONDESK_HISTORIES", "60")))
"""A thousand are played by `make histories`."""


@dataclass
class Step:
    """names, text: of the people and the task that it was about when it was played first; played again, it is about the same."""

    kind: str
    seed: str
    play: Callable[[Desk, datetime, Step], object]
    names: list[str] = field(default_factory=list)
    text: str = ""

    def people(self, db: Desk) -> list[int]:
        """Two people, not the same one, chosen when it is played for the first time."""
        there = dict(db.execute("SELECT name, id FROM people ORDER BY name").fetchall())
        if not self.names:
            self.names = random.Random(self.seed).sample(sorted(there), min(2, len(there)))
        if len(self.names) < 2:
            raise UserMistake("everybody is one")
        if not set(self.names) <= there.keys():
            raise UserMistake("one of them is not there")
        return [there[name] for name in self.names]

    def one(self, db: Desk) -> int:
        return self.people(db)[0]

    def waiting(self, db: Desk) -> tuple[int, ...]:
        """Profiles that wait, chosen when it is played for the first time; who is somebody's is not asked about with the others."""
        self.names = self.names or [row[0] for row in db.execute("SELECT display_name FROM profiles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(waiting(db)),))]
        ids = tuple(profile(db, name) for name in self.names)
        if not set(ids) <= set(waiting(db)):
            raise UserMistake("one of them is answered")
        return ids

    def task(self, db: Desk) -> int:
        """An open one, chosen when it is played for the first time."""
        there = dict(db.execute("SELECT text, id FROM tasks WHERE done_at IS NULL ORDER BY text").fetchall())
        self.text = self.text or (random.Random(self.seed).choice(sorted(there)) if there else "")
        if self.text not in there:
            raise UserMistake("it is not there, or done")
        return int(there[self.text])


def step(dice: random.Random, n: int) -> Step:
    """One step, all its choices made now or when it is played first."""
    loose, seed, inside = dice.choice(LOOSE), str(dice.random()), dice.random() < 0.7
    anybody, tag = dice.choice((*NAMES, *LOOSE)), dice.choice(("one", "two", "three"))
    role, firm = dice.choice(("", "Buyer", "CTO", f"Role {n}")), dice.choice(("", "Harborline", "Alder", f"Firm {n}"))
    bucket, title, other = dice.choice(("VIP", "North")), dice.choice(("Buyer", "CTO")), dice.choice(NAMES)

    def apart(db: Desk, now: datetime, step: Step) -> object:
        of = step.one(db)
        theirs = profiles.of_person(db, of)
        chosen = [s.id for s in theirs if random.Random(seed + s.profile.display_name).random() < 0.5]
        going = [row[0] for row in db.execute("SELECT id, text FROM notes WHERE person_id = ?", (of,)) if random.Random(seed + row[1]).random() < 0.5]
        return combining.split(db, of, chosen, going, now, name=f"Split {n}", with_marks=inside)

    first, last = dice.choice((None, 1, 2)), dice.choice((None, 2, 3))

    def for_a_time(db: Desk, now: datetime, step: Step) -> object:
        days = [None if month is None else date(2026, month, 1) for month in (first, last)]
        return spans.link_for(db, profile(db, loose), step.one(db), now, first=days[0], last=days[1] or (None if days[0] else date(2026, 2, 2)))

    def tagged(db: Desk, now: datetime, step: Step) -> object:
        had = persons.get(db, step.one(db)).tags
        if inside == (tag in had):
            raise UserMistake("it is so already, so nothing is decided")
        return people.set_tags(db, step.one(db), (*had, tag) if inside else tuple(t for t in had if t != tag), now)

    def imported(db: Desk, now: datetime, _: Step) -> object:
        """Often a change of job."""
        actor = who(anybody, "linkedin", title=role, company=firm) if anybody in NAMES else loosely(anybody, role, firm)
        new = who(f"New {n}")
        return bring(db, [actor, new, did(actor, f"import-{n}", now), did(new, f"new-{n}", now)], now=now)

    said = Key("linkedin", f"begin-{dice.randrange(4)}") if inside else Key("mastodon", f"loose-{dice.randrange(4)}")

    kinds: list[tuple[str, Callable[[Desk, datetime, Step], object]]] = [
        ("combine", lambda db, now, step: combining.combine(db, *step.people(db), now)),
        ("combine", lambda db, now, step: combining.combine(db, *step.people(db), now)),
        ("split", apart),
        ("split", apart),
        ("link", lambda db, now, step: people.link(db, profile(db, loose), step.one(db), now)),
        ("span", for_a_time),
        ("span", for_a_time),
        ("taken", lambda db, now, step: spans.take_from(db, profile(db, anybody), step.one(db), now)),
        ("unlink", lambda db, now, step: people.unlink(db, profile(db, loose), now)),
        ("new person", lambda db, now, step: people.new_person(db, profile(db, loose), now, f"Made {n}")),
        ("keep apart", lambda db, now, step: people.keep_apart(db, profile(db, loose), step.one(db), now)),
        ("tags", tagged),
        ("into", lambda db, now, step: people.set_in_bucket(db, find(db, "buckets", "name", bucket), (step.one(db),), inside, now)),
        ("edit", lambda db, now, step: people.edit_person(db, step.one(db), now, name=persons.get(db, step.one(db)).name, title=title, company="")),
        ("edit role", lambda db, now, step: people.edit_person(db, step.one(db), now, title=role)),
        ("edit company", lambda db, now, step: people.edit_person(db, step.one(db), now, company=firm)),
        ("as told", lambda db, now, step: people.as_told(db, step.one(db), now)),
        ("add person", lambda db, now, _: people.add_person(db, f"Added {n}", now, company=firm, title=role)),
        ("company profile", lambda db, now, _: people.new_company(db, profile(db, loose), now, firm or "Fernwood")),
        ("settle", lambda db, now, _: people.settle(db, profile(db, loose), "nobody" if inside else "later", now)),
        ("all new", lambda db, now, step: bulk_answers.new_people(db, step.waiting(db), now)),
        ("all there", lambda db, now, step: bulk_answers.at_company(db, step.waiting(db), find(db, "companies", "name", "Harborline"), now)),
        ("all later", lambda db, now, step: bulk_answers.settle_all(db, step.waiting(db), "nobody" if inside else "later", now)),
        ("me", lambda db, now, step: people.set_me(db, step.one(db), now)),
        ("key company", lambda db, now, _: people.set_key_company(db, find(db, "companies", "name", "Harborline"), inside, now)),
        ("no prompts", lambda db, now, step: people.set_no_prompts(db, step.one(db), inside, now)),
        ("wish", lambda db, now, step: wishes.wish(db, step.one(db), now, places=("mail",) if inside else (), every_days=n + 1, source=f"asked {n}")),
        ("rhythm", lambda db, now, step: wishes.want(db, WantedRhythm(wished_days=n + 1), now, person_id=step.one(db))),
        ("no rhythm", lambda db, now, step: unwanted(db, now, step)),
        ("task", lambda db, now, step: tasks.add(db, f"task {n}", now, person_id=step.one(db), due=now.date() if inside else None)),
        ("task done", lambda db, now, step: tasks.done(db, step.task(db), now)),
        ("task off", lambda db, now, step: tasks.remove(db, step.task(db), now)),
        ("particular", lambda db, now, step: particulars.keep(db, step.one(db), f"label {n % 3}", f"words {n}", now)),
        ("note", lambda db, now, step: notes.write(db, f"words {n} {dice_number(n)} @{other}" + (f" >me note task {n} fri" if inside else ""), now, person_id=step.one(db))),
        ("route", lambda db, now, _: routing.put(db, said, RouteKind.COMPLAINT, now)),
        ("import", imported),
    ]
    kind, played = dice.choice(kinds)
    return Step(kind, seed, played)


def unwanted(db: Desk, now: datetime, step: Step) -> object:
    if wish_rows.own_rhythm(db, step.one(db)) is None:
        raise UserMistake("it is so already, so nothing is decided")
    return wishes.want(db, None, now, person_id=step.one(db))


def dice_number(n: int) -> str:
    return f"{random.Random(n).random():.9f}"


def begin() -> Desk:
    db = fresh()
    for name in ("VIP", "North"):
        people.make_bucket(db, name, NOW)
    return db


def play(db: Desk, steps: list[tuple[int, Step]]) -> dict[int, int | None]:
    """By number of the step: its decision, None for an import; steps that were refused are not there."""
    made: dict[int, int | None] = {}
    for n, one in steps:
        try:
            one.play(db, NOW + timedelta(minutes=n), one)
        except UserMistake:
            continue
        made[n] = None if one.kind == "import" else ledger.entries(db, 1)[0].id
    return made


def history(seed: int) -> tuple[list[tuple[int, Step]], random.Random]:
    dice = random.Random(f"combining {seed}")
    return [(n, step(dice, n)) for n in range(dice.randrange(4, 18))], dice


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_taken_back_was_never_decided(seed: int) -> None:
    steps, dice = history(seed)
    db = begin()
    made = play(db, steps)
    decided = [n for n, id_ in made.items() if id_ is not None]
    gone = dice.sample(decided, dice.randrange(1, len(decided) + 1)) if decided else []
    without = begin()
    rest = play(without, [(n, one) for n, one in steps if n not in gone])
    if rest.keys() != made.keys() - set(gone):
        pytest.skip("without them others could not have been decided either")
    kept: list[str] = []
    for n in gone:
        kept += people.undo(db, LATER, made[n])[0].kept
        assert_whole(db)
    told = [(n, one.kind, "gone" if n in gone else "") for n, one in steps if n in made]
    assert without_kept(db, kept) == without_kept(without, kept), (gone, told)
    for n in reversed(gone):
        people.redo(db, made[n])
        assert_whole(db)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_taken_back_is_the_beginning(seed: int) -> None:
    steps, dice = history(seed)
    db, plain = begin(), begin()
    play(plain, [(n, one) for n, one in steps if one.kind == "import"])
    made = [id_ for id_ in play(db, steps).values() if id_ is not None]
    kept: list[str] = []
    for id_ in dice.sample(made, len(made)):
        kept += people.undo(db, LATER, id_)[0].kept
        assert_whole(db)
    assert without_kept(db, kept) == without_kept(plain, kept)


def without_kept(db: Desk, kept: list[str]) -> dict[str, list[tuple[object, ...]]]:
    """What is seen; a person who was promised to stay, because later words or links rest on them, may stay with what is linked."""
    promised = {"people", "profiles", "variants", "apart", "companies"} if any("rest on it" in sentence for sentence in kept) else set()
    return {name: rows for name, rows in seen(db).items() if name not in promised}
