"""Messages of which one file of a place tells neither id nor second, and another file both: they are recognised by minute, words and side.

What comes later takes the id of what is here, so that both are one row, and an import can go without the other.
"""

from __future__ import annotations

from collections import defaultdict

from relationdesk.model import Kind
from relationdesk.store.database import Desk
from relationdesk.store.timekey import EPOCH_2000
from relationdesk.text import LOOSE

_AFTER = LOOSE[:-1] + chr(ord(LOOSE[-1]) + 1)
_STAGED = (
    "SELECT s.n, l.id, s.native_id, s.published / 60, s.text, q.is_owner FROM stage.activities s JOIN main.places l ON l.name = s.place JOIN "
    "stage.profiles q ON q.place = s.actor_place AND q.native_id = s.actor_id WHERE s.kind = ? AND s.text <> '' AND s.published IS NOT NULL "
    "AND l.id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM main.activities a WHERE a.place_id = l.id AND "
    "a.native_id = s.native_id) ORDER BY s.published, s.n"
)
_KNOWN = (
    "SELECT a.native_id FROM main.activities a JOIN main.profiles q ON q.id = a.profile_id JOIN main.kinds k ON k.id = a.kind WHERE a.id >= ? AND "
    "a.id < ? AND a.place_id = ? AND k.name = ? AND a.text = ? AND q.is_owner = ? ORDER BY a.id"
)


def settle(db: Desk) -> None:
    """Before staged and known activities are compared. Writes to the staging alone."""
    places = _places(db)
    if not places:
        return
    taken: dict[int, set[str]] = defaultdict(set)
    for n, place, native_id, minute, text, is_owner in db.execute(_STAGED, (Kind.MESSAGE.value, places)).fetchall():
        first = (minute * 60 - EPOCH_2000) * 8
        for (known,) in db.execute(_KNOWN, (first, first + 60 * 8, place, Kind.MESSAGE.value, text, is_owner)):
            if known not in taken[place] and native_id.startswith(LOOSE) != known.startswith(LOOSE):
                taken[place].add(known)
                db.execute(
                    "UPDATE stage.participants SET native_id = ?1 WHERE (place, native_id) = (SELECT place, native_id FROM stage.activities WHERE n = ?2)", (known, n)
                )
                db.execute("UPDATE stage.activities SET native_id = ?1 WHERE n = ?2", (known, n))
                break


def _places(db: Desk) -> str:
    """Those of the staged places in which something loose is staged or known, as JSON; "" for none."""
    (found,) = db.execute(
        "SELECT json_group_array(l.id) FROM main.places l WHERE l.name IN (SELECT DISTINCT place FROM stage.profiles) AND (EXISTS (SELECT 1 FROM "
        "main.activities a WHERE a.place_id = l.id AND a.native_id >= ?1 AND a.native_id < ?2) OR EXISTS (SELECT 1 FROM stage.activities s WHERE "
        "s.place = l.name AND s.native_id >= ?1 AND s.native_id < ?2))",
        (LOOSE, _AFTER),
    ).fetchone()
    return "" if found == "[]" else str(found)
