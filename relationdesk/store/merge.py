"""Bring staged facts into the desk: one set of statements, new and changed rows only, caches kept in the same step.

Staged, then merged at once, because row by row costs 15,700 times a single commit and this about 460 times
(performance.md). Called inside `transaction`. Facts that the user forgot or the place withdrew do not come back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relationdesk.model import Kind
from relationdesk.store import (
    caches,
    captures,
    forgotten,
    life_days,
    revisions,
    spans,
    stand_ins,
    tellings,
    twins,
    withdrawals,
)
from relationdesk.store.database import Desk
from relationdesk.store.merge_activities import (
    ACTIVITY_DIFFERS,
    OLDER_DIFFERS,
    activity_portions,
    find_activities,
    merge_activities,
    room_for_words,
    taking_part,
)
from relationdesk.store.merge_profiles import (
    CONTRADICTS,
    PROFILE_SAYS_MORE,
    SAME_PROFILE,
    find_profiles,
    merge_profiles,
    profile_portions,
)
from relationdesk.store.portions import Pace, Step, Steps
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
    dropped: int = 0  # forgotten, withdrawn earlier, or told and taken back at once
    older: int = 0  # profiles and activities that say otherwise something of which a newer version is known
    undated: int = 0  # profiles that say otherwise something that may be newer: their file does not say when it was made


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
    """Merge all that is staged. batch_id None: a login brought it. now: unix seconds, for tombstones and for what is
    told of somebody at this moment.

    Call inside `transaction`, after `prepare`.
    """
    db = staging.db
    adopt(db, batch_id)
    counts = found(staging, by_login=batch_id is None)
    if batch_id is None:
        revisions.read_now(db, now)
    name_places(db)
    merge_profiles(db, batch_id)
    tellings.tell(db, batch_id, now)
    life_days.tell(db, batch_id, now)
    with room_for_words(db, counts.new_activities + counts.changed):
        merge_activities(db, batch_id)
    note_withdrawn(db, batch_id, now)
    touched = taking_part(db) | withdraw(db, now) | new_or_changed(db) | tellings.derive(db, tellings.staged(db))
    merge_coverage(db, batch_id)
    people = caches.refresh(db, touched)
    return Merged(counts=counts, profiles=frozenset(touched), people=frozenset(people), places=places(db))


def meets_by_hand(db: Desk) -> bool:
    """Whether what is staged may be somebody kept by their page alone, or something written down by hand; only reads."""
    return bool(db.execute(
        "SELECT EXISTS (SELECT 1 FROM stand_ins s JOIN profiles q ON q.id = s.profile_id JOIN places l ON l.id = q.place_id WHERE l.name IN "
        "(SELECT place FROM stage.profiles)) OR EXISTS (SELECT 1 FROM captures c JOIN profiles q ON q.id = c.profile_id JOIN places l ON "
        "l.id = q.place_id WHERE l.name IN (SELECT place FROM stage.activities) OR l.name IN (SELECT place FROM stage.tombstones))"
    ).fetchone()[0])  # fmt: skip


def adopt(db: Desk, batch_id: int | None) -> None:
    """What the user keeps by hand takes the ids of its place, where what is staged tells them. Before `found`, inside `transaction`."""
    stand_ins.adopt(db)
    captures.adopt(db, batch_id)


def in_pieces(staging: Staging, batch_id: int, now: int, done: Callable[[int], None]) -> Steps:
    """Profiles and activities as `merge` brings them in, but in portions. done: told how many more are in. After `found`."""
    db = staging.db
    for portion in profile_portions(db, pace := Pace()):
        yield Step.WRITE
        with pace:
            merge_profiles(db, batch_id, portion)
            tellings.tell(db, batch_id, now, portion)
            life_days.tell(db, batch_id, now, portion)
        done(portion.rows)
    for portion in activity_portions(db, pace := Pace()):
        yield Step.WRITE
        with pace:
            merge_activities(db, batch_id, portion)
        done(portion.rows)
    yield from tellings.deriving(db)


def found(staging: Staging, *, by_login: bool) -> Counts:
    """Compare what is staged with the desk, and leave out what was forgotten or withdrawn; what the merge will do.

    May take long, and writes to the staging and to temporary tables alone unless a login brought it. After `prepare`.
    """
    counts = _count(staging, by_login=by_login)
    _drop_unwanted(staging, by_login=by_login)
    find_profiles(staging.db)
    find_activities(staging.db)
    return counts


def is_as_found(staging: Staging) -> bool:
    """True if nobody was forgotten since `found`; else it has to be asked again. From the first portion on nobody can be."""
    if unwanted(staging.db) == staging.unwanted:
        return True
    forgotten.mark(staging.db)
    return False


def unwanted(db: Desk) -> tuple[int, ...]:
    """How much was forgotten and withdrawn."""
    return tuple(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("forgotten", "tombstones"))


def new_or_changed(db: Desk) -> set[int]:
    """Profiles that are new or were changed. After `merge_profiles`; only reads."""
    return {row[0] for row in db.execute("SELECT id FROM stage.profiles WHERE touched = 1 OR is_new = 1")}


def places(db: Desk) -> frozenset[str]:
    """Where something was done, by name."""
    return frozenset(row[0] for row in db.execute("SELECT DISTINCT place FROM stage.activities"))


def is_empty(staging: Staging) -> bool:
    """True if nothing staged says anything: no activity, none withdrawn, and no profile but that of an owner without a name."""
    (found,) = staging.db.execute(
        "SELECT EXISTS (SELECT 1 FROM stage.activities) OR EXISTS (SELECT 1 FROM stage.tombstones) OR EXISTS (SELECT 1 FROM stage.profiles WHERE is_owner = 0 "
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
    empty = "'', '', '', '', '', '', '', 0, 0, 0, NULL, 0, 0, 0, 0, 0"
    db.execute(
        f"INSERT OR IGNORE INTO stage.profiles SELECT DISTINCT actor_place, actor_id, {empty} FROM stage.activities"
    )
    db.execute(
        f"INSERT OR IGNORE INTO stage.profiles SELECT DISTINCT who_place, who_id, {empty} FROM stage.participants"
    )
    db.execute(
        f"INSERT OR IGNORE INTO stage.profiles SELECT who_place, who_id, {empty} FROM stage.coverage WHERE who_id <> ''"
    )
    _leave_out_gone(db)
    forgotten.mark(db)
    twins.settle(db)


_HERE = (
    "EXISTS (SELECT 1 FROM main.profiles p JOIN main.places l ON l.id = p.place_id WHERE l.name = stage.profiles.place AND "
    "p.native_id = stage.profiles.native_id{more})"
)


def _leave_out_gone(db: Desk) -> None:
    """Of what a place made part of another profile, what the desk never had and nothing tells of. What it has keeps the name it had."""
    db.execute(
        f"DELETE FROM stage.profiles WHERE gone = 1 AND NOT {_HERE.format(more='')} AND (place, native_id) NOT IN (SELECT actor_place, actor_id "
        "FROM stage.activities) AND (place, native_id) NOT IN (SELECT who_place, who_id FROM stage.participants)"
    )
    named = _HERE.format(more=" AND p.display_name <> ''")
    db.execute(f"UPDATE stage.profiles SET display_name = '', folded = '' WHERE gone = 1 AND {named}")


def name_places(db: Desk) -> None:
    """Numbers for the places and kinds of what is staged. Inside `transaction`."""
    db.execute(
        "INSERT OR IGNORE INTO places(name) SELECT place FROM stage.profiles UNION SELECT place FROM stage.activities "
        "UNION SELECT place FROM stage.tombstones UNION SELECT place FROM stage.coverage"
    )
    db.executemany("INSERT OR IGNORE INTO kinds(name) VALUES (?)", [(kind.value,) for kind in Kind])


_MAY_RETURN = "called off"
"""Why an activity was withdrawn, where its place may show it again; else "withdrawn"."""


_TOWARDS = "FROM stage.participants x WHERE x.place = s.place AND x.native_id = s.native_id"
_FORGOTTEN = (
    f"(s.actor_place, s.actor_id) IN stage.forgotten OR ((s.audience = 2 OR s.kind = '{Kind.CONNECTION.value}') AND "
    f"EXISTS (SELECT 1 {_TOWARDS}) AND NOT EXISTS (SELECT 1 {_TOWARDS} AND (x.who_place, x.who_id) NOT IN stage.forgotten))"
)
"""By somebody who was forgotten; or said privately to nobody but those who were, or that somebody is connected with them."""
_TAKEN_BACK = "EXISTS (SELECT 1 FROM stage.tombstones w WHERE w.place = s.place AND w.native_id = s.native_id)"
"""What the same reading tells and takes back: X keeps a post that was deleted a while ago in both of its lists. It is no news."""
_WITHDRAWN = (
    "EXISTS (SELECT 1 FROM main.tombstones x JOIN main.places l ON l.id = x.place_id WHERE l.name = s.place AND x.native_id = s.native_id{unless})"
)


def _left_out(db: Desk, *, by_login: bool) -> str:
    """A condition on the staged activities `s` that are left out. Of what the desk has nothing, as of most, it does not speak: all are asked."""
    may_return = f" AND x.why <> '{_MAY_RETURN}'" if by_login else ""
    reasons = {"main.tombstones": _WITHDRAWN.format(unless=may_return), "stage.tombstones": _TAKEN_BACK, "stage.forgotten": _FORGOTTEN}
    return " OR ".join(reason for table, reason in reasons.items() if db.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]) or "false"


def _drop_unwanted(staging: Staging, *, by_login: bool) -> None:
    """What the user forgot or the place withdrew; what a login reads again where it may return is withdrawn no longer."""
    db, staging.unwanted = staging.db, unwanted(staging.db)
    gone, left_out = "stage.forgotten", _left_out(db, by_login=by_login)
    if by_login:
        db.execute(
            "DELETE FROM tombstones WHERE why = ? AND (place_id, native_id) IN "
            "(SELECT l.id, s.native_id FROM stage.activities s JOIN places l ON l.name = s.place)",
            (_MAY_RETURN,),
        )
    db.execute(f"DELETE FROM stage.activities AS s WHERE {left_out}")
    db.execute(f"DELETE FROM stage.coverage WHERE who_id <> '' AND (who_place, who_id) IN {gone}")
    db.execute(f"DELETE FROM stage.participants WHERE (who_place, who_id) IN {gone}")
    db.execute(f"DELETE FROM stage.profiles WHERE (place, native_id) IN {gone}")
    spans.drop_forgotten(db)


def note_withdrawn(db: Desk, batch_id: int | None, now: int) -> None:
    """What its place took back never comes again, unless the import that says so is taken back. Inside `transaction`."""
    withdrawals.remember(db, batch_id)
    db.execute(
        "INSERT OR IGNORE INTO main.tombstones SELECT l.id, t.native_id, iif(t.returns, ?, 'withdrawn'), ? FROM stage.tombstones t "
        "JOIN main.places l ON l.name = t.place",
        (_MAY_RETURN, now),
    )


def withdraw(db: Desk, now: int) -> set[int]:
    """What its place took back goes; the profiles that had part in it. Inside `transaction`."""
    gone = (
        "SELECT a.id FROM stage.tombstones t CROSS JOIN main.places l ON l.name = t.place CROSS JOIN main.activities a "
        "ON a.place_id = l.id AND a.native_id = t.native_id"
    )
    touched = {
        row[0]
        for row in db.execute(
            f"SELECT profile_id FROM main.activities WHERE id IN ({gone}) UNION SELECT profile_id FROM main.participants WHERE activity_id IN ({gone})"
        )
    }
    db.execute(f"DELETE FROM main.activities AS a WHERE id IN ({gone}) AND NOT {captures.WRITTEN_DOWN}")
    captures.withdrawn(db, now)
    return touched


def merge_coverage(db: Desk, batch_id: int | None) -> None:
    """A good reading widens what is covered and ends an earlier failure. Inside `transaction`."""
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
    revisions.mark(db, by_login=by_login)

    def one(sql: str) -> int:
        return int(db.execute(sql).fetchone()[0])

    has = "EXISTS (SELECT 1 FROM main.{t} x JOIN main.places l ON l.id = x.place_id WHERE l.name = s.place AND x.native_id = s.native_id)"
    old = (
        "FROM stage.activities s CROSS JOIN main.places l ON l.name = s.place CROSS JOIN main.activities a ON a.place_id = l.id "
        "AND a.native_id = s.native_id LEFT JOIN main.kinds k ON k.name = s.kind"
    )
    dropped = one(f"SELECT count(*) FROM stage.activities s WHERE {_left_out(db, by_login=by_login)}")
    read = one("SELECT count(*) FROM stage.activities")
    seen, changed, older = db.execute(
        f"SELECT count(*) FILTER (WHERE NOT {_TAKEN_BACK}), count(*) FILTER (WHERE NOT {_TAKEN_BACK} AND ({ACTIVITY_DIFFERS})), "
        f"count(*) FILTER (WHERE {OLDER_DIFFERS}) {old}"
    ).fetchone()
    return Counts(
        read_profiles=one("SELECT count(*) FROM stage.profiles"),
        read_activities=read,
        new_profiles=one(f"SELECT count(*) FROM stage.profiles s WHERE NOT {has.format(t='profiles')} AND (s.place, s.native_id) NOT IN stage.forgotten"),
        new_activities=read - seen - dropped,
        changed=changed,
        changed_profiles=one(f"SELECT count(*) {SAME_PROFILE} WHERE {PROFILE_SAYS_MORE}"),
        unchanged=seen - changed,
        withdrawn=one("SELECT count(*) FROM stage.tombstones s WHERE " + has.format(t="activities")),
        rejected=staging.rejected,
        dropped=dropped,
        older=one(f"SELECT count(*) {SAME_PROFILE} WHERE s.older = {revisions.OLDER} AND ({CONTRADICTS})") + older,
        undated=one(f"SELECT count(*) {SAME_PROFILE} WHERE s.older = {revisions.PERHAPS} AND ({CONTRADICTS})"),
    )
