"""Which people stand in which slot of the finder, for one long run: in a temporary table, because all of a large desk takes half a
gigabyte in memory. A slot is a number here, the hash of its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from relationdesk.store import faults
from relationdesk.store.database import Desk

AT_A_TIME = 500
"""Slots that are asked for in one statement."""

_FILE = """
INSERT INTO temp.slots VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
  n = n + excluded.n, who = CASE WHEN n + excluded.n <= {most} THEN who || ',' || excluded.who ELSE '' END
"""


def begin(db: Desk) -> None:
    """An empty table. End it with `end`."""
    end(db)
    db.execute("CREATE TEMP TABLE slots(slot INTEGER PRIMARY KEY, n INTEGER, who TEXT)")


def end(db: Desk) -> None:
    with suppress(faults.DatabaseError):  # what a connection leaves behind goes with it
        db.execute("DROP TABLE IF EXISTS temp.slots")


def file(db: Desk, people: Mapping[int, Iterable[int]], most: int) -> None:
    """These people, none of whom stands there yet, in these slots. most: more of them in one slot are only counted."""
    rows = ((slot, sorted(who)) for slot, who in sorted(people.items()))
    with _at_once(db):
        db.executemany(_FILE.format(most=most), ((slot, len(who), ",".join(map(str, who)) if len(who) <= most else "") for slot, who in rows))


def read(db: Desk, slots: Iterable[int]) -> Iterator[tuple[int, int, list[int]]]:
    """Of those slots in which anybody stands: (slot, how many stand there, who; nobody if they are too many)."""
    left = sorted(slots)
    for i in range(0, len(left), AT_A_TIME):
        some = left[i : i + AT_A_TIME]
        for slot, n, who in db.execute(f"SELECT slot, n, who FROM temp.slots WHERE slot IN ({','.join('?' * len(some))})", some):
            yield slot, n, [int(one) for one in who.split(",")] if who else []


@contextmanager
def _at_once(db: Desk) -> Iterator[None]:
    """Many rows as one write to the temporary file; nothing of the desk is locked by it."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")
