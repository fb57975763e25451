"""Copies by themselves, thinned out, and a restore that cannot make it worse."""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.errors import StoreTooNew, StoreUnusable, UserMistake
from relationdesk.services import backup, notes, people
from relationdesk.store.database import close_desk, connect_readonly, open_desk
from tests.facts import NOW, bring, did, who

JOE = who("Joe Brown")


def test_a_restore_gives_back_every_row_and_keeps_what_was_there(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    bring(db, [JOE, did(JOE, "a")])
    copy = backup.backup(db, None, NOW)
    rows = sorted(db.iterdump())
    bring(db, [did(JOE, "b")])
    db.close()
    aside = backup.restore(tmp_path, copy)
    again = open_desk(tmp_path)
    assert sorted(again.iterdump()) == rows
    again.close()
    kept = connect_readonly(aside)
    assert kept.execute("SELECT count(*) FROM activities").fetchone() == (2,)
    kept.close()


def test_a_damaged_desk_can_be_replaced_by_its_copy(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    bring(db, [JOE, did(JOE, "a")])
    copy = backup.backup(db, None, NOW)
    db.close()
    (tmp_path / "desk.db").write_bytes(b"\xa5" * 50_000)
    aside = backup.restore(tmp_path, copy)
    assert aside.read_bytes() == b"\xa5" * 50_000
    open_desk(tmp_path).close()


@pytest.mark.parametrize("damage", [b"", b"words", None])
def test_a_damaged_copy_is_refused_and_nothing_changes(tmp_path: Path, damage: bytes | None) -> None:
    db = open_desk(tmp_path)
    bring(db, [JOE, *(did(JOE, f"a{n}", text="words " * 60) for n in range(100))])
    copy = backup.backup(db, None, NOW)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    content = bytearray(copy.read_bytes())
    for page in range(8192, len(content) - 4096, 16_384):
        content[page : page + 2000] = b"\xa5" * 2000
    copy.write_bytes(bytes(content) if damage is None else damage)
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StoreUnusable, match="Nothing was changed"):
        backup.restore(tmp_path, copy)
    assert (tmp_path / "desk.db").read_bytes() == before


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    mine = tmp_path / "mine.db"
    mine.write_text("precious")
    with pytest.raises(UserMistake, match="already a file"):
        backup.backup(db, mine, NOW)
    assert mine.read_text() == "precious"
    db.close()


def test_thinned_out_to_days_weeks_and_months(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    now = datetime(2026, 11, 20, tzinfo=UTC)
    for days in range(400):
        (folder / f"{now - timedelta(days=days):%Y%m%dT%H%M%SZ}-daily.db").touch()
    (folder / "20200101T000000Z-by-hand.db").touch()
    backup.thin_out(tmp_path, now)
    ages = [(now - copy.at).days for copy in backup.copies(tmp_path) if copy.label == "daily"]
    assert ages[:7] == list(range(7)) and 15 <= len(ages) <= 24
    assert (folder / "20200101T000000Z-by-hand.db").exists()


def test_check_makes_caches_and_index_again(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    bring(db, [JOE, did(JOE, "a")])
    assert backup.check(db).problems == () and backup.check(db).repaired == 0
    db.execute("UPDATE people SET last_in = 5")
    assert backup.check(db).repaired == 1
    assert backup.check(db).repaired == 0
    db.close()


def desk_with(folder: Path, *ids: str) -> Path:
    db = open_desk(folder)
    bring(db, [JOE, *(did(JOE, id_) for id_ in ids)])
    close_desk(db)
    return folder / "desk.db"


def altered(file: Path, script: str) -> None:
    db = sqlite3.connect(file)
    db.executescript(script)
    db.close()


HOSTILE = {
    "empty": (lambda file: file.write_bytes(b""), "is empty"),
    "text": (lambda file: file.write_text("Dear desk, " * 500), "encrypted or not a desk"),
    "encrypted": (lambda file: file.write_bytes(random.Random(1).randbytes(40_960)), "encrypted or not a desk"),
    "header only": (lambda file: file.write_bytes(file.read_bytes()[:100]), "damaged"),
    "cut off": (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "damaged"),
    "zip": (lambda file: file.write_bytes(b"PK\x03\x04" + bytes(5000)), "not a desk"),
    "another program's": (lambda file: (file.unlink(), altered(file, "CREATE TABLE activities(x); PRAGMA user_version = 4")), "another program"),
    "another program's mark": (lambda file: altered(file, "PRAGMA application_id = 252006674"), "another program"),
    "no tables": (lambda file: (file.unlink(), altered(file, "VACUUM")), "not a desk|is empty"),
    "newer": (lambda file: altered(file, "PRAGMA user_version = 99"), r"newer version of RelationDesk \(shape 99; this program knows \d+\)"),
    "trigger": (
        lambda file: altered(file, "CREATE TRIGGER gone AFTER INSERT ON notes BEGIN DELETE FROM notes; END"),
        "did not make",
    ),
    "view": (lambda file: altered(file, "CREATE VIEW x AS SELECT * FROM notes"), "did not make"),
    "changed view": (
        lambda file: altered(file, "DROP VIEW activities_text; CREATE VIEW activities_text AS SELECT 1 AS id, '' AS text, '' AS title, '' AS who"),
        "did not make",
    ),
    "missing table": (lambda file: altered(file, "DROP TABLE note_versions"), "did not make"),
    "more tables": (lambda file: altered(file, "CREATE TABLE more(x)"), "did not make"),
    "folder": (lambda file: (file.unlink(), file.mkdir()), "no copy"),
    "nothing": (lambda file: file.unlink(), "no copy"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_whole_desk_is_refused_with_its_reason(tmp_path: Path, kind: str) -> None:
    current = desk_with(tmp_path / "desk", "mine")
    copy = desk_with(tmp_path / "other", *(f"theirs{n}" for n in range(50)))
    spoil, reason = HOSTILE[kind]
    spoil(copy)
    before = {path: path.read_bytes() for path in current.parent.rglob("*") if path.is_file()}
    beside = sorted(copy.parent.iterdir())
    with pytest.raises((StoreUnusable, StoreTooNew), match=reason):
        backup.restore(current.parent, copy)
    assert {path: path.read_bytes() for path in current.parent.rglob("*") if path.is_file()} == before
    assert sorted(copy.parent.iterdir()) == beside


def test_the_desk_itself_is_no_copy(tmp_path: Path) -> None:
    current = desk_with(tmp_path, "mine")
    with pytest.raises(UserMistake, match="the desk itself"):
        backup.restore(tmp_path, current)


def test_a_desk_with_a_strange_trigger_is_not_opened(tmp_path: Path) -> None:
    file = desk_with(tmp_path, "mine")
    altered(file, "CREATE TRIGGER gone AFTER INSERT ON notes BEGIN DELETE FROM notes; END")
    with pytest.raises(StoreUnusable, match="did not make"):
        open_desk(tmp_path)


@pytest.mark.parametrize("step", range(12))
def test_killed_in_a_restore_there_is_always_a_whole_desk(tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    current = desk_with(tmp_path / "desk", "mine")
    copy = desk_with(tmp_path / "other", "theirs")
    left = step

    def or_killed(name: str) -> None:
        real = getattr(Path, name)

        def method(self: Path, *args: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return real(self, *args, **named)

        monkeypatch.setattr(Path, name, method)

    for name in ("replace", "hardlink_to", "unlink", "rename"):
        or_killed(name)
    with suppress(KeyboardInterrupt):
        backup.restore(current.parent, copy)
    monkeypatch.undo()
    db = open_desk(current.parent)
    assert db.execute("SELECT native_id FROM activities").fetchall() in ([("mine",)], [("theirs",)])
    db.close()


def test_thirty_states_come_back_row_by_row(tmp_path: Path) -> None:
    dice = random.Random(30)
    db = open_desk(tmp_path)
    taken = []
    for n in range(30):
        actor = who(f"Person {dice.randrange(12)}", dice.choice(("mastodon", "linkedin")))
        bring(db, [actor, *(did(actor, f"{n}-{i}", text=f"words {dice.random()}") for i in range(dice.randrange(1, 9)))])
        ((person,),) = db.execute("SELECT id FROM people ORDER BY random() LIMIT 1").fetchall()
        notes.write(db, f"note {n}", NOW, person_id=person)
        people.set_tags(db, person, (f"tag {n}",), NOW)
        taken.append((backup.backup(db, tmp_path / f"{n}.copy", NOW), sorted(db.iterdump())))
    close_desk(db)
    for copy, rows in dice.sample(taken, 30):
        backup.restore(tmp_path, copy)
        db = open_desk(tmp_path)
        assert sorted(db.iterdump()) == rows
        close_desk(db)
