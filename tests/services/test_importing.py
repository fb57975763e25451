"""Real exports through the whole way in: what EXPECTED.md says, thrice the same, undone to the last row, cancelled without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk.errors import Cancelled, UnreadableFile
from relationdesk.model import Progress
from relationdesk.services import heavy_jobs, import_undo, importing
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW, state
from tests.shared import REAL

real = pytest.mark.skipif(not REAL.is_dir(), reason="the real exports do not lie beside this checkout")

CARDS = "".join(f"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u{n}\r\nFN:Ann Example {n}\r\nEMAIL:ann{n}@firm.example\r\nEND:VCARD\r\n" for n in range(30))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Desk]:
    db = open_desk(tmp_path / "desk")
    yield db
    db.close()


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    path = tmp_path / "cards.vcf"
    path.write_bytes(CARDS.encode())
    return path


def staging(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "desk" / "staging").glob("*"))


def kinds(db: Desk) -> dict[str, int]:
    return dict(db.execute("SELECT k.name, count(*) FROM activities a JOIN kinds k ON k.id = a.kind GROUP BY k.id").fetchall())


@real
@pytest.mark.slow
def test_the_large_linkedin_archive(db: Desk) -> None:
    path = REAL / "linkedin/complete_fictional/Complete_LinkedInDataExport.zip"
    empty = state(db)
    _, done = importing.import_now(db, path, now=NOW)
    assert done is not None
    found = kinds(db)
    assert {k: found[k] for k in ("message", "invitation", "comment", "endorsement")} == {
        "message": 19_959, "invitation": 162, "comment": 60, "endorsement": 2_200,
    }  # fmt: skip
    assert done.people >= 2_000
    before = state(db)
    for _ in range(2):
        _, again = importing.import_now(db, path, now=NOW)
        assert again is not None and (again.counts.new_activities, again.counts.new_profiles, again.counts.changed) == (0, 0, 0)
    assert state(db) == before
    for _ in range(3):
        import_undo.undo(db, NOW)
    assert state(db) == empty


@real
@pytest.mark.parametrize(
    ("path", "format", "activities", "profiles"),
    [
        # five rows of messages: the sponsored one has no sender and is told as refused
        ("linkedin/Complete_LinkedInDataExport_03-09-2026", "linkedin_archive", {"message": 4, "comment": 1}, 3),
        ("linkedin/Complete_LinkedInDataExport_11-04-2018", "linkedin_archive", {"message": 3, "invitation": 1}, 1),
        ("vcard/John_Doe_ANDROID.vcf", "vcard", {}, 6),
        ("vcard/John_Doe_IPHONE.vcf", "vcard", {}, 1),
        ("vcard/gmail-single2.vcf", "vcard", {}, 1),
        ("contacts_csv/google_2024.csv", "csv_contacts", {}, 1),
        ("contacts_csv/outlook.csv", "csv_contacts", {}, 1),
        ("mail/mbox/unquoted_from_lines.mbox", "mail_files", {"mail": 4}, 1),
    ],
)  # fmt: skip
def test_real_exports(db: Desk, path: str, format: str, activities: dict[str, int], profiles: int) -> None:
    empty = state(db)
    preview, done = importing.import_now(db, REAL / path, now=NOW)
    assert done is not None and preview.recognised.format == format
    found = kinds(db)
    assert {kind: found.get(kind) for kind in activities} == activities
    assert done.counts.new_profiles >= profiles
    before = state(db)
    for _ in range(2):
        _, again = importing.import_now(db, REAL / path, now=NOW)
        assert again is not None and (again.counts.new_activities, again.counts.new_profiles, again.counts.changed) == (0, 0, 0)
    assert state(db) == before
    for _ in range(3):
        import_undo.undo(db, NOW)
    assert state(db) == empty


def test_a_preview_changes_nothing_and_bringing_in_does(db: Desk, cards: Path, tmp_path: Path) -> None:
    before = state(db)
    preview = importing.stage(db, cards, now=NOW)
    assert preview.counts.new_profiles == 30 and "30 new profiles" in preview.sentence
    assert state(db) == before and len(staging(tmp_path)) == 1
    assert importing.bring_in(db, preview, NOW).people == 30
    assert staging(tmp_path) == []
    with pytest.raises(UnreadableFile, match="no longer there"):
        importing.bring_in(db, preview, NOW)


def test_saying_no_leaves_nothing(db: Desk, cards: Path, tmp_path: Path) -> None:
    importing.discard(importing.stage(db, cards, now=NOW))
    assert staging(tmp_path) == [] and db.execute("SELECT count(*) FROM batches").fetchone() == (0,)


def test_a_dry_run_changes_nothing(db: Desk, cards: Path, tmp_path: Path) -> None:
    before = state(db)
    preview, done = importing.import_now(db, cards, now=NOW, dry_run=True)
    assert done is None and preview.counts.new_profiles == 30
    assert state(db) == before and staging(tmp_path) == []


def test_cancel_leaves_nothing(db: Desk, cards: Path, tmp_path: Path) -> None:
    before, seen = state(db), list[Progress]()
    with pytest.raises(Cancelled, match="Nothing was brought in"):
        importing.stage(db, cards, now=NOW, report=seen.append, stop=lambda: True)
    assert state(db) == before and staging(tmp_path) == []
    assert importing.import_now(db, cards, now=NOW)[1] is not None  # the connection is still good


def test_what_a_killed_program_left_is_cleared(db: Desk, cards: Path, tmp_path: Path) -> None:
    importing.stage(db, cards, now=NOW)
    heavy_jobs.begin(db, "window")
    assert staging(tmp_path) == []


def test_the_work_after_a_start_leaves_a_preview_alone(db: Desk, cards: Path, tmp_path: Path) -> None:
    """A file dropped in the first moment is staged before the window's housekeeping has its turn."""
    preview = importing.stage(db, cards, now=NOW)
    heavy_jobs.housekeeping(db, NOW, report=lambda progress: None, stop=lambda: False)
    assert importing.bring_in(db, preview, NOW).people == 30


@pytest.mark.parametrize(("name", "content"), [("empty.csv", b""), ("noise.bin", bytes(range(256)) * 9), ("words.txt", b"just some words\n")])
def test_nothing_recognised_is_an_error(db: Desk, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="Nothing was brought in"):
        importing.import_now(db, path, now=NOW)
    assert staging(tmp_path) == []


def test_a_missing_file_and_an_unknown_format(db: Desk, cards: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no file"):
        importing.import_now(db, tmp_path / "none.csv", now=NOW)
    with pytest.raises(UnreadableFile, match="Choose one of"):
        importing.import_now(db, cards, now=NOW, format="nonsense")
