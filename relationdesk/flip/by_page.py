"""Evidence: pages that profiles name. What a place has verified both ways, or a card of the user's own book says, settles it."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.names import conflict
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import OWN_BOOK, Claim, Traits, fits
from relationdesk.flip.weights import CERTAIN
from relationdesk.text import place_name


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """One reason for each direction in which a page is named; one if both name each other's, or the same page of somebody else."""
    found = [reason for one, other in ((a, b), (b, a)) if (reason := _claims(one, other)) is not None]
    if len(found) == 2 and all(reason.weight < CERTAIN for reason in found):
        yield because("page.both", "Each profile names the other's page as its own")
        return
    yield from found
    if found:
        return
    shared = sorted({claim.page for claim in a.claims} & {claim.page for claim in b.claims})
    own = [page for page in shared if not (rarity.many(page) or _is_firms(page, a) or _is_firms(page, b))]
    if own:
        yield because("page.common", f"Both name the page {own[0]}")
    elif shared:
        yield because("page.many", f"Both name the page {shared[0]}, which is a firm's or several people's")


def _is_firms(page: str, one: Traits) -> bool:
    """Whether a page is the home of where somebody works, by their mail address or the name of the firm."""
    host = page.partition("://")[2].partition("/")[0]
    return host in one.hosts or fits(host, one.firm.replace(" ", ""))


def _claims(one: Traits, other: Traits) -> Reason | None:
    """What `one` says of a page that is the other's own."""
    named = [claim for claim in one.claims if claim.page in other.pages]
    best = max(named, key=_vouched, default=None)
    if best is None:
        return None
    place, book = one.profile.key.place, one.profile.key.place == OWN_BOOK
    if best.vouched and one.profile.key.place == other.profile.key.place:
        return because("page.vouched", f"{place_name(place)} says that the one became the other")
    if best.vouched:
        return because("page.vouched", f"{place_name(place)} has verified the link to {best.said} both ways")
    if book and not conflict(one.name, other.name):
        return because("page.card", f"The card in your own address book names {best.said}")
    card = "card in your own address book" if book else f"{place_name(place)} profile"
    return because("page.claim", f"The {card} names {best.said} as its own page")


def _vouched(claim: Claim) -> bool:
    return claim.vouched
