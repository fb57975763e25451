"""The way back from the browser: what the browser sends is heard once; nobody else is, whatever they send."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from relationdesk.errors import SourceUnavailable, UserMistake
from relationdesk.sources import door_callback
from relationdesk.sources.door_callback import Callback

STATE = "s3cr3t-of-this-one"


@pytest.fixture
def callback() -> Iterator[Callback]:
    made = Callback(STATE, path="/back")
    yield made
    made.close()


def port(callback: Callback) -> int:
    return int(callback.address.rpartition(":")[2].partition("/")[0])


def send(callback: Callback, *pieces: bytes, rounds: int = 40) -> tuple[str, bytes]:
    """What is heard when these bytes come, and what is answered."""
    with socket.create_connection(("127.0.0.1", port(callback)), timeout=5) as wire:
        heard = ""
        for piece in pieces:
            wire.sendall(piece)
            heard = heard or callback.look()
        for _ in range(rounds):
            if heard:
                break
            callback.wait(0.01)
            heard = callback.look()
        wire.settimeout(0.2)
        try:
            return heard, wire.recv(4_096)
        except (TimeoutError, ConnectionError):
            return heard, b""


def request(target: str, host: str = "", method: str = "GET", *more: str) -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {host}", *more, "", ""]).encode()


def asked(callback: Callback, target: str, *more: str) -> bytes:
    return request(target, f"127.0.0.1:{port(callback)}", "GET", *more)


def test_what_the_browser_brings_back_is_heard_and_it_is_told_so(callback: Callback) -> None:
    heard, answer = send(callback, asked(callback, f"/back?code=4/0Ab%2Bc&state={STATE}", "User-Agent: Browser", "Sec-Fetch-Mode: navigate"))
    assert heard == "4/0Ab+c" and answer.startswith(b"HTTP/1.1 200 OK") and b"close this page" in answer
    assert b"4/0Ab" not in answer and STATE.encode() not in answer and b"no-store" in answer


def test_it_may_come_piece_by_piece(callback: Callback) -> None:
    whole = asked(callback, f"/back?state={STATE}&code=abc")
    assert send(callback, *(whole[n : n + 7] for n in range(0, len(whole), 7)))[0] == "abc"


FORGED = {
    "another path": lambda c: asked(c, f"/?code=x&state={STATE}"),
    "a longer path": lambda c: asked(c, f"/back/?code=x&state={STATE}"),
    "a path that climbs": lambda c: asked(c, f"/a/../back?code=x&state={STATE}"),
    "no state": lambda c: asked(c, "/back?code=x"),
    "an empty state": lambda c: asked(c, "/back?code=x&state="),
    "another state": lambda c: asked(c, f"/back?code=x&state={STATE}x"),
    "a state in other letters": lambda c: asked(c, f"/back?code=x&state={STATE.upper()}"),
    "two states": lambda c: asked(c, f"/back?code=x&state={STATE}&state=other"),
    "no code": lambda c: asked(c, f"/back?state={STATE}"),
    "an empty code": lambda c: asked(c, f"/back?code=&state={STATE}"),
    "two codes": lambda c: asked(c, f"/back?code=x&code=y&state={STATE}"),
    "a code with a line break": lambda c: asked(c, f"/back?code=x%0d%0ay&state={STATE}"),
    "a very long code": lambda c: asked(c, f"/back?code={'x' * 3_000}&state={STATE}"),
    "an error of a stranger": lambda c: asked(c, "/back?error=access_denied&state=other"),
    "a form": lambda c: request(f"/back?code=x&state={STATE}", f"127.0.0.1:{port(c)}", "POST"),
    "a look ahead": lambda c: request(f"/back?code=x&state={STATE}", f"127.0.0.1:{port(c)}", "HEAD"),
    "another host": lambda c: request(f"/back?code=x&state={STATE}", f"evil.example:{port(c)}"),
    "a name that was bound anew": lambda c: request(f"/back?code=x&state={STATE}", "rebound.example"),
    "another port": lambda c: request(f"/back?code=x&state={STATE}", "127.0.0.1:80"),
    "localhost instead of the number": lambda c: request(f"/back?code=x&state={STATE}", f"localhost:{port(c)}"),
    "two hosts": lambda c: asked(c, f"/back?code=x&state={STATE}", "Host: evil.example"),
    "a script of another page": lambda c: asked(c, f"/back?code=x&state={STATE}", "Origin: https://evil.example"),
    "a whole address as target": lambda c: asked(c, f"http://127.0.0.1/back?code=x&state={STATE}"),
    "no version": lambda c: f"GET /back?code=x&state={STATE}\r\n\r\n".encode(),
    "no HTTP": lambda c: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a broken query": lambda c: asked(c, f"/back?code=x&state={STATE}&a"),
    "too many fields": lambda c: asked(c, f"/back?code=x&state={STATE}" + "&a=b" * 50),
    "endless headers": lambda c: asked(c, f"/back?code=x&state={STATE}")[:-2] + b"X: y\r\n" * 3_000,
}


@pytest.mark.parametrize("name", FORGED)
def test_whoever_else_asks_is_not_heard_and_learns_nothing(callback: Callback, name: str) -> None:
    heard, answer = send(callback, FORGED[name](callback), rounds=5)
    assert heard == "" and (not answer or answer.startswith(b"HTTP/1.1 404")) and STATE.encode() not in answer
    assert send(callback, asked(callback, f"/back?code=right&state={STATE}"))[0] == "right"


def test_a_sign_in_that_was_refused_there_says_so(callback: Callback) -> None:
    with pytest.raises(UserMistake, match="refused in the browser"):
        send(callback, asked(callback, f"/back?error=access_denied&error_description=%3Cb%3E&state={STATE}"))


def test_who_says_nothing_holds_nobody_up(callback: Callback, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [socket.create_connection(("127.0.0.1", port(callback))) for _ in range(20)]
    try:
        began = time.monotonic()
        callback.look()
        assert time.monotonic() - began < 0.5
        monkeypatch.setattr(door_callback.time, "monotonic", lambda: began + 6)
        callback.look()
        callback.look()
        assert send(callback, asked(callback, f"/back?code=right&state={STATE}"))[0] == "right"
    finally:
        for wire in silent:
            wire.close()


def test_after_five_minutes_it_is_given_up(callback: Callback, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(door_callback.time, "monotonic", lambda: now + 301)
    with pytest.raises(UserMistake, match="for five minutes"):
        callback.look()


def test_it_listens_on_this_computer_only_and_a_port_that_is_taken_is_told(callback: Callback) -> None:
    assert callback.address.startswith("http://127.0.0.1:") and callback.address.endswith("/back")
    with pytest.raises(SourceUnavailable, match=rf"uses port {port(callback)}"):
        Callback(STATE, port=port(callback))
    callback.close()
    again = Callback(STATE, port=0, host="localhost")
    assert again.address.startswith("http://localhost:")
    again.close()
