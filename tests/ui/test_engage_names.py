"""Whom an answer on Mastodon names, by real key events: there from the start, counted, to be changed, and what the preview shows is what goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from relationdesk.model import Key, Login, Profile, Role
from relationdesk.outgoing import Deed, State
from relationdesk.services import engaging, sending
from relationdesk.store import database, logins
from relationdesk.store.database import transaction
from relationdesk.ui.engage_dialog import EngageDialog
from relationdesk.ui.main_window import MainWindow
from relationdesk.ui.page import Target
from relationdesk.ui.theme import Look
from tests.facts import bring, did
from tests.ui.test_engage_dialog import answer, entries
from tests.ui.timeline_desk import NOW, TOOT, Desk_, make, whole_window

POST = Key("mastodon", "both")
SAM = Profile(key=Key("mastodon", "https://hotel.example/users/sam"), handle="sam@hotel.example", display_name="Sam Carter", is_owner=True)
JOE = Profile(key=TOOT, handle="joeb@hotel.example", display_name="Joe Brown")
MARY = Profile(key=Key("mastodon", "https://far.example/users/mary"), handle="mary@far.example", display_name="Mary Jones")


@pytest.fixture
def desk(tmp_path: Path, look: Look) -> Iterator[Desk_]:
    made = Desk_(make(tmp_path / "desk"), look)
    db = database.connect(made.made.file)
    with transaction(db):
        logins.save(db, Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", has_token=True, profile=SAM.key))
    bring(db, [SAM, JOE, MARY, replace(did(JOE, "both", NOW - timedelta(hours=1), "And you, @sam @mary@far.example?", to=[SAM, MARY, JOE], role=Role.MENTIONED))], now=NOW)
    db.close()
    yield made
    made.tasks.close()


@pytest.fixture
def window(desk: Desk_, qtbot: QtBot) -> Iterator[MainWindow]:
    yield from whole_window(desk, qtbot)


def composer(window: MainWindow, desk: Desk_, qtbot: QtBot) -> EngageDialog:
    return answer(window, desk, qtbot, POST)


def close(dialog: EngageDialog, desk: Desk_, qtbot: QtBot) -> None:
    dialog.reject()
    desk.settle(qtbot)


def test_everybody_is_named_but_me_and_only_that_is_nothing_said_yet(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = composer(window, desk, qtbot)
    assert dialog.text.toPlainText() == "@joeb @mary@far.example "
    assert dialog.count.text() == f"{len('@joeb @mary ')} of 500", "a name on another server counts without it"
    assert dialog.text.textCursor().atEnd() and not dialog.go.isEnabled() and "not named" not in dialog.told.text()
    close(dialog, desk, qtbot)
    assert entries(desk, qtbot) == [], "names alone are no draft"


def test_what_the_preview_shows_goes_out_letter_for_letter(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = composer(window, desk, qtbot)
    qtbot.keyClicks(dialog.text, "see https://www.hotel.example/a/very/long/address/of/prices  & <more>")
    qtbot.keyClick(dialog.preview_button, Qt.Key.Key_Space)
    shown = dialog.preview.text.text()
    assert dialog.preview.untold.isHidden()
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    (entry,) = entries(desk, qtbot)
    assert entry.state is State.WAITING and shown == entry.text == "@joeb @mary@far.example see https://www.hotel.example/a/very/long/address/of/prices  & <more>"
    db = database.connect(desk.made.file)
    handed = sending.outgoing(db, entry)
    db.close()
    assert handed.text.encode() == shown.encode()


def test_who_is_taken_out_is_not_put_back_and_it_is_said(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = composer(window, desk, qtbot)
    dialog.text.selectAll()
    qtbot.keyClicks(dialog.text, "Thanks")
    qtbot.keyClick(dialog.preview_button, Qt.Key.Key_Space)
    said = "@joeb is not named in it, so Mastodon may not tell them."
    assert said not in dialog.told.text() and dialog.preview.untold.text() == said and dialog.go.isEnabled()  # once is enough
    dialog.preview_button.setChecked(False)
    assert said in dialog.told.text()
    close(dialog, desk, qtbot)
    again = composer(window, desk, qtbot)
    assert again.text.toPlainText() == "Thanks" and said in again.told.text()
    qtbot.keyClick(again.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle(qtbot)
    assert [(e.text, e.state) for e in entries(desk, qtbot)] == [("Thanks", State.WAITING)]


def test_a_draft_with_its_names_is_as_it_was(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = composer(window, desk, qtbot)
    qtbot.keyClicks(dialog.text, "Thanks")
    close(dialog, desk, qtbot)
    assert composer(window, desk, qtbot).text.toPlainText() == "@joeb @mary@far.example Thanks"


def test_typed_and_deleted_to_the_names_is_nothing_kept(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = composer(window, desk, qtbot)
    qtbot.keyClicks(dialog.text, "ab")
    dialog.flush()
    desk.settle(qtbot)
    assert [e.text for e in entries(desk, qtbot)] == ["@joeb @mary@far.example ab"]
    for _ in range(2):
        qtbot.keyClick(dialog.text, Qt.Key.Key_Backspace)
    close(dialog, desk, qtbot)
    assert entries(desk, qtbot) == []


def test_a_direct_message_begins_with_its_name_and_without_it_reaches_nobody(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = answer(window, desk, qtbot, POST, Qt.Key.Key_M)
    assert dialog.subject is not None
    dialog.where.setCurrentIndex(next(n for n, c in enumerate(dialog.subject.choices) if c.place == "mastodon" and c.deed is Deed.MESSAGE))
    assert dialog.text.toPlainText() == "@joeb "
    qtbot.keyClicks(dialog.text, "Hello")
    assert dialog.go.isEnabled()
    dialog.text.setPlainText("Hello")
    assert not dialog.go.isEnabled() and "write @joeb in it" in dialog.told.text()
    dialog.where.setCurrentIndex(0)
    assert dialog.text.toPlainText() == "Hello"


def test_a_short_name_of_somebody_on_another_server_is_not_sent_as_the_place_would_refuse_it(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    """ "@mary" would be whoever is called so on one's own server: the window says so, before the outbox has to."""
    db = database.connect(desk.made.file)
    with transaction(db):
        db.execute("UPDATE profiles SET person_id = ? WHERE native_id = ?", (desk.made.joe, MARY.key.native_id))
    db.close()
    dialog = answer(window, desk, qtbot, POST, Qt.Key.Key_M)
    assert dialog.subject is not None
    dialog.where.setCurrentIndex(next(n for n, c in enumerate(dialog.subject.choices) if c.names == ("@mary@far.example",)))
    dialog.text.selectAll()
    qtbot.keyClicks(dialog.text, "@mary Hello")
    assert not dialog.go.isEnabled() and "write @mary@far.example in it" in dialog.told.text()
    dialog.text.selectAll()
    qtbot.keyClicks(dialog.text, "Hello @mary@far.example")
    assert dialog.go.isEnabled()


def test_another_place_takes_the_names_away_and_gives_them_back(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    dialog = answer(window, desk, qtbot, POST, Qt.Key.Key_M)
    assert dialog.subject is not None
    here = next(n for n, c in enumerate(dialog.subject.choices) if c.place == "mastodon" and c.way is not None)
    other = next(n for n, c in enumerate(dialog.subject.choices) if not c.names)
    dialog.where.setCurrentIndex(other)
    qtbot.keyClicks(dialog.text, "Hello")
    dialog.where.setCurrentIndex(here)
    assert dialog.text.toPlainText() == "@joeb Hello"
    dialog.where.setCurrentIndex(other)
    assert dialog.text.toPlainText() == "Hello"


def test_places_that_tell_by_themselves_begin_with_nothing(desk: Desk_) -> None:
    """By hand on the page, too: it puts the names in itself."""
    db = database.connect(desk.made.file)
    found = engaging.subject(db, desk.made.joe, (Key("mastodon", "both"),), NOW)
    assert [c.opening for c in found.choices] == ["@joeb @mary@far.example "]
    with transaction(db):
        db.execute("DELETE FROM logins")
    by_hand = engaging.subject(db, desk.made.joe, (Key("mastodon", "both"),), NOW)
    assert [(c.way, c.opening) for c in by_hand.choices] in ([], [(None, "")])
    db.close()


def test_no_button_is_cut_however_long_the_host_and_the_text_is_where_it_is_seen(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    db = database.connect(desk.made.file)
    with transaction(db):
        db.execute("DELETE FROM logins")
    bring(db, [replace(did(JOE, "far", NOW - timedelta(hours=2), "And?"), url="https://social.back-of-house.example/@joe/1")], now=NOW)
    db.close()
    desk.context.look.set_text_scale(2.0)
    dialog = answer(window, desk, qtbot, Key("mastodon", "far"))
    qtbot.keyClicks(dialog.text, "Yes")
    for button in (dialog.go, dialog.drop_button):
        qtbot.waitUntil(lambda button=button: button.isVisible() and button.width() >= button.sizeHint().width(), timeout=2_000)  # type: ignore[misc]
    assert "social.back-of-house.example" in dialog.go.accessibleName()
    room = dialog.text.mapTo(dialog, dialog.text.rect().topLeft()).y()
    assert 0 <= room < dialog.go.mapTo(dialog, dialog.go.rect().topLeft()).y(), "what is typed is seen"


def test_a_key_that_means_an_item_says_so_where_none_is_chosen(window: MainWindow, desk: Desk_, qtbot: QtBot) -> None:
    window.go(Target(page="place", place="mastodon"))
    desk.settle(qtbot)
    page = window.page()
    assert page is not None
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_L)
    desk.settle(qtbot)
    assert window.toast.text().startswith("Nothing is chosen. J and K step through")
