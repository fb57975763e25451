"""Complaints, suggestions and opportunities on their lists: whose they are, until when they wait, and what can be taken back."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.model import Key, Kind, Precision
from relationdesk.services import capturing, combining, export, forgetting, import_undo, people, routing
from relationdesk.services.capturing import Words
from relationdesk.services.export import View
from relationdesk.store import profiles, routes
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.routes import RouteKind
from tests.facts import NOW, ago, bring, did, key, person_id, profile_id, who

ME = who("Sam Carter", owner=True)
JOE = who("Joe Brown", company="Alder & Finch Hotels")
MARY = who("Mary Jones", "linkedin")
LATER = NOW + timedelta(hours=1)
ASKED, WISHED, SECRET = key("m1"), Key("linkedin", "l1"), key("m2")


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    bring(db, [
        ME, JOE, MARY, did(JOE, "m1", ago(days=2), "The meters stopped again."), did(JOE, "m2", ago(days=1), "Between us: it is the third time.", private=True),
        did(MARY, "l1", ago(hours=3), "A darker theme would help.", title="Wish"), did(ME, "mine", ago(hours=1), "We will look at it."),
    ])  # fmt: skip
    return db


def waiting(db: Desk, kind: RouteKind | None = None) -> list[tuple[str, str]]:
    return [(r.key.native_id, r.name) for r in routes.every(db, kind)]


def test_it_waits_on_its_list_until_it_is_answered(db: Desk) -> None:
    made, changes = routing.put(db, ASKED, RouteKind.COMPLAINT, NOW, "  Ask Lena ")
    assert (made.name, made.company, made.text, made.remark, made.here, made.made) == ("Joe Brown", "Alder & Finch Hotels", "The meters stopped again.", "Ask Lena", True, NOW)
    assert changes.people == {person_id(db, "Joe Brown")} and changes.undo == "Complaint of Joe Brown put on its list"
    routing.put(db, WISHED, RouteKind.SUGGESTION, NOW)
    assert waiting(db) == [("m1", "Joe Brown"), ("l1", "Mary Jones")]
    assert waiting(db, RouteKind.SUGGESTION) == [("l1", "Mary Jones")]
    assert routes.waiting(db) == {RouteKind.COMPLAINT: 1, RouteKind.SUGGESTION: 1, RouteKind.OPPORTUNITY: 0}
    done, _ = routing.set_answered(db, made.id, True, LATER)
    assert done.answered == LATER and waiting(db) == [("l1", "Mary Jones")]
    assert [r.id for r in routes.every(db, answered=True)] == [made.id]
    people.undo(db, LATER)
    assert waiting(db) == [("m1", "Joe Brown"), ("l1", "Mary Jones")]


def test_every_step_can_be_taken_back_and_done_again(db: Desk) -> None:
    before = routes.every(db)
    made, _ = routing.put(db, ASKED, RouteKind.COMPLAINT, NOW)
    routing.set_remark(db, made.id, "third time", NOW)
    routing.passed_on(db, [made.id], "Lena <lena@desk.example>", LATER)
    routing.set_answered(db, made.id, True, LATER)
    routing.take_off(db, made.id, LATER)
    assert routes.get(db, made.id) is None
    states = []
    for _ in range(4):
        people.undo(db, LATER)
        states.append(routes.get(db, made.id))
    assert [(s.remark, s.passed_to, s.answered is not None) for s in states if s] == [
        ("third time", "Lena <lena@desk.example>", True), ("third time", "Lena <lena@desk.example>", False), ("third time", "", False), ("", "", False),
    ]  # fmt: skip
    people.undo(db, LATER)
    assert routes.every(db) == before
    for _ in range(5):
        people.redo(db)
    assert routes.every(db) == routes.every(db, answered=True) == ()


def test_what_cannot_be_put_on_a_list_is_said(db: Desk) -> None:
    with pytest.raises(UserMistake, match="your own words"):
        routing.put(db, key("mine"), RouteKind.COMPLAINT, NOW)
    with pytest.raises(UserMistake, match="no longer in the desk"):
        routing.put(db, key("nothing"), RouteKind.COMPLAINT, NOW)
    with pytest.raises(UserMistake, match="at most 10,000"):
        routing.put(db, ASKED, RouteKind.COMPLAINT, NOW, "x" * 10_001)
    made, _ = routing.put(db, ASKED, RouteKind.COMPLAINT, NOW, "once")
    for again in ("", "once"):
        with pytest.raises(UserMistake, match="waits on that list already"):
            routing.put(db, ASKED, RouteKind.COMPLAINT, NOW, again)
    for answered in (True, True):
        if routes.get(db, made.id).answered:  # type: ignore[union-attr]
            with pytest.raises(UserMistake, match="answered already"):
                routing.set_answered(db, made.id, answered, NOW)
        else:
            routing.set_answered(db, made.id, answered, NOW)
    again_made, _ = routing.put(db, ASKED, RouteKind.COMPLAINT, LATER)
    assert (again_made.id, again_made.answered, again_made.remark) == (made.id, None, "once")


def test_it_is_whoever_the_profile_is_linked_to(db: Desk) -> None:
    made, _ = routing.put(db, WISHED, RouteKind.SUGGESTION, NOW)
    joe, mary = person_id(db, "Joe Brown"), person_id(db, "Mary Jones")
    combining.combine(db, joe, mary, NOW)
    assert routes.get(db, made.id).person_id == joe  # type: ignore[union-attr]
    people.undo(db, NOW)
    assert routes.get(db, made.id).person_id == mary  # type: ignore[union-attr]
    people.unlink(db, profile_id(db, MARY), NOW)
    alone = routes.get(db, made.id)
    assert alone is not None and (alone.person_id, alone.name) == (None, "Mary Jones")


def test_it_outlives_its_item_and_meets_it_again(db: Desk) -> None:
    made, _ = routing.put(db, ASKED, RouteKind.COMPLAINT, NOW)
    import_undo.undo(db, NOW)
    gone = routes.get(db, made.id)
    assert gone is not None and (gone.here, gone.text, gone.person_id, gone.name) == (False, "", None, "")
    bring(db, [JOE, did(JOE, "m1", ago(days=2), "The meters stopped again.")])
    back = routes.get(db, made.id)
    assert back is not None and (back.here, back.name) == (True, "Joe Brown")


def test_what_was_written_down_by_hand_stays_on_its_list_when_the_place_tells_of_it(db: Desk) -> None:
    address = "https://hotel.example/@joe/1"
    said = Words(place="mastodon", url=address, title="", text="By hand", kind=Kind.POST, published=ago(days=3), precision=Precision.SECOND)
    capture, _ = capturing.capture(db, person_id(db, "Joe Brown"), said, NOW)
    made, _ = routing.put(db, capture.key, RouteKind.OPPORTUNITY, NOW)
    told = did(JOE, "told", ago(days=3), "By hand, as the place says")

    bring(db, [JOE, replace(told, url=address)])
    found = routes.get(db, made.id)
    assert found is not None and (found.key, found.here) == (key("told"), True)


def test_the_mail_says_who_where_and_when_but_no_private_words(db: Desk) -> None:
    made, _ = routing.put(db, ASKED, RouteKind.COMPLAINT, NOW, "Lena knows the site.")
    subject, body = routing.mail([made])
    assert subject == "Complaint of Joe Brown (Alder & Finch Hotels)"
    assert body == "Complaint of Joe Brown, Alder & Finch Hotels (Mastodon, 18 November 2026)\n“The meters stopped again.”\n\nLena knows the site."
    private, _ = routing.put(db, SECRET, RouteKind.COMPLAINT, NOW)
    subject, body = routing.mail([made, private])
    assert subject == "2 items to answer" and "third time" not in body and "Said privately" in body
    said = f"Before.\n\n{body}\n\nChanged since."
    told = routing.with_private(said, [made, private], True)
    assert "third time" in told and "Said privately" not in told and told.startswith("Before.") and told.endswith("Changed since.")
    assert routing.with_private(told, [made, private], False) == said
    many = [made] * 60
    assert routing.mail(many)[1].endswith("more.") and len(routing.mail(many)[1]) < 2_600


def test_the_list_as_csv(db: Desk, tmp_path: Path) -> None:
    for item, kind in ((ASKED, RouteKind.COMPLAINT), (SECRET, RouteKind.COMPLAINT), (WISHED, RouteKind.SUGGESTION)):
        routing.put(db, item, kind, NOW)
    routing.set_answered(db, routes.of_item(db, ASKED)[0].id, True, LATER)

    def written(private: bool, kind: RouteKind | None = None) -> list[dict[str, str]]:
        file = tmp_path / "list.csv"
        export.export_view(db, View(kind="routed", route=kind), file, private=private)
        with file.open(encoding="utf-8-sig", newline="") as rows:
            return list(csv.DictReader(rows))

    assert [(r["list"], r["state"], r["native_id"], r["person"]) for r in written(False)] == [
        ("suggestion", "waits", "l1", "Mary Jones"), ("complaint", "answered", "m1", "Joe Brown"),
    ]  # fmt: skip
    assert [r["native_id"] for r in written(True, RouteKind.COMPLAINT)] == ["m2", "m1"]
    assert tuple(written(True)[0]) == routing.COLUMNS


def test_an_old_route_is_nobodys_when_its_profile_is_forgotten(db: Desk) -> None:

    routing.put(db, ASKED, RouteKind.COMPLAINT, NOW)
    kept, _ = routing.put(db, WISHED, RouteKind.SUGGESTION, NOW)
    forgetting.forget(db, person_id(db, "Joe Brown"), NOW)
    assert [r.id for r in routes.every(db)] == [kept.id]
    assert profiles.by_key(db, JOE.key) is None
