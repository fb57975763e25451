"""What was agreed with people and what is kept in mind of them goes along when two of them are made one, or one is made two. Parts of a decision."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable

from relationdesk.store.decision import Decision, Row


def carry(d: Decision, gone: int, into: int) -> None:
    """All wishes, follow-ups and particulars (one that both have in the same words once), and the rhythm where `into` has none of its own."""
    rows = d.db.execute("SELECT 'wishes', id FROM wishes WHERE person_id = ?1 UNION ALL SELECT 'tasks', id FROM tasks WHERE person_id = ?1", (gone,))
    for table, id_ in rows.fetchall():
        d.update(table, {"id": id_}, {"person_id": into})
    there = set(d.db.execute("SELECT label, text FROM particulars WHERE person_id = ?", (into,)))
    for id_, *said in d.db.execute("SELECT id, label, text FROM particulars WHERE person_id = ? ORDER BY id", (gone,)).fetchall():
        if tuple(said) in there:
            d.delete("particulars", {"id": id_})
        else:
            d.update("particulars", {"id": id_}, {"person_id": into})
    has = d.db.execute("SELECT 1 FROM rhythms WHERE person_id = ?", (into,)).fetchone()
    for (id_,) in d.db.execute("SELECT id FROM rhythms WHERE person_id = ?", (gone,)).fetchall():
        if has:
            d.delete("rhythms", {"id": id_})
        else:
            d.update("rhythms", {"id": id_}, {"person_id": into})


def do_want(d: Decision, told: Row) -> None:
    """The row of a rhythm of somebody's (or a bucket's) own, from what they have now; told without any ends it."""
    whom: Row = {column: told[column] for column in ("person_id", "bucket_id")}
    values = {column: value for column, value in told.items() if column not in whom}
    there = d.db.execute("SELECT id FROM rhythms WHERE person_id IS :person_id AND bucket_id IS :bucket_id", whom).fetchone()
    if not d.db.execute("SELECT EXISTS (SELECT 1 FROM people WHERE id = :person_id) OR EXISTS (SELECT 1 FROM buckets WHERE id = :bucket_id)", whom).fetchone()[0]:
        return
    if values and there is not None:
        d.update("rhythms", {"id": there[0]}, values)
    elif values:
        d.insert("rhythms", {**whom, **values})
    elif there is not None:
        d.delete("rhythms", {"id": there[0]})


def part(d: Decision, of: int, to: int, uid: str, profile_ids: Iterable[int], note_ids: Iterable[int], *, with_marks: bool) -> None:
    """To the new person goes what was asked for in an item of their profiles, and what stands in their notes.

    with_marks: what else was asked for holds for both of them, since either may have said it, and so do the rhythm and what is kept in mind of
    them. uid: of the new person, from which the copies get theirs, so that a decision made anew makes the same.
    """
    theirs = {row[0] for row in d.db.execute(
        "SELECT w.id FROM wishes w JOIN places l ON l.name = w.place JOIN activities a ON a.place_id = l.id AND a.native_id = w.native_id "
        "WHERE w.person_id = ? AND a.profile_id IN (SELECT value FROM json_each(?))", (of, json.dumps([*profile_ids])),
    )}  # fmt: skip
    cursor = d.db.execute("SELECT * FROM wishes WHERE person_id = ? ORDER BY id", (of,))
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        wish = dict(zip(names, row, strict=True))
        if wish["id"] in theirs:
            d.update("wishes", {"id": wish["id"]}, {"person_id": to})
        elif with_marks:
            copied = str(uuid.uuid5(uuid.UUID(uid), wish.pop("uid")))
            if d.db.execute("SELECT 1 FROM wishes WHERE uid = ?", (copied,)).fetchone() is None:
                d.insert("wishes", {**{k: v for k, v in wish.items() if k != "id"}, "uid": copied, "person_id": to})
    if with_marks:
        _copy_particulars(d, of, to, uid)
        for rhythm in d.db.execute("SELECT wished_days, longest_days, as_they_do FROM rhythms WHERE person_id = ?", (of,)).fetchall():
            d.insert("rhythms", dict(zip(("person_id", "wished_days", "longest_days", "as_they_do"), (to, *rhythm), strict=True)))
    rows = d.db.execute(
        "SELECT t.id FROM tasks t JOIN notes n ON n.uid = t.note_uid WHERE t.person_id = ? AND n.id IN (SELECT value FROM json_each(?)) ORDER BY t.id",
        (of, json.dumps([*note_ids])),
    )
    for (id_,) in rows.fetchall():
        d.update("tasks", {"id": id_}, {"person_id": to})


def _copy_particulars(d: Decision, of: int, to: int, uid: str) -> None:
    for theirs, label, text, at in d.db.execute("SELECT uid, label, text, saved_at FROM particulars WHERE person_id = ? ORDER BY id", (of,)).fetchall():
        copied = str(uuid.uuid5(uuid.UUID(uid), theirs))
        if d.db.execute("SELECT 1 FROM particulars WHERE uid = ?", (copied,)).fetchone() is None:
            d.insert("particulars", {"uid": copied, "person_id": to, "label": label, "text": text, "saved_at": at})
