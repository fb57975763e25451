"""How a list that is newest first and knows no "since" is read step by step, and what the cursor remembers.

A reading goes down from the top until it meets what it knows. What it could not finish (FIRST_ITEMS at first, MAX_PAGES in
one sync) it goes on with from where it stood, so nothing is skipped. What is on a page is the caller's business.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from relationdesk.errors import Gone, SourceError, UnexpectedAnswer
from relationdesk.model import Coverage, Fact, Key, Page, Profile, Tombstone
from relationdesk.sources.json_fields import Json, moment_of

LIMIT = 100
FIRST_ITEMS = 300
"""How far the first reading goes back."""
MAX_PAGES = 25
"""Pages of one stream in one sync; the rest follows in the next."""
MAX_CHECKS = 5
"""Vanished records asked for one by one in one sync."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of a list: its key ("" for an unreadable one), a mark that changes when it is rewritten, where it stands."""

    uri: str
    mark: str
    moment: datetime | None
    item: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a list. further: the place's own cursor to the next, "" at the end. cut: the place gives no more although
    there is more. tag: the place's own mark of this page (ETag). unchanged: it said that this page is as it was (304)."""

    lines: tuple[Line, ...] = ()
    further: str = ""
    cut: bool = False
    tag: str = ""
    unchanged: bool = False

    @property
    def uris(self) -> frozenset[str]:
        return frozenset(line.uri for line in self.lines if line.uri)

    @property
    def moments(self) -> tuple[datetime, ...]:
        return tuple(line.moment for line in self.lines if line.moment is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list and what is made of it. fetch: a page after the place's cursor, "" for the newest. facts: of items given newest
    first, oldest first. covers: whose coverage it proves, None for nobody's. gone: whether the place says for certain that
    a record was withdrawn, asked of those that vanished; None for no asking. window: how far back the place shows anything at
    all. again: asks anew for items of the newest page, where the list itself does not tell what became of them. native: what our
    facts call an item, where the list needs more to ask for it. returns: what was withdrawn may be shown again. checks: how many
    vanished ones are asked for in one reading; the others stay in the cursor. back: items to which the first reading goes back."""

    place: str
    fetch: Callable[[str], Sheet]
    facts: Callable[[Sequence[Json]], list[Fact]]
    clock: Callable[[], datetime]
    covers: Key | None = None
    gone: Callable[[str], bool] | None = None
    window: timedelta | None = None
    again: Callable[[tuple[Line, ...]], list[Fact]] | None = None
    native: Callable[[str], str] = str
    returns: bool = False
    checks: int = MAX_CHECKS
    back: int = FIRST_ITEMS

    def now(self) -> str:
        return self.clock().isoformat()

    def covered(self, at: Cursor) -> tuple[Fact, ...]:
        if self.covers is None:
            return ()
        now = self.clock()
        since = moment_of(at.since)[0] if at.since else now - self.window if self.window else None
        return (Coverage(place=self.place, profile=self.covers, since=since, until=now),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """started: the first page was read. recent: (key, mark) of the newest page, newest first. newest: ISO time of its newest.
    older: the place's cursor where a reading downwards stands, "" when none is open. known, reached: the keys and the ISO time
    at which that reading meets what it knows; () and "" in the first. count: items read downwards. since: ISO time of the oldest
    item read, "" for all of them. missing: what vanished and was not asked for yet. looked: ISO time when the profile was read.
    asked: ISO time when the newest page was read. tag: the place's mark of that page. note: what else the source keeps in mind."""

    started: bool = False
    recent: tuple[tuple[str, str], ...] = ()
    newest: str = ""
    older: str = ""
    known: tuple[str, ...] = ()
    reached: str = ""
    count: int = 0
    since: str = ""
    missing: tuple[str, ...] = ()
    looked: str = ""
    asked: str = ""
    tag: str = ""
    note: str = ""

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Anything that is no cursor of ours begins anew."""
        try:
            data: Any = json.loads(text) if text else {}
            if data.get("started") is not True:
                return cls()
            return cls(
                started=True, recent=tuple((str(uri), str(mark)) for uri, mark in data["recent"]), newest=str(data["newest"]),
                older=str(data["older"]), known=tuple(map(str, data["known"])), reached=str(data["reached"]), count=int(data["count"]),
                since=str(data["since"]), missing=tuple(map(str, data["missing"])), looked=str(data["looked"]),
                asked=str(data.get("asked", "")), tag=str(data.get("tag", "")), note=str(data.get("note", "")),
            )  # fmt: skip
        except (ValueError, TypeError, AttributeError, KeyError):
            return cls()

    def text(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True)

    def after(self, sheet: Sheet, back: int) -> Cursor:
        """Where a reading downwards stands after this page: has it met what is known, or gone far enough? back: items of the first."""
        reached = moment_of(self.reached)[0]
        met = bool(sheet.uris.intersection(self.known)) or (reached is not None and min(sheet.moments, default=reached) < reached)
        count = self.count + len(sheet.lines)
        over = met or not sheet.further or (not self.known and count >= back)
        since, unread = self.since, sheet.further or sheet.cut
        if not self.known:
            since = min(sheet.moments).isoformat() if sheet.moments and unread else since if unread else ""
        return replace(
            self, older="" if over else sheet.further, count=count, since=since, known=() if over else self.known,
            reached="" if over else self.reached,
        )  # fmt: skip


def read_listing(listing: Listing, at: Cursor, opening: tuple[Fact, ...]) -> Iterator[Page]:
    """The pages after a cursor. opening: facts to put before the first page's. Raises what `listing.fetch` raises."""
    first = not at.started
    if first:
        sheet = listing.fetch("")
        at = replace(at, started=True, recent=_recent(sheet), newest=_top(sheet), tag=sheet.tag, asked=listing.now()).after(sheet, listing.back)
        yield _down_page(listing, sheet, at, opening)
        opening = ()
    if at.older:
        at = yield from _downwards(listing, at, opening, kept=not first)
        opening = ()
    if not first and not at.older:  # the first reading began at the top; one that is still open goes on in the next sync
        yield from _onwards(listing, at, opening)


def _recent(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    return tuple((line.uri, line.mark) for line in sheet.lines if line.uri)


def _top(sheet: Sheet) -> str:
    return max(sheet.moments).isoformat() if sheet.moments else ""


def _down_page(listing: Listing, sheet: Sheet, after: Cursor, opening: tuple[Fact, ...]) -> Page:
    """A page of a reading downwards, with what is covered by now: in the first reading from its oldest item to now; after a
    gap nothing until the gap is closed."""
    covered = () if after.known else listing.covered(after)
    facts = listing.facts([line.item for line in sheet.lines])
    return Page(facts=(*opening, *facts, *covered), cursor=after.text(), more=bool(after.older))


def _downwards(listing: Listing, at: Cursor, opening: tuple[Fact, ...], *, kept: bool = False) -> Generator[Page, None, Cursor]:
    """Older pages until the reading is over; a page that only repeats what was there ends it, too. kept: it was begun in an earlier sync.
    Places need not know their own cursors for ever: where this one is refused, the reading begins anew at the top."""
    seen = {uri for uri, _ in at.recent}
    for _ in range(MAX_PAGES):
        if not at.older:
            break
        try:
            sheet = listing.fetch(at.older)
        except (Gone, UnexpectedAnswer):
            if not kept:
                raise
            sheet, seen = listing.fetch(""), set()
            at = replace(at, older="", recent=_recent(sheet), newest=_top(sheet), tag=sheet.tag, count=0, missing=(*at.missing, *_vanished(at, sheet)))
        kept = False
        if sheet.uris <= seen or sheet.further == at.older:
            sheet = replace(sheet, further="")
        seen |= sheet.uris
        at = at.after(sheet, listing.back)
        yield _down_page(listing, sheet, at, opening)
        opening = ()
    return at


def _onwards(listing: Listing, at: Cursor, opening: tuple[Fact, ...]) -> Iterator[Page]:
    """What is new, what was rewritten on the newest page, what was withdrawn from it."""
    sheet = listing.fetch("")
    if sheet.unchanged and not at.missing:
        yield Page(facts=opening, cursor=replace(at, asked=listing.now()).text(), unchanged=True)
        return
    marks = dict(at.recent)
    fresh = [line.item for line in sheet.lines if marks.get(line.uri) != line.mark]
    missing = (*at.missing, *_vanished(at, sheet))
    gone, left = _withdrawn(listing, missing)
    again = listing.again(sheet.lines) if listing.again is not None else []
    after = replace(
        at, recent=_recent(sheet) or at.recent, newest=_top(sheet) or at.newest, missing=left, tag=sheet.tag, asked=listing.now()
    )
    if marks and not sheet.uris.intersection(marks):
        after = replace(after, known=tuple(marks), reached=at.newest, count=0).after(sheet, listing.back)
    covered = () if after.older else listing.covered(after)
    yield Page(facts=(*opening, *listing.facts(fresh), *again, *gone, *covered), cursor=after.text(), more=bool(after.older))
    if after.older:
        yield from _downwards(listing, after, ())


def _vanished(at: Cursor, sheet: Sheet) -> tuple[str, ...]:
    """What stood above something that is still there and is no longer listed; on the last page also what stood below. A page
    without anything known says nothing about what is gone."""
    places = [index for index, (uri, _) in enumerate(at.recent) if uri in sheet.uris]
    if not places:
        return ()
    end = max(places) if sheet.further else len(at.recent)
    return tuple(uri for uri, _ in at.recent[:end] if uri not in sheet.uris)


def _withdrawn(listing: Listing, missing: tuple[str, ...]) -> tuple[list[Fact], tuple[str, ...]]:
    """Ask for vanished records one by one. Answers the tombstones, and what is left for the next sync."""
    if listing.gone is None:
        return [], ()
    gone: list[Fact] = []
    wanted = tuple(dict.fromkeys(missing))
    for uri in wanted[: listing.checks]:
        try:
            if listing.gone(uri):
                gone.append(Tombstone(key=Key(listing.place, listing.native(uri)), returns=listing.returns))
        except SourceError:
            continue
    return gone, wanted[listing.checks : listing.checks + LIMIT]


def once(facts: Iterator[Fact]) -> list[Fact]:
    """The same profile once per page, unless it tells more or anew."""
    found: list[Fact] = []
    seen: dict[Key, Profile] = {}
    for fact in facts:
        if isinstance(fact, Profile):
            if seen.get(fact.key) == fact or (fact.key in seen and not fact.handle):
                continue
            seen[fact.key] = fact
        found.append(fact)
    return found


def due(last: str, now: datetime, every: timedelta) -> bool:
    """Whether the ISO time `last` is so long ago, or none; a clock that stood wrong does not put anything off."""
    moment = moment_of(last)[0]
    return moment is None or not timedelta(0) <= now - moment < every
