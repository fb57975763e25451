"""Calendars on their own server (CalDAV): iCloud, Fastmail, Nextcloud, Radicale and whatever else speaks it, by user name and password.

One login reads all calendars that are mine, or those that are chosen. What an entry becomes stands in ical_events, so a calendar
file of the same calendar doubles nothing. Read only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from relationdesk.errors import UnexpectedAnswer, UserMistake
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayIn
from relationdesk.sources.caldav_reading import Calendar, Visit, calendars, own_addresses
from relationdesk.sources.caldav_servers import may_lie_on, server_of
from relationdesk.sources.caldav_talk import Talk, Thing, joined, path_of
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.door_answers import host_of
from relationdesk.sources.ical_events import PLACE
from relationdesk.text import fold, listed, mail_address

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

ALL = "calendars"
_CHOSEN, _ONLY = "calendar:", "#only="
_WHO = ("dav:current-user-principal", "cal:calendar-home-set", "dav:resourcetype")
_NOT_HERE = frozenset({400, 403, 404, 405, 410, 501})


class _Found(NamedTuple):
    home: str
    principal: str


class CalDav:
    """Reads the calendars of one person on one server per login. clock: aware UTC now, to be replaced in tests."""

    name = "caldav"
    title = marked("Calendar server")
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="caldav", title=marked("Calendar server (CalDAV)"), places=("caldav",), server="joe@firm.example cloud.firm.example", signs_in=marked("Your mail address or user name, and the server"),
        gives=marked("Reads your meetings on iCloud, Fastmail, Nextcloud and the like, and changes nothing. Not Google's or Microsoft's: those by their secret address."),
        costs=marked("Nothing."),
        key_title=marked("Password"), key_from=marked("iCloud, Fastmail and Yahoo want an app password, which their security settings make."),
        follow=marked("Read only some calendars: the name of one. Without any, all that are yours are read"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Find the calendars: by the well-known address, whom we sign in as, and the folder of their calendars; or the very calendar typed.

        Raises UserMistake for what names no server or one that cannot be read so, LoginRejected, and the errors of the door.
        """
        user, server = server_of(address, door)
        if not token:
            raise UserMistake(say("A calendar server is read with a password. Nothing was changed; type it, and connect again."))
        talk = Talk(door=door, user=user, password=token, now=self._clock())
        found = _discovered(talk, server)
        if not calendars(talk, found.home):
            raise UserMistake(say("{host} shows no calendar to this login. Nothing was changed; check the address of the server.", host=host_of(found.home)))
        mine = own_addresses(talk, found.principal, found.home)
        me = mail_address(user) or min(mine, default="")
        return Login(
            id=0, source=self.name, place=PLACE, address=found.home, user_name=user, has_token=True, profile=Key("mail", me) if me else Key(PLACE, "me")
        )

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Choose a calendar by its name or address. Raises UserMistake with the names there are, and the errors of the door."""
        there = calendars(self._talk(login, token, door), login.address)
        wanted = [one for one in there if fold(one.title) == fold(address) or path_of(address).rstrip("/") + "/" == one.path]
        if len(wanted) != 1:
            names = listed([f"“{one.title}”" for one in there[:20]]) or say("none")
            raise UserMistake(say(
                "Several calendars are called “{address}” there. Nothing was changed. Type one of these, or its address: {names}." if wanted else
                "No calendar is called “{address}” there. Nothing was changed. Type one of these, or its address: {names}.", address=address[:100], names=names,
            ))  # fmt: skip
        me = login.profile or Key(PLACE, "me")
        return _chosen(wanted[0]), Profile(key=me, is_owner=True)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """One that reads all calendars, or all that are chosen, together, so that an entry moved from one to another stays; then the
        chosen ones, which are read with it."""
        paths = ",".join(each.name.removeprefix(_CHOSEN) for each in followed)
        return (Stream(name=ALL, address=login.address + (f"{_ONLY}{paths}" if paths else ""), title=f"Calendars of {login.user_name}"), *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """One visit; see `caldav_reading`. Raises the errors of the door."""
        if stream.name != ALL:
            yield Page(unchanged=True)
            return
        chosen = tuple(unquote(path) for path in stream.address.partition(_ONLY)[2].split(",") if path)
        yield from Visit(self._talk(login, token, door), login.address, chosen, cursor).pages()

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        return Talk(door=door, user=login.user_name, password=token, now=self._clock())


def _chosen(calendar: Calendar) -> Stream:
    return Stream(name=_CHOSEN + quote(calendar.path), address=calendar.url, title=calendar.title)


def _discovered(talk: Talk, server: str) -> _Found:
    """The folder of the calendars, or the calendar itself with "#calendar". What was typed comes first, if it is more than a host."""
    parts = urlsplit(server)
    base = f"{parts.scheme}://{parts.netloc}"
    ways = [server, f"{base}/.well-known/caldav"] if parts.path != "/" else [f"{base}/.well-known/caldav", f"{base}/"]
    for way in ways:
        heard = talk.properties(way, 0, _WHO, also=_NOT_HERE)
        thing = heard.things[0] if heard is not None and heard.things else None
        if heard is None or thing is None:
            continue
        kinds = thing.has.get("dav:resourcetype")
        principal = joined(heard.url, thing.href_in("dav:current-user-principal"))
        if kinds is not None and kinds.child("cal:calendar") is not None:
            return _Found(heard.url.rstrip("/") + "/#calendar", principal)
        home = _home(talk, thing, heard.url, principal)
        if home:
            return _Found(home, principal)
    raise UnexpectedAnswer(say("{host} does not answer as a calendar server. Nothing was added; check the address, which your provider’s help calls “CalDAV”.", host=host_of(server)))


def _home(talk: Talk, thing: Thing, base: str, principal: str) -> str:
    """The folder of the calendars of whom we sign in as, "" if the server does not say. Raises UserMistake if it lies elsewhere."""
    href, source = thing.href_in("cal:calendar-home-set"), base
    if not href and principal:
        _here(principal, base)
        heard = talk.properties(principal, 0, ["cal:calendar-home-set"], also=_NOT_HERE)
        href = heard.things[0].href_in("cal:calendar-home-set") if heard is not None and heard.things else ""
        source = principal
    home = joined(source, href) if href else ""
    if home:
        _here(home, base)
    return home.rstrip("/") + "/" if home else ""


def _here(url: str, base: str) -> None:
    """A password belongs to one origin; only firms that are known for it keep calendars on several servers of theirs."""
    (scheme, host, port), (own_scheme, own_host, own_port) = origin(url), origin(base)
    if (scheme, host, port) == (own_scheme, own_host, own_port) or (may_lie_on(own_host, host) and (scheme, port) == (own_scheme, own_port)):
        return
    raise UserMistake(
        say("{host} keeps these calendars on {other}, which was not asked, because a password goes only where you named it. Nothing was changed; if that server is yours, too, type it instead.", host=host_of(base), other=host_of(url))
    )
