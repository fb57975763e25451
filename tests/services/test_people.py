"""Every decision about people, profiles, companies and buckets: what it does, that it can be taken back, and done again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from relationdesk.derived import Filter
from relationdesk.errors import UserMistake
from relationdesk.model import Changes, Direction, Note
from relationdesk.services import agenda, matching, notes, people, review
from relationdesk.store import buckets, ledger, profiles
from relationdesk.store import notes as note_rows
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, bring, did, person_id, profile_id, state, who

JOE = who("Joe Brown", "linkedin", company="Alder & Finch")
MARY = who("Mary Jones", "linkedin")
WAITS = who("Joseph Brown", "mastodon", known=False, title="Engineer", company="Harborline", handle="@jb")
DECIDED = ("wishes", "kept_apart", "buckets", "bucket_people", "tags")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [JOE, MARY, WAITS, did(JOE, "1", ago(days=3)), did(WAITS, "2", ago(days=1))])
    people.make_bucket(db, "VIP", NOW)
    people.set_in_bucket(db, 1, (person_id(db, "Mary Jones"),), True, NOW)
    return db


def joe(db: Desk) -> int:
    return person_id(db, "Joe Brown")


def waits(db: Desk) -> int:
    return profile_id(db, WAITS)


STEPS: dict[str, Callable[[Desk], object]] = {
    "link": lambda db: people.link(db, waits(db), joe(db), NOW),
    "unlink": lambda db: people.unlink(db, profile_id(db, JOE), NOW),
    "keep apart": lambda db: people.keep_apart(db, waits(db), joe(db), NOW),
    "keep apart a linked one": lambda db: people.keep_apart(db, profile_id(db, JOE), joe(db), NOW),
    "new person": lambda db: people.new_person(db, waits(db), NOW),
    "new company": lambda db: people.new_company(db, waits(db), NOW, "Fernwood"),
    "a company that is there": lambda db: people.new_company(db, waits(db), NOW, "alder & finch"),
    "later": lambda db: people.settle(db, waits(db), "later", NOW),
    "nobody": lambda db: people.settle(db, waits(db), "nobody", NOW),
    "add": lambda db: people.add_person(db, "Ann Example", NOW, company="Fernwood", title="Chair"),
    "edit": lambda db: people.edit_person(db, joe(db), NOW, name="Joseph", title="Chair", company="Fernwood"),
    "me": lambda db: people.set_me(db, joe(db), NOW),
    "no prompts": lambda db: people.set_no_prompts(db, joe(db), True, NOW),
    "key company": lambda db: people.set_key_company(db, 1, True, NOW),
    "tags": lambda db: people.set_tags(db, joe(db), ("b", "a"), NOW),
    "make bucket": lambda db: people.make_bucket(db, "Prospects", NOW),
    "edit bucket": lambda db: people.edit_bucket(db, 1, NOW, name="Key", colour="#000000"),
    "remove bucket": lambda db: people.remove_bucket(db, 1, NOW),
    "into bucket": lambda db: people.set_in_bucket(db, 1, (joe(db),), True, NOW),
    "out of bucket": lambda db: people.set_in_bucket(db, 1, (person_id(db, "Mary Jones"),), False, NOW),
}


@pytest.mark.parametrize("step", STEPS)
def test_done_taken_back_and_done_again(db: Desk, step: str) -> None:
    before = state(db, *DECIDED)
    answer = STEPS[step](db)
    changes = answer if isinstance(answer, Changes) else answer[1]  # type: ignore[index]
    after = state(db, *DECIDED)
    assert after != before
    assert changes.undo == ledger.entries(db, 1)[0].sentence != ""
    done, _ = people.undo(db, NOW)
    assert (done.kept, done.entry.sentence) == ((), changes.undo)
    assert state(db, *DECIDED) == before
    people.redo(db)
    assert state(db, *DECIDED) == after
    people.undo(db, NOW)
    assert state(db, *DECIDED) == before


def test_what_a_link_shows_and_hides(db: Desk) -> None:
    people.link(db, waits(db), joe(db), NOW)
    (_, stored) = profiles.of_person(db, joe(db))
    assert (stored.linked_by, stored.linked_how) == ("user", "You linked it on 20 November 2026.")
    person = persons.get(db, joe(db))
    assert person is not None and person.last_in == ago(days=1)
    assert matching.waiting(db) == ()
    people.unlink(db, waits(db), NOW)
    person = persons.get(db, joe(db))
    assert person is not None and person.last_in == ago(days=3)
    assert [m.candidates for m in matching.waiting(db)] == [()]
    people.link(db, waits(db), joe(db), NOW)  # the user may change their mind
    assert profiles.kept_apart(db, WAITS.key) == frozenset()


def test_a_person_made_of_a_profile_takes_its_words(db: Desk) -> None:
    people.new_person(db, waits(db), NOW)
    made = persons.get(db, person_id(db, "Joseph Brown"))
    assert made is not None and (made.title, made.company, made.last_in) == ("Engineer", "Harborline", ago(days=1))


def test_gone_or_empty_is_refused_and_nothing_is_remembered(db: Desk) -> None:
    entries = ledger.entries(db)
    for step in (
        lambda: people.link(db, 999, joe(db), NOW), lambda: people.link(db, waits(db), 999, NOW),
        lambda: people.unlink(db, waits(db), NOW), lambda: people.keep_apart(db, waits(db), 999, NOW),
        lambda: people.add_person(db, " \u202e ", NOW), lambda: people.edit_person(db, joe(db), NOW, name=" ", title="", company=""),
        lambda: people.edit_person(db, 999, NOW, name="x", title="", company=""), lambda: people.set_me(db, 999, NOW),
        lambda: people.make_bucket(db, " vip ", NOW), lambda: people.make_bucket(db, "", NOW),
        lambda: people.set_in_bucket(db, 999, (joe(db),), True, NOW), lambda: people.set_in_bucket(db, 1, (999,), True, NOW),
        lambda: people.set_tags(db, 999, ("a",), NOW), lambda: people.set_no_prompts(db, 999, True, NOW), lambda: people.set_key_company(db, 999, True, NOW),
        lambda: people.remove_bucket(db, 999, NOW), lambda: people.edit_bucket(db, 999, NOW, name="x", colour="#000000"), lambda: profiles.find(db, "nobody"),
    ):  # fmt: skip
        with pytest.raises(UserMistake, match="Nothing was changed"):
            step()
    assert ledger.entries(db) == entries


@pytest.mark.parametrize("text", ["mastodon/joseph.brown", "mastodon:@JB", "@jb", "joseph.brown", "#3"])
def test_a_profile_by_what_names_it(db: Desk, text: str) -> None:
    assert profiles.find(db, text.replace("#3", f"#{waits(db)}")).id == waits(db)


@pytest.mark.parametrize("text", ["", "#", "#²", "#99999999999999999999", "mastodon/", "mastodon:", ":", "/", "x" * 10_000])
def test_no_profile_is_said_in_a_sentence(db: Desk, text: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        profiles.find(db, text)


def test_two_profiles_of_one_handle_are_told_apart_by_number(db: Desk) -> None:
    bring(db, [who("Other", "x", handle="@jb", known=False)])
    with pytest.raises(UserMistake, match="could be 2 profiles"):
        profiles.find(db, "@jb")
    assert profiles.find(db, "x:@jb").profile.key.place == "x"


def test_what_a_terminal_of_another_encoding_sends_is_kept_as_far_as_it_can_be(db: Desk) -> None:
    broken = "caf\udce9"
    id_, _ = people.add_person(db, broken, NOW, company=broken, title=broken)
    person = persons.get(db, id_)
    assert person is not None and (person.name, person.title, person.company) == ("caf?", "caf?", "caf?")
    people.edit_person(db, id_, NOW, name=broken, title=broken, company=broken)
    people.set_tags(db, id_, (broken,), NOW)
    people.make_bucket(db, broken, NOW)
    with pytest.raises(UserMistake):
        profiles.find(db, broken)


# Buckets


def names(db: Desk) -> list[str]:
    return [b.name for b in buckets.every(db)]


def test_a_new_bucket_comes_last_also_after_some_went(db: Desk) -> None:
    for name in ("B", "C", "D"):
        people.make_bucket(db, name, NOW)
    people.remove_bucket(db, 1, NOW)
    people.remove_bucket(db, 2, NOW)
    people.make_bucket(db, "E", NOW)
    assert names(db) == ["C", "D", "E"]
    ids = tuple(b.id for b in reversed(buckets.every(db)))
    people.order_buckets(db, ids, NOW)
    assert names(db) == ["E", "D", "C"]
    people.undo(db, NOW)
    assert names(db) == ["C", "D", "E"]


@pytest.mark.parametrize("name", ["VIP", "vip", " VIP ", "V\tIP", "\u202aV IP", ""])
def test_a_name_is_used_once(db: Desk, name: str) -> None:
    people.make_bucket(db, "V IP", NOW)
    second, _ = people.make_bucket(db, "Second", NOW)
    for step in (lambda: people.make_bucket(db, name, NOW), lambda: people.edit_bucket(db, second, NOW, name=name, colour="#111111")):
        with pytest.raises(UserMistake, match="already a bucket"):
            step()
    assert names(db) == ["VIP", "V IP", "Second"]


def test_long_names_that_begin_alike_are_one(db: Desk) -> None:
    people.make_bucket(db, "a" * 70, NOW)
    with pytest.raises(UserMistake, match="already a bucket"):
        people.make_bucket(db, "a" * 80, NOW)


def test_a_bucket_may_keep_its_own_name(db: Desk) -> None:
    people.edit_bucket(db, 1, NOW, name="vip", colour="#222222")
    (bucket,) = buckets.every(db)
    assert (bucket.name, bucket.colour, bucket.people) == ("vip", "#222222", 1)


def test_people_stay_when_their_bucket_goes_and_come_back_with_it(db: Desk) -> None:
    people.remove_bucket(db, 1, NOW)
    assert buckets.every(db) == () and person_id(db, "Mary Jones")
    people.undo(db, NOW)
    assert buckets.people_of(db, 1) == (person_id(db, "Mary Jones"),)


def test_a_removed_bucket_never_fills_another_that_came_later(db: Desk) -> None:
    people.remove_bucket(db, 1, NOW)
    gone = ledger.entries(db, 1)[0].id
    other, _ = people.make_bucket(db, "Complaints", NOW)
    people.undo(db, NOW, gone)
    assert buckets.people_of(db, other) == ()
    assert {b.name: b.people for b in buckets.every(db)} == {"VIP": 1, "Complaints": 0}


def test_a_person_taken_back_is_never_mistaken_for_a_later_one(db: Desk) -> None:
    people.new_person(db, waits(db), NOW)
    made = ledger.entries(db, 1)[0].id
    people.undo(db, NOW)
    bring(db, [who("Later One", "linkedin")])
    people.add_person(db, "Ann Example", NOW)
    ledger.redo(db, made)
    (stored,) = profiles.by_ids(db, [waits(db)])
    assert stored.person_id == person_id(db, "Joseph Brown")
    assert len(profiles.of_person(db, person_id(db, "Later One"))) == 1


def test_a_name_taken_meanwhile_is_said(db: Desk) -> None:
    people.edit_bucket(db, 1, NOW, name="Key", colour="#111111")
    renamed = ledger.entries(db, 1)[0].id
    people.make_bucket(db, "VIP", NOW)
    done, _ = people.undo(db, NOW, renamed)
    assert len(done.kept) == 1 and "people were added" not in done.kept[0]
    assert names(db) == ["Key", "VIP"]


# The rest


def test_tags_are_exactly_these(db: Desk) -> None:
    people.set_tags(db, joe(db), ("b", " a ", "b", "", "x" * 90), NOW)
    person = persons.get(db, joe(db))
    assert person is not None and person.tags[:2] == ("a", "b") and len(person.tags[2]) == 60
    people.set_tags(db, joe(db), ("b",), NOW)
    person = persons.get(db, joe(db))
    assert person is not None and person.tags == ("b",)


def test_whose_desk_it_is_turns_directions_everywhere(db: Desk) -> None:
    mary = person_id(db, "Mary Jones")
    leo = who("Leo Hart", "linkedin")
    bring(db, [leo, did(JOE, "to", ago(hours=1), to=[MARY]), did(JOE, "leo", ago(hours=2), to=[leo])])

    def sent_to_leo() -> object:
        person = persons.get(db, person_id(db, "Leo Hart"))
        return person and person.last_out

    def directions(person: int) -> list[Direction]:
        return [item.direction for item in review.stretch(db, person, Filter()).items]

    assert directions(mary) == [Direction.IN]
    people.set_me(db, joe(db), NOW)
    assert directions(mary) == [Direction.OUT]
    assert directions(joe(db)) == [Direction.OUT, Direction.OUT, Direction.SELF]
    assert sent_to_leo() == ago(hours=2)
    person = persons.get(db, mary)
    assert person is not None and person.last_out == ago(hours=1)
    people.set_me(db, mary, NOW)
    assert directions(mary) == [Direction.IN] and persons.me(db) == persons.get(db, mary)
    assert sent_to_leo() is None
    people.undo(db, NOW)
    assert directions(mary) == [Direction.OUT] and sent_to_leo() == ago(hours=2)
    people.undo(db, NOW)
    assert sent_to_leo() is None
    assert directions(mary) == [Direction.IN] and persons.me(db) is None


def test_who_asked_not_to_be_contacted_is_held_back(db: Desk) -> None:
    people.set_me(db, person_id(db, "Mary Jones"), NOW)
    bring(db, [did(JOE, "q", ago(days=1), "Could you call?", to=[MARY])])
    assert [p.why_not for p in agenda.of_person(db, joe(db), NOW)] == [""]
    people.set_no_prompts(db, joe(db), True, NOW)
    (prompt,) = agenda.of_person(db, joe(db), NOW)
    assert prompt.why_not == "Joe Brown asked on 20 November not to be contacted."
    page = review.review(db, joe(db), NOW)
    assert page is not None and page.no_prompts
    people.set_no_prompts(db, joe(db), False, NOW)
    assert [p.why_not for p in agenda.of_person(db, joe(db), NOW)] == [""]


def test_redo_goes_on_where_undo_stopped(db: Desk) -> None:
    people.set_tags(db, joe(db), ("one",), NOW)
    people.set_tags(db, joe(db), ("two",), NOW)
    for n in range(2):
        people.undo(db, NOW + timedelta(seconds=n))
    for expected in (("one",), ("two",)):
        people.redo(db)
        person = persons.get(db, joe(db))
        assert person is not None and person.tags == expected
    with pytest.raises(UserMistake, match="nothing to do again"):
        people.redo(db)


def apart(db: Desk) -> list[tuple[str, str]]:
    return db.execute("SELECT native_id, other FROM kept_apart ORDER BY native_id, other").fetchall()


def test_done_again_it_means_whose_profiles_were_when_it_was_decided(db: Desk) -> None:
    people.link(db, waits(db), joe(db), NOW)
    people.keep_apart(db, profile_id(db, MARY), joe(db), NOW)
    decided = ledger.entries(db, 1)[0].id
    people.link(db, waits(db), people.add_person(db, "Ann Example", NOW)[0], NOW)
    before = apart(db)
    assert ("mary.jones", "profile:mastodon/joseph.brown") in before
    people.undo(db, NOW, decided)
    assert not apart(db)
    people.redo(db, decided)
    assert apart(db) == before


def test_a_name_that_is_taken_back_is_the_one_that_notes_written_meanwhile_name(db: Desk) -> None:
    people.edit_person(db, joe(db), NOW, name="Jupp")
    renamed = ledger.entries(db, 1)[0].id
    for n, text in enumerate(("ask @Joe Brown about it", "ask @Jupp about it")):
        notes.write(db, text, NOW + timedelta(minutes=n), person_id=person_id(db, "Mary Jones"))
    jupp = person_id(db, "Jupp")
    assert [row.mentions for row in written(db)] == [(), (jupp,)]
    people.undo(db, NOW, renamed)
    assert [row.mentions for row in written(db)] == [(jupp,), (jupp,)]
    people.redo(db, renamed)
    assert [row.mentions for row in written(db)] == [(jupp,), (jupp,)]


def written(db: Desk) -> list[Note]:
    """Every note, oldest first."""
    found = (note_rows.get(db, id_) for (id_,) in db.execute("SELECT id FROM notes ORDER BY id").fetchall())
    return [note for note in found if note is not None]
