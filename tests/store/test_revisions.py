"""What is older than what is known fills gaps and writes over nothing, whichever comes in first and whatever is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from relationdesk.model import Coverage, Fact, Kind, LifeDay, Precision, Tombstone
from relationdesk.services import import_undo
from relationdesk.store import batches, merge, tellings
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.differences import differences
from relationdesk.store.portions import in_portions
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, arrive, bring, did, life_day, profile_id, state, who

JOE = who("Joe Brown", mail="joe@hotel.example", title="Porter", company="Hotel", bio="Old words", days=(life_day(4, 5, 1980),))
AT = seconds(NOW)
DINNER = did(JOE, "a", ago(days=2), "Dinner at six")


def versions() -> list[list[Fact]]:
    """The same person and what they did in three states, oldest first; each tells something that no other does. What the newest leaves out only
    one of the others tells: which version a single field is of, nobody keeps."""
    return [
        [replace(JOE, revised=AT + 100), replace(DINNER, title="Dinner", revised=AT + 100)],
        [replace(JOE, title="", bio="", company="", url="https://joe.example", revised=AT + 200), replace(DINNER, text="Dinner at seven", url="https://dinner.example", revised=AT + 200)],
        [replace(JOE, title="", company="Inn", bio="New words", revised=AT + 300), replace(DINNER, text="Dinner at eight", published=ago(days=1), in_reply_to="b", revised=AT + 300)],
    ]


def words(db: Desk) -> list[tuple[object, ...]]:
    return [
        *db.execute("SELECT display_name, title, company, bio, url FROM profiles WHERE display_name <> ''"),
        *db.execute("SELECT kind, published, precision, audience, title, text, url, in_reply_to FROM activities WHERE native_id = 'a'"),
    ]


def brought(order: tuple[int, ...]) -> Desk:
    db = open_memory()
    for number in order:
        bring(db, versions()[number])
    return db


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_the_newest_holds_and_the_older_fill_gaps(order: tuple[int, ...]) -> None:
    db = brought(order)
    assert words(db)[0] == ("Joe Brown", "Porter", "Inn", "New words", "https://joe.example")
    assert words(db)[1][4:] == ("Dinner", "Dinner at eight", "https://dinner.example", "b") and words(db) == words(brought((0, 1, 2)))
    db.close()


@pytest.mark.parametrize("gone", range(3))
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_one_of_them_taken_back_was_never_there(order: tuple[int, ...], gone: int) -> None:
    db = brought(order)
    with transaction(db):
        import_undo.undo(db, NOW, order.index(gone) + 1)
    assert words(db) == words(brought(tuple(number for number in range(3) if number != gone)))
    assert {row[0] for row in db.execute("SELECT DISTINCT (revised - ?) / 100 - 1 FROM revisions", (AT,))} == {*range(3)} - {gone}
    with transaction(db):
        for batch in db.execute("SELECT id FROM batches WHERE undone_at IS NULL").fetchall():
            import_undo.undo(db, NOW, batch[0])
    assert not db.execute("SELECT 1 FROM revisions").fetchall() and not words(db)
    db.close()


def test_what_is_older_is_counted_and_no_difference() -> None:
    db = open_memory()
    bring(db, versions()[2])
    with Staging(db, now=seconds(NOW)) as staged:
        staged.add([replace(JOE, title="", company="Other", bio="Older", revised=AT + 200), replace(DINNER, text="Lunch", revised=AT + 200), who("Ida Holm")])
        counts = merge.preview(staged)
        assert (counts.older, counts.changed, counts.changed_profiles, counts.new_profiles) == (2, 0, 0, 1) and not differences(staged)
        staged.add([replace(JOE, title="Porter", company="Other", url="https://joe.example", revised=AT + 200)])
        assert merge.preview(staged).changed_profiles == 1
        assert [(one.field, one.before, one.after) for one in differences(staged)] == [("title", "", "Porter"), ("url", "", "https://joe.example")]
    db.close()


def test_an_older_archive_that_says_the_same_is_not_told_of() -> None:
    db = open_memory()
    bring(db, [replace(JOE, revised=AT + 300)])
    with Staging(db, now=seconds(NOW)) as staged:
        staged.add([replace(JOE, revised=AT + 200, url="https://joe.example")])
        assert merge.preview(staged).older == 0
    db.close()


def test_within_one_file_the_later_version_counts_wherever_it_stands() -> None:
    for order in ((0, 2), (2, 0)):
        db = open_memory()
        bring(db, [fact for number in order for fact in versions()[number]])
        assert words(db)[0][1:4] == ("Porter", "Inn", "New words") and words(db)[1][5] == "Dinner at eight"
        db.close()


def test_what_was_never_changed_needs_no_room() -> None:
    """Its version is its time: an archive of 300,000 messages of which ten were edited leaves ten rows."""
    db = open_memory()
    made = seconds(DINNER.published or NOW)
    bring(db, [JOE, replace(DINNER, revised=made), replace(did(JOE, "b"), revised=AT + 100)])
    assert db.execute("SELECT native_id FROM revisions").fetchall() == [("b",)]
    bring(db, [JOE, replace(DINNER, text="Dinner at nine", revised=AT)])
    bring(db, [JOE, replace(DINNER, revised=made)])
    assert words(db)[1][5] == "Dinner at nine"
    db.close()


def test_a_version_that_is_not_told_or_the_same_is_taken_as_ever() -> None:
    db = open_memory()
    for revised, company in ((AT + 300, "Inn"), (0, "Lodge"), (AT + 300, "Motel"), (AT + 299, "Hut")):
        bring(db, [replace(JOE, company=company, revised=revised)])
    assert words(db)[0][2] == "Motel"
    db.close()


def test_a_login_reads_what_is_true_now() -> None:
    db = open_memory()
    bring(db, [replace(JOE, company="Inn", revised=AT + 300)])
    arrive(db, [replace(JOE, company="Lodge", revised=AT + 200)])
    assert words(db)[0][2] == "Lodge"
    arrive(db, [replace(JOE, company="Motel", revised=AT + 400)])
    bring(db, [replace(JOE, company="Hut", revised=AT + 350)])
    assert words(db)[0][2] == "Motel"
    db.close()


DAY = 24 * 3600
READ = replace(JOE, title="Buyer", company="Inn")


def at_logins(db: Desk) -> list[tuple[object, ...]]:
    return db.execute("SELECT revised, (SELECT count(*) FROM tellings) FROM revisions WHERE tbl = 1 AND batch_id = 0").fetchall()


def test_what_a_login_reads_unchanged_is_newer_than_a_file_of_before() -> None:
    db = open_memory()
    arrive(db, [READ], now=ago(days=9))
    arrive(db, [READ], now=ago(days=1))
    bring(db, [replace(READ, title="Clerk", company="Hut", revised=AT - 5 * DAY)])
    assert words(db)[0][1:3] == ("Buyer", "Inn")
    assert [(one.title, (AT - one.at) // DAY) for one in tellings.of_profile(db, profile_id(db, JOE))] == [("Buyer", 9), ("Clerk", 5), ("Buyer", 1)]
    assert db.execute("SELECT p.title, c.name FROM people p JOIN companies c ON c.id = p.company_id").fetchall() == [("Buyer", "Inn")]
    bring(db, [replace(READ, title="Owner", revised=AT)])
    assert words(db)[0][1] == "Owner", "what is newer still counts"
    for _ in range(2):
        import_undo.undo(db, NOW)
    assert words(db)[0][1:3] == ("Buyer", "Inn") and not db.execute("SELECT 1 FROM activities").fetchall()
    db.close()


def test_what_a_login_reads_for_the_first_time_of_somebody_known_from_a_file_is_newer_too() -> None:
    db = open_memory()
    bring(db, [replace(READ, revised=AT - 9 * DAY)])
    arrive(db, [READ], now=ago(days=1))
    bring(db, [replace(READ, title="Clerk", revised=AT - 5 * DAY)])
    assert words(db)[0][1] == "Buyer"
    db.close()


def test_a_login_that_says_less_than_is_known_does_not_make_all_of_it_newer() -> None:
    db = open_memory()
    arrive(db, [READ], now=ago(days=9))
    arrive(db, [who("Joe Brown")], now=ago(days=1))
    bring(db, [replace(READ, title="Clerk", revised=AT - 5 * DAY)])
    assert words(db)[0][1] == "Clerk"
    db.close()


def test_what_is_unchanged_is_written_once_a_day_at_most() -> None:
    db = open_memory()
    arrive(db, [READ], now=ago(days=9))
    arrive(db, [READ], now=ago(days=3))
    before = at_logins(db)
    assert before == [(AT - 3 * DAY, 1)]
    arrive(db, [READ], now=ago(days=1, hours=23))
    assert at_logins(db) == [(AT - DAY - 23 * 3600, 1)]
    arrive(db, [READ], now=ago(days=1, hours=2))
    assert at_logins(db) == [(AT - DAY - 23 * 3600, 1)]
    db.close()


def test_an_older_cancellation_takes_nothing_back() -> None:
    db = open_memory()
    bring(db, [JOE, replace(DINNER, revised=AT + 300)])
    bring(db, [Tombstone(key=DINNER.key, returns=True, revised=AT + 200)])
    assert len(words(db)) == 2
    bring(db, [Tombstone(key=DINNER.key, returns=True, revised=AT + 301)])
    assert len(words(db)) == 1
    db.close()


def test_an_older_archive_as_a_whole_by_how_far_it_reaches() -> None:
    """No card says when it was changed; the archive does, for all of them."""
    db = open_memory()
    year = {n: datetime(n, 5, 20, tzinfo=UTC) for n in (2019, 2024)}
    for archive, role in ((2024, "Director"), (2019, "Porter")):
        bring(db, [replace(JOE, title=role, days=(LifeDay(kind=JOE.days[0].kind, month=4, day=archive % 28, year=1980),)),
                   Coverage(place="mastodon", since=None, until=year[archive])])  # fmt: skip
    assert words(db)[0][1] == "Director"
    told = tellings.of_profile(db, profile_id(db, JOE))
    assert [one.title for one in told] == ["Porter", "Director"] and told[0].at == seconds(year[2019])
    assert db.execute("SELECT day FROM life_days ORDER BY at DESC").fetchone() == (2024 % 28,)
    db.close()


def test_an_older_card_is_no_change_of_job() -> None:
    db = open_memory()
    bring(db, [replace(JOE, title="Director", revised=seconds(ago(days=10)))])
    bring(db, [replace(JOE, title="Porter", revised=seconds(ago(days=400)))])
    ((title, text),) = db.execute("SELECT title, text FROM activities WHERE native_id LIKE 'told:%'").fetchall()
    assert "Director" in f"{title} {text}" and words(db)[0][1] == "Director"
    assert [one.title for one in tellings.of_profile(db, profile_id(db, JOE))] == ["Porter", "Director"]
    db.close()


def test_a_finer_time_is_taken_from_an_older_version_as_well() -> None:
    db = open_memory()
    day = ago(days=2).replace(hour=0, minute=0)
    bring(db, [JOE, replace(DINNER, published=day, precision=Precision.DAY, kind=Kind.EVENT, revised=AT + 300)])
    bring(db, [JOE, replace(DINNER, revised=AT + 200)])
    assert db.execute("SELECT k.name, published FROM activities a JOIN kinds k ON k.id = a.kind WHERE native_id = 'a'").fetchone() == ("event", seconds(DINNER.published or NOW))
    db.close()


def test_nothing_stays_of_what_was_brought_in_half() -> None:
    from relationdesk.services import bringing
    from relationdesk.store import half_imports

    db = open_memory()
    bring(db, versions()[0])
    before = state(db, "revisions", "sightings", "overwritten")
    with Staging(db, now=seconds(NOW)) as staged:
        staged.add([*versions()[2], who("Ida Holm")])
        merge.prepare(staged)
        with transaction(db):
            merge.found(staged, by_login=False)
            batch = batches.begin(db, format="test", place="mastodon", name="test", at=seconds(NOW))
            half_imports.begin(db, batch)
            merge.name_places(db)
        in_portions(db, merge.in_pieces(staged, batch, seconds(NOW), lambda rows: None))
        assert state(db, "revisions") != before
    bringing.settle(db)
    assert state(db, "revisions", "sightings", "overwritten") == before
    db.close()


def test_forgetting_takes_them_along() -> None:
    from relationdesk.services import forgetting

    db = open_memory()
    bring(db, versions()[1])
    forgetting.forget(db, db.execute("SELECT id FROM people WHERE name = 'Joe Brown'").fetchone()[0], NOW)
    assert not db.execute("SELECT 1 FROM revisions").fetchall()
    db.close()


def test_the_first_card_is_as_old_as_it_says() -> None:
    """So that an older one, brought in on the next day, makes no change of job of today."""
    db = open_memory()
    bring(db, [replace(JOE, title="Director", revised=seconds(ago(days=90)))])
    bring(db, [replace(JOE, title="Porter", revised=seconds(ago(days=400)))])
    assert [(one.at, one.title) for one in tellings.of_profile(db, profile_id(db, JOE))] == [
        (seconds(ago(days=400)), "Porter"), (seconds(ago(days=90)), "Director"),
    ]  # fmt: skip
    bring(db, [replace(JOE, title="Owner", revised=seconds(ago(days=30)))])
    assert tellings.of_profile(db, profile_id(db, JOE))[-1].at == seconds(NOW)
    db.close()
