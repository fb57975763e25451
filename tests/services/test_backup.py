"""Copies by themselves, thinned out, and a restore that cannot make it worse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relationdesk.errors import StoreUnusable, UserMistake
from relationdesk.services import backup
from relationdesk.store.database import connect_readonly, open_desk
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
