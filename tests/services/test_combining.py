"""Two people made one and one made two: nothing is dropped, and each can be taken back later without what came since being lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from relationdesk.derived import Filter, Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Address, AddressKind, Kind
from relationdesk.services import (
    agenda,
    combining,
    drafts,
    import_undo,
    notes,
    particulars,
    people,
    review,
    tasks,
    wishes,
)
from relationdesk.store import buckets, ledger, profiles, prompts, roles
from relationdesk.store import notes as note_rows
from relationdesk.store import people as persons
from relationdesk.store import tasks as task_rows
from relationdesk.store import wishes as wish_rows
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.wishes import WantedRhythm
from tests.facts import NOW, ago, arrive, bring, did, person_id, profile_id, state, texts_found, who

DECIDED = ("kept_apart", "buckets", "bucket_people", "tags", "prompt_answers", "notes", "note_mentions", "variants", "profiles", "wishes", "rhythms", "tasks", "particulars", "drafts", "round_stops", "round_visits")
JOE, JOSEPH, MARY = who("Joe Brown", "linkedin", title="Buyer", company="Hotel"), who("Jupp Marsh", "contacts", mail="jb@hotel.example", vouched=True, title="Director"), who("Mary Jones")


@pytest.fixture
def db() -> Desk:
    """Joe and Joseph, both with work of the user's on them; they answer to different names, tags, buckets and titles."""
    db = open_memory()
    bring(db, [JOE, JOSEPH, MARY, did(JOE, "a"), did(JOSEPH, "b"), did(MARY, "c")])
    joe, joseph, mary = (person_id(db, name) for name in ("Joe Brown", "Jupp Marsh", "Mary Jones"))
    people.set_tags(db, joe, ("chef", "both"), NOW)
    people.set_tags(db, joseph, ("golf", "both"), NOW)
    for name, whom in (("VIP", joseph), ("North", joe)):
        bucket_id, _ = people.make_bucket(db, name, NOW)
        people.set_in_bucket(db, bucket_id, (whom,), True, NOW)
    people.set_in_bucket(db, 1, (joe,), True, NOW)
    notes.write(db, "Joe likes rye bread", NOW, person_id=joe)
    notes.write(db, "Jupp plays golf with @Joe Brown", NOW, person_id=joseph)
    notes.write(db, "Met @Jupp Marsh at the fair", NOW, person_id=mary)
    people.keep_apart(db, profile_id(db, MARY), joseph, NOW)
    wishes.wish(db, joseph, NOW, places=("mail",), said=NOW.date())
    wishes.want(db, WantedRhythm(wished_days=14), NOW, person_id=joseph)
    tasks.add(db, "send the sheet", NOW, person_id=joseph)
    particulars.keep(db, joseph, "dog", "Rex", NOW)
    drafts.save(db, f"person:{persons.get(db, joseph).uid}", "being typed", NOW)  # type: ignore[union-attr]
    for whom in (joe, joseph):
        uid = persons.get(db, whom).uid  # type: ignore[union-attr]
        agenda.answer(db, Prompt(key=f"gone_quiet:{uid}:x", rule="gone_quiet", person_id=whom, title="quiet", because="", evidence=()), "done", NOW)
    return db


def ids(db: Desk) -> tuple[int, int]:
    return person_id(db, "Joe Brown"), person_id(db, "Jupp Marsh")


def newest(db: Desk) -> int:
    return ledger.entries(db, 1)[0].id


def test_nothing_is_dropped_and_conflicts_stand_side_by_side(db: Desk) -> None:
    joe, joseph = ids(db)
    gone = persons.get(db, joseph)
    assert gone is not None
    preview = combining.preview(db, joe, joseph)
    assert preview.conflicts == (("name", "Joe Brown", "Jupp Marsh"), ("title", "Buyer", "Director"))
    assert dict(preview.carried) == {"profiles": 1, "notes": 1, "wishes": 1, "tasks": 1, "particulars": 1, "outbox": 0, "buckets": 1, "tags": 2, "answers": 1}
    combining.combine(db, joe, joseph, NOW)
    one = persons.get(db, joe)
    assert one is not None and one.tags == ("both", "chef", "golf") and one.title == "Buyer" and one.company == "Hotel"
    assert {s.profile.key for s in profiles.of_person(db, joe)} == {JOE.key, JOSEPH.key}
    assert {b.name for b in buckets.of_person(db, joe)} == {"VIP", "North"}
    assert sorted(n.text for n in note_rows.of_person(db, joe)) == ["Joe likes rye bread", "Jupp plays golf with @Joe Brown", "Met @Jupp Marsh at the fair"]
    assert set(db.execute("SELECT what, value FROM variants WHERE person_id = ?", (joe,))) == {
        ("uid", gone.uid), ("name", "Jupp Marsh"),
    }
    assert [(word.place, word.title) for word in roles.beside(db, joe, one.title, one.company)] == [("contacts", "Director")]
    assert [persons.find(db, words).id for words in (gone.uid, "jupp marsh", "jb@hotel.example")] == [joe] * 3
    assert all(answer.person_uid == one.uid for answer in prompts.answers(db).values())
    assert f"person:{one.uid}" in profiles.kept_apart(db, MARY.key)
    assert persons.get(db, joseph) is None
    assert texts_found(db, "words") == {"words"}
    assert wish_rows.current(db)[joe].places == ("mail",) and wish_rows.wanted(db)[joe].wished_days == 14
    assert [task.text for task in task_rows.of_person(db, joe)] == ["send the sheet"]


def test_undo_gives_both_back_exactly(db: Desk) -> None:
    before = state(db, *DECIDED)
    combining.combine(db, *ids(db), NOW)
    assert people.undo(db, NOW)[0].kept == ()
    assert state(db, *DECIDED) == before
    people.redo(db)
    people.undo(db, NOW)
    assert state(db, *DECIDED) == before


def test_what_came_later_stays_where_it_belongs(db: Desk) -> None:
    """Trap of the peers: a note written on the combined person, and a profile that came because of one of the two."""
    joe, joseph = ids(db)
    combining.combine(db, joe, joseph, NOW)
    made = newest(db)
    notes.write(db, "said after both were one", NOW, person_id=joe)
    people.set_tags(db, joe, ("both", "chef", "golf", "after"), NOW)
    later = who("Jupp Marsh", "mastodon", mail="jb@hotel.example", vouched=True)
    arrive(db, [later, did(later, "later"), did(JOSEPH, "more")], now=NOW + timedelta(days=1))
    assert {s.profile.key for s in profiles.of_person(db, joe)} == {JOE.key, JOSEPH.key, later.key}
    people.undo(db, NOW + timedelta(days=2), made)
    assert {s.profile.key for s in profiles.of_person(db, joseph)} == {JOSEPH.key, later.key}
    assert {s.profile.key for s in profiles.of_person(db, joe)} == {JOE.key}
    assert sorted(n.text for n in note_rows.of_person(db, joe)) == ["Joe likes rye bread", "Jupp plays golf with @Joe Brown", "said after both were one"]
    both = persons.many(db, (joe, joseph))
    assert both[joe].tags == ("after", "both", "chef") and both[joseph].tags == ("both", "golf")


def test_taking_back_what_was_before_leaves_them_one(db: Desk) -> None:
    joe, joseph = ids(db)
    people.set_tags(db, joseph, ("golf", "both", "typo"), NOW)
    mistake = newest(db)
    combining.combine(db, joe, joseph, NOW)
    done, _ = people.undo(db, NOW, mistake)
    assert done.anew == (newest(db),) and done.kept == ()
    assert persons.get(db, joe).tags == ("both", "chef", "golf")  # type: ignore[union-attr]
    people.undo(db, NOW)
    assert persons.get(db, joseph).tags == ("both", "golf")  # type: ignore[union-attr]


def test_three_become_one_and_any_of_them_leaves_alone(db: Desk) -> None:
    joe, joseph = ids(db)
    mary = person_id(db, "Mary Jones")
    combining.combine(db, joe, joseph, NOW)
    first = newest(db)
    combining.combine(db, mary, joe, NOW)
    assert persons.get(db, mary).tags == ("both", "chef", "golf")  # type: ignore[union-attr]
    people.undo(db, NOW, first)
    assert persons.get(db, mary).tags == ("both", "chef")  # type: ignore[union-attr]
    assert {s.profile.key for s in profiles.of_person(db, joseph)} == {JOSEPH.key}
    assert {s.profile.key for s in profiles.of_person(db, mary)} == {MARY.key, JOE.key}


def test_a_wish_not_to_be_prompted_binds_the_whole_person(db: Desk) -> None:
    joe, joseph = ids(db)
    people.set_no_prompts(db, joseph, True, NOW)
    combining.combine(db, joe, joseph, NOW)
    assert wish_rows.current(db)[joe].opted_out


def test_where_both_have_a_rhythm_of_their_own_the_one_who_stays_keeps_theirs(db: Desk) -> None:
    joe, joseph = ids(db)
    wishes.want(db, WantedRhythm(wished_days=30), NOW, person_id=joe)
    assert ("rhythm", "every month", "every 2 weeks") in combining.preview(db, joe, joseph).conflicts
    combining.combine(db, joe, joseph, NOW)
    assert {id_: rhythm.wished_days for id_, rhythm in wish_rows.wanted(db).items()} == {joe: 30}
    assert ("rhythm", "every 2 weeks") in persons.variants(db, joe)
    people.undo(db, NOW)
    assert {id_: rhythm.wished_days for id_, rhythm in wish_rows.wanted(db).items()} == {joe: 30, joseph: 14}


def test_split_takes_what_was_said_in_an_item_along_and_what_either_may_have_said_binds_both(db: Desk) -> None:
    joe, joseph = ids(db)
    wishes.wish(db, joseph, NOW - timedelta(days=1), opted_out=True, activity=did(JOSEPH, "b").key)
    combining.combine(db, joe, joseph, NOW)
    before = state(db, *DECIDED)
    new, _ = combining.split(db, joe, [profile_id(db, JOSEPH)], [], NOW)
    assert [w.opted_out for w in wish_rows.of_person(db, joe)] == [False]
    assert [w.opted_out for w in wish_rows.of_person(db, new)] == [False, True]
    assert wish_rows.current(db)[new].places == wish_rows.current(db)[joe].places == ("mail",)
    assert {id_: rhythm.wished_days for id_, rhythm in wish_rows.wanted(db).items()} == {joe: 14, new: 14}
    people.undo(db, NOW)
    assert state(db, *DECIDED) == before


def test_whose_desk_it_is_stays_whichever_is_named_first(db: Desk) -> None:
    joe, joseph = ids(db)
    people.set_me(db, joseph, NOW)
    assert combining.preview(db, joe, joseph).into.id == joseph
    combining.combine(db, joe, joseph, NOW)
    me = persons.me(db)
    assert me is not None and me.id == joseph and persons.get(db, joe) is None
    people.undo(db, NOW)
    assert persons.me(db).id == joseph and persons.get(db, joe) is not None  # type: ignore[union-attr]


def test_two_drafts_become_one_without_a_lost_word(db: Desk) -> None:
    joe, joseph = ids(db)
    uids = {id_: persons.get(db, id_).uid for id_ in (joe, joseph)}  # type: ignore[union-attr]
    with transaction(db):
        for id_ in (joe, joseph):
            note_rows.set_draft(db, f"person:{uids[id_]}", f"typing {id_}", "note", 0, None, 0)
    combining.combine(db, joe, joseph, NOW)
    both = ((f"person:{uids[joe]}", f"typing {joe}\n\ntyping {joseph}"),)
    assert note_rows.drafts(db) == both
    people.undo(db, NOW)
    assert dict(note_rows.drafts(db)) == {f"person:{uids[id_]}": f"typing {id_}" for id_ in (joe, joseph)}
    people.redo(db)
    assert note_rows.drafts(db) == both
    drafts.save(db, f"person:{uids[joe]}", "typed more", NOW)
    people.undo(db, NOW)
    assert dict(note_rows.drafts(db)) == {f"person:{uids[joe]}": "typed more", f"person:{uids[joseph]}": f"typing {joseph}"}


def test_an_import_taken_out_meanwhile_takes_its_person_along(db: Desk) -> None:
    new = who("New One", "contacts")
    bring(db, [new, did(new, "n")])

    joe, fresh = person_id(db, "Joe Brown"), person_id(db, "New One")
    combining.combine(db, joe, fresh, NOW)
    made = newest(db)
    import_undo.undo(db, NOW)
    people.undo(db, NOW, made)
    assert persons.get(db, fresh) is None and persons.get(db, joe) is not None


def test_a_split_takes_what_was_chosen_and_keeps_both_apart(db: Desk) -> None:
    joe, joseph = ids(db)
    before = state(db, *DECIDED)
    combining.combine(db, joe, joseph, NOW)
    (note,) = (n.id for n in note_rows.of_person(db, joe) if n.text.startswith("Jupp plays"))
    new, changes = combining.split(db, joe, [profile_id(db, JOSEPH)], [note], NOW, name="Joe the Younger")
    assert changes.undo == "Split Joe the Younger from Joe Brown"
    person = persons.get(db, new)
    assert person is not None and person.title == "Director" and person.tags == ("both", "chef", "golf")
    assert [n.text for n in note_rows.of_person(db, new)] == ["Jupp plays golf with @Joe Brown"]
    assert f"person:{persons.get(db, joe).uid}" in profiles.kept_apart(db, JOSEPH.key)  # type: ignore[union-attr]
    assert f"person:{person.uid}" in profiles.kept_apart(db, JOE.key)
    for _ in range(2):
        people.undo(db, NOW)
    assert state(db, *DECIDED) == before


def test_answers_about_what_a_profile_did_go_with_it(db: Desk) -> None:
    joe, joseph = ids(db)
    combining.combine(db, joe, joseph, NOW)
    uid = persons.get(db, joe).uid  # type: ignore[union-attr]
    key = f"awaiting_reply:{uid}:contacts/b"
    agenda.answer(db, Prompt(key=key, rule="awaiting_reply", person_id=joe, title="asks", because="", evidence=()), "done", NOW)
    new, _ = combining.split(db, joe, [profile_id(db, JOSEPH)], [], NOW, with_marks=False)
    other = persons.get(db, new)
    assert other is not None and other.tags == ()
    assert prompts.answers(db)[f"awaiting_reply:{other.uid}:contacts/b"].person_uid == other.uid
    people.undo(db, NOW)
    assert key in prompts.answers(db)


def test_a_note_written_on_the_new_one_stays_with_them(db: Desk) -> None:
    joe, joseph = ids(db)
    combining.combine(db, joe, joseph, NOW)
    new, _ = combining.split(db, joe, [profile_id(db, JOSEPH)], [], NOW)
    split = newest(db)
    notes.write(db, "about the new one", NOW, person_id=new)
    done, _ = people.undo(db, NOW, split)
    assert done.kept == ("The person stays, because newer notes or links rest on it.",)
    assert [n.text for n in note_rows.of_person(db, new)] == ["about the new one"]
    assert {s.profile.key for s in profiles.of_person(db, joe)} == {JOE.key, JOSEPH.key}


def test_what_cannot_be_is_said_and_changes_nothing(db: Desk) -> None:
    joe, _ = ids(db)
    before = state(db, *DECIDED)
    for wrong in (
        lambda: combining.combine(db, joe, joe, NOW),
        lambda: combining.combine(db, joe, 999, NOW),
        lambda: combining.split(db, joe, [], [], NOW),
        lambda: combining.split(db, joe, [profile_id(db, JOE)], [], NOW),
        lambda: combining.split(db, joe, [profile_id(db, MARY)], [], NOW),
    ):
        with pytest.raises(UserMistake, match="Nothing was changed"):
            wrong()
    assert state(db, *DECIDED) == before


def test_whoever_was_named_first_stays_if_the_other_is_the_owner_no_more(db: Desk) -> None:
    """The owner stays, whichever was named first; that one of them was the owner is taken back, and later done again."""
    joe, jupp = ids(db)
    people.set_me(db, jupp, NOW)
    mine = newest(db)
    combining.combine(db, joe, jupp, NOW)
    combined = newest(db)
    assert persons.get(db, jupp) is not None and persons.get(db, joe) is None
    people.undo(db, NOW, mine)
    stays = persons.get(db, joe)
    assert stays is not None and stays.name == "Joe Brown" and persons.get(db, jupp) is None
    people.redo(db, mine)
    assert persons.get(db, jupp) is not None and persons.get(db, joe) is None
    people.undo(db, NOW, combined)
    assert persons.get(db, jupp) is not None and persons.get(db, joe) is not None


def test_deals_and_pictures_of_both_are_the_ones_and_go_back_with_their_profiles(db: Desk) -> None:
    joe, joseph = ids(db)
    crm = [
        replace(who(name, "hubspot", f"hs{n}"), addresses=(Address(kind=AddressKind.PICTURE, value=f"look:{n:016x}"),))
        for n, name in enumerate(("Joe Brown", "Jupp Marsh"), 1)
    ]
    deals = [
        did(one, f"deal:{n}", ago(days=3), kind=Kind.OTHER, title=f"Deal {n}", extra=(("record", "deal"), ("stage", "Offer"), ("close_date", f"{NOW + timedelta(days=4):%Y-%m-%d}")))
        for n, one in enumerate(crm, 1)
    ]
    bring(db, [*crm, *deals])
    for one, whom in zip(crm, (joe, joseph), strict=True):
        people.link(db, profile_id(db, one), whom, NOW)

    def held(person: int) -> tuple[set[str], set[str], set[str]]:
        """Their deals, their pictures, what is prompted of their deals."""
        items = review.stretch(db, person, Filter()).items
        pictures = {a.value for stored in profiles.of_person(db, person) for a in stored.profile.addresses if a.kind is AddressKind.PICTURE}
        said = {e.activity.native_id for p in agenda.of_person(db, person, NOW) if p.rule == "deal_near" for e in p.evidence if e.activity is not None}
        return {i.activity.title for i in items if i.activity and i.activity.title.startswith("Deal")}, pictures, said

    before = state(db, *DECIDED), held(joe), held(joseph)
    assert before[1:] == (({"Deal 1"}, {"look:0000000000000001"}, {"deal:1"}), ({"Deal 2"}, {"look:0000000000000002"}, {"deal:2"}))
    combining.combine(db, joe, joseph, NOW)
    deals_of, pictures, said = held(joe)
    assert deals_of == {"Deal 1", "Deal 2"} and pictures == {"look:0000000000000001", "look:0000000000000002"} and said == {"deal:1", "deal:2"}
    people.undo(db, NOW)
    assert (state(db, *DECIDED), held(joe), held(joseph)) == before
