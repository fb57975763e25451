"""One visit to a calendar server: which calendars there are, what changed in each, the entries themselves, what was deleted.

A server with sync-collection says what changed and what is gone; of the others the list is compared with the last one, and
whatever is missing in it is asked for by name. Only "404" for the entry itself counts as deleted, and a calendar that is
emptied at one stroke withdraws nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape

from relationdesk.errors import Cancelled, LoginRejected, RateLimited, SourceError, SourceUnavailable
from relationdesk.model import Activity, Coverage, Fact, Key, Page, Rejected, Tombstone
from relationdesk.saying import say
from relationdesk.sources.base import Part
from relationdesk.sources.caldav_memory import MOST_ENTRIES, Kept, Memory, Seen
from relationdesk.sources.caldav_talk import Said, Talk, Thing, joined, path_of
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.ical_events import LARGE, OWN, PLACE, Reading
from relationdesk.sources.ical_series import BACK, MOST_TIMES
from relationdesk.text import mail_address, one_line
from relationdesk.troubles import Trouble

AT_ONCE = 100
"""Entries asked for in one question."""
AT_ONCE_BYTES = 4_000_000
LARGEST = 4_000_000
"""Bytes of one entry; a larger one has files in it."""
MOST_QUESTIONS = 60
"""Questions for entries in one visit; the rest follows in the next."""
MOST_CALENDARS = 100
EMPTIED = 10
"""A calendar of at least so many entries that holds none at all now was emptied, or is another one: nothing is withdrawn."""
ENDLESS_AGAIN = timedelta(days=30)
_REFUSED_TOKEN = frozenset({400, 403, 409, 410, 412, 507})
_NO_SYNC = frozenset({400, 403, 404, 405, 409, 415, 501})
_ABOUT = (
    "dav:resourcetype", "dav:displayname", "dav:owner", "dav:current-user-principal", "dav:sync-token", "cs:getctag",
    "cal:supported-calendar-component-set",
)  # fmt: skip
_ENDLESS = re.compile(r"^RRULE[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """url: ends in a slash. mark: changes when something in it does, "" where the server tells none. syncs: it can say what
    changed. mine: it belongs to whom we sign in as. principal: the address that tells who that is, "" unknown."""

    path: str
    url: str
    title: str
    mark: str
    syncs: bool
    mine: bool
    principal: str = ""


def calendars(talk: Talk, address: str) -> tuple[Calendar, ...]:
    """The calendars at an address, which is their folder or, with "#calendar", the only one, in the order of their titles.

    Raises the errors of the door.
    """
    url, _, only = address.partition("#")
    heard = talk.properties(url, 0 if only else 1, _ABOUT)
    assert heard is not None
    found = {made.path: made for thing in heard.things if (made := _calendar(thing, heard.url)) is not None}
    return tuple(sorted(found.values(), key=lambda one: (one.title.casefold(), one.path)))[:MOST_CALENDARS]


def _calendar(thing: Thing, base: str) -> Calendar | None:
    kinds = thing.has.get("dav:resourcetype")
    if kinds is None or kinds.child("cal:calendar") is None:
        return None
    holds = thing.has.get("cal:supported-calendar-component-set")
    names = [part.attributes.get("name", "").upper() for part in holds.children("cal:comp")] if holds is not None else []
    url = joined(base, thing.href)
    if (names and "VEVENT" not in names) or not url or origin(url) != origin(base):
        return None
    me, owner = path_of(thing.href_in("dav:current-user-principal")).rstrip("/"), path_of(thing.href_in("dav:owner")).rstrip("/")
    principal = thing.href_in("dav:current-user-principal")
    token = thing.text("dav:sync-token")
    return Calendar(
        path=thing.path.rstrip("/") + "/", url=url.rstrip("/") + "/", title=one_line(thing.text("dav:displayname"), 100) or thing.path.rstrip("/").rpartition("/")[2],
        mark=(token or thing.text("cs:getctag"))[:1_000], syncs=bool(token), mine=not owner or not me or owner == me,
        principal=joined(base, principal) if principal else "",
    )  # fmt: skip


def own_addresses(talk: Talk, principal: str, base: str) -> frozenset[str]:
    """The mail addresses that the server gives whom we sign in as; none where it does not say, or names them elsewhere."""
    found = {mail_address(talk.user)}
    if principal and origin(principal) == origin(base):
        heard = talk.properties(principal, 0, ["cal:calendar-user-address-set"], also=_NO_SYNC)
        for thing in heard.things if heard is not None else ():
            node = thing.has.get("cal:calendar-user-address-set")
            for href in node.children("dav:href") if node is not None else ():
                scheme, _, rest = href.text().partition(":")
                found.add(mail_address(rest) if scheme.casefold() == "mailto" else "")
    return frozenset(filter(None, found))


class Visit:
    """chosen: paths of the calendars to read; none: all that are mine."""

    def __init__(self, talk: Talk, address: str, chosen: tuple[str, ...], cursor: str) -> None:
        self._talk, self._address, self._chosen, self._now = talk, address, chosen, talk.now
        self._memory = Memory.read(cursor)
        self._questions = 0
        self._sizes: dict[str, int] = {}
        self._readings: dict[bool, Reading] = {}
        self._mine: frozenset[str] = frozenset()

    def pages(self) -> Iterator[Page]:
        """What changed in each calendar, then what was deleted. One that cannot be read does not stop the others."""
        found = [one for one in calendars(self._talk, self._address) if (one.path in self._chosen if self._chosen else one.mine)]
        failure: SourceError | None = None
        if not found or set(self._chosen) - {one.path for one in found}:
            failure = SourceUnavailable(say("A calendar that was read is no longer shown there. What was read before is kept; look which calendars you have there."), trouble=Trouble.GONE)
        for calendar in found:
            kept = self._memory.calendars.setdefault(calendar.path, Kept())
            if calendar.mark and calendar.mark == kept.mark and not kept.todo and not self._stale(kept):
                continue
            if not self._readings:
                self._mine = own_addresses(self._talk, calendar.principal, self._address)
            try:
                yield from self._pages_of(calendar, kept)
            except (LoginRejected, RateLimited, Cancelled):
                raise
            except SourceError as e:
                if isinstance(e, SourceUnavailable) and e.silent:
                    raise
                failure = failure or e
        if failure is not None:
            raise failure
        if any(kept.todo for kept in self._memory.calendars.values()):
            return
        yield Page(facts=(*self._withdrawn(), Coverage(place=PLACE, since=None, until=self._now)), cursor=self._memory.text())

    def _withdrawn(self) -> list[Fact]:
        """Keys that no calendar holds any more; what was moved to another one is still there."""
        held = self._memory.held() if self._memory.gone else frozenset()
        gone: list[Fact] = [Tombstone(key=key, returns=True) for key in dict.fromkeys(self._memory.gone) if key not in held]
        self._memory.gone = []
        return gone

    def _stale(self, kept: Kept) -> bool:
        """Endless series are told a year ahead, so they are read again now and then."""
        try:
            last = datetime.fromisoformat(kept.fresh)
        except ValueError:
            return True
        return not timedelta(0) <= self._now - last < ENDLESS_AGAIN

    def _pages_of(self, calendar: Calendar, kept: Kept) -> Iterator[Page]:
        self._look(calendar, kept)
        if self._stale(kept):
            kept.todo |= {name: seen.mark for name, seen in kept.seen.items() if seen.endless and name not in kept.todo}
            kept.fresh = self._now.isoformat()
        reading = self._readings.get(calendar.mine) or Reading(self._mine, _wanted if calendar.mine else _wanted_of_others, self._now)
        opening = [] if self._readings else list(reading.owner())
        self._readings[calendar.mine] = reading
        yield Page(facts=tuple(opening), cursor=self._memory.text(), more=True)
        while kept.todo and self._questions < MOST_QUESTIONS:
            self._questions += 1
            facts = self._entries(calendar, kept, self._some(calendar, kept), reading)
            yield Page(facts=tuple(facts), cursor=self._memory.text(), more=True)

    def _some(self, calendar: Calendar, kept: Kept) -> list[str]:
        """The next entries to ask for: as many as are not too much together, and at least one."""
        total, names = 0, list[str]()
        for name in kept.todo:
            total += self._sizes.get(calendar.path + name, 0)
            if names and (total > AT_ONCE_BYTES or len(names) >= AT_ONCE):
                break
            names.append(name)
        return names

    # What changed

    def _look(self, calendar: Calendar, kept: Kept) -> None:
        """Note what is to be read and what is gone. Nothing is noted unless the whole of it was heard."""
        token, listed, gone = kept.token, dict[str, str](), set[str]()
        whole = not (calendar.syncs and token)
        if calendar.syncs:
            for _ in range(50):
                heard = self._delta(calendar, token)
                if heard is None and token:  # the token is too old, or not known here: everything anew
                    token, listed, gone, whole = "", {}, set(), True
                    continue
                if heard is None:
                    break
                cut = self._note(calendar, heard, listed, gone)
                token, before = heard.token, token
                if not cut or token == before:
                    break
            else:
                heard = None
        if not calendar.syncs or heard is None:
            token, whole = "", True
            listed = self._listed(calendar)
            gone = set()
        if len(listed) > MOST_ENTRIES:
            raise SourceUnavailable(say("The calendar {title} holds more than {most:,} entries, which is more than is read. What was read before is kept.", title=calendar.title, most=MOST_ENTRIES))
        missing = set(kept.seen) - listed.keys() if whole else set()
        emptied = len(kept.seen) >= EMPTIED and not listed.keys() - gone and set(kept.seen) <= (missing | gone)
        kept.token, kept.mark = token, calendar.mark
        kept.todo |= {name: mark for name, mark in listed.items() if name not in gone and (name not in kept.seen or kept.seen[name].mark != mark)}
        if emptied:
            kept.seen, kept.todo = {}, {}
            return
        kept.todo |= dict.fromkeys(missing - gone, "")  # asked for by name: only then it is certain that they are gone
        for name in gone:
            kept.todo.pop(name, None)
            self._let_go(kept, name)

    def _let_go(self, kept: Kept, name: str) -> None:
        seen = kept.seen.pop(name, None)
        self._memory.gone += seen.keys if seen is not None else ()

    def _delta(self, calendar: Calendar, token: str) -> Said | None:
        """What changed since the token ("": everything); None if the server will not say it that way."""
        body = (
            f"<dav:sync-collection><dav:sync-token>{escape(token)}</dav:sync-token><dav:sync-level>1</dav:sync-level>"
            "<dav:prop><dav:getetag/><dav:getcontentlength/></dav:prop></dav:sync-collection>"
        )
        return self._talk.report(calendar.url, body, 0, also=_REFUSED_TOKEN if token else _NO_SYNC)

    def _note(self, calendar: Calendar, heard: Said, listed: dict[str, str], gone: set[str]) -> bool:
        """True if the server cut the list and has more."""
        cut = False
        for thing in heard.things:
            name = _name_in(calendar, thing)
            if not name:
                cut = cut or thing.status == 507
            elif thing.status in (404, 410):
                gone.add(name)
                listed.pop(name, None)
            elif thing.status in (0, 200) and "dav:getetag" in thing.has:
                listed[name] = _mark(thing)
                gone.discard(name)
                self._note_size(thing)
        return cut

    def _note_size(self, thing: Thing) -> None:
        size = thing.text("dav:getcontentlength")
        if size.isdecimal() and len(size) < 12:
            self._sizes[thing.path] = int(size)

    def _listed(self, calendar: Calendar) -> dict[str, str]:
        heard = self._talk.properties(calendar.url, 1, ["dav:getetag", "dav:getcontentlength"])
        assert heard is not None
        listed: dict[str, str] = {}
        self._note(calendar, heard, listed, set())
        return listed

    # The entries

    def _entries(self, calendar: Calendar, kept: Kept, names: list[str], reading: Reading) -> list[Fact]:
        """Some entries as they are now. A key that an entry no longer has is withdrawn with what is gone."""
        large = [name for name in names if self._sizes.get(calendar.path + name, 0) > LARGEST]
        things = self._shown(calendar, [name for name in names if name not in large])
        found: list[Fact] = []
        for name in names:
            mark, thing = kept.todo.pop(name), things.get(name)
            if thing is not None and thing.status in (404, 410):
                self._let_go(kept, name)
            elif thing is not None and (text := thing.text("cal:calendar-data")):
                facts = list(reading.entries(calendar.title, _named(text, calendar.title)))
                self._remember(kept, name, mark or _mark(thing), text, facts)
                found += facts
            elif mark:
                why = say("This entry is larger than any entry of a calendar is.") if name in large else say("The server lists this entry but does not show it.")
                found.append(Rejected(where=f"{calendar.title}: {one_line(name, 100)}", reason=why))
                kept.seen[name] = replace(kept.seen.get(name, Seen(mark="")), mark=mark)
        return found

    def _shown(self, calendar: Calendar, names: list[str]) -> dict[str, Thing]:
        if not names:
            return {}
        hrefs = "".join(f"<dav:href>{escape(quote(calendar.path + name))}</dav:href>" for name in names)
        body = f"<cal:calendar-multiget><dav:prop><dav:getetag/><cal:calendar-data/></dav:prop>{hrefs}</cal:calendar-multiget>"
        heard = self._talk.report(calendar.url, body, 1)
        assert heard is not None
        return {name: thing for thing in heard.things if (name := _name_in(calendar, thing))}

    def _remember(self, kept: Kept, name: str, mark: str, text: str, facts: Iterable[Fact]) -> None:
        keys = tuple(dict.fromkeys(fact.key for fact in facts if isinstance(fact, Activity)))
        old = kept.seen.get(name)
        endless = any("COUNT=" not in rule.upper() and "UNTIL=" not in rule.upper() for rule in _ENDLESS.findall(text))
        trouble = any(isinstance(fact, Rejected) for fact in facts) or (not keys and not any(isinstance(fact, Tombstone) for fact in facts))
        kept.seen[name] = Seen(mark=mark, keys=(old.keys if old is not None and trouble else keys), endless=endless)
        if old is not None and not trouble:
            self._memory.gone += _left_out(old.keys, keys, self._now - BACK + timedelta(days=2))


def _left_out(old: tuple[Key, ...], now: tuple[Key, ...], since: datetime) -> list[Key]:
    """Keys that an entry had and has no more. Times that fell out of what is listed at all (ten years, a thousand) are not gone."""
    first, last = f"{since:%Y%m%d}", "9"
    if len(now) >= MOST_TIMES:
        listed = [key.native_id.rpartition("#")[2] for key in now]
        first, last = max(first, min(listed)), max(listed)
    return [key for key in old if key not in set(now) and ("#" not in key.native_id or first <= key.native_id.rpartition("#")[2] <= last)]


def _named(text: str, title: str) -> str:
    """An entry as it stands in a file of its calendar, which tells the calendar's name."""
    name = re.sub(r"([\\,;])", r"\\\1", title)
    return text if "X-WR-CALNAME" in text else text.replace("BEGIN:VCALENDAR", f"BEGIN:VCALENDAR\r\nX-WR-CALNAME:{name}", 1)


def _name_in(calendar: Calendar, thing: Thing) -> str:
    """An entry's address within its calendar; "" for the calendar itself and whatever lies elsewhere."""
    return thing.path[len(calendar.path) :] if thing.path.startswith(calendar.path) and not thing.path.endswith("/") else ""


def _mark(thing: Thing) -> str:
    tag = thing.text("dav:getetag")
    return hashlib.sha256(tag.encode("utf-8", "replace")).hexdigest()[:12] if tag else ""


def _wanted(part: Part) -> bool:
    return part != LARGE


def _wanted_of_others(part: Part) -> bool:
    """In a calendar that somebody shares with us, an entry without others is theirs, not ours."""
    return part not in (LARGE, OWN)
