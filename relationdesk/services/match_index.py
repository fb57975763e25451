"""Who may be a candidate for a profile, found without comparing it with everybody.

Built per run and only as far as asked: a sync of a few new profiles must not read 10,000 people with all they have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from relationdesk.flip import blocks
from relationdesk.flip.matching import Somebody
from relationdesk.flip.names import parsed
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.traits import traits
from relationdesk.model import Key, Profile
from relationdesk.services.match_loading import bearers_of, in_full, near_in_desk
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
        self._total = _count(db)

    def load(self, wanted: Sequence[Profile]) -> None:
        """Read everybody who may be a candidate for one of these profiles. May be called again for others."""
        found = near_in_desk(self.db, wanted) - self.people.keys()
        for word, people in bearers_of(self.db, wanted).items():
            self._bearers[word] |= people
        for person in in_full(self.db, found):
            self.add(person, fresh=False)

    def turn_to(self, wanted: Sequence[Profile]) -> None:
        """Forget everybody, and load for these: everything is read as it is now."""
        self.people, self._slots, self._bearers = {}, {}, defaultdict(set)
        self._total = _count(self.db)
        self.load(wanted)

    def renew(self, people: Iterable[int]) -> None:
        """The user decided something about these. Here `turn_to` reads all of it."""

    def end(self) -> None:
        """Nobody is asked for any more."""

    def add(self, person: Somebody, *, fresh: bool = True) -> None:
        """fresh: they came into the desk after this index was made."""
        self.people[person.person_id] = person
        self._total += fresh
        for word in parsed(person.name).sounds:
            self._bearers[word].add(person.person_id)
        self._file(person.person_id, slots_of(person))

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
        return self._read(sorted(best))

    def is_named(self, name: str) -> bool:
        """True if anybody has such a name, be they ever so many."""
        return any(self._owners(form) for form in blocks.sought(parsed(name)))

    def rarity(self) -> Rarity:
        """How common names and addresses are among the people of the desk. A view: it grows with the index."""
        return Rarity(people=self._total, bearers=lambda word: len(self._bearers.get(word, ())), owners=lambda slot: len(self._owners(slot)))

    def _read(self, ids: Sequence[int]) -> list[Somebody]:
        return [self.people[person_id] for person_id in ids]

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


def slots_of(person: Somebody) -> set[str]:
    """All slots in which a person stands."""
    named = Profile(key=Key("desk", person.uid), display_name=person.name)
    return set[str]().union(*(blocks.filed(traits(profile)) for profile in (named, *person.profiles)))


def _count(db: Desk) -> int:
    return int(db.execute("SELECT count(*) FROM people").fetchone()[0])
