"""The entries of a calendar as facts: meetings with those who took part, own entries, trips, and what was called off.

Who takes part is known by mail address, so a meeting belongs to the same profile as the mails. The UID is the key, of a
repeated entry with the time it was planned for, so that a moved meeting stays the same one. A cancelled one is withdrawn.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
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
    Tombstone,
    pairs,
)
from relationdesk.saying import marked, say
from relationdesk.sources.base import Part
from relationdesk.sources.chats import Told
from relationdesk.sources.ical_series import (
    BadSeries,
    CalendarFile,
    Event,
    Time,
    again_of,
    calendars,
    events,
    moment_of,
    start_of,
    times,
    version_of,
)
from relationdesk.text import canonical_url, fold, mail_address, one_line, tidy

PLACE = "calendar"
_MAIL = "mail"
_REJECTED_SHOWN = 200
FEW = 50
"""So many people make a meeting; of more it is an event that one goes to."""
CLOSE = 10
"""Whom one meets in a round of so many is somebody one knows."""
_NOBODY = frozenset({"ROOM", "RESOURCE"})
_RESOURCES = ("resource.calendar.google.com",)

MEETINGS = Part(name="meetings", title=marked("meetings with others"))
OWN = Part(name="own", title=marked("entries without others"))
LARGE = Part(name="large", title=marked("events with more than 50 people"), wanted=False)


def decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").replace("\0", "")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _mixed(re.sub(rb"\r?\n[ \t]", b"", raw))  # some fold a line inside a letter
    return text.replace("\0", "")


def _mixed(raw: bytes) -> str:
    """Line by line: what is no UTF-8 was written by an old program in its own code page."""
    lines = []
    for line in raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
    return "\n".join(lines)


def place_of(calendar: CalendarFile, uid: str) -> str:
    made = calendar.named("PRODID").casefold()
    if uid.casefold().endswith("@tripit.com") or "tripit" in made:
        return "tripit"
    return "meetup" if uid.casefold().endswith("@meetup.com") or "//meetup" in made else PLACE


class Reading:
    """One pass over calendars. mine: the owner's mail addresses; none: the owner is nobody in particular. wants: which
    parts to read. now: aware UTC."""

    def __init__(self, mine: frozenset[str], wants: Callable[[Part], bool], now: datetime) -> None:
        self.mine, self.wants, self.now = mine, wants, now
        self.me = Key(_MAIL, min(mine)) if mine else Key(PLACE, "me")
        self.told = Told()
        self.rejected: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.seen: dict[str, tuple[datetime, datetime]] = {}
        self._versions: dict[tuple[str, str], int] = {}

    def owner(self) -> Iterator[Profile]:
        """Whose calendar it is; told before anything else."""
        for address in sorted(self.mine):
            yield from self.told.tell(by_mail(address, "", is_owner=True))
        if not self.mine:
            yield Profile(key=self.me, is_owner=True)

    def entries(self, name: str, text: str) -> Iterator[Fact]:
        """The facts of every calendar in a text, series by series, each in the order of time. name: for what is refused."""
        for calendar in calendars(text):
            if not calendar.whole:
                yield Rejected(where=name, reason=say("The calendar breaks off before its end; what stands before that was read."))
            for line, entries in calendar.series.values():
                try:
                    series = self._newest(events(calendar, entries))
                    for time in self._times(series, name, line):
                        if isinstance(time, Rejected):
                            yield time
                        else:
                            yield from self._entry(time, calendar, name, line)
                except BadSeries as e:
                    yield from self._reject(name, line, say("This entry cannot be read. {reason}", reason=e))

    def over(self, name: str) -> Iterator[Rejected | Coverage]:
        """When everything was read: what else was refused or left out, and what is covered."""
        for member, count in self.rejected.items():
            if count > _REJECTED_SHOWN:
                yield Rejected(where=member, reason=say("{count} more entries could not be read.", count=count - _REJECTED_SHOWN))
        for part, count in self.left_out.items():
            what = say(part)
            yield Rejected(where=name, reason=say("{what} were left out: {count:,}.", what=what[:1].upper() + what[1:], count=count))
        for place, (oldest, newest) in self.seen.items():
            yield Coverage(place=place, since=oldest, until=newest)

    def _newest(self, series: list[Event]) -> list[Event]:
        """Without what is older than a version that was read before: invitations and their changes lie in any order."""
        newest: dict[tuple[str, str], Event] = {}
        for event in series:
            which = (_text(event, "UID"), again_of(event)) if "UID" in event else ("", str(id(event)))
            version = version_of(event)
            if version >= self._versions.get(which, version):
                newest[which] = event
                if which[0]:
                    self._versions[which] = version
        return list(newest.values())

    def _times(self, series: list[Event], name: str, line: int) -> Iterator[Time | Rejected]:
        try:
            yield from times(series, self.now)
        except BadSeries as e:
            yield from self._reject(name, line, say("Only the first time of this entry is kept. {reason}", reason=e))
            yield from [Time(event=event) for event in series[:1]]

    def _reject(self, name: str, line: int, reason: str) -> Iterator[Rejected]:
        self.rejected[name] += 1
        if self.rejected[name] <= _REJECTED_SHOWN:
            yield Rejected(where=f"{name} line {line}", reason=reason)

    def _entry(self, time: Time, calendar: CalendarFile, name: str, line: int) -> Iterator[Fact]:
        event = time.event
        start = start_of(event)
        if start is None or not 1900 <= start.year < 2200:
            yield from self._reject(name, line, say("This entry has no beginning that can be read."))
            return
        uid = _text(event, "UID")
        place = place_of(calendar, uid)
        key = Key(place, _native(uid, event, time.again, start))
        if _text(event, "STATUS").upper() == "CANCELLED" or calendar.named("METHOD").upper() == "CANCEL":
            yield Tombstone(key=key, returns=True, revised=version_of(event))
            return
        organizer = _person(event.get("ORGANIZER"))
        people = [(one, person) for one in _list(event.get("ATTENDEE")) if (person := _person(one)) is not None]
        others = {person.key: (one, person) for one, person in people if person.key.native_id not in self.mine}
        if organizer is not None and organizer.key.native_id not in self.mine:
            others.setdefault(organizer.key, (event["ORGANIZER"], organizer))
        part = LARGE if len(others) > FEW else MEETINGS if others else OWN
        if not self.wants(part):
            self.left_out[part.title] += 1
            return
        mine = organizer is None or organizer.key.native_id in self.mine
        actor = self.me if mine or organizer is None else organizer.key
        invited = [person.key for _, person in people]
        known = len(others) <= CLOSE and (mine or self._accepted(people))
        for _, person in others.values():
            yield from self.told.tell(by_mail(person.key.native_id, person.display_name, known=known) if person.key.place == _MAIL else person)
        participants = [
            Participant(profile=person.key, role=_role(one))
            for one, person in others.values()
            if person.key != actor and _parameter(one, "PARTSTAT") != "DECLINED"
        ] if part is not LARGE else []  # fmt: skip
        if not mine and (self.me in invited or set(invited).intersection(Key(_MAIL, address) for address in self.mine)):
            participants.insert(0, Participant(profile=self.me, role=Role.TO))
        if start <= self.now:  # what is planned says nothing of what was read
            oldest, newest = self.seen.get(place, (start, start))
            self.seen[place] = min(oldest, start), max(newest, start)
        yield Activity(
            key=key, actor=actor, kind=Kind.EVENT, published=start, precision=_precision(event), title=one_line(_text(event, "SUMMARY")),
            text=tidy(_text(event, "DESCRIPTION")), url=_url(event), thread=uid if time.again else "", audience=Audience.PRIVATE,
            participants=tuple(participants), revised=version_of(event),
            extra=pairs(
                location=one_line(_text(event, "LOCATION")), until=_until(event), calendar=one_line(calendar.named("X-WR-CALNAME"), 100),
                declined=one_line(", ".join(p.display_name or p.key.native_id for one, p in others.values() if _parameter(one, "PARTSTAT") == "DECLINED")),
                status="tentative" if _text(event, "STATUS").upper() == "TENTATIVE" else "",
            ),
        )  # fmt: skip

    def _accepted(self, people: list[tuple[object, Profile]]) -> bool:
        return any(person.key.native_id in self.mine and _parameter(one, "PARTSTAT") in ("ACCEPTED", "TENTATIVE", "") for one, person in people)


def _native(uid: str, event: Event, again: str, start: datetime) -> str:
    """The UID as the world knows it; without one, a hash of what does not change."""
    own = one_line(uid, 500)
    if not own:
        what = f"{start:%Y%m%dT%H%M%SZ}|{_text(event, 'SUMMARY')}".encode("utf-8", "replace")
        return f"none:{hashlib.sha256(what).hexdigest()[:24]}"
    return f"{own}#{again}" if again else own


def _list(value: object) -> list[object]:
    return [] if value is None else list(value)[:500] if isinstance(value, list) else [value]


def _person(value: object) -> Profile | None:
    """Who is named: by mail address, else by name; None for rooms, things and nobody."""
    if value is None or isinstance(value, list):
        return None if not isinstance(value, list) or not value else _person(value[0])
    if _parameter(value, "CUTYPE") in _NOBODY:
        return None
    address = mail_address(str(value).partition(":")[2] if str(value).casefold().startswith("mailto:") else str(value))
    address = address or mail_address(_parameter(value, "EMAIL", upper=False))
    name = one_line(_parameter(value, "CN", upper=False), 200)
    if address.endswith(_RESOURCES):
        return None
    if address:
        return by_mail(address, "" if mail_address(name) else name)
    return Profile(key=Key(PLACE, f"name:{fold(name)}"), display_name=name) if fold(name) else None


def by_mail(address: str, name: str, *, known: bool = False, is_owner: bool = False) -> Profile:
    own = Address(kind=AddressKind.MAIL, value=address, vouched=is_owner)
    return Profile(key=Key(_MAIL, address), handle=address, display_name=name, addresses=(own,), known=known, is_owner=is_owner)


def _parameter(value: object, name: str, *, upper: bool = True) -> str:
    found = str(getattr(value, "params", {}).get(name, "") or "")
    return found.upper().strip() if upper else found.strip()


def _role(value: object) -> Role:
    return Role.CC if _parameter(value, "ROLE") in ("OPT-PARTICIPANT", "NON-PARTICIPANT") else Role.TO


def _text(event: Event, name: str) -> str:
    value = event.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return "" if value is None or isinstance(value, list) else str(value)


def _url(event: Event) -> str:
    return canonical_url(_text(event, "URL")) if _text(event, "URL").casefold().startswith(("http://", "https://")) else ""


def _precision(event: Event) -> Precision:
    at = event["DTSTART"].dt
    return Precision.SECOND if isinstance(at, datetime) else Precision.DAY


def _until(event: Event) -> str:
    """The end as the entry says it: of whole days the last one, else the moment in UTC; "" for none or before the beginning."""
    try:
        start, end = event["DTSTART"].dt, event.end
    except (KeyError, ValueError, AttributeError, TypeError, OverflowError):
        return ""
    if isinstance(start, datetime) and isinstance(end, datetime):
        from_, to = moment_of(start), moment_of(end)
        return f"{to:%Y-%m-%dT%H:%M:%SZ}" if from_ is not None and to is not None and to > from_ else ""
    if isinstance(start, date) and isinstance(end, date) and end - start > timedelta(days=1):
        return f"{end - timedelta(days=1):%Y-%m-%d}"
    return ""
