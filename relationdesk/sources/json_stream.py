"""Big JSON from strangers as a stream: each record in turn, in bounded memory, and up to where the file breaks off.

A first pass only counts; it is stopped by a record that is too large to be one, so that the second never builds it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import IO, Any

import ijson

MOST_PARTS = 200_000
"""Keys, values and brackets in one record; a long message with a hundred reactions has a thousand."""
MOST_BYTES = 12 * 1024 * 1024
"""Bytes without a single part: a text longer than this is none that anybody wrote."""
BROKEN = (ijson.JSONError, UnicodeError, ValueError, OverflowError, RecursionError)
_BUFFER, _LARGE, _MOST_OPEN = 4 * 1024, 64 * 1024, 500
"""Bytes at a time: the library names each part by its whole path, and thousands of open brackets have very long ones."""
_LONGEST_PREFIX = 4_000
_MARK = b"\xef\xbb\xbf"


def whole(open_stream: Callable[[], IO[bytes]], prefix: str) -> Iterator[Any]:
    """Every record at that prefix of a file, in two passes; then one None where the file breaks off before its end."""
    count, broken = 0, False
    with open_stream() as stream:
        try:
            for _, event, _ in events(stream, {prefix}, {prefix}):
                count += event == "end_map"
        except BROKEN:
            broken = True
    if count:
        with open_stream() as stream:
            yield from islice(built(stream, prefix), count)
    if broken:
        yield None


class _Stream:
    """Without a mark at its beginning; says so when it was read for long without anything coming of it."""

    def __init__(self, stream: IO[bytes], *, limit: int = 1 << 62, patience: int = 1 << 62) -> None:
        self._stream, self._limit, self._patience = stream, limit, patience
        self._start = stream.read(3)
        self._start = b"" if self._start == _MARK else self._start
        self.waited = 0

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        large = self.waited > _LARGE  # a long text: in small pieces the library would go over it again and again
        data = self._start or self._stream.read(min(_LARGE if large else _BUFFER, max(0, self._limit)))
        self._start = b""
        if len(data) > _BUFFER and data.count(b"[") + data.count(b"{") > _MOST_OPEN:
            data, self._start = data[:_BUFFER], data[_BUFFER:]
        self._limit -= len(data)
        self.waited += len(data)
        if self.waited > self._patience:
            raise ValueError("a text without an end")
        return data


def events(
    stream: IO[bytes], records: Collection[str], wanted: Collection[str], *, limit: int = 1 << 62
) -> Iterator[tuple[str, str, Any]]:
    """(prefix, event, value) as ijson gives them, of at most `limit` bytes. records: the prefixes of what will be built.
    wanted: the prefixes that are handed on, records among them.

    Raises one of BROKEN where the file breaks off, is damaged, or a record is too large.
    """
    patient = _Stream(stream, limit=limit, patience=MOST_BYTES)
    parts, inside = 0, False
    for prefix, event, value in ijson.parse(patient, use_float=True, buf_size=_BUFFER):
        patient.waited = 0
        if len(prefix) > _LONGEST_PREFIX:
            raise ValueError("nested too deeply")
        if inside:
            parts += 1
            if parts > MOST_PARTS:
                raise ValueError("a record of more parts than any has")
            inside = event != "end_map" or prefix not in records
        elif event == "start_map" and prefix in records:
            parts, inside = 0, True
        if prefix in wanted:
            yield prefix, event, value


def built(stream: IO[bytes], prefix: str) -> Iterator[Any]:
    """Every record at that prefix. Only for what `events` has gone through; take no more of them than it counted."""
    quick = _Stream(stream)
    for record in ijson.items(quick, prefix, use_float=True, buf_size=_BUFFER):
        quick.waited = 0
        yield record
