"""The same mails in other programs that keep and search them, side by side: `make bench-peers`.

A Maildir of invented mails is brought into a new desk and into each of notmuch and mu (both Xapian) that is installed; then each is asked the same
in turn, as commands from their start to the end of their answer. Our questions are those that the window asks, put to the desk
by the `sqlite3` command, because a command of Python's needs longer to begin than any of them to answer; what the
window itself waits for stands beside. Exit 1 if a peer is quicker in a row that has a goal, by more than the spread.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bench import data, report
from bench.measure import asked_by
from relationdesk.derived import Filter
from relationdesk.services import importing, searching
from relationdesk.store import activities, database, profiles
from relationdesk.store.database import Desk

MAILS, SENDERS, KEY_SENDERS = 30_000, 3_000, 60
ME = "sam@seller.example"
ROUNDS = 11
NEWEST = 50
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
KEY, TAIL = 3, 2_000


def address(n: int) -> str:
    return f"person{n}@firm{n % 300}.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program with the folder it keeps its index in. index: once, before it is asked. find: the arguments of a question, by its name in ROWS."""

    name: str
    index: tuple[tuple[str, ...], ...]
    find: Mapping[str, tuple[str, ...]]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, command: tuple[str, ...]) -> str:
        """mu ends with 4 where nothing is found. Raises RuntimeError for any other trouble."""
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **self.environment})
        if done.returncode not in (0, 4):
            raise RuntimeError(done.stderr)
        return done.stdout


def rows() -> dict[str, tuple[str, str, Callable[[Desk], Sized]]]:
    """By name: the question in notmuch's words, in mu's, and what the window asks."""
    person = {"a key person's newest 50": KEY, "somebody's newest 50": TAIL}
    words = {"a common word, newest 50": "energy", "three words, newest 50": "energy meter hotel", "a word nobody wrote": "zzzz"}
    return {
        **{name: (f"from:{address(n)} or to:{address(n)}", f"from:{address(n)} or to:{address(n)}", partial(_page, address(n))) for name, n in person.items()},
        **{name: (said, said, partial(_search, said)) for name, said in words.items()},
    }


def _search(words: str, db: Desk) -> Sized:
    return searching.text(db, words + " ", limit=NEWEST)


def _page(mail: str, db: Desk) -> Sized:
    profile, person = db.execute("SELECT id, person_id FROM profiles WHERE native_id = ?", (mail,)).fetchone()
    return activities.of_profiles(db, [profile] if person is None else profiles.ids_of_person(db, person), Filter(), limit=NEWEST)


def mails(folder: Path) -> None:
    """A Maildir: half of it from and to a few, one in eight written by me, over five years."""
    rng = random.Random(data.SEED)
    texts = data.Texts(rng)
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    start = data.NOW - timedelta(days=5 * 365)
    for n in range(MAILS):
        them = rng.randrange(KEY_SENDERS) if rng.random() < 0.5 else rng.randrange(SENDERS)
        one = EmailMessage()
        ends = (f"Person {them} <{address(them)}>", f"Sam <{ME}>")
        one["From"], one["To"] = ends if n % 8 else ends[::-1]
        one["Subject"] = texts("reaction")[:60]
        one["Date"] = format_datetime(start + timedelta(seconds=n * 5 * 365 * 86_400 // MAILS))
        one["Message-ID"] = f"<{n}@firm.example>"
        one.set_content(texts("mail"))
        (folder / "cur" / f"{n}.host:2,S").write_bytes(one.as_bytes())


def peers(folder: Path, box: Path) -> tuple[Peer, ...]:
    """Those that are installed."""
    config = folder / "notmuch.conf"
    config.write_text(f"[database]\npath={box}\n[user]\nname=Sam\nprimary_email={ME}\n[new]\ntags=\nignore=\n[search]\nexclude_tags=\n")
    home = f"--muhome={folder / 'mu'}"
    asked = rows()
    found = (
        Peer(
            name="notmuch", index=(("notmuch", "new", "--quiet"),), environment={"NOTMUCH_CONFIG": str(config)},
            find={name: ("notmuch", "search", "--sort=newest-first", f"--limit={NEWEST}", query) for name, (query, _, _) in asked.items()},
        ),
        Peer(
            name="mu", index=(("mu", "init", home, f"--maildir={box}", f"--my-address={ME}"), ("mu", "index", home, "--quiet")),
            find={name: ("mu", "find", home, "--sortfield=date", "--reverse", f"--maxnum={NEWEST}", "--skip-dups", query) for name, (_, query, _) in asked.items()},
        ),
    )  # fmt: skip
    return tuple(peer for peer in found if shutil.which(peer.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Medians in seconds. peers: by name, with the quartiles of our time as a part of theirs. has_goal: we want to be ahead."""

    name: str
    window: float | None
    ours: float
    peers: Mapping[str, tuple[float, float, float]]
    has_goal: bool = True

    @property
    def behind(self) -> tuple[str, ...]:
        return tuple(name for name, (_, low, _) in self.peers.items() if low > 1) if self.has_goal else ()


def measure(folder: Path) -> list[Line]:
    """Everything, in the order of the table."""
    box = folder / "box"
    mails(box)
    asked = peers(folder, box)
    begun = time.perf_counter()
    db = database.open_desk(folder / "desk")
    importing.bring_in(db, importing.stage(db, box, me=ME, now=data.NOW), data.NOW)
    taken = time.perf_counter() - begun
    indexed = {peer.name: _seconds(lambda peer=peer: [peer.run(command) for command in peer.index]) for peer in asked}
    first = Line(
        name=f"bringing in {MAILS:,} mails, once", window=taken, ours=taken, has_goal=False,
        peers={name: (seconds, taken / seconds, taken / seconds) for name, seconds in indexed.items()},
    )  # fmt: skip
    found = [first, *(_line(db, folder, name, job, asked) for name, (_, _, job) in rows().items())]
    database.close_desk(db)
    return found


def _line(db: Desk, folder: Path, name: str, job: Callable[[Desk], Sized], asked: tuple[Peer, ...]) -> Line:
    command = ("sqlite3", "-readonly", str(folder / "desk" / database.DESK_FILE), ";\n".join(asked_by(db, lambda: job(db))))
    count = len(job(db))
    for peer in asked:
        if (theirs_count := len(peer.run(peer.find[name]).splitlines())) != count:
            raise RuntimeError(f"{name}: {peer.name} finds {theirs_count}, the desk {count}: not the same question")
    ours, window, theirs = list[float](), list[float](), {peer.name: list[float]() for peer in asked}
    for _ in range(ROUNDS):
        window.append(_seconds(lambda: job(db)))
        ours.append(_seconds(lambda: subprocess.run(command, capture_output=True, check=True)))
        for peer in asked:
            theirs[peer.name].append(_seconds(lambda peer=peer: peer.run(peer.find[name])))
    spread = {}
    for peer, times in theirs.items():
        low, _, high = quantiles([a / b for a, b in zip(ours, times, strict=True)], n=4)
        spread[peer] = (median(times), low, high)
    return Line(name=name, window=median(window), ours=median(ours), peers=spread)


def _seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def table(lines: list[Line], names: list[str]) -> str:
    """Markdown: a line per question; beside each peer's time how much of it ours takes, in quartiles."""
    head = ["", "the window waits", "our question by `sqlite3`", *names, ""]
    found = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for line in lines:
        theirs = [f"{report.time_text(line.peers[n][0])}; ours {line.peers[n][1]:.2g} to {line.peers[n][2]:.2g} of it" for n in names]
        verdict = "behind " + ", ".join(line.behind) if line.behind else "ahead" if line.has_goal else "–"
        found.append("| " + " | ".join([line.name, report.time_text(line.window), report.time_text(line.ours), *theirs, verdict]) + " |")
    return "\n".join(found)


def main() -> int:
    if not shutil.which("sqlite3"):
        print("The sqlite3 command is needed (Debian and Ubuntu: apt-get install sqlite3 notmuch maildir-utils).", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(Path(folder))
    names = list(lines[0].peers)
    written = table(lines, names)
    print(written)
    if not names:
        print("No peer is installed (Debian and Ubuntu: apt-get install notmuch maildir-utils), so nothing was compared.", file=sys.stderr)
        return 2
    report.put_between(report.PAGE.read_text(encoding="utf-8"), BEGIN, END, written)
    return 1 if any(line.behind for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
