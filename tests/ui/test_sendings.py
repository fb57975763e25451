"""In the window what is sent goes out by itself when its time has come, one job at a time; failures are told; leaving stops it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import UnexpectedAnswer
from relationdesk.model import Changes, Key
from relationdesk.outgoing import Deed, State
from relationdesk.services import outbox, sending
from relationdesk.store import database
from relationdesk.ui.page import Context, Router
from relationdesk.ui.sendings import Sendings
from relationdesk.ui.tasks import Tasks
from tests.facts import NOW, bring, did, who
from tests.outgoing import LOGIN, Place, sign_in


class At:
    def __init__(self, folder: Path, look: Any) -> None:
        self.db = database.open_desk(folder)
        self.now = NOW
        joe = who("Joe Brown")
        bring(self.db, [joe, did(joe, "p1")])
        sign_in(self.db)
        self.tasks = Tasks(folder / database.DESK_FILE)
        self.router = Router()
        self.toasts: list[str] = []
        self.router.toast.connect(lambda words, _: self.toasts.append(words))
        self.sendings = Sendings(Context(tasks=self.tasks, router=self.router, look=look, clock=lambda: self.now))

    def put(self, text: str, hold_s: int = 0) -> str:
        person = self.db.execute("SELECT id FROM people").fetchone()[0]
        new = outbox.New(person_id=person, place="mastodon", deed=Deed.REPLY, login=LOGIN.secret_name, towards=Key("mastodon", "p1"), text=text)
        uid = outbox.put(self.db, new, self.now)[0].uid
        outbox.send(self.db, uid, self.now, hold_s=hold_s)
        return uid

    def states(self) -> list[State]:
        return [entry.state for entry in outbox.every(self.db)]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    one = Place()
    monkeypatch.setattr(outbox, "senders", lambda: {"mastodon": one})
    monkeypatch.setattr(sending.ways, "token_of", lambda login: "t0k3n")
    return one


@pytest.fixture
def at(tmp_path: Path, qtbot: Any, place: Place) -> Any:
    one = At(tmp_path, None)
    yield one
    one.sendings.stop()
    one.tasks.close()
    one.db.close()


def test_what_is_sent_goes_out_when_its_time_has_come(at: At, place: Place, qtbot: Any) -> None:
    at.put("One", hold_s=10)
    at.tasks.changed.emit(Changes(outbox=True))
    qtbot.waitUntil(lambda: not at.tasks.busy() and at.sendings._timer.isActive())
    assert place.took == [] and at.sendings._timer.interval() == 10_000
    at.now += timedelta(seconds=10)
    with qtbot.waitSignal(at.sendings.finished):
        at.sendings.look()
    assert at.states() == [State.SENT] and at.toasts == []


def test_a_second_one_meanwhile_has_its_turn(at: At, place: Place, qtbot: Any) -> None:
    at.put("One")
    place.before = lambda: None
    at.sendings.look()
    at.put("Two")
    at.sendings.look()
    qtbot.waitUntil(lambda: at.states() == [State.SENT, State.SENT])
    assert sorted(what.text for what in place.took) == ["One", "Two"]


def test_what_is_refused_is_told(at: At, place: Place, qtbot: Any) -> None:
    place.errors = [(UnexpectedAnswer("hotel.example refuses this."), False)]
    at.put("One")
    with qtbot.waitSignal(at.sendings.finished):
        at.sendings.look()
    assert at.toasts == ["Not sent: hotel.example refuses this."] and at.states() == [State.FAILED]


def test_an_empty_outbox_asks_nobody_and_sets_no_timer(at: At, place: Place, qtbot: Any) -> None:
    at.sendings.look()
    qtbot.waitUntil(lambda: not at.tasks.busy())
    assert not at.sendings._timer.isActive() and place.asked == 0


def test_after_leaving_nothing_goes_out(at: At, place: Place, qtbot: Any) -> None:
    at.put("One")
    at.sendings.stop()
    at.sendings.look()
    at.tasks.changed.emit(Changes(everything=True))
    qtbot.waitUntil(lambda: not at.tasks.busy())
    assert place.took == [] and at.states() == [State.WAITING]
