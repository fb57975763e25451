"""Foreign CSV tables, read as streams: encodings, delimiters, preambles, two ways to write a quote, broken rows.

Nothing here knows a place. A caller that wants its columns found under other spellings passes its own `key`.
Columns are found by name, never by position; a broken row is a Rejected with its line number and costs one row.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from relationdesk.model import Rejected
from relationdesk.saying import say

MAX_RECORD = 16 * 1024 * 1024
"""Characters of one record. A longer one is a quote that was never closed; csv's own limit of 131,072 cuts letters."""

csv.field_size_limit(MAX_RECORD * 4)

HEAD_BYTES = 256 * 1024
HEAD_LINES = 60
DELIMITERS = (",", ";", "\t")
_CHUNK = 1024 * 1024
_COMPARE_BYTES = 64 * 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ESCAPED_QUOTE = re.compile(rb"\\\x00?\"")

Opener = Callable[[], BinaryIO]


def plain_column(cell: str) -> str:
    """A header cell for comparing: no BOM, quotes or outer blanks, lower case."""
    return cell.strip("\ufeff \t\"'\u00a0\n").casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How one table is written. skip: physical lines before the header. escape: "\\\\" where quotes are escaped so.
    spaced: a blank stands behind every delimiter, before a quote as well."""

    encoding: str
    delimiter: str
    skip: int
    header: tuple[str, ...]  # as written
    columns: tuple[str, ...]  # through the key function, same order and length
    escape: str | None = None
    spaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record. `line` is where it begins, the first line of the file being 1."""

    line: int
    values: tuple[str, ...]  # in the order of Shape.header, same length
    index: dict[str, int]  # shared by all rows of the table; of two equal columns the first counts

    def __getitem__(self, column: str) -> str:
        """The trimmed cell, "" if the table has no such column."""
        place = self.index.get(column)
        return "" if place is None else self.values[place].strip()

    def first(self, *columns: str) -> str:
        """The first of these cells that is not empty, else ""."""
        return next((value for column in columns if (value := self[column])), "")


def peek(
    head: bytes, *, needs: Iterable[frozenset[str]] = (), key: Callable[[str], str] = plain_column
) -> Shape | None:
    """The shape as far as the beginning of a file tells it; None if no line has all columns of one set in `needs`.

    Without `needs` the first line that is not empty is the header, if it has two cells at least.
    """
    encoding = _encoding_of(head) or _utf8_or_ansi([head])
    text = head.decode(encoding, "ignore").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    wanted = tuple(needs)
    for skip, line in enumerate(text.split("\n")[:HEAD_LINES]):
        if not line.strip():
            continue
        candidates = sorted(((len(cells), mark, cells) for mark in DELIMITERS if (cells := _cells(line, mark))), reverse=True)
        for width, mark, cells in candidates:
            columns = tuple(key(cell) for cell in cells)
            if any(need <= set(columns) for need in wanted) or (not wanted and width > 1):
                return Shape(encoding=encoding, delimiter=mark, skip=skip, header=cells, columns=columns)
        if not wanted:
            return None
    return None


def examine(
    opener: Opener,
    *,
    needs: Iterable[frozenset[str]] = (),
    key: Callable[[str], str] = plain_column,
    dates: frozenset[str] = frozenset(),
) -> Shape | None:
    """The full shape: reads the file once for its encoding, and twice more only if it holds a backslash and a quote.

    dates: columns that begin with a digit wherever they are filled; they tell the right way to read quotes.
    Raises what the opener's streams raise.
    """
    with opener() as stream:
        head = _read(stream, HEAD_BYTES)
    shape = peek(head, needs=needs, key=key)
    if shape is None:
        return None
    encoding = _encoding_of(head)
    with opener() as stream:
        chunks = iter(lambda: stream.read(_CHUNK), b"")
        watch = _Watch(chunks)
        encoding = encoding or _utf8_or_ansi(watch)
        deque(watch, maxlen=0)
    plain = _with(shape, encoding, None)
    if not watch.escaped_quotes:
        return plain
    escaped = _with(shape, encoding, "\\")
    return escaped if _penalty(opener, escaped, dates) < _penalty(opener, plain, dates) else plain


def rows(stream: BinaryIO, shape: Shape, name: str, *, short_ok: bool = False) -> Iterator[Row | Rejected]:
    """Every record after the header, streaming; empty ones are left out.

    A record of the wrong width is Rejected (short_ok fills a short one with empty cells); surplus empty cells are
    cut. Where a quote was never closed, reading goes on at the next line that is a whole record.
    """
    feed = _Feed(io.TextIOWrapper(stream, encoding=shape.encoding, errors="replace", newline=None))
    deque(itertools.islice(feed, shape.skip + 1), maxlen=0)
    width = len(shape.columns)
    index = {column: place for place, column in reversed(list(enumerate(shape.columns)))}
    reader = _reader(feed, shape)

    def is_whole(text: str) -> bool:
        return len(_cells(text, shape.delimiter, shape.escape, shape.spaced)) == width

    while True:
        line = feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong):
            yield Rejected(where=f"{name} line {line}", reason=say("This row never ends or is too long, and was left out."))
            feed.resume(is_whole)
            reader = _reader(feed, shape)
            continue
        if feed.ran_out and (first := feed.resume(is_whole)):
            # The quote that opens in this record is never closed: only what stands in its own line is sure to be its.
            reader = _reader(feed, shape)
            yield Rejected(where=f"{name} line {line}", reason=say("A quotation mark opens in this row and is never closed. Only its own line counts; reading went on with the next whole row."))
            cells = list(_cells(first, shape.delimiter, shape.escape, shape.spaced))
            if len(cells) != width:
                continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if len(cells) < width and short_ok:
            cells += [""] * (width - len(cells))
        if len(cells) == width:
            yield Row(line=line, values=tuple(cells), index=index)
            continue
        yield Rejected(where=f"{name} line {line}", reason=say("This row has {n} cells where {width} belong.", n=len(cells), width=width))
        if feed.resume(is_whole):
            reader = _reader(feed, shape)


class _TooLong(Exception):
    pass


class _Feed:
    """Physical lines for csv.reader, remembering those of the record at hand, so that some can be read again."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._size = 0
        self._line = 0
        self.ran_out = False
        """The file ended in the middle of the record at hand."""

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            self.ran_out = bool(self._record)
            raise StopIteration
        self._line += 1
        self._size += len(line)
        self._record.append(line)
        if self._size > MAX_RECORD:
            raise _TooLong
        return line

    def _read(self) -> str:
        line = self._text.readline(MAX_RECORD + 1)
        rest = line
        while len(rest) > MAX_RECORD and not rest.endswith("\n"):  # one endless line: drop it piece by piece
            rest = self._text.readline(MAX_RECORD + 1)
        return line.replace("\0", "") or ("\n" if line else "")

    def begin(self) -> int:
        """Forget the lines so far; the number of the line that comes next."""
        self._record.clear()
        self._size = 0
        self.ran_out = False
        return self._line + 1

    def resume(self, whole: Callable[[str], bool]) -> str:
        """Read again from the first line after the record's first that is `whole`; the first line then, "" if there is none."""
        for place, line in enumerate(self._record[1:], start=1):
            if whole(line):
                back = self._record[place:]
                self._again.extendleft(reversed(back))
                self._line -= len(back)
                return self._record[0]
        return ""


class _Watch:
    """Passes chunks on, and remembers whether a backslash stood before a quote."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._tail = b""
        self.escaped_quotes = False

    def __iter__(self) -> _Watch:
        return self

    def __next__(self) -> bytes:
        chunk = next(self._chunks)
        self.escaped_quotes = self.escaped_quotes or bool(_ESCAPED_QUOTE.search(self._tail + chunk))
        self._tail = chunk[-4:]
        return chunk


def _read(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _encoding_of(head: bytes) -> str:
    """What the first bytes decide: a BOM, or the zero bytes of UTF-16 without one. "" if they do not."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    start = head[:400]
    if len(start) >= 8:
        if start[1::2].count(0) > 0.8 * len(start[1::2]) and start[::2].count(0) < 0.1 * len(start):
            return "utf-16-le"
        if start[::2].count(0) > 0.8 * len(start[::2]) and start[1::2].count(0) < 0.1 * len(start):
            return "utf-16-be"
    return ""


def _utf8_or_ansi(chunks: Iterable[bytes]) -> str:
    """UTF-8 unless most of what lies beyond ASCII is none: one broken byte must not garble a whole file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for chunk in chunks:
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk)
        broken = text.count("\ufffd")
        bad += broken
        good += len(text) - len(text.encode("ascii", "ignore")) - broken
    return "utf-8" if bad * 4 <= good else "cp1252"


def _cells(line: str, delimiter: str, escape: str | None = None, spaced: bool = False) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line.rstrip("\n")], delimiter=delimiter, escapechar=escape, skipinitialspace=spaced), ()))
    except csv.Error:
        return ()


def _with(shape: Shape, encoding: str, escape: str | None) -> Shape:
    return Shape(
        encoding=encoding, delimiter=shape.delimiter, skip=shape.skip, header=shape.header, columns=shape.columns,
        escape=escape, spaced=shape.spaced,
    )  # fmt: skip


def _reader(feed: Iterator[str], shape: Shape) -> Iterator[list[str]]:
    return csv.reader(feed, delimiter=shape.delimiter, escapechar=shape.escape, doublequote=True, skipinitialspace=shape.spaced)


def _penalty(opener: Opener, shape: Shape, dates: frozenset[str]) -> int:
    """Rows of the wrong width, plus rows whose date does not begin with a digit, in the first 64 MiB."""
    bad = 0
    with opener() as stream:
        feed = _Feed(io.TextIOWrapper(stream, encoding=shape.encoding, errors="replace", newline=None))
        deque(itertools.islice(feed, shape.skip + 1), maxlen=0)
        places = [place for place, column in enumerate(shape.columns) if column in dates]
        reader = _reader(feed, shape)
        while stream.tell() < _COMPARE_BYTES:
            feed.begin()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except (csv.Error, _TooLong):
                bad += 1
                continue
            if len(cells) != len(shape.columns):
                bad += any(cells)
            elif any(cells[place].strip() and not cells[place].strip()[0].isdigit() for place in places):
                bad += 1
    return bad
