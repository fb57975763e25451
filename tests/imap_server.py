"""A mail server for tests: mails in memory, the commands of IMAP that look, over a real socket or none at all."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore

USER, PASSWORD = "sam@firm.example", "app-password"
WRITING = re.compile(r"\b(?:SELECT|STORE|EXPUNGE|COPY|MOVE|APPEND|DELETE|CREATE|RENAME|SUBSCRIBE|CLOSE|BODY\[)", re.IGNORECASE)
"""What a program that only looks never says. (BODY[ without PEEK marks a mail as read.)"""


@dataclass
class Box:
    """attributes: as LIST shows them. mails: UID → (raw, flags)."""

    attributes: str = ""
    validity: int = 1
    mails: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    following: int = 1
    make: Callable[[int], bytes] | None = None  # instead of mails: each made when asked for

    def add(self, raw: bytes, flags: str = "\\Seen") -> int:
        uid = self.following
        self.mails[uid] = (raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), flags)
        self.following += 1
        return uid

    @property
    def uids(self) -> Any:
        return range(1, self.following) if self.make else sorted(self.mails)

    def mail(self, uid: int) -> tuple[bytes, str]:
        return (self.make(uid), "") if self.make else self.mails[uid]


class Mailbox:
    """extensions: capabilities after signing in. log: every command, passwords left out. thread_of: Gmail's conversation of a UID."""

    def __init__(self, boxes: dict[str, Box] | None = None, extensions: str = "ESEARCH SPECIAL-USE LIST-EXTENDED") -> None:
        self.boxes = boxes if boxes is not None else {"INBOX": Box(), "Sent": Box("\\Sent")}
        self.extensions = extensions
        self.log: list[str] = []
        self.user, self.password = USER, PASSWORD
        self.before_sign_in = "AUTH=PLAIN"
        self.dates: dict[str, set[int]] = {}  # folder → UIDs that SINCE leaves out
        self.visits = 0

    @classmethod
    def of(cls, folder: Path) -> Mailbox:
        """Each folder in `folder` a folder, each file in it a mail; its name may begin with its role: "Sent=Gesendet"."""
        found = cls({})
        for box in sorted(path for path in folder.iterdir() if path.is_dir()):
            role, _, name = box.name.rpartition("=")
            found.boxes[name] = Box(f"\\{role}" if role else "")
            for path in sorted(box.iterdir()):
                found.boxes[name].add(path.read_bytes())
        return found


class Session:
    """One connection: bytes in, bytes out."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox, self._box, self._name = mailbox, Box(), ""
        self._waiting = self._signed_in = False
        self._buffer = b""
        self.over = False
        mailbox.visits += 1

    greeting = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"

    def feed(self, data: bytes) -> bytes:
        self._buffer += data
        said = b""
        while b"\r\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\r\n")
            said += self._line(line.decode())
        return said

    def _line(self, line: str) -> bytes:
        if self._waiting:
            self._waiting = False
            import base64

            _, user, password = base64.b64decode(line).decode().split("\0")
            self._signed_in = (user, password) == (self._mailbox.user, self._mailbox.password)
            said = "OK in" if self._signed_in else "NO [AUTHENTICATIONFAILED] no"
            return f"{self._tag} {said}\r\n".encode()
        self._tag, _, command = line.partition(" ")
        self._mailbox.log.append(command)
        said = self._answer(command)
        return said if said.startswith(b"+") else said + f"{self._tag} {self._end}\r\n".encode()

    def _answer(self, command: str) -> bytes:
        self._end = "OK done"
        word = command.split(" ")[0].upper()
        if word == "CAPABILITY":
            more = self._mailbox.extensions if self._signed_in else self._mailbox.before_sign_in
            return f"* CAPABILITY IMAP4rev1 {more}\r\n".encode()
        if command == "AUTHENTICATE PLAIN":
            self._waiting = True
            return b"+ \r\n"
        if not self._signed_in:
            self._end = "NO not yet"
        elif word == "LIST":
            return b"".join(f'* LIST ({box.attributes}) "/" "{name}"\r\n'.encode() for name, box in self._mailbox.boxes.items())
        elif word in ("STATUS", "EXAMINE"):
            name = command.split('"')[1]
            box = self._mailbox.boxes[name]
            if "\\Closed" in box.attributes:
                self._end = "NO not for you"
            elif word == "STATUS":
                count = f"UIDVALIDITY {box.validity} UIDNEXT {box.following} MESSAGES {len(box.uids)}"
                return f'* STATUS "{name}" ({count})\r\n'.encode()
            else:
                self._box, self._name = box, name
                return f"* {len(box.uids)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}]\r\n".encode()
        elif command.startswith("UID SEARCH"):
            return self._search(command)
        elif "FETCH" in command:
            return b"".join(self._fetch(command))
        else:
            self._end = "BAD what"
        return b""

    def _search(self, command: str) -> bytes:
        low, high = map(int, re.search(r"UID (\d+):(\d+)", command).groups())  # type: ignore[union-attr]
        found = [uid for uid in self._box.uids if low <= uid <= high and uid not in self._mailbox.dates.get(self._name, ())]
        if "RETURN" in command:
            text = ",".join(f"{a}:{b}" for a, b in _runs(found))
            return f'* ESEARCH (TAG "{self._tag}") UID {"ALL " + text if text else ""}\r\n'.encode()
        return f"* SEARCH {' '.join(map(str, found))}\r\n".encode()

    def _fetch(self, command: str) -> Iterator[bytes]:
        by_uid = command.startswith("UID")
        wanted = command.split(" ")[2 if by_uid else 1]
        every = self._box.uids
        known = set(every) if self._box.make is None else every
        for part in wanted.split(","):
            first, _, last = part.partition(":")
            for one in range(int(first), int(last or first) + 1):
                uid = one if by_uid else every[one - 1]
                if uid in known:
                    yield self._told(uid, command)

    def _told(self, uid: int, command: str) -> bytes:
        raw, flags = self._box.mail(uid)
        head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        said = f"UID {uid}"
        if "FLAGS" in command:
            said += f" FLAGS ({flags}) RFC822.SIZE {len(raw)}"
        if "X-GM-THRID" in command:
            said += f" X-GM-THRID {1000 + uid // 2}"
        asked = re.search(r"BODY\.PEEK(\[.*?\])(?:<0\.(\d+)>)?", command)
        assert asked is not None
        part = raw if asked[1] == "[]" else head
        if "FIELDS" in asked[1]:
            part = b"".join(line + b"\r\n" for line in head.split(b"\r\n") if line.lower().startswith(b"from:")) + b"\r\n"
        part = part[: int(asked[2])] if asked[2] else part
        origin = "<0>" if asked[2] else ""
        return f"* {uid} FETCH ({said} BODY{asked[1]}{origin} {{{len(part)}}}\r\n".encode() + part + b")\r\n"


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


class InMemory(httpcore.NetworkBackend):
    """A network on which every address is this mailbox. dialled: (host, port), in order."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        return _Stream(Session(self.mailbox))


class _Stream(httpcore.NetworkStream):
    def __init__(self, session: Session) -> None:
        self._session, self._out = session, bytearray(session.greeting)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._out += self._session.feed(buffer)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        said = bytes(self._out[:max_bytes])
        del self._out[:max_bytes]
        return said

    def start_tls(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return self

    def close(self) -> None:
        self._out.clear()


Talk = Callable[[socket.socket], None]


@contextlib.contextmanager
def listening(talk: Talk) -> Iterator[int]:
    """A server on this computer that talks to each visitor as `talk` does; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                with visitor, contextlib.suppress(OSError):
                    visitor.settimeout(5)
                    talk(visitor)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join(timeout=6)


def speaking(mailbox: Mailbox, change: Callable[[bytes, bytes], bytes] = lambda asked, said: said) -> Talk:
    """An honest server, unless `change` puts other bytes in place of what it says to a command."""

    def talk(visitor: socket.socket) -> None:
        session = Session(mailbox)
        visitor.sendall(change(b"", session.greeting))
        while asked := visitor.recv(65_536):
            said = change(asked, session.feed(asked))
            visitor.sendall(said)

    return talk
