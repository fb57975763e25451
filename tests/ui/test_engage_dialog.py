"""The composer by real key events: answer by login or on the page, drafts that outlive a crash, wishes, counts, and the question on return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from relationdesk.model import Key, Login
from relationdesk.outgoing import Deed, Entry, State
from relationdesk.services import outbox, wishes
from relationdesk.store import database, logins, settings
from relationdesk.store import outbox as rows
from relationdesk.store.database import transaction
from relationdesk.ui import links
from relationdesk.ui.engage_dialog import EngageDialog
from relationdesk.ui.engage_return import ReturnDialog, Returning
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.outbox_page import OutboxPage
from relationdesk.ui.page import Target
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.theme import Look
from relationdesk.ui.timeline_tools import title
from tests.ui.timeline_desk import NOW, Desk_, make, whole_window

POST, MAIL = Key("mastodon", "t30"), Key("mail", "m1")


@pytest.fixture
def desk(tmp_path: Path, look: Look) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    yield made
    made.tasks.close()


@pytest.fixture
def window(desk: Desk_, qtbot: QtBot) -> Iterator[MainWindow]:
    yield from whole_window(desk, qtbot)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(links, "leave", lambda page: found.append(page) or True)
    return found


def login(desk: Desk_) -> None:
    db = database.connect(desk.made.file)
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", has_token=True))
    db.close()


def entries(desk: Desk_, qtbot: QtBot) -> list[Entry]:
    found: list[Entry] = []
    desk.tasks.run(outbox.every, done=found.extend)
    desk.settle(qtbot)
    return found


def answer(window: MainWindow, desk: Desk_, qtbot: QtBot, at: Key = POST, key: Qt.Key = Qt.Key.Key_R) -> EngageDialog:
    window.go(Target(page="person", id=desk.made.joe, at=at))
    desk.settle(qtbot)
    qtbot.keyClick(window.focusWidget() or window, key)
    desk.settle(qtbot)
    dialog = window.findChildren(EngageDialog)[-1]
    assert dialog.subject is not None
    return dialog


def undo(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    """Ctrl+Z in the window, once the dialog over it is gone."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)
    page = window.page()
    assert page is not None
    page.setFocus()
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)


def test_by_login_ctrl_enter_puts_it_in_the_outbox_and_undo_takes_it_back(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    dialog = answer(window, desk, qtbot)
    assert dialog.windowTitle() == "Answer Joe" and dialog.where.currentText() == "Mastodon · sam · hotel.example"
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.text, "From 40 euros. https://hotel.example/prices")
    assert dialog.count.text() == f"{6 + 15 + 23} of 500" and dialog.audience.count() == 3
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    (entry,) = entries(desk, qtbot)
    assert (entry.state, entry.deed, entry.towards, entry.text) == (State.WAITING, Deed.REPLY, POST, "@joeb From 40 euros. https://hotel.example/prices")
    assert "Put the reply to Joe Brown on its way" in window.toast.text()
    undo(window, desk, qtbot)
    assert [e.state for e in entries(desk, qtbot)] == [State.DRAFT]
    again = answer(window, desk, qtbot)
    assert again.text.toPlainText() == "@joeb From 40 euros. https://hotel.example/prices"


def test_with_no_seconds_to_take_it_back_it_is_said_before_and_after(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    db = database.connect(desk.made.file)
    settings.save(db, replace(settings.load(db), hold_seconds=0))
    db.close()
    dialog = answer(window, desk, qtbot)
    assert "at once; it cannot be taken back" in dialog.told.text()
    told: list[tuple[str, bool]] = []
    desk.context.router.toast.connect(lambda text, undo: told.append((text, undo)))
    qtbot.keyClicks(dialog.text, "Yes")
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    assert [e.text for e in entries(desk, qtbot)] == ["@joeb Yes"] and told[0] == ("On its way. It cannot be taken back.", False)


def test_too_long_is_not_sent(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    dialog = answer(window, desk, qtbot)
    dialog.text.setPlainText("x" * 501)
    assert not dialog.go.isEnabled() and dialog.count.accessibleName() == "1 characters too long"
    dialog.text.setPlainText("x" * 500)
    assert dialog.go.isEnabled()


def test_typed_words_are_on_disk_within_a_second_and_offered_again(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = answer(window, desk, qtbot)
    qtbot.keyClicks(dialog.text, "Half a thou")
    qtbot.waitUntil(lambda: dialog.saved.text() == "Kept on this computer", timeout=5000)
    qtbot.keyClicks(dialog.text, "ght")
    dialog.close()  # what was typed last goes to disk as well
    desk.settle(qtbot)
    assert [(e.state, e.text) for e in entries(desk, qtbot)] == [(State.DRAFT, "Half a thought")]
    again = answer(window, desk, qtbot)
    assert again.text.toPlainText() == "Half a thought"
    again.drop_button.click()
    desk.settle(qtbot)
    assert entries(desk, qtbot) == []


def test_why_it_is_by_hand_though_there_is_a_key(window: MainWindow, desk: Desk_, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relationdesk.services.outbox.lacking", lambda db, deeds, about: "Your key may only read.")
    dialog = answer(window, desk, qtbot)
    assert dialog.told.text().startswith("Your key may only read. Opens hotel.example")


def test_on_the_page_with_the_words_on_the_clipboard_and_asked_once(window: MainWindow, desk: Desk_, qtbot: QtBot, opened: list[str]) -> None:
    dialog = answer(window, desk, qtbot)
    qtbot.keyClicks(dialog.text, "From 40 euros.")
    assert dialog.go.text() == "Copy and open hotel.example" and "hotel.example" in dialog.told.text()
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    assert opened == ["https://hotel.example/@joe/30"] and QGuiApplication.clipboard().text() == "From 40 euros."
    (waits,) = window.findChildren(Returning)
    waits.on_state(Qt.ApplicationState.ApplicationInactive)
    assert window.findChildren(ReturnDialog) == []
    waits.on_state(Qt.ApplicationState.ApplicationActive)
    (asked,) = window.findChildren(ReturnDialog)
    assert asked.windowTitle() == "Did you answer Joe?"
    asked.yes.click()
    desk.settle(qtbot)
    assert entries(desk, qtbot) == []
    mine: list[str] = []
    desk.tasks.run(lambda db: [row[0] for row in db.execute("SELECT text FROM captures")], done=mine.extend)
    desk.settle(qtbot)
    assert mine == ["From 40 euros."]


def test_no_keeps_the_draft(window: MainWindow, desk: Desk_, qtbot: QtBot, opened: list[str]) -> None:
    dialog = answer(window, desk, qtbot)
    dialog.text.setPlainText("Not yet")
    dialog.send()
    desk.settle(qtbot)
    window.findChildren(Returning)[0].on_state(Qt.ApplicationState.ApplicationActive)
    (asked,) = window.findChildren(ReturnDialog)
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    desk.settle(qtbot)
    assert [(e.state, e.text) for e in entries(desk, qtbot)] == [(State.DRAFT, "Not yet")]


def test_a_mail_opens_the_mail_program(window: MainWindow, desk: Desk_, qtbot: QtBot, opened: list[str]) -> None:
    dialog = answer(window, desk, qtbot, MAIL)
    assert dialog.heading.text() == "Re: Mail 1" and dialog.go.text() == "Open mail program"
    dialog.text.setPlainText("Yes & no")
    dialog.send()
    desk.settle(qtbot)
    assert opened == ["mailto:joe@hotel.example?subject=Re%3A%20Mail%201&body=Yes%20%26%20no"]


def test_a_wish_is_said_and_kept_to(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    desk.tasks.write(lambda db: wishes.set_opted_out(db, desk.made.joe, True, NOW))
    desk.settle(qtbot)
    dialog = answer(window, desk, qtbot, POST, Qt.Key.Key_M)
    dialog.text.setPlainText("Hello")
    assert dialog.wish.isVisible() and "asked not to be contacted" in dialog.wish_told.text() and not dialog.go.isEnabled()
    dialog.anyway.click()
    assert dialog.go.isEnabled()


def test_like_by_key_and_once_it_is_out_the_same_key_takes_it_back(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    window.go(Target(page="person", id=desk.made.joe, at=POST))
    desk.settle(qtbot)
    page = window.page()
    assert isinstance(page, PersonPage)

    def press() -> tuple[str, str]:
        """What the key did, and what the menu says now."""
        qtbot.keyClick(page.view, Qt.Key.Key_L)
        desk.settle(qtbot)
        item = page.view.current_item()
        assert item is not None and item.activity is not None and item.activity.key == POST
        return window.toast.text().partition("\n")[0], title("like", item)

    assert press() == ("Put the like for Joe Brown on its way", "Liked · take back")
    assert [(e.deed, e.state) for e in entries(desk, qtbot)] == [(Deed.LIKE, State.WAITING)]
    db = database.connect(desk.made.file)
    with transaction(db):
        rows.out(db, rows.every(db)[0].uid, "mine", "", 1)
    db.close()
    assert press() == ("Put the withdrawal of the like for Joe Brown on its way", "Like")
    assert sorted((e.deed, e.state) for e in entries(desk, qtbot)) == [(Deed.LIKE, State.SENT), (Deed.UNLIKE, State.WAITING)]
    undo(window, desk, qtbot)
    assert sorted((e.deed, e.state) for e in entries(desk, qtbot)) == [(Deed.LIKE, State.SENT), (Deed.UNLIKE, State.DRAFT)]
    item = page.view.current_item()
    assert item is not None and title("like", item) == "Liked · take back"


def test_the_outbox_holds_back_gives_up_and_takes_out_by_key(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    dialog = answer(window, desk, qtbot)
    dialog.text.setPlainText("Hello")
    dialog.send()
    desk.settle(qtbot)
    window.go(Target(page="outbox"))
    desk.settle(qtbot)
    page = window.page()
    assert isinstance(page, OutboxPage)
    assert page.choice.rows[0].accessibleName().startswith("Reply to Joe Brown. Mastodon. Waiting. Hello")
    qtbot.waitUntil(lambda: ("outbox", None) in window.sidebar._rows)  # the numbers of the sidebar come by themselves
    assert window.sidebar._rows[("outbox", None)].accessibleName() == "Outbox, 1"

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        page.setFocus()
        qtbot.keyClick(page, key, modifier)
        desk.settle(qtbot)

    press(Qt.Key.Key_Delete)  # what waits is not taken out
    assert [row.entry.state for row in page.choice.rows] == [State.WAITING]
    press(Qt.Key.Key_H)
    assert [row.entry.state for row in page.choice.rows] == [State.DRAFT]
    press(Qt.Key.Key_Delete)
    assert page.choice.rows == []
    undo(window, desk, qtbot)
    press(Qt.Key.Key_R)
    again = window.findChildren(EngageDialog)[-1]
    assert again.text.toPlainText() == "Hello"
    again.send()
    desk.settle(qtbot)
    press(Qt.Key.Key_X)
    assert page.choice.rows == []
    page.chips["given up"].click()
    desk.settle(qtbot)
    assert [(row.entry.state, row.entry.text) for row in page.choice.rows] == [(State.GIVEN_UP, "Hello")]


def test_what_could_not_be_reached_is_tried_again_at_once_by_key(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    dialog = answer(window, desk, qtbot)
    dialog.text.setPlainText("Hello")
    dialog.send()
    desk.settle(qtbot)
    db = database.connect(desk.made.file)
    with transaction(db):
        rows.not_out(db, rows.every(db)[0].uid, State.WAITING, "hotel.example cannot be reached.", unsure=False, next_try=2**31)
    db.close()
    window.go(Target(page="outbox"))
    desk.settle(qtbot)
    page = window.page()
    assert isinstance(page, OutboxPage) and page.choice.rows[0].possible()[:3] == ("retry", "hold_back", "give_up")
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_T)
    desk.settle(qtbot)
    (entry,) = entries(desk, qtbot)
    assert (entry.state, entry.failure, entry.next_try) == (State.WAITING, "", None)


def test_what_failed_says_why_and_is_tried_again(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    login(desk)
    dialog = answer(window, desk, qtbot)
    dialog.text.setPlainText("Hello")
    dialog.send()
    desk.settle(qtbot)
    db = database.connect(desk.made.file)
    db.execute("UPDATE outbox SET state = 'failed', failure = 'Mastodon refused it.'")
    db.close()
    window.go(Target(page="outbox"))
    desk.settle(qtbot)
    page = window.page()
    assert isinstance(page, OutboxPage)
    assert "Mastodon refused it." in page.choice.rows[0].accessibleName() and page.choice.rows[0].possible()[0] == "retry"
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_T)
    desk.settle(qtbot)
    assert [e.state for e in entries(desk, qtbot)] == [State.WAITING]
