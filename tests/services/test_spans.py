"""A profile that is somebody's only for a time: whatever asks whose an activity is, is told by when it happened."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from relationdesk.derived import Direction, Filter
from relationdesk.errors import UserMistake
from relationdesk.model import Key, Kind
from relationdesk.services import combining, forgetting, import_undo, matching, people, review, sample, spans, streams
from relationdesk.services.export import export_all
from relationdesk.services.restore_export import import_export
from relationdesk.store import caches, contact, coverage, exchanged, lately, ledger, profiles, rounds, search, talk
from relationdesk.store import people as persons
from relationdesk.store import spans as rows
from relationdesk.store.database import Desk, open_desk, open_memory, transaction
from relationdesk.store.timekey import id_at
from tests.facts import NOW, ago, arrive, bring, did, person_id, profile_id, state, who

ME = who("Sam Carter", owner=True)
SALES = who("Sales", "mail", "sales@hotel.example", known=False)
ANN, BEN = who("Ann Lee", "linkedin", company="Hotel"), who("Ben Ford", "linkedin", company="Hotel")
LAST, NEXT = date(2026, 9, 30), date(2026, 10, 1)
"""Ann had the mailbox until then; Ben has it since."""


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


FACTS = [
    ME, SALES, ANN, BEN,
    did(SALES, "by-ann", at(9, 20), "kettles by ann", kind=Kind.MAIL, to=[who("Sam Carter")]),
    did(SALES, "by-ben", at(10, 20), "kettles by ben", kind=Kind.MAIL, to=[who("Sam Carter")]),
    did(ME, "to-ann", at(9, 21), "answer for ann", kind=Kind.MESSAGE, to=[SALES]),
    did(ME, "to-ben", at(10, 21), "answer for ben", kind=Kind.MESSAGE, to=[SALES]),
    did(ANN, "ann-elsewhere", at(6, 1)), did(BEN, "ben-elsewhere", at(6, 2)),
]  # fmt: skip


def fill(db: Desk) -> Desk:
    bring(db, FACTS)
    return db


@pytest.fixture
def db() -> Desk:
    db = fill(open_memory())
    hand_over(db)
    return db


def hand_over(db: Desk) -> None:
    people.settle(db, profile_id(db, SALES), "", NOW)
    people.link(db, profile_id(db, SALES), person_id(db, "Ann Lee"), NOW)
    spans.link_for(db, profile_id(db, SALES), person_id(db, "Ben Ford"), NOW, first=NEXT, last=None)


def seen_of(db: Desk, name: str) -> list[str]:
    """Native ids in their timeline."""
    return [i.activity.key.native_id for i in review.stretch(db, person_id(db, name), Filter()).items if i.activity]


@pytest.mark.parametrize(("name", "theirs", "newest"), [
    ("Ann Lee", ["to-ann", "by-ann", "ann-elsewhere"], at(9, 20)), ("Ben Ford", ["to-ben", "by-ben", "ben-elsewhere"], at(10, 20)),
])  # fmt: skip
def test_all_that_asks_whose_it_is_agrees(db: Desk, name: str, theirs: list[str], newest: datetime) -> None:
    me, id_ = person_id(db, "Sam Carter"), person_id(db, name)
    assert seen_of(db, name) == theirs
    page = review.review(db, id_, NOW)
    assert page is not None and dict(page.places) == {"linkedin": 1, "mail": 2}
    assert (sum(w.theirs for w in page.weeks), sum(w.mine for w in page.weeks)) == (2, 1)
    assert (page.person.last_in, page.person.last_out) == (newest, newest.replace(day=21))
    assert [p.profile.key.place for p in page.profiles] == ["linkedin", "mail"]
    named = {i.actor_name for i in page.stretch.items if i.activity and i.activity.key.native_id.startswith("by-")}
    assert named == {name} and {n for i in page.stretch.items for n in i.towards} == {"Sam Carter", name}
    both = {n: contact.last(db, NOW, ids) for n, ids in (("all", None), ("one", (id_,)))}
    assert [(c[id_].theirs, c[id_].mine) for c in both.values()] == [(newest, newest.replace(day=21))] * 2
    for only in (None, (id_,), tuple(range(1, 60))):
        assert [w.text for w in talk.towards_me(db, id_at(at(6, 1)), only, 0, id_at(NOW))[id_]] == [f"kettles by {name[:3].lower()}"]
        assert talk.from_me(db, id_at(at(6, 1)), only, id_at(NOW))[id_] == id_at(newest.replace(day=21))
    assert talk.places(db, {id_: id_at(newest)})[id_] == {"mail"}
    assert [len(ids) for _, ids in talk.signs(db, [id_], 9, id_at(at(1, 1)))] == [2]
    assert talk.between(db, id_, id_at(at(1, 1)), id_at(NOW)) == [(newest, False, "mail"), (newest.replace(day=21), True, "mastodon")]
    assert dict(rounds.out_to(db, id_at(at(1, 1)), id_at(NOW)))[id_] == id_at(newest.replace(day=21))
    mine = persons.my_profiles(db)
    assert lately.written_to(db, id_at(at(1, 1)), mine, None)[id_] == newest.replace(day=21)
    found = [hit.item.activity.key.native_id for hit in search.search(db, search.parse(f'from:"{name}" kettles')) if hit.item.activity]
    assert found == theirs[1:2]
    without = {hit.item.activity.key.native_id for hit in search.search(db, search.parse(f'-from:"{name}" kettles')) if hit.item.activity}
    assert without == {"by-ann", "by-ben"} - set(theirs)
    assert [text for _, text in exchanged.newest(db, id_, NOW)] == [f"answer for {name[:3].lower()}", f"kettles by {name[:3].lower()}"]
    bucket, _ = people.make_bucket(db, "VIP", NOW)
    people.set_in_bucket(db, bucket, (id_,), True, NOW)
    in_bucket = [i.activity.key.native_id for i in streams.stretch(db, bucket).items if i.activity]
    assert in_bucket == theirs[1:]
    assert [i.activity.key.native_id for i in streams.stretch(db, bucket, limit=1).items if i.activity] == theirs[1:2]
    assert me not in both["all"]


def test_a_filter_and_a_page_keep_to_the_time(db: Desk) -> None:
    ann = person_id(db, "Ann Lee")
    mine = review.stretch(db, ann, Filter(directions=frozenset({Direction.OUT}))).items
    assert [i.activity.key.native_id for i in mine if i.activity] == ["to-ann"]
    first = review.stretch(db, ann, Filter(), limit=1)
    assert first.older is not None
    second = review.stretch(db, ann, Filter(), before=first.older, limit=1)
    assert [i.activity.key.native_id for i in (*first.items, *second.items) if i.activity] == ["to-ann", "by-ann"]
    assert [i.activity.key.native_id for i in review.stretch(db, ann, Filter(), after=first.older - 1, limit=9).items if i.activity] == ["to-ann"]


def test_no_activity_is_rewritten_and_caches_are_what_they_would_be(db: Desk) -> None:
    plain = fill(open_memory())
    for table in ("activities", "participants"):
        assert db.execute(f"SELECT * FROM {table}").fetchall() == plain.execute(f"SELECT * FROM {table}").fetchall()
    before = state(db)
    with transaction(db):
        caches.rebuild(db)
    assert state(db) == before


def test_each_is_taken_back_alone_in_any_order() -> None:
    for order in ((0, 1), (1, 0)):
        db = fill(open_memory())
        before = state(db, "spans", "kept_apart")
        hand_over(db)
        made = [e.id for e in ledger.entries(db, 3) if e.kind in ("link", "span")][::-1]
        after = state(db, "spans")
        for n in order:
            people.undo(db, NOW, made[n])
        people.undo(db, NOW)  # the settling
        assert state(db, "spans", "kept_apart") == before
        people.redo(db)
        for n in order[::-1]:
            people.redo(db, made[n])
        assert state(db, "spans") == after


def test_without_the_link_before_it_the_time_before_is_nobodys(db: Desk) -> None:
    (link,) = [e.id for e in ledger.entries(db, 3) if e.kind == "link"]
    people.undo(db, NOW, link)
    assert seen_of(db, "Ann Lee") == ["ann-elsewhere"] and seen_of(db, "Ben Ford") == ["to-ben", "by-ben", "ben-elsewhere"]
    people.redo(db, link)
    assert seen_of(db, "Ann Lee") == ["to-ann", "by-ann", "ann-elsewhere"]


def test_days_are_said_again_and_other_times_stay(db: Desk) -> None:
    ann, ben, sales = person_id(db, "Ann Lee"), person_id(db, "Ben Ford"), profile_id(db, SALES)

    def whose() -> list[tuple[str, str]]:
        return [(rows.in_words(low, high), {ann: "Ann", ben: "Ben"}.get(id_ or 0, "")) for low, high, id_ in rows.pieces(db, sales)]

    assert whose() == [("until 30 September 2026", "Ann"), ("since 1 October 2026", "Ben")]
    spans.link_for(db, sales, ann, NOW, first=None, last=date(2026, 8, 31))
    assert whose() == [("until 31 August 2026", "Ann"), ("from 1 September 2026 until 30 September 2026", ""), ("since 1 October 2026", "Ben")]
    spans.link_for(db, sales, ann, NOW, first=date(2026, 11, 1), last=date(2026, 11, 7))
    assert [words for words, name in whose() if name == "Ann"] == ["until 31 August 2026", "from 1 November 2026 until 7 November 2026"]
    assert [words for words, name in whose() if name == "Ben"] == ["from 1 October 2026 until 31 October 2026", "since 8 November 2026"]
    spans.take_from(db, sales, ann, NOW)
    assert [words for words, name in whose() if name == "Ben"] == ["from 1 October 2026 until 31 October 2026", "since 8 November 2026"]
    assert [words for words, name in whose() if not name] == ["until 30 September 2026", "from 1 November 2026 until 7 November 2026"]
    spans.link_for(db, sales, ben, NOW, first=None, last=None)
    assert whose() == [("", "Ben")] and profiles.by_ids(db, [sales])[0].held is None


def test_what_makes_no_sense_is_refused(db: Desk) -> None:
    before = state(db, "spans", "decisions")
    ann, sales = person_id(db, "Ann Lee"), profile_id(db, SALES)
    with pytest.raises(UserMistake, match="is before"):
        spans.link_for(db, sales, ann, NOW, first=NEXT, last=LAST)
    with pytest.raises(UserMistake, match="no longer in the desk"):
        spans.link_for(db, sales, 999, NOW, first=NEXT, last=None)
    with pytest.raises(UserMistake, match="not linked to Sam"):
        spans.take_from(db, sales, person_id(db, "Sam Carter"), NOW)
    assert state(db, "spans", "decisions") == before


def test_a_day_is_a_whole_one_and_what_has_no_time_comes_first(db: Desk) -> None:
    edge = datetime(2026, 10, 1, tzinfo=UTC)
    arrive(db, [did(SALES, "last-second", edge.replace(month=9, day=30, hour=23, minute=59, second=59)), did(SALES, "first-second", edge),
                did(SALES, "undated", None)])  # fmt: skip
    assert [n for n in seen_of(db, "Ann Lee") if n in ("last-second", "first-second", "undated")] == ["last-second", "undated"]
    assert "first-second" in seen_of(db, "Ben Ford")


def test_it_survives_import_and_what_comes_later_follows_its_time(db: Desk) -> None:
    bring(db, [*FACTS, did(SALES, "late-mail", at(9, 1), kind=Kind.MAIL)])
    assert "late-mail" in seen_of(db, "Ann Lee") and "late-mail" not in seen_of(db, "Ben Ford")
    newest = ledger.entries(db, 1)[0].id
    people.undo(db, NOW, newest)
    assert "late-mail" in seen_of(db, "Ann Lee") and "by-ben" in seen_of(db, "Ann Lee")


def test_nobody_is_asked_or_linked_by_itself_once_it_has_times(db: Desk) -> None:
    sales = profile_id(db, SALES)
    spans.take_from(db, sales, person_id(db, "Ben Ford"), NOW)
    assert profiles.by_ids(db, [sales])[0].settled == "later"
    bring(db, [who("Ann Lee", "mail", "sales@hotel.example"), who("Ann Lee", "contacts", mail="sales@hotel.example", vouched=True)])
    stored = profiles.by_ids(db, [sales])[0]
    assert (stored.person_id, stored.settled) == (None, "later")
    assert sales not in {m.profile.id for m in matching.waiting(db)} and sales in {m.profile.id for m in matching.waiting(db, settled="later")}


def test_whose_last_sign_came_from_what_is_no_longer_theirs_is_not_called_quiet(db: Desk) -> None:
    ann, ben = person_id(db, "Ann Lee"), person_id(db, "Ben Ford")
    assert talk.maybe_quiet(db, id_at(at(1, 1)), id_at(NOW), None) >= {ben}
    assert ann not in talk.maybe_quiet(db, id_at(at(1, 1)), id_at(NOW), None)
    arrive(db, [did(ANN, "again", at(11, 1))])
    assert ann in talk.maybe_quiet(db, id_at(at(1, 1)), id_at(NOW), None)
    assert {s.place for s in coverage.of_person(db, ann)} <= {"linkedin", "mail"}


def test_a_mailbox_that_was_mine_only_since() -> None:
    db = fill(open_memory())
    spans.link_for(db, profile_id(db, SALES), person_id(db, "Ann Lee"), NOW, first=None, last=LAST)
    spans.link_for(db, profile_id(db, SALES), person_id(db, "Sam Carter"), NOW, first=NEXT, last=None)
    arrive(db, [did(SALES, "me-to-mary", at(10, 25), kind=Kind.MAIL, to=[BEN]), did(SALES, "ann-to-mary", at(9, 25), kind=Kind.MAIL, to=[BEN])])
    ben = person_id(db, "Ben Ford")
    assert contact.last(db, NOW)[ben].mine == at(10, 25) == persons.get(db, ben).last_out  # type: ignore[union-attr]
    items = {i.activity.key.native_id: i for i in review.stretch(db, ben, Filter()).items if i.activity}
    assert (items["me-to-mary"].direction, items["ann-to-mary"].direction) == (Direction.OUT, Direction.IN)
    out = review.stretch(db, ben, Filter(directions=frozenset({Direction.OUT}))).items
    assert [i.activity.key.native_id for i in out if i.activity] == ["me-to-mary"]
    assert lately.written_to(db, id_at(at(1, 1)), persons.my_profiles(db), None) [ben] == at(10, 25)
    arrive(db, [did(BEN, "to-sales-then", at(9, 26), to=[SALES]), did(BEN, "to-sales-now", at(10, 26), "for me", to=[SALES])])
    for only in (None, (ben,), tuple(range(1, 60))):
        assert [w.text for w in talk.towards_me(db, id_at(at(6, 1)), only, 0, id_at(NOW))[ben]] == ["for me"]
    assert [mine for _, mine, _ in talk.between(db, ben, id_at(at(1, 1)), id_at(NOW))] == [True, False]
    assert contact.last(db, NOW, (ben,))[ben].theirs == contact.last(db, NOW)[ben].theirs == at(10, 26)
    assert [key.native_id for key in (i.activity.key for i in review.stretch(db, person_id(db, "Ann Lee"), Filter()).items if i.activity)].count("ann-to-mary") == 1
    people.undo(db, NOW)
    people.undo(db, NOW)
    assert contact.last(db, NOW).get(ben) is None


def test_a_tie_to_a_company_stays_outside_of_the_time() -> None:
    db = fill(open_memory())
    people.new_company(db, profile_id(db, SALES), NOW, "Hotel")
    spans.link_for(db, profile_id(db, SALES), person_id(db, "Ann Lee"), NOW, first=None, last=LAST)
    stored = profiles.by_ids(db, [profile_id(db, SALES)])[0]
    assert stored.company_id is not None and stored.person_id is None
    assert seen_of(db, "Ann Lee") == ["to-ann", "by-ann", "ann-elsewhere"]


def test_combining_and_splitting_take_the_time_along(db: Desk) -> None:
    before = state(db, "spans")
    extra, _ = people.add_person(db, "Anna", NOW)
    combining.combine(db, extra, person_id(db, "Ann Lee"), NOW)
    assert seen_of(db, "Anna") == ["to-ann", "by-ann", "ann-elsewhere"] and not combining.parts_of(db, extra).items.keys() - {
        profile_id(db, SALES), profile_id(db, ANN)}  # fmt: skip
    assert combining.parts_of(db, extra).items[profile_id(db, SALES)] == 1
    new, _ = combining.split(db, extra, [profile_id(db, SALES)], [], NOW, name="The one before")
    assert seen_of(db, "The one before") == ["to-ann", "by-ann"] and seen_of(db, "Anna") == ["ann-elsewhere"]
    assert seen_of(db, "Ben Ford") == ["to-ben", "by-ben", "ben-elsewhere"]
    for _ in range(3):
        people.undo(db, NOW)
    assert state(db, "spans") == before and persons.get(db, new) is None


def test_export_comes_back_equal(db: Desk, tmp_path: Path) -> None:
    export_all(db, tmp_path / "a", private=True, bom=False, now=NOW, report=lambda p: None, stop=lambda: False)
    with (tmp_path / "a" / "activities.csv").open(encoding="utf-8", newline="") as file:
        said = {row["native_id"]: row["person"] for row in csv.DictReader(file)}
    assert (said["by-ann"], said["by-ben"]) == ("Ann Lee", "Ben Ford")
    with (tmp_path / "a" / "spans.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["person"], row["first_day"], row["last_day"]) == ("Ann Lee", "", "2026-09-30")
    other = open_memory()
    import_export(other, tmp_path / "a", NOW)
    assert seen_of(other, "Ann Lee") == seen_of(db, "Ann Lee") and seen_of(other, "Ben Ford") == seen_of(db, "Ben Ford")
    export_all(other, tmp_path / "b", private=True, bom=False, now=NOW, report=lambda p: None, stop=lambda: False)
    assert (tmp_path / "a" / "spans.csv").read_bytes() == (tmp_path / "b" / "spans.csv").read_bytes()


@pytest.mark.parametrize(("goes", "stays", "left"), [
    ("Ann Lee", "Ben Ford", ["to-ben", "by-ben", "ben-elsewhere"]), ("Ben Ford", "Ann Lee", ["to-ann", "by-ann", "ann-elsewhere"]),
])  # fmt: skip
def test_forgetting_takes_only_their_time_and_keeps_it_out(tmp_path: Path, goes: str, stays: str, left: list[str]) -> None:
    db = fill(open_desk(tmp_path / "desk"))
    hand_over(db)
    plan = forgetting.plan(db, person_id(db, goes))
    assert (plan.profiles, plan.activities) == (2, 2)
    forgetting.forget(db, person_id(db, goes), NOW)
    assert seen_of(db, stays) == left
    bring(db, FACTS)
    gone = {"Ann Lee": "by-ann", "Ben Ford": "by-ben"}[goes]
    assert seen_of(db, stays) == left
    assert db.execute("SELECT count(*) FROM activities WHERE native_id = ?", (gone,)).fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM people WHERE name = ?", (goes,)).fetchone() == (0,)
    db.close()
    assert f"kettles by {goes[:3].lower()}".encode() not in (tmp_path / "desk" / "desk.db").read_bytes()


def test_undoing_an_import_leaves_a_profile_that_has_times(db: Desk) -> None:

    sales = profile_id(db, SALES)
    spans.take_from(db, sales, person_id(db, "Ben Ford"), NOW)
    (batch,) = db.execute("SELECT id FROM batches ORDER BY id LIMIT 1").fetchone()
    import_undo.undo(db, NOW, batch)
    assert profiles.by_ids(db, [sales]) and db.execute("PRAGMA foreign_key_check").fetchall() == []
    bring(db, FACTS)
    assert seen_of(db, "Ann Lee") == ["to-ann", "by-ann", "ann-elsewhere"]


def test_a_change_of_work_is_of_whoever_it_was_then(db: Desk) -> None:
    page = Key("mail", "sales@hotel.example")
    assert profiles.by_key(db, page) is not None
    arrive(db, [who("Sales", "mail", "sales@hotel.example", title="Head of sales", known=False)], now=ago(days=1))
    ann, ben = (review.review(db, person_id(db, name), NOW) for name in ("Ann Lee", "Ben Ford"))
    assert ann is not None and ben is not None
    assert "Head of sales" not in {then.title for then in ann.history} and "Head of sales" in {then.title for then in ben.history}


def test_the_sample_desk_asks_no_more_for_it() -> None:
    db = open_memory()
    sample.build(db, NOW)
    plans = [row[3] for row in db.execute("EXPLAIN QUERY PLAN SELECT max(p.last_id) FROM profiles p WHERE p.person_id = 1 AND p.last_id >= p.held_from")]
    assert any("COVERING INDEX profiles_person" in line for line in plans)
