"""Small data files and messages as Outlook writes them ([MS-PST], [MS-OXMSG]), for tests: every build, coding and kind of property.

What is written here was compared once with what another reader (libpff) makes of it.
"""

from __future__ import annotations

import struct
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.sources.mapi import ADDRESSES, APPOINTMENTS, MEETINGS
from relationdesk.sources.pst_pages import _FORTH, cyclic

Properties = dict[int, object]
NAMED = {
    (APPOINTMENTS, 0x820D): 0x8000, (APPOINTMENTS, 0x820E): 0x8001, (APPOINTMENTS, 0x8215): 0x8002, (APPOINTMENTS, 0x8208): 0x8003,
    (APPOINTMENTS, 0x8216): 0x8004, (APPOINTMENTS, 0x825E): 0x8005, (APPOINTMENTS, 0x8217): 0x8006, (MEETINGS, 0x23): 0x8007,
    (ADDRESSES, 0x8083): 0x8008, (ADDRESSES, 0x802B): 0x8009, (ADDRESSES, 0x80DE): 0x800A,
}  # fmt: skip
"""(set, number) → id in the files that are written here."""
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(kw_only=True)
class Thing:
    """One thing in a folder. people: of its table of recipients. attached: properties of each attachment."""

    properties: Properties
    people: Sequence[Properties] = ()
    attached: Sequence[Properties] = ()


@dataclass(kw_only=True)
class Folder:
    name: str
    things: Sequence[Thing] = ()
    folders: Sequence[Folder] = ()
    deleted: bool = False
    sent: bool = False


def raw_of(value: object) -> tuple[int, bytes]:
    """(type, bytes) of a value: bool, int, datetime, bytes, str; a tuple (str,) is a text in the old code page."""
    match value:
        case bool():
            return 0x000B, bytes((value,))
        case int():
            return 0x0003, struct.pack("<i", value)
        case datetime():
            return 0x0040, struct.pack("<Q", int((value - _EPOCH).total_seconds()) * 10_000_000)
        case bytes():
            return 0x0102, value
        case (str(text), str(page)):
            return 0x001E, text.encode(page)
        case str():
            return 0x001F, value.encode("utf-16-le")
    raise TypeError(value)


def names() -> tuple[bytes, bytes]:
    """The streams that say what the numbers of named properties mean: sets, and an entry for each."""
    sets = list(dict.fromkeys(group for group, _ in NAMED))
    entries = [struct.pack("<IHH", number, (sets.index(group) + 3) << 1, id_ - 0x8000) for (group, number), id_ in NAMED.items()]
    return b"".join(uuid.UUID(one).bytes_le for one in sets), b"".join(entries)


# Data files


@dataclass
class _Heap:
    kind: int
    pieces: list[bytes] = field(default_factory=list)

    def add(self, piece: bytes) -> int:
        self.pieces.append(piece)
        return len(self.pieces) << 5

    def block(self, root: int) -> bytes:
        body = bytearray(12)
        places = []
        for piece in self.pieces:
            places.append(len(body))
            body += piece
        places.append(len(body))
        body += b"\0" * (len(body) % 2)
        table = struct.pack("<HH", len(self.pieces), 0) + b"".join(struct.pack("<H", one) for one in places)
        struct.pack_into("<HBBII", body, 0, len(body), 0xEC, self.kind, root, 0)
        return bytes(body) + table


class DataFile:
    """build: "ansi", "unicode" or "large" (an OST). coding: 0 to 2."""

    def __init__(self, build: str = "unicode", coding: int = 1) -> None:
        self.build, self.coding = build, coding
        self.word = "I" if build == "ansi" else "Q"
        self.blocks: list[tuple[int, int, int, int]] = []  # id, offset, bytes stored, bytes unpacked
        self.nodes: list[tuple[int, int, int, int]] = []  # id, data, subnodes, parent
        self.out = bytearray(0x4600 if build != "large" else 0x6000)
        self.next_block, self.next_node, self.next_sub = 4, 0x10_000, 0x8_000

    def full(self) -> int:
        return {"ansi": 8_180, "unicode": 8_176, "large": 65_512}[self.build]

    def block(self, data: bytes, *, internal: bool = False) -> int:
        id_ = self.next_block | 2 * internal
        self.next_block += 4
        coded = data
        if not internal and self.coding:
            coded = data.translate(_FORTH) if self.coding == 1 else cyclic(data, id_ & 0xFFFFFFFF)
        stored = min(zlib.compress(coded), coded, key=len) if self.build == "large" else coded
        self.out += b"\0" * (-len(self.out) % 64)
        offset = len(self.out)
        trailer = {"ansi": 12, "unicode": 16, "large": 24}[self.build]
        room = -(-(len(stored) + trailer) // (512 if self.build == "large" else 64)) * (512 if self.build == "large" else 64)
        sign = (offset ^ id_) & 0xFFFFFFFF
        sign = (sign >> 16) ^ (sign & 0xFFFF)
        end = {
            "ansi": struct.pack("<HHII", len(stored), sign, id_ & 0xFFFFFFFF, 0), "unicode": struct.pack("<HHIQ", len(stored), sign, 0, id_),
            "large": struct.pack("<HHIQHHI", len(stored), sign, 0, id_, 0, len(coded), 0),
        }[self.build]  # fmt: skip
        self.out += stored + b"\0" * (room - len(stored) - trailer) + end
        self.blocks.append((id_, offset, len(stored), len(coded)))
        return id_

    def data(self, raw: bytes) -> int:
        """A value of any length: one block, or several under a list of them."""
        if len(raw) <= self.full():
            return self.block(raw)
        ids = [self.block(raw[at : at + self.full()]) for at in range(0, len(raw), self.full())]
        return self.block(struct.pack("<BBHI", 1, 1, len(ids), len(raw)) + b"".join(struct.pack(f"<{self.word}", one) for one in ids), internal=True)

    def subnodes(self, found: dict[int, tuple[int, int]]) -> int:
        if not found:
            return 0
        head = struct.pack("<BBH", 2, 0, len(found)) + (b"" if self.build == "ansi" else b"\0" * 4)
        rows = (struct.pack(f"<3{self.word}", own, data, sub) for own, (data, sub) in sorted(found.items()))
        return self.block(head + b"".join(rows), internal=True)

    def properties(self, values: Properties) -> tuple[int, dict[int, tuple[int, int]]]:
        """(data, subnodes) of a node with these properties."""
        heap, subs = _Heap(0xBC), dict[int, tuple[int, int]]()
        rows = bytearray()
        tree = heap.add(b"\0" * 8)
        for id_, value in sorted(values.items()):
            type_, raw = raw_of(value)
            rows += struct.pack("<HHI", id_, type_, self._place(type_, raw, heap, subs))
        at = heap.add(bytes(rows))
        heap.pieces[0] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, at)
        return self.block(heap.block(tree)), subs

    def _place(self, type_: int, raw: bytes, heap: _Heap, subs: dict[int, tuple[int, int]]) -> int:
        if type_ in (0x0003, 0x000B):
            return int.from_bytes(raw, "little")
        if len(raw) <= 1_000:
            return heap.add(raw) if raw else 0
        self.next_sub += 32
        subs[self.next_sub | 0x1F] = (self.data(raw), 0)
        return self.next_sub | 0x1F

    def table(self, rows: Sequence[tuple[int, Properties]]) -> int:
        """The data of a table with these rows, each with the id of what it stands for."""
        heap = _Heap(0x7C)
        kinds = {0x67F2: 0x0003, 0x67F3: 0x0003, **{id_: raw_of(value)[0] for _, row in rows for id_, value in row.items()}}
        columns, wide = sorted(kinds), 4 * len(kinds)
        size = wide + -(-len(columns) // 8)
        order = [0x67F2, 0x67F3, *(one for one in columns if one not in (0x67F2, 0x67F3))]
        described = b"".join(struct.pack("<HHHBB", kinds[one], one, order.index(one) * 4, 4, order.index(one)) for one in columns)
        root = heap.add(b"\0" * (22 + len(described)))
        index = heap.add(b"\0" * 8)
        matrix, numbers = bytearray(), bytearray()
        for number, (id_, row) in enumerate(rows):
            cells, bits = bytearray(wide), bytearray(size - wide)
            for one, value in {0x67F2: id_, 0x67F3: 1, **row}.items():
                type_, raw = raw_of(value)
                place = int.from_bytes(raw, "little") if type_ in (0x0003, 0x000B) else heap.add(raw) if raw else 0
                struct.pack_into("<I", cells, order.index(one) * 4, place & 0xFFFFFFFF)
                bits[order.index(one) // 8] |= 0x80 >> order.index(one) % 8
            matrix += cells + bits
            numbers += struct.pack("<IH" if self.build == "ansi" else "<II", id_, number)
        heap.pieces[1] = struct.pack("<BBBBI", 0xB5, 4, 2 if self.build == "ansi" else 4, 0, heap.add(bytes(numbers)) if rows else 0)
        head = struct.pack("<BBHHHHIII", 0x7C, len(columns), wide, wide, wide, size, index, heap.add(bytes(matrix)) if rows else 0, 0)
        heap.pieces[0] = head + described
        return self.block(heap.block(root))

    def node(self, id_: int, values: Properties, parent: int = 0, more: dict[int, tuple[int, int]] | None = None) -> int:
        data, subs = self.properties(values)
        self.nodes.append((id_, data, self.subnodes({**subs, **(more or {})}), parent))
        return id_

    def thing(self, one: Thing, parent: int) -> None:
        more: dict[int, tuple[int, int]] = {}
        if one.people:
            more[0x0692] = (self.table([(number + 1, person) for number, person in enumerate(one.people)]), 0)
        rows = []
        for values in one.attached:
            self.next_sub += 32
            data, subs = self.properties(values)
            more[self.next_sub | 5] = (data, self.subnodes(subs))
            rows.append((self.next_sub | 5, {0x3704: str(values.get(0x3704, ""))}))
        if rows:
            more[0x0671] = (self.table(rows), 0)
        self.next_node += 32
        self.node(self.next_node | 4, one.properties, parent, more)

    def folder(self, one: Folder, parent: int, special: dict[int, int]) -> int:
        self.next_node += 32
        id_ = self.node(self.next_node | 2, {0x3001: one.name, 0x3602: len(one.things), 0x360A: bool(one.folders)}, parent)
        special |= {0x35E3: id_} if one.deleted else {}
        special |= {0x35E4: id_} if one.sent else {}
        for thing in one.things:
            self.thing(thing, id_)
        inside = [(self.folder(below, id_, special), below) for below in one.folders]
        self._tables(id_, inside, [])
        return id_

    def _tables(self, id_: int, folders: Sequence[tuple[int, Folder]], things: Sequence[int]) -> None:
        """What other readers look for: the lists of a folder's folders and things. Ours goes by the nodes."""
        listed = [(below, {0x3001: folder.name}) for below, folder in folders]
        here = [(node, {0x001A: "IPM.Note"}) for node, _, _, parent in self.nodes if parent == id_ and node & 0x1F == 4][:60]
        for kind, rows in ((0x0D, listed), (0x0E, here), (0x0F, [])):
            self.nodes.append((id_ & ~0x1F | kind, self.table(rows), 0, 0))

    def save(self, path: Path, *folders: Folder) -> Path:
        special: dict[int, int] = {}
        root = self.node(0x122, {0x3001: "", 0x360A: True}, 0x122)
        self.next_node += 32
        top = self.node(self.next_node | 2, {0x3001: "Top of Personal Folders", 0x360A: True}, root)
        self._tables(top, [(self.folder(one, top, special), one) for one in folders], [])
        self._tables(root, [(top, Folder(name="Top of Personal Folders"))], [])
        entry = {one: b"\0" * 4 + b"\1" * 16 + struct.pack("<I", id_) for one, id_ in (special | {0x35E0: top}).items()}
        self.node(0x21, {0x3001: "Personal Folders", 0x0FF9: b"\1" * 16, **entry})
        sets, entries = names()
        self.node(0x61, {0x0001: 251, 0x0002: sets, 0x0003: entries, 0x0004: b""})
        path.write_bytes(self._whole())
        return path

    def _whole(self) -> bytes:
        nodes = self._tree(
            [(id_, struct.pack(f"<3{self.word}I", id_, data, sub, parent) + b"\0" * (4 if self.word == "Q" else 0)) for id_, data, sub, parent in sorted(self.nodes)], 0x81,
        )  # fmt: skip
        if self.build == "large":
            rows = [(id_, struct.pack("<QQHHHH", id_, offset, stored, unpacked, 2, 0)) for id_, offset, stored, unpacked in sorted(self.blocks)]
        else:
            rows = [(id_, struct.pack(f"<2{self.word}HH", id_, offset, stored, 2) + b"\0" * (4 if self.word == "Q" else 0)) for id_, offset, stored, _ in sorted(self.blocks)]
        blocks = self._tree(rows, 0x80)
        self._head(nodes, blocks)
        return bytes(self.out)

    def _tree(self, rows: list[tuple[int, bytes]], kind: int, level: int = 0) -> tuple[int, int]:
        """(id, offset) of the top page."""
        size = len(rows[0][1])
        per = {"ansi": 496, "unicode": 488, "large": 4_056}[self.build] // size
        pages = []
        for at in range(0, len(rows), per):
            pages.append((rows[at][0], self._page(rows[at : at + per], kind, level, size)))
        if len(pages) == 1:
            return pages[0][1]
        return self._tree([(key, struct.pack(f"<3{self.word}", key, *page)) for key, page in pages], kind, level + 1)

    def _page(self, rows: list[tuple[int, bytes]], kind: int, level: int, size: int) -> tuple[int, int]:
        self.out += b"\0" * (-len(self.out) % (4_096 if self.build == "large" else 512))
        offset, id_ = len(self.out), self.next_block
        self.next_block += 4
        sign = (offset ^ id_) & 0xFFFFFFFF
        sign = (sign >> 16) ^ (sign & 0xFFFF)
        body = b"".join(row for _, row in rows)
        if self.build == "large":
            counts = struct.pack("<HHBB", len(rows), 4_056 // size, size, level)
            self.out += body.ljust(4_056, b"\0") + counts + b"\0" * 10 + struct.pack("<BBHIQQ", kind, kind, sign, 0, id_, 0)
        elif self.build == "ansi":
            self.out += body.ljust(496, b"\0") + bytes((len(rows), 496 // size, size, level)) + struct.pack("<BBHII", kind, kind, sign, id_, 0)
        else:
            self.out += body.ljust(488, b"\0") + bytes((len(rows), 488 // size, size, level)) + b"\0" * 4 + struct.pack("<BBHIQ", kind, kind, sign, 0, id_)
        return id_, offset

    def _head(self, nodes: tuple[int, int], blocks: tuple[int, int]) -> None:
        version = {"ansi": 14, "unicode": 23, "large": 36}[self.build]
        struct.pack_into("<4sI2sHHBB", self.out, 0, b"!BDN", 0, b"SM", version, 19, 1, 1)
        if self.build == "ansi":
            struct.pack_into("<I", self.out, 168, len(self.out))
            struct.pack_into("<4I", self.out, 184, *nodes, *blocks)
            self.out[460:462] = bytes((0x80, self.coding))
        else:
            struct.pack_into("<Q", self.out, 184, len(self.out))
            struct.pack_into("<4Q", self.out, 216, *nodes, *blocks)
            self.out[512:514] = bytes((0x80, self.coding))
        struct.pack_into("<I", self.out, 4, zlib.crc32(bytes(self.out[8:479]), 0xFFFFFFFF) ^ 0xFFFFFFFF)
        if self.build != "ansi":
            struct.pack_into("<I", self.out, 524, zlib.crc32(bytes(self.out[8:524]), 0xFFFFFFFF) ^ 0xFFFFFFFF)
