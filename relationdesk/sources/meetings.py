"""Entries of a calendar that Outlook kept, in a table or in a data file, as facts: who called them, who was asked to come.

As in ical_events, where entries have the form of iCalendar: a meeting of many is only read when it is asked for, rooms are nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from relationdesk.model import (
    Activity,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Rejected,
    Role,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.base import Part
from relationdesk.sources.chats import Told
from relationdesk.sources.ical_events import CLOSE, FEW, LARGE, MEETINGS, OWN, PLACE, by_mail
from relationdesk.sources.table_dates import Moment
from relationdesk.text import fold, mail_address, one_line, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One entry. native: its key. start, end: as in `Activity`; the end of whole days is the day after the last. invited: in the
    order of the entry, without rooms. extra: what else is worth showing."""

    native: str
    start: Moment
    end: Moment
    title: str
    text: str = ""
    organizer: Profile | None = None
    invited: tuple[tuple[Profile, Role], ...] = ()
    declined: frozenset[Key] = frozenset()
    extra: Mapping[str, str] = field(default_factory=dict)


class Meetings:
    """One pass over a calendar. owner: whose it is. mine: further keys of theirs."""

    def __init__(self, wants: Callable[[Part], bool], owner: Profile, mine: frozenset[Key], told: Told) -> None:
        self._wants, self._me, self._mine, self._told = wants, owner.key, mine | {owner.key}, told
        self.left_out: Counter[str] = Counter()
        self._dates: list[datetime] = []
        self._now = datetime.now(UTC)

    def facts(self, meeting: Meeting) -> Iterator[Fact]:
        """Whoever takes part, then the entry; nothing if its part is not wanted."""
        organizer = [meeting.organizer] if meeting.organizer else []
        others = {one.key: one for one in (*organizer, *(one for one, _ in meeting.invited)) if one.key not in self._mine}
        part = LARGE if len(others) > FEW else MEETINGS if others else OWN
        if not self._wants(part):
            self.left_out[part.title] += 1
            return
        actor = next((one.key for one in organizer if one.key in others), self._me)
        invited = any(one.key in self._mine for one, _ in meeting.invited)
        met = len(others) <= CLOSE and (actor == self._me or invited)
        for one in others.values():
            yield from self._told.tell(replace(one, known=met) if one.addresses else one)
        roles: dict[Key, Role] = {self._me: Role.TO} if actor != self._me and invited else {}
        for one, role in meeting.invited:
            if one.key in others and one.key != actor and one.key not in meeting.declined:
                roles.setdefault(one.key, role)
        yield self._activity(meeting, actor, {} if part is LARGE else roles, [one for key, one in others.items() if key in meeting.declined])

    def _activity(self, meeting: Meeting, actor: Key, roles: Mapping[Key, Role], declined: list[Profile]) -> Activity:
        start = meeting.start.published
        if start is not None and start <= self._now:  # what is planned says nothing of what was read
            self._dates = [min([start, *self._dates]), max([start, *self._dates])]
        names = ", ".join(one.display_name or one.key.native_id for one in declined)
        return Activity(
            key=Key(PLACE, meeting.native), actor=actor, kind=Kind.EVENT, published=start, precision=meeting.start.precision,
            title=one_line(meeting.title), text=tidy(meeting.text), audience=Audience.PRIVATE,
            participants=tuple(Participant(profile=key, role=role) for key, role in roles.items()),
            extra=pairs(until=_until(meeting.start, meeting.end), declined=one_line(names), **meeting.extra),
        )  # fmt: skip

    def over(self, where: str) -> Iterator[Rejected | Coverage]:
        """When everything was read: what was left out, and what is covered."""
        for part, count in self.left_out.items():
            what = say(part)
            yield Rejected(where=where, reason=say("{what} were left out: {count:,}.", what=what[:1].upper() + what[1:], count=count))
        if self._dates:
            yield Coverage(place=PLACE, since=self._dates[0], until=self._dates[1])


def person(name: str) -> Profile:
    """By mail address if that is what the calendar shows, else by name."""
    address = mail_address(name) if "@" in name else ""
    if address:
        return by_mail(address, "")
    shown = one_line(name, 200)
    return Profile(key=Key(PLACE, f"name:{fold(shown) or shown}"), display_name=shown)


def _until(start: Moment, end: Moment) -> str:
    """The end as the entry says it: of whole days the last one, else the moment in UTC; "" for none or before the beginning."""
    if start.published is None or end.published is None or end.published <= start.published:
        return ""
    if start.precision is Precision.DAY:
        last = end.published - timedelta(days=1)
        return f"{last:%Y-%m-%d}" if last > start.published else ""
    return f"{end.published:%Y-%m-%dT%H:%M:%SZ}"
