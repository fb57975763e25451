"""Pinboard, the heir of Delicious: one's own bookmarks by its API, private ones too; what others keep in public by their feeds.

The keys are those of Pinboard's own files (see `bookmarks`). The API allows one question in three seconds, its whole list one in five
minutes, so each reading asks one thing: the whole list at first, then the newest hundred; once a day whether anything older was
changed, and only then the whole list again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from relationdesk.errors import LoginRejected, UnexpectedAnswer, UserMistake
from relationdesk.model import Activity, Coverage, Fact, Key, Login, Page, Profile, Rejected, Stream, Tombstone
from relationdesk.saying import marked, say
from relationdesk.sources.base import Allowance, WayIn
from relationdesk.sources.bookmark_marks import of_pinboard
from relationdesk.sources.bookmarks import activity_of, owner_of, pinboard_name
from relationdesk.sources.feed import Feed
from relationdesk.sources.json_fields import Json, moment_of, string
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, due, read_listing

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

PLACE = "pinboard"
SITE, API, FEEDS = "https://pinboard.in", "https://api.pinboard.in", "https://feeds.pinboard.in"
OWN = "own"
LIMIT_BYTES = 32_000_000
"""Of the whole list: some hundred thousand bookmarks."""
NEWEST = 100
PORTION = 500
LOOK_AGAIN = timedelta(days=1)
"""How often is asked whether something older was changed."""
PACE = timedelta(minutes=1)
"""The newest are given once a minute."""
_WHOLE = "whole"
_TOKEN = re.compile(r"([\w-]{1,60}):[0-9A-Fa-f]{8,64}")
_PAGE = re.compile(r"(?:https?://)?(?:www\.|feeds\.)?pinboard\.in/(?:(?:rss|json)/)?(u:[\w-]{1,60})(?:/.*)?", re.IGNORECASE)


class Pinboard:
    """Reads Pinboard. clock: aware UTC now, to be replaced in tests."""

    name = "pinboard"
    title = "Pinboard"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        asks=("feeds.pinboard.in",), asks_with_key=("api.pinboard.in",),
        costs=marked("Nothing beyond your membership."),
        source="pinboard", title="Pinboard", places=("pinboard",), server="name", signs_in=marked("Your name on Pinboard"), page="https://pinboard.in/u:name",
        gives=marked("Reads what people keep in public; with your key all of your own bookmarks, private ones too. Being a member of Pinboard is paid, reading others is not."),
        key_from=marked("It stands on pinboard.in/settings/password as “API token” and looks like name:1A2B…"),
        follow=marked("Follow somebody: their name, or the address of their page"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._feed = Feed(clock)

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check the key, which tells whose it is; without one that the page is there. address: one's own name, or "pinboard.in" for none.

        Raises UserMistake for what is no name, LoginRejected for a key that is none or is refused, and the errors of the door.
        """
        typed = re.sub(r"@pinboard\.in$", "", address.strip(), flags=re.IGNORECASE)
        name = "" if re.fullmatch(r"(?:https?://)?(?:www\.)?(?:pinboard\.in)?/?", typed, re.IGNORECASE) else _name(typed)
        if token:
            found = _TOKEN.fullmatch(token)
            if found is None:
                raise LoginRejected(say("This is no key of Pinboard, which looks like name:1A2B…. What was read before is kept; copy it again and sign in."))
            name = found[1]
            _object(_ask(door, API, "posts/update", token))
        elif name:
            self.follow(name, Login(id=0, source=self.name, place=PLACE, address=SITE), "", door)
        me = owner_of(PLACE, name).key if name else None
        return Login(id=0, source=self.name, place=PLACE, address=SITE, user_name=name, profile=me, has_token=bool(token))

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or page into a stream and its profile. Raises UserMistake for what is neither, and the errors of the door."""
        name = _name(address)
        stream, profile = self._feed.follow(f"{SITE}/u:{name}", login, "", door)
        own = self.adopts(stream)
        if own is None:
            raise UserMistake(say("Nobody called {name} was found on Pinboard. Nothing was changed; check the spelling.", name=name))
        return own, _told_by_feed(profile)

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """My own bookmarks; then each followed page."""
        if login.profile is None:
            return followed
        site = login.address.rstrip("/")
        base = API if site == SITE else site
        own = Stream(name=OWN, address=base if login.has_token else _feed_of(login.profile, site), profile=login.profile, title="My bookmarks")
        return (own, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor. Raises the errors of the door."""
        if stream.profile is None:
            return
        if stream.name == OWN and token:
            yield from _Own(door, stream, token, self._clock).pages(cursor)
            return
        for page in self._feed.pages(login, stream, cursor, "", door):
            facts = (_told_by_feed(f, mine=stream.name == OWN) if isinstance(f, Profile) and f.key == stream.profile else f for f in page.facts)
            yield replace(page, facts=tuple(facts))

    def allowance(self, login: Login) -> Allowance | None:
        """One question in three seconds. Each reading asks the API only one, so this matters only right after connecting."""
        return Allowance(most=1, span=timedelta(seconds=3)) if login.has_token and login.last_good is None else None

    def adopts(self, feed: Stream) -> Stream | None:
        """Somebody's bookmarks that were followed as a feed; those of one tag stay one."""
        if feed.profile is None or feed.profile.place != PLACE or urlsplit(feed.address).path.count("/t:"):
            return None
        found = _PAGE.fullmatch(feed.profile.native_id)
        if found is None:
            return None
        title = re.sub(r"^Pinboard \((.+)\)$", r"\1", feed.title)
        return Stream(name=f"bookmarks:{found[1].lower()}", address=feed.address, profile=feed.profile, title=title)


def _name(address: str) -> str:
    """ "joe", "u:joe", "https://pinboard.in/u:joe/t:erp" → "joe". Raises UserMistake."""
    text = address.strip()
    found = _PAGE.fullmatch(text)
    name = found[1][2:] if found else "" if "." in text or "/" in text else pinboard_name(text)
    if not name:
        raise UserMistake(say("This is nobody’s name on Pinboard. Nothing was changed; type it, or the address of their page like pinboard.in/u:name."))
    return name


def _feed_of(person: Key, site: str) -> str:
    return f"{FEEDS if site == SITE else site}/rss/{person.native_id.rpartition('/')[2]}/"


def _told_by_feed(profile: Profile, *, mine: bool = False) -> Profile:
    """A feed does not know whose it is, nor its page, and its title is neither a name nor a bio."""
    name = "" if profile.display_name.startswith("Pinboard") else profile.display_name
    return replace(profile, display_name=name or profile.handle, url=profile.key.native_id, bio="", is_owner=mine, known=not mine)


def _ask(door: Door, base: str, what: str, token: str, **query: str | int) -> Any:
    return door.get_json(
        f"{base}/v1/{what}?{urlencode({'format': 'json', **query})}", token=token, token_origin=base, token_in="?auth_token", limit_bytes=LIMIT_BYTES
    )


def _object(data: Any) -> Json:
    if not isinstance(data, dict):
        raise _odd()
    return data


def _odd() -> UnexpectedAnswer:
    return UnexpectedAnswer(say("Pinboard answered something that is not the expected data. Nothing of it was kept and nothing was deleted; it will be tried again."))


class _Own:
    """My bookmarks, one question at a time. The cursor's note: when anything was last changed, as far as the whole list was
    read; or that the whole list is to be read next."""

    def __init__(self, door: Door, stream: Stream, token: str, clock: Callable[[], datetime]) -> None:
        assert stream.profile is not None
        self._door, self._base, self._token, self._clock = door, stream.address, token, clock
        self._owner = owner_of(PLACE, stream.profile.native_id.rpartition("u:")[2])

    def pages(self, cursor: str) -> Iterator[Page]:
        at, now = Cursor.read(cursor), self._clock()
        if not at.started or at.note == _WHOLE:
            yield from self._whole(at, now)
        elif not due(at.asked, now, PACE):
            return
        elif _is_look_due(at, now):
            yield self._look(at, now)
        elif at.missing:
            yield self._missing(at, now)
        else:
            yield from self._newest(at, now)

    def _whole(self, at: Cursor, now: datetime) -> Iterator[Page]:
        lines = self._lines(_ask(self._door, self._base, "posts/all", self._token))
        newest = tuple((line.uri, line.mark) for line in lines[:NEWEST] if line.uri)
        gone = tuple(uri for uri, _ in at.recent if uri not in {line.uri for line in lines}) if newest else ()
        top = max((line.moment for line in lines if line.moment is not None), default=None)
        after = Cursor(
            started=True, recent=newest or at.recent, newest=top.isoformat() if top else "", missing=(*at.missing, *gone)[:NEWEST], looked=now.isoformat(),
            asked=now.isoformat(),
        )  # fmt: skip
        facts = [fact for line in reversed(lines) for fact in self._facts(line.item)]
        covered = Coverage(place=PLACE, profile=self._owner.key, until=now)
        portions = [facts[start : start + PORTION] for start in range(0, max(1, len(facts)), PORTION)]
        for number, portion in enumerate(portions, start=1):
            last = number == len(portions)
            yield Page(facts=(self._owner, *portion, *((covered,) if last else ())), cursor=after.text() if last else "", more=not last)

    def _look(self, at: Cursor, now: datetime) -> Page:
        """Whether anything was changed since the whole list was read that the newest do not show."""
        changed = moment_of(string(_object(_ask(self._door, self._base, "posts/update", self._token)), "update_time", 60))[0]
        if changed is None:
            raise _odd()
        again = _WHOLE if changed > (moment_of(at.looked)[0] or now) else at.note
        return Page(cursor=replace(at, looked=now.isoformat(), asked=now.isoformat(), note=again).text())

    def _missing(self, at: Cursor, now: datetime) -> Page:
        """What left the list is asked for by its address; only an answer without it counts."""
        uri = at.missing[0]
        href = uri.partition("#")[2]
        after = replace(at, missing=at.missing[1:], asked=now.isoformat()).text()
        if not re.match(r"https?://", href):
            return Page(cursor=after)
        found = _object(_ask(self._door, self._base, "posts/get", self._token, url=href)).get("posts")
        if not isinstance(found, list):
            raise _odd()
        return Page(facts=() if found else (Tombstone(key=Key(PLACE, uri)),), cursor=after)

    def _newest(self, at: Cursor, now: datetime) -> Iterator[Page]:
        lines = tuple(self._lines(_ask(self._door, self._base, "posts/recent", self._token, count=NEWEST)))
        known = {uri for uri, _ in at.recent}
        shown = {line.uri for line in lines if line.uri}
        if known and not known & shown:
            # More are new than are shown here, so the whole list comes next; an answer without any says nothing.
            note = _WHOLE if shown else at.note
            yield Page(facts=tuple(self._of_items([line.item for line in lines])), cursor=replace(at, asked=now.isoformat(), note=note).text())
            return
        listing = Listing(
            place=PLACE, fetch=lambda _: Sheet(lines=lines, further="more"), facts=self._of_items, clock=self._clock, covers=self._owner.key,
            gone=lambda _: False, checks=0,
        )  # fmt: skip
        yield from read_listing(listing, at, ())

    def _of_items(self, items: Sequence[Json]) -> list[Fact]:
        return [self._owner, *(fact for item in reversed(items) for fact in self._facts(item))]

    def _lines(self, data: Any) -> list[Line]:
        """The bookmarks of an answer, the newest first: a list, or an object that holds it."""
        found = data.get("posts") if isinstance(data, dict) else data
        if not isinstance(found, list):
            raise _odd()
        lines = [Line(uri=self._key(item), mark=_mark(item), moment=of_pinboard(item).added, item=item) for item in found if isinstance(item, dict)]
        return sorted(lines, key=lambda line: line.moment or datetime.min.replace(tzinfo=UTC), reverse=True)

    def _key(self, item: Json) -> str:
        found = self._facts(item)[0]
        return found.key.native_id if isinstance(found, Activity) else ""

    def _facts(self, item: Json) -> tuple[Fact, ...]:
        mark = of_pinboard(item)
        if not mark.href:
            return (Rejected(where="Pinboard bookmark", reason=say("It has no address.")),)
        return (activity_of(mark, PLACE, self._owner.key),)


def _is_look_due(at: Cursor, now: datetime) -> bool:
    """Once a day, but after a pause the newest come first."""
    return due(at.looked, now, LOOK_AGAIN) and (not due(at.asked, now, LOOK_AGAIN / 2) or due(at.looked, now, LOOK_AGAIN * 7))


def _mark(item: Json) -> str:
    """Pinboard's own mark, which changes with every edit."""
    return string(item, "meta", 64) + string(item, "shared", 10) + string(item, "toread", 10)
