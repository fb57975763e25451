"""From a read feed to our facts: whose profile, which activities. Pure.

A feed is foreign text: an entry may claim any id. So an id counts as the world's own only where its host is the
feed's host, or where the place itself makes the feed; everything else is kept apart under the feed's own name, and no
feed can overwrite what another one said.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import datetime

from relationdesk.model import Activity, Address, AddressKind, Coverage, Fact, Key, Kind, Precision, Profile, pairs
from relationdesk.sources.feed_entries import Document, Entry
from relationdesk.sources.feed_finder import PLACES, PageLinks, known
from relationdesk.text import canonical_url, fold

_KINDS = {
    "youtube": Kind.VIDEO, "flickr": Kind.PHOTO, "pinboard": Kind.BOOKMARK, "github": Kind.POST, "reddit": Kind.POST,
    "discourse": Kind.POST, "tumblr": Kind.POST, "medium": Kind.ARTICLE, "substack": Kind.ARTICLE, "blog": Kind.ARTICLE,
}  # fmt: skip


def profile_key(place: str, native_id: str, feed_url: str, document: Document) -> Key:
    """The place's stable id if the address or the feed tells one, else the canonical address of the feed."""
    if place == "youtube" and not native_id and document.stable_id:
        channel = document.stable_id
        native_id = channel if channel.startswith("UC") else f"UC{channel}"
    return Key(place, native_id or canonical_url(feed_url) or feed_url)


def main_author(document: Document) -> str:
    """Who the feed is by: its own author, else the name on more than half of its entries, else ""."""
    if document.author:
        return document.author
    names = Counter(entry.author for entry in document.entries if entry.author)
    name, times = names.most_common(1)[0] if names else ("", 0)
    return name if times * 2 > len(document.entries) else ""


def profile_of(
    document: Document, key: Key, feed_url: str, *, author: str = "", page: PageLinks | None = None, home: str = ""
) -> Profile:
    """The profile behind a feed. home: its page, if the address told it.

    url: the home page only where it is on the feed's own host; a feed may claim anybody's page as its own.
    addresses: the home page, and what the page claims with rel=me. None of them is vouched for: anybody can write
    rel=me. That both sides name each other is found out where profiles are compared.
    """
    name = _name(author or main_author(document)) or document.title
    url = home or (document.url if _host(document.url) == _host(feed_url) else "") or feed_url
    found = [canonical_url(link) for link in (home, document.url, *(page.rel_me if page else ()))]
    return Profile(
        key=key, handle=_handle(key), display_name=name, url=url, bio=document.title if name != document.title else "",
        addresses=tuple(Address(kind=AddressKind.WEB, value=link) for link in dict.fromkeys(found) if link) if page
        else (),
        known=True,
    )  # fmt: skip


def _name(author: str) -> str:
    return re.sub(r"^/?u/", "", author)


def _handle(key: Key) -> str:
    """The name in a profile's address, as the place shows it; "" where the id is no address."""
    found = re.fullmatch(r"https://(?:github\.com|reddit\.com/user|medium\.com|pinboard\.in|[^/]+/u)/@?([^/]+)",
                         key.native_id)  # fmt: skip
    if found and key.place in ("github", "reddit", "medium", "pinboard", "discourse"):
        return found.group(1).removeprefix("u:")
    if key.place in ("tumblr", "substack"):
        return key.native_id.removeprefix("https://").partition(".")[0]
    return ""


def facts(document: Document, key: Key, feed_url: str, *, author: str, now: datetime) -> tuple[Fact, ...]:
    """Everything a feed says, oldest entry first: profile, activities (other authors' profiles before theirs), what
    was rejected, and what was covered. author: the main author, whose entries are the profile's own."""
    found: list[Fact] = [profile_of(document, key, feed_url, author=author)]
    seen = {key}
    for entry in reversed(document.entries):
        actor = _actor(entry, key, author)
        if actor not in seen:
            seen.add(actor)
            found.append(Profile(key=actor, display_name=_name(entry.author), url=entry.author_url))
        found.append(_activity(entry, key, actor))
    dates = [e.published for e in document.entries if e.published is not None and e.published <= now]
    coverage = Coverage(place=key.place, profile=key, since=min(dates, default=now), until=now)
    return (*found, *document.rejected, *(() if document.damage else (coverage,)))


def _actor(entry: Entry, feed: Key, author: str) -> Key:
    """The feed's profile, or somebody else's where the entry is signed by another name."""
    if not entry.author or fold(entry.author) == fold(author):
        return feed
    if entry.author_url:
        theirs = known(entry.author_url)
        if theirs is not None and theirs.place == feed.place and theirs.native_id:
            return Key(feed.place, theirs.native_id)
    digest = hashlib.sha256(fold(entry.author).encode()).hexdigest()[:16]
    return Key(feed.place, f"{feed.native_id}#author-{digest}")


def entry_key(entry: Entry, feed: Key) -> Key:
    """The entry's own id where the feed may speak for it, else the id under the feed's name."""
    if feed.place in PLACES - {"pinboard", "discourse"}:
        return Key(feed.place, entry.id)
    host = _host(feed.native_id)
    if feed.place != "pinboard" and host and _host(entry.id) == host:
        return Key(feed.place, entry.id)
    return Key(feed.place, f"{feed.native_id}#{entry.id}")


def _host(identifier: str) -> str:
    """The host an id belongs to: of a web address or a tag: URI (RFC 4151), without www.; "" for anything else."""
    found = re.match(r"(?:https?://|tag:)(?:www\.)?([^/,:?#@\s]+)", identifier, re.IGNORECASE)
    return found.group(1).lower() if found else ""


def _kind(entry: Entry, place: str) -> Kind:
    if place == "reddit" and entry.id.startswith("t1_"):
        return Kind.COMMENT
    if place == "blog" and not entry.title:
        return Kind.POST
    return _KINDS.get(place, Kind.ARTICLE)


def _tags(entry: Entry, place: str) -> tuple[str, ...]:
    """Pinboard writes all of them into one, parted by blanks."""
    return entry.tags if place != "pinboard" else tuple(dict.fromkeys(tag for tags in entry.tags for tag in tags.split()))


def _activity(entry: Entry, feed: Key, actor: Key) -> Activity:
    edited = entry.edited if entry.edited and entry.published and entry.edited > entry.published else None
    return Activity(
        key=entry_key(entry, feed), actor=actor, kind=_kind(entry, feed.place), published=entry.published,
        precision=entry.precision if entry.published else Precision.UNKNOWN, title=entry.title, text=entry.text,
        url=entry.url,
        extra=pairs(
            tags=", ".join(_tags(entry, feed.place)), enclosure=entry.enclosure, link=entry.about,
            edited=edited.isoformat(timespec="seconds") if edited else "",
        ),
    )  # fmt: skip
