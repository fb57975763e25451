"""What is dated ahead of the time at which it arrived: meetings, trips, closing days. It stands where it arrived, so that nothing of tomorrow
comes on top of today; when its day has come, it moves to its own place in time.
"""

from __future__ import annotations

import json

from relationdesk.model import Changes
from relationdesk.store import caches
from relationdesk.store.database import Desk, transaction
from relationdesk.store.merge_activities import index_spaced, next_free
from relationdesk.store.timekey import AHEAD, NEAR_SECONDS, PRECISIONS, base_id, moment


def settle(db: Desk, now: int) -> Changes:
    """Move everything whose day has come by now (unix seconds) to its place; the people concerned."""
    found = f"SELECT a.id, a.published, a.precision FROM activities a WHERE {AHEAD} AND a.published <= ?"
    until = now + NEAR_SECONDS
    if db.execute(f"{found} LIMIT 1", (until,)).fetchone() is None:
        return Changes()
    with transaction(db):
        moved = [_move(db, *row) for row in db.execute(f"{found} ORDER BY a.published, a.id", (until,)).fetchall()]
        everybody = (
            "SELECT profile_id FROM activities WHERE id IN (SELECT value FROM json_each(?1)) UNION "
            "SELECT profile_id FROM participants WHERE activity_id IN (SELECT value FROM json_each(?1))"
        )
        people = caches.refresh(db, [row[0] for row in db.execute(everybody, (json.dumps(moved),))])
    return Changes(people=frozenset(people), prompts=True)


def _move(db: Desk, was: int, published: int, precision: int) -> int:
    """The new position."""
    new = next_free(db, base_id(moment(published), PRECISIONS[precision]))
    db.execute("DELETE FROM activities_spaced WHERE rowid = ?", (was,))
    db.execute("UPDATE activities SET id = ? WHERE id = ?", (new, was))
    index_spaced(db, new)
    return new
