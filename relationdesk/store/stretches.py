"""What many profiles did, merged, a page at a time: one question over a stretch of time for all of them, as long as it takes to fill the page.

Asking each profile for its own page costs a question for each of them on a page that lies deep, where none can be left out (a thousand
profiles: 33 times the rows themselves; so: 5 to 14 times). The next stretch is as long as the last one lets expect.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from relationdesk.store.database import Desk
from relationdesk.store.spans import EVER, FOREVER, Held
from relationdesk.store.timekey import EPOCH_2000

_FIRST = 4 * 86_400 * 8
"""How long the first stretch is, in ids: some days hold a page of a hundred people."""
_EARLIEST = -EPOCH_2000 * 8
"""The id of 1970. Hardly anything is older; what is, and what has no time, is asked in one go."""
_LEAST, _MOST = 2, 32
"""So many times as long may the next stretch be."""


class Touched(NamedTuple):
    """A profile, the id of the newest that it did, and the positions between which it is somebody's (as in `spans.Held`)."""

    profile_id: int
    last: int
    from_id: int = EVER
    until_id: int = FOREVER


def newest(db: Desk, profiles: Sequence[Touched], start: int, end: int, where: str, bound: Sequence[object], limit: int) -> list[int]:
    """The newest ids by these profiles from start (included) to end (not), newest first. profiles: newest first. where, bound: a further
    condition on `a`, and its values."""
    found: list[int] = []
    high, width = min(end, profiles[0].last + 1 if profiles else EVER), _FIRST
    while high > start and len(found) < limit:
        low = max(start, high - width if high - width > _EARLIEST else EVER)
        some = _between(db, profiles, low, high, where, bound, "DESC", limit - len(found))
        found += some
        high, width = low, _next(width, len(some), limit - len(found))
    return found


def oldest(db: Desk, profiles: Sequence[Touched], after: int, where: str, bound: Sequence[object], limit: int) -> list[int]:
    """The oldest ids by these profiles after that one, oldest first."""
    found: list[int] = []
    low, end, width = after + 1, profiles[0].last + 1 if profiles else EVER, _FIRST
    while low < end and len(found) < limit:
        high = min(end, low + width if low >= _EARLIEST else _EARLIEST)
        some = _between(db, profiles, low, high, where, bound, "ASC", limit - len(found))
        found += some
        low, width = high, _next(width, len(some), limit - len(found))
    return found


def _between(db: Desk, profiles: Sequence[Touched], low: int, high: int, where: str, bound: Sequence[object], order: str, limit: int) -> list[int]:
    """At most so many ids from low (included) to high (not), in that order: of the many in one question, of the few that were somebody's
    for a time each by itself."""
    question = f"a.id >= ? AND a.id < ?{where} ORDER BY a.id {order} LIMIT ?"
    awake = [one for one in profiles if one.last >= low]
    whole = json.dumps([one.profile_id for one in awake if one.from_id <= EVER and one.until_id >= FOREVER])
    found = [row[0] for row in db.execute(f"SELECT a.id FROM json_each(?) p CROSS JOIN activities a ON a.profile_id = p.value AND {question}", (whole, low, high, *bound, limit))]
    for one in awake:
        if one.from_id > EVER or one.until_id < FOREVER:
            values = (one.profile_id, max(low, one.from_id), min(high, one.until_id), *bound, limit)
            found += [row[0] for row in db.execute(f"SELECT a.id FROM activities a WHERE a.profile_id = ? AND {question}", values)]
    return sorted(found, reverse=order == "DESC")[:limit]


def per_week(db: Desk, profiles: Sequence[Held], since: int) -> dict[int, int]:
    """How much these profiles did in each week (number since 5 January 1970, a Monday) from a position on; weeks without anything are left out."""
    rows = db.execute(
        f"SELECT ((a.id >> 3) + {EPOCH_2000} - 345600) / 604800 AS week, count(*) FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, "
        "'$[1]') AS low, json_extract(value, '$[2]') AS high FROM json_each(?1)) h CROSS JOIN activities a ON a.profile_id = h.id AND a.id >= "
        "max(h.low, ?2) AND a.id < h.high GROUP BY week",
        (json.dumps(profiles), since),
    )
    return dict(rows.fetchall())


def _next(width: int, found: int, missing: int) -> int:
    """How long the next stretch is: half again as long as the last one lets expect."""
    return width * (_MOST if not found else min(_MOST, max(_LEAST, 1 + 3 * missing // (2 * found))))
