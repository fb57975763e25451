"""Evidence: the names. Alone they never link: measured on invented people they are right in 80 to 90 of 100 cases."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.names import CONFLICTS, conflict, likeness
from relationdesk.flip.rarity import COMMON, RARE, Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.text import imitates

_SAID = {
    "same": "Same name: {a} and {b}",
    "spelt": "Same name in another spelling: {a} and {b}",
    "sound": "Same name in other letters: {a} and {b}",
    "consonants": "{a} and {b} have the same consonants: perhaps one name in two alphabets",
    "short": "{a} and {b} may be two forms of one name",
    "begins": "{a} and {b}: one name may be short for the other",
    "initial": "{a} and {b} may be one name and its initial",
    "part": "{a} and {b} share most of their name",
    "slip": "{a} and {b} differ in a letter or two",
    "slips": "{a} and {b} are spelt in a similar way",
    "word": "{a} and {b} have one name in common",
    "relative": "Different names: {a} and {b}",
    "renamed": "Different names: {a} and {b}",
    "differ": "Different names: {a} and {b}",
}


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason. Names that cannot be one person's are a guard; names that only look alike warn."""
    x, y = a.profile.display_name, b.profile.display_name
    if imitates(x, y):
        yield because("name.guise", f"“{x}” only looks like {y}: other letters or hidden ones. Perhaps an impostor.", warns=True)
        return
    level = likeness(a.name, b.name)
    if not level:
        return
    bars = level in CONFLICTS
    if bars and not conflict(a.name, b.name):
        return
    said = _SAID[level].format(a=x, b=y)
    yield because("name." + (_by_rarity(a, rarity) if level == "same" else level), said, bars=bars)


def _by_rarity(a: Traits, rarity: Rarity) -> str:
    expected = rarity.namesakes(a.name)
    if expected is None:
        return "same"
    return "same.rare" if expected < RARE else "same.common" if expected > COMMON else "same"
