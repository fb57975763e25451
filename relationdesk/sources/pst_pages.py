"""The lower half of an Outlook data file (PST, OST; [MS-PST] 2.2): its two trees, and the blocks that they find.

Three builds: ANSI (Outlook to 2002), Unicode, and Unicode in large pages with packed blocks (OST since 2013). Nothing is trusted:
every offset, count and depth is bounded, and whatever does not hold raises `Damaged`, which costs its reader one record.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Final, NamedTuple

from relationdesk.saying import say

MAGIC: Final = b"!BDN"
MOST_BYTES = 64 * 1024 * 1024
"""Of one value; the text of a mail is far shorter, and what is attached is never read."""
_MOST_SUBNODES = 20_000
_DEEPEST = 8
_LONGEST_TREE = 50_000_000
_PAGES_KEPT = 4_096
_NOT_CODED, _PERMUTED, _CYCLIC = 0, 1, 2

_BACK = bytes.fromhex(
    "47f1b4e60b6a7248854e9eebe2f89453e0bba002e85a09abdbe3bac67cc310dd39059630f53760828cc9134a6b1df3fb8f2697ca911701c4322d6e3195ffd923"
    "d1005e79dc443b1a28c5615720903d83b943be67d2464276c06d5b7eb20f16293ca903540dda5ddff6b7c762cd8d06d3695c86d614f7a56675acb1e94521700c"
    "879f74a4224c6fbf1f56aa2eb3783350b0a392bccf191ca763cb1e4d3e4b1b9b4fe7f0eead3ab55904ea40552551e57a893868527bfc27aed7bdfa07f4cc8e5f"
    "ef359c842b15d5773449b6120a7f7188fd9d18417d93d8582ccefe24afdeb836c8a180a69998a82f0e816573e4c2a28ad4e111d0088b2af2ed9a643fc16cf9ec"
)
_FORTH = bytes(_BACK.index(value) for value in range(256))
_MIDDLE = bytes.fromhex(
    "14530f56b3c87a9ceb65481716159f02cc547c83000d0c0ba262a876dbd9edc7c5a4dcac8574d6d0a79bae9a967166c36399b8dd73928e847da55ed15d93b157"
    "5150808952944f4e0a6bbc8d7f6e47464140440111cb033ff7f4e1a98f3c3af9fbf0193082092ec99da08649ee6f4d6dc42d813425871b88aafc06a11238fd4c"
    "4272641337246a757743ffe6b44b365ce4d8353d45b92cecb7312b290768a30e697b189e2139be281a5b78f523ca2ab0af3efe048ce7e5983295d3f64ae8a6ea"
    "e9f3d52f7020f21f0567ad5510cecde3273bdabad7c226d4911dd21c2233f8faf15aefcf90b68bb5bdc0bf08971e6ce261e0c6c159abbb58de5fdf60797eb28a"
)
"""The tables of [MS-PST] 5.1 and 5.2. This is no secret: it keeps words from being found by looking at the file."""


class Damaged(ValueError):
    """What the file says of itself does not hold; a sentence."""


class Node(NamedTuple):
    """id: what kind of thing it is in its lowest five bits. parent: the folder it lies in, 0 for none."""

    id: int
    data: int
    subnodes: int
    parent: int

    @property
    def kind(self) -> int:
        return self.id & 0x1F


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """Sizes and places that differ between the builds. trailer: bytes after the entries of a page, with their counts first."""

    width: int  # bytes of an id or an offset
    page: int
    counts: int  # where the counts of a page's entries stand
    wide_counts: bool = False
    roots: tuple[int, int] = (224, 240)  # where the offsets of the trees of nodes and blocks stand
    coding: int = 513


_ANSI = _Build(width=4, page=512, counts=496, roots=(188, 196), coding=461)
_UNICODE = _Build(width=8, page=512, counts=488)
_LARGE = _Build(width=8, page=4_096, counts=4_056, wide_counts=True)


class _Page(NamedTuple):
    level: int
    keys: tuple[int, ...]
    entries: tuple[bytes, ...]


class Pages:
    """An open data file. stream: seekable; it stays the caller's. Raises Damaged if it is none."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._size = stream, stream.seek(0, 2)
        head = self._read(0, 564)
        version = int.from_bytes(head[10:12], "little")
        if head[:4] != MAGIC or version < 14:
            raise Damaged(say("It is no data file of Outlook."))
        self.build = _ANSI if version in (14, 15) else _LARGE if version >= 36 else _UNICODE
        self._nodes, self._blocks = (self._word(head, place) for place in self.build.roots)
        self._coding = head[self.build.coding]
        if self._coding not in (_NOT_CODED, _PERMUTED, _CYCLIC):
            raise Damaged(say("It is protected by Windows, and only Outlook can open it."))
        self._page = lru_cache(maxsize=_PAGES_KEPT)(self._load)

    @property
    def block_bytes(self) -> int:
        """How much a full block of data holds: rows of tables never lie across two."""
        return 65_512 if self.build is _LARGE else 8_180 if self.build is _ANSI else 8_176

    def nodes(self) -> Iterator[Node]:
        """Every node in the order of ids. A page that cannot be read costs what hangs on it, and then Damaged is raised at the end."""
        whole = True
        waiting = [(self._nodes, 0)]
        seen = 0
        while waiting:
            offset, depth = waiting.pop()
            seen += 1
            try:
                if depth > _DEEPEST or seen > _LONGEST_TREE:
                    raise Damaged(say("Its tree has no end."))
                page = self._page(offset)
            except Damaged:
                whole = False
                continue
            if page.level:
                waiting += [(self._word(entry, self.build.width * 2), depth + 1) for entry in reversed(page.entries)]
                continue
            for entry in page.entries:
                width = self.build.width
                yield Node(
                    int.from_bytes(entry[:4], "little"), self._word(entry, width), self._word(entry, width * 2),
                    int.from_bytes(entry[width * 3 : width * 3 + 4], "little"),
                )  # fmt: skip
        if not whole:
            raise Damaged(say("A part of it cannot be read any more."))

    def node(self, id: int) -> Node:
        """One node. Raises Damaged if it is not there."""
        entry = self._find(self._nodes, id)
        width = self.build.width
        if entry is None or int.from_bytes(entry[:4], "little") != id:
            raise Damaged(say("A part of it is missing."))
        return Node(id, self._word(entry, width), self._word(entry, width * 2), int.from_bytes(entry[width * 3 : width * 3 + 4], "little"))

    def data(self, id: int) -> list[bytes]:
        """The blocks of a value, in order; [] for none. Raises Damaged, also for what is larger than any that is read here."""
        found: list[bytes] = []
        self._collect(id, found, [MOST_BYTES], 0)
        return found

    def _collect(self, id: int, found: list[bytes], left: list[int], depth: int) -> None:
        if not id:
            return
        raw = self._block(id)
        if not id & 2:
            left[0] -= len(raw)
            if left[0] < 0:
                raise Damaged(say("A value is larger than any that is read."))
            found.append(raw)
            return
        if len(raw) < 8 or raw[0] != 1 or depth > 2:
            raise Damaged(say("A list of blocks cannot be read."))
        if int.from_bytes(raw[4:8], "little") > MOST_BYTES:
            raise Damaged(say("A value is larger than any that is read."))
        for place in range(int.from_bytes(raw[2:4], "little")):
            self._collect(self._word(raw, 8 + place * self.build.width), found, left, depth + 1)

    def subnodes(self, id: int) -> dict[int, Node]:
        """What hangs on a node, by its own ids; {} for nothing."""
        found: dict[int, Node] = {}
        if id:
            self._sub(id, found, 0)
        return found

    def _sub(self, id: int, found: dict[int, Node], depth: int) -> None:
        raw, width = self._block(id), self.build.width
        if len(raw) < 4 or raw[0] != 2 or depth > 2:
            raise Damaged(say("A list of parts cannot be read."))
        start = 4 if self.build is _ANSI else 8
        size = width * (2 if raw[1] else 3)
        for place in range(start, start + int.from_bytes(raw[2:4], "little") * size, size):
            if len(found) >= _MOST_SUBNODES:
                return
            if raw[1]:
                self._sub(self._word(raw, place + width), found, depth + 1)
            else:
                own = self._word(raw, place) & 0xFFFFFFFF
                found[own] = Node(own, self._word(raw, place + width), self._word(raw, place + width * 2), 0)

    def _block(self, id: int) -> bytes:
        entry = self._find(self._blocks, id | 1)
        width = self.build.width
        if entry is None or self._word(entry, 0) & ~1 != id & ~1:
            raise Damaged(say("A block of it is missing."))
        offset, size = self._word(entry, width), int.from_bytes(entry[width * 2 : width * 2 + 2], "little")
        raw = self._read(offset, size)
        if self.build is _LARGE:
            raw = _unpacked(raw, int.from_bytes(entry[width * 2 + 2 : width * 2 + 4], "little"))
        return raw if id & 2 else self._decoded(raw, id)

    def _decoded(self, raw: bytes, id: int) -> bytes:
        if self._coding == _PERMUTED:
            return raw.translate(_BACK)
        return cyclic(raw, id & 0xFFFFFFFF) if self._coding == _CYCLIC else raw

    def _find(self, root: int, key: int) -> bytes | None:
        """The entry of a leaf whose key is the largest that is not beyond this one."""
        offset = root
        for _ in range(_DEEPEST):
            page = self._page(offset)
            place = bisect_right(page.keys, key) - 1
            if place < 0:
                return None
            if not page.level:
                return page.entries[place]
            offset = self._word(page.entries[place], self.build.width * 2)
        raise Damaged(say("Its tree has no end."))

    def _load(self, offset: int) -> _Page:
        build = self.build
        raw = self._read(offset, build.page)
        if build.wide_counts:
            count, size, level = int.from_bytes(raw[build.counts : build.counts + 2], "little"), raw[build.counts + 4], raw[build.counts + 5]
        else:
            count, _, size, level = raw[build.counts : build.counts + 4]
        least = build.width * 2 + 4 if not level else build.width * 3
        if size < least or count * size > build.counts or level > _DEEPEST:
            raise Damaged(say("A page of it cannot be read."))
        entries = tuple(raw[at : at + size].ljust(build.width * 4, b"\0") for at in range(0, count * size, size))
        return _Page(level, tuple(self._word(entry, 0) for entry in entries), entries)

    def _word(self, raw: bytes, place: int) -> int:
        width = self.build.width
        if place + width > len(raw):
            raise Damaged(say("A part of it breaks off."))
        return int.from_bytes(raw[place : place + width], "little")

    def _read(self, offset: int, size: int) -> bytes:
        if offset + size > self._size:
            raise Damaged(say("The file breaks off."))
        self._stream.seek(offset)
        return self._stream.read(size)


def _unpacked(raw: bytes, size: int) -> bytes:
    if size in (0, len(raw)):
        return raw
    try:
        found = zlib.decompressobj().decompress(raw, size)
    except zlib.error as e:
        raise Damaged(say("A block of it cannot be unpacked.")) from e
    if len(found) != size:
        raise Damaged(say("A block of it cannot be unpacked."))
    return found


def cyclic(raw: bytes, key: int) -> bytes:
    """The stronger of the two codings, there and back; [MS-PST] 5.2."""
    turn = (key ^ (key >> 16)) & 0xFFFF
    out = bytearray(len(raw))
    for place, value in enumerate(raw):
        low, high = turn & 0xFF, turn >> 8
        value = _MIDDLE[(_FORTH[(value + low) & 0xFF] + high) & 0xFF]
        out[place] = (_BACK[(value - high) & 0xFF] - low) & 0xFF
        turn = (turn + 1) & 0xFFFF
    return bytes(out)
