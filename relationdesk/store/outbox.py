"""What is on its way out, and what is out: rows of the user's own words. Nothing here asks a place.

Words are written by the user alone. What the program tells of a row (tries, failures, that it is out) never touches them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from relationdesk.model import Key, Role
from relationdesk.outgoing import Deed, Entry, Recipient, State
from relationdesk.saying import marked, say
from relationdesk.store import presses
from relationdesk.store.database import Desk
from relationdesk.store.decision import Row
from relationdesk.store.staging import AUDIENCES
from relationdesk.store.timekey import maybe_moment, moment

_COLUMNS = (
    "id, uid, person_id, place, login, deed, towards, subject, text, recipients, audience, state, made_at, saved_at, queued, not_before, "
    "next_try, tries, tried_at, is_unsure, failure, native_id, url, sent_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM outbox "

MAY_BE_OUT = marked("This desk was put back from a copy, so this may have been sent since. Nothing was lost. Look in the place, then send it again or give it up.")


def _entry(row: tuple[object, ...]) -> Entry:
    got = dict(zip(_COLUMNS.replace(",", "").split(), row, strict=True))

    def text(column: str) -> str:
        return str(got[column])

    def number(column: str) -> int | None:
        return None if got[column] is None else int(str(got[column]))

    place = text("place")
    return Entry(
        id=int(text("id")), uid=text("uid"), person_id=number("person_id"), place=place, login=text("login"), deed=Deed(text("deed")),
        towards=Key(place, text("towards")) if got["towards"] else None, subject=text("subject"), text=text("text"),
        recipients=tuple(Recipient(role=Role(role), value=value, name=name) for role, value, name in json.loads(text("recipients"))),
        audience=AUDIENCES[int(text("audience"))], state=State(text("state")), made=moment(int(text("made_at"))),
        saved=moment(int(text("saved_at"))), queued=maybe_moment(number("queued")), not_before=maybe_moment(number("not_before")),
        next_try=maybe_moment(number("next_try")), tries=int(text("tries")), tried=maybe_moment(number("tried_at")),
        unsure=bool(got["is_unsure"]), failure=text("failure"), key=Key(place, text("native_id")) if got["native_id"] else None,
        url=text("url"), sent=maybe_moment(number("sent_at")),
    )  # fmt: skip


def as_text(recipients: Iterable[Recipient]) -> str:
    """As they are kept."""
    return json.dumps([[one.role.value, one.value, one.name] for one in recipients], ensure_ascii=False)


def get(db: Desk, uid: str) -> Entry | None:
    row = db.execute(_SELECT + "WHERE uid = ?", (uid,)).fetchone()
    return _entry(row) if row else None


def every(db: Desk, states: Iterable[State] = State) -> tuple[Entry, ...]:
    """Those in these states: what has still to be done first (newest first), then what is out (newest first)."""
    rows = db.execute(
        _SELECT + "WHERE state IN (SELECT value FROM json_each(?)) ORDER BY state = 'sent', coalesce(sent_at, queued, saved_at) DESC, id DESC",
        (json.dumps([state.value for state in states]),),
    )
    return tuple(map(_entry, rows))


def of_person(db: Desk, person_id: int, states: Iterable[State] = State) -> tuple[Entry, ...]:
    """As `every`, to one person."""
    rows = db.execute(
        _SELECT + "WHERE person_id = ? AND state IN (SELECT value FROM json_each(?)) "
        "ORDER BY state = 'sent', coalesce(sent_at, queued, saved_at) DESC, id DESC",
        (person_id, json.dumps([state.value for state in states])),
    )
    return tuple(map(_entry, rows))


def draft_of(db: Desk, person_id: int, towards: Key | None, deed: Deed) -> Entry | None:
    """What is being typed to that person in answer to that, the newest; None if nothing is."""
    row = db.execute(
        _SELECT + "WHERE person_id = ? AND towards = ? AND (? IN ('', place)) AND deed = ? AND state = 'draft' ORDER BY saved_at DESC, id DESC LIMIT 1",
        (person_id, towards.native_id if towards else "", towards.place if towards else "", deed.value),
    ).fetchone()
    return _entry(row) if row else None


def last_press(db: Desk, towards: Key, deed: Deed) -> Entry | None:
    """What was done last of this about an item, or against it (taken back), in whatever state; for deeds without words. What stands: `presses`."""
    both = json.dumps([one.value for one in (deed, deed.undone_by) if one])
    row = db.execute(
        _SELECT + "WHERE place = ? AND towards = ? AND deed IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1",
        (towards.place, towards.native_id, both),
    ).fetchone()
    return _entry(row) if row else None


def standing(db: Desk, towards: Key, deed: Deed, without: str = "") -> Entry | None:
    """The like or boost of an item that stands, see `presses.standing`."""
    uid = presses.standing(db, (towards,), without).get(towards, {}).get(deed, "")
    return get(db, uid) if uid else None


def others(db: Desk, entry: Entry) -> frozenset[str]:
    """Native ids of what else was sent in answer to the same (or, like this one, to nothing) in this place."""
    rows = db.execute(
        "SELECT native_id FROM outbox WHERE state = 'sent' AND native_id <> '' AND place = ? AND towards = ? AND uid <> ?",
        (entry.place, entry.towards.native_id if entry.towards else "", entry.uid),
    )
    return frozenset(row[0] for row in rows)


def counts(db: Desk) -> dict[State, int]:
    """How many are in each state; a state without any is left out."""
    return {State(state): n for state, n in db.execute("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")}


def queue(db: Desk) -> tuple[Entry, ...]:
    """Everything that waits or is being sent, in the order in which it goes out."""
    return tuple(map(_entry, db.execute(_SELECT + "WHERE state IN ('waiting', 'sending') ORDER BY queued, id")))


def due(db: Desk, now: int, program: str) -> tuple[Entry, ...]:
    """What may go out now: of each login as far as nothing before it has to wait, in order. now: unix seconds. program: the running
    one; what it is sending already is not named."""
    held: set[str] = set()
    found = []
    ours = {row[0] for row in db.execute("SELECT uid FROM outbox WHERE state = 'sending' AND taken_by = ?", (program,))}
    for entry in queue(db):
        until = max((at for at in (entry.not_before, entry.next_try) if at is not None), default=None)
        if entry.uid in ours or (until is not None and until > moment(now)):
            held.add(entry.login)
        if entry.login not in held:
            found.append(entry)
    return tuple(found)


def next_at(db: Desk, program: str) -> int | None:
    """When something is due next, unix seconds; None if nothing waits but for what `program` is sending already. It may lie in the past."""
    first: dict[str, int | None] = {}
    for login, taken_by, not_before, next_try in db.execute(
        "SELECT login, taken_by, not_before, next_try FROM outbox WHERE state IN ('waiting', 'sending') ORDER BY queued, id"
    ):
        first.setdefault(login, None if taken_by == program else max(not_before or 0, next_try or 0))
    return min((at for at in first.values() if at is not None), default=None)


def insert(db: Desk, row: Row) -> None:
    """A new row, all columns as they are kept. Inside `transaction`."""
    db.execute(f"INSERT INTO outbox({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


def write(db: Desk, uid: str, values: Row) -> None:
    """Columns of one row, as they are kept. Inside `transaction`."""
    db.execute(f"UPDATE outbox SET {', '.join(f'{column} = ?' for column in values)} WHERE uid = ?", (*values.values(), uid))


def remove(db: Desk, uid: str) -> None:
    """For a draft without a word. Inside `transaction`."""
    db.execute("DELETE FROM outbox WHERE uid = ?", (uid,))


# What the sender tells


def take(db: Desk, uid: str, program: str, now: int) -> bool:
    """Before the place is asked to take it: from here on it may be out. False if it no longer waits. Inside `transaction`."""
    done = db.execute(
        "UPDATE outbox SET state = 'sending', taken_by = ?1, tries = tries + 1, tried_at = ?2, is_unsure = 1 WHERE uid = ?3 AND "
        "(state = 'waiting' OR (state = 'sending' AND taken_by <> ?1))",
        (program, now, uid),
    )
    return done.rowcount == 1


def out(db: Desk, uid: str, native_id: str, url: str, now: int, note: str = "") -> None:
    """The place has it. note: what it still waits for there. Inside `transaction`."""
    db.execute(
        "UPDATE outbox SET state = 'sent', native_id = ?, url = ?, sent_at = ?, is_unsure = 0, failure = ?, next_try = NULL, taken_by = '' "
        "WHERE uid = ?",
        (native_id, url, now, note, uid),
    )


def not_out(db: Desk, uid: str, state: State, failure: str, *, unsure: bool, next_try: int | None) -> None:
    """It is not out, or not for certain. What was not there to be taken (waiting, and surely not out) was no try. Inside `transaction`."""
    if state is State.WAITING and not unsure:
        db.execute("UPDATE outbox SET tries = max(tries - 1, 0) WHERE uid = ? AND taken_by <> ''", (uid,))
    db.execute(
        "UPDATE outbox SET state = ?, failure = ?, is_unsure = ?, next_try = ?, taken_by = '' WHERE uid = ?",
        (state.value, failure, int(unsure), next_try, uid),
    )


def hold(db: Desk) -> None:
    """What waits or was being sent goes out only if the user says so again: for a desk put back from a copy. Inside `transaction`."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone():
        return  # a copy of a time before there was one
    db.execute(
        "UPDATE outbox SET state = 'failed', is_unsure = 1, failure = ?, next_try = NULL, taken_by = '' WHERE state IN ('waiting', 'sending')",
        (say(MAY_BE_OUT),),
    )
