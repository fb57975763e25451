"""Out and in again: an empty desk becomes equal, and nothing but a whole, unchanged export gets in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk.errors import Cancelled, StoreTooNew, UnreadableFile, UserMistake
from relationdesk.services import sample
from relationdesk.services.export import export_all
from relationdesk.services.restore_export import import_export
from relationdesk.store import search
from relationdesk.store.csv_reading import ORDER
from relationdesk.store.csv_tables import TABLES
from relationdesk.store.database import Desk, open_memory
from tests.services.crafted import NOW, fill

TOUCH = "SELECT uid, last_id, last_in, last_out, looked_at FROM people ORDER BY uid"
CACHES = (
    "SELECT uid, folded, last_id, last_in, last_out, looked_at, level FROM people ORDER BY uid",
    "SELECT place_id, native_id, folded, last_id FROM profiles ORDER BY native_id",
    "SELECT count(*) FROM activities_spaced",
    "SELECT id, native_id, thread, published FROM activities ORDER BY id",
)


@pytest.fixture
def desks() -> Iterator[tuple[Desk, Desk]]:
    pair = open_memory(), open_memory()
    yield pair
    for desk in pair:
        desk.close()


def out(db: Desk, folder: Path, *, private: bool = True, bom: bool = False) -> Path:
    export_all(db, folder, private=private, bom=bom, now=NOW, report=lambda p: None, stop=lambda: False)
    return folder


def same(first: Path, second: Path) -> None:
    names = {path.name for path in first.iterdir()}
    assert names == {path.name for path in second.iterdir()}
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_trap_10_a_crafted_desk_comes_back_equal(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    counts = import_export(new, out(old, tmp_path / "a"), NOW)
    same(tmp_path / "a", out(new, tmp_path / "b"))
    assert [table.name for table in TABLES if not counts[table.name]] == []
    for question in CACHES[:1] + CACHES[2:]:
        assert old.execute(question).fetchall() == new.execute(question).fetchall()
    assert new.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(search.search(new, search.parse("日本語"))) == 1
    assert len(search.search(new, search.parse("kind:call"))) == 1


def test_the_sample_desk_comes_back_equal(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    sample.build(old, NOW)
    import_export(new, out(old, tmp_path / "a", bom=True), NOW)
    same(tmp_path / "a", out(new, tmp_path / "b", bom=True))
    assert old.execute(TOUCH).fetchall() == new.execute(TOUCH).fetchall()
    prompts = "SELECT uid, open_prompts FROM people ORDER BY uid"
    assert old.execute(prompts).fetchall() == new.execute(prompts).fetchall()


def test_without_private_words_it_still_fits_together(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    import_export(new, out(old, tmp_path / "a", private=False), NOW)
    same(tmp_path / "a", out(new, tmp_path / "b", private=False))


def test_a_used_desk_is_left_alone(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    import_export(new, folder, NOW)
    with pytest.raises(UserMistake, match="empty desk only"):
        import_export(new, folder, NOW)
    same(folder, out(new, tmp_path / "b"))


def test_a_changed_file_is_refused(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    notes = folder / "notes.csv"
    notes.write_bytes(notes.read_bytes().replace(b"1+1", b"1+2"))
    with pytest.raises(UnreadableFile, match=r"notes\.csv was changed.*Nothing was changed"):
        import_export(new, folder, NOW)
    notes.unlink()
    with pytest.raises(UnreadableFile, match=r"notes\.csv is missing"):
        import_export(new, folder, NOW)
    assert new.execute("SELECT count(*) FROM people").fetchone()[0] == 0


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"format":"other"}', "null", '{"format":"relationdesk_export","format_version":1,"files":[]}',
     '{"format":"relationdesk_export","format_version":1,"files":{"../../x.csv":{"rows":0,"sha256":""}}}', "[" * 100_000],
)  # fmt: skip
def test_a_strange_manifest_is_refused(desks: tuple[Desk, Desk], tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(UnreadableFile):
        import_export(desks[1], tmp_path, NOW)
    with pytest.raises(UnreadableFile):
        import_export(desks[1], tmp_path / "nowhere", NOW)


def test_a_newer_export_is_refused(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format":"relationdesk_export","format_version":99,"files":{}}')
    with pytest.raises(StoreTooNew):
        import_export(desks[1], tmp_path, NOW)


@pytest.mark.parametrize("missing", ["profiles.csv", "people.csv", "companies.csv"])
def test_an_export_that_does_not_fit_together_leaves_the_desk_empty(
    desks: tuple[Desk, Desk], tmp_path: Path, missing: str
) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"][missing]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFile, match="does not fit"):
        import_export(new, folder, NOW)
    assert [new.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("people", "profiles", "activities")] == [0, 0, 0]


def test_stopping_leaves_the_desk_empty(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    old, new = desks
    fill(old)
    folder = out(old, tmp_path / "a")
    begun: list[int] = []
    with pytest.raises(Cancelled):
        import_export(new, folder, NOW, report=lambda p: begun.append(p.done), stop=lambda: len(begun) > 6)
    assert begun and new.execute("SELECT count(*) FROM people").fetchone()[0] == 0


def test_every_exported_table_has_a_way_back() -> None:
    assert sorted(ORDER) == sorted(table.name for table in TABLES)
