"""Evidence: telephone numbers. Families and front desks share them, so they never settle anything."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import say


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason."""
    shared = sorted(a.phones & b.phones)
    if shared and all(map(rarity.many, shared)):
        yield because("phone.many", say("Same telephone number, which several people have"))
    elif shared:
        yield because("phone.same", say("Same telephone number"))
