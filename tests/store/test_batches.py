"""What an import brought is written down, and taken out again without anything the user or another import rests on."""

from __future__ import annotations

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Rejected
from relationdesk.services import import_undo, notes, people
from relationdesk.store import activities, batches, profiles, reports
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.reports import Report
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, bring, did, person_id, profile_id, who

JOE, MARY = who("Joe Brown", company="Alder & Finch"), who("Mary Jones")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, did(JOE, "a", ago(days=2))])
    bring(db, [MARY, did(MARY, "b", ago(days=1))])
    return db


def undo(db: Desk, batch: int | None = None) -> batches.Taken:
    with transaction(db):
        return import_undo.undo(db, NOW, batch)


def test_the_list_newest_first_with_what_was_refused(db: Desk) -> None:
    refused = (Rejected(where="a.csv line 2", reason="No name."), Rejected(where="a.csv line 9", reason="No date."))
    with transaction(db):
        id_ = batches.begin(db, format="vcard", place="contacts", name="cards.vcf", at=seconds(NOW))
        batches.finish(db, id_, profiles=1, activities=2, people=3, report=Report(read=7, refused=2, rejects=refused))
    newest, *rest = batches.every(db)
    assert newest == batches.Batch(
        id=3, format="vcard", place="contacts", name="cards.vcf", at=NOW, profiles=1, activities=2, people=3, rejected=2, undone=False
    )
    assert [b.id for b in rest] == [2, 1]
    assert reports.of_batch(db, id_) == Report(read=7, refused=2, rejects=refused) and reports.of_batch(db, 1) == Report()


def test_undo_says_what_it_took(db: Desk) -> None:
    taken = undo(db)
    assert (taken.batch.id, taken.activities, taken.profiles, taken.people, taken.people_kept) == (2, 1, 1, 1, 0)
    assert [b.undone for b in batches.every(db)] == [True, False]
    assert activities.count(db) == 1 and [p.name for p in persons.page(db)] == ["Joe Brown"]
    taken = undo(db, 1)
    assert taken.people == 1 and persons.companies(db) == ()


def test_nothing_or_taken_already_is_said(db: Desk) -> None:
    undo(db, 2)
    with pytest.raises(UserMistake, match="already"):
        undo(db, 2)
    with pytest.raises(UserMistake, match="no import"):
        undo(db, 99)
    undo(db)
    with pytest.raises(UserMistake, match="no import"):
        undo(db)


@pytest.mark.parametrize("work", ["note", "mention", "bucket", "tag", "edit", "link"])
def test_a_person_with_work_of_the_user_stays(db: Desk, work: str) -> None:
    joe, mary = person_id(db, "Joe Brown"), person_id(db, "Mary Jones")
    if work == "note":
        notes.write(db, "words", NOW, person_id=mary)
    elif work == "mention":
        notes.write(db, "ask @Mary Jones", NOW, person_id=joe)
    elif work == "bucket":
        bucket, _ = people.make_bucket(db, "VIP", NOW)
        people.set_in_bucket(db, bucket, (mary,), True, NOW)
    elif work == "tag":
        people.set_tags(db, mary, ("panel",), NOW)
    elif work == "edit":
        people.edit_person(db, mary, NOW, name="Mary J.", title="", company="")
    else:
        people.link(db, profile_id(db, MARY), mary, NOW)
    taken = undo(db, 2)
    kept = persons.get(db, mary)
    assert kept is not None and taken.people == 0
    assert kept.last_in is None and activities.count(db) == 1


def test_a_login_that_saw_it_keeps_it(db: Desk) -> None:
    from tests.facts import arrive

    arrive(db, [MARY, did(MARY, "b", ago(days=1))])
    assert undo(db, 2).activities == 0
    assert profiles.by_key(db, MARY.key) is not None and activities.count(db) == 2


def test_a_key_company_or_one_with_a_note_stays(db: Desk) -> None:
    company = persons.company_by_name(db, "Alder & Finch")
    assert company is not None
    people.set_key_company(db, company.id, True, NOW)
    undo(db, 1)
    assert [c.name for c in persons.companies(db)] == ["Alder & Finch"]
