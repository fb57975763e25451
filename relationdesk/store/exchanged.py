"""What was last said between me and one person, and when we meet next: for texts that are filled in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from relationdesk.model import Kind, Precision
from relationdesk.store import people, spans
from relationdesk.store.database import Desk
from relationdesk.store.timekey import PRECISIONS, id_at, moment, seconds

SINCE_DAYS = 3 * 366
MET_MOST = 15
"""With more people it is an event, and nobody in it is met."""
_FEW = 12
_SAID = (Kind.MAIL, Kind.MESSAGE, Kind.REPLY, Kind.COMMENT, Kind.POST)
_THEIRS = (
    "SELECT a.id, a.title, substr(a.text, 1, 500) FROM activities a WHERE a.profile_id IN (SELECT value FROM json_each(:them)) AND a.id BETWEEN :since AND :until "
    "AND EXISTS (SELECT 1 FROM participants x WHERE x.activity_id = a.id AND x.profile_id IN (SELECT value FROM json_each(:me)) AND x.role NOT IN (1, 2){mine}) AND {theirs} {which}"
)
_MINE = (
    "SELECT a.id, a.title, substr(a.text, 1, 500) FROM participants x CROSS JOIN activities a ON a.id = x.activity_id WHERE x.profile_id IN "
    "(SELECT value FROM json_each(:them)) AND x.activity_id BETWEEN :since AND :until AND x.role NOT IN (1, 2) AND a.profile_id IN (SELECT value FROM "
    "json_each(:me)){mine} AND {theirs} {which}"
)
_WHICH = (
    "AND a.published <= :now AND (:public = 0 OR a.audience = 0) AND (a.title <> '' OR a.text <> '') AND a.kind IN (SELECT id FROM kinds WHERE name IN "
    "(SELECT value FROM json_each(:kinds))) ORDER BY a.id DESC LIMIT :few"
)


def newest(db: Desk, person_id: int, now: datetime, *, public: bool = False) -> list[tuple[str, str]]:
    """(title, the beginning of the text) of a few of the last things said between us, newest first. public: only what everybody could read."""
    mine = people.my_profiles(db)
    values = {
        "them": _profiles(db, person_id), "me": json.dumps(sorted(mine)), "now": seconds(now), "person": person_id,
        "since": id_at(now - timedelta(days=SINCE_DAYS)), "until": id_at(now) + 7, "public": int(public), "few": _FEW,
        "kinds": json.dumps([kind.value for kind in _SAID]),
    }  # fmt: skip
    found: dict[int, tuple[str, str]] = {}
    for question, their_column, my_column in ((_THEIRS, "a.profile_id", "x.profile_id"), (_MINE, "x.profile_id", "a.profile_id")):
        theirs = spans.is_theirs("a.id", their_column, ":person")
        sql = question.format(which=_WHICH, theirs=theirs, mine=spans.only_mine(db, mine, "a.id", my_column))
        found |= {row[0]: (row[1], row[2]) for row in db.execute(sql, values)}
    return [found[id_] for id_ in sorted(found, reverse=True)]


def _profiles(db: Desk, person_id: int) -> str:
    return json.dumps(sorted({held.profile_id for held in spans.of_person(db, person_id)}))


def next_meeting(db: Desk, person_id: int, now: datetime, until: datetime) -> tuple[datetime, Precision] | None:
    """When it begins, and how exactly that is known: the next calendar entry in which I and this person take part, with few others.

    By its date, not its position: what was still to come when it was read sorts where it was read.
    """
    today = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    rows = db.execute(
        "SELECT a.published, a.precision FROM activities a WHERE a.id IN (SELECT a.id FROM activities a WHERE a.profile_id IN (SELECT value FROM "
        f"json_each(:them)) AND {spans.is_theirs('a.id', 'a.profile_id', ':person')} UNION SELECT x.activity_id FROM participants x WHERE x.profile_id "
        f"IN (SELECT value FROM json_each(:them)) AND {spans.is_theirs('x.activity_id', 'x.profile_id', ':person')}) "
        "AND a.kind = (SELECT id FROM kinds WHERE name = 'event') AND a.published < :until AND (a.published > :now OR (a.precision = :day AND "
        "a.published >= :today)) AND (a.profile_id IN (SELECT value FROM json_each(:me)) OR EXISTS (SELECT 1 FROM participants x WHERE x.activity_id = a.id "
        "AND x.profile_id IN (SELECT value FROM json_each(:me)))) AND (SELECT count(*) FROM participants x WHERE x.activity_id = a.id) <= :most "
        "ORDER BY a.published, a.id LIMIT 1",
        {"them": _profiles(db, person_id), "person": person_id, "me": json.dumps(sorted(people.my_profiles(db))), "now": seconds(now),
         "today": seconds(today), "until": seconds(until), "day": PRECISIONS.index(Precision.DAY), "most": MET_MOST},
    ).fetchone()  # fmt: skip
    return None if rows is None else (moment(rows[0]), PRECISIONS[rows[1]])
