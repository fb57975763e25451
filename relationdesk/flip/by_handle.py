"""Evidence: handles. The same one in several places counts by how rare it is; one that spells the name counts little beside it."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.handles import bare, local, spellings
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import say
from relationdesk.text import full_stop, imitates

RARE_FROM, COMMON_UP_TO = 9, 5
"""Letters of a handle that spells no name: so many are hardly chosen twice, so few often."""


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason for it, and one that warns of an imitation."""
    shared = sorted(a.handles & b.handles, key=lambda handle: (-len(handle), handle))
    if shared:
        yield because("handle." + _level(shared[0], a, b, rarity), say("Both are called {handle}", handle=shared[0]))
    else:
        yield from _spelt(a, b)


def warn(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """A handle with digits for letters ("joebr0wn"): its owner may want to be taken for somebody."""
    for one, other in ((a, b), (b, a)):
        handle = local(one.profile.handle)
        name, taken = other.profile.display_name, local(other.profile.handle)
        if any(imitates(handle, real) for real in (taken, name.replace(" ", "")) if handle and real):
            text = f"{full_stop(say('The handle {handle} only looks like {name}', handle=handle, name=name or taken))} {say('Perhaps an impostor.')}"
            yield because("handle.guise", text, warns=True)
            return


def _level(shared: str, a: Traits, b: Traits, rarity: Rarity) -> str:
    for one in (a, b):
        full, short = spellings(one.name)
        if shared in full or shared in short or bare(shared) in full or bare(shared) in short:
            return "name"
    if len(shared) <= COMMON_UP_TO or shared in {*a.name.words, *b.name.words} or rarity.many("@" + shared):
        return "common"
    return "rare" if len(shared) >= RARE_FROM or any(c.isdigit() for c in shared) else "same"


def _spelt(a: Traits, b: Traits) -> Iterator[Reason]:
    """A profile without a name of two words may spell it in its handle."""
    for one, other in ((a, b), (b, a)):
        if len(one.name.words) > 1 or not one.handles or len(other.name.words) < 2:
            continue
        full, short = spellings(other.name)
        called = {bare(handle): handle for handle in sorted(one.handles)}
        for level, forms in (("spells", full), ("initial", short)):
            if hit := sorted(forms & called.keys()):
                told = {"handle": called[hit[0]], "name": other.profile.display_name}
                said = say("The handle {handle} spells {name}", **told) if level == "spells" else say("The handle {handle} may stand for {name}", **told)
                yield because(f"handle.{level}", said)
                return
