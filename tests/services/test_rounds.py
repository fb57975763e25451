"""A look-in round: its order, its steps, its place in the queue after anything that may happen to it or to the people in it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from relationdesk.derived import Prompt
from relationdesk.errors import UserMistake
from relationdesk.model import Kind, NoteKind
from relationdesk.services import (
    agenda,
    combining,
    forgetting,
    notes,
    people,
    round_queue,
    round_summary,
    rounds,
    sample,
)
from relationdesk.services.export import View, export_all, export_view
from relationdesk.services.restore_export import import_export
from relationdesk.services.round_queue import Round
from relationdesk.store import buckets, database, ledger
from relationdesk.store import rounds as rows
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, bring, did, person_id, who

ME, JOE, MARY, BOB = who("Sam Carter", owner=True), who("Joe Brown"), who("Mary Jones"), who("Bob Hale")


def later(**distance: float) -> datetime:
    return NOW + timedelta(**distance)


@pytest.fixture
def db() -> Desk:
    """Joe, Mary and Bob in a bucket; touched in this order, so that the queue is in this order."""
    db = open_memory()
    bring(db, [ME, JOE, MARY, BOB, did(JOE, "j", ago(days=1)), did(MARY, "m", ago(days=2)), did(BOB, "b", ago(days=3))])
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.set_in_bucket(db, bucket, tuple(person_id(db, name) for name in ("Joe Brown", "Mary Jones", "Bob Hale")), True, NOW)
    return db


def uid(db: Desk, name: str = "Key") -> str:
    bucket = buckets.by_name(db, name)
    assert bucket is not None
    return bucket.uid


def begun(db: Desk, **more: Any) -> Round:
    return rounds.begin(db, "bucket", uid(db), NOW, **more)[0]


def at(found: Round) -> str:
    here = found.here()
    return here.person.name if here else ""


def states(found: Round) -> list[tuple[str, str]]:
    return [(stop.person.name.split()[0], stop.state) for stop in found.stops]


def test_from_the_first_to_the_end(db: Desk) -> None:
    found = begun(db)
    assert (at(found), found.number(), found.waiting(), found.title) == ("Joe Brown", 1, 3, "Key")
    found = rounds.step(db, found.id, "next", later(minutes=2))
    assert (at(found), found.number(), found.seconds, states(found)) == ("Mary Jones", 2, 120, [("Joe", "seen"), ("Mary", ""), ("Bob", "")])
    found = rounds.step(db, found.id, "skip", later(minutes=3))
    assert (at(found), states(found)[1]) == ("Bob Hale", ("Mary", "skipped"))
    found = rounds.step(db, found.id, "next", later(minutes=6))
    assert (at(found), found.number(), found.ended, found.seconds) == ("", 4, later(minutes=6), 360)
    assert round_queue.latest(db) is None
    found = rounds.step(db, found.id, "back", later(minutes=7))
    assert (at(found), found.ended) == ("Bob Hale", None)


def test_back_says_nothing_of_anybody_and_next_goes_on_with_who_is_to_come(db: Desk) -> None:
    found = rounds.step(db, begun(db).id, "next", NOW)
    found = rounds.step(db, found.id, "back", NOW)
    assert (at(found), states(found)) == ("Joe Brown", [("Joe", "seen"), ("Mary", ""), ("Bob", "")])
    assert at(rounds.step(db, found.id, "back", NOW)) == "Joe Brown"
    assert at(rounds.step(db, found.id, "next", NOW)) == "Mary Jones"
    found = rounds.go_to(db, found.id, 2, NOW)
    assert at(found) == "Bob Hale"
    assert at(rounds.step(db, found.id, "next", NOW)) == "Mary Jones"  # who was jumped over is still to come
    assert at(rounds.go_to(db, found.id, 77, NOW)) == "Mary Jones"


def test_a_round_over_the_same_people_goes_on_where_it_was_left(db: Desk) -> None:
    first = rounds.step(db, begun(db).id, "next", NOW)
    again = begun(db, minutes=15)
    assert (again.id, at(again), again.minutes) == (first.id, "Mary Jones", 15)
    anew = begun(db, anew=True)
    assert (anew.id != first.id, at(anew)) == (True, "Joe Brown")
    assert [(brief.id, brief.ended is None) for brief in round_queue.every(db)] == [(anew.id, True), (first.id, False)]


def test_time_without_a_word_is_a_pause(db: Desk) -> None:
    found = begun(db)
    rounds.stay(db, found.id, later(seconds=15))
    rounds.stay(db, found.id, later(seconds=30))
    assert round_queue.loaded(db, found.id).seconds == 30
    rounds.resume(db, found.id, later(days=2))
    found = rounds.step(db, found.id, "next", later(days=2, minutes=1))
    assert found.seconds == 90
    assert rounds.step(db, found.id, "next", later(days=3)).seconds == 90
    rounds.stay(db, found.id, later(hours=-1, days=3))  # the clock was put back
    assert round_queue.loaded(db, found.id).seconds == 90


def test_nobody_one_and_nonsense(db: Desk) -> None:
    people.make_bucket(db, "Empty", NOW)
    with pytest.raises(UserMistake, match="nobody to look in on in Empty"):
        rounds.begin(db, "bucket", uid(db, "Empty"), NOW)
    for origin, what in (("bucket", "gone"), ("company", "gone"), ("moon", ""), ("search", " "), ("people", "zzz")):
        with pytest.raises(UserMistake):
            rounds.begin(db, origin, what, NOW)
    with pytest.raises(UserMistake, match="no longer"):
        rounds.step(db, 99, "next", NOW)
    assert (round_queue.load(db, 99), round_queue.every(db), round_queue.latest(db)) == (None, (), None)
    rounds.stay(db, 99, NOW)
    found, _ = rounds.begin(db, "people", "joe", NOW)
    assert (at(found), len(found.stops), at(rounds.step(db, found.id, "next", NOW))) == ("Joe Brown", 1, "")


def test_a_search_leads_to_who_said_it_newest_first(db: Desk) -> None:
    bring(db, [ME, did(ME, "mine", ago(hours=1), "kitchen"), did(BOB, "b2", ago(hours=2), "kitchen"), did(JOE, "j2", ago(hours=3), "the kitchens"), did(BOB, "b3", ago(hours=4), "kitchen")])
    notes.write(db, "asked about her kitchen", NOW - timedelta(hours=9), person_id=person_id(db, "Mary Jones"))
    found, _ = rounds.begin(db, "search", "kitchen", NOW)
    assert [name for name, _ in states(found)] == ["Bob", "Joe", "Mary"] or [name for name, _ in states(found)][:2] == ["Mary", "Bob"]
    assert {name for name, _ in states(found)} == {"Bob", "Joe", "Mary"}


def test_today_is_the_order_of_today_with_everybody_once() -> None:
    db = open_memory()
    sample.build(db, NOW)
    found, _ = rounds.begin(db, "today", "", NOW)
    shown = [entry.person.id for entry in agenda.today(db, NOW).shown]
    assert [stop.person.id for stop in found.stops] == list(dict.fromkeys(shown))
    assert len(found.stops) > 1


def test_trap_12_a_round_over_a_company_shows_nobody_of_elsewhere(db: Desk) -> None:
    for name, firm in (("Joe Brown", "Alder"), ("Mary Jones", "Alder"), ("Bob Hale", "Harborline")):
        people.edit_person(db, person_id(db, name), NOW, name=name, title="", company=firm)
    ((alder,),) = db.execute("SELECT uid FROM companies WHERE name = 'Alder'").fetchall()
    found, _ = rounds.begin(db, "company", alder, NOW)
    assert [name for name, _ in states(found)] == ["Joe", "Mary"]
    people.edit_person(db, person_id(db, "Mary Jones"), NOW, name="Mary Jones", title="", company="Harborline")
    people.edit_person(db, person_id(db, "Bob Hale"), NOW, name="Bob Hale", title="", company="Alder")
    found = round_queue.loaded(db, found.id)
    assert ([name for name, _ in states(found)], found.gone, found.joined) == (["Joe"], 1, (person_id(db, "Bob Hale"),))
    assert [line.stop.person.name for line in round_summary.summary(db, found.id).lines] == ["Joe Brown"]
    assert [name for name, _ in states(rounds.add_joined(db, found.id))] == ["Joe", "Bob"]


def test_who_left_the_bucket_is_passed_over_and_who_came_is_offered(db: Desk) -> None:
    found = begun(db)
    ((bucket,),) = db.execute("SELECT id FROM buckets").fetchall()
    people.set_in_bucket(db, bucket, (person_id(db, "Mary Jones"),), False, NOW)
    ann, _ = people.add_person(db, "Ann Example", NOW)
    people.set_in_bucket(db, bucket, (ann,), True, NOW)
    found = round_queue.loaded(db, found.id)
    assert ([stop.left for stop in found.stops], found.joined, found.waiting()) == ([False, True, False], (ann,), 2)
    assert at(rounds.step(db, found.id, "next", NOW)) == "Bob Hale"
    assert at(rounds.step(db, found.id, "back", NOW)) == "Joe Brown"
    found = rounds.add_joined(db, found.id)
    assert ([name for name, _ in states(found)], found.joined) == (["Joe", "Mary", "Bob", "Ann"], ())
    people.remove_bucket(db, bucket, NOW)
    assert round_queue.loaded(db, found.id).waiting() == 3  # without the bucket nobody can have left it


def test_who_is_forgotten_while_they_are_looked_at(db: Desk) -> None:
    found = rounds.step(db, begun(db).id, "next", NOW)
    rounds.settle(db, found.id, None, "done", NOW)
    rounds.go_to(db, found.id, 1, NOW)
    mary = person_id(db, "Mary Jones")
    ((gone,),) = db.execute("SELECT uid FROM people WHERE id = ?", (mary,)).fetchall()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("relationdesk.store.erasing.scrub", lambda db: None)
        patch.setattr("relationdesk.services.forgetting._copies_with", lambda *_: ())
        forgetting.forget(db, mary, NOW)
    found = round_queue.loaded(db, found.id)
    assert ([name for name, _ in states(found)], at(found)) == (["Joe", "Bob"], "Bob Hale")
    for table in ("round_stops", "round_visits", "decision_rows"):
        assert gone not in repr(db.execute(f"SELECT * FROM {table}").fetchall())


def test_a_search_for_who_is_forgotten_keeps_no_word_of_them(db: Desk) -> None:
    found, _ = rounds.begin(db, "people", "mary", NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("relationdesk.store.erasing.scrub", lambda db: None)
        patch.setattr("relationdesk.services.forgetting._copies_with", lambda *_: ())
        forgetting.forget(db, person_id(db, "Mary Jones"), NOW)
    assert "mary" not in repr(db.execute("SELECT * FROM rounds").fetchall())
    assert (round_queue.loaded(db, found.id).stops, round_queue.loaded(db, found.id).here()) == ((), None)
    assert rounds.step(db, found.id, "next", NOW).ended == NOW


def test_two_made_one_are_once_in_the_queue_and_two_again(db: Desk) -> None:
    found = rounds.step(db, begun(db).id, "next", NOW)
    found = rounds.flag(db, found.id, 1, True)
    before = states(found)
    combining.combine(db, person_id(db, "Joe Brown"), person_id(db, "Mary Jones"), NOW)
    found = round_queue.loaded(db, found.id)
    assert (states(found), at(found), found.gone, found.number()) == ([("Joe", "seen"), ("Bob", "")], "Joe Brown", 0, 1)
    assert found.stops[0].flagged
    assert not rounds.flag(db, found.id, 0, False).stops[0].flagged
    rounds.flag(db, found.id, 0, True)
    assert at(rounds.step(db, found.id, "next", NOW)) == "Bob Hale"
    people.undo(db, NOW)
    assert states(round_queue.loaded(db, found.id)) == before


def test_what_arrives_meanwhile_is_marked_until_it_is_looked_at(db: Desk) -> None:
    found = rounds.step(db, begun(db).id, "next", NOW)
    arrive(db, [JOE, MARY, BOB, did(JOE, "j9", later(minutes=1)), did(BOB, "b9", later(minutes=1)), did(MARY, "old", ago(days=90))])
    found = round_queue.loaded(db, found.id)
    assert [stop.fresh for stop in found.stops] == [True, False, True]  # what is old brings nothing new
    found = rounds.go_to(db, found.id, 2, NOW)
    assert [stop.fresh for stop in found.stops] == [True, False, False]


def prompt_for(db: Desk, name: str, key: str = "x") -> Prompt:
    return Prompt(key=f"gone_quiet:{name}:{key}", rule="gone_quiet", person_id=person_id(db, name), title=f"{name} is quiet", because="", evidence=())


def test_done_answers_the_prompt_and_both_are_taken_back_as_one(db: Desk) -> None:
    found = begun(db)
    found, changes = rounds.settle(db, found.id, prompt_for(db, "Joe Brown"), "done", later(minutes=1))
    assert (at(found), states(found)[0], changes.undo) == ("Mary Jones", ("Joe", "done"), "Done: Joe Brown is quiet")
    assert db.execute("SELECT answer FROM prompt_answers").fetchall() == [("done",)]
    people.undo(db, NOW)
    assert states(round_queue.loaded(db, found.id))[0] == ("Joe", "")
    assert db.execute("SELECT count(*) FROM prompt_answers").fetchone() == (0,)
    people.redo(db)
    assert states(round_queue.loaded(db, found.id))[0] == ("Joe", "done")


def test_later_with_a_prompt_and_without(db: Desk) -> None:
    found = begun(db)
    found, _ = rounds.settle(db, found.id, prompt_for(db, "Joe Brown"), "later", NOW, later(days=3))
    assert (at(found), states(found)[0]) == ("Mary Jones", ("Joe", "later"))
    found, changes = rounds.settle(db, found.id, None, "later", NOW)
    assert (at(found), [name for name, _ in states(found)], changes.undo) == ("Bob Hale", ["Joe", "Bob", "Mary"], "")
    assert at(rounds.step(db, found.id, "next", NOW)) == "Mary Jones"
    rounds.step(db, found.id, "next", NOW)
    with pytest.raises(UserMistake, match="at its end"):
        rounds.settle(db, found.id, None, "done", NOW)


def test_whoever_is_put_off_until_something_happens_is_put_off_in_the_round(db: Desk) -> None:
    found = begun(db)
    prompt = prompt_for(db, "Joe Brown")
    with pytest.raises(UserMistake, match="no meeting with Joe Brown"):
        rounds.settle(db, found.id, prompt, "later_meeting", NOW)
    assert states(rounds.loaded(db, found.id))[0] == ("Joe", "")
    found, changes = rounds.settle(db, found.id, prompt, "later_sign", NOW)
    assert (at(found), states(found)[0]) == ("Mary Jones", ("Joe", "later"))
    assert changes.undo == f"Put off until something comes from them: {prompt.title}"
    assert next(row[3] for row in round_summary.rows(round_summary.summary(db, found.id))) == "put off"


def test_the_round_stays_with_somebody_of_whom_more_waits(db: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = begun(db)
    monkeypatch.setattr(agenda, "refresh", lambda db, ids, now: db.execute("UPDATE people SET open_prompts = 1 WHERE id = ?", (ids[0],)))
    found, _ = rounds.settle(db, found.id, prompt_for(db, "Joe Brown"), "done", NOW)
    assert (at(found), states(found)[0]) == ("Joe Brown", ("Joe", ""))


def test_what_it_came_to(db: Desk) -> None:
    found = begun(db)
    joe, mary, bob = (person_id(db, name) for name in ("Joe Brown", "Mary Jones", "Bob Hale"))
    notes.write(db, "before", NOW - timedelta(minutes=5), person_id=joe)
    notes.write(db, "asked for the price", later(minutes=1), person_id=joe)
    notes.write(db, "about somebody else", later(minutes=1), person_id=bob)
    found = rounds.step(db, found.id, "next", later(minutes=2))
    arrive(db, [ME, MARY, did(ME, "reply", later(minutes=3), to=[MARY]), did(ME, "earlier", ago(hours=2), to=[MARY])])
    found = rounds.step(db, found.id, "skip", later(minutes=4))
    notes.write(db, "called", later(minutes=5), person_id=bob, kind=NoteKind.CALL)
    found = rounds.end(db, found.id, later(minutes=6))
    made = round_summary.summary(db, found.id)
    assert [(line.stop.person.id, line.seconds, len(line.notes), line.sent) for line in made.lines] == [(joe, 120, 1, 0), (mary, 120, 0, 1), (bob, 120, 1, 0)]
    assert ([line.stop.person.id for line in made.engaged()], made.notes(), len(made.looked()), len(made.skipped()), len(made.left())) == ([mary, bob], 2, 1, 1, 1)
    assert round_summary.numbers(made) == "1 looked at, 2 engaged, 2 notes, 0 follow-ups, 1 skipped, 1 left"
    assert next(round_summary.rows(made))[1:4] == ("Joe Brown", "", "looked at")
    words = round_summary.text(made)
    assert "Look-in round: Key, 20 November 2026\n6 min, 1 looked at" in words
    assert "price" not in words  # notes stay on this computer


def test_a_meeting_that_becomes_known_meanwhile_was_not_sent(db: Desk) -> None:
    """It stands in time where it became known until its day comes."""
    found = begun(db)
    arrive(db, [ME, JOE, did(ME, "review", later(days=3), kind=Kind.EVENT, to=[JOE])])
    made = round_summary.summary(db, rounds.step(db, found.id, "next", later(minutes=2)).id)
    assert made.lines[0].seconds == 120 and made.engaged() == ()


def test_the_summary_is_a_table(db: Desk, tmp_path: Path) -> None:
    found = rounds.step(db, begun(db).id, "next", later(minutes=1))
    export_view(db, View(kind="round", round_id=found.id, title="round"), tmp_path / "round.csv", private=False, bom=False)
    lines = (tmp_path / "round.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(round_summary.COLUMNS)
    assert [line.split(",")[1] for line in lines[1:]] == ['"Joe Brown"', '"Mary Jones"', '"Bob Hale"']


def test_again_next_week_is_due_then_and_over_when_it_begins(db: Desk) -> None:
    found = rounds.end(db, begun(db).id, NOW)
    rounds.again(db, found.id, date(2026, 11, 27))
    assert round_queue.due(db, later(days=6)) == ()
    assert [brief.id for brief in round_queue.due(db, later(days=7))] == [found.id]
    anew, _ = rounds.begin(db, "bucket", uid(db), later(days=8))
    assert (anew.id != found.id, round_queue.due(db, later(days=8))) == (True, ())
    rounds.end(db, anew.id, NOW)
    rounds.again(db, anew.id, date(2026, 11, 27))
    assert rounds.again(db, anew.id, None).again is None


def test_an_exported_round_comes_back_equal(db: Desk, tmp_path: Path) -> None:
    found = rounds.step(db, begun(db, minutes=10).id, "next", later(minutes=1))
    rounds.flag(db, found.id, 1, True)
    rounds.again(db, found.id, date(2026, 12, 4))
    export_all(db, tmp_path / "a", private=True, bom=False, now=NOW, report=lambda p: None, stop=lambda: False)
    other = open_memory()
    import_export(other, tmp_path / "a", NOW)
    mine, theirs = (round_queue.latest(desk) for desk in (db, other))
    assert mine is not None and theirs is not None
    assert (states(mine), at(mine), mine.seconds, mine.again, mine.minutes) == (states(theirs), at(theirs), theirs.seconds, theirs.again, theirs.minutes)
    assert [stop.fresh for stop in theirs.stops] == [False, False, False]


class Cut(sqlite3.Connection):
    """A connection that is cut off before statement number `left`."""

    left = 10**9

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        self.left -= 1
        if self.left < 0 and not sql.startswith("ROLLBACK"):
            raise KeyboardInterrupt
        return super().execute(sql, *args)


@pytest.mark.parametrize(
    "act",
    [
        lambda db, id_: rounds.step(db, id_, "next", later(minutes=1)),
        lambda db, id_: rounds.settle(db, id_, None, "done", later(minutes=1)),
        lambda db, id_: rounds.settle(db, id_, None, "later", later(minutes=1)),
        lambda db, id_: rounds.end(db, id_, later(minutes=1)),
    ],
)
def test_a_kill_at_any_statement_leaves_the_place_or_the_next(tmp_path: Path, act: Callable[[Desk, int], object]) -> None:
    """Each statement in turn is the last; the desk is then read on another connection, as after a kill."""
    db = database.open_desk(tmp_path)
    ids = tuple(people.add_person(db, f"Person {i}", NOW)[0] for i in range(3))
    bucket, _ = people.make_bucket(db, "Key", NOW)
    people.set_in_bucket(db, bucket, ids, True, NOW)
    before = begun(db)
    database.close_desk(db)
    first, path, seen = (tmp_path / database.DESK_FILE).read_bytes(), tmp_path / "copy.db", set()
    for n in count():
        for left in tmp_path.glob("copy.db*"):
            left.unlink()
        path.write_bytes(first)
        cut = sqlite3.connect(path, isolation_level=None, factory=Cut)
        cut.left = n
        try:
            act(cut, before.id)
            whole = True
        except KeyboardInterrupt:
            whole = False
        cut.close()
        again = database.connect(path)
        found = round_queue.loaded(again, before.id)
        again.close()
        seen.add((found.stands, tuple(states(found)), found.ended, found.seconds))
        if whole:
            break
    assert n > 10 and len(seen) == 2


def test_any_walk_ends_with_everybody_behind(db: Desk) -> None:
    """A thousand random steps on a queue whose people come, go, become one and two: one always stands at somebody who is there."""
    dice, moment = random.Random(6), NOW
    found = begun(db)
    ((bucket,),) = db.execute("SELECT id FROM buckets").fetchall()
    for n in range(300):
        moment += timedelta(seconds=dice.randrange(100))
        names = [row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 0 ORDER BY id")]
        what = dice.randrange(9)
        if what < 4:
            found = rounds.step(db, found.id, dice.choice(("next", "next", "skip", "back")), moment)
        elif what == 4:
            people.set_in_bucket(db, bucket, (dice.choice(names),), dice.random() < 0.6, moment)
        elif what == 5:
            people.set_in_bucket(db, bucket, (people.add_person(db, f"New {n}", moment)[0],), True, moment)
            rounds.add_joined(db, found.id)
        elif what == 6 and len(names) > 2:
            combining.combine(db, *dice.sample(names, 2), moment)
        elif what == 7 and ledger.next_to_undo(db, None) is not None:
            people.undo(db, moment)
        elif found.here() is not None:
            found, _ = rounds.settle(db, found.id, None, dice.choice(("done", "later")), moment)
        found = round_queue.loaded(db, found.id)
        here = found.here()
        assert (here is None) == (found.stands == rows.END)
        assert len({stop.person.id for stop in found.stops}) == len(found.stops)
    for _ in range(len(found.stops) + 1):
        found = rounds.step(db, found.id, "next", moment)
    assert (found.waiting(), found.here()) == (0, None)


def test_two_thousand_are_walked_at_once(db: Desk) -> None:
    with database.transaction(db):
        db.executemany("INSERT INTO people(uid, name, folded, made_at) VALUES (?,?,?,0)", [(f"u{n}", f"Person {n:04}", f"person {n:04}") for n in range(2000)])
    found, _ = rounds.begin(db, "people", "person", NOW)
    assert len(found.stops) == 2000
    for n in range(5):
        assert found.here() == found.stops[n]
        found = rounds.step(db, found.id, "next", NOW)
