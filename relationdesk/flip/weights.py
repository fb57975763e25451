"""Reads the table of weights: what a row counts, and where that comes from. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from relationdesk.flip.weight_table import TABLE

CERTAIN = 100.0
"""Bits from which nobody is asked. Only rows "from vouched" have them, so that no sum of others settles anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. bits: binary logarithm of the odds. same, two: shares of compared pairs that show it, of one human
    and of two; None where a rule says what it counts. origin: "learned", "rule" or "vouched". words: what it is, in a sentence."""

    name: str
    bits: float
    same: float | None
    two: float | None
    origin: str
    words: str


def read(table: str) -> dict[str, Row]:
    """The rows of such a table by name."""
    rows = {}
    for line in table.strip().splitlines()[1:]:
        if line.strip():
            name, same, two, bits, origin, words = line.split(None, 5)
            rows[name] = Row(name=name, bits=float(bits), same=_share(same), two=_share(two), origin=origin, words=words)
    return rows


def _share(text: str) -> float | None:
    return None if text == "-" else float(text)


@cache
def _rows() -> dict[str, Row]:
    return read(TABLE)


def row(name: str) -> Row:
    """The row of that name. Raises KeyError for one that the table does not have: a mistake in a kind of evidence."""
    return _rows()[name]
