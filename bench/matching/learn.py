"""Learns what each kind of evidence counts, on worlds that no measurement uses, and writes the table of weights anew.

`python -m bench.matching.learn WORLD.jsonl …` prints the table; with --write it goes into relationdesk/flip/weight_table.py. The desk is
played as it is used (desk.py). Of each comparison of a profile with a person that no guard stands before, nor the rules of one place and
of look-alikes, the rows are kept that were seen, and whether the two are one human. The bits are those log-odds, added up per comparison
to START, that make what was seen likeliest (a logistic regression, which is Fellegi-Sunter's sum without its assumption that handles and
names say independent things), held to the sign that a row's meaning gives it and to at most MOST.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from math import exp, log
from pathlib import Path

from bench.matching.desk import Player, read
from relationdesk.flip import weight_table
from relationdesk.flip.guards import barred
from relationdesk.flip.matching import START, Candidate
from relationdesk.flip.weights import read as read_table

TABLE = Path(weight_table.__file__)
FEWEST = 100
"""Comparisons that must have shown a row; else what stood there before stays."""
MOST = 9.0
"""Bits that a row counts at most: worlds that are made are kinder than the real one."""
NAMES = 5.0
"""Bits that a name counts at most, however rare: less than makes it "likely" alone. Among invented profiles, namesakes are what one made."""
STRANGERS = 1.5
"""How often a comparison of two humans counts, as if half as many again had the same names: real desks know more namesakes."""
PULL = 0.05
"""Strength of the pull towards nothing, in comparisons."""
BIT = log(2)
KEPT = frozenset({"name.relative", "name.renamed", "name.differ", "name.guise", "handle.guise", "mail.same", "mail.renamed", "mail.household", "mail.shared", "name.same.common", "page.common", "page.many", "picture.mail", "picture.same", "place.same", "talk.often", "talk.minutes", "talk.words", "talk.each_other"})
"""Set by hand: guards and warnings; what worlds do not have; what they show only beside so much else that nothing is learned of it
(an address is one mailbox's); pictures, of which worlds have none (one that is filed under a mail address says as much as the address, but who filed it there is
not asked; the same picture may be a firm's sign or what an impostor took); and two of one common name, who must be asked about in any case. The same sixty letters of one's own in two places
within ten minutes, by nobody else that day: of two humans only where one copies the other at once, so one of them counts a little more than
the same words within days (talk.words), and several as much as anything may count."""
AGAINST = frozenset({"work.differs"})
"""Rows that may only speak against it; all others that are learned may only speak for it."""

ORDER = (("name.same.rare", "name.same"), ("handle.rare", "handle.same"), ("handle.same", "handle.common"), ("work.role", "work.same"), ("page.both", "page.claim"), ("bio.same", "bio.like"))
"""What is rarer never counts less than what is commoner."""


class Counted:
    """Rows seen together, among comparisons of two humans and of one."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])

    def __call__(self, candidate: Candidate, one: bool) -> None:
        rows = tuple(sorted({reason.row for reason in candidate.reasons}))
        if not (barred(candidate.reasons) or candidate.certain or not rows or {"place.same", "name.guise", "handle.guise"} & set(rows)):
            self.seen[rows][one] += 1

    def of(self, which: int) -> Counter[str]:
        """How often each row was seen; which: 0 of two humans, 1 of one."""
        found = Counter[str]()
        for rows, counts in self.seen.items():
            found.update(dict.fromkeys(rows, counts[which]))
        return found

    def total(self, which: int) -> int:
        return sum(counts[which] for counts in self.seen.values())


def fitted(counted: Counted, known: dict[str, float], fixed: frozenset[str], *, rounds: int = 1500, signs: bool = True,
           order: tuple[tuple[str, str], ...] = ORDER) -> dict[str, float]:  # fmt: skip
    """Bits by row: those that make what was seen likeliest. known: to begin with; fixed: rows that keep what they have; signs: held
    to what a row means; order: the first of two counts as much as the second, or more."""
    bits, size = dict(known), defaultdict(float)
    seen = [(rows, counts[1], counts[0] * STRANGERS) for rows, counts in sorted(counted.seen.items())]
    for _ in range(rounds):
        slope: dict[str, float] = defaultdict(float)
        for rows, one, two in seen:
            chance = 1 / (1 + exp(-BIT * (START + sum(bits[row] for row in rows))))
            miss = one - (one + two) * chance
            for row in rows:
                slope[row] += miss
        for row, miss in slope.items():
            if row in fixed:
                continue
            miss -= PULL * bits[row]
            size[row] += miss * miss
            step = bits[row] + miss / (size[row] ** 0.5 + 1e-9)
            low, high = (-MOST, MOST) if not signs else (-MOST, 0.0) if row in AGAINST else (0.0, NAMES if row.startswith("name.") else MOST)
            bits[row] = max(low, min(high, step))
        for rare, common in order:
            if common not in fixed and rare in bits:
                bits[common] = min(bits[common], bits[rare])
    return bits


def learned(counted: Counted, table: str) -> str:
    """The table with what was learned in it; rows "vouched", guards and what was hardly seen stay as they are."""
    lines = table.strip().splitlines()
    rows = read_table(table)
    same, two = counted.of(1), counted.of(0)
    fixed = frozenset(name for name, row in rows.items() if row.origin == "vouched" or name in KEPT or same[name] + two[name] < FEWEST)
    bits = fitted(counted, {name: row.bits for name, row in rows.items()}, fixed)
    out = [lines[0]]
    for line in lines[1:]:
        if not line.strip():
            out.append("")
            continue
        row = rows[line.split()[0]]
        shares = [f"{count[row.name] / max(1, counted.total(which)):.5f}" if same[row.name] + two[row.name] else "-" for count, which in ((same, 1), (two, 0))]
        origin = row.origin if row.origin == "vouched" else "rule" if row.name in fixed else "learned"
        shown = f"{row.bits:g}" if row.name in fixed else f"{bits[row.name]:.1f}"
        out.append(f"{row.name:<18} {shares[0]:<8} {shares[1]:<8} {shown:<6} {origin:<9} {row.words}")
    return "\n".join(out)


def main(paths: list[str]) -> None:
    """Learn from all of them and print or write."""
    counted = Counted()
    for path in (p for p in paths if not p.startswith("-")):
        Player(read(Path(path)), right=True, watch=counted).run()
    table = learned(counted, weight_table.TABLE)
    print(table, f"\n\n{counted.total(1):,} comparisons of one human, {counted.total(0):,} of two")
    if "--write" in paths:
        text = TABLE.read_text(encoding="utf-8")
        TABLE.write_text(f'{text[: text.index("TABLE = ")]}TABLE = """\n{table}\n"""\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
