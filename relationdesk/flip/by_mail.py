"""Evidence: mail addresses. One that both places vouch for, or the user's own book, settles it, unless two names share it."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.names import conflict, likeness
from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits
from relationdesk.saying import say


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason. What anybody can write about himself ties nobody to anybody."""
    shared = sorted(a.mails & b.mails)
    if shared and conflict(a.name, b.name):
        if likeness(a.name, b.name) == "renamed":  # who marries keeps the mailbox: asked, never taken for certain
            yield because("mail.renamed", say("Same mail address {address}, but another family name", address=shared[0]))
        else:
            yield because("mail.household", say("Same mail address {address}, but different names: perhaps shared", address=shared[0]))
    elif shared:
        sure = sorted(a.sure & b.sure)
        if sure:
            yield because("mail.vouched", say("Same mail address, {address}", address=sure[0]))
        else:
            yield because("mail.same", say("Same mail address {address}", address=shared[0]))
    elif near := sorted(a.boxes & b.boxes):
        yield because("mail.spelling", say("Mail addresses that differ only after the plus sign ({address})", address=near[0]) if not near[0].endswith("@gmail.com") else (
            say("Mail addresses that differ only in dots or after the plus sign ({address})", address=near[0])
        ))  # fmt: skip
