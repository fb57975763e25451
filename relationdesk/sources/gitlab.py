"""GitLab: what people there do, and what is said in conversations of mine; gitlab.com and servers of one's own.

What is public is read without a key. With one, what the key may see: profiles with their words, what I do, and what others say to me.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from relationdesk.errors import SourceError, UnexpectedAnswer, UserMistake
from relationdesk.lengths import units
from relationdesk.model import Activity, Key, Login, Page, Profile, Stream
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import gitlab_sending as sending
from relationdesk.sources.base import WayIn
from relationdesk.sources.gitlab_facts import PLACE, Lab, profile_of
from relationdesk.sources.gitlab_reading import read_conversations, read_events
from relationdesk.sources.gitlab_talk import API, Talk
from relationdesk.sources.json_fields import Json, string

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
CONVERSATIONS = "conversations"
_NO_NAMES = frozenset("- admin api dashboard explore groups help import login oauth profile projects search snippets unsubscribes uploads users v2".split())


class GitLab:
    """Reads gitlab.com and any other GitLab server. clock: aware UTC now, to be replaced in tests."""

    name = "gitlab"
    title = "GitLab"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="gitlab", title="GitLab", places=("gitlab",), server="gitlab.com", page="https://gitlab.com/name",
        asks=("gitlab.com",), costs=marked("Nothing."),
        gives=marked("Reads what the people you follow do in public; with a key also what is said to you, and your own; with one that may write, you answer. Any GitLab server."),
        key_from=marked("From your server: Preferences, Access tokens, with “read_api” only; to answer from here with “api”."),
        follow=marked("Follow somebody: their name or the address of their page"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that the server answers as GitLab does and, with a key, who we are there.

        Raises UserMistake for what is no server address, LoginRejected for a refused key, UnexpectedAnswer for another kind of server.
        """
        base = _server(address, door)
        talk = Talk(door=door, base=base, clock=self._clock, token=token, lab=_lab(base))
        if not token:
            self._check(talk)
            return Login(id=0, source=self.name, place=PLACE, address=base)
        me = talk.object("/user")
        if not string(me, "id", 30) or not string(me, "username", 300):
            raise _no_gitlab(talk)
        key = profile_of(me, talk.lab).key
        return Login(
            id=0, source=self.name, place=PLACE, address=base, user_name=string(me, "username", 300), profile=key, has_token=True, rights=self._rights(talk),
        )  # fmt: skip

    def _rights(self, talk: Talk) -> frozenset[str] | None:
        """What the key may; None where it is of a kind that is not told this, or the server too old."""
        try:
            found = talk.object("/personal_access_tokens/self").get("scopes")
        except SourceError:
            return None
        return frozenset(str(one)[:50] for one in found[:50]) if isinstance(found, list) else None

    def _check(self, talk: Talk) -> None:
        """GitLab tells its version to its own people only, and says so in its own words."""
        answer = talk.door.get(f"{talk.base}/version", accept="application/json", also=frozenset({401, 403, 404}))
        try:
            data = answer.json()
        except UnexpectedAnswer:
            data = None
        told = string(data, "version") or string(data, "message").startswith(("401", "403"))
        if answer.status == 404 or not told:
            raise _no_gitlab(talk)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or a page address into a stream and its profile.

        Raises UserMistake if it is no person's address or nobody of that name is found, and the errors of the door.
        """
        name = _name(address, login)
        talk = self._talk(login, token, door)
        found = [user for user in talk.list_in(talk.get(f"/users?{urlencode({'username': name})}")) if string(user, "username", 300).lower() == name.lower()]
        if not found or not string(found[0], "id", 30):
            raise UserMistake(self._nobody(talk, name))
        profile = profile_of(self._whole(talk, found[0]), talk.lab, known=True)
        return Stream(name=f"events:{string(found[0], 'id', 30)}", address=login.address, profile=profile.key, title=profile.display_name), profile

    def _whole(self, talk: Talk, user: Json) -> Json:
        """With a key the words of a profile are shown, too; what goes wrong with that is no reason not to follow somebody."""
        if not talk.token:
            return user
        try:
            whole = talk.object(f"/users/{quote(string(user, 'id', 30), safe='')}")
        except SourceError:
            return user
        return whole if whole.get("id") == user.get("id") else user

    def _nobody(self, talk: Talk, name: str) -> str:
        try:
            group = string(talk.object(f"/groups/{quote(name, safe='')}?with_projects=false"), "id", 30)
        except SourceError:
            group = ""
        if group:
            return (
                say("{name} is a group, and only people act. Nothing was changed. Follow its people here, or one of its projects as a page (Feed).", name=name)
            )
        return say("Nobody called {name} was found on {web_host}. Nothing was changed; check the spelling.", name=name, web_host=_web_host(talk.base))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """With a key: what I did, what was said in my conversations; then each followed profile."""
        if not login.has_token:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="What I do")
        conversations = Stream(name=CONVERSATIONS, address=login.address, title="My conversations")
        return (own, conversations, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `gitlab_reading`. Raises the errors of the door."""
        talk = self._talk(login, token, door)
        if stream.name == CONVERSATIONS:
            yield from read_conversations(talk, cursor)
        elif stream.profile is not None:
            yield from read_events(talk, stream.profile, cursor, mine=stream.name == OWN)

    def may(self, login: Login) -> tuple[May, ...]:
        return sending.may(login)

    def fits(self, login: Login, deed: Deed, about: Activity | Key) -> bool:
        return sending.fits(login, deed, about, _lab(login.address.rstrip("/"), login))

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
        return Talk(door=door, base=base, clock=self._clock, token=token, lab=_lab(base, login, with_key=bool(token)))


def _lab(base: str, login: Login | None = None, *, with_key: bool = False) -> Lab:
    me, name = (login.profile, login.user_name) if login is not None else (None, "")
    if base == API:
        return Lab(me=me, my_name=name, with_key=with_key)
    return Lab(suffix=f"@{_web_host(base)}", web=base.removesuffix("/api/v4"), me=me, my_name=name, with_key=with_key)


def _no_gitlab(talk: Talk) -> UnexpectedAnswer:
    return UnexpectedAnswer(say("{host} does not answer as GitLab. Nothing was added; check the address.", host=talk.host))


def _server(address: str, door: Door) -> str:
    """ "gitlab.com", "https://gitlab.com/joe" → its API; "code.hotel.example" → that firm's own. Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip().lower())
    host = text.partition("/")[0].removeprefix("www.") or "gitlab.com"
    if not re.fullmatch(r"[\w.-]+(:\d{1,5})?", host):
        raise UserMistake(say("This is not the address of a server. Nothing was changed; type it like gitlab.com."))
    local = re.match(r"^(localhost|127\.)", host) and door.allows(f"http://{host}")
    return f"{'http' if local else 'https'}://{host}/api/v4"


def _web_host(base: str) -> str:
    return urlsplit(base).netloc


def _name(address: str, login: Login) -> str:
    """ "joe", "@joe", "https://gitlab.com/joe" → "joe". A project is nobody's page. Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE).removeprefix("www.").split("?")[0].split("#")[0].rstrip("/")
    host = _web_host(login.address)
    path = text[len(host) + 1 :].removeprefix("users/") if text.lower().startswith(f"{host}/") else text.removeprefix("@")
    name = re.sub(r"/(activity|groups|contributed|projects|starred|snippets|followers|following)$", "", path)
    if not re.fullmatch(r"[A-Za-z0-9_][\w.-]{0,254}", name, re.ASCII) or name.lower() in _NO_NAMES or name.endswith((".git", ".atom")):
        raise UserMistake(say("This is not a person’s page on {host}. Nothing was changed; type their name, or {host}/name.", host=host))
    return name
