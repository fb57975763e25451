"""What is dated ahead of the time at which it arrived: meetings, trips, closing days. It stands where it arrived, so that nothing of tomorrow
comes on top of today; when its day has come, it moves to its own place in time.
"""

from __future__ import annotations

import json

from relationdesk.model import Changes, Kind
from relationdesk.store import caches
from relationdesk.store.database import Desk, transaction
from relationdesk.store.merge_activities import index_spaced, next_free
from relationdesk.store.timekey import AHEAD, EPOCH_2000, NEAR_SECONDS, PRECISIONS, base_id, moment


def settle(db: Desk, now: int) -> Changes:
    """Move everything whose day has come by now (unix seconds) to its place, and back what was moved by a clock that was ahead; the people
    concerned."""
    found = f"SELECT a.id, a.published, a.precision FROM activities a WHERE {AHEAD} AND a.published <= ?"
    until = now + NEAR_SECONDS
    comes = db.execute(f"{found} LIMIT 1", (until,)).fetchone() is not None
    early = _too_early(db, until)
    if not comes and not early:
        return Changes()
    with transaction(db):
        moved = [_move(db, was, base_id(moment(at), PRECISIONS[precision])) for was, at, precision in db.execute(f"{found} ORDER BY a.published, a.id", (until,)).fetchall()]
        moved += [_move(db, was, (now - EPOCH_2000) * 8) for was in early]
        everybody = (
            "SELECT profile_id FROM activities WHERE id IN (SELECT value FROM json_each(?1)) UNION "
            "SELECT profile_id FROM participants WHERE activity_id IN (SELECT value FROM json_each(?1))"
        )
        people = caches.refresh(db, [row[0] for row in db.execute(everybody, (json.dumps(moved),))])
    return Changes(people=frozenset(people), prompts=True)


def _too_early(db: Desk, until: int) -> list[int]:
    """What stands at a day that has still to come: there a clock that was ahead moved it. () where what others said stands there, too: then it is this
    clock that is behind, and the desk is right."""
    rows = db.execute(
        "SELECT a.id, k.name FROM activities a JOIN kinds k ON k.id = a.kind WHERE a.id >= ? AND a.published > ? ORDER BY a.id LIMIT ?",
        ((until - EPOCH_2000) * 8, until, _MOST_EARLY),
    ).fetchall()
    return [id_ for id_, _ in rows] if len(rows) < _MOST_EARLY and all(kind in _DATED for _, kind in rows) else []


_DATED = frozenset({Kind.EVENT, Kind.OTHER})
"""Meetings, trips, deals: what is dated ahead by its nature."""
_MOST_EARLY = 1_000


def _move(db: Desk, was: int, to: int) -> int:
    """The new position, the first free one from `to` on."""
    new = next_free(db, to)
    db.execute("DELETE FROM activities_spaced WHERE rowid = ?", (was,))
    db.execute("UPDATE activities SET id = ? WHERE id = ?", (new, was))
    index_spaced(db, new)
    return new
