"""Pages by keyset, both ways, are the whole list; filters and participants included."""

from __future__ import annotations

import pytest

from relationdesk.derived import Filter, Item
from relationdesk.model import Direction, Kind
from relationdesk.store import activities, people
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import ago, bring, did, person_id, profile_id, who

JOE, SAM = who("Joe Brown"), who("Sam Carter", owner=True)


@pytest.fixture(scope="module")
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, SAM, *(did(JOE, f"j{n}", ago(hours=n // 3), kind=Kind.POST if n % 2 else Kind.SHARE) for n in range(120)),
               *(did(SAM, f"s{n}", ago(hours=n), to=[JOE]) for n in range(30)), did(SAM, "self", None)])  # fmt: skip
    return db


def every(db: Desk, which: Filter) -> tuple[Item, ...]:
    return activities.of_profiles(db, [profile_id(db, JOE)], which, limit=1000, mine=people.my_profiles(db))


@pytest.mark.parametrize(
    ("which", "n"),
    [(Filter(), 150), (Filter(kinds=frozenset({Kind.SHARE})), 60), (Filter(directions=frozenset({Direction.OUT})), 30),
     (Filter(directions=frozenset({Direction.IN})), 120), (Filter(since=ago(hours=10)), 44), (Filter(until=ago(hours=10)), 106),
     (Filter(places=frozenset({"linkedin"})), 0)],
)  # fmt: skip
def test_pages_both_ways_are_the_whole_list(db: Desk, which: Filter, n: int) -> None:
    whole, mine, profiles = every(db, which), people.my_profiles(db), [profile_id(db, JOE)]
    assert len(whole) == n
    down: list[Item] = []
    while page := activities.of_profiles(db, profiles, which, before=down[-1].id if down else activities.FIRST, limit=7, mine=mine):
        down += page
    up: list[Item] = []
    while page := activities.of_profiles(db, profiles, which, after=up[0].id if up else -(2**60), limit=7, mine=mine):
        up = [*page, *up]
    assert tuple(down) == whole == tuple(up)


def test_many_people_and_one_place(db: Desk) -> None:
    both = [person_id(db, "Joe Brown"), person_id(db, "Sam Carter")]
    first = activities.of_people(db, both, limit=20)
    rest = activities.of_people(db, both, before=first[-1].id, limit=1000)
    assert (*first, *rest) == activities.of_place(db, "mastodon", limit=1000)
    assert len(first) + len(rest) == 151


def test_what_goes_leaves_the_full_text_index_as_one_piece() -> None:
    """Counted in rows that are written, the index with them: a piece for each of them is what took an undo twice as long."""
    db = open_memory()
    bring(db, [JOE, *(did(JOE, f"j{n}", ago(hours=n), text=f"About order number {n}") for n in range(300))])
    ids, before = [row[0] for row in db.execute("SELECT id FROM activities ORDER BY id")], db.total_changes
    with transaction(db):
        activities.remove(db, ids[:-1])
    assert db.total_changes - before < 4 * len(ids)
    found = db.execute("SELECT rowid FROM activities_fts WHERE activities_fts MATCH 'order'").fetchall()
    assert found == [(ids[-1],)] == db.execute("SELECT id FROM activities").fetchall()
    db.execute("INSERT INTO activities_fts(activities_fts, rank) VALUES ('integrity-check', 1)")
