"""X (Twitter): what the people you follow there write, what you write, and what names you. X takes money for every post, so nothing is
asked but within the month's limit, and never twice. Keys are those of its archive (`x_archive`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from relationdesk.errors import Gone, UserMistake
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.money import Price, Prices
from relationdesk.saying import marked, say
from relationdesk.sources.base import Allowance, WayBack, WayIn
from relationdesk.sources.handle_pages import called, of_page
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.x_api_facts import USER_FIELDS, profile_of
from relationdesk.sources.x_api_reading import FIRST, read_mentions, read_posts
from relationdesk.sources.x_api_talk import (
    AGAIN,
    API,
    MEDIA,
    OWN,
    POST,
    SCOPES,
    SIGN_IN,
    USER,
    Right,
    Spelling,
    Talk,
    redeemed,
    renewed,
)
from relationdesk.sources.x_people import PLACE
from relationdesk.sources.x_values import is_id

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

_CLIENT = re.compile(r"[A-Za-z0-9_-]{20,60}")
"""A Client ID; a Bearer token is longer."""
MINE, NAMED = "own", "mentions"


class X:
    """Reads X with an app of the user's own. clock: aware UTC now, to be replaced in tests."""

    name = "x"
    title = "X"
    place = PLACE
    takes_token = True
    renews = True
    way_back = WayBack(port=1727, path="/x", host="127.0.0.1")  # X compares the whole address with what was registered
    prices = Prices(
        currency="USD", told="https://docs.x.com/x-api/getting-started/pricing", since=date(2026, 8, 31), zone="UTC",
        prices=(
            Price(name=POST, title=marked("posts"), micros=5_000),
            Price(name=USER, title=marked("profiles"), micros=10_000),
            Price(name=OWN, title=marked("posts of yours, or that name you"), micros=5_000),
            Price(name=MEDIA, title=marked("descriptions of pictures"), micros=5_000, extra=True, note=marked("What the picture shows, in its author’s words; without it stands only that there is one.")),
            Price(name=AGAIN, title=marked("posts looked at again"), micros=5_000, extra=True, note=marked("Those of the last 14 days once a day, to see which were deleted or rewritten.")),
        ),
        look=((USER, 1),), begin=((USER, 1), (POST, FIRST)), each=((POST, 1),),
    )  # fmt: skip
    way_in = WayIn(
        source="x", title="X", places=("x",), server="@your_handle", signs_in=marked("Your handle"), page="https://x.com/name", asks=("api.x.com",),
        costs=marked("Half a cent for each post that is read, and a cent for a profile; you say the most it may take a month, and nothing is asked beyond that."),
        gives=marked("Reads what the people you follow write (not what they only pass on), what you write, and what names you."),
        key_title=marked("Client ID of your app, or its Bearer token"),
        key_from=marked("In console.x.com buy credits and make an app. Under User authentication settings choose Read, “Native App” and the callback http://127.0.0.1:1727/x, and copy the Client ID: you then sign in in the browser. Or copy the app’s Bearer token. Set a spending limit there, too."),
        follow=marked("Follow somebody: their @name or the address of their page"), also="twitter tweets",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._spelling = Spelling()
        self._rights: dict[str, Right] = {}  # by secret_name: what was renewed since

    def connect(self, address: str, token: str, door: Door) -> Login:
        """See who we are, which costs a profile. address: one's handle.

        Raises UserMistake for no handle, no key, or a login of somebody else; SpentUp, and what `Talk.ask` raises.
        """
        base, name = _base(address, door), _handle(address)
        if not token:
            raise UserMistake(say("X is read only by an app of yours. Nothing was asked; paste its Client ID or Bearer token."))
        right = Right.read(token)
        talk = self._talk_with(base, right.access if right is not None else token, door)
        me = self._user(talk, "/2/users/me" if right is not None else f"/2/users/by/username/{name}")
        handle = string(me, "username", 60)
        if handle.lower() != name.lower():
            raise UserMistake(say("This login is one of @{handle}, not of @{name}. Nothing was added; type that handle, or sign in as @{name} in the browser.", handle=handle, name=name))
        return Login(id=0, source=self.name, place=PLACE, address=base, user_name=handle, profile=Key(PLACE, string(me, "id", 30)), has_token=True)

    def page(self, address: str, key: str, back: str, state: str, challenge: str, door: Door) -> str:
        """The page on which one signs in with an app's Client ID; "" for a Bearer token, which lets in by itself. Raises UserMistake for no handle."""
        _handle(address)
        if not _CLIENT.fullmatch(key.strip()):
            return ""
        query = {
            "response_type": "code", "client_id": key.strip(), "redirect_uri": back, "scope": SCOPES, "state": state, "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{SIGN_IN}?{urlencode(query)}"

    def redeem(self, address: str, key: str, back: str, code: str, verifier: str, door: Door) -> tuple[str, str]:
        """The right that X gives for what the browser brought back; costs nothing. Raises what `redeemed` raises."""
        return address, redeemed(_base(address, door), key.strip(), back, code, verifier, door, self._clock()).text()

    def good_until(self, token: str) -> datetime | None:
        """A sign-in is renewed with every reading; X does not tell when it ends."""
        return None

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or page address into a stream and its profile, which costs a profile. Raises UserMistake for nobody of that name."""
        name = _name(address)
        try:
            user = self._user(self._talk(login, token, door), f"/2/users/by/username/{name}")
        except Gone as e:
            raise UserMistake(say("Nobody called @{name} was found on X. Nothing was changed; check the spelling.", name=name)) from e
        profile = profile_of(user, known=True)
        where = f"{login.address.rstrip('/')}/{profile.handle or name}"  # the handle, so that the first reading need not pay for it again
        return Stream(name=f"posts:{profile.key.native_id}", address=where, profile=profile.key, title=profile.display_name or f"@{name}"), profile

    def allowance(self, login: Login) -> Allowance:
        """As many questions as the scarcest of those that are asked allows; it also gives everybody their turn."""
        return Allowance(most=300, span=timedelta(minutes=15))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """What I write, what names me, then each followed profile."""
        own = Stream(name=MINE, address=login.address, profile=login.profile, title="My posts")
        named = Stream(name=NAMED, address=login.address, title="What names me")
        return (own, named, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `x_api_reading`. Raises SpentUp, and what `Talk.ask` raises."""
        talk = self._talk(login, token, door)
        if stream.name == NAMED and login.profile is not None:
            yield from read_mentions(talk, login.profile, cursor)
        elif stream.profile is not None:
            handle = login.user_name if stream.name == MINE else urlsplit(stream.address).path.strip("/")
            yield from read_posts(talk, stream.profile, cursor, handle=handle, mine=stream.name == MINE)

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        """With a pass that still holds; a new right is kept before it is used."""
        right, now = Right.read(token), self._clock()
        if right is None:
            return self._talk_with(login.address, token, door)
        later = self._rights.get(login.secret_name)
        right = later if later is not None and later.client == right.client and later.until > right.until else right
        if not right.holds(now):
            right = renewed(login.address.rstrip("/"), right, door, now)
            self._rights[login.secret_name] = right
            door.keep_key(right.text())
        return self._talk_with(login.address, right.access, door)

    def _talk_with(self, base: str, token: str, door: Door) -> Talk:
        return Talk(door=door, base=base.rstrip("/"), clock=self._clock, token=token, spelling=self._spelling)

    def _user(self, talk: Talk, path: str) -> Json:
        found = record_of(talk.ask(path, {USER: 1}, {"user.fields": USER_FIELDS}), "data") or {}
        if not is_id(string(found, "id", 30)) or not string(found, "username", 60):
            raise talk.odd()
        return found


def _base(address: str, door: Door) -> str:
    """X's API; a server of the user's own for tests ("joe@127.0.0.1:8000")."""
    host = address.strip().removeprefix("@").partition("@")[2]
    return f"http://{host}" if host and door.allows(f"http://{host}") else API


def _handle(address: str) -> str:
    """Who somebody says they are: the same without the server it may stand with. Raises UserMistake."""
    return _name(re.sub(r"(?<=.)@(?:127\.|localhost).*$", "", address.strip()))


def _name(address: str) -> str:
    """ "joe", "@joe", "x.com/joe", "https://twitter.com/joe/status/1" → "joe". Raises UserMistake."""
    text = re.sub(r"@(?:api\.|www\.)?x\.com$", "", address.strip(), flags=re.IGNORECASE)
    found = called("x", text) or next((one for one in of_page(text if "://" in text else f"https://{text}") if one.place == PLACE), None)
    if found is None or not found.handle:
        raise UserMistake(say("This is not a person’s page on X. Nothing was changed; type their @name, or x.com/name."))
    return found.handle
