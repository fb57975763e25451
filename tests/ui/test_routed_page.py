"""What waits to be answered: put there by key from a timeline, answered, remarked on, mailed on and taken off by key, all of it taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from relationdesk.model import Key, Login
from relationdesk.outgoing import Deed, State
from relationdesk.services import outbox, people, routing
from relationdesk.store import database, logins, profiles, routes
from relationdesk.store.database import transaction
from relationdesk.store.routes import RouteKind
from relationdesk.ui import links
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Target
from relationdesk.ui.routed_dialogs import MailOnDialog, RemarkDialog
from relationdesk.ui.routed_page import RoutedPage
from relationdesk.ui.theme import Look
from tests.ui.timeline_desk import NOW, STRANGER, Desk_, make, whole_window

POST, MAIL = Key("mastodon", "t30"), Key("mail", "m1")


@pytest.fixture
def desk(tmp_path: Path, look: Look) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    yield made
    made.tasks.close()


@pytest.fixture
def window(desk: Desk_, qtbot: QtBot) -> Iterator[MainWindow]:
    yield from whole_window(desk, qtbot)


def write(desk: Desk_, qtbot: QtBot, job: object, *args: object) -> None:
    desk.tasks.write(job, *args, NOW)
    desk.settle(qtbot)


def on_list(desk: Desk_, qtbot: QtBot, answered: bool = False) -> list[routes.Route]:
    found: list[routes.Route] = []
    desk.tasks.run(lambda db: routes.every(db, answered=answered), done=found.extend)
    desk.settle(qtbot)
    return found


def routed(window: MainWindow, desk: Desk_, qtbot: QtBot) -> RoutedPage:
    window.go(Target(page="routed"))
    desk.settle(qtbot)
    page = window.page()
    assert isinstance(page, RoutedPage)
    return page


def press(window: MainWindow, desk: Desk_, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(window.focusWidget() or window, key, modifier)
    desk.settle(qtbot)


def menu(window: MainWindow, qtbot: QtBot) -> QMenu:
    found: list[QMenu] = []

    def there() -> bool:
        found[:] = [m for m in window.findChildren(QMenu) if m.isVisible() and m.accessibleName() == "Put on a list"]
        return bool(found)

    qtbot.waitUntil(there, timeout=5000)
    return found[0]


def test_put_on_a_list_by_key_from_the_timeline_and_taken_back(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    window.go(Target(page="person", id=desk.made.joe, at=POST))
    desk.settle(qtbot)
    press(window, desk, qtbot, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(menu(window, qtbot), Qt.Key.Key_C)
    desk.settle(qtbot)
    assert [(r.kind, r.key, r.name) for r in on_list(desk, qtbot)] == [(RouteKind.COMPLAINT, POST, "Joe Brown")]
    press(window, desk, qtbot, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    there = menu(window, qtbot)
    assert [a.isChecked() for a in there.actions()] == [True, False, False]
    there.close()
    press(window, desk, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert on_list(desk, qtbot) == []


def test_my_own_words_are_not_put_on_a_list(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    said: list[str] = []
    desk.context.router.toast.connect(lambda text, _: said.append(text))
    window.go(Target(page="person", id=desk.made.joe, at=Key("mail", "m2")))
    desk.settle(qtbot)
    press(window, desk, qtbot, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert said == ["Only what others said is put on a list."] and on_list(desk, qtbot) == []


def test_answered_remarked_on_and_taken_off_by_key(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    write(desk, qtbot, routing.put, POST, RouteKind.COMPLAINT)
    write(desk, qtbot, routing.put, MAIL, RouteKind.OPPORTUNITY)
    page = routed(window, desk, qtbot)
    assert [row.route.key for row in page.choice.rows] == [POST, MAIL]
    assert page.choice.rows[0].accessibleName().startswith("Complaint. Joe Brown, Alder & Finch Hotels. A post, number 30")
    qtbot.waitUntil(lambda: ("routed", None) in window.sidebar._rows)  # the numbers of the sidebar come by themselves
    assert page.chips[None].text() == "All" and window.sidebar._rows[("routed", None)].accessibleName() == "To answer, 2"
    press(window, desk, qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    (remark,) = window.findChildren(RemarkDialog)
    remark.text.setPlainText("Ask Lena")
    remark.activateWindow()
    qtbot.waitUntil(remark.isActiveWindow)
    qtbot.keyClick(remark.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    assert page.choice.rows[0].route.remark == "Ask Lena" and "Ask Lena" in page.choice.rows[0].accessibleName()
    window.activateWindow()
    page.setFocus()
    press(window, desk, qtbot, Qt.Key.Key_E)
    assert [row.route.key for row in page.choice.rows] == [MAIL] and [r.key for r in on_list(desk, qtbot, answered=True)] == [POST]
    press(window, desk, qtbot, Qt.Key.Key_Delete)
    assert page.choice.rows == [] and page._stack.current() is page._empty
    for left in ([MAIL], [POST, MAIL]):
        press(window, desk, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert [row.route.key for row in page.choice.rows] == left
    page.done.click()
    desk.settle(qtbot)
    assert page.choice.rows == []
    page._empty.button.click()
    desk.settle(qtbot)
    assert len(page.choice.rows) == 2


def test_mailed_to_a_colleague(window: MainWindow, desk: Desk_, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(links, "leave", lambda page: opened.append(page) or True)
    write(desk, qtbot, routing.put, POST, RouteKind.SUGGESTION)
    page = routed(window, desk, qtbot)
    press(window, desk, qtbot, Qt.Key.Key_M)
    (dialog,) = window.findChildren(MailOnDialog)
    dialog.to.setText("lena at company")
    dialog.go.click()
    assert "is not a mail address" in dialog.refusal.text() and opened == []
    dialog.to.setText("Lena@company.example")
    qtbot.keyClick(dialog.to, Qt.Key.Key_Return)
    desk.settle(qtbot)
    assert opened == ["mailto:lena@company.example?subject=Suggestion%20of%20Joe%20Brown%20%28Alder%20%26%20Finch%20Hotels%29&body="
                      "Suggestion%20of%20Joe%20Brown%2C%20Alder%20%26%20Finch%20Hotels%20%28Mastodon%2C%2019%20November%202026%29%0D%0A"
                      "%E2%80%9CA%20post%2C%20number%2030%E2%80%9D%0D%0Ahttps%3A%2F%2Fhotel.example%2F%40joe%2F30"]  # fmt: skip
    assert page.choice.rows[0].route.passed_to == "Lena@company.example"


def test_what_was_said_privately_goes_along_by_intent_and_the_login_sends_it(window: MainWindow, desk: Desk_, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    db = database.connect(desk.made.file)
    with transaction(db):
        logins.save(db, Login(id=0, source="imap", place="mail", address="imaps://imap.hotel.example", user_name="sam@hotel.example", has_token=True))
    db.close()
    write(desk, qtbot, routing.put, MAIL, RouteKind.COMPLAINT)
    page = routed(window, desk, qtbot)
    press(window, desk, qtbot, Qt.Key.Key_M)
    (dialog,) = window.findChildren(MailOnDialog)
    desk.settle(qtbot)
    assert "Said privately" in dialog.text.toPlainText() and dialog.go.accessibleName().startswith("Send") and dialog.by_program.isVisible()
    dialog.text.appendPlainText("Please call him.")
    qtbot.keyClick(dialog.private, Qt.Key.Key_Space)
    words = dialog.text.toPlainText()
    assert "Said privately" not in words and page.choice.rows[0].route.text[:20] in words and words.endswith("Please call him.")
    dialog.go.click()
    assert "no address yet" in dialog.refusal.text()
    qtbot.keyClicks(dialog.to, "lena@company.example")
    qtbot.keyClick(dialog.to, Qt.Key.Key_Return)
    desk.settle(qtbot)
    db = database.connect(desk.made.file)
    (entry,) = outbox.every(db)
    db.close()
    assert (entry.state, entry.deed, entry.text, [one.value for one in entry.recipients]) == (State.WAITING, Deed.MAIL, words, ["lena@company.example"])
    assert page.choice.rows[0].route.passed_to == "lena@company.example" and window.findChildren(MailOnDialog) == []
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)
    page.setFocus()
    press(window, desk, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    db = database.connect(desk.made.file)
    assert [one.state for one in outbox.every(db)] == [State.DRAFT]
    db.close()


def test_an_empty_list_says_what_to_do(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    page = routed(window, desk, qtbot)
    assert "Press Shift R on what somebody said and choose complaint" in page._empty.accessibleName()
    write(desk, qtbot, routing.put, MAIL, RouteKind.COMPLAINT)
    page.chips[RouteKind.SUGGESTION].click()
    desk.settle(qtbot)
    assert page._empty.accessibleName() == "Nothing on this list. On the other lists 1 waits to be answered."
    page._empty.button.click()
    desk.settle(qtbot)
    assert len(page.choice.rows) == 1


def test_a_long_list_goes_to_the_clipboard_as_well(window: MainWindow, desk: Desk_, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(links, "leave", lambda page: opened.append(page) or True)
    write(desk, qtbot, routing.put, POST, RouteKind.SUGGESTION)
    page = routed(window, desk, qtbot)
    page.mail_all.click()
    (dialog,) = window.findChildren(MailOnDialog)
    dialog.text.setPlainText("Zähler " * 700)
    assert dialog.said.isVisible()
    dialog.go.click()
    desk.settle(qtbot)
    assert len(opened[0]) <= 1_900 and QGuiApplication.clipboard().text() == "Zähler " * 700


def test_enter_opens_the_person_at_the_item(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    write(desk, qtbot, routing.put, POST, RouteKind.COMPLAINT)
    routed(window, desk, qtbot)
    press(window, desk, qtbot, Qt.Key.Key_Return)
    page = window.page()
    assert page is not None and page.position().page == "person" and page.position().at == POST


def test_it_follows_whoever_the_profile_is_linked_to(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    write(desk, qtbot, routing.put, Key("mail", "m5"), RouteKind.COMPLAINT)
    page = routed(window, desk, qtbot)
    assert page.choice.rows[0].route.name == "Ann Example" and page.choice.rows[0].route.person_id is None
    desk.tasks.write(lambda db: people.new_person(db, profiles.by_key(db, STRANGER).id, NOW))  # type: ignore[union-attr]
    desk.settle(qtbot)
    assert page.choice.rows[0].route.person_id is not None
