"""GitHub: what people there do in public, and what is said in conversations of mine.

What is public is read without a key, slowly (60 questions an hour); with a key of one's own at ease (5,000), and with one that may
read notifications also what others answer me.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from relationdesk.errors import Gone, UnexpectedAnswer, UserMistake
from relationdesk.lengths import units
from relationdesk.model import Activity, Key, Login, Page, Profile, Stream
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import github_sending as sending
from relationdesk.sources.base import Allowance, DeviceCode, DeviceWait, WayIn
from relationdesk.sources.github_device import CLIENT, begun, looked
from relationdesk.sources.github_facts import PLACE, Hub, is_organisation, profile_of
from relationdesk.sources.github_reading import read_conversations, read_events, social_links
from relationdesk.sources.github_talk import API, Talk
from relationdesk.sources.json_fields import besides, record_of, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
CONVERSATIONS = "conversations"
_NO_NAMES = frozenset(
    "about apps collections contact enterprise events explore features issues join login marketplace new notifications orgs "
    "organizations pricing pulls search security settings sponsors stars topics trending users".split()
)


class GitHub:
    """Reads github.com and a firm's own GitHub server. clock: aware UTC now, to be replaced in tests."""

    name = "github"
    title = "GitHub"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="github", title="GitHub", places=("github",), server="github.com", page="https://github.com/name", asks=("api.github.com",),
        costs=marked("Nothing; without a key 60 questions an hour for this computer, with one 5,000."),
        gives=marked("Reads what the people you follow do in public; with a key faster, and what is said to you; with one that may write, you answer."),
        key_title=marked("Access key, or Client ID of an app of yours (may stay empty)"),
        key_from=marked("From github.com/settings/tokens: a classic key with nothing but “notifications”; to answer from here also with “public_repo”. Or the Client ID of an OAuth app of yours with “Enable Device Flow”: then GitHub shows a page for a code, and there is no key to copy."),
        follow=marked("Follow somebody: their name or the address of their page"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that the server answers as GitHub does and, with a key, who we are there.

        Raises UserMistake for what is no server address, LoginRejected for a refused key, UnexpectedAnswer for another kind of server.
        """
        base = _server(address, door)
        talk = Talk(door=door, base=base, clock=self._clock, token=token, hub=_hub(base))
        if not token:
            if record_of(talk.object("/rate_limit"), "resources") is None:  # costs nothing
                raise _no_github(talk)
            return Login(id=0, source=self.name, place=PLACE, address=base)
        answer = talk.get("/user")
        me = answer.json()
        if not string(me, "id", 30) or not string(me, "login", 100):
            raise _no_github(talk)
        key = profile_of(me, talk.hub).key
        told_rights = answer.headers.get("x-oauth-scopes")  # of a classic key only
        rights = None if told_rights is None else sending.rights_in(told_rights)
        return Login(
            id=0, source=self.name, place=PLACE, address=base, user_name=string(me, "login", 100), profile=key, has_token=True, rights=rights,
        )  # fmt: skip

    def is_client(self, key: str) -> bool:
        return CLIENT.fullmatch(key.strip()) is not None

    def device_code(self, address: str, key: str, door: Door, *, writes: bool = False) -> DeviceCode:
        """See `github_device`."""
        return begun(_web(address, door), key.strip(), door, writes=writes)

    def device_look(self, address: str, key: str, code: DeviceCode, every_s: int, door: Door) -> str | DeviceWait:
        """See `github_device`."""
        return looked(_web(address, door), key.strip(), code, every_s, door)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or a page address into a stream and its profile.

        Raises UserMistake if it is no person's address or nobody of that name is found, and the errors of the door.
        """
        name = _name(address, login)
        talk = self._talk(login, token, door)
        try:
            user = talk.object(f"/users/{quote(name, safe='')}")
        except Gone as e:
            raise UserMistake(say("Nobody called {name} was found on {web_host}. Nothing was changed; check the spelling.", name=name, web_host=_web_host(login))) from e
        number = string(user, "id", 30)
        if not number or not string(user, "login", 100):
            raise talk.odd()
        if is_organisation(user):
            raise UserMistake(
                say("{name} is an organisation, and GitHub shows what people do. Nothing was changed. Follow its people here, or one of its projects as a page (Feed).", name=name)
            )
        told = besides(user, since="created_at", picture="avatar_url", followers="followers", follows="following", repositories="public_repos")
        profile = replace(profile_of(user, talk.hub, social_links(talk, name), known=True), extra=told)
        return Stream(name=f"events:{number}", address=login.address, profile=profile.key, title=profile.display_name), profile

    def allowance(self, login: Login) -> Allowance:
        """With a key what is counted for the key, without one what is counted for the computer. Only with a key "nothing new" is free."""
        return Allowance(most=5_000 if login.has_token else 60, span=timedelta(hours=1), unchanged_is_free=login.has_token)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """With a key: what I did, what was said in my conversations; then each followed profile."""
        if not login.has_token:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="What I do")
        conversations = Stream(name=CONVERSATIONS, address=login.address, title="My conversations")
        return (own, conversations, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `github_reading`. Raises the errors of the door."""
        talk = self._talk(login, token, door)
        if stream.name == CONVERSATIONS:
            yield from read_conversations(talk, cursor)
        elif stream.profile is not None:
            yield from read_events(talk, stream.profile, cursor, mine=stream.name == OWN)

    def may(self, login: Login) -> tuple[May, ...]:
        return sending.may(login)

    def fits(self, login: Login, deed: Deed, about: Activity | Key) -> bool:
        return sending.fits(login, deed, about, _hub(login.address.rstrip("/"), login))

    def lacks(self, login: Login) -> str:
        return sending.lacks(login)

    def length(self, deed: Deed, text: str) -> int:
        return units(text)

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        return sending.send(login, what, self._talk(login, token, door))

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        return sending.find_sent(login, what, self._talk(login, token, door))

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        base = login.address.rstrip("/")
        return Talk(door=door, base=base, clock=self._clock, token=token, hub=_hub(base, login))


def _hub(base: str, login: Login | None = None) -> Hub:
    me, name = (login.profile, login.user_name) if login is not None else (None, "")
    if base == API:
        return Hub(me=me, my_name=name)
    host = urlsplit(base).netloc
    return Hub(suffix=f"@{host}", web=f"{urlsplit(base).scheme}://{host}", me=me, my_name=name)


def _no_github(talk: Talk) -> UnexpectedAnswer:
    return UnexpectedAnswer(say("{host} does not answer as GitHub. Nothing was added; check the address.", host=talk.host))


def _server(address: str, door: Door) -> str:
    """ "github.com", "https://github.com/joe" → the public API; "code.hotel.example" → that firm's own. Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip().lower())
    host = text.partition("/")[0].removeprefix("www.")
    if host in ("", "github.com", "api.github.com"):
        return API
    if not re.fullmatch(r"[\w.-]+(:\d{1,5})?", host):
        raise UserMistake(say("This is not the address of a server. Nothing was changed; type it like github.com."))
    local = re.match(r"^(localhost|127\.)", host) and door.allows(f"http://{host}")
    return f"{'http' if local else 'https'}://{host}/api/v3"


def _web(address: str, door: Door) -> str:
    """Where people sign in: "https://github.com". Raises UserMistake for what is no server."""
    base = _server(address, door)
    return "https://github.com" if base == API else base.removesuffix("/api/v3")


def _web_host(login: Login) -> str:
    return "github.com" if login.address.rstrip("/") == API else urlsplit(login.address).netloc


def _name(address: str, login: Login) -> str:
    """ "joe", "@joe", "https://github.com/joe" → "joe". A repository is nobody's page. Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE).removeprefix("www.").split("?")[0].split("#")[0].rstrip("/")
    host = _web_host(login)
    name = text[len(host) + 1 :] if text.lower().startswith(f"{host}/") else text.removeprefix("@")
    if not re.fullmatch(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,60}[A-Za-z0-9_])?", name) or name.lower() in _NO_NAMES:
        raise UserMistake(say("This is not a person’s page on {host}. Nothing was changed; type their name, or {host}/name.", host=host))
    return name
