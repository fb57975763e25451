"""From Bluesky's answers to our facts. Pure; one unreadable record is one `Rejected`.

Profiles are keyed by DID, activities by at-uri, so that a new handle changes nothing and the archive of the same
person gives the same keys. What is said of an activity comes from its record wherever it is met (feed, thread,
notification), so that reading it in two places changes nothing either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from relationdesk.model import (
    Activity,
    Fact,
    Key,
    Kind,
    Participant,
    Precision,
    Profile,
    Rejected,
    Role,
    pairs,
    unique,
)
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_said
from relationdesk.sources.bluesky_ids import (
    INVALID_HANDLE,
    PLACE,
    AtUri,
    at_uri,
    is_did,
    is_handle,
    post_page,
    profile_page,
)
from relationdesk.sources.bluesky_text import mentioned, post_text, quoted
from relationdesk.sources.json_fields import Json, moment_of, record_of, string
from relationdesk.text import one_line, tidy

_REACTIONS = {"like": "like", "like-via-repost": "like", "repost": "repost", "repost-via-repost": "repost", "follow": "follow"}
_WRITTEN = frozenset({"mention", "reply", "quote", "subscribed-post"})
_LATE = timedelta(days=2)
"""A post that came to the place so long after the date its author gave it was brought from elsewhere; that is told."""


def key(did: str) -> Key:
    return Key(PLACE, did)


def profile_of(who: Json, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from any of the place's views of somebody; the shorter ones tell no bio."""
    did, handle = string(who, "did", 2_048), handle_of(who)
    bio = who.get("description")
    words = bio if isinstance(bio, str) else ""
    return Profile(
        key=key(did), handle=handle, display_name=string(who, "displayName", 300) or handle, url=profile_page(did, handle),
        bio=tidy(words, 20_000), addresses=unique(addresses_said(words, string(who, "website"))), known=known, is_owner=is_owner,
    )  # fmt: skip


def handle_of(who: Json) -> str:
    """In lower case; "" for one whose domain does not point back, which says nothing about anybody."""
    handle = string(who, "handle", 253).lower()
    return handle if is_handle(handle) and handle != INVALID_HANDLE else ""


class People:
    """Who takes part in one activity, each once, the actor first. Others are told by DID where the answer says no more."""

    def __init__(self, actor: Profile) -> None:
        self._known: dict[str, Profile] = {actor.key.native_id: actor}
        self._roles: dict[str, Role] = {}
        self._actor = actor.key.native_id

    def add(self, did: str, role: Role, who: Json | None = None) -> None:
        if not is_did(did) or did == self._actor:
            return
        if who is not None and string(who, "did", 2_048) == did:
            self._known[did] = profile_of(who)
        self._known.setdefault(did, Profile(key=key(did), url=profile_page(did)))
        self._roles.setdefault(did, role)

    def profiles(self) -> list[Profile]:
        return list(self._known.values())

    def participants(self) -> tuple[Participant, ...]:
        return tuple(Participant(profile=key(did), role=role) for did, role in self._roles.items())


def when(created: str, indexed: str) -> tuple[datetime | None, Precision, str]:
    """The official rule: what the author's program says, but not later than the place met it. With it, for a post brought
    from elsewhere, when it came here, else ""."""
    said, precision = moment_of(created)
    met, _ = moment_of(indexed)
    if said is None or (met is not None and met < said):
        return met, Precision.SECOND if met is not None else Precision.UNKNOWN, ""
    return said, precision, indexed if met is not None and met - said > _LATE else ""


def post_facts(post: Json, context: Json | None = None) -> tuple[Fact, ...]:
    """Profiles first, then the activity of one post as the place shows it. context: the `reply` of a feed, for who is answered."""
    uri, who, record = at_uri(string(post, "uri", 8_192)), record_of(post, "author"), record_of(post, "record")
    if uri is None or who is None or record is None or string(who, "did", 2_048) != uri.did:
        return (Rejected(where=f"bluesky {string(post, 'uri', 200) or 'post'}", reason=say("it has no address or no author")),)
    views = _seen(context)
    inner = _quoted_view(record_of(post, "embed"))
    if inner is not None and (author := record_of(inner, "author")) is not None:
        views[string(author, "did", 2_048)] = author
    people, activity = written(uri, record, profile_of(who), views)
    published, precision, arrived = when(string(record, "createdAt"), string(post, "indexedAt"))
    words = post_text(record_of(inner, "value") or {}) if inner is not None else ""
    extra = pairs(arrived=arrived, quoted=words, **dict(activity.extra))
    return (*people, replace(activity, published=published, precision=precision, extra=extra))


def written(uri: AtUri, record: Json, actor: Profile, views: Mapping[str, Json]) -> tuple[list[Profile], Activity]:
    """What a post's own record says, without its date. views: how the place shows people, by DID."""
    people = People(actor)
    reply = record_of(record, "reply")
    parent, root = (at_uri(string(record_of(reply, part), "uri", 8_192)) for part in ("parent", "root"))
    if parent is not None:
        people.add(parent.did, Role.REPLY_TO, views.get(parent.did))
    for did in mentioned(record):
        people.add(did, Role.MENTIONED, views.get(did))
    carried = quoted(record)
    if carried is not None:
        people.add(carried.did, Role.SUBJECT, views.get(carried.did))
    activity = Activity(
        key=Key(PLACE, str(uri)), actor=actor.key, kind=Kind.REPLY if parent is not None else Kind.POST, published=None,
        precision=Precision.UNKNOWN, text=post_text(record), url=post_page(uri), in_reply_to=str(parent or ""),
        thread=str(root or parent or uri), participants=people.participants(), extra=pairs(quotes=str(carried or "")),
    )  # fmt: skip
    return people.profiles(), activity


def _seen(context: Json | None) -> dict[str, Json]:
    """Authors of what is answered, by DID; posts that are gone or blocked tell none."""
    authors = [record_of(record_of(context, part), "author") for part in ("root", "parent")]
    return {string(author, "did", 2_048): author for author in authors if author is not None}


def _quoted_view(embed: Json | None) -> Json | None:
    """The quoted post as the place shows it; None where there is none, or it is gone, blocked or taken back."""
    shown = record_of(embed, "record")
    wrapped = record_of(shown, "record")  # recordWithMedia wraps once more
    return next((view for view in (shown, wrapped) if record_of(view, "value") is not None), None)


def item_uri(item: Json) -> str:
    """What a line of a feed is keyed by: the post, or somebody's passing it on. "" for what has no address."""
    reason = record_of(item, "reason")
    post = string(record_of(item, "post"), "uri", 8_192)
    if not _is_repost(reason):
        return post if at_uri(post) else ""
    own = string(reason, "uri", 8_192)
    by = string(record_of(reason, "by"), "did", 2_048)
    return own if at_uri(own) else f"at://{by}#repost:{post}" if is_did(by) and at_uri(post) else ""


def is_pin(item: Json) -> bool:
    """A pinned post stands on top whatever its age; the reading does not go by it."""
    return string(record_of(item, "reason"), "$type").endswith("#reasonPin")


def _is_repost(reason: Json | None) -> bool:
    return string(reason, "$type").endswith("#reasonRepost")


def item_moment(item: Json) -> datetime | None:
    """Where a line stands in a feed, which is newest first."""
    reason, post = record_of(item, "reason"), record_of(item, "post")
    if _is_repost(reason):
        return moment_of(string(reason, "indexedAt"))[0]
    return when(string(record_of(post, "record"), "createdAt"), string(post, "indexedAt"))[0]


def item_facts(item: Json) -> tuple[Fact, ...]:
    """The facts of one line of a feed."""
    post, reason = record_of(item, "post"), record_of(item, "reason")
    if post is None:
        return (Rejected(where="bluesky post", reason=say("a line of the feed holds no post")),)
    if not _is_repost(reason):
        return post_facts(post, record_of(item, "reply"))
    name, by, author = item_uri(item), record_of(reason, "by"), record_of(post, "author")
    if not name or by is None or not is_did(string(by, "did", 2_048)):
        return (Rejected(where="bluesky repost", reason=say("it has no address or nobody who passed it on")),)
    published, precision = moment_of(string(reason, "indexedAt"))
    subject = at_uri(string(post, "uri", 8_192))
    return tuple(shared(name, profile_of(by), subject, record_of(post, "record") or {}, author, published, precision))


def shared(
    name: str, actor: Profile, subject: AtUri | None, record: Json, author: Json | None, published: datetime | None, precision: Precision
) -> Iterator[Fact]:  # fmt: skip
    """Somebody's words passed on. record: those words, {} where they are not known."""
    people = People(actor)
    if subject is not None:
        people.add(subject.did, Role.SUBJECT, author)
    yield from people.profiles()
    yield Activity(
        key=Key(PLACE, name), actor=actor.key, kind=Kind.SHARE, published=published, precision=precision, text=post_text(record),
        url=post_page(subject) if subject is not None else actor.url, participants=people.participants(),
        extra=pairs(shared=str(subject or "")),
    )  # fmt: skip


def reacted(
    uri: AtUri, reaction: str, actor: Profile, target: Profile | None, subject: AtUri | None, record: Json, published: datetime | None,
    precision: Precision,
) -> Iterator[Fact]:  # fmt: skip
    """A like, a repost of mine told by a notification, a follow. subject: the post it is about, None for a follow."""
    people = People(actor)
    if target is not None:
        yield target
        people.add(target.key.native_id, Role.SUBJECT)
    yield actor
    yield Activity(
        key=Key(PLACE, str(uri)), actor=actor.key, kind=Kind.REACTION, published=published, precision=precision, text=post_text(record),
        url=post_page(subject) if subject is not None else (target.url if target is not None else "") or actor.url,
        in_reply_to=str(subject or ""),
        participants=people.participants(), extra=pairs(reaction=reaction),
    )  # fmt: skip


def is_written(item: Json) -> bool:
    """Whether a notification tells of a post of its own."""
    return string(item, "reason") in _WRITTEN


def subject_of(item: Json) -> AtUri | None:
    """The post a like or repost is about. "…-via-repost" names a repost of it first; its record names the post."""
    return at_uri(string(record_of(record_of(item, "record"), "subject"), "uri", 8_192)) or at_uri(string(item, "reasonSubject", 8_192))


def notification_facts(item: Json, me: Key, posts: Mapping[str, Json]) -> tuple[Fact, ...]:
    """What somebody did towards me. posts: the posts concerned, by at-uri. Unknown reasons say nothing: new ones are invented
    every year. A post is told from its record where the place shows it no longer."""
    uri, who, record = at_uri(string(item, "uri", 8_192)), record_of(item, "author"), record_of(item, "record") or {}
    reason = string(item, "reason")
    if reason not in _REACTIONS and reason not in _WRITTEN:
        return ()
    if uri is None or who is None or string(who, "did", 2_048) != uri.did:
        return (Rejected(where=f"bluesky {one_line(reason, 50)}", reason=say("it has no address or no author")),)
    if reason in _WRITTEN:
        view = {"uri": str(uri), "author": who, "record": record, "indexedAt": item.get("indexedAt")}
        return post_facts(posts.get(str(uri), view))
    published, precision, _ = when(string(record, "createdAt"), string(item, "indexedAt"))
    subject = subject_of(item) if _REACTIONS[reason] != "follow" else None
    words = record_of(posts.get(str(subject)), "record") or {}
    mine = Profile(key=me)
    if _REACTIONS[reason] == "repost":
        author = {"did": subject.did} if subject is not None else None
        return tuple(shared(str(uri), profile_of(who), subject, words, author, moment_of(string(item, "indexedAt"))[0], precision))
    target = mine if subject is None or subject.did == me.native_id else Profile(key=key(subject.did))
    return tuple(reacted(uri, _REACTIONS[reason], profile_of(who), target, subject, words, published, precision))
