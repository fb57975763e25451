"""From what Hacker News and its search say to our facts. Pure. One item is one activity, keyed by its number; names are case-sensitive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from relationdesk.markup import html_to_text
from relationdesk.model import Activity, Fact, Key, Kind, Participant, Precision, Profile, Rejected, Role, pairs, unique
from relationdesk.saying import say
from relationdesk.sources.bio_links import addresses_in
from relationdesk.sources.json_fields import Json, string
from relationdesk.text import tidy

PLACE = "hackernews"
SITE = "https://news.ycombinator.com"


def profile_of(user: Json, *, known: bool = False) -> Profile:
    """A profile from its page. Whoever writes there has only a name; links in their own words are only said."""
    name, about = string(user, "id", 50), str(user.get("about") or "")[:50_000]
    return Profile(
        key=Key(PLACE, name), handle=name, display_name=name, url=f"{SITE}/user?id={name}", bio=tidy(html_to_text(about), 20_000),
        addresses=unique(addresses_in(about, vouched=False)), known=known,
    )  # fmt: skip


def words_of(hit: Json) -> str:
    """The markup of an item; the search leaves out which of the two it is not."""
    return str(hit.get("comment_text") or hit.get("story_text") or "")


def mark_of(hit: Json) -> str:
    """Changes with whatever its author can change: there is no sign of an edit."""
    return hashlib.sha256(f"{string(hit, 'title')}\0{string(hit, 'url')}\0{words_of(hit)}".encode("utf-8", "replace")).hexdigest()[:12]


def moment_at(hit: Json) -> datetime | None:
    value = hit.get("created_at_i")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 4_000_000_000:
        return None
    return datetime.fromtimestamp(value, UTC)


def facts(hit: Json, authors: Mapping[str, str]) -> tuple[Fact, ...]:
    """Profiles first, then the activity; a `Rejected` if it cannot be one. authors: number of what is answered → its author's name."""
    number, name, published = string(hit, "objectID", 30), string(hit, "author", 50), moment_at(hit)
    if not number.isdigit() or not name or published is None:
        return (Rejected(where=f"Hacker News item {number or '?'}", reason=say("it has no number, author or time")),)
    parent, story = string(hit, "parent_id", 30), string(hit, "story_id", 30)
    is_comment = hit.get("comment_text") is not None or bool(parent and parent != number)
    answered = authors.get(parent, "") if is_comment else ""
    page = string(hit, "url", 2_000)
    activity = Activity(
        key=Key(PLACE, number), actor=Key(PLACE, name), kind=Kind.COMMENT if is_comment else Kind.POST, published=published,
        precision=Precision.SECOND, title=string(hit, "story_title" if is_comment else "title", 300),
        text=tidy(html_to_text(words_of(hit))) or ("" if is_comment else page), url=f"{SITE}/item?id={number}",
        in_reply_to=parent if is_comment else "", thread=story or ("" if is_comment else number),
        participants=(Participant(profile=Key(PLACE, answered), role=Role.REPLY_TO),) if answered and answered != name else (),
        extra=pairs(link="" if is_comment else page),
    )  # fmt: skip
    people = [Profile(key=Key(PLACE, who), handle=who, url=f"{SITE}/user?id={who}") for who in dict.fromkeys((name, answered)) if who]
    return (*people, activity)
