"""The bounded reader under the vCard source: bytes to cards, cards to properties. No library, no guessing.

Cards are cut first, so that a broken card costs one card. Every step is linear and every length has a limit:
a crafted file makes cards rejected, never the program slow. Works on bytes, because folding may part one letter.
"""

from __future__ import annotations

import binascii
import codecs
import io
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from relationdesk.saying import say

MAX_LINE = 512 * 1024
"""Bytes kept of one line, folded or not; the rest of a longer one is passed over."""

MAX_PHOTO = 2_900_000
"""Bytes of the line of a card's picture: 2 MB of picture (`portraits.MOST_BYTES`) in base 64."""
MAX_CARD = 4 * 1024 * 1024
MAX_PROPERTIES = 5_000
MAX_PARAMETERS = 64
_CHUNK = 64 * 1024
_UNWANTED = re.compile(rb"(?:[\w-]{1,60}\.)?(?:LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
_PHOTO = re.compile(rb"(?:[\w-]{1,60}\.)?PHOTO[;:]", re.IGNORECASE)
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})
_CHARSET = re.compile(
    r"(us-)?ascii|utf[-_]?(8|16)([-_]?[lb]e)?|"
    r"(iso|latin|windows|win|cp|ibm|koi8|mac|shift|sjis|euc|gb|hz|big5|ks|ms|tis)[\w-]{0,20}",
    re.IGNORECASE,
)
"""Names of alphabets. Python knows more codecs, some of which are no text, warn, or take long (unicode_escape, idna)."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(slots=True, kw_only=True)
class RawCard:
    """The logical lines of one card, but for its picture, which stands in photo. flaw: a sentence why it cannot be read, else ""."""

    number: int  # the first card of the file is 1
    lines: list[bytes] = field(default_factory=list)
    photo: bytes = b""
    flaw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One line of a card. name and group in upper case; kinds: values of TYPE in lower case; raw: still encoded."""

    name: str
    group: str = ""
    kinds: frozenset[str] = frozenset()
    parameters: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""
    quoted_printable: bool = False
    base64: bool = False
    charset: str = ""
    version: str = "3.0"

    def parameter(self, name: str) -> str:
        return next((value for known, value in self.parameters if known == name), "")

    def text(self) -> str:
        """The whole value, decoded and unescaped."""
        return _unescape(self._decoded(self.raw), self.version)

    def components(self) -> list[str]:
        """The parts of a structured value (N, ORG). Parted before decoding: an encoded semicolon is a letter."""
        pieces = re.split(rb"(?<!\\);", self.raw, maxsplit=64)
        return [_unescape(self._decoded(piece), self.version).strip() for piece in pieces]

    def _decoded(self, raw: bytes) -> str:
        return _text(quopri.decodestring(raw) if self.quoted_printable else raw, self.charset)


def cards(stream: BinaryIO) -> Iterator[RawCard]:
    """Every card of the file in order, streaming. A card inside a card (AGENT) is passed over with its lines.

    A card whose END is missing ends where the next begins; one that the end of the file cuts has a flaw.
    """
    builder: _Builder | None = None
    number = inner = 0
    after_agent = False
    for line in physical_lines(stream):
        mark = line.strip().upper() if len(line) < 60 else b""
        if builder is not None and (
            (mark == b"BEGIN:VCARD" and after_agent) or (mark.startswith(b"AGENT") and mark.endswith(b":BEGIN:VCARD"))
        ):
            inner += 1
        elif mark == b"BEGIN:VCARD":
            if builder is not None:
                yield builder.finished()
            number, inner = number + 1, 0
            builder = _Builder(number)
        elif mark == b"END:VCARD" and inner:
            inner -= 1
        elif mark == b"END:VCARD" and builder is not None:
            yield builder.finished()
            builder = None
        elif builder is not None and not inner:
            builder.add(line)
        after_agent = mark.startswith(b"AGENT") and mark.endswith(b":")
    if builder is not None:
        card = builder.finished()
        card.flaw = card.flaw or say("The file ends in the middle of this card.")
        yield card


class _Builder:
    """Joins physical lines to logical ones, within the limits."""

    def __init__(self, number: int) -> None:
        self._card = RawCard(number=number)
        self._size = 0
        self._open: bytearray | None = None  # the logical line that may still grow; None: its growth is not wanted
        self._photo = False  # the line that may still grow is a picture
        self._soft = False  # the line before ended in a quoted-printable soft break

    def add(self, line: bytes) -> None:
        if self._card.flaw:
            return
        if self._soft and self._open is not None:
            self._open += line
        elif line[:1] in (b" ", b"\t"):
            if self._open is not None and len(self._open) < (MAX_PHOTO if self._photo else MAX_LINE):
                self._open += line[1:]
        else:
            self._close()
            self._photo = _PHOTO.match(line) is not None
            self._open = None if _UNWANTED.match(line) else bytearray(line)
        self._size += len(line) if self._open is not None and not self._photo else 0
        self._soft = self._open is not None and len(self._open) < MAX_LINE and _ends_softly(self._open)
        if self._soft and self._open is not None:
            del self._open[-1:]
        if self._size > MAX_CARD or len(self._card.lines) > MAX_PROPERTIES:
            self._card.flaw = say("This card is far larger than a card can be.")
            self._card.lines, self._open = [], None

    def finished(self) -> RawCard:
        self._close()
        return self._card

    def _close(self) -> None:
        if self._open is not None and self._photo:
            self._card.photo = self._card.photo or bytes(self._open[:MAX_PHOTO])
        elif self._open is not None:
            self._card.lines.append(bytes(self._open))
        self._open = None


def picture(card: RawCard) -> tuple[str, bytes]:
    """Where the picture of a card lies, and the picture itself: one of them, or neither. In version 4.0 it is a data: address."""
    read = _property(card.photo, "3.0")
    if read is None:
        return "", b""
    value = read.raw.strip()
    inline = re.match(rb"data:image/[\w.+-]{1,40};base64,", value[:80], re.IGNORECASE)
    if inline is None and not read.base64:
        return value[:2_000].decode("utf-8", "replace"), b""
    try:
        return "", binascii.a2b_base64(value[inline.end() :] if inline else value)
    except binascii.Error:
        return "", b""


def properties(card: RawCard) -> list[Property]:
    """The lines of a card that can be read, in their order; a line that is no property is passed over."""
    version = "3.0"
    found: list[Property] = []
    for line in card.lines:
        read = _property(line, version)
        if read is None:
            continue
        if read.name == "VERSION":
            version = read.text().strip()
        found.append(read)
    return found


def physical_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their ends, which may be CRLF, LF or CR; at most MAX_LINE bytes of each. UTF-16 becomes UTF-8."""
    rest = b""
    too_long = False
    first = True
    for chunk in _chunks(stream):
        if first:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
            first = False
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            if not too_long:
                yield line[:MAX_LINE]
            too_long = False
        if len(rest) > MAX_LINE and not too_long:
            yield rest[:MAX_LINE]
            too_long = True
        rest = b"" if too_long else rest
    if rest and not too_long:
        yield rest


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    head = stream.read(_CHUNK)
    decoder = None
    if head.startswith((codecs.BOM_UTF16_LE, b"B\0E\0")):
        decoder = codecs.getincrementaldecoder("utf-16-le")("replace")
    elif head.startswith((codecs.BOM_UTF16_BE, b"\0B\0E")):
        decoder = codecs.getincrementaldecoder("utf-16-be")("replace")
    ends = io.IncrementalNewlineDecoder(None, translate=True)  # works on text; latin-1 keeps bytes as they are
    while head:
        if decoder is not None:
            head = decoder.decode(head).replace("\ufeff", "").encode("utf-8", "replace")
        yield ends.decode(head.decode("latin-1")).encode("latin-1")
        head = stream.read(_CHUNK)
    yield ends.decode("", final=True).encode("latin-1")


def _ends_softly(line: bytearray) -> bool:
    return line.endswith(b"=") and b"QUOTED-PRINTABLE" in line[:300].partition(b":")[0].upper()


def _property(line: bytes, version: str) -> Property | None:
    head, raw = _at_colon(line)
    first, *parts = _split_quoted(head, ";")
    group, _, name = first.strip().rpartition(".")
    if not _NAME.fullmatch(name) or (group and not _NAME.fullmatch(group)):
        return None
    kinds: set[str] = set()
    parameters: list[tuple[str, str]] = []
    encoding = ""
    for part in parts[:MAX_PARAMETERS]:
        known, equals, value = part.partition("=")
        known, value = known.strip().upper(), value.strip()
        if not equals:
            known, value = ("ENCODING" if known in _ENCODINGS else "TYPE"), known
        if known == "ENCODING":
            encoding = value.strip('"').upper()
        elif known == "TYPE":
            kinds.update(kind.strip().lower() for kind in value.replace('"', "").split(","))
        parameters.append((known, value.strip('"')))
    return Property(
        name=name.upper(),
        group=group.upper(),
        kinds=frozenset(kinds),
        parameters=tuple(parameters),
        raw=raw,
        quoted_printable=encoding == "QUOTED-PRINTABLE",
        base64=encoding in ("BASE64", "B"),
        charset=next((value for known, value in parameters if known == "CHARSET"), ""),
        version=version,
    )


def _at_colon(line: bytes) -> tuple[str, bytes]:
    """Property part and value. A colon in quotes belongs to a parameter, unless the quotes never end."""
    quoted = False
    for place, byte in enumerate(line[:4000]):
        if byte == 0x22:
            quoted = not quoted
        elif byte == 0x3A and not quoted:
            return line[:place].decode("utf-8", "replace"), line[place + 1 :]
    head, _, value = line[:4000].partition(b":")
    return head.decode("utf-8", "replace"), value + line[4000:]


def _split_quoted(text: str, mark: str) -> list[str]:
    if '"' not in text:
        return text.split(mark)
    parts, start, quoted = [], 0, False
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == mark and not quoted:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _text(raw: bytes, charset: str) -> str:
    """UTF-8 by default; what is none is cp1252, unless nearly all of it is UTF-8 (a cut letter at the end)."""
    try:
        return raw.decode(charset if _CHARSET.fullmatch(charset) else "utf-8")
    except (UnicodeError, LookupError):
        pass
    lenient = raw.decode("utf-8", "replace")
    letters = sum(letter > "\x7f" for letter in lenient)
    if lenient.count("\ufffd") * 4 <= letters:
        return lenient
    return raw.decode("cp1252", "replace")


def _unescape(text: str, version: str) -> str:
    if "\\" not in text:
        return text
    if version.startswith("2"):
        return re.sub(r"\\([;,:\\])", r"\1", text)
    return re.sub(r"\\(.)", lambda match: "\n" if match.group(1) in "nN" else match.group(1), text)
