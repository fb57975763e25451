"""Evidence: the names. Alone they never link: measured on invented people they are right in 80 to 90 of 100 cases."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.names import CONFLICTS, conflict, likeness
from relationdesk.flip.rarity import COMMON, RARE, Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import marked, say
from relationdesk.text import imitates

_SAID = {
    "same": marked("Same name: {a} and {b}"),
    "spelt": marked("Same name in another spelling: {a} and {b}"),
    "sound": marked("Same name in other letters: {a} and {b}"),
    "consonants": marked("{a} and {b} have the same consonants: perhaps one name in two alphabets"),
    "short": marked("{a} and {b} may be two forms of one name"),
    "begins": marked("{a} and {b}: one name may be short for the other"),
    "initial": marked("{a} and {b} may be one name and its initial"),
    "part": marked("{a} and {b} share most of their name"),
    "slip": marked("{a} and {b} differ in a letter or two"),
    "slips": marked("{a} and {b} are spelt in a similar way"),
    "word": marked("{a} and {b} have one name in common"),
    "relative": marked("Different names: {a} and {b}"),
    "renamed": marked("Different names: {a} and {b}"),
    "differ": marked("Different names: {a} and {b}"),
}


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason. Names that cannot be one person's are a guard; names that only look alike warn."""
    x, y = a.profile.display_name, b.profile.display_name
    if imitates(x, y):
        yield because("name.guise", say("“{a}” only looks like {b}: other letters or hidden ones. Perhaps an impostor.", a=x, b=y), warns=True)
        return
    level = likeness(a.name, b.name)
    if not level:
        return
    bars = level in CONFLICTS
    if bars and not conflict(a.name, b.name):
        return
    said = say("Same name: {a}", a=x) if x == y else say(_SAID[level], a=x, b=y)
    yield because("name." + (_by_rarity(a, rarity) if level == "same" else level), said, bars=bars)


def _by_rarity(a: Traits, rarity: Rarity) -> str:
    expected = rarity.namesakes(a.name)
    if expected is None:
        return "same"
    return "same.rare" if expected < RARE else "same.common" if expected > COMMON else "same"
