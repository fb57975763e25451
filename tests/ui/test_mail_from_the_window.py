"""Mail from somebody's page by real keys, through a real sending server into a real mailbox, and read back from there."""

from __future__ import annotations

import imaplib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from relationdesk.model import Key, Login
from relationdesk.outgoing import Entry, State
from relationdesk.services import outbox, sending, sync
from relationdesk.sources.imap import Imap
from relationdesk.store import activities, logins, people, settings
from relationdesk.store import outbox as rows
from relationdesk.store.database import transaction
from relationdesk.ui.engage_dialog import EngageDialog
from relationdesk.ui.page import Target
from relationdesk.ui.widgets.label import PlainLabel
from tests.facts import NOW
from tests.services.test_live_mail import Post, post
from tests.sources.test_imap_server import Server, introduce, server
from tests.ui.desk import sample_desk
from tests.ui.test_the_walk import CTRL, Walk

__all__ = ["post", "server"]
pytestmark = pytest.mark.slow
SAM, CHARLES = "sam.window@example.test", "charles.williams@quarrylane.example"
WORDS = "Twelve are on their way."


@pytest.fixture
def walk(tmp_path: Path, qapp: QApplication, qtbot: QtBot, server: Server, post: Post, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """The sample desk, in which Sam has a mailbox of these servers; Charles has one there, too."""
    if SAM not in (server.folder / "users").read_text():
        introduce(server, SAM, CHARLES)
    shutil.copytree(sample_desk(tmp_path / "sample").parent, tmp_path / "desk")
    source = Imap(sends_by=lambda address: f"smtp://127.0.0.1:{post.port}")

    def door(*_: Any) -> Any:
        made = server.door()
        made._allowed = made._allowed | {f"127.0.0.1:{post.port}"}
        return made

    monkeypatch.setattr(outbox, "senders", lambda: {"imap": source})
    monkeypatch.setattr(sync, "source_for", lambda name: source)
    monkeypatch.setattr(sending.ways, "token_of", lambda login: "pw")
    monkeypatch.setitem(sending.run.__kwdefaults__, "door", door)
    with imaplib.IMAP4("127.0.0.1", server.plain) as client:
        client.login(SAM, "pw")
        client.create("Sent")
    made = Walk(qapp, qtbot, tmp_path / "desk")
    with transaction(made.db):
        login = Login(id=0, source="imap", place="mail", address=f"imaps://127.0.0.1:{server.tls}", user_name=SAM, profile=Key("mail", SAM), has_token=True, allow_private=True)
        logins.save(made.db, login)
        settings.save(made.db, replace(settings.load(made.db), hold_seconds=0))
    yield made
    made.close()


def mails(server: Server, user: str, folder: str = "INBOX") -> list[bytes]:
    with imaplib.IMAP4("127.0.0.1", server.plain) as client:
        client.login(user, "pw")
        client.select(folder, readonly=True)
        _, numbers = client.search(None, "ALL")
        return [client.fetch(n, "(RFC822)")[1][0][1] for n in numbers[0].split()]  # type: ignore[index, misc]


def write(walk: Walk, words: str) -> None:
    """On the page of Charles: M, a subject, the words, Ctrl+Enter."""
    charles = next(p.id for p in people.page(walk.db, query="Charles Williams", limit=5))
    walk.window.go(Target(page="person", id=charles))
    walk.wait()
    walk.key(Qt.Key.Key_M)
    dialog = walk.dialog(EngageDialog)
    assert isinstance(dialog, EngageDialog) and (choice := dialog.choice()) is not None and choice.way is not None and choice.way.login.user_name == SAM
    dialog.heading.setFocus()
    walk.type("Spare meters")
    dialog.text.setFocus()
    walk.type(words)
    assert "at once; it cannot be taken back" in dialog.told.text() and dialog.go.isEnabled()
    walk.key(Qt.Key.Key_Return, mod=CTRL)


def entry(walk: Walk) -> Entry | None:
    return next((one for one in rows.every(walk.db) if one.text == WORDS), None)


def test_it_arrives_and_what_is_read_from_sent_is_the_same(walk: Walk, server: Server, post: Post) -> None:
    write(walk, WORDS)
    walk.wait(lambda: (one := entry(walk)) is not None and one.state is State.SENT, timeout=30_000)
    (arrived,) = mails(server, CHARLES)
    assert b"Subject: Spare meters" in arrived and WORDS.encode() in arrived and len(mails(server, SAM, "Sent")) == post.taken == 1
    sent = entry(walk)
    assert sent is not None and sent.key is not None
    found = activities.by_key(walk.db, sent.key)
    assert found is not None and found.activity is not None and found.activity.text.strip() == WORDS
    before = walk.db.execute("SELECT count(*) FROM activities").fetchone()[0]
    (login,) = (one for one in logins.every(walk.db) if one.source == "imap")
    assert sync.sync(walk.db, login, "pw", server.door(), lambda: NOW, source=sync.source_for("imap")).failures == ()
    assert walk.db.execute("SELECT count(*) FROM activities").fetchone()[0] == before


def test_a_server_that_does_not_answer_loses_no_word(walk: Walk, post: Post) -> None:
    post.stop()
    write(walk, WORDS)
    walk.wait(lambda: (one := entry(walk)) is not None and one.next_try is not None, timeout=30_000)
    kept = entry(walk)
    assert kept is not None and kept.state is State.WAITING and "127.0.0.1" in kept.failure
    with walk.qtbot.waitActive(walk.window):
        walk.window.activateWindow()
    walk.key(Qt.Key.Key_G, Qt.Key.Key_O)
    page = walk.page("outbox")
    assert "127.0.0.1" in " ".join(label.text() for label in page.findChildren(PlainLabel))  # type: ignore[attr-defined]
