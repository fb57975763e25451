"""The one network door: nothing of ours talks to the world but through it, and only `door` files know httpx.

It asks politely (GET; POST only to sign in, to search, and for what the user sends; PROPFIND and REPORT; no cookies, no proxies, no tracking), and trusts nothing
that comes back: a total deadline, a size limit that also holds after unpacking, redirects by hand, every address looked up once and checked
before it is connected to, a token for exactly one origin. Each rule answers something that happened to others.
"""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import httpcore
import httpx

from relationdesk.errors import LoginRejected, NotAgreed, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources import door_log
from relationdesk.sources.door_addresses import allows, complaint, origin
from relationdesk.sources.door_answers import Answer, host_of, raise_for, read_body
from relationdesk.sources.door_wire import (
    SAFE,
    CheckedNetwork,
    Resolve,
    Watch,
    check_name,
    no_connection,
    system_resolve,
)
from relationdesk.sources.replay import Replay
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.base import Purse

__all__ = ["Answer", "Door"]

LIMIT_BYTES = 5_000_000
DEADLINE_S = 18.0
"""Seconds for one request with all its redirects: a page ends in less than twenty, whatever the server does."""
MAX_REDIRECTS = 5
ASKING = frozenset({"POST", "PROPFIND", "REPORT"})
"""Methods that need a body to say what is looked for, and change nothing where `ask` sends them."""
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_SAFE_HEADERS = frozenset({"accept", "accept-language"}) | _CONDITIONS
"""What may follow a redirect to another origin. httpx itself would pass on X-Api-Key and the like."""

# httpx logs whole addresses (with query tokens) at INFO, httpcore the headers at DEBUG.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Door:
    """Asks servers on behalf of the sources. Make one per job and thread; between two requests it keeps nothing but `asked`,
    how many there were, `unchanged`, to how many of them 304 was the answer, the `purse` for those that cost money, and `keep_key` for keys that are renewed.

    allowed_hosts: "host" or "host:port" which the user set up and which therefore may be private. only: the hosts to which the
    user agreed, where they were asked; any other raises NotAgreed before its name is looked up. stop: looked at
    several times a second; True ends the request with Cancelled. transport: instead of real sockets, for tests (then
    no names are looked up). resolve, clock, tls: the name service, the time, whose certificates count, to be replaced in
    tests; so is network, for what is no web server.
    """

    def __init__(
        self, *, allowed_hosts: frozenset[str] = frozenset(), only: frozenset[str] | None = None, user_agent: str = "RelationDesk",
        transport: httpx.BaseTransport | None = None, stop: Callable[[], bool] | None = None,
        resolve: Resolve = system_resolve, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        tls: ssl.SSLContext | None = None, network: httpcore.NetworkBackend | None = None,
    ) -> None:  # fmt: skip
        self.asked = self.unchanged = 0
        self.purse: Purse | None = None
        self.keep_key: Callable[[str], None] = lambda key: None
        self._allowed = frozenset(host.lower() for host in allowed_hosts)
        self._only = None if only is None else frozenset(host.lower().removeprefix("www.") for host in only)
        self._user_agent = user_agent
        self._transport = transport
        self._asks_nobody = isinstance(transport, Replay)
        self._stop = stop
        self._resolve = resolve
        self._clock = clock
        self._tls = tls
        self._network = network

    def allows(self, url: str) -> bool:
        """True if the user set up the host of this address, so that it may be private and without TLS."""
        _, host, port = origin(url)
        return allows(self._allowed, host, port)

    def get(
        self, url: str, *, headers: Iterable[tuple[str, str]] = (), token: str = "", token_origin: str = "", token_in: str = "",
        limit_bytes: int = LIMIT_BYTES, accept: str = "*/*", deadline_s: float = DEADLINE_S,
        also: frozenset[int] = frozenset(),
    ) -> Answer:  # fmt: skip
        """GET one address, redirects included. Answers 2xx, 304 where it was asked for, and the statuses in `also`; raises for
        all others.

        token: sent to the origin of `token_origin` ("": of `url`) and to no other: as bearer, or as `token_in` says, as user
        name and password ("basic", already encoded), in a header of that name ("X-Api-Key") or as a part of the query
        ("?api_key"). Raises LoginRejected (401, or 403 with a token), RateLimited (429; 503 and 403 that say so), Gone (404, 410), SourceUnavailable
        (no answer, too slow, 5xx, refused address), UnexpectedAnswer (anything else, too large), Cancelled.
        """
        return self._fetch("GET", url, None, [("Accept", accept), *headers], token, token_origin, token_in, limit_bytes, deadline_s, also)

    def ask(
        self, method: str, url: str, body: bytes, *, content_type: str, headers: Iterable[tuple[str, str]] = (), token: str = "",
        token_in: str = "", limit_bytes: int = LIMIT_BYTES, accept: str = "*/*", deadline_s: float = DEADLINE_S,
        also: frozenset[int] = frozenset(),
    ) -> Answer:  # fmt: skip
        """A question that needs a body to say what is looked for (method: one of ASKING), and changes nothing: answers and
        raises as `get` does. It stays at the origin of `url`: a redirect to another is an UnexpectedAnswer that names it.
        """
        if method not in ASKING:
            raise ValueError(method)
        named = [("Accept", accept), ("Content-Type", content_type), *headers]
        return self._fetch(method, url, body, named, token, "", token_in, limit_bytes, deadline_s, also)

    def _fetch(
        self, method: str, url: str, body: bytes | None, headers: list[tuple[str, str]], token: str, token_origin: str, token_in: str,
        limit_bytes: int, deadline_s: float, also: frozenset[int],
    ) -> Answer:  # fmt: skip
        watch = Watch(deadline_s, self._stop)
        home = origin(token_origin or url) if token else ("", "", 0)
        given = [(name, value) for name, value in headers if value.isascii() and value.isprintable()]
        _check_key(token, token_origin or url)
        chain = _Chain(url, self._allowed, self._only)
        for _ in range(MAX_REDIRECTS + 1):
            chain.check()
            sent_token = bool(token) and origin(chain.url) == home
            if sent_token or body is not None:  # a body may hold a secret, too
                self._only_protected(chain.url)
            ours = [("User-Agent", self._user_agent), ("Accept-Encoding", "gzip")]
            extra = [(n, v) for n, v in given if chain.at_home or n.lower() in _SAFE_HEADERS]
            answer = self._ask(method, chain, [*ours, *extra], watch, limit_bytes, body, (token_in, token) if sent_token else None)
            if answer.status in (301, 302, 303, 307, 308):
                chain.follow(answer)
                if body is not None and not chain.at_home:
                    raise _elsewhere(url, chain.url)
                if token_in.startswith("?") and token and token in unquote(chain.url) and origin(chain.url) != home:
                    raise UnexpectedAnswer(say("{host} sends us elsewhere with our key. It was not followed; what is here is kept.", host=host_of(url)))
                continue
            if answer.status == 304 and not any(name.lower() in _CONDITIONS for name, _ in given):
                raise UnexpectedAnswer(say("The server says 'unchanged' without having been asked. Nothing was deleted."))
            if answer.status not in also:
                raise_for(answer, with_token=sent_token, now=self._clock())
            return answer
        raise UnexpectedAnswer(say("{host} sends us round in circles. Nothing was read; what is here is kept.", host=host_of(url)))

    def post_json(
        self, url: str, data: Mapping[str, object], *, token: str = "", token_in: str = "", headers: Iterable[tuple[str, str]] = (),
        limit_bytes: int = LIMIT_BYTES, deadline_s: float = DEADLINE_S, also: frozenset[int] = frozenset(), method: str = "POST",
    ) -> Answer:  # fmt: skip
        """POST (or DELETE) a JSON object (`{}`: no body at all) that may hold a secret: to exactly this address, protected or allowed by
        the user. Raises as `get` does; a redirect is an UnexpectedAnswer, because a secret goes nowhere it was not meant for.
        What the user says goes by `door_sending`, which tells what is surely not out from what may be.
        """
        _check_key(token, url)
        self._only_protected(url)
        chain = _Chain(url, self._allowed, self._only)
        chain.check()
        named = [("User-Agent", self._user_agent), ("Accept", "application/json"), ("Accept-Encoding", "gzip"), *headers]
        body = json.dumps(data).encode() if data else b""
        named += [("Content-Type", "application/json")] if data else []
        answer = self._ask(method, chain, named, Watch(deadline_s, self._stop), limit_bytes, body, (token_in, token) if token else None)
        if 300 <= answer.status < 400 and answer.status not in also:
            raise UnexpectedAnswer(say("{host} sends a sign-in elsewhere. It was not followed; what is here is kept.", host=host_of(url)))
        if answer.status not in also:
            raise_for(answer, with_token=True, now=self._clock())
        return answer

    def get_json(self, url: str, **options: Any) -> Any:
        """`get`, its body read as JSON. Raises as `get` does, and UnexpectedAnswer for what is not JSON."""
        return self.get(url, **{"accept": "application/json", **options}).json()

    def _only_protected(self, url: str) -> None:
        if not url.lower().startswith("https:") and not self.allows(url):
            raise LoginRejected(
                say("{host} is asked without encryption, so the sign-in key was not sent. What was read before is kept; use an address that begins with https://.", host=host_of(url))
            )

    def _ask(
        self, method: str, chain: _Chain, headers: list[tuple[str, str]], watch: Watch, limit: int, body: bytes | None = None,
        key: tuple[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """One request, no redirect followed; every library error becomes one of ours here. key: where a token goes, and the
        token; the answer does not know it."""
        host = host_of(chain.url)
        self.asked += 1
        if not self._asks_nobody:
            door_log.note(host, self._clock())
        try:
            url, headers = _with_key(chain.url, headers, *key) if key else (chain.url, headers)
            request = httpx.Request(method, url, headers=headers, content=body, extensions={"timeout": {"read": 10.0}})
            named = origin(chain.url)[1]
            if named.isascii() and request.url.host.rstrip(".").lower() != named:
                raise httpx.InvalidURL("two readings of one address")
            with self._wire(watch, chain.allowed) as wire:
                watch.left()
                response = wire.handle_request(request)
                try:
                    return self._answer(response, request, chain, watch, limit)
                finally:
                    response.close()
        except (httpcore.TimeoutException, httpx.TimeoutException) as e:
            raise SourceUnavailable(say("{host} did not answer in time. {safe}", host=host, safe=say(SAFE)), silent=True) from e
        except (httpcore.ConnectError, httpx.ConnectError) as e:
            raise no_connection(e, host) from e
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as e:
            raise SourceUnavailable(say("The answer of {host} broke off or made no sense. {safe}", host=host, safe=say(SAFE))) from e
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError) as e:
            raise UnexpectedAnswer(say("The web address at {host} cannot be read, so nothing was asked. What was read before is kept.", host=host)) from e

    def _answer(
        self, response: httpx.Response, request: httpx.Request, chain: _Chain, watch: Watch, limit: int
    ) -> Answer:
        response.request = request
        redirect = response.has_redirect_location
        stream = response.stream
        if not isinstance(stream, httpx.SyncByteStream):
            raise TypeError("the door is synchronous")
        body = b""
        self.unchanged += response.status_code == 304
        if not redirect and response.status_code != 304:
            encoding = response.headers.get("content-encoding", "")
            body = read_body(_watched(stream, watch), encoding, limit, host_of(chain.url))
        if not self._asks_nobody:
            door_log.came(host_of(chain.url), len(body))
        links = {
            rel: urljoin(chain.url, str(link["url"])) for rel, link in response.links.items() if rel and "url" in link
        }
        return Answer(
            status=response.status_code, headers={k.lower(): v for k, v in response.headers.items()}, body=body,
            url=chain.url, moved=chain.moved, links=links,
        )  # fmt: skip

    def _wire(self, watch: Watch, allowed: frozenset[str]) -> httpx.BaseTransport:
        if self._transport is not None:
            return _Lent(self._transport)
        return _Wire(CheckedNetwork(watch, allowed, self._resolve), self.certificates())

    def certificates(self) -> ssl.SSLContext:
        """Whose word counts for who a server is."""
        if self._tls is None:
            self._tls = httpx.create_ssl_context(trust_env=False)
        return self._tls

    def dial(self, host: str, port: int, deadline_s: float) -> tuple[httpcore.NetworkStream, Watch]:
        """A bare connection for the door of another protocol (`door_mail`), by the same rules: the number checked is the
        number used, a private one only if the user allowed this host, and every reading looks at the clock and at "stop".

        Raises what httpcore raises, PrivateAddress and Cancelled.
        """
        watch = Watch(deadline_s, self._stop)
        watch.left()
        _check_agreed(host, port, self._only)
        check_name(host, port, self._allowed)
        door_log.note(host, self._clock())
        network = self._network or CheckedNetwork(watch, self._allowed, self._resolve)
        return network.connect_tcp(host, port), watch


def _elsewhere(asked: str, now: str) -> UnexpectedAnswer:
    other = host_of(now)
    return UnexpectedAnswer(
        say("{host} sends us on to {other}, which was not asked, because a login goes only where you named it. What was read before is kept; connect {other} instead, if it is yours.", host=host_of(asked), other=other),
        trouble=Trouble.ELSEWHERE,
    )


def _check_agreed(host: str, port: int, only: frozenset[str] | None) -> None:
    """Raises NotAgreed for a host that the user was not asked about; www. before a name is no other host to them."""
    if only is not None and not allows(only, host.removeprefix("www."), port):
        name = host if port in (80, 443) else f"{host}:{port}"
        raise NotAgreed(say("{name} would have to be asked, too, and you did not agree to that. It was not asked.", name=name), host=name)


def _check_key(token: str, url: str) -> None:
    """Raises LoginRejected for what can be no key, before it could break out of its header."""
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise LoginRejected(
            say("The sign-in key for {host} contains characters no key has. What was read before is kept; paste it again.", host=host_of(url))
        )


def _with_key(url: str, headers: list[tuple[str, str]], where: str, token: str) -> tuple[str, list[tuple[str, str]]]:
    """The token as bearer (""), for a user name and password ("basic"), in a header of its own, or in the query ("?name")."""
    if where.startswith("?"):
        before, mark, after = url.partition("#")
        return f"{before}{'&' if '?' in before else '?'}{where[1:]}={quote(token, safe=':')}{mark}{after}", headers
    scheme = {"": "Bearer", "basic": "Basic"}.get(where)
    return url, [*headers, ("Authorization", f"{scheme} {token}") if scheme else (where, token)]


def _watched(chunks: Iterable[bytes], watch: Watch) -> Iterator[bytes]:
    for chunk in chunks:
        watch.left()
        yield chunk


class _Chain:
    """Where a request stands in its redirects. A chain that begins in public never ends on a private address, even
    on one the user allows for something else: a blog must not make us talk to the router."""

    def __init__(self, url: str, allowed: frozenset[str], only: frozenset[str] | None = None) -> None:
        self.url = url.strip()
        self._only = only
        self._first = origin(self.url)
        self.allowed = allowed if allows(allowed, self._first[1], self._first[2]) else frozenset()
        self._permanent = True
        self._hops = 0

    @property
    def at_home(self) -> bool:
        return origin(self.url) == self._first

    @property
    def moved(self) -> str:
        return self.url if self._hops and self._permanent else ""

    def check(self) -> None:
        """Raises UnexpectedAnswer for an address that is none, SourceUnavailable for a private one."""
        wrong = complaint(self.url)
        if wrong:
            raise UnexpectedAnswer(say("Nothing was asked: {wrong}. What was read before is kept.", wrong=wrong))
        _, host, port = origin(self.url)
        _check_agreed(host, port, self._only)
        check_name(host, port, self.allowed)

    def follow(self, answer: Answer) -> None:
        target = answer.headers.get("location", "").strip().replace(" ", "%20")
        if not target:
            raise UnexpectedAnswer(say("{host} sends us on without saying where to. Nothing was read and nothing was deleted.", host=host_of(self.url)))
        try:
            new = urlsplit(urljoin(self.url, target))._replace(fragment="").geturl()
        except ValueError as e:
            raise UnexpectedAnswer(say("{host} sends us to an address that is none. Nothing was read and nothing was deleted.", host=host_of(self.url))) from e
        if self.url.lower().startswith("https:") and not new.lower().startswith("https:"):
            raise UnexpectedAnswer(say("{host} sends us to an unprotected address. Nothing was read there and nothing was deleted.", host=host_of(self.url)))
        self._permanent = self._permanent and answer.status in (301, 308)
        self._hops += 1
        self.url = new


class _Lent(httpx.BaseTransport):
    """Somebody else's transport, which is not ours to close."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(request)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Wire(httpx.BaseTransport):
    """httpx's own transport takes no network of ours, httpcore's pool does; no connection outlives its request
    (small servers close without saying so)."""

    def __init__(self, network: CheckedNetwork, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=network, max_connections=1, max_keepalive_connections=0, http2=False
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        core = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.content,
            extensions=request.extensions,
        )
        response = self._pool.handle_request(core)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()
