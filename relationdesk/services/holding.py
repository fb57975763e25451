"""The rows of deciding at which time a profile is whose. Decisions, undo and what rests on them call it; `spans` is the user's door."""

from __future__ import annotations

from relationdesk.saying import say
from relationdesk.services import apart
from relationdesk.store import caches, people, profiles, spans
from relationdesk.store.decision import Decision, Row
from relationdesk.store.spans import FOREVER, GONE, Piece
from relationdesk.store.timekey import moment
from relationdesk.text import day


def do_span(d: Decision, told: Row) -> None:
    """The rows of it, from whose the profile is now; nothing where one of the two is not there."""
    stored = next(iter(profiles.by_ids(d.db, [int(str(told["profile"]))])), None)
    person = people.get(d.db, int(str(told["person"])))
    if stored is None or person is None:
        return
    there, touched = spans.pieces(d.db, stored.id), spans.holders(d.db, [stored.id])
    at = int(str(told["at"]))
    if told.get("take"):
        wanted = spans.taken(there, person.id)
        apart.keep(d, stored, f"person:{person.uid}", at)
    else:
        wanted = spans.given(there, person.id, int(str(told["from"])), int(str(told["until"])))
        apart.allow(d, stored, person)
    write(d, stored.id, wanted, say("You linked it on {day}.", day=day(moment(at))))
    caches.changed_hands(d.db, [stored.id], touched | spans.holders(d.db, [stored.id]))


def write(d: Decision, profile_id: int, wanted: list[Piece], how: str) -> None:
    """Whose it is in the end stands in the profile itself, what was before in its spans. how: as in linked_how, if it becomes another's."""
    (stored,) = profiles.by_ids(d.db, [profile_id])
    past, there = _past(wanted), _past(spans.pieces(d.db, profile_id))
    for low, high, whose in there:
        if (low, high, whose) not in past:
            d.delete("spans", {"profile_id": stored.id, "from_id": low})
    for low, high, whose in past:
        key: Row = {"profile_id": stored.id, "from_id": low}
        if (low, high, whose) in there:
            d.affirm("spans", key)
        else:
            row: Row = {"until_id": high, "person_id": whose or None, "forgotten": int(whose == GONE)}
            d.insert("spans", {**key, **row}, key=("profile_id", "from_id"))
    whose = wanted[-1][2] or None
    if whose is not None:
        linked = {"linked_how": how, "linked_by": "user"} if whose != stored.person_id else {"linked_how": stored.linked_how, "linked_by": stored.linked_by}
        d.update("profiles", {"id": stored.id}, {"person_id": whose, "company_id": None, **linked, "settled": ""})
    elif stored.company_id is None:
        settled = stored.settled or ("later" if past else "")  # it is not asked about at once whose it is now
        d.update("profiles", {"id": stored.id}, {"person_id": None, "company_id": None, "linked_how": "", "linked_by": "", "settled": settled})


def _past(pieces: list[Piece]) -> list[Piece]:
    """What stands in spans; what is nobody's for all time is no span."""
    return [piece for piece in pieces if piece[1] < FOREVER or piece[2] == GONE]
