"""Questions with a body, which change nothing: the same guards as for a page, and never carried to another server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from relationdesk.errors import LoginRejected, RateLimited, SourceUnavailable, UnexpectedAnswer
from relationdesk.sources.door import Door
from tests.feed_server import FeedServer

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def servers() -> Iterator[tuple[FeedServer, FeedServer]]:
    with FeedServer() as server, FeedServer("127.0.0.2") as other:
        yield server, other


def door_to(*servers: FeedServer) -> Door:
    return Door(allowed_hosts=frozenset(server.host for server in servers), clock=lambda: NOW)


def ask(door: Door, url: str, method: str = "REPORT", **options: object) -> object:
    return door.ask(method, url, b"<what/>", content_type="application/xml", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT", "POST"])
def test_a_question_has_its_body_its_key_and_its_headers(servers: tuple[FeedServer, ...], method: str) -> None:
    servers[0].put("/dav", "found", status=207)
    answer = door_to(servers[0]).ask(
        method, f"{servers[0].base}/dav", b"<what/>", content_type="application/xml", headers=[("Depth", "1")], token="c2Ft", token_in="basic",
    )  # fmt: skip
    (sent,) = servers[0].log
    assert (answer.status, answer.body, sent.body) == (207, b"found", b"<what/>")
    assert (sent.headers["authorization"], sent.headers["depth"], sent.headers["content-type"]) == ("Basic c2Ft", "1", "application/xml")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "MKCOL", "PATCH", "GET"])
def test_what_could_change_something_is_not_a_question(servers: tuple[FeedServer, ...], method: str) -> None:
    with pytest.raises(ValueError):
        ask(door_to(servers[0]), f"{servers[0].base}/dav", method)
    assert servers[0].log == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_is_asked_again_where_the_same_server_sends_it_and_nowhere_else(servers: tuple[FeedServer, ...], status: int) -> None:
    server, other = servers
    server.put("/dav", status=status, Location="/there/")
    server.put("/there/", "found")
    assert ask(door_to(server, other), f"{server.base}/dav", token="key").body == b"found"  # type: ignore[attr-defined]
    assert [(request.path, request.body, request.headers["authorization"]) for request in server.log] == [("/dav", b"<what/>", "Bearer key"), ("/there/", b"<what/>", "Bearer key")]
    server.put("/dav", status=status, Location=f"{other.base}/there/")
    with pytest.raises(UnexpectedAnswer, match=r"sends us on to 127\.0\.0\.2:\d+, which was not asked"):
        ask(door_to(server, other), f"{server.base}/dav", token="key")
    assert other.log == []


def test_a_key_in_a_header_of_its_own_stays_at_its_origin_too(servers: tuple[FeedServer, ...]) -> None:
    server, other = servers
    server.put("/a", status=302, Location=f"{other.base}/b")
    other.put("/b", "x")
    door_to(server, other).get(f"{server.base}/a", token="key", token_in="x-api-token")
    assert server.log[0].headers["x-api-token"] == "key" and "authorization" not in server.log[0].headers
    assert "x-api-token" not in other.log[0].headers


def test_a_key_is_never_sent_unprotected_nor_to_a_private_address_nobody_allowed(servers: tuple[FeedServer, ...]) -> None:
    quiet = Door(transport=httpx.MockTransport(lambda request: pytest.fail("was asked")), clock=lambda: NOW)
    with pytest.raises(LoginRejected, match="without encryption"):
        ask(quiet, "http://hotel.example/dav", token="key")
    with pytest.raises(SourceUnavailable):
        ask(Door(clock=lambda: NOW), f"https://{servers[0].host}/dav", token="key")
    assert servers[0].log == []


def test_refusals_mean_what_they_mean_for_a_page(servers: tuple[FeedServer, ...]) -> None:
    server = servers[0]
    for status, error in ((401, LoginRejected), (403, LoginRejected), (429, RateLimited), (500, SourceUnavailable), (405, UnexpectedAnswer)):
        server.put("/dav", status=status)
        with pytest.raises(error):
            ask(door_to(server), f"{server.base}/dav", token="key")
        assert ask(door_to(server), f"{server.base}/dav", token="key", also=frozenset({status})).status == status  # type: ignore[attr-defined]
