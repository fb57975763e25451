"""Every live source in front of every behaviour of `tests.hostile`: it ends, in bounded memory; no secret leaves its
origin; nobody is asked who was not allowed; nothing that was read is lost; and good times come back (traps 14 and 18)."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from relationdesk.model import Key, Login, Profile, Stream
from relationdesk.services import key_store, logins, spending, sync
from relationdesk.services.sync import Synced
from relationdesk.sources.door import Door
from relationdesk.store import logins as stored
from relationdesk.store import spending as stored_spending
from relationdesk.store.database import Desk, open_memory, transaction
from tests import media_forges
from tests.crm_forges import CRM_FORGES
from tests.facts import arrive, state
from tests.feed_server import FeedServer
from tests.forges import FORGES as OTHER_FORGES
from tests.hostile import EITHER, FAILS, GOOD, HEAVY, SLOW, Behaviour, Scene

pytestmark = pytest.mark.slow
FORGES = OTHER_FORGES | media_forges.FORGES
BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SECRET = "m4rk3d-s3cr3t"
MOST_REQUESTS = 16
MOST_MEMORY = 60_000_000
"""Bytes over what was there before."""


class Hasty(Door):
    """The whole deadline shortened to what a test can wait for."""

    def get(self, url: str, **options: Any) -> Any:
        return super().get(url, **{**options, "deadline_s": 0.6})

    def ask(self, method: str, url: str, body: bytes, **options: Any) -> Any:
        return super().ask(method, url, body, **{**options, "deadline_s": 0.6})




def rss(*numbers: int) -> bytes:
    items = "".join(
        f"<item><guid>g{n}</guid><title>Post {n}</title><link>/{n}</link><pubDate>Fri, 20 Nov 2026 10:{n:02}:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>Joe</title><link>/</link>{items}</channel></rss>'.encode()


def statuses(base: str) -> Callable[..., bytes]:
    def made(*numbers: int) -> bytes:
        who = {"id": "1", "acct": "joe", "username": "joe", "url": f"{base}/@joe", "uri": f"{base}/users/joe", "display_name": "Joe"}
        return json.dumps([
            {"id": str(n), "uri": f"{base}/users/joe/{n}", "url": f"{base}/@joe/{n}", "created_at": f"2026-11-20T10:{n:02}:00.000Z",
             "content": f"<p>Post {n}</p>", "visibility": "public", "account": who, "mentions": []} for n in numbers
        ]).encode()  # fmt: skip

    return made


JOE, ME = "did:plc:joe", "did:plc:me"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"


def skies(*numbers: int) -> bytes:
    who = {"did": JOE, "handle": "joe.bsky.social", "displayName": "Joe"}
    posts = [
        {"uri": f"at://{JOE}/app.bsky.feed.post/{n}", "cid": f"c{n}", "author": who, "indexedAt": f"2026-11-20T10:{n:02}:00.000Z",
         "record": {"$type": "app.bsky.feed.post", "text": f"Post {n}", "createdAt": f"2026-11-20T10:{n:02}:00.000Z"}} for n in numbers
    ]  # fmt: skip
    return json.dumps({"feed": [{"post": post} for post in posts]}).encode()


def sign_in(server: FeedServer) -> None:
    """Bluesky's own server for me: a session, nothing of my own; every post of Joe's still answers for itself."""
    for name in ("createSession", "refreshSession"):
        server.put(f"/xrpc/com.atproto.server.{name}", json.dumps({"did": ME, "handle": "me.bsky.social", "accessJwt": SECRET, "refreshJwt": SECRET}))
    server.put(f"{FEED}?{urlencode({'actor': ME, 'limit': 100, 'filter': 'posts_with_replies', 'includePins': 'false'})}", '{"feed":[]}')
    server.put(f"{FEED}?{urlencode({'actor': ME, 'limit': 50, 'includePins': 'false'})}", '{"feed":[]}')
    server.put("/xrpc/app.bsky.notification.listNotifications", '{"notifications":[]}')
    server.put("/xrpc/com.atproto.repo.getRecord", '{"uri":"at://here","value":{}}')


PRIVATE = f"/private-{SECRET}/basic.ics"


def meetings(*numbers: int) -> bytes:
    """A calendar of Joe's, at an address that is its own secret."""
    entries = "".join(f"BEGIN:VEVENT\r\nUID:e{n}\r\nDTSTART:20261120T10{n:02}00Z\r\nSUMMARY:Call {n}\r\nEND:VEVENT\r\n" for n in numbers)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n".encode()


ALL_FORGES = FORGES | CRM_FORGES
WHOLE = frozenset({"calendar", "caldav", "pinboard", "raindrop", "threads", "instagram", "facebook", "linkedin", *CRM_FORGES})
"""Sources of which the list that is read here is my own, and nobody's that is followed."""


class Place:
    """A desk that follows Joe on one server, has read two of his posts, and knows what a good answer looks like."""

    def __init__(self, kind: str, db: Desk, server: FeedServer) -> None:
        self.kind, self.db, self.server, self.now, self.title = kind, db, server, BEGIN, "Joe"
        page = "/feed" if kind == "feed" else ""
        self.cursor, self.most = "", MOST_REQUESTS
        self.is_feed = kind == "feed"
        # Some of these keep a pace by the clock, which is the test's.
        self.source: Any = type(sync.source_for(kind))(lambda: self.now) if kind in media_forges.FORGES else None  # type: ignore[call-arg]
        if kind == "linkedin":
            self.source.pace = timedelta(0)
        if kind == "feed":
            self.path, self.good, key, name = "/feed", rss, Key("blog", f"{server.base}/feed"), "feed:joe"
            login = Login(id=0, source="feed", place="blog", address=server.base, allow_private=True)
        elif kind == "bluesky":
            self.path, self.good, key, name = FEED, skies, Key("bluesky", JOE), f"posts:{JOE}"
            login = Login(
                id=0, source="bluesky", place="bluesky", address=server.base, user_name="me.bsky.social", has_token=True, allow_private=True,
                profile=Key("bluesky", ME),
            )  # fmt: skip
            sign_in(server)
            key_store.keep_until_quit(login.secret_name, SECRET)
        elif kind == "calendar":
            self.path, self.good, key, name = PRIVATE, meetings, Key("mail", "joe@hotel.example"), "calendar"
            login = Login(
                id=0, source="calendar", place="calendar", address=server.base, user_name=key.native_id, has_token=True, allow_private=True,
                profile=key,
            )  # fmt: skip
            self.title = "Calendar of joe@hotel.example"
            key_store.keep_until_quit(login.secret_name, server.base + PRIVATE)
        elif kind in ALL_FORGES:
            made = ALL_FORGES[kind](server)
            self.path, self.good, key, name, login, self.title = made.path, made.good, made.key, made.stream, made.login, made.title
            self.is_feed = made.is_feed
            page = made.page
            self.cursor, self.most = made.cursor, made.most
            if login.has_token:
                key_store.keep_until_quit(login.secret_name, made.secret or SECRET)
        else:
            self.path, self.good, key, name = "/api/v1/accounts/1/statuses", statuses(server.base), Key("mastodon", f"{server.base}/users/joe"), "statuses:1"
            me = Key("mastodon", f"{server.base}/users/me")
            login = Login(
                id=0, source="mastodon", place="mastodon", address=server.base, user_name="me", has_token=True, allow_private=True,
                profile=me,
            )  # fmt: skip
            account = {"id": "2", "acct": "me", "username": "me", "url": f"{server.base}/@me", "uri": me.native_id}
            server.put("/api/v1/accounts/verify_credentials", json.dumps(account))
            server.put("/api/v1/accounts/2/statuses", "[]")
            server.put("/api/v1/notifications", "[]")
            for n in range(5):  # each post still answers for itself, so whatever the list says, none was withdrawn
                server.put(f"/api/v1/statuses/{n}", json.dumps(json.loads(self.good(n))[0]))
            key_store.keep_until_quit(login.secret_name, SECRET)
        with transaction(db):
            self.id = stored.save(db, login)
            address = server.base + page
            stored.save_stream(db, self.id, Stream(name=name, address=address, profile=key, title="Joe"), is_followed=kind not in WHOLE)
            if spending.is_priced(kind):
                stored_spending.set_budget(db, login.secret_name, stored_spending.Budget(currency="USD", micros=1_000_000_000))
            if self.cursor:
                stored.set_cursor(db, self.id, name, self.cursor, 0)
        arrive(db, [Profile(key=key, display_name="Joe", known=True)])
        server.put(self.path, self.good(2, 1))
        first = self.read()
        assert (first.new, first.failures) == (2, ())

    def read(self, door: type[Door] = Door, *allowed: FeedServer) -> Synced:
        def made(private: frozenset[str], stop: Callable[[], bool]) -> Door:
            hosts = private.union(server.host for server in allowed)
            return door(allowed_hosts=hosts, stop=stop, clock=lambda: self.now)

        return logins.sync_one(self.db, self.id, lambda: self.now, door=made, source=self.source)

    def kept(self) -> dict[str, Any]:
        return {table: rows for table, rows in state(self.db).items() if table != "coverage"}


@pytest.fixture
def db() -> Desk:
    return open_memory()


@pytest.fixture
def servers() -> Iterator[tuple[FeedServer, FeedServer, FeedServer]]:
    with FeedServer() as server, FeedServer("127.0.0.2") as other, FeedServer() as canary:
        yield server, other, canary


ELSEWHERE = {"imap": "sources/test_door_imap.py"}
"""Sources that do not speak HTTP → where their own hostile servers are."""


def test_a_source_with_a_door_of_its_own_has_hostile_servers_of_its_own() -> None:
    assert set(ELSEWHERE) <= {source.name for source in sync.LIVE_SOURCES}
    assert all((Path(__file__).parents[1] / path).is_file() for path in ELSEWHERE.values())


@pytest.fixture(params=[source.name for source in sync.LIVE_SOURCES if source.name not in ELSEWHERE])
def place(request: pytest.FixtureRequest, db: Desk, servers: tuple[FeedServer, ...]) -> Iterator[Place]:
    made = Place(request.param, db, servers[0])
    yield made
    key_store._until_quit.clear()


@contextlib.contextmanager
def little_memory(measured: bool) -> Iterator[None]:
    """Measured only where it matters, because measuring is slow."""
    if not measured:
        yield
        return
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def meet(
    place: Place, servers: tuple[FeedServer, ...], behaviour: Behaviour, door: type[Door] = Door, *, heavy: bool = False
) -> Synced:
    """Half an hour later the server behaves like that; what must hold whatever it does is asserted here."""
    server, other, canary = servers
    before = place.kept()
    behaviour(Scene(server=server, path=place.path, good=place.good(3, 2, 1), kind="feed" if place.is_feed else place.kind, other=other, canary=canary))
    asked = len(server.log)
    place.now += timedelta(minutes=31)
    with little_memory(heavy):
        done = place.read(door, other)
    assert len(server.log) - asked <= place.most and canary.log == []
    for request in other.log:
        assert SECRET not in repr(request), "a secret crossed an origin"
    assert not any("cookie" in request.headers for request in server.log)
    now = place.kept()
    for table, rows in before.items():
        assert len(now[table]) >= len(rows), f"{table} lost something"
    assert done.withdrawn == 0
    for _, sentence in done.failures:
        assert SECRET not in sentence and place.path not in sentence and "\n" not in sentence and len(sentence) < 300
        assert "kept" in sentence or "Nothing" in sentence or "Nothing is lost" in sentence
    return done


def comes_back(place: Place, done: Synced, server: FeedServer) -> None:
    """Within one interval the place is asked again by itself (a blog that is gone for good: when the user wants it), and everything it said
    meanwhile arrives."""
    server.put(place.path, place.good(4, 3, 2, 1))
    for name in stored.rests(place.db, place.id):
        logins.ask_again(place.db, place.id, name)
    waits = done.next_try is not None and done.next_try - place.now > timedelta(minutes=30)
    place.now = max(done.next_try or place.now, place.now) if waits else place.now + timedelta(minutes=30)
    (due,) = sync.due(place.db, place.now, 30)
    again = place.read()
    assert (again.failures, again.login.failure, again.next_try) == ((), "", None)
    assert len(place.kept()["activities"]) >= 4 and due.id == place.id


@pytest.mark.parametrize("name", FAILS)
def test_trouble_is_one_sentence_and_loses_nothing(place: Place, servers: tuple[FeedServer, ...], name: str) -> None:
    before = place.kept()
    done = meet(place, servers, FAILS[name], heavy=name in HEAVY)
    assert [title for title, _ in done.failures] == [place.title] and place.kept() == before
    assert done.next_try is not None and done.next_try >= place.now + timedelta(minutes=10)
    comes_back(place, done, servers[0])


@pytest.mark.parametrize("name", SLOW)
def test_slowness_is_ended(place: Place, servers: tuple[FeedServer, ...], name: str) -> None:
    before = place.kept()
    done = meet(place, servers, SLOW[name], Hasty)
    assert [title for title, _ in done.failures] == [place.title] and place.kept() == before
    comes_back(place, done, servers[0])


@pytest.mark.parametrize("name", GOOD)
def test_oddities_are_read(place: Place, servers: tuple[FeedServer, ...], name: str) -> None:
    done = meet(place, servers, GOOD[name])
    assert (done.failures, done.new) == ((), 1)
    comes_back(place, done, servers[0])


@pytest.mark.parametrize("name", EITHER)
def test_what_may_be_read_or_not_loses_nothing(place: Place, servers: tuple[FeedServer, ...], name: str) -> None:
    comes_back(place, meet(place, servers, EITHER[name]), servers[0])
