"""What a file says was taken back is there again when the import of that file is taken back, unless others say the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from relationdesk.model import Fact, Key, Kind, Tombstone
from relationdesk.services import forgetting, import_undo
from relationdesk.store import portions, withdrawals
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, bring, did, person_id, state, texts_found, who
from tests.services.test_bringing import files
from tests.services.test_undo_property import facts_of, sound

JOE, MARY = who("Joe Brown"), who("Mary Jones")
GONE = [Tombstone(key=Key("mastodon", "a"))]
MAY_RETURN = [Tombstone(key=Key("mastodon", "a"), returns=True)]
TOLD: list[Fact] = [JOE, MARY, did(JOE, "a", ago(days=2), "会議 on Monday", to=[MARY], thread="t", title="Talk"), did(JOE, "b", ago(days=3), "tea")]


@pytest.fixture
def db() -> Iterator[Desk]:
    db = open_memory()
    yield db
    db.close()


@pytest.fixture(params=["at once", "in portions"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in portions":
        monkeypatch.setattr(import_undo, "SMALL", -1)
        for name, value in (("TRANSACTION", 0.0), ("PIECE", 0.0), ("FIRST_PIECE", 1)):
            monkeypatch.setattr(portions, name, value)


@pytest.mark.parametrize("gone", [GONE, MAY_RETURN])
def test_undone_everything_is_as_it_was(db: Desk, gone: list[Fact], ways: None) -> None:
    bring(db, TOLD)
    before = state(db, "overwritten")
    assert bring(db, gone).counts.withdrawn == 1 and texts_found(db, "会議") == set()
    import_undo.undo(db, NOW)
    assert state(db, "overwritten") == before and texts_found(db, "会議") == {"会議 on Monday"}
    sound(db)
    assert bring(db, TOLD).counts.dropped == 0 and bring(db, gone).counts.withdrawn == 1


def test_as_long_as_another_file_says_so_it_stays_gone(db: Desk) -> None:
    bring(db, TOLD)
    before = facts_of(db)
    bring(db, GONE)
    bring(db, GONE)
    for undone in (2, 3):
        assert texts_found(db, "会議") == set() and bring(db, TOLD).counts.dropped == 1
        import_undo.undo(db, NOW, undone)
    assert facts_of(db) == before


@pytest.mark.parametrize("login_first", [False, True])
def test_what_a_login_says_was_taken_back_stays_gone(db: Desk, login_first: bool) -> None:
    bring(db, TOLD)
    for say in (arrive, bring) if login_first else (bring, arrive):
        say(db, GONE)
    import_undo.undo(db, NOW)
    assert texts_found(db, "会議") == set() and bring(db, TOLD).counts.dropped == 1


def test_what_was_brought_by_an_import_that_is_out_does_not_come_back(db: Desk) -> None:
    bring(db, TOLD)
    bring(db, GONE)
    import_undo.undo(db, NOW, 1)
    import_undo.undo(db, NOW, 2)
    assert facts_of(db)["activities"] == [] and db.execute("SELECT count(*) FROM tombstones").fetchone() == (0,)
    assert bring(db, TOLD).counts.new_activities == 2


def test_what_a_login_saw_too_comes_back_as_its_own(db: Desk) -> None:
    bring(db, TOLD)
    arrive(db, TOLD)
    bring(db, GONE)
    import_undo.undo(db, NOW, 1)
    import_undo.undo(db, NOW, 2)
    assert db.execute("SELECT native_id, batch_id FROM activities ORDER BY 1").fetchall() == [("a", None), ("b", None)]
    sound(db)


def test_a_file_that_was_refused_meanwhile_can_be_brought_in_again(db: Desk) -> None:
    bring(db, [JOE, MARY])
    bring(db, GONE)
    assert bring(db, TOLD).counts.dropped == 1
    import_undo.undo(db, NOW, 2)
    assert bring(db, TOLD).counts.new_activities == 1 and texts_found(db, "会議") == {"会議 on Monday"}


@pytest.mark.parametrize("name", ["Joe Brown", "Mary Jones"])
def test_of_whom_the_user_forgot_nothing_is_kept(db: Desk, name: str) -> None:
    """Nor of what was said to them."""
    bring(db, TOLD)
    bring(db, GONE)
    forgetting.forget(db, person_id(db, name), NOW)
    assert "Monday" not in "\n".join(db.iterdump())
    import_undo.undo(db, NOW, 2)
    assert texts_found(db, "会議") == set()
    sound(db)


def test_a_place_taken_meanwhile_is_left_to_whoever_has_it(db: Desk) -> None:
    bring(db, TOLD)
    bring(db, GONE)
    bring(db, [JOE, did(JOE, "c", ago(days=2), "in its second")])
    import_undo.undo(db, NOW, 2)
    assert {row[0] for row in db.execute("SELECT native_id FROM activities")} == {"a", "b", "c"}
    sound(db)


@pytest.mark.parametrize("seed", range(40))
def test_the_newest_import_undone_leaves_the_facts_of_the_others(seed: int) -> None:
    db, without = open_memory(), open_memory()
    *others, last = files(seed, 4)
    for facts in others:
        bring(db, facts)
        bring(without, facts)
    bring(db, [*last, *(Tombstone(key=fact.key) for fact in others[0][-2:] if hasattr(fact, "kind") and isinstance(fact.kind, Kind))])
    import_undo.undo(db, NOW)
    assert facts_of(db) == facts_of(without)
    assert db.execute("SELECT place_id, native_id FROM tombstones ORDER BY 1, 2").fetchall() == without.execute("SELECT place_id, native_id FROM tombstones ORDER BY 1, 2").fetchall()
    sound(db)


def test_nobody_looks_through_all_that_was_ever_overwritten(db: Desk) -> None:
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN SELECT before FROM overwritten WHERE {withdrawals._OF_ALL} AND place_id = 1 AND native_id = 'a'")]
    assert any("SEARCH overwritten USING PRIMARY KEY (batch_id=? AND tbl=? AND place_id=? AND native_id=?)" in step for step in plan), plan
