"""Kill the program at every step of sending, against places that also break off, and count what was lost or sent twice.

`python -m tests.kill_sending [PLACE … | all] [EVERY]` kills at each EVERYth step (1, all of them, by default; a step is a statement to the desk,
and each time before and after a server is spoken to) and prints one line for each place; exit 1 if anything was lost or doubled. The number
of steps is found by a run that is not killed. The suite runs a short form of it. Needs fork, so not on Windows.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from relationdesk.outgoing import State
from relationdesk.services import outbox, sending
from relationdesk.sources.door import Door
from relationdesk.store import database, logins, people
from relationdesk.store.database import transaction
from tests.facts import bring
from tests.killed_places import WORLDS, World, profiles

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXTS = ("One of three", "Two & <more>", "Three\n\nlines")
MOST_STARTS = 100
SOON = 100
DONE = frozenset({State.SENT, State.FAILED})


@dataclass(frozen=True)
class Result:
    """steps: of one run that is not killed. kills: how often it was. lost, twice: texts. in_doubt: texts of which the place cannot say
    whether it has them, and the user was told so. unsettled: what is neither out nor in doubt in the end. starts: of its servers."""

    steps: int
    kills: int
    lost: int
    twice: int
    in_doubt: int
    unsettled: int
    starts: int = 1

    def __str__(self) -> str:
        again = f" (its server ended by itself {self.starts - 1} times)" if self.starts > 1 else ""
        return f"{self.kills} kills at {self.steps} steps: {self.lost} lost, {self.twice} sent twice, {self.in_doubt} left in doubt, {self.unsettled} not settled{again}"


def forked(work: Callable[[], None]) -> int:
    """Run it in a child; its number. The child ends with the work."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def begin(folder: Path, world: World) -> None:
    """A desk with three answers that wait, or three other deeds."""
    db = database.open_desk(folder)
    login, item, new = world.desk()
    bring(db, [*profiles(login, item), item])
    with transaction(db):
        logins.save(db, login)
    joe = people.find(db, "Joe").id
    for one in world.before(db, joe) or [new(text, joe) for text in TEXTS]:
        outbox.send(db, outbox.put(db, one, START)[0].uid, START, hold_s=0)
    db.close()


def copy_of(desk: Path, folder: Path, world: World) -> tuple[str, ...]:
    """The same desk once more, with words and numbers that no other one has; what of it has to arrive."""
    shutil.copytree(desk, folder)
    db = database.connect(folder / database.DESK_FILE)
    with transaction(db):
        db.execute("UPDATE outbox SET uid = uid || ?1, text = text || ?1", (f" {folder.name}",))
    with transaction(db):
        db.execute("UPDATE outbox SET uid = replace(uid, ' ', '-')")
    marks = tuple(world.mark(entry) for entry in outbox.every(db) if entry.state is not State.SENT)
    db.close()
    return marks


class _Steps:
    """Counts steps, and kills this very process at one of them (0: never)."""

    def __init__(self, kill_at: int) -> None:
        self.n, self._kill_at = 0, kill_at

    def __call__(self, _: object = None) -> None:
        self.n += 1
        if self.n == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Stream:
    """A connection whose every word is a step."""

    def __init__(self, inner: Any, step: _Steps) -> None:
        self._inner, self._step = inner, step

    def write(self, *args: Any, **options: Any) -> None:
        self._step()
        self._inner.write(*args, **options)
        self._step()

    def read(self, *args: Any, **options: Any) -> bytes:
        got: bytes = self._inner.read(*args, **options)
        self._step()
        return got

    def start_tls(self, *args: Any, **options: Any) -> _Stream:
        return _Stream(self._inner.start_tls(*args, **options), self._step)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def send(folder: Path, world: World, at: datetime, kill_at: int, tell: Path | None = None) -> None:
    """One run of the program, killed at that step (0: never). tell: where the number of steps is written."""
    step = _Steps(kill_at)

    class Stepping(Door):
        def _ask(self, *args: Any, **options: Any) -> Any:
            step()
            answer = super()._ask(*args, **options)
            step()
            return answer

        def dial(self, *args: Any, **options: Any) -> Any:
            step()
            stream, watch = super().dial(*args, **options)
            return _Stream(stream, step), watch

    sending.PROGRAM = f"{os.getpid()}-{at}"
    sending.ways.token_of = lambda login: world.token  # type: ignore[assignment]
    if (source := world.source()) is not None:
        outbox.senders = lambda: {source.name: source}  # type: ignore[attr-defined, assignment]
    db = database.open_desk(folder)
    db.set_trace_callback(step)
    sending.run(db, lambda: at, door=lambda private, stop: Stepping(**{"allowed_hosts": private, "stop": stop, **world.door()}))
    db.close()
    if tell is not None:
        tell.write_text(str(step.n))


def _one(desk: Path, folder: Path, world: World, kill_at: int) -> tuple[int, int, int, int]:
    """(lost, twice, left in doubt, not settled) after one kill and as many further runs as it takes."""
    world.fresh()
    texts = copy_of(desk, folder, world)
    os.waitpid(forked(lambda: send(folder, world, START, kill_at)), 0)
    at = START
    for _ in range(30):
        at += timedelta(hours=3)
        os.waitpid(forked(lambda at=at: send(folder, world, at, 0)), 0)  # type: ignore[misc]
        db = database.connect(folder / database.DESK_FILE)
        entries = outbox.every(db)
        if all(entry.state in DONE for entry in entries):
            break
        db.close()
    there = Counter(text for text in world.texts())
    told = {world.mark(entry) for entry in entries if entry.state is State.FAILED and entry.unsure and entry.failure}
    wrong = world.wrong(db)
    db.close()
    shutil.rmtree(folder)
    kept = {world.mark(entry) for entry in entries}
    lost = sum(there[text] == 0 and text not in told for text in texts) + sum(text not in kept for text in texts)
    twice = sum(there[text] > 1 for text in texts) + int(wrong)
    open_ones = sum(entry.state is not State.SENT and world.mark(entry) not in told for entry in entries)
    return lost, twice, len(told), open_ones + (0 if world.may_stay_in_doubt else len(told))


def run(name: str, every: int = 1) -> Result:
    """Raises RuntimeError with a sentence if something is not installed."""
    world = WORLDS[name]()
    if sentence := world.missing():
        raise RuntimeError(sentence)
    steps, kill_at = 0, 1
    found: list[tuple[int, int, int, int]] = []
    for start in range(MOST_STARTS):
        with tempfile.TemporaryDirectory(prefix="kill-sending-") as scratch_name:
            scratch = Path(scratch_name)
            (scratch / "servers").mkdir()
            with world.running(scratch / "servers"):
                world.fresh(trouble=False)
                begin(scratch / "desk", world)
                steps = steps or _steps(scratch, world)
                while kill_at < steps + 20 and (counts := _unless_it_died(scratch, world, kill_at)) is not None:
                    found.append(counts)
                    kill_at += every
        if kill_at >= steps + 20:
            lost, twice, in_doubt, unsettled = map(sum, zip(*found, strict=True))
            return Result(steps=steps, kills=len(found), lost=lost, twice=twice, in_doubt=in_doubt, unsettled=unsettled, starts=start + 1)
    raise RuntimeError(f"its server ended by itself {MOST_STARTS} times, the last time at step {kill_at}")


def _steps(scratch: Path, world: World) -> int:
    copy_of(scratch / "desk", scratch / "whole", world)
    os.waitpid(forked(lambda: send(scratch / "whole", world, START, 0, scratch / "steps")), 0)
    return int((scratch / "steps").read_text())


def _unless_it_died(scratch: Path, world: World, kill_at: int) -> tuple[int, int, int, int] | None:
    """None if a server ended by itself meanwhile: then this kill is done again with a new one."""
    try:
        counts = _one(scratch / "desk", scratch / f"desk-{kill_at}", world, kill_at)
    except Exception:
        for _ in range(SOON):  # a connection breaks off before its server has ended
            if world.died():
                return None
            time.sleep(0.05)
        raise
    return None if world.died() else counts


def main(words: list[str]) -> int:
    every = int(words.pop()) if words and words[-1].isdigit() else 1
    bad = False
    for name in words if words and words != ["all"] else WORLDS:
        try:
            result = run(name, every)
        except RuntimeError as e:
            sys.stdout.write(f"{name}: left out: {e}\n")
            continue
        sys.stdout.write(f"{name}: {result}\n")
        sys.stdout.flush()
        bad |= bool(result.lost or result.twice or result.unsettled)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
