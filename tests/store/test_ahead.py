"""What is dated ahead stands where it arrived until its day has come, and is found by its day meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.model import Kind, Precision
from relationdesk.services import agenda, heavy_jobs, import_undo
from relationdesk.store import activities, ahead, caches, lately, people, profiles
from relationdesk.store.database import Desk, open_desk, open_memory
from relationdesk.store.timekey import AHEAD, id_at, seconds
from tests.facts import NOW, arrive, bring, did, who

ME = who("Sam Carter", "calendar", "sam@carter.example", owner=True)
JOE = who("Joe Brown", "calendar", "joe@alder.example")
DAY = timedelta(days=1)


def desk(*facts: object) -> Desk:
    db = open_memory()
    arrive(db, (ME, JOE, did(JOE, "said", NOW - DAY, "now", kind=Kind.POST), *facts))  # type: ignore[arg-type]
    return db


def order(db: Desk) -> list[str]:
    return [row[0] for row in db.execute("SELECT native_id FROM activities ORDER BY id DESC")]


def test_it_stands_where_it_arrived_until_its_day() -> None:
    db = desk(did(ME, "review", NOW + 10 * DAY, "会議", title="Review", kind=Kind.EVENT, to=(JOE,)))
    arrive(db, (did(JOE, "later", NOW + 3 * DAY, "words"),), now=NOW + 3 * DAY)
    assert order(db) == ["later", "review", "said"]
    assert not ahead.settle(db, seconds(NOW + 3 * DAY)).people and order(db) == ["later", "review", "said"]
    joe = people.by_uid(db, db.execute("SELECT uid FROM people WHERE name = 'Joe Brown'").fetchone()[0])
    assert joe is not None and ahead.settle(db, seconds(NOW + 10 * DAY)).people >= {joe.id}
    assert order(db) == ["review", "later", "said"]
    (review,) = activities.by_ids(db, [id_at(NOW + 10 * DAY)])
    assert review.activity is not None and [part.profile for part in review.activity.participants] == [JOE.key]
    for found in ("activities_fts WHERE activities_fts MATCH 'review'", "activities_spaced WHERE rowid IS NOT NULL"):
        assert [row[0] for row in db.execute(f"SELECT rowid FROM {found}")] == [review.id]
    assert not ahead.settle(db, seconds(NOW + 11 * DAY)).people and caches.repair(db) == 0


def test_a_meeting_to_come_is_no_touch_until_it_was() -> None:
    db = desk(did(ME, "review", NOW + 10 * DAY, title="Review", kind=Kind.EVENT, to=(JOE,)), did(JOE, "walk", NOW + 20 * DAY, title="Walk", kind=Kind.EVENT, to=(ME,)))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    touched = lambda: (people.get(db, joe).last_in, people.get(db, joe).last_out)  # type: ignore[union-attr]  # noqa: E731
    assert touched() == (NOW - DAY, None)
    ahead.settle(db, seconds(NOW + 10 * DAY))
    assert touched() == (NOW - DAY, NOW + 10 * DAY)
    ahead.settle(db, seconds(NOW + 20 * DAY))
    assert touched() == (NOW + 20 * DAY, NOW + 10 * DAY) and caches.repair(db) == 0


def test_nothing_to_come_is_the_last_that_came_from_a_profile() -> None:
    db = desk(did(JOE, "walk", NOW + 20 * DAY, title="Walk", kind=Kind.EVENT, to=(ME,)))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    last = lambda: [one.last for one in (*profiles.of_person(db, joe), *profiles.of_time(db, joe))]  # noqa: E731
    assert last() == [NOW - DAY, NOW - DAY]
    arrive(db, (did(ME, "call", NOW - DAY / 2, kind=Kind.EVENT, to=(JOE,)), did(ME, "review", NOW + 10 * DAY, kind=Kind.EVENT, to=(JOE,))))
    assert last() == [NOW - DAY / 2, NOW - DAY / 2]
    ahead.settle(db, seconds(NOW + 20 * DAY))
    assert last() == [NOW + 20 * DAY, NOW + 20 * DAY]


def test_who_only_has_meetings_to_come_was_never_heard_of() -> None:
    db = open_memory()
    arrive(db, (ME, JOE, did(JOE, "walk", NOW + 20 * DAY, title="Walk", kind=Kind.EVENT, to=(ME,))))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    assert [one.last for one in profiles.of_person(db, joe)] == [None]


def test_what_a_clock_ahead_has_moved_comes_back_when_it_is_right_again() -> None:
    db = desk(did(ME, "review", NOW + 10 * DAY, title="Review", kind=Kind.EVENT, to=(JOE,)), did(JOE, "deal", NOW + 12 * DAY, title="Deal", kind=Kind.OTHER, to=(ME,)))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    touched = lambda: (people.get(db, joe).last_in, people.get(db, joe).last_out)  # type: ignore[union-attr]  # noqa: E731
    before = touched()
    ahead.settle(db, seconds(NOW + 400 * DAY))
    assert touched() == (NOW + 12 * DAY, NOW + 10 * DAY)
    assert ahead.settle(db, seconds(NOW)).people >= {joe} and touched() == before
    assert sorted(order(db)) == ["deal", "review", "said"] and caches.repair(db) == 0 and not ahead.settle(db, seconds(NOW)).people
    ahead.settle(db, seconds(NOW + 10 * DAY))
    assert order(db) == ["review", "deal", "said"] and touched() == (NOW - DAY, NOW + 10 * DAY)


def test_a_clock_that_is_behind_moves_nothing() -> None:
    db = desk(did(ME, "review", NOW - DAY, title="Review", kind=Kind.EVENT, to=(JOE,)))
    there = db.execute("SELECT id FROM activities ORDER BY id").fetchall()
    assert not ahead.settle(db, seconds(NOW - 2_000 * DAY)).people and db.execute("SELECT id FROM activities ORDER BY id").fetchall() == there


def test_a_meeting_to_come_hides_no_answer() -> None:
    asked, wrote = did(JOE, "asks", NOW - 4 * DAY, "Can we speak?", kind=Kind.MAIL, to=(ME,), private=True), did(ME, "wrote", NOW - 3 * DAY, kind=Kind.MAIL, to=(JOE,))
    db = desk(asked, wrote, did(ME, "review", NOW + 10 * DAY, title="Review", kind=Kind.EVENT, to=(JOE,)))
    joe = db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0]
    (found,) = [p for p in agenda.of_person(db, joe, NOW + DAY) if p.rule == "awaiting_reply"]
    assert found.why_not.startswith("You wrote to Joe Brown")


def test_two_of_one_moment_get_two_places() -> None:
    db = desk(*(did(ME, f"e{n}", NOW + 5 * DAY, title=f"Meeting {n}", kind=Kind.EVENT, to=(JOE,)) for n in range(12)))
    ahead.settle(db, seconds(NOW + 5 * DAY))
    assert sorted(row[0] - id_at(NOW + 5 * DAY) for row in db.execute("SELECT id FROM activities WHERE kind = (SELECT id FROM kinds WHERE name = 'event')")) == list(range(12))


@pytest.mark.parametrize("precision", [Precision.DAY, Precision.MONTH, Precision.YEAR])
def test_a_day_or_year_to_come_moves_to_the_end_of_it(precision: Precision) -> None:
    start = (NOW + 60 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    db = desk(did(ME, "fair", start, title="Fair", kind=Kind.EVENT, precision=precision))
    ahead.settle(db, seconds(start))
    alone = open_memory()
    arrive(alone, (ME, JOE, did(ME, "fair", start, title="Fair", kind=Kind.EVENT, precision=precision)), now=start)
    ask = "SELECT id FROM activities WHERE native_id = 'fair'"
    assert db.execute(ask).fetchone() == alone.execute(ask).fetchone()


def test_a_meeting_that_arrived_a_month_ago_is_briefed_on_its_eve_and_asked_about_after_it() -> None:
    db = desk(did(ME, "review", NOW + 30 * DAY, title="Review", kind=Kind.EVENT, to=(JOE,)))
    rules = lambda at: {entry.prompt.rule for entry in agenda.today(db, at).shown}  # noqa: E731
    assert "meeting_soon" not in rules(NOW + DAY)
    assert "meeting_soon" in rules(NOW + 30 * DAY - timedelta(hours=5))
    assert "meeting_over" in rules(NOW + 30 * DAY + timedelta(hours=5))


def test_entries_of_some_days_are_found_wherever_they_stand() -> None:
    db = desk(*(did(ME, f"e{n}", NOW + n * DAY, title=f"Meeting {n}", kind=Kind.EVENT, to=(JOE,)) for n in (-2, 0, 3, 9, 40)))
    assert len(lately.events(db, NOW - DAY, NOW + 10 * DAY)) == 3
    assert len(lately.events(db, NOW + 39 * DAY, NOW + 41 * DAY)) == 1
    ahead.settle(db, seconds(NOW + 9 * DAY))
    assert len(lately.events(db, NOW - DAY, NOW + 10 * DAY)) == 3


def test_the_index_answers_and_nothing_is_looked_through() -> None:
    db = open_memory()
    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN SELECT a.id FROM activities a WHERE {AHEAD} AND a.published <= 5"))
    assert "activities_ahead" in plan and "SCAN a" not in plan


def test_an_import_that_is_taken_back_after_its_day_leaves_nothing() -> None:
    db = desk()
    bring(db, (ME, JOE, did(ME, "review", NOW + 10 * DAY, title="Review", kind=Kind.EVENT, to=(JOE,))))
    ahead.settle(db, seconds(NOW + 10 * DAY))

    (number,) = db.execute("SELECT max(id) FROM batches").fetchone()
    import_undo.undo(db, NOW + 11 * DAY, number)
    assert order(db) == ["said"]
    assert db.execute("SELECT count(*) FROM activities_fts WHERE activities_fts MATCH 'review'").fetchone() == (0,)


@pytest.mark.parametrize("reader", ["today", "the start"])
def test_who_opens_the_day_finds_it_in_its_place(reader: str, tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    arrive(db, (ME, JOE, did(ME, "review", NOW + 10 * DAY, title="Review", kind=Kind.EVENT, to=(JOE,))))
    arrive(db, (did(JOE, "later", NOW + 3 * DAY, "words"),), now=NOW + 3 * DAY)
    assert order(db) == ["later", "review"]
    if reader == "today":
        agenda.today(db, NOW + 10 * DAY)
    else:
        heavy_jobs.housekeeping(db, NOW + 10 * DAY, report=lambda _: None, stop=lambda: False)
    assert order(db) == ["review", "later"]
    db.close()
