"""The three things that are read of Bluesky: what somebody posts, what others do towards me, answers to my posts.

Notifications alone lose answers: the place indexes every person's records on its own, and an answer that it met before the
post it answers is never told (seen in five of eight runs against a real server). So the threads of my own recent posts are
read as well, when their number of answers has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from relationdesk.errors import SourceError, SourceUnavailable
from relationdesk.model import Fact, Key, Page, Profile
from relationdesk.saying import say
from relationdesk.sources.bluesky_facts import (
    is_pin,
    is_written,
    item_facts,
    item_moment,
    item_uri,
    notification_facts,
    post_facts,
    profile_of,
    subject_of,
)
from relationdesk.sources.bluesky_ids import PLACE, POST, at_uri
from relationdesk.sources.bluesky_names import with_domain
from relationdesk.sources.bluesky_talk import Talk
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string
from relationdesk.sources.listing import LIMIT, Cursor, Line, Listing, Sheet, due, once, read_listing
from relationdesk.troubles import Trouble

LOOK_AGAIN = timedelta(days=1)
"""How often a profile itself (its bio, its domain) is read; its name and handle come with every post."""
RECENT_POSTS = 50
"""My newest posts whose answers are watched."""
MAX_THREADS = 10
"""Threads read in one sync; the others follow in the next."""
MAX_ANSWERS = 1_000
_AT_ONCE = 25
"""Posts that the place gives in one answer."""
ONLY_SIGNED_IN = "!no-unauthenticated"
"""The label of those who ask to be shown only to people who are signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reading needs."""

    talk: Talk
    clock: Callable[[], datetime]


def read_posts(reading: Reading, profile: Key, cursor: str, *, mine: bool = False) -> Iterator[Page]:
    """What one person posts, answers and passes on. Raises the errors of the door and `Talk.refusal`."""
    at = Cursor.read(cursor)
    opening, at = _profile(reading, profile, at, mine)
    fetch = partial(_feed, reading.talk, profile)
    listing = Listing(
        place=PLACE, fetch=fetch, facts=_of_feed, clock=reading.clock, covers=profile, gone=partial(_is_withdrawn, reading.talk)
    )
    yield from read_listing(listing, at, opening)


def _profile(reading: Reading, profile: Key, at: Cursor, mine: bool) -> tuple[tuple[Fact, ...], Cursor]:
    """The profile itself, once a day. What goes wrong with that is no reason not to read the posts."""
    now = reading.clock()
    if not due(at.looked, now, LOOK_AGAIN):
        return (), at
    try:
        who = reading.talk.ask("app.bsky.actor.getProfile", [("actor", profile.native_id)]).data
    except SourceError:
        return (), at
    if string(who, "did", 2_048) != profile.native_id:
        return (), at
    return (with_domain(profile_of(who, is_owner=mine), reading.talk),), replace(at, looked=now.isoformat())


def _feed(talk: Talk, profile: Key, further: str) -> Sheet:
    """A page of somebody's feed. "No such profile" is looked into, because its owner may only have put it to rest."""
    query = [("actor", profile.native_id), ("limit", str(LIMIT)), ("filter", "posts_with_replies"), ("includePins", "false")]
    reply = talk.ask("app.bsky.feed.getAuthorFeed", [*query, ("cursor", further)] if further else query)
    if reply.error:
        why = talk.ask("app.bsky.actor.getProfile", [("actor", profile.native_id)])
        raise talk.refusal(why if why.closed else reply)
    items = _list(talk, reply.data, "feed")
    if not talk.password and any(_only_signed_in(item, profile) for item in items):
        raise hidden_from_us()
    lines = tuple(
        Line(uri=item_uri(item), mark=string(record_of(item, "post"), "cid", 200)[-12:], moment=item_moment(item), item=item)
        for item in items
        if not is_pin(item)
    )
    return Sheet(lines=lines, further=string(reply.data, "cursor", 1_000) if items else "")


def _is_withdrawn(talk: Talk, native_id: str) -> bool:
    """Only "there is no such record" withdraws one."""
    uri = at_uri(native_id)
    if uri is None:
        return False
    reply = talk.ask("com.atproto.repo.getRecord", [("repo", uri.did), ("collection", uri.collection), ("rkey", uri.rkey)])
    return reply.error == "RecordNotFound" or reply.words.startswith("Could not locate record")


def _list(talk: Talk, data: Json, name: str) -> list[Json]:
    if not isinstance(data.get(name), list):
        raise talk.odd()
    return records(data, name)


def _only_signed_in(item: Json, profile: Key) -> bool:
    author = record_of(record_of(item, "post"), "author")
    return string(author, "did", 2_048) == profile.native_id and only_signed_in(author)


def only_signed_in(who: Json | None) -> bool:
    return any(string(label, "val") == ONLY_SIGNED_IN for label in records(who, "labels"))


def hidden_from_us() -> SourceUnavailable:
    return SourceUnavailable(
        say("This profile asks to be shown only to people who are signed in to Bluesky. Nothing of it was read and nothing was deleted; sign in with an app password to read it."),
        trouble=Trouble.REFUSED,
    )


def _of_feed(items: Sequence[Json]) -> list[Fact]:
    return once(fact for item in reversed(items) for fact in item_facts(item))


def read_notifications(reading: Reading, me: Key, cursor: str) -> Iterator[Page]:
    """What others did towards me. Never says that they were seen: that would mark them read on the user's telephone."""
    fetch, facts = partial(_notified, reading.talk), partial(_of_notifications, reading.talk, me)
    yield from read_listing(Listing(place=PLACE, fetch=fetch, facts=facts, clock=reading.clock), Cursor.read(cursor), ())


def _notified(talk: Talk, further: str) -> Sheet:
    query = [("limit", str(LIMIT)), *([("cursor", further)] if further else [])]
    data = talk.get("app.bsky.notification.listNotifications", query)
    items = _list(talk, data, "notifications")
    lines = tuple(
        Line(uri=string(item, "uri", 8_192), mark=string(item, "cid", 200)[-12:], moment=moment_of(string(item, "indexedAt"))[0], item=item)
        for item in items
    )
    return Sheet(lines=lines, further=string(data, "cursor", 1_000) if items else "")


def _of_notifications(talk: Talk, me: Key, items: Sequence[Json]) -> list[Fact]:
    wanted = [string(item, "uri", 8_192) if is_written(item) else str(subject_of(item) or "") for item in items]
    posts = posts_at(talk, tuple(uri for uri in dict.fromkeys(wanted) if (found := at_uri(uri)) and found.collection == POST))
    opening: list[Fact] = [Profile(key=me)] if items else []  # reactions name me and tell no more
    return opening + once(fact for item in reversed(items) for fact in notification_facts(item, me, posts))


def posts_at(talk: Talk, uris: tuple[str, ...]) -> dict[str, Json]:
    """Posts as the place shows them, by at-uri. One that is not given is not gone: it may be blocked or hidden."""
    found: dict[str, Json] = {}
    for start in range(0, len(uris), _AT_ONCE):
        try:
            data = talk.ask("app.bsky.feed.getPosts", [("uris", uri) for uri in uris[start : start + _AT_ONCE]]).data
        except SourceError:
            return found
        found.update((string(post, "uri", 8_192), post) for post in records(data, "posts"))
    return found


def read_answers(reading: Reading, me: Key, cursor: str) -> Iterator[Page]:
    """Answers to my newest posts: the threads of those whose number of answers has changed. One page per thread."""
    counts = _counts(cursor)
    data = reading.talk.get("app.bsky.feed.getAuthorFeed", [("actor", me.native_id), ("limit", str(RECENT_POSTS)), ("includePins", "false")])
    posts = [post for item in _list(reading.talk, data, "feed") if (post := record_of(item, "post")) is not None and _is_by(post, me.native_id)]
    now = {string(post, "uri", 8_192): count for post in posts if isinstance(count := post.get("replyCount"), int)}
    changed = [uri for uri, count in now.items() if count != counts.get(uri, 0)]
    kept = {uri: counts[uri] for uri in now if uri in counts}
    for number, uri in enumerate(changed[:MAX_THREADS]):
        query = [("uri", uri), ("depth", "6"), ("parentHeight", "0")]
        reply = reading.talk.ask("app.bsky.feed.getPostThread", query)
        kept |= {uri: now[uri]}
        found = once(_answers(record_of(reply.data, "thread"), me))
        yield Page(facts=tuple(found), cursor=json.dumps(kept, sort_keys=True), more=number + 1 < min(len(changed), MAX_THREADS))
    if not changed:
        yield Page(cursor=json.dumps(kept, sort_keys=True))


def _counts(cursor: str) -> dict[str, int]:
    try:
        data: Any = json.loads(cursor) if cursor else {}
        return {str(uri): int(count) for uri, count in data.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _is_by(post: Json, did: str) -> bool:
    uri = at_uri(string(post, "uri", 8_192))
    return uri is not None and uri.did == did


def _answers(thread: Json | None, me: Key) -> Iterator[Fact]:
    """What others answered to posts of mine in a thread, in the order of showing; what they say to one another is theirs."""
    waiting = [thread] if thread is not None else []
    for _ in range(MAX_ANSWERS):
        if not waiting:
            return
        node = waiting.pop()
        post = record_of(node, "post")
        below = records(node, "replies")
        if post is not None and _is_by(post, me.native_id):
            for reply in below:
                answer = record_of(reply, "post")
                if answer is not None and not _is_by(answer, me.native_id):
                    yield from post_facts(answer, {"parent": post})
        waiting += reversed(below)
