"""What no score overrides: before these the finder proposes nobody, and only what a place vouches for links. Pure.

The guards, and where each stands: two profiles in one place (by_place: never certain without the place's or the user's word; here: not
proposed for their names);
role mailboxes (traits.mails leaves them out); names that cannot be one person's (by_name); household and shared mailboxes
(by_mail, and services/matching for more than two); look-alike letters (by_name, by_handle: asked about with a warning, never
linked); colleagues of one company, and one word of a name with nothing beside it (here).
"""

from __future__ import annotations

from collections.abc import Sequence

from relationdesk.flip.reason import Reason

SHARED_AT_WORK = frozenset({"work", "phone"})
SPELT = frozenset({"handle.name", "handle.spells", "handle.initial", "handle.common"})
SHARED_PAGES = frozenset({"page.many", "page.common"})


def barred(reasons: Sequence[Reason]) -> bool:
    """Whether a guard stands before a proposal."""
    return any(reason.bars for reason in reasons) or colleagues(reasons) or one_word(reasons) or namesakes(reasons)


def colleagues(reasons: Sequence[Reason]) -> bool:
    """Whether all that speaks for it is what colleagues have in common: company, domain, switchboard, home page."""
    good = [reason for reason in reasons if reason.weight > 0]
    return any(reason.kind == "work" for reason in good) and all(r.kind in SHARED_AT_WORK or r.row in SHARED_PAGES for r in good)


def one_word(reasons: Sequence[Reason]) -> bool:
    """Whether all that speaks for it is one word of a name: there are many Joes."""
    return [reason.row for reason in reasons if reason.weight > 0] == ["name.word"]


def namesakes(reasons: Sequence[Reason]) -> bool:
    """Whether two profiles in one place have no more in common than their names, what spells these, and where they work."""
    good = [reason for reason in reasons if reason.weight > 0]
    return any(reason.kind == "place" for reason in reasons) and all(r.kind in ("name", "work") or r.row in SPELT for r in good)
