"""Birthdays and anniversaries in the desk: each import tells for itself, nothing is doubled, and whatever goes takes its words along."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from relationdesk.life_days import Said, Told, in_year, known, near
from relationdesk.model import Coverage, DayKind, LifeDay
from relationdesk.services import as_of, forgetting, import_undo, people, their_days
from relationdesk.store import life_days, merge, tellings
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.differences import differences
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, arrive, bring, life_day, who

CARD = who("Joe Brown", "contacts", "c1", mail="joe@x.example", days=(life_day(5, 4, 1979),))
CRM = who("Joe Brown", "hubspot", "h1", mail="joe@x.example", days=(life_day(5, 5),))


@pytest.fixture
def db() -> Desk:
    return open_memory()


def rows(db: Desk) -> list[tuple[object, ...]]:
    return db.execute("SELECT kind, month, day, year FROM life_days ORDER BY profile_id, kind, batch_id").fetchall()


def joe(db: Desk) -> int:
    """Joe, whose profiles are linked."""
    (person_id,) = db.execute("SELECT min(id) FROM people WHERE name = 'Joe Brown'").fetchone()
    for (profile_id,) in db.execute("SELECT id FROM profiles WHERE person_id IS NOT ? AND is_company = 0", (person_id,)).fetchall():
        people.link(db, profile_id, person_id, NOW)
    return int(person_id)


def take_back(db: Desk, batch_id: int) -> None:
    with transaction(db):
        import_undo.undo(db, NOW, batch_id)


def newest_batch(db: Desk) -> int:
    return int(db.execute("SELECT max(id) FROM batches").fetchone()[0])


def test_the_same_file_again_tells_nothing_new(db: Desk) -> None:
    bring(db, [CARD], now=ago(days=9))
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add([CARD])
        assert merge.preview(staging).changed_profiles == 0
    bring(db, [CARD], now=ago(days=8))
    (held,) = their_days.of_person(db, joe(db))
    assert (held.held.day, held.others) == (life_day(5, 4, 1979), ())


def test_a_login_writes_it_once(db: Desk) -> None:
    for days in (9, 8, 7):
        arrive(db, [CARD], now=ago(days=days))
    assert rows(db) == [("birthday", 5, 4, 1979)]
    assert db.execute("SELECT at FROM life_days").fetchone()[0] == seconds(ago(days=9))
    arrive(db, [who("Joe Brown", "contacts", "c1", days=(life_day(5, 6),))], now=ago(days=6))
    assert rows(db) == [("birthday", 5, 6, None)]


def test_a_year_that_is_known_stays(db: Desk) -> None:
    arrive(db, [CARD], now=ago(days=9))
    arrive(db, [who("Joe Brown", "contacts", "c1", days=(life_day(5, 4),))], now=ago(days=8))
    arrive(db, [who("Joe Brown", "contacts", "c1")], now=ago(days=7))
    assert rows(db) == [("birthday", 5, 4, 1979)]


def test_the_preview_says_what_is_new_and_what_changes(db: Desk) -> None:
    bring(db, [CARD], now=ago(days=9))
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add([who("Joe Brown", "contacts", "c1", days=(life_day(5, 6, 1980), life_day(6, 12, kind=DayKind.ANNIVERSARY)))])
        assert merge.preview(staging).changed_profiles == 1
        assert [(one.field, one.before, one.after) for one in differences(staging)] == [("birthday", "4 May 1979", "6 May 1980"), ("anniversary", "", "12 June")]


def test_what_an_import_told_goes_with_it(db: Desk) -> None:
    bring(db, [CARD], now=ago(days=9))
    bring(db, [who("Joe Brown", "contacts", "c1", days=(life_day(5, 6, 1980),))], now=ago(days=8))
    person = joe(db)
    assert [one.held.day for one in their_days.of_person(db, person)] == [life_day(5, 6, 1980)]
    take_back(db, newest_batch(db))
    assert [one.held.day for one in their_days.of_person(db, person)] == [life_day(5, 4, 1979)]
    take_back(db, 1)
    assert rows(db) == []


def test_taken_back_in_portions_nothing_is_left(db: Desk, tmp_path: Path) -> None:
    bring(db, [CARD], now=ago(days=9))
    for _ in life_days.taking_back(db, newest_batch(db)):
        pass
    assert rows(db) == []


def test_forgotten_is_forgotten(db: Desk) -> None:
    bring(db, [CARD, CRM], now=ago(days=9))
    forgetting.forget(db, joe(db), NOW)
    bring(db, [CARD, CRM])
    assert rows(db) == []


def test_two_places_stand_side_by_side(db: Desk) -> None:
    bring(db, [CARD], now=ago(days=9))
    bring(db, [CRM], now=ago(days=8))
    (held,) = their_days.of_person(db, joe(db))
    assert held.held == Said(day=life_day(5, 4, 1979), places=("contacts",))  # with a year
    assert held.others == (Said(day=life_day(5, 5), places=("hubspot",)),)


def test_who_is_near(db: Desk) -> None:
    bring(db, [CARD, CRM], now=ago(days=9))
    person = joe(db)
    assert life_days.near(db, date(2026, 5, 1), date(2026, 5, 4), None) == {person}
    assert life_days.near(db, date(2026, 5, 6), date(2027, 5, 3), None) == set()
    assert life_days.near(db, date(2026, 5, 1), date(2026, 5, 4), (person + 1,)) == set()


def test_a_leap_day_is_near_on_the_28th(db: Desk) -> None:
    bring(db, [who("Joe Brown", "contacts", "c1", days=(life_day(2, 29, 1980),))])
    assert life_days.near(db, date(2027, 2, 28), date(2027, 2, 28), None) == {joe(db)}
    assert life_days.near(db, date(2027, 3, 1), date(2027, 3, 2), None) == set()


def test_since_when_somebody_is_at_their_firm(db: Desk) -> None:
    """A day that a place tells reaches back before anybody wrote the firm down."""
    bring(db, [who("Joe Brown", "contacts", "c1", company="Harborline", days=(life_day(3, 1, 2019, DayKind.WORK),))], now=ago(days=9))
    told = as_of.history(db, joe(db))
    assert (told[0].since and told[0].since.date(), told[0].company) == (date(2019, 3, 1), "Harborline")


def test_moved_finds_changes_of_job(db: Desk) -> None:
    for days, company in ((90, "Harborline"), (60, "Northwind")):
        bring(db, [who("Joe Brown", "linkedin", "joe", company=company), Coverage(place="linkedin", until=ago(days=days))], now=ago(days=days))
    ((person, _, place, day),) = tellings.moved(db, None)
    assert (person, place, day) == (joe(db), "linkedin", ago(days=60).date())
    assert tellings.moved(db, (person + 1,)) == []


def said(*told: tuple[int, int, int | None, str, int]) -> list[tuple[LifeDay, tuple[str, ...]]]:
    found = known(Told(day=life_day(month, day, year), place=place, at=at) for month, day, year, place, at in told)
    return [(one.day, one.places) for each in found for one in (each.held, *each.others)]


def test_which_day_counts() -> None:
    may, june = life_day(5, 4), life_day(6, 4)
    assert said((5, 4, None, "a", 1), (6, 4, None, "b", 2), (5, 4, None, "c", 0)) == [(may, ("a", "c")), (june, ("b",))], "what more places say"
    assert said((6, 4, None, "a", 9), (5, 4, 1979, "b", 1)) == [(life_day(5, 4, 1979), ("b",)), (june, ("a",))], "what has a year"
    assert said((5, 4, None, "a", 1), (6, 4, None, "b", 2)) == [(june, ("b",)), (may, ("a",))], "what was told last"
    assert said((6, 4, None, "b", 1), (5, 4, None, "a", 1)) == [(may, ("a",)), (june, ("b",))], "the place that comes first"
    assert said((5, 4, 1979, "a", 1), (5, 4, None, "b", 2)) == [(life_day(5, 4, 1979), ("a", "b"))], "who leaves the year out agrees"
    assert said((5, 4, 1979, "a", 1), (5, 4, 1980, "b", 2), (5, 4, 1979, "c", 0)) == [(life_day(5, 4, 1979), ("a", "c")), (life_day(5, 4, 1980), ("b",))]


def test_days_of_the_calendar() -> None:
    assert in_year(2, 29, 2027) == date(2027, 2, 28) and in_year(2, 29, 2028) == date(2028, 2, 29)
    assert near(1, 1, date(2026, 12, 30), 3, 3) == date(2027, 1, 1)
    assert near(12, 31, date(2027, 1, 2), 3, 3) == date(2026, 12, 31)
    assert near(5, 4, date(2026, 5, 4), 0, 0) == date(2026, 5, 4)
    assert near(5, 4, date(2026, 5, 4), 366, 366) == date(2026, 5, 4)
    assert near(5, 4, date(2026, 5, 8), 3, 3) is None


def test_an_import_that_tells_only_a_day_concerns_the_person(db: Desk) -> None:
    bring(db, [who("Joe Brown", "contacts", "c1", mail="joe@x.example")], now=ago(days=9))
    assert bring(db, [CARD], now=ago(days=8)).profiles
