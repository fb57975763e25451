"""Two people of the desk of whom a place says that they are one: its record of the one became part of the other's, or the page that a
profile names is the other's and the place has checked it. That is asked about; nobody is combined without the user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from relationdesk.flip import matching
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.traits import own_pages, page
from relationdesk.model import AddressKind, Person
from relationdesk.store import people, profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """whose: whom the profile belongs to on the desk; who: whom the place says it belongs to."""

    profile: Stored
    whose: Person
    who: Person
    candidate: Candidate


def count(db: Desk) -> int:
    """How many wait to be asked about."""
    return len(_found(db, ""))


def pairs(db: Desk, settled: str = "") -> tuple[Pair, ...]:
    """By profile; each two people once. settled: as in `profiles.unlinked`."""
    found = _found(db, settled)
    persons = people.many(db, {id_ for one, other in found for id_ in (one.person_id, other.person_id) if id_ is not None})
    made = []
    for one, other in found:
        whose, who = persons[one.person_id or 0], persons[other.person_id or 0]
        theirs = tuple(stored.profile for stored in profiles.of_person(db, who.id))
        somebody = Somebody(person_id=who.id, uid=who.uid, name=who.name, profiles=theirs, company=who.company)
        made.append(Pair(profile=one, whose=whose, who=who, candidate=matching.compare(one.profile, somebody)))
    return tuple(pair for pair in made if pair.candidate.certain)


def became(db: Desk, theirs: Iterable[Stored]) -> dict[int, str]:
    """What a profile is called now, by its id, where its place made another profile of it: a merged record, a move to another server."""
    pages = {
        page(address.value): stored for stored in theirs for address in stored.profile.addresses if address.vouched and address.kind is AddressKind.WEB
    }  # fmt: skip
    found: dict[int, str] = {}
    for other in profiles.with_pages(db, pages):
        named = (pages.get(own) for own in own_pages(other.profile))
        for stored in (one for one in named if one is not None):
            if stored.id != other.id and stored.profile.key.place == other.profile.key.place:
                found[stored.id] = other.profile.display_name or other.profile.handle or other.profile.key.native_id
    return found


def _found(db: Desk, settled: str) -> list[tuple[Stored, Stored]]:
    """(profile, the one whose page its place vouches for), each somebody else's, and not kept apart."""
    claimed = profiles.vouched_pages(db, settled)
    if not claimed:
        return []
    by_page: dict[str, list[Stored]] = defaultdict(list)
    for stored in profiles.with_pages(db, {named for _, named in claimed}):
        for own in own_pages(stored.profile):
            by_page[own].append(stored)
    ones = {stored.id: stored for stored in profiles.by_ids(db, {id_ for id_, named in claimed if page(named) in by_page})}
    found: dict[frozenset[int | None], tuple[Stored, Stored]] = {}
    for id_, named in claimed:
        for other in by_page.get(page(named), ()):
            one = ones[id_]
            if other.person_id is None or other.person_id == one.person_id or other.is_shared or _are_apart(db, one, other):
                continue
            found.setdefault(frozenset({one.person_id, other.person_id}), (one, other))
    return list(found.values())


def _are_apart(db: Desk, one: Stored, other: Stored) -> bool:
    for this, that in ((one, other), (other, one)):
        person = people.get(db, that.person_id or 0)
        refused = profiles.kept_apart(db, this.profile.key)
        if f"profile:{that.profile.key.place}/{that.profile.key.native_id}" in refused or (person is not None and f"person:{person.uid}" in refused):
            return True
    return False
