"""What servers have done to clients: one function per behaviour, for any source that is read over HTTP.

Each takes the server, the path that the source asks for, the bytes of a good answer, and another server that nobody
allowed or that must never see a secret. `FAILS` must end as one sentence for the user; `GOOD` must be read like any
good answer; `EITHER` may be read or refused, but must not lose or delete anything.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from tests.feed_server import FeedServer


@dataclass(frozen=True)
class Scene:
    """server: the one that is followed. path: what is asked of it. good: what it said before, and says after. other:
    allowed, too, but another origin. canary: on this computer, allowed by nobody."""

    server: FeedServer
    path: str
    good: bytes
    kind: str
    other: FeedServer
    canary: FeedServer

    def answer(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.server.put(self.path, body, status=status, **headers)

    def says(self, *pieces: bytes, over: bytes = b"", pause: float = 0.0) -> None:
        """Raw bytes; then `over` again and again until the client has had enough."""

        def raw(wire: BinaryIO) -> None:
            for piece in pieces:
                wire.write(piece)
                wire.flush()
            while over and not self.server.release.wait(pause):
                wire.write(over)
                wire.flush()

        self.server.put_raw(self.path, raw)

    def stalls(self, *pieces: bytes) -> None:
        """Raw bytes; then silence on an open line."""

        def raw(wire: BinaryIO) -> None:
            for piece in pieces:
                wire.write(piece)
                wire.flush()
            self.server.release.wait(30)

        self.server.put_raw(self.path, raw)


Behaviour = Callable[[Scene], None]
OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Type: text/plain\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ZEROS = bytes(1_000_000)


def _bomb(megabytes: int, wbits: int = 31) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join(packer.compress(ZEROS) for _ in range(megabytes)) + packer.flush()


def status(code: int, **headers: str) -> Behaviour:
    return lambda s: s.answer(b"words", code, **headers)


def to(target: str, code: int = 302) -> Behaviour:
    """A redirect; {other} and {canary} stand for the other servers' addresses, {path} for the path itself."""
    return lambda s: s.answer(
        status=code, Location=target.format(other=s.other.base, canary=s.canary.base, path=s.path, host=s.server.host)
    )


def body(data: bytes | Callable[[Scene], bytes], **headers: str) -> Behaviour:
    return lambda s: s.answer(data(s) if callable(data) else data, **headers)


def raw(*pieces: bytes, over: bytes = b"", pause: float = 0.0) -> Behaviour:
    return lambda s: s.says(*pieces, over=over, pause=pause)


def silent(*pieces: bytes) -> Behaviour:
    return lambda s: s.stalls(*pieces)


def _chain(s: Scene) -> None:
    s.answer(status=302, Location="/hop/1")
    for n in range(1, 40):
        s.server.put(f"/hop/{n}", status=302, Location=f"/hop/{n + 1}")
    s.server.put("/hop/40", s.good)


def _pair(s: Scene) -> None:
    s.answer(status=301, Location="/pair")
    s.server.put("/pair", status=301, Location=s.path)


def _elsewhere(s: Scene, code: int) -> None:
    s.answer(status=code, Location=f"{s.other.base}/there")
    s.other.put("/there", status=401)


def _slow_hops(s: Scene) -> None:
    s.says(b"HTTP/1.1 302 Found\r\nLocation: ", over=b"/", pause=0.05)


def _data(s: Scene, feed: bytes, json: bytes) -> None:
    s.answer(feed if s.kind == "feed" else json)


def data(feed: bytes, json: bytes) -> Behaviour:
    return lambda s: _data(s, feed, json)


def whole(pack: Callable[[bytes], bytes], **headers: str) -> Behaviour:
    return lambda s: s.answer(pack(s.good), **headers)


RSS, END = b'<rss version="2.0"><channel><title>t</title>', b"</channel></rss>"

FAILS: dict[str, Behaviour] = {
    # Statuses
    **{f"status {code}": status(code) for code in (
        400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 414, 418, 421, 422, 423, 425, 426, 428, 429, 431, 451,
        500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 525, 599,
    )},
    "401 that asks for a password": status(401, WWW_Authenticate='Basic realm="x"'),
    "407 that asks for a password": status(407, Proxy_Authenticate='Basic realm="x"'),
    "429 for seconds": status(429, Retry_After="30"),
    "429 until a date": status(429, Retry_After="Wed, 25 Nov 2026 10:00:00 GMT"),
    "429 until yesterday": status(429, Retry_After="Tue, 24 Nov 2026 10:00:00 GMT"),
    "429 for years": status(429, Retry_After="99999999999999999999"),
    "429 for nonsense": status(429, Retry_After="soon, perhaps; \xe9"),
    "429 for less than nothing": status(429, Retry_After="-5"),
    "503 for a while": status(503, Retry_After="120"),
    "204 and nothing": lambda s: s.answer(status=204),
    "205 and nothing": lambda s: s.answer(status=205),
    "206 a part of it": lambda s: s.answer(s.good[: len(s.good) // 2], 206, Content_Range="bytes 0-50/100"),
    "300 without a choice": status(300),
    "304 unasked": lambda s: s.answer(status=304),
    "305 use a proxy": to("{canary}/", 305),
    "status 600": raw(b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n"),
    "status 999": raw(b"HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n"),
    "101 other words": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", b"\x81\x01a"),
    # Redirects
    "a loop": to("{path}"),
    "a loop of two": _pair,
    "forty steps": _chain,
    "to another origin (302)": partial(_elsewhere, code=302),
    "to another origin (307)": partial(_elsewhere, code=307),
    "to another origin (308)": partial(_elsewhere, code=308),
    "to a neighbour nobody allowed": to("{canary}/feed"),
    "to a neighbour without a scheme": lambda s: s.answer(status=302, Location=f"//{s.canary.host}/feed"),
    "to a neighbour by number": lambda s: s.answer(status=302, Location=f"http://2130706433:{s.canary.host.partition(':')[2]}/"),
    "to the local network": to("http://10.0.0.1/feed", 301),
    "to the cloud's own service": to("http://169.254.169.254/latest/meta-data/"),
    "to a file": to("file:///etc/passwd"),
    "to data": to("data:text/xml,<rss/>"),
    "to a script": to("javascript:alert(1)"),
    "to an old protocol": to("gopher://{host}/1"),
    "to a mail server": to("http://mail.example:25/"),
    "with a password": to("http://ann:secret@{host}/"),
    "without saying where": to("", 302),
    "to no address": to("http://[::1/"),
    "to a very long address": to("/" + "a" * 9000),
    "with an endless page": raw(b"HTTP/1.1 302 Found\r\nLocation: /nowhere\r\n\r\n", over=ZEROS[:65536]),
    # Not HTTP, or not quite
    "closed at once": raw(),
    "half a status line": raw(b"HTTP/1."),
    "half the headers": raw(OK + b"Content-Ty"),
    "another protocol": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "encrypted bytes": raw(b"\x15\x03\x01\x00\x02\x02\x28"),
    "HTTP/2": raw(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"),
    "only words": raw(b"hello\r\n\r\nhello"),
    "zeros": raw(ZEROS[:10_000]),
    "shorter than said": raw(PLAIN + b"Content-Length: 5000\r\n\r\n<rss><chan"),
    "two lengths": raw(OK + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello"),
    "a length below nothing": raw(OK + b"Content-Length: -1\r\n\r\n"),
    "a length that is none": raw(OK + b"Content-Length: many\r\n\r\n"),
    "a chunk of no size": raw(CHUNKED + b"zz\r\nhello\r\n"),
    "chunks cut off": raw(CHUNKED + b"5\r\nhello\r\n"),
    "a header with zeros": raw(OK + b"X: a\0b\r\n\r\n"),
    # Too much
    "an endless body": raw(PLAIN + b"\r\n", over=ZEROS[:65536]),
    "a length of a terabyte": raw(PLAIN + b"Content-Length: 1000000000000\r\n\r\n", over=ZEROS[:65536]),
    "endless chunks": raw(CHUNKED, over=b"10000\r\n" + ZEROS[:65536] + b"\r\n"),
    "an endless chunk size": raw(CHUNKED, over=b"0" * 65536),
    "endless headers": raw(OK, over=b"X-More: and more\r\n" * 1000),
    "an endless header": raw(OK + b"X-More: ", over=b"a" * 65536),
    "an endless status line": raw(b"HTTP/1.1 200 ", over=b"O" * 65536),
    "twelve megabytes": body(bytes(12_000_000)),
    "a packed bomb": body(_bomb(300), Content_Encoding="gzip"),
    "a deflated bomb": body(_bomb(300, 15), Content_Encoding="deflate"),
    "a bare deflated bomb": body(_bomb(300, -15), Content_Encoding="deflate"),
    "packed cut off": whole(lambda good: gzip.compress(good)[:-12], Content_Encoding="gzip"),
    "packed and damaged": whole(lambda good: gzip.compress(good)[:20] + b"\xff" * 30, Content_Encoding="gzip"),
    "said to be packed": whole(lambda good: good, Content_Encoding="gzip"),
    "packed in no known way": whole(lambda good: good, Content_Encoding="br"),
    "packed twice": whole(lambda good: gzip.compress(gzip.compress(good)), Content_Encoding="gzip, gzip"),
    "endless empty packages": raw(PLAIN + b"Content-Encoding: gzip\r\n\r\n", over=gzip.compress(b"") * 500),
    # Not what was asked for
    "an empty page": body(b""),
    "blanks": body(b" \r\n" * 1000),
    "a page to log in": body(b"<!doctype html><html><title>Wi-Fi</title><form action=/login></form></html>", Content_Type="text/html"),
    "a picture": body(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
    "a PDF": body(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    "null": body(b"null"),
    "a number": body(b"17"),
    "a text": body(b'"hello"'),
    "an object of no kind": body(b"{}"),
    "an error with status 200": body(b'{"error":"The database is away"}'),
    "cut in the middle": data(RSS[:-20], b'[{"id":"9","uri":"https://hotel.example/9","acc'),
    "a mark and nothing": body(b"\xef\xbb\xbf"),
    "not a number": data(b"NaN", b'[{"id":NaN}]'),
    "deep brackets": body(b"[" * 200_000),
    "deep braces": body(b'{"a":' * 100_000),
    "deep elements": data(RSS + b"<a>" * 100_000, b"[" + b'{"a":[' * 50_000),
    "a million objects": data(b'{"version":"https://jsonfeed.org/version/1.1","items":[' + b"{}," * 1_600_000 + b"{}]}", b"[" + b"{}," * 1_600_000 + b"{}]"),
    "a million elements": data(RSS + b"<a/>" * 1_100_000 + END, b"[" + b"[]," * 1_600_000 + b"[]]"),
    "millions of signs": data(RSS + b"<item><title>" + b"&" * 4_900_000 + END, b"[" + b"&" * 4_900_000),
    "entities in entities": body(
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;">' % ((n + 1, *[n] * 6)) for n in range(97, 120))
        + b"]>" + RSS + b"<item><title>&x;</title></item>" + END
    ),
    "an entity from a file": body(b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RSS + b"<item><title>&a;</title></item>" + END),
    "an entity from a neighbour": lambda s: s.answer(
        f'<!DOCTYPE r [<!ENTITY % a SYSTEM "{s.canary.base}/x.dtd">%a;]>'.encode() + RSS + b"<item><title>&a;</title></item>" + END
    ),
}  # fmt: skip

HEAVY = frozenset(name for name in FAILS if name.split()[0] in ("an", "endless", "twelve", "deep", "millions") or "bomb" in name or "million" in name)
"""Those that would fill the memory if they could."""

SLOW: dict[str, Behaviour] = {
    "no answer": silent(),
    "half an answer and silence": silent(PLAIN + b"Content-Length: 5000\r\n\r\n", b"<rss>"),
    "a status line letter by letter": raw(b"HTTP/1.1 200 ", over=b"O", pause=0.05),
    "headers line by line": raw(OK, over=b"X-A: b\r\n", pause=0.05),
    "a body letter by letter": raw(PLAIN + b"Content-Length: 100000\r\n\r\n", over=b" ", pause=0.05),
    "chunks letter by letter": raw(CHUNKED, over=b"1\r\na\r\n", pause=0.05),
    "packed letter by letter": raw(PLAIN + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x")[:10], over=b"\0", pause=0.05),
    "a redirect letter by letter": _slow_hops,
    "a flood of 'go on'": raw(over=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a flood of 'early hints'": raw(over=b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"),
}
"""Ended by the deadline alone."""

GOOD: dict[str, Behaviour] = {
    "with the wrong type": whole(lambda good: good, Content_Type="image/png"),
    "with no type": whole(lambda good: good, Content_Type=""),
    "with cookies": whole(lambda good: good, Set_Cookie="id=1; Path=/"),
    "with a byte order mark": whole(lambda good: b"\xef\xbb\xbf" + good),
    "packed": whole(gzip.compress, Content_Encoding="gzip"),
    "packed, with rubbish after it": whole(lambda good: gzip.compress(good) + b"\0" * 99, Content_Encoding="x-gzip"),
    "packed in two": whole(lambda good: gzip.compress(good[:50]) + gzip.compress(good[50:]), Content_Encoding="gzip"),
    "deflated": whole(zlib.compress, Content_Encoding="deflate"),
    "in chunks": lambda s: s.says(CHUNKED, *(b"%x;x=y\r\n%c\r\n" % (1, byte) for byte in s.good), b"0\r\nX-After: a\r\n\r\n"),
    "until the line is closed": lambda s: s.says(PLAIN + b"\r\n" + s.good),
    "HTTP/1.0": lambda s: s.says(b"HTTP/1.0 200 OK\r\n\r\n" + s.good),
    "after a few 'go on'": lambda s: s.says(b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + PLAIN + b"\r\n" + s.good),
    "with a secret asked for in a header": whole(lambda good: good, WWW_Authenticate="Basic"),
    "after a step of its own": lambda s: (s.answer(status=302, Location="/moved"), s.server.put("/moved", s.good))[0],
    "a thousand harmless headers": lambda s: s.says(OK + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n" + s.good),
}

EITHER: dict[str, Behaviour] = {
    "an empty list": data(RSS + END, b"[]"),
    "a list of nothing": data(RSS + b"<item/><item></item>" + END, b"[null, 1, [], {}]"),
    "good, with rubbish after it": whole(lambda good: good + b"\0\xff" * 50),
    "good, in two bytes a letter": whole(lambda good: good.decode().encode("utf-16")),
    "a refresh": whole(lambda good: good, Refresh="0; url=http://10.0.0.1/"),
    "numbers without end": data(
        RSS + b"<item><guid>" + b"9" * 9000 + b"</guid></item>" + END, b'[{"id":' + b"9" * 4000 + b',"uri":' + b"1" * 4000 + b"}]"
    ),
}  # fmt: skip
