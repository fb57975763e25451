"""A damaged desk without a copy: every row outside the damage is taken out, and makes a desk that fits together."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.errors import StoreUnusable
from relationdesk.services import export, notes, restore_export
from relationdesk.store.database import close_desk, open_desk
from relationdesk.store.salvage import UNREADABLE, salvaged
from tests.cut_off import cut_off
from tests.facts import NOW, bring, did, who

PAGE = 4096
EVERYBODY = [who(f"Person {n}") for n in range(60)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed desk: copied for every test, never written to."""
    folder = tmp_path_factory.mktemp("whole")
    db = open_desk(folder)
    bring(db, [*EVERYBODY, *(did(EVERYBODY[n % 60], f"a{n}", NOW - timedelta(hours=n), text=f"words {n} " * 12) for n in range(1500))])
    for (person,) in db.execute("SELECT id FROM people").fetchall():
        notes.write(db, f"my own words on {person} " * 5, NOW, person_id=person)
    close_desk(db)
    return folder / "desk.db"


def pages_of(file: Path, table: str) -> list[int]:
    """The pages that hold a table's rows."""
    db = open_desk(file.parent)
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    db.close()
    content = file.read_bytes()

    def below(page: int) -> list[int]:
        at = (page - 1) * PAGE
        if content[at] != 5:
            return [page]
        cells = int.from_bytes(content[at + 3 : at + 5], "big")
        where = [int.from_bytes(content[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in range(cells)]
        children = [int.from_bytes(content[at + w : at + w + 4], "big") for w in where]
        return [leaf for child in (*children, int.from_bytes(content[at + 8 : at + 12], "big")) for leaf in below(child)]

    return below(root)


def damaged(whole: Path, folder: Path, pages: list[int]) -> Path:
    folder.mkdir()
    shutil.copyfile(whole, folder / "desk.db")
    with (folder / "desk.db").open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(random.Random(page).randbytes(PAGE))
    return folder


def out_and_in(desk: Path, scratch: Path) -> dict[str, int]:
    """What comes into a new desk by way of an export of what can be read."""
    with salvaged(desk) as db:
        export.export_all(db, scratch / "out", private=True, bom=False, now=NOW, report=lambda progress: None, stop=lambda: False)
    new = open_desk(scratch / "new")
    counts = restore_export.import_export(new, scratch / "out", NOW)
    new.close()
    return counts


@pytest.mark.parametrize("which", [[0], [-1], [1, 2, 7], [3, 5]])
def test_only_the_rows_on_damaged_pages_are_lost(whole: Path, tmp_path: Path, which: list[int]) -> None:
    leaves = pages_of(whole, "activities")
    desk = damaged(whole, tmp_path / "desk", [leaves[n] for n in which])
    before = (desk / "desk.db").read_bytes()
    with pytest.raises(StoreUnusable, match="export FOLDER --salvage"):
        open_desk(desk)
    counts = out_and_in(desk, tmp_path)
    most_on_a_page = 2 * 1500 / len(leaves)
    assert 1500 - most_on_a_page * len(which) <= counts["activities"] < 1500
    assert (counts["notes"], counts["people"]) == (60, 60)
    assert (desk / "desk.db").read_bytes() == before


def test_notes_outlive_their_people(whole: Path, tmp_path: Path) -> None:
    desk = damaged(whole, tmp_path / "desk", pages_of(whole, "people"))
    assert out_and_in(desk, tmp_path)["notes"] == 60
    new = open_desk(tmp_path / "new")
    assert set(new.execute("SELECT name FROM people")) == {(UNREADABLE,)}
    new.close()


@pytest.mark.parametrize("which", ["root", "rows"])
def test_activities_outlive_their_profiles(whole: Path, tmp_path: Path, which: str) -> None:
    """Who did it is not known any more, but what they did is, and what one of them did is still one's."""
    leaves = pages_of(whole, "profiles")
    db = open_desk(whole.parent)
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'profiles'").fetchone()
    db.close()
    desk = damaged(whole, tmp_path / "desk", leaves if which == "rows" else [root])
    counts = out_and_in(desk, tmp_path)
    assert (counts["activities"], counts["profiles"], counts["notes"], counts["people"]) == (1500, 60, 60, 60)
    new = open_desk(tmp_path / "new")
    assert new.execute("SELECT display_name, count(DISTINCT native_id) FROM profiles GROUP BY 1").fetchall() == [(UNREADABLE, 60)]
    assert set(new.execute("SELECT count(*) FROM activities GROUP BY profile_id")) == {(25,)}
    new.close()


def test_where_nothing_can_be_read_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"\xa5" * 50_000)
    with pytest.raises(StoreUnusable, match="can be read"), salvaged(tmp_path):
        pass


@pytest.mark.parametrize("before", ["in", "arranged"])
def test_an_import_that_was_coming_in_is_not_taken_out_with_the_rest(whole: Path, tmp_path: Path, before: str) -> None:
    shutil.copyfile(whole, tmp_path / "desk.db")
    db = open_desk(tmp_path)
    cut_off(db, [who("Ann Half"), *(did(who("Ann Half"), f"half-{n}") for n in range(300))], before=before)
    close_desk(db)
    with salvaged(tmp_path) as found:
        assert found.execute("SELECT count(*) FROM activities").fetchone() == (1500,)
        assert found.execute("SELECT count(*) FROM profiles WHERE display_name = 'Ann Half'").fetchone() == (0,)
        export.export_all(found, tmp_path / "out", private=True, bom=False, now=NOW, report=lambda progress: None, stop=lambda: False)
