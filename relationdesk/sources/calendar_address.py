"""A calendar at an address of its own (ICS): Google's secret address, a published one of Outlook or iCloud, TripIt, Meetup.

Such an address *is* a password, so it lies in the key store as the login's key; the desk only knows the host and whose
calendar it is. The whole calendar is asked for with one conditional request; what is no longer in it is not withdrawn,
because many hand out only the last months.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from relationdesk.errors import Gone, LoginRejected, UnexpectedAnswer, UserMistake
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import Part, WayIn
from relationdesk.sources.door_answers import host_of, is_page, page_instead
from relationdesk.sources.ical_events import LARGE, PLACE, Reading, decoded, place_of
from relationdesk.sources.ical_series import calendars
from relationdesk.sources.mail_owner import own_addresses
from relationdesk.text import one_line
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

ACCEPT = "text/calendar, */*;q=0.5"
LIMIT_BYTES = 32 * 1024 * 1024
_PORTION = 500
"""Facts stored at a time."""


class CalendarAddress:
    """Reads one calendar per login. clock: aware UTC now, to be replaced in tests."""

    name = "calendar"
    title = "Calendars"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="calendar", title="Calendar", places=("calendar", "tripit", "meetup"), server="sam@carter.example", signs_in=marked("Your mail address in it"),
        gives=marked("Reads your meetings with those who take part, and trips of TripIt."),
        key_title=marked("The calendar’s secret address"), key_from=marked("It stands in the calendar's settings and ends in .ics; in Google Calendar, “Secret address in iCal format”."),
        costs=marked("Nothing."),
        follow=marked("A calendar is read as a whole; nobody is followed in it"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Read the calendar once. address: the owner's mail address, as entries name it. token: the calendar's address.

        Raises UserMistake for what is neither (nothing was asked then), UnexpectedAnswer for what is no calendar.
        """
        mine = sorted(own_addresses(address))  # of "name@firm.example@host", which signs in again, the first
        if not mine:
            raise UserMistake(say("This is not a mail address. Nothing was changed; type the address under which you are invited."))
        url = _web_address(token, door)
        head = next(calendars(_calendar(door.get(url, accept=ACCEPT, limit_bytes=LIMIT_BYTES), url)))
        parts = urlsplit(url)
        # Several calendars of one host and owner are several logins; the address itself would give the secret away.
        mark = hashlib.sha256(url.encode()).hexdigest()[:6]
        return Login(
            id=0, source=self.name, place=place_of(head, ""), address=f"{parts.scheme}://{parts.netloc.lower()}#{mark}", user_name=mine[0],
            profile=Key("mail", mine[0]),
        )  # fmt: skip

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Nobody is followed in a calendar: always raises UserMistake."""
        _nobody()

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """The calendar, as one."""
        return (Stream(name="calendar", address=login.address, title=f"Calendar of {login.user_name}" if login.user_name else "Calendar"),)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """The calendar as it is now, in portions, or `unchanged` if the server says so (304) or gives the same again.

        Raises UnexpectedAnswer for anything but a whole calendar, LoginRejected where the key store has no address, and the errors of the door.
        """
        before = _cursor(cursor)
        headers = [("If-None-Match", before.get("etag", "")), ("If-Modified-Since", before.get("modified", ""))]
        asked = [(name, value) for name, value in headers if value]
        url = _known_address(token, door)
        answer = door.get(url, headers=asked, accept=ACCEPT, limit_bytes=LIMIT_BYTES, also=_ELSEWHERE)
        if answer.status in _ELSEWHERE:
            told = (
                say("{host} shows no calendar at this address any more. What was read before is kept; copy its secret address anew from the calendar’s settings, and sign in again with that.", host=host_of(url))
            )
            raise LoginRejected(told) if answer.status == 401 else Gone(told, trouble=Trouble.REFUSED)  # which may be a bad day of the server
        if answer.status == 304:
            yield Page(unchanged=True)
            return
        text = _calendar(answer, url)
        same = hashlib.sha256(answer.body).hexdigest()
        after = {"etag": answer.headers.get("etag", "")[:1_000], "modified": answer.headers.get("last-modified", "")[:100], "same": same}
        if before.get("same") == same and before.get("day") == f"{self._clock():%Y-%m-%d}":
            yield Page(unchanged=True)
            return
        after["day"] = f"{self._clock():%Y-%m-%d}"  # the window of endless entries moves on
        reading = Reading(own_addresses(login.user_name), _wanted, self._clock())
        facts = [*reading.owner(), *reading.entries("calendar", text)]
        reading.left_out.clear()  # what is left out on purpose is told when a file is brought in, not at every sync
        facts += reading.over("calendar")
        for start in range(0, max(1, len(facts)), _PORTION):
            last = start + _PORTION >= len(facts)
            yield Page(facts=tuple(facts[start : start + _PORTION]), cursor=json.dumps(after, sort_keys=True) if last else "", more=not last)


_ELSEWHERE = frozenset({401, 404, 410})
"""What servers say of an address whose secret was made anew."""


def _wanted(part: Part) -> bool:
    return part != LARGE


def _nobody() -> NoReturn:
    raise UserMistake(say("A calendar is read as a whole; nobody is followed in it. Nothing was changed."))


def _web_address(token: str, door: Door) -> str:
    """The calendar's address; webcal means https. It is a secret, so it is only sent where it is protected."""
    url = token.strip()
    for scheme in ("webcals://", "webcal://"):
        if url.lower().startswith(scheme):
            url = "https://" + url[len(scheme) :]
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host or url != one_line(url, 2_000) or " " in url or not url.lower().startswith(("https://", "http://")):
        raise UserMistake(say("This is not the address of a calendar, which begins with https:// or webcal://. Nothing was changed; copy it from the calendar's settings."))
    if url.lower().startswith("http://") and not door.allows(url):
        raise UserMistake(say("The address of a calendar is a secret and is only sent over https. Nothing was changed; use the address that begins with https://."))
    return url


def _known_address(token: str, door: Door) -> str:
    """What the key store holds. Raises LoginRejected where it holds nothing that is one."""
    try:
        return _web_address(token, door)
    except UserMistake as e:
        raise LoginRejected(say("The address of this calendar is no longer in the password store. What was read is kept; connect the calendar again.")) from e


def _calendar(answer: Answer, url: str) -> str:
    """The text of a whole calendar. Raises UnexpectedAnswer, which does not name the address, because that is a secret."""
    if is_page(answer.body):
        raise page_instead(host_of(url))
    text = decoded(answer.body).strip("\ufeff \t\r\n") if answer.status in (200, 203) else ""
    if not text[:4_096].upper().startswith("BEGIN:VCALENDAR"):
        raise UnexpectedAnswer(say("{hostname} does not answer with a calendar. Nothing was deleted; check the address in the calendar's settings.", hostname=urlsplit(url).hostname))
    if not text[-4_096:].upper().rstrip("\0\ufffd ÿ\r\n").endswith("END:VCALENDAR"):
        raise UnexpectedAnswer(say("The calendar of {hostname} breaks off in the middle. Nothing was deleted; it will be tried again.", hostname=urlsplit(url).hostname))
    return text


def _cursor(text: str) -> dict[str, str]:
    try:
        data = json.loads(text) if text else {}
    except ValueError:
        return {}
    return {name: value for name, value in data.items() if isinstance(value, str)} if isinstance(data, dict) else {}
