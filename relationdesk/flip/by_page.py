"""Evidence: pages that profiles name. What a place has verified both ways, or a card of the user's own book says, settles it."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.names import conflict
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import OWN_BOOK, Claim, Traits, fits
from relationdesk.flip.weights import CERTAIN
from relationdesk.saying import say
from relationdesk.text import place_name


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """One reason for each direction in which a page is named; one if both name each other's, or the same page of somebody else."""
    found = [reason for one, other in ((a, b), (b, a)) if (reason := _claims(one, other)) is not None]
    if len(found) == 2 and all(reason.weight < CERTAIN for reason in found):
        yield because("page.both", say("Each profile names the other's page as its own"))
        return
    yield from found
    if found:
        return
    shared = sorted({claim.page for claim in a.claims} & {claim.page for claim in b.claims})
    own = [page for page in shared if not (rarity.many(page) or _is_firms(page, a) or _is_firms(page, b))]
    if own:
        yield because("page.common", say("Both name the page {page}", page=own[0]))
    elif shared:
        yield because("page.many", say("Both name the page {page}, which is a firm's or several people's", page=shared[0]))


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
        return because("page.vouched", say("{place} says that the one became the other", place=place_name(place)))
    if best.vouched:
        return because("page.vouched", say("{place} has verified the link to {page} both ways", place=place_name(place), page=best.said))
    if book and not conflict(one.name, other.name):
        return because("page.card", say("The card in your own address book names {page}", page=best.said))
    if book:
        return because("page.claim", say("The card in your own address book names {page} as its own page", page=best.said))
    return because("page.claim", say("The {place} profile names {page} as its own page", place=place_name(place), page=best.said))


def _vouched(claim: Claim) -> bool:
    return claim.vouched
