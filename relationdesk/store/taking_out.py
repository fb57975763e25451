"""Facts that only reading a place brought go when nobody reads it any more, if the user says so: all of them can be read again.

What a file brought as well, and what the user wrote or decided, stays. Absence never comes here: only a decision does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from relationdesk.store import caches, captures, ledger, revisions
from relationdesk.store.database import Desk

ONLY_READ = (
    "a.batch_id IS NULL AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.tbl = 2 AND s.place_id = a.place_id AND "
    f"s.native_id = a.native_id AND s.batch_id > 0) AND NOT {captures.WRITTEN_DOWN}"
)


def read_by(db: Desk, decision_id: int | None) -> None:
    """Before a decision to add somebody is taken back (None: the newest): what was read of them since, so that they can go with it.
    Any other decision takes nothing with it. Inside `transaction`."""
    entry = ledger.next_to_undo(db, decision_id)
    if entry is not None and entry.kind == "add":
        made = [int(str(key["id"])) for key, before, _ in ledger.rows(db, entry.id, "profiles") if before is None]
        of_profiles(db, made)


def of_profiles(db: Desk, profile_ids: Iterable[int]) -> int:
    """Take out what these profiles did, as far as only logins brought it; how many activities. Inside `transaction`."""
    ids = json.dumps(sorted(set(profile_ids)))
    doomed = f"SELECT a.id FROM activities a WHERE a.profile_id IN (SELECT value FROM json_each(?)) AND {ONLY_READ}"
    touched = {row[0] for row in db.execute(f"SELECT DISTINCT profile_id FROM participants WHERE activity_id IN ({doomed})", (ids,))}
    theirs = f"SELECT a.place_id, a.native_id FROM activities a WHERE a.id IN ({doomed})"
    db.execute(f"DELETE FROM revisions WHERE tbl = 2 AND batch_id = 0 AND (place_id, native_id) IN ({theirs})", (ids,))
    count = db.execute(f"DELETE FROM activities WHERE id IN ({doomed})", (ids,)).rowcount
    caches.refresh(db, {*touched, *json.loads(ids)})
    return count


def tidy(db: Desk) -> None:
    """What was read of whom, and when, for profiles that are gone. Inside `transaction`."""
    db.execute("DELETE FROM coverage WHERE profile_id <> 0 AND profile_id NOT IN (SELECT id FROM profiles)")
    revisions.without_profile(db)
