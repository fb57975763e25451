"""A small calendar server in memory: discovery, lists, sync-collection or only ETags, entries by name, what was deleted."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

import httpx

BASE = "https://cal.example"
USER, PASSWORD = "sam@carter.example", "app-pass word ü"
HOME = "/dav/sam/"
_NAMES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"'


def meeting(uid: str, title: str, start: str = "20261118T090000Z", *more: str) -> str:
    people = "ORGANIZER:mailto:sam@carter.example\r\nATTENDEE;CN=Joe Brown;PARTSTAT=ACCEPTED:mailto:joe@hotel.example\r\n"
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTART:{start}\r\nDURATION:PT1H\r\nSUMMARY:{title}\r\n{people}{''.join(f'{line}{chr(13)}{chr(10)}' for line in more)}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )  # fmt: skip


@dataclass
class Box:
    """A calendar. syncs: it knows sync-collection. log: (number of the change, name)."""

    title: str
    syncs: bool = True
    ctag: bool = True
    owner: str = "/principals/sam/"
    components: str = "VEVENT"
    kind: str = "<C:calendar/>"
    entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    log: list[tuple[int, str]] = field(default_factory=list)
    forgets_before: int = 0
    cut_at: int = 0  # entries in one sync-collection answer, 0 for all


class Dav:
    """asked: "PROPFIND /path", "sync /path", "get /path 3". home: what calendar-home-set says."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {"work": Box("Work")}
        self.home = HOME
        self.asked: list[str] = []
        self.passwords: list[str] = []
        self.addresses = ["mailto:Sam@Carter.example", "mailto:sam.carter@old.example", "/principals/sam/"]
        self.number = 0
        self.answers: dict[str, Callable[[], httpx.Response]] = {}
        self.says_sizes = True

    def put(self, box: str, name: str, text: str) -> None:
        self.number += 1
        self.boxes[box].entries[name] = (self.number, text)
        self.boxes[box].log.append((self.number, name))

    def remove(self, box: str, *names: str) -> None:
        for name in names:
            self.number += 1
            del self.boxes[box].entries[name]
            self.boxes[box].log.append((self.number, name))

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path, body = unquote(request.url.path), request.content.decode()
        kind = "sync" if "sync-collection" in body else "get" if "multiget" in body else request.method
        self.asked.append(f"{kind} {path}" + (f" {body.count('href>') // 2}" if kind == "get" else ""))
        if request.url.host != "cal.example":
            self.passwords.append(f"{request.url.host} {request.headers.get('authorization', '')}".strip())
        made = self.answers.get(f"{kind} {path}")
        if made is not None:
            return made()
        if request.headers.get("authorization") != "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode():
            return httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="cal"'})
        if path == "/.well-known/caldav":
            return httpx.Response(301, headers={"Location": "/dav/"})
        if path in ("/dav/", "/"):
            return self._said([self._thing(path, "<current-user-principal><href>/principals/sam/</href></current-user-principal><resourcetype><collection/></resourcetype>")])
        if path == "/principals/sam/":
            own = "".join(f"<href>{address}</href>" for address in self.addresses)
            return self._said([self._thing(path, f"<C:calendar-home-set><href>{self.home}</href></C:calendar-home-set><C:calendar-user-address-set>{own}</C:calendar-user-address-set>")])
        name = path.removeprefix(HOME).strip("/")
        if path == HOME:
            inside = [self._about(each) for each in self.boxes] if request.headers["depth"] == "1" else []
            return self._said([self._thing(HOME, "<resourcetype><collection/></resourcetype>"), *inside])
        if name not in self.boxes:
            return httpx.Response(404)
        box = self.boxes[name]
        if kind == "sync":
            return self._sync(name, box, body)
        if kind == "get":
            return self._said([self._entry(name, box, unquote(href).rpartition("/")[2]) for href in re.findall(r"<dav:href>([^<]*)<", body)])
        if request.headers["depth"] == "0":
            return self._said([self._about(name)])
        return self._said([self._about(name), *(self._line(name, box, each) for each in box.entries)])

    def _about(self, name: str) -> str:
        box = self.boxes[name]
        state = (f"<sync-token>{self._token(box)}</sync-token>" if box.syncs else "") + (f"<CS:getctag>c{self._state(box)}</CS:getctag>" if box.ctag else "")
        return self._thing(
            f"{HOME}{name}/", f"<resourcetype><collection/>{box.kind}</resourcetype><displayname>{escape(box.title)}</displayname>{state}"
            "<current-user-principal><href>/principals/sam/</href></current-user-principal>"
            f"<owner><href>{box.owner}</href></owner><C:supported-calendar-component-set><C:comp name=\"{box.components}\"/></C:supported-calendar-component-set>",
        )  # fmt: skip

    def _state(self, box: Box) -> int:
        return box.log[-1][0] if box.log else 0

    def _token(self, box: Box) -> str:
        return f"urn:{self._state(box)}"

    def _thing(self, path: str, has: str, status: str = "200 OK") -> str:
        return f"<response><href>{quote(path)}</href><propstat><prop>{has}</prop><status>HTTP/1.1 {status}</status></propstat></response>"

    def _line(self, name: str, box: Box, entry: str) -> str:
        number, text = box.entries[entry]
        size = f"<getcontentlength>{len(text)}</getcontentlength>" if self.says_sizes else ""
        return self._thing(f"{HOME}{name}/{entry}", f'<getetag>"{number}"</getetag>{size}')

    def _entry(self, name: str, box: Box, entry: str) -> str:
        if entry not in box.entries:
            return f"<response><href>{quote(f'{HOME}{name}/{entry}')}</href><status>HTTP/1.1 404 Not Found</status></response>"
        number, text = box.entries[entry]
        return self._thing(f"{HOME}{name}/{entry}", f'<getetag>"{number}"</getetag><C:calendar-data>{escape(text)}</C:calendar-data>')

    def _sync(self, name: str, box: Box, body: str) -> httpx.Response:
        if not box.syncs:
            return httpx.Response(403, content="<error xmlns='DAV:'><supported-report/></error>")
        found = re.search(r"sync-token>urn:(\d+)<", body)
        since = int(found[1]) if found else 0
        if since < box.forgets_before and found:
            return httpx.Response(403, content="<error xmlns='DAV:'><valid-sync-token/></error>")
        changed = {entry: number for number, entry in box.log if number > since}
        names = [entry for entry in changed if found or entry in box.entries]
        reached = self._state(box)
        extra = ""
        if box.cut_at and len(names) > box.cut_at:
            names = sorted(names, key=lambda entry: changed[entry])[: box.cut_at]
            reached = changed[names[-1]]
            extra = f"<response><href>{HOME}{name}/</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
        lines = [self._line(name, box, each) if each in box.entries else self._entry(name, box, each) for each in names]
        return self._said([*lines, extra], f"<sync-token>urn:{reached}</sync-token>")

    def _said(self, things: list[str], token: str = "") -> httpx.Response:
        body = f'<?xml version="1.0" encoding="utf-8"?>\n<multistatus {_NAMES}>{"".join(things)}{token}</multistatus>'
        return httpx.Response(207, content=body.encode(), headers={"Content-Type": "application/xml; charset=utf-8"})
