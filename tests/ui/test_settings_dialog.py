"""Settings hold at once and are kept; copies can be made and the desk checked; connecting says what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from relationdesk.errors import KeyringUnavailable, SourceUnavailable
from relationdesk.model import Changes, Login, Stream
from relationdesk.services import agenda, backup, logins
from relationdesk.store import settings
from relationdesk.ui.cheat_sheet import CheatSheet
from relationdesk.ui.connect_dialog import ConnectDialog
from relationdesk.ui.links import LinkDialog
from relationdesk.ui.settings_dialog import SettingsDialog
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.facts import NOW, arrive, did, who
from tests.ui.office import Office, office

ANN = who("Ann Example", id_="ann")


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, lambda db: arrive(db, (ANN, did(ANN, "a1")))) as made:
        yield made


def shown(at: Office, dialog: Any) -> Any:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.wait()
    return dialog


def test_what_is_changed_holds_at_once_and_is_kept(at: Office) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    assert (dialog.every.value(), dialog.cap.value(), dialog.text_size.value()) == (30, 12, 100)
    dialog.theme._buttons["dark"].click()
    dialog.text_size.setValue(125)
    dialog.every.setValue(60)
    dialog.at_start.click()
    at.wait()
    kept = settings.load(at.db)
    assert (kept.theme, kept.text_percent, kept.sync_every_minutes, kept.sync_at_start) == ("dark", 125, 60, False)
    assert at.context.look.theme.dark and at.context.look.theme.text_scale == 1.25


def test_how_long_what_is_sent_can_be_taken_back(at: Office) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    assert dialog.hold.value() == 10 and "waits that long" in dialog.hold_said.text()
    dialog.hold.setValue(0)
    at.wait()
    assert settings.load(at.db).hold_seconds == 0 and dialog.hold_said.text() == "Nothing can be taken back: what you send goes out at once."
    again = shown(at, SettingsDialog(at.context))
    assert again.hold.value() == 0 and "Nothing can be taken back" in again.hold_said.text()
    again.hold.setValue(99)
    at.wait()
    assert settings.load(at.db).hold_seconds == 60


def test_words_to_watch_for_are_kept_and_bring_a_prompt(at: Office) -> None:
    arrive(at.db, (did(ANN, "a2", text="Has anybody tried the meters of Gridwell yet", when=NOW - timedelta(hours=3)),))
    assert not any(entry.prompt.rule == "mentioned" for entry in agenda.today(at.db, NOW).shown)
    dialog = shown(at, SettingsDialog(at.context))
    told: list[Changes] = []
    at.context.tasks.changed.connect(told.append)
    field = dialog.words["competitor_words"]
    assert field.accessibleName() == "Competitors"
    at.qtbot.keyClicks(field, " Gridwell, Ohm & Sons ")
    at.qtbot.keyClick(field, Qt.Key.Key_Return)
    at.wait(lambda: settings.load(at.db).competitor_words == "Gridwell, Ohm & Sons")
    assert dialog.isVisible() and [change.prompts for change in told] == [True]
    (entry,) = [entry for entry in agenda.today(at.db, NOW).shown if entry.prompt.rule == "mentioned"]
    assert "Gridwell" in entry.prompt.because
    at.qtbot.keyClicks(dialog.words["home_town"], "Lisbon")
    dialog.close()
    at.wait(lambda: settings.load(at.db).home_town == "Lisbon")
    again = shown(at, SettingsDialog(at.context))
    assert (again.words["competitor_words"].text(), again.words["home_town"].text()) == ("Gridwell, Ohm & Sons", "Lisbon")


def test_what_others_set_meanwhile_stays_and_pages_hear_of_it(at: Office) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    settings.save(at.db, settings.Settings(is_sample=True))
    dialog.cap.setValue(3)
    dialog.bom.click()
    at.wait()
    kept = settings.load(at.db)
    assert (kept.is_sample, kept.prompts_at_most, kept.extra_bom) == (True, 3, False)
    assert [(c.settings, c.prompts) for c in at.changes] == [(True, True), (True, False)]


def test_the_password_store_is_looked_at_and_the_keys_are_shown(at: Office) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    before = dialog.keys.text()
    next(b for b in dialog.findChildren(Button) if b.text() == "Check the password store").click()
    at.wait(lambda: dialog.keys.text() != before)
    dialog.findChild(Button, "keys").click()
    at.wait(lambda: dialog.findChild(CheatSheet) is not None and dialog.findChild(CheatSheet).isVisible())


def test_opening_changes_nothing(at: Office) -> None:
    settings.save(at.db, settings.Settings(theme="light", text_percent=150, prompts_at_most=3))
    dialog = shown(at, SettingsDialog(at.context))
    assert dialog.cap.value() == 3
    assert settings.load(at.db) == settings.Settings(theme="light", text_percent=150, prompts_at_most=3)


def test_a_copy_is_made_and_listed(at: Office, tmp_path: Path) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    dialog.findChild(Button, "copy_now").click()
    at.wait(lambda: dialog.said.text().startswith("Copied"))
    (copy,) = backup.copies(tmp_path)
    assert copy.path.name in dialog.said.text()
    at.wait(lambda: any(b.text() == "How to go back" for b in dialog.findChildren(Button)))
    next(b for b in dialog.findChildren(Button) if b.text() == "How to go back").click()
    assert str(copy.path) in dialog.said.text()


def test_the_desk_can_be_checked(at: Office, tmp_path: Path) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    assert dialog.where.text() == str(tmp_path)
    dialog.findChild(Button, "check").click()
    at.wait(lambda: dialog.said.text() == "The desk is sound: 1 person, 1 activity, 0 notes.")


# Connecting: the network itself is tested with the services; here is what the dialog makes of its answers


def test_without_a_key_store_the_user_is_asked_and_may_keep_it_until_quitting(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def connect(db: object, source: str, address: str, token: str, clock: object, **named: Any) -> tuple[Login, Changes]:
        asked.append({"source": source, "address": address, "token": token, "until_quit": named["until_quit"]})
        if not named["until_quit"]:
            raise KeyringUnavailable("This computer has no password store that RelationDesk can use.")
        return Login(id=7, source=source, place="mastodon", address="https://hotel.example"), Changes(logins=True)

    monkeypatch.setattr(logins, "connect", connect)
    dialog = shown(at, ConnectDialog(at.context, "mastodon hotel.example"))
    dialog.token.setText("t0ken")
    dialog.connect_place()
    at.wait(lambda: dialog.problem.isVisible())
    assert "no password store" in dialog.said.text() and dialog.until_quit.isVisible() and not dialog.until_quit.isChecked()
    dialog.until_quit.setChecked(True)
    dialog.connect_place()
    at.wait(lambda: bool(at.synced))
    assert [a["until_quit"] for a in asked] == [False, True] and asked[1]["address"] == "hotel.example"
    assert at.synced == [7] and dialog.token.text() == ""


def test_a_place_that_does_not_answer_leaves_the_form_to_try_again(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: Any, **__: Any) -> tuple[Login, Changes]:
        raise SourceUnavailable("hotel.example did not answer. Nothing was added. Try again later.")

    monkeypatch.setattr(logins, "connect", connect)
    dialog = shown(at, ConnectDialog(at.context, "mastodon"))
    assert not dialog.go_button.isEnabled()
    dialog.address.setText("hotel.example")
    dialog.go_button.click()
    at.wait(lambda: dialog.problem.isVisible())
    assert "did not answer" in dialog.said.text() and dialog.go_button.isEnabled() and not dialog.until_quit.isVisible()


def test_a_page_is_followed_at_once(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    login = Login(id=3, source="feed", place="blog", address="")
    monkeypatch.setattr(logins, "connect", lambda *_, **__: (login, Changes(logins=True)))
    monkeypatch.setattr(
        logins, "follow", lambda db, id_, address, clock, **_: (Stream(name="s", address=address, title="The Back of House"), Changes())
    )
    dialog = shown(at, ConnectDialog(at.context, "feed"))
    assert not dialog.token.isVisible()
    dialog.address.setText("https://backofhouse.example")
    dialog.connect_place()
    at.wait(lambda: bool(at.synced))
    assert at.toasts == ["You now follow The Back of House."] and at.synced == [3]


@pytest.mark.parametrize(("source", "address"), [("mastodon", "127.0.0.1:58123"), ("feed", "http://localhost:58123/blog"), ("feed", "127.0.0.1:58123")])
def test_a_server_of_my_own_is_asked_only_when_i_say_so(at: Office, source: str, address: str) -> None:
    """The real door: it refuses what is private by its name, and once allowed nobody answers on that port."""
    dialog = shown(at, ConnectDialog(at.context, source))
    assert not dialog.private.isVisible()
    at.qtbot.keyClicks(dialog.address, address)
    at.qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    at.wait(lambda: dialog.problem.isVisible())
    assert "private network" in dialog.said.text() and dialog.private.isVisible() and not dialog.private.isChecked()
    at.qtbot.keyClick(dialog.private, Qt.Key.Key_Space)
    at.qtbot.keyClick(dialog.go_button, Qt.Key.Key_Space)
    at.wait(lambda: "private network" not in dialog.said.text())
    assert dialog.problem.isVisible() and not dialog.private.isVisible()
    assert at.db.execute("SELECT count(*) FROM logins").fetchone() == (0,), "nothing is kept of a place that does not answer"


@pytest.mark.parametrize(("source", "address"), [("mastodon", "hotel example"), ("mastodon", "javascript:alert(1)"), ("feed", "http://"), ("feed", "file:///etc/passwd")])
def test_an_address_that_is_none_is_told_in_one_sentence(at: Office, source: str, address: str) -> None:
    dialog = shown(at, ConnectDialog(at.context, source))
    at.qtbot.keyClicks(dialog.address, address)
    at.qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    at.wait(lambda: dialog.problem.isVisible())
    assert dialog.said.text().endswith(".") and "Traceback" not in dialog.said.text()
    assert at.db.execute("SELECT count(*) FROM logins").fetchone() == (0,) and not at.bugs


def test_a_key_is_made_in_the_browser_where_the_place_can_and_its_host_is_shown_first(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("relationdesk.ui.links.QDesktopServices.openUrl", lambda url: opened.append(url.toString()))
    dialog = shown(at, ConnectDialog(at.context, "discourse"))
    assert dialog.key_page.isVisible() and not dialog.key_page.isEnabled() and dialog.key_writes.isVisible() and not dialog.key_writes.isChecked()
    at.qtbot.keyClicks(dialog.address, "forum.example")
    at.qtbot.keyClick(dialog.key_page, Qt.Key.Key_Space)
    at.wait(lambda: bool(dialog.findChildren(LinkDialog)))
    (asked,) = dialog.findChildren(LinkDialog)
    assert asked.link.host == "forum.example" and asked.link.url.startswith("https://forum.example/user-api-key/new?") and opened == []
    asked._on_open()
    assert [address.partition("?")[0] for address in opened] == ["https://forum.example/user-api-key/new"] and dialog.go_button.isEnabled()
    dialog.place.setCurrentIndex(dialog.place.findData("pinboard"))
    assert not dialog.key_page.isVisible() and not dialog.key_writes.isVisible()


@pytest.mark.parametrize("writes", [True, False])
def test_the_key_may_write_only_if_it_is_said_so(at: Office, writes: bool) -> None:
    dialog = shown(at, ConnectDialog(at.context, "discourse"))
    at.qtbot.keyClicks(dialog.address, "forum.example")
    dialog.key_writes.setChecked(writes)
    dialog.open_key_page()
    at.wait(lambda: bool(dialog.findChildren(LinkDialog)))
    (asked,) = dialog.findChildren(LinkDialog)
    assert ("write" in asked.link.url) == writes


def test_no_page_is_opened_for_what_is_no_address(at: Office) -> None:
    dialog = shown(at, ConnectDialog(at.context, "discourse"))
    at.qtbot.keyClicks(dialog.address, "no forum")
    dialog.open_key_page()
    at.wait(lambda: dialog.problem.isVisible())
    assert "not the address of a forum" in dialog.said.text() and not dialog.findChildren(LinkDialog)


@pytest.mark.parametrize(
    ("typed", "key", "told"),
    [
        ("joe@outlook.com", "k3y", "Microsoft"), ("joe@firm.example", "k3y", "type the server after your address"), ("joe@gmail.com", "", "app password"),
        ("joe@firm.example 127.0.0.1:58123", "k3y", "private network"),
    ],
)  # fmt: skip
def test_what_a_mailbox_needs_is_told_before_anybody_is_asked(at: Office, typed: str, key: str, told: str) -> None:
    dialog = shown(at, ConnectDialog(at.context, "imap"))
    assert "Microsoft" in dialog._hint.text() and dialog._token_label.text() == "App password"
    at.qtbot.keyClicks(dialog.address, typed)
    at.qtbot.keyClicks(dialog.token, key)
    at.qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    at.wait(lambda: dialog.problem.isVisible())
    assert told in dialog.said.text() and dialog.private.isVisible() == (told == "private network")
    assert at.db.execute("SELECT count(*) FROM logins").fetchone() == (0,) and not at.bugs


def test_enter_ends_a_number_and_leaves_settings_open(at: Office) -> None:
    dialog = shown(at, SettingsDialog(at.context))
    dialog.cap.setFocus()
    dialog.cap.selectAll()
    at.qtbot.keyClicks(dialog.cap, "9")
    at.qtbot.keyClick(dialog.cap, Qt.Key.Key_Return)
    at.wait(lambda: settings.load(at.db).prompts_at_most == 9)
    assert dialog.isVisible()
