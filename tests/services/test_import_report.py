"""What an import said is kept with its batch: every refused record, also after it was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import import_report, import_undo, importing
from relationdesk.store import reports
from relationdesk.store.database import Desk, open_desk
from tests.facts import NOW
from tests.parcel import listed, parcel


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    listed(monkeypatch)
    db = open_desk(tmp_path / "desk")
    yield db
    db.close()


def brought(db: Desk, tmp_path: Path, letters: str) -> int:
    path = parcel(tmp_path / "p", letters=letters)
    _, done = importing.import_now(db, path, now=NOW, me="Sam", answers={"order": "day"}, parts=frozenset({"letters"}))
    assert done is not None
    return done.batch


def test_everything_is_kept_and_stays_after_the_batch_was_taken_back(db: Desk, tmp_path: Path) -> None:
    batch = brought(db, tmp_path, "Ann: Hello\nnonsense\nBen: Ho\nmore nonsense")
    kept = reports.of_batch(db, batch)
    assert (kept.read, kept.refused) == (3 + 2 + 2, 2), "profiles, activities, refused"
    assert [(one.where, one.reason) for one in kept.rejects] == [(f"letters.txt line {n}", "This line has no words.") for n in (2, 4)]
    assert kept.left_out == ("people", "clubs") and ("Which of these are you?", "Sam") in kept.answers
    import_undo.undo(db, NOW)
    assert reports.of_batch(db, batch) == kept
    text = import_report.text_of(db, batch)
    assert "2 of 7 records were refused:" in text and "  letters.txt line 2: This line has no words." in text and "taken back since" in text
    assert "Left out as chosen: people, clubs" in text


def test_of_thousands_the_first_are_kept_and_all_are_counted(db: Desk, tmp_path: Path) -> None:
    batch = brought(db, tmp_path, "Ann: Hello\n" + "nonsense\n" * 10_050)
    text = import_report.text_of(db, batch)
    assert len(reports.of_batch(db, batch).rejects) == 10_000 and text.endswith("and 50 more, which were counted and not kept one by one.")


def test_it_is_saved_whole_or_not_at_all(db: Desk, tmp_path: Path) -> None:
    batch = brought(db, tmp_path, "Ann: Hello\nnonsense")
    file = import_report.save(db, batch, tmp_path / "report.txt")
    assert file.read_text(encoding="utf-8").rstrip("\n") == import_report.text_of(db, batch)
    with pytest.raises(UserMistake, match="could not be written"):
        import_report.save(db, batch, tmp_path / "none" / "report.txt")
    with pytest.raises(UserMistake, match="not there any more"):
        import_report.text_of(db, 99)


def test_a_batch_of_before_has_no_total(db: Desk, tmp_path: Path) -> None:
    batch = brought(db, tmp_path, "Ann: Hello\nnonsense")
    db.execute("DELETE FROM reports")
    assert "1 record was refused:" in import_report.text_of(db, batch)
