"""Writing down by hand in the window: pasted, dropped or typed, the date asked for, by keys; changed, removed, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from relationdesk.derived import Filter
from relationdesk.model import Key, Kind, Precision
from relationdesk.services import capturing, people
from relationdesk.services.capturing import Words
from relationdesk.store import activities, captures, notes, profiles
from relationdesk.store import people as rows
from relationdesk.store.database import Desk
from relationdesk.ui.add_dialog import AddDialog
from relationdesk.ui.capture_dialog import CaptureDialog
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Target
from relationdesk.ui.person_page import PersonPage
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.label import PlainLabel
from tests.facts import NOW, bring, who
from tests.ui.desk import context_on, make_desk, put_away
from tests.ui.office import Office, office

POST = "https://x.com/joe_b/status/1591234567890123456"


def fill(db: Desk) -> None:
    people.add_person(db, "Joe Brown", NOW)


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, fill) as made:
        yield made


def joe(at: Office) -> int:
    return rows.find(at.db, "Joe Brown").id


def settle(at: Office) -> None:
    at.wait()
    QApplication.processEvents()
    at.wait()


def opened(at: Office, pasted: str = "", key: Key | None = None) -> CaptureDialog:
    dialog = CaptureDialog(at.context, joe(at), pasted, key)
    at.kept.append(dialog)
    at.qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    settle(at)
    return dialog


def told(dialog: CaptureDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible())


def test_a_pasted_link_by_keys_with_the_date_asked_for(at: Office) -> None:
    dialog = opened(at, f"{POST} Meters are fine.")
    assert (dialog.address.text(), dialog.words.toPlainText(), dialog.place.currentData()) == (POST, "Meters are fine.", "x")
    assert not dialog.keep_button.isEnabled() and dialog.windowTitle() == "Write down what Joe did"
    at.qtbot.keyClicks(dialog.date, "18.11.2026")
    assert "Wednesday 18 November 2026" in told(dialog) and dialog.keep_button.isEnabled()
    at.qtbot.keyClick(dialog.date, Qt.Key.Key_Return)
    at.wait(lambda: not dialog.isVisible())
    (found,) = activities.of_profiles(at.db, profiles.ids_of_person(at.db, joe(at)), Filter())
    assert found.activity is not None and (found.activity.published, found.activity.precision) == (datetime(2026, 11, 18, tzinfo=UTC), Precision.DAY)
    assert found.by_hand == "Meters are fine." and at.changes[-1].undo == "Wrote down what Joe Brown did (X)"
    people.undo(at.db, NOW)
    assert activities.count(at.db) == 0


@pytest.mark.parametrize(
    ("typed", "words", "can"),
    [("1/2/2026", "could be two dates", False), ("2026-02-30", "no day in the calendar", False), ("2026-11", "November 2026", True), ("2026", "2026", True),
     ("2026-11-18 09:12", "Wednesday 18 November 2026, ", True), ("unknown", "date unknown", True), ("", "Only what you type is kept", False)],
)  # fmt: skip
def test_what_a_date_means_is_told_before_it_is_kept(at: Office, typed: str, words: str, can: bool) -> None:
    dialog = opened(at, POST)
    at.qtbot.keyClicks(dialog.date, typed)
    assert words in told(dialog) and dialog.keep_button.isEnabled() == can


def test_the_date_that_an_address_holds_is_offered_and_not_taken_by_itself(at: Office) -> None:
    dialog = opened(at, POST)
    assert dialog.date.text() == "" and "12 November 2022" in dialog.itself.text()
    dialog.itself.setFocus()
    at.qtbot.keyClick(dialog.itself, Qt.Key.Key_Space)
    assert dialog.date.text() == "2022-11-12T01:00:59Z" and dialog.keep_button.isEnabled()
    again = opened(at, "Only words")
    assert not again.itself.isVisible() and again.place.currentData() == ""
    at.qtbot.keyClick(again.unknown, Qt.Key.Key_Space)
    assert again.date.text() == "unknown" and not again.keep_button.isEnabled()
    again.place.setFocus()
    again.place.setCurrentIndex(again.place.findData("linkedin"))
    again.kind.setCurrentIndex(again.kind.findData(Kind.MESSAGE.value))
    again.words.setFocus()
    at.qtbot.keyClick(again.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.wait(lambda: not again.isVisible())
    assert [s.profile.key.place for s in profiles.of_person(at.db, joe(at))] == ["linkedin"]


def test_of_several_profiles_one_has_to_be_chosen(at: Office) -> None:
    bring(at.db, [who("Joe Brown", "x", "1", handle="joe_work"), who("Joe Brown", "x", "2", handle="joe_home")])
    for name in ("1", "2"):
        stored = profiles.by_key(at.db, Key("x", name))
        assert stored is not None
        people.link(at.db, stored.id, joe(at), NOW)
    dialog = opened(at, "Said at lunch.")
    at.qtbot.keyClicks(dialog.date, "unknown")
    dialog.place.setCurrentIndex(dialog.place.findData("x"))
    assert dialog.profile.isVisible() and not dialog.keep_button.isEnabled()
    dialog.profile.setCurrentIndex(2)
    assert dialog.keep_button.isEnabled()


def test_what_was_typed_and_not_kept_comes_back(at: Office) -> None:
    dialog = opened(at)
    at.qtbot.keyClicks(dialog.words, "Half a thought")
    at.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    at.wait(lambda: bool(notes.drafts(at.db)))
    again = opened(at)
    at.wait(lambda: again.words.toPlainText() == "Half a thought")
    more = opened(at, "Whole thought")
    at.wait(lambda: more.words.toPlainText() == "Whole thought\n\nHalf a thought")


def test_a_dialog_that_let_go_of_itself_has_put_its_words_on_disk(at: Office) -> None:
    dialog = CaptureDialog(at.context, joe(at))
    dialog.show()
    settle(at)
    at.qtbot.keyClicks(dialog.words, "Half a thought")
    at.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    at.wait(lambda: bool(notes.drafts(at.db)))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    at.wait()


def test_an_error_keeps_the_words(at: Office) -> None:
    capturing.capture(at.db, joe(at), Words(place="x", url=POST, text="First."), NOW)
    dialog = opened(at, f"{POST} Second.")
    at.qtbot.keyClicks(dialog.date, "unknown")
    at.qtbot.keyClick(dialog.date, Qt.Key.Key_Return)
    at.wait(lambda: dialog.problem.isVisible())
    assert "in the desk already" in told(dialog) and dialog.words.toPlainText() == "Second."


def test_it_is_changed_and_removed_on_the_page_and_taken_back(at: Office) -> None:
    made, _ = capturing.capture(at.db, joe(at), Words(place="web", text="Spoke at the fair."), NOW)
    page = PersonPage(at.context)
    at.qtbot.addWidget(page)
    asked: list[tuple[Any, ...]] = []
    at.context.router.capture.connect(lambda *what: asked.append(what))
    page.resize(1200, 800)
    page.show()
    page.open(Target(page="person", id=joe(at)))
    at.wait(lambda: page.view.timeline().items())
    item = page.view.timeline().items()[0]
    page.feed._on_acted("change", item)
    assert asked == [(joe(at), "", made.key)]
    dialog = opened(at, "", made.key)
    assert dialog.words.toPlainText() == "Spoke at the fair." and dialog.date.text() == "unknown" and not dialog.place.isEnabled()
    dialog.date.setText("2026-11")
    at.qtbot.keyClick(dialog.date, Qt.Key.Key_Return)
    at.wait(lambda: not dialog.isVisible())
    found = captures.by_key(at.db, made.key)
    assert found is not None and found.precision is Precision.MONTH
    page.feed._on_acted("remove", item)
    at.wait(lambda: activities.count(at.db) == 0)
    people.undo(at.db, NOW)
    people.undo(at.db, NOW)
    again = captures.by_key(at.db, made.key)
    assert again is not None and again.precision is Precision.UNKNOWN


def test_shift_n_and_paste_open_it_for_the_person_shown(at: Office) -> None:
    page = PersonPage(at.context)
    at.qtbot.addWidget(page)
    asked: list[tuple[Any, ...]] = []
    at.context.router.capture.connect(lambda *what: asked.append(what))
    page.show()
    page.open(Target(page="person", id=joe(at)))
    at.wait()
    at.qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    QGuiApplication.clipboard().setText(POST)
    at.qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert asked == [(joe(at), "", None), (joe(at), POST, None)]


@pytest.fixture
def window(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(context_on(make_desk(tmp_path), look))
    qtbot.addWidget(made)
    made.start()
    made.resize(1400, 900)
    made.show()
    qtbot.waitUntil(lambda: not made.context.tasks.busy())
    yield made
    put_away(made)


def dropped(window: MainWindow, url: str, at: QPointF) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl(url)])
    drop = QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    return window._drops.eventFilter(window, drop)


def test_a_link_dropped_on_somebody_is_what_they_did(window: MainWindow, qtbot: QtBot) -> None:
    window.go(Target(page="person", id=2))
    qtbot.waitUntil(lambda: not window.context.tasks.busy() and window.people.isVisible())
    view = window.people.view
    rect = view.visualRect(window.people.model.index_of(1))
    spot = QPointF(window.mapFromGlobal(view.viewport().mapToGlobal(rect.center())))
    assert dropped(window, POST, spot)
    qtbot.waitUntil(lambda: bool(window.findChildren(CaptureDialog)))
    (dialog,) = window.findChildren(CaptureDialog)
    qtbot.waitUntil(lambda: dialog.address.text() == POST)
    assert dialog._person_id == 1
    dialog.close()
    qtbot.waitUntil(lambda: not window.findChildren(CaptureDialog))
    page = window.page()
    assert page is not None and dropped(window, POST, QPointF(window.mapFromGlobal(page.mapToGlobal(page.rect().center()))))
    qtbot.waitUntil(lambda: [d._person_id for d in window.findChildren(CaptureDialog)] == [2])


def test_a_link_dropped_elsewhere_may_lead_to_somebody(window: MainWindow, qtbot: QtBot) -> None:
    window.go(Target(page="places"))
    qtbot.waitUntil(lambda: not window.context.tasks.busy())
    assert dropped(window, "https://github.com/joe-b", QPointF(700, 500))
    qtbot.waitUntil(lambda: [d.field.text() for d in window.findChildren(AddDialog)] == ["https://github.com/joe-b"])
    assert not dropped(window, "ftp://x.example/", QPointF(700, 500))


def test_a_text_field_takes_a_link_as_text(window: MainWindow, qtbot: QtBot) -> None:
    window.go(Target(page="person", id=2))
    qtbot.waitUntil(lambda: not window.context.tasks.busy() and window.people.isVisible())
    search = window.people.search
    spot = QPointF(window.mapFromGlobal(search.mapToGlobal(search.rect().center())))
    assert not dropped(window, POST, spot)
    assert window.findChildren(CaptureDialog) == [] and window.findChildren(AddDialog) == []
