"""From what X's API says to our facts. Pure. Keys are those of X's archive: a post is the number of its newest version, a person
their number, so an archive over what was read live doubles nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Fact,
    Key,
    Kind,
    Participant,
    Profile,
    Rejected,
    Role,
    Tombstone,
    pairs,
    unique,
)
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_said
from relationdesk.sources.json_fields import Json, besides, record_of, records, string
from relationdesk.sources.x_people import PLACE, page_of
from relationdesk.sources.x_values import HANDLE, is_id, post_time
from relationdesk.text import canonical_url, tidy

_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:#!/)?(\w{1,20})/status(?:es)?/(\d{1,20})", re.IGNORECASE)
_OWN_MEDIA = re.compile(r"/status(?:es)?/(\d{1,20})/(?:photo|video)/\d{1,2}$")
_SHARED = re.compile(r"RT @\w{1,20}: ?")
_BY_KEY = {"3": "Image", "7": "Video", "13": "Video", "16": "Animation"}
"""What a medium is, by the beginning of its key; only its description costs extra."""
_BY_TYPE = {"photo": "Image", "video": "Video", "animated_gif": "Animation"}
USER_FIELDS = "created_at,description,entities,location,name,profile_image_url,protected,public_metrics,url,verified"
POST_FIELDS = (
    "attachments,author_id,conversation_id,created_at,edit_history_{0}_ids,entities,in_reply_to_user_id,lang,note_{0},referenced_{0}s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whose posts are read. handles: of people met, by their numbers. protected: only followers see what they write. refers: X tells what a
    post answers; where it does not, one within another's conversation is an answer."""

    me: Key | None = None
    handles: Mapping[str, str] = field(default_factory=dict)
    protected: bool = False
    refers: bool = True


def named(record: object, *names: str) -> Any:
    """The first of these fields that is there: X renames them one by one."""
    return next((record[name] for name in names if name in record), None) if isinstance(record, Mapping) else None


def profile_of(user: Json, *, known: bool = False, is_owner: bool = False) -> Profile:
    """A profile from a resource of users. Its pages are only said, never checked by X."""
    id_, handle = string(user, "id", 30), string(user, "username", 60)
    entities = record_of(user, "entities")
    words = user.get("description")
    bio = html.unescape(words) if isinstance(words, str) else ""
    for url in records(record_of(entities, "description"), "urls"):
        bio = _written_out(bio, url)
    pages = [canonical_url(string(url, "expanded_url")) for url in records(record_of(entities, "url"), "urls")]
    addresses = [Address(kind=AddressKind.WEB, value=page) for page in pages if page and len(page) <= 2_000]
    bio = tidy(bio, 20_000)
    counts = record_of(user, "public_metrics") or {}
    posts = named(counts, "tweet_count", "post_count")
    told = besides({**counts, **user, "posts": posts}, since="created_at", picture="profile_image_url", followers="followers_count", follows="following_count", posts="posts")
    return Profile(
        key=Key(PLACE, id_), handle=handle if HANDLE.fullmatch(handle) else "", display_name=string(user, "name", 200), url=page_of(id_, handle), bio=bio,
        addresses=unique([*addresses, *addresses_said(bio)]), known=known, is_owner=is_owner, extra=told,
    )  # fmt: skip


def bare(id_: str, handle: str = "") -> Profile:
    """Somebody of whom only the number is told, and perhaps the handle."""
    handle = handle if HANDLE.fullmatch(handle) else ""
    return Profile(key=Key(PLACE, id_), handle=handle, url=page_of(id_, handle))


def author_of(post: object) -> str:
    return string(post, "author_id", 30)


def post_facts(post: Json, author: Key, who: Who, media: Mapping[str, Json]) -> Iterator[Fact]:
    """Whoever takes part, then the post; its older versions are withdrawn. media: by key, as far as they came along. The author's own
    profile has been told before. A `Rejected` if it cannot be a post."""
    id_ = string(post, "id", 40)
    published, precision = post_time(string(post, "created_at", 60), id_, old=False)
    if not is_id(id_) or published is None or author_of(post) not in ("", author.native_id):
        yield Rejected(where=f"X post {id_ or '?'}", reason=say("it has no number or date, or is somebody else’s"))
        return
    versions = _versions(post)
    yield from (Tombstone(key=Key(PLACE, before)) for before in versions if int(before) < int(id_))
    refers = {string(one, "type", 30): string(one, "id", 40) for one in reversed(records(post, _one_of(post, "referenced_tweets", "referenced_posts")))}
    shared, answered = refers.get("retweeted", ""), refers.get("replied_to", "")
    towards = _towards(post, author, shared, id_)
    for key, (handle, _) in towards.items():
        yield bare(key.native_id, handle) if is_id(key.native_id) else Profile(key=key, handle=handle, url=page_of("", handle))
    handle = who.handles.get(author.native_id, "")
    thread = string(post, "conversation_id", 40)
    is_answer = bool(answered) or any(role is Role.REPLY_TO for _, role in towards.values()) or (not who.refers and is_id(thread) and thread not in (id_, *versions))
    yield Activity(
        key=Key(PLACE, id_), actor=author, published=published, precision=precision, text=tidy("\n\n".join(filter(None, (_words(post, bool(shared)), *_marks(post, media))))),
        kind=Kind.SHARE if shared else Kind.REPLY if is_answer else Kind.POST, url=f"https://x.com/{handle or 'i'}/status/{id_}",
        in_reply_to=answered if is_id(answered) and not shared else "", thread=thread if is_id(thread) else "",
        audience=Audience.FOLLOWERS if who.protected else Audience.PUBLIC,
        participants=tuple(Participant(profile=key, role=role) for key, (_, role) in towards.items()),
        extra=pairs(edited=f"{published:%Y-%m-%dT%H:%M:%SZ}" if id_ in versions[1:] else "", shared=shared if is_id(shared) else ""),
    )  # fmt: skip


def _one_of(record: Json, *names: str) -> str:
    return next((name for name in names if name in record), names[0])


def _versions(post: Json) -> list[str]:
    """The numbers of all versions, oldest first; one for a post that was never edited."""
    found = named(post, "edit_history_tweet_ids", "edit_history_post_ids")
    return sorted((str(id_) for id_ in found[:20] if is_id(str(id_))), key=int) if isinstance(found, list) else []


def _note(post: Json) -> Json:
    """The whole of a long post; the post's own words are only its beginning then."""
    found = named(post, "note_tweet", "note_post")
    return found if isinstance(found, Mapping) and isinstance(found.get("text"), str) else {}


def _words(post: Json, shared: bool) -> str:
    """The words, links written out, without those that only stand for pictures."""
    told = _note(post) or post
    words = told.get("text")
    text = html.unescape(words) if isinstance(words, str) else ""
    if shared and (found := _SHARED.match(text)):
        text = text[found.end() :]
    own = string(post, "id", 40)
    for url in [*records(record_of(told, "entities"), "urls"), *records(record_of(post, "entities"), "urls")]:
        text = _written_out(text, url, own)
    return text.strip()


def _written_out(text: str, url: Json, own: str = "") -> str:
    short, whole = string(url, "url", 200), string(url, "expanded_url")
    if not short or not whole:
        return text
    is_picture = bool(string(url, "media_key", 60)) or ((found := _OWN_MEDIA.search(whole)) is not None and found[1] == own)
    return text.replace(short, "" if is_picture else whole)


def _marks(post: Json, media: Mapping[str, Json]) -> Iterator[str]:
    """ "[Image: a press]" where the description came along, "[Image]" where it did not."""
    keys = (record_of(post, "attachments") or {}).get("media_keys")
    for key in keys[:20] if isinstance(keys, list) else []:
        medium = media.get(str(key), {})
        title = _BY_TYPE.get(string(medium, "type", 30)) or _BY_KEY.get(str(key).partition("_")[0], "Attachment")
        described = string(medium, "alt_text")
        yield f"[{title}: {described}]" if described else f"[{title}]"


def _towards(post: Json, author: Key, shared: str, id_: str) -> dict[Key, tuple[str, Role]]:
    """Whom a post answers, names and quotes, or passes on: key → handle and role; never its author."""
    found: dict[Key, tuple[str, Role]] = {}
    entities = record_of(post, "entities")
    mentions = [(string(one, "id", 30), string(one, "username", 60)) for one in records(entities, "mentions")]
    handles = dict(mentions)

    def add(number: str, handle: str, role: Role) -> None:
        key = Key(PLACE, number) if is_id(number) else Key(PLACE, f"@{handle.lower()}") if HANDLE.fullmatch(handle) else None
        if key is not None and key != author:
            found.setdefault(key, (handle, role))

    if shared:
        number, handle = next(iter(mentions), ("", ""))
        add(number, handle, Role.SUBJECT)
        return found
    answered = string(post, "in_reply_to_user_id", 30)
    add(answered, handles.get(answered, ""), Role.REPLY_TO)
    for number, handle in mentions:
        add(number, handle, Role.MENTIONED)
    numbers = {handle.lower(): number for number, handle in mentions}
    for url in records(entities, "urls"):
        quoted = _STATUS.match(string(url, "expanded_url"))
        if quoted and quoted[1].lower() not in ("i", "web") and quoted[2] != id_:
            add(numbers.get(quoted[1].lower(), ""), quoted[1], Role.SUBJECT)
    return found


def by_key(data: Json) -> dict[str, Json]:
    """The media that came along."""
    return {string(medium, "media_key", 60): medium for medium in records(record_of(data, "includes"), "media")}


def posts_in(data: Json) -> Sequence[Json]:
    """The posts of an answer, newest first; () for none: then X leaves the field out."""
    return records(data, "data")
