"""Jobs in, values out: lanes, cancel, failure, close."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from relationdesk.errors import Cancelled, UserMistake
from relationdesk.model import Changes, Progress
from relationdesk.ui.tasks import Tasks
from tests.ui.desk import make_desk


@pytest.fixture
def tasks(tmp_path: Path, qapp: object) -> Iterator[Tasks]:
    made = Tasks(make_desk(tmp_path))
    yield made
    made.close()


def test_threads_take_turns_more_often_than_python_lets_them(tasks: Tasks) -> None:
    assert sys.getswitchinterval() <= 0.001, "a note waits thirty times for its turn beside an import"


def _count(db: Any) -> int:
    return int(db.execute("SELECT count(*) FROM people").fetchone()[0])


def test_reads_on_another_thread_and_answers_on_this_one(tasks: Tasks, qtbot: Any) -> None:
    seen: list[Any] = []
    tasks.run(lambda db: (threading.current_thread().name, _count(db)), done=lambda v: seen.append((v, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(("desk-read", 3), threading.main_thread())]


def test_writes_are_not_behind_a_long_job(tasks: Tasks, qtbot: Any) -> None:
    go_on, seen = threading.Event(), []
    tasks.long(lambda db, report, stop: go_on.wait(10), done=lambda v: seen.append("long"))
    tasks.write(lambda db: Changes(buckets=True), done=lambda v: seen.append("write"))
    tasks.run(_count, done=lambda v: seen.append("read"))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert set(seen) == {"write", "read"}
    go_on.set()
    qtbot.waitUntil(lambda: "long" in seen)
    assert not tasks.busy()


def test_a_write_tells_what_changed_also_inside_a_tuple(tasks: Tasks, qtbot: Any) -> None:
    told: list[Changes] = []
    tasks.changed.connect(told.append)
    tasks.write(lambda db: (7, Changes(people=frozenset({7}))))
    tasks.run(lambda db: Changes(people=frozenset({8})))
    qtbot.waitUntil(lambda: not tasks.busy())
    assert told == [Changes(people=frozenset({7}))]


def test_ours_go_to_failed_and_the_rest_is_a_bug(tasks: Tasks, qtbot: Any) -> None:
    failed: list[Exception] = []
    bugs: list[Exception] = []
    tasks.bug.connect(bugs.append)

    def mistake(db: object) -> None:
        raise UserMistake("No.")

    def broken(db: object) -> None:
        raise ZeroDivisionError

    tasks.run(mistake, failed=failed.append)
    tasks.run(broken, failed=failed.append)
    tasks.run(mistake)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert [type(e) for e in failed] == [UserMistake]
    assert {type(e) for e in bugs} == {ZeroDivisionError, UserMistake}


def test_a_cancelled_read_is_never_heard_of(tasks: Tasks, qtbot: Any) -> None:
    go_on, seen = threading.Event(), []
    tasks.run(lambda db: go_on.wait(10))
    waiting = tasks.run(_count, done=seen.append, failed=seen.append)
    waiting.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert seen == []


def test_a_reading_that_nobody_waits_for_ends_in_the_middle_of_its_question(tasks: Tasks, qtbot: Any) -> None:
    begun, seen, told = threading.Event(), [], []
    tasks.bug.connect(told.append)

    def endless(db: Any) -> Any:
        begun.set()
        return db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n").fetchone()

    running = tasks.run(endless, done=seen.append, failed=seen.append)
    tasks.run(_count, done=seen.append)
    assert begun.wait(10)
    running.cancel()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert (seen, told) == ([3], [])


def test_a_reading_that_is_given_up_at_the_end_leaves_the_desk_closed(tmp_path: Path, qapp: object) -> None:
    """Also before the collector of rubbish is switched on, as at the start: else the next start would look the whole desk over."""
    file, begun = make_desk(tmp_path), threading.Event()
    gc.collect()
    gc.disable()
    try:
        tasks = Tasks(file)

        def endless(db: Any) -> Any:
            half_read = db.execute("SELECT 1 UNION ALL SELECT 2")
            begun.set()
            return next(half_read), db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n").fetchone()

        tasks.run(endless)
        assert begun.wait(10)
        tasks.close()
        assert not file.with_name(f"{file.name}-wal").exists()
    finally:
        gc.enable()


def test_a_mistake_in_a_reading_is_one_also_after_another_was_cancelled(tasks: Tasks, qtbot: Any) -> None:
    told: list[Exception] = []
    tasks.bug.connect(told.append)
    tasks.run(_count).cancel()
    tasks.run(lambda db: db.execute("SELECT nowhere FROM people"))
    qtbot.waitUntil(lambda: bool(told))
    assert "no such column" in str(told[0])


def test_a_long_job_reports_and_stops(tasks: Tasks, qtbot: Any) -> None:
    moved: list[Progress] = []
    failed: list[Exception] = []
    ready = threading.Event()

    def job(db: object, *, report: Any, stop: Any) -> None:
        report(Progress(done=1, total=2, unit="rows"))
        ready.set()
        while not stop():
            threading.Event().wait(0.005)
        raise Cancelled("Stopped.")

    running = tasks.long(job, progress=moved.append, failed=failed.append)
    qtbot.waitUntil(lambda: bool(moved))
    assert moved == [Progress(done=1, total=2, unit="rows")]
    running.cancel()
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], Cancelled)


def test_close_finishes_what_is_being_written(tmp_path: Path, qapp: object) -> None:
    file, written = make_desk(tmp_path), []
    tasks = Tasks(file)
    for n in range(20):
        tasks.write(lambda db, n=n: written.append(n))
    tasks.close()
    assert written == list(range(20))


class Shown(QLabel):
    """Fails as any widget does whose window has let go of it."""

    def on_done(self, value: object) -> None:
        self.setText(str(value))

    def on_both(self, before: str, value: object) -> None:
        self.setText(f"{before} {value}")


def _closed(qapp: QApplication) -> Shown:
    shown = Shown()
    shown.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return shown


@pytest.mark.parametrize("lane", ["run", "write", "long"])
def test_what_a_closed_widget_asked_for_comes_home_to_nobody(tasks: Tasks, qtbot: Any, qapp: QApplication, lane: str) -> None:
    shown, bugs = _closed(qapp), []
    tasks.bug.connect(bugs.append)
    put = getattr(tasks, lane)
    put(lambda db, **_: 1, done=shown.on_done)
    put(lambda db, **_: 2, done=partial(shown.on_both, "two"))
    qtbot.waitUntil(lambda: not tasks.busy())
    assert not bugs
    with qtbot.captureExceptions() as raised:
        qapp.processEvents()
    assert not raised


def test_a_function_is_called_though_a_widget_is_closed(tasks: Tasks, qtbot: Any, qapp: QApplication) -> None:
    shown, heard = _closed(qapp), []
    tasks.write(lambda db: 1, done=lambda value: heard.append((value, shown)))
    qtbot.waitUntil(lambda: bool(heard))


def test_what_could_not_be_written_for_a_closed_widget_is_told(tasks: Tasks, qtbot: Any, qapp: QApplication) -> None:
    def refuse(db: Any, **_: Any) -> None:
        raise UserMistake("The disk is full. Nothing was changed.")

    shown, bugs = _closed(qapp), []
    tasks.bug.connect(lambda error: bugs.append(str(error)))
    tasks.run(refuse, failed=shown.on_done)
    tasks.write(refuse, failed=shown.on_done)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert bugs == ["The disk is full. Nothing was changed."]


def test_the_windows_own_work_lets_everything_else_come_in_between_its_pieces(tasks: Tasks, qtbot: Any) -> None:
    told: list[str] = []

    def pieces() -> Iterator[None]:
        for n in range(3):
            told.append(f"piece {n}")
            QTimer.singleShot(0, lambda: told.append("key"))
            yield

    tasks.in_pieces(pieces(), lambda: True, lambda: told.append("done"))
    assert told == ["piece 0"] and tasks.busy()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert told == ["piece 0", "key", "piece 1", "key", "piece 2", "key", "done"]


def test_pieces_that_nobody_wants_any_more_are_left(tasks: Tasks, qtbot: Any) -> None:
    told: list[int] = []

    def pieces() -> Iterator[None]:
        for n in range(5):
            told.append(n)
            yield

    tasks.in_pieces(pieces(), lambda: len(told) < 2, lambda: told.append(-1))
    qtbot.waitUntil(lambda: not tasks.busy())
    assert told == [0, 1]


def test_pieces_for_a_widget_that_is_gone_are_left(tasks: Tasks, qtbot: Any) -> None:
    told: list[int] = []

    class Shown(QLabel):
        def done(self) -> None:
            told.append(-1)

    label = Shown()
    tasks.in_pieces((told.append(n) for n in range(5)), lambda: True, label.done)
    label.deleteLater()
    QApplication.sendPostedEvents(label, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert told == [0]
