"""The archive that Bluesky hands out (Settings, Export my data: `repo.car`): what its owner posted, passed on, liked, and whom
they followed. Keys are the at-uris that the live source uses, so either may come after the other.

Read twice from front to back, never as a whole: first the tree, which says what each record is called, then the records.
The words of others are not in it; a like or a repost tells whose post it was, and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Fact, Precision, Profile, Progress, Rejected, pairs
from relationdesk.saying import counted, marked, say
from relationdesk.sources.base import Options, Part, Recognised
from relationdesk.sources.bluesky_facts import key, profile_of, reacted, shared, written
from relationdesk.sources.bluesky_ids import (
    FOLLOW,
    LIKE,
    PLACE,
    POST,
    REPOST,
    AtUri,
    at_uri,
    is_did,
    profile_page,
    tid_moment,
)
from relationdesk.sources.car import Block, Cid, NotCar, decode, read_blocks, read_roots
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_fields import Json, moment_of, record_of, string

POSTS = Part(name="posts", title=marked("posts and answers"))
REPOSTS = Part(name="reposts", title=marked("reposts"))
LIKES = Part(name="likes", title=marked("likes"))
FOLLOWS = Part(name="follows", title=marked("people followed"))
_PARTS = {POST: POSTS, REPOST: REPOSTS, LIKE: LIKES, FOLLOW: FOLLOWS}
_COLLECTIONS = tuple(_PARTS)
_PROFILE = "app.bsky.actor.profile/self"
_NODE = b"\xa2\x61\x65"
"""How a node of the tree begins: two fields, of which the first is called "e"."""
MAX_RECORDS = 1_000_000
"""Records whose names are held in memory (some 150 MB); what is beyond is left out, and that is told."""
_FAR = timedelta(days=2)
"""From this difference on the date that an author's program gave is doubted, as the stamp in the record's key is not."""
_LOOK_BYTES = 4_000_000
_EVERY = 2_000


class BlueskyArchive:
    """Reads `repo.car`, by itself or in a folder or zip; see `FileSource`."""

    name = "bluesky_archive"
    title = marked("Bluesky archive")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """A CAR file whose root says whose repository it is."""
        try:
            with open_container(path) as container:
                member = _member(container)
                if not member:
                    return None
                with container.open(member) as stream:
                    owner = _owner(stream)
        except (UnreadableFile, OSError, NotCar):
            return None
        certainty = 0.95 if container.single else 0.8
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=certainty, owner=owner, parts=tuple(_PARTS.values())
        )

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner first, then what they did, in the order of the file. Raises UnreadableFile if it is no such archive."""
        with open_container(path) as container:
            member = _member(container)
            total = 2 * container.size(member) if member else 0
            tree = _Tree(options)
            try:
                if not member:
                    raise NotCar(say("there is no file that ends in .car in it"))
                with container.open(member) as stream:
                    yield from tree.learn(stream, total)
            except NotCar as e:
                raise UnreadableFile(
                    say("“{name}” cannot be read as a Bluesky archive: {reason}. Nothing was brought in. Download it again in Bluesky under Settings, Export my data.", name=path.name, reason=e)
                ) from e
            owner = tree.owner()
            yield owner
            for other in _members(container)[1:]:
                yield Rejected(where=other, reason=say("This is another archive in the same place. Bring it in by itself."))
            with container.open(member) as stream:
                yield from _records(stream, tree, owner, total)
            yield from tree.left_out(path.name)
            yield Progress(done=total, total=total)


def _member(container: Container) -> str:
    """The archive in a container, "" for none. By itself it may be called anything."""
    if container.single:
        return container.names()[0]
    return next(iter(_members(container)), "")


def _members(container: Container) -> tuple[str, ...]:
    return tuple(name for name in container.names() if name.lower().endswith(".car"))


def _owner(stream: IO[bytes]) -> str:
    """Whose repository it is, from its beginning; "" where the root comes later. Raises NotCar if it is somebody's for certain not."""
    roots = read_roots(stream)
    if not roots:
        raise NotCar(say("it names no root"))
    for block in read_blocks(stream):
        if block.digest == roots[0]:
            did = _signed_by(block)
            if not did:
                raise NotCar(say("it is no repository of Bluesky's"))
            return did
        if stream.tell() > _LOOK_BYTES:
            break
    return ""


def _signed_by(block: Block) -> str:
    """The DID in a commit, "" for what is none."""
    commit = _object(block)
    did = string(commit, "did", 2_048)
    return did if is_did(did) and "data" in commit else ""


def _object(block: Block) -> Json:
    """The object a block holds; {} for anything else, also for what cannot be read."""
    try:
        value = decode(block.data)
    except NotCar:
        return {}
    return value if isinstance(value, dict) else {}


@dataclass(slots=True)
class _Counts:
    damaged: int = 0
    beyond: int = 0


@dataclass(slots=True)
class _Tree:
    """What the tree says: the beginning of a record's digest → its collection (by number) and key; two equal records are one
    block with two names, parted by NUL. Filled by `learn`.

    Its nodes are read where they stand in the file. A name is shortened against its neighbour in the same node only, so
    they need no order, and in a part of a repository (as its stream sends) those that are there are read as well.
    """

    options: Options
    did: str = ""
    names: dict[int, bytes] = field(default_factory=dict)
    counts: _Counts = field(default_factory=_Counts)
    _about: dict[int, Json] = field(default_factory=dict)
    _self: int = 0

    def learn(self, stream: IO[bytes], total: int) -> Iterator[Progress]:
        """Raises NotCar for what is no repository."""
        roots = read_roots(stream)
        wanted = {index for index, part in enumerate(_PARTS.values()) if self.options.wants(part)}
        for number, block in enumerate(read_blocks(stream), start=1):
            if not block.sound:
                self.counts.damaged += 1
            elif roots and block.digest == roots[0]:
                self.did = _signed_by(block)
            elif block.data.startswith(_NODE):
                self._node(_object(block), wanted)
            elif len(block.data) < 50_000 and b"app.bsky.actor.profile" in block.data and len(self._about) < 100:
                self._about[short(block.digest)] = _object(block)
            if number % _EVERY == 0:
                yield Progress(done=stream.tell(), total=total)
        if not self.did:
            raise NotCar(say("it is no repository of Bluesky's"))

    def _node(self, node: Json, wanted: set[int]) -> None:
        before = b""
        entries = node.get("e")
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, dict):
                continue
            shared_, rest, value = entry.get("p"), entry.get("k"), entry.get("v")
            if not isinstance(shared_, int) or not isinstance(rest, bytes) or not 0 <= shared_ <= len(before) or len(rest) > 1_000:
                return  # without this name the next ones cannot be known
            before = before[:shared_] + rest
            if isinstance(value, Cid):
                self._name(before, value, wanted)

    def _name(self, path: bytes, value: Cid, wanted: set[int]) -> None:
        if path == _PROFILE.encode():
            self._self = short(value.digest)
        collection, _, rkey = path.partition(b"/")
        name = collection.decode("ascii", "replace")
        if name not in _PARTS or (index := _COLLECTIONS.index(name)) not in wanted:
            return
        if len(self.names) >= MAX_RECORDS:
            self.counts.beyond += 1
            return
        slot, name_ = short(value.digest), bytes((index + 1,)) + rkey
        known = self.names.get(slot, b"")
        if name_ not in known.split(b"\0"):
            self.names[slot] = known + b"\0" + name_ if known else name_

    def owner(self) -> Profile:
        about = self._about.get(self._self, {})
        return replace(profile_of({**about, "did": self.did, "handle": ""}, is_owner=True), url=profile_page(self.did))

    def left_out(self, where: str) -> Iterator[Rejected]:
        """What is told at the end, each once with its number."""
        damaged = self.counts.damaged
        if damaged:
            yield Rejected(where=where, reason=counted(damaged, "{n} damaged record was left out. Download the archive again.", "{n} damaged records were left out. Download the archive again."))
        if self.names:
            yield Rejected(where=where, reason=counted(len(self.names), "{n} record is named in it, but is not in it.", "{n} records are named in it, but are not in it."))
        if self.counts.beyond:
            yield Rejected(where=where, reason=say("{beyond} records beyond the first million were left out.", beyond=self.counts.beyond))


def short(digest: bytes) -> int:
    """Eight bytes of a hash tell a million records apart."""
    return int.from_bytes(digest[:8], "big")


def _records(stream: IO[bytes], tree: _Tree, owner: Profile, total: int) -> Iterator[Fact | Progress]:
    """Every record with a name, once; its name is taken out of the tree, so what remains there was not in the file."""
    read_roots(stream)
    for number, block in enumerate(read_blocks(stream), start=1):
        names = tree.names.pop(short(block.digest), b"") if block.sound else b""
        for name in names.split(b"\0") if names else ():
            yield from _facts(block, AtUri(tree.did, _COLLECTIONS[name[0] - 1], name[1:].decode("ascii", "replace")), owner)
        if number % _EVERY == 0:
            yield Progress(done=total // 2 + stream.tell(), total=total)


def _facts(block: Block, uri: AtUri, owner: Profile) -> Iterator[Fact]:
    record = _object(block)
    if at_uri(str(uri)) is None or string(record, "$type", 300) != uri.collection:
        yield Rejected(where=f"{uri.collection} {uri.rkey[:50]}", reason=say("It is not what its name says."))
        return
    published, precision, said = archived_when(string(record, "createdAt"), uri.rkey)
    subject = at_uri(string(record_of(record, "subject"), "uri", 8_192))
    followed = string(record, "subject", 2_048)
    if uri.collection == POST:
        people, activity = written(uri, record, owner, {})
        yield from people[1:]
        yield replace(activity, published=published, precision=precision, extra=pairs(dated=said, **dict(activity.extra)))
    elif uri.collection == REPOST and subject is not None:
        yield from _said(shared(str(uri), owner, subject, {}, None, published, precision), said)
    elif uri.collection == LIKE and subject is not None:
        target = Profile(key=key(subject.did), url=profile_page(subject.did))
        yield from _said(reacted(uri, "like", owner, target, subject, {}, published, precision), said)
    elif uri.collection == FOLLOW and is_did(followed):
        target = Profile(key=key(followed), url=profile_page(followed))
        yield from _said(reacted(uri, "follow", owner, target, None, {}, published, precision), said)
    else:
        yield Rejected(where=f"{uri.collection} {uri.rkey[:50]}", reason=say("It does not say what it is about."))


def _said(facts: Iterator[Fact], dated: str) -> Iterator[Fact]:
    """The facts of a record, the date that its author gave beside the one it is known by. The owner came before."""
    for fact in facts:
        if isinstance(fact, Activity):
            yield replace(fact, extra=pairs(dated=dated, **dict(fact.extra))) if dated else fact
        elif not (isinstance(fact, Profile) and fact.is_owner):
            yield fact


def archived_when(created: str, rkey: str) -> tuple[datetime | None, Precision, str]:
    """What the author's program says; where the stamp in the record's key is days away from that, the stamp, and what was said."""
    said, precision = moment_of(created)
    stamp = tid_moment(rkey)
    if stamp is None or (said is not None and abs(said - stamp) <= _FAR):
        return said, precision, ""
    return stamp, Precision.SECOND, created
