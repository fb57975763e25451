"""From the posts and likes of an X archive to facts: v1.1 objects of all years, and the rows of tweets.csv.

A post's key is its number, as in X's API. A post that was edited has a number per version: only the newest version is
kept, the others are withdrawn. A like is keyed by who liked what, and has no time: X does not tell it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from relationdesk.model import (
    Activity,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Role,
    Tombstone,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.json_fields import record_of, records, string
from relationdesk.sources.x_notes import Notes
from relationdesk.sources.x_people import PLACE, People
from relationdesk.sources.x_values import is_id, post_time, time_in
from relationdesk.text import tidy

Row = Mapping[str, Any]
_SHARED = re.compile(r"RT @(\w{1,20}): ?")
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:#!/)?(\w{1,20})/status(?:es)?/(\d{1,20})", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/\s]+\S*", re.IGNORECASE)
_MEDIA = {"photo": "Image", "video": "Video", "animated_gif": "Animation"}


class BadRow(Exception):
    """This record cannot be read; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """What turns posts into facts. newest: the numbers of edited posts that the archive has in their newest version."""

    people: People
    newest: set[str]
    notes: Notes


def id_of(row: Row) -> str:
    """The number of a post; v1.1 has it as text and as a number, which other programs round."""
    return string(row, "id_str", 40) or string(row, "id", 40) or string(row, "tweet_id", 40)


def versions(row: Row) -> list[str]:
    """The numbers of all versions of an edited post, oldest first; [] for one that was never edited."""
    info = record_of(row, "edit_info") or {}
    control = record_of(info, "initial") or record_of(record_of(info, "edit") or {}, "editControlInitial") or {}
    found = control.get("editTweetIds")
    ids = [str(id_) for id_ in found[:20] if is_id(str(id_))] if isinstance(found, list) else []
    return sorted(ids, key=int) if len(ids) > 1 else []


def hear(row: Row, people: People) -> None:
    """Let `people` know whom a post calls what."""
    when = int(id_of(row)) if is_id(id_of(row)) else 0
    for mention in records(record_of(row, "entities"), "user_mentions"):
        people.hear(_number(mention), string(mention, "screen_name", 60), string(mention, "name", 300), when)
    people.hear(string(row, "in_reply_to_user_id_str", 40), string(row, "in_reply_to_screen_name", 60), "", when - 1)
    if shared := record_of(row, "retweeted_status"):
        author = record_of(shared, "user") or {}
        people.hear(_number(author), string(author, "screen_name", 60), string(author, "name", 300), when)


def _number(who: Row) -> str:
    return string(who, "id_str", 40) or string(who, "id", 40)


def post_facts(row: Row, posts: Posts, *, old: bool = False) -> Iterator[Fact]:
    """Everybody who takes part, then the post. old: of an archive from before 2018. Raises BadRow."""
    id_ = id_of(row)
    if not is_id(id_):
        raise BadRow(say("It has no number, so it is no post."))
    edits = versions(row)
    if edits and id_ != edits[-1] and edits[-1] in posts.newest:
        yield Tombstone(key=Key(PLACE, id_))
        return
    if id_ in edits:
        yield from (Tombstone(key=Key(PLACE, before)) for before in edits[: edits.index(id_)])
    published, precision = post_time(string(row, "created_at", 60) or string(row, "timestamp", 60), id_, old=old)
    if published is None:
        raise BadRow(say("Its date cannot be true, and its number does not hold one; it was set aside."))
    edited = f"{published:%Y-%m-%dT%H:%M:%SZ}" if id_ in edits[1:] else ""
    shared = _shared(row)
    towards = _towards(row, shared, posts.people, id_)
    for key in dict.fromkeys(key for key, _ in towards):
        yield from posts.people.tell(key)
    said = record_of(row, "retweeted_status") or row
    text = tidy("\n\n".join(filter(None, (posts.notes.whole(published, _words(said, shared)), *_media(said)))))
    answered = string(row, "in_reply_to_status_id_str", 40) or string(row, "in_reply_to_status_id", 40)
    yield Activity(
        key=Key(PLACE, id_), actor=posts.people.owner, published=published, precision=precision, text=text,
        kind=Kind.SHARE if shared else Kind.REPLY if any(role is Role.REPLY_TO for _, role in towards) or is_id(answered) else Kind.POST,
        url=post_page(posts.people, id_), in_reply_to=answered if is_id(answered) and not shared else "",
        participants=tuple(Participant(profile=key, role=role) for key, role in towards),
        extra=pairs(edited=edited, shared=_shared_id(row), community=string(record_of(row, "scopes"), "community_id", 40)),
    )  # fmt: skip


def post_page(people: People, id_: str) -> str:
    handle = people.owner_handle or "i"
    return f"https://x.com/{handle}/status/{id_}"


def _shared(row: Row) -> str:
    """The handle of whom this passes on, "" for the owner's own words; "i" if only that is known."""
    if author := record_of(record_of(row, "retweeted_status"), "user"):
        return string(author, "screen_name", 60) or "i"
    found = _SHARED.match(_raw(row))
    if found:
        return found.group(1)
    return "i" if _shared_id(row) else ""


def _shared_id(row: Row) -> str:
    id_ = id_of(record_of(row, "retweeted_status") or {}) or string(row, "retweeted_status_id", 40)
    return id_ if is_id(id_) else ""


def _raw(row: Row) -> str:
    for name in ("full_text", "text"):
        if isinstance(text := row.get(name), str):
            return text
    return ""


def _towards(row: Row, shared: str, people: People, id_: str) -> list[tuple[Key, Role]]:
    """Whom a post passes on, answers, names and quotes; each once, never the owner."""
    found: dict[Key, Role] = {}

    def add(key: Key | None, role: Role) -> None:
        if key is not None and key != people.owner:
            found.setdefault(key, role)

    mentions = records(record_of(row, "entities"), "user_mentions")
    if shared:
        author = record_of(record_of(row, "retweeted_status"), "user") or {}
        named = next((_number(m) for m in mentions if string(m, "screen_name", 60).lower() == shared.lower()), "")
        add(people.found(_number(author) or named or string(row, "retweeted_status_user_id", 40), shared if shared != "i" else ""), Role.SUBJECT)
        return list(found.items())
    answered = string(row, "in_reply_to_user_id_str", 40) or string(row, "in_reply_to_user_id", 40)
    add(people.found(answered, string(row, "in_reply_to_screen_name", 60)), Role.REPLY_TO)
    for mention in mentions:
        add(people.found(_number(mention), string(mention, "screen_name", 60)), Role.MENTIONED)
    for handle, quoted in _quoted(row):
        if quoted != id_:
            add(people.found("", handle), Role.SUBJECT)
    return list(found.items())


def _quoted(row: Row) -> Iterator[tuple[str, str]]:
    """Handle and number of the posts that a post links to. "i" and "web" are no handles."""
    for url in records(record_of(row, "entities"), "urls"):
        if (found := _STATUS.match(string(url, "expanded_url"))) and found.group(1).lower() not in ("i", "web"):
            yield found.group(1), found.group(2)


def _words(row: Row, shared: str) -> str:
    """The words, links written out; without "RT @who:" if they are somebody else's."""
    text = html.unescape(_raw(row))
    if shared and (found := _SHARED.match(text)):
        text = text[found.end() :]
    entities = record_of(row, "entities") or {}
    for url in records(entities, "urls"):
        if (short := string(url, "url", 200)) and (whole := string(url, "expanded_url")):
            text = text.replace(short, whole)
    for medium in records(entities, "media"):
        if short := string(medium, "url", 200):
            text = text.replace(short, "")
    return text.strip()


def _media(row: Row) -> Iterator[str]:
    for medium in records(record_of(row, "extended_entities"), "media") or records(record_of(row, "entities"), "media"):
        described = string(medium, "ext_alt_text") or string(medium, "description")
        title = _MEDIA.get(string(medium, "type"), "Attachment")
        yield f"[{title}: {described}]" if described else f"[{title}]"


def like_facts(row: Row, people: People) -> Iterator[Fact]:
    """A like: by the owner, of a post whose words may be told and whose author mostly is not, at no known time. Raises BadRow."""
    id_ = string(row, "tweetId", 40) or string(row, "tweet_id", 40)
    if not is_id(id_):
        raise BadRow(say("It does not say which post was liked."))
    url = string(row, "expandedUrl")
    found = _STATUS.match(url)
    author = people.found("", found.group(1)) if found and found.group(1).lower() not in ("i", "web") else None
    author = None if author == people.owner else author
    if author is not None:
        yield from people.tell(author)
    posted = time_in(id_)
    text = row.get("fullText")
    yield Activity(
        key=Key(PLACE, f"{people.owner.native_id}#like:{id_}"), actor=people.owner, kind=Kind.REACTION, published=None,
        precision=Precision.UNKNOWN, text=tidy(html.unescape(text)) if isinstance(text, str) else "", in_reply_to=id_,
        url=url if _WEB.fullmatch(url) else f"https://x.com/i/status/{id_}",
        participants=(Participant(profile=author, role=Role.SUBJECT),) if author is not None else (),
        extra=pairs(reaction="like", posted=f"{posted:%Y-%m-%dT%H:%M:%SZ}" if posted else ""),
    )  # fmt: skip


def note_facts(notes: Notes, people: People) -> Iterator[Fact]:
    """Long posts to which no post in the archive belongs."""
    for id_, published, text in notes.left():
        yield Activity(key=Key(PLACE, f"note:{id_}"), actor=people.owner, kind=Kind.POST, published=published, text=text)


def withdrawn(row: Row) -> Iterator[Fact]:
    """A post that the owner deleted. Raises BadRow."""
    if not is_id(id_ := id_of(row)):
        raise BadRow(say("It has no number, so it is no post."))
    yield Tombstone(key=Key(PLACE, id_))
