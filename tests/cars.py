"""Makes CAR files as Bluesky does, for tests: records in, a repository out. Small and strict; nothing of ours is used for it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from typing import Any

DID = "did:plc:samcarterexample22222222"
TIDS = "234567abcdefghijklmnopqrstuvwxyz"


class Link:
    """The name of a block."""

    def __init__(self, digest: bytes) -> None:
        self.digest = digest


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes((kind << 5 | number,))
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes((kind << 5 | low,)) + number.to_bytes(size, "big")
    raise OverflowError


def cbor(value: Any) -> bytes:
    match value:
        case Link():
            return b"\xd8\x2a" + cbor(b"\0" + cid(value.digest))
        case None | bool():
            return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list() | tuple():
            return _head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            keys = sorted(value, key=lambda name: (len(name), name))
            return _head(5, len(value)) + b"".join(cbor(name) + cbor(value[name]) for name in keys)
    raise TypeError(value)


def cid(digest: bytes) -> bytes:
    return b"\x01\x71\x12\x20" + digest


def varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out, number = out + bytes((number & 0x7F | 0x80,)), number >> 7
    return out + bytes((number,))


def block(data: bytes, digest: bytes | None = None) -> bytes:
    body = cid(digest or hashlib.sha256(data).digest()) + data
    return varint(len(body)) + body


def link(data: bytes) -> Link:
    return Link(hashlib.sha256(data).digest())


def car(root: Link, *blocks: bytes) -> bytes:
    header = cbor({"roots": [root], "version": 1})
    return varint(len(header)) + header + b"".join(blocks)


def repository(records: Mapping[str, Mapping[str, Any]], *, did: str = DID, left_out: frozenset[str] = frozenset(), per_node: int = 3) -> bytes:
    """A repository of records by path ("collection/rkey"): commit, nodes of the tree of a few entries each, then the records.
    left_out: records that the tree names and the file does not hold."""
    data = {path: cbor(dict(record)) for path, record in records.items()}
    paths = sorted(data)
    nodes: list[bytes] = []
    child: Link | None = None
    for start in range(0, len(paths), per_node):
        before, entries = b"", []
        for path in paths[start : start + per_node]:
            name = path.encode()
            same = next((n for n, (a, b) in enumerate(zip(before, name, strict=False)) if a != b), min(len(before), len(name)))
            entries.append({"p": same, "k": name[same:], "v": link(data[path]), "t": None})
            before = name
        nodes.append(cbor({"l": child, "e": entries}))
        child = link(nodes[-1])
    commit = cbor({"did": did, "version": 3, "data": child, "rev": "3lhhvfa2dve2d", "prev": None, "sig": b"\1" * 64})
    kept = dict.fromkeys(data[path] for path in paths if path not in left_out)
    return car(link(commit), block(commit), *map(block, nodes), *map(block, kept))


def tid(microseconds: int, clock: int = 0) -> str:
    number = microseconds << 10 | clock
    return "".join(TIDS[number >> (5 * place) & 31] for place in range(12, -1, -1))
