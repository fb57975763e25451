"""What was told of somebody, and when: each import by itself, and the changes of job that follow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from relationdesk.derived import Filter
from relationdesk.model import Coverage, Kind, Precision
from relationdesk.services import backup, import_undo, importing
from relationdesk.store import activities, caches, tellings
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.tellings import Telling, changes
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, arrive, bring, profile_id, who

BUYER = who("Mary Jones", "linkedin", "mary", title="Buyer", company="Harborline")
HEAD = who("Mary Jones", "linkedin", "mary", title="Head of Energy", company="Alder & Finch")
CHIEF = who("Mary Hale", "linkedin", "mary", title="Chief Buyer", company="Alder & Finch")


@pytest.fixture
def db() -> Desk:
    return open_memory()


def told(db: Desk) -> list[tuple[str, str]]:
    """(day, words) of the changes of job on the timeline, newest first."""
    rows = db.execute("SELECT date(published, 'unixepoch'), text FROM activities WHERE native_id LIKE 'told:%' ORDER BY id DESC")
    return [(row[0], row[1]) for row in rows]


def test_a_change_that_a_login_reads_becomes_an_activity(db: Desk) -> None:
    arrive(db, [BUYER], now=ago(days=90))
    arrive(db, [BUYER], now=ago(days=60))
    assert told(db) == []
    arrive(db, [HEAD], now=ago(days=30))
    arrive(db, [HEAD], now=ago(days=10))
    assert told(db) == [("2026-10-21", "Buyer, Harborline → Head of Energy, Alder & Finch")]
    kind, precision, of, last = db.execute(
        "SELECT (SELECT name FROM kinds WHERE id = a.kind), precision, profile_id, q.last_id = a.id FROM activities a JOIN profiles q ON q.id = a.profile_id"
    ).fetchone()
    assert (kind, precision, of, last) == (Kind.POSITION.value, [*Precision].index(Precision.DAY), profile_id(db, BUYER), 1)
    (item,) = activities.of_profiles(db, [profile_id(db, BUYER)], Filter(), limit=9)
    assert item.activity is not None
    assert dict(item.activity.extra)["before_company"] == "Harborline"
    assert db.execute("SELECT rowid FROM activities_fts WHERE activities_fts MATCH 'alder'").fetchall(), "it is found"


def test_a_file_is_as_old_as_what_was_read_into_it(db: Desk) -> None:
    """An archive of last year that comes in after today's reading is no change of job of today."""
    arrive(db, [HEAD], now=ago(days=1))
    bring(db, [BUYER, Coverage(place="linkedin", until=ago(days=400))])
    assert told(db) == [("2026-11-19", "Buyer, Harborline → Head of Energy, Alder & Finch")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Telling(at=1, title="Buyer"), Telling(at=2, title="BUYER "), False),
        (Telling(at=1, title="Buyer"), Telling(at=2, title="Buyer", company="Harborline"), False),
        (Telling(at=1), Telling(at=2, title="Buyer"), False),
        (Telling(at=1, name="Mary Jones", title="Buyer"), Telling(at=2, name="Mary Hale", title="Buyer"), False),
        (Telling(at=1, title="Buyer", company="Harborline"), Telling(at=2, title="Buyer", company="Finch"), True),
        (Telling(at=1, title="Buyer"), Telling(at=2, title="Head Buyer"), True),
    ],
)
def test_what_is_a_change_of_job(before: Telling, after: Telling, expected: bool) -> None:
    assert bool([*changes((before, after))]) is expected


def test_what_one_does_not_say_stays_as_the_other_said_it(db: Desk) -> None:
    arrive(db, [BUYER], now=ago(days=9))
    arrive(db, [who("Mary Hale", "linkedin", "mary")], now=ago(days=5))
    found = tellings.of_profile(db, profile_id(db, BUYER))
    assert [(one.name, one.role) for one in found] == [("Mary Jones", "Buyer, Harborline"), ("Mary Hale", "Buyer, Harborline")]


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_an_import_taken_back_has_told_nothing(gone: int) -> None:
    files = [(BUYER, ago(days=90)), (HEAD, ago(days=60)), (CHIEF, ago(days=30))]
    db, without = open_memory(), open_memory()
    for number, (profile, when) in enumerate(files, start=1):
        bring(db, [profile], now=when)
        if number != gone:
            bring(without, [profile], now=when)
    assert len(told(db)) == 2
    import_undo.undo(db, NOW, gone)
    question = "SELECT at, name, title, company FROM tellings ORDER BY at"
    assert db.execute(question).fetchall() == without.execute(question).fetchall()
    assert told(db) == told(without)
    assert len(told(db)) == 1
    assert caches.repair(db) == 0
    for left in {1, 2, 3} - {gone}:
        import_undo.undo(db, NOW, left)
    assert told(db) == [] == db.execute("SELECT * FROM profiles").fetchall()


def test_what_is_derived_is_made_again_by_check(db: Desk) -> None:
    arrive(db, [BUYER], now=ago(days=9))
    arrive(db, [HEAD], now=ago(days=5))
    before = told(db)
    db.execute("DELETE FROM activities")
    db.execute("INSERT INTO places(name) VALUES ('x')")
    assert backup.check(db).repaired > 0
    assert told(db) == before
    assert backup.check(db).repaired == 0
    with transaction(db):
        db.execute("DELETE FROM tellings WHERE at > ?", (seconds(ago(days=6)),))
    assert backup.check(db).repaired > 0
    assert told(db) == []


def test_a_firm_changes_no_job(db: Desk) -> None:
    from dataclasses import replace

    for n, words in enumerate(("Hotels", "Hotels and more")):
        arrive(db, [replace(BUYER, is_company=True, title=words)], now=NOW + timedelta(days=n))
    assert told(db) == []


def test_a_large_import_tells_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from relationdesk.services import bringing
    from relationdesk.store.database import open_desk

    monkeypatch.setattr(bringing, "SMALL", 0)
    db = open_desk(tmp_path / "desk")
    for n, title in enumerate(("Buyer", "Head of Energy")):
        file = tmp_path / f"cards{n}.csv"
        file.write_text(f"Name,Email,Company,Job title\nMary Jones,mary@harbor.example,Harborline,{title}\n", encoding="utf-8")
        importing.import_now(db, file, now=ago(days=10 - n))
    assert [words for _, words in told(db)] == ["Buyer, Harborline → Head of Energy, Harborline"]
    assert caches.repair(db) == 0
    import_undo.undo(db, NOW)
    assert told(db) == []
