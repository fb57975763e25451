"""Verified copies of the desk: daily, before anything risky, and by hand; restore; check."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relationdesk.errors import StoreTooNew, StoreUnusable, UnfitCopy, UserMistake
from relationdesk.saying import say
from relationdesk.store import caches, database, faults, logins, outbox
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
        raise UserMistake(say("There is already a file {name}. Nothing was written. Choose another name.", name=file.name))
    if not file.parent.is_dir():
        raise UserMistake(say("There is no folder {parent}. Nothing was written. Choose a folder that exists.", parent=file.parent))
    _refuse_unwritable(file)
    database.copy_to(db, file)
    return file


def _refuse_unwritable(file: Path) -> None:
    probe = file.with_name(f"{file.name}.part")
    try:
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as e:
        if e.errno in (errno.ENOSPC, errno.EDQUOT):
            return  # told when the copy is made
        raise UserMistake(say("Nothing can be written to {parent} ({reason}). The desk is unchanged. Choose another folder.", parent=file.parent, reason=e.strerror)) from e


def before_bulk(db: Desk, label: str = "before-bulk") -> None:
    """A verified copy before much is changed at once, if there is anything to lose yet."""
    path = database.database_path(db)
    if path.name != ":memory:" and _holds_anything(db):
        database.copy_aside(db, path.parent / "backups", label)


def _holds_anything(db: Desk) -> bool:
    return bool(db.execute(
        "SELECT EXISTS (SELECT 1 FROM people) OR EXISTS (SELECT 1 FROM notes) OR EXISTS (SELECT 1 FROM drafts) "
        "OR EXISTS (SELECT 1 FROM activities) OR EXISTS (SELECT 1 FROM logins)"
    ).fetchone()[0])  # fmt: skip


def daily(db: Desk, now: datetime) -> Path | None:
    """One copy a day, older ones thinned out to 7 daily, 4 weekly and 12 monthly; None if today's is there or the desk is empty."""
    folder = database.database_path(db).parent / "backups"
    if any(copy.label == "daily" and copy.at.date() == now.date() for copy in copies(folder.parent)) or not _holds_anything(db):
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


def newest(desk: Path) -> Copy | None:
    """The newest copy that can be put back, None if there is none: a damaged desk that was put aside is not one."""
    return next((copy for copy in copies(desk) if not copy.label.startswith("damaged")), None)


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


def restore(desk: Path, copy: Path) -> Path | None:
    """Put a copy in the desk's place; the desk as it was goes to backups first. The desk must not be open.

    Raises UnfitCopy if the copy cannot be one, StoreUnusable for the disk; then nothing was changed. Answers where the
    replaced desk lies, None if there was none. Killed at any moment, there is the old desk or the new one, never none.
    What lies in the past would be read again and could be told twice: nothing is synced by itself until the user agrees.
    """
    current = desk / database.DESK_FILE
    if current.exists() and copy.exists() and copy.samefile(current):
        raise UserMistake(say("This is the desk itself, not a copy of it. Nothing was changed. Choose a copy."))
    part = desk / "desk.restore.part"
    with _disk_said(desk):
        with _of_our_own(copy, desk) as mine:
            _refuse_unfit(mine, copy)
            source = database.connect(mine)
            try:
                with transaction(source):
                    logins.hold(source)
                    outbox.hold(source)
                database.copy_to(source, part)
            finally:
                source.close()
        aside = _keep_aside(current) if current.exists() else None
        for left in _BESIDE:
            (desk / f"{database.DESK_FILE}{left}").unlink(missing_ok=True)
        part.replace(current)
        database.flush_folder(desk)
    return aside


_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def _disk_said(desk: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        why = say("the disk is full") if e.errno in (errno.ENOSPC, errno.EDQUOT) else (e.strerror or say("not possible")).lower()
        raise StoreUnusable(
            say("The copy could not be put in the place of {desk}: {why}. The desk is as it was. Free some space and try again.", desk=desk, why=why)
        ) from e
    finally:
        for part in desk.glob("desk.restore.part*"):
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def _of_our_own(copy: Path, desk: Path) -> Iterator[Path]:
    """The copy and its journal in a folder of ours: looking at it must neither change it nor need to write beside it."""
    if not copy.is_file():
        raise UnfitCopy(say("There is no copy {name}. Nothing was changed. Name a file made by backup, or one from backups.", name=copy.name))
    desk.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=desk, prefix="desk.restore.part-") as folder:
        mine = Path(folder) / "copy.db"
        for left in ("", "-wal"):
            if (beside := copy.with_name(copy.name + left)).exists():
                shutil.copyfile(beside, mine.with_name(mine.name + left))
        yield mine


def _keep_aside(current: Path) -> Path:
    """The desk as it is, under a second name in backups: a whole one with its journal settled, a damaged one with it beside."""
    aside = database.free_name(current.parent / "backups", "before-restore" if _settle(current) else "damaged")
    for left in ("", "-wal"):
        file, name = current.with_name(current.name + left), aside.with_name(aside.name + left)
        if file.exists():
            try:
                name.hardlink_to(file)
            except OSError:  # a file system without links
                shutil.copyfile(file, name)
    database.flush_folder(aside.parent)
    return aside


def _settle(desk_file: Path) -> bool:
    """Bring the write-ahead log into the file; False for a damaged desk, which keeps it beside."""
    try:
        old = database.connect(desk_file)
    except faults.DatabaseError:
        return False
    try:
        whole = old.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        if whole:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except faults.DatabaseError:
        return False
    finally:
        old.close()
    return bool(whole)


def _refuse_unfit(file: Path, called: Path) -> None:
    """Raises UnfitCopy unless the file is a whole, readable desk of this program. called: what the user knows it as."""
    if file.stat().st_size == 0:
        raise UnfitCopy(say("{name} is empty. Nothing was changed. Choose another copy.", name=called.name))
    try:
        with closing(database.connect_readonly(file)) as db:
            database.refuse_foreign(db, called)
            (answer,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            (shape,) = db.execute("PRAGMA user_version").fetchone()
            if answer != "ok" or shape < 1:
                raise UnfitCopy(say("{name} is damaged or is not a desk. Nothing was changed. Choose another copy.", name=called.name))
            db.execute("SELECT count(*) FROM activities").fetchone()
    except (StoreUnusable, StoreTooNew) as e:
        raise e if isinstance(e, UnfitCopy) else UnfitCopy(str(e)) from e
    except faults.DatabaseError as e:
        raise UnfitCopy(
            say("{name} is damaged, encrypted or not a desk ({reason}). Nothing was changed. Choose another copy.", name=called.name, reason=e)
        ) from e


def check(db: Desk) -> Health:
    """Look over the whole desk, make the caches again, and say what is wrong. Repairs only what is derived."""
    problems = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    problems += [say("A row of {row} points at something that is not there.", row=row[0]) for row in db.execute("PRAGMA foreign_key_check")]
    try:
        with transaction(db):
            db.execute("INSERT INTO activities_fts(activities_fts, rank) VALUES ('integrity-check', 1)")
    except StoreUnusable:
        with transaction(db):
            db.execute("INSERT INTO activities_fts(activities_fts) VALUES ('rebuild')")
        problems.append(say("The search index did not fit the activities; it was made again."))
    with transaction(db):
        repaired = caches.repair(db)

    def count(table: str) -> int:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a literal of ours

    return Health(
        problems=tuple(problems), repaired=repaired, people=count("people"), activities=count("activities"),
        notes=count("notes"),
    )  # fmt: skip
