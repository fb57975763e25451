"""A login is removed: what it read stays and it comes back by undo, or what only it brought goes, and nothing of the user's with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from relationdesk.errors import Cancelled, UserMistake
from relationdesk.model import Coverage, Key, Login, Stream
from relationdesk.services import import_undo, notes, people, removing
from relationdesk.store import batches, logins
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import seconds
from tests.facts import NOW, arrive, bring, did, person_id, state, texts_found, who

ME = who("Sam", id_="sam", owner=True, known=False)
ANN, BEN, EVE = who("Ann Example", id_="ann"), who("Ben Example", id_="ben"), who("Eve Passing", id_="eve", known=False)
HOTEL = Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", profile=ME.key, has_token=True)


def clock() -> datetime:
    return NOW


def stream(of: object) -> Stream:
    key: Key = of.key  # type: ignore[attr-defined]
    return Stream(name=f"a:{key.native_id}", address=f"https://hotel.example/@{key.native_id}", title=key.native_id, profile=key)


@pytest.fixture
def db() -> Iterator[Desk]:
    yield open_memory()


def login(db: Desk, made: Login, *followed: object) -> int:
    with transaction(db):
        id_ = logins.save(db, made)
        for one in followed:
            logins.save_stream(db, id_, stream(one), is_followed=True)
            logins.set_cursor(db, id_, stream(one).name, "far", seconds(NOW))
    return id_


def texts(db: Desk) -> set[str]:
    return {row[0] for row in db.execute("SELECT text FROM activities")}


def test_kept_everything_stays_and_undo_brings_back_whom_it_follows_and_where_it_stood(db: Desk) -> None:
    id_ = login(db, HOTEL, ANN, BEN)
    arrive(db, (ANN, did(ANN, "a1", text="hello")))
    before, facts = logins.get(db, id_), state(db)
    removed, changes = removing.remove(db, id_, clock)
    assert removed == before and changes.logins and changes.undo == "Removed Mastodon sam"
    assert logins.every(db) == () and logins.followed(db, id_) == () and state(db) == facts
    people.undo(db, NOW)
    assert logins.get(db, id_) == before and logins.followed(db, id_) == (stream(ANN), stream(BEN))
    assert logins.cursor(db, id_, stream(ANN).name) == "far"
    people.redo(db)
    assert logins.every(db) == () and state(db) == facts


def test_connected_again_meanwhile_the_newer_login_stays(db: Desk) -> None:
    id_ = login(db, HOTEL, ANN)
    removing.remove(db, id_, clock)
    newer = login(db, HOTEL, BEN)
    done, _ = people.undo(db, NOW)
    assert newer != id_ and [one.id for one in logins.every(db)] == [newer] and done.kept
    assert logins.followed(db, newer) == (stream(BEN),)


def test_deleted_what_only_it_brought_goes_and_nothing_else(db: Desk) -> None:
    id_ = login(db, HOTEL, ANN)
    bring(db, (BEN, did(BEN, "b1", text="from a file"), ANN, did(ANN, "a0", text="from a file and read")))
    arrive(db, (ANN, did(ANN, "a0", text="from a file and read"), did(ANN, "a1", text="only read"), EVE, did(EVE, "e1", text="passing by", to=(ANN,))))
    arrive(db, (Coverage(place="mastodon", profile=ANN.key, since=None, until=NOW),))
    other = who("Ann Example", "bluesky", "did:ann")
    arrive(db, (other, did(other, "s1", text="elsewhere")))
    notes.write(db, "about Ben", NOW, person_id=person_id(db, "Ben Example"))
    plan = removing.plan(db, id_)
    assert (plan.activities, plan.following, plan.is_shared) == (2, 1, False)
    removed, changes = removing.remove_with_facts(db, id_, clock)
    assert removed.id == id_ and changes.everything and logins.every(db) == ()
    assert texts(db) == {"from a file", "from a file and read", "elsewhere"}
    assert texts_found(db, "passing") == set() and texts_found(db, "file") == {"from a file", "from a file and read"}
    names = {row[0] for row in db.execute("SELECT display_name FROM profiles")}
    assert names == {"Ann Example", "Ben Example"}, "a stranger goes with what they said"
    assert {row[0] for row in db.execute("SELECT name FROM people")} >= {"Ben Example", "Ann Example"}
    assert db.execute("SELECT count(*) FROM coverage").fetchone() == (0,), "nobody counts as quiet who is not read any more"
    assert db.execute("SELECT count(*) FROM notes").fetchone() == (1,)


def test_what_a_file_brought_belongs_to_the_file_alone_then(db: Desk) -> None:
    id_ = login(db, HOTEL, ANN)
    bring(db, (ANN, did(ANN, "a0", text="both")))
    arrive(db, (ANN, did(ANN, "a0", text="both")))
    removing.remove_with_facts(db, id_, clock)
    assert texts(db) == {"both"}
    import_undo.undo(db, NOW, batches.every(db)[0].id)
    assert texts(db) == set()


@pytest.mark.parametrize("second", [Login(id=0, source="mastodon", place="mastodon", address="https://far.example"), Login(id=0, source="feed", place="blog", address="")])
def test_what_another_login_reads_or_may_have_read_stays(db: Desk, second: Login) -> None:
    first = login(db, HOTEL, ANN, BEN)
    login(db, second, BEN)
    arrive(db, (ANN, did(ANN, "a1", text="Ann"), BEN, did(BEN, "b1", text="Ben"), EVE, did(EVE, "e1", text="Eve")))
    plan = removing.plan(db, first)
    removing.remove_with_facts(db, first, clock)
    shared = second.place == "mastodon"
    assert plan.is_shared == shared and texts(db) == ({"Ben", "Eve"} if shared else {"Ben"})
    assert plan.activities == (1 if shared else 2)


def test_stopped_it_is_paused_and_heals_when_it_goes_on(db: Desk) -> None:
    id_ = login(db, HOTEL, ANN)
    arrive(db, (ANN, *(did(ANN, f"a{n}", NOW, text=f"text {n}") for n in range(300))))
    left: list[int] = []

    def stop() -> bool:
        left.append(len(texts(db)))
        return left[-1] < 300

    with pytest.raises(Cancelled, match="paused"):
        removing.remove_with_facts(db, id_, clock, stop=stop)
    now = logins.get(db, id_)
    assert now is not None and now.paused and logins.cursor(db, id_, stream(ANN).name) == "" and len(texts(db)) < 300
    arrive(db, (ANN, *(did(ANN, f"a{n}", NOW, text=f"text {n}") for n in range(300))))
    assert len(texts(db)) == 300
    seen: list[tuple[int, int]] = []
    removing.remove_with_facts(db, id_, clock, report=lambda p: seen.append((p.done, p.total)))
    assert texts(db) == set() and seen and all(total == 300 for _, total in seen)


def test_of_nobody(db: Desk) -> None:
    for job in (lambda: removing.plan(db, 9), lambda: removing.remove(db, 9, clock), lambda: removing.remove_with_facts(db, 9, clock)):
        with pytest.raises(UserMistake, match="no longer there"):
            job()
