"""The door for sending mail: what `door_imap` is for reading it, on the same sockets and by the same rules.

A deadline per answer, a limit on what is listened to, TLS from the first byte or by STARTTLS with nothing believed that was said before,
a password only on a protected connection. One mail per visit; if one recipient is refused, nobody is sent anything. From the first byte
of the mail on it may be out; before that, and after a plain no, it is not.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager

import httpcore

from relationdesk.errors import (
    Cancelled,
    LoginRejected,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
)
from relationdesk.saying import marked, say
from relationdesk.sources.door import DEADLINE_S, Door
from relationdesk.sources.door_mail import Conversation, visiting
from relationdesk.sources.door_sending import perhaps
from relationdesk.sources.door_wire import Watch
from relationdesk.text import one_line

_MOST_LINE, _MOST_LINES = 2_000, 200
_TAKING_S = 60.0
"""Seconds for the answer to a whole mail: servers look for viruses first."""


_CUT_OFF = (SourceError, Cancelled, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError)


class Postman(Conversation):
    """One visit. Made by `visit`."""

    SAFE = marked("Your words are kept; it will be tried again.")

    def __init__(self, host: str, stream: httpcore.NetworkStream, door: Door, deadline_s: float, watch: Watch) -> None:
        super().__init__(host, stream, door, deadline_s, watch)
        self._can: dict[str, str] = {}

    def greet(self, implicit: bool, may_be_plain: bool) -> None:
        if implicit:
            self._protect()
        self._renew()
        if self._reply()[0] != 220:
            raise SourceUnavailable(say("{host} takes no mail just now. {safe}", host=self.host, safe=say(self.SAFE)))
        self._hello()
        if implicit:
            return
        if "STARTTLS" in self._can:
            if self._say("STARTTLS")[0] != 220 or self._buffer:  # what was said before it is protected may be anybody's
                raise UnexpectedAnswer(say("{host} does not begin to speak protected as it should. Nothing was sent. Your words are kept.", host=self.host))
            self._protect()
            self._hello()
        elif not may_be_plain:
            raise LoginRejected(say("{host} offers no protected connection, so nothing was sent. Your words are kept.", host=self.host))

    def sign_in(self, user: str, password: str) -> None:
        """Raises LoginRejected if the server refuses them."""
        ways = self._can.get("AUTH", "").upper().split()
        if "PLAIN" in ways:
            code, said = self._say("AUTH PLAIN " + base64.b64encode(f"\0{user}\0{password}".encode()).decode())
        elif "LOGIN" in ways:
            code, said = self._say("AUTH LOGIN")
            for word in (user, password):
                if code == 334:
                    code, said = self._say(base64.b64encode(word.encode()).decode())
        else:
            raise LoginRejected(say("{host} takes no password, so nothing was sent. Your words are kept. Send this with your mail program.", host=self.host))
        if code == 454 or code == 421:
            raise SourceUnavailable(say("{host} cannot let us in just now. {safe}", host=self.host, safe=say(self.SAFE)))
        if code != 235:
            raise LoginRejected(
                say("{host} does not accept this address and password for sending{quoted}. Your words are kept. Sign in again with an app password, then try again.", host=self.host, quoted=_quoted(said))
            )

    def send(self, sender: str, to: Sequence[str], raw: bytes) -> None:
        """Hand over one mail (CRLF line ends) for these addresses, all or none. Raises PerhapsSent if the server may have it and did not
        say so, UnexpectedAnswer if it refuses it or one of the addresses, SourceUnavailable if it wants it later."""
        size = self._can.get("SIZE", "")
        if size.isascii() and size.isdigit() and 0 < int(size[:15]) < len(raw):
            raise UnexpectedAnswer(say("{host} takes no mail as large as this. Nothing was sent. Your words are kept. Make it shorter.", host=self.host))
        international = not all(one.isascii() for one in (sender, *to))
        if international and "SMTPUTF8" not in self._can:
            raise UnexpectedAnswer(say("{host} sends nothing to addresses with such letters. Nothing was sent. Your words are kept.", host=self.host))
        extra = (f" SIZE={len(raw)}" if "SIZE" in self._can else "") + (" SMTPUTF8" if international else "")
        self._wants(self._say(f"MAIL FROM:<{_bare(sender)}>{extra}"), marked("it does not let you send from this address"))
        for one in to:
            self._wants(self._say(f"RCPT TO:<{_bare(one)}>"), marked("it does not take {address}"), one_line(one, 100))
        code, said = self._say("DATA")
        if code != 354:
            self._wants((code, said), marked("it takes no mail"))
            raise UnexpectedAnswer(say("{host} does not answer as a mail server should. Nothing was sent. Your words are kept.", host=self.host))
        stuffed = re.sub(rb"(?m)^\.", b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")
        try:
            self._watch.renew(_TAKING_S)
            self._stream.write(stuffed + b".\r\n")
            code, said = self._reply()
        except _CUT_OFF as e:
            raise perhaps(self.host) from e
        if not 400 <= code < 600 and code != 250:
            raise perhaps(self.host)
        self._wants((code, said), marked("it refuses this mail"))

    def leave(self) -> None:
        try:
            self._watch.renew(2.0)
            self._stream.write(b"QUIT\r\n")
        except _CUT_OFF:
            pass  # nobody needs to hear it
        super().leave()

    def _wants(self, answer: tuple[int, str], what: str, address: str = "") -> None:
        code, said = answer
        what = say(what, address=address)
        if 200 <= code < 300:
            return
        if 400 <= code < 500:
            raise SourceUnavailable(say("{host}: {what} just now{quoted}. Nothing was sent. {safe}", host=self.host, what=what, quoted=_quoted(said), safe=say(self.SAFE)))
        raise UnexpectedAnswer(say("{host}: {what}{quoted}. Nothing was sent. Your words are kept. Change it, then send again.", host=self.host, what=what, quoted=_quoted(said)))

    def _hello(self) -> None:
        """Our name is our number on this very computer: the real one is nobody's business."""
        code, said = self._say("EHLO [127.0.0.1]")
        if code != 250:
            raise UnexpectedAnswer(say("{host} does not answer as a mail server should. Nothing was sent. Your words are kept.", host=self.host))
        pairs = (line.partition(" ") for line in said.splitlines()[1:])
        self._can = {word.upper(): rest for word, _, rest in pairs}

    def _say(self, line: str) -> tuple[int, str]:
        if "\r" in line or "\n" in line:
            raise UnexpectedAnswer(say("An address or name has a line end in it. Nothing was sent. Your words are kept."))
        self._renew()
        self._stream.write(line.encode() + b"\r\n")
        return self._reply()

    def _reply(self) -> tuple[int, str]:
        """Code and words, one line each."""
        words = []
        for _ in range(_MOST_LINES):
            line = self._line()
            found = re.match(rb"(\d{3})([ -]?)(.*)", line)
            if found is None:
                raise UnexpectedAnswer(say("{host} does not answer as a mail server (SMTP). Nothing was sent. Your words are kept.", host=self.host))
            words.append(found[3].decode("utf-8", "replace"))
            if found[2] != b"-":
                if found[1] == b"421":
                    raise SourceUnavailable(say("{host} ended the conversation{quoted}. {safe}", host=self.host, quoted=_quoted(words[-1]), safe=say(self.SAFE)))
                return int(found[1]), "\n".join(words)
        raise UnexpectedAnswer(say("{host} does not stop talking. Nothing was sent. Your words are kept.", host=self.host))

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _MOST_LINE:
                raise UnexpectedAnswer(say("{host} answers with a line without end. Nothing was sent. Your words are kept.", host=self.host))
            self._fill(4_096)
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        return line


def _bare(address: str) -> str:
    """Raises UnexpectedAnswer for what would say more than an address in a command."""
    if re.search(r"[<>\s\x00-\x1f\x7f]", address) or address.count("@") != 1:
        raise UnexpectedAnswer(say("“{address}” is no mail address. Nothing was sent. Your words are kept. Correct it, then send again.", address=one_line(address, 100)))
    return address


def _quoted(said: str) -> str:
    words = one_line(re.sub(r"(?m)^\d\.\d{1,3}\.\d{1,3}\s+", "", said), 200)
    return f" (“{words}”)" if words else ""


def visit(address: str, door: Door, *, deadline_s: float = DEADLINE_S) -> AbstractContextManager[Postman]:
    """Go to smtps://host:port (TLS at once) or smtp://host:port (STARTTLS) and nowhere else, whatever it says.

    Raises PrivateAddress, SourceUnavailable, UnexpectedAnswer, LoginRejected, Cancelled, PerhapsSent; so does everything said inside.
    """
    return visiting(Postman, address, door, (465, 587), deadline_s)
