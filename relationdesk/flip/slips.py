"""Slips of the pen: whether two words differ by one or two letters typed wrongly. Pure."""

from __future__ import annotations


def is_slip(a: str, b: str) -> bool:
    """True if few letters are missing, added, changed or swapped: one in words of four to seven letters, two in longer ones.

    Shorter words have no slips: with one letter changed they are too often another name.
    """
    if a == b or abs(len(a) - len(b)) > 2:
        return a == b
    shorter = min(len(a), len(b))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2
    if not allowed or len(set(a) - set(b)) > allowed or len(set(b) - set(a)) > allowed:  # each of these letters is a slip of its own
        return False
    return distance(a, b, allowed) <= allowed


def distance(a: str, b: str, most: int) -> int:
    """Letters inserted, left out, changed or swapped with their neighbour between two words; most + 1 for any more.

    Optimal string alignment (Damerau 1964), in time that grows with the product of the lengths.
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
