"""The door against servers that lie, stall, flood and send us elsewhere; real sockets on loopback wherever it can be."""

from __future__ import annotations

import errno
import gzip
import json
import logging
import socket
import ssl
import time
import zlib
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import httpx
import pytest

from relationdesk.errors import (
    Cancelled,
    Gone,
    LoginRejected,
    PrivateAddress,
    RateLimited,
    SourceUnavailable,
    UnexpectedAnswer,
)
from relationdesk.sources import door_log, door_wire
from relationdesk.sources.door import Door
from relationdesk.sources.door_addresses import complaint, is_private_name, is_public, literal, secret_in
from relationdesk.sources.replay import Replay
from tests.feed_server import FeedServer

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def server():
    with FeedServer() as running:
        yield running


def door_to(*servers: FeedServer, **options) -> Door:
    return Door(allowed_hosts=frozenset(s.host for s in servers), clock=lambda: NOW, **options)


def mocked(handler, **options) -> Door:
    return Door(transport=httpx.MockTransport(handler), clock=lambda: NOW, **options)


def test_a_plain_page_comes_back_with_lower_case_headers(server):
    server.put("/a", "hello", X_Odd="yes")
    answer = door_to(server, user_agent="RelationDesk/1").get(f"{server.base}/a", accept="text/plain")
    assert (answer.status, answer.body, answer.headers["x-odd"], answer.moved) == (200, b"hello", "yes", "")
    assert answer.url == f"{server.base}/a"
    sent = server.log[0].headers
    assert (sent["user-agent"], sent["accept"], sent["host"]) == ("RelationDesk/1", "text/plain", server.host)
    assert "cookie" not in sent


def test_cookies_are_not_kept(server):
    server.put("/a", "x", Set_Cookie="id=1")
    door = door_to(server)
    door.get(f"{server.base}/a")
    door.get(f"{server.base}/a")
    assert "cookie" not in server.log[1].headers


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_move_is_told(server, status):
    server.put("/old", status=status, Location="/new#part")
    server.put("/new", "here")
    answer = door_to(server).get(f"{server.base}/old")
    assert (answer.body, answer.moved, answer.url) == (b"here", f"{server.base}/new", f"{server.base}/new")


def test_one_temporary_step_makes_the_whole_way_temporary(server):
    server.put("/old", status=301, Location="/middle")
    server.put("/middle", status=302, Location="/new")
    server.put("/new", "here")
    answer = door_to(server).get(f"{server.base}/old")
    assert (answer.body, answer.moved) == (b"here", "")


def test_a_loop_ends_after_five_steps(server):
    server.put("/loop", status=302, Location="/loop")
    with pytest.raises(UnexpectedAnswer, match="circles"):
        door_to(server).get(f"{server.base}/loop")
    assert server.asked("/loop") == 6


def test_token_and_own_headers_stay_at_their_origin(server):
    with FeedServer() as other:
        server.put("/a", status=302, Location=f"{other.base}/b")
        other.put("/b", "x")
        door_to(server, other).get(
            f"{server.base}/a", token="s3cret", headers=[("X-Api-Key", "k"), ("If-None-Match", '"1"')]
        )
        assert server.log[0].headers["authorization"] == "Bearer s3cret"
        assert server.log[0].headers["x-api-key"] == "k"
        there = other.log[0].headers
        assert "authorization" not in there and "x-api-key" not in there
        assert there["if-none-match"] == '"1"'


def test_token_is_not_sent_to_an_address_of_another_origin(server):
    with FeedServer() as other:
        other.put("/next", "x")
        door_to(server, other).get(f"{other.base}/next", token="s3cret", token_origin=server.base)
        assert "authorization" not in other.log[0].headers


@pytest.mark.parametrize("token_in", ["X-Goog-Api-Key", "?auth_token"])
def test_a_token_goes_where_its_place_wants_it_and_to_nobody_else(server, token_in):
    def sent(request) -> bool:
        return "s3cret:1" in request.path if token_in.startswith("?") else request.headers.get(token_in.lower()) == "s3cret:1"

    with FeedServer() as other:
        server.put("/a", status=302, Location="/b?page=2")
        server.put("/b", status=302, Location=f"{other.base}/c")
        other.put("/c", "x")
        door = door_to(server, other)
        answer = door.get(f"{server.base}/a", token="s3cret:1", token_in=token_in)
        assert all(sent(request) and "authorization" not in request.headers for request in server.log)
        assert len(server.log) == 2 and "s3cret" not in repr(other.log) and "s3cret" not in answer.url
        assert door.asked == 3


def test_a_token_of_the_query_is_added_to_what_is_asked(server):
    server.put("/a", "x")
    door_to(server).get(f"{server.base}/a?format=json", token="joe:k&y", token_in="?auth_token")
    assert server.log[0].path == "/a?format=json&auth_token=joe:k%26y"


@pytest.mark.parametrize("spelt", ["s3cret%3A1", "s3cret:1"])
def test_a_server_that_hands_the_token_of_the_query_on_is_not_followed(server, spelt):
    with FeedServer() as other:
        server.put("/a", status=302, Location=f"{other.base}/c?auth_token={spelt}")
        with pytest.raises(UnexpectedAnswer, match="not followed"):
            door_to(server, other).get(f"{server.base}/a", token="s3cret:1", token_in="?auth_token")
        assert other.log == []


def test_token_never_travels_unprotected_to_a_server_that_is_not_our_own():
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    with pytest.raises(LoginRejected, match="without encryption"):
        mocked(never).get("http://hotel.example/api", token="s3cret")
    with pytest.raises(LoginRejected, match="without encryption"):
        mocked(never).get("http://hotel.example/api", token="s3cret", token_in="?key")


def test_https_is_not_left_for_http():
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        return httpx.Response(302, headers={"location": "http://hotel.example/a"})

    with pytest.raises(UnexpectedAnswer, match="unprotected"):
        mocked(handler).get("https://hotel.example/a")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://127.1/", "http://2130706433/",
        "http://0x7f000001/", "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
        "http://10.1.2.3/", "http://192.168.1.1/", "http://172.16.0.9/", "http://169.254.169.254/latest/",
        "http://[fe80::1]/", "http://[fd00::1]/", "http://100.64.0.1/", "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://255.255.255.255/", "http://printer/",
        "http://nas.local/", "http://metadata.google.internal/", "http://[fec0::1]/", "http://[2a00:1450::5efe:127.0.0.1]/",
        "http://192.0.0.8/", "http://[3fff::1]/", "http://127.0.0.1./", "http://0/", "http://[::]/",
        "http://[::1%25lo]/", "http://017700000001/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_before_anybody_is_asked(url):
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    with pytest.raises(SourceUnavailable, match="private network"):
        mocked(never).get(url)

    def send_there(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "blog.example"
        return httpx.Response(302, headers={"location": url})

    with pytest.raises(SourceUnavailable, match="private network"):
        mocked(send_there).get("http://blog.example/")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://hotel.example/", "gopher://hotel.example/", "javascript:alert(1)", "hotel.example",
        "", "http://", "http://user:pw@hotel.example/", "http://hotel.example@127.0.0.1/", "http://hotel.example:22/",
        "http://hotel.example\\@127.0.0.1/", "http://hotel.example/\r\nX: y", "http://hotel.example:99999/",
        "http://[::1/", "http://hotel.example/" + "a" * 9000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(UnexpectedAnswer, match=r"Nothing was asked|cannot be read"):
        mocked(lambda request: httpx.Response(200)).get(url)


@pytest.mark.parametrize("host", ["127。0。0。1", "①②⑦.0.0.1", "１２７.0.0.1", "ⓛocalhost", "0127.000.000.001", "127.0.0.1%00.example"])
def test_no_spelling_of_a_number_comes_past_the_check(host):
    def nobody(name: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises((SourceUnavailable, UnexpectedAnswer)):
        Door(resolve=nobody).get(f"http://{host}:9/")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://ann:pw@hotel.example/feed", "password"), ("https://hotel.example/feed?a=b&Token=x", "Token"),
        ("https://hotel.example/feed?private_token=x", "private_token"), ("https://hotel.example/?api-key=x", "api-key"),
        ("https://feeds.pinboard.in/rss/secret:1a2b/u:joe/", "secret"), ("http://feeds.pinboard.in/rss/secret%3A1a2b/u:joe/", "secret"),
        ("https://blog.example/secret:sauce", ""), ("https://www.reddit.com/.rss?feed=abc&user=joe", "feed"), ("https://hotel.example/feed?token=", ""),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=UC1", ""), ("https://hotel.example/?feed=rss2", ""),
        ("https://hotel.example/token/key?page=2#token=x", ""), ("@joe@hotel.example", ""), ("http://[::1/?token=x", ""),
    ],
)  # fmt: skip
def test_secrets_in_addresses_are_known(url, name):
    assert secret_in(url) == name


def test_public_addresses_are_allowed():
    for text in ("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"):
        number = literal(text)
        assert number is not None and is_public(number)
    assert not is_private_name("hotel.example") and not is_private_name("localhost.example")
    assert complaint("https://hotel.example:8443/a?b=c") == ""


def test_a_private_server_answers_only_where_the_user_allows_it(server):
    server.put("/a", "x")
    with pytest.raises(SourceUnavailable, match="allow private"):
        Door().get(f"{server.base}/a")
    with pytest.raises(SourceUnavailable):
        Door(allowed_hosts=frozenset({"127.0.0.1:1"})).get(f"{server.base}/a")
    assert server.log == []
    assert Door(allowed_hosts=frozenset({"127.0.0.1"})).get(f"{server.base}/a").body == b"x"


def test_a_name_that_points_inside_is_refused_and_looked_up_once(server):
    server.put("/", "inside")
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with pytest.raises(SourceUnavailable, match="private network"):
        Door(resolve=rebinding).get(f"http://blog.example:{server.host.rpartition(':')[2]}/")
    assert asked == ["blog.example"] and server.log == []


@pytest.mark.parametrize("url", ["https://joe/", "https://mastodon:8000/api"])
def test_a_mere_word_is_more_often_a_name_than_a_server(url):
    with pytest.raises(PrivateAddress, match=r"^“\w+” is no whole address: .* type the whole address, or allow private addresses"):
        Door(resolve=lambda host, port: pytest.fail("nobody is asked")).get(url)


def test_one_private_number_among_public_ones_is_enough_to_refuse():
    with pytest.raises(SourceUnavailable, match="private network"):
        Door(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"]).get("http://blog.example/")


def test_the_checked_number_is_connected_to_and_the_name_stays_in_the_host_header(server):
    server.put("/", "pinned")
    port = server.host.rpartition(":")[2]
    name = f"desk.example:{port}"
    door = Door(allowed_hosts=frozenset({name}), resolve=lambda host, port: ["127.0.0.1"])
    assert door.get(f"http://{name}/").body == b"pinned"
    assert server.log[0].headers["host"] == name


def test_a_public_page_cannot_send_us_to_an_allowed_private_server(server):
    server.put("/", "inside")
    door = Door(
        allowed_hosts=frozenset({server.host}),
        transport=httpx.MockTransport(lambda request: httpx.Response(302, headers={"location": f"{server.base}/"})),
    )
    with pytest.raises(SourceUnavailable, match="private network"):
        door.get("http://blog.example/")


def self_signed(folder) -> ssl.SSLContext:
    """A server's TLS with a certificate nobody vouches for, made on the spot."""
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography makes the test's certificate")
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    tools = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=2))
    pem = folder / "both.pem"
    pem.write_bytes(
        key.private_bytes(tools.Encoding.PEM, tools.PrivateFormat.PKCS8, tools.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(tools.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_a_certificate_nobody_vouches_for_is_refused_and_no_token_sent(server, tmp_path):
    server.put("/a", "x")
    server.encrypt(self_signed(tmp_path))
    with pytest.raises(SourceUnavailable, match="certificate"):
        door_to(server).get(f"https://{server.host}/a", token="s3cret")
    assert server.log == []


def test_an_unknown_name_and_a_closed_port_are_unavailable():
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        Door(resolve=unknown).get("https://nobody.example/?token=s3cret")
    with FeedServer() as server:
        host, base = server.host, server.base
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        Door(allowed_hosts=frozenset({host})).get(base + "/")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "this computer is offline, or nobody has that name"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "this computer is offline."),
    ],
    ids=["no name service", "no route"],
)
def test_no_network_is_told_as_such(why: OSError, said: str) -> None:
    def gone(host: str, port: int) -> list[str]:
        raise why

    with pytest.raises(SourceUnavailable, match=said) as caught:
        Door(resolve=gone).get("https://hotel.example/")
    assert caught.value.silent and caught.value.offline and "is kept" in str(caught.value)


@pytest.mark.parametrize("online", [True, False])
def test_a_name_that_nobody_has_is_no_missing_network(monkeypatch: pytest.MonkeyPatch, online: bool) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(door_wire, "has_way_out", lambda: online)
    with pytest.raises(SourceUnavailable, match="nobody has that name") as caught:
        Door(resolve=nobody).get("https://hotel.example/")
    assert caught.value.silent and caught.value.offline is not online and ("offline" in str(caught.value)) is not online


@pytest.mark.parametrize(("routes", "online"), [((), False), ((socket.AF_INET,), True), ((socket.AF_INET6,), True)])
def test_a_way_out_is_looked_for_without_asking_anybody(monkeypatch: pytest.MonkeyPatch, routes: tuple[int, ...], online: bool) -> None:
    kinds = []

    class Probe:
        def __init__(self, family: int, kind: int) -> None:
            self._family = family
            kinds.append(kind)

        def __enter__(self) -> Probe:
            return self

        def __exit__(self, *_: object) -> None: ...

        def connect(self, address: tuple[str, int]) -> None:
            if self._family not in routes:
                raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(door_wire.socket, "socket", Probe)
    assert door_wire.has_way_out() is online and set(kinds) == {socket.SOCK_DGRAM}


def drip(head: bytes, piece: bytes):
    def write(out: BinaryIO) -> None:
        out.write(head)
        for _ in range(400):
            out.write(piece)
            out.flush()
            time.sleep(0.02)

    return write


@pytest.mark.parametrize(
    ("head", "piece"),
    [(HEAD + b"\r\n", b"x"), (HEAD, b"X-A: 1\r\n"), (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), (b"", b"H")],
    ids=["body", "headers", "early hints", "status line"],
)
def test_a_slow_drip_ends_at_the_total_deadline(server, head, piece):
    server.put_raw("/slow", drip(head, piece))
    with pytest.raises(SourceUnavailable, match="in time"):
        door_to(server).get(f"{server.base}/slow", deadline_s=0.4)


def test_a_server_that_says_nothing_ends_at_the_deadline_and_at_stop(server):
    server.put_raw("/mute", lambda out: server.release.wait(5) and None)
    with pytest.raises(SourceUnavailable, match="in time"):
        door_to(server).get(f"{server.base}/mute", deadline_s=0.3)
    asked = iter([False, False, False])
    with pytest.raises(Cancelled):
        door_to(server, stop=lambda: next(asked, True)).get(f"{server.base}/mute")


def test_too_large_is_refused_while_it_is_read(server):
    server.put("/big", b"x" * 300_000)
    with pytest.raises(UnexpectedAnswer, match="more than"):
        door_to(server).get(f"{server.base}/big", limit_bytes=100_000)
    assert len(door_to(server).get(f"{server.base}/big", limit_bytes=300_000).body) == 300_000


def test_a_packed_bomb_is_refused_in_little_memory(server):
    bomb = gzip.compress(b"\0" * 50_000_000)
    server.put("/bomb", bomb, Content_Encoding="gzip")
    with pytest.raises(UnexpectedAnswer, match="more than 5 MB"):
        door_to(server).get(f"{server.base}/bomb")


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: (c := zlib.compressobj(wbits=-15)).compress(data) + c.flush()),
        ("gzip", lambda data: gzip.compress(data[:10]) + gzip.compress(data[10:])),
        ("gzip", lambda data: gzip.compress(data) + b"\0\0rubbish"),
        ("identity", bytes),
    ],
    ids=["gzip", "zlib", "raw deflate", "two members", "trailing rubbish", "identity"],
)
def test_packed_pages_are_unpacked(server, encoding, pack):
    data = bytes(range(256)) * 2_000
    server.put("/packed", pack(data), Content_Encoding=encoding)
    assert door_to(server).get(f"{server.base}/packed").body == data


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(b"x" * 5000, mtime=0)[:-12], "gzip"), (b"no gzip at all", "gzip"), (b"x", "br"), (b"x", "gzip, gzip")],
)
def test_a_damaged_or_unknown_packing_is_not_taken_for_whole(server, body, encoding):
    server.put("/cut", body, Content_Encoding=encoding)
    with pytest.raises((UnexpectedAnswer, SourceUnavailable)):
        door_to(server).get(f"{server.base}/cut")


def test_a_body_shorter_than_announced_is_not_taken_for_whole(server):
    server.put_raw("/cut", lambda out: out.write(HEAD + b"Content-Length: 100\r\n\r\nhalf") and None)
    with pytest.raises(SourceUnavailable, match="broke off"):
        door_to(server).get(f"{server.base}/cut")


def test_rubbish_instead_of_http_is_unavailable(server):
    server.put_raw("/smtp", lambda out: out.write(b"220 mail.example ESMTP\r\n") and None)
    with pytest.raises(SourceUnavailable):
        door_to(server).get(f"{server.base}/smtp")


@pytest.mark.parametrize(
    ("status", "headers", "token", "error"),
    [
        (401, {}, "t", LoginRejected), (401, {}, "", LoginRejected), (403, {}, "t", LoginRejected),
        (403, {}, "", SourceUnavailable), (404, {}, "", Gone), (410, {}, "", Gone), (500, {}, "", SourceUnavailable),
        (503, {}, "", SourceUnavailable), (422, {}, "", UnexpectedAnswer), (302, {}, "", UnexpectedAnswer),
        (429, {}, "", RateLimited), (503, {"Retry-After": "5"}, "", RateLimited),
        (403, {"X-RateLimit-Remaining": "0"}, "t", RateLimited),
    ],
)  # fmt: skip
def test_a_status_becomes_what_the_user_can_do_about_it(status, headers, token, error):
    door = mocked(lambda request: httpx.Response(status, headers=headers, text="body with s3cret"))
    with pytest.raises(error) as caught:
        door.get("https://hotel.example/private/path?access_token=s3cret", token=token)
    text = str(caught.value)
    assert "s3cret" not in text and "/private" not in text and text.endswith(".")


def test_unchanged_is_an_answer_only_to_who_asked_for_it():
    door = mocked(lambda request: httpx.Response(304))
    for name, value in (("If-None-Match", '"a"'), ("if-modified-since", "Wed, 25 Nov 2026 09:00:00 GMT")):
        assert door.get("https://hotel.example/a", headers=[(name, value)]).status == 304
    with pytest.raises(UnexpectedAnswer, match="without having been asked"):
        door.get("https://hotel.example/a", headers=[("X-Odd", "yes")])


def test_a_status_the_caller_expects_is_an_answer():
    door = mocked(lambda request: httpx.Response(404, text="no"))
    assert door.get("https://hotel.example/a", also=frozenset({404})).status == 404


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "1200"}, timedelta(minutes=20)),
        ({"Retry-After": "120"}, timedelta(minutes=10)),
        ({"Retry-After": "Wed, 25 Nov 2026 10:00:00 GMT"}, timedelta(hours=1)),
        ({"Retry-After": "99999999999999999999"}, timedelta(hours=24)),
        ({"Retry-After": "-5"}, timedelta(minutes=15)),
        ({"Retry-After": "soon"}, timedelta(minutes=15)),
        ({"Retry-After": "0"}, timedelta(minutes=10)),
        ({}, timedelta(minutes=15)),
        ({"X-RateLimit-Reset": "2026-11-25T09:15:00.123456Z"}, timedelta(minutes=15, microseconds=123456)),
        ({"RateLimit-Reset": str(int((NOW + timedelta(minutes=17)).timestamp()))}, timedelta(minutes=17)),
        ({"x-ratelimit-reset": "900"}, timedelta(minutes=15)),
        ({"Retry-After": "1200", "X-RateLimit-Reset": "3000"}, timedelta(minutes=20)),
        ({"Retry-After": "Mon, 01 Jan 0001 00:00:00 +2300"}, timedelta(minutes=10)),
    ],
)
def test_how_long_to_wait(headers, expected):
    with pytest.raises(RateLimited) as caught:
        mocked(lambda request: httpx.Response(429, headers=headers)).get("https://hotel.example/")
    if "0001" in headers.get("Retry-After", ""):
        assert timedelta(minutes=10) <= caught.value.until - NOW <= timedelta(minutes=15)
    else:
        assert caught.value.until - NOW == expected


@pytest.mark.parametrize(
    "body", [b"<html>", b"", b"[" * 100_000, b'{"a": NaN}', b"\xff\xfe\x00", b'{"a":' + b"9" * 5000 + b"}"]
)
def test_what_is_not_json_is_an_unexpected_answer(body):
    with pytest.raises(UnexpectedAnswer, match="nothing was deleted"):
        mocked(lambda request: httpx.Response(200, content=body)).get_json("https://hotel.example/a")


def test_a_network_that_answers_in_place_of_everybody_is_named():
    page = b"\n<!doctype html><title>Hotel Wi-Fi</title>"
    with pytest.raises(UnexpectedAnswer, match=r"hotel\.example answered with a web page instead of data\. .* In a hotel or on a train, agree to the terms of its network first\.$"):
        mocked(lambda request: httpx.Response(200, content=page)).get_json("https://hotel.example/a")


def test_json_with_a_byte_order_mark_is_read():
    assert mocked(lambda request: httpx.Response(200, content=b'\xef\xbb\xbf{"a": 1}')).get_json(
        "https://hotel.example/a"
    ) == {"a": 1}


def test_link_headers_become_absolute():
    link = '</api?max_id=1>; rel="next", <https://hotel.example/api?min_id=9>; rel="prev";'
    answer = mocked(lambda request: httpx.Response(200, headers={"link": link})).get("https://hotel.example/api")
    assert answer.links["next"] == "https://hotel.example/api?max_id=1"
    assert answer.links["prev"] == "https://hotel.example/api?min_id=9"


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "kéy", "nul\0"])
def test_a_token_that_cannot_be_one_is_not_sent_and_not_shown(token):
    with pytest.raises(LoginRejected) as caught:
        mocked(lambda request: httpx.Response(200)).get("https://hotel.example/", token=token)
    assert token not in str(caught.value) and caught.value.__cause__ is None


def test_a_header_that_cannot_be_sent_is_left_out(server):
    server.put("/a", "x")
    door_to(server).get(f"{server.base}/a", headers=[("If-None-Match", '"é"'), ("If-Modified-Since", "x\r\nY: z")])
    assert "if-none-match" not in server.log[0].headers and "y" not in server.log[0].headers


def test_a_redirect_with_spaces_or_foreign_letters_is_followed(server):
    server.put("/a", status=302, Location="/b c/%C3%BC")
    server.put("/b%20c/%C3%BC", "x")
    assert door_to(server).get(f"{server.base}/a").body == b"x"


@pytest.mark.parametrize(
    "raw",
    [HEAD + b"X-Long: " + b"x" * 300_000 + b"\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx",
     HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", b"HTTP/1.1 99999 OK\r\n\r\n", b"\0" * 1000,
     HEAD + b"Content-Length: -5\r\n\r\n", b"HTTP/0.9\r\n\r\n", b""],
)  # fmt: skip
def test_broken_http_is_one_of_our_errors(server, raw):
    server.put_raw("/x", lambda out: out.write(raw) and None)
    with pytest.raises((SourceUnavailable, UnexpectedAnswer)):
        door_to(server).get(f"{server.base}/x")


def test_nothing_of_an_address_or_token_is_logged(server, caplog):
    server.put("/a", "x")
    with caplog.at_level(logging.DEBUG):
        door_to(server).get(f"{server.base}/a?key=s3cret", token="t0ken")
        door_to(server).get(f"{server.base}/a", token="t0ken", token_in="?key")
    assert "s3cret" not in caplog.text and "t0ken" not in caplog.text


def test_a_proxy_of_the_environment_is_not_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.put("/a", "direct")
    assert door_to(server).get(f"{server.base}/a").body == b"direct"


def test_a_sign_in_is_posted_to_its_address_with_its_words_in_the_body(server):
    server.put("/in", '{"ok":1}')
    answer = door_to(server).post_json(f"{server.base}/in", {"password": "zß"})
    assert answer.json() == {"ok": 1}
    (sent,) = server.log
    assert (sent.path, sent.headers["content-type"], json.loads(sent.body)) == ("/in", "application/json", {"password": "zß"})
    assert "authorization" not in sent.headers


def test_a_renewal_posts_its_key_and_nothing_else(server):
    server.put("/in", "{}")
    door_to(server).post_json(f"{server.base}/in", {}, token="key")
    (sent,) = server.log
    assert (sent.headers["authorization"], sent.body, sent.headers["content-length"]) == ("Bearer key", b"", "0")
    assert "content-type" not in sent.headers


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_sign_in_is_never_sent_on(server, status):
    server.put("/in", status=status, Location="/elsewhere")
    with pytest.raises(UnexpectedAnswer, match="not followed"):
        door_to(server).post_json(f"{server.base}/in", {"password": "secret"})
    assert [request.path for request in server.log] == ["/in"]


def test_a_sign_in_is_never_sent_unprotected():
    with pytest.raises(LoginRejected, match="without encryption"):
        mocked(lambda request: pytest.fail("was asked")).post_json("http://hotel.example/in", {"password": "secret"})


def test_a_sign_in_is_never_sent_to_a_private_address_nobody_allowed(server):
    with pytest.raises(SourceUnavailable):
        Door(clock=lambda: NOW).post_json(f"https://{server.host}/in", {"password": "secret"})
    assert server.log == []


def test_a_refused_sign_in_is_a_rejected_login_and_its_words_can_be_asked_for(server):
    server.put("/in", '{"error":"AuthenticationRequired"}', status=401)
    with pytest.raises(LoginRejected):
        door_to(server).post_json(f"{server.base}/in", {"password": "secret"})
    asked = door_to(server).post_json(f"{server.base}/in", {"password": "secret"}, also=frozenset({401}))
    assert asked.json()["error"] == "AuthenticationRequired"


def test_whoever_is_asked_is_written_down_by_name_alone():
    door_log.forget()
    answers = {"/a": httpx.Response(302, headers={"Location": "https://far.example/b?key=s3cret"}), "/b": httpx.Response(200, content=b"12345")}
    door = mocked(lambda request: answers[request.url.path])
    door.get("https://hotel.example/a")
    with pytest.raises(Gone):
        mocked(lambda request: httpx.Response(404)).get("https://hotel.example:8443/a")
    found = door_log.asked()
    assert {host: (one.times, one.size) for host, one in found.items()} == {"hotel.example": (1, 0), "far.example": (1, 5), "hotel.example:8443": (1, 0)}
    assert "s3cret" not in repr(found)
    door_log.forget()


def test_whoever_is_read_from_a_record_was_not_asked():
    door_log.forget()
    door = Door(transport=Replay(lambda url: (200, {}, b"recorded")), clock=lambda: NOW)
    assert door.get("https://hotel.example/a").body == b"recorded" and door.asked == 1
    assert door_log.asked() == {}
