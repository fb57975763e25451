"""Profiles that wait on *Who is this?* and only look like somebody: shown on that person's card until the user has answered."""

from __future__ import annotations

from relationdesk.flip import handles, matching
from relationdesk.model import Person
from relationdesk.services.match_loading import in_full
from relationdesk.store import profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.text import imitates

MOST = 3


def of_person(db: Desk, person: Person) -> tuple[Stored, ...]:
    """At most MOST, own contacts and the most recently active first; () for whom nobody imitates."""
    (somebody,) = in_full(db, [person.id])
    real = {person.name, person.name.replace(" ", ""), *(one.display_name for one in somebody.profiles)}
    real |= {local for one in somebody.profiles if (local := handles.local(one.handle))}
    found = []
    for stored in profiles.odd(db):
        said = (stored.profile.display_name, handles.local(stored.profile.handle))
        if not any(imitates(one, other) for one in said if one for other in real if other):
            continue
        refused = profiles.kept_apart(db, stored.profile.key)
        if not matching.is_refused(somebody, refused) and matching.compare(stored.profile, somebody).warned:
            found.append(stored)
    return tuple(found[:MOST])
