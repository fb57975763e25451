"""What one row of a Reddit data request says. Keys are Reddit's own full names (t1_ a comment, t3_ a post, t4_ a message),
as its feeds give them; a chat message is "chat:" and its number. Times are UTC and say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Precision, Profile, Role, pairs
from relationdesk.saying import say
from relationdesk.sources.chats import towards
from relationdesk.sources.reddit_people import PLACE, People, community_of, key_of, user_of
from relationdesk.sources.tables import Row
from relationdesk.text import one_line, tidy

_POST = re.compile(r"/comments/(\w{1,20})")
_COMMENT = re.compile(r"/comments/\w{1,20}/[^/]*/(\w{1,20})/?(?:\?|$)")
_PAGE = re.compile(r"https?://\S+")
_DIRECTIONS = {"up": "upvote", "down": "downvote"}

Members = dict[str, list[str]]
"""Who wrote in each channel, as far as the rows show."""


class BadRow(ValueError):
    """A row that says nothing; the reason as a sentence."""


class Reading:
    """What the rows of one request share. owner: None where only friends are read."""

    def __init__(self, owner: Profile | None, members: Members) -> None:
        self.people = People(owner)
        self.me = owner.key if owner else Key(PLACE, "me")
        self.members = members

    def key(self, name: str) -> Key:
        return key_of(name)


def moment(text: str) -> tuple[datetime | None, Precision]:
    """ "2024-05-02 18:11:04 UTC"."""
    try:
        when = datetime.fromisoformat(text.strip().removesuffix("UTC").strip()[:40])
    except ValueError:
        return None, Precision.UNKNOWN
    try:
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None, Precision.UNKNOWN
    return (when, Precision.SECOND) if 2005 <= when.year < 2200 else (None, Precision.UNKNOWN)


def _id(row: Row, kind: str) -> str:
    """Reddit's full name of what a row is about. Raises BadRow."""
    found = re.fullmatch(r"(?:t\d_)?(\w{1,20})", row["id"])
    if not found:
        raise BadRow(say("It has no id."))
    return f"{kind}_{found[1]}"


def _page(text: str) -> str:
    """A page of Reddit, whose older tables leave out the host."""
    text = f"https://www.reddit.com{text}" if text.startswith("/r/") or text.startswith("/user/") else text
    return one_line(text, 2_000) if _PAGE.fullmatch(text) else ""


def post_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    page, link = _page(row["permalink"]), _page(row["url"])
    when, precision = moment(row["date"])
    yield Activity(
        key=Key(PLACE, _id(row, "t3")), actor=reading.me, kind=Kind.POST, published=when, precision=precision, title=one_line(row["title"], 1_000),
        text=tidy(row["body"]), url=page or link, thread=_id(row, "t3"),
        extra=pairs(link=link if link.rstrip("/") != page.rstrip("/") else "", subreddit=one_line(row["subreddit"], 100)),
    )  # fmt: skip


def comment_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    post = _POST.search(row.first("link", "permalink"))
    parent = row["parent"] if re.fullmatch(r"t\d_\w{1,20}", row["parent"]) else ""
    if not parent and re.fullmatch(r"[0-9a-z]{2,20}", row["parent"]):  # some requests give the bare number of a comment, or of the post
        parent = f"{'t3' if post and row['parent'] == post[1] else 't1'}_{row['parent']}"
    when, precision = moment(row["date"])
    yield Activity(
        key=Key(PLACE, _id(row, "t1")), actor=reading.me, kind=Kind.COMMENT, published=when, precision=precision, text=tidy(row["body"]),
        url=_page(row["permalink"]), in_reply_to=parent or (f"t3_{post[1]}" if post else ""), thread=f"t3_{post[1]}" if post else "",
        extra=pairs(subreddit=one_line(row["subreddit"], 100)),
    )  # fmt: skip


def message_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    id_, when = _id(row, "t4"), moment(row["date"])
    began = re.fullmatch(r"(?:t4_)?(\w{1,20})", row["thread_id"])
    thread = f"t4_{began[1]}" if began else id_
    sender, other = user_of(row["from"]), user_of(row["to"])
    sent_by_me = bool(sender) and reading.key(sender) == reading.me
    if sender:
        actor, said = reading.key(sender), reading.people.user(sender)
    elif community := community_of(row["from"]):
        actor, said = reading.people.community(community)
    else:
        actor, said = reading.people.gone(thread)
    yield from said
    participants: tuple[Participant, ...] = ()
    if other and reading.key(other) != actor:
        yield from reading.people.user(other, known=sent_by_me)
        participants = (Participant(profile=reading.key(other), role=Role.TO),)
    yield Activity(
        key=Key(PLACE, id_), actor=actor, kind=Kind.MESSAGE, published=when[0], precision=when[1], title=one_line(row["subject"], 1_000),
        text=tidy(row["body"]), url=_page(row["permalink"]), thread=thread, audience=Audience.PRIVATE, participants=participants,
        extra=pairs(conversation=f"r/{name}" if (name := community_of(row["to"])) else ""),
    )  # fmt: skip


def chat_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    id_, channel = one_line(row["message_id"], 200), one_line(row["channel_url"], 300)
    if not id_:
        raise BadRow(say("It has no id."))
    public = bool(row["subreddit"]) or row["conversation_type"].casefold() not in ("", "direct", "group")
    members = [] if public else reading.members.get(channel, [])
    direct = row["conversation_type"].casefold() == "direct" or (not row["conversation_type"] and len(members) <= 2)
    for name in members:
        yield from reading.people.user(name, known=direct)
    if name := user_of(row["username"]):
        actor = reading.key(name)
        yield from reading.people.user(name, known=direct and not public)
    else:
        actor, said = reading.people.gone(channel)
        yield from said
    when, precision = moment(row["created_at"])
    parent = one_line(row["thread_parent_message_id"], 200)
    yield Activity(
        key=Key(PLACE, f"chat:{id_}"), actor=actor, kind=Kind.MESSAGE, published=when, precision=precision, text=tidy(row["message"]), thread=channel,
        in_reply_to=f"chat:{parent}" if parent else "", audience=Audience.PUBLIC if public else Audience.PRIVATE,
        participants=towards(actor, (reading.key(name) for name in members)),
        extra=pairs(conversation="" if direct else one_line(row["channel_name"], 300), subreddit=one_line(row["subreddit"], 100)),
    )  # fmt: skip


def vote_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    reaction = _DIRECTIONS.get(row["direction"].casefold())
    if reaction is None:
        return  # taken back
    about = _about(row)
    yield Activity(
        key=Key(PLACE, f"{reading.me.native_id}#vote:{about}"), actor=reading.me, kind=Kind.REACTION, published=None, precision=Precision.UNKNOWN,
        url=_page(row["permalink"]), in_reply_to=about, audience=Audience.PRIVATE, extra=pairs(reaction=reaction),
    )  # fmt: skip


def saved_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    about = _about(row)
    yield Activity(
        key=Key(PLACE, f"{reading.me.native_id}#saved:{about}"), actor=reading.me, kind=Kind.BOOKMARK, published=None, precision=Precision.UNKNOWN,
        url=_page(row["permalink"]), audience=Audience.PRIVATE,
    )  # fmt: skip


def _about(row: Row) -> str:
    return _id(row, "t1" if _COMMENT.search(row["permalink"]) else "t3")


def friend_facts(row: Row, reading: Reading) -> Iterator[Fact]:
    name = user_of(row["username"])
    if not name:
        raise BadRow(say("It does not say who this is."))
    yield from reading.people.user(name, known=True)


READERS: dict[str, Callable[[Row, Reading], Iterator[Fact]]] = {
    "posts": post_facts, "comments": comment_facts, "messages": message_facts, "chat": chat_facts, "votes": vote_facts, "saved": saved_facts,
    "friends": friend_facts,
}  # fmt: skip
"""By the name of the part."""
