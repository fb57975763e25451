"""The finder on the Febrl sets, and what it learns for them from invented cards (`--learn CARDS.csv …`)."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.matching import febrl_weights
from bench.matching.febrl_kinds import FIELDS, Card, kinds, slots
from bench.matching.learn import Counted, fitted
from relationdesk.flip import blocks, matching
from relationdesk.flip.guards import barred
from relationdesk.flip.matching import Candidate, Somebody
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.traits import traits
from relationdesk.flip.weight_table import TABLE
from relationdesk.flip.weights import read as read_table
from relationdesk.model import Key, Profile
from relationdesk.text import fold

COMMON = 40
KINDS = ("number", "birth", "street", "place", "suburb", "house", "postcode")


@dataclass(frozen=True, slots=True)
class Record:
    """A card with the number of its human, and the file it stands in."""

    id: str
    who: str
    file: str
    card: Card


def read(path: Path, file: str) -> list[Record]:
    """A Febrl table; file: what its records' place is called."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Record(one["rec_id"].strip(), one["rec_id"].split("-")[1], file, Card(*(fold(one[field] or "") for field in FIELDS)))
            for one in csv.DictReader(lines, skipinitialspace=True)
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """A proposal: two records, by number, and the weight."""

    a: int
    b: int
    weight: float
    candidate: Candidate


def proposals(records: Sequence[Record], *, linkage: bool, everything: bool = False) -> list[Found]:
    """Every two records that the finder proposes, strongest first. linkage: only across files, whose records are then in one place.

    everything: also those that are compared and not proposed.
    """
    cards = {key(n, one, linkage): one.card for n, one in enumerate(records)}
    own = kinds(cards)
    profiles = [profile(n, one, linkage) for n, one in enumerate(records)]
    filed: dict[str, list[int]] = defaultdict(list)
    bearers: dict[str, set[int]] = defaultdict(set)
    for n, one in enumerate(profiles):
        for slot in blocks.filed(traits(one)) | slots(records[n].card):
            filed[slot].append(n)
        for word in traits(one).name.sounds:
            bearers[word].add(n)
    rarity = Rarity(people=len(records), bearers=lambda word: len(bearers.get(word, ())))
    found = []
    for n, one in enumerate(profiles):
        near = Counter[int]()
        for slot in blocks.asked(traits(one)) | slots(records[n].card):
            if len(filed.get(slot, ())) <= COMMON:
                near.update(filed.get(slot, ()))
        others = [m for m in near if m < n and (not linkage or records[m].file != records[n].file)]
        for m in sorted(others, key=lambda m: (-near[m], m))[:COMMON]:
            candidate = matching.compare(one, Somebody(person_id=m, uid="", name="", profiles=(profiles[m],)), rarity, own)
            if everything or candidate.proposed:
                found.append(Found(m, n, candidate.weight, candidate))
    return sorted(found, key=lambda one: (-one.weight, one.a, one.b))


def key(n: int, record: Record, linkage: bool) -> Key:
    """In linkage a file is a place; else every record is a book of its own, for nothing says which were made together."""
    return Key(record.file if linkage else f"{record.file}-{n}", record.id)


def profile(n: int, record: Record, linkage: bool) -> Profile:
    """A card as the desk would have it."""
    return Profile(key=key(n, record, linkage), display_name=f"{record.card.given_name} {record.card.surname}".strip(), known=True)


def one_to_one(found: Sequence[Found]) -> set[tuple[int, int]]:
    """The guard of one place: the strongest proposal takes both records, as answers strongest first would."""
    taken: set[int] = set()
    out = set()
    for one in found:
        if one.a not in taken and one.b not in taken:
            taken |= {one.a, one.b}
            out.add((one.a, one.b))
    return out


def closed(found: Sequence[Found], size: int) -> set[tuple[int, int]]:
    """With what follows: who is linked with a person is linked with all of that person's."""
    root = list(range(size))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for one in found:
        root[top(one.a)] = top(one.b)
    groups: dict[int, list[int]] = defaultdict(list)
    for n in range(size):
        groups[top(n)].append(n)
    return {(a, b) for group in groups.values() for i, a in enumerate(group) for b in group[i + 1 :]}


def questions(found: Sequence[Found], records: Sequence[Record], *, linkage: bool) -> tuple[int, int]:
    """(questions, links) if whoever answers knows the truth: strongest first, nobody asked twice about the same two people, nor in
    linkage about a record that is answered."""
    asked = links = 0
    person = list(range(len(records)))
    refused: set[frozenset[int]] = set()
    taken: set[int] = set()
    for one in found:
        a, b = person[one.a], person[one.b]
        if a == b or frozenset((a, b)) in refused or (linkage and taken & {one.a, one.b}):
            continue
        asked += 1
        if records[one.a].who == records[one.b].who:
            links += 1
            person = [a if now == b else now for now in person]
            taken |= {one.a, one.b}
        else:
            refused.add(frozenset((a, b)))
    return asked, links


def learn(paths: Sequence[str]) -> None:
    """Fit the rows of febrl_weights.py on invented cards, those of the product's table as they are; and write them."""
    counted = Counted()
    for path in paths:
        records = read(Path(path), path)
        for one in proposals(records, linkage=False, everything=True):
            if not barred(one.candidate.reasons):
                counted.seen[tuple(sorted({reason.row for reason in one.candidate.reasons}))][records[one.a].who == records[one.b].who] += 1
    rows = {name: row.bits for name, row in read_table(TABLE).items()}
    bits = fitted(counted, rows | febrl_weights.ROWS, frozenset(rows), signs=False, order=tuple((f"{kind}.same", f"{kind}.near") for kind in KINDS))
    out = Path(febrl_weights.__file__)
    text = out.read_text(encoding="utf-8")
    body = "".join(f'    "{name}": {bits[name]:.1f},\n' for name in febrl_weights.ROWS)
    out.write_text(f'{text[: text.index("ROWS = ")]}ROWS = {{\n{body}}}\n', encoding="utf-8")
    print(body, f"{counted.total(1):,} comparisons of one human, {counted.total(0):,} of two")


if __name__ == "__main__":
    learn([path for path in sys.argv[1:] if not path.startswith("-")])
