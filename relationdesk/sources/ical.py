"""Calendars as files (iCalendar, .ics), a folder or a zip of them; what an entry becomes stands in ical_events.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Fact, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.ical_events import LARGE, MEETINGS, OWN, PLACE, Reading, decoded, place_of
from relationdesk.sources.ical_series import CalendarFile, calendars
from relationdesk.sources.mail_owner import own_addresses
from relationdesk.text import mail_address

_BYTES = 64 * 1024 * 1024
_HEAD_BYTES = 64 * 1024
_PROGRESS_EVERY = 500


class ICalendar:
    """FileSource for iCalendar files, a folder or a zip of them."""

    name = "ical"
    title = marked("Calendar file")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """A file that begins as a calendar, or a folder or zip mostly of such files."""
        try:
            with open_container(path) as box:
                members = _members(box)
                head = _first_calendar(box, members[:5])
                if head is None:
                    return None
                certainty = 0.95 if box.single else 0.9 if len(members) * 2 > len(box.names()) else 0.4
        except (UnreadableFile, OSError):
            return None
        place = place_of(head, "")
        title = {"tripit": "TripIt calendar", "meetup": "Meetup calendar"}.get(place, self.title)
        return Recognised(
            format=self.name, title=title, place=place, certainty=certainty, owner=mail_address(head.named("X-WR-CALNAME")), parts=(MEETINGS, OWN, LARGE)
        )

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then the entries calendar by calendar, each series in the order of time.

        A time without a zone is taken in the zone of this computer. Raises UnreadableFile if no calendar is in it.
        """
        with open_container(path) as box:
            members = _members(box)
            if not members:
                raise UnreadableFile(
                    say("“{name}” holds no calendar. Nothing was brought in. Export the calendar as .ics and choose that.", name=path.name), source=self.name
                )
            # By the addresses that are known, else by the name of the calendar (Google's is the address).
            head = _first_calendar(box, members[:1])
            mine = options.mine | own_addresses(options.me) or own_addresses(head.named("X-WR-CALNAME") if head else "")
            yield from _facts(box, members, Reading(mine, options.wants, datetime.now(UTC)))


def _facts(box: Container, members: list[str], reading: Reading) -> Iterator[Fact | Progress]:
    total, done = sum(box.size(name) for name in members), 0
    yield Progress(done=0, total=total)
    yield from reading.owner()
    for name in members:
        if box.size(name) > _BYTES:
            yield Rejected(where=name, reason=say("This file is larger than any calendar is; it was left out."))
            continue
        try:
            with box.open(name) as stream:
                text = decoded(stream.read(_BYTES))
        except UnreadableFile as e:
            yield Rejected(where=name, reason=str(e))
            continue
        for number, fact in enumerate(reading.entries(name, text)):
            yield fact
            if number % _PROGRESS_EVERY == 0:
                yield Progress(done=done, total=total)
        done += box.size(name)
    yield from reading.over(box.path.name)
    yield Progress(done=total, total=total)


def _members(box: Container) -> list[str]:
    names = [name for name in box.names() if box.single or name.casefold().endswith((".ics", ".ical", ".ifb", ".vcs"))]
    return [name for name in names[:2_000] if _begins(box, name)]


def _begins(box: Container, name: str) -> bool:
    start = decoded(box.head(name, 4_096)).lstrip("\ufeff \t\r\n").upper()
    return start.startswith(("BEGIN:VCALENDAR", "BEGIN:VEVENT")) or (start.startswith("BEGIN:") and "\nBEGIN:VEVENT" in start)


def _first_calendar(box: Container, members: list[str]) -> CalendarFile | None:
    for member in members:
        with box.open(member) as stream:
            found = next(calendars(decoded(stream.read(_HEAD_BYTES))), None)
        if found is not None:
            return found
    return None
