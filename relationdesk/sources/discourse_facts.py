"""From what a Discourse forum says to our facts. Pure; tolerant of what old and new forums leave out.

A forum's numbers mean nothing elsewhere, so each key ends in "@" and the forum. Names change, numbers do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Profile, Rejected, Role, pairs, unique
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_in, addresses_said
from relationdesk.sources.discourse_text import words_of
from relationdesk.sources.json_fields import Json, moment_of, record_of, string
from relationdesk.sources.pictures import marked_text
from relationdesk.text import tidy

PLACE = "discourse"
LIKE, WAS_LIKED, TOPIC, REPLY, RESPONSE, MENTION, QUOTE = 1, 2, 4, 5, 6, 7, 9
_PEOPLES = frozenset({"", "1", "2"})
"""Kinds of posts that people write; what a forum notes down itself, and what only its staff sees, is something else."""
_ROLES = {RESPONSE: Role.REPLY_TO, MENTION: Role.MENTIONED, QUOTE: Role.MENTIONED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """base: its address, with its folder. me, my_name: who we are there. closed: what is read of it is shown to members only."""

    base: str
    me: Key | None = None
    my_name: str = ""
    closed: bool = False

    @property
    def name(self) -> str:
        """Host and folder: "forum.example"."""
        parts = urlsplit(self.base)
        return f"{parts.netloc}{parts.path}".lower().rstrip("/")

    def key(self, native: str) -> Key:
        return Key(PLACE, f"{native}@{self.name}")

    def page(self, name: str) -> str:
        return f"{self.base}/u/{quote(name)}" if name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a post leaves out, as far as it was asked for. titles: topic → title. answered: (topic, number in it) → post."""

    titles: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[tuple[str, str], Json] = field(default_factory=dict)


def profile_of(user: Json, forum: Forum, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from its page. The pages it names are only said."""
    name, cooked = string(user, "username", 300), user.get("bio_cooked")
    about = cooked[:50_000] if isinstance(cooked, str) else ""
    return Profile(
        key=forum.key(string(user, "id", 30)), handle=name, display_name=string(user, "name", 300) or name, url=forum.page(name),
        bio=tidy(marked_text(about), 20_000), known=known, is_owner=is_owner,
        addresses=unique([*addresses_said("", string(user, "website")), *addresses_in(about, vouched=False)]),
    )  # fmt: skip


def _somebody(record: Json, forum: Forum, prefix: str = "") -> Profile | None:
    number, name = string(record, f"{prefix}user_id", 30), string(record, f"{prefix}username", 300)
    if not number:
        return None
    return Profile(key=forum.key(number), handle=name, display_name=string(record, f"{prefix}name", 300), url=forum.page(name))


def post_of(action: Json) -> Json:
    """What the list of somebody's doings tells of a post, in the words that a post tells it; its text is only a beginning."""
    named = {"id": "post_id", "cooked": "excerpt", "topic_title": "title", "topic_slug": "slug"}
    same = ("created_at", "topic_id", "post_number", "reply_to_post_number", "user_id", "username", "name", "hidden", "post_type")
    return {name: action.get(name) for name in same} | {ours: action.get(theirs) for ours, theirs in named.items()}


def parent_of(post: Json) -> tuple[str, str] | None:
    """Which post of its topic is answered: the one that it names, else the first. None for the first itself."""
    topic, number = string(post, "topic_id", 30), string(post, "post_number", 30)
    if not topic.isdigit() or not number.isdigit() or number == "1":
        return None
    named = string(post, "reply_to_post_number", 30)
    return topic, named if named.isdigit() else "1"


def post_facts(post: Json, forum: Forum, around: Around, towards: int = 0) -> tuple[Fact, ...]:
    """Profiles first, then the post; a `Rejected` if it cannot be one; () for what no human wrote. towards: what it does to me (RESPONSE,
    MENTION, QUOTE), 0 nothing that is told."""
    number, topic, author = string(post, "id", 30), string(post, "topic_id", 30), _somebody(post, forum)
    published, precision = moment_of(string(post, "created_at", 50))
    if not number or author is None or published is None:
        return (Rejected(where=f"{forum.name} post {number or '?'}", reason=say("it has no number, author or time")),)
    if string(post, "post_type", 5) not in _PEOPLES:
        return ()
    place = parent_of(post)
    parent = around.answered.get(place) if place is not None else None
    cooked = post.get("cooked")
    text, quoted = words_of(cooked) if isinstance(cooked, str) else ("", "")
    people = {author.key: author}
    roles: dict[Key, Role] = {}
    for who, role in _with(parent, text, forum, towards):
        people.setdefault(who.key, who)
        if who.key != author.key:
            roles.setdefault(who.key, role)
    activity = Activity(
        key=forum.key(f"post:{number}"), actor=author.key, kind=Kind.POST if place is None else Kind.REPLY, published=published, precision=precision,
        title=string(post, "topic_title", 300) or around.titles.get(topic, ""), text=text, url=_page(post, forum),
        thread=forum.key(f"topic:{topic}").native_id if topic else "", audience=Audience.FOLLOWERS if forum.closed else Audience.PUBLIC,
        in_reply_to=forum.key(f"post:{string(parent, 'id', 30)}").native_id if string(parent, "id", 30) else "",
        participants=tuple(Participant(profile=key, role=role) for key, role in roles.items()),
        extra=pairs(edited=_edited(post), quoted=quoted),
    )  # fmt: skip
    return (*people.values(), activity)


def _with(parent: Json | None, text: str, forum: Forum, towards: int) -> Iterator[tuple[Profile, Role]]:
    above = _somebody(parent, forum) if parent is not None else None
    if above is not None:
        yield above, Role.REPLY_TO
    if forum.me is None:
        return
    mine = Profile(key=forum.me, handle=forum.my_name, url=forum.page(forum.my_name))
    if towards in _ROLES:
        yield mine, _ROLES[towards]
    elif forum.my_name and re.search(rf"(?<![\w@/.-])@{re.escape(forum.my_name)}(?![\w-]|\.\w)", text, re.IGNORECASE):
        yield mine, Role.MENTIONED


def _page(post: Json, forum: Forum) -> str:
    topic, number, slug = string(post, "topic_id", 30), string(post, "post_number", 30), string(post, "topic_slug", 300)
    return f"{forum.base}/t/{quote(slug) or '-'}/{topic}/{number}" if topic.isdigit() and number.isdigit() else ""


def _edited(post: Json) -> str:
    """When a post was changed last; its first version says the same of every rebuild of the forum."""
    version = post.get("version")
    return string(post, "updated_at", 50) if isinstance(version, int) and not isinstance(version, bool) and version > 1 else ""


def like_facts(action: Json, forum: Forum) -> tuple[Fact, ...]:
    """That somebody likes a post, as the list of doings of either side tells it."""
    who, author, number = _somebody(action, forum, "acting_"), _somebody(action, forum), string(action, "post_id", 30)
    published, precision = moment_of(string(action, "created_at", 50))
    if who is None or not number or published is None:
        return (Rejected(where=f"{forum.name} like of post {number or '?'}", reason=say("it has no number, author or time")),)
    cooked, topic = action.get("excerpt"), string(action, "topic_id", 30)
    activity = Activity(
        key=forum.key(f"like:{string(action, 'acting_user_id', 30)}:{number}"), actor=who.key, kind=Kind.REACTION, published=published,
        precision=precision, title=string(action, "title", 300), text=words_of(cooked)[0] if isinstance(cooked, str) else "",
        url=_page(post_of(action), forum), thread=forum.key(f"topic:{topic}").native_id if topic else "",
        in_reply_to=forum.key(f"post:{number}").native_id, audience=Audience.FOLLOWERS if forum.closed else Audience.PUBLIC,
        participants=(Participant(profile=author.key, role=Role.SUBJECT),) if author is not None and author != who else (),
        extra=pairs(reaction="like"),
    )  # fmt: skip
    return (who, *((author,) if author is not None else ()), activity)


def is_hidden(user: Json) -> bool:
    return user.get("profile_hidden") is True


def user_in(data: Json) -> Json:
    return record_of(data, "user") or {}
