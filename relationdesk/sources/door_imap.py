"""The door for mail servers: what `door` is for the web, with the same rules. It only ever looks: a mailbox is opened to be
read (EXAMINE), and no word that flags or deletes is known here; the one that writes (`file`) puts what the user sent into Sent.

A total deadline per question and another for the whole visit, a limit on bytes that holds before a literal is read, TLS
from the first byte or by STARTTLS with nothing believed that was said before; without TLS only to this very computer, if
the user allowed it. The standard library's imaplib reads what a server announces, four gigabytes too; so not that.
"""

from __future__ import annotations

import base64
import re
import time
from contextlib import AbstractContextManager

import httpcore

from relationdesk.errors import LoginRejected, SourceUnavailable, UnexpectedAnswer
from relationdesk.saying import marked, say
from relationdesk.sources.door import DEADLINE_S, Door
from relationdesk.sources.door_mail import Conversation, visiting
from relationdesk.sources.door_wire import Watch
from relationdesk.sources.imap_answers import Response, quoted, response

LIMIT_BYTES = 8_000_000
"""Bytes of all answers to one question."""
VISIT_S = 300.0
"""Seconds for one visit. What is left is read the next time."""
_MAX_LINE = 4_000_000
"""Bytes of one line: the numbers of half a million mails."""
_MOST = 5_000
"""Answers of the wanted kind to one question."""
_KEPT = marked("What was read before is kept.")


class MailServer(Conversation):
    """One visit. Made by `visit`."""

    SAFE = marked("What was read before is kept; it will be tried again.")

    def __init__(self, host: str, stream: httpcore.NetworkStream, door: Door, deadline_s: float, watch: Watch) -> None:
        super().__init__(host, stream, door, deadline_s, watch)
        self._said: frozenset[str] = frozenset()
        self._tag = self._bytes = 0
        self._end = time.monotonic() + VISIT_S

    def has(self, capability: str) -> bool:
        return capability in self._said

    @property
    def in_time(self) -> bool:
        """Whether there is time for another question in this visit."""
        return time.monotonic() + DEADLINE_S < self._end

    def ask(self, command: str, *kinds: str, limit_bytes: int = LIMIT_BYTES) -> tuple[bool, list[Response]]:
        """Whether the server did it (OK) or would not (NO), and its answers of these kinds. Raises SourceUnavailable (BYE,
        broken off, too slow), UnexpectedAnswer (BAD, nonsense, too much), Cancelled."""
        done, _, found = self._exchange(command.encode("ascii"), kinds, limit_bytes)
        return done, found

    def file(self, folder: str, raw: bytes) -> bool:
        """Put a mail (CRLF line ends) into this folder, as read; False if the server would not. folder: as the server writes it."""
        command = f"APPEND {quoted(folder)} (\\Seen) {{{len(raw)}}}".encode("ascii")
        return self._exchange(command, (), LIMIT_BYTES, raw)[0]

    def sign_in(self, user: str, password: str) -> None:
        """Raises LoginRejected if the server refuses them, or if they would go unprotected."""
        if self.has("AUTH=PLAIN"):
            secret = base64.b64encode(f"\0{user}\0{password}".encode())
            done, code, _ = self._exchange(b"AUTHENTICATE PLAIN", (), LIMIT_BYTES, secret)
        elif self.has("LOGINDISABLED"):
            raise self._no_password()
        else:
            try:
                command = f"LOGIN {quoted(user)} {quoted(password)}".encode("ascii")
            except ValueError as e:
                raise LoginRejected(say("{host} takes no password with such letters. {kept} Use an app password.", host=self.host, kept=say(_KEPT))) from e
            done, code, _ = self._exchange(command, (), LIMIT_BYTES)
        if not done and code in ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"):
            raise SourceUnavailable(say("{host} cannot let us in just now. {safe}", host=self.host, safe=say(self.SAFE)))
        if not done:
            raise LoginRejected(
                say("{host} does not accept this address and password. {kept} Most providers want an app password made for this.", host=self.host, kept=say(_KEPT))
            )
        self.learn()

    def _no_password(self) -> LoginRejected:
        return LoginRejected(say("{host} takes no passwords, only sign-ins by web page, which is not possible here. {kept}", host=self.host, kept=say(_KEPT)))

    def learn(self) -> None:
        """What the server can do; more after signing in than before."""
        _, found = self.ask("CAPABILITY", "CAPABILITY")
        words = b" ".join(answer.pieces[0] for answer in found[-1:])[:20_000]
        self._said = frozenset(words.decode("ascii", "replace").upper().split())

    def greet(self, implicit: bool, may_be_plain: bool) -> None:
        if implicit:
            self._protect()
        self._renew()
        greeting = self._line_of_server(LIMIT_BYTES)
        if not greeting[0].upper().startswith(b"* OK"):
            if greeting[0].upper().startswith(b"* BYE"):
                raise SourceUnavailable(say("{host} wants no visitors just now. {safe}", host=self.host, safe=say(self.SAFE)))
            raise UnexpectedAnswer(say("{host} does not answer as a mail server (IMAP). {kept} Check the address.", host=self.host, kept=say(_KEPT)))
        self.learn()
        if implicit:
            return
        if self.has("STARTTLS"):
            done, _ = self.ask("STARTTLS")
            if not done or self._buffer:  # what was said before it is protected may be anybody's
                raise UnexpectedAnswer(say("{host} does not begin to speak protected as it should. Nothing was sent. {kept}", host=self.host, kept=say(_KEPT)))
            self._protect()
            self.learn()
        elif not may_be_plain:
            raise LoginRejected(say("{host} offers no protected connection, so the password was not sent. {kept} Try port 993.", host=self.host, kept=say(_KEPT)))

    def _exchange(self, command: bytes, kinds: tuple[str, ...], limit: int, more: bytes = b"") -> tuple[bool, str, list[Response]]:
        """Send and hear out. more: sent when the server asks to go on."""
        self._renew()
        self._tag += 1
        self._bytes = 0
        tag = b"R%d" % self._tag
        self._stream.write(tag + b" " + command + b"\r\n")
        found: list[Response] = []
        while True:
            pieces = self._line_of_server(limit)
            head = pieces[0]
            if head.startswith(b"* "):
                answer = response((head[2:], *pieces[1:]))
                if answer.kind == "BYE":
                    raise SourceUnavailable(say("{host} ended the conversation. {safe}", host=self.host, safe=say(self.SAFE)))
                if answer.kind in kinds:
                    found.append(answer)
                    if len(found) > _MOST:
                        raise self._nonsense(say("answers without end"))
            elif head.startswith(b"+") and more:
                self._stream.write(more + b"\r\n")
                more = b""
            elif (ended := re.match(rb"(\w{1,20}) (OK|NO|BAD)\b(?: \[([\w-]{1,40}))?", head, re.IGNORECASE)) and ended[1] == tag:
                if ended[2].upper() == b"BAD":
                    raise self._nonsense(say("does not understand us"))
                return ended[2].upper() == b"OK", (ended[3] or b"").decode().upper(), found
            else:
                raise self._nonsense(say("answers what was not asked"))

    def _nonsense(self, what: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(say("{host} does not answer as a mail server should ({what}). {kept}", host=self.host, what=what, kept=say(_KEPT)))

    def _line_of_server(self, limit: int) -> tuple[bytes, ...]:
        """One line with its literals: text, literal, text …"""
        pieces: list[bytes] = []
        while True:
            line = self._line(limit)
            pieces.append(line)
            announced = re.search(rb"\{(\d{1,20})\+?\}$", line)
            if announced is None:
                return tuple(pieces)
            size = int(announced[1])
            if self._bytes + size > limit:
                raise self._nonsense(say("more than was asked for"))
            pieces.append(self._take(size))

    def _line(self, limit: int) -> bytes:
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0:
            looked = len(self._buffer)
            if looked > min(_MAX_LINE, limit - self._bytes):
                raise self._nonsense(say("a line without end"))
            self._fill(65_536)
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        self._bytes += end + 1
        if self._bytes > limit:
            raise self._nonsense(say("more than was asked for"))
        return line

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill(65_536)
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._bytes += size
        return taken


def visit(address: str, door: Door, *, deadline_s: float = DEADLINE_S) -> AbstractContextManager[MailServer]:
    """Go to imaps://host:port (TLS at once) or imap://host:port (STARTTLS) and nowhere else, whatever it says.

    Raises PrivateAddress, SourceUnavailable, UnexpectedAnswer, LoginRejected, Cancelled; so does everything asked inside.
    """
    return visiting(MailServer, address, door, (993, 143), deadline_s)
