"""How a calendar server is asked (CalDAV, RFC 4791 and 6578), and its answers as plain values.

A server names its things by addresses of its own choosing; what it names elsewhere than on itself is never asked with our password.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from relationdesk.errors import LoginRejected, UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.door_answers import host_of, is_page, page_instead, raise_for
from relationdesk.sources.xml_reader import Node, read_xml

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

LIMIT_BYTES = 8_000_000
_XML = "application/xml; charset=utf-8"
_OK = frozenset({200, 207})
_NAMES = {"dav": "DAV:", "cal": "urn:ietf:params:xml:ns:caldav", "cs": "http://calendarserver.org/ns/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One response of a multistatus. path: unquoted, without host. href: as the server wrote it. status: 0 if each property has
    its own. has: the properties it has, "dav:getetag" → element."""

    path: str
    href: str
    status: int = 0
    has: Mapping[str, Node] = field(default_factory=dict)

    def text(self, name: str) -> str:
        node = self.has.get(name)
        return node.text() if node is not None else ""

    def href_in(self, name: str) -> str:
        """The first address in a property, "" for none."""
        node = self.has.get(name)
        inner = node.child("dav:href") if node is not None else None
        return inner.text() if inner is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A multistatus. url: where it came from. token: of a sync-collection, "" for none."""

    url: str
    things: tuple[Thing, ...]
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One server and who asks it. now: aware UTC."""

    door: Door
    user: str
    password: str = field(repr=False)
    now: datetime

    def properties(self, url: str, depth: int, names: Iterable[str], also: frozenset[int] = frozenset()) -> Said | None:
        """What a thing (depth 0) or also those in it (1) say of themselves; None for a status in `also`. Raises the errors of the door."""
        wanted = "".join(f"<{name}/>" for name in names)
        body = f"<?xml version=\"1.0\" encoding=\"utf-8\"?><dav:propfind {_spaces()}><dav:prop>{wanted}</dav:prop></dav:propfind>"
        return self._said("PROPFIND", url, body, depth, also)

    def report(self, url: str, body: str, depth: int, also: frozenset[int] = frozenset()) -> Said | None:
        """A REPORT; body: its element, whose prefixes are "dav" and "cal". Raises the errors of the door."""
        return self._said("REPORT", url, f'<?xml version="1.0" encoding="utf-8"?>{body.replace(">", f" {_spaces()}>", 1)}', depth, also)

    def _said(self, method: str, url: str, body: str, depth: int, also: frozenset[int]) -> Said | None:
        answer = self.door.ask(
            method, url, body.encode(), content_type=_XML, headers=[("Depth", str(depth))], token=self._token(), token_in="basic",
            limit_bytes=LIMIT_BYTES, accept="application/xml, text/xml", also=also | {401},
        )  # fmt: skip
        if answer.status == 401:
            self._refused(answer)
        return None if answer.status in also else said(answer)

    def _token(self) -> str:
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def _refused(self, answer: Answer) -> None:
        wants = answer.headers.get("www-authenticate", "").casefold()
        if "digest" in wants and "basic" not in wants:
            raise LoginRejected(
                say("{host} wants a kind of sign-in (Digest) that is not possible here yet, so it was not read. What was read before is kept.", host=host_of(answer.url))
            )
        raise_for(answer, with_token=True, now=self.now)


def _spaces() -> str:
    return " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMES.items())


def said(answer: Answer) -> Said:
    """The multistatus in an answer. Raises UnexpectedAnswer for anything else, also for half of one."""
    odd = UnexpectedAnswer(
        say("{host} does not answer as a calendar server. Nothing of it was kept and nothing was deleted; it will be tried again.", host=host_of(answer.url))
    )
    if is_page(answer.body):
        raise page_instead(host_of(answer.url))
    if answer.status not in _OK:
        raise odd
    try:
        document = read_xml(answer.body)
    except UnexpectedAnswer as e:
        raise odd from e
    root = document.root
    if document.damage or root.name != "dav:multistatus" or not root.closed:
        raise odd
    token = root.child("dav:sync-token")
    return Said(url=answer.url, things=tuple(filter(None, map(_thing, root.children("dav:response")))), token=token.text() if token is not None else "")


def _thing(node: Node) -> Thing | None:
    href = node.child("dav:href")
    if href is None or not href.text():
        return None
    has: dict[str, Node] = {}
    for part in node.children("dav:propstat"):
        inner, status = part.child("dav:prop"), part.child("dav:status")
        if inner is not None and (status is None or _number(status.text()) == 200):
            has.update((each.name, each) for each in inner.children())
    own = node.child("dav:status")
    return Thing(path=path_of(href.text()), href=href.text(), status=_number(own.text()) if own is not None else 0, has=has)


def _number(line: str) -> int:
    """ "HTTP/1.1 404 Not Found" → 404; 0 for anything else."""
    parts = line.split(maxsplit=2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() and len(parts[1]) == 3 else 0


def path_of(href: str) -> str:
    """The path in an address, unquoted, so that two spellings are one; "" for no address."""
    try:
        return unquote(urlsplit(href.strip()).path)
    except ValueError:
        return ""


def joined(base: str, href: str) -> str:
    """The full address of what a server names, "" if that is none."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""
