"""What comes through the network door: the answer as a value, its body bounded, its status as one of our errors.

Pure but for the clock that is handed in. No message here holds a path, a query, a token or a body.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import marked, say
from relationdesk.sources.json_reader import read_json
from relationdesk.troubles import Trouble

MIN_WAIT = timedelta(minutes=10)
"""Who asks us to wait is asked at most six times an hour, also if it says "a second"."""
MAX_WAIT = timedelta(hours=24)
DEFAULT_WAIT = timedelta(minutes=15)
_RESET_HEADERS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
_REMAINING_HEADERS = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")


PORTAL = marked("In a hotel or on a train, agree to the terms of its network first.")
"""What helps where a network answers in place of everybody until one has agreed to its terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said. headers: names in lower case. url: where it finally came from. moved: the new address if
    every step to it was permanent (301, 308), else "". links: the Link header, rel → absolute address."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    moved: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body read as JSON (strings may still hold lone surrogates). Raises UnexpectedAnswer."""
        try:
            return read_json(self.body.decode())
        except ValueError as e:
            host = host_of(self.url)
            if self.body.lstrip()[:1] == b"<":
                raise page_instead(host) from e
            raise UnexpectedAnswer(say("{host} answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again.", host=host)) from e


def is_page(body: bytes) -> bool:
    """Whether it is a page for people."""
    return re.match(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", body[:2000].removeprefix(b"\xef\xbb\xbf"), re.IGNORECASE | re.DOTALL) is not None


def page_instead(host: str) -> UnexpectedAnswer:
    """A page came where data should: somebody else answers in place of the server, or it has a bad day."""
    told = say("{host} answered with a web page instead of data. Nothing of it was kept and nothing was deleted; it will be tried again. {hint}", host=host, hint=say(PORTAL))
    return UnexpectedAnswer(told, trouble=Trouble.PORTAL)


def host_of(url: str) -> str:
    """The host (and odd port) of an address for a sentence, never its path or query."""
    match = re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?([^/?#\s]{1,200})", url)
    return match.group(1) if match else say("the server")


def read_body(chunks: Iterable[bytes], encoding: str, limit: int, host: str) -> bytes:
    """The body, unpacked, at most `limit` bytes of it. Raises UnexpectedAnswer (too large, cut off, unknown packing).

    Unpacks in steps of 64 KB, so that a few packed bytes never become more than the limit in memory.
    """
    packing = encoding.strip().lower()
    sent = _at_most(chunks, limit, host)
    if packing in ("", "identity"):
        pieces: Iterator[bytes] = sent
    elif packing in ("gzip", "x-gzip", "deflate"):
        pieces = _at_most(_unpacked(sent, host, raw_first=packing == "deflate"), limit, host)
    else:
        raise UnexpectedAnswer(say("{host} packed its answer in a way nobody asked for. Nothing of it was kept and nothing was deleted.", host=host))
    return b"".join(pieces)


def _at_most(pieces: Iterable[bytes], limit: int, host: str) -> Iterator[bytes]:
    """The pieces, counted: packed ones, too, because endless empty packages unpack to nothing at all."""
    left = limit
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise UnexpectedAnswer(
                say("{host} sent more than {limit} MB for one page. Nothing of it was kept and nothing was deleted.", host=host, limit=limit // 1000000 or 1)
            )
        yield piece


def _unpacked(chunks: Iterable[bytes], host: str, *, raw_first: bool) -> Iterator[bytes]:
    """Members of a gzip or zlib stream one after the other; "deflate" comes with and without a zlib header."""
    unpacker = None
    ended = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if ended and not rest.startswith(b"\x1f\x8b"):
                return  # padding or rubbish after the last member, which every browser ignores
            if unpacker is None or ended:
                bare = raw_first and rest[:1] and (rest[0] & 0x0F) != 8
                unpacker = zlib.decompressobj(-15 if bare else 47)
                ended = False
            try:
                piece = unpacker.decompress(rest, 65_536)
            except zlib.error as e:
                raise UnexpectedAnswer(say("The packed answer of {host} is damaged. Nothing of it was kept and nothing was deleted.", host=host)) from e
            if piece:
                yield piece
            ended = unpacker.eof
            rest = unpacker.unused_data if ended else unpacker.unconsumed_tail
            if not rest and not ended and len(piece) == 65_536:
                yield from _held_back(unpacker)
                ended = unpacker.eof
    if unpacker is not None and not ended:
        raise SourceUnavailable(say("The answer of {host} was cut off. Nothing of it was kept and nothing was deleted; it will be tried again.", host=host))


def _held_back(unpacker: Any) -> Iterator[bytes]:
    """What zlib still holds after the last packed byte was taken, in steps of 64 KB."""
    while piece := unpacker.decompress(b"", 65_536):
        yield piece


def raise_for(answer: Answer, *, with_token: bool, now: datetime) -> None:
    """Turn a status that is no success into one of our errors; 2xx and 304 return."""
    host, status = host_of(answer.url), answer.status
    if 200 <= status < 300 or status == 304:
        return
    if status == 429 or (status == 503 and "retry-after" in answer.headers) or (status == 403 and used_up(answer)):
        raise RateLimited(
            say("{host} asks us to wait. Nothing is lost; reading goes on by itself.", host=host), until=wait_until(answer, now)
        )
    raise _error(status, host, with_token)


def _error(status: int, host: str, with_token: bool) -> SourceError:
    if status == 401 and not with_token:
        return LoginRejected(say("{host} wants a login before it answers. What was read before is kept; sign in to read it.", host=host))
    if status == 401 or (status == 403 and with_token):
        return LoginRejected(say("{host} does not accept this login (any more). What was read before is kept; sign in again.", host=host))
    if status == 403 or status == 451:
        return SourceUnavailable(say("{host} does not let us read this. What was read before is kept; it will be tried again.", host=host), trouble=Trouble.HIDDEN)
    if status in (404, 410):
        return not_there(status, host)
    if status >= 500 or status in (408, 425):
        return SourceUnavailable(say("{host} has a problem of its own at the moment. What was read before is kept; it will be tried again.", host=host))
    return UnexpectedAnswer(say("{host} answered in a way we do not know (status {status}). What was read before is kept.", host=host, status=status))


def not_there(status: int, host: str, rest: timedelta | None = None) -> Gone:
    """For 404 and 410. rest: as in `Gone`."""
    if status == 410:
        return Gone(say("{host} says that this page does not exist any more. What was read before is kept.", host=host), rest=rest)
    return Gone(say("{host} says that this page does not exist. What was read before is kept.", host=host), rest=rest)


def used_up(answer: Answer) -> bool:
    """Whether a refusal is one for now: so much was asked that the place wants to be left alone for a while."""
    return "retry-after" in answer.headers or any(
        answer.headers.get(name, "").strip() in ("0", "0.0") for name in _REMAINING_HEADERS
    )


def wait_until(answer: Answer, now: datetime) -> datetime:
    """When to ask again, aware UTC, between ten minutes and 24 hours from `now`; 15 minutes if the place does not say.

    Retry-After (seconds or HTTP date) first, then the rate-limit headers with their many clocks (networks.md 2.3).
    """
    told = [answer.headers.get("retry-after", "")] + [answer.headers.get(name, "") for name in _RESET_HEADERS]
    moments = [moment for text in told if (moment := _moment(text, now)) is not None]
    until = moments[0] if moments else now + DEFAULT_WAIT
    return min(max(until, now + MIN_WAIT), now + MAX_WAIT)


def _moment(text: str, now: datetime) -> datetime | None:
    """Seconds from now, seconds since 1970, an ISO time or an HTTP date."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{1,20}(\.\d{1,9})?", text):
            number = min(float(text), 4e10)
            return datetime.fromtimestamp(number, UTC) if number > 1e9 else now + timedelta(seconds=number)
        if re.match(r"\d{4}-\d\d-\d\d", text):
            moment = datetime.fromisoformat(text)
        elif text:
            moment = parsedate_to_datetime(text)
        else:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
