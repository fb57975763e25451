"""What the user wrote down by hand of what somebody did: a decision of its own, from which the activity on the timeline is derived.

The place may tell of the same later: then the activity is the place's and the user's words stay here, beside it. No sync, no import,
no withdrawal and no undo of an import takes them away; if nothing else tells of it any more, the activity is derived from them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from relationdesk.model import Key, Kind, Precision, Role
from relationdesk.store import caches, ledger
from relationdesk.store.database import Desk
from relationdesk.store.merge_activities import index_spaced, next_free
from relationdesk.store.staging import ROLES
from relationdesk.store.timekey import EPOCH_2000, PRECISIONS, base_id, maybe_moment

OURS = "by-hand:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One of them. key: of its activity. published: as in Activity. brought: the place told of it as well, so its words are shown."""

    id: int
    uid: str
    profile_id: int
    key: Key
    kind: Kind
    published: datetime | None
    precision: Precision
    title: str
    text: str
    url: str
    brought: bool


_SELECT = (
    "SELECT c.id, c.uid, c.profile_id, l.name, c.native_id, c.kind, c.published, c.precision, c.title, c.text, c.url, c.brought_by "
    "FROM captures c JOIN profiles q ON q.id = c.profile_id JOIN places l ON l.id = q.place_id "
)


def by_key(db: Desk, key: Key) -> Capture | None:
    """The capture behind an activity; None if only the place said it."""
    row = db.execute(_SELECT + "WHERE l.name = ? AND c.native_id = ?", key).fetchone()
    if row is None:
        return None
    id_, uid, profile_id, place, native, kind, published, precision, title, text, url, brought_by = row
    return Capture(
        id=id_, uid=uid, profile_id=profile_id, key=Key(place, native), kind=Kind(kind), published=maybe_moment(published),
        precision=PRECISIONS[precision], title=title, text=text, url=url, brought=brought_by is not None,
    )  # fmt: skip


def existing(db: Desk, place: str, marks: Iterable[str]) -> int | None:
    """The activity of a place that has one of these ids or addresses, None if there is none."""
    row = db.execute(
        "SELECT a.id FROM activities a JOIN places l ON l.id = a.place_id WHERE l.name = ?1 AND (a.native_id IN (SELECT value FROM "
        "json_each(?2)) OR (a.url <> '' AND a.url IN (SELECT value FROM json_each(?2)))) ORDER BY a.id LIMIT 1",
        (place, json.dumps(list(marks))),
    ).fetchone()
    return None if row is None else int(row[0])


# What is derived


def of_decision(db: Desk, decision_id: int) -> tuple[int, ...]:
    """The captures that a decision changed."""
    return tuple(dict.fromkeys(int(str(key["id"])) for key, _, _ in ledger.rows(db, decision_id, "captures")))


def lift(db: Desk, ids: Iterable[int]) -> None:
    """Before captures change or go: what is derived from them goes; what the place told of is the place's alone. Inside `transaction`."""
    for profile_id, place_id, native_id, brought_by, told_by in _rows(db, ids):
        touched = {profile_id, *_taking_part(db, place_id, native_id)}
        if brought_by is None:
            db.execute("DELETE FROM activities WHERE place_id = ? AND native_id = ?", (place_id, native_id))
        elif told_by:
            touched |= _give(db, place_id, native_id, Key(*json.loads(told_by)))
        caches.refresh(db, touched)


def settle(db: Desk, ids: Iterable[int], now: int) -> None:
    """After captures changed or came back: their activities are as they say. now: unix seconds; what lies ahead of it sorts there.
    Inside `transaction`."""
    db.executemany("INSERT OR IGNORE INTO kinds(name) VALUES (?)", [(kind.value,) for kind in Kind])
    wanted = list(ids)
    for profile_id, place_id, native_id, brought_by, _ in _rows(db, wanted):
        if brought_by is not None:
            db.execute("UPDATE activities SET profile_id = ? WHERE place_id = ? AND native_id = ?", (profile_id, place_id, native_id))
        else:
            _derive(db, place_id, native_id, now)
        caches.refresh(db, {profile_id, *_taking_part(db, place_id, native_id)})


def as_text(whom: Iterable[tuple[Key, Role]]) -> str:
    """Towards whom, as it is kept."""
    return json.dumps([[*key, ROLES.index(role)] for key, role in whom])


def _rows(db: Desk, ids: Iterable[int]) -> list[tuple[int, int, str, int | None, str]]:
    return db.execute(
        "SELECT c.profile_id, q.place_id, c.native_id, c.brought_by, c.told_by FROM captures c JOIN profiles q ON q.id = c.profile_id "
        "WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id",
        (json.dumps(list(ids)),),
    ).fetchall()


def _taking_part(db: Desk, place_id: int, native_id: str) -> list[int]:
    rows = db.execute(
        "SELECT x.profile_id FROM activities a JOIN participants x ON x.activity_id = a.id WHERE a.place_id = ? AND a.native_id = ?", (place_id, native_id)
    )
    return [row[0] for row in rows]


def _give(db: Desk, place_id: int, native_id: str, actor: Key) -> set[int]:
    """The activity is theirs who did it as the place says, if they are known."""
    found = db.execute("SELECT q.id FROM profiles q JOIN places l ON l.id = q.place_id WHERE l.name = ? AND q.native_id = ?", actor).fetchone()
    if found is not None:
        db.execute("UPDATE activities SET profile_id = ? WHERE place_id = ? AND native_id = ?", (found[0], place_id, native_id))
    return {int(found[0])} if found is not None else set()


def _derive(db: Desk, place_id: int, native_id: str, now: int) -> None:
    row = db.execute(
        "SELECT c.profile_id, k.id, c.published, c.precision, c.audience, c.title, c.text, c.url, c.whom FROM captures c JOIN profiles q ON "
        "q.id = c.profile_id JOIN kinds k ON k.name = c.kind WHERE q.place_id = ? AND c.native_id = ?",
        (place_id, native_id),
    ).fetchone()
    published, precision = maybe_moment(row[2]), PRECISIONS[row[3]]
    base = min(base_id(published, precision), (now - EPOCH_2000) * 8)  # a day that is not over does not lie ahead of what is known
    db.execute("DELETE FROM activities WHERE place_id = ? AND native_id = ?", (place_id, native_id))
    id_ = next_free(db, base)
    db.execute(
        "INSERT INTO activities(id, profile_id, place_id, native_id, kind, published, precision, audience, title, text, url) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (id_, row[0], place_id, native_id, *row[1:8]),
    )
    whom = db.execute(
        "INSERT OR IGNORE INTO participants(profile_id, activity_id, role) SELECT q.id, ?, w.value ->> 2 FROM json_each(?) w JOIN places l ON "
        "l.name = w.value ->> 0 JOIN profiles q ON q.place_id = l.id AND q.native_id = w.value ->> 1 WHERE q.id <> ?", (id_, row[8], row[0]),
    )  # fmt: skip
    db.execute("UPDATE activities SET towards = ? WHERE id = ?", (int(whom.rowcount > 0), id_))
    index_spaced(db, id_)


# What the place tells


def adopt(db: Desk, batch_id: int | None) -> None:
    """Before a merge: what is staged may be what was written down. Then the activity takes the place's id, so that nothing doubles.
    Inside `transaction`."""
    rows = db.execute(
        "SELECT c.id, l.id, l.name, c.native_id, c.marks, c.brought_by FROM captures c CROSS JOIN profiles q ON q.id = c.profile_id CROSS JOIN "
        "places l ON l.id = q.place_id WHERE l.name IN (SELECT place FROM stage.activities)"
    ).fetchall()
    if rows:
        db.execute("CREATE INDEX IF NOT EXISTS stage.activities_url ON activities(place, url)")
    for id_, place_id, place, native_id, marks, brought_by in rows:
        wanted = json.dumps([native_id, *json.loads(marks)])
        told = db.execute(
            "SELECT native_id, actor_place, actor_id FROM stage.activities WHERE place = ?1 AND native_id IN (SELECT value FROM json_each(?2)) "
            "UNION SELECT native_id, actor_place, actor_id FROM stage.activities WHERE place = ?1 AND url <> '' AND url IN (SELECT value FROM json_each(?2))",
            (place, wanted),
        ).fetchall()
        if len(told) != 1:  # nothing, or one address for several things: whose words are whose is not guessed
            continue
        own, *actor = told[0]
        if own != native_id and not _rename(db, place_id, native_id, own):
            continue
        by = 0 if batch_id is None or brought_by == 0 else brought_by if brought_by is not None else batch_id
        db.execute("UPDATE captures SET native_id = ?, brought_by = ?, told_by = ? WHERE id = ?", (own, by, json.dumps(actor), id_))


def _rename(db: Desk, place_id: int, old: str, new: str) -> bool:
    """False if another activity has that id, or the place withdrew it."""
    taken = "SELECT 1 FROM main.activities WHERE place_id = ?1 AND native_id = ?2 UNION SELECT 1 FROM tombstones WHERE place_id = ?1 AND native_id = ?2"
    if db.execute(taken, (place_id, new)).fetchone():
        return False
    db.execute("UPDATE main.activities SET native_id = ? WHERE place_id = ? AND native_id = ?", (new, place_id, old))
    db.execute("UPDATE OR IGNORE routes SET native_id = ? WHERE place_id = ? AND native_id = ?", (new, place_id, old))
    return True


WRITTEN_DOWN = (
    "EXISTS (SELECT 1 FROM main.captures c JOIN main.profiles cq ON cq.id = c.profile_id WHERE cq.place_id = a.place_id AND c.native_id = a.native_id)"
)
"""Condition on an activity `a`: the user wrote it down by hand."""


def withdrawn(db: Desk, now: int) -> None:
    """After the place withdrew what it told: of what was written down the user's words are shown again. Inside `transaction`."""
    ids = [
        row[0]
        for row in db.execute(
            "SELECT c.id FROM captures c JOIN profiles q ON q.id = c.profile_id JOIN tombstones t ON t.place_id = q.place_id AND "
            "t.native_id = c.native_id WHERE c.brought_by IS NOT NULL"
        )
    ]
    _alone_again(db, ids, now)


def batch_gone(db: Desk, batch_id: int, now: int) -> None:
    """An import that told of something written down was taken back: another may still tell of it, else the user's words are shown
    again. Before its sightings go. Inside `transaction`."""
    db.execute(
        "UPDATE captures AS c SET brought_by = (SELECT min(s.batch_id) FROM sightings s JOIN profiles q ON q.id = c.profile_id WHERE s.tbl = 2 "
        "AND s.place_id = q.place_id AND s.native_id = c.native_id AND s.batch_id <> ?1), told_by = iif((SELECT count(*) FROM sightings s JOIN "
        "profiles q ON q.id = c.profile_id WHERE s.tbl = 2 AND s.place_id = q.place_id AND s.native_id = c.native_id AND s.batch_id <> ?1), told_by, '') "
        "WHERE brought_by = ?1",
        (batch_id,),
    )
    _alone_again(db, [row[0] for row in db.execute("SELECT id FROM captures WHERE brought_by IS NULL AND native_id NOT LIKE ?", (f"{OURS}%",))], now)


def _alone_again(db: Desk, ids: list[int], now: int) -> None:
    db.execute("UPDATE captures SET brought_by = NULL, told_by = '' WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    settle(db, ids, now)
