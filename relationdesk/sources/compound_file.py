"""Microsoft's compound files ([MS-CFB]): a file with folders and files in it, as Outlook saves single messages.

Read from memory. Nothing is trusted: chains and trees are bounded by the size of the file, and what does not hold raises `Damaged`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from relationdesk.saying import say
from relationdesk.sources.pst_pages import Damaged

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR, _NOBODY = 0xFFFFFFFA, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MOST_ENTRIES = 100_000
_DEEPEST = 20


@dataclass(slots=True)
class Storage:
    """A folder: streams and storages in it by their names in lower case. A stream is (first sector, bytes)."""

    streams: dict[str, tuple[int, int]] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


class CompoundFile:
    """Raises Damaged for what is none."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if data[:8] != MAGIC or len(data) < 512:
            raise Damaged(say("It is no file of Office."))
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Damaged(say("Its parts have a size that none has."))
        self._sector, self._mini = 1 << shift, 1 << mini_shift
        self._cutoff = int.from_bytes(data[56:60], "little")
        self._most = len(data) // self._sector + 1
        self._table = self._sectors_of(data)
        entries = self._entries(self._chain(int.from_bytes(data[48:52], "little"), self._table, self._sector))
        if not entries or entries[0][1] != _ROOT:
            raise Damaged(say("It has no folder."))
        self._small = self._numbers(self._chain(int.from_bytes(data[60:64], "little"), self._table, self._sector))
        self._small_data = self._chain(entries[0][5], self._table, self._sector)[: entries[0][6]]
        self.root = _tree(entries, 0, 0, set())

    def read(self, stream: tuple[int, int]) -> bytes:
        """The bytes of a stream. Raises Damaged."""
        start, size = stream
        if size > len(self._data):
            raise Damaged(say("A part of it is larger than the whole."))
        if not size:
            return b""
        small = size < self._cutoff
        found = self._chain(start, self._small, self._mini, within=self._small_data) if small else self._chain(start, self._table, self._sector, most=size)
        if len(found) < size:
            raise Damaged(say("A part of it breaks off."))
        return found[:size]

    def _sectors_of(self, data: bytes) -> tuple[int, ...]:
        """The table of what follows on each sector; where it lies stands in the head, and in a chain of its own for large files."""
        places = [number for number in struct.unpack_from("<109I", data, 76) if number < _LAST_SECTOR]
        next_, per = int.from_bytes(data[68:72], "little"), self._sector // 4 - 1
        for _ in range(self._most):
            if next_ >= _LAST_SECTOR:
                break
            numbers = self._numbers(self._at(next_))
            places += [number for number in numbers[:per] if number < _LAST_SECTOR]
            next_ = numbers[per] if len(numbers) > per else _NOBODY
        return tuple(number for place in places[: self._most] for number in self._numbers(self._at(place)))

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector]

    @staticmethod
    def _numbers(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _chain(self, start: int, table: tuple[int, ...], size: int, *, within: bytes | None = None, most: int = 1 << 62) -> bytes:
        parts: list[bytes] = []
        at, length, steps = start, 0, 0
        limit = self._most * (self._sector // size)
        while at < _LAST_SECTOR and length < most:
            steps += 1
            part = self._at(at) if within is None else within[at * size : (at + 1) * size]
            if steps > limit or at >= len(table):
                raise Damaged(say("A part of it has no end."))
            parts.append(part)
            length += len(part)
            at = table[at]
        return b"".join(parts)

    def _entries(self, raw: bytes) -> list[tuple[str, int, int, int, int, int, int]]:
        """(name, kind, left, right, child, start, size) of everything that it lists."""
        found = []
        for at in range(0, min(len(raw), _MOST_ENTRIES * 128) - 127, 128):
            length = int.from_bytes(raw[at + 64 : at + 66], "little")
            name = raw[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            left, right, child = struct.unpack_from("<III", raw, at + 68)
            start, size = struct.unpack_from("<IQ", raw, at + 116)
            found.append((name, raw[at + 66], left, right, child, start, size if self._sector > 512 else size & 0xFFFFFFFF))
        return found


def _tree(entries: list[tuple[str, int, int, int, int, int, int]], number: int, depth: int, seen: set[int]) -> Storage:
    found = Storage()
    waiting = [entries[number][4]]
    while waiting:
        at = waiting.pop()
        if at >= len(entries) or at in seen:
            continue
        seen.add(at)
        name, kind, left, right, _, start, size = entries[at]
        waiting += [left, right]
        if kind == _STREAM:
            found.streams[name] = (start, size)
        elif kind == _STORAGE and depth < _DEEPEST:
            found.storages[name] = _tree(entries, at, depth + 1, seen)
    return found
