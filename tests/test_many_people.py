"""Trap 15: with ten thousand people and many activities the list, a person, search and scrolling cost what they cost on a small desk.

Counted in steps of SQLite's machine, not timed, on the desk of the benchmarks (`bench/data.py`) in two sizes, one ten
times the other; how long things take is measured by `make bench` on a million activities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bench import data
from relationdesk.derived import Filter
from relationdesk.services import places, review, searching
from relationdesk.store import activities, buckets, people, profiles
from relationdesk.store.database import Desk, open_desk

pytestmark = pytest.mark.slow

SMALL = data.Size(people=1_000, profiles=4_000, activities=10_000, key_people=20, largest_profile=250)
LARGE = data.Size(people=10_000, profiles=40_000, activities=100_000, key_people=200, largest_profile=250)
KEY, TAIL, BUCKET = 3, 800, 2
STEPS_A_PERSON = 16
"""What looking through all of them may take for each: with ten thousand people it stays within a frame of 16 ms."""
EVERY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """The same desk twice, one with ten times the people and the activities of the other."""

    small: Desk
    large: Desk


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    folder = tmp_path_factory.mktemp("many")
    found = []
    for name, size in (("small", SMALL), ("large", LARGE)):
        data.build(folder / name, size)
        found.append(open_desk(folder / name))
    yield Desks(small=found[0], large=found[1])
    for db in found:
        db.close()


def steps(db: Desk, job: Callable[[Desk], object]) -> int:
    """How many steps SQLite takes for `job`, the second time, to the nearest tens."""
    count = 0

    def tick() -> bool:
        nonlocal count
        count += 1
        return False

    job(db)
    db.set_progress_handler(tick, EVERY)
    job(db)
    db.set_progress_handler(None, 0)
    return count * EVERY


def page(db: Desk, person: int, before: int = activities.FIRST) -> tuple[int, ...]:
    return tuple(item.id for item in activities.of_profiles(db, profiles.ids_of_person(db, person), Filter(), before=before))


def deep(db: Desk) -> tuple[int, ...]:
    return page(db, KEY, page(db, KEY, page(db, KEY)[-1])[-1])


ALIKE: dict[str, Callable[[Desk], object]] = {
    "a key person's newest": lambda db: page(db, KEY),
    "somebody's newest": lambda db: page(db, TAIL),
    "scrolling down": deep,
    "a person's page": lambda db: review.beginning(db, KEY),
    "a bucket's stream": lambda db: activities.of_people(db, buckets.people_of(db, BUCKET)),
    "a place": lambda db: places.stretch(db, "linkedin"),
    "the people list's first screen": lambda db: people.page(db, limit=60),
    "a common word": lambda db: searching.text(db, "the"),
    "three words": lambda db: searching.text(db, "energy meter hot"),
    "a word nobody wrote": lambda db: searching.text(db, "zzzz"),
}  # fmt: skip

ALL_NAMES: dict[str, Callable[[Desk], object]] = {
    "a letter": lambda db: people.page(db, query="a", limit=60),
    "a name": lambda db: people.page(db, query="ann k", limit=60),
    "nobody": lambda db: people.page(db, query="zzz", limit=60),
    "the palette": lambda db: searching.palette(db, "ann k"),
    "what stands beside a timeline": lambda db: review.review(db, KEY, data.NOW),
}  # fmt: skip


@pytest.mark.parametrize("what", ALIKE)
def test_trap_15_what_is_opened_costs_the_same_among_ten_times_the_people(desks: Desks, what: str) -> None:
    small, large = steps(desks.small, ALIKE[what]), steps(desks.large, ALIKE[what])
    assert large <= 1.5 * small + 1_000, f"{small} steps among {SMALL.people:,} people, {large} among {LARGE.people:,}"


@pytest.mark.parametrize("what", ALL_NAMES)
def test_trap_15_looking_through_ten_thousand_people_takes_a_few_steps_for_each(desks: Desks, what: str) -> None:
    assert steps(desks.large, ALL_NAMES[what]) <= STEPS_A_PERSON * LARGE.people
