"""It ticks on the window's thread, asks the desk, and hands on what is due. Nothing else."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import date, interval

from relationdesk.model import Login
from relationdesk.store import database, logins
from relationdesk.ui import schedule as schedule_module
from relationdesk.ui.schedule import Schedule
from relationdesk.ui.tasks import Tasks
from tests.ui.desk import NOW, make_desk


def _desk(folder: Path) -> Path:
    file = make_desk(folder)
    db = database.connect(file)
    with database.transaction(db):
        logins.save(db, Login(id=0, source="feed", place="blog", address=""))
        other = logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example"))
        logins.set_paused(db, other, True)
    db.close()
    return file


def test_due_logins_are_handed_on_and_paused_ones_not(tmp_path: Path, qtbot: Any) -> None:
    tasks, started = Tasks(_desk(tmp_path)), []
    before = threading.active_count()
    schedule = Schedule(tasks, lambda login: started.append((login.source, threading.current_thread())), every_minutes=30,
                        clock=lambda: NOW, tick_seconds=0.05)  # fmt: skip
    schedule.start(at_once=False)
    qtbot.waitUntil(lambda: len(started) >= 2)
    assert set(started) == {("feed", threading.main_thread())}
    assert threading.active_count() == before
    schedule.stop()
    schedule.stop()
    tasks.close()


def test_a_clock_that_is_put_back_stops_no_ticks(tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a start with a clock of years ahead: the next tick would be that far away."""
    ahead = timedelta(days=3_650)

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + ahead

    for module in (base, interval, date, schedule_module):
        monkeypatch.setattr(module, "datetime", Moved)
    tasks, ticks = Tasks(_desk(tmp_path)), []
    schedule = Schedule(tasks, lambda login: None, every_minutes=30, clock=lambda: NOW, tick_seconds=0.05, also=lambda: ticks.append(1))
    schedule.start(at_once=False)
    qtbot.waitUntil(lambda: len(ticks) >= 2)
    ahead = timedelta(0)
    ticks.clear()
    qtbot.waitUntil(lambda: len(ticks) >= 3)
    schedule.stop()
    tasks.close()


def test_after_stop_nothing_is_started(tmp_path: Path, qtbot: Any) -> None:
    tasks, started = Tasks(_desk(tmp_path)), []
    schedule = Schedule(tasks, started.append, every_minutes=30, clock=lambda: NOW)
    schedule.start()
    schedule.stop()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert started == []
    tasks.close()
