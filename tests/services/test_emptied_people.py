"""Whom the program made of a profile alone goes with it, and comes back with it; whoever carries the user's own work stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import agenda, drafts, import_undo, notes, people
from relationdesk.store import ledger, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import ME, NOW, ago, arrive, bring, did, person_id, profile_id, state, who

JOE = who("Joe Brown", "linkedin")
OWNER = who("Sam Carter", "mastodon", ME.native_id, owner=True)
DECIDED = ("kept_apart", "tags", "bucket_people", "notes")


@pytest.fixture(params=[bring, arrive], ids=["import", "login"])
def db(request: pytest.FixtureRequest) -> Desk:
    db = open_memory()
    bring(db, [OWNER, JOE])
    request.param(db, [who("Lee Hart", "contacts", "other", company="Fernwood"), did(who("Lee Hart", "contacts", "other"), "1", ago(days=2))])
    return db


def lee(db: Desk) -> int:
    return int(db.execute("SELECT id FROM profiles WHERE native_id = 'other'").fetchone()[0])


ANSWERS: dict[str, Callable[[Desk], object]] = {
    "same person": lambda db: people.link(db, lee(db), person_id(db, "Joe Brown"), NOW),
    "this is me": lambda db: people.link(db, lee(db), person_id(db, "Sam Carter"), NOW),
    "a company": lambda db: people.new_company(db, lee(db), NOW, "Fernwood"),
    "not a human": lambda db: people.settle(db, lee(db), "nobody", NOW),
    "nobody's": lambda db: people.unlink(db, lee(db), NOW),
    "not them": lambda db: people.keep_apart(db, lee(db), person_id(db, "Lee Hart"), NOW),
    "somebody new": lambda db: people.new_person(db, lee(db), NOW, "Leo Hart"),
}


@pytest.mark.parametrize("how", ANSWERS)
def test_an_empty_person_goes_and_comes_back_exactly(db: Desk, how: str) -> None:
    before = state(db, *DECIDED)
    ANSWERS[how](db)
    assert "Lee Hart, made of that profile alone, went with it" in ledger.entries(db, 1)[0].sentence
    assert all(p.name != "Lee Hart" for p in persons.page(db))
    after = state(db, *DECIDED)
    for n in range(3):  # also when the person was taken back before
        done, _ = people.undo(db, NOW + timedelta(seconds=n))
        assert done.kept == () and state(db, *DECIDED) == before
        if n < 2:
            done, _ = people.redo(db)
            assert done.kept == () and state(db, *DECIDED) == after
    ANSWERS[how](db)
    assert all(p.name != "Lee Hart" for p in persons.page(db)), "what was taken back is no work of the user"


def uid(db: Desk, person_id: int) -> object:
    return db.execute("SELECT uid FROM people WHERE id = ?", (person_id,)).fetchone()[0]


WORK: dict[str, Callable[[Desk, int], object]] = {
    "note": lambda db, id_: notes.write(db, "Called.", NOW, person_id=id_),
    "mention": lambda db, id_: notes.write(db, "With @Lee Hart", NOW, person_id=person_id(db, "Joe Brown")),
    "tag": lambda db, id_: people.set_tags(db, id_, ("a",), NOW),
    "bucket": lambda db, id_: people.set_in_bucket(db, people.make_bucket(db, "VIP", NOW)[0], (id_,), True, NOW),
    "edit": lambda db, id_: people.edit_person(db, id_, NOW, name="Lee H.", title="", company=""),
    "wish": lambda db, id_: people.set_no_prompts(db, id_, True, NOW),
    "draft": lambda db, id_: drafts.save(db, drafts.slot_for(person_uid=str(uid(db, id_))), "I think", NOW),
}


@pytest.mark.parametrize("work", WORK)
def test_a_person_with_work_of_the_user_stays_and_the_answer_says_so(db: Desk, work: str) -> None:
    id_ = person_id(db, "Lee Hart")
    WORK[work](db, id_)
    person = persons.get(db, id_)
    assert person is not None
    for leave in (lambda: people.link(db, lee(db), person_id(db, "Joe Brown"), NOW), lambda: people.unlink(db, lee(db), NOW)):
        changes = leave()
        assert f"{person.name} stays, with what you wrote or decided about them" in changes.undo
        assert persons.get(db, id_) is not None and profiles.of_person(db, id_) == ()
        people.undo(db, NOW)


def test_who_was_added_by_hand_or_has_another_profile_stays(db: Desk) -> None:
    added, _ = people.add_person(db, "Ann Example", NOW)
    people.link(db, lee(db), added, NOW)
    changes = people.link(db, lee(db), person_id(db, "Joe Brown"), NOW)
    assert "Ann Example stays" in changes.undo and persons.get(db, added) is not None
    joe = profile_id(db, JOE)
    changes = people.link(db, joe, added, NOW)
    assert "Joe Brown" not in changes.undo.partition("to Ann")[2] and persons.get(db, person_id(db, "Joe Brown")) is not None


def test_it_comes_back_also_after_its_import_and_company_went(db: Desk) -> None:
    people.link(db, lee(db), person_id(db, "Joe Brown"), NOW)
    linked = ledger.entries(db, 1)[0].id
    people.set_tags(db, person_id(db, "Joe Brown"), ("later",), NOW)
    with transaction(db):
        import_undo.undo(db, NOW)
    done, _ = people.undo(db, NOW, linked)
    assert profiles.of_person(db, person_id(db, "Lee Hart")) and done.kept == ()


def test_answers_to_prompts_are_work(db: Desk) -> None:
    joe = person_id(db, "Joe Brown")
    bring(db, [did(JOE, "q", ago(days=1), "Could you call me about the kitchen?", to=[OWNER], private=True)])
    (prompt, *_) = agenda.of_person(db, joe, NOW)
    agenda.answer(db, prompt, "done", NOW)
    changes = people.link(db, profile_id(db, JOE), person_id(db, "Lee Hart"), NOW)
    assert "Joe Brown stays" in changes.undo
    with pytest.raises(UserMistake):
        people.redo(db)
