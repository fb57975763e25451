"""What a file said was taken back, so that taking back the import of that file brings it back as it was.

An import that withdraws an activity keeps it whole in `overwritten`, with `null` where the desk did not have it. As long as
another import says the same, the activity stays gone, and what is kept passes on to that one. What a login says was taken back, is
gone for good: nobody takes a login's word out of the desk.
"""

from __future__ import annotations

import json
from typing import Any

from relationdesk.store import captures
from relationdesk.store.database import Desk
from relationdesk.store.merge_activities import ACTIVITY_FIELDS, index_spaced, next_free
from relationdesk.store.portions import Pace, Step, Steps

WITHDRAWN = 7
"""`overwritten.tbl` of what an import withdrew."""
_OF_ALL = f"batch_id IN (SELECT id FROM main.batches) AND tbl = {WITHDRAWN}"
"""Of whatever import: found by the key of the table, which begins with the import; without that all that was ever overwritten is looked through."""

_KEPT = (*ACTIVITY_FIELDS, "id", "towards", "batch_id")
_WHOLE = (
    f"json_object({', '.join(f'{name!r}, a.{name}' for name in _KEPT)}, 'who', json_array(q.place_id, q.native_id), 'participants', "
    "json((SELECT json_group_array(json_array(p.place_id, p.native_id, x.role)) FROM main.participants x JOIN main.profiles p ON p.id = x.profile_id "
    "WHERE x.activity_id = a.id)))"
)


def remember(db: Desk, batch_id: int | None) -> None:
    """Keep what is about to be withdrawn by an import; None: by a login. Before the tombstones are written, inside `transaction`."""
    if batch_id is None:
        db.execute(
            f"DELETE FROM main.overwritten WHERE {_OF_ALL} AND (place_id, native_id) IN "
            "(SELECT l.id, t.native_id FROM stage.tombstones t JOIN main.places l ON l.name = t.place)"
        )
        return
    db.execute(
        f"INSERT OR IGNORE INTO main.overwritten SELECT ?1, {WITHDRAWN}, l.id, t.native_id, iif(a.id IS NULL, 'null', {_WHOLE}) "
        "FROM stage.tombstones t CROSS JOIN main.places l ON l.name = t.place "
        f"LEFT JOIN main.activities a ON a.place_id = l.id AND a.native_id = t.native_id AND NOT {captures.WRITTEN_DOWN} "
        "LEFT JOIN main.profiles q ON q.id = a.profile_id "
        "WHERE NOT EXISTS (SELECT 1 FROM main.tombstones o WHERE o.place_id = l.id AND o.native_id = t.native_id) OR EXISTS "
        f"(SELECT 1 FROM main.overwritten o WHERE {_OF_ALL} AND o.place_id = l.id AND o.native_id = t.native_id)",
        (batch_id,),
    )


def bring_back(db: Desk, batch_id: int, touched: set[int]) -> Steps:
    """What nobody else withdrew is there again. touched: gets the profiles that take part."""
    pace = Pace()
    question = f"SELECT place_id, native_id, before FROM overwritten WHERE batch_id = ? AND tbl = {WITHDRAWN} LIMIT ?"
    while rows := db.execute(question, (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            for place_id, native_id, kept in rows:
                db.execute(
                    f"DELETE FROM overwritten WHERE batch_id = ? AND tbl = {WITHDRAWN} AND place_id = ? AND native_id = ?", (batch_id, place_id, native_id)
                )
                touched |= _bring_back(db, (place_id, native_id), kept)


def _bring_back(db: Desk, key: tuple[int, str], kept: str) -> set[int]:
    of_it = "place_id = ? AND native_id = ?"
    other = db.execute(f"SELECT batch_id, before FROM overwritten WHERE {_OF_ALL} AND {of_it} ORDER BY batch_id", key).fetchone()
    if other is not None:
        if other[1] == "null":
            db.execute(f"UPDATE overwritten SET before = ? WHERE batch_id = ? AND tbl = {WITHDRAWN} AND {of_it}", (kept, other[0], *key))
        return set()
    db.execute("DELETE FROM tombstones WHERE place_id = ? AND native_id = ? AND why <> 'forgotten'", key)
    was = json.loads(kept)
    return set() if was is None else _write(db, key, was)


def _write(db: Desk, key: tuple[int, str], was: dict[str, Any]) -> set[int]:
    """Unless it is there, or whoever did it is gone meanwhile, or everybody who told of it."""
    who = db.execute("SELECT id FROM profiles WHERE place_id = ? AND native_id = ?", was["who"]).fetchone()
    if who is None or db.execute("SELECT 1 FROM activities WHERE place_id = ? AND native_id = ?", key).fetchone():
        return set()
    if db.execute("SELECT 1 FROM batches WHERE id = ? AND undone_at IS NOT NULL", (was["batch_id"],)).fetchone():
        (first,) = db.execute("SELECT min(batch_id) FROM sightings WHERE tbl = 2 AND place_id = ? AND native_id = ?", key).fetchone()
        if first is None:
            return set()
        was["batch_id"] = first or None  # 0: a login
    position = next_free(db, was["id"])
    names = (*ACTIVITY_FIELDS, "towards", "batch_id")
    db.execute(
        f"INSERT INTO activities(id, profile_id, place_id, native_id, {', '.join(names)}) VALUES (?,?,?,?{',?' * len(names)})",
        (position, *who, *key, *(was[name] for name in names)),
    )
    found = {who[0]}
    for place_id, native_id, role in was["participants"]:
        for (profile,) in db.execute("SELECT id FROM profiles WHERE place_id = ? AND native_id = ?", (place_id, native_id)).fetchall():
            db.execute("INSERT OR IGNORE INTO participants(profile_id, activity_id, role) VALUES (?,?,?)", (profile, position, role))
            found.add(profile)
    index_spaced(db, position)
    return found


def forget(db: Desk, keys: str, values: dict[str, object]) -> None:
    """Nothing is kept of what these profiles did or took part in. keys: a question for (place, native id) of profiles."""
    db.execute(
        f"DELETE FROM overwritten WHERE tbl = {WITHDRAWN} AND before <> 'null' AND ((json_extract(before, '$.who[0]'), json_extract(before, '$.who[1]')) IN ({keys}) "
        "OR EXISTS (SELECT 1 FROM json_each(before, '$.participants') x WHERE (json_extract(x.value, '$[0]'), json_extract(x.value, '$[1]')) IN "
        f"({keys})))",
        values,
    )
