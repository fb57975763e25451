"""Things as Outlook keeps them, in data files and in single messages alike: properties by number ([MS-OXPROPS]), people, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, Protocol

from relationdesk.markup import html_to_text
from relationdesk.sources.mail_headers import decoded
from relationdesk.sources.rtf_text import rtf_text, unpacked_rtf

CLASS, SUBJECT, SUBMITTED, DELIVERED = 0x001A, 0x0037, 0x0039, 0x0E06
HEADERS, MESSAGE_ID, ANSWERS, REFERENCES, FLAGS = 0x007D, 0x1035, 0x1042, 0x1039, 0x0E07
PLAIN, RTF, HTML = 0x1000, 0x1009, 0x1013
NAME, KIND_OF_ADDRESS, ADDRESS, SMTP, ROLE, TRACKED = 0x3001, 0x3002, 0x3003, 0x39FE, 0x0C15, 0x5FFF
FILE_NAMES: Final = (0x3707, 0x3704, 0x3001)
SENDERS: Final = ((0x0042, 0x0065, 0x5D02), (0x0C1A, 0x0C1F, 0x5D01))
"""(name, address, mail address) of whom a message is from, then of who sent it in their name."""
UNSENT: Final = 0x8

APPOINTMENTS, MEETINGS, ADDRESSES = (
    "00062002-0000-0000-c000-000000000046", "6ed8da90-450b-101b-98da-00aa003f1305", "00062004-0000-0000-c000-000000000046",
)  # fmt: skip
"""Sets of named properties, whose numbers differ from file to file."""
_UNICODE, _BYTES = 0x001F, 0x001E
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_PAGES = {65001: "utf-8", 20127: "us-ascii", 1200: "utf-16-le", 28591: "iso-8859-1", 50220: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 936: "gb18030",
          54936: "gb18030", 20866: "koi8-r", 21866: "koi8-u", 10000: "mac-roman", 949: "cp949", 950: "cp950", 932: "cp932"}  # fmt: skip


class Value(NamedTuple):
    """type: as in [MS-OXCDATA] 2.11.1. raw: its bytes."""

    type: int
    raw: bytes


class Bag(Protocol):
    """The properties of a thing."""

    def get(self, id: int) -> Value | None:
        """None for what it does not have, or what cannot be read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """A bag, its values as what they mean. named: (set, number) → id, of the file it comes from. page: code page of texts that are no Unicode."""

    bag: Bag
    named: Mapping[tuple[str, int], int] = field(default_factory=dict)
    page: str = "cp1252"

    def text(self, id: int) -> str:
        """A text of any length, "" for none."""
        value = self.bag.get(id)
        if value is None or value.type not in (_UNICODE, _BYTES):
            return ""
        text = value.raw.decode("utf-16-le", "replace") if value.type == _UNICODE else decoded(value.raw, self.page)
        return text.rstrip("\0").replace("\0", "")

    def number(self, id: int) -> int | None:
        value = self.bag.get(id)
        return int.from_bytes(value.raw[:8], "little") if value and value.type in (0x0002, 0x0003, 0x000B, 0x0014) else None

    def raw(self, id: int) -> bytes:
        value = self.bag.get(id)
        return value.raw if value else b""

    def moment(self, id: int) -> datetime | None:
        """Aware UTC to the second; None for none, and for what no calendar has."""
        value = self.bag.get(id)
        if value is None or value.type != 0x0040 or len(value.raw) != 8:
            return None
        try:
            return (_EPOCH + timedelta(microseconds=int.from_bytes(value.raw, "little") // 10)).replace(microsecond=0)
        except OverflowError:
            return None

    def id(self, group: str, number: int) -> int:
        """Of a named property in this file; 0 for one that the file does not know."""
        return self.named.get((group, number), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing. people: of its table of recipients. attached: names of what hangs on it. folder: where it lies, "/" between."""

    properties: Properties
    people: tuple[Properties, ...] = ()
    attached: tuple[str, ...] = ()
    folder: str = ""

    @property
    def kind(self) -> str:
        """Lower case: "ipm.note", "ipm.appointment", "ipm.contact" …"""
        return self.properties.text(CLASS)[:200].strip().casefold()

    @property
    def subject(self) -> str:
        """Outlook marks with two letters where the part after "RE:" begins."""
        text = self.properties.text(SUBJECT)
        return text[2:] if text[:1] == "\x01" else text

    def words(self) -> str:
        """What it says as plain text."""
        plain = self.properties.text(PLAIN)
        if plain.strip():
            return plain
        page = self.html()
        return html_to_text(page) if page.strip() else self.rtf()

    def html(self) -> str:
        value = self.properties.bag.get(HTML)
        if value is None:
            return ""
        if value.type != 0x0102:
            return self.properties.text(HTML)
        return decoded(value.raw, code_page(self.properties.number(0x3FDE) or 0, self.properties.page))

    def rtf(self) -> str:
        return rtf_text(unpacked_rtf(self.properties.raw(RTF)))


def code_page(number: int, otherwise: str) -> str:
    """The name of a code page by Windows's number for it."""
    return _PAGES.get(number) or (f"cp{number}" if 0 < number < 65_535 else otherwise)
