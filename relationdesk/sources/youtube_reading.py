"""How a channel and the comments under one's own videos are read with a key, newest first, and what became of them since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from relationdesk.errors import Gone, SourceUnavailable, UnexpectedAnswer
from relationdesk.model import Fact, Key, Page, Profile
from relationdesk.saying import say
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string, whole
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, once, read_listing
from relationdesk.sources.youtube_facts import (
    PLACE,
    VIDEO,
    comment_facts,
    comments_of,
    is_hidden,
    mark_of,
    profile_of,
    published_at,
    thread_mark,
    video_facts,
    video_of,
)
from relationdesk.sources.youtube_talk import Refused, Talk

LOOK_AGAIN = timedelta(days=1)
"""How often the channel itself is read."""
MAX_THREADS = 10
"""Threads of one page whose further answers are asked for, one question each."""


def read_channel(talk: Talk, channel: Key, cursor: str, *, mine: bool = False) -> Iterator[Page]:
    """The videos of one channel. Raises the errors of `Talk.get`, and Gone for a channel that is no longer there."""
    at, now = Cursor.read(cursor), talk.clock()
    opening: tuple[Fact, ...] = ()
    if not at.note or due(at.looked, now, LOOK_AGAIN):
        profile, uploads = _channel(talk, channel.native_id, mine)
        opening, at = (profile,), replace(at, note=uploads, looked=now.isoformat())
    reading = _Uploads(talk, channel, at)
    listing = Listing(
        place=PLACE, fetch=reading.fetch, facts=reading.facts, clock=talk.clock, covers=channel, gone=reading.is_withdrawn,
    )  # fmt: skip
    yield from read_listing(listing, at, opening)


def find_channel(talk: Talk, **which: str) -> Json | None:
    """The channel of an id, a handle (`forHandle`) or an old user name (`forUsername`); None for nobody's."""
    found = talk.get("channels", part="snippet,contentDetails", **which)
    return next(iter(records(found, "items")), None)


def _channel(talk: Talk, id_: str, mine: bool) -> tuple[Profile, str]:
    """The profile, and the playlist of its videos."""
    found = find_channel(talk, id=id_)
    if found is None:
        raise Gone(say("YouTube shows no such channel (any more). What was read before is kept."))
    if string(found, "id", 60) != id_:
        raise UnexpectedAnswer(say("YouTube answered with another channel. Nothing of it was kept and nothing was deleted; it will be tried again."))
    uploads = string(record_of(record_of(found, "contentDetails"), "relatedPlaylists"), "uploads", 60)
    return profile_of(found, is_owner=mine), uploads or f"UU{id_[2:]}"


class _Uploads:
    """The list of a channel's videos."""

    def __init__(self, talk: Talk, channel: Key, at: Cursor) -> None:
        self._talk, self._channel, self._at = talk, channel, at
        self._living = ""

    def fetch(self, further: str) -> Sheet:
        tag = "" if further or self._at.missing else self._at.tag
        more = {"pageToken": further} if further else {}
        try:
            found = self._talk.get("playlistItems", tag, part="snippet,contentDetails", playlistId=self._at.note, maxResults=50, **more)
        except Refused as e:
            if e.reasons & {"playlistNotFound", "notFound"} and not self._at.recent:
                return Sheet()  # a channel without videos has no list of them
            raise SourceUnavailable(say("YouTube does not show the videos of this channel at the moment. What was read before is kept; it will be tried again.")) from e
        if found is None:
            return Sheet(tag=tag, unchanged=True)
        theirs = [item for item in records(found, "items") if not is_hidden(item) and self._is_theirs(item)]
        lines = tuple(
            Line(uri=f"{VIDEO}{id_}" if (id_ := video_of(item)) else "", mark=mark_of(item), moment=moment_of(published_at(item))[0], item=item)
            for item in theirs
        )
        if not further:
            self._living = next((line.uri for line in lines if line.uri), "")
        return Sheet(lines=lines, further=string(found, "nextPageToken", 200), tag="" if further else string(found, "etag", 200))

    def _is_theirs(self, item: Json) -> bool:
        return string(record_of(item, "snippet"), "videoOwnerChannelId", 60) in ("", self._channel.native_id)

    def facts(self, items: Sequence[Json]) -> list[Fact]:
        return [fact for item in reversed(items) for fact in video_facts(item, self._channel)]

    def is_withdrawn(self, native_id: str) -> bool:
        """Whether it is missing from an answer that shows another video of the same list, so that an empty answer proves nothing."""
        return _is_missing(self._talk, "videos", native_id.removeprefix(VIDEO), self._living.removeprefix(VIDEO))


def _is_missing(talk: Talk, what: str, gone: str, living: str) -> bool:
    if not living or gone == living:
        return False
    shown = {string(item, "id", 200) for item in records(talk.get(what, part="id", id=f"{gone},{living}"), "items")}
    return living in shown and gone not in shown


def read_comments(talk: Talk, me: Key, cursor: str) -> Iterator[Page]:
    """What others say under my videos, and my answers there. Raises the errors of `Talk.get`."""
    reading = _Threads(talk, me)
    listing = Listing(place=PLACE, fetch=reading.fetch, facts=reading.facts, clock=talk.clock, gone=reading.is_withdrawn)
    yield from read_listing(listing, Cursor.read(cursor), (Profile(key=me, is_owner=True),))


class _Threads:
    """The list of threads under my videos, the newest first."""

    def __init__(self, talk: Talk, me: Key) -> None:
        self._talk, self._me = talk, me
        self._living = ""

    def fetch(self, further: str) -> Sheet:
        more = {"pageToken": further} if further else {}
        try:
            found = self._talk.get(
                "commentThreads", part="snippet,replies", allThreadsRelatedToChannelId=self._me.native_id, order="time", maxResults=100, **more
            )
        except Refused as e:
            if "commentsDisabled" in e.reasons:
                return Sheet()
            raise
        threads = records(found, "items")
        lines = tuple(Line(uri=string(each, "id", 200), mark=thread_mark(each), moment=_begun(each), item=each) for each in threads)
        if not further:
            self._living = next((line.uri for line in lines if line.uri), "")
        return Sheet(lines=lines, further=string(found, "nextPageToken", 500))

    def facts(self, items: Sequence[Json]) -> list[Fact]:
        """Of each thread what came with it; the answers that did not come along are asked for."""
        found: list[Fact] = []
        asked = 0
        for thread in reversed(items):
            said = comments_of(thread)
            top = string(next(iter(said), {}), "id", 200)
            count = whole(record_of(thread, "snippet"), "totalReplyCount") or 0
            if top and count > len(said) - 1 and asked < MAX_THREADS:
                asked += 1
                known = {string(each, "id", 200) for each in said}
                answers = records(self._talk.get("comments", part="snippet", parentId=top, maxResults=100), "items")
                said += [answer for answer in answers if string(answer, "id", 200) not in known]
            found += [fact for each in said for fact in comment_facts(each, thread, self._me)]
        return once(iter(found))

    def is_withdrawn(self, native_id: str) -> bool:
        return _is_missing(self._talk, "comments", native_id, self._living)


def _begun(thread: Json) -> datetime | None:
    said = record_of(next(iter(comments_of(thread)), {}), "snippet")
    return moment_of(string(said, "publishedAt", 60))[0]
