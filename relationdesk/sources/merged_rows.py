"""Rows of a workbook beside one name that is merged over them: they are about one person, who has all that they say."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from relationdesk.model import Rejected
from relationdesk.sources.tables import Row
from relationdesk.sources.workbook import Merged

_NAMES = frozenset({"name", "given_name", "family_name"})
_SEVERAL = frozenset({"mail", "phone", "web", "notes"})
"""Of these a person may have more than one; of anything else the uppermost row counts."""
_MOST_ROWS = 100
"""Rows of one person; a name beside more of them names a list."""

Rows = Iterator[tuple[Row | Rejected, int]]


def one_a_person(rows: Rows, fields: Sequence[str], merged: Merged) -> Rows:
    """The rows again, those of one person as one with the line of the first. fields: one for each cell; merged: of the sheet, by its rows."""
    names = [place for place, field in enumerate(fields) if field in _NAMES]
    beside = {place: sorted((first, last) for first, cells in merged.items() for column, last in cells if column == place) for place in names}
    if not any(beside.values()):
        yield from rows
        return
    held: list[Row] = []
    done = 0
    for row, read in rows:
        if isinstance(row, Row) and held and len(held) < _MOST_ROWS and _is_more(held[0], row, beside):
            held.append(row)
        else:
            if held:
                yield _joined(held, fields), done
            held = []
            if isinstance(row, Row):
                held.append(row)
            else:
                yield row, read
        done = read
    if held:
        yield _joined(held, fields), done


def _is_more(first: Row, row: Row, beside: Mapping[int, Sequence[tuple[int, int]]]) -> bool:
    """True if each of its names is one cell with that of the first row, or is empty in both. beside: of a column, the rows of each merged cell, in their order."""
    told = [place for place in beside if first.values[place].strip() or row.values[place].strip()]
    return bool(told) and all(_end(beside[place], first.line) >= row.line for place in told)


def _end(cells: Sequence[tuple[int, int]], line: int) -> int:
    """Where the cell ends that reaches over a line, 0 for none."""
    place = bisect_right(cells, (line, sys.maxsize)) - 1
    return cells[place][1] if place >= 0 else 0


def _joined(rows: Sequence[Row], fields: Sequence[str]) -> Row:
    if len(rows) == 1:
        return rows[0]
    cells = (tuple(dict.fromkeys(filter(None, (cell.strip() for cell in column)))) for column in zip(*(row.values for row in rows), strict=True))
    return replace(rows[0], values=tuple("\n".join(told) if field in _SEVERAL else next(iter(told), "") for field, told in zip(fields, cells, strict=True)))
