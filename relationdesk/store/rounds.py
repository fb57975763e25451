"""Look-in rounds as rows: the queue, where the user stands in it, and when whom was looked at.

People are named by uid, so that somebody who was made one with another is still found, and both are back when that is
taken back. Times are unix seconds. Everything that writes stands inside `transaction`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from relationdesk.store import spans
from relationdesk.store.database import Desk
from relationdesk.store.people import new_uid
from relationdesk.store.timekey import AHEAD

END = -1
"""`stands` past the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """One round without its queue. stands: `n` of whom is looked at, END past the last. ended: None while it is open."""

    id: int
    uid: str
    origin: str
    what: str
    title: str
    minutes: int
    started: int
    touched: int
    stands: int
    ended: int | None
    again: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """Somebody in a queue. person_id: None when they are no longer in the desk. newest: their newest activity now; known: as it
    was when they were queued or last looked at."""

    uid: str
    n: int
    state: str
    flagged: bool
    person_id: int | None
    known: int
    newest: int


_COLUMNS = "id, uid, origin, what, title, minutes, started_at, touched_at, stands, ended_at, again_on"


def _round(row: tuple[object, ...]) -> RoundRow:
    id_, uid, origin, what, title, minutes, started, touched, stands, ended, again = row
    return RoundRow(
        id=int(str(id_)), uid=str(uid), origin=str(origin), what=str(what), title=str(title), minutes=int(str(minutes)),
        started=int(str(started)), touched=int(str(touched)), stands=int(str(stands)),
        ended=None if ended is None else int(str(ended)), again=date.fromisoformat(str(again)) if again else None,
    )  # fmt: skip


def get(db: Desk, round_id: int) -> RoundRow | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM rounds WHERE id = ?", (round_id,)).fetchone()
    return _round(row) if row else None


def newest(db: Desk, limit: int = 50) -> tuple[RoundRow, ...]:
    """Open ones first, then the ended ones; each newest step first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM rounds ORDER BY ended_at IS NOT NULL, touched_at DESC, id DESC LIMIT ?", (limit,))
    return tuple(map(_round, rows))


def open_one(db: Desk, origin: str, what: str) -> RoundRow | None:
    """The open round over the same people, None if there is none."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM rounds WHERE ended_at IS NULL AND origin = ? AND what = ? ORDER BY touched_at DESC, id DESC LIMIT 1", (origin, what)
    ).fetchone()
    return _round(row) if row else None


def due(db: Desk, today: date) -> tuple[RoundRow, ...]:
    """Ended rounds that were to be walked again by today, longest due first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM rounds WHERE ended_at IS NOT NULL AND again_on <> '' AND again_on <= ? ORDER BY again_on, id", (today.isoformat(),)
    )
    return tuple(map(_round, rows))


def stops(db: Desk, round_id: int) -> tuple[StopRow, ...]:
    """The queue in its order."""
    rows = db.execute(
        "SELECT s.person_uid, s.n, s.state, s.flagged, s.known, p.id, coalesce(p.last_id, 0) FROM round_stops s LEFT JOIN people p ON p.id = "
        "coalesce((SELECT id FROM people WHERE uid = s.person_uid), (SELECT person_id FROM variants WHERE what = 'uid' AND value = s.person_uid)) "
        "WHERE s.round_id = ? ORDER BY s.n",
        (round_id,),
    )
    return tuple(
        StopRow(uid=uid, n=n, state=state, flagged=bool(flagged), known=known, person_id=person_id, newest=last)
        for uid, n, state, flagged, known, person_id, last in rows
    )


def insert(db: Desk, *, origin: str, what: str, title: str, minutes: int, now: int) -> int:
    """A new round without anybody; its id. What was to be walked again is walked now."""
    db.execute("UPDATE rounds SET again_on = '' WHERE origin = ? AND what = ?", (origin, what))
    cursor = db.execute(
        "INSERT INTO rounds(uid, origin, what, title, minutes, started_at, touched_at) VALUES (?,?,?,?,?,?,?)",
        (new_uid(), origin, what, title, minutes, now, now),
    )
    return int(cursor.lastrowid or 0)


def queue(db: Desk, round_id: int, person_ids: Iterable[int]) -> int:
    """Put these people at the end, in this order, but for those who are in it; how many were put there."""
    cursor = db.execute(
        "INSERT OR IGNORE INTO round_stops(round_id, person_uid, n, known) SELECT ?1, p.uid, "
        "(SELECT coalesce(max(n), -1) + 1 FROM round_stops WHERE round_id = ?1) + j.key, coalesce(p.last_id, 0) "
        "FROM json_each(?2) j JOIN people p ON p.id = j.value ORDER BY j.key",
        (round_id, json.dumps([*person_ids])),
    )
    return cursor.rowcount


def stand(db: Desk, round_id: int, n: int, now: int, *, ended: bool) -> None:
    """Where the user is now."""
    db.execute("UPDATE rounds SET stands = ?, touched_at = ?, ended_at = ? WHERE id = ?", (n, now, now if ended else None, round_id))


def put(db: Desk, round_id: int, uid: str, *, state: str | None = None, flagged: bool | None = None, known: int | None = None) -> None:
    """Change what is said of somebody in the queue; None leaves it."""
    db.execute(
        "UPDATE round_stops SET state = coalesce(?, state), flagged = coalesce(?, flagged), known = coalesce(?, known) "
        "WHERE round_id = ? AND person_uid = ?",
        (state, None if flagged is None else int(flagged), known, round_id, uid),
    )


def to_end(db: Desk, round_id: int, uid: str) -> None:
    """They come again after everybody else."""
    db.execute(
        "UPDATE round_stops SET n = (SELECT max(n) + 1 FROM round_stops WHERE round_id = ?1) WHERE round_id = ?1 AND person_uid = ?2", (round_id, uid)
    )


def visit(db: Desk, round_id: int, uid: str, now: int) -> None:
    """Somebody is looked at from now on."""
    db.execute("INSERT OR IGNORE INTO round_visits(round_id, from_at, person_uid, until_at) VALUES (?,?,?,?)", (round_id, now, uid, now))


def stay(db: Desk, round_id: int, uid: str, now: int, longest: int) -> None:
    """They are still looked at. After more than `longest` seconds without a word of that there was a pause: a new visit begins."""
    found = db.execute(
        "SELECT from_at, until_at FROM round_visits WHERE round_id = ? AND person_uid = ? ORDER BY from_at DESC LIMIT 1", (round_id, uid)
    ).fetchone()
    if found is None or not found[1] <= now <= found[1] + longest:
        visit(db, round_id, uid, now)
    else:
        db.execute(
            "UPDATE round_visits SET until_at = ? WHERE round_id = ? AND person_uid = ? AND from_at = ?", (now, round_id, uid, found[0])
        )


def visits(db: Desk, round_id: int) -> tuple[tuple[str, int, int], ...]:
    """(person uid, from, until), oldest first."""
    return tuple(
        (uid, since, until)
        for uid, since, until in db.execute(
            "SELECT person_uid, from_at, until_at FROM round_visits WHERE round_id = ? ORDER BY from_at, person_uid", (round_id,)
        )
    )


def seconds_spent(db: Desk, round_id: int) -> int:
    return int(db.execute("SELECT coalesce(sum(until_at - from_at), 0) FROM round_visits WHERE round_id = ?", (round_id,)).fetchone()[0])


def set_again(db: Desk, round_id: int, day: date | None) -> None:
    db.execute("UPDATE rounds SET again_on = ? WHERE id = ?", (day.isoformat() if day else "", round_id))


def set_minutes(db: Desk, round_id: int, minutes: int) -> None:
    db.execute("UPDATE rounds SET minutes = ? WHERE id = ?", (minutes, round_id))


def counts(db: Desk, round_id: int) -> tuple[int, int]:
    """(how many are behind the user, how many there are in the queue)."""
    row = db.execute("SELECT count(*) FILTER (WHERE state <> ''), count(*) FROM round_stops WHERE round_id = ?", (round_id,)).fetchone()
    return int(row[0]), int(row[1])


def out_to(db: Desk, since: int, until: int) -> tuple[tuple[int, int], ...]:
    """(person id, position) of what the user did towards people between two positions, both included, oldest first. A meeting that is still to come then stands there
    because it became known, and is nothing that was done."""
    whose = spans.holder("a.id", "q")
    rows = db.execute(
        f"SELECT DISTINCT {whose} AS person_id, a.id FROM activities a JOIN profiles m ON m.id = a.profile_id JOIN people me ON "
        f"me.id = {spans.holder('a.id', 'm')} AND me.is_me = 1 JOIN participants x ON x.activity_id = a.id JOIN profiles q ON q.id = x.profile_id "
        f"WHERE a.id BETWEEN ? AND ? AND NOT coalesce({AHEAD}, 0) AND {whose} IS NOT NULL AND {whose} <> me.id ORDER BY a.id, 1",
        (since, until),
    )
    return tuple((row[0], row[1]) for row in rows)


def made_tasks(db: Desk, since: int, until: int) -> tuple[tuple[int, int, int], ...]:
    """(person id, task id, when made) of follow-ups on people that were made in that time, oldest first."""
    rows = db.execute(
        "SELECT person_id, id, made_at FROM tasks WHERE made_at BETWEEN ? AND ? AND person_id IS NOT NULL ORDER BY made_at, id", (since, until)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def queued_out(db: Desk, since: int, until: int) -> tuple[tuple[int, int, int], ...]:
    """(person id, row, when) of what the user sent off to people in that time and was not given up, also where it has not gone out yet."""
    rows = db.execute(
        "SELECT person_id, id, queued FROM outbox WHERE queued BETWEEN ? AND ? AND person_id IS NOT NULL AND state IN ('waiting', 'sending', 'failed') "
        "ORDER BY queued, id",
        (since, until),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def saved_notes(db: Desk, since: int, until: int) -> tuple[tuple[int, int, int], ...]:
    """(person id, note id, when saved) of notes on people that were written or changed in that time, oldest first."""
    rows = db.execute(
        "SELECT person_id, id, saved_at FROM notes WHERE saved_at BETWEEN ? AND ? AND person_id IS NOT NULL AND trashed_at IS NULL "
        "ORDER BY saved_at, id",
        (since, until),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
