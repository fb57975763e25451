"""An import that was whole is undone: what it alone brought goes, what others saw passes to them, what it changed speaks without it.

In portions too. There is no way back from the first of them on (what is out could only be read from its file again), but it can be cut off
anywhere and gone on with: what is done already is not there any more, and what has to be remembered lies in `leavings`. What the user decides
or writes meanwhile stays. Whose the profiles are that lost their person is asked in services/import_undo.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from relationdesk.store import (
    activities,
    batch_wording,
    batches,
    caches,
    captures,
    half_imports,
    life_days,
    roles,
    spans,
    taking_back,
    tellings,
    withdrawals,
)
from relationdesk.store import people as people_rows
from relationdesk.store.database import Desk
from relationdesk.store.half_imports import Half
from relationdesk.store.portions import Pace, Step, Steps, some_of

TOLD_OF, NOBODYS = 1, 2
"""`leavings.what`."""


@dataclass(slots=True, kw_only=True)
class Going:
    """How far it is. is_resumed: an earlier run was cut off, so what it touched is not known any more. people_kept: because the user worked
    on them. more: told how many rows are done; total: how many there are."""

    is_resumed: bool = False
    activities: int = 0
    profiles: int = 0
    people: int = 0
    people_kept: int = 0
    total: int = 0
    touched: set[int] = field(default_factory=set)
    told_of: set[int] = field(default_factory=set)
    mine: set[int] = field(default_factory=set)
    more: Callable[[int], None] = lambda rows: None


_SIZE = (
    "SELECT (SELECT count(*) FROM activities WHERE batch_id = ?1) + (SELECT count(*) FROM profiles WHERE batch_id = ?1) + "
    "(SELECT count(*) FROM people WHERE batch_id = ?1) + (SELECT count(*) FROM overwritten WHERE batch_id = ?1)"
)


def size(db: Desk, batch_id: int) -> int:
    """Rows that an undo of it has to do with, but for those that only say that it saw what others brought."""
    return int(db.execute(_SIZE, (batch_id,)).fetchone()[0])


def take_out(db: Desk, half: Half, going: Going) -> Steps:
    """All its facts go, with the people and companies that were there for them; then only whose profiles are has still to be asked."""
    yield from _begin(db, half, going)
    yield from _facts(db, half.batch_id, going)
    yield from _coverage(db, half.batch_id)
    yield from _links(db, half.batch_id)
    yield from life_days.taking_back(db, half.batch_id)
    yield from _tellings(db, half.batch_id, going)
    yield from follow_roles(db, None if going.is_resumed else going.told_of)  # before the companies go that it made
    yield from _activities(db, half.batch_id, going)
    yield from withdrawals.bring_back(db, half.batch_id, going.touched)
    yield from _people(db, half.batch_id, going)
    yield from _loosen(db, half.batch_id)
    yield Step.WRITE
    captures.batch_gone(db, half.batch_id, _at(half))
    for table in ("sightings", "revisions"):
        yield from taking_back.no_sightings(db, half.batch_id, table)
    yield from derive(db, going)
    yield Step.WRITE
    roles.tidy(db)
    batches.undone(db, half.batch_id, _at(half))
    half_imports.all_in(db, half.batch_id)


def _at(half: Half) -> int:
    assert half.leaving_at is not None
    return half.leaving_at


def _begin(db: Desk, half: Half, going: Going) -> Steps:
    """Of whom the batch told, and what will have to be derived anew, while it can be seen; then the mark."""
    yield Step.READ
    batch_id = half.batch_id
    going.total = size(db, batch_id)
    going.mine.update(people_rows.my_profiles(db))
    going.told_of |= _told_of(db, batch_id)
    going.touched |= _touched(db, batch_id)
    yield Step.WRITE
    if not going.is_resumed:
        half_imports.begin(db, batch_id, _at(half))
    for some in some_of(sorted(going.told_of), pace := Pace()):
        yield Step.WRITE
        with pace:
            _remember(db, batch_id, TOLD_OF, some)


def _told_of(db: Desk, batch_id: int) -> set[int]:
    """People whose profiles it brought, told of, changed or linked."""
    found = db.execute(
        "SELECT person_id FROM profiles WHERE batch_id = ?1 AND person_id IS NOT NULL UNION SELECT q.person_id FROM overwritten o JOIN profiles q "
        "ON q.place_id = o.place_id AND q.native_id = o.native_id WHERE o.batch_id = ?1 AND o.tbl IN (1, 5) AND q.person_id IS NOT NULL",
        (batch_id,),
    )
    return {*(row[0] for row in found), *spans.holders(db, tellings.of_batch(db, batch_id))}


def _touched(db: Desk, batch_id: int) -> set[int]:
    """Profiles that made one of its activities or take part in it."""
    found = db.execute(
        "SELECT profile_id FROM activities WHERE batch_id = ?1 UNION SELECT x.profile_id FROM participants x JOIN activities a ON "
        "a.id = x.activity_id WHERE a.batch_id = ?1",
        (batch_id,),
    )
    return {row[0] for row in found}


def _remember(db: Desk, batch_id: int, what: int, ids: Iterable[int]) -> None:
    db.executemany("INSERT OR IGNORE INTO leavings VALUES (?,?,?)", [(batch_id, what, id_) for id_ in ids])


def remembered(db: Desk, batch_id: int, what: int) -> list[int]:
    """TOLD_OF: people, NOBODYS: profiles; by their numbers."""
    return [row[0] for row in db.execute("SELECT id FROM leavings WHERE batch_id = ? AND what = ? ORDER BY id", (batch_id, what))]


def _facts(db: Desk, batch_id: int, going: Going) -> Steps:
    """What others said or saw as well says what they said, and is theirs."""
    yield Step.READ
    pace, left, at = Pace(), batch_wording.spoken_with_others(db, batch_id), 0
    while some := left[at : at + pace.size]:
        at += len(some)
        yield Step.WRITE
        with pace:
            for tbl, place_id, native_id in some:
                going.touched |= batch_wording.take_out(db, tbl, (place_id, native_id), batch_id)
                _hand_over(db, tbl, (place_id, native_id), batch_id)
                taking_back.written_off(db, batch_id, tbl, place_id, native_id)
        going.more(len(some))


def _hand_over(db: Desk, tbl: int, key: tuple[int, str], batch_id: int) -> None:
    """What somebody else saw as well now belongs to the first of them (0: a login, stored as NULL)."""
    table = "profiles" if tbl == 1 else "activities"
    (first,) = db.execute(
        "SELECT min(batch_id) FROM sightings WHERE tbl = ? AND place_id = ? AND native_id = ? AND batch_id <> ?", (tbl, *key, batch_id)
    ).fetchone()
    if first is not None:
        db.execute(f"UPDATE {table} SET batch_id = nullif(?, 0) WHERE place_id = ? AND native_id = ? AND batch_id = ?", (first, *key, batch_id))


def _coverage(db: Desk, batch_id: int) -> Steps:
    pace = Pace()
    question = "SELECT place_id, native_id FROM overwritten WHERE batch_id = ? AND tbl = 4 LIMIT ?"
    while rows := db.execute(question, (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            for place_id, native_id in rows:
                batches.restore_coverage(db, batch_id, place_id, native_id)
                taking_back.written_off(db, batch_id, 4, place_id, native_id)


def _links(db: Desk, batch_id: int) -> Steps:
    """Older profiles that the batch linked are as they were; those that a later one saw again, which may link them just as well, are asked about."""
    pace = Pace()
    question = "SELECT place_id, native_id FROM overwritten WHERE batch_id = ? AND tbl = 5 LIMIT ?"
    while rows := db.execute(question, (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            for place_id, native_id in rows:
                _remember(db, batch_id, NOBODYS, batches.restore_link(db, batch_id, place_id, native_id))
                taking_back.written_off(db, batch_id, 5, place_id, native_id)


def _tellings(db: Desk, batch_id: int, going: Going) -> Steps:
    yield Step.READ
    for some in some_of(tellings.of_batch(db, batch_id), pace := Pace()):
        yield Step.WRITE
        with pace:
            whose = spans.holders(db, some)
            going.told_of.update(whose)
            _remember(db, batch_id, TOLD_OF, whose)
            going.touched |= tellings.unsaid(db, batch_id, some)


def follow_roles(db: Desk, people: Iterable[int] | None) -> Steps:
    """These (None: everybody) are what is told of them otherwise."""
    yield Step.READ
    ids = [row[0] for row in db.execute("SELECT id FROM people ORDER BY id")] if people is None else sorted(people)
    for some in some_of(ids, pace := Pace()):
        yield Step.WRITE
        with pace:
            roles.follow(db, some)


def _activities(db: Desk, batch_id: int, going: Going) -> Steps:
    """Oldest first: whoever looks meanwhile never sees a question without the answer that was given to it."""
    pace = Pace()
    while rows := db.execute("SELECT id FROM activities WHERE batch_id = ? ORDER BY id LIMIT ?", (batch_id, pace.size)).fetchall():
        yield Step.WRITE
        with pace:
            activities.remove(db, (id_ for (id_,) in rows))
        going.activities += len(rows)
        going.more(len(rows))


def _people(db: Desk, batch_id: int, going: Going) -> Steps:
    """People with their profiles first, so that nobody is seen without; then profiles of others, and companies that nobody is at any more."""
    for table, remove in (("people", _remove_people), ("profiles", _remove_profiles)):
        yield Step.READ
        ids = [row[0] for row in db.execute(f"SELECT id FROM {table} WHERE batch_id = ? ORDER BY id", (batch_id,))]
        for some in some_of(ids, pace := Pace()):
            yield Step.WRITE
            before = going.profiles
            with pace:
                remove(db, batch_id, some, going)
            going.more(len(some) + (going.profiles - before if table == "people" else 0))
    yield Step.WRITE
    batches.remove_companies(db, batch_id)


def _remove_people(db: Desk, batch_id: int, ids: list[int], going: Going) -> None:
    profiles, people, kept, loose = batches.remove_people(db, batch_id, ids)
    going.profiles, going.people, going.people_kept = going.profiles + profiles, going.people + people, going.people_kept + kept
    _remember(db, batch_id, NOBODYS, loose)


def _remove_profiles(db: Desk, batch_id: int, ids: list[int], going: Going) -> None:
    going.profiles += batches.remove_profiles(db, batch_id, ids)


def _loosen(db: Desk, batch_id: int) -> Steps:
    """Profiles linked to these people by certainty, which may have rested on this batch: they are asked about again."""
    yield Step.READ
    for some in some_of(remembered(db, batch_id, TOLD_OF), pace := Pace()):
        yield Step.WRITE
        with pace:
            _remember(db, batch_id, NOBODYS, batches.set_loose(db, some))
            db.executemany("DELETE FROM leavings WHERE batch_id = ? AND what = ? AND id = ?", [(batch_id, TOLD_OF, id_) for id_ in some])


def derive(db: Desk, going: Going) -> Steps:
    """The caches of what was touched, or of whatever does not fit where that is not known any more."""
    if going.is_resumed:
        yield from follow_roles(db, None)
        yield from caches.repairing(db)
    else:
        yield Step.READ
        yield from caches.renewing(db, going.touched, going.told_of, going.mine ^ people_rows.my_profiles(db))


def end(db: Desk, batch_id: int) -> Steps:
    """What was remembered goes, at last the mark."""
    pace = Pace()
    some = "DELETE FROM overwritten WHERE batch_id = ?1 AND (tbl, place_id, native_id) IN (SELECT tbl, place_id, native_id FROM overwritten WHERE batch_id = ?1 LIMIT ?2)"
    others = "DELETE FROM leavings WHERE batch_id = ?1 AND (what, id) IN (SELECT what, id FROM leavings WHERE batch_id = ?1 LIMIT ?2)"
    for statement in (some, others):
        gone = 1
        while gone:
            yield Step.WRITE
            with pace:
                gone = db.execute(statement, (batch_id, pace.size)).rowcount
    yield Step.WRITE
    half_imports.end(db, batch_id)


def nobodys(db: Desk, batch_id: int) -> tuple[batches.Loose, ...]:
    """Profiles that lost their person, or may have, in the order in which they were brought, those of logins last."""
    found: dict[int | None, list[int]] = {}
    rows = db.execute(
        "SELECT batch_id, id FROM profiles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY batch_id NULLS LAST, id",
        (json.dumps(remembered(db, batch_id, NOBODYS)),),
    )
    for batch, profile_id in rows:
        found.setdefault(batch, []).append(profile_id)
    return tuple(batches.Loose(batch_id=batch, profiles=tuple(ids)) for batch, ids in found.items())
