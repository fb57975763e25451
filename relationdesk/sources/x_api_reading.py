"""What is read of X, and no more than that, because every post costs: somebody's posts after the newest that is known, and mine and
what names me in the same way. Going on after a break begins where it stood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from relationdesk.errors import SpentUp, UnexpectedAnswer
from relationdesk.model import Coverage, Fact, Key, Page, Profile, Tombstone
from relationdesk.sources.json_fields import Json, moment_of, record_of, records, string
from relationdesk.sources.listing import due
from relationdesk.sources.paying import purse_of
from relationdesk.sources.x_api_facts import (
    POST_FIELDS,
    USER_FIELDS,
    Who,
    author_of,
    bare,
    by_key,
    post_facts,
    posts_in,
    profile_of,
)
from relationdesk.sources.x_api_talk import AGAIN, MEDIA, OWN, POST, USER, Talk
from relationdesk.sources.x_people import PLACE
from relationdesk.sources.x_values import is_id, time_in

FIRST = 50
"""Posts to which the first reading of somebody goes back."""
SIZES = (100, 50, 20, 10, 5)
"""Posts of a page, the most that still fits into the month; X gives no fewer than five."""
MAX_PAGES = 25
LOOK_AGAIN = timedelta(days=30)
"""How often a profile is read again, which costs: it tells a new name."""
CHECK = timedelta(days=1)
FRESH = timedelta(days=14)
"""Posts no older than that are looked at again, if the user pays for it."""
MOST_MET = 500
MOST_MEDIA = 4
_PICTURES = {"expansions": "attachments.media_keys", "media.fields": "alt_text,media_key,type"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """newest: number of the newest post that was read with all before it. top, further: of a reading that is not over, the number of
    its newest and X's own word where it goes on. since: ISO time to which the first reading went back, "" to the beginning. looked: ISO
    time when the profile was read. checked: when posts were looked at again. handle, protected: as the profile said. met: (number,
    handle) of those who named me. recent: numbers of the newest posts."""

    started: bool = False
    newest: str = ""
    top: str = ""
    further: str = ""
    since: str = ""
    looked: str = ""
    checked: str = ""
    handle: str = ""
    protected: bool = False
    met: tuple[tuple[str, str], ...] = ()
    recent: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Mark:
        """Anything that is no cursor of ours begins anew."""
        try:
            data: Any = json.loads(text) if text else {}
            if data.get("started") is not True:
                return cls()
            words = {name: str(data[name]) for name in ("newest", "top", "further", "since", "looked", "checked", "handle")}
            met = tuple((str(id_), str(handle)) for id_, handle in data["met"])
            return cls(started=True, protected=data["protected"] is True, met=met, recent=tuple(map(str, data["recent"])), **words)
        except (ValueError, TypeError, AttributeError, KeyError):
            return cls()

    def text(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True)


def read_posts(talk: Talk, profile: Key, cursor: str, *, handle: str, mine: bool = False) -> Iterator[Page]:
    """What one person writes. handle: as it was when they were followed. Raises what `Talk.ask` raises."""
    at, now = Mark.read(cursor), talk.clock().isoformat()
    if not at.started:
        at = replace(at, handle=handle, looked=now, checked=now)
    opening: Profile = replace(bare(profile.native_id, at.handle), is_owner=mine)
    if due(at.looked, talk.clock(), LOOK_AGAIN):
        user = record_of(talk.ask(f"/2/users/{profile.native_id}", {USER: 1}, {"user.fields": USER_FIELDS}), "data") or {}
        if string(user, "id", 30) != profile.native_id:
            raise talk.odd()
        opening = profile_of(user, is_owner=mine)
        at = replace(at, looked=now, handle=opening.handle, protected=user.get("protected") is True)
    price = OWN if mine else POST
    begun = at
    for at, data in _walk(talk, f"/2/users/{profile.native_id}/tweets", begun, price, {"exclude": "retweets"}):
        posts, media = posts_in(data), by_key(data)
        who = Who(handles={profile.native_id: at.handle}, protected=at.protected, refers=talk.tells_referred)
        facts = [fact for post in reversed(posts) for fact in post_facts(post, profile, who, media)]
        yield Page(facts=(opening, *facts, *_covered(talk, profile, at)), cursor=at.text(), more=bool(at.further))
    if not at.further and purse_of(talk.door).wants(AGAIN) and due(at.checked, talk.clock(), CHECK):
        who = Who(handles={profile.native_id: at.handle}, protected=at.protected, refers=talk.tells_referred)
        yield _looked_at_again(talk, profile, replace(at, checked=now), who, opening)


def _covered(talk: Talk, profile: Key, at: Mark) -> tuple[Fact, ...]:
    """Only a reading that came to its end says what is known."""
    return () if at.further else (Coverage(place=PLACE, profile=profile, since=moment_of(at.since)[0], until=talk.clock()),)


def _walk(talk: Talk, path: str, at: Mark, price: str, query: Mapping[str, str], *, authors: bool = False) -> Iterator[tuple[Mark, Json]]:
    """The pages after the newest known post, newest first, each with the cursor after it. An open reading goes on where it stood; where X
    no longer knows that place, it begins again at the top, which doubles nothing."""
    for _ in range(MAX_PAGES):
        first = not at.newest and not at.started
        words = {**query, **({"since_id": at.newest} if at.newest else {}), **({"pagination_token": at.further} if at.further else {})}
        try:
            data = _page(talk, path, price, words, FIRST if first else SIZES[0], authors)
        except UnexpectedAnswer:
            if not at.further:
                raise
            at = replace(at, further="", top="")
            continue
        at = _after(at, data, first=first)
        yield at, data
        if not at.further:
            break


def _page(talk: Talk, path: str, price: str, query: Mapping[str, str], most: int, authors: bool) -> Json:
    """One page, as large as the month still allows."""
    purse = purse_of(talk.door)
    with_pictures = purse.wants(MEDIA)

    def cost(size: int) -> dict[str, int]:
        return {price: size} | ({MEDIA: MOST_MEDIA * size} if with_pictures else {}) | ({USER: size} if authors and talk.expands_authors else {})

    size = next((size for size in SIZES if size <= most and purse.fits(cost(size))), SIZES[-1])
    extra = _PICTURES if with_pictures else {}
    return talk.ask(path, cost(size), {"max_results": size, **query, **extra}, fields=POST_FIELDS, authors=authors)


def _after(at: Mark, data: Json, *, first: bool) -> Mark:
    meta = record_of(data, "meta") or {}
    ids = [string(post, "id", 40) for post in posts_in(data)]
    known = sorted((id_ for id_ in ids if is_id(id_)), key=int)
    newest = string(meta, "newest_id", 40)
    top = at.top or (newest if is_id(newest) else known[-1] if known else "")
    further = string(meta, "next_token", 500)
    if further == at.further and not first:
        further = ""  # a page that leads to itself
    since = at.since
    if first and further and known:
        oldest = time_in(known[0])
        since = oldest.isoformat() if oldest is not None else ""
    recent = tuple(sorted({*known, *at.recent}, key=int, reverse=True)[:100])
    over = first or not further
    return replace(
        at, started=True, since=since, recent=recent, further="" if over else further, top="" if over else top, newest=(top or at.newest) if over else at.newest
    )


def _looked_at_again(talk: Talk, profile: Key, at: Mark, who: Who, opening: Profile) -> Page:
    """The posts of the last days as they stand now. One that X no longer shows is withdrawn only where it still shows another of them:
    of somebody who is locked out or hidden nothing is shown, which says nothing about each."""
    since = talk.clock() - FRESH
    ids = [id_ for id_ in at.recent if (moment := time_in(id_)) is not None and moment >= since]
    if not ids:
        return Page(cursor=at.text())
    data = talk.ask("/2/tweets", {AGAIN: len(ids)}, {"ids": ",".join(ids)}, fields=POST_FIELDS)
    shown = posts_in(data)
    facts: list[Fact] = [fact for post in shown for fact in post_facts(post, profile, who, {})]
    gone = {string(error, "resource_id", 40) or string(error, "value", 40) for error in records(data, "errors") if string(error, "type", 200).endswith("/resource-not-found")}
    withdrawn = [id_ for id_ in ids if id_ in gone] if shown else []
    facts += [Tombstone(key=Key(PLACE, id_), returns=True) for id_ in withdrawn]
    return Page(facts=(opening, *facts), cursor=replace(at, recent=tuple(id_ for id_ in at.recent if id_ not in withdrawn)).text())


def read_mentions(talk: Talk, me: Key, cursor: str) -> Iterator[Page]:
    """What names me or answers me. Whoever does so for the first time is looked up, which costs. Raises what `Talk.ask` raises."""
    at = Mark.read(cursor)
    for after, data in _walk(talk, f"/2/users/{me.native_id}/mentions", at, OWN, {}, authors=True):
        posts, media = posts_in(data), by_key(data)
        authors = {id_ for post in posts if is_id(id_ := author_of(post))} - {me.native_id}
        came = {string(user, "id", 30): string(user, "username", 60) for user in records(record_of(data, "includes"), "users")}
        met, found = _met(talk, authors, dict(after.met) | {id_: handle for id_, handle in came.items() if id_ in authors})
        who = Who(me=me, handles=met, refers=talk.tells_referred)
        facts: list[Fact] = [found.get(id_) or bare(id_, met.get(id_, "")) for id_ in sorted(authors)]
        for post in reversed(posts):
            author = author_of(post)
            if author != me.native_id:
                facts += post_facts(post, Key(PLACE, author), who, media)
        now_met = replace(after, met=tuple(met.items())[-MOST_MET:])
        yield Page(facts=(Profile(key=me, is_owner=True), *facts), cursor=now_met.text(), more=bool(after.further))


def _met(talk: Talk, authors: Sequence[str] | set[str], met: dict[str, str]) -> tuple[dict[str, str], dict[str, Profile]]:
    """Handles of all who are known by now, and the profiles of those who were not. Where the month has no money left, they stay numbers."""
    new = sorted(set(authors) - set(met))[:100]
    if not new:
        return met, {}
    try:
        data = talk.ask("/2/users", {USER: len(new)}, {"ids": ",".join(new), "user.fields": USER_FIELDS})
    except SpentUp:
        return met, {}
    found = {string(user, "id", 30): profile_of(user) for user in records(data, "data")}
    return met | {id_: found[id_].handle if id_ in found else "" for id_ in new}, found
