"""Taking a decision back or making it again, and what has to follow it: caches, full text, and profiles that came meanwhile."""

from __future__ import annotations

from datetime import datetime

from relationdesk.model import Changes
from relationdesk.services import agreed, combining, notes
from relationdesk.services.apart import do_keep_apart, do_unlink
from relationdesk.services.emptied_people import emptied_by
from relationdesk.services.holding import do_span
from relationdesk.store import caches, captures, ledger, profiles, roles, spans, taking_out, unwinding, whose
from relationdesk.store import notes as note_rows
from relationdesk.store.database import Desk, transaction
from relationdesk.store.timekey import seconds

AGAIN = {"combine": combining.do_combine, "split": combining.do_split, "keep_apart": do_keep_apart, "unlink": do_unlink, "span": do_span, "rhythm": agreed.do_want}
"""How decisions that look at what there is are made anew, by their kind."""


def undo(db: Desk, now: datetime, decision_id: int | None = None) -> tuple[ledger.Undone, Changes]:
    """Take back a decision (the newest by default); what stayed because later work rests on it is said in sentences."""
    with transaction(db):
        taking_out.read_by(db, decision_id)
        entry = ledger.next_to_undo(db, decision_id)
        _lift(db, entry, forwards=False)
        if entry is not None:
            _let_go(db, entry.id)
        done = ledger.undo(db, decision_id, seconds(now), AGAIN)
        if done.entry.kind == "combine":
            _follow_their_own(db, done.entry.id, seconds(now))
        return done, _after(db, done)


def _let_go(db: Desk, decision_id: int) -> None:
    """A profile that this decision left nobody's, and of which the program alone has made a person since, is nobody's again: they rest on nothing
    but that, and whoever is back has it."""
    for key, before, after in ledger.rows(db, decision_id, "profiles"):
        stored = next(iter(profiles.by_ids(db, [int(str(key["id"]))])), None)
        if stored is None or stored.linked_by != "only" or (before or {}).get("person_id") is None or (after or {}).get("person_id", 0) is not None:
            continue
        emptied = emptied_by(db, stored)
        if emptied.person is not None and emptied.goes:
            db.execute("UPDATE profiles SET person_id = NULL, linked_how = '', linked_by = '' WHERE id = ?", (stored.id,))
            db.execute(
                "DELETE FROM overwritten WHERE tbl = 5 AND batch_id = (SELECT batch_id FROM people WHERE id = ?) AND (place_id, native_id) = (SELECT place_id, "
                "native_id FROM profiles WHERE id = ?)", (emptied.person.id, stored.id),
            )  # or taking that import out would take it from whoever is back
            db.execute("DELETE FROM people WHERE id = ?", (emptied.person.id,))


def redo(db: Desk, decision_id: int | None = None) -> tuple[ledger.Undone, Changes]:
    """Do again what was taken back last, or this decision."""
    with transaction(db):
        _lift(db, ledger.next_to_redo(db, decision_id), forwards=True)
        done = ledger.redo(db, decision_id, AGAIN)
        return done, _after(db, done)


def _lift(db: Desk, entry: ledger.Entry | None, *, forwards: bool) -> None:
    """What was written down by hand leaves the timeline while the decisions about it change, and is back in `_after`."""
    if entry is not None:
        for id_ in (entry.id, *unwinding.resting_on(db, entry.id, forwards=forwards)):
            captures.lift(db, captures.of_decision(db, id_))


def _after(db: Desk, done: ledger.Undone) -> Changes:
    touched = set(done.people)
    touched |= spans.holders(db, done.profiles)
    caches.changed_hands(db, done.profiles, touched)
    roles.tidy(db)
    if done.entry.kind == "add":
        taking_out.tidy(db)
    for id_ in (done.entry.id, *done.anew):
        captures.settle(db, captures.of_decision(db, id_), seconds(done.entry.at))
    for id_, kind in ((done.entry.id, done.entry.kind), *((id_, ledger.kind(db, id_)) for id_ in done.anew)):
        _follow(db, id_, kind)
    if done.anew or done.entry.kind in AGAIN:
        note_rows.mention_again(db, frozenset(touched))
    return Changes(everything=True)


def _follow(db: Desk, decision_id: int, kind: str) -> None:
    """What hangs on the rows of a decision of this kind."""
    if kind in ("note", "trash"):
        notes.after_undo(db, decision_id)
    elif kind in AGAIN:
        for key, _, _ in ledger.rows(db, decision_id, "notes"):
            note_rows.about_another(db, int(str(key["id"])))
    elif kind == "person":
        (entry,) = ledger.some(db, [decision_id])
        for key, _, after in ledger.rows(db, decision_id, "people"):
            if "name" in (after or {}):
                note_rows.mention_too(db, int(str(key["id"])), seconds(entry.at))
    elif kind == "me":
        whose.follow_decisions(db)
        caches.rebuild(db)


def _follow_their_own(db: Desk, decision_id: int, now: int) -> None:
    """Two that were one are two again. A profile that came meanwhile, because a place vouches that it goes with a profile of the one
    who is back, goes with that one; whoever is back only because of an import that was taken out meanwhile goes with it."""
    for back, instead in _back(db, decision_id):
        _claim(db, decision_id, back, instead, now)
        batch = db.execute("SELECT b.id FROM people p JOIN batches b ON b.id = p.batch_id AND b.undone_at IS NOT NULL WHERE p.id = ?", (back,)).fetchone()
        if batch is not None:
            from relationdesk.store import batches  # the first picture waits for nothing that it does not need

            batches.remove_left(db, batch[0])


def _back(db: Desk, decision_id: int) -> list[tuple[int, int]]:
    """(who is there again, whom they were made one with) after a combining was taken back."""
    rows = db.execute(
        "SELECT json_extract(c.told, '$.gone'), json_extract(c.told, '$.into') FROM compounds c JOIN decisions d ON d.id = c.decision_id "
        "JOIN people p ON p.id = json_extract(c.told, '$.gone') WHERE d.id = ? AND d.kind = 'combine' AND d.undone_at IS NOT NULL",
        (decision_id,),
    )
    return rows.fetchall()


def _claim(db: Desk, decision_id: int, back: int, instead: int, now: int) -> None:
    """Ask anew about the profiles that places linked to the other one since the two were made one."""
    from relationdesk.services import companions, matching  # with all of matching: only where it is needed

    known = {int(str(key["id"])) for key, _, _ in ledger.rows(db, decision_id, "profiles")}
    near = {s.id for s in companions.sharing(db, [s.profile for s in profiles.of_person(db, back)])}
    came = [s.id for s in profiles.of_person(db, instead) if s.linked_by == "place" and s.id in near and s.id not in known]
    for id_ in came:
        db.execute("UPDATE profiles SET person_id = NULL, linked_how = '', linked_by = '' WHERE id = ?", (id_,))
    matching.arrange(db, came, batch_id=None, now=now)
