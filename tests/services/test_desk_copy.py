"""A desk that cannot be opened is looked at in a copy: the whole of it, or what damage left; else the first error stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from relationdesk.errors import StoreDamaged, StoreReadOnly, StoreTooNew, StoreUnusable
from relationdesk.services import desk_copy
from relationdesk.store import database, half_imports, reserve
from tests.cut_off import cut_off
from tests.facts import bring, did, who
from tests.store.test_faults import damaged_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """A desk that was not closed in order: its newest words are in the journal."""
    db = database.open_desk(tmp_path / "desk")
    bring(db, [who("Joe Brown")])
    yield tmp_path / "desk"
    db.close()


def _names(folder: Path) -> list[str]:
    with closing(database.connect(folder / database.DESK_FILE)) as db:
        return [name for (name,) in db.execute("SELECT name FROM people")]


def test_where_nothing_can_be_written_the_whole_desk_is_shown(desk: Path) -> None:
    with desk_copy.looked(desk, StoreReadOnly("no")) as found:
        assert _names(found.copy) == ["Joe Brown"] and found.desk == desk
        assert str(desk) in found.happened and str(found.copy) not in found.happened
    assert not found.copy.exists()


def test_a_full_disk(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "has_no_room", lambda folder: folder == desk)
    with desk_copy.looked(desk, StoreUnusable("full")) as found:
        assert _names(found.copy) == ["Joe Brown"] and found.happened.startswith("The disk is full")
    assert not found.copy.exists()


@pytest.mark.parametrize("full", [False, True])
def test_what_damage_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool) -> None:
    damaged_desk(tmp_path).close()
    monkeypatch.setattr(reserve, "has_no_room", lambda folder: full and folder == tmp_path)
    with desk_copy.looked(tmp_path, StoreDamaged("damaged")) as found:
        assert _names(found.copy) == ["Joe Brown"] and "damaged" in found.happened and "put a copy back" not in found.happened
    assert not found.copy.exists()


def test_nothing_to_see_is_the_first_error(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"\xa5" * 50_000)
    with pytest.raises(StoreDamaged, match="the first"), desk_copy.looked(tmp_path, StoreDamaged("the first")):
        pass
    (tmp_path / "desk.db").write_bytes(b"")
    with pytest.raises(StoreDamaged, match="the first"), desk_copy.looked(tmp_path, StoreDamaged("the first")):
        pass
    with pytest.raises(StoreUnusable, match="is busy"), desk_copy.looked(tmp_path, StoreUnusable("is busy")):
        pass


def test_a_newer_desk_is_not_shown(desk: Path) -> None:
    with closing(database.connect(desk / "desk.db")) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreTooNew), desk_copy.looked(desk, StoreReadOnly("no")):
        pass


def test_a_folder_that_can_only_be_read_is_looked_at_from_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = database.open_desk(tmp_path)
    bring(db, [who("Joe Brown")])  # still in the journal
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    monkeypatch.setattr(database.os, "access", lambda folder, _mode: Path(folder) != tmp_path)
    with pytest.raises(StoreReadOnly, match="can only be read"):
        database.open_desk(tmp_path)
    with desk_copy.copied(tmp_path) as copy:
        assert copy.execute("SELECT name FROM people").fetchall() == [("Joe Brown",)]
        scratch = database.database_path(copy).parent
        with database.transaction(copy):
            copy.execute("DELETE FROM people WHERE id < 0")
    assert not scratch.exists()
    assert {path: path.read_bytes() for path in before} == before
    db.close()
    with pytest.raises(StoreUnusable, match="Choose another folder"):
        monkeypatch.setattr(database.os, "access", lambda _folder, _mode: False)
        database.open_desk(tmp_path / "new")


def test_an_import_that_was_cut_off_is_not_shown_in_part(desk: Path) -> None:
    with closing(database.connect(desk / database.DESK_FILE)) as db:
        cut_off(db, [who("Ann Half"), did(who("Ann Half"), "half")])
        with desk_copy.looked(desk, StoreReadOnly("no")) as found:
            assert _names(found.copy) == ["Joe Brown"]
        assert half_imports.every(db), "only the copy was changed"
