"""The activities of a merge: what is new gets a free place in time, what changed is written over, words are indexed.

Called by `merge` alone, inside its transaction; undoing a batch uses the last two functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate

from relationdesk.store import revisions
from relationdesk.store.database import Desk
from relationdesk.store.portions import ALL, Pace, Portion
from relationdesk.store.scripts import indexed, is_apart

BULK = 5_000
"""New or changed activities from which a merge takes more memory for the full-text index."""
_AT_ONCE = 200
"""Activities whose words are held in memory together."""
IMPORT_WORDS, USUAL_WORDS = 16 * 2**20, 2**20
"""Bytes of words held in memory before they are written; FTS5's own default is the usual one."""

ACTIVITY_FIELDS = (
    "kind",
    "published",
    "precision",
    "audience",
    "title",
    "text",
    "url",
    "in_reply_to",
    "thread",
    "extra",
)

_NEW_PARTICIPANT = (
    "EXISTS (SELECT 1 FROM stage.participants x JOIN stage.profiles w ON w.place = x.who_place AND w.native_id = x.who_id "
    "WHERE x.place = s.place AND x.native_id = s.native_id AND NOT EXISTS (SELECT 1 FROM main.participants y WHERE "
    "y.profile_id = w.id AND y.activity_id = a.id AND y.role = x.role))"
)


@contextmanager
def room_for_words(db: Desk, rows: int) -> Iterator[None]:
    """A large merge reaches the full-text index as one piece: in pieces of the usual 1 MB it is written twice over.

    Nothing of it outlives the transaction: if that fails, the setting is rolled back with it.
    """
    if rows >= BULK:
        db.execute(_HASH_SIZE, (IMPORT_WORDS,))
    yield
    if rows >= BULK:
        db.execute(_HASH_SIZE, (USUAL_WORDS,))


_HASH_SIZE = "INSERT INTO main.activities_fts(activities_fts, rank) VALUES ('hashsize', ?)"

_MOVED = (
    "(s.published IS NOT NULL AND s.precision <= a.precision AND ((s.published IS NOT a.published AND s.older = 0) OR s.precision < a.precision))"
)
CUT_OFF = (
    "(s.text LIKE '%…' AND length(a.text) > length(s.text) AND substr(a.text, 1, length(s.text) - 1) = substr(s.text, 1, length(s.text) - 1))"
)
"""True if what is staged is only the beginning of the words in the desk: of what somebody passed on, X's later archives have no more."""
MAY = "(s.older = 0 OR coalesce(a.{f}, '') = '')"
"""What is older than the desk's only fills what is empty."""
ACTIVITY_DIFFERS = (
    " OR ".join(f"(s.{f} <> '' AND s.{f} IS NOT a.{f} AND {MAY.format(f=f)})" for f in ("title", "url", "in_reply_to", "thread", "extra"))
    + f" OR (s.text <> '' AND s.text IS NOT a.text AND NOT {CUT_OFF} AND {MAY.format(f='text')})"
    + f" OR (s.older = 0 AND (s.audience <> a.audience OR k.id IS NOT a.kind)) OR s.towards > a.towards OR {_MOVED}"
)


OLDER_DIFFERS = "s.older = 1 AND (" + " OR ".join(f"(s.{f} <> '' AND a.{f} <> '' AND s.{f} <> a.{f})" for f in ("title", "text", "published")) + ")"
"""True if what stays is not what an older version said."""


_STAGED_PARTICIPANTS = (
    "FROM stage.participants x JOIN stage.profiles w ON w.place = x.who_place AND w.native_id = x.who_id "
    "WHERE x.place = s.place AND x.native_id = s.native_id"
)
_NOT_JUST_THAT = (
    " OR ".join(f"s.{f} IS NOT a.{f}" for f in (*ACTIVITY_FIELDS[1:], "towards"))
    + f" OR k.id IS NOT a.kind OR {_NEW_PARTICIPANT} OR (SELECT count(*) FROM main.participants WHERE activity_id = a.id) <> "
    f"(SELECT count(*) {_STAGED_PARTICIPANTS})"
)
"""True if what stands in the desk is not exactly what is staged: only then both have to be remembered for an undo."""


def _activity_as_json() -> str:
    """How the activity a was and what s says of it, see `batch_wording`."""
    was = ", ".join(f"'{f}', a.{f}" for f in (*ACTIVITY_FIELDS, "id", "towards"))
    says = "'kind', k.id, " + ", ".join(f"'{f}', s.{f}" for f in (*ACTIVITY_FIELDS[1:], "towards"))
    now = "json((SELECT json_group_array(json_array(profile_id, role)) FROM main.participants WHERE activity_id = a.id))"
    staged = f"json((SELECT json_group_array(json_array(w.id, x.role)) {_STAGED_PARTICIPANTS}))"
    return f"json_object({was}, 'participants', {now}, 'said', json_object({says}, 'id', s.base, 'participants', {staged}))"


_OLD = "FROM stage.activities s JOIN main.activities a ON a.id = s.old_id LEFT JOIN main.kinds k ON k.name = s.kind WHERE s.old_id IS NOT NULL"
_FRESH = "(s.old_id IS NULL OR s.n IN temp.changed)"


def find_activities(db: Desk) -> None:
    """Which of the staged activities are in the desk and which of those say something new; a place in time for every one
    that is new or has moved. After `find_profiles`. Writes to the staging and to temporary tables alone.
    """
    db.execute("UPDATE stage.activities SET id = base, old_id = NULL WHERE id IS NOT base OR old_id IS NOT NULL")  # it may be asked twice
    known = db.execute(
        "UPDATE stage.activities AS s SET old_id = a.id FROM main.places l CROSS JOIN main.activities a "
        "WHERE l.name = s.place AND a.place_id = l.id AND a.native_id = s.native_id"
    ).rowcount
    for table in ("changed", "moved"):
        db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table}(n INTEGER PRIMARY KEY)")
        db.execute(f"DELETE FROM temp.{table}")
    if known:
        db.execute(f"INSERT INTO temp.changed SELECT s.n {_OLD} AND ({ACTIVITY_DIFFERS} OR {_NEW_PARTICIPANT})")
        db.execute(f"INSERT INTO temp.moved SELECT s.n {_OLD} AND {_MOVED}")
        db.execute("UPDATE stage.activities SET id = old_id WHERE old_id IS NOT NULL AND n NOT IN temp.moved")
    _allot_ids(db)


def activity_portions(db: Desk, pace: Pace) -> Iterator[Portion]:
    """All staged activities, newest first, so that whatever is seen meanwhile is never without what came after it (nobody
    waits for an answer that is still to come in). As much work at a time as the pace says. After `find_activities`.

    What is counted up is work: a row of a thousand letters is about twice as much as one of none.
    """
    before = 2**62
    while rows := db.execute("SELECT id, work FROM stage.activities WHERE id < ? ORDER BY id DESC LIMIT ?", (before, pace.size)).fetchall():
        done = accumulate((work for _, work in rows), initial=0)
        some = [id_ for (id_, _), work in zip(rows, done, strict=False) if work < pace.size]
        yield Portion(where="s.id >= :low AND s.id < :before", values={"low": some[-1], "before": before}, rows=len(some))
        before = some[-1]


def merge_activities(db: Desk, batch_id: int | None, portion: Portion = ALL) -> None:
    """Bring these in, with those who take part. After `find_activities` and `merge_profiles`, inside `transaction`."""
    values = {**portion.values, "batch": batch_id, "by": batch_id or 0}
    was_changed = "s.revised > coalesce(s.published, 0)"  # what was never changed is as old as it is
    revisions.write(db, 2, "stage.activities s", batch_id, portion, only=f"{was_changed} AND {_FRESH}" if batch_id is None else was_changed)
    known = f"SELECT EXISTS (SELECT 1 FROM stage.activities s WHERE s.old_id IS NOT NULL AND {portion.where})"
    if db.execute(known, values).fetchone()[0]:
        _write_over(db, batch_id, portion, values)
    db.execute(
        "INSERT INTO main.activities(id, profile_id, place_id, native_id, kind, published, precision, audience, towards, "
        "title, text, url, in_reply_to, thread, extra, batch_id) SELECT s.id, p.id, l.id, s.native_id, k.id, s.published, "
        "s.precision, s.audience, s.towards, s.title, s.text, s.url, s.in_reply_to, s.thread, s.extra, :batch "
        "FROM stage.activities s JOIN stage.profiles p ON p.place = s.actor_place AND p.native_id = s.actor_id "
        f"JOIN main.places l ON l.name = s.place JOIN main.kinds k ON k.name = s.kind WHERE s.old_id IS NULL AND {portion.where} ORDER BY s.id",
        values,
    )
    db.execute(
        "INSERT OR IGNORE INTO main.participants SELECT p.id, s.id, x.role FROM stage.activities s CROSS JOIN stage.participants x "
        "ON x.place = s.place AND x.native_id = s.native_id JOIN stage.profiles p ON p.place = x.who_place "
        f"AND p.native_id = x.who_id WHERE p.id IS NOT NULL AND s.towards = 1 AND {_FRESH} AND {portion.where}",
        values,
    )
    _index_spaced_anew(db, portion)


def _write_over(db: Desk, batch_id: int | None, portion: Portion, values: dict[str, object]) -> None:
    """Those that are in the desk already: what they say anew, that they were seen again, and how they were, for an undo."""
    old = f"{_OLD} AND {portion.where}"
    if batch_id is None:  # a login's word is the last one: no import before it may put its own back
        db.execute(f"DELETE FROM overwritten WHERE tbl = 2 AND (place_id, native_id) IN (SELECT a.place_id, a.native_id {old})", values)
    else:
        db.execute(
            f"INSERT INTO overwritten SELECT :batch, 2, a.place_id, a.native_id, {_activity_as_json()} {old} AND ({_NOT_JUST_THAT})", values
        )
    db.execute(
        f"INSERT OR IGNORE INTO sightings(batch_id, tbl, place_id, native_id) SELECT :by, 2, a.place_id, a.native_id {old} "
        "AND (a.batch_id IS NOT NULL OR :by > 0)",
        values,
    )
    keep = ", ".join(f"{f} = iif(s.{f} = '' OR NOT {MAY.format(f=f)}, a.{f}, s.{f})" for f in ("title", "url", "in_reply_to", "extra"))
    db.execute(
        f"UPDATE main.activities AS a SET id = s.id, kind = iif(s.older, a.kind, k.id), audience = iif(s.older, a.audience, s.audience), {keep}, "
        f"text = iif(s.text = '' OR {CUT_OFF} OR NOT {MAY.format(f='text')}, a.text, s.text), "
        "thread = iif(s.older, coalesce(a.thread, s.thread), coalesce(s.thread, a.thread)), towards = max(a.towards, s.towards), "
        "published = iif(s.id = a.id, a.published, s.published), precision = iif(s.id = a.id, a.precision, s.precision) "
        "FROM stage.activities s JOIN main.kinds k ON k.name = s.kind WHERE s.old_id = a.id AND s.n IN temp.changed "
        f"AND {portion.where}",
        values,
    )


def taking_part(db: Desk) -> set[int]:
    """Profiles that made one of the fresh activities or take part in it. After `merge_profiles`; only reads."""
    return {
        row[0]
        for row in db.execute(
            f"SELECT id FROM stage.profiles WHERE (place, native_id) IN (SELECT actor_place, actor_id FROM stage.activities s WHERE {_FRESH}) "
            "UNION SELECT p.id FROM stage.activities s CROSS JOIN stage.participants x ON x.place = s.place AND x.native_id = s.native_id "
            f"JOIN stage.profiles p ON p.place = x.who_place AND p.native_id = x.who_id WHERE p.id IS NOT NULL AND s.towards = 1 AND {_FRESH}"
        )
    }


def _index_spaced_anew(db: Desk, portion: Portion) -> None:
    """Full text of every fresh activity in a script without spaces: a few at a time, a mailbox may hold gigabytes.

    What was written over may have kept its old words, so the words are those of the desk, not the staged ones.
    """
    fresh = f"SELECT s.id FROM stage.activities s WHERE ((s.old_id IS NULL AND s.spaced = 1) OR s.n IN temp.changed) AND {portion.where}"
    ids = [row[0] for row in db.execute(fresh, portion.values)]
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        rows = db.execute(
            f"SELECT id, title, text, profile_id FROM main.activities WHERE id IN ({','.join('?' * len(some))})", some
        ).fetchall()
        db.executemany("DELETE FROM activities_spaced WHERE rowid = ?", [(row[0],) for row in rows])
        db.executemany(
            "INSERT INTO activities_spaced(rowid, text, who) VALUES (?,?,?)",
            [(id_, indexed(words), f"p{who}") for id_, title, text, who in rows if is_apart(words := f"{title} {text}")],
        )


def _allot_ids(db: Desk) -> None:
    """The first free id at or above the base of each row that is new or has moved, where `id` stands already.

    Whole sets of the same base first; only true collisions one by one.
    """
    placed = "(s.old_id IS NULL OR s.n IN temp.moved)"
    db.execute("CREATE INDEX IF NOT EXISTS stage.activities_id ON activities(id, old_id, towards, spaced, work, revised, published)")
    db.execute(
        "UPDATE stage.activities AS t SET id = c.id FROM (SELECT n, base + row_number() OVER (PARTITION BY base ORDER BY n) - 1 AS id "
        f"FROM stage.activities s WHERE {placed} AND id IN (SELECT id FROM stage.activities GROUP BY id HAVING count(*) > 1)) AS c "
        "WHERE c.n = t.n AND c.id <> t.id"
    )
    clashes = db.execute(
        f"SELECT n, id FROM stage.activities s WHERE {placed} AND (EXISTS (SELECT 1 FROM main.activities a WHERE "
        "a.id = s.id) OR EXISTS (SELECT 1 FROM stage.activities t WHERE t.id = s.id AND t.n < s.n)) ORDER BY id, n"
    ).fetchall()
    free_from: dict[int, int] = {}
    for n, wanted in clashes:
        candidate = max(wanted + 1, free_from.get(wanted, wanted + 1), free_from.get(wanted - 1, wanted + 1))
        while db.execute(
            "SELECT 1 FROM main.activities WHERE id = ?1 UNION ALL SELECT 1 FROM stage.activities WHERE id = ?1",
            (candidate,),
        ).fetchone():
            candidate += 1
        free_from[wanted] = candidate + 1
        db.execute("UPDATE stage.activities SET id = ? WHERE n = ?", (candidate, n))


def next_free(db: Desk, wanted: int) -> int:
    """The first position from `wanted` on that no activity has."""
    while db.execute("SELECT 1 FROM main.activities WHERE id = ?", (wanted,)).fetchone():
        wanted += 1
    return wanted


def index_spaced(db: Desk, activity_id: int) -> None:
    """Full text of one activity in a script without spaces, after its row was changed. Inside `transaction`."""
    db.execute("DELETE FROM activities_spaced WHERE rowid = ?", (activity_id,))
    row = db.execute("SELECT title, text, profile_id FROM activities WHERE id = ?", (activity_id,)).fetchone()
    if row and is_apart(f"{row[0]} {row[1]}"):
        db.execute(
            "INSERT INTO activities_spaced(rowid, text, who) VALUES (?,?,?)", (activity_id, indexed(f"{row[0]} {row[1]}"), f"p{row[2]}")
        )
