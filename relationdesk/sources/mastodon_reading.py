"""How one Mastodon stream is read page by page, and what the cursor remembers. Nothing here depends on one server's
paging being right: snac ignores limits and ids, so every step ends when nothing new comes.

First reading: the newest page, then backwards to FIRST_POSTS. Later: the newest page; if it does not reach what is
known, forward from there with `min_id`, which skips nothing. Each page is oldest first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from relationdesk.errors import Gone, SourceError, UnexpectedAnswer
from relationdesk.model import Coverage, Fact, Key, Page, Profile, Tombstone
from relationdesk.saying import say
from relationdesk.sources.door_addresses import origin
from relationdesk.sources.json_fields import Json, moment_of, string
from relationdesk.sources.mastodon_facts import PLACE, facts, notification_facts, only_about, status_uri

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

LIMIT = 40
MAX_ITEMS = 1_000
"""Records of one page; some servers ignore the limit, none of them sends a million in good faith."""
FIRST_POSTS = 320
"""How far the first reading goes back, in posts (eight requests; the servers allow 300 in five minutes)."""
MAX_PAGES = 25
"""Pages of one stream in one sync; the rest follows in the next."""
MAX_CHECKS = 5
"""Vanished posts asked for one by one in one sync."""
MAX_PARENTS = 5
"""Answered posts asked for one by one per page, where a server cannot give several at once."""
MAX_RECENT = 200
"""Posts the cursor remembers; a page has 40, but some servers give what they like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reading needs. token "" where the stream's server is not our own. me: who we are, None without login.
    foreign: the stream's server is one we have no login on, see `only_about`."""

    door: Door
    base: str
    token: str
    profile: Key | None
    clock: Callable[[], datetime]
    me: Key | None
    foreign: bool = False

    def allowed(self, found: list[Fact]) -> list[Fact]:
        """Everything from our own server; from another one only what it may say."""
        if not self.foreign or self.profile is None:
            return found
        return list(only_about(self.profile, found))

    def get(self, path: str) -> Answer:
        return self.door.get(self.base + path, token=self.token, token_origin=self.base, accept="application/json")

    def list_at(self, path: str) -> tuple[list[Json], Answer]:
        """A page of records. Raises UnexpectedAnswer for anything but a list."""
        answer = self.get(path)
        data = answer.json()
        if not isinstance(data, list):
            raise UnexpectedAnswer(say("The server answered something that is not a list of posts. Nothing was deleted."))
        return [item for item in data[:MAX_ITEMS] if isinstance(item, dict)], answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """newest: the highest id known. oldest: where the backward reading stands, "" when it is done. count: posts read
    backwards. since: ISO time of the oldest post read, "" for all of them. recent: id → (uri, mark) of the newest
    page, newest first. missing: ids that vanished and were not asked for yet. batch: the server can answer several
    posts at once."""

    newest: str = ""
    oldest: str = ""
    count: int = 0
    since: str = ""
    recent: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    batch: bool = True

    @classmethod
    def read(cls, text: str) -> _Cursor:
        try:
            data: Any = json.loads(text) if text else {}
            return cls(
                newest=str(data.get("newest", "")), oldest=str(data.get("oldest", "")), count=int(data.get("count", 0)),
                since=str(data.get("since", "")), batch=bool(data.get("batch", True)),
                recent=tuple((str(a), str(b), str(c)) for a, b, c in data.get("recent", ())),
                missing=tuple((str(a), str(b)) for a, b in data.get("missing", ())),
            )  # fmt: skip
        except (ValueError, TypeError, AttributeError):
            return cls()

    def text(self) -> str:
        return json.dumps(
            {"newest": self.newest, "oldest": self.oldest, "count": self.count, "since": self.since,
             "recent": self.recent, "missing": self.missing, "batch": self.batch}, sort_keys=True,
        )  # fmt: skip


def read_statuses(reading: Reading, number: str, cursor: str, opening: tuple[Fact, ...]) -> Iterator[Page]:
    """The posts of one profile. number: its id on this server. opening: facts to put before the first page's."""
    yield from read_posts(reading, f"/api/v1/accounts/{quote(number, safe='')}/statuses", cursor, opening)


def read_posts(reading: Reading, path: str, cursor: str, opening: tuple[Fact, ...]) -> Iterator[Page]:
    """The posts that a server lists at a path, newest first."""
    at = _Cursor.read(cursor)
    if not at.newest and not at.oldest:
        yield from _first(reading, path, opening)
        return
    if at.oldest:
        at = yield from _backwards(reading, path, at, opening)
        opening = ()
    yield from _onwards(reading, path, at, opening)


def _first(reading: Reading, path: str, opening: tuple[Fact, ...]) -> Iterator[Page]:
    items, answer = reading.list_at(f"{path}?limit={LIMIT}")
    known = _Cursor(
        newest=string(items[0], "id", 200) if items else "", recent=_recent(items), count=len(items),
        oldest=_further(reading, items, answer),
    )  # fmt: skip
    page, known = _page(reading, items, known, opening)
    yield page
    if known.oldest:
        yield from _backwards(reading, path, known, ())


def _further(reading: Reading, items: list[Json], answer: Answer) -> str:
    """The id to go on from backwards, "" at the end: as the Link header says, else if the page was full."""
    following = answer.links.get("next", "")
    if not items or (not following and len(items) < LIMIT):
        return ""
    if following and origin(following) != origin(reading.base):
        return ""
    return string(items[-1], "id", 200)


def _backwards(reading: Reading, path: str, at: _Cursor, opening: tuple[Fact, ...]) -> Generator[Page, None, _Cursor]:
    """Older pages until FIRST_POSTS, the beginning, or a page that brings nothing older."""
    seen = {at.oldest, *(known for known, _, _ in at.recent)}
    for _ in range(MAX_PAGES):
        if not at.oldest:
            break
        items, answer = reading.list_at(f"{path}?{urlencode({'limit': LIMIT, 'max_id': at.oldest})}")
        items = [item for item in items if string(item, "id", 200) not in seen]
        seen.update(string(item, "id", 200) for item in items)
        done = replace(at, count=at.count + len(items), oldest=_further(reading, items, answer))
        page, at = _page(reading, items, done, opening)
        opening = ()
        yield page
    return at


def _page(reading: Reading, items: list[Json], at: _Cursor, opening: tuple[Fact, ...]) -> tuple[Page, _Cursor]:
    """One backward page, with what is covered so far: from its oldest post to now."""
    found, batch = _facts(reading, items, at)
    dates = [moment for item in items if (moment := moment_of(string(item, "created_at"))[0]) is not None]
    since = min(dates).isoformat() if dates and at.oldest else (at.since if at.oldest else "")
    if at.oldest and at.count >= FIRST_POSTS:
        at = replace(at, oldest="")
    at = replace(at, since=since, batch=batch)
    return Page(facts=(*opening, *found, *_coverage(reading, at)), cursor=at.text(), more=bool(at.oldest)), at


def _coverage(reading: Reading, at: _Cursor) -> tuple[Fact, ...]:
    profile = reading.profile
    if profile is None or origin(profile.native_id)[1] != origin(reading.base)[1]:
        return ()  # another server knows only what was delivered to it, so its silence means nothing
    since = moment_of(at.since)[0] if at.since else None
    return (Coverage(place=PLACE, profile=profile, since=since, until=reading.clock()),)


def _facts(reading: Reading, items: list[Json], at: _Cursor) -> tuple[list[Fact], bool]:
    """Facts of a page given newest first, oldest first, with the posts they answer looked up once."""
    parents, batch = _parents(reading, items, at)
    found: list[Fact] = []
    seen: dict[Key, Profile] = {}
    for item in reversed(items):
        for fact in facts(item, parents):
            if isinstance(fact, Profile):
                if fact.key in seen and (not fact.bio or seen[fact.key] == fact):
                    continue
                seen[fact.key] = fact
            found.append(fact)
    return reading.allowed(found), batch


def _parents(reading: Reading, items: list[Json], at: _Cursor) -> tuple[dict[str, Json], bool]:
    """Statuses by id: those of the page, those remembered, and the ones answered that have to be asked for.

    One request where the server takes several ids (Mastodon 4.3), else the newest few one by one.
    """
    known: dict[str, Json] = {number: {"uri": uri} for number, uri, _ in at.recent}
    known.update({string(item, "id", 200): item for item in items})
    asked = [string(item, "in_reply_to_id", 200) for item in items]
    wanted = [number for number in dict.fromkeys(asked) if number and number not in known]
    batch = at.batch
    if wanted and batch:
        try:
            query = urlencode([("id[]", number) for number in wanted[:LIMIT]])
            found, _ = reading.list_at(f"/api/v1/statuses?{query}")
            known.update({string(item, "id", 200): item for item in found})
            wanted = []
        except SourceError:
            batch = False
    for number in wanted[:MAX_PARENTS]:
        try:
            item = reading.get(f"/api/v1/statuses/{quote(number, safe='')}").json()
        except SourceError:
            continue
        if isinstance(item, dict):
            known[number] = item
    return known, batch


def _mark(item: Json) -> str:
    """A fingerprint of what an edit can change."""
    parts = [str(item.get(name)) for name in ("edited_at", "content", "spoiler_text", "visibility")]
    media = json.dumps([item.get("media_attachments"), (item.get("poll") or {}) and 1], default=str)
    return hashlib.sha256("\0".join([*parts, media]).encode("utf-8", "replace")).hexdigest()[:12]


def _recent(items: list[Json]) -> tuple[tuple[str, str, str], ...]:
    return tuple((string(i, "id", 200), status_uri(i), _mark(i)) for i in items[:MAX_RECENT] if status_uri(i))


def _onwards(reading: Reading, path: str, at: _Cursor, opening: tuple[Fact, ...]) -> Iterator[Page]:
    """What is new, what was edited on the newest page, what was withdrawn from it."""
    items, _ = reading.list_at(f"{path}?limit={LIMIT}")
    known = {number for number, _, _ in at.recent} | {at.newest}
    numbers = [string(item, "id", 200) for item in items]
    if items and not known.intersection(numbers):
        before, at = at, (yield from _forward(reading, path, at, opening))
        items, _ = reading.list_at(f"{path}?limit={LIMIT}")
        numbers = [string(item, "id", 200) for item in items]
        if at.newest != before.newest:
            opening = ()
            if not {number for number, _, _ in at.recent}.intersection(numbers):
                return  # still more than MAX_PAGES behind; the next sync goes on from here
    if not items and at.recent:
        yield Page(facts=opening, cursor=at.text())  # all of it gone at once is no sign that there was nothing new
        return
    marks = {number: mark for number, _, mark in at.recent}
    fresh = [item for item in items if marks.get(string(item, "id", 200)) != _mark(item)]
    found, batch = _facts(reading, fresh, at)
    missing = _vanished(at, numbers)
    gone, left = _checked(reading, (*at.missing, *missing))
    after = replace(
        at, newest=numbers[0] if numbers else at.newest, recent=_recent(items) or at.recent, missing=left, batch=batch
    )
    yield Page(facts=(*opening, *found, *gone, *_coverage(reading, after)), cursor=after.text())


def _forward(reading: Reading, path: str, at: _Cursor, opening: tuple[Fact, ...]) -> Generator[Page, None, _Cursor]:
    """More than one page is new: each time the page just above the newest known post, so that nothing is skipped.

    A newest post that was deleted is no obstacle: ids are compared by the server.
    """
    seen = {number for number, _, _ in at.recent}
    for _ in range(MAX_PAGES):
        items, _ = reading.list_at(f"{path}?{urlencode({'limit': LIMIT, 'min_id': at.newest})}")
        items = [item for item in items if string(item, "id", 200) not in seen]
        if not items:
            break
        seen.update(string(item, "id", 200) for item in items)
        found, batch = _facts(reading, items, at)
        at = replace(
            at, newest=string(items[0], "id", 200), recent=(*_recent(items), *at.recent)[: 2 * LIMIT], batch=batch
        )
        yield Page(facts=(*opening, *found), cursor=at.text(), more=True)
        opening = ()
    return at


def _vanished(at: _Cursor, numbers: list[str]) -> tuple[tuple[str, str], ...]:
    """Posts that stood above one which is still there and are no longer listed; on a page that is not full (it ends
    with the first post of all) also those below. A page without any known post says nothing about what is gone."""
    listed = set(numbers)
    places = [index for index, (number, _, _) in enumerate(at.recent) if number in listed]
    if not places:
        return ()
    end = max(places) if len(numbers) >= LIMIT else len(at.recent)
    return tuple((number, uri) for number, uri, _ in at.recent[:end] if number not in listed)


def _checked(reading: Reading, missing: tuple[tuple[str, str], ...]) -> tuple[list[Fact], tuple[tuple[str, str], ...]]:
    """Ask for vanished posts one by one: 404 or 410 on the post itself withdraws it, all else leaves it alone.
    Answers the tombstones, and what is left for the next sync."""
    gone: list[Fact] = []
    asked = dict(missing[:MAX_CHECKS])
    for number, uri in asked.items():
        try:
            reading.get(f"/api/v1/statuses/{quote(number, safe='')}")
        except Gone:
            gone.append(Tombstone(key=Key(PLACE, uri)))
        except SourceError:
            continue
    return reading.allowed(gone), tuple(missing[MAX_CHECKS : MAX_CHECKS + LIMIT])


def read_notifications(reading: Reading, cursor: str) -> Iterator[Page]:
    """What others did towards me: first the newest pages backwards, later forward from the newest known."""
    at = _Cursor.read(cursor)
    limit = 80
    seen: set[str] = {number for number, _, _ in at.recent}
    for _ in range(MAX_PAGES):
        query = {"limit": limit} | ({"max_id": at.oldest} if at.oldest else {"min_id": at.newest} if at.newest else {})
        items, answer = reading.list_at(f"/api/v1/notifications?{urlencode(query)}")
        fresh = [item for item in items if string(item, "id", 200) not in seen]
        seen.update(string(item, "id", 200) for item in fresh)
        first_time = not at.newest or bool(at.oldest)
        if not fresh:
            yield Page(cursor=replace(at, oldest="").text())
            return
        newest = at.newest if at.oldest else string(fresh[0], "id", 200)
        older = _further(reading, fresh, answer) if first_time and at.count + len(fresh) < FIRST_POSTS else ""
        at = replace(
            at, newest=newest, oldest=older, count=at.count + len(fresh),
            recent=(*((string(i, "id", 200), "", "") for i in fresh), *at.recent)[:MAX_RECENT],
        )  # fmt: skip
        more = bool(older) or (not first_time and len(items) >= limit)
        found, batch = _towards_me(reading, fresh, at)
        at = replace(at, batch=batch)
        yield Page(facts=tuple(found), cursor=at.text(), more=more)
        if not more:
            return


def _towards_me(reading: Reading, items: list[Json], at: _Cursor) -> tuple[list[Fact], bool]:
    statuses = [item["status"] for item in items if isinstance(item.get("status"), dict)]
    parents, batch = _parents(reading, statuses, replace(at, recent=()))
    found: list[Fact] = [Profile(key=reading.me)] if reading.me else []  # reactions name me and tell no more
    for item in reversed(items):
        found += notification_facts(item, reading.me, parents)
    return found, batch
