"""What a place allows to be asked in a span of time: counted, spread over the span, and whose turn it is.

Whoever was never read comes first, people of key companies before the rest; then streams take turns, those first, in the order of
their names: nobody is read twice before everybody was there, and one that fails holds up nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from relationdesk.model import Login, Stream
from relationdesk.sources.base import Allowance, LiveSource, Metered
from relationdesk.sources.door import Door
from relationdesk.store import logins
from relationdesk.store.allowances import Used, save, used
from relationdesk.store.database import Desk


def now_used(before: Used | None, allowance: Allowance, now: datetime) -> Used:
    """The same at `now`: counted anew where the span is over, or where a clock stood wrong. The turn goes on."""
    after = before.after if before is not None else ""
    if allowance.zone:
        zone = ZoneInfo(allowance.zone)
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        since, renewed = midnight.astimezone(UTC), _midnight_after(midnight, zone)
    elif before is not None and before.since <= now < before.since + allowance.span:
        since, renewed = before.since, before.since + allowance.span
    else:
        since = now.replace(microsecond=0)
        renewed = since + allowance.span
    asked = before.asked if before is not None and before.since == since else 0
    return Used(asked=asked, most=allowance.most, span=allowance.span, since=since, renewed=renewed, after=after)


def _midnight_after(midnight: datetime, zone: ZoneInfo) -> datetime:
    """Of the next day there, which may be 23 or 25 hours away."""
    later = (midnight + timedelta(hours=36)).date()
    return datetime(later.year, later.month, later.day, tzinfo=zone).astimezone(UTC)


class Meter:
    """Counts what the door is asked for one login. Without an allowance it lets everything pass."""

    def __init__(
        self, db: Desk, source: LiveSource, login: Login, door: Door, clock: Callable[[], datetime], *, counted: int | None = None
    ) -> None:
        """counted: how many questions of the door are counted already, None for all that were asked so far."""
        self._db, self._login, self._door, self._clock = db, login, door, clock
        self._allowance = source.allowance(login) if isinstance(source, Metered) else None
        self._counted = counted if counted is not None else self._costly() if self._allowance is not None else 0
        self._turns: dict[str, str] = {}  # by name of the stream: a text that sorts as they take turns
        self._waiting: set[str] = set()

    def count(self) -> Used | None:
        """Note what was asked since the last time; None without an allowance."""
        if self._allowance is None:
            return None
        asked, self._counted = self._costly() - self._counted, self._costly()
        before = used(self._db, self._login)
        now = now_used(before, self._allowance, self._clock())
        now = replace(now, asked=now.asked + asked)
        if now != before:
            save(self._db, self._login, now)
        return now

    def _costly(self) -> int:
        """How many questions of the door count."""
        is_free = self._allowance is not None and self._allowance.unchanged_is_free
        return self._door.asked - (self._door.unchanged if is_free else 0)

    def rest(self) -> datetime | None:
        """Until when nothing more may be asked; None if something may."""
        now = self.count()
        return None if now is None or now.free(self._clock()) > 0 else now.next(self._clock())

    def in_turn(self, streams: Sequence[Stream]) -> list[Stream]:
        """Whoever was never read first, then those whose turn comes after the last one; people of key companies before the rest in both.

        Where nothing is counted everybody has their turn anyway, in the order that the source gives.
        """
        known = {name for name, _, good, failure, _ in logins.stream_states(self._db, self._login.id) if good is not None or failure}
        key = logins.key_profiles(self._db)
        first = {s.name for s in streams if s.profile is None or s.profile == self._login.profile or s.profile in key}
        order = {s.name: f"{n:06}" if self._allowance is None else s.name for n, s in enumerate(streams)}
        self._turns = {name: f"{0 if name in first else 1} {place}" for name, place in order.items()}
        ordered = sorted(streams, key=lambda stream: self._turns[stream.name])
        new, read = ([s for s in ordered if (s.name in known) is was] for was in (False, True))
        before = used(self._db, self._login) if self._allowance is not None else None
        later = [stream for stream in read if before is None or self._turns[stream.name] > before.after]
        later = later if new or later else read  # whose turn it was is no longer read
        self._waiting = {self._turns[stream.name] for stream in later}
        return new + later

    def had_turn(self, stream: Stream) -> None:
        """Goes on after this one; a newcomer skips nobody who waits."""
        turn = self._turns[stream.name]
        self._waiting.discard(turn)
        now = self.count()
        if now is not None and turn > now.after and not any(other < turn for other in self._waiting):
            save(self._db, self._login, replace(now, after=turn))

    def all_had_turns(self) -> None:
        """The next reading begins anew."""
        now = self.count()
        if now is not None and now.after:
            save(self._db, self._login, replace(now, after=""))
