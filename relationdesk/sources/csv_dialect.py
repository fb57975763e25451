"""How a table that nobody announced is written: encoding, delimiter, and which line holds its headers.

`tables.rows` then reads it. LinkedIn's tables are known beforehand and need none of this guessing.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import BinaryIO

from relationdesk.sources.tables import Shape, plain_column

HEAD_BYTES = 256 * 1024
MAX_PREAMBLE = 40
MAX_COLUMNS = 2_000
LINE_SEPARATOR = "\u2028"
"""Stands for a line break within a cell of a workbook, so that a row stays one line; `text.tidy` makes it a line break again."""
DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1024 * 1024
_MAIL_HEADER = re.compile(r"(content-type|received|from|date|mime-version|return-path|begin|x-[\w-]+): ?\w", re.IGNORECASE)
_NO_TABLE = re.compile(r"\ufeff?\s*(?:[{\[<]|BEGIN:|#!|%PDF-)")
"""How JSON, HTML, calendars, cards, programs and documents begin."""

_KINDS = frozenset(
    "work home mobile private business office main other personal fax 1 2 3 arbeit privat mobil geschäftlich büro dienstlich travail domicile portable bureau "
    "personnel autre trabajo casa móvil oficina lavoro ufficio cellulare werk thuis mobiel zakelijk trabalho celular praca dom telefon komórka".split()
)
"""What stands below "Phone" where there are several."""
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f]")
MOST_CONTROLS = 20
"""Control characters in the head of a text; what holds more is no text."""

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_MAC_LETTERS = re.compile(rb"[\x80-\x9f]")
_PC_LETTERS = frozenset(range(0xC0, 0x100))
_NO_LETTERS = re.compile(r"(?<=[^\W\d_])[¹³¿£¥¯¼¾](?=[^\W\d_])")
"""What Polish letters become in the code page of the West: "s³u¿bowy". Its other letters become letters, too."""
_HEADINGS = 16 * 1024
"""Bytes in which the headings are looked for in the code pages of other countries."""
_SAMPLE = 64 * 1024
_ANSI_GUESSES = frozenset({"cp1252", "cp1251"})
_ANSI_PAGES = ("cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030", "cp949", "cp950")
"""Central European, Cyrillic, Greek, Turkish, Baltic, Japanese, Chinese, Korean: what office programs write without a mark."""


def shape_of(head: bytes, is_known: Callable[[str], bool]) -> Shape | None:
    """The shape as far as the first bytes tell it; None for what is no table.

    is_known: whether a header cell is a word we know. The line with the most such words is the header, else the
    first line that looks like one (two names at least, none of them a number or a mail address). Unless most of its
    words are known, the next rows must share its width. The encoding is that of the head: see `with_encoding`.
    """
    encoding = _encoding(head)
    best = _shape_in(head, encoding, is_known)
    if encoding in _ANSI_GUESSES:
        # The code page of another country: the one in which most headings are words, of those the one in which no word is broken.
        start = head[:_HEADINGS]
        score = (best[0], -_broken(start, encoding)) if best else (0, 0)
        for other in _ANSI_PAGES:
            found = _shape_in(start, other, is_known)
            if found and (better := (found[0], -_broken(start, other))) > score:
                best, score = found, better
    return best[1] if best else None


def _broken(head: bytes, encoding: str) -> int:
    """How many words have a sign in their midst that no word has."""
    return len(_NO_LETTERS.findall(head.decode(encoding, "ignore")))


def _shape_in(head: bytes, encoding: str, is_known: Callable[[str], bool]) -> tuple[int, Shape] | None:
    """The shape if this is the encoding, and how many of its headings are known."""
    text = head.decode(encoding, "ignore").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if (len(head) >= HEAD_BYTES and "\n" not in text) or _NO_TABLE.match(text) or len(_CONTROLS.findall(text)) > MOST_CONTROLS:
        return None
    lines = text.replace(LINE_SEPARATOR, " ").split("\n")
    best: tuple[int, int, int, str, tuple[str, ...]] | None = None
    for skip, line in enumerate(lines[:MAX_PREAMBLE]):
        for delimiter in DELIMITERS:
            cells = _cells(line, delimiter)
            if not _looks_like_header(cells) or (delimiter == "|" and _is_drawn(line)):
                continue
            known = sum(is_known(cell) for cell in cells)
            if known * 2 <= len(cells) and not _fits(cells, lines[skip + 1 : skip + 100], delimiter):
                continue
            score = (known, -skip, len(cells), delimiter, cells)
            best = max(best, score) if best else score
    if best is None and is_known(lines[0].strip()) and _are_mails(lines[1:20]):
        best = (1, 0, 1, ",", (lines[0].strip(),))
    if best is None:
        return None
    known, negative_skip, _, delimiter, header = best
    if spaced := len(header) > 1 and all(cell.startswith(" ") for cell in header[1:]):
        header = _cells(lines[-negative_skip], delimiter, spaced=True)
    below = lines[1 - negative_skip : 2 - negative_skip]
    if second := _two_lines(header, _cells(below[0], delimiter) if below else (), is_known):
        known, negative_skip, header = sum(map(is_known, second)), negative_skip - 1, second
    columns = tuple(plain_column(cell) for cell in header)
    return known, Shape(encoding=encoding, delimiter=delimiter, skip=-negative_skip, header=header, columns=columns, spaced=spaced)


def _two_lines(above: tuple[str, ...], below: tuple[str, ...], is_known: Callable[[str], bool]) -> tuple[str, ...] | None:
    """One heading for each column where headings take two lines, as merged cells of a workbook: a group's name stands over its first column, and
    below it what each is called; what has one heading alone has nothing below. None where the second line is none of that."""
    width = max(len(above), len(below))
    above, below = (cells + ("",) * (width - len(cells)) for cells in (above, below))
    groups = {place for place in range(width) if not above[place].strip() or not above[place + 1 : place + 2] or not above[place + 1].strip()}
    named = [place for place in range(width) if below[place].strip()]
    if not any(not above[place].strip() for place in named) or not groups.issuperset(named):
        return None
    if not all(is_known(below[place]) or plain_column(below[place]) in _KINDS for place in named):
        return None
    found, group = [], ""
    for top, under in zip(above, below, strict=True):
        group = top.strip() or (group if under.strip() else "")
        found.append(under.strip() if is_known(under) or not is_known(group) else group)
    return tuple(found) if sum(map(is_known, found)) > sum(map(is_known, above)) else None


def leaves_out_ends(head: bytes, shape: Shape) -> bool:
    """True if its writer leaves out empty cells at the end of a row. Elsewhere a short row is a broken one."""
    text = head.decode(shape.encoding, "ignore").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")[shape.skip + 1 :]
    if len(head) >= HEAD_BYTES:
        lines = lines[:-1]
    try:
        for cells in csv.reader((f"{line}\n" for line in lines), delimiter=shape.delimiter, skipinitialspace=shape.spaced):
            if 2 <= len(cells) < len(shape.header) and not any("\n" in cell for cell in cells):
                return True
    except csv.Error:
        pass
    return False


def with_encoding(shape: Shape, stream: BinaryIO) -> Shape:
    """The same shape with the encoding of the whole file, which is read once for it. A mark at its head is sure."""
    if shape.encoding.startswith("utf-16"):
        return shape
    first = stream.read(_CHUNK)
    if first.startswith(codecs.BOM_UTF8):
        return shape
    found = _utf8_or_ansi(itertools.chain((first,), iter(lambda: stream.read(_CHUNK), b"")))
    by_headings = found in _ANSI_GUESSES and shape.encoding in _ANSI_PAGES
    return shape if by_headings else replace(shape, encoding=found)


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[:400:2], head[1:400:2]
    if len(odd) >= 4 and odd.count(0) > 0.8 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if len(odd) >= 4 and even.count(0) > 0.8 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return _utf8_or_ansi([head])


def _utf8_or_ansi(chunks: Iterable[bytes]) -> str:
    """UTF-8 unless most of what lies beyond ASCII is none: one broken byte must not garble a whole file."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    sample = b""
    for chunk in chunks:
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk)
        broken = text.count("\ufffd")
        sample = sample or (chunk if broken else b"")
        bad += broken
        good += len(text) - len(text.encode("ascii", "ignore")) - broken
    return "utf-8-sig" if bad * 4 <= good else _ansi(sample)


def _ansi(sample: bytes) -> str:
    """The code page of the PC: Cyrillic where letters beyond ASCII stand in rows, else Western European; of the Mac where lines end as only
    its old programs end them, and Excel still does in what it calls CSV (Macintosh), and most letters are where no PC has any."""
    if b"\r" in sample and b"\n" not in sample and len(_MAC_LETTERS.findall(sample)) > sum(byte in _PC_LETTERS for byte in sample):
        return "mac_roman"
    first = _BEYOND_ASCII.search(sample)
    sample = sample[first.start() : first.start() + _SAMPLE] if first else b""
    high = [place for place, byte in enumerate(sample) if byte >= 0x80]
    rows = sum(1 for one, two in itertools.pairwise(high) if two == one + 1)
    letters = sum(1 for place in high if sample[place] in _PC_LETTERS)
    return "cp1251" if len(high) >= 4 and rows * 10 > len(high) * 6 and letters * 10 > len(high) * 8 else "cp1252"


def _cells(line: str, delimiter: str, *, spaced: bool = False) -> tuple[str, ...]:
    if line.count(delimiter) > MAX_COLUMNS:
        return ()
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter, skipinitialspace=spaced), ()))
    except csv.Error:
        return ()


def _are_mails(lines: list[str]) -> bool:
    """A list of mail addresses under a header is a table of one column."""
    filled = [line.strip() for line in lines if line.strip()]
    return bool(filled) and all(line.count("@") == 1 and " " not in line for line in filled)


def _looks_like_header(cells: tuple[str, ...]) -> bool:
    named = [cell.strip() for cell in cells if cell.strip()]
    width = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)  # rows may be wider than what has a heading
    if len(named) < 2 or len(named) * 2 < width or len(set(named)) * 2 < len(named):
        return False
    if _MAIL_HEADER.match(named[0]):
        return False
    return all(
        len(cell) <= 120 and cell.isprintable() and "@" not in cell and any(letter.isalpha() for letter in cell) and cell[0] not in "{}[]<>"
        for cell in named
    )


def _is_drawn(line: str) -> bool:
    """A table drawn with bars on both sides, as in Markdown and on a terminal."""
    return line.lstrip().startswith("|") and line.rstrip().endswith("|")


def _fits(header: tuple[str, ...], following: list[str], delimiter: str) -> bool:
    """Most of the next rows have the width of the header and few are wider, or have one cell: prose and program text
    with commas are no tables, and set a space after theirs."""
    if any(cell[:1] == " " for cell in header[1:]) or not header[0].strip():
        return False
    reader = csv.reader((f"{line}\n" for line in following), delimiter=delimiter)
    try:
        widths = [len(cells) for cells in itertools.islice(reader, 50) if any(cells)]
    except csv.Error:
        return False
    misfits = sum(1 for width in widths if width == 1 or width > len(header))
    fitting = widths.count(len(header))
    return fitting > 0 and fitting * 2 >= len(widths) and misfits * 5 <= len(widths)
