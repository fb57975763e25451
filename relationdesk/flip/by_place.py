"""Guard: two profiles in one place are two people, unless the place or the user says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import say
from relationdesk.text import place_name


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """One reason if they are in one place. The rule: places give everybody one profile, and some take a second."""
    place = a.profile.key.place
    if place == b.profile.key.place:
        yield because("place.same", say("Two different profiles in one place ({place})", place=place_name(place)))
