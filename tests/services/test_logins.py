"""Ways in: signing in later, twice and without a name, on a server that answers as the test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from relationdesk.errors import SourceError
from relationdesk.model import Login, Stream
from relationdesk.services import key_store, logins
from relationdesk.sources.door import Door
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory, transaction
from tests.imap_server import PASSWORD, InMemory, Mailbox

JOE = Stream(name="statuses:5", address="https://hotel.example", title="Joe")


def clock() -> datetime:
    return datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def server(request: httpx.Request) -> httpx.Response:
    name = request.headers.get("authorization", "Bearer ").removeprefix("Bearer ")
    if request.url.path == "/api/v2/instance":
        return httpx.Response(200, json={"domain": "hotel.example"})
    who = {"id": "2", "username": name, "acct": name, "uri": f"https://hotel.example/users/{name}"}
    return httpx.Response(200, json=who) if name and "verify" in request.url.path else httpx.Response(401)


def door(private: frozenset[str], stop: Callable[[], bool]) -> Door:
    return Door(transport=httpx.MockTransport(server), stop=stop)


@pytest.fixture
def db() -> Iterator[Desk]:
    yield open_memory()
    key_store._until_quit.clear()


def connect(db: Desk, token: str = "") -> Login:
    return logins.connect(db, "mastodon", "hotel.example", token, clock, until_quit=True, door=door)[0]


def test_signing_in_later_keeps_what_is_followed(db: Desk) -> None:
    without = connect(db)
    with transaction(db):
        stored.save_stream(db, without.id, JOE, is_followed=True)
    signed_in = connect(db, "sam")
    assert (signed_in.id, signed_in.user_name, signed_in.has_token) == (without.id, "sam", True)
    assert stored.followed(db, signed_in.id) == (JOE,)


def test_connecting_again_without_a_key_takes_nothing_away(db: Desk) -> None:
    signed_in = connect(db, "sam")
    assert connect(db) == signed_in and connect(db, "sam") == signed_in
    assert stored.every(db) == (signed_in,)


def test_two_people_on_one_server_are_two_logins(db: Desk) -> None:
    assert [connect(db, name).user_name for name in ("sam", "ann", "sam")] == ["sam", "ann", "sam"]
    assert len(stored.every(db)) == 2


def test_the_secret_is_taken_away_after_the_login(db: Desk) -> None:
    signed_in = connect(db, "sam")
    removed, changes = logins.remove(db, signed_in.id, clock)
    assert changes.logins and stored.every(db) == () and key_store.secret(removed.secret_name) == "sam"
    logins.forget_secret(db, removed)
    assert signed_in.secret_name not in key_store._until_quit


@pytest.mark.parametrize(
    ("source", "address", "user_name", "typed"),
    [
        ("mastodon", "https://hotel.example", "sam", "https://hotel.example"),
        ("bluesky", "https://pds.example", "sam.example", "sam.example@pds.example"),
        ("bluesky", "https://public.api.bsky.app", "", ""),
        ("feed", "", "", ""),
        ("unknown", "https://x.example", "sam", "https://x.example"),
        ("imap", "imaps://imap.firm.example:993", "sam@firm.example", "sam@firm.example@imap.firm.example:993"),
        ("imap", "imap://127.0.0.1:1143", "sam@firm.example", "sam@firm.example@imap://127.0.0.1:1143"),
    ],
)
def test_what_is_typed_to_sign_in_again(source: str, address: str, user_name: str, typed: str) -> None:
    assert logins.sign_in_again(Login(id=1, source=source, place=source, address=address, user_name=user_name)) == typed


@pytest.mark.parametrize("typed", ["sam@firm.example 127.0.0.1:1993", "sam@firm.example@127.0.0.1:1993", "sam@firm.example imaps://127.0.0.1:1993"])
def test_a_private_mail_server_is_allowed_as_it_is_typed_and_only_there(db: Desk, typed: str) -> None:
    asked: list[frozenset[str]] = []

    def door(private: frozenset[str], stop: object) -> Door:
        asked.append(private)
        return Door(allowed_hosts=private, network=InMemory(Mailbox()))

    login, _ = logins.connect(db, "imap", typed, PASSWORD, lambda: datetime(2026, 11, 25, tzinfo=UTC), allow_private=True, until_quit=True, door=door)
    assert asked == [frozenset({"127.0.0.1:1993"})] and login.address == "imaps://127.0.0.1:1993" and login.allow_private


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.ConnectError("no"), "backofhouse.example cannot be reached. Nothing was added; try again later."),
        (httpx.Response(500), "backofhouse.example has a problem of its own at the moment. Nothing was added; try again later."),
        (httpx.Response(404), "backofhouse.example says that this page does not exist. Nothing was added; check what you typed."),
        (httpx.Response(429), "backofhouse.example asks us to wait. Nothing was added; try again later."),
        (httpx.Response(401), "backofhouse.example wants a login before it answers. Nothing was added; sign in to read it."),
    ],
    ids=["silent", "trouble", "gone", "busy", "closed"],
)
def test_who_cannot_be_followed_is_not_promised_another_try(db: Desk, answer: httpx.Response | Exception, told: str) -> None:
    def asked(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def failing(private: frozenset[str], stop: Callable[[], bool]) -> Door:
        return Door(transport=httpx.MockTransport(asked), stop=stop)

    with pytest.raises(SourceError) as caught:
        logins.follow_page(db, "feed", "https://backofhouse.example", clock, door=failing)
    assert str(caught.value) == told and stored.every(db) == ()


def test_a_name_of_mine_takes_over_whom_nobody_in_particular_followed(db: Desk) -> None:
    """A place without keys: followed first, connected with one's own name later."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/v0/user/"):
            return httpx.Response(200, json={"id": path.split("/")[-1].removesuffix(".json"), "created": 1})
        return httpx.Response(200, json={"hits": []} if path == "/api/v1/search_by_date" else None)

    def small(private: frozenset[str], stop: Callable[[], bool]) -> Door:
        return Door(allowed_hosts=private, stop=stop, transport=httpx.MockTransport(answer))

    nobody, joe, _ = logins.follow_page(db, "hackernews", "joe", clock, door=small)
    me, _ = logins.connect(db, "hackernews", "Sam", "", clock, door=small)
    assert (nobody.user_name, me.user_name, me.id) == ("", "Sam", nobody.id) and [row.id for row in stored.every(db)] == [me.id]
    logins.sync_one(db, me.id, clock, door=small)
    assert sorted(name for name, _, good, failure, _ in stored.stream_states(db, me.id) if good and not failure) == ["answers", joe.name, "own"]
    assert logins.follow_page(db, "hackernews", "ann", clock, door=small)[0].id == me.id
