"""From what YouTube's API says to our facts. Pure. Keys are those of its feeds and of Google's own export: a video is
"yt:video:<id>", a channel and a comment have YouTube's ids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from relationdesk.markup import html_to_text
from relationdesk.model import Activity, Fact, Key, Kind, Participant, Profile, Rejected, Role, pairs, unique
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_said
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string
from relationdesk.text import tidy

PLACE = "youtube"
VIDEO = "yt:video:"
CHANNEL = re.compile(r"UC[\w-]{22}")
_ID = re.compile(r"[\w-]{5,40}")
_COMMENT = re.compile(r"[\w.=-]{1,200}")


def page_of(channel: str) -> str:
    return f"https://www.youtube.com/channel/{channel}"


def profile_of(channel: Json, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from a resource of channels. The pages its description names are only said."""
    said, id_ = record_of(channel, "snippet") or {}, string(channel, "id", 60)
    words = said.get("description")
    bio = tidy(words, 20_000) if isinstance(words, str) else ""
    return Profile(
        key=Key(PLACE, id_), handle=string(said, "customUrl", 100).removeprefix("@"), display_name=string(said, "title"), url=page_of(id_), bio=bio,
        addresses=unique(addresses_said(bio)), known=known, is_owner=is_owner,
    )  # fmt: skip


def video_of(item: Json) -> str:
    """The id of the video that an item of a playlist stands for; "" for none."""
    id_ = string(record_of(item, "contentDetails"), "videoId", 60) or string(record_of(record_of(item, "snippet"), "resourceId"), "videoId", 60)
    return id_ if _ID.fullmatch(id_) else ""


def published_at(item: Json) -> str:
    """When the video was published, not when it was put on the list."""
    return string(record_of(item, "contentDetails"), "videoPublishedAt", 60)


def is_hidden(item: Json) -> bool:
    """A place held for a video that is private or deleted: it has no date of its own."""
    return not published_at(item)


def mark_of(item: Json) -> str:
    """Changes with what its author can change."""
    said = record_of(item, "snippet") or {}
    return _digest(str(said.get("title")), str(said.get("description")), published_at(item))


def video_facts(item: Json, channel: Key) -> tuple[Fact, ...]:
    """One video of a channel; a `Rejected` if it cannot be one."""
    id_, said = video_of(item), record_of(item, "snippet") or {}
    published, precision = moment_of(published_at(item))
    if not id_ or published is None:
        return (Rejected(where=f"YouTube video {id_ or '?'}", reason=say("it has no id or date")),)
    words = said.get("description")
    return (
        Activity(
            key=Key(PLACE, VIDEO + id_), actor=channel, kind=Kind.VIDEO, published=published, precision=precision, title=string(said, "title", 300),
            text=tidy(words) if isinstance(words, str) else "", url=f"https://www.youtube.com/watch?v={id_}", thread=VIDEO + id_,
        ),
    )  # fmt: skip


def comments_of(thread: Json) -> list[Json]:
    """The comment that began a thread, and the answers that came with it; [] for no thread."""
    top = record_of(record_of(thread, "snippet"), "topLevelComment")
    return [] if top is None else [top, *records(record_of(thread, "replies"), "comments")]


def thread_mark(thread: Json) -> str:
    """Changes with a new answer, and with what the authors of those shown can change."""
    count = string(record_of(thread, "snippet"), "totalReplyCount", 20)
    return _digest(count, *(f"{string(each, 'id', 200)} {string(record_of(each, 'snippet'), 'updatedAt', 60)}" for each in comments_of(thread)))


def comment_facts(comment: Json, thread: Json, me: Key) -> Iterator[Fact]:
    """One comment under a video of mine: who wrote it, then what; a `Rejected` if it cannot be one."""
    id_, said = string(comment, "id", 200), record_of(comment, "snippet") or {}
    author = author_of(comment)
    published, precision = moment_of(string(said, "publishedAt", 60))
    if not _COMMENT.fullmatch(id_) or author is None or published is None:
        yield Rejected(where=f"YouTube comment {id_ or '?'}", reason=say("it has no id, author or date"))
        return
    top = next(iter(comments_of(thread)), {})
    video = string(record_of(thread, "snippet"), "videoId", 60) or string(said, "videoId", 60)
    about = VIDEO + video if _ID.fullmatch(video) else ""
    parent = string(said, "parentId", 200)
    answered = author_of(top) if parent else Profile(key=me)
    yield author
    towards: tuple[Participant, ...] = ()
    if answered is not None and answered.key != author.key:
        if answered.key != me:
            yield answered
        towards = (Participant(profile=answered.key, role=Role.REPLY_TO),)
    edited = string(said, "updatedAt", 60)
    yield Activity(
        key=Key(PLACE, id_), actor=author.key, kind=Kind.COMMENT, published=published, precision=precision,
        text=tidy(html_to_text(str(said.get("textDisplay") or ""))), url=f"https://www.youtube.com/watch?v={video}&lc={id_}" if about else "",
        in_reply_to=parent or about, thread=about, participants=towards,
        extra=pairs(edited=edited if edited != string(said, "publishedAt", 60) else ""),
    )  # fmt: skip


def author_of(comment: Json) -> Profile | None:
    """Who wrote a comment. Their display name is mostly their handle, and then no name of theirs."""
    said = record_of(comment, "snippet") or {}
    id_, name = string(record_of(said, "authorChannelId"), "value", 60), string(said, "authorDisplayName", 200)
    if not CHANNEL.fullmatch(id_):
        return None
    handle = name.removeprefix("@") if name.startswith("@") else ""
    return Profile(key=Key(PLACE, id_), handle=handle, display_name="" if handle else name, url=page_of(id_))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
