"""A single message as Outlook saves it (.msg, [MS-OXMSG]): the properties of a thing in a compound file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Final

from relationdesk.saying import say
from relationdesk.sources.compound_file import MAGIC, CompoundFile, Storage
from relationdesk.sources.mapi import FILE_NAMES, Item, Properties, Value, code_page
from relationdesk.sources.pst_pages import Damaged
from relationdesk.sources.pst_store import named_in

MOST: Final = 96 * 1024 * 1024
"""Bytes of one message with everything that hangs on it."""
_FIXED = "__properties_version1.0"
_NAMES = "__nameid_version1.0"
_MOST_PEOPLE, _MOST_ATTACHED = 500, 50
_SIZES = {0x0002: 2, 0x0003: 4, 0x000B: 1, 0x0014: 8, 0x0040: 8}
_HEAD, _HEAD_OF_PART = 32, 8


_TELLING = tuple(name.encode("utf-16-le") for name in ("__nameid_version1.0", "__properties_version1.0", "__substg1.0_", "__recip_version1.0_"))


def is_message(stream: IO[bytes], head: bytes) -> bool:
    """True for a compound file that lists first what messages hold. head: its beginning, already taken from the stream."""
    if not head.startswith(MAGIC) or len(head) < 512:
        return False
    sector = 4_096 if head[30] == 12 else 512
    start = (int.from_bytes(head[48:52], "little") + 1) * sector
    if start > MOST:
        return False
    rest = head[start : start + sector]
    left = start + sector - len(head)
    while left > 0 and (part := stream.read(min(left, 1 << 20))):
        rest = (rest + part)[-sector:]
        left -= len(part)
    return any(name in rest for name in _TELLING)


class _Stored:
    """The properties of a storage: short ones in one table, long ones each in a stream."""

    def __init__(self, file: CompoundFile, storage: Storage, head: int) -> None:
        self._file, self._storage = file, storage
        raw = file.read(storage.streams[_FIXED]) if _FIXED in storage.streams else b""
        self._short: dict[int, tuple[int, bytes]] = {}
        for at in range(head, len(raw) - 15, 16):
            self._short[int.from_bytes(raw[at + 2 : at + 4], "little")] = (int.from_bytes(raw[at : at + 2], "little"), raw[at + 8 : at + 16])

    def get(self, id: int) -> Value | None:
        type_, short = self._short.get(id, (0, b""))
        if type_ in _SIZES:
            return Value(type_, short[: _SIZES[type_]])
        for kind in (0x001F, 0x001E, 0x0102):
            stream = self._storage.streams.get(f"__substg1.0_{id:04x}{kind:04x}")
            if stream is not None:
                try:
                    return Value(kind, self._file.read(stream))
                except Damaged:
                    return None
        return None


def message(data: bytes) -> Item:
    """The thing in the file. Raises Damaged for what is no message."""
    file = CompoundFile(data)
    if _FIXED not in file.root.streams:
        raise Damaged(say("It is no message of Outlook."))
    named: Mapping[tuple[str, int], int] = {}
    with suppress(Damaged):
        if (names := file.root.storages.get(_NAMES)) is not None:
            found = _Stored(file, names, 1 << 30)
            named = named_in(_raw(found, 0x0002), _raw(found, 0x0003))
    stored = _Stored(file, file.root, _HEAD)
    own = Properties(bag=stored)
    page = code_page(own.number(0x3FFD) or own.number(0x3FDE) or 0, "cp1252")
    people = [Properties(bag=part, named=named, page=page) for part in _parts(file, "__recip_version1.0_", _MOST_PEOPLE)]
    attached = [Properties(bag=part, page=page) for part in _parts(file, "__attach_version1.0_", _MOST_ATTACHED)]
    names_of = (next((name for one in FILE_NAMES if (name := part.text(one))), "") for part in attached)
    return Item(properties=Properties(bag=stored, named=named, page=page), people=tuple(people), attached=tuple(filter(None, names_of)))


def _raw(stored: _Stored, id: int) -> bytes:
    value = stored.get(id)
    return value.raw if value else b""


def _parts(file: CompoundFile, prefix: str, most: int) -> list[_Stored]:
    found: list[_Stored] = []
    for name, storage in sorted(file.root.storages.items()):
        if name.startswith(prefix) and len(found) < most:
            with suppress(Damaged):
                found.append(_Stored(file, storage, _HEAD_OF_PART))
    return found
