"""In portions an import does the same as at once; stopped or killed anywhere it leaves nothing, and notes are saved beside it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from relationdesk.errors import Cancelled, StoreUnusable, UserMistake
from relationdesk.model import Activity, Coverage, Fact, Key, Progress, Tombstone
from relationdesk.services import (
    bringing,
    export,
    forgetting,
    import_undo,
    logins,
    matching,
    notes,
    people,
    sync,
)
from relationdesk.services.bringing import Batch, Brought
from relationdesk.store import batches, database, half_imports, merge, portions, profiles, taking_back
from relationdesk.store.database import Desk, open_memory
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.cut_off import Killed, batch
from tests.facts import NOW, ago, arrive, did, person_id, profile_id, who
from tests.services.test_undo_property import file, sound

Rows = dict[str, list[tuple[object, ...]]]


def everything(db: Desk) -> Rows:
    """Every row of every table, but for the index of words, which is asked whether it fits."""
    db.execute("INSERT INTO activities_fts(activities_fts, rank) VALUES ('integrity-check', 1)")
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*_fts*' AND name NOT GLOB 'activities_spaced_*' AND name NOT GLOB '*sqlite_*'"
    return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for (name,) in db.execute(named).fetchall()}


def without_uids(rows: Rows) -> Rows:
    """What is drawn anew each time left out."""
    return {name: sorted(([v for v in row if not (isinstance(v, str) and len(v) == 36 and v.count("-") == 4)] for row in found), key=repr) for name, found in rows.items()}  # type: ignore[misc]


def bring(db: Desk, facts: Iterable[Fact], *, at: Batch | None = None, stop: Callable[[], bool] = lambda: False, told: list[Progress] | None = None) -> Brought:
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        return bringing.bring(staging, at or batch(), seconds(NOW), stop=stop, report=(told if told is not None else []).append)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every import in portions, every portion as small as can be, and a transaction for each."""
    monkeypatch.setattr(bringing, "SMALL", 0)
    monkeypatch.setattr(bringing, "AT_ONCE", 0)
    monkeypatch.setattr(portions, "TRANSACTION", 0.0)
    monkeypatch.setattr(portions, "PIECE", 0.0)
    monkeypatch.setattr(portions, "FIRST_PIECE", 1)
    monkeypatch.setattr(bringing, "LOOK_SECONDS", 0.0)


def files(seed: int, count: int = 3) -> list[list[Fact]]:
    """Files that tell of the same people and activities, each in its own words; some take something back."""
    dice = random.Random(seed)
    made = [file(dice, nameless=True) for _ in range(count)]
    for facts in made:
        did_before = [fact for fact in facts if isinstance(fact, Activity)]
        if did_before and dice.random() < 0.4:
            facts.append(Tombstone(key=dice.choice(did_before).key))
    return made


@pytest.mark.parametrize("seed", range(30))
def test_in_portions_is_as_at_once(tiny: None, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    portioned, at_once = open_memory(), open_memory()
    for facts in files(seed):
        first = bring(portioned, facts)
        with monkeypatch.context() as patched:
            patched.setattr(bringing, "SMALL", 10_000)
            second = bring(at_once, facts)
        assert (first.batch, first.counts, first.changes) == (second.batch, second.counts, second.changes)
        assert (first.settled.linked, first.settled.people, first.settled.waiting) == (
            second.settled.linked, second.settled.people, second.settled.waiting,
        )  # fmt: skip
        assert without_uids(everything(portioned)) == without_uids(everything(at_once))
    sound(portioned)
    for undone in random.Random(seed).sample(range(1, 4), 3):
        for db in (portioned, at_once):
            import_undo.undo(db, NOW, undone)
        assert without_uids(everything(portioned)) == without_uids(everything(at_once))


def test_at_once_is_as_a_sync_does_it_but_for_its_batch() -> None:
    """The two ways through the merge are one."""
    brought, by_login = open_memory(), open_memory()
    for facts in files(5):
        bring(brought, facts)
        arrive(by_login, facts)
    found = [without_uids(everything(db)) for db in (brought, by_login)]
    for rows in found:
        assert [row[:-1] for row in rows["activities"]] == [row[:-1] for row in found[0]["activities"]]
        assert rows["participants"] == found[0]["participants"] and rows["addresses"] == found[0]["addresses"]


def stops_at(number: int) -> Callable[[], bool]:
    """Stops at that look and from then on."""
    looks = iter(range(10**9))
    return lambda: next(looks) >= number


def watched(db: Desk, facts: list[Fact]) -> list[str]:
    """At each look whether to stop: what an import of these was at ("", "entries", "profiles")."""
    at, looks = [""], list[str]()

    def look() -> bool:
        looks.append(at[-1])
        return False

    with Staging(db, now=seconds(NOW)) as staging:
        staging.add(facts)
        merge.prepare(staging)
        bringing.bring(staging, batch(), seconds(NOW), stop=look, report=lambda progress: at.append(progress.unit))
    return looks


@pytest.mark.parametrize("seed", range(6))
def test_stopped_anywhere_every_table_is_as_before(tiny: None, seed: int) -> None:
    before, facts, db = files(seed, 2), files(seed + 100, 1)[0], open_memory()
    for one in before:
        bring(db, one)
    with_notes = db.execute("SELECT min(id) FROM people").fetchone()[0]
    notes.write(db, "words", NOW, person_id=with_notes)
    was = everything(db)
    other = open_memory()
    for one in before:
        bring(other, one)
    for number in range(0, len(watched(other, facts)) - 1, 1 + seed % 3):
        with pytest.raises(Cancelled, match="Nothing was brought in"):
            bring(db, facts, stop=stops_at(number))
        now = everything(db)
        assert now == was, (number, [name for name in was if was[name] != now[name]])
    assert bring(db, facts).batch == 3
    sound(db)


def test_an_empty_desk_is_empty_again(tiny: None) -> None:
    db = open_memory()
    was = everything(db)
    with pytest.raises(Cancelled):
        bring(db, files(3, 1)[0], stop=stops_at(25))
    assert everything(db) == was
    assert was["kinds"] == [] and was["places"] == []


def killed(db: Desk, facts: list[Fact], number: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Bring in until after so many transactions, and no further; False if it had come to its end before."""
    looks = iter(range(10**9))

    def look(_: bool) -> None:
        if next(looks) == number:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(bringing, "_go_on", look)
        patched.setattr(bringing, "_take_back", lambda *_: None)
        try:
            bring(db, facts)
        except Killed:
            return True
    return False


@pytest.mark.parametrize("seed", range(6))
def test_killed_anywhere_the_next_start_takes_it_out(tiny: None, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed again while it is taken out, the start after that goes on."""
    db, dice = open_memory(), random.Random(seed)
    for one in files(seed, 2):
        bring(db, one)
    facts = [fact for fact in files(seed + 200, 1)[0] if not isinstance(fact, Tombstone)]  # with one there is an end of no return
    was = everything(db)
    number, cut = 0, 0
    while killed(db, facts, number, monkeypatch):
        number += dice.randint(1, 5)
        half = half_imports.every(db)
        while half and dice.random() < 0.7:
            cut += 1
            looks = iter(range(dice.randint(0, 30)))
            try:
                bringing.settle(db, stop=lambda looks=looks: next(looks, None) is None)
                break
            except Cancelled:
                continue
        left = bringing.settle(db)
        assert left.changes.everything or not half or not half_imports.every(db)
        now = everything(db)
        assert now == was, (number, [name for name in was if was[name] != now[name]])
    assert number > 10 and cut > 3
    assert [b.id for b in batches.every(db)] == [3, 2, 1]


def test_the_next_start_says_what_happened_in_a_sentence(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_memory()
    assert killed(db, files(1, 1)[0], 30, monkeypatch)
    assert bringing.settle(db).sentences == (
        "“test.zip” was still being brought in when RelationDesk ended, so what had come in was taken out again. Everything else is as "
        "it was. Bring it in once more.",
    )
    assert bringing.settle(db) == bringing.Left()


@contextmanager
def two(folder: Path, like: Path | None = None) -> Iterator[tuple[Desk, Desk]]:
    """Two connections to one desk (a copy of the one in `like`): the one that brings in, and the user's."""
    if like is not None:
        shutil.copytree(like, folder, ignore=shutil.ignore_patterns("reserve"))
    db = database.open_desk(folder)
    mine = database.connect(folder / database.DESK_FILE)
    try:
        yield db, mine
    finally:
        mine.close()
        database.close_desk(db)


def desk_of(folder: Path, facts: Iterable[Fact] = ()) -> Path:
    with two(folder) as (db, _):
        if facts:
            bring(db, facts)
    return folder


def meanwhile(number: int, act: Callable[[], object], *, then_stop: bool = False) -> Callable[[], bool]:
    """At that look the user does something; and stops the import with the next one."""
    looks = iter(range(10**9))

    def look() -> bool:
        now = next(looks)
        if now == number:
            act()
        return then_stop and now > number

    return look


JOE, MARY, ANN = who("Joe Brown"), who("Mary Jones", known=False), who("Ann Wren", mail="ann@wren.example", vouched=True)


def talk(count: int = 12) -> list[Fact]:
    """Joe is known already when this comes in, Mary waits, Ann becomes a person."""
    facts: list[Fact] = [JOE, MARY, ANN]
    for n in range(count):
        facts += [did(JOE, f"j{n}", ago(hours=n), to=[MARY]), did(MARY, f"m{n}", ago(hours=n), to=[JOE]), did(ANN, f"a{n}", ago(days=n))]
    return facts


def looks(begin: Path, *, at: str = "", every: int = 1) -> Iterator[tuple[int, Path]]:
    """The looks of an import of `talk` into that desk, each so many one, or those from when it is at that on; and a folder."""
    with two(begin.with_name("counted"), begin) as (db, _):
        found = watched(db, talk())
    for number in range(found.index(at) - 1 if at else 1, len(found) - 1, every):  # after the last look nothing can be stopped
        yield number, begin.with_name(f"{number}")


@pytest.mark.parametrize("stop", [False, True], ids=["brought in", "stopped"])
def test_what_the_user_does_meanwhile_stays(tiny: None, tmp_path: Path, stop: bool) -> None:
    begin = desk_of(tmp_path / "begin", [JOE, who("Carl Nord", known=False), did(JOE, "old", ago(days=50))])
    for number, folder in looks(begin, every=11):
        with two(folder, begin) as (db, mine):
            joe, carl = person_id(db, "Joe Brown"), profile_id(db, who("Carl Nord"))
            said, was = ("later", "nobody")[number % 2], everything(db)

            def act(mine: Desk = mine, joe: int = joe, carl: int = carl, said: str = said) -> None:
                notes.write(mine, "a note on @Ann Wren", NOW, person_id=joe)
                people.settle(mine, carl, said, NOW)

            if stop:
                with pytest.raises(Cancelled):
                    bring(db, talk(), stop=meanwhile(number, act, then_stop=True))
            else:
                import_undo.undo(db, NOW, bring(db, talk(), stop=meanwhile(number, act)).batch)
            assert db.execute("SELECT text FROM notes").fetchall() == [("a note on @Ann Wren",)], number
            assert db.execute("SELECT settled FROM profiles WHERE id = ?", (carl,)).fetchone() == (said,), number
            assert half_imports.every(db) == ()
            sound(db)
            if stop and not db.execute("SELECT 1 FROM note_mentions").fetchone():
                now = everything(db)
                changed = {name for name in was if was[name] != now[name]}
                assert changed == {"notes", "decisions", "decision_rows", "profiles", "settings"}, number
                assert [row for row in now["profiles"] if row[0] != carl] == [row for row in was["profiles"] if row[0] != carl]


def test_who_is_made_meanwhile_is_not_made_twice(tiny: None, tmp_path: Path) -> None:
    """The index of people was read before: what the user decides since is read again."""
    made = 0
    for number, folder in looks(begin := desk_of(tmp_path / "begin"), at="profiles"):
        with two(folder, begin) as (db, mine):
            def act(mine: Desk = mine) -> None:
                nonlocal made
                if not mine.execute("SELECT 1 FROM people WHERE name = 'Ann Wren'").fetchone():
                    people.add_person(mine, "Ann Wren", NOW)
                    made += 1

            bring(db, talk(), stop=meanwhile(number, act))
            assert db.execute("SELECT count(*) FROM people WHERE name = 'Ann Wren'").fetchone() == (1,), number
            sound(db)
    assert made > 3


def test_a_profile_that_the_user_links_meanwhile_is_not_linked_otherwise(tiny: None, tmp_path: Path) -> None:
    linked = 0
    for number, folder in looks(begin := desk_of(tmp_path / "begin"), at="profiles"):
        with two(folder, begin) as (db, mine):
            other, _ = people.add_person(mine, "Somebody Else", NOW)
            done: list[int] = []

            def act(mine: Desk = mine, other: int = other, done: list[int] = done) -> None:
                row = mine.execute("SELECT id FROM profiles WHERE native_id = 'ann.wren'").fetchone()
                if row is not None:
                    people.link(mine, row[0], other, NOW)
                    done.append(row[0])

            bring(db, talk(), stop=meanwhile(number, act))
            linked += len(done)
            for profile in done:
                assert db.execute("SELECT person_id, linked_by FROM profiles WHERE id = ?", (profile,)).fetchone() == (other, "user"), number
            sound(db)
    assert linked > 3


def test_whoever_is_forgotten_before_it_begins_does_not_come_and_nobody_is_forgotten_meanwhile(tiny: None, tmp_path: Path) -> None:
    begin, done, refused = desk_of(tmp_path / "begin", [ANN, JOE, did(ANN, "old"), did(JOE, "for ann", to=[ANN], private=True)]), 0, 0
    facts = [*talk(), did(JOE, "for ann", to=[ANN], private=True)]
    for number, folder in looks(begin, every=7):
        with two(folder, begin) as (db, mine):
            is_half: list[bool] = []

            def forget(mine: Desk = mine, is_half: list[bool] = is_half) -> None:
                is_half.append(bool(half_imports.every(mine)))
                with pytest.raises(UserMistake, match="Nobody was forgotten") if is_half[0] else nullcontext():
                    forgetting.forget(mine, person_id(mine, "Ann Wren"), NOW)

            bring(db, facts, stop=meanwhile(number, forget))
            done, refused = done + (not is_half[0]), refused + is_half[0]
            ann = db.execute("SELECT (SELECT count(*) FROM profiles WHERE native_id = 'ann.wren'), (SELECT count(*) FROM activities WHERE native_id GLOB 'a*')")
            assert ann.fetchone() == ((1, 12) if is_half[0] else (0, 0)), number
            assert db.execute("SELECT count(*) FROM activities WHERE native_id = 'for ann'").fetchone() == (int(is_half[0]),), number
            sound(db)
    assert done and refused


# What the others see of it, and what they may not do


def test_meanwhile_it_counts_as_not_brought_in(tiny: None, tmp_path: Path) -> None:
    """Not in the list, nothing to take back, nothing asked, nothing exported, nothing covered; but what is in is whole and true."""
    facts = [*talk(), Coverage(place="mastodon", until=NOW)]
    with two(tmp_path / "desk") as (db, mine):
        bring(db, [JOE, did(JOE, "old", ago(days=50))])
        seen: list[int] = []

        def look() -> None:
            assert [b.id for b in batches.every(mine)] == [1]
            with pytest.raises(UserMistake, match="just being brought in"):
                import_undo.undo(mine, NOW)
            with pytest.raises(UserMistake, match="Nothing was written"):
                export.export_all(mine, tmp_path / "out", private=True, bom=False, now=NOW, report=lambda _: None, stop=lambda: False)
            assert not (tmp_path / "out").exists()
            assert matching.waiting(mine) == () and profiles.count_unlinked(mine) == 0
            assert mine.execute("SELECT count(*) FROM coverage").fetchone() == (0,)
            seen.append(mine.execute("SELECT count(*) FROM activities").fetchone()[0])

        bring(db, facts, stop=lambda: bool(half_imports.every(mine)) and bool(look()))
        assert seen == sorted(seen) and len(set(seen)) > 20
        assert [b.id for b in batches.every(mine)] == [2, 1] and batches.every(mine)[0].activities == 36
        assert [match.profile.profile.display_name for match in matching.waiting(mine)] == ["Mary Jones"]
        import_undo.undo(mine, NOW)
        assert export.export_all(mine, tmp_path / "out", private=True, bom=False, now=NOW, report=lambda _: None, stop=lambda: False).counts


def test_the_newest_come_first(tiny: None, tmp_path: Path) -> None:
    """Whoever looks meanwhile never sees a question without the answer that was given to it."""
    with two(tmp_path / "desk") as (db, mine):
        bring(db, [JOE, MARY])
        order: list[str] = []

        def look() -> bool:
            order.extend(row[0] for row in mine.execute("SELECT native_id FROM activities ORDER BY id DESC") if row[0] not in order)
            return False

        bring(db, [JOE, *(did(JOE, f"{n:02}", ago(days=(n * 7) % 20)) for n in range(20))], stop=look)
        assert order == [row[0] for row in mine.execute("SELECT native_id FROM activities ORDER BY id DESC")]


def test_how_far_it_is_is_told(tiny: None) -> None:
    told: list[Progress] = []
    bring(open_memory(), talk(), told=told)
    entries = [one for one in told if one.unit == "entries"]
    assert [one.done for one in entries] == list(range(1, 40)) and {one.total for one in entries} == {39}
    assert {one.total for one in told if one.unit == "profiles"} == {3}


def test_a_small_import_is_one_transaction(tmp_path: Path) -> None:
    with two(tmp_path / "desk") as (db, mine):
        seen = []
        bring(db, talk(), stop=lambda: bool(seen.append(mine.execute("SELECT count(*) FROM profiles").fetchone()[0])))
        assert set(seen) <= {0} and db.execute("SELECT count(*) FROM profiles").fetchone() == (3,)


def withdrawn() -> list[Fact]:
    return [*talk(), *(Tombstone(key=Key("mastodon", f"j{n}")) for n in range(8)), Tombstone(key=Key("mastodon", "never here"))]


def test_what_is_withdrawn_goes_with_the_end(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once all is in there is no way back: killed after that, the next start does the rest."""
    db, at_once = open_memory(), open_memory()
    for one in (db, at_once):
        bring(one, [JOE, did(JOE, "j3", ago(days=60)), did(JOE, "kept", ago(days=61))])
    with monkeypatch.context() as patched:
        patched.setattr(bringing, "SMALL", 10_000)
        bring(at_once, withdrawn())
    expected = without_uids(everything(at_once))
    ends = 0
    for number in range(50, 1000):
        one = open_memory()
        bring(one, [JOE, did(JOE, "j3", ago(days=60)), did(JOE, "kept", ago(days=61))])
        if not killed(one, withdrawn(), number, monkeypatch):
            break
        if half_imports.every(one) and half_imports.every(one)[0].is_ending:
            ends += 1
            assert [b.id for b in batches.every(one)] == [1]
            assert bringing.settle(one).sentences == ()
            assert without_uids(everything(one)) == expected, number
    assert without_uids(everything(one)) == expected and ends > 3


# When the disk fails


class Full(Exception):
    """Not ours: whatever it is, nothing stays of the import."""


def test_a_fault_half_way_leaves_nothing(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_memory()
    bring(db, [JOE, did(JOE, "old", ago(days=50))])
    was, finish = everything(db), batches.finish
    for name, broken in (("finish", Full("no room")), ("finish", StoreUnusable("The disk is full."))):
        monkeypatch.setattr(batches, name, lambda *_, error=broken, **__: (_ for _ in ()).throw(error))
        with pytest.raises(type(broken)):
            bring(db, talk())
        assert everything(db) == was
    monkeypatch.setattr(batches, "finish", finish)
    assert bring(db, talk()).batch == 2


def test_a_disk_that_lets_nothing_be_taken_out_is_told_and_the_next_import_takes_it_out(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_memory()
    bring(db, [JOE, did(JOE, "old", ago(days=50))])
    was = everything(db)

    def full(*_: object, **__: object) -> None:
        raise StoreUnusable("The disk is full. Everything saved so far is safe. Free some space and try again.")

    with monkeypatch.context() as patched:
        patched.setattr(batches, "finish", full)
        patched.setattr(taking_back, "_profiles", full)
        with pytest.raises(StoreUnusable, match=r"could not be taken out again: The disk is full\..*at the next start"):
            bring(db, talk())
    assert half_imports.every(db) and everything(db) != was
    assert bringing.settle(db).sentences
    assert everything(db) == was


def test_a_sync_and_a_new_follow_take_out_first_what_was_left(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may bring facts over a half, or taking it out would take theirs along."""
    for service in (sync, logins):
        db = open_memory()
        assert killed(db, talk(), 30, monkeypatch) and half_imports.every(db)
        with pytest.raises((UserMistake, AttributeError)):
            if service is sync:
                sync.sync(db, None, "", None, lambda: NOW)  # type: ignore[arg-type]
            else:
                logins.follow(db, 1, "nowhere", lambda: NOW)
        assert half_imports.every(db) == () and db.execute("SELECT count(*) FROM activities").fetchone() == (0,)


def test_the_work_of_taking_back_grows_with_what_came_in_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in the steps of the database, not timed: four times as many contacts are about four times the work."""
    monkeypatch.setattr(bringing, "SMALL", 0)
    monkeypatch.setattr(bringing, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(portions, "PIECE", 0.0)
    monkeypatch.setattr(portions, "FIRST_PIECE", 1)
    steps = 0

    def tick() -> bool:
        nonlocal steps
        steps += 1
        return False

    def counted(db: Desk, half: half_imports.Half) -> Iterator[portions.Step]:
        db.set_progress_handler(tick, 100)
        yield from take_back(db, half)
        db.set_progress_handler(None, 0)

    take_back = taking_back.take_back
    monkeypatch.setattr(taking_back, "take_back", counted)

    def work(n: int) -> int:
        nonlocal steps
        steps, told, db = 0, list[Progress](), open_memory()
        facts = [who(f"Given{k} Family{k * 7919 % n}", "contacts", f"c{k}") for k in range(n)]
        with pytest.raises(Cancelled):
            bring(db, facts, stop=lambda: bool(told) and told[-1].unit == "profiles" and told[-1].done >= n - 5, told=told)
        assert db.execute("SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM profiles)").fetchone() == (0,)
        return steps

    assert work(800) < 6 * work(200)
