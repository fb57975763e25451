"""The place view, paged both ways, and the flip to an item in its place."""

from __future__ import annotations

import pytest

from relationdesk.model import Direction, Filter, Key, Kind, Login, Stream
from relationdesk.services import places
from relationdesk.store import logins
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import moment
from tests.facts import ago, bring, did, who

JOE, MARY, SAM = who("Joe Brown", "x"), who("Mary Jones", "linkedin"), who("Sam Carter", "x", owner=True)


@pytest.fixture(scope="module")
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, MARY, SAM, *(did(JOE, f"j{n}", ago(hours=n // 3), kind=Kind.POST if n % 2 else Kind.SHARE) for n in range(60)), did(SAM, "s", ago(days=9)),
               did(JOE, "u", None), *(did(MARY, f"m{n}", ago(minutes=n + 1)) for n in range(5))])  # fmt: skip
    return db


def ids(part: places.Stretch) -> list[str]:
    return [item.activity.key.native_id for item in part.items if item.activity]


def test_places_newest_first(db: Desk) -> None:
    assert [(row.place, row.newest) for row in places.places(db)] == [("x", ago()), ("linkedin", ago(minutes=1))]
    assert places.places(open_memory()) == ()


@pytest.mark.parametrize("limit", [2, 7, 50])
@pytest.mark.parametrize("at", ["j0", "j1", "j30", "s", "u"])
def test_from_any_item_everything_of_the_place_exactly_once(db: Desk, at: str, limit: int) -> None:
    middle = places.around(db, "x", Key("x", at), limit)
    assert at in ids(middle)
    found, part = ids(middle), middle
    while part.older is not None:
        part = places.stretch(db, "x", before=part.older, limit=limit)
        found += ids(part)
    part = middle
    while part.newer is not None:
        part = places.stretch(db, "x", after=part.newer, limit=limit)
        found = [*ids(part), *found]
    assert found == ids(places.stretch(db, "x", limit=1000))
    assert len(found) == 62


def test_all_places_and_none(db: Desk) -> None:
    assert len(places.stretch(db, "", limit=1000).items) == 67
    assert places.stretch(db, "nowhere").items == () and places.stretch(db, "nowhere").older is None
    assert ids(places.around(db, "x", Key("x", "nothing"))) == ids(places.stretch(db, "x"))


def test_filters_hold_in_a_place(db: Desk) -> None:
    assert ids(places.stretch(db, "x", which=Filter(directions=frozenset({Direction.SELF})))) == ["s"]
    assert len(places.stretch(db, "x", which=Filter(kinds=frozenset({Kind.SHARE})), limit=100).items) == 30


def test_one_item_with_its_person(db: Desk) -> None:
    item = places.item(db, Key("x", "j7"))
    assert item is not None and item.actor_name == "Joe Brown" and item.actor_person is not None
    assert places.item(db, Key("x", "nothing")) is None


def test_logins_with_what_they_read() -> None:
    db = open_memory()
    assert places.login_rows(db) == ()
    with transaction(db):
        id_ = logins.save(db, Login(id=0, source="feed", place="feed", address=""))
        logins.save_stream(db, id_, Stream(name="a", address="https://a.example/feed", title="A"), is_followed=True)
        logins.set_cursor(db, id_, "a", "c", 100)
        logins.stream_failed(db, id_, "a", "No answer.")
    (row,) = places.login_rows(db)
    assert row.streams == (places.StreamState(name="a", title="A", good=moment(100), failure="No answer."),)
