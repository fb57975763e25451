"""The places of `kill_sending`: four that break off by themselves (before they took something, or after), on loopback, made anew for each kill,
and two real ones, an AT Protocol network and a pair of mail servers, that last for all of them."""

from __future__ import annotations

import contextlib
import email
import email.policy
import imaplib
import json
import os
import random
import signal
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from relationdesk.model import Activity, Audience, Key, Kind, Login, Profile, Role
from relationdesk.outgoing import Deed, Entry, Recipient
from relationdesk.services import outbox
from relationdesk.services.outbox import New
from relationdesk.sources.base import Sends
from relationdesk.sources.bluesky import Bluesky
from relationdesk.sources.imap import Imap
from relationdesk.store import outbox as rows
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import seconds
from tests import atproto_network, taking, taking_forum, taking_hub, taking_lab, taking_toots
from tests.facts import NOW, bring
from tests.taking import Place


class World:
    """A place for one run of kills. may_stay_in_doubt: it cannot always say whether it has something; then the user is told so."""

    may_stay_in_doubt = False
    token = "k3y"

    def missing(self) -> str:
        """What is not installed, as a sentence; "" if it can be run."""
        return ""

    @contextlib.contextmanager
    def running(self, scratch: Path) -> Iterator[None]:
        yield

    def fresh(self, trouble: bool = True) -> None:
        """Before each kill: as it was in the beginning, if it can be. trouble: it may break off by itself."""

    def died(self) -> bool:
        """Whether a real server ended by itself, which says nothing about us: then it is started anew."""
        return False

    def desk(self) -> tuple[Login, Activity, Callable[[str, int | None], New]]:
        """The login, what is answered, and how an answer to it is begun."""
        raise NotImplementedError

    def before(self, db: Desk, joe: int) -> list[New]:
        """What there was before, and what is sent in place of three answers; [] for these."""
        return []

    def mark(self, entry: Entry) -> str:
        """How an entry is known among `texts`."""
        return entry.text

    def wrong(self, db: Desk) -> bool:
        """Whether the desk's own activities are not what was sent."""
        n, texts = db.execute("SELECT count(*), count(DISTINCT text) FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE q.is_owner").fetchone()
        return bool(n != texts)

    def texts(self) -> list[str]:
        """All the words that it has of us, and what else it took."""
        raise NotImplementedError

    def door(self) -> dict[str, Any]:
        """Options of the door to it."""
        return {}

    def source(self) -> Sends | None:
        """What sends, if that is not the usual one."""
        return None


class Fake(World):
    def __init__(self, make: Callable[[], Place], login: Callable[[Any], Login], item: Callable[[Any], Activity], deed: Deed) -> None:
        self._make, self._login, self._item, self._deed = make, login, item, deed
        self._place, self._child, self._kills = make(), 0, 0

    @contextlib.contextmanager
    def running(self, scratch: Path) -> Iterator[None]:
        self._listener = socket.create_server(("127.0.0.1", 0))
        try:
            yield
        finally:
            self._stop()
            self._listener.close()

    def _stop(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0

    def fresh(self, trouble: bool = True) -> None:
        self._stop()
        self._place = self._make()
        self._kills += 1
        self._place.dice = random.Random(self._kills) if trouble else None
        self._child = taking.child(self._place, self._listener)

    def desk(self) -> tuple[Login, Activity, Callable[[str, int | None], New]]:
        login, item = self._login(self._place), self._item(self._place)
        return login, item, lambda text, person: New(person_id=person, place=login.place, deed=self._deed, login=login.secret_name, towards=item.key, text=text)

    def texts(self) -> list[str]:
        with urlopen(f"{self._place.base}/all") as answer:
            return list(json.loads(answer.read()))


class Presses(Fake):
    """One item is liked, and of two others is taken back what they were given before. others: these, with the deed and what the place called it when it took it;
    first: what it calls the like of the first."""

    def __init__(self, make: Callable[[], Place], login: Callable[[Any], Login], item: Callable[[Any], Activity], first: str, *others: tuple[Deed, Callable[[Any], Activity], str]) -> None:
        super().__init__(make, login, item, Deed.LIKE)
        self._first, self._others = first, others

    def before(self, db: Desk, joe: int) -> list[New]:
        login, item, _ = self.desk()
        self._marks = {(Deed.LIKE, item.key): self._first}
        found = [New(person_id=joe, place=login.place, deed=Deed.LIKE, login=login.secret_name, towards=item.key)]
        for n, (deed, make, mark) in enumerate(self._others):
            other = make(self._place)
            assert login.profile is not None and deed.undone_by is not None
            mine = Activity(key=Key(login.place, f"mine:{n}"), actor=login.profile, kind=Kind.REACTION, published=NOW, in_reply_to=other.key.native_id)
            bring(db, [other, mine])
            new = New(person_id=joe, place=login.place, deed=deed, login=login.secret_name, towards=other.key)
            given = outbox.put(db, new, NOW)[0]
            with transaction(db):
                rows.out(db, given.uid, mine.key.native_id, "", seconds(NOW))
            found.append(replace(new, deed=deed.undone_by))
            self._marks[deed.undone_by, other.key] = mark
        return found

    def mark(self, entry: Entry) -> str:
        return self._marks.get((entry.deed, entry.towards or Key("", "")), entry.uid)

    def wrong(self, db: Desk) -> bool:
        """Of mine the one like is left."""
        return bool(db.execute("SELECT count(*) FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE q.is_owner").fetchone()[0] != 1)


class Network(World):
    """A real AT Protocol network. The same key holds one record, so it needs no trouble of its own: the kills are enough of it."""

    def missing(self) -> str:
        return atproto_network.missing()

    @contextlib.contextmanager
    def running(self, scratch: Path) -> Iterator[None]:
        self._network = atproto_network.Network(scratch)
        try:
            self._me = self._network.add("sam", displayName="Sam Carter")
            self._joe = self._network.add("joe", displayName="Joe Brown")
            self._post = self._network.post("joe", "Anybody?")["uri"]
            self.token = self._network.app_password("sam")
            yield
        finally:
            self._network.stop()

    def died(self) -> bool:
        """Its Node aborts now and then, when it throws away statements of its database."""
        return self._network.died()

    def desk(self) -> tuple[Login, Activity, Callable[[str, int | None], New]]:
        login = Login(
            id=0, source="bluesky", place="bluesky", address=self._network.pds, user_name="sam.test", profile=Key("bluesky", self._me), has_token=True, allow_private=True
        )
        item = Activity(key=Key("bluesky", self._post), actor=Key("bluesky", self._joe), kind=Kind.POST, published=NOW, text="Anybody?")
        return login, item, lambda text, person: New(person_id=person, place="bluesky", deed=Deed.REPLY, login=login.secret_name, towards=item.key, text=text)

    def texts(self) -> list[str]:
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = self._network.call("com.atproto.repo.listRecords", repo=self._me, collection="app.bsky.feed.post", limit=100, **cursor)
            found += [one["value"]["text"] for one in page["records"]]
            if not page.get("cursor") or not page["records"]:
                return found
            cursor = {"cursor": page["cursor"]}

    def door(self) -> dict[str, Any]:
        return {"allowed_hosts": self._network.hosts}

    def source(self) -> Sends | None:
        return Bluesky()


class NetworkPresses(Network):
    """Likes and a repost in the real network: one post is liked, of two others is taken back what they were given before, and the like of a fourth has to stay. The like and
    the repost have the same addresses before every kill; what else a kill left is taken away."""

    _GIVEN = {"like": ("app.bsky.feed.like", "3kaaaaaaaaa22"), "repost": ("app.bsky.feed.repost", "3kaaaaaaaaa33"), "stays": ("app.bsky.feed.like", "3kaaaaaaaaa44")}

    @contextlib.contextmanager
    def running(self, scratch: Path) -> Iterator[None]:
        with super().running(scratch):
            self._posts = {name: self._network.post("joe", f"Anybody with a {name}?") for name in self._GIVEN}
            yield

    def fresh(self, trouble: bool = True) -> None:
        wanted = {self._address(name) for name in self._GIVEN}
        there = self._records()
        for uri in there.keys() - wanted:
            self._write("deleteRecord", uri)
        for name, (collection, _) in self._GIVEN.items():
            if self._address(name) not in there:
                record = {"$type": collection, "createdAt": "2026-11-01T09:00:00.000Z", "subject": self._posts[name]}
                self._write("putRecord", self._address(name), record=record)

    def _address(self, name: str) -> str:
        collection, rkey = self._GIVEN[name]
        return f"at://{self._me}/{collection}/{rkey}"

    def _write(self, what: str, uri: str, **more: Any) -> None:
        repo, collection, rkey = uri[5:].split("/")
        self._network.call(f"com.atproto.repo.{what}", "sam", {"repo": repo, "collection": collection, "rkey": rkey, **more})

    def _records(self) -> dict[str, str]:
        """Every like and repost of mine, as the server keeps them, and of which post it is."""
        pages = [self._network.call("com.atproto.repo.listRecords", repo=self._me, collection=kind, limit=100) for kind in ("app.bsky.feed.like", "app.bsky.feed.repost")]
        return {str(one["uri"]): str(one["value"]["subject"]["uri"]) for page in pages for one in page["records"]}

    def before(self, db: Desk, joe: int) -> list[New]:
        login, item, _ = self.desk()
        found = [New(person_id=joe, place="bluesky", deed=Deed.LIKE, login=login.secret_name, towards=item.key)]
        for name, deed in (("like", Deed.LIKE), ("repost", Deed.BOOST), ("stays", Deed.LIKE)):
            other = replace(item, key=Key("bluesky", self._posts[name]["uri"]))
            mine = Activity(key=Key("bluesky", self._address(name)), actor=Key("bluesky", self._me), kind=Kind.REACTION, published=NOW, in_reply_to=other.key.native_id)
            bring(db, [other, mine])
            new = New(person_id=joe, place="bluesky", deed=deed, login=login.secret_name, towards=other.key)
            given = outbox.put(db, new, NOW)[0]
            with transaction(db):
                rows.out(db, given.uid, mine.key.native_id, "", seconds(NOW))
            if name != "stays":
                assert deed.undone_by is not None
                found.append(replace(new, deed=deed.undone_by))
        return found

    def mark(self, entry: Entry) -> str:
        post = entry.towards.native_id if entry.towards is not None else ""
        name = next((name for name, one in self._posts.items() if one["uri"] == post), "new")
        return f"{entry.deed.value} {name}"

    def texts(self) -> list[str]:
        there = self._records()
        gone = [mark for name, mark in (("like", "unlike like"), ("repost", "unboost repost")) if self._address(name) not in there]
        return [*gone, *("like new" for post in there.values() if post == self._post)]

    def wrong(self, db: Desk) -> bool:
        """Whether anything else was taken away there, or of mine not just the new like and the one that stays are left here."""
        left = db.execute("SELECT count(*) FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE q.is_owner").fetchone()[0]
        return self._address("stays") not in self._records() or left != 2


class Mail(World):
    """Dovecot keeps, aiosmtpd takes and delivers into its inboxes; every fifth mail it takes and breaks off without a word. What is put into
    Sent last proves that it is out; without it nobody can say, and the user is told so."""

    may_stay_in_doubt = True
    token = "pw"
    me, joe = "sam.killed@example.test", "joe.killed@example.test"

    def missing(self) -> str:
        from tests.sources import test_imap_server as dovecot

        return dovecot.missing()

    @contextlib.contextmanager
    def running(self, scratch: Path) -> Iterator[None]:
        from tests.sources import test_imap_server as dovecot

        with dovecot.running(scratch) as self._server:
            dovecot.introduce(self._server, self.me, self.joe)
            self._port, self._post = dovecot.free_port(), 0
            dovecot.put(self._server, "Sent", user=self.me)
            self._post = self._deliver()
            try:
                yield
            finally:
                os.kill(self._post, signal.SIGKILL)
                os.waitpid(self._post, 0)

    def _deliver(self) -> int:
        """The sending server, in a process of its own; its number."""
        ready, said = os.pipe()
        number = os.fork()
        if number:
            os.close(said)
            assert os.read(ready, 1) == b"."
            return number
        try:
            warnings.simplefilter("ignore", DeprecationWarning)  # the server's own, of itself
            _Post(self._server, self._port).start()
            os.write(said, b".")
            signal.pause()
        finally:
            os._exit(0)

    def desk(self) -> tuple[Login, Activity, Callable[[str, int | None], New]]:
        login = Login(
            id=0, source="imap", place="mail", address=f"imaps://127.0.0.1:{self._server.tls}", user_name=self.me, profile=Key("mail", self.me), has_token=True,
            allow_private=True,
        )  # fmt: skip
        item = Activity(
            key=Key("mail", f"mid:1@{self.joe}"), actor=Key("mail", self.joe), kind=Kind.MAIL, published=NOW, title="Lifts", text="Anybody?", audience=Audience.PRIVATE
        )
        to = (Recipient(value=self.joe, name="Joe Brown", role=Role.TO),)
        return login, item, lambda text, person: New(
            person_id=person, place="mail", deed=Deed.MAIL, login=login.secret_name, towards=item.key, text=text, audience=Audience.PRIVATE, recipients=to
        )

    def texts(self) -> list[str]:
        with imaplib.IMAP4("127.0.0.1", self._server.plain) as client:
            client.login(self.joe, "pw")
            client.select("INBOX", readonly=True)
            _, numbers = client.search(None, "ALL")
            if not numbers[0]:
                return []
            _, mails = client.fetch(numbers[0].replace(b" ", b",").decode(), "(RFC822)")
        parsed = [email.message_from_bytes(one[1], policy=email.policy.default) for one in mails if isinstance(one, tuple)]
        return [str(mail.get_content()).replace("\r\n", "\n").strip() for mail in parsed]  # type: ignore[attr-defined]

    def door(self) -> dict[str, Any]:
        trusting = ssl.create_default_context(cafile=str(self._server.folder / "cert.pem"))
        hosts = frozenset(f"127.0.0.1:{port}" for port in (self._server.plain, self._server.tls, self._port))
        return {"allowed_hosts": hosts, "tls": trusting}

    def source(self) -> Sends | None:
        return Imap(clock=lambda: datetime.now(UTC), sends_by=lambda address: f"smtp://127.0.0.1:{self._port}")


class _Post:
    def __init__(self, server: Any, port: int) -> None:
        self._server, self._port, self._taken = server, port, 0

    def start(self) -> None:
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult

        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(self._server.folder / "cert.pem", self._server.folder / "key.pem")

        def password(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
            return AuthResult(success=data.password == b"pw", handled=data.password == b"pw")

        Controller(self, hostname="127.0.0.1", port=self._port, tls_context=tls, authenticator=password, auth_required=True, auth_require_tls=True).start()

    async def handle_DATA(self, running: Any, session: Any, envelope: Any) -> str:
        self._taken += 1
        for to in envelope.rcpt_tos:
            with imaplib.IMAP4("127.0.0.1", self._server.plain) as client:
                client.login(to, "pw")
                client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), envelope.content)
        if self._taken % 5 == 0:
            running.transport.abort()
        return "250 Message accepted"


def profiles(login: Login, item: Activity) -> list[Profile]:
    assert login.profile is not None
    return [Profile(key=item.actor, handle="joe", display_name="Joe", known=True), Profile(key=login.profile, display_name="Sam", is_owner=True)]


WORLDS: dict[str, Callable[[], World]] = {
    "mastodon": lambda: Fake(taking_toots.Toots, taking_toots.login_at, taking_toots.item_of, Deed.REPLY),
    "github": lambda: Fake(taking_hub.Hub, taking_hub.login_at, lambda place: taking_hub.item_of(place, "comment:41", "issues/7#issuecomment-41"), Deed.COMMENT),
    "gitlab": lambda: Fake(taking_lab.Lab, taking_lab.login_at, lambda place: taking_lab.item_of(place, "note:41", "issues/7#note_41"), Deed.COMMENT),
    "discourse": lambda: Fake(taking_forum.Forum, taking_forum.login_at, taking_forum.item_of, Deed.REPLY),
    "mastodon likes": lambda: Presses(
        taking_toots.pressed_before, taking_toots.login_at, taking_toots.item_of, "favourite 9", (Deed.LIKE, lambda place: taking_toots.item_of(place, 10), "unfavourite 10"),
        (Deed.BOOST, lambda place: taking_toots.item_of(place, 11), "unreblog 11"),
    ),
    "github likes": lambda: Presses(
        taking_hub.pressed_before, taking_hub.login_at, lambda place: taking_hub.item_of(place, "issue:1#7", "issues/7", taking_hub.ANN), "like issues/7/reactions",
        (Deed.LIKE, lambda place: taking_hub.item_of(place, "comment:41", "issues/7#issuecomment-41"), "unlike issues/comments/41/reactions"),
        (Deed.LIKE, lambda place: taking_hub.item_of(place, "review-comment:42", "pull/8#discussion_r42"), "unlike pulls/comments/42/reactions"),
    ),
    "bluesky": Network, "bluesky likes": NetworkPresses, "mail": Mail,
}  # fmt: skip
