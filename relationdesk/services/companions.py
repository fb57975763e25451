"""Profiles that wait and are certainly one human, though nobody knows yet which: one question, one answer for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from relationdesk.flip import blocks
from relationdesk.flip.evidence import names_conflict, reasons
from relationdesk.flip.traits import mails, own_pages, traits
from relationdesk.flip.weights import CERTAIN
from relationdesk.model import AddressKind, Person, Profile
from relationdesk.services import one_person
from relationdesk.store import people, profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored

MANY = 12
"""Waiting profiles from which on an address that they share tells nothing."""

COUNTED = 1000
"""Waiting profiles up to which the questions are counted exactly; the page shows the first 300."""


def nobodys(found: Iterable[Stored]) -> list[Stored]:
    """Those that are neither a person's nor a company's, nor said to be no person. Whose it is at which time the user alone says."""
    return [s for s in found if s.person_id is None and s.company_id is None and s.settled != "nobody" and s.held is None]


def sharing(db: Desk, fresh: Iterable[Profile]) -> tuple[Stored, ...]:
    """Profiles that share an address with one of these, or whose own page is named there."""
    fresh = tuple(fresh)
    slots = {(a.kind.value, a.value) for profile in fresh for a in profile.addresses}
    slots |= {("web", page) for profile in fresh for page in own_pages(profile)}
    claimed = [a.value for profile in fresh for a in profile.addresses if a.kind is AddressKind.WEB]
    return (*profiles.with_addresses(db, slots), *profiles.with_pages(db, claimed))


def several_names(claimed: Iterable[Stored]) -> bool:
    """True if profiles of one mail address carry names that cannot be one person's: a couple, a front desk."""
    names = sorted({s.profile.display_name for s in claimed if s.profile.known})
    return any(names_conflict(one, other) for one, other in combinations(names, 2))


def is_elses(db: Desk, owner: Profile, me: Person) -> bool:
    """Whether an archive is somebody else's: another name than mine, and no address of mine that the place vouches for. "Carter & Sons" names nobody."""
    if "&" in owner.display_name or not names_conflict(owner.display_name, me.name):
        return False
    vouched = [("mail", a.value) for a in owner.addresses if a.kind is AddressKind.MAIL and a.vouched]
    return not any(one.person_id == me.id for one in profiles.with_addresses(db, vouched))


def others_with(db: Desk, group: Iterable[Stored], name: str) -> tuple[str, ...]:
    """Who else has a mail address of these profiles and cannot be somebody of this name, by name."""
    claimed = profiles.with_addresses(db, [("mail", mail) for stored in group for mail in mails(stored.profile)])
    persons = people.many(db, {s.person_id for s in claimed if s.person_id is not None})
    names = {persons[s.person_id].name if s.person_id in persons else s.profile.display_name for s in claimed if s.person_id in persons or s.profile.known}
    return tuple(sorted(other for other in names if names_conflict(other, name)))


def companions(db: Desk, profile: Stored) -> tuple[Stored, ...]:
    """The others that wait as this one does and are certainly the same human, by id."""
    found = {profile.id: profile}
    fresh = [profile]
    while fresh:
        near = {s.id: s for s in sharing(db, [s.profile for s in fresh]) if _waits(s, profile.settled) and s.id not in found}
        fresh = [s for _, s in sorted(near.items()) if any(_are_one(db, s, other) for other in fresh)] if len(near) <= MANY else []
        found |= {s.id: s for s in fresh}
    return tuple(s for id_, s in sorted(found.items()) if id_ != profile.id)


def grouped(db: Desk, waiting: Sequence[Stored]) -> tuple[tuple[Stored, ...], ...]:
    """Waiting profiles as questions: each with its companions behind it, in the order of their first."""
    by_address: dict[str, list[int]] = defaultdict(list)
    for n, stored in enumerate(waiting):
        for address in blocks.reached(traits(stored.profile)):
            by_address[address].append(n)
    first = list(range(len(waiting)))  # the foremost that is known to be the same human
    for together in by_address.values():
        for one, other in combinations(together, 2) if len(together) <= MANY else ():
            if first[one] != first[other] and _are_one(db, waiting[one], waiting[other]):
                low, high = sorted((first[one], first[other]))
                first = [low if n == high else n for n in first]
    groups: dict[int, list[Stored]] = defaultdict(list)
    for n, stored in enumerate(waiting):
        groups[first[n]].append(stored)
    return tuple(map(tuple, groups.values()))


def count_questions(db: Desk) -> int:
    """How many questions wait: companions count once, unless so many wait that nobody counts them.

    Reads only those profiles that share an address in full: it is asked for after every change.
    """
    total = profiles.count_unlinked(db)
    if total > COUNTED:
        return total
    total += one_person.count(db)
    rows = db.execute(
        "SELECT DISTINCT a.profile_id FROM (SELECT kind, value FROM addresses GROUP BY kind, value HAVING count(*) > 1) s "
        "JOIN addresses a ON a.kind = s.kind AND a.value = s.value JOIN profiles q ON q.id = a.profile_id "
        "WHERE q.person_id IS NULL AND q.company_id IS NULL AND q.settled = ''"
    ).fetchall()
    vouched = db.execute(
        "SELECT q.id, a.value FROM addresses a JOIN profiles q ON q.id = a.profile_id WHERE a.kind = 'web' AND a.vouched = 1 "
        "AND q.person_id IS NULL AND q.company_id IS NULL AND q.settled = ''"
    ).fetchall()
    named = profiles.with_pages(db, [page for _, page in vouched]) if vouched else ()
    near = {*(row[0] for row in (*rows, *vouched)), *(stored.id for stored in named)}
    maybe = [s for s in profiles.by_ids(db, near) if _waits(s, "") and (s.profile.display_name or s.profile.handle)]
    return total - (len(maybe) - len(grouped(db, maybe)))


def count_beyond(db: Desk, settled: str, limit: int) -> int:
    """How many questions there are where more profiles wait than are asked about at once; 0 where all are."""
    total = profiles.count_unlinked(db, settled)
    return 0 if total <= limit else total if settled else count_questions(db)


def _waits(stored: Stored, settled: str) -> bool:
    return stored.person_id is None and stored.company_id is None and stored.settled == settled and stored.held is None and not stored.profile.is_owner


def _are_one(db: Desk, one: Stored, other: Stored) -> bool:
    """True if a place vouches for it, nobody of another name shares the mailbox, and the user did not say otherwise."""
    a, b = one.profile, other.profile
    if a.is_owner or b.is_owner:
        return False
    found = reasons(a, b)
    if not any(reason.weight >= CERTAIN for reason in found) or any(reason.warns for reason in found):
        return False
    if any(f"profile:{y.key.place}/{y.key.native_id}" in profiles.kept_apart(db, x.key) for x, y in ((a, b), (b, a))):
        return False
    shared = mails(a) & mails(b)
    return not shared or not several_names(profiles.with_addresses(db, [("mail", mail) for mail in shared]))
