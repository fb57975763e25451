"""Evidence: pictures. What they are filed under at the services that serve them to many places, and how they look.

No picture is fetched. An address at Gravatar is made of a mail address (its MD5 or SHA-256 sum), one at GitHub of the number of a profile;
how a picture looks is known only of those that a file of the user's brought (sources/photos.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from relationdesk.flip.names import conflict
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import say
from relationdesk.text import place_name

LOOK = "look:"
BANDS = ((0, 3), (3, 6), (6, 9), (9, 12), (12, 16))
"""Digits of a look under which it is filed: in one of them two that are near are the same."""
NEAR = len(BANDS) - 1
"""Bits of 64 in which two pictures may differ. A picture that was saved anew in another size differs in up to three, mostly; two different ones that were
tried in fifteen at least."""


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason. Mail addresses that are shared as such say it already; names that cannot be one person's share a mailbox."""
    if not (a.pictures or b.pictures) or conflict(a.name, b.name):
        return
    for one, other in ((a, b), (b, a)):
        mail = next((mail for mail in sorted(one.mails - other.mails) if not other.pictures.isdisjoint(filed_under(mail))), "")
        if mail:
            place = place_name(other.profile.key.place)
            yield because("picture.mail", say("The picture at {place} is filed under the mail address {address}", place=place, address=mail))
            return
    if _many(a, b, rarity):
        return
    if any(not one.startswith(LOOK) for one in a.pictures & b.pictures):
        yield because("picture.same", say("Both take their picture from the same address"))
    elif any(_near(one, other) for one in a.pictures for other in b.pictures):
        yield because("picture.same", say("Both have the same picture"))


def slots(pictures: Iterable[str], mails: Iterable[str]) -> set[str]:
    """Where these are filed and looked for (see blocks): pictures as they look by their bands, mail addresses as those that sum them up."""
    found = {f"i:{mark}" for mail in mails for mark in filed_under(mail)}
    for picture in pictures:
        found |= set(_bands(picture)) if picture.startswith(LOOK) else {f"i:{picture}"}
    return found


@lru_cache(maxsize=4096)
def filed_under(mail: str) -> tuple[str, str]:
    """The marks of the picture that belongs to a mail address, in the old and the new way of summing it up."""
    plain = mail.encode("utf-8", "replace")
    return f"gravatar:{hashlib.md5(plain, usedforsecurity=False).hexdigest()}", f"gravatar:{hashlib.sha256(plain).hexdigest()}"


def _many(a: Traits, b: Traits, rarity: Rarity) -> bool:
    """A picture that several have is a firm's sign, or what a program draws for whoever has none."""
    return any(rarity.many(slot) for slot in slots(a.pictures, ()) & slots(b.pictures, ()))


def _bands(look: str) -> tuple[str, ...]:
    bits = look.removeprefix(LOOK)
    return tuple(f"i:{start}:{bits[start:end]}" for start, end in BANDS)


def _near(one: str, other: str) -> bool:
    if not (one.startswith(LOOK) and other.startswith(LOOK)):
        return False
    return (int(one.removeprefix(LOOK), 16) ^ int(other.removeprefix(LOOK), 16)).bit_count() <= NEAR
