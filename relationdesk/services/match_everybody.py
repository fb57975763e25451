"""The same as `match_index` for a run that asks about more profiles than one look at the desk is worth.

Everybody is read once, and where they stand is filed in a table on disk; from then on only those are read in full who are candidates.
So the work grows with the desk and with what arrives, not with one times the other, and what is in memory with neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from relationdesk.flip import blocks
from relationdesk.flip.matching import Somebody
from relationdesk.flip.names import parsed
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.traits import traits
from relationdesk.model import Profile
from relationdesk.services.match_index import COMMON, Index, slots_of
from relationdesk.services.match_loading import in_full
from relationdesk.store import finder_slots
from relationdesk.store.database import Desk
from relationdesk.store.portions import Step, Steps

AT_A_TIME = 1_000
"""People who are read in full at once."""

IN_MEMORY = 150_000
"""Slots that wait in memory until they are written down, in their order, because each time pages all over the table are touched."""

KEPT = 5_000
"""People who are kept as they were read, until others are asked for."""


class Everybody(Index):
    """`fill` it first, `end` it at last. What the user decides in between is told by `renew`."""

    def __init__(self, db: Desk) -> None:
        super().__init__(db)
        self._words = Counter[str]()  # of names, as they sound: how many people have them
        self._there: dict[int, Collection[int]] = {}  # slots that are asked for, with those who stand there on disk

    def fill(self) -> Steps:
        """File everybody who is in the desk."""
        finder_slots.begin(self.db)
        ids = [row[0] for row in self.db.execute("SELECT id FROM people ORDER BY id")]
        for i in range(0, len(ids), AT_A_TIME):
            yield Step.READ
            for person in in_full(self.db, ids[i : i + AT_A_TIME]):
                self._words.update({*parsed(person.name).sounds})
                self._file(person.person_id, slots_of(person))
            if len(self._slots) > IN_MEMORY:
                self._put_down()
        self._put_down()

    def end(self) -> None:
        finder_slots.end(self.db)

    def turn_to(self, wanted: Sequence[Profile]) -> None:
        self._put_down()
        self.people, self._there = {}, {}
        self.load(wanted)

    def load(self, wanted: Sequence[Profile]) -> None:
        asked = {hash(slot) for profile in wanted for slot in blocks.asked(traits(profile))} - self._there.keys()
        self._look_up(asked)

    def renew(self, people: Iterable[int]) -> None:
        """The user decided something about these: they are read again, and stand where their new profiles put them, too."""
        concerned = frozenset(people)
        self.people = {id_: person for id_, person in self.people.items() if id_ not in concerned}
        for person in in_full(self.db, concerned):
            self.people[person.person_id] = person
            theirs = slots_of(person)
            self._look_up({*map(hash, theirs)} - self._there.keys())
            self._file(person.person_id, [slot for slot in theirs if not self._stands_in(person.person_id, slot)])

    def add(self, person: Somebody, *, fresh: bool = True) -> None:
        self.people[person.person_id] = person
        self._total += fresh
        self._file(person.person_id, slots_of(person))
        self._words.update({*parsed(person.name).sounds})

    def add_profile(self, person_id: int, profile: Profile) -> None:
        known = next(iter(self._read([person_id])), None)
        if known is None:
            return
        rest = tuple(one for one in known.profiles if one.key != profile.key)  # it may have been read as theirs already
        before, after = replace(known, profiles=rest), replace(known, profiles=(*rest, profile))
        self.people[person_id] = after
        self._file(person_id, blocks.filed(traits(profile)) - slots_of(before))

    def rarity(self) -> Rarity:
        return Rarity(people=self._total, bearers=lambda word: self._words[word], owners=lambda slot: len(self._owners(slot)))

    def _read(self, ids: Sequence[int]) -> list[Somebody]:
        missing = [person_id for person_id in ids if person_id not in self.people]
        if len(self.people) + len(missing) > KEPT:
            self.people, missing = {}, list(ids)
        if missing:
            self.people |= {person.person_id: person for person in in_full(self.db, missing)}
        return [self.people[person_id] for person_id in ids if person_id in self.people]

    def _owners(self, slot: str) -> Collection[int]:
        there, new = self._there.get(hash(slot), ()), super()._owners(slot)
        if not there or not new:
            return there or new
        return range(len(there) + len(new)) if len(there) > COMMON else {*there, *new}

    def _stands_in(self, person_id: int, slot: str) -> bool:
        """Of a slot of many nobody knows or needs to."""
        owners = self._owners(slot)
        return len(owners) > COMMON or person_id in owners

    def _look_up(self, asked: Collection[int]) -> None:
        for slot, n, who in finder_slots.read(self.db, asked):
            self._there[slot] = who or range(n)  # of many it only matters how many they are

    def _put_down(self) -> None:
        finder_slots.file(self.db, {slot: who if isinstance(who, set) else (who,) for slot, who in self._slots.items()}, COMMON)
        self._slots = {}
