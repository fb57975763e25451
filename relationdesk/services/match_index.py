"""Who may be a candidate for a profile, found without comparing it with everybody.

Built per run and only as far as asked: a sync of a few new profiles must not read 10,000 people with all they have.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from relationdesk.flip import blocks
from relationdesk.flip.matching import Somebody
from relationdesk.flip.names import parsed
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.traits import traits
from relationdesk.model import Key, Profile
from relationdesk.services.match_loading import bearers_of, near_in_desk
from relationdesk.store import profiles
from relationdesk.store.database import Desk

COMMON = 40
"""A name or address that more people than this share tells nothing; comparing with each of them would take for ever."""


class Index:
    """People by the names and addresses that can make them candidates for some profiles, as far as `load` was asked.

    Only those who can become candidates are read in full: a sync of a few profiles must not read 10,000 people.
    """

    def __init__(self, db: Desk) -> None:
        self.db = db
        self.people: dict[int, Somebody] = {}
        self._slots: dict[int, int | set[int]] = {}  # by the hash of a slot: one person, or several
        self._bearers: dict[str, set[int]] = defaultdict(set)  # by a word of the names of people
        self._total = int(db.execute("SELECT count(*) FROM people").fetchone()[0])

    def load(self, wanted: Sequence[Profile]) -> None:
        """Read everybody who may be a candidate for one of these profiles. May be called again for others."""
        found = near_in_desk(self.db, wanted) - self.people.keys()
        for word, people in bearers_of(self.db, wanted).items():
            self._bearers[word] |= people
        for id_, uid, name, company in self.db.execute(
            "SELECT p.id, p.uid, p.name, coalesce(c.name, '') FROM people p LEFT JOIN companies c ON c.id = p.company_id "
            "WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id",
            (json.dumps(sorted(found)),),
        ).fetchall():
            self.add(Somebody(person_id=id_, uid=uid, name=name, company=company), fresh=False)
        ids = self.db.execute("SELECT id FROM profiles WHERE person_id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(found)),))
        for stored in profiles.by_ids(self.db, [row[0] for row in ids]):
            if stored.person_id is not None:
                self.add_profile(stored.person_id, stored.profile)

    def add(self, person: Somebody, *, fresh: bool = True) -> None:
        """fresh: they came into the desk after this index was made."""
        self.people[person.person_id] = person
        self._total += fresh
        for word in parsed(person.name).sounds:
            self._bearers[word].add(person.person_id)
        for profile in (Profile(key=Key("desk", person.uid), display_name=person.name), *person.profiles):
            self._file(person.person_id, blocks.filed(traits(profile)))

    def add_profile(self, person_id: int, profile: Profile) -> None:
        person = self.people.get(person_id)
        if person is None:
            return
        self.people[person_id] = replace(person, profiles=(*person.profiles, profile))
        self._file(person_id, blocks.filed(traits(profile)))

    def near(self, profile: Profile) -> list[Somebody]:
        """People who share an address, a handle or a form of the name with the profile; nobody for what many share."""
        shared = Counter[int]()
        for slot in blocks.asked(traits(profile)):
            owners = self._owners(slot)
            if len(owners) <= COMMON:
                shared.update(owners)
        best = sorted(shared, key=lambda person_id: (-shared[person_id], person_id))[:COMMON]
        return [self.people[person_id] for person_id in sorted(best)]

    def is_named(self, name: str) -> bool:
        """True if anybody has such a name, be they ever so many."""
        return any(self._owners(form) for form in blocks.sought(parsed(name)))

    def rarity(self) -> Rarity:
        """How common names and addresses are among the people of the desk. A view: it grows with the index."""
        return Rarity(people=self._total, bearers=lambda word: len(self._bearers.get(word, ())), owners=lambda slot: len(self._owners(slot)))

    def _owners(self, slot: str) -> Collection[int]:
        found = self._slots.get(hash(slot), ())
        return (found,) if isinstance(found, int) else found

    def _file(self, person_id: int, slots: Iterable[str]) -> None:
        # By their hashes, and a set only where several share one: a third of the memory, and two slots that
        # are taken for one only cost a comparison.
        for slot in map(hash, slots):
            there = self._slots.setdefault(slot, person_id)
            if isinstance(there, set):
                there.add(person_id)
            elif there != person_id:
                self._slots[slot] = {there, person_id}
