"""Who the profiles of one human may be: what names and addresses say, and what they wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relationdesk.flip import matching
from relationdesk.flip.matching import Candidate
from relationdesk.model import Profile
from relationdesk.services import cross_posting
from relationdesk.services.companions import others_with
from relationdesk.services.match_index import Index
from relationdesk.services.match_loading import in_full
from relationdesk.services.talk_evidence import with_talk
from relationdesk.store import people, profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored


def candidates(db: Desk, index: Index, group: tuple[Stored, ...]) -> list[Candidate]:
    """Who these profiles of one human may be, at most three: of each what the most telling of them says, or warns of."""
    refused = frozenset().union(*(profiles.kept_apart(db, stored.profile.key) for stored in group))
    best: dict[int, Candidate] = {}
    crossed, unlike = cross_posting.found(db, [stored.id for stored in group]), set[int]()
    for stored in group:
        for found in matching.candidates(stored.profile, index.near(stored.profile), refused, index.rarity()):
            known = best.get(found.person_id)
            if known is None or (found.warned, found.weight) > (known.warned, known.weight):
                best[found.person_id] = found
        for found in _crossing(db, index, stored.profile, crossed.keys() - best.keys(), refused):
            best[found.person_id] = found
            unlike.add(found.person_id)
    names = people.many(db, best)
    for id_, found in best.items():
        if found.certain and id_ in names and (others := others_with(db, group, names[id_].name)):
            best[id_] = matching.of_shared_mailbox(found, others)
    strongest = sorted(best.values(), key=lambda c: (c.person_id not in crossed, -c.weight, c.person_id))[:3]
    return [c for c in with_talk(db, [stored.id for stored in group], strongest, crossed) if c.proposed or c.person_id not in unlike]


def _crossing(db: Desk, index: Index, profile: Profile, ids: Iterable[int], refused: frozenset[str]) -> Iterator[Candidate]:
    """Whom nothing but the same words at the same time speaks for, whatever their names are; a guard stands before them as before anybody."""
    for person in in_full(db, ids):
        if not matching.is_refused(person, refused):
            yield matching.compare(profile, person, index.rarity())
