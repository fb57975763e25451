"""The words of rich text (RTF), as Outlook packs it beside or instead of a plain text. Bounded; nothing here raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from relationdesk.markup import html_to_text
from relationdesk.sources.mail_headers import decoded

MOST: Final = 16 * 1024 * 1024
"""Bytes of unpacked RTF."""
_BEGUN: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What every packed text may refer to before its own beginning ([MS-OXRTFCP] 2.1.2.1)."""
_WINDOW = 4_096
_PACKED, _PLAIN = b"LZFu", b"MELA"
_TOKEN: Final = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_SILENT: Final = frozenset(b"fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable rsidtbl generator header footer xmlnstbl".split())
_LETTERS: Final = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SIGNS: Final = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"-": ""}
_DEEPEST = 500


def unpacked_rtf(raw: bytes) -> bytes:
    """The RTF in what Outlook keeps; what cannot be unpacked ends where it breaks."""
    if len(raw) < 16:
        return b""
    kind, size = raw[8:12], min(int.from_bytes(raw[4:8], "little"), MOST)
    if kind == _PLAIN:
        return raw[16 : 16 + size]
    if kind != _PACKED:
        return b""
    window = bytearray(_BEGUN.ljust(_WINDOW, b" "))
    out = bytearray()
    place, at = 16, len(_BEGUN)
    while place < len(raw) and len(out) < size:
        flags = raw[place]
        place += 1
        for bit in range(8):
            if flags & 1 << bit:
                if place + 2 > len(raw):
                    return bytes(out)
                word = raw[place] << 8 | raw[place + 1]
                place += 2
                start, count = word >> 4, (word & 15) + 2
                if start == at % _WINDOW:
                    return bytes(out)
                for step in range(count):
                    letter = window[(start + step) % _WINDOW]
                    window[at % _WINDOW] = letter
                    out.append(letter)
                    at += 1
            else:
                if place >= len(raw):
                    return bytes(out)
                window[at % _WINDOW] = raw[place]
                out.append(raw[place])
                place, at = place + 1, at + 1
    return bytes(out[:size])


@dataclass(slots=True)
class _Group:
    """What holds between two braces. silent: nothing in it is shown. hidden: it is not of the page that the text was made of.
    tag: it is a piece of that page. fallback: letters after a Unicode one that stand for it in old programs."""

    silent: bool = False
    hidden: bool = False
    tag: bool = False
    fallback: int = 1


class _Reader:
    def __init__(self, *, is_page: bool) -> None:
        self._is_page = is_page
        self._out: list[str] = []
        self._codec, self._bytes = "cp1252", bytearray()
        self._groups = [_Group()]
        self._skip, self._star = 0, False

    def words(self, raw: bytes) -> str:
        for found in _TOKEN.finditer(raw[:MOST]):
            word, number, byte, sign, brace, text = found.groups()
            if brace == b"{" and len(self._groups) < _DEEPEST:
                self._groups.append(replace(self._groups[-1], tag=False))
            elif brace == b"}" and len(self._groups) > 1:
                self._groups.pop()
            elif word is not None:
                self._word(word, int(number) if number else None)
            elif byte is not None:
                self._letters(bytes((int(byte, 16),)))
            elif sign is not None:
                self._sign(sign)
            elif text is not None:
                self._letters(text)
        self._flush()
        return "".join(self._out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")

    @property
    def _shown(self) -> bool:
        group = self._groups[-1]
        return not group.silent and (not self._is_page or group.tag or not group.hidden)

    def _word(self, word: bytes, value: int | None) -> None:
        group, star = self._groups[-1], self._star
        self._star = False
        if word == b"ansicpg" and value:
            self._flush()
            self._codec = f"cp{value}"
        elif word == b"htmltag":
            group.tag, group.silent = True, False
        elif word == b"htmlrtf":
            group.hidden = value != 0
        elif word == b"uc":
            group.fallback = max(0, min(value or 0, 8))
        elif word in _SILENT or star:
            group.silent = True
        elif word == b"u" and value is not None:
            self._add(chr(value % 0x10000))
            self._skip = group.fallback
        elif word in _LETTERS:
            self._add(_LETTERS[word])

    def _sign(self, sign: bytes) -> None:
        self._star = sign == b"*"
        if sign in _SIGNS:
            self._add(_SIGNS[sign])

    def _letters(self, text: bytes) -> None:
        text, self._skip = text[self._skip :], max(0, self._skip - len(text))
        if self._shown:
            self._bytes += text

    def _add(self, text: str) -> None:
        if self._shown:
            self._flush()
            self._out.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(decoded(bytes(self._bytes), self._codec))
            self._bytes.clear()


def rtf_text(raw: bytes) -> str:
    """Its words. RTF that was made of a web page holds the page, which is read instead."""
    if raw.lstrip()[:5] != b"{\\rtf":
        return ""
    is_page = b"\\fromhtml" in raw[:1_000]
    words = _Reader(is_page=is_page).words(raw)
    return html_to_text(words) if is_page else words
