"""A real pair of mail servers behind the outbox: aiosmtpd takes and delivers, Dovecot keeps. What is sent arrives once, lies in Sent, and is
the same that a reading brings; killed in between, it is found there or left to the user, never sent twice."""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from relationdesk.model import Audience, Key, Login, Role
from relationdesk.outgoing import Deed, Entry, Recipient, State
from relationdesk.services import outbox, sending, sync
from relationdesk.sources import mail_sending
from relationdesk.sources.imap import Imap
from relationdesk.store import logins
from relationdesk.store.database import Desk, open_memory, transaction
from tests.sources.test_imap_server import Server, free_port, introduce, put, server

__all__ = ["server"]
pytestmark = pytest.mark.slow


class Post:
    """A sending server that delivers into Dovecot's inboxes. cut: take the mail, and break off without a word."""

    def __init__(self, server: Server) -> None:
        self.server, self.cut, self.taken = server, False, 0
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(server.folder / "cert.pem", server.folder / "key.pem")

        def password(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
            return AuthResult(success=data.password == b"pw", handled=data.password == b"pw")

        self.port = free_port()
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, tls_context=tls, authenticator=password, auth_required=True, auth_require_tls=True
        )
        self._controller.start()
        self.is_on = True

    async def handle_DATA(self, running: Any, session: Any, envelope: Any) -> str:
        self.taken += 1
        for to in envelope.rcpt_tos:
            with imaplib.IMAP4("127.0.0.1", self.server.plain) as client:
                client.login(to, "pw")
                client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), envelope.content)
        if self.cut:
            running.transport.abort()
        return "250 Message accepted"

    def stop(self) -> None:
        if self.is_on:
            self.is_on = False
            self._controller.stop()


def _introduce(server: Server) -> None:
    """Everybody at once."""
    if "ada@" not in (server.folder / "users").read_text():
        introduce(server, *(f"{who}{name}@example.test" for name in ("ada", "bob", "cid", "dan", "eva") for who in ("", "joe.", "hidden.")))


@pytest.fixture
def post(server: Server) -> Iterator[Post]:
    _introduce(server)
    one = Post(server)
    yield one
    one.stop()


class At:
    """A desk of its own mailbox, whose clock a test moves."""

    def __init__(self, server: Server, post: Post, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.me, self.joe = f"{name}@example.test", f"joe.{name}@example.test"
        self.server, self.post, self.passed = server, post, timedelta(0)
        self.source = Imap(clock=self, sends_by=lambda address: f"smtp://127.0.0.1:{post.port}")
        monkeypatch.setattr(outbox, "senders", lambda: {"imap": self.source})
        monkeypatch.setattr(sending.ways, "token_of", lambda login: "pw")
        asked = (
            f"From: Joe Brown <{self.joe}>\r\nTo: {self.me}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@{self.joe}>\r\nSubject: Lifts\r\n\r\nHave you one?\r\n"
        )
        put(server, "INBOX", asked.encode(), user=self.me)
        put(server, "Sent", user=self.me)
        self.db: Desk = open_memory()
        login = Login(
            id=0, source="imap", place="mail", address=f"imaps://127.0.0.1:{server.tls}", user_name=self.me, profile=Key("mail", self.me), has_token=True, allow_private=True
        )
        with transaction(self.db):
            found = logins.get(self.db, logins.save(self.db, login))
        assert found is not None
        self.login = found
        self.read()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed

    def door(self, *_: Any) -> Any:
        door = self.server.door()
        door._allowed = door._allowed | {f"127.0.0.1:{self.post.port}"}
        return door

    def read(self) -> None:
        done = sync.sync(self.db, self.login, "pw", self.door(), self, source=self.source)
        assert done.failures == ()

    def run(self) -> sending.Sent:
        return sending.run(self.db, self, door=self.door)

    def say(self, text: str) -> Entry:
        new = outbox.New(
            person_id=None, place="mail", deed=Deed.MAIL, login=self.login.secret_name, towards=Key("mail", f"mid:1@{self.joe}"), text=text, audience=Audience.PRIVATE,
            recipients=(Recipient(value=self.joe, name="Joe Brown"), Recipient(value=f"hidden.{self.me}", role=Role.BCC)),
        )  # fmt: skip
        entry = outbox.put(self.db, new, self())[0]
        outbox.send(self.db, entry.uid, self(), hold_s=0)
        self.run()
        return self.entry(entry.uid)

    def entry(self, uid: str) -> Entry:
        found = outbox.get(self.db, uid)
        assert found is not None
        return found

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        with imaplib.IMAP4("127.0.0.1", self.server.plain) as client:
            client.login(user, "pw")
            client.select(folder, readonly=True)
            _, numbers = client.search(None, "ALL")
            return [client.fetch(n, "(RFC822)")[1][0][1] for n in numbers[0].split()]  # type: ignore[index, misc]


def count(db: Desk) -> int:
    return int(db.execute("SELECT count(*) FROM activities").fetchone()[0])


def test_it_arrives_lies_in_sent_and_is_what_a_reading_brings(server: Server, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    at = At(server, post, "ada", monkeypatch)
    entry = at.say("We have one.\n.\nTwo even: 会議")
    assert (entry.state, entry.failure) == (State.SENT, "")
    (arrived,) = at.mails(at.joe)
    (sent,) = at.mails(at.me, "Sent")
    assert arrived.replace(b"\r\n", b"\n").strip() == sent.replace(b"\r\n", b"\n").strip() and b"hidden" not in arrived
    assert f"In-Reply-To: <1@{at.joe}>".encode() in arrived and b"Subject: Re: Lifts" in arrived and len(at.mails(f"hidden.{at.me}")) == 1
    before = count(at.db)
    at.read()
    assert count(at.db) == before == 2


def test_taken_and_broken_off_it_is_not_sent_twice(server: Server, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    at = At(server, post, "bob", monkeypatch)
    post.cut = True
    entry = at.say("Once")
    assert entry.state is State.SENDING and entry.unsure and len(at.mails(at.joe)) == 1
    post.cut = False
    at.passed = timedelta(minutes=5)
    at.run()
    assert at.entry(entry.uid).state is State.FAILED and "cannot say" in at.entry(entry.uid).failure and at.entry(entry.uid).text == "Once"
    at.passed = timedelta(days=1)
    at.run()
    assert post.taken == 1


def test_the_same_words_sent_before_are_not_taken_for_those_in_doubt(server: Server, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    at = At(server, post, "eva", monkeypatch)
    assert at.say("Thanks").state is State.SENT
    post.cut = True
    second = at.say("Thanks")
    post.cut = False
    at.passed = timedelta(minutes=5)
    at.run()
    assert len(at.mails(at.me, "Sent")) == 1 and at.entry(second.uid).state is State.FAILED and at.entry(second.uid).unsure


def test_killed_after_it_was_filed_it_is_found_in_sent(server: Server, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    at = At(server, post, "cid", monkeypatch)
    send = mail_sending.send

    def dies(*arguments: Any) -> Any:
        send(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(mail_sending, "send", dies)
        at.say("Found")
    (entry,) = outbox.every(at.db)
    assert entry.unsure
    at.passed = timedelta(minutes=5)
    at.run()
    assert at.entry(entry.uid).state is State.SENT and post.taken == 1


def test_a_wrong_password_and_a_dead_server_keep_the_words(server: Server, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    at = At(server, post, "dan", monkeypatch)
    monkeypatch.setattr(sending.ways, "token_of", lambda login: "wrong")
    refused = at.say("Kept")
    assert refused.state is State.FAILED and "does not accept" in refused.failure and refused.text == "Kept" and "wrong" not in refused.failure
    monkeypatch.setattr(sending.ways, "token_of", lambda login: "pw")
    post.stop()
    waits = at.say("Waits")
    assert waits.state is State.WAITING and not waits.unsure and "cannot be reached" in waits.failure
