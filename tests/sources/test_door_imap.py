"""Mail servers that lie, drip, flood and break off: every visit ends in time and in bounded memory with a sentence, nothing that was
read is lost, and the password goes nowhere it was not meant for."""

from __future__ import annotations

import re
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relationdesk.errors import (
    Cancelled,
    LoginRejected,
    PrivateAddress,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
)
from relationdesk.model import Login
from relationdesk.services import key_store, logins, sync
from relationdesk.sources import door_imap
from relationdesk.sources.door import Door
from relationdesk.sources.door_imap import visit
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory, transaction
from tests.facts import state
from tests.imap_server import PASSWORD, USER, Box, InMemory, Mailbox, listening, speaking

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LOOPBACK = frozenset({"127.0.0.1"})


def letter(number: int) -> bytes:
    return (
        f"From: joe@hotel.example\nTo: {USER}\nDate: Fri, 20 Nov 2026 10:{number:02}:00 +0000\nMessage-ID: <{number}@hotel.example>\n"
        f"Subject: Number {number}\n\nWords.\n"
    ).encode()


def mailbox(*numbers: int, extensions: str = "ESEARCH SPECIAL-USE LIST-EXTENDED") -> Mailbox:
    made = Mailbox({"INBOX": Box(), "Sent": Box("\\Sent")}, extensions)
    for number in numbers:
        made.boxes["INBOX"].add(letter(number))
    return made


Change = Callable[[bytes, bytes], bytes]


def instead(command: bytes, said: bytes) -> Change:
    """These bytes in place of the answer to a command; TAG stands for its tag."""
    return lambda asked, honest: said.replace(b"TAG", asked.partition(b" ")[0]) if command in asked else honest


STEPS = [b"CAPABILITY", b"AUTHENTICATE", b"LIST", b"STATUS", b"EXAMINE", b"UID SEARCH", b"UID FETCH"]
SAID = {
    "BYE": b"* BYE going\r\n",
    "broken off": b"",
    "another tag": b"Z9 OK done\r\n",
    "BAD": b"TAG BAD no\r\n",
    "to go on unasked": b"+ go on\r\n+ go on\r\n+ go on\r\n",
    "bytes": bytes(range(256)) * 20 + b"\r\n",
    "a literal of four gigabytes": b"* 1 FETCH (UID 1 BODY[] {4294967296}\r\nabc",
    "a literal of more digits than a number": b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nabc",
    "a line without end": b"* " + b"x" * 9_000_000,
    "answers without end": b"* 1 FETCH (UID 1 BODY[] {1}\r\nx)\r\n" * 200_000,
    "empty lines without end": b"\r\n" * 100_000,
}
BEYOND = [
    (b"STATUS", b'* STATUS "INBOX" (UIDVALIDITY 1 UIDNEXT 99 MESSAGES 9' + b"(" * 5_000 + b"\r\nTAG OK done\r\n"),
    (b"UID SEARCH", b"* SEARCH " + b"7 " * 1_900_000 + b"\r\n* SEARCH " + b"8 " * 1_900_000 + b"\r\n* SEARCH " + b"9 " * 1_900_000 + b"\r\n"),
    (b"UID SEARCH", b'* ESEARCH (TAG "x") UID ALL 1:4294967295\r\nTAG NO\r\n'),
    (b"UID FETCH", b"* 1 FETCH (UID 1" + b" (" * 200_000 + b"\r\nTAG OK done\r\n"),
    (b"UID FETCH", b"* 1 FETCH (UID 1 X " + b'"' * 99_999 + b")\r\nTAG OK done\r\n"),
    (b"UID FETCH", b"* 1 FETCH (UID 1 X " + b"a " * 500_000 + b")\r\nTAG OK done\r\n"),
]


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk that has read two mails from a server which was good then."""
    db = open_memory()
    login = Login(id=0, source="imap", place="mail", address="imap://127.0.0.1:1", user_name=USER, has_token=True, allow_private=True)
    with transaction(db):
        stored.save(db, login)
    key_store.keep_until_quit(login.secret_name, PASSWORD)
    done = reads(db, Door(network=InMemory(mailbox(1, 2)), allowed_hosts=LOOPBACK))
    assert (done.new, done.failures) == (2, ())
    yield db
    key_store._until_quit.clear()


class There(Door):
    """127.0.0.1:1 is at this port now."""

    def __init__(self, port: int, **options: Any) -> None:
        super().__init__(allowed_hosts=LOOPBACK, **options)
        self._port = port

    def dial(self, host: str, port: int, deadline_s: float) -> Any:
        return super().dial(host, self._port, deadline_s)


def reads(db: Desk, door: Door, now: datetime = NOW) -> sync.Synced:
    (login,) = stored.every(db)
    return logins.sync_one(db, login.id, lambda: now, door=lambda private, stop: door)


def meets(desk: Desk, change: Change, monkeypatch: pytest.MonkeyPatch, deadline_s: float = 1.0) -> sync.Synced:
    """The next visit to a server that behaves like that; what must hold is asserted here, and that good times come back."""
    before = {table: rows for table, rows in state(desk).items() if table != "coverage"}
    monkeypatch.setattr(door_imap, "visit", lambda address, door: visit(address, door, deadline_s=deadline_s))
    tracemalloc.start()
    with listening(speaking(mailbox(1, 2, 3), change)) as port:
        done = reads(desk, There(port), NOW + timedelta(hours=1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    after = state(desk)
    assert peak < 60_000_000 and done.withdrawn == 0
    assert all(len(after[table]) >= len(rows) for table, rows in before.items())
    for _, sentence in done.failures:
        assert PASSWORD not in sentence and "\n" not in sentence and "kept" in sentence
    with listening(speaking(mailbox(1, 2, 3, 4))) as port:
        good = reads(desk, There(port), NOW + timedelta(days=2))
    assert good.failures == () and len(state(desk)["activities"]) == 4
    return done


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.decode())
@pytest.mark.parametrize("said", SAID)
def test_nonsense_at_every_step_ends_with_a_sentence(desk: Desk, step: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = meets(desk, instead(step, SAID[said]), monkeypatch)
    assert len(done.failures) == 1 and done.next_try is not None
    if "literal" in said:
        assert "more than was asked for" in done.failures[0][1], "it is refused as announced, not waited for"


@pytest.mark.slow
@pytest.mark.parametrize(("step", "said"), BEYOND, ids=range(len(BEYOND)))
def test_more_than_can_be_is_refused(desk: Desk, step: bytes, said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(meets(desk, instead(step, said), monkeypatch, 5.0).failures) == 1


@pytest.mark.slow
def test_a_byte_at_a_time_does_not_stretch_the_deadline(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    def drip(visitor: socket.socket) -> None:
        while visitor.send(b"*") and not over:
            visitor.settimeout(0.05)
            try:
                visitor.recv(1)
            except TimeoutError:
                continue

    over: list[int] = []
    monkeypatch.setattr(door_imap, "visit", lambda address, door: visit(address, door, deadline_s=0.5))
    with listening(drip) as port:
        done = reads(desk, There(port), NOW + timedelta(hours=1))
        over.append(1)
    assert ["did not answer in time" in sentence for _, sentence in done.failures] == [True]


@pytest.mark.parametrize("greeting", [b"* BYE full\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"* PREAUTH you are in\r\n", b"220 smtp\r\n", b""])
def test_what_does_not_greet_like_a_mail_server_is_told_nothing(greeting: bytes) -> None:
    heard: list[bytes] = []

    def talk(visitor: socket.socket) -> None:
        visitor.sendall(greeting)
        visitor.shutdown(socket.SHUT_WR)
        heard.append(visitor.recv(1000))

    with listening(talk) as port, pytest.raises(SourceError), visit(f"imap://127.0.0.1:{port}", Door(allowed_hosts=LOOPBACK)):
        pass
    assert heard in ([], [b""])


@pytest.mark.parametrize("address", ["imaps://127.0.0.1:993", "imap://localhost:143", "imaps://192.168.1.5:993", "imaps://[::1]:993", "imaps://mail.lan:993"])
def test_a_private_server_is_asked_only_if_the_user_allows_that_host(address: str) -> None:
    network = InMemory(mailbox())
    with pytest.raises(PrivateAddress), visit(address, Door(network=network, allowed_hosts=frozenset({"127.0.0.1:1143"}))):
        pass
    assert network.dialled == []


def test_a_name_that_means_a_private_number_is_refused() -> None:
    with pytest.raises(PrivateAddress), visit("imaps://imap.firm.example:993", Door(resolve=lambda host, port: ["10.0.0.7"])):
        pass


def test_no_password_without_protection_but_to_this_computer() -> None:
    made = mailbox()
    with pytest.raises(LoginRejected, match="not sent"), visit("imap://imap.firm.example:143", Door(network=InMemory(made))):
        pass
    assert made.log == ["CAPABILITY"]
    with visit("imap://127.0.0.1:143", Door(network=InMemory(made), allowed_hosts=LOOPBACK)) as there:
        there.sign_in(USER, PASSWORD)
        assert not there.protected


def test_what_is_said_before_the_protection_begins_is_not_believed() -> None:
    made = mailbox()
    made.before_sign_in = "STARTTLS AUTH=PLAIN"

    def inject(asked: bytes, said: bytes) -> bytes:
        return asked.split(b" ")[0] + b" OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" if b"STARTTLS" in asked else said

    with (
        listening(speaking(made, inject)) as port, pytest.raises(UnexpectedAnswer, match="protected"),
        visit(f"imap://127.0.0.1:{port}", Door(allowed_hosts=LOOPBACK)),
    ):  # fmt: skip
        pass
    assert not [command for command in made.log if "AUTH" in command]


def test_one_connection_to_one_host_whatever_the_server_says() -> None:
    network = InMemory(mailbox())
    with visit("imaps://imap.firm.example:993", Door(network=network)) as there:
        there.sign_in(USER, PASSWORD)
        assert there.protected and there.has("ESEARCH") and there.in_time
    assert network.dialled == [("imap.firm.example", 993)]


def test_the_user_can_stop_a_visit() -> None:
    with pytest.raises(Cancelled), visit("imaps://imap.firm.example:993", Door(network=InMemory(mailbox()), stop=lambda: True)):
        pass


def test_a_visit_ends_when_its_time_is_up_and_goes_on_the_next_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_imap, "VISIT_S", 0.0)
    made = mailbox(1, 2, 3)
    done = reads(desk, Door(network=InMemory(made), allowed_hosts=LOOPBACK))
    assert (done.failures, done.new) == ((), 0)
    monkeypatch.undo()
    assert reads(desk, Door(network=InMemory(made), allowed_hosts=LOOPBACK)).new == 1


@pytest.mark.parametrize("password", ["grün", 'a"b\\c', "blank in it"])
def test_passwords_of_any_letters_are_sent_whole(password: str) -> None:
    made = mailbox()
    made.password = password
    with visit("imaps://imap.firm.example:993", Door(network=InMemory(made))) as there:
        there.sign_in(USER, password)
    assert not [command for command in made.log if re.search("LOGIN|" + re.escape(password), command)]


def test_a_server_that_is_busy_does_not_ask_for_another_password() -> None:
    busy = speaking(mailbox(), instead(b"AUTHENTICATE", b"TAG NO [UNAVAILABLE] later\r\n"))
    with (
        listening(busy) as port, pytest.raises(SourceUnavailable),
        visit(f"imap://127.0.0.1:{port}", Door(allowed_hosts=LOOPBACK)) as there,
    ):  # fmt: skip
        there.sign_in(USER, PASSWORD)
