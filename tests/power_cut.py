"""Cut the power at random moments while notes are saved and pages merged, and count what was lost or damaged.

`python -m tests.power_cut [CUTS]` (400 by default) prints one line; exit 1 if anything was lost. The suite runs a short
form of it. One real run is recorded with strace: every write, truncation and flush of the desk's files. A cut is played
by building the files again as a disk may have them at that moment: what was flushed is there; of what was written since,
each write is there, is not, or is there up to a sector. Linux with strace only.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from relationdesk.errors import RelationDeskError
from relationdesk.model import Login
from relationdesk.services import drafts, notes, sync
from relationdesk.services import people as decisions
from relationdesk.sources.door import Door
from relationdesk.store import database, logins
from relationdesk.store.database import transaction
from tests.kill_nine import PER_PAGE, START, Endless

NOTES = 60
SECTOR = 512
CALLS = "openat,write,pwrite64,pwritev,fsync,fdatasync,ftruncate,fallocate,unlink,rename"


def child(folder: Path) -> None:
    """Pages and notes in turn, in two sessions; each note acknowledged on stdout only after it is on disk."""
    for session in range(2):
        db = database.open_desk(folder)
        if session == 0:
            decisions.add_person(db, "Note Taker", START)
            with transaction(db):
                logins.save(db, Login(id=0, source="feed", place="blog", address="https://endless.example"))
        (person,) = db.execute("SELECT id FROM people ORDER BY id LIMIT 1").fetchone()
        for n in range(session * NOTES // 2, (session + 1) * NOTES // 2):
            if n % 5 == 0:
                _one_page(db)
            words = f"note {n} " + "words " * (n % 7) * (n % 11)
            drafts.save(db, "anywhere", words, START)
            note, _ = notes.write(db, words, START + timedelta(seconds=n), person_id=person, slot="anywhere")
            sys.stdout.write(f"{note.uid}\n")
            sys.stdout.flush()
            if n % 20 == 19:
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        database.close_desk(db)


def _one_page(db: database.Desk) -> None:
    looked = iter([False, False, True])  # before the stream, before its first page, after it
    sync.sync(db, logins.every(db)[0], "", Door(), lambda: START, stop=lambda: next(looked, True), source=Endless())


@dataclass(frozen=True)
class Step:
    """One call on a file: "write" (data at offset), "truncate" (to offset), "flush", "unlink", or "said" (data)."""

    what: str
    file: str
    data: bytes = b""
    offset: int = 0


_CALL = re.compile(r"^(?:\d+\s+)?(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")


def record(folder: Path) -> tuple[Step, ...]:
    """What a whole run of `child` asks of the disk, in order."""
    log = folder.with_name("strace.log")
    command = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(log)]
    subprocess.run([*command, sys.executable, "-m", "tests.power_cut", "--child", str(folder)], check=True, stdout=subprocess.PIPE)
    with log.open(encoding="ascii") as lines:
        return tuple(_steps(lines, folder))


def _steps(lines: Iterator[str], folder: Path) -> Iterator[Step]:
    for line in lines:
        if "unfinished ..." in line:
            raise ValueError("calls of several threads are mixed; the recording is of one thread only")
        call = _CALL.match(line)
        if call is None or call[3] == "-1":
            continue
        name, arguments = call[1], call[2]
        texts = [_bytes(found) for found in _TEXT.findall(arguments)]
        fd = _FD.match(arguments)
        path = Path(_bytes(fd[2]).decode()) if fd else Path(texts[0].decode() if texts else "")
        if name == "write" and fd and fd[1] == "1":
            yield Step("said", "", texts[0])
        if name == "rename" or path.parent != folder or not path.name.startswith("desk.db") or path.name.endswith("-shm"):
            continue
        numbers = arguments.rsplit(", ", 2)
        match name:
            case "pwrite64":
                assert len(texts[0]) == int(call[3]) == int(numbers[1])
                yield Step("write", path.name, texts[0], int(numbers[2]))
            case "ftruncate":
                yield Step("truncate", path.name, offset=int(numbers[-1]))
            case "fsync" | "fdatasync":
                yield Step("flush", path.name)
            case "unlink":
                yield Step("unlink", path.name)
            case "openat":
                pass
            case _:
                raise ValueError(f"{name} on {path.name} is not played")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class Disk:
    """What surely lies on the disk of one file, and what may."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)
    gone: bool = False


def after_cut(steps: tuple[Step, ...], dice: random.Random) -> dict[str, bytes]:
    """The files as a disk may have them when the power goes after these steps."""
    disks: dict[str, Disk] = {}
    for step in steps:
        if step.what == "said":
            continue
        disk = disks.setdefault(step.file, Disk())
        if step.what == "flush":
            for waiting in disk.since:
                _apply(disk.sure, waiting, len(waiting.data))
            disk.since.clear()
        elif step.what == "unlink":
            disk.gone = True
        else:
            if disk.gone:  # a new file of the same name
                disk = disks[step.file] = Disk()
            disk.since.append(step)
    share = dice.choice((0.0, 0.5, 0.9, 1.0))
    files = {}
    for name, disk in disks.items():
        if disk.gone and (dice.random() < 0.5 or name == "desk.db-journal"):
            continue  # SQLite flushes the folder itself after a rollback journal is taken away
        content = bytearray(disk.sure)
        for step in disk.since:
            if dice.random() < share:
                torn = dice.random() < 0.3
                _apply(content, step, SECTOR * dice.randrange(len(step.data) // SECTOR + 1) if torn else len(step.data))
        files[name] = bytes(content)
    return files


def _apply(content: bytearray, step: Step, length: int) -> None:
    if step.what == "truncate":
        del content[step.offset :]
        content.extend(bytes(step.offset - len(content)))
        return
    end = step.offset + length
    content.extend(bytes(max(0, end - len(content))))
    content[step.offset : end] = step.data[:length]


@dataclass(frozen=True)
class Result:
    cuts: int
    notes_acknowledged: int
    notes_lost: int
    doubled: int
    gaps: int
    damaged: int


def run(cuts: int, seed: int = 2) -> Result:
    """Cut `cuts` times in one recorded run; what was lost, doubled, left out or damaged over all of them."""
    dice = random.Random(seed)
    sums: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        steps = record(Path(scratch).resolve() / "desk")
        said = [n for n, step in enumerate(steps) if step.what == "said"]
        for n in range(cuts):
            at = dice.randrange(1, len(steps) + 1) if n % 2 else dice.choice(said) + 1  # every other one right after a promise
            promised = {steps[i].data.decode().strip() for i in said if i < at}
            folder = Path(scratch) / f"cut{n}"
            folder.mkdir()
            for name, content in after_cut(steps[:at], dice).items():
                (folder / name).write_bytes(content)
            sums.update(_look(folder, promised))
    return Result(cuts, len(said), sums["lost"], sums["doubled"], sums["gaps"], sums["damaged"])


def _look(folder: Path, promised: set[str]) -> dict[str, int]:
    try:
        db = database.open_desk(folder)
    except RelationDeskError:
        return {"damaged": 1, "lost": len(promised)}
    try:
        kept = {uid for (uid,) in db.execute("SELECT uid FROM notes")}
        rows, distinct = db.execute("SELECT count(*), count(DISTINCT native_id) FROM activities").fetchone()
        found = logins.every(db)
        cursor = int(logins.cursor(db, found[0].id, "all") or "0") if found else 0
        whole = db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        return {
            "lost": len(promised - kept), "doubled": rows - distinct, "gaps": int(rows != cursor * PER_PAGE), "damaged": int(not whole),
        }  # fmt: skip
    finally:
        db.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]))
        sys.exit()
    result = run(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    sys.stdout.write(f"{result}\n")
    sys.exit(bool(result.notes_lost or result.doubled or result.gaps or result.damaged))
