"""Mastodon and what speaks its client API: what people there post, and what they do towards us.

A profile is read from its home server where that answers (other servers know only what was delivered to them), and
through our own login where it does not. The first reading goes back a bounded way, later ones take what is new, the
edits of the newest page, and check a few vanished posts one by one: only a 404 on the post itself withdraws it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from relationdesk.errors import Gone, LoginRejected, SourceError, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import Activity, Address, Key, Login, Page, Profile, Stream, pairs, unique
from relationdesk.outgoing import Deed, May, Outgoing, Receipt
from relationdesk.saying import marked, say
from relationdesk.sources import mastodon_rights as rights
from relationdesk.sources import mastodon_sending as sending
from relationdesk.sources.base import Allowance, WayBack, WayIn
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.json_fields import Json, besides, records, string
from relationdesk.sources.mastodon_circles import LIST, find_list, is_list, read_list
from relationdesk.sources.mastodon_facts import PLACE, actor_uri, handle_of, is_unlisted, profile_of
from relationdesk.sources.mastodon_followed import read_followed
from relationdesk.sources.mastodon_reading import Reading, read_notifications, read_statuses
from relationdesk.sources.mastodon_sign_in import page_of, redeemed, registered
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
NOTIFICATIONS = "notifications"


class Mastodon:
    """Reads Mastodon servers. clock: aware UTC now, to be replaced in tests."""

    name = "mastodon"
    title = "Mastodon"
    place = PLACE
    takes_token = True
    way_back = WayBack()
    way_in = WayIn(
        source="mastodon", title="Mastodon", places=("mastodon",), server="hotel.example", page="@name@hotel.example", roams=True,
        costs=marked("Nothing."),
        gives=marked("Reads what the people you follow write in public; with a key also what is said to you, and your own posts, and you can answer."),
        key_from=marked("Sign in with the browser, and there is nothing to paste. Or paste a key that you made on your server: Preferences, Development, New application, with the rights to read, and write:statuses and write:favourites if you want to answer from here."),
        follow=marked("Follow somebody: @name@server, or the address of their page; or one of your lists: list:its name"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._granted: dict[str, frozenset[str]] = {}  # by digest of a key: what the server gave with it; of others it does not tell

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that a server answers as Mastodon does and, with a token, who we are there.

        Raises UserMistake for what is no server address, LoginRejected for a refused token, UnexpectedAnswer if it is
        another kind of server.
        """
        base = _server(address, door)
        if not token:
            self._check_instance(base, door)
            return Login(id=0, source=self.name, place=PLACE, address=base)
        me = _me(base, token, door)
        profile = profile_of(me, is_owner=True)
        return Login(
            id=0, source=self.name, place=PLACE, address=base, user_name=string(me, "username", 300), profile=profile.key,
            has_token=True, rights=self._granted.get(_digest(token)),
        )  # fmt: skip

    def register(self, address: str, back: str, door: Door, *, writes: bool = False) -> str:
        return registered(_server(address, door), back, door, writes=writes)

    def page(self, address: str, key: str, back: str, state: str, challenge: str, door: Door) -> str:
        """The page on which one signs in; "" for a key, and for none. Raises UserMistake for what is no server address."""
        return page_of(_server(address, door), key, back, state, challenge)

    def redeem(self, address: str, key: str, back: str, code: str, verifier: str, door: Door) -> tuple[str, str]:
        token, granted = redeemed(_server(address, door), key, back, code, verifier, door)
        self._granted[_digest(token)] = granted
        return address, token

    def _check_instance(self, base: str, door: Door) -> None:
        missing = frozenset({401, 403, 404, 410, 422})
        for path in ("/api/v2/instance", "/api/v1/instance"):
            answer = door.get(base + path, accept="application/json", also=missing)
            if answer.status not in missing:
                data = answer.json()
                if isinstance(data, dict) and (string(data, "domain") or string(data, "uri")):
                    return
        raise UnexpectedAnswer(
            say("{netloc} does not answer as a Mastodon server. Nothing was added; check the address.", netloc=urlsplit(base).netloc)
        )

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn @user@host, user@host, @user (of our own server) or a profile page into a stream and its profile.

        Or one of our own lists; then the profile is ours. Raises UserMistake if this is no such address or nobody of that name is found,
        and the errors of the door.
        """
        if is_list(address):
            stream = find_list(self._reading(login, login.address, None, token, door), address, login)
            return stream, Profile(key=login.profile or Key(PLACE, login.address))
        user, host, page = _handle(address, login, door)
        own_host = urlsplit(login.address).netloc.lower()
        base, who = "", None
        silent: SourceError | None = None
        if user and not host:
            raise UserMistake(say("This name does not say on which server. Nothing was changed; type it like @name@hotel.example."))
        if user and host == own_host:
            base, who = login.address, _lookup(login.address, user, token, login.address, door)
        elif user:
            try:
                base, who = _at_home(user, host, login, door)
            except SourceError as e:
                silent = e
        if who is None and login.address and (user or page):
            base, who = login.address, _through_login(user, host, page, login, token, door)
        if who is None and silent is not None:
            raise silent
        if who is None and not login.address:
            raise UserMistake(
                say("{host} shows nobody called {user} to those who are not signed in. Nothing was changed; connect a server of yours with a key, or keep only the link.", host=host or say("That server"), user=user or address.strip()[:100])
            )
        if who is None or not string(who, "id") or not actor_uri(who):
            raise UserMistake(say("Nobody called {address} was found. Nothing was changed.", address=address.strip()[:100]))
        told = besides(who, since="created_at", picture="avatar", followers="followers_count", follows="following_count", posts="statuses_count")
        profile = replace(profile_of(who, known=True), extra=pairs(**dict(told), unlisted="yes" if is_unlisted(who) else ""))
        if base != login.address:
            profile = replace(profile, addresses=_vouched_here(profile, user, host, login, token, door))
        title = profile.display_name or profile.handle
        server = "" if base == login.address else f"{urlsplit(base).netloc}:"
        name = f"statuses:{server}{string(who, 'id', 200)}"
        return Stream(name=name, address=base, profile=profile.key, title=title), profile

    def allowance(self, login: Login) -> Allowance:
        """What a server of its usual settings answers to one computer or token; questions to others' home servers are counted with it."""
        return Allowance(most=300, span=timedelta(minutes=5))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """With a token: what I wrote, what others did towards me; then each followed profile."""
        if not login.has_token:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="My posts")
        towards_me = Stream(name=NOTIFICATIONS, address=login.address, title="Replies and mentions")
        return (own, towards_me, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `mastodon_reading` for the order. Raises the errors of the door."""
        reading = self._reading(login, stream.address, stream.profile, token, door)
        if stream.name == NOTIFICATIONS:
            yield from self._with_fewer_rights(reading, read_notifications(reading, cursor))
            return
        if stream.name == OWN:
            me = _me(reading.base, token, door)
            opening = (profile_of(me, is_owner=True),)
            yield from read_statuses(reading, string(me, "id", 200), cursor, opening)
            return
        number = stream.name.rpartition(":")[2]
        if stream.name.startswith(LIST):
            yield from self._with_fewer_rights(reading, read_list(reading, number, cursor))
            return
        ours = self._reading(login, login.address, None, token, door)
        yield from self._with_fewer_rights(reading, read_followed(reading, number, cursor, ours))

    def may(self, login: Login) -> tuple[May, ...]:
        return sending.may(login)

    def length(self, deed: Deed, text: str) -> int:
        return sending.length(text)

    def fits(self, login: Login, deed: Deed, about: Activity | Key) -> bool:
        return True

    def lacks(self, login: Login) -> str:
        return rights.lacks(login)

    def send(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt:
        return sending.send(login, what, token, door)

    def find_sent(self, login: Login, what: Outgoing, token: str, door: Door) -> Receipt | None:
        return sending.find_sent(login, what, token, door)

    def _reading(self, login: Login, base: str, profile: Key | None, token: str, door: Door) -> Reading:
        at_home = base.rstrip("/").lower() == login.address.rstrip("/").lower()
        return Reading(
            door=door, base=base.rstrip("/"), token=token if at_home else "", profile=profile, clock=self._clock, me=login.profile,
            foreign=not at_home,
        )  # fmt: skip

    def _with_fewer_rights(self, reading: Reading, pages: Iterator[Page]) -> Iterator[Page]:
        """Whether the key is good was asked with my own posts. One that may not read this is no reason to stop the rest."""
        try:
            yield from pages
        except LoginRejected as e:
            if not reading.token:
                raise
            raise SourceUnavailable(
                say("{netloc} does not show this with our key. What was read before is kept; sign in again with a key that has all read rights.", netloc=urlsplit(reading.base).netloc),
                source=self.name, trouble=Trouble.REFUSED,
            ) from e  # fmt: skip


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _me(base: str, token: str, door: Door) -> Json:
    """Who the token belongs to. Servers refuse one with 401, and (Mastodon for a token without a user, snac) 422."""
    answer = door.get(
        f"{base}/api/v1/accounts/verify_credentials", token=token, token_origin=base, accept="application/json",
        also=frozenset({422}),
    )  # fmt: skip
    if answer.status == 422:
        raise LoginRejected(
            say("{netloc} does not accept this login (any more). What was read before is kept; sign in again.", netloc=urlsplit(base).netloc)
        )
    me = answer.json()
    if not isinstance(me, dict) or not string(me, "id") or not actor_uri(me):
        raise UnexpectedAnswer(
            say("{netloc} does not answer as a Mastodon server. Nothing was changed; check the address.", netloc=urlsplit(base).netloc)
        )
    return me


def _server(address: str, door: Door) -> str:
    """ "hotel.example", "https://hotel.example/about", "@joe@hotel.example" → "https://hotel.example".

    http stays http only where the user allows a private server. Raises UserMistake.
    """
    text = address.strip()
    handle = re.fullmatch(r"@?[^@/\s]+@([^@/\s]+)", text)
    text = handle.group(1) if handle else text
    if "://" not in text:
        local = re.match(r"^(localhost|127\.)", text) and door.allows(f"http://{text}")
        text = ("http://" if local else "https://") + text
    try:
        parts = urlsplit(text)
        host, scheme = parts.netloc.lower(), parts.scheme.lower()
    except ValueError:
        host, scheme = "", ""
    if scheme not in ("http", "https") or not re.fullmatch(r"[\w.:\[\]-]+", host):
        raise UserMistake(say("This is not the address of a server. Nothing was changed; type it like hotel.example."))
    if scheme == "http" and not door.allows(text):
        scheme = "https"
    return f"{scheme}://{host}"


def _handle(address: str, login: Login, door: Door) -> tuple[str, str, str]:
    """User, host (lower case, port kept) and page; user "" where only the page is known. Raises UserMistake."""
    text = address.strip().removeprefix("acct:")
    handle = re.fullmatch(r"@?([\w.+-]+)@([\w.:\[\]-]+)", text)
    if handle:
        return handle.group(1), handle.group(2).lower(), ""
    if re.fullmatch(r"@[\w.-]+", text):
        return text[1:], urlsplit(login.address).netloc.lower(), ""
    if re.match(r"^[\w-]+(\.[\w-]+)+(:\d+)?/", text):
        text = "https://" + text
    if not re.match(r"^https?://[^/\s]+/\S", text, re.IGNORECASE):
        raise UserMistake(say("This is not a Mastodon address. Nothing was changed; type it like @name@hotel.example."))
    parts = urlsplit(text)
    host = parts.netloc.lower()
    page = re.fullmatch(r"/(?:web/)?(?:@|users/|u/|profile/)?([\w.-]+)(?:@([\w.:-]+))?(?:/.*)?", parts.path)
    if page is None:
        return "", host, text
    return page.group(1), (page.group(2) or host).lower(), text


def _lookup(base: str, name: str, token: str, token_origin: str, door: Door) -> Json | None:
    """Ask one server for somebody by name; None if it does not know or does not offer this."""
    query = urlencode({"acct": name})
    try:
        found = door.get_json(f"{base}/api/v1/accounts/lookup?{query}", token=token, token_origin=token_origin)
    except (Gone, UnexpectedAnswer):
        return None
    return found if isinstance(found, dict) and string(found, "id") else None


def _at_home(user: str, host: str, login: Login, door: Door) -> tuple[str, Json | None]:
    """Somebody's home server and what it says; ("", None) if it knows nobody or shows posts to members only. Never
    sends our token. Raises the errors of the door."""
    scheme = "http" if not login.address.startswith("https:") and door.allows(f"http://{host}") else "https"
    base = f"{scheme}://{host}"
    who = _lookup(base, user, "", "", door)
    if who is None:
        base = _server_behind(user, host, base, door)
        who = _lookup(base, user, "", "", door) if base else None
    if who is not None and origin(actor_uri(who))[1] != origin(base)[1]:
        return "", None  # a server speaks for its own people only
    if who is not None and _answers(base, string(who, "id", 200), door):
        return base, who
    return "", None


def _answers(base: str, number: str, door: Door) -> bool:
    """Whether a server shows posts to somebody without a login there."""
    try:
        return isinstance(door.get_json(f"{base}/api/v1/accounts/{quote(number, safe='')}/statuses?limit=1"), list)
    except SourceError:
        return False


def _server_behind(user: str, host: str, base: str, door: Door) -> str:
    """WebFinger: the server behind a handle whose host is only a name (joe@hotel.example on social.hotel.example)."""
    query = urlencode({"resource": f"acct:{user}@{host}"})
    try:
        found = door.get_json(f"{base}/.well-known/webfinger?{query}", accept="application/jrd+json, application/json")
    except (Gone, UnexpectedAnswer):
        return ""
    for link in records(found, "links"):
        if string(link, "rel") == "self" and "json" in string(link, "type"):
            parts = urlsplit(string(link, "href"))
            behind = f"{parts.scheme}://{parts.netloc}".lower()
            return behind if parts.scheme == "https" and behind != base else ""
    return ""


def _through_login(user: str, host: str, page: str, login: Login, token: str, door: Door) -> Json | None:
    """What our own server knows of somebody elsewhere; with a token it goes and looks."""
    name = f"{user}@{host}" if user else ""
    if token:
        query = urlencode({"q": f"@{name}" if name else page, "type": "accounts", "resolve": "true", "limit": "5"})
        found: Any = None
        try:
            found = door.get_json(f"{login.address}/api/v2/search?{query}", token=token, token_origin=login.address)
        except (Gone, UnexpectedAnswer):
            found = None
        for who in records(found, "accounts"):
            if _is(who, name, page):
                return who
    return _lookup(login.address, name, token, login.address, door) if name else None


def _vouched_here(profile: Profile, user: str, host: str, login: Login, token: str, door: Door) -> tuple[Address, ...]:
    """The links of somebody elsewhere: what their home says, vouched for only where our own server checked it, too."""
    said = [replace(address, vouched=False) for address in profile.addresses]
    if not login.address:
        return unique(said)
    try:
        who = _through_login(user, host, "", login, token, door)
    except SourceError:
        who = None
    checked = profile_of(who).addresses if who is not None and actor_uri(who) == profile.key.native_id else ()
    return unique([*said, *checked])


def _is(who: Mapping[str, Any], name: str, page: str) -> bool:
    """A search finds similar names, too: only the very one counts."""
    if name and handle_of(who).lower() == name.lower():
        return True
    return bool(page) and page.rstrip("/").lower() in (string(who, "url").lower(), actor_uri(who).lower())
