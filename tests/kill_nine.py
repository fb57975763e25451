"""Kill the program at random moments while it syncs and notes are written, and count what was lost or doubled.

`python -m tests.kill_nine [ROUNDS]` (200 by default) prints one line; exit 1 if anything was lost. The suite runs a
short form of it.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relationdesk.model import Activity, Key, Kind, Login, Page, Profile, Stream
from relationdesk.services import drafts, notes, sync
from relationdesk.services import people as decisions
from relationdesk.sources.door import Door
from relationdesk.store import database, logins, people
from relationdesk.store.database import transaction

PAGES, PER_PAGE = 400, 40
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Endless:
    """A place with PAGES pages; every page after the first repeats ten items of the one before, two of them edited."""

    name = "feed"
    title = "Endless"
    place = "blog"
    takes_token = False

    def connect(self, address: str, token: str, door: Door) -> Login:
        raise NotImplementedError

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        raise NotImplementedError

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        return (Stream(name="all", address="https://endless.example", title="Endless"),)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        for n in range(int(cursor or "0"), PAGES):
            yield Page(facts=tuple(_facts(n)), cursor=str(n + 1), more=True)


def _facts(page: int) -> Iterator[Profile | Activity]:
    actor = Key("blog", "https://endless.example")
    yield Profile(key=actor, display_name="Endless Example", known=True)
    first = page * PER_PAGE - (10 if page else 0)
    for i in range(first, (page + 1) * PER_PAGE):
        edited = " (edited)" if page and i - first < 2 else ""
        yield Activity(
            key=Key("blog", f"item-{i}"), actor=actor, kind=Kind.POST, published=START + timedelta(minutes=i),
            text=f"Item {i}{edited}",
        )  # fmt: skip


def child(folder: Path) -> None:
    """Sync on one thread, notes on another, each note acknowledged on stdout only after it is on disk."""
    db = database.open_desk(folder)
    person = people.find(db, "Note Taker") if people.count(db) else None
    if person is None:
        person_id, _ = decisions.add_person(db, "Note Taker", START)
    else:
        person_id = person.id
    if not logins.every(db):
        with transaction(db):
            logins.save(db, Login(id=0, source="feed", place="blog", address="https://endless.example"))
    login = logins.every(db)[0]
    reader = threading.Thread(target=_sync, args=(folder, login), daemon=True)
    reader.start()
    n = 0
    while True:
        n += 1
        words = f"note {folder.name} {random.random():.17f} {n}"
        drafts.save(db, "anywhere", words, START)
        note, _ = notes.write(db, words, START + timedelta(seconds=n), person_id=person_id, slot="anywhere")
        sys.stdout.write(f"{note.uid} {words}\n")
        sys.stdout.flush()


def _sync(folder: Path, login: Login) -> None:
    db = database.connect(folder / database.DESK_FILE)
    while True:
        sync.sync(db, login, "", Door(), lambda: START, source=Endless())


@dataclass(frozen=True)
class Result:
    rounds: int
    notes_acknowledged: int
    notes_lost: int
    doubled: int
    gaps: int
    damaged: int


def run(rounds: int, seed: int = 9) -> Result:
    """Kill `rounds` times at random moments; what was lost, doubled, left out or damaged over all of them."""
    dice = random.Random(seed)
    acknowledged: dict[str, str] = {}
    lost = doubled = gaps = damaged = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "desk"
        for n in range(rounds):
            wait = 0.35 + dice.random() * 0.9
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.kill_nine", "--child", str(folder)], stdout=subprocess.PIPE, text=True
            )
            assert process.stdout is not None
            # Every third time while it starts; else at a moment after the first note, however long a busy machine takes.
            first = process.stdout.readline() if n % 3 else ""
            try:
                process.wait(timeout=wait)
            except subprocess.TimeoutExpired:
                process.kill()
            out = first + process.communicate()[0]
            for line in out.splitlines(keepends=True):
                if line.endswith("\n"):
                    uid, _, words = line.strip().partition(" ")
                    acknowledged[uid] = words
            if not (folder / database.DESK_FILE).exists():
                continue
            db = database.open_desk(folder)
            kept = dict(db.execute("SELECT uid, text FROM notes").fetchall())
            lost += sum(1 for uid, words in acknowledged.items() if kept.get(uid) != words)
            rows, distinct = db.execute("SELECT count(*), count(DISTINCT native_id) FROM activities").fetchone()
            doubled += rows - distinct
            found = logins.every(db)
            cursor = int(logins.cursor(db, found[0].id, "all") or "0") if found else 0
            gaps += int(rows != cursor * PER_PAGE)
            damaged += int(db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok")
            db.close()
    return Result(rounds, len(acknowledged), lost, doubled, gaps, damaged)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]))
    result = run(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    sys.stdout.write(f"{result}\n")
    sys.exit(bool(result.notes_lost or result.doubled or result.gaps or result.damaged))
