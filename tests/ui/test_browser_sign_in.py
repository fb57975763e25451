"""Connecting by a sign-in in the browser: it is opened, waited for without holding the window up, and can be stopped."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from relationdesk.errors import KeyringUnavailable
from relationdesk.model import Changes, Login
from relationdesk.services import sign_in
from relationdesk.sources.base import WayBack
from relationdesk.sources.door_callback import Callback
from relationdesk.sources.salesforce import Salesforce
from relationdesk.ui.connect_dialog import ConnectDialog
from relationdesk.ui.theme import Look
from tests.ui.office import Office, office

HOST, KEY = "carter.my.salesforce.com", "3MVG9" + "a" * 40


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, lambda db: None) as made:
        yield made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pages that a browser was asked to open."""
    pages: list[str] = []

    def open_url(url: QUrl) -> bool:
        pages.append(bytes(url.toEncoded().data()).decode())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setattr(Salesforce, "way_back", WayBack(path="/OauthRedirect", host="localhost"))
    return pages


def begun(at: Office, key: str = KEY) -> Any:
    dialog = ConnectDialog(at.context, "salesforce")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.qtbot.keyClicks(dialog.address, HOST)
    at.qtbot.keyClicks(dialog.token, key)
    at.qtbot.keyClick(dialog.address, Qt.Key.Key_Return)
    return dialog


def come_back(page: str, **answer: str) -> http.client.HTTPConnection:
    """As the browser does, without waiting for the answer."""
    query = parse_qs(urlsplit(page).query)
    parts = urlsplit(query["redirect_uri"][0])
    wire = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=5)
    told = "&".join(f"{name}={value}" for name, value in answer.items())
    wire.request("GET", f"{parts.path}?state={query['state'][0]}&{told}", headers={"Host": parts.netloc})
    return wire


def test_the_browser_is_opened_and_what_it_brings_back_connects(at: Office, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[tuple[str, bool]] = []

    def finish(db: object, under_way: sign_in.SignIn, code: str, clock: object, **named: Any) -> tuple[Login, Changes]:
        codes.append((code, named["until_quit"]))
        under_way.worth = (HOST, "token")
        if not named["until_quit"]:
            raise KeyringUnavailable("This computer has no password store that RelationDesk can use.")
        return Login(id=7, source="salesforce", place="salesforce", address=f"https://{HOST}"), Changes(logins=True)

    monkeypatch.setattr(sign_in, "finish", finish)
    dialog = begun(at)
    (page,) = opened
    assert page.startswith(f"https://{HOST}/services/oauth2/authorize?")
    assert not dialog.go_button.isEnabled() and dialog.copy_page.isVisible() and not dialog.problem.isVisible()
    dialog.copy_page.click()
    assert QGuiApplication.clipboard().text() == page
    wire = come_back(page, code="one-time")
    at.wait(lambda: dialog.problem.isVisible())
    assert b"close this page" in wire.getresponse().read()
    wire.close()
    assert "no password store" in dialog.said.text() and not dialog.copy_page.isVisible()
    dialog.until_quit.setChecked(True)
    dialog.connect_place()  # what the sign-in was worth is still known: the browser is not needed again
    at.wait(lambda: bool(at.synced))
    assert codes == [("one-time", False), ("", True)] and at.synced == [7] and len(opened) == 1 and dialog.token.text() == ""


def test_stopping_hears_nobody_any_more_and_leaves_the_form(at: Office, opened: list[str]) -> None:
    dialog = begun(at)
    dialog.progress.cancelled.emit()
    assert dialog.said.text() == "Stopped. Nothing was added." and dialog.go_button.isEnabled() and dialog.token.text() == KEY
    with pytest.raises(ConnectionError):
        come_back(opened[0], code="late")


def test_a_sign_in_that_was_refused_there_is_told(at: Office, opened: list[str]) -> None:
    dialog = begun(at)
    wire = come_back(opened[0], error="access_denied")
    at.wait(lambda: dialog.problem.isVisible())
    wire.close()
    assert "refused in the browser" in dialog.said.text() and dialog.go_button.isEnabled() and not dialog.copy_page.isVisible()


def test_closing_the_dialog_closes_the_way_back(at: Office, opened: list[str]) -> None:
    begun(at).reject()
    with pytest.raises(ConnectionError):
        come_back(opened[0], code="late")


def test_a_server_of_mastodon_wants_nothing_but_its_address(at: Office, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told who we are first; then its page opens, and what comes of it connects."""
    asked: list[tuple[str, bool, bool]] = []

    def begin(db: object, source: str, address: str, *, writes: bool, allow_private: bool, **_: object) -> sign_in.SignIn:
        asked.append((address, writes, allow_private))
        callback = Callback("st4te")
        query = urlencode({"redirect_uri": callback.address, "state": "st4te"})
        return sign_in.SignIn(f"https://{address}/oauth/authorize?{query}", callback, sign_in._Asked(source, address, "", "v", allow_private, client="app"))

    def finish(db: object, under_way: sign_in.SignIn, code: str, clock: object, **_: Any) -> tuple[Login, Changes]:
        return Login(id=9, source="mastodon", place="mastodon", address=f"https://{under_way.asked.address}", user_name=code), Changes(logins=True)

    monkeypatch.setattr(sign_in, "begin_registered", begin)
    monkeypatch.setattr(sign_in, "finish", finish)
    dialog = ConnectDialog(at.context, "mastodon")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.sign_in.isVisible() and not dialog.sign_in.isEnabled() and dialog.key_writes.isVisible()
    at.qtbot.keyClicks(dialog.address, "town.example")
    dialog.key_writes.setChecked(True)
    dialog.sign_in.setFocus()
    at.qtbot.keyClick(dialog.sign_in, Qt.Key.Key_Space)
    at.wait(lambda: bool(opened))
    assert asked == [("town.example", True, False)] and opened[0].startswith("https://town.example/oauth/authorize?")
    assert dialog.copy_page.isVisible() and not dialog.sign_in.isEnabled() and not dialog.go_button.isEnabled()
    wire = come_back(opened[0], code="one-time")
    at.wait(lambda: at.synced == [9])
    wire.close()


def test_by_the_keyboard_the_way_leads_from_the_address_to_the_sign_in(at: Office, opened: list[str]) -> None:
    dialog = ConnectDialog(at.context, "mastodon")
    at.qtbot.addWidget(dialog)
    dialog.show()
    at.qtbot.keyClicks(dialog.address, "town.example")
    met = []
    for _ in range(3):
        at.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        met.append(dialog.focusWidget())
    assert met == [dialog.key_writes, dialog.sign_in, dialog.token]


@pytest.mark.parametrize(("source", "part"), [("mastodon https://town.example", "sign_in"), ("github github.com", "token"), ("mastodon", "address")])
def test_signing_in_again_begins_where_one_signs_in(at: Office, opened: list[str], source: str, part: str) -> None:
    dialog = ConnectDialog(at.context, source)
    at.qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.focusWidget() is getattr(dialog, part)


@pytest.mark.parametrize("source", ["salesforce", "github", "hackernews"])
def test_only_where_it_can_be_done_so_it_is_offered(at: Office, opened: list[str], source: str) -> None:
    dialog = ConnectDialog(at.context, source)
    at.qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.sign_in.isVisible()
