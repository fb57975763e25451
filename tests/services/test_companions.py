"""Profiles that are certainly one human are one question, and go along with every answer to it, as one decision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from relationdesk.services import bulk_answers, matching, overview, people
from relationdesk.services.companions import count_questions
from relationdesk.store import profiles
from relationdesk.store.database import Desk, open_desk, open_memory
from tests.facts import NOW, bring, person_id, profile_id, who

MAIL = "joe@alderfinch.example"
ON_LINKEDIN = who("Joe Brown", "linkedin")
CARD, BOX = who("Joe Brown", "contacts", mail=MAIL), who("J. Brown", "mail", MAIL, mail=MAIL, vouched=True, known=False)
PAGE = who("joeb", "mastodon", "https://hotel.example/@joeb", web="https://joe.example", vouched=True, known=False)
BLOG = who("Joe writes", "blog", "https://joe.example", known=False)
ALONE = who("Ann Stranger", "mastodon", known=False)
TOGETHER = (CARD, BOX)


def fill(db: Desk) -> Desk:
    bring(db, [ON_LINKEDIN])
    bring(db, [CARD, BOX, PAGE, BLOG, ALONE])
    return db


@pytest.fixture
def db() -> Desk:
    return fill(open_memory())


def asked(db: Desk, settled: str = "") -> list[set[str]]:
    """The names in each question."""
    return [{s.profile.display_name for s in (m.profile, *m.companions)} for m in matching.waiting(db, settled=settled)]


def stored(db: Desk, *which: object) -> list[profiles.Stored]:
    return [profiles.by_ids(db, [profile_id(db, one)])[0] for one in which]  # type: ignore[arg-type]


def test_they_are_one_question_and_counted_once(db: Desk) -> None:
    assert sorted(map(sorted, asked(db))) == [["Ann Stranger"], ["J. Brown", "Joe Brown"], ["Joe writes", "joeb"]]
    assert count_questions(db) == 3 == overview.overview(db).questions
    match = next(m for m in matching.waiting(db) if m.profile.profile.display_name == "Joe Brown")
    assert [p.name for p, _ in match.candidates] == ["Joe Brown"]


Answer = Callable[[Desk, int], object]
ANSWERS: dict[str, Answer] = {
    "same person": lambda db, id_: people.link(db, id_, person_id(db, "Joe Brown"), NOW),
    "somebody new": lambda db, id_: people.new_person(db, id_, NOW, "Joe of the card"),
    "later": lambda db, id_: people.settle(db, id_, "later", NOW),
    "not a human": lambda db, id_: people.settle(db, id_, "nobody", NOW),
    "a company": lambda db, id_: people.new_company(db, id_, NOW, "Alder"),
}


@pytest.mark.parametrize("asked_about", TOGETHER)
@pytest.mark.parametrize("how", ANSWERS)
def test_every_answer_takes_them_along_and_undo_brings_them_back(db: Desk, how: str, asked_about: object) -> None:
    before = stored(db, *TOGETHER)
    (id_,) = (s.id for s in stored(db, asked_about))
    ANSWERS[how](db, id_)
    after = [(s.person_id, s.company_id, s.settled) for s in stored(db, *TOGETHER)]
    assert len(set(after)) == 1 and after[0] != (None, None, "")
    assert len(asked(db)) == 2 == count_questions(db)
    people.undo(db, NOW)
    assert stored(db, *TOGETHER) == before and len(asked(db)) == 3


def test_kept_apart_together(db: Desk) -> None:
    people.keep_apart(db, stored(db, BOX)[0].id, person_id(db, "Joe Brown"), NOW)
    assert all(not m.candidates for m in matching.waiting(db))
    assert all(len(profiles.kept_apart(db, p.key)) == 2 for p in TOGETHER)
    people.undo(db, NOW)
    assert not any(profiles.kept_apart(db, p.key) for p in (*TOGETHER, ON_LINKEDIN))


def test_put_off_together_and_asked_again_together(db: Desk) -> None:
    people.settle(db, stored(db, CARD)[0].id, "later", NOW)
    assert asked(db, "later") == [{"Joe Brown", "J. Brown"}]
    people.settle(db, stored(db, BOX)[0].id, "", NOW)
    assert len(asked(db)) == 3 and asked(db, "later") == []


def test_not_together_what_the_user_keeps_apart_or_two_share(db: Desk) -> None:
    bring(db, [who("Ann Brown", "hubspot", mail=MAIL)])
    assert sorted(map(len, asked(db)))[-1] == 2  # the pages still
    assert {"Joe Brown", "J. Brown"} not in asked(db)
    people.settle(db, stored(db, CARD)[0].id, "later", NOW)
    assert stored(db, BOX)[0].settled == ""


def test_new_people_at_once_are_as_many_as_humans(tmp_path: Path) -> None:
    db = fill(open_desk(tmp_path))
    ids = tuple(s.id for s in stored(db, PAGE, BLOG, ALONE))
    assert bulk_answers.settle_all(db, ids, "later", NOW).undo == "Later: 2 questions"
    people.undo(db, NOW)
    changes = bulk_answers.new_people(db, ids, NOW)
    assert (changes.undo, len(changes.people)) == ("2 new people", 2)
    assert len({s.person_id for s in stored(db, PAGE, BLOG)}) == 1
    db.close()


@pytest.mark.parametrize(
    ("name", "mail", "is_mine"),
    [("Sam Carter", "", True), ("Ann Lee", "", False), ("Ann Lee", "sam@hotel.example", True), ("Carter & Sons", "", True), ("R&D Sam", "", True), ("Sam & Zoe Carter", "", True)],
)  # fmt: skip
def test_an_archive_under_another_name_is_somebody_elses_unless_its_place_vouches_for_my_address(db: Desk, name: str, mail: str, is_mine: bool) -> None:
    bring(db, [who("Sam Carter", "mail", "sam@hotel.example", mail="sam@hotel.example", vouched=True, owner=True)])
    bring(db, [who(name, "x", "1001", mail=mail, vouched=True, owner=True)])
    (stored,) = profiles.by_ids(db, [profile_id(db, who(name, "x", "1001"))])
    assert (stored.person_id == person_id(db, "Sam Carter")) is is_mine
