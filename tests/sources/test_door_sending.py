"""Servers that misbehave when they are given something: what is surely not there is told from what may be, nothing is ever sent twice or
anywhere else, and no key gets out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pytest

from relationdesk.errors import (
    Gone,
    LoginRejected,
    PerhapsSent,
    PrivateAddress,
    RateLimited,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
)
from relationdesk.sources.door import Door
from relationdesk.sources.door_sending import hand_over, told
from tests.feed_server import FeedServer

SECRET = "m4rk3d-s3cr3t"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as one:
        yield one


@pytest.fixture
def other() -> Iterator[FeedServer]:
    with FeedServer() as one:
        one.put("/there", b'{"id": "1"}')
        yield one


def door(*servers: FeedServer) -> Door:
    return Door(allowed_hosts=frozenset(server.host for server in servers))


def give(opened: Door, server: FeedServer, rights: str = "") -> object:
    answer = hand_over(opened, f"{server.base}/say", {"status": "hello"}, token=SECRET, headers=[("Idempotency-Key", "u1")], rights=rights)
    return told(answer)


def raw(*pieces: bytes) -> Callable[[BinaryIO], None]:
    def write(wire: BinaryIO) -> None:
        for piece in pieces:
            wire.write(piece)
            wire.flush()

    return write


def test_it_goes_out_once_with_its_key(server: FeedServer) -> None:
    server.put("/say", b'{"id": "1"}')
    assert give(door(server), server) == {"id": "1"}
    (asked,) = server.log
    assert json.loads(asked.body) == {"status": "hello"} and asked.headers["idempotency-key"] == "u1"
    assert asked.headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425, 301, 302, 303, 307, 308, 304])
def test_neither_yes_nor_no(server: FeedServer, other: FeedServer, status: int) -> None:
    server.put("/say", b"words", status=status, Location=f"{other.base}/there", **{"Retry-After": "5"})
    with pytest.raises(PerhapsSent) as caught:
        give(door(server, other), server)
    assert len(server.log) == 1 and other.log == [] and SECRET not in str(caught.value)


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_on_the_same_server_is_not_followed_either(server: FeedServer, status: int) -> None:
    server.put("/say", status=status, Location="/there")
    server.put("/there", b'{"id": "1"}')
    with pytest.raises(PerhapsSent):
        give(door(server), server)
    assert server.asked("/there") == 0


@pytest.mark.parametrize(
    "pieces",
    [
        (), (b"HTTP/1.1 2",), (OK, b"Content-Length: 99\r\n\r\n{"), (OK, b"Content-Length: 4\r\n\r\nnope"), (OK, b"Content-Length: 2\r\n\r\n[]"),
        (OK, b"Content-Length: 0\r\n\r\n"), (OK, b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), (b"\x00\x01\x02\r\n\r\n",),
        (OK, b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"), (OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",),
    ],
)  # fmt: skip
def test_cut_off_or_nonsense_after_it_was_given(server: FeedServer, pieces: tuple[bytes, ...]) -> None:
    server.put_raw("/say", raw(*pieces))
    with pytest.raises(PerhapsSent, match="did not say"):
        give(door(server), server)
    assert len(server.log) == 1


def test_silence_after_it_was_given(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relationdesk.sources.door.Watch", _short_watch())
    server.put_raw("/say", lambda wire: server.release.wait(30) and None)
    with pytest.raises(PerhapsSent):
        give(door(server), server)


def _short_watch() -> Callable[..., object]:
    from relationdesk.sources.door_wire import Watch

    return lambda seconds, stop: Watch(0.5, stop)


def test_stopped_after_it_was_given(server: FeedServer) -> None:
    asked = iter([False] * 2)
    server.put_raw("/say", lambda wire: server.release.wait(30) and None)
    opened = Door(allowed_hosts=frozenset({server.host}), stop=lambda: bool(server.log) and next(asked, True))
    with pytest.raises(PerhapsSent):
        give(opened, server)


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (401, LoginRejected, "Sign in again"), (403, LoginRejected, "write rights"), (404, Gone, "not there"), (410, Gone, "not there"),
        (422, UnexpectedAnswer, "too long, we think"), (400, UnexpectedAnswer, "too long"), (413, UnexpectedAnswer, "refuses"), (429, RateLimited, "wait"),
    ],
)  # fmt: skip
def test_a_no_is_a_no(server: FeedServer, status: int, error: type[SourceError], says: str) -> None:
    server.put("/say", b'{"error": "It is too long, we think\\u202e\\n!"}', status=status, **({"Retry-After": "900"} if status == 429 else {}))
    with pytest.raises(error, match=says) as caught:
        give(door(server), server, "write rights")
    assert not isinstance(caught.value, PerhapsSent) and SECRET not in str(caught.value) and "\n" not in str(caught.value)
    assert "words are kept" in str(caught.value)


@pytest.mark.parametrize(("body", "headers"), [(b"{}", {"Retry-After": "900"}), (b"{}", {"X-RateLimit-Remaining": "0"}), (b'{"message": "Secondary rate limit"}', {})])
def test_a_refusal_for_now_is_no_reason_to_doubt_the_key(server: FeedServer, body: bytes, headers: dict[str, str]) -> None:
    server.put("/say", body, status=403, **headers)
    with pytest.raises(RateLimited, match="words are kept"):
        give(door(server), server, "write rights")


@pytest.mark.parametrize("body", [b'{"errors": ["Body is short"]}', b'{"message": "Validation", "errors": [{"message": "Body is short"}]}'])
def test_the_place_is_quoted(server: FeedServer, body: bytes) -> None:
    server.put("/say", body, status=422)
    with pytest.raises(UnexpectedAnswer, match="Body is short"):
        give(door(server), server)


def test_nobody_reached_is_surely_not_out(server: FeedServer) -> None:
    with FeedServer() as gone:
        pass
    with pytest.raises(SourceUnavailable) as caught:
        give(door(gone), gone)
    assert not isinstance(caught.value, PerhapsSent)
    with pytest.raises(PrivateAddress):
        hand_over(Door(), server.base.replace("http:", "https:"), {"a": "b"}, token=SECRET)
    assert server.log == []


def test_a_key_never_goes_out_unprotected() -> None:
    with pytest.raises(LoginRejected, match="without encryption"):
        hand_over(Door(), "http://hotel.example/say", {"a": "b"}, token=SECRET)
