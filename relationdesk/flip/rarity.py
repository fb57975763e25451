"""How common a name, handle or address is among the people of the desk: what many share says little. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relationdesk.flip.names import Name
from relationdesk.text import look

MANY = 3
"""People who have an address or handle, from which on it is a firm's, a family's or nobody's."""

RARE, COMMON = 0.02, 0.5
"""Namesakes to be expected by chance: fewer make a rare name, more a common one."""


def _nobody(_: str) -> int:
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """people: how many the desk has, 0 if that is not known. bearers: how many have such a word (`letters.sound`) in their name;
    owners: how many stand in such a slot (see blocks)."""

    people: int = 0
    bearers: Callable[[str], int] = _nobody
    owners: Callable[[str], int] = _nobody

    def many(self, slot: str) -> bool:
        """Whether more people have it than can be one."""
        return self.owners(slot) >= MANY

    def namesakes(self, name: Name) -> float | None:
        """How many others of this name the desk has, or would have by chance if given and family names were dealt out; None if
        that is not known."""
        if not self.people or not name.sounds:
            return None
        expected = float(self.people)
        for word in {name.sounds[0], name.sounds[-1]}:
            expected *= max(1, self.bearers(word)) / self.people
        # One word for both names (Chinese) is dealt out once, from more of them.
        expected = expected if len(name.sounds) > 1 else expected / 20
        return max(expected, self.owners(slot_of(name)) - 1.0)


def slot_of(name: Name) -> str:
    """The slot of a whole name, its words in any order, as it looks."""
    return "l:" + " ".join(sorted(map(look, name.words)))


UNKNOWN = Rarity()
