"""What an IMAP server says, taken apart: pure, bounded, and no byte string makes it do more than raise ValueError.

RFC 9051 and its elder RFC 3501; servers that quote, order or count in ways of their own are read as they mean it.
"""

from __future__ import annotations

import binascii
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Token = bytes | list["Token"]
_MAX_TOKENS = 20_000
_MAX_DEPTH = 30
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_WORD = re.compile(rb'[^\s()"\[\]]*(?:\[[^\]]*\][^\s()"]*)?')
"""An atom; BODY[HEADER.FIELDS (FROM)]<0> and [Gmail]/Sent are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer that belongs to no tag. kind: "FETCH", upper case. number: what stands before it, 0 for nothing.
    pieces: the rest as it came, text and literals by turns, text first."""

    kind: str
    number: int = 0
    pieces: tuple[bytes, ...] = (b"",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What FETCH told of one mail. flags: lower case. thread: Gmail's conversation, "" elsewhere. content: the asked-for part."""

    uid: int
    flags: frozenset[str] = frozenset()
    size: int = 0
    thread: str = ""
    content: bytes | None = None


def response(pieces: tuple[bytes, ...]) -> Response:
    """An untagged answer without its "* "."""
    found = re.match(rb"(?:(\d{1,10}) )?([A-Za-z]{1,40})(?:\s+|$)", pieces[0])
    if found is None:
        return Response(kind="", pieces=pieces)
    rest = (pieces[0][found.end() :], *pieces[1:])
    return Response(kind=found[2].decode().upper(), number=int(found[1] or 0), pieces=rest)


def tokens(pieces: tuple[bytes, ...]) -> list[Token]:
    """Words, strings and (nested) lists of an answer. Raises ValueError for what is too deep, too long or unbalanced."""
    stack: list[list[Token]] = [[]]
    for number, piece in enumerate(pieces):
        if number % 2:
            stack[-1].append(piece)
            continue
        for token in _words(re.sub(rb"\{\d{1,20}\+?\}$", b"", piece)):
            if token == b"(":
                stack.append([])
                if len(stack) > _MAX_DEPTH:
                    raise ValueError("nested too deep")
            elif token == b")":
                if len(stack) < 2:
                    raise ValueError("unbalanced")
                inner = stack.pop()
                stack[-1].append(inner)
            else:
                stack[-1].append(token[1:] if token.startswith(b'"') else token)
    if len(stack) != 1:
        raise ValueError("unbalanced")
    return stack[0]


def _words(text: bytes) -> Iterator[bytes]:
    """Words; a quoted string without escapes and with one '"' before it, so that "(" as text is no list."""
    at = count = 0
    while at < len(text):
        if text[at : at + 1].isspace():
            at += 1
            continue
        count += 1
        if count > _MAX_TOKENS:
            raise ValueError("too many words")
        if text[at : at + 1] in (b"(", b")"):
            yield text[at : at + 1]
            at += 1
        elif text[at : at + 1] == b'"':
            found = _STRING.match(text, at)
            if found is None:
                raise ValueError("a string without end")
            yield b'"' + re.sub(rb"\\(.)", rb"\1", found[1])
            at = found.end()
        else:
            word = _WORD.match(text, at)
            end = word.end() if word is not None and word.end() > at else at + 1
            yield text[at:end]
            at = end


def mail(answer: Response) -> Mail | None:
    """A FETCH answer; None if it names no mail. Raises ValueError."""
    parts = next((token for token in tokens(answer.pieces) if isinstance(token, list)), [])
    uid = size = 0
    flags: frozenset[str] = frozenset()
    thread, content = "", None
    for name, value in zip(parts[::2], parts[1::2], strict=False):
        word = name.upper() if isinstance(name, bytes) else b""
        if word == b"FLAGS" and isinstance(value, list):
            flags = frozenset(flag.decode("ascii", "replace").lower() for flag in value if isinstance(flag, bytes))
        elif isinstance(value, bytes):
            if word == b"UID":
                uid = number(value)
            elif word == b"RFC822.SIZE":
                size = number(value)
            elif word == b"X-GM-THRID":
                thread = value.decode("ascii", "replace") if re.fullmatch(rb"\d{1,25}", value) else ""
            elif word.startswith(b"BODY["):
                content = b"" if value.upper() == b"NIL" and len(answer.pieces) == 1 else value
    return Mail(uid=uid, flags=flags, size=size, thread=thread, content=content) if uid else None


def number(value: bytes) -> int:
    """A number of IMAP (32 bits; sizes up to 63); 0 for what is none."""
    return int(value) if re.fullmatch(rb"\d{1,18}", value) else 0


def status(answer: Response) -> tuple[int, int, int]:
    """UIDVALIDITY, UIDNEXT and MESSAGES of a STATUS answer, 0 for what is not said. Raises ValueError."""
    found = [token for token in tokens(answer.pieces) if isinstance(token, list)]
    pairs = found[-1] if found else []
    said = {
        name.upper(): number(value)
        for name, value in zip(pairs[::2], pairs[1::2], strict=False)
        if isinstance(name, bytes) and isinstance(value, bytes)
    }
    return said.get(b"UIDVALIDITY", 0), said.get(b"UIDNEXT", 0), said.get(b"MESSAGES", 0)


def found_uids(answers: Iterable[Response], low: int, high: int, most: int) -> array[int]:
    """The UIDs of SEARCH and ESEARCH answers that lie in low … high, rising. Raises ValueError for more than `most`:
    "1:4294967295" is eleven bytes."""
    found: set[int] = set()
    for answer in answers:
        text = answer.pieces[0]
        if answer.kind == "ESEARCH":
            said = re.search(rb"\bALL ([\d:,]+)", text, re.IGNORECASE)
            text = said[1] if said else b""
        for one in re.finditer(rb"(\d{1,10})(?::(\d{1,10}))?", text):
            first, last = sorted((int(one[1]), int(one[2] or one[1])))
            first, last = max(first, low), min(last, high)
            if len(found) + max(0, last - first + 1) > most:
                raise ValueError("more mails than there are")
            found.update(range(first, last + 1))
    return array("Q", sorted(found))


def as_set(uids: Iterable[int]) -> str:
    """Rising UIDs as IMAP writes them: "1:3,7"."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in runs)


def folder_name(raw: str) -> str:
    """A folder's name out of the UTF-7 of IMAP ("Entw&APw-rfe" → "Entwürfe"); what cannot be read stays as it is."""

    def read(found: re.Match[str]) -> str:
        coded = found[1].replace(",", "/")
        try:
            data = binascii.a2b_base64(coded + "=" * (-len(coded) % 4))
            return data.decode("utf-16-be") if coded else "&"
        except (binascii.Error, UnicodeDecodeError):
            return found[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", read, raw)


def quoted(text: str) -> str:
    """A string of IMAP. Raises ValueError for what cannot stand in one line of ASCII."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("not for a quoted string")
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
