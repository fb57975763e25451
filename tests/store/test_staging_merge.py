"""Staged, then merged: twice is once, edits and withdrawals arrive, and an import can be taken out to the last row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.model import Coverage, Fact, Key, Kind, Precision, Role, Tombstone
from relationdesk.services import import_undo
from relationdesk.services.people import link
from relationdesk.store import activities, database, faults, forgotten, merge, people, staging
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.differences import differences
from relationdesk.store.merge_profiles import CONTRADICTS, PROFILE_SAYS_MORE, SAME_PROFILE
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, arrive, bring, did, person_id, profile_id, state, texts_found, who

JOE = who("Joe Brown")
MARY = who("Mary Jones")


@pytest.fixture
def db() -> Desk:
    return open_memory()


def undo(db: Desk, batch: int | None = None) -> None:
    with transaction(db):
        import_undo.undo(db, NOW, batch)


def test_three_imports_are_one(db: Desk) -> None:
    facts: list[Fact] = [JOE, MARY, did(JOE, "a", ago(days=2), to=[MARY]), did(MARY, "b", ago(days=1), "会議の件")]
    assert bring(db, facts).counts.new_activities == 2
    before = state(db)
    for _ in range(2):
        counts = bring(db, facts).counts
        assert (counts.new_activities, counts.new_profiles, counts.changed, counts.unchanged) == (0, 0, 0, 2)
    assert state(db) == before


def test_an_edit_replaces_the_words_and_the_index(db: Desk) -> None:
    bring(db, [JOE, did(JOE, "a", text="the old wording")])
    counts = arrive(db, [JOE, did(JOE, "a", text="a fresh text")]).counts
    assert (counts.changed, counts.new_activities) == (1, 0)
    assert texts_found(db, "wording") == set()
    assert texts_found(db, "fresh") == {"a fresh text"}


def test_an_empty_field_erases_nothing(db: Desk) -> None:
    bring(db, [who("Joe Brown", title="Head of Energy"), did(JOE, "a", text="words")])
    assert arrive(db, [who("Joe Brown"), did(JOE, "a", text="")]).counts.changed == 0
    assert activities.by_key(db, Key("mastodon", "a")).activity.text == "words"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("had", "said", "kept"),
    [
        ("The whole sentence of Mary", "The whole sen…", "The whole sentence of Mary"), ("The whole sen…", "The whole sentence of Mary", "The whole sentence of Mary"),
        ("The whole sentence of Mary", "Another sen…", "Another sen…"), ("The whole…", "The whole…", "The whole…"), ("The whole sentence of Mary", "The whole sen", "The whole sen"),
    ],
)  # fmt: skip
def test_words_cut_off_do_not_replace_the_whole_ones(db: Desk, had: str, said: str, kept: str) -> None:
    bring(db, [JOE, did(JOE, "a", text=had)])
    before = state(db)
    with Staging(db, now=seconds(NOW)) as staged:
        staged.add([JOE, did(JOE, "a", text=said)])
        assert merge.preview(staged).changed == (kept != had)
        assert [(one.before, one.after) for one in differences(staged)] == ([(had, said)] if kept != had else [])
    bring(db, [JOE, did(JOE, "a", text=said)])
    assert db.execute("SELECT text FROM activities").fetchall() == [(kept,)] and texts_found(db, "whole") == ({kept} if "whole" in kept else set())
    undo(db)
    assert state(db) == before


def test_words_cut_off_hide_no_other_news(db: Desk) -> None:
    bring(db, [JOE, did(JOE, "a", text="The whole sentence")])
    bring(db, [JOE, MARY, did(JOE, "a", text="The whole sen…", to=[MARY], title="News")])
    assert db.execute("SELECT title, text, towards FROM activities").fetchall() == [("News", "The whole sentence", 1)]


def test_a_withdrawn_item_never_comes_back(db: Desk) -> None:
    bring(db, [JOE, did(JOE, "a"), did(JOE, "b", ago(days=1))])
    assert arrive(db, [Tombstone(key=Key("mastodon", "a"))]).counts.withdrawn == 1
    counts = bring(db, [JOE, did(JOE, "a"), did(JOE, "b", ago(days=1))]).counts
    assert (counts.dropped, counts.new_activities, counts.unchanged) == (1, 0, 1)
    assert activities.count(db) == 1
    assert people.get(db, person_id(db, "Joe Brown")).last_in == ago(days=1)  # type: ignore[union-attr]


def test_what_may_return_comes_back_by_a_login_and_never_by_a_file(db: Desk) -> None:
    bring(db, [JOE, did(JOE, "a"), did(JOE, "b", ago(days=1))])
    assert arrive(db, [Tombstone(key=Key("mastodon", "a"), returns=True)]).counts.withdrawn == 1
    assert bring(db, [JOE, did(JOE, "a")]).counts.dropped == 1
    counts = arrive(db, [JOE, did(JOE, "a")]).counts
    assert (counts.dropped, counts.new_activities) == (0, 1)
    assert db.execute("SELECT count(*) FROM tombstones").fetchone() == (0,)
    assert bring(db, [JOE, did(JOE, "a")]).counts.unchanged == 1


def test_what_is_withdrawn_for_good_stays_so_for_a_login(db: Desk) -> None:
    arrive(db, [JOE, did(JOE, "a")])
    arrive(db, [Tombstone(key=Key("mastodon", "a"))])
    arrive(db, [Tombstone(key=Key("mastodon", "a"), returns=True)])
    assert arrive(db, [JOE, did(JOE, "a")]).counts.dropped == 1


def test_a_coarser_time_never_overwrites_a_finer_one(db: Desk) -> None:
    exact = datetime(2026, 11, 9, 14, 30, tzinfo=UTC)
    day = datetime(2026, 11, 9, tzinfo=UTC)
    bring(db, [JOE, did(JOE, "a", exact)])
    assert arrive(db, [JOE, did(JOE, "a", day, precision=Precision.DAY)]).counts.changed == 0
    assert activities.by_key(db, Key("mastodon", "a")).published == exact  # type: ignore[union-attr]


def test_a_finer_time_moves_the_row_and_the_participants_follow(db: Desk) -> None:
    day = datetime(2026, 11, 9, tzinfo=UTC)
    bring(db, [JOE, MARY, did(JOE, "a", day, precision=Precision.DAY, to=[MARY], text="会議")])
    before = activities.by_key(db, Key("mastodon", "a"))
    arrive(db, [JOE, MARY, did(JOE, "a", day, precision=Precision.SECOND, to=[MARY], text="会議")])
    after = activities.by_key(db, Key("mastodon", "a"))
    assert before is not None and after is not None and after.id < before.id  # a day sorts at its end
    assert after.activity is not None and after.activity.precision is Precision.SECOND
    assert after.activity.participants == before.activity.participants != ()  # type: ignore[union-attr]
    assert texts_found(db, "会議") == {"会議"}
    assert db.execute("SELECT last_id FROM profiles WHERE id = ?", (profile_id(db, JOE),)).fetchone()[0] == after.id


def test_five_hundred_items_of_one_second_and_of_one_day(db: Desk) -> None:
    day = datetime(2026, 11, 9, tzinfo=UTC)
    facts = [JOE, *(did(JOE, f"d{n}", day, precision=Precision.DAY) for n in range(500))]
    facts += [did(JOE, f"s{n}", day + timedelta(hours=23, minutes=59, seconds=50 + n % 10)) for n in range(500)]
    bring(db, facts)
    arrive(db, [did(JOE, f"late{n}", day, precision=Precision.DAY) for n in range(50)])
    assert activities.count(db) == 1050
    assert bring(db, facts).counts.unchanged == 1000


@pytest.mark.parametrize("when", [datetime(1833, 2, 23, 15, 37, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC), None])
def test_any_time_is_kept_as_it_is(db: Desk, when: datetime | None) -> None:
    bring(db, [JOE, did(JOE, "a", when), did(JOE, "today")])
    newest, other = activities.of_profiles(db, [profile_id(db, JOE)], activities.Filter())
    assert other.published == when or newest.published == when
    if when is None or when.year < 2000:
        assert newest.published == NOW
    assert newest.id <= (seconds(NOW) - 946_684_800) * 8 + 8  # nothing from the future lies on top by years


@pytest.mark.parametrize("when", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_no_dates(db: Desk, when: datetime) -> None:
    """In some time zones they cannot be shown at all."""
    bring(db, [JOE, did(JOE, "a", when)])
    (found,) = activities.of_profiles(db, [profile_id(db, JOE)], activities.Filter())
    assert found.activity is not None and (found.activity.published, found.activity.precision) == (None, Precision.UNKNOWN)
    assert bring(db, [JOE, did(JOE, "a", when)]).counts.unchanged == 1


def test_a_forgotten_profile_stays_away_with_all_it_does(db: Desk) -> None:
    bring(db, [JOE, MARY, did(JOE, "a")])
    with transaction(db):
        db.execute("INSERT INTO forgotten SELECT place_id, native_id, 0 FROM profiles WHERE id = ?", (profile_id(db, JOE),))
        db.execute("DELETE FROM activities")
        db.execute("DELETE FROM addresses")
        db.execute("DELETE FROM profiles WHERE id = ?", (profile_id(db, JOE),))
    cover = Coverage(place="mastodon", profile=JOE.key, until=NOW)
    counts = bring(db, [JOE, MARY, did(JOE, "a"), did(MARY, "b", to=[JOE]), cover]).counts
    assert (counts.dropped, counts.new_activities) == (1, 1)
    assert db.execute("SELECT count(*) FROM profiles").fetchone()[0] == 1
    assert db.execute("SELECT count(*) FROM coverage").fetchone()[0] == 0  # not the whole place either


def test_undo_gives_back_every_row(db: Desk) -> None:
    joe = who("Joe Brown", mail="joe@alderfinch.example", company="Alder & Finch")
    day = datetime(2026, 11, 9, tzinfo=UTC)
    bring(db, [joe, MARY, did(joe, "a", day, "会議の件", precision=Precision.DAY), did(joe, "c", ago(days=4), to=[MARY])])
    before = state(db)
    new = who("Joe Brown", mail="joe@home.example", title="Director")
    bring(db, [
        new, MARY, who("Charles Williams"), did(new, "a", day + timedelta(hours=9), "another text"), did(new, "b", to=[MARY]),
        did(joe, "c", ago(days=4), to=[MARY], role=Role.CC), Coverage(place="mastodon", until=NOW),
        Coverage(place="mastodon", profile=MARY.key, until=NOW),
    ])  # fmt: skip
    assert state(db) != before
    undo(db)
    assert state(db) == before
    assert texts_found(db, "会議") == {"会議の件"}


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_undo_of_two_batches_in_any_order(db: Desk, order: tuple[int, int]) -> None:
    bring(db, [JOE, did(JOE, "a", text="one")])
    before = state(db)
    bring(db, [JOE, did(JOE, "a", text="two"), did(JOE, "b")])
    bring(db, [JOE, did(JOE, "a", text="three"), did(JOE, "b"), did(JOE, "c")])
    for batch in order:
        undo(db, batch)
    assert state(db) == before


def test_what_another_import_or_login_saw_again_stays(db: Desk) -> None:
    bring(db, [JOE, did(JOE, "a"), did(JOE, "b"), did(JOE, "c")])
    bring(db, [JOE, did(JOE, "a")])
    arrive(db, [JOE, did(JOE, "b")])
    undo(db, 1)
    assert {row[0] for row in db.execute("SELECT native_id FROM activities")} == {"a", "b"}
    undo(db, 2)
    assert {row[0] for row in db.execute("SELECT native_id FROM activities")} == {"b"}


def test_undo_brings_the_caches_of_people_who_stay_up_to_date(db: Desk) -> None:
    bring(db, [JOE, did(JOE, "a", ago(days=9))])
    other = who("J. Brown", "linkedin", known=False)
    bring(db, [other, did(other, "x", ago(days=1), kind=Kind.SHARE)])
    joe = person_id(db, "Joe Brown")
    link(db, profile_id(db, other), joe, NOW)
    assert people.get(db, joe).last_in == ago(days=1)  # type: ignore[union-attr]
    undo(db)
    assert people.get(db, joe).last_in == ago(days=9)  # type: ignore[union-attr]


def test_the_owner_of_a_wrong_archive_goes_with_it(db: Desk) -> None:
    bring(db, [who("Somebody Else", owner=True)])
    assert people.me(db) is not None
    undo(db)
    assert people.me(db) is None


def test_a_staging_that_cannot_be_made_leaves_no_file_and_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = database.open_desk(tmp_path)
    monkeypatch.setattr(staging, "_TABLES", "CREATE TABLE stage.x(y); no such statement")
    with pytest.raises(faults.DatabaseError):
        Staging(db, tmp_path / "staging" / "a.db")
    monkeypatch.undo()
    assert list((tmp_path / "staging").iterdir()) == []
    with Staging(db, tmp_path / "staging" / "b.db") as fine:
        assert fine.rejected == 0
    db.close()


def test_what_is_of_one_moment_stands_in_the_order_of_the_file_and_what_is_in_the_desk_stays_where_it_is(db: Desk) -> None:
    """Also where a corrected time wants the place of something else, or its own."""
    def at(key: str) -> int:
        return int(db.execute("SELECT id FROM activities WHERE native_id = ?", (key,)).fetchone()[0])

    noon, day = NOW.replace(hour=12), NOW.replace(hour=0, minute=0, second=0)
    bring(db, [JOE, did(JOE, "b", noon), did(JOE, "a", noon), replace(did(JOE, "day", day), precision=Precision.DAY)])
    first = at("b")
    assert (at("a"), at("day") // 8) == (first + 1, seconds(day) + 86_399 - 946_684_800)
    whole_day = at("day")
    arrive(db, [
        did(JOE, "d", noon), did(JOE, "a", noon, "edited"), did(JOE, "c", noon), did(JOE, "e", noon + timedelta(seconds=1)),
        did(JOE, "day", day + timedelta(seconds=86_399)),
    ])  # fmt: skip
    assert (at("b"), at("a"), at("d"), at("c"), at("e")) == (first, first + 1, first + 2, first + 3, first + 8)
    assert at("day") == whole_day + 1  # a time known better is a move, though not by a second


def test_what_one_reading_tells_and_takes_back_is_no_news(db: Desk) -> None:
    """X keeps a deleted post for a while in both of its lists."""
    bring(db, [JOE, did(JOE, "known")])
    gone = [Tombstone(key=Key("mastodon", "known")), Tombstone(key=Key("mastodon", "b"))]
    counts = bring(db, [JOE, did(JOE, "known", text="other words"), did(JOE, "b"), did(JOE, "c"), *gone]).counts
    assert (counts.read_activities, counts.new_activities, counts.unchanged, counts.changed, counts.withdrawn, counts.dropped) == (3, 1, 0, 0, 1, 2)
    assert [row[0] for row in db.execute("SELECT native_id FROM activities")] == ["c"]
    assert bring(db, [JOE, did(JOE, "b"), *gone]).counts.new_activities == 0


def test_what_is_staged_is_compared_with_the_profiles_it_tells_of_and_not_with_all_of_the_desk(db: Desk) -> None:
    with Staging(db) as staging:
        staging.add([JOE])
        for what in (PROFILE_SAYS_MORE, CONTRADICTS):
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN SELECT count(*) {SAME_PROFILE} WHERE {what}")]
            assert plan[0] == "SCAN s" and not any(step.startswith("SCAN") for step in plan[1:])


def test_what_was_withdrawn_forgotten_or_taken_back_at_once_is_counted_as_it_is_left_out(db: Desk) -> None:
    facts: list[Fact] = [JOE, MARY, did(JOE, "a"), did(MARY, "b"), did(JOE, "c"), did(JOE, "d"), Tombstone(key=Key("mastodon", "d"))]
    bring(db, [JOE, did(JOE, "a")])
    arrive(db, [Tombstone(key=Key("mastodon", "a"))])
    with transaction(db):
        forgotten.remember(db, [MARY.key], seconds(NOW))
    counts = bring(db, facts).counts
    assert (counts.read_activities, counts.dropped, counts.new_activities) == (4, 3, 1)
    assert db.execute("SELECT native_id FROM activities").fetchall() == [("c",)]
