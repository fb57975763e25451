"""Many answers as one decision: one undo, a copy first, and nothing for whom somebody answered meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import bulk_answers, matching, people
from relationdesk.store import database
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW, ago, arrive, did, profile_id, state, who

THEM = tuple(who(f"stranger-{n}", id_=f"https://hotel.example/users/s{n}", known=False, company="Orrin") for n in range(5))


def filled(folder: Path) -> tuple[Desk, tuple[int, ...]]:
    db = database.open_desk(folder)
    arrive(db, (who("Ann Example", "contacts"), *THEM))
    return db, tuple(profile_id(db, one) for one in THEM)


def test_new_people_and_back(tmp_path: Path) -> None:
    db, ids = filled(tmp_path)
    before = state(db)
    people.settle(db, ids[0], "nobody", NOW)
    people.new_person(db, ids[1], NOW)
    assert bulk_answers.new_people(db, ids, NOW).undo == "4 new people"
    assert db.execute("SELECT count(*) FROM people").fetchone() == (6,)
    assert db.execute("SELECT count(*) FROM companies").fetchone() == (1,), "they share their company"
    assert any((tmp_path / "backups").glob("*before-bulk*"))
    for _ in range(3):
        people.undo(db, NOW)
    assert state(db) == before
    db.close()


def test_later_and_back(tmp_path: Path) -> None:
    db, ids = filled(tmp_path)
    before = state(db)
    bulk_answers.settle_all(db, ids, "later", NOW)
    assert db.execute("SELECT count(*) FROM profiles WHERE settled = 'later'").fetchone() == (5,)
    people.undo(db, NOW)
    assert state(db) == before
    bulk_answers.new_people(db, ids, NOW)
    with pytest.raises(UserMistake, match="answered already"):
        bulk_answers.settle_all(db, ids, "later", NOW)
    db.close()


def firm_desk(db: Desk, count: int = 4) -> None:
    """Mary is at Harborline, a key company; `count` more have addresses there, one has none, one is a customer of a mail provider."""
    mary = who("Mary Jones", "linkedin", "mary", mail="mary.jones@harborline.example", company="Harborline Foods")
    arrive(db, (mary,))
    db.execute("UPDATE companies SET is_key = 1")
    there = [who(f"Clerk {chr(65 + n)}{n}", "mail", f"clerk{n}@harborline.example", known=False, mail=f"clerk{n}@harborline.example") for n in range(count)]
    others = [who("Guest One", "mail", "guest1@gmail.com", known=False, mail="guest1@gmail.com") for _ in range(1)]
    arrive(db, (*there, *others, who("Nobody Else", "mastodon", known=False)))


def test_all_addresses_of_a_firm_are_at_that_firm_and_back(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    firm_desk(db)
    (offer,) = bulk_answers.firms(db, matching.waiting(db))
    assert (offer.domain, offer.company, len(offer.profiles)) == ("harborline.example", "Harborline Foods", 4)
    before = state(db)
    changes = bulk_answers.at_company(db, offer.profiles, offer.company_id, NOW)
    assert changes.undo == "4 new people at Harborline Foods"
    rows = db.execute("SELECT count(*) FROM people WHERE company_id = ?", (offer.company_id,)).fetchone()
    assert rows == (5,)
    assert bulk_answers.firms(db, matching.waiting(db)) == ()
    people.undo(db, NOW)
    assert state(db) == before


def test_few_addresses_or_a_firm_that_nobody_knows_are_no_offer(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    firm_desk(db, bulk_answers.FEWEST - 1)
    arrive(db, [who(f"Worker {n}", "mail", f"w{n}@unknown.example", known=False, mail=f"w{n}@unknown.example") for n in range(9)])
    assert bulk_answers.firms(db, matching.waiting(db)) == ()


def test_a_firm_is_known_by_its_name_where_nobody_of_it_is_known(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    people.add_person(db, "Ann Wren", NOW, company="Tallow & Pine")
    arrive(db, [who(f"Worker {n}", "mail", f"w{n}@tallowpine.example", known=False, mail=f"w{n}@tallowpine.example") for n in range(3)])
    assert [one.company for one in bulk_answers.firms(db, matching.waiting(db))] == ["Tallow & Pine"]


def test_what_touches_key_companies_is_asked_first(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    firm_desk(db)
    busy = who("Clerk B1", "mail", "clerk1@harborline.example", known=False)
    twin = who("Nobody Else", "contacts", "twin", mail="else@example.org")
    arrive(db, (twin, *(did(busy, f"b{n}", ago(days=n)) for n in range(3))))
    found = matching.waiting(db)
    assert [match.key for match in found] == [True] * 4 + [False] * (len(found) - 4)
    assert (found[0].profile.profile.display_name, found[0].adds) == ("Clerk B1", 3)
    assert found[4].candidates, "then those with a likely answer"
