"""The desk's file: opened safely, refused untouched, copied before a change of shape, written through one door."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from relationdesk.errors import StoreTooNew, StoreUnusable
from relationdesk.store import database
from relationdesk.store.database import open_desk, open_memory, transaction
from relationdesk.store.migrations_latest import migrations
from relationdesk.store.shape import SHAPE
from tests.facts import bring, did, who

DUMPS = Path(__file__).resolve().parents[1] / "data" / "stores"


def shape_of(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return sorted(db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name <> '_sqlite_migrations'"))


def old_desk(folder: Path, release: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / database.DESK_FILE
    db = sqlite3.connect(path)
    db.executescript((DUMPS / f"{release}.sql").read_text(encoding="utf-8"))
    db.close()
    return path


def test_a_desk_opens_fresh_and_again(tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    bring(db, [who("Joe Brown"), did(who("Joe Brown"), "a")])
    db.close()
    again = open_desk(tmp_path / "desk")
    assert again.execute("SELECT count(*) FROM activities").fetchone() == (1,)
    assert again.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert again.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL: a note survives a power cut
    again.close()


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    db = open_desk(folder)
    bring(db, [who("Joe Brown")])
    database.copy_aside(db, folder / "backups", "by-hand")
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    db.close()


def test_shape_is_the_number_of_migrations() -> None:
    assert len(list(migrations.pending(__import__("sqlite_utils").Database(memory=True)))) == SHAPE


def test_a_newer_desk_is_refused_untouched(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    db.execute(f"PRAGMA user_version = {SHAPE + 1}")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(StoreTooNew, match="newer version"):
        open_desk(tmp_path)
    assert (tmp_path / "desk.db").read_bytes() == before


@pytest.mark.parametrize("where", [0, 30, 5000, 40_000, 80_000])
def test_a_damaged_desk_is_refused_and_left_as_it_is(tmp_path: Path, where: int) -> None:
    db = open_desk(tmp_path)
    joe = who("Joe Brown")
    bring(db, [joe, *(did(joe, f"a{n}", text="words " * 50) for n in range(200))])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    path = tmp_path / "desk.db"
    damaged = bytearray(path.read_bytes())
    for page in range(where, len(damaged), 20_000):
        damaged[page : page + 4096] = b"\xa5" * len(damaged[page : page + 4096])
    path.write_bytes(damaged)
    with pytest.raises(StoreUnusable, match="left exactly as it is"):
        open_desk(tmp_path)
    assert path.read_bytes() == bytes(damaged)


def test_a_file_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes(name TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="another program"):
        open_desk(tmp_path)
    assert path.read_bytes() == before
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    with pytest.raises(StoreUnusable, match="not a desk"):
        open_desk(tmp_path)


def test_an_emptied_file_is_not_a_new_desk(tmp_path: Path) -> None:
    open_desk(tmp_path).close()
    (tmp_path / "desk.db").write_bytes(b"")
    with pytest.raises(StoreUnusable):
        open_desk(tmp_path)
    assert (tmp_path / "desk.db").stat().st_size == 0


@pytest.mark.parametrize("release", [path.stem for path in sorted(DUMPS.glob("*.sql"))] or ["none"])
def test_every_released_shape_opens_as_a_new_one_does(tmp_path: Path, release: str) -> None:
    old_desk(tmp_path, release)
    db, new = open_desk(tmp_path), open_memory()
    assert shape_of(db) == shape_of(new)
    assert db.execute("SELECT count(*) FROM people").fetchone()[0] > 0
    db.close()


def test_a_copy_is_put_aside_before_the_shape_changes(tmp_path: Path) -> None:
    path = old_desk(tmp_path, "0.1.0")
    db = sqlite3.connect(path)  # a desk that lacks the last migration's mark looks like an older one
    db.execute("PRAGMA user_version = 0")
    db.close()
    open_desk(tmp_path).close()
    (copy,) = (tmp_path / "backups").glob("*.db")
    check = sqlite3.connect(copy)
    assert check.execute("SELECT count(*) FROM people").fetchone()[0] > 0
    check.close()


def test_all_or_nothing_also_when_nested(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    with pytest.raises(RuntimeError), transaction(db):
        db.execute("INSERT INTO places(name) VALUES ('one')")
        with transaction(db):
            db.execute("INSERT INTO places(name) VALUES ('two')")
        raise RuntimeError
    assert db.execute("SELECT count(*) FROM places").fetchone() == (0,)
    with transaction(db), transaction(db):
        db.execute("INSERT INTO places(name) VALUES ('three')")
    assert not db.in_transaction
    other = database.connect(tmp_path / "desk.db")
    assert other.execute("SELECT name FROM places").fetchall() == [("three",)]
    other.close()
    db.close()


def test_a_copy_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((StoreUnusable, OSError)):
        database.copy_to(db, tmp_path / "file" / "copy.db")
    db.close()
    assert not list(tmp_path.rglob("*.part"))


def test_a_full_disk_gives_the_reserve_back_for_the_open_note(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    assert (tmp_path / "reserve").stat().st_size > 1_000_000
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(StoreUnusable, match="full"), transaction(db):
        db.execute("INSERT INTO settings VALUES ('x', ?)", ("words" * 100_000,))
    assert not (tmp_path / "reserve").exists()
    db.execute("PRAGMA max_page_count = 1000000")
    with transaction(db):
        db.execute("INSERT INTO settings VALUES ('x', 'small')")
    db.close()
