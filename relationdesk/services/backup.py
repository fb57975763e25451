"""Verified copies of the desk: daily, before anything risky, and by hand; restore; check."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relationdesk.errors import StoreUnusable, UserMistake
from relationdesk.store import caches, database
from relationdesk.store.database import Desk, transaction

KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS = 7, 4, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy aside. at: aware UTC, from its name."""

    path: Path
    at: datetime
    label: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What `check` found. problems: sentences, () when all is well. repaired: caches that were made again."""

    problems: tuple[str, ...]
    repaired: int
    people: int
    activities: int
    notes: int


def backup(db: Desk, file: Path | None, now: datetime) -> Path:
    """A verified copy, to `file` or into the desk's backups folder. Never overwrites a file that is there."""
    if file is None:
        return database.copy_aside(db, database.database_path(db).parent / "backups", "by-hand")
    if file.exists():
        raise UserMistake(f"There is already a file {file.name}. Nothing was written. Choose another name.")
    if not file.parent.is_dir():
        raise UserMistake(f"There is no folder {file.parent}. Nothing was written. Choose a folder that exists.")
    database.copy_to(db, file)
    return file


def daily(db: Desk, now: datetime) -> Path | None:
    """One copy a day, older ones thinned out to 7 daily, 4 weekly and 12 monthly; None if today's is there."""
    folder = database.database_path(db).parent / "backups"
    if any(copy.label == "daily" and copy.at.date() == now.date() for copy in copies(folder.parent)):
        return None
    made = database.copy_aside(db, folder, "daily")
    thin_out(folder.parent, now)
    return made


def copies(desk: Path) -> tuple[Copy, ...]:
    """Copies in the desk's backups folder, newest first."""
    found = []
    for path in (desk / "backups").glob("*Z-*.db"):
        stamp, _, label = path.stem.partition("-")
        try:
            at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append(Copy(path=path, at=at, label=label, bytes=path.stat().st_size))
    return tuple(sorted(found, key=lambda copy: (copy.at, copy.path.name), reverse=True))


def thin_out(desk: Path, now: datetime) -> int:
    """Remove daily copies that the rotation no longer keeps; how many. Others are the user's or young and stay 30 days."""
    removed = 0
    weeks: set[tuple[int, int]] = set()
    months: set[tuple[int, int]] = set()
    for copy in copies(desk):
        age = now - copy.at
        if not copy.label.startswith(("daily", "before")) or age < timedelta(days=KEEP_DAYS):
            continue
        week, month = copy.at.isocalendar()[:2], (copy.at.year, copy.at.month)
        keep = (age < timedelta(weeks=KEEP_WEEKS) and week not in weeks) or (
            age < timedelta(days=31 * KEEP_MONTHS) and month not in months
        )
        weeks.add(week)
        months.add(month)
        if not keep:
            copy.path.unlink(missing_ok=True)
            removed += 1
    return removed


def restore(desk: Path, copy: Path) -> Path:
    """Put a copy in the desk's place; the desk as it was goes to backups first. The desk must not be open.

    Raises StoreUnusable if the copy is damaged; then nothing was changed. Answers where the replaced desk lies.
    """
    check_file(copy)
    current = desk / database.DESK_FILE
    aside = desk / "backups" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-before-restore.db"
    aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = database.connect_readonly(copy)
    part = current.with_name("desk.restore.part")
    try:
        database.copy_to(source, part)
    finally:
        source.close()
    if current.exists():
        _settle(current)
        current.replace(aside)
        for left in ("-wal", "-shm"):  # of a desk too damaged to be settled; they belong to it
            with suppress(FileNotFoundError):
                current.with_name(current.name + left).replace(aside.with_name(aside.name + left))
    for left in ("desk.db-wal", "desk.db-shm"):
        (desk / left).unlink(missing_ok=True)
    part.replace(current)
    return aside


def _settle(desk_file: Path) -> None:
    """Bring the write-ahead log into the file; a damaged desk keeps it beside."""
    try:
        old = database.connect(desk_file)
    except database.DatabaseError:
        return
    try:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except database.DatabaseError:
        return
    finally:
        old.close()


def check_file(copy: Path) -> None:
    """Raises StoreUnusable unless the file is a whole, readable desk."""
    if not copy.exists():
        raise StoreUnusable(f"There is no copy {copy.name}. Nothing was changed.")
    try:
        db = database.connect_readonly(copy)
        (answer,) = db.execute("PRAGMA integrity_check(1)").fetchone()
        shape = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute("SELECT count(*) FROM activities").fetchone()
        db.close()
    except database.DatabaseError as e:
        raise StoreUnusable(f"{copy.name} is damaged or is not a desk. Nothing was changed.") from e
    if answer != "ok" or not 0 < shape <= database.SHAPE:
        raise StoreUnusable(f"{copy.name} is damaged, or a newer program wrote it. Nothing was changed.")


def check(db: Desk) -> Health:
    """Look over the whole desk, make the caches again, and say what is wrong. Repairs only what is derived."""
    problems = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    problems += [f"A row of {row[0]} points at something that is not there." for row in db.execute("PRAGMA foreign_key_check")]
    try:
        with transaction(db):
            db.execute("INSERT INTO activities_fts(activities_fts, rank) VALUES ('integrity-check', 1)")
    except StoreUnusable:
        with transaction(db):
            db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('rebuild')")
        problems.append("The search index did not fit the activities; it was made again.")
    with transaction(db):
        before = db.execute("SELECT total(last_id), total(last_in), total(last_out) FROM people").fetchone()
        caches.rebuild(db)
        after = db.execute("SELECT total(last_id), total(last_in), total(last_out) FROM people").fetchone()

    def count(table: str) -> int:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a literal of ours

    return Health(
        problems=tuple(problems), repaired=int(before != after), people=count("people"), activities=count("activities"),
        notes=count("notes"),
    )  # fmt: skip
