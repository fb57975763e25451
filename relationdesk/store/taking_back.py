"""An import that is in only in part taken out again, row by row, in portions too; or ended, where only its end was missing.

What the import made carries the number of its batch, what it wrote over lies in `overwritten`, and nothing else brought facts
since. So taken back in the reverse order everything is as it was, but for what the user decided or wrote meanwhile: that stays.
"""

from __future__ import annotations

import json

from relationdesk.store import activities, batch_wording, caches, captures, half_imports, life_days, roles, tellings
from relationdesk.store import people as people_rows
from relationdesk.store.batches import LINK_FIELDS, NOBODY_IS_AT
from relationdesk.store.database import Desk
from relationdesk.store.decision import decided
from relationdesk.store.half_imports import Half
from relationdesk.store.portions import Pace, Step, Steps, some_of


def withdraw(db: Desk, batch_id: int) -> Steps:
    """The last of a batch that is in: what its file says was taken back goes, then the batch is whole."""
    yield Step.READ
    gone = (
        "SELECT a.id FROM tombstones t CROSS JOIN activities a ON a.place_id = t.place_id AND a.native_id = t.native_id "
        f"WHERE t.why <> 'forgotten' AND NOT {captures.WRITTEN_DOWN}"
    )
    for some in some_of([row[0] for row in db.execute(gone)], pace := Pace()):
        yield Step.WRITE
        with pace:
            activities.remove(db, some)
    yield from caches.repairing(db)
    yield Step.WRITE
    half_imports.end(db, batch_id)


def take_back(db: Desk, half: Half) -> Steps:
    """Everything of a batch that is in only in part goes, newest first, and what it wrote over is as it was.

    Can be cut off anywhere and begun again: what is done already is not there any more. Only before anything else brings facts.
    """
    yield from life_days.taking_back(db, half.batch_id)
    yield from _tellings(db, half.batch_id)
    yield from _activities(db, half.batch_id)
    yield from _links(db, half)
    yield from _roles(db)
    yield from _profiles(db, half)
    yield Step.WRITE
    roles.follow(db, [row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 1")])  # a name of theirs rests on what their profile says
    for (at,) in db.execute("SELECT at FROM batches WHERE id = ?", (half.batch_id,)).fetchall():
        captures.batch_gone(db, half.batch_id, at)  # what was written down by hand meanwhile is shown in the user's words again
    for table in ("sightings", "revisions"):
        yield from no_sightings(db, half.batch_id, table)
    yield from caches.repairing(db)
    yield Step.WRITE
    roles.tidy(db)
    _forget(db, half.batch_id)


def _tellings(db: Desk, batch_id: int) -> Steps:
    """What the batch told of names and roles goes, with the changes of job that followed from it."""
    yield Step.READ
    for some in some_of(tellings.of_batch(db, batch_id), pace := Pace()):
        yield Step.WRITE
        with pace:
            tellings.unsaid(db, batch_id, some)


def _activities(db: Desk, batch_id: int) -> Steps:
    """The new ones go first: what the batch moved in time finds its old place free again."""
    pace = Pace()
    while rows := db.execute("SELECT id FROM activities WHERE batch_id = ? ORDER BY id LIMIT ?", (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            activities.remove(db, (id_ for (id_,) in rows))
    yield from _wordings(db, batch_id, 2)


def _wordings(db: Desk, batch_id: int, tbl: int) -> Steps:
    """Facts of that table that the batch wrote over say again what they said."""
    pace = Pace()
    question = "SELECT place_id, native_id, before FROM overwritten WHERE batch_id = ? AND tbl = ? LIMIT ?"
    while rows := db.execute(question, (batch_id, tbl, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            for place_id, native_id, before in rows:
                batch_wording.put_back(db, tbl, (place_id, native_id), json.loads(before))
                written_off(db, batch_id, tbl, place_id, native_id)


def written_off(db: Desk, batch_id: int, tbl: int, place_id: int, native_id: str) -> None:
    """How a fact was before the batch is not needed any more. Inside `transaction`."""
    db.execute(
        "DELETE FROM overwritten WHERE batch_id = ? AND tbl = ? AND place_id = ? AND native_id = ?", (batch_id, tbl, place_id, native_id)
    )


def _links(db: Desk, half: Half) -> Steps:
    """Older profiles that the batch linked are as they were, but for what the user decided since."""
    pace, batch_id = Pace(), half.batch_id
    question = "SELECT place_id, native_id, before FROM overwritten WHERE batch_id = ? AND tbl = 5 LIMIT ?"
    while rows := db.execute(question, (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            for place_id, native_id, before in rows:
                _put_back_link(db, half, place_id, native_id, json.loads(before))
                written_off(db, batch_id, 5, place_id, native_id)


def _roles(db: Desk) -> Steps:
    """Everybody is again what was told of them otherwise."""
    yield Step.READ
    for some in some_of([row[0] for row in db.execute("SELECT id FROM people ORDER BY id")], pace := Pace()):
        yield Step.WRITE
        with pace:
            roles.follow(db, some)


def _put_back_link(db: Desk, half: Half, place_id: int, native_id: str, was: dict[str, object]) -> None:
    sets = ", ".join(f"{name} = ?" for name in LINK_FIELDS)
    db.execute(
        f"UPDATE profiles SET {sets} WHERE place_id = ? AND native_id = ? AND NOT {decided('profiles', half.decisions)}",
        (*(was[name] for name in LINK_FIELDS), place_id, native_id),
    )


def _profiles(db: Desk, half: Half) -> Steps:
    """New profiles, people and companies go, unless the user worked on them; then older profiles speak as before."""
    yield Step.READ
    made, brought = (
        [row[0] for row in db.execute(f"SELECT id FROM {table} WHERE batch_id = ? ORDER BY id", (half.batch_id,))]
        for table in ("people", "profiles")
    )
    for ids, remove in ((brought, _remove_profiles), (made, _remove_people)):
        for some in some_of(ids, pace := Pace()):
            yield Step.WRITE
            with pace:
                remove(db, half, json.dumps(some))
    yield from _wordings(db, half.batch_id, 1)
    yield Step.WRITE
    db.execute(f"DELETE FROM companies WHERE batch_id = ? AND {NOBODY_IS_AT}", (half.batch_id,))
    db.execute("UPDATE companies SET batch_id = NULL WHERE batch_id = ?", (half.batch_id,))


_AMONG = "IN (SELECT value FROM json_each(:ids))"


def _remove_profiles(db: Desk, half: Half, ids: str) -> None:
    """All but those that the user decided about, and those of a person who stays."""
    values = {"ids": ids, "batch": half.batch_id}
    gone = (
        f"SELECT id FROM profiles WHERE id {_AMONG} AND NOT {decided('profiles', half.decisions)} AND (person_id IS NULL "
        "OR NOT EXISTS (SELECT 1 FROM people p WHERE p.id = profiles.person_id AND p.batch_id = :batch) "
        f"OR person_id NOT IN ({people_rows.WORKED_ON})) "
        "AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.profile_id = profiles.id) "
        "AND NOT EXISTS (SELECT 1 FROM participants x WHERE x.profile_id = profiles.id) AND NOT EXISTS (SELECT 1 FROM spans s WHERE s.profile_id = profiles.id)"
    )
    db.execute(f"DELETE FROM coverage WHERE profile_id IN ({gone})", values)
    db.execute(f"DELETE FROM profiles WHERE id IN ({gone})", values)
    db.execute(f"UPDATE profiles SET batch_id = NULL WHERE id {_AMONG}", values)


def _remove_people(db: Desk, half: Half, ids: str) -> None:
    values = {"ids": ids}
    gone = (
        f"SELECT id FROM people WHERE id {_AMONG} AND id NOT IN ({people_rows.WORKED_ON}) AND NOT EXISTS "
        "(SELECT 1 FROM profiles q WHERE q.person_id = people.id AND q.linked_by = 'user')"
    )
    db.execute(f"UPDATE profiles SET person_id = NULL, linked_how = '', linked_by = '' WHERE person_id IN ({gone})", values)
    db.execute(f"DELETE FROM people WHERE id IN ({gone})", values)
    db.execute(f"UPDATE people SET batch_id = NULL WHERE id {_AMONG}", values)


def no_sightings(db: Desk, batch_id: int, table: str) -> Steps:
    """That the batch saw what others had brought, or which version it told, is forgotten. These tables are in the order of the facts, not of the
    batches."""
    yield Step.READ
    db.execute("DROP TABLE IF EXISTS temp.seen")
    db.execute("CREATE TEMP TABLE seen(n INTEGER PRIMARY KEY, tbl, place_id, native_id)")
    db.execute(f"INSERT INTO temp.seen(tbl, place_id, native_id) SELECT tbl, place_id, native_id FROM {table} WHERE batch_id = ?", (batch_id,))
    pace = Pace()
    while rows := db.execute("SELECT tbl, place_id, native_id, ?, n FROM temp.seen ORDER BY n LIMIT ?", (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            db.executemany(f"DELETE FROM {table} WHERE tbl = ? AND place_id = ? AND native_id = ? AND batch_id = ?", (row[:4] for row in rows))
            db.execute("DELETE FROM temp.seen WHERE n <= ?", (rows[-1][4],))


_NAMING = ("activities", "profiles", "tombstones", "forgotten", "coverage", "kept_apart")


def _forget(db: Desk, batch_id: int) -> None:
    """The batch itself, with its mark, and the places and kinds that it was the first to name."""
    places, kinds = db.execute("SELECT places, kinds FROM halves WHERE batch_id = ?", (batch_id,)).fetchone()
    free = " AND ".join(f"NOT EXISTS (SELECT 1 FROM {table} t WHERE t.place_id = places.id)" for table in _NAMING)
    db.execute(f"DELETE FROM places WHERE id > ? AND {free}", (places,))
    db.execute("DELETE FROM kinds WHERE id > ? AND NOT EXISTS (SELECT 1 FROM activities WHERE kind = kinds.id)", (kinds,))
    db.execute("DELETE FROM overwritten WHERE batch_id = ?", (batch_id,))
    db.execute("DELETE FROM batches WHERE id = ?", (batch_id,))
