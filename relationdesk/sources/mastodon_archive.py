"""The archive that Mastodon gives its members (zip, tar.gz, folder), one of its files alone, and the tables it exports.

Its keys are those of reading Mastodon live: bringing in an archive over a followed place, or the other way round, doubles
nothing. Likes and bookmarks have no time there, and none is made up. Muted and blocked people are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Audience, Coverage, Fact, Key, Kind, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources import as_values as values
from relationdesk.sources.as_facts import BadRecord, View, facts, person, remembered
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.mastodon_facts import PLACE
from relationdesk.sources.mastodon_lists import bookmarked, followed, id_of_handle, of_lists, tables
from relationdesk.sources.member_names import plain_stem

_POSTS = Part(name="posts", title=marked("posts"))
_BOOSTS = Part(name="boosts", title=marked("boosts"))
_MESSAGES = Part(name="messages", title=marked("private messages"))
_LIKES = Part(name="likes", title=marked("likes"))
_BOOKMARKS = Part(name="bookmarks", title=marked("bookmarks"))
_FOLLOWS = Part(name="follows", title=marked("followed people"))
_HEAD = 64 * 1024
_EVERY = 500
_REJECTED_SHOWN = 200
_MOST_HANDLES = 50_000
_CONTEXT = re.compile(rb"https?://www\.w3\.org/ns/activitystreams")
_OWN_LIST = re.compile(rb"\"id\"\s*:\s*\"(outbox|likes|bookmarks)\.json\"")
_OWN_ACTOR = re.compile(rb"\"outbox\"\s*:\s*\"outbox\.json\"")
_MADE = re.compile(r"archive-(\d{14})-")
_QUESTION = marked("Whose list is this? The file does not say; give the owner’s address, like @name@server.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """The files of an archive by what they are: "actor", "outbox", "likes", "bookmarks"; its tables; and such files of other archives."""

    files: dict[str, str]
    tables: tuple[tuple[str, str], ...]
    others: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.files or self.tables)

    def needs_owner(self) -> bool:
        return bool(self.files) or any(meaning == "bookmarks" for _, meaning in self.tables)


class MastodonArchive:
    """FileSource for Mastodon's own export."""

    name = "mastodon_archive"
    title = marked("Mastodon archive")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By what the files say of themselves: an archive's are called “outbox.json”, a server's by their address."""
        try:
            with open_container(path) as box:
                found = _pieces(box)
                if not found:
                    return None
                owner = _owner(box, found, Options())
        except (UnreadableFile, OSError):
            return None
        asks = (Ask(name="me", question=say(_QUESTION), choices=()),) if owner is None and found.needs_owner() else ()
        words = f"@{owner.handle}" if owner and owner.handle else owner.key.native_id if owner else ""
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.95 if "outbox" in found.files else 0.85,
            owner=f"{owner.display_name} ({words})" if owner and owner.display_name else words, parts=tuple(_parts(found)), asks=asks,
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, their posts and boosts, likes, bookmarks, and whom they follow. Raises UnreadableFile."""
        with open_container(path) as box:
            found = _pieces(box)
            if not found:
                raise UnreadableFile(
                    say("“{name}” holds no part of a Mastodon archive. Nothing was brought in. Choose the file that your server gave you.", name=path.name),
                    source=self.name,
                )
            owner = _owner(box, found, options)
            if owner is None and found.needs_owner():
                raise UnreadableFile(say("{question} Nothing was brought in.", question=say(_QUESTION)), source=self.name)
            yield from _Reading(box, found, owner, options).everything(_made(path))


def _pieces(box: Container) -> _Pieces:
    files: dict[str, str] = {}
    others: list[str] = []
    for name in box.names():
        stem = plain_stem(name)
        if not box.single and (stem not in ("actor", "outbox", "likes", "bookmarks") or not name.lower().endswith(".json")):
            continue
        head = box.head(name, _HEAD)
        if _CONTEXT.search(head):
            listed = _OWN_LIST.search(head)
            kind = listed.group(1).decode() if listed else "actor" if _OWN_ACTOR.search(head) else ""
            # A rewritten archive may have lost those names; beside the others it is still one.
            kind = kind or (stem if not box.single and b"OrderedCollection" in head else "")
            if kind and files.setdefault(kind, name) != name:
                others.append(name)
    return _Pieces(files=files, tables=tuple(tables(box)), others=tuple(others))


def _first(box: Container, name: str) -> dict[str, Any]:
    """The first record of a file, {} if it cannot be read."""
    try:
        with box.open(name) as stream:
            record = next(documents(stream, ("orderedItems",)), None)
    except UnreadableFile:
        return {}
    return record if isinstance(record, dict) else {}


def _owner(box: Container, found: _Pieces, options: Options) -> Profile | None:
    """Who the archive belongs to: its actor, else whoever wrote what is in its outbox, else whom the user names."""
    view = View(place=PLACE)
    if "actor" in found.files:
        try:
            return replace(person(_first(box, found.files["actor"]), view), is_owner=True)
        except BadRecord:
            pass
    if "outbox" in found.files:
        wrote = next(values.ids(_first(box, found.files["outbox"]), "actor"), "")
        if wrote:
            return Profile(key=Key(PLACE, wrote), is_owner=True)
    me = options.me.strip()
    id_ = me if re.fullmatch(r"https?://[^/\s]+/\S+", me) else id_of_handle(me, {})
    return Profile(key=Key(PLACE, id_), handle="" if "/" in me else me.lstrip("@"), is_owner=True) if id_ else None


def _parts(found: _Pieces) -> Iterator[Part]:
    meanings = {meaning for _, meaning in found.tables}
    if "outbox" in found.files:
        yield from (_POSTS, _BOOSTS, _MESSAGES)
    if "likes" in found.files:
        yield _LIKES
    if "bookmarks" in found.files or "bookmarks" in meanings:
        yield _BOOKMARKS
    if meanings.intersection(("follows", "lists")):
        yield _FOLLOWS


def _made(path: Path) -> datetime | None:
    """The moment that Mastodon writes into the name of an archive."""
    found = _MADE.search(path.name) or _MADE.search(path.resolve().parent.name)
    try:
        return datetime.strptime(found.group(1), "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


class _Reading:
    """One reading of one archive. owner: None where nothing depends on it."""

    def __init__(self, box: Container, found: _Pieces, owner: Profile | None, options: Options) -> None:
        self._box, self._found, self._owner, self._options = box, found, owner, options
        self._view = View(place=PLACE, me=frozenset({owner.key.native_id.casefold()}) if owner else frozenset())
        self._sizes = {name: box.size(name) for name in (*found.files.values(), *(name for name, _ in found.tables))}
        self._done, self._total = 0, sum(self._sizes.values())
        self._handles: dict[str, str] = {}
        self._newest: datetime | None = None

    def everything(self, made: datetime | None) -> Iterator[Fact | Progress]:
        """All facts of the wanted parts, the owner first. made: when the archive was, None if that is not known."""
        yield Progress(done=0, total=self._total)
        if self._owner is not None:
            yield self._owner
        yield from (Rejected(where=name, reason=say("This is of another archive in the same place. Bring it in by itself.")) for name in self._found.others)
        if "outbox" in self._found.files:
            yield from self._file(self._found.files["outbox"], self._post)
        if "likes" in self._found.files and self._options.wants(_LIKES):
            yield from self._file(self._found.files["likes"], self._liked)
        if "bookmarks" in self._found.files and self._options.wants(_BOOKMARKS):
            yield from self._file(self._found.files["bookmarks"], self._bookmarked)
        yield from self._tables()
        yield Progress(done=self._total, total=self._total)
        if (until := made or self._newest) is not None and self._owner is not None:
            # An archive holds what its owner did; whether the others were quiet it does not tell.
            yield Coverage(place=PLACE, profile=self._owner.key, until=until)

    def _file(self, name: str, read: Callable[[Any], Iterator[Fact]]) -> Iterator[Fact | Progress]:
        broken = number = 0
        try:
            with self._box.open(name) as stream:
                for number, record in enumerate(documents(stream, ("orderedItems", "items")), start=1):
                    if number % _EVERY == 0:
                        yield Progress(done=min(self._done + stream.tell(), self._total), total=self._total)
                    try:
                        if isinstance(record, Broken):
                            raise BadRecord(record.reason)
                        yield from read(record)
                    except BadRecord as e:
                        broken += 1
                        if broken <= _REJECTED_SHOWN:
                            yield Rejected(where=f"{name} record {number}", reason=str(e))
        except UnreadableFile as e:
            yield Rejected(where=name, reason=str(e))
        if broken > _REJECTED_SHOWN:
            yield Rejected(where=name, reason=say("{broken} more records could not be read.", broken=broken - _REJECTED_SHOWN))
        self._done += self._sizes[name]

    def _post(self, record: Any) -> Iterator[Fact]:
        """What the outbox tells of one deed, if its part is wanted. Raises BadRecord."""
        if isinstance(record, dict) and record.get("type") in ("OrderedCollection", "Collection") and not record.get("first"):
            return  # an outbox with nothing in it
        said = list(facts(record, self._view))
        for fact in said:
            if isinstance(fact, Profile) and fact.handle and len(self._handles) < _MOST_HANDLES:
                self._handles.setdefault(fact.handle.casefold(), fact.key.native_id)
        for fact in said:
            if isinstance(fact, Activity):
                part = _MESSAGES if fact.audience is Audience.PRIVATE else _BOOSTS if fact.kind is Kind.SHARE else _POSTS
                if not self._options.wants(part):
                    return
                if fact.published is not None:
                    self._newest = max(fact.published, self._newest or fact.published)
        yield from (fact for fact in said if not (self._owner and isinstance(fact, Profile) and fact.key == self._owner.key))

    def _liked(self, record: Any) -> Iterator[Fact]:
        return self._remembered(record, bookmark=False)

    def _bookmarked(self, record: Any) -> Iterator[Fact]:
        return self._remembered(record, bookmark=True)

    def _remembered(self, record: Any, *, bookmark: bool) -> Iterator[Fact]:
        if isinstance(record, dict) and "OrderedCollection" in values.types_of(record):
            return
        uri = values.id_of(values.entries(record, "object")[0] if values.entries(record, "object") else record)
        if not uri or self._owner is None:
            raise BadRecord(say("It does not say which post this is."))
        yield from remembered(self._owner.key, uri, bookmark=bookmark)

    def _tables(self) -> Iterator[Fact]:
        for name, meaning in self._found.tables:
            try:
                if meaning == "bookmarks" and self._owner is not None and self._options.wants(_BOOKMARKS):
                    for uri in bookmarked(self._box, name):
                        yield from remembered(self._owner.key, uri, bookmark=True)
                elif meaning != "bookmarks" and self._options.wants(_FOLLOWS):
                    read = followed if meaning == "follows" else of_lists
                    yield from read(self._box, name, self._handles)
            except UnreadableFile as e:
                yield Rejected(where=name, reason=str(e))
