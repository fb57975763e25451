"""Reddit: what people there post and comment, by the feeds it still gives out; with one's own feed key also the answers to oneself.

Its API takes no new programs since November 2025, its JSON has been closed since May 2026. What is left is Atom, at one question in
half a minute for a computer nobody knows; the key of one's private feeds lifts that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from relationdesk.errors import Gone, LoginRejected, RateLimited, UserMistake
from relationdesk.model import Key, Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import Allowance, WayIn
from relationdesk.sources.reddit_people import PLACE, key_of, profile
from relationdesk.sources.reddit_reading import SITE, Talk, ask_inbox, ask_person, read_inbox, read_person

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
INBOX = "inbox"
ALONE, WITH_KEY = Allowance(most=1, span=timedelta(seconds=35)), Allowance(most=10, span=timedelta(minutes=1))
_NAME = re.compile(r"[A-Za-z0-9_-]{2,30}")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{12,80}")
_NOBODY = re.compile(r"(?:https?://)?(?:(?:www|old|new|m)\.)?(?:reddit\.com)?/?", re.IGNORECASE)


class FeedKey(NamedTuple):
    """The key of somebody's private feeds, as it stands in their addresses. user "": the address was left out."""

    token: str
    user: str = ""


class Reddit:
    """Reads Reddit. clock: aware UTC now, to be replaced in tests."""

    name = "reddit"
    title = "Reddit"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        asks=("reddit.com",), costs=marked("Nothing."),
        source="reddit", title="Reddit", places=("reddit",), server="u/name", signs_in=marked("Your name on Reddit, or reddit.com if you have none"),
        page="https://www.reddit.com/user/name",
        gives=marked("Reads what people post and comment, one of them every half minute, because Reddit allows no more. With the key of your private feeds faster, and what others answer you, too."),
        key_from=marked("On www.reddit.com/prefs/feeds copy the address of any of your private feeds and paste it whole."),
        follow=marked("Follow somebody: their name, or the address of their page"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check the key by reading the inbox once, or without one that the name is somebody's.

        Raises UserMistake for what is no name, LoginRejected for what is no key or is refused, and the errors of the door.
        """
        typed = re.sub(r"@(www\.)?reddit\.com$", "", address.strip(), flags=re.IGNORECASE)
        key = _key(token) if token else None
        name = (key.user if key else "") or ("" if _NOBODY.fullmatch(typed) else _name(typed))
        if key is not None and not name:
            raise UserMistake(say("Whose feeds these are is not told. Nothing was changed; type your name on Reddit, or paste the feed’s whole address."))
        login = Login(
            id=0, source=self.name, place=PLACE, address=SITE, user_name=name, profile=key_of(name) if name else None, has_token=bool(token)
        )
        talk = self._talk(login, token, door)
        if key is not None:
            ask_inbox(talk)
        elif name:
            self._exists(talk, name)
        return login

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or page into a stream and its profile. Raises UserMistake for what is neither or nobody's, and the errors of the
        door; but while Reddit asks us to wait the name is taken as it is, and read later."""
        name = _name(address)
        self._exists(self._talk(login, token, door), name)
        return _stream(key_of(name), name), profile(name, known=True)

    def _exists(self, talk: Talk, name: str) -> None:
        try:
            ask_person(talk, name)
        except RateLimited:
            return
        except Gone as e:
            raise UserMistake(say("Reddit shows nobody called {name}. Nothing was changed; check the spelling.", name=name)) from e

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """What I do and, with a key, what others answer me; then each followed profile."""
        if login.profile is None:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="What I do")
        inbox = Stream(name=INBOX, address=login.address, title="My inbox")
        return (own, inbox, *followed) if login.has_token else (own, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `reddit_reading`. Raises the errors of the door."""
        talk = self._talk(login, token, door)
        if stream.name == INBOX:
            if token and login.profile is not None:
                yield from read_inbox(talk, login.profile, cursor)
        elif stream.profile is not None:
            name = login.user_name if stream.name == OWN else stream.title if key_of(stream.title) == stream.profile else _named(stream.profile)
            yield from read_person(talk, stream.profile, name, cursor, mine=stream.name == OWN, my_name=login.user_name)

    def allowance(self, login: Login) -> Allowance | None:
        """What Reddit's feeds were seen to answer."""
        return WITH_KEY if login.has_token else ALONE

    def adopts(self, feed: Stream) -> Stream | None:
        """Somebody whose page was followed as a feed; a community stays one."""
        if feed.profile is None or feed.profile.place != PLACE or not feed.profile.native_id.startswith("https://reddit.com/user/"):
            return None
        title = feed.title.rpartition(" ")[2]  # "overview for Joe"
        return _stream(feed.profile, title if key_of(title) == feed.profile else _named(feed.profile))

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        key = _key(token) if token else FeedKey("")
        return Talk(door=door, base=login.address.rstrip("/"), clock=self._clock, user=login.user_name, token=key.token)


def _stream(person: Key, name: str) -> Stream:
    return Stream(name=f"user:{name.casefold()}", address=SITE, profile=person, title=name)


def _named(person: Key) -> str:
    return person.native_id.rpartition("/")[2]


def _key(typed: str) -> FeedKey:
    """The key in the address of a private feed, or by itself. Raises LoginRejected for what is neither."""
    text = typed.strip()
    if _TOKEN.fullmatch(text):
        return FeedKey(text)
    try:
        parts = urlsplit(text)
        query, host = parse_qs(parts.query), (parts.hostname or "").lower()
    except ValueError:
        query, host = {}, ""
    token, user = (next(iter(query.get(name, ())), "") for name in ("feed", "user"))
    if not (host == "reddit.com" or host.endswith(".reddit.com")) or not _TOKEN.fullmatch(token) or (user and not _NAME.fullmatch(user)):
        raise LoginRejected(
            say("This is no key of Reddit’s private feeds. What was read before is kept; copy the address of one of them from www.reddit.com/prefs/feeds and sign in.")
        )
    return FeedKey(token, user)


def _name(address: str) -> str:
    """ "joe", "u/joe", "https://www.reddit.com/user/joe/comments/" → "joe". Raises UserMistake."""
    text = re.sub(r"^(?:https?://)?(?:(?:www|old|new|m|np)\.)?reddit\.com(?=/)", "", address.strip(), flags=re.IGNORECASE)
    found = re.fullmatch(r"/?(?:u|user)/([^/?#]+)(?:[/?#].*)?", text, re.IGNORECASE)
    name = found[1].removesuffix(".rss") if found else text
    if re.match(r"/?r/", text):
        raise UserMistake(say("This is a community, and here people are followed. Nothing was changed; follow it as a page (Blog or page)."))
    if not _NAME.fullmatch(name):
        raise UserMistake(say("This is nobody’s page on Reddit. Nothing was changed; type their name, or its address like reddit.com/user/name."))
    return name
