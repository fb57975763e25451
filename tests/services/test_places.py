"""The place view, paged both ways, and the flip to an item in its place."""

from __future__ import annotations

import pytest

from relationdesk.derived import Filter
from relationdesk.model import Direction, Key, Kind, Login, Stream
from relationdesk.services import places
from relationdesk.store import activities, logins
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import moment
from relationdesk.troubles import Trouble
from tests.facts import ago, bring, did, who

STRANGER = who("Kim Example", "x", known=False)
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
    item = activities.by_key(db, Key("x", "j7"))
    assert item is not None and item.actor_name == "Joe Brown" and item.actor_person is not None
    assert activities.by_key(db, Key("x", "nothing")) is None


def test_logins_with_what_they_read() -> None:
    db = open_memory()
    assert places.login_rows(db) == ()
    with transaction(db):
        id_ = logins.save(db, Login(id=0, source="feed", place="feed", address=""))
        logins.save_stream(db, id_, Stream(name="a", address="https://a.example/feed", title="A"), is_followed=True)
        logins.set_cursor(db, id_, "a", "c", 100)
        logins.stream_failed(db, id_, "a", "No answer.", Trouble.DOWN)
    (row,) = places.login_rows(db)
    assert row.streams == (places.StreamState(name="a", title="A", good=moment(100), failure="No answer.", trouble=Trouble.DOWN),)


def test_by_login_what_it_follows_and_what_was_done_towards_me_there() -> None:
    db = open_memory()
    here, there = who("Sam Carter", "x", "sam.here", owner=True), who("Sam Carter", "x", "sam.there", owner=True)
    bring(db, [JOE, MARY, here, there, *(did(JOE, f"j{n}", ago(hours=n)) for n in range(9)), did(here, "mine", ago(hours=2)),
               did(STRANGER, "to me", ago(hours=3), to=[there]), did(STRANGER, "to nobody", ago(hours=4)), STRANGER])  # fmt: skip
    with transaction(db):
        one = logins.save(db, Login(id=0, source="mastodon", place="x", address="https://here.example", user_name="sam", profile=here.key))
        other = logins.save(db, Login(id=0, source="mastodon", place="x", address="https://there.example", profile=there.key))
        logins.save_stream(db, one, Stream(name="joe", address="", profile=JOE.key), is_followed=True)
    (row,) = [row for row in places.places(db) if row.place == "x"]
    assert [login.address for login in row.logins] == ["https://here.example", "https://there.example"]
    of_one = ids(places.stretch(db, "x", which=Filter(login=one)))
    assert sorted(of_one) == sorted([*(f"j{n}" for n in range(9)), "mine"])
    assert ids(places.stretch(db, "x", which=Filter(login=other))) == ["to me"]
    paged, part = [], places.around(db, "x", Key("x", "j4"), 4, Filter(login=one))
    assert "j4" in ids(part)
    paged += ids(part)
    while part.older is not None:
        part = places.stretch(db, "x", before=part.older, which=Filter(login=one), limit=4)
        paged += ids(part)
    assert paged == of_one[of_one.index(paged[0]):]


def test_one_login_needs_no_telling_apart() -> None:
    db = open_memory()
    bring(db, [JOE, did(JOE, "j")])
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="x", address="https://here.example"))
    assert places.places(db)[0].logins == ()
