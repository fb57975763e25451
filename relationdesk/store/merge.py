"""Bring staged facts into the desk: one set of statements, new and changed rows only, caches kept in the same step.

Staged, then merged at once, because row by row costs 15,700 times a single commit and this about 460 times
(performance.md). Called inside `transaction`. Facts that the user forgot or the place withdrew do not come back.
"""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.model import Kind
from relationdesk.store import caches, captures, forgotten, stand_ins
from relationdesk.store.batch_wording import PROFILE_FIELDS
from relationdesk.store.database import Desk
from relationdesk.store.merge_activities import ACTIVITY_DIFFERS, merge_activities, room_for_words
from relationdesk.store.staging import Staging


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a merge did, or would do. new/changed/unchanged are activities unless named otherwise."""

    read_profiles: int = 0
    read_activities: int = 0
    new_profiles: int = 0
    new_activities: int = 0
    changed: int = 0
    changed_profiles: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: int = 0
    dropped: int = 0  # forgotten or withdrawn earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """counts, and the ids of what was touched: profiles that are new or changed, people whose timeline changed."""

    counts: Counts
    profiles: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()


def preview(staging: Staging) -> Counts:
    """What `merge` would do with what is staged now, without writing to the desk."""
    staging.flush()
    _complete(staging.db)
    return _count(staging, by_login=False)


def merge(staging: Staging, *, batch_id: int | None, now: int) -> Merged:
    """Merge what is staged. batch_id None: a login brought it. now: unix seconds, for tombstones only.

    Call inside `transaction`, after `prepare`.
    """
    db = staging.db
    counts = _count(staging, by_login=batch_id is None)
    _names(db)
    stand_ins.adopt(db)
    _drop_unwanted(db, by_login=batch_id is None)
    _merge_profiles(db, batch_id)
    captures.adopt(db, batch_id)
    with room_for_words(db, counts.new_activities + counts.changed):
        merge_activities(db, batch_id)
    _merge_tombstones(db, now)
    _merge_coverage(db, batch_id)
    touched = {
        row[0]
        for row in db.execute(
            "SELECT id FROM stage.profiles WHERE touched = 1 OR is_new = 1 UNION SELECT profile_id FROM temp.touched"
        )
    }
    people = caches.refresh(db, touched)
    places = {row[0] for row in db.execute("SELECT DISTINCT place FROM stage.activities")}
    return Merged(counts=counts, profiles=frozenset(touched), people=frozenset(people), places=frozenset(places))


def is_empty(staging: Staging) -> bool:
    """True if nothing staged says anything: no activity, and no profile but that of an owner without a name."""
    (found,) = staging.db.execute(
        "SELECT EXISTS (SELECT 1 FROM stage.activities) OR EXISTS (SELECT 1 FROM stage.profiles WHERE is_owner = 0 "
        "OR display_name <> '')"
    ).fetchone()
    return not found


def prepare(staging: Staging) -> None:
    """Everything that needs no lock on the desk; before `transaction`."""
    staging.flush()
    _complete(staging.db)


def _complete(db: Desk) -> None:
    """Every key that an activity names has a staged profile, even if its source forgot to say who that is."""
    columns = {row[1] for row in db.execute("PRAGMA stage.table_info(profiles)")}
    if "touched" not in columns:
        db.execute("ALTER TABLE stage.profiles ADD COLUMN touched INTEGER DEFAULT 0")
    empty = "'', '', '', '', '', '', '', 0, 0, 0, NULL, 0, 0"
    db.execute(
        f"INSERT OR IGNORE INTO stage.profiles SELECT DISTINCT actor_place, actor_id, {empty} FROM stage.activities"
    )
    db.execute(
        f"INSERT OR IGNORE INTO stage.profiles SELECT DISTINCT who_place, who_id, {empty} FROM stage.participants"
    )
    db.execute(
        f"INSERT OR IGNORE INTO stage.profiles SELECT who_place, who_id, {empty} FROM stage.coverage WHERE who_id <> ''"
    )
    forgotten.mark(db)


def _names(db: Desk) -> None:
    db.execute(
        "INSERT OR IGNORE INTO places(name) SELECT place FROM stage.profiles UNION SELECT place FROM stage.activities "
        "UNION SELECT place FROM stage.tombstones UNION SELECT place FROM stage.coverage"
    )
    db.executemany("INSERT OR IGNORE INTO kinds(name) VALUES (?)", [(kind.value,) for kind in Kind])


_MAY_RETURN = "called off"
"""Why an activity was withdrawn, where its place may show it again; else "withdrawn"."""


_TOWARDS = "FROM stage.participants x WHERE x.place = {a}.place AND x.native_id = {a}.native_id"
_ONLY_TOWARDS_FORGOTTEN = (
    "{a}.audience = 2 AND EXISTS (SELECT 1 FROM stage.forgotten) AND EXISTS (SELECT 1 " + _TOWARDS + ") AND NOT EXISTS (SELECT 1 " + _TOWARDS
    + " AND (x.who_place, x.who_id) NOT IN stage.forgotten)"
)
"""What was said privately to nobody but those who were forgotten."""


def _drop_unwanted(db: Desk, *, by_login: bool) -> None:
    """What the user forgot or the place withdrew; what a login reads again where it may return is withdrawn no longer."""
    gone, tombstones = "stage.forgotten", "(SELECT p.name, t.native_id FROM tombstones t JOIN places p ON p.id = t.place_id)"
    if by_login:
        db.execute(
            "DELETE FROM tombstones WHERE why = ? AND (place_id, native_id) IN "
            "(SELECT l.id, s.native_id FROM stage.activities s JOIN places l ON l.name = s.place)",
            (_MAY_RETURN,),
        )
    db.execute(f"DELETE FROM stage.activities WHERE (actor_place, actor_id) IN {gone}")
    db.execute(f"DELETE FROM stage.activities WHERE {_ONLY_TOWARDS_FORGOTTEN.format(a='stage.activities')}")
    db.execute(f"DELETE FROM stage.activities WHERE (place, native_id) IN {tombstones}")
    db.execute(f"DELETE FROM stage.coverage WHERE who_id <> '' AND (who_place, who_id) IN {gone}")
    db.execute(f"DELETE FROM stage.participants WHERE (who_place, who_id) IN {gone}")
    db.execute(f"DELETE FROM stage.profiles WHERE (place, native_id) IN {gone}")


_PROFILE_DIFFERS = " OR ".join(f"(s.{f} <> '' AND s.{f} <> p.{f})" for f in PROFILE_FIELDS if f != "folded") + (
    " OR s.known > p.known OR s.is_company > p.is_company OR s.is_owner > p.is_owner"
)


_NEW_ADDRESS = (
    "EXISTS (SELECT 1 FROM stage.addresses x LEFT JOIN main.addresses y ON y.profile_id = p.id AND y.kind = x.kind AND "
    "y.value = x.value WHERE x.place = s.place AND x.native_id = s.native_id AND (y.value IS NULL OR x.vouched > y.vouched))"
)
SAME_PROFILE = (
    "FROM stage.profiles s JOIN main.places l ON l.name = s.place JOIN main.profiles p ON p.place_id = l.id AND "
    "p.native_id = s.native_id"
)
PROFILE_SAYS_MORE = " OR ".join(f"(s.{f} <> '' AND s.{f} <> p.{f})" for f in PROFILE_FIELDS if f != "folded") + f" OR {_NEW_ADDRESS}"
"""True if the user would see a difference: the marks, which only say how well a profile is known, are left out."""
_STAGED_ADDRESSES = "FROM stage.addresses x WHERE x.place = s.place AND x.native_id = s.native_id"
_MARKS = ("known", "is_company", "is_owner")
_NOT_JUST_THAT = (
    " OR ".join(f"s.{f} <> p.{f}" for f in (*PROFILE_FIELDS, *_MARKS) if f != "folded")
    + f" OR {_NEW_ADDRESS} OR (SELECT count(*) FROM main.addresses WHERE profile_id = p.id) <> (SELECT count(*) {_STAGED_ADDRESSES})"
    + f" OR (SELECT sum(vouched) FROM main.addresses WHERE profile_id = p.id) <> (SELECT sum(vouched) {_STAGED_ADDRESSES})"
)
"""True if what stands in the desk is not exactly what is staged: only then both have to be remembered for an undo."""


def _profile_as_json() -> str:
    """How the profile p was and what s says of it, see `batch_wording`."""
    was, says = (", ".join(f"'{f}', {t}.{f}" for f in (*PROFILE_FIELDS, *_MARKS)) for t in "ps")
    now = "json((SELECT json_group_array(json_array(kind, value, vouched)) FROM main.addresses WHERE profile_id = p.id))"
    staged = f"json((SELECT json_group_array(json_array(x.kind, x.value, x.vouched)) {_STAGED_ADDRESSES}))"
    return f"json_object({was}, 'addresses', {now}, 'said', json_object({says}, 'addresses', {staged}))"


def _merge_profiles(db: Desk, batch_id: int | None) -> None:
    find = (
        "UPDATE stage.profiles AS s SET id = (SELECT p.id FROM main.profiles p JOIN main.places l ON l.id = p.place_id "
        "WHERE l.name = s.place AND p.native_id = s.native_id) WHERE s.id IS NULL"
    )
    db.execute(find)
    db.execute("UPDATE stage.profiles SET is_new = (id IS NULL)")
    db.execute(
        "INSERT INTO main.profiles(place_id, native_id, handle, display_name, folded, url, bio, title, company, known, "
        "is_company, is_owner, batch_id) SELECT l.id, s.native_id, s.handle, s.display_name, s.folded, s.url, s.bio, "
        "s.title, s.company, s.known, s.is_company, s.is_owner, ? FROM stage.profiles s JOIN main.places l "
        "ON l.name = s.place WHERE s.is_new = 1",
        (batch_id,),
    )
    db.execute(find)
    old = "FROM stage.profiles s JOIN main.profiles p ON p.id = s.id WHERE s.is_new = 0"
    db.execute(f"UPDATE stage.profiles SET touched = 1 WHERE id IN (SELECT s.id {old} AND ({_PROFILE_DIFFERS} OR {_NEW_ADDRESS}))")
    if batch_id is None:
        db.execute(f"DELETE FROM overwritten WHERE tbl = 1 AND (place_id, native_id) IN (SELECT p.place_id, p.native_id {old})")
    else:
        db.execute(
            f"INSERT INTO overwritten SELECT ?, 1, p.place_id, p.native_id, {_profile_as_json()} {old} AND ({_NOT_JUST_THAT})",
            (batch_id,),
        )
    db.execute(
        f"INSERT OR IGNORE INTO sightings(batch_id, tbl, place_id, native_id) SELECT ?1, 1, p.place_id, p.native_id {old} "
        "AND (p.batch_id IS NOT NULL OR ?1 > 0)",
        (batch_id or 0,),
    )
    sets = ", ".join(f"{f} = iif(s.{f} = '', p.{f}, s.{f})" for f in PROFILE_FIELDS)
    db.execute(
        f"UPDATE main.profiles AS p SET {sets}, known = max(p.known, s.known), "
        "is_company = max(p.is_company, s.is_company), is_owner = max(p.is_owner, s.is_owner) "
        "FROM stage.profiles s WHERE s.id = p.id AND s.touched = 1"
    )
    db.execute(
        "INSERT INTO main.addresses SELECT s.id, a.kind, a.value, a.vouched FROM stage.addresses a JOIN stage.profiles s "
        "USING (place, native_id) WHERE true ON CONFLICT DO UPDATE SET vouched = 1 WHERE excluded.vouched > vouched"
    )


def _merge_tombstones(db: Desk, now: int) -> None:
    gone = "SELECT a.id FROM main.activities a JOIN main.places l ON l.id = a.place_id JOIN stage.tombstones t ON t.place = l.name AND t.native_id = a.native_id"
    db.execute(f"INSERT OR IGNORE INTO temp.touched SELECT profile_id FROM main.activities WHERE id IN ({gone})")
    db.execute(
        f"INSERT OR IGNORE INTO temp.touched SELECT profile_id FROM main.participants WHERE activity_id IN ({gone})"
    )
    db.execute(f"DELETE FROM main.activities AS a WHERE id IN ({gone}) AND NOT {captures.WRITTEN_DOWN}")
    db.execute(
        "INSERT OR IGNORE INTO main.tombstones SELECT l.id, t.native_id, iif(t.returns, ?, 'withdrawn'), ? FROM stage.tombstones t "
        "JOIN main.places l ON l.name = t.place",
        (_MAY_RETURN, now),
    )
    captures.withdrawn(db, now)


def _merge_coverage(db: Desk, batch_id: int | None) -> None:
    """A good reading widens what is covered and ends an earlier failure."""
    if batch_id is None:
        db.execute("DELETE FROM overwritten WHERE tbl = 4 AND (place_id, native_id) IN (SELECT l.id, c.who_id FROM stage.coverage c JOIN main.places l ON l.name = c.place)")
    else:
        db.execute(
            "INSERT OR IGNORE INTO overwritten SELECT ?, 4, l.id, c.who_id, json_object('had', o.place_id IS NOT NULL, "
            "'row', json_array(o.read_from, o.read_until, o.failed_at, o.failure), 'said', json_array(c.read_from, c.read_until)) "
            "FROM stage.coverage c JOIN main.places l "
            "ON l.name = c.place LEFT JOIN stage.profiles p ON p.place = c.who_place AND p.native_id = c.who_id "
            "LEFT JOIN main.coverage o ON o.place_id = l.id AND o.profile_id = coalesce(p.id, 0)",
            (batch_id,),
        )
    db.execute(
        "INSERT INTO main.coverage(place_id, profile_id, read_from, read_until) SELECT l.id, coalesce(p.id, 0), c.read_from, "
        "c.read_until FROM stage.coverage c JOIN main.places l ON l.name = c.place LEFT JOIN stage.profiles p "
        "ON p.place = c.who_place AND p.native_id = c.who_id WHERE true ON CONFLICT DO UPDATE SET "
        "read_from = iif(read_from IS NULL OR excluded.read_from IS NULL, NULL, min(read_from, excluded.read_from)), "
        "read_until = max(coalesce(read_until, excluded.read_until), excluded.read_until), failed_at = NULL, failure = ''"
    )


def _count(staging: Staging, *, by_login: bool) -> Counts:
    db = staging.db

    def one(sql: str) -> int:
        return int(db.execute(sql).fetchone()[0])

    has = "EXISTS (SELECT 1 FROM main.{t} x JOIN main.places l ON l.id = x.place_id WHERE l.name = s.place AND x.native_id = s.native_id)"
    old = (
        "FROM stage.activities s JOIN main.places l ON l.name = s.place JOIN main.activities a ON a.place_id = l.id "
        "AND a.native_id = s.native_id LEFT JOIN main.kinds k ON k.name = s.kind"
    )
    came_back = f" AND x.why <> '{_MAY_RETURN}'" if by_login else ""
    dropped = one(
        "SELECT count(*) FROM stage.activities s WHERE EXISTS (SELECT 1 FROM main.tombstones x JOIN main.places l ON "
        f"l.id = x.place_id WHERE l.name = s.place AND x.native_id = s.native_id{came_back}) OR (s.actor_place, s.actor_id) IN stage.forgotten OR "
        + _ONLY_TOWARDS_FORGOTTEN.format(a="s")
    )
    read = one("SELECT count(*) FROM stage.activities")
    seen = one(f"SELECT count(*) {old}")
    changed = one(f"SELECT count(*) {old} WHERE {ACTIVITY_DIFFERS}")
    return Counts(
        read_profiles=one("SELECT count(*) FROM stage.profiles"),
        read_activities=read,
        new_profiles=one(f"SELECT count(*) FROM stage.profiles s WHERE NOT {has.format(t='profiles')}"),
        new_activities=read - seen - dropped,
        changed=changed,
        changed_profiles=one(f"SELECT count(*) {SAME_PROFILE} WHERE {PROFILE_SAYS_MORE}"),
        unchanged=seen - changed,
        withdrawn=one("SELECT count(*) FROM stage.tombstones s WHERE " + has.format(t="activities")),
        rejected=staging.rejected,
        dropped=dropped,
    )
