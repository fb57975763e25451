"""A mail that is sent: what stands in it, how the server is spoken to, and what is out, not out, or in doubt."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from relationdesk.errors import Cancelled, LoginRejected, PerhapsSent, SourceError, SourceUnavailable, UnexpectedAnswer
from relationdesk.model import Activity, Audience, Key, Kind, Login, Role
from relationdesk.outgoing import Deed, Outgoing, Recipient
from relationdesk.sources import door_imap
from relationdesk.sources.door import Door
from relationdesk.sources.door_smtp import visit
from relationdesk.sources.imap import Imap
from relationdesk.sources.mail_message import message
from relationdesk.sources.mail_sending import server_for, written
from tests.facts import NOW

TARGET = Activity(
    key=Key("mail", "mid:2@joe"), actor=Key("mail", "joe@harbor.example"), kind=Kind.MAIL, published=NOW, title="Lifts", audience=Audience.PRIVATE
)
WHAT = Outgoing(
    uid="u-1", deed=Deed.MAIL, made=NOW, text="We have one.\n.\nTwo even: 会議", towards=TARGET, audience=Audience.PRIVATE,
    to=(Recipient(value="joe@harbor.example", name="Joe Brøwn"), Recipient(value="ann@harbor.example", role=Role.CC), Recipient(value="secret@x.example", role=Role.BCC)),
    earlier=("mid:1@joe", "mid:2@joe"),
)  # fmt: skip
LOGIN = Login(id=1, source="imap", place="mail", address="imaps://imap.firm.example:993", user_name="sam@firm.example", profile=Key("mail", "sam@firm.example"), has_token=True)
PASSWORD = "m4rk3d-s3cr3t"


class Smtp:
    """A sending server on loopback. says: another answer to a command by its first word. mails: (recipients, bytes)."""

    def __init__(self, **says: str) -> None:
        self.says = says
        self.heard: list[str] = []
        self.mails: list[tuple[list[str], bytes]] = []

    def talk(self, visitor: socket.socket) -> None:
        wire, to = visitor.makefile("rwb"), []

        def answer(text: str) -> bool:
            if text == "cut":
                visitor.shutdown(socket.SHUT_RDWR)
                return False
            wire.write(text.replace("\n", "\r\n").encode() + b"\r\n")
            wire.flush()
            return True

        if not answer(self.says.get("hello", "220 post.example")):
            return
        for line in wire:
            said = line.decode().rstrip("\r\n")
            word = said.partition(" ")[0].partition(":")[0].upper()
            self.heard.append(said)
            usual = {
                "EHLO": "250-post.example\n250-SIZE 100000\n250-AUTH PLAIN LOGIN\n250 8BITMIME", "AUTH": "235 ok", "MAIL": "250 ok", "RCPT": "250 ok",
                "DATA": "354 go on",
            }.get(word, "500 what?")  # fmt: skip
            if word == "RCPT":
                to.append(said[9:-1])
            if not answer(self.says.get(word, usual)):
                return
            if word == "DATA" and self.says.get(word, usual).startswith("354"):
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    more = wire.readline()
                    if not more:
                        return
                    body += more
                if self.says.get("taken", "250").startswith(("250", "cut", "nonsense")):
                    self.mails.append((to, body[:-3].replace(b"\r\n..", b"\r\n.")))
                if not answer(self.says.get("taken", "250 taken")):
                    return


@contextmanager
def running(server: Smtp) -> Iterator[tuple[str, Door]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                with visitor:
                    try:
                        server.talk(visitor)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{port}", Door(allowed_hosts=frozenset({f"127.0.0.1:{port}"}))
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def hand_over(server: Smtp, to: tuple[str, ...] = ("joe@harbor.example",), raw: bytes = b"From: sam\r\n\r\n.dot\r\n") -> None:
    with running(server) as (address, door), visit(address, door, deadline_s=5) as postman:
        postman.sign_in("sam@firm.example", PASSWORD)
        postman.send("sam@firm.example", to, raw)


def test_what_stands_in_it() -> None:
    mail = message_from_bytes(written(WHAT, "sam@firm.example", NOW).as_bytes(), policy=policy.default)
    heads = {name: str(mail[name]) for name in ("From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "Date")}
    assert heads == {
        "From": "sam@firm.example", "To": "Joe Brøwn <joe@harbor.example>", "Cc": "ann@harbor.example", "Subject": "Re: Lifts", "Message-ID": "<u-1@firm.example>",
        "In-Reply-To": "<2@joe>", "References": "<1@joe> <2@joe>", "Date": "Fri, 20 Nov 2026 10:12:00 +0000",
    }  # fmt: skip
    assert mail.get_content().replace("\r\n", "\n") == WHAT.text + "\n" and mail["Bcc"] is None and "secret@" not in mail.as_string()
    found = message(mail.as_bytes(), "x", frozenset({"sam@firm.example"}), now=NOW)
    activity = found[-1]
    assert isinstance(activity, Activity) and activity.key == Key("mail", "mid:u-1@firm.example") and activity.in_reply_to == "mid:2@joe" and activity.thread == "mid:1@joe"


@pytest.mark.parametrize(
    "bad",
    [
        {"subject": "a\r\nBcc: all@x.example"}, {"subject": "a\nBcc: all@x.example"}, {"subject": "a\u2028Bcc: all@x.example\x0bX: y"},
        {"to": (Recipient(value="joe@harbor.example", name="Joe\r\nBcc: all@x.example"),)}, {"earlier": ("mid:a\r\nBcc: all@x.example",)},
        {"to": (Recipient(value="joe@harbor.example\r\nBcc: all@x.example"),)}, {"to": (Recipient(value="joe@x.example>, <all@x.example"),)},
        {"to": (Recipient(value="joe"),)}, {"to": ()}, {"to": (Recipient(value=""),)},
    ],
)  # fmt: skip
def test_no_head_can_be_smuggled_in(bad: dict[str, object]) -> None:
    try:
        raw = written(replace(WHAT, **bad), "sam@firm.example", NOW).as_bytes()  # type: ignore[arg-type]
    except UnexpectedAnswer as e:
        assert "Nothing was sent" in str(e)
        return
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Bcc"] is None and mail["X"] is None and set(mail.keys()) <= {
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"
    }  # fmt: skip


def test_handed_over_dot_by_dot() -> None:
    server = Smtp()
    hand_over(server, ("joe@harbor.example", "secret@x.example"))
    assert server.mails == [(["joe@harbor.example", "secret@x.example"], b"From: sam\r\n\r\n.dot\r\n")]
    assert server.heard[0] == "EHLO [127.0.0.1]" and server.heard[2] == "MAIL FROM:<sam@firm.example> SIZE=19"


@pytest.mark.parametrize(
    ("says", "error", "told"),
    [
        ({"hello": "554 go away"}, SourceUnavailable, "takes no mail"), ({"hello": "421 busy"}, SourceUnavailable, "ended"), ({"hello": "* OK IMAP"}, UnexpectedAnswer, "SMTP"),
        ({"hello": "cut"}, SourceUnavailable, "broke off"), ({"EHLO": "502 no"}, UnexpectedAnswer, "as a mail server"), ({"AUTH": "535 5.7.8 bad"}, LoginRejected, "bad"),
        ({"AUTH": "454 later"}, SourceUnavailable, "just now"), ({"EHLO": "250-x\n250 SIZE"}, LoginRejected, "takes no password"), ({"MAIL": "550 5.7.1 not yours"}, UnexpectedAnswer, "not yours"),
        ({"MAIL": "452 full"}, SourceUnavailable, "full"), ({"RCPT": "550 5.1.1 nobody"}, UnexpectedAnswer, "does not take joe@harbor.example"), ({"RCPT": "cut"}, SourceUnavailable, "broke off"),
        ({"DATA": "451 later"}, SourceUnavailable, "no mail"), ({"DATA": "250 odd"}, UnexpectedAnswer, "as a mail server"), ({"taken": "554 5.6.0 spam"}, UnexpectedAnswer, "spam"),
        ({"taken": "451 greylisted"}, SourceUnavailable, "greylisted"), ({"EHLO": "250-x\n250-AUTH PLAIN\n250 SIZE 5"}, UnexpectedAnswer, "as large"),
    ],
)  # fmt: skip
def test_what_is_surely_not_out(says: dict[str, str], error: type[SourceError], told: str) -> None:
    server = Smtp(**says)
    with pytest.raises(error, match=told) as caught:
        hand_over(server)
    assert server.mails == [] and PASSWORD not in str(caught.value) and "ords are kept" in str(caught.value)


@pytest.mark.parametrize("taken", ["cut", "nonsense", "250-\n" * 300 + "250 x", "350 odd"])
def test_what_may_be_out(taken: str) -> None:
    server = Smtp(taken=taken)
    with pytest.raises(PerhapsSent, match="did not say"):
        hand_over(server)


@pytest.mark.parametrize("to", ["joe@x.example> SIZE=1", "joe@x.example\r\nRCPT TO:<all@x.example>", "joe", "a@b@c", "jø e@x.example"])
def test_no_command_can_be_smuggled_in(to: str) -> None:
    server = Smtp()
    with pytest.raises(UnexpectedAnswer):
        hand_over(server, (to,))
    assert server.mails == [] and not any("all@" in line for line in server.heard)


def test_letters_of_all_the_world_only_where_the_server_can() -> None:
    server = Smtp()
    with pytest.raises(UnexpectedAnswer, match="such letters"):
        hand_over(server, ("jøe@x.example",))
    able = Smtp(EHLO="250-x\n250-AUTH PLAIN\n250 SMTPUTF8")
    hand_over(able, ("jøe@x.example",))
    assert able.heard[2] == "MAIL FROM:<sam@firm.example> SMTPUTF8" and len(able.mails) == 1


def test_login_the_older_way() -> None:
    answers: Callable[[str], str] = lambda word: "334 more" if word == "AUTH" else "500"  # noqa: E731
    server = Smtp(EHLO="250-x\n250 AUTH LOGIN", AUTH=answers("AUTH"), **{"C2FTQGZPCM0UZXHHBXBSZQ==": "334 more"})
    with pytest.raises(LoginRejected):
        hand_over(server)
    assert PASSWORD not in " ".join(server.heard)


def test_unprotected_only_to_this_very_computer() -> None:
    with pytest.raises(SourceError), visit("smtp://mail.firm.example:587", Door(resolve=lambda host, port: ["127.0.0.1"])):
        raise AssertionError


def test_where_mail_is_sent() -> None:
    assert server_for("imaps://imap.gmail.com:993") == "smtps://smtp.gmail.com:465"
    assert server_for("imaps://imap.mail.me.com:993") == "smtp://smtp.mail.me.com:587"
    assert server_for("imaps://posteo.de:993") == "smtps://posteo.de:465"
    assert [may.deed for may in Imap().may(LOGIN)] == [Deed.MAIL] and Imap().may(replace(LOGIN, has_token=False)) == ()


def test_stopped_while_it_is_filed_it_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(address: str, door: Door) -> None:
        raise Cancelled("Reading was stopped.")

    monkeypatch.setattr(door_imap, "visit", stopped)
    server = Smtp()
    with running(server) as (address, door):
        source = Imap(clock=lambda: NOW, sends_by=lambda _: address)
        receipt = source.send(LOGIN, WHAT, PASSWORD, door)
    assert receipt.key == Key("mail", "mid:u-1@firm.example") and len(server.mails) == 1
