"""What is in the envelope of S/MIME (CMS, RFC 5652): the words of a signed message, or that they are encrypted. Nothing is verified.

BER as mail programs write it: lengths that are not known beforehand, texts in pieces. Bounded by the bytes there are and by depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_SEQUENCE, _OCTETS, _OBJECT, _FIRST = 0x30, 0x04, 0x06, 0xA0
_PIECES = _OCTETS | 0x20
_SIGNED = bytes.fromhex("2a864886f70d010702")
_SEALED = frozenset({bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117")})
"""Enveloped, and authenticated and enveloped."""
_DEPTH = 30
_MOST_PARTS = 50_000
"""Side by side in one; a message of 50 MB is sent in fewer pieces."""


class _Bad(Exception):
    pass


class _Part(NamedTuple):
    tag: int
    start: int
    stop: int
    next: int


def is_sealed(data: bytes) -> bool:
    """Whether only who has the key can read it."""
    try:
        return _kind(data) in _SEALED
    except (_Bad, IndexError):
        return False


def signed(data: bytes) -> bytes:
    """The message that was signed, b"" if there is none in it."""
    try:
        if _kind(data) != _SIGNED:
            return b""
        held = _only(data, _child(data, _whole(data), 1, _FIRST), _SEQUENCE)
        content = next(part for part in _parts(data, held, 0) if part.tag == _SEQUENCE)
        return _octets(data, _only(data, _child(data, content, 1, _FIRST), 0), 0)
    except (_Bad, IndexError, StopIteration):
        return b""


def _whole(data: bytes) -> _Part:
    part = _part(data, 0, len(data), 0)
    if part.tag != _SEQUENCE:
        raise _Bad
    return part


def _kind(data: bytes) -> bytes:
    named = _child(data, _whole(data), 0, _OBJECT)
    return data[named.start : named.stop]


def _child(data: bytes, part: _Part, place: int, tag: int) -> _Part:
    found = list(_parts(data, part, 0))[place]
    if found.tag != tag:
        raise _Bad
    return found


def _only(data: bytes, part: _Part, tag: int) -> _Part:
    found = next(_parts(data, part, 0))
    if tag and found.tag != tag:
        raise _Bad
    return found


def _octets(data: bytes, part: _Part, depth: int) -> bytes:
    if part.tag == _OCTETS:
        return data[part.start : part.stop]
    if part.tag != _PIECES or depth > _DEPTH:
        raise _Bad
    return b"".join(_octets(data, piece, depth + 1) for piece in _parts(data, part, depth))


def _parts(data: bytes, part: _Part, depth: int) -> Iterator[_Part]:
    at = part.start
    for _ in range(_MOST_PARTS):
        if at >= part.stop:
            return
        found = _part(data, at, part.stop, depth)
        yield found
        at = found.next
    raise _Bad


def _part(data: bytes, at: int, end: int, depth: int) -> _Part:
    """What begins there. Its end is where it says, else where the pieces in it end."""
    if depth > _DEPTH:
        raise _Bad
    tag, length = data[at], data[at + 1]
    at += 2
    if length == 0x80:
        begun = at
        for _ in range(_MOST_PARTS):
            if data[at : at + 2] == b"\0\0":
                return _Part(tag, begun, at, at + 2)
            if at >= end:
                break
            at = _part(data, at, end, depth + 1).next
        raise _Bad
    if length > 0x80:
        size = length & 0x7F
        length, at = int.from_bytes(data[at : at + size]), at + size
    if tag & 0x1F == 0x1F or at + length > end:
        raise _Bad
    return _Part(tag, at, at + length, at + length)
