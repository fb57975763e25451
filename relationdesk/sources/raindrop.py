"""Raindrop.io: one's own bookmarks, by a key that its settings give at once. The keys are those of its own table (see `bookmarks`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from relationdesk.errors import Gone, LoginRejected, UserMistake
from relationdesk.model import Fact, Login, Page, Profile, Rejected, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayIn
from relationdesk.sources.bookmark_marks import Mark, moment
from relationdesk.sources.bookmarks import activity_of, owner_of
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.json_talk import JsonTalk
from relationdesk.sources.listing import Cursor, Line, Listing, Sheet, read_listing
from relationdesk.text import one_line, tidy

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

PLACE = "raindrop"
API = "https://api.raindrop.io"
OWN = "own"
PER_PAGE = 50
ALL, TRASH, UNSORTED = "0", "-99", "-1"
"""Raindrop's own numbers for what is no collection of the user's."""
MOST = 100_000
"""Bookmarks to which the first reading goes back, a few hundred in each sync."""
_DEEPEST = 20


class Raindrop:
    """Reads Raindrop.io. clock: aware UTC now, to be replaced in tests."""

    name = "raindrop"
    title = "Raindrop.io"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        costs=marked("Nothing."),
        source="raindrop", title="Raindrop.io", places=("raindrop",), server="raindrop.io",
        gives=marked("Reads your own bookmarks, with notes, tags and collections."),
        key_title=marked("Test token"),
        key_from=marked("In app.raindrop.io/settings/integrations choose “Create new app”, open it, and copy its “Test token”. It costs nothing and does not run out."),
        follow=marked("Your own bookmarks are read; nobody is followed here"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check the key, which tells whose it is. Raises UserMistake without one or for another server, LoginRejected for one that is
        refused, and the errors of the door."""
        if not re.fullmatch(r"(?:https?://)?(?:[\w-]+\.)?raindrop\.io(?:/.*)?", address.strip(), re.IGNORECASE):
            raise UserMistake(say("This is not Raindrop.io. Nothing was changed; type raindrop.io, and paste the test token as the key."))
        if not token:
            raise UserMistake(say("Raindrop.io shows bookmarks only with a key. Nothing was changed; make one in its settings (Integrations) and paste it."))
        talk = JsonTalk(door=door, base=API, clock=self._clock, token=token)
        user = record_of(_told(talk, "/rest/v1/user"), "user")
        if not string(user, "_id", 30):
            raise LoginRejected(say("Raindrop.io does not say whose key this is. What was read before is kept; make another one and sign in."))
        return Login(
            id=0, source=self.name, place=PLACE, address=API, user_name=string(user, "fullName", 100) or string(user, "_id", 30),
            profile=owner_of(PLACE, "").key, has_token=True,
        )  # fmt: skip

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Nobody is followed here: always raises UserMistake."""
        _nobody()

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """My bookmarks."""
        return (Stream(name=OWN, address=login.address, profile=login.profile, title="My bookmarks"),)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor. Raises the errors of the door."""
        if stream.profile is None:
            return
        talk = JsonTalk(door=door, base=login.address.rstrip("/"), clock=self._clock, token=token)
        owner = Profile(key=stream.profile, is_owner=True)
        reading = _Reading(talk, owner)
        listing = Listing(
            place=PLACE, fetch=reading.fetch, facts=reading.facts, clock=self._clock, covers=owner.key, gone=partial(_is_in_trash, talk),
            native=lambda number: f"{owner.key.native_id}#{number}", returns=True, back=MOST,
        )  # fmt: skip
        yield from read_listing(listing, Cursor.read(cursor), ())


def _nobody() -> NoReturn:
    raise UserMistake(
        say("On Raindrop.io your own bookmarks are read, and nobody is followed. Nothing was changed. Somebody’s public collection can be followed as a page, by its feed.")
    )


def _told(talk: JsonTalk, path: str) -> Json:
    """An answer that says of itself that it is one. Raises UnexpectedAnswer for any other."""
    data = talk.object(path)
    if data.get("result") is not True:
        raise talk.odd()
    return data


class _Reading:
    """My bookmarks, newest first, and the names of the collections they lie in, asked for once where there is something new."""

    def __init__(self, talk: JsonTalk, owner: Profile) -> None:
        self._talk, self._owner = talk, owner
        self._names: Mapping[str, str] | None = None

    def fetch(self, further: str) -> Sheet:
        page = int(further) if further.isdigit() else 0
        data = _told(self._talk, f"/rest/v1/raindrops/{ALL}?sort=-created&perpage={PER_PAGE}&page={page}")
        if not isinstance(data.get("items"), list):
            raise self._talk.odd()
        items = records(data, "items")
        lines = tuple(
            Line(uri=string(item, "_id", 30), mark=string(item, "lastUpdate", 60), moment=moment(string(item, "created", 60)), item=item) for item in items
        )
        return Sheet(lines=lines, further=str(page + 1) if len(items) >= PER_PAGE else "")

    def facts(self, items: Sequence[Json]) -> list[Fact]:
        return [self._owner, *(self._fact(item) for item in reversed(items))]

    def _fact(self, item: Json) -> Fact:
        number, href = string(item, "_id", 30), string(item, "link", 4_000)
        if not number.isdigit() or not href:
            return Rejected(where=f"Raindrop.io bookmark {number or '?'}", reason=say("It has no number or address."))
        note, excerpt = (_text(item, name) for name in ("note", "excerpt"))
        tags = item.get("tags")
        mark = Mark(
            href=href, title=string(item, "title", 1_000), note=note or excerpt, added=moment(string(item, "created", 60)), id=number,
            tags=tuple(one_line(tag, 200) for tag in tags[:200] if isinstance(tag, str) and tag.strip()) if isinstance(tags, list) else (),
            folder=self._folder(string(record_of(item, "collection"), "$id", 30)),
        )  # fmt: skip
        return activity_of(mark, PLACE, self._owner.key)

    def _folder(self, collection: str) -> str:
        if collection in ("", UNSORTED):
            return "Unsorted" if collection else ""
        if self._names is None:
            self._names = _collections(self._talk)
        return self._names.get(collection, "")


def _text(item: Json, name: str) -> str:
    value = item.get(name)
    return tidy(value) if isinstance(value, str) else ""


def _collections(talk: JsonTalk) -> Mapping[str, str]:
    """Number → the way to a collection, as Raindrop's own table writes it ("People / Friends")."""
    found: dict[str, tuple[str, str]] = {}
    for path in ("/rest/v1/collections", "/rest/v1/collections/childrens"):
        for item in records(_told(talk, path), "items"):
            found[string(item, "_id", 30)] = (string(item, "title", 200), string(record_of(item, "parent"), "$id", 30))
    names: dict[str, str] = {}
    for number in found:
        way: dict[str, str] = {}
        at = number
        while at in found and at not in way and len(way) < _DEEPEST:
            way[at], at = found[at]
        names[number] = " / ".join(filter(None, reversed(way.values())))
    return names


def _is_in_trash(talk: JsonTalk, number: str) -> bool:
    """Only a clear word counts: thrown away, or no longer known by its own number."""
    try:
        item = record_of(_told(talk, f"/rest/v1/raindrop/{number}"), "item")
    except Gone:
        return True
    if item is None or string(item, "_id", 30) != number:
        return False
    return item.get("removed") is True or string(record_of(item, "collection"), "$id", 30) == TRASH
