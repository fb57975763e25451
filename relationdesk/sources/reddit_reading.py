"""How people on Reddit and my inbox there are read: one question at a time, because Reddit's feeds hardly allow more."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from relationdesk.errors import Gone, LoginRejected, SourceUnavailable, UnexpectedAnswer
from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Kind,
    Page,
    Participant,
    Profile,
    Rejected,
    Role,
    Tombstone,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.door_answers import raise_for
from relationdesk.sources.json_fields import Json
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, once, read_listing
from relationdesk.sources.reddit_feed import Told, read_entries
from relationdesk.sources.reddit_people import PLACE, community_of, key_of, profile, user_of

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

SITE = "https://www.reddit.com"
PER_PAGE = 100
FEW = 25
"""What Reddit gives where it does not heed how many are asked for."""
MOST_CHECKS = 5
"""Vanished ones that are asked for, each in a reading of its own without a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """base: the site. user, token: whose private feeds may be asked for, "" for nobody's. clock: aware UTC now."""

    door: Door
    base: str
    clock: Callable[[], datetime]
    user: str = ""
    token: str = field(default="", repr=False)

    def get(self, path: str, **query: str | int) -> list[Told]:
        """The entries of one feed. Raises what `read_entries` raises, and the errors of the door.

        A 403 is no reason to doubt the key: Reddit gives it for what it hides, and to computers it does not like.
        """
        asked = {**query, "user": self.user} if self.token else query
        answer = self.door.get(
            f"{self.base}{path}?{urlencode(asked)}", token=self.token, token_origin=self.base, token_in="?feed", accept="application/atom+xml",
            also=frozenset({403}),
        )  # fmt: skip
        if answer.status == 403:
            try:
                raise_for(answer, with_token=False, now=self.clock())
            except SourceUnavailable as e:
                raise NotShown(str(e)) from e
        return read_entries(answer.body if answer.status in (200, 203) else b"", answer.headers.get("content-type", ""))


def ask_person(talk: Talk, name: str, further: str = "") -> list[Told]:
    more = {"after": further} if further else {}
    return talk.get(f"/user/{quote(name, safe='')}/.rss", limit=PER_PAGE, **more)


def ask_inbox(talk: Talk, further: str = "") -> list[Told]:
    """Raises LoginRejected where the key is none of Reddit's. Nothing is marked as read."""
    more = {"after": further} if further else {}
    try:
        return talk.get("/message/inbox/.rss", limit=PER_PAGE, mark="false", **more)
    except Gone as e:
        raise LoginRejected(say("Reddit does not accept this key (any more). What was read before is kept; copy the feed’s address again and sign in.")) from e


def read_person(talk: Talk, person: Key, name: str, cursor: str, *, mine: bool = False, my_name: str = "") -> Iterator[Page]:
    """What one person posts and comments. Raises the errors of `Talk.get`; Gone where Reddit shows nobody of that name."""
    at = Cursor.read(cursor)
    if at.missing and not talk.token:
        try:
            is_gone = _is_withdrawn(talk, at.missing[0])
        except (NotShown, UnexpectedAnswer):
            is_gone = False  # asking again would not help
        gone = (Tombstone(key=Key(PLACE, _native(at.missing[0])), returns=True),) if is_gone else ()
        yield Page(facts=gone, cursor=replace(at, missing=at.missing[1:]).text())
        return
    who = profile(name, known=not mine, is_owner=mine)
    listing = Listing(
        place=PLACE, fetch=lambda further: _sheet(ask_person(talk, name, further)), facts=partial(_of_person, who, my_name), clock=talk.clock,
        covers=person, gone=partial(_is_withdrawn, talk), native=_native, returns=True, checks=MOST_CHECKS if talk.token else 0,
    )  # fmt: skip
    for page in read_listing(listing, at, ()):
        after = Cursor.read(page.cursor)
        yield replace(page, cursor=replace(after, missing=after.missing[:MOST_CHECKS]).text())


def read_inbox(talk: Talk, me: Key, cursor: str) -> Iterator[Page]:
    """What others answer me, where they call my name, and their letters. Raises the errors of `ask_inbox`."""
    listing = Listing(place=PLACE, fetch=lambda further: _sheet(ask_inbox(talk, further)), facts=partial(_of_inbox, me), clock=talk.clock)
    yield from read_listing(listing, Cursor.read(cursor), (Profile(key=me, is_owner=True),))


def _sheet(entries: Sequence[Told]) -> Sheet:
    lines = tuple(Line(uri=told.name, mark=_mark(told), moment=told.published, item={"told": told}) for told in entries)
    return Sheet(lines=lines, further=entries[-1].id if len(entries) >= FEW else "")


def _native(name: str) -> str:
    return name.partition("@")[0]


def _mark(told: Told) -> str:
    """Changes with what its author can change: there is no sign of an edit."""
    title = told.title if told.id.startswith("t3_") else ""
    return hashlib.sha256(f"{title}\0{told.text}\0{told.link}".encode("utf-8", "replace")).hexdigest()[:12]


def _is_withdrawn(talk: Talk, name: str) -> bool:
    """Whether Reddit shows the thing itself as deleted or taken down, or no longer knows its page."""
    id_, _, post = name.partition("@")
    number, under = id_.partition("_")[2], post.partition("_")[2]
    if id_.startswith("t1_") and not under:
        return False
    path = f"/comments/{under}/_/{number}/.rss" if id_.startswith("t1_") else f"/comments/{number}/.rss"
    try:
        found = [told for told in talk.get(path, limit=5) if told.id == id_]
    except Gone:
        return True
    return any(told.is_gone for told in found)


def _entries(items: Sequence[Json]) -> Iterator[Told]:
    for item in reversed(items):
        told = item["told"]
        if isinstance(told, Told):
            yield told


def _of_person(who: Profile, my_name: str, items: Sequence[Json]) -> list[Fact]:
    found: list[Fact] = []
    for told in _entries(items):
        if told.is_gone:
            found.append(Tombstone(key=Key(PLACE, told.id), returns=True))
            continue
        if told.author and key_of(told.author) != who.key:
            found.append(Rejected(where=f"Reddit entry {told.id}", reason=say("it is somebody else’s")))
            continue
        # Reddit writes the name as its owner does, which the user who followed it may not have done.
        found.append(profile(told.author or who.handle, known=who.known, is_owner=who.is_owner))
        called = my_name and key_of(my_name) != who.key and re.search(rf"(?<![\w/])/?u/{re.escape(my_name)}(?![\w-])", told.text, re.IGNORECASE)
        if called:
            found.append(Profile(key=key_of(my_name), is_owner=True))
        found.append(_activity(told, who.key, (Participant(profile=key_of(my_name), role=Role.MENTIONED),) if called else ()))
    return once(iter(found))


def _activity(told: Told, actor: Key, towards: tuple[Participant, ...]) -> Activity:
    is_comment = told.id.startswith("t1_")
    return Activity(
        key=Key(PLACE, told.id), actor=actor, kind=Kind.COMMENT if is_comment else Kind.POST, published=told.published, precision=told.precision,
        title=told.title, text=told.text, url=told.page, thread=told.post, participants=towards,
        extra=pairs(link=told.link, subreddit=told.community if not told.community.startswith("u_") else ""),
    )  # fmt: skip


def _of_inbox(me: Key, items: Sequence[Json]) -> list[Fact]:
    found: list[Fact] = []
    for told in _entries(items):
        name, community = user_of(told.author), community_of(told.author)
        actor = key_of(name) if name else Key(PLACE, f"https://reddit.com/r/{community.casefold()}") if community else None
        if actor == me:
            continue
        if actor is None:
            found.append(Rejected(where=f"Reddit entry {told.id}", reason=say("it does not say whose it is")))
            continue
        found.append(profile(name) if name else Profile(key=actor, handle=f"r/{community}", display_name=f"r/{community}", url=f"{SITE}/r/{community}/"))
        if told.id.startswith("t4_"):
            found.append(Activity(
                key=Key(PLACE, told.id), actor=actor, kind=Kind.MESSAGE, published=told.published, precision=told.precision, title=told.title, text=told.text,
                url=told.page, audience=Audience.PRIVATE, participants=(Participant(profile=me, role=Role.TO),),
            ))  # fmt: skip
        else:
            role = Role.MENTIONED if told.calls else Role.REPLY_TO
            found.append(_activity(told, actor, (Participant(profile=me, role=role),)))
    return once(iter(found))
