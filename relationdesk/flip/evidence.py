"""What speaks for two profiles being one person, as sentences the user can judge. Pure; knows no store and no place.

Certain is only what a place itself vouches for. Names never are: measured on invented profiles they were right in
80 to 90 of 100 cases, and a wrong link is worse than an open question.
"""

from __future__ import annotations

from collections.abc import Sequence

from relationdesk.flip.kinds import KINDS, UNLESS_VOUCHED, Kind
from relationdesk.flip.names import conflict, parsed
from relationdesk.flip.rarity import UNKNOWN, Rarity
from relationdesk.flip.reason import Reason
from relationdesk.flip.traits import Traits, traits
from relationdesk.flip.weights import CERTAIN
from relationdesk.model import Profile


def reasons(a: Profile, b: Profile, rarity: Rarity = UNKNOWN) -> tuple[Reason, ...]:
    """Everything that speaks for or against `a` and `b` being one person, strongest first. Symmetric but for wording."""
    return tuple(sorted(evidence(traits(a), traits(b), rarity), key=lambda reason: -abs(reason.weight)))


def evidence(a: Traits, b: Traits, rarity: Rarity, kinds: Sequence[Kind] = KINDS) -> list[Reason]:
    """The same in the order of the kinds, for profiles made ready."""
    found = [reason for kind in kinds for reason in kind(a, b, rarity)]
    if not any(reason.weight >= CERTAIN for reason in found):
        found += [reason for kind in UNLESS_VOUCHED for reason in kind(a, b, rarity)]
    return found


def names_conflict(a: str, b: str) -> bool:
    """True if two display names cannot be one person's (see names.conflict)."""
    return conflict(parsed(a), parsed(b))
