"""What is read of a forum: what somebody writes there, and with a key what others do towards me.

A forum tells somebody's newest fifty posts whole, older ones by their beginnings; who is answered, and the title of a topic, is asked
for beside them. It knows people by their names only; who has a new one is found by a post of theirs, which tells it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from urllib.parse import quote, urlencode

from relationdesk.errors import Gone, LoginRejected, RateLimited, SourceError, SourceUnavailable
from relationdesk.model import Fact, Key, Page, Profile
from relationdesk.saying import say
from relationdesk.sources.discourse_facts import (
    MENTION,
    QUOTE,
    REPLY,
    RESPONSE,
    TOPIC,
    WAS_LIKED,
    Around,
    is_hidden,
    like_facts,
    parent_of,
    post_facts,
    post_of,
    profile_of,
    user_in,
)
from relationdesk.sources.discourse_talk import Closed, Talk
from relationdesk.sources.json_fields import Json, moment_of, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, once, read_listing

LOOK_AGAIN = timedelta(days=1)
"""How often the profile itself is read."""
NEWEST = 50
"""Posts that a forum tells whole."""
PORTION = 30
"""Doings that it tells at once."""
MAX_BESIDE, FEWER = 20, 10
"""Posts asked for one by one per page: whole ones of which only the beginning is known, and those that are answered. Fewer of what is old."""
_CUT = "only the beginning"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mind:
    """What a cursor keeps beside the list. name: what somebody was called last. members: only members see it."""

    name: str = ""
    members: bool = False

    @classmethod
    def read(cls, text: str) -> _Mind:
        try:
            data = json.loads(text) if text else {}
        except ValueError:
            data = {}
        return cls(name=string(data, "name", 300), members=isinstance(data, dict) and data.get("members") is True)

    def text(self) -> str:
        return json.dumps({"name": self.name, "members": self.members})


def read_person(talk: Talk, profile: Key, name: str, cursor: str, *, mine: bool = False) -> Iterator[Page]:
    """What somebody writes. name: what they were called when they were followed. Raises the errors of the door, and SourceUnavailable for
    a profile that is hidden, or shown to members only."""
    at, number = Cursor.read(cursor), profile.native_id.partition("@")[0]
    mind = _Mind.read(at.note)
    mind = mind if mind.name else replace(mind, name=name)
    opening: tuple[Fact, ...] = ()
    look = due(at.looked, talk.clock(), LOOK_AGAIN)
    if look:
        opening, at, mind = _opened(talk, number, at, mind, mine)
    begun = False
    try:
        for page in _pages(talk, profile, at, mind, opening, sure=look):
            begun = True
            yield page
    except (Gone, Closed):
        if begun or look:
            raise
        opening, at, mind = _opened(talk, number, at, mind, mine)
        yield from _pages(talk, profile, at, mind, opening, sure=True)


def as_member(talk: Talk) -> Talk:
    """The same, asked with the key; what is read so is not for everybody."""
    return replace(talk, members=True, forum=replace(talk.forum, closed=True))


def _pages(talk: Talk, profile: Key, at: Cursor, mind: _Mind, opening: tuple[Fact, ...], *, sure: bool) -> Iterator[Page]:
    chosen, number = as_member(talk) if mind.members else talk, profile.native_id.partition("@")[0]
    listing = Listing(
        place=profile.place, fetch=partial(_posts, chosen, number, mind.name, at.tag if not opening else "", sure), clock=talk.clock, covers=profile,
        facts=partial(_of_posts, chosen, mind.name), gone=partial(_is_withdrawn, chosen), native=lambda uri: talk.forum.key(uri).native_id, returns=True,
    )  # fmt: skip
    yield from read_listing(listing, replace(at, note=mind.text()), opening)


def _opened(talk: Talk, number: str, at: Cursor, mind: _Mind, mine: bool) -> tuple[tuple[Fact, ...], Cursor, _Mind]:
    """The profile itself, by the name it has now; as a member where nobody else may see it."""
    try:
        user, members = person(talk, mind.name), False
    except (Closed, Gone) as e:
        if isinstance(e, Closed) and not talk.token:
            raise
        user, members = _found_again(as_member(talk) if isinstance(e, Closed) else talk, number, mind.name, at), isinstance(e, Closed)
    if string(user, "id", 30) != number:  # the name is somebody else's now
        user = _found_again(as_member(talk) if members else talk, number, "", at)
    if is_hidden(user) and mine and talk.token:
        user, members = person(as_member(talk), string(user, "username", 300)), True
    if is_hidden(user):
        raise SourceUnavailable(say("{host} does not show what they write: their profile is hidden. What was read before is kept; it will be tried again.", host=talk.host))
    mind = replace(mind, name=string(user, "username", 300), members=members)
    return (profile_of(user, talk.forum, is_owner=mine),), replace(at, looked=talk.clock().isoformat()), mind


def person(talk: Talk, name: str) -> Json:
    """Somebody's page by their name. Raises Gone if there is nobody of that name, UnexpectedAnswer for what is no such page."""
    user = user_in(talk.object(f"/u/{quote(name, safe='')}.json"))
    if not string(user, "id", 30) or not string(user, "username", 300):
        raise talk.odd()
    return user


def _found_again(talk: Talk, number: str, name: str, at: Cursor) -> Json:
    """Their page by the name that posts of theirs tell. name: what they were called, if that was not tried yet as a member."""
    if name and talk.members:
        try:
            return person(talk, name)
        except Gone:
            pass
    for uri in [uri for uri, _ in at.recent][:3]:
        try:
            post = talk.object(f"/posts/{uri.rpartition(':')[2]}.json")
        except Gone:
            continue
        if string(post, "user_id", 30) == number and string(post, "username", 300):
            return person(talk, string(post, "username", 300))
    raise Gone(say("{host} shows nobody called {name} (any more). What was read before is kept.", host=talk.host, name=name[:50] or say("so")))


def _posts(talk: Talk, number: str, name: str, tag: str, sure: bool, further: str) -> Sheet:
    """A page of posts; further: how many are newer. sure: there is a page of that name, so that a forum which says nothing of its newest
    posts is only too old for that."""
    if further:
        return _doings(talk, number, name, int(further))
    try:
        answer = talk.get(f"/u/{quote(name, safe='')}/activity.json", tag=tag)
    except Gone:
        if not sure:
            raise
        return _doings(talk, number, name, 0)
    if answer.status == 304 and tag:
        return Sheet(tag=tag, unchanged=True)
    items = talk.list_in(answer)
    if items and not any(string(post, "user_id", 30) in ("", number) for post in items):
        raise Gone(say("{host} shows somebody else under this name. What was read before is kept.", host=talk.host))
    more = str(NEWEST) if len(items) >= NEWEST else ""
    return Sheet(lines=_lines(items, number), further=more, tag=answer.headers.get("etag", "")[:200])


def _doings(talk: Talk, number: str, name: str, offset: int) -> Sheet:
    found = _actions(talk, name, (TOPIC, REPLY), offset)
    items = [{**post_of(action), _CUT: True} for action in found]
    return Sheet(lines=_lines(items, number), further=str(offset + len(found)) if len(found) >= PORTION else "")


def _actions(talk: Talk, name: str, kinds: Iterable[int], offset: int) -> list[Json]:
    return talk.records(actions_of(name, kinds, offset), "user_actions")


def actions_of(name: str, kinds: Iterable[int], offset: int) -> str:
    """How somebody's doings of these kinds are asked for."""
    query = {"username": name, "filter": ",".join(map(str, kinds)), "offset": offset}
    return f"/user_actions.json?{urlencode(query)}"


def _lines(posts: Iterable[Json], number: str) -> tuple[Line, ...]:
    return tuple(
        Line(uri=f"post:{id_}" if (id_ := string(post, "id", 30)) else "", mark=_mark(post), moment=moment_of(string(post, "created_at", 50))[0], item=post)
        for post in posts
        if string(post, "user_id", 30) in ("", number) and post.get("hidden") is not True
    )


def _mark(post: Json) -> str:
    return hashlib.sha256(f"{post.get('topic_title')}\0{post.get('cooked')}".encode("utf-8", "replace")).hexdigest()[:12]


class _Beside:
    """Asks for a few single posts: as anybody, and once that is refused with the key."""

    def __init__(self, talk: Talk, most: int = MAX_BESIDE) -> None:
        self._talk, self._left = talk if talk.forum.closed else replace(talk, members=False), most

    def post(self, path: str) -> Json:
        """{} for what is not shown or not there, which is no reason to leave out what is."""
        if self._left <= 0:
            return {}
        self._left -= 1
        try:
            return self._talk.object(path)
        except Closed:
            if not self._talk.token:
                return {}
            self._talk = replace(self._talk, members=True)
            return self.post(path)
        except (RateLimited, LoginRejected):
            raise
        except SourceError:
            return {}

    def whole(self, post: Json) -> Json:
        """A post of which the beginning is known."""
        found = self.post(f"/posts/{string(post, 'id', 30)}.json") if string(post, "id", 30).isdigit() else {}
        return {**post, **found} if string(found, "id", 30) == string(post, "id", 30) else post

    def answered(self, posts: Sequence[Json]) -> dict[tuple[str, str], Json]:
        """What they answer, as far as it is not among them; the newest first."""
        known = {(string(post, "topic_id", 30), string(post, "post_number", 30)): post for post in posts}
        wanted = dict.fromkeys(place for post in posts if (place := parent_of(post)) is not None and place not in known)
        asked = {place: found for place in wanted if (found := self.post(f"/posts/by_number/{place[0]}/{place[1]}.json"))}
        return {**known, **asked}


def _of_posts(talk: Talk, name: str, posts: Sequence[Json]) -> list[Fact]:
    """posts: newest first."""
    beside = _Beside(talk, FEWER if any(post.get(_CUT) is True for post in posts) else MAX_BESIDE)
    whole = [beside.whole(post) if post.get(_CUT) is True else post for post in posts]
    titles: dict[str, str] = {}
    if any(not string(post, "topic_title", 300) for post in whole):
        titles = _titles(talk, name)
    around = Around(titles=titles, answered=beside.answered(whole))
    return once(fact for post in reversed(whole) for fact in post_facts(post, talk.forum, around))


def _titles(talk: Talk, name: str) -> dict[str, str]:
    """Of the topics somebody wrote in last: their posts themselves do not tell them."""
    try:
        return {string(action, "topic_id", 30): string(action, "title", 300) for offset in (0, PORTION) for action in _actions(talk, name, (TOPIC, REPLY), offset)}
    except (RateLimited, LoginRejected):
        raise
    except SourceError:
        return {}


def _is_withdrawn(talk: Talk, uri: str) -> bool:
    """Deleted, or hidden after complaints; its author or a moderator may put it back."""
    number = uri.rpartition(":")[2]
    if not number.isdigit():
        return False
    try:
        post = talk.object(f"/posts/{number}.json")
    except Gone:
        return True
    return bool(string(post, "deleted_at", 50)) or post.get("user_deleted") is True or post.get("hidden") is True


def read_towards_me(talk: Talk, cursor: str) -> Iterator[Page]:
    """Answers to me, my name in what others write, quotes of my words, likes of my posts. Raises the errors of the door."""
    listing = Listing(place="", fetch=partial(_said, as_member(talk)), facts=partial(_of_said, talk), clock=talk.clock)
    me = talk.forum.me
    try:
        for page in read_listing(listing, Cursor.read(cursor), ()):
            yield replace(page, facts=(Profile(key=me), *page.facts) if me is not None and page.facts else page.facts)
    except NotShown as e:  # what is mine is refused to no key of mine
        raise LoginRejected(say("{host} does not accept this login (any more). What was read before is kept; sign in again.", host=talk.host)) from e


def _said(talk: Talk, further: str) -> Sheet:
    offset = int(further or "0")
    found = _actions(talk, talk.forum.my_name, (WAS_LIKED, RESPONSE, MENTION, QUOTE), offset)
    lines = tuple(
        Line(uri=_doing(action), mark=_mark(post_of(action)), moment=moment_of(string(action, "created_at", 50))[0], item=action) for action in found
    )
    return Sheet(lines=lines, further=str(offset + len(found)) if len(found) >= PORTION else "")


def _doing(action: Json) -> str:
    parts = [string(action, name, 30) for name in ("action_type", "acting_user_id", "post_id")]
    return ":".join(parts) if all(parts) else ""


def _of_said(talk: Talk, actions: Sequence[Json]) -> list[Fact]:
    """actions: newest first."""
    beside, found = _Beside(talk), list[tuple[Json, int]]()
    for action in actions:
        kind = string(action, "action_type", 5)
        if kind == str(WAS_LIKED):
            found.append((action, WAS_LIKED))
        elif kind in (str(RESPONSE), str(MENTION), str(QUOTE)):
            found.append((beside.whole(post_of(action)), int(kind)))
    around = Around(answered=beside.answered([post for post, kind in found if kind != WAS_LIKED]))
    return once(
        fact
        for item, kind in reversed(found)
        for fact in (like_facts(item, talk.forum) if kind == WAS_LIKED else post_facts(item, talk.forum, around, kind))
    )
