"""Every fault of the disk or the file is one sentence; a mistake of ours is not dressed up as one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from relationdesk.errors import StoreUnusable
from relationdesk.store import faults
from relationdesk.store.database import Desk, open_desk, transaction
from tests.facts import bring, did, who


def test_the_newest_copy_is_named_and_never_a_damaged_desk(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    assert "no copy" in faults.damaged(path)
    (tmp_path / "backups").mkdir()
    for name in ("20260101T000000Z-daily.db", "20260102T000000Z-by-hand.db", "20260103T000000Z-damaged.db"):
        (tmp_path / "backups" / name).touch()
    assert "20260102T000000Z-by-hand.db" in faults.damaged(path)


def test_a_mistake_of_ours_stays_one(tmp_path: Path) -> None:
    db = open_desk(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"), transaction(db):
        db.execute("INSERT INTO nowhere VALUES (1)")
    with pytest.raises(sqlite3.OperationalError, match="no such column"), faults.told(tmp_path):
        db.execute("SELECT nowhere FROM people")
    with pytest.raises(sqlite3.IntegrityError), transaction(db):
        db.execute("INSERT INTO tags VALUES (99, 'x')")
    db.close()


def damaged_desk(folder: Path) -> Desk:
    """An open desk whose activities lie in pages that are rubbish."""
    db = open_desk(folder)
    joe = who("Joe Brown")
    bring(db, [joe, *(did(joe, f"a{n}", text="words " * 100) for n in range(300))])
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'activities'").fetchone()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with (folder / "desk.db").open("rb+") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xa5" * 4096)
    return sqlite3.connect(folder / "desk.db", isolation_level=None)


def test_damage_that_is_met_later_is_told(tmp_path: Path) -> None:
    db = damaged_desk(tmp_path)
    with pytest.raises(StoreUnusable, match="damaged"), faults.told(tmp_path / "desk.db"):
        db.execute("SELECT max(length(text)) FROM activities").fetchone()
    with pytest.raises(StoreUnusable, match="damaged"), transaction(db):
        db.execute("UPDATE activities SET text = ''")
    assert not db.in_transaction
    db.close()
