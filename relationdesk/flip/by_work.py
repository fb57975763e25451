"""Evidence: company, role and the domain of mail addresses. Colleagues share all of it, so it never proposes anybody alone."""

from __future__ import annotations

from collections.abc import Iterator

from relationdesk.flip.rarity import Rarity
from relationdesk.flip.reason import Reason, because
from relationdesk.flip.traits import Traits, fits
from relationdesk.saying import say
from relationdesk.text import fold


def find(a: Traits, b: Traits, rarity: Rarity) -> Iterator[Reason]:
    """At most one reason."""
    x, y = a.firm, b.firm
    if x and y:
        if x == y or x.startswith(y) or y.startswith(x):
            role = fold(a.profile.title)
            if role and role == fold(b.profile.title):
                yield because("work.role", say("Both are {role} at {company}", role=a.profile.title, company=a.profile.company))
            else:
                yield because("work.same", say("Both name {company} as their company", company=a.profile.company))
        else:
            yield because("work.differs", say("Different companies: {one} and {other}", one=a.profile.company, other=b.profile.company))
    elif hosts := sorted(a.hosts & b.hosts):
        yield because("work.domain", say("Both have a mail address of {host}", host=hosts[0]))
    else:
        yield from _one_names_it(a, b)


def _one_names_it(a: Traits, b: Traits) -> Iterator[Reason]:
    for one, other in ((a, b), (b, a)):
        together = other.firm.replace(" ", "")
        if not together:
            continue
        if any(fits(host, together) for host in one.hosts):
            yield because("work.domain", say("The mail address fits the company {company}", company=other.profile.company))
            return
        if len(together) > 3 and one.bio.issuperset(word for word in other.firm.split() if len(word) > 2) and any(len(w) > 2 for w in other.firm.split()):
            yield because("work.bio", say("The bio writes of {company}", company=other.profile.company))
            return
