"""What the user decides about people while a long run decides about profiles, too."""

from __future__ import annotations

import json

from relationdesk.store.database import Desk
from relationdesk.store.portions import Watch

_LAST = "SELECT coalesce(max(decision_id), ?1) FROM decision_rows WHERE decision_id > ?1 AND tbl IN ('people', 'companies', 'profiles', 'kept_apart')"

_CONCERNED = """
WITH some(id) AS (
  SELECT id FROM decisions WHERE id > ?1 UNION SELECT value FROM json_each(?2) UNION SELECT decision_id FROM compounds
)
SELECT json_extract(r.key, '$.id') FROM some JOIN decision_rows r ON r.decision_id = some.id AND r.tbl = 'people' UNION
SELECT j.value FROM some JOIN decision_rows r ON r.decision_id = some.id AND r.tbl = 'profiles'
  LEFT JOIN profiles q ON q.id = json_extract(r.key, '$.id')
  JOIN json_each(json_array(q.person_id, json_extract(r.before, '$.person_id'), json_extract(r.after, '$.person_id'))) j ON j.value IS NOT NULL
"""


class Meanwhile:
    """Decisions about people, companies or profiles, and what of them is taken back or made again, since it was looked last."""

    def __init__(self, db: Desk) -> None:
        self._db, self._watch = db, Watch(db)
        self._last, self._undone = 0, dict[int, int]()

    def has_moved(self) -> bool:
        """Whether anybody else wrote to the desk since this was asked last."""
        return self._watch.has_moved()

    def look(self) -> frozenset[int] | None:
        """People who may be concerned, a few too many, because what later decisions rested on is done again; None if nothing was decided."""
        last, undone = self._last, self._undone
        (self._last,) = self._db.execute(_LAST, (last,)).fetchone()
        self._undone = dict(self._db.execute("SELECT id, undone_at FROM decisions WHERE undone_at IS NOT NULL").fetchall())
        if (last, undone) == (self._last, self._undone):
            return None
        back = json.dumps(sorted({*undone, *self._undone}))
        return frozenset(row[0] for row in self._db.execute(_CONCERNED, (last, back)))
