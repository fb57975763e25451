"""The middle of an Outlook data file ([MS-PST] 2.3): heaps, and the properties and tables that lie in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from relationdesk.saying import say
from relationdesk.sources.mapi import Value
from relationdesk.sources.pst_pages import Damaged, Node, Pages

PROPERTIES: Final = 0xBC
TABLE: Final = 0x7C
_MOST_ROWS = 20_000
_MOST_COLUMNS = 1_000
_DEEPEST = 6
_INLINE = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}
"""Types whose value stands in place of its address, and how many bytes it has."""
_ROW_ID = 0x67F2


class Heap:
    """The blocks of a node as a heap. Raises Damaged if they are none of this kind."""

    def __init__(self, pages: Pages, node: Node, kind: int) -> None:
        self._pages, self._blocks = pages, pages.data(node.data)
        self._node = node
        self._subnodes: Mapping[int, Node] | None = None
        head = self._blocks[0] if self._blocks else b""
        if len(head) < 12 or head[2] != 0xEC or head[3] != kind:
            raise Damaged(say("A record of it cannot be read."))
        self.root = int.from_bytes(head[4:8], "little")

    def at(self, address: int) -> bytes:
        """What an address within the heap means, b"" for 0."""
        if not address:
            return b""
        number, index = address >> 16, (address >> 5) & 0x7FF
        if self._pages.block_bytes > 8_192:  # large blocks hold more pieces
            number, index = address >> 19, (address >> 5) & 0x3FFF
        if number >= len(self._blocks) or not index:
            raise Damaged(say("A record of it points to nowhere."))
        block = self._blocks[number]
        places = _short(block, 0)
        if index > _short(block, places):
            raise Damaged(say("A record of it points to nowhere."))
        start, end = _short(block, places + 4 + (index - 1) * 2), _short(block, places + 4 + index * 2)
        if not start <= end <= len(block):
            raise Damaged(say("A record of it points to nowhere."))
        return block[start:end]

    def value(self, address: int) -> list[bytes]:
        """What an address means that may lie in the heap or in a node of its own; in blocks."""
        if address & 0x1F == 0:
            return [self.at(address)]
        node = self.subnodes.get(address)
        if node is None:
            raise Damaged(say("A value of it is missing."))
        return self._pages.data(node.data)

    @property
    def subnodes(self) -> Mapping[int, Node]:
        if self._subnodes is None:
            self._subnodes = self._pages.subnodes(self._node.subnodes)
        return self._subnodes

    def records(self, address: int) -> Iterator[tuple[int, bytes]]:
        """(key, rest) of a tree within the heap, in the order of keys."""
        head = self.at(address)
        if len(head) < 8 or head[0] != 0xB5:
            raise Damaged(say("A record of it cannot be read."))
        key, rest, levels, root = head[1], head[2], head[3], int.from_bytes(head[4:8], "little")
        if not 0 < key <= 16 or levels > _DEEPEST:
            raise Damaged(say("A record of it cannot be read."))
        yield from self._records(root, key, rest, levels, [_MOST_ROWS])

    def _records(self, address: int, key: int, rest: int, levels: int, left: list[int]) -> Iterator[tuple[int, bytes]]:
        raw, size = self.at(address), key + (4 if levels else rest)
        for place in range(0, len(raw) - size + 1, size):
            left[0] -= 1
            if left[0] < 0:
                return
            found = raw[place + key : place + size]
            if levels:
                yield from self._records(int.from_bytes(found, "little"), key, rest, levels - 1, left)
            else:
                yield int.from_bytes(raw[place : place + key], "little"), found


class Stored:
    """The properties of a thing, by their ids; read when they are asked for."""

    def __init__(self, heap: Heap, entries: Mapping[int, tuple[int, int]]) -> None:
        self._heap, self._entries = heap, entries

    def get(self, id: int) -> Value | None:
        """None for what it does not have, or what cannot be read."""
        entry = self._entries.get(id)
        if entry is None:
            return None
        type_, place = entry
        if type_ in _INLINE:
            return Value(type_, place.to_bytes(4, "little")[: _INLINE[type_]])
        try:
            return Value(type_, b"".join(self._heap.value(place)))
        except Damaged:
            return None


def bag(pages: Pages, node: Node) -> Stored:
    """The properties of a node. Raises Damaged."""
    heap = Heap(pages, node, PROPERTIES)
    return Stored(heap, {key: (_short(rest, 0), int.from_bytes(rest[2:6], "little")) for key, rest in heap.records(heap.root) if len(rest) >= 6})


def rows(pages: Pages, node: Node) -> Iterator[tuple[int, Stored]]:
    """(id of the row, its cells by the ids of their properties) of a table. Raises Damaged."""
    heap = Heap(pages, node, TABLE)
    head = heap.at(heap.root)
    if len(head) < 22 or head[0] != TABLE:
        raise Damaged(say("A table of it cannot be read."))
    size, bits = _short(head, 8), _short(head, 6)
    place = int.from_bytes(head[14:18], "little")
    columns = [head[at : at + 8] for at in range(22, min(len(head) - 7, 22 + head[1] * 8), 8)][:_MOST_COLUMNS]
    if not place or not size or bits > size:
        return
    count = 0
    for block in heap.value(place):
        for at in range(0, len(block) - size + 1, size):
            count += 1
            if count > _MOST_ROWS:
                return
            row = block[at : at + size]
            cells = _Row(heap, {}, row)
            for column in columns:
                cells.add(column, row[bits:])
            own = cells.get(_ROW_ID)
            yield int.from_bytes(own.raw, "little") if own else int.from_bytes(row[:4], "little"), cells


class _Row(Stored):
    """A row of a table, whose short values stand in the row itself."""

    def __init__(self, heap: Heap, entries: dict[int, tuple[int, int]], row: bytes) -> None:
        super().__init__(heap, entries)
        self._row, self._short = row, dict[int, Value]()

    def add(self, column: bytes, filled: bytes) -> None:
        type_, id_, start, width, bit = _short(column, 0), _short(column, 2), _short(column, 4), column[6], column[7]
        if bit // 8 >= len(filled) or not filled[bit // 8] & (0x80 >> bit % 8):
            return
        raw = self._row[start : start + width]
        if type_ in _INLINE or (type_ in (0x0005, 0x0006, 0x0007, 0x0014, 0x0040) and width == 8):
            self._short[id_] = Value(type_, raw)
        elif len(raw) == 4:
            self._entries = {**self._entries, id_: (type_, int.from_bytes(raw, "little"))}

    def get(self, id: int) -> Value | None:
        return self._short.get(id) or super().get(id)


def _short(raw: bytes, place: int) -> int:
    if place + 2 > len(raw):
        raise Damaged(say("A record of it breaks off."))
    return int.from_bytes(raw[place : place + 2], "little")
