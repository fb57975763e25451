"""What one run through a LinkedIn archive remembers while its rows turn into facts.

The archive has no ids, so keys are hashes of fields that LinkedIn repeats unchanged in later archives; of equal rows
the second gets ":2", and gets it again at the next import.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from relationdesk.model import Activity, Audience, Key, Kind, Precision, pairs
from relationdesk.saying import say
from relationdesk.sources.linkedin_people import PLACE, People
from relationdesk.sources.linkedin_words import urn_time, when
from relationdesk.sources.seen import Seen

VISIBILITY = {"PUBLIC": Audience.PUBLIC, "LOGGED_IN": Audience.PUBLIC, "ANYONE": Audience.PUBLIC}
VISIBILITY |= dict.fromkeys(("MEMBER_NETWORK", "CONNECTIONS", "CONNECTIONS_ONLY", "NETWORK"), Audience.FOLLOWERS)


class BadRow(Exception):
    """This row cannot be read; the text says why, in one sentence."""


class Reading:
    """What one run remembers: who is who, keys given, the newest time, and rows left out on purpose."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.newest: datetime | None = None
        self.begin_table(day_first=False)

    def begin_table(self, *, day_first: bool) -> None:
        """What comes now is another file. Equal rows of one file are several, of two files ("messages (1).csv") one."""
        self.left_out: Counter[Callable[[int], str]] = Counter()
        self._seen = Seen()
        self._day_first = day_first

    def key(self, *parts: str) -> Key:
        """ "message:<sha1>", with ":2" for the second equal row."""
        native = f"{parts[0]}:{hashlib.sha1(chr(0).join(parts[1:]).encode('utf-8', 'replace')).hexdigest()}"
        return self.numbered(native)

    def numbered(self, native: str) -> Key:
        times = self._seen.count(native)
        return Key(PLACE, native if times == 1 else f"{native}:{times}")

    def is_new(self, native: str) -> bool:
        return self._seen.count(native) == 1

    def time(self, text: str, urn: str = "") -> tuple[datetime | None, Precision]:
        """The cell's time, else the post number's; unknown if both are empty. Raises BadRow for a cell that is no date."""
        found = when(text, day_first=self._day_first) if text else None
        if text and found is None:
            raise BadRow(say("The date of this row cannot be read."))
        if found is None:
            moment = urn_time(urn) if urn else None
            return (moment, Precision.SECOND) if moment else (None, Precision.UNKNOWN)
        return found

    def own(
        self,
        key: Key,
        kind: Kind,
        time: tuple[datetime | None, Precision],
        *,
        title: str = "",
        text: str = "",
        url: str = "",
        post: str = "",
        answers: bool = False,
        visibility: str = "PUBLIC",
        **extra: str,
    ) -> Activity:
        """A deed of the owner towards nobody in particular. post: its URN; answers: it is somebody's, and this is about it."""
        return Activity(
            key=key, actor=self.people.owner_key, kind=kind, published=time[0], precision=time[1], title=title,
            text=text, url=url, in_reply_to=post if answers else "", thread=post,
            audience=VISIBILITY.get(visibility, Audience.PUBLIC), extra=pairs(**extra),
        )  # fmt: skip
