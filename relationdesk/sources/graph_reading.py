"""What is read of one's own presence in a place of Meta's: what I publish, and what others say under it. Never anybody else's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from relationdesk.errors import Gone
from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Kind,
    Page,
    Participant,
    Precision,
    Profile,
    Rejected,
    Role,
    pairs,
)
from relationdesk.saying import say
from relationdesk.sources.graph_talk import Talk
from relationdesk.sources.json_fields import Json, moment_of, records, string
from relationdesk.sources.json_talk import NotShown
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, once, read_listing
from relationdesk.text import tidy

PER_PAGE = 50
TALKED_OF = timedelta(days=30)
"""How long it is looked under a post for what others say."""
MOST_POSTS = 25
"""Posts under which is looked in one reading, one question each."""
PACE = timedelta(hours=1)
MOST_KNOWN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What all of these places say in fields of one shape. id, text, time: of the item. who: the author, None where it is not told.
    under: id of what it answers. kind, marks: what it is and shows."""

    id: str
    text: str
    time: str
    url: str
    who: Profile | None
    kind: Kind
    under: str = ""
    thread: str = ""
    marks: tuple[str, ...] = ()
    edited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One place. posts, comments: paths of lists ("/me/threads", "/{}/replies"), and the fields that are asked for. of_post, of_comment:
    what an item says. talked_of: whether anything may stand under a post. more: further questions for comments."""

    place: str
    title: str
    posts: str
    post_fields: str
    comments: str
    comment_fields: str
    of_post: Callable[[Json], Words]
    of_comment: Callable[[Json], Words]
    talked_of: Callable[[Json], bool]
    more: tuple[tuple[str, str], ...] = ()


def facts_of(words: Words, place: str, me: Profile, towards: Profile | None = None, role: Role = Role.REPLY_TO) -> Iterator[Fact]:
    """Who said it, then what; a `Rejected` where that is not told. towards: whom it answers or names; None for me, where others wrote it."""
    published, precision = moment_of(words.time)
    if not words.id or published is None or precision is not Precision.SECOND:
        yield Rejected(where=f"{place} item {words.id or '?'}", reason=say("it has no number or date"))
        return
    if words.who is None:
        yield Rejected(where=f"{place} item {words.id}", reason=say("it is not said who wrote it"))
        return
    is_mine = words.who.key == me.key
    yield me if is_mine else words.who
    meant = towards or (None if is_mine else Profile(key=me.key, is_owner=True))
    meant = None if meant is None or meant.key == words.who.key else meant
    if meant is not None:
        yield meant
    edited, _ = moment_of(words.edited)
    yield Activity(
        key=Key(place, words.id), actor=words.who.key, kind=words.kind, published=published, precision=precision,
        text=tidy("\n\n".join(filter(None, (words.text, *(f"[{mark}]" for mark in words.marks))))), url=words.url, in_reply_to=words.under,
        thread=words.thread or words.under or words.id, audience=Audience.PUBLIC,
        participants=(Participant(profile=meant.key, role=role),) if meant is not None else (),
        extra=pairs(edited=f"{edited:%Y-%m-%dT%H:%M:%SZ}" if edited is not None and edited > published else ""),
    )  # fmt: skip


def read_posts(talk: Talk, net: Network, me: Profile, cursor: str, path: str = "") -> Iterator[Page]:
    """What I published, newest first; what vanished is asked for by itself. Raises what `Talk.ask` raises."""
    listing = Listing(
        place=net.place, fetch=partial(_posts, talk, net, path or net.posts), facts=partial(_of_posts, net, me), clock=talk.clock, covers=me.key,
        gone=talk.is_gone, native=lambda id_: net.of_post({"id": id_}).id,
    )  # fmt: skip
    yield from read_listing(listing, Cursor.read(cursor), (me,))


def _posts(talk: Talk, net: Network, path: str, further: str) -> Sheet:
    items, after = talk.page(path, further, fields=net.post_fields, limit=PER_PAGE)
    lines = tuple(
        Line(uri=string(item, "id", 100), mark=mark_of(net.of_post(item)), moment=moment_of(net.of_post(item).time)[0], item=item) for item in items
    )
    return Sheet(lines=lines, further=after)


def _of_posts(net: Network, me: Profile, items: Sequence[Json]) -> list[Fact]:
    return once(fact for item in reversed(items) for fact in facts_of(net.of_post(item), net.place, me))


def mark_of(words: Words) -> str:
    """Changes with what its author can change."""
    return hashlib.sha256("\0".join((words.text, words.url, words.edited, *words.marks)).encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """asked: ISO time of the last look. known: (id, mark) of what was heard, the newest last."""

    asked: str = ""
    known: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, text: str) -> Heard:
        """Anything that is no cursor of ours begins anew."""
        try:
            data: Any = json.loads(text) if text else {}
            return cls(asked=str(data["asked"]), known=tuple((str(id_), str(mark)) for id_, mark in data["known"]))
        except (ValueError, TypeError, AttributeError, KeyError):
            return cls()

    def text(self) -> str:
        return json.dumps({"asked": self.asked, "known": self.known})


def read_comments(talk: Talk, net: Network, me: Profile, cursor: str) -> Iterator[Page]:
    """What others say under what I published in the last 30 days; at most once an hour. Absence says nothing. Raises what `Talk.ask` raises."""
    at, now = Heard.read(cursor), talk.clock()
    if at.asked and not due(at.asked, now, PACE):
        return
    posts, _ = talk.page(net.posts, fields=net.post_fields, limit=MOST_POSTS)
    known = dict(at.known)
    said = [item for post in _talked_of(net, posts, now) for item in _under(talk, net, post)]
    yield _told(net, me, said, known, now.isoformat(), Role.REPLY_TO)


def read_list(talk: Talk, net: Network, me: Profile, cursor: str, path: str) -> Iterator[Page]:
    """What others say that names me, from one list. Raises what `Talk.ask` raises."""
    at, now = Heard.read(cursor), talk.clock()
    items, _ = talk.page(path, fields=net.comment_fields, limit=PER_PAGE)
    yield _told(net, me, items, dict(at.known), now.isoformat(), Role.MENTIONED)


def _told(net: Network, me: Profile, items: Sequence[Json], known: dict[str, str], now: str, role: Role) -> Page:
    """Only what is new or was rewritten. Whom it answers is known where that stands beside it."""
    facts: list[Fact] = [Profile(key=me.key, is_owner=True)]
    authors = {words.id: words.who for words in map(net.of_comment, items)}
    for item in sorted(items, key=lambda item: net.of_comment(item).time):
        words = net.of_comment(item)
        if known.get(words.id) == mark_of(words):
            continue
        if words.id:
            known[words.id] = mark_of(words)
        facts += facts_of(words, net.place, me, authors.get(words.under), role)
    return Page(facts=tuple(once(iter(facts))), cursor=Heard(asked=now, known=tuple(known.items())[-MOST_KNOWN:]).text())


def _talked_of(net: Network, posts: Sequence[Json], now: datetime) -> list[Json]:
    fresh = [post for post in posts if (moment := moment_of(net.of_post(post).time)[0]) is not None and now - moment <= TALKED_OF]
    return [post for post in fresh if net.talked_of(post) and string(post, "id", 100)][:MOST_POSTS]


def _under(talk: Talk, net: Network, post: Json) -> list[Json]:
    """What stands under one post, and under that; nothing for one that went meanwhile, or shows it to nobody."""
    id_ = string(post, "id", 100)
    try:
        items, _ = talk.page(net.comments.format(id_), fields=net.comment_fields, limit=PER_PAGE, **dict(net.more))
    except (Gone, NotShown):
        return []
    below = [{**one, "parent": {"id": string(item, "id", 100)}, "post": id_} for item in items for one in records(item.get("replies"), "data")]
    return [*({"post": id_, **item} for item in items), *below]
