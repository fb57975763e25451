"""Answers to many questions of *Who is this?* at once: each is one decision with one undo, after a verified copy of the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.flip.traits import firm, fits, traits
from relationdesk.model import Changes
from relationdesk.saying import counted, say
from relationdesk.services import backup
from relationdesk.services import people as decisions
from relationdesk.services.companions import grouped
from relationdesk.services.matching import Match
from relationdesk.store import caches, ledger, people, profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.store.timekey import seconds
from relationdesk.text import one_line

FEWEST = 3
"""Addresses of one firm from which on all of them are asked about together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtFirm:
    """Profiles that wait, resemble nobody, and have a mail address of one firm: they may all be at that company."""

    domain: str
    company_id: int
    company: str
    profiles: tuple[int, ...]


def firms(db: Desk, waiting: Sequence[Match]) -> tuple[AtFirm, ...]:
    """Those of these questions that one answer about a firm settles, most first."""
    by_domain: dict[str, list[int]] = defaultdict(list)
    for match in waiting:
        if not match.candidates:
            for domain in traits(match.profile.profile).hosts:
                by_domain[domain].append(match.profile.id)
    found = []
    for domain, ids in by_domain.items():
        company_id = _company_of(db, domain) if len(ids) >= FEWEST else None
        company = people.company(db, company_id) if company_id is not None else None
        if company is not None:
            found.append(AtFirm(domain=domain, company_id=company.id, company=company.name, profiles=tuple(ids)))
    return tuple(sorted(found, key=lambda one: (-len(one.profiles), one.domain)))


def _company_of(db: Desk, domain: str) -> int | None:
    """The company most of whose known people have such an address, else the only one that is called so; None if neither is clear."""
    rows = db.execute(
        "SELECT p.company_id, count(DISTINCT p.id) FROM addresses a JOIN profiles q ON q.id = a.profile_id JOIN people p ON p.id = q.person_id "
        "WHERE a.kind = 'mail' AND a.value LIKE '%@' || ? ESCAPE '!' AND p.company_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC",
        (domain.replace("!", "!!").replace("_", "!_").replace("%", "!%"),),
    ).fetchall()
    if rows and 2 * rows[0][1] > sum(row[1] for row in rows):
        return int(rows[0][0])
    called = [id_ for id_, name in db.execute("SELECT id, name FROM companies") if fits(domain, firm(name).replace(" ", ""))] if not rows else []
    return called[0] if len(called) == 1 else None


def at_company(db: Desk, profile_ids: tuple[int, ...], company_id: int, now: datetime) -> Changes:
    """Make a person of that company out of each of these that is still nobody's, as one decision, after a verified copy of the desk."""
    company = people.company(db, company_id)
    if company is None:
        raise UserMistake(say("This company is not in the desk any more. Nothing was changed."))
    found = grouped(db, _nobodys(db, profile_ids))
    backup.before_bulk(db)
    sentence = counted(len(found), "{n:,} new person at {company}", "{n:,} new people at {company}", company=company.name)
    with ledger.decide(db, "person", sentence, seconds(now)) as d:
        made = []
        for profile, *_ in found:
            if not profiles.is_linked(db, profile.id):
                made.append(decisions.make_person(d, profile, one_line(decisions.profile_name(profile)), now, company.name))
        caches.refresh_people(db, made)
    return Changes(people=frozenset(made), matches=True, companies=True, undo=sentence)


def new_people(db: Desk, profile_ids: tuple[int, ...], now: datetime) -> Changes:
    """Make a person out of each of these that is still nobody's, as one decision, after a verified copy of the desk."""
    found = grouped(db, _nobodys(db, profile_ids))
    backup.before_bulk(db)
    sentence = counted(len(found), "{n:,} new person", "{n:,} new people")
    with ledger.decide(db, "person", sentence, seconds(now)) as d:
        made = []
        for profile, *_ in found:
            if not profiles.is_linked(db, profile.id):  # it may have gone with one before, by the same address
                made.append(decisions.make_person(d, profile, one_line(decisions.profile_name(profile)), now))
        caches.refresh_people(db, made)
    return Changes(people=frozenset(made), matches=True, companies=True, undo=sentence)


def settle_all(db: Desk, profile_ids: tuple[int, ...], how: str, now: datetime) -> Changes:
    """As `settle` for each of these that is still nobody's, as one decision, after a verified copy of the desk."""
    found = _nobodys(db, profile_ids)
    backup.before_bulk(db)
    humans = len(grouped(db, found))
    sentence = say("{settled}: {questions}", settled=say(decisions.SETTLED[how]), questions=counted(humans, "{n:,} question", "{n:,} questions"))
    with ledger.decide(db, "settle", sentence, seconds(now)) as d:
        for profile in found:
            decisions.settle_with_companions(d, profile, how)
    return Changes(matches=True, undo=sentence)


def _nobodys(db: Desk, profile_ids: tuple[int, ...]) -> list[Stored]:
    found = [p for p in profiles.by_ids(db, profile_ids) if p.person_id is None and p.company_id is None]
    if not found:
        raise UserMistake(say("All of these are answered already. Nothing was changed."))
    return found
