"""Discourse: what people write in forums, and with a member's key what others do towards me there. Any public forum.

One login without a server reads people in every public forum; one of its own for a forum takes a key, which is used only for what is
not shown to everybody.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode

from relationdesk.errors import Gone, LoginRejected, UnexpectedAnswer, UserMistake
from relationdesk.model import Activity, Key, Login, Page, Profile, Stream
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import discourse_sending as sending
from relationdesk.sources.base import WayIn
from relationdesk.sources.discourse_facts import PLACE, Forum, is_hidden, profile_of
from relationdesk.sources.discourse_reading import as_member, person, read_person, read_towards_me
from relationdesk.sources.discourse_talk import Closed, Talk
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.json_reader import read_json
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.sealed import Seal, new_seal

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
TOWARDS_ME = "towards"
_NAME = r"[\w.-]{1,60}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page that makes a key, opened while this program runs. key: digest of the key that it showed, "" not yet."""

    nonce: str
    seal: Seal = field(repr=False)
    rights: frozenset[str]
    key: str = ""


class Discourse:
    """Reads Discourse forums. clock: aware UTC now, to be replaced in tests."""

    name = "discourse"
    title = marked("Forum (Discourse)")
    place = PLACE
    takes_token = True
    way_in = WayIn(
        costs=marked("Nothing."),
        source="discourse", title="Forum (Discourse)", places=("discourse",), server="forum.example", page="https://forum.example/u/name",
        gives=marked("Reads what the people you follow write in public forums; with a key also what is said to you, and your own posts; with one that may write, you answer."),
        key_from=marked("The forum makes one for its members: open its page, allow reading there, and paste all that it shows."),
        follow=marked("Follow somebody: the address of their page in the forum, or their name there"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._seals: list[_Page] = []

    def key_page(self, address: str, door: Door, *, writes: bool = False) -> str:
        """The page on which a forum makes a key that may only read, or also write. What it shows opens as long as this program runs."""
        base, nonce, seal = _base(address, door), secrets.token_hex(16), new_seal()
        rights = ("read", "write", "session_info") if writes else ("read", "session_info")
        self._seals = [*self._seals[-4:], _Page(nonce=nonce, seal=seal, rights=frozenset(rights))]
        query = {
            "application_name": "RelationDesk", "client_id": str(uuid.uuid4()), "scopes": ",".join(rights), "nonce": nonce,
            "public_key": seal.public,
        }  # fmt: skip
        return f"{base}/user-api-key/new?{urlencode(query)}"

    def key_in(self, pasted: str) -> str:
        """The key in what that page shows, which is sealed for us and names what we called it."""
        text = re.sub(r"\s+", "", pasted)
        if re.fullmatch(r"[0-9a-f]{0,128}", text):
            return text
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError:
            sealed = b""
        for n, page in reversed(tuple(enumerate(self._seals))):
            data = _json(page.seal.opened(sealed))
            if string(data, "nonce", 100) == page.nonce and re.fullmatch(r"[0-9a-f]{16,128}", string(data, "key", 200)):
                key = string(data, "key", 200)
                self._seals[n] = replace(page, key=_digest(key))
                return key
        raise UserMistake(
            say("This is neither a key nor what the page of a forum showed since this program was started. Nothing was changed; open the page again, and paste all that it shows.")
        )

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that the forum answers as Discourse and, with a key, who we are there. Without an address nobody is asked: that login reads
        every public forum.

        Raises UserMistake for what is no address, LoginRejected for a refused key, UnexpectedAnswer for another kind of server.
        """
        if not address.strip() and not token:
            return Login(id=0, source=self.name, place=PLACE, address="")
        base = _base(address, door)
        talk = self._ask(base, token, door)
        if not token:
            self._check(talk)
            return Login(id=0, source=self.name, place=PLACE, address=base)
        try:
            me = record_of(as_member(talk).object("/session/current.json"), "current_user") or {}
        except NotShown as e:
            raise LoginRejected(say("{host} does not accept this key. Nothing was added; make a new one in the forum.", host=talk.host)) from e
        name, number = string(me, "username", 300), string(me, "id", 30)
        if not name or not number:
            raise _no_forum(talk)
        rights = next((page.rights for page in self._seals if page.key == _digest(token)), None)  # of other keys a forum does not tell
        return Login(
            id=0, source=self.name, place=PLACE, address=base, user_name=name, profile=talk.forum.key(number), has_token=True, rights=rights,
        )  # fmt: skip

    def _check(self, talk: Talk) -> None:
        """A forum tells its title to everybody, also one that tells nothing else."""
        for path, part in (("/site/basic-info.json", ""), ("/about.json", "about")):
            try:
                data = talk.object(path)
            except (Gone, UnexpectedAnswer):
                continue
            if string(record_of(data, part) if part else data, "title", 300):
                return
        raise _no_forum(talk)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn the address of somebody's page in any forum, or their name in the login's own, into a stream and its profile.

        Raises UserMistake if it is no such address, nobody is found, or the profile is hidden; Closed (SourceUnavailable) where only members
        see people; and the errors of the door.
        """
        base, name = _page(address, login, door)
        talk = self._ask(base, token if base == login.address.rstrip("/") else "", door)
        try:
            user = self._person(talk, name)
        except Gone as e:
            raise UserMistake(say("Nobody called {name} was found on {host}. Nothing was changed; check the spelling.", name=name, host=talk.host)) from e
        if is_hidden(user):
            raise UserMistake(say("{name} hides their profile on {host}, so nothing of them can be read. Nothing was changed.", name=name, host=talk.host))
        profile = profile_of(user, talk.forum, known=True)
        stream = Stream(
            name=f"posts:{talk.forum.name}:{string(user, 'id', 30)}", address=talk.forum.page(string(user, "username", 300)), profile=profile.key,
            title=profile.display_name,
        )  # fmt: skip
        return stream, profile

    def _person(self, talk: Talk, name: str) -> Json:
        try:
            return person(talk, name)
        except Closed:
            if not talk.token:
                raise
            return person(as_member(talk), name)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """With a key: what I wrote, what others did towards me; then each followed profile."""
        if not login.has_token or login.profile is None:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="My posts")
        towards = Stream(name=TOWARDS_ME, address=login.address, title="Answers and mentions")
        return (own, towards, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `discourse_reading`. Raises the errors of the door."""
        base, _, rest = stream.address.rstrip("/").partition("/u/")
        at_home = base == login.address.rstrip("/")  # two forums may share a host, and no key of one is for the other
        talk = self._ask(base, token if at_home else "", door, login if at_home else None)
        if stream.name == TOWARDS_ME:
            yield from read_towards_me(talk, cursor)
        elif stream.profile is not None:
            name = login.user_name if stream.name == OWN else unquote(rest.partition("/")[0])
            yield from read_person(talk, stream.profile, name, cursor, mine=stream.name == OWN)

    def may(self, login: Login) -> tuple[May, ...]:
        return sending.may(login)

    def fits(self, login: Login, deed: Deed, about: Activity | Key) -> bool:
        return sending.fits(login, deed, about)

    def lacks(self, login: Login) -> str:
        return sending.lacks(login)

    def length(self, deed: Deed, text: str) -> int:
        return sending.length(text)

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        return sending.send(login, what, self._as_me(login, token, door))

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        return sending.find_sent(login, what, self._as_me(login, token, door))

    def _as_me(self, login: Login, token: str, door: Door) -> Talk:
        return replace(self._ask(login.address.rstrip("/"), token, door, login), members=True)

    def _ask(self, base: str, token: str, door: Door, login: Login | None = None) -> Talk:
        forum = Forum(base=base, me=login.profile, my_name=login.user_name) if login is not None else Forum(base=base)
        return Talk(door=door, base=base, clock=self._clock, token=token, forum=forum)


def _digest(key: str) -> str:
    """So that a key lies in memory once less."""
    return hashlib.sha256(key.encode()).hexdigest()


def _json(words: bytes | None) -> object:
    try:
        return read_json(words.decode()) if words else None
    except ValueError:
        return None


def _no_forum(talk: Talk) -> UnexpectedAnswer:
    return UnexpectedAnswer(say("{host} does not answer as a Discourse forum. Nothing was added; check the address.", host=talk.host))


def _base(address: str, door: Door) -> str:
    """ "forum.example", "https://forum.example/t/hello/5", "firm.example/forum/u/joe" → where the forum begins. Raises UserMistake."""
    text = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE).split("?")[0].split("#")[0]
    host, _, path = text.partition("/")
    path = re.sub(r"(^|/)(u|users|t|c|g|tag|latest|top|new|categories|about|search|login)(/.*)?$", "", path.strip("/")).strip("/")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*(:\d{1,5})?", host) or not ("." in host or ":" in host) or not re.fullmatch(r"([\w-]+(/[\w-]+){0,2})?", path):
        raise UserMistake(say("This is not the address of a forum. Nothing was changed; type it like forum.example."))
    local = re.match(r"^(localhost|127\.)", host) and door.allows(f"http://{host}")
    return f"{'http' if local else 'https'}://{host.lower()}{'/' + path if path else ''}"


def _page(address: str, login: Login, door: Door) -> tuple[str, str]:
    """Where the forum of a page begins, and the name. Raises UserMistake."""
    text = address.strip()
    plain = re.fullmatch(rf"@?({_NAME})", text)
    if plain and login.address:
        return login.address.rstrip("/"), plain[1]
    found = re.fullmatch(rf"(?P<before>\S+?)/(?:u|users)/(?P<name>{_NAME})(?:[/?#].*)?", text)
    if found is None:
        raise UserMistake(say("This is not a person’s page in a forum. Nothing was changed; type it like https://forum.example/u/name."))
    return _base(found["before"], door), re.sub(r"\.json$", "", found["name"])
