"""Where mail is sent: as it follows, or as the user says, tried out before it is kept; nothing is sent, and no secret is told."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from relationdesk.errors import LoginRejected, PrivateAddress, SourceUnavailable, UserMistake
from relationdesk.model import Key, Login
from relationdesk.services import key_store, logins, people, removing, sending_server, sync
from relationdesk.sources.door import Door
from relationdesk.sources.imap import Imap
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, close_desk, open_desk, open_memory, transaction
from tests.facts import NOW
from tests.sources.test_mail_sending import LOGIN, PASSWORD, WHAT, Smtp, running


class Post(Imap):
    """A mailbox that is there without anybody being asked."""

    def connect(self, address: str, token: str, door: Door) -> Login:
        return Login(id=0, source="imap", place="mail", address="imaps://imap.firm.example:993", user_name="sam@firm.example", has_token=True, profile=Key("mail", "sam@firm.example"))


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch) -> Desk:
    key_store._until_quit.clear()
    one = Post()
    monkeypatch.setattr(logins, "source_for", lambda name: one)
    monkeypatch.setattr(sending_server, "source_for", lambda name: one if name == "imap" else sync.source_for(name))
    return open_memory()


def connect(db: Desk, server: Smtp | None = None) -> Login:
    if server is None:
        return logins.connect(db, "imap", "sam@firm.example imap.firm.example", PASSWORD, lambda: NOW, until_quit=True)[0]
    with running(server) as (address, door):
        return logins.connect(
            db, "imap", "sam@firm.example imap.firm.example", PASSWORD, lambda: NOW, until_quit=True, sends_by=address, door=lambda private, stop: door
        )[0]


def test_said_while_connecting_it_is_tried_out_and_kept(db: Desk) -> None:
    server = Smtp()
    made = connect(db, server)
    assert made.sends_by.startswith("smtp://127.0.0.1:") and stored.get(db, made.id) == made
    assert [line.partition(" ")[0] for line in server.heard] == ["EHLO", "AUTH", "QUIT"] and server.mails == []
    assert sending_server.current(made) == made.sends_by
    again = connect(db)  # signed in again without saying it anew
    assert (again.id, again.sends_by) == (made.id, made.sends_by)


def test_refused_nothing_is_added(db: Desk) -> None:
    with pytest.raises(LoginRejected) as refused:
        connect(db, Smtp(AUTH="535 5.7.8 no"))
    assert "Nothing was changed" in str(refused.value) and "words are kept" not in str(refused.value) and PASSWORD not in str(refused.value)
    assert stored.every(db) == () and key_store._until_quit == {}


def test_changed_later_and_back_to_what_follows(db: Desk) -> None:
    made = connect(db)
    assert sending_server.current(made) == "smtps://smtp.firm.example:465" and made.sends_by == ""
    server = Smtp()
    with running(server) as (address, door):
        changed, changes = sending_server.change(db, made.id, address, lambda: NOW, door=lambda private, stop: door)
        assert changes.logins and changed.sends_by == address and server.mails == []
        server.says["AUTH"] = "535 no"
        with pytest.raises(LoginRejected, match="Nothing was changed"):
            sending_server.change(db, made.id, address, lambda: NOW, door=lambda private, stop: door)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    closed = Door(allowed_hosts=frozenset({f"127.0.0.1:{port}"}))
    with pytest.raises(SourceUnavailable, match="Nothing was changed; try again later"):
        sending_server.change(db, made.id, f"smtp://127.0.0.1:{port}", lambda: NOW, door=lambda private, stop: closed)
    assert stored.get(db, made.id) == changed
    back, _ = sending_server.change(db, made.id, "", lambda: NOW)
    assert back.sends_by == "" and sending_server.current(back) == "smtps://smtp.firm.example:465"


def test_a_server_at_home_is_asked_only_when_it_is_said_so(db: Desk) -> None:
    made = connect(db)
    server = Smtp()
    with running(server) as (address, _):
        with pytest.raises(PrivateAddress):
            sending_server.change(db, made.id, address, lambda: NOW)
        assert server.heard == []
        allowed, _ = sending_server.change(db, made.id, address, lambda: NOW, allow_private=True)
    assert allowed.allow_private and allowed.sends_by == address and len(server.heard) == 3
    assert address.removeprefix("smtp://") in logins.private_hosts(allowed)


def test_it_goes_with_the_login_and_comes_back_with_it(db: Desk) -> None:
    made = connect(db, Smtp())
    removing.remove(db, made.id, lambda: NOW)
    assert db.execute("SELECT count(*) FROM login_senders").fetchone() == (0,)
    people.undo(db, NOW)
    back = stored.get(db, made.id)
    assert back is not None and back.sends_by == made.sends_by


def test_mail_goes_out_by_the_server_that_was_said(db: Desk) -> None:
    server = Smtp()
    with running(server) as (address, door):
        by = replace(LOGIN, address="imaps://imap.gmail.com:993", sends_by=address)  # which files what was sent by itself
        source = Imap(clock=lambda: NOW, sends_by=lambda _: "smtp://127.0.0.1:1")
        assert source.send(by, WHAT, PASSWORD, door).key == Key("mail", "mid:u-1@firm.example")
    assert len(server.mails) == 1


def test_a_guess_that_nobody_answers_leads_to_where_it_is_said(db: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    door, address = Door(allowed_hosts=frozenset({f"127.0.0.1:{port}"})), f"smtp://127.0.0.1:{port}"
    with pytest.raises(SourceUnavailable, match="“Where mail is sent” under Places"):
        Imap(clock=lambda: NOW, sends_by=lambda _: address).send(LOGIN, WHAT, PASSWORD, door)
    for known in (replace(LOGIN, sends_by=address), replace(LOGIN, address="imaps://imap.gmx.net:993")):
        with pytest.raises(SourceUnavailable) as told:
            Imap(clock=lambda: NOW, sends_by=lambda _: address).send(known, WHAT, PASSWORD, door)
        assert "guessed" not in str(told.value)


def test_kept_over_a_restart_and_holding_no_secret(db: Desk, tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    with transaction(desk):
        stored.save(desk, replace(LOGIN, id=0, sends_by="smtps://mail.other.example:465"))
    close_desk(desk)
    again = open_desk(tmp_path)
    assert [login.sends_by for login in stored.every(again)] == ["smtps://mail.other.example:465"]
    close_desk(again)


@pytest.mark.parametrize(
    ("typed", "server"),
    [("smtp.firm.example", "smtps://smtp.firm.example:465"), ("SMTP.firm.example:587", "smtp://smtp.firm.example:587"), ("smtp.firm.example:25", "smtp://smtp.firm.example:25"),
     ("smtps://post.example:587", "smtps://post.example:587"), ("smtp://post.example", "smtp://post.example:587"), ("post.example:2465", "smtps://post.example:2465")],
)  # fmt: skip
def test_what_is_typed(typed: str, server: str) -> None:
    assert sending_server.typed(typed) == server
    host, port, at_once = sending_server.split(server)
    assert sending_server.sending_server(host, port, at_once=at_once) == server


@pytest.mark.parametrize("typed", ["", "a b", "user@smtp.firm.example", "https://x.example", "smtp.firm.example:0", "smtp.firm.example:99999", "x/y", "<x>", "a\r\nb"])
def test_what_is_no_server(typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        sending_server.typed(typed)


def test_what_is_guessed(db: Desk) -> None:
    assert sending_server.guess("imap", "joe@gmail.com") == "smtps://smtp.gmail.com:465"
    assert sending_server.guess("imap", "joe@firm.example mail.firm.example") == "smtps://mail.firm.example:465"
    assert sending_server.guess("imap", "joe@firm") == sending_server.guess("mastodon", "hotel.example") == ""
    assert sending_server.words("smtp://x.example:587") == "x.example, port 587, STARTTLS"
    with pytest.raises(UserMistake, match="No mail is sent"):
        sending_server.change(db, 99, "smtp://x.example:587", lambda: NOW)
