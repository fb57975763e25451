"""Why something could not be read, as a word that is stored: what is decided by, while the sentence beside it is only shown.

Standard library only. Sentences are said in the user's language, so nothing is ever decided by their words.
"""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Of a login or a stream. Stored, never rename."""

    NONE = ""
    OFFLINE = "offline"  # this computer has no network
    DOWN = "down"  # no answer, too slow, a problem of its own
    PORTAL = "portal"  # somebody else answered in its place, as the networks of hotels do
    WAIT = "wait"  # it asks us to wait
    ODD = "odd"  # it answered what it does not document
    HIDDEN = "hidden"  # it does not show this to us
    REFUSED = "refused"  # it does not accept our sign-in, or wants one
    KEYLESS = "keyless"  # this computer's key store has no key (any more) to sign in with
    LOCKED = "locked"  # the key store does not answer
    LIMIT = "limit"  # the user's own monthly limit
    PRIVATE = "private"  # it lies on a private network, which the user did not allow
    ELSEWHERE = "elsewhere"  # it sends us to a server that the user did not name
    GONE = "gone"  # it says for certain that this is not there
    UNKNOWN = "unknown"  # noted by an older version

    @property
    def heals(self) -> bool:
        """Whether it may go on by itself, without anything being done about it."""
        return self in _HEALS

    @property
    def signs_in(self) -> bool:
        """Whether signing in (again) is what helps."""
        return self in (Trouble.REFUSED, Trouble.KEYLESS)


_HEALS = frozenset({Trouble.OFFLINE, Trouble.DOWN, Trouble.PORTAL, Trouble.WAIT, Trouble.ODD, Trouble.HIDDEN})
