"""Whoever asked first writes first: in one program by a queue, between programs by a file that says that somebody waits."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from relationdesk.errors import StoreUnusable
from relationdesk.store import database, portions, writer_turns
from relationdesk.store.database import connect, open_desk, transaction
from relationdesk.store.portions import Step
from relationdesk.store.writer_turns import Turns

ROOT = Path(__file__).resolve().parents[2]


def until(holds: Callable[[], object]) -> None:
    """Until it holds; a test that waits for ever is ended by a timer."""
    ended = threading.Timer(20, lambda: pytest.exit("waited for too long"))
    ended.start()
    while not holds():
        pass
    ended.cancel()


def test_in_the_order_in_which_they_asked() -> None:
    queue, order = Turns(), list[str]()

    def write(name: str) -> None:
        with queue.taken():
            order.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    with queue.taken():
        for n, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda n=n: len(queue._waiting) == n)
        assert order == []
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c"] and queue._times == 0


def test_whoever_has_the_turn_may_take_it_again() -> None:
    queue = Turns()
    with queue.taken(), queue.taken():
        assert queue._times == 2
    assert queue._times == 0


def test_nobody_who_asks_at_once_again_is_quicker() -> None:
    """A job of many transactions, and one that asks once: it has the next turn, not the last."""
    queue, order = Turns(), list[str]()

    def note() -> None:
        with queue.taken():
            order.append("note")

    thread = threading.Thread(target=note)
    for n in range(50):
        with queue.taken():
            order.append("job")
            if n == 10:
                thread.start()
                until(lambda: queue._waiting)
    thread.join()
    assert order.index("note") == 11


@pytest.mark.skipif(sys.platform == "win32", reason="an alarm is a Unix signal")
def test_one_that_is_interrupted_while_it_waits_leaves_the_queue() -> None:
    queue, has, go = Turns(), threading.Event(), threading.Event()

    def hold() -> None:
        with queue.taken():
            has.set()
            go.wait()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    thread = threading.Thread(target=hold)
    thread.start()
    has.wait()
    before = signal.signal(signal.SIGALRM, interrupted)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt), queue.taken():
            pass
    finally:
        signal.signal(signal.SIGALRM, before)
    go.set()
    thread.join()
    with queue.taken():
        assert queue._times == 1


def test_another_program_is_waited_for_and_then_the_desk_is_told_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_desk(tmp_path)
    other = connect(tmp_path / database.DESK_FILE)  # on this thread no queue keeps it away: as another program
    other.execute("BEGIN IMMEDIATE")
    looks = []
    monkeypatch.setattr(writer_turns.time, "sleep", lambda seconds: looks.append((tmp_path / writer_turns.WAITING_FILE).exists()))
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    with pytest.raises(StoreUnusable, match="busy"), transaction(db):
        pass
    assert looks and all(looks)
    other.execute("COMMIT")
    with transaction(db):
        db.execute("INSERT INTO settings VALUES ('x', 'y')")
    assert db.execute("PRAGMA busy_timeout").fetchone() == (20,)
    other.close()
    db.close()


def test_a_job_lets_by_whoever_waits_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paused = list[float]()
    monkeypatch.setattr(writer_turns.time, "sleep", paused.append)
    writer_turns.let_by(tmp_path)
    assert paused == []
    (tmp_path / writer_turns.WAITING_FILE).touch()
    writer_turns.let_by(tmp_path)
    writer_turns.let_by(tmp_path)
    assert paused == [writer_turns.LET_BY] and not (tmp_path / writer_turns.WAITING_FILE).exists()


JOB = """
import sys
from itertools import count
from pathlib import Path
from relationdesk.store import portions
from relationdesk.store.database import connect
from relationdesk.store.portions import Step
db, portion = connect(Path(sys.argv[1])), count()
number = 0
def between():
    global number
    number = next(portion)
    if number == 3:
        print("begun", flush=True)
def steps():
    while True:
        yield Step.WRITE
        db.execute("INSERT OR REPLACE INTO settings VALUES ('portion', ?)", (str(number),))
portions.in_portions(db, steps(), between=between)
"""


@pytest.mark.slow
def test_a_note_gets_in_between_two_portions_of_another_program(tmp_path: Path) -> None:
    """That program begins one transaction at once after the other: by luck alone some of the notes would wait for dozens."""
    db = open_desk(tmp_path)

    def portion() -> int:
        return int(db.execute("SELECT value FROM settings WHERE name = 'portion'").fetchone()[0])

    job = subprocess.Popen([sys.executable, "-c", JOB, str(tmp_path / database.DESK_FILE)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    went_by = []
    try:
        assert job.stdout is not None and job.stdout.readline() == "begun\n"
        for n in range(15):
            last = portion()
            until(lambda last=last: portion() >= last + 2)
            before = portion()
            with transaction(db):
                db.execute("INSERT OR REPLACE INTO settings VALUES ('note', ?)", (str(n),))
                went_by.append(portion() - before)
        assert job.poll() is None
    finally:
        job.kill()
        job.communicate()
    db.close()
    assert sum(went_by) < 2 * len(went_by), went_by


def test_the_job_itself_sees_to_the_log(tmp_path: Path) -> None:
    """A note that comes between two portions does not bring their pages into the file: that would take it as long as them."""
    db = open_desk(tmp_path)
    mine, log = connect(tmp_path / database.DESK_FILE), list[int]()
    database.bring_in_log(db)

    def steps() -> Iterator[Step]:
        for n in range(3 * portions.LOG_AFTER):
            yield Step.WRITE
            db.execute("INSERT INTO settings VALUES (?, ?)", (f"large {n}", "x" * 2_000_000))

    def note() -> None:
        with transaction(mine):
            mine.execute("INSERT OR REPLACE INTO settings VALUES ('note', 'y')")
        log.append(mine.execute("PRAGMA wal_autocheckpoint").fetchone()[0])

    portions.in_portions(db, steps(), between=note)
    assert set(log[1:]) == {0}
    with transaction(mine):
        mine.execute("INSERT OR REPLACE INTO settings VALUES ('note', 'z')")
    assert mine.execute("PRAGMA wal_autocheckpoint").fetchone() == (database.LOG_PAGES,)
    (busy, pages, in_file) = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    assert not busy and pages == in_file < 10 * database.LONG_LOG
    mine.close()
    db.close()
