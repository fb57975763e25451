"""Where mail is sent: asked while a mailbox is connected, if wished, and changed later from its card."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from relationdesk.errors import LoginRejected, PrivateAddress
from relationdesk.model import Changes, Key, Login
from relationdesk.services import logins, sending_server
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, transaction
from relationdesk.ui.connect_dialog import ConnectDialog
from relationdesk.ui.page import Target
from relationdesk.ui.places_page import PlacesPage
from relationdesk.ui.sends_by_dialog import SendsByDialog
from relationdesk.ui.theme import Look
from relationdesk.ui.widgets.buttons import Button
from tests.ui.office import Office, office

BOX = Login(id=0, source="imap", place="mail", address="imaps://imap.firm.example:993", user_name="sam@firm.example", profile=Key("mail", "sam@firm.example"), has_token=True)
HOTEL = Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", has_token=True)


def fill(db: Desk) -> None:
    with transaction(db):
        stored.save(db, BOX)
        stored.save(db, HOTEL)


@pytest.fixture
def at(tmp_path: Path, look: Look, qtbot: QtBot) -> Iterator[Office]:
    with office(tmp_path, look, qtbot, fill) as made:
        yield made
        for left in made.kept:
            if isValid(left):
                left.close()


def shown(at: Office, dialog: Any) -> Any:
    at.kept.append(dialog)
    dialog.show()
    at.wait()
    return dialog


def box(at: Office) -> Login:
    return next(login for login in stored.every(at.db) if login.source == "imap")


def test_while_connecting_it_is_guessed_and_can_be_said_otherwise(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def connect(db: Desk, *args: Any, **named: Any) -> tuple[Login, Changes]:
        asked.append((*args[:3], named["sends_by"]))
        raise LoginRejected("smtp.other.example does not accept this address and password. Nothing was changed.")

    monkeypatch.setattr(logins, "connect", connect)
    dialog = shown(at, ConnectDialog(at.context, "imap"))
    assert dialog.sends_by.isHidden()
    dialog.address.setText("sam@firm.example imap.firm.example")
    assert dialog.sends_by.isVisible() and "smtp.firm.example, port 465, TLS" in dialog.sends_by.told.text() and dialog.sends_by.host.isHidden()
    dialog.token.setText("pw")
    dialog.connect_place()
    at.wait(lambda: len(asked) == 1)
    at.wait()
    dialog.sends_by.other.click()
    assert dialog.sends_by.host.isVisible() and (dialog.sends_by.host.text(), dialog.sends_by.port.value()) == ("smtp.firm.example", 465)
    dialog.sends_by.host.setText("")
    assert not dialog.go_button.isEnabled()
    at.qtbot.keyClicks(dialog.sends_by.host, "mail.other.example")
    dialog.sends_by.protection.setCurrentIndex(1)
    assert dialog.sends_by.port.value() == 587
    dialog.address.setText("sam@firm.example imap.firm.example:993")  # another guess takes nothing away that was typed
    dialog.connect_place()
    at.wait(lambda: len(asked) == 2)
    at.wait()
    assert [one[3] for one in asked] == ["", "smtp://mail.other.example:587"]
    assert dialog.isVisible() and "does not accept" in dialog.said.text()
    dialog.sends_by.host.setText("no server")
    dialog.connect_place()
    assert len(asked) == 2 and "SMTP server" in dialog.said.text()
    dialog.place.setCurrentIndex(dialog.place.findData("mastodon"))
    assert dialog.sends_by.isHidden()


def test_changed_later_it_is_tried_out_first(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = [LoginRejected("mail.other.example does not accept this. Nothing was changed."), PrivateAddress("mail.other.example lies on a private network.")]
    tried: list[tuple[str, bool]] = []

    class Tries:
        def sends_from(self, login: Login) -> str:
            return login.sends_by or "smtps://smtp.firm.example:465"

        def try_sending(self, login: Login, server: str, token: str, door: Any) -> None:
            tried.append((server, bool(door._allowed)))
            if errors:
                raise errors.pop(0)

    monkeypatch.setattr(sending_server, "source_for", lambda name: Tries())
    monkeypatch.setattr(sending_server.ways, "token_of", lambda login: "pw")
    dialog = shown(at, SendsByDialog(at.context, box(at)))
    assert not dialog.field.other.isChecked() and dialog.keep.text() == "Keep"
    dialog.field.other.click()
    assert dialog.keep.text() == "Try and keep"
    dialog.field.host.setText("mail.other.example")
    for said, private in (("does not accept", False), ("private network", True)):
        dialog.keep.click()
        at.wait(lambda said=said: said in dialog.said.text())  # type: ignore[misc]
        assert dialog.isVisible() and dialog.private.isVisible() == private and box(at).sends_by == ""
    dialog.private.click()
    told: list[str] = []
    at.context.router.toast.connect(lambda text, undo: told.append(text))
    dialog.keep.click()
    at.wait(lambda: bool(box(at).sends_by))
    at.wait()
    assert (box(at).sends_by, box(at).allow_private) == ("smtps://mail.other.example:465", True) and told == ["Mail is sent by mail.other.example, port 465, TLS."]
    assert tried == [("smtps://mail.other.example:465", False)] * 2 + [("smtps://mail.other.example:465", True)]
    again = shown(at, SendsByDialog(at.context, box(at)))
    assert again.field.other.isChecked() and again.field.host.text() == "mail.other.example"
    again.field.other.click()
    again.keep.click()
    at.wait(lambda: box(at).sends_by == "")
    assert len(tried) == 3  # as it follows: nobody is asked


def test_the_card_of_a_mailbox_leads_there_and_no_other(at: Office) -> None:
    page = PlacesPage(at.context)
    at.qtbot.addWidget(page)
    page.show()
    page.open(Target(page="places"))
    at.wait()
    for card in page.cards.values():
        card._more.click()
    found = {card.row.login.source: [b for b in card.findChildren(Button) if b.text() == "Where mail is sent …"] for card in page.cards.values()}
    assert found["mastodon"] == [] and len(found["imap"]) == 1
    found["imap"][0].click()
    at.wait()
    dialog = page.findChild(SendsByDialog)
    assert dialog is not None and "sam@firm.example" in dialog.accessibleName() + dialog._sentence.text()
    dialog.close()
