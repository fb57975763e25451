"""What stands in the head of a mail, read so that no byte string can raise: names, words, mailboxes.

The standard library's header objects raise LookupError, IndexError and AttributeError on real mail and read
`From: joe@customer <evil@bad>` as joe; these functions are small, linear, and say when a sender is doubtful.
"""

from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from dataclasses import dataclass, field

from relationdesk.text import mail_address, one_line

MAX_HEAD = 256 * 1024
"""Bytes of header values that are kept; later ones are passed over."""
_MAX_VALUE = 64 * 1024
_MAX_MAILBOXES = 1000

_FIELD = re.compile(rb"([!-9;-~]{1,100}):")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ENVELOPE = re.compile(rb">?From ")


@dataclass(frozen=True, slots=True)
class Headers:
    """Header values by lower-case name, unfolded, not yet decoded from `=?…?=`; `envelope` is the From_ line or ""."""

    values: dict[str, list[str]] = field(default_factory=dict)
    envelope: str = ""

    def first(self, name: str) -> str:
        """The first one of that name, "" for none; a second Subject or Date is ignored."""
        return next(iter(self.values.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """doubtful: the name shown claims another address than the one that counts (the one in angle brackets)."""

    address: str
    name: str = ""
    doubtful: bool = False


def split(raw: bytes) -> tuple[Headers, bytes]:
    """Head and body. A broken line is passed over if headers go on after it, else the body begins with it."""
    fields: list[tuple[str, list[bytes]]] = []
    envelope, position, kept = b"", 0, 0
    current: list[bytes] | None = None
    while position < len(raw):
        line, after = _line(raw, position)
        if not line:
            return _headers(fields, envelope), raw[after:]
        found = _FIELD.match(line)
        if line[:1] in b" \t":
            if current is not None and kept < MAX_HEAD:
                current.append(line)
                kept += len(line)
        elif found:
            current = [line[found.end() :]] if kept < MAX_HEAD else None
            kept += len(line)
            if current is not None:
                fields.append((found[1].decode("ascii").lower(), current))
        elif _ENVELOPE.match(line) and not fields:
            envelope, current = line[:500], None
        elif _FIELD.match(_line(raw, after)[0]):
            current = None
        else:
            return _headers(fields, envelope), raw[position:]
        position = after
    return _headers(fields, envelope), b""


def _line(raw: bytes, position: int) -> tuple[bytes, int]:
    end = raw.find(b"\n", position)
    end = len(raw) if end < 0 else end
    return raw[position : min(end, position + MAX_HEAD)].rstrip(b"\r"), end + 1


def _headers(fields: list[tuple[str, list[bytes]]], envelope: bytes) -> Headers:
    values: dict[str, list[str]] = {}
    for name, lines in fields:
        values.setdefault(name, []).append(decoded(b"".join(lines)[:_MAX_VALUE], "").replace("\0", "").strip())
    return Headers(values, decoded(envelope, ""))


_CHARSETS = {
    "us-ascii": "utf-8", "ascii": "utf-8", "ansi_x3.4-1968": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "ks_c_5601": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932",
    "x-sjis": "cp932", "iso-8859-8-i": "iso-8859-8", "iso-8859-9": "cp1254", "x-mac-roman": "mac-roman",
    "windows-31j": "cp932", "big5": "cp950", "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
_WESTERN = frozenset({"cp1252", "iso8859-15"})
"""Said by programs that write UTF-8 all the same; what is valid UTF-8 beyond ASCII is never meant as these."""
_NOT_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs that Python would accept by name but that no mail is written in; punycode is also quadratic."""


def decoded(data: bytes, charset: str) -> str:
    """Text of bytes whose charset label may be missing, unknown or wrong. Never raises, loses as little as it can."""
    codec = _codec(charset) or "utf-8"
    for name in ("utf-8", codec) if codec in _WESTERN else (codec, "utf-8"):
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    return data.decode(codec.replace("utf-8", "") or "cp1252", "replace")


def _codec(charset: str) -> str:
    label = charset.strip().strip("\"'").lower()
    label = _CHARSETS.get(label, label)
    if not re.fullmatch(r"[a-z0-9._:+-]{1,40}", label):
        return ""
    try:
        found = codecs.lookup(label)
        "".encode(label)  # raises LookupError for codecs that are not of text (base64, zip)
    except (LookupError, ValueError):
        return ""
    return "" if found.name.replace("-", "_") in _NOT_TEXT else found.name


def unbase64(data: bytes) -> bytes:
    """Base64 as found in mail: line breaks, strange characters, missing or early padding."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data.split(b"=", 1)[0] if b"=" in data else data)
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def words(text: str) -> str:
    """A header value with its encoded words decoded (RFC 2047); neighbours of one charset are joined before decoding."""
    out: list[str] = []
    run, run_charset, last = b"", "", 0
    for found in _WORD.finditer(text):
        between, last = text[last : found.start()], found.end()
        charset = found[1].partition("*")[0].lower()
        data = found[3].encode("utf-8", "replace")
        data = unbase64(data) if found[2] in "bB" else binascii.a2b_qp(data, header=True)
        if run and (between.strip() or charset != run_charset):
            out.append(decoded(run, run_charset))
            run = b""
        if not run:
            out.append(between if between.strip() or not out else "")
        run, run_charset = run + data, charset
    if run:
        out.append(decoded(run, run_charset))
    out.append(text[last:])
    return "".join(out)


_TOKEN = re.compile(r'=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=|"((?:[^"\\]|\\.){0,500})"|<([^<>]*)>|[^=",;:<(]+|.', re.DOTALL)


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """Every readable address of an address header, in order. Groups are opened, old routes and comments taken off.

    `Doe, Jane <jane@x>` without quotes is one mailbox. What holds no address is left out; nothing raises.
    """
    reader = _Reader()
    position, value = 0, value[:_MAX_VALUE]
    while position < len(value) and len(reader.found) < _MAX_MAILBOXES:
        token = _TOKEN.match(value, position)
        if token is None:
            break
        position = token.end()
        shown = token[0]
        if shown == "(":
            comment = _comment(value, position)
            reader.comment = reader.comment or comment
            position += len(comment) + 1 if comment else 0
        elif token[2] is not None:
            reader.bracket(token[2])
        elif token[1] is not None:
            reader.phrase.append(re.sub(r"\\(.)", r"\1", token[1]))
        elif shown in ",;":
            reader.flush()
        elif shown == ":":
            reader.colon()
        else:
            reader.phrase.append(shown)
    reader.flush()
    return tuple(reader.found)


_COMMENT = re.compile(r"((?:[^()]|\([^()]{0,300}\)){0,300})\)")


def _comment(value: str, start: int) -> str:
    """The inside of a comment that opened just before `start`, one nested level deep; "" if it does not close soon."""
    found = _COMMENT.match(value, start)
    return found[1] if found else ""


_ADDRESS = re.compile(r"\S@\S{0,300}")
"""Something like an address, of which `joe@customer evil@bad` holds two."""


class _Reader:
    """Collects the pieces of one mailbox until a separator comes."""

    def __init__(self) -> None:
        self.found: list[Mailbox] = []
        self.phrase: list[str] = []
        self.comment = ""
        self.angle: str | None = None
        self.pending = ""  # "Doe" of `Doe, Jane <jane@x>`

    def bracket(self, inside: str) -> None:
        if self.angle is not None:
            self.flush()
        self.angle = inside

    def colon(self) -> None:
        if self.angle is None and "@" not in "".join(self.phrase):
            self.phrase, self.comment, self.pending = [], "", ""
        else:
            self.phrase.append(":")

    def flush(self) -> None:
        phrase = words("".join(self.phrase)).strip()
        comment = words(self.comment).strip()
        if self.angle is not None:
            name = ", ".join(part for part in (self.pending, phrase) if part) or comment
            self._add(clean_address(self.angle), name)
            self.pending = ""
        elif "@" in phrase:
            for one in phrase.split() if len(_ADDRESS.findall(phrase)) > 1 else (phrase,):
                self._add(clean_address(one), comment)
            self.pending = ""
        else:
            self.pending = phrase[:200]
        self.phrase, self.comment, self.angle = [], "", None

    def _add(self, address: str, name: str) -> None:
        if not address:
            return
        plain = unicodedata.normalize("NFKC", name[:500])  # a full-width @ is read as one
        claimed = {mail_address(part) for part in re.split(r"[\s,;<>()]+", plain) if "@" in part} - {"", address}
        shown = _name(name)
        if "@" in plain:
            shown = ""
        self.found.append(Mailbox(address=address, name=shown, doubtful=bool(claimed)))


def clean_address(text: str) -> str:
    """One address in lower case; spaces around dots, old routes and `mailto:` taken off; "" if it is none."""
    text = re.sub(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f]+", " ", text[:1000])
    text = re.sub(r" ?([.@]) ?", r"\1", text).strip()
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if re.search(r"@[^@\s]*@", text):  # a@b@c: who knows whose that is
        return ""
    address = mail_address(unicodedata.normalize("NFC", text.removeprefix("mailto:").replace('"', "")))
    return address if 3 <= len(address) <= 254 else ""


def _name(text: str) -> str:
    text = re.sub("[\u200b-\u200f\u2060\ufeff]", "", text)
    return one_line(text[:1000], 200).strip(" '\"\t,<>")
