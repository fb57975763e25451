"""Stack Exchange: what people ask, answer and comment on any of its sites, and what others do towards me there.

Everything is public and read without signing in, slowly (300 questions a day); with a key at ease (10,000). Who I am is told by the
address of my page, so that nothing but a key for the number of questions is ever needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, UserMistake
from relationdesk.model import Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import Allowance, WayIn
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.stackexchange_facts import PLACE, profile_of, user_key
from relationdesk.sources.stackexchange_reading import person, read_person, read_towards_me
from relationdesk.sources.stackexchange_talk import API, Memory, NoSite, Talk

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
TOWARDS_ME = "towards"
FREE, WITH_KEY = 300, 10_000
_NETWORK = frozenset({"stackexchange.com", "api.stackexchange.com"})
_AGAIN = re.compile(r"(?P<page>\S+/users/\d+\S*)@api\.stackexchange\.com(?:/\S*)?", re.IGNORECASE)
"""How a login is typed to sign in again: who one is, "@", the server that is asked."""


class StackExchange:
    """Reads the sites of the Stack Exchange network. clock: aware UTC now, to be replaced in tests. What it was asked to wait is
    known as long as this lives."""

    name = "stackexchange"
    title = marked("Stack Exchange")
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="stackexchange", title="Stack Exchange", places=("stackexchange",), server="stackoverflow.com/users/22/joe",
        signs_in=marked("Your own page, or a site of the network"), page="https://stackoverflow.com/users/22/joe",
        keyless="stackoverflow.com", asks=("api.stackexchange.com",), costs=marked("Nothing; 300 questions a day for this computer, with a key 10,000."),
        gives=marked("Reads what the people you follow ask, answer and comment; with your own page also yours, and what is said to you."),
        key_from=marked("From stackapps.com/apps/oauth/register, for more than 300 questions a day."),
        follow=marked("Follow somebody: the address of their page, on any site of the network"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._memories: dict[bool, Memory] = {}

    def allowance(self, login: Login) -> Allowance:
        """Counted per computer without a key, per key with one; anew at midnight UTC."""
        return Allowance(most=WITH_KEY if login.has_token else FREE, span=timedelta(days=1), zone="UTC")

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that the site is one of the network, that somebody has that page, and that the key (may be "") is taken.

        Raises UserMistake for what is no site or nobody's page, LoginRejected for a refused key, and the errors of the door.
        """
        again = _AGAIN.fullmatch(address.strip())
        host, number = _page(again["page"] if again else address)
        talk = self._ask(API, token, door)
        login = Login(id=0, source=self.name, place=PLACE, address=API, has_token=bool(token))
        try:
            if not number:
                talk.ask("/info", host or "stackoverflow.com", page=0)
                return login
            host, me, _ = self._who(talk, host, number)
        except (NoSite, Gone) as e:
            raise _nobody(address) from e
        number = string(me, "user_id", 30)
        return Login(
            id=0, source=self.name, place=PLACE, address=API, user_name=f"{host}/users/{number}", profile=user_key(host, number),
            has_token=bool(token),
        )  # fmt: skip

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn somebody's page on a site, or on the network itself, into a stream and its profile.

        Raises UserMistake if it is nobody's page, and the errors of the door.
        """
        host, number = _page(address)
        if not number:
            raise _nobody(address)
        talk = self._talk(login, token, door)
        try:
            host, who, elsewhere = self._who(talk, host, number)
        except (NoSite, Gone) as e:
            raise _nobody(address) from e
        profile = profile_of(who, host, elsewhere, known=True)
        title = " · ".join(filter(None, (profile.display_name, host)))
        return Stream(name=f"posts:{host}:{string(who, 'user_id', 30)}", address=login.address or API, profile=profile.key, title=title), profile

    def _who(self, talk: Talk, host: str, number: str) -> tuple[str, Json, tuple[str, ...]]:
        """The site, the page there, and the pages of the same member on other sites. Of a page of the network itself the site on which
        its member did most."""
        if host in _NETWORK:
            everywhere = self._everywhere(talk, number)
            if not everywhere:
                raise Gone(say("stackexchange.com shows nobody under this number. Nothing was changed."))
            best = max(everywhere, key=lambda one: (_count(one, "question_count") + _count(one, "answer_count"), _count(one, "reputation")))
            host, number = _site(best), string(best, "user_id", 30)
            who = person(talk, host, number)
        else:
            who = person(talk, host, number)
            everywhere = self._everywhere(talk, string(who, "account_id", 30))
        pages = [f"https://{site}/users/{string(one, 'user_id', 30)}" for one in everywhere if (site := _site(one)) and site != host]
        return host, who, tuple(pages[:50])

    def _everywhere(self, talk: Talk, member: str) -> list[Json]:
        """The same member of the network on all its sites; what goes wrong with that is no reason not to follow them on one."""
        if not member:
            return []
        try:
            found = talk.ask(f"/users/{member}/associated").items
        except (RateLimited, LoginRejected):
            raise
        except SourceError:
            return []
        return [one for one in found if string(one, "account_id", 30) == member and _site(one) and string(one, "user_id", 30).isdigit()]

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """Where it is known who I am: what I did, what others did towards me; then each followed profile."""
        if login.profile is None:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="What I do")
        towards = Stream(name=TOWARDS_ME, address=login.address, title="Answers and comments")
        return (own, towards, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `stackexchange_reading`. Raises the errors of the door."""
        talk = self._talk(login, token, door)
        if stream.name == TOWARDS_ME:
            if login.profile is not None:
                yield from read_towards_me(talk, login.profile, cursor)
        elif stream.profile is not None:
            yield from read_person(talk, stream.profile, cursor, mine=stream.name == OWN)

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        return self._ask(login.address.rstrip("/") or API, token, door)

    def _ask(self, base: str, token: str, door: Door) -> Talk:
        """Who asks without a key has a quota of their own."""
        memory = self._memories.setdefault(bool(token), Memory())
        return Talk(door=door, base=base, clock=self._clock, token=token, memory=memory)


def _nobody(address: str) -> UserMistake:
    return UserMistake(
        say("{address} is nobody’s page on a site of Stack Exchange. Nothing was changed; type it like stackoverflow.com/users/22.", address=address.strip()[:100] or say("This"))
    )


def _count(record: Json, name: str) -> int:
    value = record.get(name)
    return value if isinstance(value, int) else 0


def _site(presence: Json) -> str:
    host = urlsplit(string(presence, "site_url", 300)).netloc.lower()
    return host if re.fullmatch(r"[a-z0-9.-]{4,100}", host) else ""


def _page(address: str) -> tuple[str, str]:
    """ "https://stackoverflow.com/users/22/joe" → ("stackoverflow.com", "22"); "superuser.com" → (…, ""). Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE).split("?")[0].split("#")[0]
    host, _, path = text.partition("/")
    host = re.sub(r"^(www|m)\.", "", host.lower())
    found = re.fullmatch(r"(?:users|u)/(\d{1,12})(?:/.*)?", path)
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) or (path.strip("/") and found is None):
        raise _nobody(address)
    return host, found[1] if found else ""
