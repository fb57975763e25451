"""CSV lines made by SQL itself, so that writing a table costs little more than fetching it (performance.md: at most 2×).

RFC 4180: comma, CRLF, every text in quotes, a quote doubled. No text can become a formula in a spreadsheet, and no long
number or number with leading zeros is changed by one: such a cell gets one apostrophe in front, and `unguard` takes
exactly that one off again. The rule (trust.md 4.9):

    bare  = the text without its leading apostrophes
    risky = bare begins with TAB, CR or LF; or, after blanks, with = + - @ or their full-width forms; or is digits only
            with a leading zero or more than 15 of them
    guard(text)   = "'" + text, if risky and not a plain negative number such as -12.5; else text
    unguard(cell) = cell without its first apostrophe, if it has one and is risky; else cell

An apostrophe in front never changes `bare`, so `unguard(guard(text)) == text` for every text. Phone numbers with + are
guarded too: LibreOffice takes the + away otherwise (measured).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from relationdesk.store.database import Desk

END = "\r\n"
_FORMULA = "=+-@＝＋－＠"
_BLANKS = " \t\r\n\u00a0\u3000\ufeff"
_PLAIN = re.compile(r"-[0-9][0-9]{0,13}(\.[0-9]{1,13})?")
_DIGITS = re.compile(r"0[0-9]+|[0-9]{16,}")


def is_risky(text: str) -> bool:
    """True for what a spreadsheet could run or change, with any number of apostrophes in front."""
    bare = text.lstrip("'")
    if not bare:
        return False
    return bare[0] in "\t\r\n" or bare.lstrip(_BLANKS)[:1] in tuple(_FORMULA) or _DIGITS.fullmatch(bare) is not None


def guard(text: str) -> str:
    """The cell for a text, inert in every spreadsheet."""
    return "'" + text if is_risky(text) and not _PLAIN.fullmatch(text) else text


def unguard(cell: str) -> str:
    """The text of a cell that `guard` (or the SQL here) made."""
    return cell[1:] if cell.startswith("'") and is_risky(cell) else cell


def line(cells: Iterable[str]) -> str:
    """One line of guarded, quoted cells, with its end."""
    return ",".join('"' + guard(cell).replace('"', '""') + '"' for cell in cells) + END


def header(names: Iterable[str]) -> str:
    """The first line of a file; names are ours and need no quotes."""
    return ",".join(names) + END


_FIRST = "[=+@＝＋－＠''0-9" + _BLANKS + "-]*"


def text_sql(value: str) -> str:
    """An SQL expression for the guarded text of a text expression, not yet quoted; NULL is ''.

    Nearly every text is decided by its first character alone.
    """
    bare = f"ltrim({value}, '''')"
    begin = f"ltrim({bare}, '{_BLANKS}')"
    risky = (
        f"substr({bare}, 1, 1) IN (char(9), char(10), char(13)) OR "
        f"({begin} <> '' AND instr('{_FORMULA}', substr({begin}, 1, 1)) > 0) OR "
        f"({bare} NOT GLOB '*[^0-9]*' AND (length({bare}) > 15 OR {bare} GLOB '0?*'))"
    )
    number = f"substr({value}, 2)"
    whole = f"iif(instr({number}, '.'), substr({number}, 1, instr({number}, '.') - 1), {number})"
    rest = f"iif(instr({number}, '.'), substr({number}, instr({number}, '.') + 1), '0')"
    plain = (
        f"{value} GLOB '-[0-9]*' AND {whole} NOT GLOB '*[^0-9]*' AND length({whole}) <= 14 "
        f"AND {rest} GLOB '[0-9]*' AND {rest} NOT GLOB '*[^0-9]*' AND length({rest}) <= 13"
    )
    guarded = f"CASE WHEN ({risky}) AND NOT ({plain}) THEN '''' || {value} ELSE {value} END"
    return f"CASE WHEN {value} GLOB '{_FIRST}' THEN {guarded} ELSE ifnull({value}, '') END"


def whole_sql(value: str) -> str:
    """A whole number; NULL is an empty cell."""
    return f"coalesce({value}, '')"


def time_sql(value: str) -> str:
    """Unix seconds as ISO 8601 UTC, "2026-11-20T10:12:00Z"; NULL is an empty cell."""
    return f"coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', {value}, 'unixepoch'), '')"


_CELLS: dict[str, tuple[str, Callable[[str], str]]] = {
    "text": ('"%w"', text_sql), "word": ("%s", str), "whole": ("%s", whole_sql), "time": ("%s", time_sql),
}  # fmt: skip
"""How each kind is printed: SQLite's %w doubles the quotes, and one printf builds the line without copying it cell by cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file of the export. columns: (header, SQL expression, "text" | "word" (one of our own closed set) | "whole" | "time").
    source: FROM … WHERE ….

    part: the name under which a user asks for it. `{seen}` in source is the condition that leaves private activities out.
    """

    name: str
    part: str
    columns: tuple[tuple[str, str, str], ...]
    source: str
    order: str

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column[0] for column in self.columns)


def table_sql(table: Table, *, private: bool) -> str:
    """The SELECT of one column: the finished lines of a table without their ends, in its order."""
    shape = ",".join(_CELLS[kind][0] for _, _, kind in table.columns)
    cells = ", ".join(_CELLS[kind][1](value) for _, value, kind in table.columns)
    return f"SELECT printf('{shape}', {cells}) {_source(table, private)} ORDER BY {table.order}"


def lines(db: Desk, table: Table, *, private: bool, portion: int = 1000) -> Iterator[tuple[int, str]]:
    """(rows, their text with line ends) in portions, so that memory stays bounded."""
    cursor = db.execute(table_sql(table, private=private))
    while rows := cursor.fetchmany(portion):
        yield len(rows), END.join([row[0] for row in rows]) + END


def count(db: Desk, table: Table, *, private: bool) -> int:
    return int(db.execute(f"SELECT count(*) {_source(table, private)}").fetchone()[0])


def _source(table: Table, private: bool) -> str:
    return table.source.replace("{seen}", "true" if private else "a.audience <> 2")


@contextmanager
def snapshot(db: Desk) -> Iterator[None]:
    """All reads inside see the desk as it was at one moment, whatever a sync writes meanwhile."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def named(value: str, names: tuple[str, ...]) -> str:
    """SQL that turns a number into the name that stands there."""
    return f"CASE {value} " + " ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(names)) + " END"


def columns(text: str) -> tuple[tuple[str, str, str], ...]:
    """Lines of "header | SQL | kind"; kind may be left out for text."""
    found = []
    for row in text.strip().splitlines():
        name, value, *kind = (part.strip() for part in row.split(" | "))
        found.append((name, value, kind[0] if kind else "text"))
    return tuple(found)
