"""What one pass over a mailbox remembers, whether it comes from files or from a server: so both tell the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from relationdesk.model import Activity, Address, AddressKind, Fact, Key, Precision, Profile
from relationdesk.saying import say
from relationdesk.sources.mail_message import PLACE, Noise, message, noise_of
from relationdesk.text import listed

_REMEMBERED = 50_000
"""Profiles and answers remembered, so that the same Profile is not told for each mail and threads join; bounds memory."""


class MailPass:
    """mine: addresses of the owner, lower case. now: aware, what "in the future" is measured by. dates: () or oldest and newest."""

    def __init__(self, mine: frozenset[str], now: datetime) -> None:
        self.mine, self.now = mine, now
        self.noise: Counter[Noise] = Counter()
        self.mails = 0
        self.dates: tuple[datetime, ...] = ()
        self._told: set[int] = set()  # hashes: a tenth of the memory of the profiles
        self._threads: dict[str, str] = {}

    def owner(self) -> Iterator[Profile]:
        """One Profile for each address of the owner."""
        for own in owner_profiles(self.mine):
            self._told.add(hash(own))
            yield own

    def mail(self, raw: bytes, where: str) -> Iterator[Fact]:
        """The facts of one mail, each Profile once a pass; what is left out is counted in `noise`."""
        self.mails += 1
        facts = message(raw, where, self.mine, now=self.now)
        if not facts and (why := noise_of(raw)) is not None:
            self.noise[why] += 1
        for fact in facts:
            if isinstance(fact, Profile):
                if hash(fact) in self._told:
                    continue
                if len(self._told) < _REMEMBERED:
                    self._told.add(hash(fact))
                yield fact
            elif isinstance(fact, Activity):
                yield self._joined(fact)
            else:
                yield fact

    def _joined(self, activity: Activity) -> Activity:
        """With the thread of what it answers, if that was read before and named its own beginning."""
        if activity.published is not None and activity.precision is not Precision.UNKNOWN:
            known = (*self.dates, activity.published)
            self.dates = (min(known), max(known))
        thread = self._threads.get(activity.thread, activity.thread)
        if thread != activity.key.native_id and len(self._threads) < _REMEMBERED:
            self._threads[activity.key.native_id] = thread
        return activity if thread == activity.thread else replace(activity, thread=thread)


def owner_profiles(mine: Iterable[str]) -> Iterator[Profile]:
    for address in sorted(mine):
        own = Address(kind=AddressKind.MAIL, value=address, vouched=True)
        yield Profile(key=Key(PLACE, address), handle=address, addresses=(own,), is_owner=True)


def left_out(noise: Counter[Noise]) -> str:
    """How many mails were left out, and why, in one sentence."""
    what = listed([say(why.value, n=noise[why]) for why in Noise if noise[why]])
    return say("Mails that are not from one person to another were left out: {what}.", what=what)
