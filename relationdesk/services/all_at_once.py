"""Answers to many questions of *Who is this?* at once: each is one decision with one undo, after a verified copy of the desk."""

from __future__ import annotations

from datetime import datetime

from relationdesk.errors import UserMistake
from relationdesk.model import Changes
from relationdesk.services import backup
from relationdesk.services import people as decisions
from relationdesk.services.companions import grouped
from relationdesk.store import caches, ledger, profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.store.timekey import seconds
from relationdesk.text import one_line


def new_people(db: Desk, profile_ids: tuple[int, ...], now: datetime) -> Changes:
    """Make a person out of each of these that is still nobody's, as one decision, after a verified copy of the desk."""
    found = grouped(db, _nobodys(db, profile_ids))
    backup.before_bulk(db)
    sentence = f"{len(found):,} new people" if len(found) > 1 else "1 new person"
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
    sentence = f"{decisions.SETTLED[how]}: {humans:,} question{'s' if humans > 1 else ''}"
    with ledger.decide(db, "settle", sentence, seconds(now)) as d:
        for profile in found:
            decisions.settle_with_companions(d, profile, how)
    return Changes(matches=True, undo=sentence)


def _nobodys(db: Desk, profile_ids: tuple[int, ...]) -> list[Stored]:
    found = [p for p in profiles.by_ids(db, profile_ids) if p.person_id is None and p.company_id is None]
    if not found:
        raise UserMistake("All of these are answered already. Nothing was changed.")
    return found
