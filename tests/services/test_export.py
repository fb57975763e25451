"""What leaves the desk: whole, inert, private words only when asked for, and nothing at all if it was stopped."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from relationdesk.derived import Filter
from relationdesk.errors import Cancelled, StoreUnusable, UserMistake
from relationdesk.model import Kind, Progress
from relationdesk.services import export, review
from relationdesk.services.export import Exported, View, export_all, export_view, preview
from relationdesk.sources.csv_columns import is_foreign
from relationdesk.store.csv_lines import unguard
from relationdesk.store.database import Desk, open_desk, open_memory
from tests.services.crafted import NOW, SECRET, TEXTS, THREAD, fill


@pytest.fixture
def db() -> Iterator[Desk]:
    desk = open_memory()
    yield desk
    desk.close()


def quiet(progress: Progress) -> None:
    assert progress.done >= 0


def everything(db: Desk, folder: Path, *, private: bool = False, bom: bool = False) -> Exported:
    return export_all(db, folder, private=private, bom=bom, now=NOW, report=quiet, stop=lambda: False)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: unguard(v) for k, v in row.items()} for row in csv.DictReader(file, strict=True)]


def test_trap_11_every_mail_phone_and_profile_is_there_and_namesakes_stay_apart(db: Desk, tmp_path: Path) -> None:
    fill(db)
    done = everything(db, tmp_path / "out")
    assert {r["value"] for r in read(tmp_path / "out/addresses.csv")} == {"ann@example.com", "+47 22 22 22 22", "0047 1"}
    people = read(tmp_path / "out/people.csv")
    anns = [row for row in people if row["name"] == "Ann Example"]
    assert len({row["person_uid"] for row in anns}) == 2
    assert sorted(row["mails"] for row in anns) == ["", "ann@example.com"]
    assert done.counts["profiles"] == db.execute("SELECT count(*) FROM profiles").fetchone()[0] == 4
    links = {row["native_id"]: row["person_uid"] for row in read(tmp_path / "out/links.csv")}
    assert links["ann"] != links["ann2"]


def test_texts_are_inert_and_whole(db: Desk, tmp_path: Path) -> None:
    fill(db)
    everything(db, tmp_path / "out")
    rows = {row["native_id"]: row for row in read(tmp_path / "out/activities.csv")}
    assert [rows[f"t{n}"]["text"] for n in range(len(TEXTS))] == list(TEXTS)
    assert rows["unknown"]["published"] == "" and rows["unknown"]["precision"] == "unknown"
    assert rows["old"]["published"] == "1961-04-12T06:07:00Z"
    assert json.loads(rows["t0"]["extra"]) == {"quoted": '=old "words"', "subject": "+x"}
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert not [c for row in csv.reader(file) for c in row if c.startswith(tuple("=+@\t\r＝＋－＠"))], path.name
        assert path.read_bytes().endswith(b"\r\n")


def test_private_words_stay_at_home_unless_asked_for(db: Desk, tmp_path: Path) -> None:
    fill(db)
    everything(db, tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        assert SECRET.encode() not in path.read_bytes() and THREAD.encode() not in path.read_bytes(), path.name
    assert "private" not in {row["native_id"] for row in read(tmp_path / "out/participants.csv")}
    everything(db, tmp_path / "all", private=True)
    assert SECRET.encode() in (tmp_path / "all/activities.csv").read_bytes()
    assert json.loads((tmp_path / "all/manifest.json").read_text())["private"] is True


def test_the_manifest_says_what_is_there(db: Desk, tmp_path: Path) -> None:
    fill(db)
    done = everything(db, tmp_path / "out", bom=True)
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert manifest["made_at"] == "2026-11-20T09:00:00Z" and manifest["format_version"] == 1 and not manifest["private"]
    assert {path.name for path in done.files} == {path.name for path in (tmp_path / "out").iterdir()}
    for name, entry in manifest["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert len(read(tmp_path / "out" / name)) == entry["rows"] == done.counts[Path(name).stem]


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix thing")
def test_only_the_owner_can_read_it(db: Desk, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        done = everything(db, tmp_path / "deep/out")
        view = export_view(db, View(kind="people"), tmp_path / "p.csv", private=False, bom=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "deep/out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*done.files, *view.files)} == {0o600}


def test_no_file_is_taken_for_a_contact_list(db: Desk, tmp_path: Path) -> None:
    for path in everything(db, tmp_path / "out").files:
        if path.suffix == ".csv":
            assert is_foreign(path.read_text().splitlines()[0].split(",")), path.name


def test_trap_10_many_rows_stream_and_can_be_stopped_leaving_nothing(db: Desk, tmp_path: Path) -> None:
    fill(db, extra_rows=20_000)
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        export_all(
            db, tmp_path / "deep/out", private=False, bom=False, now=NOW, report=seen.append,
            stop=lambda: bool(seen) and seen[-1].done > 12_000,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert not db.in_transaction
    steps = [b.done - a.done for a, b in pairwise(seen)]
    assert max(steps) <= 1000 and seen[-1].total > 40_000
    done = everything(db, tmp_path / "out")
    assert done.counts["activities"] == 20_000 + len(TEXTS) + 5


def test_a_stopped_view_leaves_the_old_file_alone(db: Desk, tmp_path: Path) -> None:
    fill(db)
    file = tmp_path / "view.csv"
    file.write_text("old")
    with pytest.raises(Cancelled):
        export_view(db, View(kind="place"), file, private=False, bom=True, report=quiet, stop=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["view.csv"] and file.read_text() == "old"


def test_a_used_folder_is_never_written_to(db: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserMistake, match="Nothing was written"):
        everything(db, tmp_path)
    with pytest.raises(UserMistake, match="Nothing was written"):
        everything(db, tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_part_is_refused(db: Desk, tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="nonsense"):
        export_all(
            db, tmp_path / "x", private=False, bom=False, now=NOW, report=quiet, stop=lambda: False,
            what=frozenset({"nonsense"}),
        )  # fmt: skip
    done = export_all(
        db, tmp_path / "y", private=False, bom=False, now=NOW, report=quiet, stop=lambda: False, what=frozenset({"notes"})
    )
    assert {path.name for path in done.files} == {
        "notes.csv", "note_mentions.csv", "note_versions.csv", "drafts.csv", "outbox.csv", "particulars.csv", "manifest.json",
    }  # fmt: skip


def test_a_full_disk_leaves_nothing_and_one_sentence(
    db: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(db)
    flushed = []

    def full(handle: int) -> None:
        flushed.append(handle)
        if len(flushed) > 5:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(export.os, "fsync", full)
    with pytest.raises(StoreUnusable, match=r"the disk is full\. The desk is unchanged"):
        everything(db, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_view_is_what_the_screen_shows_in_its_order(db: Desk, tmp_path: Path) -> None:
    made = fill(db)
    which = Filter(kinds=frozenset({Kind.MAIL}))
    view = View(kind="timeline", person_id=made["Ann"], which=which)
    export_view(db, view, tmp_path / "t.csv", private=True, bom=True)
    rows = [row for row in read(tmp_path / "t.csv") if row["shown_as"] == "item"]
    shown = review.stretch(db, made["Ann"], which, limit=10_000).items
    assert [row["native_id"] for row in rows] == [item.activity.key.native_id for item in shown if item.activity]
    assert len(rows) == len(TEXTS) + 6
    columns, first = preview(db, view, private=False, limit=3)
    assert len(first) == 3 and all(len(row) == len(columns) for row in first)
    export_view(db, view, tmp_path / "t.csv", private=False, bom=True)
    assert SECRET not in (tmp_path / "t.csv").read_text()


@pytest.mark.parametrize("kind", ["people", "place", "search", "bucket", "company", "timeline"])
def test_every_kind_of_view_has_rows(db: Desk, tmp_path: Path, kind: str) -> None:
    made = fill(db)
    view = View(
        kind=kind, person_id=made["Ann"] if kind in ("timeline", "search") else None, query="epoch" if kind == "search" else "",
        bucket_id=1 if kind == "bucket" else None, company_id=1 if kind == "company" else None,
    )  # type: ignore[arg-type]  # fmt: skip
    done = export_view(db, view, tmp_path / "v.csv", private=False, bom=False)
    rows = read(tmp_path / "v.csv")
    assert done.counts == {"v": len(rows)} and rows
    expected = {"people": 2, "bucket": 2, "search": 1, "place": len(TEXTS) + 5, "company": len(TEXTS) + 6}
    assert len(rows) == expected.get(kind, len(TEXTS) + 6)


def test_the_mapped_desk_does_not_count_while_everything_is_written(tmp_path: Path) -> None:
    db = open_desk(tmp_path / "desk")
    fill(db)
    mapped: list[int] = []
    export_all(
        db, tmp_path / "out", private=True, bom=False, now=NOW, stop=lambda: False,
        report=lambda _: mapped.append(db.execute("PRAGMA mmap_size").fetchone()[0]),
    )  # fmt: skip
    assert set(mapped) == {0} and db.execute("PRAGMA mmap_size").fetchone()[0] > 0
    db.close()
