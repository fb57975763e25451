"""Notifications of a real D-Bus with what can be done about them; where there is none, the words come otherwise, and none is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from relationdesk.services import reminders, tasks
from relationdesk.store import tasks as rows
from relationdesk.ui import notifications
from relationdesk.ui.notifications import Notification, Notifications, session_bus
from relationdesk.ui.reminding import Reminding
from tests.desktop import Desktop
from tests.facts import NOW
from tests.ui.office import Office
from tests.ui.test_reminding import desk

__all__ = ["desk"]
pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktops with a session bus")
WHAT = Notification(title="Priya & Raman", text='send <a href="https://a.example">it</a>', actions=(("default", "Open"), ("done", "Done")))


@pytest.fixture
def notifier(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    yield window


def test_shown_with_what_can_be_done_and_as_plain_words(tmp_path: Path, qtbot: QtBot, notifier: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    chosen, otherwise = list[str](), list[int]()
    with Desktop(tmp_path) as desktop:
        made = Notifications(notifier, desktop.bus)
        with qtbot.waitSignal(made.ready):
            made.show(WHAT, chosen.append, lambda: otherwise.append(1))
        made.show(Notification(title="b", text="c"), chosen.append, lambda: otherwise.append(1))
        qtbot.waitUntil(lambda: len(made._there) == 2)
        member, app, replaced, _icon, title, text, actions, *_ = desktop.read()
        assert (member, app, replaced, title) == ("Notify", "RelationDesk", 0, "Priya & Raman")
        assert text == 'send &lt;a href="https://a.example"&gt;it&lt;/a&gt;'
        assert actions == ["default", "Open", "done", "Done"]
        assert desktop.read()[4] == "b"
        desktop.act(1, "done")
        qtbot.waitUntil(lambda: list(made._there) == [2])
        assert (chosen, otherwise, os.environ["XDG_ACTIVATION_TOKEN"]) == (["done"], [], "token-of-the-click")
        made.close()
        assert desktop.read() == ["CloseNotification", 2]


def test_a_desktop_without_actions_and_markup_gets_the_words_alone(tmp_path: Path, qtbot: QtBot, notifier: QWidget) -> None:
    with Desktop(tmp_path, can=("body",)) as desktop:
        made = Notifications(notifier, desktop.bus)
        made.show(WHAT, lambda _: None, lambda: None)
        qtbot.waitUntil(lambda: bool(made._there))
        _, _, _, _, _, text, actions, *_ = desktop.read()
        assert (text, actions) == (WHAT.text, [])
        made.close()


@pytest.mark.parametrize("case", ["no bus", "nobody there", "no desktop on it", "says nothing"])
def test_what_cannot_be_shown_is_told_otherwise(case: str, tmp_path: Path, qtbot: QtBot, notifier: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "PATIENCE_MS", 200)
    otherwise = list[int]()
    with Desktop(tmp_path, can=() if case == "says nothing" else ("body",)) as desktop:
        if case == "no desktop on it":
            desktop._process.kill()
            desktop._process.wait()
        bus = {"no bus": None, "nobody there": (str(tmp_path / "none"), False)}.get(case, desktop.bus)
        made = Notifications(notifier, bus)
        for n in range(2):
            made.show(WHAT, lambda _: None, lambda n=n: otherwise.append(n))
        qtbot.waitUntil(lambda: len(otherwise) == 2)
        made.show(WHAT, lambda _: None, lambda: otherwise.append(2))
        assert otherwise == [0, 1, 2]
        made.close()


def test_a_desktop_that_goes_away_loses_nothing(tmp_path: Path, qtbot: QtBot, notifier: QWidget) -> None:
    otherwise = list[int]()
    with Desktop(tmp_path) as desktop:
        made = Notifications(notifier, desktop.bus)
        made.show(WHAT, lambda _: None, lambda: None)
        qtbot.waitUntil(lambda: bool(made._there))
    made.show(WHAT, lambda _: None, lambda: otherwise.append(1))
    qtbot.waitUntil(lambda: otherwise == [1])
    made.close()


def test_the_bus_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    for address, expected in (("unix:path=/run/user/1000/bus", ("/run/user/1000/bus", False)), ("unix:abstract=/tmp/x,guid=1", ("/tmp/x", True)), ("tcp:host=a", None)):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert session_bus() == expected
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert session_bus() is None


def test_a_reminder_can_be_opened_put_off_and_ticked_off(desk: Office, tmp_path: Path, qtbot: QtBot) -> None:
    local = NOW.astimezone()
    for n, words in enumerate(("call", "send the sheet")):
        tasks.add(desk.db, words, NOW, person_id=1, due=local.date(), at=local.hour * 60 + local.minute - n)
    window, said, raised = QWidget(), list[str](), list[str]()
    desk.kept.append(window)
    with Desktop(tmp_path) as desktop:
        one = Reminding(desk.context, window, say=said.append, raised=lambda: raised.append("up"), has_tray=False, bus=desktop.bus)
        one.tick()
        desk.wait(lambda: len(one.notifications._there) == 2)
        assert desktop.read()[4:7] == ["Priya & Raman", "send the sheet", ["default", "Open", "open", "Open", "later", "In an hour", "done", "Done"]]
        desktop.act(1, "later")
        desktop.act(2, "done")
        desk.wait(lambda: [task.text for task in rows.open_(desk.db)] == ["send the sheet"])
        desk.wait(lambda: not reminders.due(desk.db, NOW + timedelta(minutes=59)).timely)
        again = reminders.take(desk.db, NOW + timedelta(minutes=61))
        assert [(r.text, r.name) for r in again.timely] == [("send the sheet", "Priya & Raman")]
        assert (said, raised) == ([], [])
        one.close()
