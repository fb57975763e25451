"""The marks of imports that are in only in part: there from the first portion of a batch to its last, and again while it is undone.

Whatever ends an import half-way (cancel, a fault, a killed program) leaves its mark, and `taking_back` goes by it; `leaving` by that of an
undo, which can only go on. Until it is gone the batch counts as not brought in: it is in no list and cannot be undone, and nothing else brings
facts into the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.errors import UserMistake
from relationdesk.saying import say
from relationdesk.store.database import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """name: of the file. decisions: the last one before it began. is_ending: only what was withdrawn has still to go; of one that is being
    undone, only whose profiles are that stay has still to be asked. leaving_at: unix seconds of the undo, None while it is coming in."""

    batch_id: int
    name: str
    decisions: int
    is_ending: bool
    leaving_at: int | None = None


def begin(db: Desk, batch_id: int, leaving_at: int | None = None) -> None:
    """This batch comes in portions, or goes in portions as undone at that time (unix seconds). Before anything of it is written, inside the
    same `transaction`."""
    db.execute(
        "INSERT INTO halves(batch_id, places, kinds, decisions, leaving_at) SELECT ?, (SELECT coalesce(max(id), 0) FROM places), "
        "(SELECT coalesce(max(id), 0) FROM kinds), (SELECT coalesce(max(id), 0) FROM decisions), ?",
        (batch_id, leaving_at),
    )


def all_in(db: Desk, batch_id: int) -> None:
    """There is no way back any more: what is left of it will be done, now or after the next start. Inside `transaction`."""
    db.execute("UPDATE halves SET is_ending = 1 WHERE batch_id = ?", (batch_id,))


def end(db: Desk, batch_id: int) -> None:
    """The batch is whole. Inside `transaction`."""
    db.execute("DELETE FROM halves WHERE batch_id = ?", (batch_id,))


def every(db: Desk) -> tuple[Half, ...]:
    """What is in only in part; () nearly always. More than one only in a desk that was put together from others."""
    rows = db.execute(
        "SELECT h.batch_id, b.name, h.decisions, h.is_ending, h.leaving_at FROM halves h JOIN batches b ON b.id = h.batch_id ORDER BY h.batch_id DESC"
    )
    return tuple(
        Half(batch_id=id_, name=name, decisions=decisions, is_ending=bool(ending), leaving_at=leaving) for id_, name, decisions, ending, leaving in rows
    )


def refuse(db: Desk, safe: str) -> None:
    """Raises UserMistake while an import is in only in part. safe: what did not happen, as a sentence."""
    if db.execute("SELECT 1 FROM halves").fetchone():
        raise UserMistake(say("An import is just being brought in or taken out. {safe} Try again when it is done.", safe=safe))
