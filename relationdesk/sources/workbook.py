"""Excel workbooks (.xlsx) as a container of tables: each sheet is handed on as the CSV that saving it would give.

So every reader of tables reads workbooks, and knows nothing of them. Formulas are never evaluated: what a cell showed when
the workbook was saved is its value. Rows are made as they are read; line n of the table is row n of the sheet.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from relationdesk.errors import UnreadableFile
from relationdesk.saying import say
from relationdesk.sources.container_members import Limits, refuse_bombs
from relationdesk.sources.csv_dialect import HEAD_BYTES, LINE_SEPARATOR, MAX_COLUMNS

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_SHEETS = 100
MOST_PACKED = 64 * 1024 * 1024
"""Bytes of a workbook that lies in another file; a list of a million rows has as many."""
_CHUNK = 1024 * 1024
_CACHED = 64
"""Books and sheets that are remembered, of a sheet its first half megabyte: two dozen readers look at each."""
MOST_SHARED = 96 * 1024 * 1024
"""Bytes of the texts that sheets share, which the library keeps in memory; a million names have forty."""
MOST_OTHER = 16 * 1024 * 1024
"""Bytes of styles and other parts that the library reads as a whole."""
_FIRST = 100
"""Rows whose width is looked at before the first is written."""
MOST_EMPTY = 10_000
"""Rows without anything that are counted, for the numbers of those below them."""
MOST_TEXT = 4 * 1024**3
"""Bytes of one sheet as CSV."""
_SHARED = "xl/sharedstrings.xml"
_SHEET = re.compile(r"xl/(?:worksheets|media|charts|drawings|embeddings|printersettings|pivotcache|externallinks|comments)", re.IGNORECASE)
_ENTITY = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T|E\x00?N\x00?T)")
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"})
_BROKEN = (
    ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, AssertionError, NotImplementedError,
    RecursionError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError,
)  # fmt: skip
"""What the library raises on files that nobody's program wrote."""

_CERTAIN_DIGITS = 10**15
MOST_MERGED = 20_000
"""Merged cells of one sheet that are heard of."""
_MERGED = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"')
_LONGEST_MERGED = 300
"""Bytes of such a mark."""

Merged = dict[int, list[tuple[int, int]]]
"""By its first row, from 1 on: (column, from 0 on; last row) of every cell that stands for several rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """name: of the sheet as a file name. size: about how many bytes it has."""

    name: str
    title: str
    size: int


@dataclass(frozen=True, slots=True)
class Book:
    """Where a workbook lies: a file, or a member of a folder, zip or tar. Equal as long as the file has not changed, so that what
    a dozen readers ask of it is answered once."""

    path: Path
    member: str
    changed: int
    size: int
    open: Callable[[], IO[bytes]] = field(compare=False)

    @property
    def name(self) -> str:
        return PurePosixPath(self.member).name or self.path.name


def book_at(path: Path, member: str = "", open_member: Callable[[], IO[bytes] | io.RawIOBase] | None = None) -> Book:
    """A workbook that is a file, or a member of what lies at `path`, which is read into memory because a workbook is read here and there."""
    stat = path.stat()
    opener: Callable[[], IO[bytes]] = partial(_whole, open_member, member) if open_member else lambda: path.open("rb")
    return Book(path, member, stat.st_mtime_ns, stat.st_size, opener)


def _whole(open_member: Callable[[], IO[bytes] | io.RawIOBase], name: str) -> IO[bytes]:
    with open_member() as stream:
        data = bytearray()
        while len(data) <= MOST_PACKED and (part := stream.read(_CHUNK)):
            data += part
    if len(data) > MOST_PACKED:
        raise UnreadableFile(say("“{name}” is too large to be read inside another file. Nothing was brought in. Unpack it and choose it by itself.", name=name))
    return io.BytesIO(bytes(data))


def is_workbook(names: Iterable[str]) -> bool:
    """By the names of a zip's members."""
    return {"[content_types].xml", "xl/workbook.xml"} <= {name.lower() for name in names}


@lru_cache(maxsize=_CACHED)
def sheets_of(book: Book) -> tuple[Sheet, ...]:
    """The visible sheets that hold anything, in their order. Raises UnreadableFile for what is damaged or not sane."""
    try:
        with book.open() as file, zipfile.ZipFile(file) as archive:
            _refuse(book, archive)
            sizes = [info.file_size for info in archive.infolist() if re.match(r"xl/(worksheets|sharedstrings)", info.filename, re.IGNORECASE)]
    except _BROKEN as error:
        raise _damaged(book) from error
    titles = _titles(book)
    return tuple(Sheet(name=f"{_file_name(title)}.csv", title=title, size=sum(sizes) // max(1, len(titles))) for title in titles)


@lru_cache(maxsize=_CACHED)
def days_from(book: Book) -> int:
    """1900, or 1904 where the workbook says that it counts its days from then. Raises UnreadableFile."""
    opened = _opened(book)
    try:
        return 1904 if opened.epoch.year == 1904 else 1900
    finally:
        opened.close()


def open_sheet(book: Book, title: str) -> io.RawIOBase:
    """A sheet as CSV (UTF-8 with a mark, commas). Raises UnreadableFile while it is read."""
    return _Lines(book, title, *_head(book, title))


def _refuse(book: Book, archive: zipfile.ZipFile) -> None:
    size = archive.start_dir  # the directory stands at the end of the packed members
    refuse_bombs(PurePosixPath(book.name), size, archive.infolist(), Limits())
    for info in archive.infolist():
        name = info.filename.lower()
        if _SHEET.match(name):
            continue
        if info.file_size > (MOST_SHARED if name == _SHARED else MOST_OTHER):
            raise UnreadableFile(
                say("“{name}” holds more than a workbook of people does, so it was not opened. Nothing was brought in. Save its sheets as CSV and choose those.", name=book.name)
            )
        if name.endswith((".xml", ".rels")):
            with archive.open(info) as stream:
                if _ENTITY.search(stream.read(4096)):
                    raise _damaged(book)


def _damaged(book: Book) -> UnreadableFile:
    return UnreadableFile(
        say("“{name}” is a damaged workbook. Nothing was brought in. Open it in a spreadsheet program and save the sheet as CSV, then choose that.", name=book.name)
    )


def _titles(book: Book) -> tuple[str, ...]:
    opened = _opened(book)
    try:
        found = [sheet.title for sheet in opened.worksheets[:MOST_SHEETS] if sheet.sheet_state == "visible"]
        return tuple(title for title in found if next(_lines(book, opened, title), None) is not None)
    finally:
        opened.close()


@lru_cache(maxsize=_CACHED)
def _head(book: Book, title: str) -> tuple[bytes, bool]:
    """The beginning of a sheet, and whether that is all: a dozen readers look at it before one reads on."""
    opened = _opened(book)
    found = bytearray()
    try:
        for line in _lines(book, opened, title):
            found += line
            if len(found) >= HEAD_BYTES * 2:
                return bytes(found), False
    finally:
        opened.close()
    return bytes(found), True


class _Opened:
    """An open workbook and its file, which the library leaves open when it fails."""

    def __init__(self, book: Any, file: IO[bytes]) -> None:
        self._book, self._file = book, file
        self.worksheets, self.epoch = book.worksheets, book.epoch

    def __getitem__(self, title: str) -> Any:
        return self._book[title]

    def member(self, title: str) -> str:
        """The file inside the workbook in which a sheet lies."""
        return str(self._book[title]._worksheet_path).lstrip("/")

    def close(self) -> None:
        self._book.close()
        self._file.close()


def _opened(book: Book) -> _Opened:
    import openpyxl  # takes a quarter of a second

    # The library remarks on what it leaves out (validation, missing styles); nobody here can do anything about it.
    warnings.filterwarnings("ignore", module=r"openpyxl\.")
    file = book.open()
    try:
        return _Opened(openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False), file)
    except _BROKEN as error:
        file.close()
        raise _damaged(book) from error


def _lines(book: Book, opened: _Opened, title: str) -> Iterator[bytes]:
    """A sheet line by line; a row is as wide as the widest before it or of the first hundred, so that what has no heading has its place as well.
    Empty at the end: nothing."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    total = 0
    try:
        rows = _filled(opened[title], _merged(book, opened.member(title)))
        first = list(itertools.islice(rows, _FIRST))
        width = max((len(cells) for _, cells in first), default=0)
        for empty, cells in itertools.chain(first, rows):
            width = max(width, len(cells))
            buffer.write("\n" * min(empty, MOST_EMPTY))
            writer.writerow(cells + [""] * (width - len(cells)))
            line = buffer.getvalue().encode("utf-8", "replace")
            yield line if total else b"\xef\xbb\xbf" + line
            total += len(line)
            if total > MOST_TEXT:
                raise UnreadableFile(say("“{name}” is larger than any list; the rest of it was not read.", name=book.name))
            buffer.seek(0)
            buffer.truncate()
    except _BROKEN as error:
        raise _damaged(book) from error


def merged_in(book: Book, title: str) -> Merged:
    """The cells of a sheet that were merged downwards. Raises UnreadableFile."""
    opened = _opened(book)
    try:
        member = opened.member(title)
    finally:
        opened.close()
    return _merged(book, member)


@lru_cache(maxsize=_CACHED)
def _merged(book: Book, member: str) -> Merged:
    """The cells that were merged downwards in the sheet that lies in this member. It tells them behind its rows, so it is looked through before."""
    found, count, rest = Merged(), 0, b""
    try:
        with book.open() as file, zipfile.ZipFile(file) as archive, archive.open(member) as source:
            while count < MOST_MERGED and (part := source.read(_CHUNK)):
                rest += part
                for mark in _MERGED.finditer(rest):
                    first, last = int(mark[2]), int(mark[3])
                    if last > first and (column := _column(mark[1])) < MAX_COLUMNS:
                        found.setdefault(first, []).append((column, last))
                        count += 1
                rest = rest[-_LONGEST_MERGED:].rpartition(b">")[2]
    except _BROKEN as error:
        raise _damaged(book) from error
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


class _Spreading:
    """What stands in a merged cell holds for all of its rows that say something themselves: a firm beside three people. Not above and in the
    headings, where a cell is merged for its looks."""

    def __init__(self, merged: Merged) -> None:
        self._merged, self._open, self._is_below = merged, list[tuple[int, int, str]](), False

    def row(self, number: int, cells: list[str]) -> list[str]:
        """cells: of a row with something in it."""
        if not self._merged:
            return cells
        self._open = [one for one in self._open if one[1] >= number]
        for column, _, text in self._open:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text
        if self._is_below:
            self._open += [(column, last, cells[column]) for column, last in self._merged.get(number, ()) if column < len(cells) and cells[column]]
        self._is_below = self._is_below or sum(map(bool, cells)) > 1
        return cells


def _filled(sheet: Any, merged: Merged) -> Iterator[tuple[int, list[str]]]:
    """(how many rows without anything stand before it, its cells up to the last filled one) of every row with something in it."""
    empty, blank, spreading = 0, object(), _Spreading(merged)
    sheet.reset_dimensions()  # what a file says of its size is not to be believed
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in row[:MAX_COLUMNS]] if row is not blank else []
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            cells = spreading.row(number, cells)
            yield empty, cells
            empty = 0
        else:
            blank, empty = row, empty + 1  # the library hands on the same one for all rows that a file leaves out


def _text(value: object) -> str:
    """A cell as its column would be written in CSV: dates as ISO, whole numbers without a point, nothing for errors."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in _ERRORS else re.sub(r"\r\n|\r|\n", LINE_SEPARATOR, value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, int | float):
        if abs(value) >= _CERTAIN_DIGITS:  # a spreadsheet keeps fifteen digits: the id is lost, and must look so
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""


class _Lines(io.RawIOBase):
    """The bytes of a sheet: its beginning from memory, the workbook opened only if somebody reads on."""

    def __init__(self, book: Book, title: str, head: bytes, is_all: bool) -> None:
        super().__init__()
        self._book, self._title, self._ready, self._at, self._is_all = book, title, head, 0, is_all
        self._skip = len(head)
        self._opened: _Opened | None = None
        self._rest: Iterator[bytes] = iter(())

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while self._at >= len(self._ready):
            if self._is_all or not self._more():
                return 0
        data = self._ready[self._at : self._at + len(view)]
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _more(self) -> bool:
        if self._opened is None:
            self._opened = _opened(self._book)
            self._rest = _lines(self._book, self._opened, self._title)
            while self._skip > 0:
                self._skip -= len(next(self._rest, b"")) or self._skip
        self._ready, self._at = next(self._rest, b""), 0
        return bool(self._ready)

    def close(self) -> None:
        if self._opened is not None:
            self._rest = iter(())
            self._opened.close()
            self._opened = None
        super().close()


def _file_name(title: str) -> str:
    return re.sub(r"[/\\:*?\"<>|\x00-\x1f]", " ", title).strip(". ") or "Sheet"
