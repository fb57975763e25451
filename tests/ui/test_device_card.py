"""Connecting GitHub by a code: shown large, copied, its page opened only when asked for, waited for, and stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from pytestqt.qtbot import QtBot

from relationdesk.errors import KeyringUnavailable, UserMistake
from relationdesk.model import Changes, Login
from relationdesk.services import device_sign_in
from relationdesk.services.device_sign_in import DeviceSignIn
from relationdesk.sources.base import DeviceCode
from relationdesk.ui.connect_dialog import ConnectDialog
from relationdesk.ui.theme import Look
from tests.ui.office import Office, office

CLIENT = "Ov23liAbCdEfGhIjKlMn"
CODE = DeviceCode(shown="WDJB-MJHT", page="https://github.com/login/device", device="d3v1ce", every_s=5, ends_s=900)


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot) as made:
        yield made


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the place answers to a look, what connecting answers, and what was asked."""
    told: dict[str, Any] = {"look": [False], "finish": [(Login(id=3, source="github", place="github", address="https://api.github.com"), Changes())], "asked": [], "opened": []}

    def begin(db: object, source: str, address: str, key: str, *, writes: bool, **named: Any) -> DeviceSignIn:
        told["asked"].append((source, address, key, writes))
        return DeviceSignIn(source, address, key, False, CODE, lambda: 0.0)

    def answer(name: str) -> Any:
        found = told[name].pop(0) if len(told[name]) > 1 else told[name][0]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(device_sign_in, "begin", begin)
    monkeypatch.setattr(device_sign_in, "look", lambda db, under_way, **named: answer("look"))
    monkeypatch.setattr(device_sign_in, "finish", lambda db, under_way, clock, **named: answer("finish"))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: told["opened"].append(QUrl(url).toString()) or True)
    return told


def begun(at: Office) -> Any:
    dialog = ConnectDialog(at.context, "github")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    at.qtbot.keyClicks(dialog.address, "github.com")
    at.qtbot.keyClicks(dialog.token, CLIENT)
    at.qtbot.keyClick(dialog.token, Qt.Key.Key_Return)
    at.wait(dialog.device.isVisible)
    return dialog


def test_the_code_is_shown_and_copied_and_its_page_opened_only_when_asked_for(at: Office, said: dict[str, Any]) -> None:
    dialog = begun(at)
    assert said["asked"] == [("github", "github.com", CLIENT, False)] and dialog.device.code.text() == "WDJB-MJHT"
    assert "github.com" in dialog.device.words.text() and "15 minutes" in dialog.device.words.text() and dialog.device.code.accessibleName() == "The code: W D J B - M J H T"
    assert said["opened"] == [] and not dialog.go_button.isEnabled()
    at.qtbot.keyClick(dialog.device.copy_code, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "WDJB-MJHT"
    at.qtbot.keyClick(dialog.device.open_page, Qt.Key.Key_Space)
    assert said["opened"] == ["https://github.com/login/device"]
    assert dialog.device._timer.isActive() and dialog.device._timer.interval() == 5_000
    dialog.reject()
    assert not dialog.device._timer.isActive()


def test_once_it_is_allowed_it_connects(at: Office, said: dict[str, Any]) -> None:
    dialog = begun(at)
    said["look"] = [False, True]
    dialog.device.look_now()
    at.wait()
    assert dialog.device.isVisible() and at.synced == []
    dialog.device.look_now()
    at.wait(lambda: at.synced == [3])
    assert not dialog.isVisible() and dialog.token.text() == ""


def test_a_refusal_is_told_and_a_new_code_can_be_had(at: Office, said: dict[str, Any]) -> None:
    dialog = begun(at)
    said["look"] = [UserMistake("The sign-in was refused on GitHub’s page. Nothing was added; try again.")]
    dialog.device.look_now()
    at.wait(dialog.problem.isVisible)
    assert "refused" in dialog.said.text() and not dialog.device.isVisible() and dialog.go_button.isEnabled()
    dialog.connect_place()
    at.wait(dialog.device.isVisible)
    assert len(said["asked"]) == 2


def test_stopping_asks_no_more(at: Office, said: dict[str, Any]) -> None:
    dialog = begun(at)
    dialog.progress.cancelled.emit()
    assert not dialog.device.isVisible() and not dialog.device._timer.isActive() and dialog.said.text() == "Stopped. Nothing was added."


def test_a_silent_key_store_does_not_cost_the_code(at: Office, said: dict[str, Any]) -> None:
    dialog = begun(at)
    made = said["finish"][0]
    said["look"], said["finish"] = [True], [KeyringUnavailable("No password store. Your contacts are not affected."), made]
    dialog.device.look_now()
    at.wait(dialog.until_quit.isVisible)
    dialog.until_quit.setChecked(True)
    dialog.connect_place()
    at.wait(lambda: at.synced == [3])
    assert len(said["asked"]) == 1


def test_whether_the_key_may_also_write_is_asked_only_of_an_app(at: Office, said: dict[str, Any]) -> None:
    dialog = ConnectDialog(at.context, "github")
    at.qtbot.addWidget(dialog)
    at.kept.append(dialog)
    dialog.show()
    dialog.token.setText("ghp_" + "a" * 36)
    assert not dialog.key_writes.isVisible()
    dialog.token.setText(CLIENT)
    assert dialog.key_writes.isVisible()
