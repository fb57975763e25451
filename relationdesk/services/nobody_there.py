"""A server that says of nearly everybody followed there that they do not exist: that is rather trouble of its own (an update that
moved what we ask, a page for errors in its place) than so many people leaving at once, so nobody is left alone for hours because of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from relationdesk.model import Stream
from relationdesk.saying import say

MANY = 5
"""So many at least, in one reading; fewer may really be gone."""
TO_ONE = 9
"""And so many for each one that was read there."""


@dataclass(slots=True)
class Answered:
    """What the servers of one reading said of those who are followed there."""

    gone: dict[str, list[Stream]] = field(default_factory=lambda: defaultdict(list))
    read: Counter[str] = field(default_factory=Counter)

    def in_trouble(self) -> dict[str, tuple[Stream, ...]]:
        """Server → those of whom it says, hardly believably, that they are not there."""
        return {server: tuple(gone) for server, gone in self.gone.items() if len(gone) >= max(MANY, TO_ONE * self.read[server])}


def sentence(server: str, n: int) -> str:
    return say(
        "{server} says of {n} people at once that they do not exist, so that is rather trouble of its own. What was read before is kept; it will be tried again.",
        server=server, n=n,
    )  # fmt: skip
