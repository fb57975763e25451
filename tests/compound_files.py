"""Single messages as Outlook saves them (.msg): a compound file ([MS-CFB]) with the properties of a thing ([MS-OXMSG])."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tests.outlook_files import Properties, Thing, names, raw_of

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


def compound(tree: Tree) -> bytes:
    """A file with these folders and files: sectors of 512 bytes, small files in pieces of 64."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _FREE, _END, 0]]
    small, small_table = bytearray(), list[int]()
    large: list[tuple[int, bytes]] = []

    def add(folder: Tree, above: int) -> None:
        before = _FREE
        for name, inside in folder.items():
            number = len(entries)
            entries.append([name, 1 if isinstance(inside, Mapping) else 2, before, _FREE, _FREE, 0, 0])
            if isinstance(inside, Mapping):
                add(inside, number)
            elif len(inside) >= 4_096:
                large.append((number, inside))
            elif inside:
                count = -(-len(inside) // 64)
                entries[number][5:] = [len(small_table), len(inside)]
                small_table.extend([*range(len(small_table) + 1, len(small_table) + count), _END])
                small.extend(inside.ljust(count * 64, b"\0"))
            before = number
        entries[above][4] = before

    add(tree, 0)
    chains: list[bytes] = []
    table: list[int] = []

    def put(data: bytes) -> int:
        count = -(-len(data) // 512)
        first = len(table)
        table.extend([*range(first + 1, first + count), _END])
        chains.append(data.ljust(count * 512, b"\0"))
        return first

    for number, data in large:
        entries[number][5:] = [put(data), len(data)]
    entries[0][5:] = [put(bytes(small)) if small else _END, len(small)]
    mini = put(b"".join(struct.pack("<I", one) for one in small_table)) if small_table else _END
    rows = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    folder = put(rows.ljust(-(-len(rows) // 512) * 512, b"\0"))
    tables = 1
    while (len(table) + tables) > tables * 128:
        tables += 1
    places = [len(table) + number for number in range(tables)]
    numbers = [*table, *[_FAT] * tables]
    numbers += [_FREE] * (tables * 128 - len(numbers))
    head = struct.pack("<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, folder, 0, 4_096, mini, 1, _END, 0)
    head += b"".join(struct.pack("<I", one) for one in [*places, *[_FREE] * (109 - tables)])
    return head + b"".join(chains) + struct.pack(f"<{len(numbers)}I", *numbers)


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16sI8s8sIQ", raw, len(raw) + 2, kind, 1, left, right, child, b"", 0, b"", b"", start, size)


def saved(thing: Thing) -> bytes:
    """A thing as a .msg."""
    sets, entries = names()
    tree: dict[str, bytes | Tree] = {"__nameid_version1.0": {"__substg1.0_00020102": sets, "__substg1.0_00030102": entries}, **_properties(thing.properties, 32)}
    for number, person in enumerate(thing.people):
        tree[f"__recip_version1.0_#{number:08X}"] = _properties(person, 8)
    for number, attached in enumerate(thing.attached):
        tree[f"__attach_version1.0_#{number:08X}"] = _properties(attached, 8)
    return compound(tree)


def _properties(values: Properties, head: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    rows = bytearray(head)
    for id_, value in values.items():
        type_, raw = raw_of(value)
        short = type_ in (0x0003, 0x000B, 0x0040)
        rows += struct.pack("<HHI8s", type_, id_, 6, raw if short else struct.pack("<II", len(raw), 0))
        if not short:
            found[f"__substg1.0_{id_:04X}{type_:04X}"] = raw
    return {**found, "__properties_version1.0": bytes(rows)}
