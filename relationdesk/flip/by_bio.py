"""Evidence: what people write about themselves; many write the same in every place."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import say

ENOUGH = 5
"""Words of three letters and more in a bio; fewer are too often the same by chance."""
LIKE = 0.6
"""Share of the words of both that both have, from which they are similar."""


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason."""
    if min(len(a.bio), len(b.bio)) < ENOUGH:
        return
    both = len(a.bio & b.bio)
    if a.bio == b.bio:
        yield because("bio.same", say("Both write the same about themselves"))
    elif both >= ENOUGH and both >= LIKE * len(a.bio | b.bio):
        yield because("bio.like", say("Both write much the same about themselves"))
