"""CAR files (v1) and the DAG-CBOR in them, as Bluesky hands out a repository: blocks one after the other, each named by its hash.

Own and small, because the libraries read a whole repository into memory. Everything is bounded: the length of a block,
how deep and how many the values in it are. A block whose hash is another one is told, not read.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from relationdesk.saying import say

MAX_BLOCK = 4_000_000
"""Bytes; a record has at most one million, a node of the tree some thousands."""
MAX_VALUES = 200_000
MAX_DEPTH = 40
_SHA256 = b"\x12\x20"
_TAG_CID = 42


class NotCar(ValueError):
    """What stands there is no CAR file, or is cut off. Says why in a few words."""


@dataclass(frozen=True, slots=True)
class Cid:
    """The name of a block: the SHA-256 of its bytes."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """digest: as its name says. sound: its bytes have that hash."""

    digest: bytes
    data: bytes
    sound: bool


def read_roots(stream: IO[bytes]) -> tuple[bytes, ...]:
    """The digests of the roots. Raises NotCar for anything that does not begin as a CAR file does."""
    length = _varint(stream)
    if not length or length > 100_000:
        raise NotCar(say("it does not begin as a CAR file does"))
    header = decode(_exactly(stream, length))
    roots = header.get("roots") if isinstance(header, dict) else None
    if not isinstance(roots, list) or header.get("version") != 1:
        raise NotCar(say("it does not begin as a CAR file does"))
    return tuple(root.digest for root in roots if isinstance(root, Cid))


def read_blocks(stream: IO[bytes]) -> Iterator[Block]:
    """The blocks after the header, in the order of the file. Raises NotCar where the file is cut off or makes no sense."""
    while (length := _varint(stream)) is not None:
        if not length:
            continue  # padding
        if length > MAX_BLOCK:
            raise NotCar(say("a record in it is longer than any can be"))
        raw = _exactly(stream, length)
        digest, start = _cid(raw, 0)
        data = raw[start:]
        yield Block(digest=digest, data=data, sound=hashlib.sha256(data).digest() == digest)


def _varint(stream: IO[bytes]) -> int | None:
    """Little-endian groups of seven bits; None at the end of the stream."""
    number = 0
    for shift in range(0, 63, 7):
        byte = stream.read(1)
        if not byte:
            if shift:
                raise NotCar(say("it ends in the middle of a record"))
            return None
        number |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return number
    raise NotCar(say("a length in it makes no sense"))


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise NotCar(say("it ends in the middle of a record"))
    return data


def _cid(raw: bytes, at: int) -> tuple[bytes, int]:
    """The digest and where the name ends. Old names are a bare hash; new ones have version, codec, kind of hash and length before it."""
    if raw[at : at + 2] == _SHA256:
        end = at + 34
    else:
        position = at
        for _ in range(2):  # version and codec, both of one byte in all that Bluesky writes, but read as the numbers they are
            while position < len(raw) and raw[position] >= 0x80:
                position += 1
            position += 1
        if raw[position : position + 2] != _SHA256:
            raise NotCar(say("a record in it is named by a kind of hash that Bluesky does not use"))
        end = position + 34
    if end > len(raw):
        raise NotCar(say("it ends in the middle of a record"))
    return raw[end - 32 : end], end


def decode(data: bytes) -> Any:
    """One DAG-CBOR value. A name of a block is a `Cid`, a byte string `bytes`. Raises NotCar for what is none."""
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise NotCar(say("a record in it is followed by something that does not belong to it"))
    return value


class _Reader:
    """Exactly what DAG-CBOR allows: no endless lengths, no tags but 42, no simple values but false, true and null."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_VALUES
        self.at = 0

    def value(self, depth: int) -> Any:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise NotCar(say("a record in it is nested too deeply or has too many parts"))
        first = self._take(1)[0]
        kind, low = first >> 5, first & 31
        if kind == 7:
            return self._simple(low)
        number = self._number(low)
        match kind:
            case 0:
                return number
            case 1:
                return -1 - number
            case 2:
                return self._take(number)
            case 3:
                return self._text(number)
            case 4:
                self._fits(number)
                return [self.value(depth + 1) for _ in range(number)]
            case 5:
                self._fits(number)
                return {self._key(): self.value(depth + 1) for _ in range(number)}
            case _:
                return self._name(number)

    def _take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self._data):
            raise NotCar(say("a record in it is cut off"))
        found, self.at = self._data[self.at : end], end
        return found

    def _number(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise NotCar(say("a record in it is written in a way that Bluesky does not use"))
        return int.from_bytes(self._take(1 << (low - 24)), "big")

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode()
        except UnicodeDecodeError as e:
            raise NotCar(say("a text in it is no text")) from e

    def _key(self) -> str:
        first = self._take(1)[0]
        if first >> 5 != 3:
            raise NotCar(say("a record in it is written in a way that Bluesky does not use"))
        return self._text(self._number(first & 31))

    def _fits(self, count: int) -> None:
        if count > len(self._data) - self.at or count > self._left:
            raise NotCar(say("a record in it is cut off"))

    def _name(self, tag: int) -> Cid:
        first = self._take(1)[0]
        inner = self._take(self._number(first & 31)) if first >> 5 == 2 and tag == _TAG_CID else b""
        if inner[:1] != b"\0":
            raise NotCar(say("a record in it is written in a way that Bluesky does not use"))
        digest, end = _cid(inner, 1)
        if end != len(inner):
            raise NotCar(say("a name in it makes no sense"))
        return Cid(digest)

    def _simple(self, low: int) -> Any:
        if low == 27:
            return struct.unpack(">d", self._take(8))[0]
        if low not in (20, 21, 22):
            raise NotCar(say("a record in it is written in a way that Bluesky does not use"))
        return {20: False, 21: True, 22: None}[low]
