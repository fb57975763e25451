"""The finder on labelled profiles, without a window: profiles arrive, what is certain is linked, the rest is asked and answered.

Everything that decides is the product's own (Index, flip.matching, the check for shared mailboxes); only the person who answers is played:
`asked` of them counts as it would on *Who is this?*, one candidate at a time, strongest first, until one fits.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from relationdesk.flip import matching
from relationdesk.flip.evidence import names_conflict
from relationdesk.flip.kinds import KINDS, Kind
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.traits import mails
from relationdesk.model import Address, AddressKind, Key, Profile
from relationdesk.services.match_index import Index
from relationdesk.store.database import open_memory

SHOWN = 3
"""Candidates of one question, as the page shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A profile and the number of the human whose it is. also: of those who share it, a family's mailbox."""

    who: int
    profile: Profile
    also: frozenset[int] = frozenset()

    def fits(self, other: Labelled) -> bool:
        """Whether both may be called one human's."""
        return self.who == other.who or other.who in self.also or self.who in other.also


def read(path: Path) -> list[Labelled]:
    """A world as `world.py` writes it, in its order."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            addresses = tuple(Address(kind=AddressKind(kind), value=value, vouched=vouched) for kind, value, vouched in one["addresses"])
            fields = {name: one[name] for name in ("handle", "display_name", "url", "bio", "title", "company", "known")}
            found.append(Labelled(who=one["who"], profile=Profile(key=Key(one["place"], one["native_id"]), addresses=addresses, **fields), also=frozenset(one.get("also", ()))))
    return found


@dataclass(slots=True)
class Played:
    """What came of it. groups: profiles (by their place in the list) by the person they ended with; certain: a profile that was
    linked without asking, and the first of that person's; accepted: as certain, for what was taken because of its weight; asked:
    candidates shown; questions: profiles asked about; answered: those of them with the right one among the candidates."""

    groups: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    certain: list[tuple[int, int]] = field(default_factory=list)
    accepted: list[tuple[int, int]] = field(default_factory=list)
    asked: int = 0
    questions: int = 0
    answered: int = 0


Watch = Callable[[Candidate, bool], None]


class Player:
    """A desk that fills, and whoever answers its questions."""

    def __init__(self, world: Sequence[Labelled], *, right: bool, above: float = 0.0, watch: Watch | None = None, kinds: Sequence[Kind] = KINDS) -> None:
        """right: whoever answers knows the truth; else every first candidate of a weight of `above` or more is taken.

        watch: told each comparison and whether the two are one human.
        """
        self.world, self.right, self.above, self.watch, self.kinds = world, right, above, watch, kinds
        self.index, self.played = Index(open_memory()), Played()
        self.first: dict[int, int] = {}  # a person → the first of their profiles
        self.refused: dict[int, set[int]] = defaultdict(set)
        self.boxes: dict[str, list[int]] = defaultdict(list)

    def run(self) -> Played:
        """Everybody arrives; then those who wait are asked about again, until nothing moves; at last the rest are people of their own."""
        waiting = []
        for n, one in enumerate(self.world):
            for mail in mails(one.profile):
                self.boxes[mail].append(n)
            if not self.one(n, alone=one.profile.known):
                waiting.append(n)
        while waiting:
            left = [n for n in waiting if not self.one(n, alone=False)]
            if len(left) == len(waiting):
                left = [n for n in left if not self.one(n, alone=True)]
            waiting = left
        return self.played

    def one(self, n: int, *, alone: bool) -> bool:
        """A profile arrives, or is asked about again. alone: it may be a person of its own."""
        world, played, index = self.world, self.played, self.index
        profile, rarity = world[n].profile, index.rarity()
        compared = [matching.compare(profile, person, rarity, self.kinds) for person in index.near(profile) if person.person_id not in self.refused[n]]
        if self.watch is not None:
            for candidate in compared:
                self.watch(candidate, world[self.first[candidate.person_id]].fits(world[n]))
        found = sorted((c for c in compared if c.proposed), key=lambda c: (-c.weight, c.person_id))
        sure = [c for c in found if c.certain]
        person_id: int | None = None
        if len(sure) == 1 and not self._shared(profile):
            person_id = sure[0].person_id
            played.certain.append((n, self.first[person_id]))
        elif self.right:
            person_id = self._answered(n, found[:SHOWN])
        elif found and found[0].weight >= self.above and not found[0].warned:
            person_id = found[0].person_id
            played.accepted.append((n, self.first[person_id]))
        if person_id is None and not alone:
            return False
        if person_id is None:
            person_id = n + 1
            self.first[person_id] = n
            name = profile.display_name or profile.handle or profile.key.native_id
            index.add(Somebody(person_id=person_id, uid=f"u{n}", name=name, company=profile.company))
        index.add_profile(person_id, profile)
        played.groups[person_id].append(n)
        return True

    def _answered(self, n: int, shown: Sequence[Candidate]) -> int | None:
        self.played.questions += bool(shown)
        for candidate in shown:
            self.played.asked += 1
            if self.world[self.first[candidate.person_id]].fits(self.world[n]):
                self.played.answered += 1
                return candidate.person_id
            self.refused[n].add(candidate.person_id)
        return None

    def _shared(self, profile: Profile) -> bool:
        """As services/matching: a mailbox whose profiles carry two names links nobody."""
        names = [self.world[n].profile.display_name for mail in mails(profile) for n in self.boxes[mail]]
        return any(names_conflict(a, b) for a in names for b in names)


def pairs(groups: Iterator[list[int]] | Sequence[list[int]]) -> set[tuple[int, int]]:
    """Every two of a group, lower number first."""
    return {(a, b) for group in groups for i, a in enumerate(sorted(group)) for b in sorted(group)[i + 1 :]}


def true_pairs(world: Sequence[Labelled]) -> set[tuple[int, int]]:
    """Every two profiles of one human."""
    by: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(world):
        by[one.who].append(n)
    return pairs(list(by.values()))


def unclear(world: Sequence[Labelled], said: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs of two humans of which one is a mailbox that both share: neither right nor wrong."""
    return {(a, b) for a, b in said if world[a].who != world[b].who and world[a].fits(world[b])}


def quality(said: set[tuple[int, int]], true: set[tuple[int, int]]) -> tuple[float, float, float]:
    """(precision, recall, F1) of pairs."""
    right = len(said & true)
    precision, recall = right / max(1, len(said)), right / max(1, len(true))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)

