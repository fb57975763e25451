"""Whose desk it is after decisions about that were taken back or done again, in any order.

Each such decision moves one mark between two people, and there is only one mark: put back row by row, it would be lost
where a decision in the middle goes first. So the mark follows from the decisions that are in force.
"""

from __future__ import annotations

from relationdesk.store.database import Desk

_ROWS = (
    "SELECT d.id, d.undone_at, r.n, json_extract(r.key, '$.id') AS person_id, json_extract(r.before, '$.is_me') AS was, "
    "json_extract(r.after, '$.is_me') AS became FROM decisions d JOIN decision_rows r ON r.decision_id = d.id AND r.tbl = 'people' "
    "JOIN people p ON p.id = json_extract(r.key, '$.id') WHERE d.kind = 'me' ORDER BY d.id, r.n"
)


def follow_decisions(db: Desk) -> None:
    """Mark whom the newest decision in force names; without any, who was marked before the first one. Inside `transaction`."""
    rows = db.execute(_ROWS).fetchall()
    named = [person for _, undone, _, person, _, became in rows if undone is None and became == 1]
    first = {person: was for _, _, _, person, was, _ in reversed(rows)}
    before = [person for person, was in first.items() if was == 1]  # the newest: who was marked by an import in between
    marked = [row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 1") if row[0] not in first]
    me = next(iter((*reversed(named), *before, *marked)), None)
    db.execute("UPDATE people SET is_me = 0 WHERE is_me = 1 AND id IS NOT ?", (me,))
    db.execute("UPDATE people SET is_me = 1 WHERE is_me = 0 AND id = ?", (me,))
