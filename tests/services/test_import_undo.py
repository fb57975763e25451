"""In portions an undo does the same as at once; killed anywhere the next start ends it, and notes are saved beside it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from relationdesk.errors import Cancelled, StoreUnusable, UserMistake
from relationdesk.model import Progress
from relationdesk.services import bringing, export, forgetting, import_undo, matching, notes, people
from relationdesk.store import batches, captures, database, half_imports, portions, profiles, salvage
from relationdesk.store.batches import Taken
from relationdesk.store.database import Desk, open_memory
from tests.cut_off import Killed
from tests.facts import NOW, ago, arrive, bring, did, person_id, who
from tests.services.test_bringing import Rows, desk_of, everything, stops_at, two, without_uids
from tests.services.test_undo_property import history, sound


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every undo in portions, every portion as small as can be, and a transaction for each."""
    monkeypatch.setattr(import_undo, "SMALL", -1)
    monkeypatch.setattr(import_undo, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(portions, "TRANSACTION", 0.0)
    monkeypatch.setattr(portions, "PIECE", 0.0)
    monkeypatch.setattr(portions, "FIRST_PIECE", 1)


def lived(seed: int) -> tuple[Desk, int]:
    """A desk of several imports and syncs, with notes and links of the user between them; how many imports."""
    dice, db, imports = random.Random(seed), open_memory(), 0
    for kind, what in history(dice):
        imports += kind == "import"
        (bring if kind == "import" else arrive)(db, list(what))  # type: ignore[call-overload]
        somebody = [row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 0 ORDER BY id")]
        waiting = [row[0] for row in db.execute("SELECT id FROM profiles WHERE person_id IS NULL ORDER BY id")]
        if somebody and dice.random() < 0.3:
            notes.write(db, "words", NOW, person_id=dice.choice(somebody))
        if somebody and waiting and dice.random() < 0.4:
            people.link(db, dice.choice(waiting), dice.choice(somebody), NOW)
    return db, imports


def clone(db: Desk) -> Desk:
    other = open_memory()
    db.backup(other)
    return other


def told(db: Desk) -> Rows:
    return without_uids(everything(db))


@pytest.mark.parametrize("seed", range(12))
def test_in_portions_is_as_at_once(tiny: None, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    portioned, imports = lived(seed)
    at_once = clone(portioned)
    for number in random.Random(seed).sample(range(1, imports + 1), imports):
        said = import_undo.undo(portioned, NOW, number)
        with monkeypatch.context() as patched:
            patched.setattr(import_undo, "SMALL", 10_000)
            assert import_undo.undo(at_once, NOW, number) == said
        assert told(portioned) == told(at_once), number
        sound(portioned)


def killed(db: Desk, batch: int, number: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Undo until after so many transactions, and no further; False if it had come to its end before."""
    looks, run = iter(range(10**9)), portions.in_portions

    def look() -> None:
        if next(looks) == number:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(import_undo.portions, "in_portions", lambda db, steps, between: run(db, steps, between=look))
        try:
            import_undo.undo(db, NOW, batch)
        except Killed:
            return True
    return False


@pytest.mark.parametrize("seed", range(4))
def test_killed_anywhere_the_next_start_ends_it(tiny: None, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed again while it goes on, the start after that goes on from there."""
    begin, imports = lived(seed)
    dice = random.Random(seed)
    batch = dice.randint(1, imports)
    whole = clone(begin)
    import_undo.undo(whole, NOW, batch)
    expected, number, cut, found = told(whole), 0, 0, 0
    while killed(db := clone(begin), batch, number, monkeypatch):
        number += dice.randint(2, 7)
        if not (half := half_imports.every(db)):
            assert told(db) == told(begin), "it had not begun"
        else:
            found += 1
            assert half[0].leaving_at is not None
            assert batch not in [one.id for one in batches.every(db)], "nothing half out is shown, as done or as there"
        if not half:
            continue
        while dice.random() < 0.6:
            cut += 1
            try:
                bringing.settle(db, stop=stops_at(dice.randint(0, 30)))
                break
            except Cancelled:
                continue
        bringing.settle(db)
        assert half_imports.every(db) == () and db.execute("SELECT count(*) FROM leavings").fetchone() == (0,)
        now = told(db)
        assert now == expected, (number, [name for name in expected if expected[name] != now[name]])
        assert next(one for one in batches.every(db) if one.id == batch).undone
    assert found > 5 and cut > 3


def talk(count: int) -> list[object]:
    joe, mary, ann = who("Joe Brown"), who("Mary Jones", known=False), who("Ann Wren", mail="ann@wren.example", vouched=True)
    acts = [did((joe, mary, ann)[n % 3], f"m{n}", ago(hours=n), to=[(mary, ann, joe)[n % 3]]) for n in range(count)]
    return [joe, mary, ann, *acts]


def half_out(monkeypatch: pytest.MonkeyPatch, number: int = 15) -> Desk:
    db = open_memory()
    bring(db, [who("Joe Brown"), did(who("Joe Brown"), "old", ago(days=50))])
    bring(db, talk(12))  # type: ignore[arg-type]
    assert killed(db, 2, number, monkeypatch) and half_imports.every(db)
    return db


def test_the_next_start_says_what_happened_in_a_sentence(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db = half_out(monkeypatch)
    left = bringing.settle(db)
    assert left.sentences == ("“test” was still being taken out when RelationDesk ended, so the rest of it was taken out now.",)
    assert left.undone == (2,) and left.changes.everything and bringing.settle(db) == bringing.Left()


def test_a_second_undo_goes_on_with_the_first(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db = half_out(monkeypatch)
    taken = import_undo.undo(db, NOW, 2)
    assert taken.batch.undone and taken.batch.id == 2
    assert [(one.id, one.undone) for one in batches.every(db)] == [(2, True), (1, False)]
    with pytest.raises(UserMistake, match="taken back already"):
        import_undo.undo(db, NOW, 2)
    assert [row[0] for row in db.execute("SELECT native_id FROM activities")] == ["old"]


def test_before_another_undo_what_was_left_is_ended(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db = half_out(monkeypatch)
    import_undo.undo(db, NOW, 1)
    assert [one.undone for one in batches.every(db)] == [True, True] and db.execute("SELECT count(*) FROM people").fetchone() == (0,)


def test_what_can_be_saved_of_a_damaged_desk_is_without_what_was_going(tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with two(tmp_path / "desk") as (db, _):
        bring(db, [who("Joe Brown"), did(who("Joe Brown"), "old", ago(days=50))])
        bring(db, talk(12))  # type: ignore[arg-type]
        assert killed(db, 2, 15, monkeypatch)
    with salvage.salvaged(tmp_path / "desk") as new:
        assert half_imports.every(new) == () and [row[0] for row in new.execute("SELECT native_id FROM activities")] == ["old"]


# Beside it


def looked(folder: Path, begin: Path, look: Callable[[Desk], object], *, count: int = 12) -> tuple[Rows, Taken]:
    """Undo the second import of that desk and look after each transaction."""
    with two(folder, begin) as (db, mine):
        taken = import_undo.undo(db, NOW, 2, stop=lambda: bool(half_imports.every(mine)) and bool(look(mine)))
        sound(db)
        return everything(db), taken


@pytest.fixture
def begin(tmp_path: Path) -> Path:
    folder = desk_of(tmp_path / "begin", [who("Joe Brown"), who("Carl Nord"), did(who("Joe Brown"), "old", ago(days=50))])
    with two(folder) as (db, _):
        bring(db, talk(12))  # type: ignore[arg-type]
    return folder


def test_notes_and_decisions_meanwhile_stay(tiny: None, begin: Path, tmp_path: Path) -> None:
    looks = 0

    def count(_: Desk) -> None:
        nonlocal looks
        looks += 1

    looked(tmp_path / "counted", begin, count)
    assert looks > 25
    stayed = set()
    for number in range(0, looks, 2):
        at = iter(range(10**9))

        def act(mine: Desk, number: int = number, at: object = at) -> None:
            if next(at) == number:  # type: ignore[call-overload]
                ann = mine.execute("SELECT id FROM people WHERE name = 'Ann Wren'").fetchone()
                notes.write(mine, "about Ann", NOW, person_id=ann[0] if ann else person_id(mine, "Carl Nord"))

        rows, taken = looked(tmp_path / f"{number}", begin, act)
        assert len(rows["notes"]) == 1, number
        names = {row[2] for row in rows["people"]}
        assert {"Joe Brown", "Carl Nord"} <= names and taken.people_kept == ("Ann Wren" in names)
        stayed.add("Ann Wren" in names)
    assert stayed == {True, False}


def test_meanwhile_it_is_neither_there_nor_gone(tiny: None, begin: Path, tmp_path: Path) -> None:
    seen: list[int] = []

    def look(mine: Desk) -> None:
        assert [(one.id, one.undone) for one in batches.every(mine)] == [(1, False)]
        with pytest.raises(UserMistake, match="Nothing was written"):
            export.export_all(mine, tmp_path / "out", private=True, bom=False, now=NOW, report=lambda _: None, stop=lambda: False)
        with pytest.raises(UserMistake, match="Nobody was forgotten"):
            forgetting.forget(mine, person_id(mine, "Carl Nord"), NOW)
        seen.append(mine.execute("SELECT count(*) FROM activities").fetchone()[0])

    looked(tmp_path / "desk", begin, look)
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == 13


def test_the_oldest_go_first(tiny: None, begin: Path, tmp_path: Path) -> None:
    """Whoever looks meanwhile never sees a question without the answer that was given to it."""
    gone: list[str] = []
    before = [f"m{n}" for n in range(12)]

    def look(mine: Desk) -> None:
        there = {row[0] for row in mine.execute("SELECT native_id FROM activities")}
        gone.extend(one for one in before if one not in there and one not in gone)

    looked(tmp_path / "desk", begin, look)
    assert gone == before[::-1]


def test_whose_it_may_be_is_not_asked_while_one_is_undone(tiny: None, tmp_path: Path) -> None:
    """Ann's card is hers only because of the import: it is nobody's for a while, and then a person of its own."""
    card = who("Ann Wren", "contacts", "card-ann", mail="ann@wren.example", vouched=True)
    begin, seen, nobodys = desk_of(tmp_path / "begin"), set(), 0
    with two(begin) as (db, _):
        bring(db, [who("Carl Nord")])
        bring(db, talk(12))  # type: ignore[arg-type]
        bring(db, [card])
        assert db.execute("SELECT count(*) FROM people").fetchone() == (3,)

    def look(mine: Desk) -> None:
        nonlocal nobodys
        nobodys += mine.execute("SELECT person_id FROM profiles WHERE native_id = 'card-ann'").fetchone() == (None,)
        seen.update(match.profile.profile.key.native_id for match in matching.waiting(mine))
        assert profiles.count_unlinked(mine) == len(seen)

    rows, _ = looked(tmp_path / "desk", begin, look)
    assert nobodys and "card-ann" not in seen and sorted(row[2] for row in rows["people"]) == ["Ann Wren", "Carl Nord"]


def test_no_transaction_does_more_than_a_little_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in rows that a transaction changes, its index with them, not timed: a note waits for one of them."""
    monkeypatch.setattr(portions, "TRANSACTION", 0.0)
    monkeypatch.setattr(portions.Pace, "__exit__", lambda *_: None)  # every piece stays as large as the first
    with two(tmp_path / "desk") as (db, mine):
        crowd = [who(f"Given{n} Family{n}", known=True, company=f"Firm {n}") for n in range(500)]
        zoe, _ = people.add_person(db, "Zoe Hale", NOW)
        bring(db, [*crowd, *(did(crowd[n % 500], f"a{n}", ago(hours=n), to=[crowd[n * 7 % 500]]) for n in range(1_500))])
        changed = [db.total_changes]

        def look() -> bool:
            changed.append(db.total_changes)
            notes.write(mine, f"note {len(changed)}", NOW, person_id=zoe)
            return False

        import_undo.undo(db, NOW, 1, stop=look)
        assert db.execute("SELECT count(*) FROM notes").fetchone() == (len(changed) - 1,)
        work = [after - before for before, after in pairwise(changed)]
        assert sum(work) > 5_000 and max(work) <= portions.FIRST_PIECE * 20 and len(work) > 60
        assert db.execute("SELECT (SELECT count(*) FROM activities) + (SELECT count(*) FROM profiles) + (SELECT count(*) FROM people)").fetchone() == (1,)


def test_a_small_one_is_one_transaction(begin: Path, tmp_path: Path) -> None:
    looks: list[Desk] = []
    looked(tmp_path / "desk", begin, looks.append)
    assert looks == []


# Stopped, and when the disk fails


def test_stopped_before_it_begins_nothing_is_changed(tiny: None) -> None:
    db, _ = lived(3)
    was = everything(db)
    with pytest.raises(Cancelled, match="Nothing was changed"):
        import_undo.undo(db, NOW, 1, stop=lambda: True)
    assert everything(db) == was


def test_once_it_has_begun_the_rest_is_for_the_next_start(tiny: None) -> None:
    """What is out could only be read from its file again, so stopping does not bring it back, and does not say so."""
    db, _ = lived(3)
    with pytest.raises(Cancelled, match="out only in part; the rest is taken out at the next start"):
        import_undo.undo(db, NOW, 1, stop=lambda: bool(half_imports.every(db)))
    bringing.settle(db)
    assert batches.one(db, 1).undone and half_imports.every(db) == ()


def test_a_full_disk_half_way_is_told_and_the_next_start_ends_it(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    db, _ = lived(3)
    whole = clone(db)
    import_undo.undo(whole, NOW, 1)

    def full(*_: object) -> None:
        raise StoreUnusable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(captures, "batch_gone", full)
        with pytest.raises(StoreUnusable, match=r"“test” is out only in part: The disk is full\. The rest"):
            import_undo.undo(db, NOW, 1)
    bringing.settle(db)
    assert told(db) == told(whole)


def test_how_far_it_is_is_told(tiny: None) -> None:
    db, said = open_memory(), list[Progress]()
    bring(db, talk(12))  # type: ignore[arg-type]
    import_undo.undo(db, NOW, 1, report=said.append)
    assert [one.done for one in said] == [*range(1, 13), 14, 16, 17] and {(one.total, one.unit) for one in said} == {(17, "entries")}


_KILLED = """
import os, signal, sys
from pathlib import Path
from relationdesk.services import import_undo
from relationdesk.store import database, portions
from tests.facts import NOW
import_undo.SMALL, portions.TRANSACTION, portions.PIECE, portions.FIRST_PIECE = -1, 0.0, 0.0, 1
looks = iter(range(10**9))
db = database.open_desk(Path(sys.argv[1]))
import_undo.undo(db, NOW, 2, stop=lambda: next(looks) == int(sys.argv[2]) and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL.")
def test_kill_nine_in_the_middle_then_a_start(begin: Path, tmp_path: Path) -> None:
    """A process that ends with no word, at the hands of the system; the desk opened after it is that of an undo to the end."""
    whole, _ = looked(tmp_path / "whole", begin, lambda _: None)
    half_way = 0
    for number in (12, 30, 45):
        with two(folder := tmp_path / f"{number}", begin) as (_, _mine):
            pass
        done = subprocess.run([sys.executable, "-c", _KILLED, str(folder), str(number)], capture_output=True, text=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        db = database.open_desk(folder)
        half_way += bool(half_imports.every(db))
        bringing.settle(db)
        assert without_uids(everything(db)) == without_uids(whole), number
        database.close_desk(db)
    assert half_way == 3


def test_whom_another_import_tells_of_too_is_not_counted_as_gone() -> None:
    db = open_memory()
    bring(db, [who("Ann Wren", "contacts", "ann"), who("Zoe Hale", "contacts", "zoe")])
    bring(db, [who("Ann Wren", "contacts", "ann")])
    taken = import_undo.undo(db, NOW, 1)
    assert (taken.people, [row[0] for row in db.execute("SELECT name FROM people")]) == (1, ["Ann Wren"])
