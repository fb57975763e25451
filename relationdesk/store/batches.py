"""One import = one batch, which can be undone later as one step; `leaving` puts together what is here of that.

Undo removes what the batch alone brought. A fact that a later import or login saw again stays and passes to it; a
fact that the batch changed gets its earlier wording back; a person that meanwhile carries notes or decisions stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.saying import counted, say
from relationdesk.store import half_imports, reports
from relationdesk.store import people as people_rows
from relationdesk.store.database import Desk
from relationdesk.store.decision import decided
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
    changes: Changes = field(default_factory=lambda: Changes(everything=True))

    def in_words(self) -> str:
        """ "1 activity, 2 profiles, 0 people": what it took out."""
        return ", ".join((
            counted(self.activities, "{n:,} activity", "{n:,} activities"), counted(self.profiles, "{n:,} profile", "{n:,} profiles"),
            counted(self.people, "{n:,} person", "{n:,} people"),
        ))  # fmt: skip


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


def to_undo(db: Desk, batch_id: int | None) -> Batch:
    """The import that is to be taken out (None: the newest). Raises UserMistake if there is none, or if it is out already."""
    half_imports.refuse(db, say("Nothing was changed."))
    if batch_id is None:
        batch_id = db.execute("SELECT max(id) FROM batches WHERE undone_at IS NULL").fetchone()[0]
    if batch_id is None or not db.execute("SELECT 1 FROM batches WHERE id = ?", (batch_id,)).fetchone():
        raise UserMistake(say("There is no import to take back. Nothing was changed."))
    batch = one(db, batch_id)
    if batch.undone:
        raise UserMistake(say("This import was taken back already. Nothing was changed."))
    return batch


def one(db: Desk, batch_id: int) -> Batch:
    """An import that is there."""
    return _batch(db.execute(_SELECT + "WHERE id = ?", (batch_id,)).fetchone())


def undone(db: Desk, batch_id: int, now: int) -> None:
    """Nothing of it is in the desk any more. Inside `transaction`."""
    db.execute("UPDATE batches SET undone_at = ? WHERE id = ?", (now, batch_id))


def restore_coverage(db: Desk, batch_id: int, place_id: int, native_id: str) -> None:
    """What was read of whom (native_id "": of all there) is again what it was before this batch, and what later batches read besides."""
    row = db.execute(
        "SELECT coalesce(q.id, 0), o.before FROM overwritten o LEFT JOIN profiles q ON q.place_id = o.place_id AND q.native_id = o.native_id "
        "WHERE o.batch_id = ? AND o.tbl = 4 AND o.place_id = ? AND o.native_id = ? AND (o.native_id = '' OR q.id IS NOT NULL)",
        (batch_id, place_id, native_id),
    ).fetchone()
    if row is None:
        return
    profile_id, was = row[0], json.loads(row[1])
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


def restore_link(db: Desk, batch_id: int, place_id: int, native_id: str) -> set[int]:
    """An older profile that the batch linked goes back, unless the user decided since; itself, if a later batch saw it again: what that
    said may link it just as well. Inside `transaction`."""
    row = db.execute(
        "SELECT q.id, q.person_id, o.before FROM overwritten o JOIN profiles q ON q.place_id = o.place_id AND q.native_id = "
        "o.native_id WHERE o.batch_id = ?1 AND o.tbl = 5 AND o.place_id = ?2 AND o.native_id = ?3 AND q.linked_by <> 'user' AND NOT EXISTS (SELECT 1 "
        "FROM overwritten n WHERE n.batch_id > ?1 AND n.tbl = 5 AND n.place_id = o.place_id AND n.native_id = o.native_id)",  # it waited still
        (batch_id, place_id, native_id),
    ).fetchone()
    if row is None:
        return set()
    profile_id, person_id, values = row[0], row[1], json.loads(row[2])
    db.execute(
        f"UPDATE profiles SET {', '.join(f'{field} = ?' for field in LINK_FIELDS)} WHERE id = ?",
        (*(values[field] for field in LINK_FIELDS), profile_id),
    )
    seen = "SELECT 1 FROM sightings WHERE tbl = 1 AND place_id = ? AND native_id = ? AND batch_id > ?"
    is_seen = person_id is not None and db.execute(seen, (place_id, native_id, batch_id)).fetchone()
    return {profile_id} if is_seen else set()


def remove_left(db: Desk, batch_id: int) -> None:
    """Profiles and people of this batch that nothing else rests on. Inside `transaction`."""
    people, profiles = (
        [row[0] for row in db.execute(f"SELECT id FROM {table} WHERE batch_id = ? ORDER BY id", (batch_id,))] for table in ("people", "profiles")
    )
    remove_people(db, batch_id, people)
    remove_profiles(db, batch_id, profiles)
    remove_companies(db, batch_id)


_AMONG = "IN (SELECT value FROM json_each(:ids))"
_FREE = (
    "batch_id = :batch AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.profile_id = profiles.id) AND NOT EXISTS "
    "(SELECT 1 FROM participants x WHERE x.profile_id = profiles.id) AND linked_by <> 'user' AND id NOT IN (SELECT profile_id FROM spans) AND "
    f"(profiles.settled = '' OR NOT {decided('profiles')}) AND "  # an address like news@ is nobody's without being asked
    f"(person_id IS NULL OR person_id NOT IN ({people_rows.WORKED_ON}))"
)


def remove_people(db: Desk, batch_id: int, ids: Iterable[int]) -> tuple[int, int, int, set[int]]:
    """Those of these people of the batch on whom nothing of the user rests, with their profiles of the batch; (profiles, people removed, people kept,
    profiles of others that only found their person because this batch had made it). Inside `transaction`."""
    values = {"ids": json.dumps([*ids]), "batch": batch_id}
    profiles = _remove(db, f"person_id {_AMONG} AND {_FREE}", values)
    gone = (
        f"SELECT id FROM people WHERE id {_AMONG} AND id NOT IN ({people_rows.WORKED_ON}) AND id NOT IN "
        "(SELECT person_id FROM profiles WHERE person_id IS NOT NULL AND linked_by = 'user')"
    )
    loose = {row[0] for row in db.execute(f"SELECT id FROM profiles WHERE person_id IN ({gone})", values)}
    _unlink(db, loose)
    people = db.execute(f"DELETE FROM people WHERE id IN ({gone})", values).rowcount
    kept = int(db.execute(f"SELECT count(*) FROM people WHERE id {_AMONG} AND is_me = 0", values).fetchone()[0])
    db.execute(f"UPDATE people SET batch_id = NULL WHERE id {_AMONG}", values)
    return profiles, people, kept, loose


def remove_profiles(db: Desk, batch_id: int, ids: Iterable[int]) -> int:
    """Those of these profiles of the batch on which nothing rests; how many went. Inside `transaction`."""
    values = {"ids": json.dumps([*ids]), "batch": batch_id}
    count = _remove(db, f"id {_AMONG} AND {_FREE}", values)
    db.execute(f"UPDATE profiles SET batch_id = NULL WHERE id {_AMONG}", values)
    return count


def _remove(db: Desk, free: str, values: dict[str, object]) -> int:
    db.execute(f"DELETE FROM coverage WHERE profile_id IN (SELECT id FROM profiles WHERE {free})", values)
    return db.execute(f"DELETE FROM profiles WHERE {free}", values).rowcount


NOBODY_IS_AT = (
    "is_key = 0 AND id NOT IN (SELECT company_id FROM people WHERE company_id IS NOT NULL) AND id NOT IN (SELECT company_id FROM notes WHERE company_id "
    "IS NOT NULL UNION SELECT company_id FROM tasks WHERE company_id IS NOT NULL UNION SELECT company_id FROM profiles WHERE company_id IS NOT NULL)"
)
"""True of a row of companies that nothing rests on."""


def remove_companies(db: Desk, batch_id: int) -> None:
    """Companies that this batch made, or one that is out already, and that nobody is at any more. Inside `transaction`."""
    db.execute(
        f"DELETE FROM companies WHERE (batch_id = ? OR batch_id IN (SELECT id FROM batches WHERE undone_at IS NOT NULL)) AND {NOBODY_IS_AT}",
        (batch_id,),
    )


def set_loose(db: Desk, people: Iterable[int]) -> set[int]:
    """Profiles that places linked to these people are nobody's; which those are. Inside `transaction`."""
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
