"""Real contact: what was said between me and somebody, either way and in any place, and the calls and meetings noted down.

Computed whenever it is asked for, from when things happened: what arrives late never moves it back, and what has its day still to come
is no contact yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from relationdesk.store import people, spans
from relationdesk.store.database import Desk
from relationdesk.store.timekey import id_at, moment, seconds

SINCE_DAYS = 3 * 366
"""So far back it is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """When there was contact last, aware UTC; None never. theirs: from them to me. mine: from me to them. spoken: a call or meeting."""

    theirs: datetime | None = None
    mine: datetime | None = None
    spoken: datetime | None = None

    @property
    def last(self) -> datetime | None:
        """Whichever was latest."""
        return max((at for at in (self.theirs, self.mine, self.spoken) if at is not None), default=None)


NEVER = Contact()

_WHOSE = spans.holder("a.id", "q")
_TO_ME = f"""
SELECT {_WHOSE} AS person_id, max(a.published) FROM json_each(:me) m CROSS JOIN participants x ON x.profile_id = m.value AND x.activity_id BETWEEN :since AND :until
  CROSS JOIN activities a ON a.id = x.activity_id CROSS JOIN profiles q ON q.id = a.profile_id
WHERE x.role NOT IN (1, 2) AND a.published <= :now AND {_WHOSE} IS NOT NULL{{mine}} GROUP BY 1
"""
_FROM_ME = f"""
SELECT {_WHOSE} AS person_id, max(a.published) FROM json_each(:me) m CROSS JOIN activities a ON a.profile_id = m.value AND a.id BETWEEN :since AND :until
  CROSS JOIN participants x ON x.activity_id = a.id CROSS JOIN profiles q ON q.id = x.profile_id
WHERE x.role NOT IN (1, 2) AND a.published <= :now AND {_WHOSE} IS NOT NULL{{mine}} GROUP BY 1
"""
_SOME_TO_ME = f"""
SELECT w.value, max(a.published) FROM json_each(:them) w CROSS JOIN profiles q ON q.id IN {spans.held_by("w.value")}
  CROSS JOIN activities a ON a.profile_id = q.id AND a.id BETWEEN :since AND :until CROSS JOIN participants x ON x.activity_id = a.id
WHERE x.profile_id IN (SELECT value FROM json_each(:me)) AND x.role NOT IN (1, 2) AND a.published <= :now AND {_WHOSE} = w.value{{mine}} GROUP BY 1
"""
_SOME_FROM_ME = f"""
SELECT w.value, max(a.published) FROM json_each(:them) w CROSS JOIN profiles q ON q.id IN {spans.held_by("w.value")}
  CROSS JOIN participants x ON x.profile_id = q.id AND x.activity_id BETWEEN :since AND :until CROSS JOIN activities a ON a.id = x.activity_id
WHERE a.profile_id IN (SELECT value FROM json_each(:me)) AND x.role NOT IN (1, 2) AND a.published <= :now AND {_WHOSE} = w.value{{mine}} GROUP BY 1
"""
_SPOKEN = """
SELECT person_id, max(happened_at) FROM notes WHERE kind IN ('call', 'meeting') AND trashed_at IS NULL AND person_id IS NOT NULL
  AND happened_at BETWEEN :from AND :now {some} GROUP BY person_id
"""


def last(db: Desk, now: datetime, ids: Iterable[int] | None = None) -> dict[int, Contact]:
    """By person; ids None: everybody. People with whom there was none are not in it."""
    since = now - timedelta(days=SINCE_DAYS)
    them = None if ids is None else json.dumps(sorted(set(ids)))
    me = people.my_profiles(db)
    to_me, from_me = spans.only_mine(db, me, "a.id", "x.profile_id"), spans.only_mine(db, me, "a.id", "a.profile_id")
    values = {
        "me": json.dumps(sorted(me)), "since": id_at(since), "until": id_at(now) + 7, "now": seconds(now), "from": seconds(since),
        "them": them,
    }  # fmt: skip
    some = "" if them is None else "AND person_id IN (SELECT value FROM json_each(:them))"
    theirs = dict(db.execute((_TO_ME if them is None else _SOME_TO_ME).format(mine=to_me), values).fetchall())
    mine = dict(db.execute((_FROM_ME if them is None else _SOME_FROM_ME).format(mine=from_me), values).fetchall())
    spoken = dict(db.execute(_SPOKEN.format(some=some), values).fetchall())
    return {
        id_: Contact(theirs=_at(theirs, id_), mine=_at(mine, id_), spoken=_at(spoken, id_)) for id_ in theirs.keys() | mine.keys() | spoken.keys()
    }  # fmt: skip


def _at(found: dict[int, int], id_: int) -> datetime | None:
    return moment(found[id_]) if id_ in found else None
