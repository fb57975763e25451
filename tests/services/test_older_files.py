"""LinkedIn's tables and archives in any order: what is older never stands over what is newer, and nothing is said to be older that may be newer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from relationdesk.model import Key, Profile
from relationdesk.services import as_of, import_undo, importing
from relationdesk.store import tellings
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, arrive

HEAD = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
JOE = "Joe,Brown,https://www.linkedin.com/in/joe-brown,,{firm},{role},{day}\n"
ARCHIVE = "Basic_LinkedInDataExport_01-15-2025"


@dataclass(frozen=True)
class File:
    """A Connections.csv in this folder; day: on which Joe was connected; last: another's, on the newest day that the file tells of; written: to disk."""

    role: str
    folder: str = "alone"
    day: str = "03 May 2019"
    last: str = ""
    written: datetime = NOW

    def lay(self, at: Path) -> Path:
        file = at / self.role / self.folder / "Connections.csv"
        file.parent.mkdir(parents=True)
        ann = f"Ann,Example,https://www.linkedin.com/in/ann-example,,Fernwood,Chair,{self.last}\n" if self.last else ""
        file.write_text(HEAD + JOE.format(firm=f"{self.role} Inc", role=self.role, day=self.day) + ann, encoding="utf-8")
        os.utime(file, (self.written.timestamp(),) * 2)
        return file


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


DATED = File("Director", ARCHIVE)
OLDER = File("Porter", written=on(2024, 6, 1))
NEWER = File("Owner", last="12 Mar 2026")
PERHAPS = File("Buyer")
NEVER = File("Clerk", day="")


def brought(at: Path, files: Iterable[File]) -> tuple[Desk, list[str]]:
    """A desk with these in this order, and what was said of the last."""
    db, said = open_memory(), ()
    for n, file in enumerate(files):
        said = importing.import_now(db, file.lay(at / str(n)), now=NOW)[0].warnings
    return db, [*said]


def joe(db: Desk) -> tuple[object, ...]:
    """Of Joe: role and company of the profile and of the person, and the changes of job."""
    row = db.execute(
        "SELECT q.title, q.company, p.title, c.name FROM profiles q JOIN people p ON p.id = q.person_id JOIN companies c ON c.id = p.company_id WHERE q.native_id = 'joe-brown'"
    ).fetchone()
    moves = db.execute("SELECT text FROM activities WHERE native_id LIKE 'told:joe-brown:%' ORDER BY id").fetchall()
    return *row, [text for (text,) in moves]


def stands(role: str, *moves: str) -> tuple[object, ...]:
    return role, f"{role} Inc", role, f"{role} Inc", [" → ".join(f"{one}, {one} Inc" for one in move.split(" → ")) for move in moves]


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        ((DATED, OLDER), stands("Director", "Porter → Director")),
        ((OLDER, DATED), stands("Director", "Porter → Director")),
        ((DATED, NEWER), stands("Owner", "Director → Owner")),
        ((NEWER, DATED), stands("Owner", "Director → Owner")),
        ((DATED, PERHAPS), stands("Director")),
        ((PERHAPS, DATED), stands("Director", "Buyer → Director")),  # it came first, so it was made before
        ((DATED, NEVER), stands("Director")),
        ((NEVER, DATED), stands("Director")),
        ((NEVER, DATED, PERHAPS), stands("Director")),
    ],
    ids=lambda value: " ".join(one.role for one in value) if value and isinstance(value[0], File) else "",
)
def test_what_a_table_without_a_date_says_of_a_job(tmp_path: Path, files: tuple[File, ...], shown: tuple[object, ...]) -> None:
    db, _ = brought(tmp_path, files)
    assert joe(db) == shown
    db.close()


@pytest.mark.parametrize("order", list(permutations((DATED, OLDER, NEWER, PERHAPS, NEVER))), ids=lambda order: " ".join(one.role for one in order))
def test_in_any_order_nothing_stands_over_what_is_newer(tmp_path: Path, order: tuple[File, ...]) -> None:
    db, _ = brought(tmp_path, order)
    assert joe(db)[:4] == stands("Owner")[:4]
    db.close()


def test_it_is_said_which_is_older_and_which_may_be(tmp_path: Path) -> None:
    for other, words in ((OLDER, "1 entry is older here"), (PERHAPS, "1 entry may be older here"), (NEVER, "1 entry may be older here"), (NEWER, "")):
        db, said = brought(tmp_path / other.role, (DATED, other))
        told = [one for one in said if "older" in one]
        assert [words in one for one in told] == [True] if words else not told
        db.close()


def test_who_somebody_was_is_not_dated_by_what_has_no_date(tmp_path: Path) -> None:
    db, _ = brought(tmp_path, (DATED, PERHAPS))
    assert [(one.at, one.title) for one in tellings.of_profile(db, _profile(db))] == [(0, "Buyer"), (int(on(2025, 1, 15).timestamp()), "Director")]
    assert [(one.since, one.title) for one in as_of.history(db, _person(db))] == [(None, "Buyer"), (on(2025, 1, 15), "Director")]
    db.close()


def test_of_two_that_end_alike_the_one_that_was_written_later_is_the_newer(tmp_path: Path) -> None:
    january, march = File("Clerk", written=on(2026, 1, 10)), File("Manager", written=on(2026, 3, 10))
    for order in ((january, march), (march, january)):
        db, _ = brought(tmp_path / order[0].role, order)
        assert joe(db)[:4] == stands("Manager")[:4]
        db.close()


def test_a_file_from_a_zip_without_times_is_not_taken_to_be_of_1980(tmp_path: Path) -> None:
    db, _ = brought(tmp_path, (DATED, File("Owner", last="12 Mar 2026", written=on(1980, 1, 1))))
    assert joe(db)[:4] == stands("Owner")[:4]
    assert db.execute("SELECT max(date(read_until, 'unixepoch')) FROM coverage").fetchone() == ("2026-03-12",)
    db.close()


def test_what_a_login_read_is_newer_than_an_archive_of_before(tmp_path: Path) -> None:
    db = open_memory()
    arrive(db, [Profile(key=Key("linkedin", "joe-brown"), display_name="Joe Brown", title="Owner", company="Owner Inc", known=True)])
    said = importing.import_now(db, DATED.lay(tmp_path), now=NOW)[0].warnings
    assert joe(db)[:4] == stands("Owner")[:4] and any("1 entry is older here" in one for one in said)
    db.close()


@pytest.mark.parametrize("gone", range(2))
def test_taken_back_it_was_never_there(tmp_path: Path, gone: int) -> None:
    for n, files in enumerate(((DATED, PERHAPS), (PERHAPS, DATED), (NEVER, DATED), (DATED, NEVER))):
        db, _ = brought(tmp_path / str(n), files)
        import_undo.undo(db, NOW + timedelta(days=1), sorted(row[0] for row in db.execute("SELECT id FROM batches"))[gone])
        assert joe(db) == stands(files[1 - gone].role)
        db.close()


def _profile(db: Desk) -> int:
    return int(db.execute("SELECT id FROM profiles WHERE native_id = 'joe-brown'").fetchone()[0])


def _person(db: Desk) -> int:
    return int(db.execute("SELECT person_id FROM profiles WHERE native_id = 'joe-brown'").fetchone()[0])
