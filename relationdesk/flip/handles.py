"""Handles: what people are called in networks, and whether one spells a name. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from relationdesk.flip.names import Name
from relationdesk.model import Profile
from relationdesk.text import RECORD, fold, is_role_mailbox

SHORTEST = 4
"""Letters and digits of a handle; shorter ones are too often somebody else's."""

_NOBODYS = frozenset("about admin blog channel contact feed hello home index info mail news people profile rss user users wiki www post test".split())


def local(handle: str) -> str:
    """The part of a handle before the server's name."""
    return handle.lstrip("@").partition("@")[0]


_NO_LETTERS = dict.fromkeys(n for n in range(128) if not chr(n).isalnum())


@lru_cache(maxsize=16384)
def squashed(handle: str) -> str:
    """Letters and digits only: joe.brown, Joe_Brown and joebrown are one; "" if that is too short or nobody's."""
    one = local(handle)
    if one.isascii():  # nearly all of them, and a quarter of the work: a few new profiles look through all of the desk's
        one = one.lower().translate(_NO_LETTERS)
    else:
        one = "".join(c for c in fold(one) if c.isalnum())
    return one if len(one) >= SHORTEST and one not in _NOBODYS and not one.isdigit() else ""


def handles_of(profile: Profile, mails: frozenset[str], pages: frozenset[str], name: Name) -> frozenset[str]:
    """All a profile is called by: its handle, the ends of its pages, the first parts of its mail addresses, squashed."""
    handle = profile.handle
    if "@" in handle.strip("@") and is_role_mailbox(handle):
        handle = ""
    # A handle that is a domain of one's own (joe.example) is called by its first part.
    found = {squashed(handle), squashed(handle.rpartition(".")[0]) if "." in handle and "@" not in handle else ""}
    found |= {squashed(page.rpartition("/")[2]) for page in pages if page.count("/") > 2 and not page.startswith(RECORD)}
    found |= {squashed(mail.partition("+")[0]) for mail in mails}
    if name.handle:
        found.add(squashed(name.written))
    return frozenset(found - {""})


_DIGITS_AT_THE_END = re.compile(r"\d+$")


def bare(handle: str) -> str:
    """Without the digits at its end: joebrown77."""
    return _DIGITS_AT_THE_END.sub("", handle)


@lru_cache(maxsize=2048)
def spellings(name: Name) -> tuple[frozenset[str], frozenset[str]]:
    """(handles that spell a name, handles that may stand for it): joebrown, brownjoe; jbrown, joeb."""
    words = [word for word in name.words if len(word) > 1 and word.isascii()] or [word for word in name.sounds if word.isascii()]
    if len(words) < 2:
        return frozenset(), frozenset()
    given, family = words[0], words[-1]
    full = {given + family, family + given, "".join(words)}
    short = {given[0] + family, family + given[0], given + family[0]}
    return frozenset(full), frozenset(one for one in short if len(one) >= SHORTEST + 1)
