"""The traps others fell into, by their number in the product's description: each through the services on a whole desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.derived import Filter
from relationdesk.errors import KeyringUnavailable, UnreadableFile
from relationdesk.model import Coverage, Key, Kind, NoteKind, Precision, Role, Tombstone
from relationdesk.services import (
    agenda,
    combining,
    drafts,
    importing,
    key_store,
    matching,
    notes,
    people,
    review,
    tasks,
    wishes,
)
from relationdesk.store import activities, buckets, ledger, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_desk, open_memory
from relationdesk.wishes import WantedRhythm
from tests.facts import NOW, ago, arrive, bring, did, person_id, profile_id, state, who
from tests.histories import seen
from tests.trap_files import prompts, texts

SAM = who("Sam Carter", owner=True)
JOE_X = who("Joe Brown", "x")
JOE_IN = who("Joe Brown", "linkedin", known=False)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Desk]:
    db = open_desk(tmp_path / "desk")
    yield db
    db.close()


def test_trap_01_unlink_gives_each_exactly_what_it_had(db: Desk) -> None:
    bring(db, [JOE_X, JOE_IN, did(JOE_X, "1", text="x one"), did(JOE_IN, "2", text="in one", kind=Kind.SHARE)])
    joe, other = person_id(db, "Joe Brown"), profile_id(db, JOE_IN)
    people.new_person(db, other, NOW, "Joe Brown the second")
    second = person_id(db, "Joe Brown the second")
    people.set_tags(db, joe, ("kept",), NOW)
    notes.write(db, "a note on the second", NOW, person_id=second)
    people.link(db, other, joe, NOW)
    for n in range(3):
        bring(db, [JOE_IN, did(JOE_IN, f"later{n}", text=f"in later {n}", kind=Kind.SHARE)])
    assert texts(db, joe) == {"x one", "in one", "in later 0", "in later 1", "in later 2"}
    people.unlink(db, other, NOW)
    assert texts(db, joe) == {"x one"} and texts(db, second) == {"a note on the second"} and profiles.by_ids(db, [other])[0].person_id is None
    people.link(db, other, second, NOW)
    assert texts(db, joe) == {"x one"}
    assert texts(db, second) == {"in one", "in later 0", "in later 1", "in later 2", "a note on the second"}
    assert persons.get(db, joe).tags == ("kept",)  # type: ignore[union-attr]


@pytest.mark.parametrize("how", ["link", "combine"])
def test_trap_01_both_have_what_they_had_and_what_came_after_follows_its_own(how: str) -> None:
    """Items, notes, tags, cadence, wishes, answers, buckets and promises of two Joes who were one for three files: as on a desk where they never were."""
    asked = {p: did(p, f"asked-{p.key.place}", ago(days=2), "Could you call?", kind=Kind.MESSAGE, to=[SAM], private=True) for p in (JOE_X, JOE_IN)}

    def desk(*, joined: bool) -> Desk:
        db = open_memory()
        bring(db, [SAM, JOE_X, JOE_IN, *asked.values(), did(JOE_X, "1", text="x one"), did(JOE_IN, "2", text="in one", kind=Kind.SHARE)])
        other = profile_id(db, JOE_IN)
        people.new_person(db, other, NOW, "Joe of LinkedIn")
        two = person_id(db, "Joe Brown"), person_id(db, "Joe of LinkedIn")
        for n, one in enumerate(two, start=1):
            people.set_tags(db, one, (f"tag {n}", "both"), NOW)
            notes.write(db, f"note {n} before", NOW, person_id=one)
            wishes.want(db, WantedRhythm(wished_days=10 * n), NOW, person_id=one)
            wishes.wish(db, one, NOW, every_days=n, source=f"asked {n}")
            people.set_in_bucket(db, people.make_bucket(db, f"bucket {n}", NOW)[0], (one,), True, NOW)
            tasks.add(db, f"promise {n}", NOW, person_id=one)
            for prompt in agenda.of_person(db, one, NOW):
                agenda.answer(db, prompt, "done" if n == 1 else "later", NOW, None if n == 1 else NOW + timedelta(days=3))
        if joined and how == "link":
            people.link(db, other, two[0], NOW)
        elif joined:
            combining.combine(db, *two, NOW)
        decided = ledger.entries(db, 1)[0].id
        for n in range(3):
            bring(db, [JOE_X, JOE_IN, did(JOE_IN, f"later in {n}", text=f"in later {n}"), did(JOE_X, f"later x {n}", text=f"x later {n}")])
        notes.write(db, "note after", NOW, person_id=two[0])
        if joined:
            assert {"x one", "in one", "in later 2", "note after"} <= texts(db, two[0])
            people.undo(db, NOW, decided)
        assert {"x one", "x later 2", "note 1 before", "note after"} <= texts(db, two[0]) and not any(text.startswith("in ") for text in texts(db, two[0]))
        assert {"in one", "in later 0", "in later 1", "in later 2", "note 2 before"} <= texts(db, two[1])
        return db

    def shown(db: Desk) -> str:
        """All of it, with names where the keys of answers have a uid."""
        text = repr({part: sorted(map(repr, rows)) for part, rows in seen(db).items() if part != "answers"})
        answers = repr(seen(db)["answers"])
        for uid, name in db.execute("SELECT uid, name FROM people"):
            answers = answers.replace(uid, name)
        return text + repr(sorted(answers.strip("[()]").split("), (")))

    db, plain = desk(joined=True), desk(joined=False)
    assert shown(db) == shown(plain)
    for name in ("Joe Brown", "Joe of LinkedIn"):
        assert prompts(db, name) == prompts(plain, name)


def test_trap_02_two_profiles_in_one_place_survive_a_link(db: Desk) -> None:
    old = who("Joe Brown", "x", "joe.old", known=False)
    bring(db, [JOE_X, old, did(JOE_X, "1", text="new"), did(old, "2", ago(days=900), "old")])
    joe = person_id(db, "Joe Brown")
    people.link(db, profile_id(db, old), joe, NOW)
    bring(db, [JOE_X, old])
    assert len(profiles.of_person(db, joe)) == 2 and texts(db, joe) == {"new", "old"}


def test_trap_03_namesakes_are_never_linked_by_themselves(db: Desk) -> None:
    pairs = [("Mary Jones", "Gary Jones"), ("Joe Brown", "Zoe Brown"), ("Dan Lee", "Dana Lee"), ("Anna Wikström", "Anna Wikström")]
    for n, (one, other) in enumerate(pairs):
        bring(db, [who(one, "linkedin", f"a{n}")])
        bring(db, [who(other, "x", f"b{n}")])
        a, b = (profiles.by_key(db, Key(place, f"{x}{n}")) for place, x in (("linkedin", "a"), ("x", "b")))
        assert a is not None and b is not None and a.person_id != b.person_id, (one, other)


def test_trap_04_kept_apart_after_restart(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    bring(db, [JOE_X, JOE_IN])
    people.keep_apart(db, profile_id(db, JOE_IN), person_id(db, "Joe Brown"), NOW)
    db.close()
    db = open_desk(tmp_path)
    bring(db, [JOE_X, JOE_IN, who("Joe Brown", "linkedin", known=False, title="new title")])
    assert [m.candidates for m in matching.waiting(db)] == [()]
    db.close()


def test_trap_04_kept_apart_from_somebody_without_a_profile_who_is_called_otherwise_since(db: Desk) -> None:
    joe, _ = people.add_person(db, "Joe Brown", NOW)
    bring(db, [JOE_IN])
    assert [p.id for m in matching.waiting(db) for p, _ in m.candidates] == [joe]
    people.keep_apart(db, profile_id(db, JOE_IN), joe, NOW)
    for called in ("Joseph Brown", "Joe Brown"):
        people.edit_person(db, joe, NOW, name=called)
        bring(db, [JOE_IN, who("Joe Brown", "linkedin", known=False, title="new title")])
        assert [m.candidates for m in matching.waiting(db)] == [()]


def test_trap_05_thrice_is_once_and_gone_is_gone(db: Desk) -> None:
    facts = [JOE_X, did(JOE_X, "1"), did(JOE_X, "2")]
    bring(db, facts)
    arrive(db, [Tombstone(key=Key("x", "1"))])
    before = state(db)
    for _ in range(3):
        bring(db, facts)
    assert state(db) == before and activities.count(db) == 1


def test_trap_06_nothing_recognised_is_an_error(db: Desk, tmp_path: Path) -> None:
    path = tmp_path / "Connections.csv"
    path.write_bytes("\ufeffNotes:\r\n\"about this file\"\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n".encode())
    with pytest.raises(UnreadableFile):
        importing.import_now(db, path, now=NOW)
    path.write_bytes(path.read_bytes() + b"Joe,Brown,https://www.linkedin.com/in/joe-brown,,Alder,Head,09 Nov 2026\r\n")
    _, done = importing.import_now(db, path, now=NOW)
    assert done is not None and done.counts.new_profiles >= 1 and person_id(db, "Joe Brown")


def test_trap_07_a_date_without_a_time_stays_one(db: Desk) -> None:
    day = datetime(2026, 11, 9, tzinfo=UTC)
    bring(db, [JOE_X, did(JOE_X, "1", day, precision=Precision.DAY), did(JOE_X, "2", None)])
    one, two = (activities.by_key(db, Key("x", n)) for n in "12")
    assert one is not None and two is not None and one.activity is not None
    assert (one.published, one.activity.precision, two.published) == (day, Precision.DAY, None)


def test_trap_08_an_old_message_arriving_late_changes_nothing(db: Desk) -> None:
    bring(db, [SAM, JOE_X, did(JOE_X, "q", ago(days=1), "Could you call?", kind=Kind.MESSAGE, to=[SAM], private=True, place="x")])
    before = prompts(db, "Joe Brown")
    last = persons.get(db, person_id(db, "Joe Brown")).last_in  # type: ignore[union-attr]
    old = [did(JOE_X, "o", ago(days=50), "old words", kind=Kind.MESSAGE, to=[SAM], private=True)]
    bring(db, [*old, did(SAM, "mine", ago(days=49), "old answer", kind=Kind.MESSAGE, to=[JOE_X], private=True)])
    assert prompts(db, "Joe Brown") == before == {"awaiting_reply": ""}
    assert persons.get(db, person_id(db, "Joe Brown")).last_in == last  # type: ignore[union-attr]


def test_trap_09_no_silence_where_nothing_was_read(db: Desk) -> None:
    weekly = [did(JOE_X, str(n), ago(days=31 + 7 * n)) for n in range(8)]
    mine = did(SAM, "m", ago(days=40), to=[JOE_X], role=Role.MENTIONED)
    bring(db, [SAM, JOE_X, *weekly, mine, Coverage(place="x", profile=JOE_X.key, until=ago(days=30))])
    assert "perhaps they are not silent" in prompts(db, "Joe Brown")["gone_quiet"]
    arrive(db, [Coverage(place="x", profile=JOE_X.key, until=NOW)])
    assert prompts(db, "Joe Brown") == {"gone_quiet": ""}


def test_trap_12_a_company_shows_nothing_of_others(db: Desk) -> None:
    a, b = who("Joe Brown", "x", company="Alder & Finch"), who("Mary Jones", "x", company="Harborline")
    bring(db, [a, b, did(a, "1", text="by joe", to=[b]), did(b, "2", text="by mary", to=[a])])
    company = persons.company_by_name(db, "Harborline")
    assert company is not None
    page = review.company_review(db, company.id, NOW)
    assert page is not None
    assert [p.name for p in page.people] == ["Mary Jones"]
    assert [i.activity.text for i in page.stretch.items if i.activity] == ["by mary"]


def test_trap_13_what_was_typed_is_there_on_the_next_start(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    slot = drafts.slot_for(person_uid="u7")
    drafts.save(db, slot, "half a sen", NOW, kind=NoteKind.CALL, minutes=5)
    db.close()
    db = open_desk(tmp_path)
    draft = drafts.get(db, slot)
    assert draft is not None and (draft.text, draft.kind, draft.minutes) == ("half a sen", NoteKind.CALL, 5)
    db.close()


def test_trap_14_no_key_store_means_no_token_anywhere(tmp_path: Path) -> None:
    with pytest.raises(KeyringUnavailable, match="never stored unprotected"):
        key_store.keep("sam", "planted-token-4711")


@pytest.mark.parametrize("place", ["x", "linkedin", "mail"])
def test_trap_16_an_answer_in_any_place_counts(db: Desk, place: str) -> None:
    me_there = who("Sam Carter", place, "me-there", owner=True)
    joe_there = who("Joe Brown", place, "joe-there", known=False)
    bring(db, [SAM, JOE_X, me_there, joe_there, did(JOE_X, "q", ago(days=2), "Could you call?", kind=Kind.MESSAGE, to=[SAM], private=True)])
    stored = profiles.by_key(db, joe_there.key)
    assert stored is not None
    if stored.person_id != person_id(db, "Joe Brown"):
        people.link(db, stored.id, person_id(db, "Joe Brown"), NOW)
    assert prompts(db, "Joe Brown") == {"awaiting_reply": ""}
    arrive(db, [did(me_there, "a", ago(days=1), "Yes", kind=Kind.MESSAGE, to=[joe_there], private=True)])
    assert "after the question" in prompts(db, "Joe Brown")["awaiting_reply"]


def test_trap_16_a_call_noted_is_an_answer(db: Desk) -> None:
    bring(db, [SAM, JOE_X, did(JOE_X, "q", ago(days=2), "Could you call?", kind=Kind.MESSAGE, to=[SAM], private=True)])
    notes.write(db, "Called him.", ago(hours=3), person_id=person_id(db, "Joe Brown"), kind=NoteKind.CALL)
    assert prompts(db, "Joe Brown")["awaiting_reply"] != ""


def test_trap_17_three_networks_one_item(db: Desk) -> None:
    words = "Our new panel meter reads down to 0.1 W, and here is how we measured it"
    profiles_of = [JOE_X, who("Joe Brown", "linkedin", known=False), who("Joe Brown", "mastodon", known=False)]
    bring(db, [*profiles_of, *(did(p, f"c{n}", ago(hours=n), words) for n, p in enumerate(profiles_of))])
    joe = person_id(db, "Joe Brown")
    for profile in profiles_of[1:]:
        people.link(db, profile_id(db, profile), joe, NOW)
    (item,) = review.stretch(db, joe, Filter()).items
    assert sorted(item.places) == ["linkedin", "mastodon", "x"] and activities.count(db) == 3


def test_answers_outlive_the_day_until_something_new_happens(db: Desk) -> None:
    bring(db, [SAM, JOE_X, did(JOE_X, "q", ago(days=1), "Could you call?", kind=Kind.MESSAGE, to=[SAM], private=True)])
    (prompt,) = agenda.of_person(db, person_id(db, "Joe Brown"), NOW)
    agenda.answer(db, prompt, "done", NOW)
    assert prompts(db, "Joe Brown") == {}
    people.undo(db, NOW)
    assert prompts(db, "Joe Brown") == {"awaiting_reply": ""}
    agenda.answer(db, prompt, "later", NOW, NOW + timedelta(days=3))
    assert "put it off" in prompts(db, "Joe Brown")["awaiting_reply"]
    assert prompts(db, "Joe Brown", NOW + timedelta(days=4)) == {"awaiting_reply": ""}
    assert buckets.every(db) == ()
