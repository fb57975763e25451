"""The way back: a folder made by `export_all`, checked against its manifest, fills an empty desk with an equal one."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from relationdesk.errors import Cancelled, StoreTooNew, UnreadableFile, UserMistake
from relationdesk.model import Progress
from relationdesk.saying import say
from relationdesk.services import agenda
from relationdesk.services.export import FORMAT, FORMAT_VERSION, MANIFEST
from relationdesk.store import csv_reading, outbox
from relationdesk.store.database import Desk, open_desk, transaction
from relationdesk.store.faults import DatabaseError

Report = Callable[[Progress], None]
Stop = Callable[[], bool]

CELL_LIMIT = 16 * 1024 * 1024
"""Characters of one cell; the longest text the desk keeps is a million."""
MANIFEST_LIMIT = 1024 * 1024
EVERY = 1000


def import_export(
    db: Desk, folder: Path, now: datetime, *, report: Report = lambda progress: None, stop: Stop = lambda: False
) -> dict[str, int]:
    """Bring a whole export into an empty desk in one transaction; rows by file name without ".csv".

    Raises UserMistake for a desk that is not empty, UnreadableFile for a folder that is no export or was changed since,
    StoreTooNew for one of a newer program, Cancelled. In every case the desk is as it was.
    """
    _refuse_unless_empty(db)
    files = _manifest(folder)
    for name in files:
        _verify(folder, name, files[name][1], stop)
    total = sum(rows for rows, _ in files.values())
    counts: dict[str, int] = {}
    limit = csv.field_size_limit(CELL_LIMIT)
    try:
        with transaction(db):
            csv_reading.begin(db)
            for table in csv_reading.ORDER:
                if f"{table}.csv" in files:
                    rows = _rows(folder / f"{table}.csv", sum(counts.values()), total, report, stop)
                    counts[table] = csv_reading.fill(db, table, rows)
                    if counts[table] != files[f"{table}.csv"][0]:
                        raise ValueError("fewer rows than the manifest says")
            csv_reading.finish(db)
            outbox.hold(db)
            agenda.today(db, now)
    except (ValueError, KeyError, OverflowError, csv.Error, OSError, DatabaseError) as e:
        raise UnreadableFile(_damaged(folder, "a file in it does not fit the others"), source=FORMAT) from e
    finally:
        csv.field_size_limit(limit)
    return counts


def try_import(
    db: Desk, folder: Path, now: datetime, *, report: Report = lambda progress: None, stop: Stop = lambda: False
) -> dict[str, int]:
    """What `import_export` would answer or raise for this desk, on one that is thrown away afterwards."""
    _refuse_unless_empty(db)
    with tempfile.TemporaryDirectory(prefix="try-") as scratch:
        trial = open_desk(Path(scratch) / "desk")
        try:
            return import_export(trial, folder, now, report=report, stop=stop)
        finally:
            trial.close()


def _refuse_unless_empty(db: Desk) -> None:
    if not csv_reading.is_empty(db):
        raise UserMistake(
            say("An export goes into an empty desk only, and this one is in use. Nothing was changed. Start with another --desk folder.")
        )


def _manifest(folder: Path) -> dict[str, tuple[int, str]]:
    """Rows and SHA-256 of each file that this program knows."""
    try:
        path = folder / MANIFEST
        if path.stat().st_size > MANIFEST_LIMIT:
            raise ValueError("too large for a manifest")
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT:
            raise ValueError("not ours")
        version = int(found["format_version"])
        files = {str(name): (int(entry["rows"]), str(entry["sha256"])) for name, entry in found["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise UnreadableFile(
            say("{name} is not a whole RelationDesk export (its {manifest} cannot be read). Nothing was changed. Choose a folder that was exported from RelationDesk.", name=folder.name, manifest=MANIFEST),
            source=FORMAT,
        ) from e
    if version > FORMAT_VERSION:
        raise StoreTooNew(
            say("{name} was exported by a newer version of RelationDesk. Nothing was changed. Install the newer version.", name=folder.name)
        )
    strange = files.keys() - {f"{table}.csv" for table in csv_reading.ORDER}
    if strange:
        raise UnreadableFile(_damaged(folder, say("its manifest names a file that no export has")), source=FORMAT)
    return files


def _verify(folder: Path, name: str, digest: str, stop: Stop) -> None:
    found = hashlib.sha256()
    try:
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 20):
                if stop():
                    raise Cancelled(say("Stopped. The desk is as it was."))
                found.update(block)
    except OSError as e:
        raise UnreadableFile(_damaged(folder, say("{file} is missing or cannot be read", file=name)), source=FORMAT) from e
    if found.hexdigest() != digest:
        raise UnreadableFile(_damaged(folder, say("{file} was changed after it was exported", file=name)), source=FORMAT)


def _damaged(folder: Path, what: str) -> str:
    return say("The export {name} is damaged: {what}. Nothing was changed. Choose another copy of it.", name=folder.name, what=what)


def _rows(path: Path, done: int, total: int, report: Report, stop: Stop) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        columns = next(reader)
        n = 0
        for n, cells in enumerate(reader, start=1):
            if n % EVERY == 1:
                if stop():
                    raise Cancelled(say("Stopped. The desk is as it was."))
                report(Progress(done=done + n - 1, total=total, unit="rows"))
            yield dict(zip(columns, cells, strict=True))
    report(Progress(done=done + n, total=total, unit="rows"))
