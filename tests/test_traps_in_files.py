"""The traps again, from files as the places write them to the person's page: nothing is put into the desk by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk.derived import Filter
from relationdesk.services import agenda, import_undo, importing, matching, notes, people, review
from relationdesk.store import buckets, profiles
from relationdesk.store import people as persons
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW, ago, person_id, state
from tests.trap_files import SAM, cards, linkedin, mailbox, page, prompts, said_on_three, take_in, texts


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Desk]:
    db = open_desk(tmp_path / "desk")
    yield db
    db.close()


def test_trap_01_with_files(db: Desk, tmp_path: Path) -> None:
    """Everything that belongs to either of two Joes is theirs again after a link, three more files and an unlink."""
    joe_page = page("Joe", "Brown")
    take_in(
        db, cards(tmp_path / "a.vcf", ("Joe Brown", "joe@alder.example")), linkedin(tmp_path / "b.zip", ("Joe", "Brown", ""), ("Ann", "Lee", "")),
        mailbox(tmp_path / "c.mbox", ("Joe Brown <joe@alder.example>", SAM, ago(days=2), "Offer", "Could you send the offer?")),
    )  # fmt: skip
    joe = person_id(db, "Joe Brown")
    (other,) = (m.profile.id for m in matching.waiting(db) if m.profile.profile.display_name == "Joe Brown")
    people.new_person(db, other, NOW, "Joe of LinkedIn")
    second = person_id(db, "Joe of LinkedIn")
    bucket, _ = people.make_bucket(db, "Prospects", NOW)
    for person, tag in ((joe, "first"), (second, "second")):
        people.set_tags(db, person, (tag,), NOW)
        notes.write(db, f"note on the {tag}", NOW, person_id=person)
    people.set_in_bucket(db, bucket, (second,), True, NOW)
    (asked,) = agenda.of_person(db, joe, NOW)
    agenda.answer(db, asked, "done", NOW)
    people.link(db, other, joe, NOW)
    take_in(
        db, linkedin(tmp_path / "d.zip", ("Joe", "Brown", ""), messages=((joe_page, ago(days=1), "by LinkedIn later"),)),
        mailbox(tmp_path / "e.mbox", ("Joe Brown <joe@alder.example>", SAM, ago(days=9), "Hello", "by mail later")),
        cards(tmp_path / "f.vcf", ("Ida Holm", "ida@x.example")),
    )  # fmt: skip
    assert {"by LinkedIn later", "by mail later", "note on the first"} <= texts(db, joe) and texts(db, second) == {"note on the second"}
    people.unlink(db, other, NOW)
    assert not any("LinkedIn" in text for text in texts(db, joe)) and profiles.by_ids(db, [other])[0].person_id is None
    people.link(db, other, second, NOW)
    assert "by LinkedIn later" in texts(db, second) and "by LinkedIn later" not in texts(db, joe)
    assert {"by mail later", "note on the first"} <= texts(db, joe) and "by mail later" not in texts(db, second)
    found = persons.many(db, [joe, second])
    assert (found[joe].tags, found[second].tags, buckets.people_of(db, bucket)) == (("first",), ("second",), (second,))
    assert all(p.key != asked.key for p in agenda.of_person(db, joe, NOW))


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
@pytest.mark.parametrize("names", [("Kim Tanaka", "Joe Tanaka"), ("Joe & Kim Tanaka",), ("Tanaka",), ("",)])
def test_trap_02_one_mailbox_of_a_couple_joins_nobody(db: Desk, tmp_path: Path, names: tuple[str, ...], order: tuple[str, ...]) -> None:
    shared = "tanaka@home.example"
    files = {
        "a": cards(tmp_path / "a.vcf", ("Joe Tanaka", shared)),
        "b": mailbox(tmp_path / "b.mbox", *((f"{name} <{shared}>", SAM, ago(days=n), "Hi", "words") for n, name in enumerate(names))),
        "c": linkedin(tmp_path / "c.zip", ("Kim", "Tanaka", shared)),
    }  # fmt: skip
    take_in(db, *(files[name] for name in order))
    for person in persons.page(db, query="tanaka"):
        named = {p.profile.display_name for p in profiles.of_person(db, person.id)}
        assert not {"Joe Tanaka", "Kim Tanaka"} <= named, (order, named)


@pytest.mark.parametrize(
    ("one", "other", "proposed"),
    [
        ("Mary Jones", "Gary Jones", False), ("Joe Brown", "Zoe Brown", False), ("Dan Lee", "Dana Lee", False), ("Anna Wikström", "Anna Wikström", True),
        ("Bob Hale", "Robert Hale", True), ("Mary Jones", "Jones Mary", True), ("Anna Wikström", "Anna Wikstrom", True), ("Joe Brown", "Jое Вrоwn", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_trap_03_with_files(db: Desk, tmp_path: Path, one: str, other: str, proposed: bool, turned: bool) -> None:
    given, family = other.split()
    files = [cards(tmp_path / "a.vcf", (one, "")), linkedin(tmp_path / "b.zip", (given, family, ""))]
    take_in(db, *(reversed(files) if turned else files))
    for person in persons.page(db):
        assert len(profiles.of_person(db, person.id)) == 1
    asked = [candidate for match in matching.waiting(db) for _, candidate in match.candidates]
    assert bool(asked) is proposed and all(c.reasons and all(r.sentence for r in c.reasons) for c in asked)


def test_trap_03_a_desk_and_a_list_address(db: Desk, tmp_path: Path) -> None:
    """info@ links nobody, not even two cards that name it; joe+list@ is asked about."""
    info = "info@alder.example"
    take_in(
        db, cards(tmp_path / "a.vcf", ("Joe Brown", info), ("Ida Holm", info), ("Ann Lee", "ann@alder.example")), linkedin(tmp_path / "b.zip", ("Joe", "Green", info)),
        mailbox(tmp_path / "c.mbox", (f"Alder <{info}>", SAM, ago(days=2), "Hi", "x"), ("ann+news@alder.example", SAM, ago(days=1), "Hi", "y")),
    )  # fmt: skip
    for person in persons.page(db):
        assert len(profiles.of_person(db, person.id)) == 1, person.name
    (match,) = (m for m in matching.waiting(db) if m.profile.profile.key.native_id.startswith("ann+"))
    assert [p.name for p, _ in match.candidates] == ["Ann Lee"] and "after the plus sign" in match.candidates[0][1].reasons[0].sentence


def test_trap_04_with_files_a_rename_and_a_restart(tmp_path: Path) -> None:
    files = cards(tmp_path / "a.vcf", ("Joe Brown", "joe@alder.example")), linkedin(tmp_path / "b.zip", ("Joe", "Brown", ""))
    db = open_desk(tmp_path / "desk")
    take_in(db, *files)
    joe = person_id(db, "Joe Brown")
    (match,) = matching.waiting(db)
    people.keep_apart(db, match.profile.id, joe, NOW)
    people.edit_person(db, joe, NOW, name="Joseph Brown", title="", company="")
    db.close()
    db = open_desk(tmp_path / "desk")
    take_in(db, *files, linkedin(tmp_path / "c.zip", ("Joseph", "Brown", ""), ("Joe", "Brown", "")))
    assert all(p.id != joe for m in matching.waiting(db) for p, _ in m.candidates if m.profile.id == match.profile.id)
    assert [p.profile.key.place for p in profiles.of_person(db, joe)] == ["contacts"]
    db.close()


def test_trap_05_with_files(db: Desk, tmp_path: Path) -> None:
    joe = page("Joe", "Brown")
    files = [
        linkedin(tmp_path / "a.zip", ("Joe", "Brown", "joe@alder.example"), messages=((joe, ago(days=1), "hello"), (joe, ago(days=1), "hello"))),
        mailbox(tmp_path / "b.mbox", ("Joe Brown <joe@alder.example>", SAM, ago(days=2), "Hi", "words")), cards(tmp_path / "c.vcf", ("Joe Brown", "joe@alder.example")),
    ]  # fmt: skip
    take_in(db, *files)
    before = state(db)
    take_in(db, *files, *reversed(files))
    assert state(db) == before


def test_trap_08_with_files(db: Desk, tmp_path: Path) -> None:
    joe = "Joe Brown <joe@alder.example>"
    take_in(db, cards(tmp_path / "a.vcf", ("Joe Brown", "joe@alder.example")), mailbox(tmp_path / "b.mbox", (joe, SAM, ago(days=1), "Offer", "Could you call?")))
    who_waits, last = agenda.today(db, NOW).shown, persons.many(db, [person_id(db, "Joe Brown")])
    take_in(db, mailbox(tmp_path / "old.mbox", (joe, SAM, ago(days=55), "Old", "And then?"), (SAM, joe, ago(days=54), "Re: Old", "Then this.")))
    after = persons.many(db, last)
    assert [e.prompt for e in agenda.today(db, NOW).shown] == [e.prompt for e in who_waits] and len(who_waits) == 1
    assert {i: p.last_in for i, p in after.items()} == {i: p.last_in for i, p in last.items()}


def test_trap_16_with_files_an_answer_on_linkedin_to_a_mail(db: Desk, tmp_path: Path) -> None:
    joe = "Joe Brown <joe@alder.example>"
    take_in(db, linkedin(tmp_path / "a.zip", ("Joe", "Brown", "joe@alder.example")), mailbox(tmp_path / "b.mbox", (joe, SAM, ago(days=2), "Offer", "Could you call?")))
    assert prompts(db, "Joe Brown") == {"awaiting_reply": ""}
    said = f"c1,,Sam Carter,https://www.linkedin.com/in/sam-carter,Joe Brown,{page('Joe', 'Brown')},{ago(days=1):%Y-%m-%d %H:%M:%S} UTC,,I did call you,SENT\n"
    head = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    alone = tmp_path / "messages.csv"
    alone.write_text(head + said, encoding="utf-8")
    importing.import_now(db, alone, now=NOW, me="https://www.linkedin.com/in/sam-carter")
    assert "in a message on LinkedIn" in prompts(db, "Joe Brown")["awaiting_reply"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_trap_17_with_files_a_post_in_three_archives_is_one_item_with_three_marks(db: Desk, tmp_path: Path, order: tuple[int, ...]) -> None:
    files = said_on_three(tmp_path, "Our new panel meter reads down to 0.1 W, and here is how we measured it", ago(days=1))
    for n in order:
        importing.import_now(db, files[n], now=NOW)
    (me,) = (person for person in persons.page(db, with_me=True) if person.is_me)
    for one in db.execute("SELECT id FROM profiles WHERE person_id IS NOT ?", (me.id,)).fetchall():
        people.link(db, one[0], me.id, NOW)
    (item,) = review.stretch(db, me.id, Filter()).items
    assert sorted(item.places) == ["linkedin", "mastodon", "x"] and db.execute("SELECT count(*) FROM activities").fetchone() == (3,)
    import_undo.undo(db, NOW)
    (item,) = review.stretch(db, me.id, Filter()).items
    assert len(item.places) == 2
