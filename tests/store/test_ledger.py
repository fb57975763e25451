"""Every decision can be taken back, in any order, and later work is never lost."""

from __future__ import annotations

from itertools import permutations

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import notes, people
from relationdesk.store import buckets, ledger, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, bring, did, person_id, profile_id, state, who

DECIDED = ("kept_apart", "buckets", "bucket_people", "tags", "prompt_answers")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    joe, other = who("Joe Brown", "linkedin"), who("Joseph B", known=False)
    bring(db, [joe, other, did(joe, "a"), did(other, "b"), who("Mary Jones", "linkedin")])
    return db


def newest(db: Desk) -> int:
    return ledger.entries(db, 1)[0].id


@pytest.mark.parametrize("order", permutations(range(5)))
def test_any_order_leads_back_to_the_beginning(db: Desk, order: tuple[int, ...]) -> None:
    before = state(db, *DECIDED)
    joe, mary = person_id(db, "Joe Brown"), person_id(db, "Mary Jones")
    other = profile_id(db, who("Joseph B"))
    made = []
    for step in (
        lambda: people.link(db, other, joe, NOW),
        lambda: people.make_bucket(db, "VIP", NOW),
        lambda: people.set_tags(db, joe, ("one", "two"), NOW),
        lambda: people.edit_person(db, mary, NOW, name="Mary J. Jones", title="Buyer", company="Harborline"),
        lambda: people.keep_apart(db, other, mary, NOW),
    ):
        step()
        made.append(newest(db))
    after = state(db, *DECIDED)
    for n in order:
        people.undo(db, NOW, made[n])
    assert state(db, *DECIDED) == before
    for n in sorted(order, key=lambda n: made[n]):
        ledger.redo(db, made[n])
    people.undo(db, NOW, made[0])
    people.redo(db)
    assert {t: r for t, r in state(db, *DECIDED).items() if t != "people"} == {t: r for t, r in after.items() if t != "people"}


def test_a_new_decision_ends_what_could_be_done_again(db: Desk) -> None:
    joe, mary = person_id(db, "Joe Brown"), person_id(db, "Mary Jones")
    people.set_tags(db, joe, ("first",), NOW)
    first = newest(db)
    people.set_tags(db, mary, ("second",), NOW)
    people.undo(db, NOW)
    people.undo(db, NOW)
    people.set_tags(db, mary, ("third",), NOW)
    with pytest.raises(UserMistake, match="nothing to do again"):
        people.redo(db)
    assert (persons.get(db, joe).tags, persons.get(db, mary).tags) == ((), ("third",))  # type: ignore[union-attr]
    ledger.redo(db, first)  # a named one can be done again at any time
    people.undo(db, NOW, first)
    people.undo(db, NOW)
    assert [people.redo(db)[0].entry.sentence for _ in range(2)] == ["Tags of Mary Jones changed", "Tags of Joe Brown changed"]
    with pytest.raises(UserMistake, match="nothing to do again"):
        people.redo(db)


def test_a_later_link_stays_whole_when_the_earlier_is_taken_back(db: Desk) -> None:
    joe, mary, other = person_id(db, "Joe Brown"), person_id(db, "Mary Jones"), profile_id(db, who("Joseph B"))
    people.link(db, other, joe, NOW)
    first = newest(db)
    people.link(db, other, mary, NOW)
    done, _ = people.undo(db, NOW, first)
    (stored,) = profiles.by_ids(db, [other])
    assert (stored.person_id, stored.linked_by) == (mary, "user")
    assert stored.linked_how
    assert done.kept


def test_a_person_with_later_work_stays(db: Desk) -> None:
    people.add_person(db, "Charles Williams", NOW)
    added = newest(db)
    charles = person_id(db, "Charles Williams")
    people.edit_person(db, charles, NOW, name="Charles A. Williams", title="", company="")
    done, _ = people.undo(db, NOW, added)
    assert done.kept and persons.get(db, charles) is not None
    people.add_person(db, "Ann Example", NOW)
    added, ann = newest(db), person_id(db, "Ann Example")
    notes.write(db, "Called.", NOW, person_id=ann)
    assert people.undo(db, NOW, added)[0].kept and persons.get(db, ann) is not None


def test_a_bucket_with_later_people_stays(db: Desk) -> None:
    people.make_bucket(db, "VIP", NOW)
    made = newest(db)
    people.set_in_bucket(db, 1, (person_id(db, "Joe Brown"),), True, NOW)
    assert people.undo(db, NOW, made)[0].kept
    assert buckets.people_of(db, 1) == (person_id(db, "Joe Brown"),)


def test_names_found_follow_an_undo(db: Desk) -> None:
    mary = person_id(db, "Mary Jones")
    people.edit_person(db, mary, NOW, name="Zoe Lind", title="", company="")
    people.undo(db, NOW)
    assert [p.id for p in persons.page(db, query="mary jon")] == [mary]
    assert persons.page(db, query="zoe") == ()


def test_nothing_to_take_back(db: Desk) -> None:
    with pytest.raises(UserMistake, match="nothing to take back"):
        people.undo(db, NOW)
    people.make_bucket(db, "VIP", NOW)
    made = newest(db)
    people.undo(db, NOW, made)
    with pytest.raises(UserMistake, match="already"):
        people.undo(db, NOW, made)


def test_only_known_tables_can_be_changed(db: Desk) -> None:
    with pytest.raises(ValueError, match="no decision"), ledger.decide(db, "x", "x", 0) as d:
        d.update("activities", {"id": 1}, {"text": ""})
