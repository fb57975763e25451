"""One import = one batch, which can be undone later as one step.

Undo removes what the batch alone brought. A fact that a later import or login saw again stays and passes to it; a
fact that the batch changed gets its earlier wording back; a person that meanwhile carries notes or decisions stays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.saying import say
from relationdesk.store import (
    batch_wording,
    caches,
    captures,
    halves,
    life_days,
    reports,
    revisions,
    roles,
    spans,
    tellings,
)
from relationdesk.store import people as people_rows
from relationdesk.store.database import Desk
from relationdesk.store.profiles import UNSETTLED
from relationdesk.store.reports import Report
from relationdesk.store.timekey import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """at: aware UTC. The counts are of what was new."""

    id: int
    format: str
    place: str
    name: str
    at: datetime
    profiles: int
    activities: int
    people: int
    rejected: int
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """Profiles of another batch (None: of a login) whose person went with the batch taken out: they are to be arranged anew."""

    batch_id: int | None
    profiles: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an undo took out, and what stayed (people with notes or decisions of the user)."""

    batch: Batch
    activities: int
    profiles: int
    people: int
    people_kept: int
    loose: tuple[Loose, ...] = ()


def begin(db: Desk, *, format: str, place: str, name: str, at: int) -> int:
    """A new batch; its id. Inside `transaction`."""
    cursor = db.execute(
        "INSERT INTO batches(format, place, name, at, profiles, activities, people, rejected) VALUES (?,?,?,?,0,0,0,0)",
        (format, place, name, at),
    )
    return int(cursor.lastrowid or 0)


def finish(db: Desk, batch_id: int, *, profiles: int, activities: int, people: int, report: Report) -> None:
    """Write down what came of it. Inside `transaction`."""
    db.execute(
        "UPDATE batches SET profiles = ?, activities = ?, people = ?, rejected = ? WHERE id = ?",
        (profiles, activities, people, report.refused, batch_id),
    )
    reports.keep(db, batch_id, report)


_SELECT = "SELECT id, format, place, name, at, profiles, activities, people, rejected, undone_at FROM batches "


def _batch(row: tuple[object, ...]) -> Batch:
    id_, format_, place, name, at, profiles, activities, people, rejected, undone = row
    return Batch(
        id=int(str(id_)), format=str(format_), place=str(place), name=str(name), at=moment(int(str(at))),
        profiles=int(str(profiles)), activities=int(str(activities)), people=int(str(people)),
        rejected=int(str(rejected)), undone=undone is not None,
    )  # fmt: skip


def every(db: Desk) -> tuple[Batch, ...]:
    """All imports, newest first; none that is in only in part."""
    return tuple(map(_batch, db.execute(_SELECT + "WHERE id NOT IN (SELECT batch_id FROM halves) ORDER BY id DESC")))


def undo(db: Desk, batch_id: int | None, now: int) -> Taken:
    """Take an import out again (None: the newest). Raises UserMistake if there is none. Inside `transaction`."""
    halves.refuse(db, say("Nothing was changed."))
    if batch_id is None:
        batch_id = db.execute("SELECT max(id) FROM batches WHERE undone_at IS NULL").fetchone()[0]
    row = db.execute(_SELECT + "WHERE id = ?", (batch_id,)).fetchone()
    if row is None:
        raise UserMistake(say("There is no import to take back. Nothing was changed."))
    batch = _batch(row)
    if batch.undone:
        raise UserMistake(say("This import was taken back already. Nothing was changed."))
    people_before = {r[0] for r in db.execute("SELECT person_id FROM profiles WHERE batch_id = ? AND person_id IS NOT NULL", (batch.id,))}
    people_before |= {
        r[0]
        for r in db.execute(
            "SELECT q.person_id FROM overwritten o JOIN profiles q ON q.place_id = o.place_id AND q.native_id = o.native_id "
            "WHERE o.batch_id = ? AND o.tbl = 1 AND q.person_id IS NOT NULL",
            (batch.id,),
        )
    }
    mine = people_rows.my_profiles(db)
    moved = batch_wording.take_out(db, batch.id)
    _restore_coverage(db, batch.id)
    restored, once_linked = _restore_links(db, batch.id)
    people_before |= restored
    _hand_over(db, batch.id)
    touched = moved | {r[0] for r in db.execute("SELECT DISTINCT profile_id FROM activities WHERE batch_id = ?", (batch.id,))}
    touched |= {
        r[0]
        for r in db.execute(
            "SELECT DISTINCT x.profile_id FROM participants x JOIN activities a ON a.id = x.activity_id WHERE a.batch_id = ?",
            (batch.id,),
        )
    }
    life_days.unsaid(db, batch.id)
    told = tellings.of_batch(db, batch.id)
    people_before |= spans.holders(db, told)
    touched |= tellings.unsaid(db, batch.id, told)
    roles.follow(db, people_before)  # before the companies go that it made
    activities = db.execute("DELETE FROM activities WHERE batch_id = ?", (batch.id,)).rowcount
    profiles, people, kept, ids = remove_left(db, batch.id)
    loose = _in_batches(db, ids | once_linked | _set_loose(db, people_before))
    captures.batch_gone(db, batch.id, now)
    db.execute("DELETE FROM sightings WHERE batch_id = ?", (batch.id,))
    revisions.unsaid(db, batch.id)
    db.execute("DELETE FROM overwritten WHERE batch_id = ?", (batch.id,))
    db.execute("UPDATE batches SET undone_at = ? WHERE id = ?", (now, batch.id))
    caches.refresh(db, touched)
    caches.moved(db, mine ^ people_rows.my_profiles(db), people_before)
    roles.tidy(db)
    return Taken(batch=batch, activities=activities, profiles=profiles, people=people, people_kept=kept, loose=loose)


def _restore_coverage(db: Desk, batch_id: int) -> None:
    """What was read of whom is again what it was before this batch, and what later batches read besides."""
    rows = db.execute(
        "SELECT o.place_id, o.native_id, coalesce(q.id, 0), o.before FROM overwritten o LEFT JOIN profiles q ON q.place_id = "
        "o.place_id AND q.native_id = o.native_id WHERE o.batch_id = ?1 AND o.tbl = 4 AND (o.native_id = '' OR q.id IS NOT NULL)",
        (batch_id,),
    ).fetchall()
    for place_id, native_id, profile_id, before in rows:
        was = json.loads(before)
        state = was["row"] if was["had"] else None
        later = db.execute(
            "SELECT batch_id, before FROM overwritten WHERE batch_id > ? AND tbl = 4 AND place_id = ? AND native_id = ? ORDER BY batch_id",
            (batch_id, place_id, native_id),
        ).fetchall()
        for batch, written in later:
            said = json.loads(written)["said"]
            told = json.dumps({"had": state is not None, "row": state or [None, None, None, None], "said": said})
            db.execute(
                "UPDATE overwritten SET before = ? WHERE batch_id = ? AND tbl = 4 AND place_id = ? AND native_id = ?",
                (told, batch, place_id, native_id),
            )
            state = _wider(state, said)
        db.execute("DELETE FROM coverage WHERE place_id = ? AND profile_id = ?", (place_id, profile_id))
        if state is not None:
            db.execute("INSERT INTO coverage VALUES (?,?,?,?,?,?)", (place_id, profile_id, *state))


def _wider(state: list[object] | None, said: list[int | None]) -> list[object]:
    """As `merge` does it: a good reading widens what is covered and ends an earlier failure."""
    since, until = said
    if state is not None:
        had_since, had_until = state[0], state[1]
        since = None if had_since is None or since is None else min(int(str(had_since)), since)
        until = max(int(str(had_until)), until or 0) if had_until is not None else until
    return [since, until, None, ""]


LINK_FIELDS = ("person_id", "company_id", "linked_how", "linked_by", "settled")


def remember_link(db: Desk, batch_id: int, profile_id: int) -> None:
    """Before a batch links an older profile by itself: whose it was. Inside `transaction`."""
    fields = ", ".join(f"'{field}', {field}" for field in LINK_FIELDS)
    db.execute(
        f"INSERT OR IGNORE INTO overwritten SELECT ?1, 5, place_id, native_id, json_object({fields}) FROM profiles "
        "WHERE id = ?2 AND batch_id IS NOT ?1",
        (batch_id, profile_id),
    )


def _restore_links(db: Desk, batch_id: int) -> tuple[set[int], set[int]]:
    """Older profiles that the batch linked go back, unless the user decided since.

    (the people, those profiles that a later batch saw again: what it said may link them just as well)
    """
    rows = db.execute(
        "SELECT q.id, q.person_id, o.before FROM overwritten o JOIN profiles q ON q.place_id = o.place_id AND q.native_id = "
        "o.native_id WHERE o.batch_id = ?1 AND o.tbl = 5 AND q.linked_by <> 'user' AND NOT EXISTS (SELECT 1 FROM overwritten n "
        "WHERE n.batch_id > ?1 AND n.tbl = 5 AND n.place_id = o.place_id AND n.native_id = o.native_id)",  # it waited still
        (batch_id,),
    ).fetchall()
    touched = {row[1] for row in rows if row[1] is not None}
    linked = [row[0] for row in rows if row[1] is not None]
    for profile_id, _, before in rows:
        values = json.loads(before)
        db.execute(
            f"UPDATE profiles SET {', '.join(f'{field} = ?' for field in LINK_FIELDS)} WHERE id = ?",
            (*(values[field] for field in LINK_FIELDS), profile_id),
        )
    again = {
        row[0]
        for row in db.execute(
            "SELECT q.id FROM profiles q WHERE q.id IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM sightings s WHERE "
            "s.tbl = 1 AND s.place_id = q.place_id AND s.native_id = q.native_id AND s.batch_id > ?)",
            (json.dumps(linked), batch_id),
        )
    }
    return touched, again


def _hand_over(db: Desk, batch_id: int) -> None:
    """What somebody else saw as well now belongs to the first of them (0: a login, stored as NULL)."""
    for tbl, table in ((1, "profiles"), (2, "activities")):
        db.execute(
            f"UPDATE {table} SET batch_id = nullif((SELECT min(s.batch_id) FROM sightings s WHERE s.tbl = ?1 AND "
            f"s.place_id = {table}.place_id AND s.native_id = {table}.native_id AND s.batch_id <> ?2), 0) WHERE batch_id = ?2 "
            f"AND EXISTS (SELECT 1 FROM sightings s WHERE s.tbl = ?1 AND s.place_id = {table}.place_id AND "
            f"s.native_id = {table}.native_id AND s.batch_id <> ?2)",
            (tbl, batch_id),
        )


def remove_left(db: Desk, batch_id: int) -> tuple[int, int, int, set[int]]:
    """Profiles and people of this batch that nothing else rests on; (profiles, people removed, people kept, profiles of
    others that only found their person because this batch had made it)."""
    free = (
        "batch_id = ?1 AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.profile_id = profiles.id) AND NOT EXISTS "
        "(SELECT 1 FROM participants x WHERE x.profile_id = profiles.id) AND linked_by <> 'user' AND id NOT IN (SELECT profile_id FROM spans) AND "
        f"{UNSETTLED} AND "
        f"(person_id IS NULL OR person_id NOT IN ({people_rows.WORKED_ON}))"
    )
    db.execute(f"DELETE FROM coverage WHERE profile_id IN (SELECT id FROM profiles WHERE {free})", (batch_id,))
    profiles = db.execute(f"DELETE FROM profiles WHERE {free}", (batch_id,)).rowcount
    gone = (
        f"SELECT id FROM people WHERE batch_id = ?1 AND id NOT IN ({people_rows.WORKED_ON}) AND id NOT IN "
        "(SELECT person_id FROM profiles WHERE person_id IS NOT NULL AND linked_by = 'user')"
    )
    loose = {row[0] for row in db.execute(f"SELECT id FROM profiles WHERE person_id IN ({gone})", (batch_id,))}
    _unlink(db, loose)
    people = db.execute(f"DELETE FROM people WHERE id IN ({gone})", (batch_id,)).rowcount
    kept = int(db.execute("SELECT count(*) FROM people WHERE batch_id = ? AND is_me = 0", (batch_id,)).fetchone()[0])
    db.execute("UPDATE people SET batch_id = NULL WHERE batch_id = ?", (batch_id,))
    db.execute("UPDATE profiles SET batch_id = NULL WHERE batch_id = ?", (batch_id,))
    db.execute(
        "DELETE FROM companies WHERE (batch_id = ? OR batch_id IN (SELECT id FROM batches WHERE undone_at IS NOT NULL)) AND "
        "is_key = 0 AND id NOT IN (SELECT company_id FROM people WHERE company_id IS NOT NULL) "
        "AND id NOT IN (SELECT company_id FROM notes WHERE company_id IS NOT NULL UNION SELECT company_id FROM tasks WHERE company_id IS NOT NULL) "
        "AND id NOT IN (SELECT company_id FROM profiles WHERE company_id IS NOT NULL)",
        (batch_id,),
    )
    return profiles, people, kept, loose


def _set_loose(db: Desk, people: set[int]) -> set[int]:
    """Profiles linked to these people by certainty, which may have rested on this batch: they are asked again."""
    found = {
        row[0]
        for row in db.execute(
            "SELECT id FROM profiles WHERE linked_by = 'place' AND is_owner = 0 AND person_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(people)),),
        )
    }
    _unlink(db, found)
    return found


def _unlink(db: Desk, profiles: set[int]) -> None:
    db.execute(
        "UPDATE profiles SET person_id = NULL, linked_how = '', linked_by = '' WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(profiles)),),
    )


def _in_batches(db: Desk, profiles: set[int]) -> tuple[Loose, ...]:
    """In the order in which they were brought, those of logins last."""
    found: dict[int | None, list[int]] = {}
    rows = db.execute(
        "SELECT batch_id, id FROM profiles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY batch_id NULLS LAST, id",
        (json.dumps(sorted(profiles)),),
    )
    for batch, profile_id in rows:
        found.setdefault(batch, []).append(profile_id)
    return tuple(Loose(batch_id=batch, profiles=tuple(ids)) for batch, ids in found.items())
