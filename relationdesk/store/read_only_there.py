"""What one login alone has brought, and taking it out in portions, when the user removes the login and wants that gone, too.

Nobody writes down which login brought what, so it is told by what is followed: where no other login reads the place, everything there;
else only those whom no other login follows. What a file brought as well, and what the user wrote or decided, is never part of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from relationdesk.model import Login
from relationdesk.store import activities, caches
from relationdesk.store.database import Desk
from relationdesk.store.portions import Pace, Step, Steps, some_of
from relationdesk.store.taking_out import ONLY_READ
from relationdesk.store.tellings import OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """profiles: whose activities only this login brings. strangers: those of them, and of the place, that are nobody's and would be left without
    any reason to be here. is_whole: no other login reads this place."""

    profiles: tuple[int, ...]
    activities: int
    is_whole: bool
    place: str


_OTHERS = (
    "SELECT q.id FROM streams s JOIN places l ON l.name = s.profile_place JOIN profiles q ON q.place_id = l.id AND q.native_id = s.profile_native_id "
    "WHERE s.login_id <> :login AND s.followed = 1"
)
_FOLLOWED = (
    "SELECT q.id FROM streams s JOIN places l ON l.name = s.profile_place JOIN profiles q ON q.place_id = l.id AND q.native_id = s.profile_native_id "
    "WHERE s.login_id = :login"
)
_ALL_THERE = "SELECT q.id FROM profiles q JOIN places l ON l.id = q.place_id WHERE l.name = :place"
_GOES = f"{ONLY_READ} AND NOT (a.native_id >= '{OURS}' AND a.native_id < '{OURS[:-1]};')"
"""Changes of job are derived from what profiles told, and stay with them."""
_AMONG = "IN (SELECT value FROM json_each(:ids))"


def scope(db: Desk, login: Login) -> Scope:
    """What would go with this login. Only reads."""
    values = {"login": login.id, "place": login.place}
    shared = "SELECT EXISTS (SELECT 1 FROM logins WHERE place = :place AND id <> :login)"
    is_whole = login.source != "feed" and not db.execute(shared, values).fetchone()[0]
    mine = f"{_ALL_THERE} UNION {_FOLLOWED}" if is_whole else _FOLLOWED
    ids = tuple(row[0] for row in db.execute(f"SELECT id FROM ({mine}) WHERE id NOT IN ({_OTHERS}) ORDER BY id", values))
    asked = f"SELECT count(*) FROM activities a WHERE a.profile_id {_AMONG} AND {_GOES}"
    (count,) = db.execute(asked, {"ids": json.dumps(ids)}).fetchone()
    return Scope(profiles=ids, activities=int(count), is_whole=is_whole, place=login.place)


def take_out(db: Desk, found: Scope) -> Steps:
    """Activities first, then profiles that nothing holds any more, then what was noted of reading them. Begun again, it does what is left."""
    yield Step.READ
    ids = json.dumps(found.profiles)
    doomed = [row[0] for row in db.execute(f"SELECT a.id FROM activities a WHERE a.profile_id {_AMONG} AND {_GOES} ORDER BY a.id", {"ids": ids})]
    took_part = f"SELECT DISTINCT profile_id FROM participants WHERE activity_id {_AMONG}"
    touched = {*found.profiles, *(row[0] for row in db.execute(took_part, {"ids": json.dumps(doomed)}))}
    for some in some_of(doomed, pace := Pace()):
        yield Step.WRITE
        with pace:
            activities.remove(db, some)
    for some in some_of(found.profiles, pace := Pace()):
        yield Step.WRITE
        with pace:
            _unread(db, json.dumps(some))
    yield Step.WRITE
    if found.is_whole:
        db.execute("DELETE FROM coverage WHERE profile_id = 0 AND place_id = (SELECT id FROM places WHERE name = ?)", (found.place,))
    yield from caches.renewing(db, touched)
    for some in some_of(found.profiles, pace := Pace()):
        yield Step.WRITE
        with pace:
            db.execute(f"DELETE FROM profiles WHERE id {_AMONG} AND {_HELD_BY_NOTHING}", {"ids": json.dumps(some)})


_HELD_BY_NOTHING = (
    "batch_id IS NULL AND person_id IS NULL AND company_id IS NULL AND settled = '' AND is_owner = 0 "
    "AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.profile_id = profiles.id) "
    "AND NOT EXISTS (SELECT 1 FROM participants x WHERE x.profile_id = profiles.id) "
    "AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.profile_id = profiles.id) "
    "AND id NOT IN (SELECT profile_id FROM spans) "
    "AND NOT EXISTS (SELECT 1 FROM stand_ins i WHERE i.profile_id = profiles.id) "
    "AND NOT EXISTS (SELECT 1 FROM sightings s WHERE s.tbl = 1 AND s.place_id = profiles.place_id AND s.native_id = profiles.native_id AND s.batch_id > 0)"
)


def _unread(db: Desk, ids: str) -> None:
    """Of what stays because a file brought it, that a login saw it, too; and until when these were read."""
    db.execute(f"DELETE FROM coverage WHERE profile_id {_AMONG}", {"ids": ids})
    for tbl, keys in ((2, f"SELECT place_id, native_id FROM activities WHERE profile_id {_AMONG}"), (1, f"SELECT place_id, native_id FROM profiles WHERE id {_AMONG}")):
        for table in ("sightings", "revisions"):
            db.execute(f"DELETE FROM {table} WHERE tbl = {tbl} AND batch_id = 0 AND (place_id, native_id) IN ({keys})", {"ids": ids})
