"""Reading profiles: by whatever names them, and those that wait."""

from __future__ import annotations

import pytest

from relationdesk.model import Key
from relationdesk.services import people as decisions
from relationdesk.store import profiles
from relationdesk.store.database import Desk, open_memory
from relationdesk.text import canonical_url
from tests.facts import NOW, ago, bring, did, person_id, profile_id, who

PAGE = "https://hotel.example/@joeb"
JOE = who("Joe Brown", "linkedin", mail="joe@alderfinch.example", web=PAGE, bio="Meters.", title="Head", company="Alder & Finch")
WAITS = who("Somebody", "mastodon", PAGE, known=False)
NAMELESS = who("", "mastodon", "blank", known=False)


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    late = who("Late One", "mastodon", known=False)
    bring(db, [JOE, WAITS, NAMELESS, late, did(late, "1", ago(days=1)), did(WAITS, "2", ago(days=2)), did(JOE, "3", ago(days=3))])
    return db


def test_a_profile_is_read_as_it_was_written(db: Desk) -> None:
    (stored,) = profiles.by_ids(db, [profile_id(db, JOE), 999])
    assert stored.profile == JOE
    assert (stored.linked_by, stored.person_id) == ("only", person_id(db, "Joe Brown"))
    assert profiles.by_key(db, JOE.key) == stored and profiles.by_key(db, Key("linkedin", "nobody")) is None
    assert profiles.of_person(db, person_id(db, "Joe Brown")) == (stored,)


def test_who_waits_newest_first_and_nameless_ones_never(db: Desk) -> None:
    assert [s.profile.display_name for s in profiles.unlinked(db)] == ["Late One", "Somebody"]
    assert profiles.count_unlinked(db) == 2
    decisions.settle(db, profile_id(db, WAITS), "later", NOW)
    assert [s.profile.display_name for s in profiles.unlinked(db)] == ["Late One"]
    assert [s.profile.display_name for s in profiles.unlinked(db, settled="later")] == ["Somebody"]
    assert profiles.unlinked(db, limit=0) == ()


def test_found_by_address_page_and_folded_name(db: Desk) -> None:
    joe, waits = profile_id(db, JOE), profile_id(db, WAITS)
    assert [s.id for s in profiles.with_addresses(db, [("mail", "joe@alderfinch.example"), ("web", PAGE)])] == [joe]
    assert profiles.with_addresses(db, [("phone", "joe@alderfinch.example")]) == () == profiles.with_addresses(db, [])
    assert [s.id for s in profiles.with_pages(db, [canonical_url(PAGE)])] == [waits]
    assert [s.id for s in profiles.with_folded(db, ["joe brown", ""])] == [joe]


def test_kept_apart_by_names_that_survive(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    decisions.keep_apart(db, profile_id(db, WAITS), joe, NOW)
    uid = db.execute("SELECT uid FROM people WHERE id = ?", (joe,)).fetchone()[0]
    assert profiles.kept_apart(db, WAITS.key) == {f"person:{uid}", "profile:linkedin/joe.brown"}
    assert profiles.kept_apart(db, JOE.key) == {f"profile:mastodon/{PAGE}"}
    assert profiles.kept_apart(db, NAMELESS.key) == frozenset()


def test_places_with_the_newest_activity_first(db: Desk) -> None:
    assert [place for place, _ in profiles.places(db)] == ["mastodon", "linkedin"]


def test_a_company_has_profiles_of_its_own(db: Desk) -> None:
    decisions.new_company(db, profile_id(db, WAITS), NOW, "Harborline")
    (company,) = db.execute("SELECT id FROM companies WHERE name = 'Harborline'").fetchone()
    assert [s.id for s in profiles.of_company(db, company)] == [profile_id(db, WAITS)]
    assert profiles.count_unlinked(db) == 1


def test_owners(db: Desk) -> None:
    assert profiles.owners(db) == ()
    bring(db, [who("Sam Carter", owner=True)])
    assert [s.profile.display_name for s in profiles.owners(db)] == ["Sam Carter"]
