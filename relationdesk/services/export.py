"""Take it out again: everything into a folder of CSV files with a manifest, or exactly what is on the screen.

Private messages and mail stay out unless asked for. A file gets its final name only when it is whole and flushed;
cancel, a full disk or any other failure leaves nothing of the run behind, and the desk is only read.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from relationdesk import __version__
from relationdesk.derived import Filter
from relationdesk.errors import Cancelled, StoreUnusable, UserMistake
from relationdesk.model import Progress
from relationdesk.saying import say
from relationdesk.services import export_views
from relationdesk.services.export_views import Row, View
from relationdesk.store import csv_lines, half_imports
from relationdesk.store.csv_tables import PARTS, TABLES
from relationdesk.store.database import Desk, flush_folder, set_frugal
from relationdesk.store.faults import DatabaseError

__all__ = ["FORMAT_VERSION", "MANIFEST", "PARTS", "Exported", "Filter", "View", "export_all", "export_view", "preview"]

Report = Callable[[Progress], None]
Stop = Callable[[], bool]
Portion = tuple[int, str]

FORMAT, FORMAT_VERSION = "relationdesk_export", 1
MANIFEST = "manifest.json"
BOM = b"\xef\xbb\xbf"
PORTION = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written. counts: rows per file, by its name without ".csv". files: in the order written."""

    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def preview(db: Desk, view: View, *, private: bool, limit: int = 20) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The columns and the first rows of what `export_view` would write, as plain texts without guarding."""
    columns, rows = export_views.table(db, view, private=private)
    return columns, tuple(islice(rows, limit))


def export_view(
    db: Desk, view: View, file: Path, *, private: bool, bom: bool = True, report: Report = lambda progress: None,
    stop: Stop = lambda: False,
) -> Exported:  # fmt: skip
    """Write what the screen shows, all of it and in its order, to `file`, replacing it only when whole.

    Raises Cancelled, StoreUnusable (disk full, no permission); then `file` is as it was.
    """
    written = _Writing(report, stop)
    with csv_lines.snapshot(db), _cleaned(written, file.parent):
        half_imports.refuse(db, say("Nothing was written."))
        columns, rows = export_views.table(db, view, private=private)
        part = file.with_name(f".{file.name}.{os.getpid()}.part")
        count, _ = written.write(part, columns, _portions(rows), bom=bom)
        part.replace(file)
        flush_folder(file.parent)
    return Exported(folder=file.parent, counts={file.stem: count}, files=(file,))


def export_all(
    db: Desk, folder: Path, *, private: bool, bom: bool, now: datetime, report: Report, stop: Stop,
    what: frozenset[str] = PARTS,
) -> Exported:  # fmt: skip
    """Write the desk as CSV files and manifest.json into `folder`, which must be empty or not there yet.

    what: parts of PARTS. Raises UserMistake, Cancelled, StoreUnusable; then nothing of it is left.
    """
    unknown = sorted(what - PARTS)
    if unknown:
        raise UserMistake(
            say("“{unknown}” cannot be exported. Nothing was written. Choose from {parts}.", unknown=unknown[0], parts=", ".join(sorted(PARTS)))
        )
    _refuse_used(folder)
    written = _Writing(report, stop)
    tables = [table for table in TABLES if table.part in what]
    files: dict[str, dict[str, object]] = {}
    with _frugal(db), csv_lines.snapshot(db), _cleaned(written, folder):
        half_imports.refuse(db, say("Nothing was written."))
        written.make_folder(folder)
        written.total = sum(csv_lines.count(db, table, private=private) for table in tables)
        for table in tables:
            portions = csv_lines.lines(db, table, private=private, portion=PORTION)
            rows, digest = written.write(folder / f"{table.name}.csv.part", table.headers, portions, bom=bom)
            files[f"{table.name}.csv"] = {"rows": rows, "sha256": digest}
        manifest = {
            "format": FORMAT, "format_version": FORMAT_VERSION, "program_version": __version__,
            "made_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "private": private,
            "complete": what == PARTS, "files": files,
        }  # fmt: skip
        written.write_bytes(folder / f"{MANIFEST}.part", json.dumps(manifest, indent=2).encode() + b"\n")
        final = written.rename_all()
    counts = {Path(name).stem: int(str(entry["rows"])) for name, entry in files.items()}
    return Exported(folder=folder, counts=counts, files=final)


class _Writing:
    """The files of one run: each written whole, and all taken away again if it does not come to its end."""

    def __init__(self, report: Report, stop: Stop) -> None:
        self.report, self.stop = report, stop
        self.done = self.total = 0
        self.parts: list[Path] = []
        self.final: list[Path] = []
        self.folders: list[Path] = []

    def make_folder(self, folder: Path) -> None:
        for parent in reversed([folder, *folder.parents]):
            if not parent.exists():
                parent.mkdir(mode=0o700)
                self.folders.append(parent)
        folder.chmod(0o700)

    def write(self, part: Path, columns: Iterable[str], portions: Iterable[Portion], *, bom: bool) -> tuple[int, str]:
        """One CSV file, flushed to disk; how many rows, and its SHA-256."""
        digest, rows = hashlib.sha256(), 0
        self.parts.append(part)
        with os.fdopen(os.open(part, _NEW, 0o600), "wb") as file:
            for count, text in _with_header(columns, portions):
                if self.stop():
                    raise Cancelled(say("The export was stopped. Nothing of it was kept, and the desk is unchanged."))
                data = (BOM if bom and not file.tell() else b"") + text.encode("utf-8", "replace")
                file.write(data)
                digest.update(data)
                rows += count
                self.done += count
                self.report(Progress(done=self.done, total=self.total, unit="rows"))
            file.flush()
            os.fsync(file.fileno())
        return rows, digest.hexdigest()

    def write_bytes(self, part: Path, data: bytes) -> None:
        self.parts.append(part)
        with os.fdopen(os.open(part, _NEW, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def rename_all(self) -> tuple[Path, ...]:
        """Give every part its name, the manifest last: without it a folder is no export."""
        for part in self.parts:
            target = part.with_suffix("")
            part.rename(target)
            self.final.append(target)
        flush_folder(self.final[0].parent)
        return tuple(self.final)

    def clean(self) -> None:
        for path in (*self.parts, *self.final):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def _cleaned(written: _Writing, folder: Path) -> Iterator[None]:
    """Whatever goes wrong, nothing of the run stays; a disk's refusal becomes one sentence."""
    try:
        yield
    except OSError as e:
        written.clean()
        safe = say("The desk is unchanged and nothing half-done was left.")
        if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            reason = say("the disk cannot be written") if e.errno == errno.EIO else say("the disk is full")
            raise StoreUnusable(
                say("The export could not be written to {folder}: {reason}. {safe} Choose another folder or free some space, and try again.", folder=folder, reason=reason, safe=safe)
            ) from e
        reason = (e.strerror or say("not possible")).lower()
        raise UserMistake(say("Nothing can be written to {folder} ({reason}). {safe} Choose another folder.", folder=folder, reason=reason, safe=safe)) from e
    except BaseException:
        written.clean()
        raise


@contextmanager
def _frugal(db: Desk) -> Iterator[None]:
    """Bounded memory: a mapped desk of a million activities would count as a quarter of a gigabyte of ours."""
    if db.in_transaction:
        yield
        return
    set_frugal(db, True)
    try:
        yield
    finally:
        with suppress(DatabaseError):  # what was written is whole; the desk is only slower until it is opened again
            set_frugal(db, False)


def _refuse_used(folder: Path) -> None:
    try:
        used = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as e:
        raise UserMistake(say("The folder {folder} cannot be read. Nothing was written. Choose another one.", folder=folder)) from e
    if used:
        raise UserMistake(
            say("There is something in {folder} already. Nothing was written or changed. Choose an empty or a new folder.", folder=folder)
        )


def _with_header(columns: Iterable[str], portions: Iterable[Portion]) -> Iterator[Portion]:
    yield 0, csv_lines.header(columns)
    yield from portions


def _portions(rows: Iterator[Row]) -> Iterator[Portion]:
    while portion := list(islice(rows, PORTION)):
        yield len(portion), "".join(map(csv_lines.line, portion))
