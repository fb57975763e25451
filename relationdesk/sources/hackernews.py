"""Hacker News: what people there submit and comment, and what others answer me. No key, no allowance that we would reach.

The list comes from its search (one question where its own API takes one per item); who is answered, and whether an item still
stands, from its own API, because the search keeps words that were deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from relationdesk.errors import Gone, RateLimited, SourceError, UserMistake
from relationdesk.model import Fact, Key, Login, Page, Profile, Stream, Tombstone
from relationdesk.saying import marked, say
from relationdesk.sources.base import Allowance, WayIn
from relationdesk.sources.hackernews_answers import read_answers
from relationdesk.sources.hackernews_facts import PLACE, facts, mark_of, moment_at, profile_of, words_of
from relationdesk.sources.hackernews_talk import ITEMS, SEARCH, Talk
from relationdesk.sources.json_fields import Json, besides, string
from relationdesk.sources.listing import LIMIT, Cursor, Line, Listing, Sheet, due, once, read_listing

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
ANSWERS = "answers"
LOOK_AGAIN = timedelta(days=1)
"""How often the profile is read, and items of the last days are asked for again."""
FRESH = timedelta(days=14)
MAX_AGAIN = 20
MAX_PARENTS = 20
"""Answered items asked for per page of a hundred, the newest first; of the others only the number is known."""
_NOBODY = re.compile(r"(?:(?:https?://)?news\.ycombinator\.com/?)?", re.IGNORECASE)


class HackerNews:
    """Reads Hacker News. clock: aware UTC now, to be replaced in tests."""

    name = "hackernews"
    title = marked("Hacker News")
    place = PLACE
    takes_token = False
    way_in = WayIn(
        source="hackernews", title="Hacker News", places=("hackernews",), page="https://news.ycombinator.com/user?id=name",
        server="name", signs_in=marked("Your name there, or news.ycombinator.com if you have none"), keyless="news.ycombinator.com",
        asks=("hacker-news.firebaseio.com", "hn.algolia.com"), costs=marked("Nothing."),
        gives=marked("Reads what people submit and comment on Hacker News; with your own name also yours, and what others answer you. No key is needed."),
        follow=marked("Follow somebody: their name, in their own capitals, or the address of their page"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Who we are there, or nobody; one login reads everybody. Raises UserMistake for a name that nobody has, and the errors of the door."""
        typed = re.sub(r"@(news\.ycombinator\.com)?$", "", address.strip())
        if _NOBODY.fullmatch(typed):
            return Login(id=0, source=self.name, place=PLACE, address="")
        name = _name(typed)
        if _talk(SEARCH, door).user(name) is None:
            raise _unknown(name)
        return Login(id=0, source=self.name, place=PLACE, address="", user_name=name, profile=Key(PLACE, name))

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or a page into a stream and its profile. Raises UserMistake if it is none or unknown, and the errors of the door."""
        name = _name(address)
        user = _talk(SEARCH, door).user(name)
        if user is None:
            raise _unknown(name)
        since = datetime.fromtimestamp(user["created"], UTC).isoformat() if isinstance(user.get("created"), int) and 0 < user["created"] < 4e9 else ""
        profile = replace(profile_of(user, known=True), extra=besides({**user, "since": since}, since="since", karma="karma"))
        return Stream(name=f"items:{name}", address=SEARCH, profile=profile.key, title=name), profile

    def allowance(self, login: Login) -> Allowance:
        """What its search answers to one computer."""
        return Allowance(most=10_000, span=timedelta(hours=1))

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """Where it is known who I am: what I did, what others answered; then each followed profile."""
        if login.profile is None:
            return followed
        where = login.address or SEARCH
        own = Stream(name=OWN, address=where, profile=login.profile, title="What I do")
        return (own, Stream(name=ANSWERS, address=where, title="Answers to me"), *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """What one person submits and comments, or what others answer me, after the cursor. Raises the errors of the door."""
        talk = _talk(stream.address, door)
        if stream.name == ANSWERS and login.profile is not None:
            yield from read_answers(talk, login.profile, cursor, self._clock())
        if stream.profile is None:
            return
        at, now = Cursor.read(cursor), self._clock()
        look = due(at.looked, now, LOOK_AGAIN)
        opening: tuple[Fact, ...] = ()
        if look:
            opening, at = _profile(talk, stream.profile, at, now, mine=stream.name == OWN)
        listing = Listing(
            place=PLACE, fetch=partial(_hits, talk, stream.profile.native_id), facts=partial(_of_hits, talk), clock=self._clock,
            covers=stream.profile, gone=partial(_is_withdrawn, talk), again=partial(_asked_again, talk, now - FRESH) if look else None,
        )  # fmt: skip
        yield from read_listing(listing, at, opening)


def _talk(address: str, door: Door) -> Talk:
    search = address.rstrip("/")
    return Talk(door=door, search=search, items=ITEMS if search == SEARCH else search)


def _unknown(name: str) -> UserMistake:
    return UserMistake(say("Nobody called {name} is known on Hacker News. Nothing was changed; check the spelling, capitals included.", name=name))


def _name(address: str) -> str:
    text = address.strip()
    if "/" in text:
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
        except ValueError:
            parts = urlsplit("")
        ours = (parts.hostname or "") == "news.ycombinator.com" and parts.path == "/user"
        text = parse_qs(parts.query).get("id", [""])[0] if ours else ""
    if not re.fullmatch(r"[A-Za-z0-9_-]{2,30}", text):
        raise UserMistake(say("This is nobody’s page on Hacker News. Nothing was changed; type it like news.ycombinator.com/user?id=name."))
    return text


def _profile(talk: Talk, profile: Key, at: Cursor, now: datetime, *, mine: bool) -> tuple[tuple[Fact, ...], Cursor]:
    """The profile itself. What goes wrong with that is no reason not to read what they write; that there is none, is."""
    try:
        user = talk.user(profile.native_id)
    except RateLimited:
        raise
    except SourceError:
        return (), at
    if user is None:
        raise Gone(say("Hacker News shows nobody called {native_id} (any more). What was read before is kept.", native_id=profile.native_id[:50]))
    return (replace(profile_of(user), is_owner=mine),), replace(at, looked=now.isoformat())


def _hits(talk: Talk, name: str, further: str) -> Sheet:
    """A page of what one author wrote; further: unix seconds of the oldest so far."""
    found = talk.written_by(name, f"created_at_i<={further}" if further else "", LIMIT)
    hits = [hit for hit in found if string(hit, "author", 50) in (name, "")]
    lines = tuple(Line(uri=string(hit, "objectID", 30), mark=mark_of(hit), moment=moment_at(hit), item=hit) for hit in hits)
    oldest = min((line.moment for line in lines if line.moment is not None), default=None)
    return Sheet(lines=lines, further=str(int(oldest.timestamp())) if oldest is not None and len(found) >= LIMIT else "")


def _of_hits(talk: Talk, hits: Sequence[Json]) -> list[Fact]:
    authors = {string(hit, "objectID", 30): string(hit, "author", 50) for hit in hits}
    wanted = [parent for hit in hits if (parent := string(hit, "parent_id", 30)).isdigit() and parent not in authors]
    for parent in list(dict.fromkeys(wanted))[:MAX_PARENTS]:
        try:
            authors[parent] = string(talk.item(parent), "by", 50)
        except SourceError:
            break  # of these only the number is known; the words themselves are here
    return once(fact for hit in reversed(hits) for fact in facts(hit, authors))


def _is_withdrawn(talk: Talk, number: str) -> bool:
    """Only a clear word counts: deleted by its author, or taken down. No item at all says nothing."""
    item = talk.item(number) if number.isdigit() else None
    return item is not None and (item.get("deleted") is True or item.get("dead") is True)


def _asked_again(talk: Talk, since: datetime, lines: tuple[Line, ...]) -> list[Fact]:
    """Items of the last days as they stand now: the search learns of edits late, and of deletions not at all."""
    found: list[Fact] = []
    for line in [line for line in lines if line.uri.isdigit() and line.moment is not None and line.moment >= since][:MAX_AGAIN]:
        try:
            item = talk.item(line.uri)
        except SourceError:
            break
        if item is None or string(item, "id", 30) != line.uri:
            continue
        if item.get("deleted") is True or item.get("dead") is True:
            found.append(Tombstone(key=Key(PLACE, line.uri)))
        elif isinstance(text := item.get("text"), str) and text != words_of(line.item):
            field = "comment_text" if line.item.get("comment_text") is not None else "story_text"
            parent = string(line.item, "parent_id", 30)
            found += _of_hits(talk, [{**line.item, field: text}]) if parent else facts({**line.item, field: text}, {})
    return found
