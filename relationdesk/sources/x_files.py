"""Which files of an X archive hold what: of all its generations, by how each file begins, never by its name alone.

2013 to 2018 (“Grailbird”): a month per file, or tweets.csv. 2018 to 2020: tweet.js at the root. Then `data/`, with a list
of contents (manifest.js), later tweets.js, notes, community posts, and parts of a hundred megabytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Rejected
from relationdesk.saying import say
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import record_of, records, string
from relationdesk.sources.json_records import documents
from relationdesk.sources.tables import peek

Row = Mapping[str, Any]
_HEAD = 4096
_MOST_FILES = 2_000
_INNER = frozenset({"js", "csv", "tweets"})
_BEGINS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:window\.YTD\.(\w{1,60})\.part(\d{1,6})|(Grailbird)\.data\.tweets_(\d{4}_\d{2})|var\s+(user_details)|window\.(__THAR_CONFIG))\s*=")
_CSV_NEEDS = frozenset({"tweet_id", "timestamp", "text"})

POSTS, DELETED, NOTES, LIKES = "tweet", "deleted_tweet", "note_tweet", "like"
FOLLOWERS, FOLLOWING = "follower", "following"
MESSAGES, GROUPS = "direct_message", "direct_message_group"
MESSAGE_HEADERS, GROUP_HEADERS = "direct_message_header", "direct_message_group_header"
OWNER, BIO, RENAMED, CONTENTS, OLD_OWNER, MONTH, TABLE = (
    "account", "profile", "screen_name_change", "manifest", "user_details", "month", "table",
)  # fmt: skip
_SAME = {"community_tweet": POSTS}
KNOWN = frozenset({
    POSTS, DELETED, NOTES, LIKES, FOLLOWERS, FOLLOWING, MESSAGES, GROUPS, MESSAGE_HEADERS, GROUP_HEADERS, OWNER, BIO, RENAMED,
    CONTENTS, OLD_OWNER, MONTH, TABLE,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file. holds: what of KNOWN. order: its number among those that hold the same, or its month."""

    name: str
    holds: str
    order: tuple[int, str]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What the list of contents says: the file's name and how many records it has, 0 if it does not say."""

    name: str
    holds: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The list of contents. owner: number, handle and name, "" for what is not said. made: ISO time or ""."""

    owner: tuple[str, str, str] = ("", "", "")
    made: str = ""
    files: tuple[Announced, ...] = ()

    def counts(self, piece: Piece) -> int:
        """How many records it says this file has, 0 if it does not say."""
        return next((file.count for file in self.files if _file_name(file.name) == _file_name(piece.name)), 0)


def _file_name(name: str) -> str:
    return PurePosixPath(name).name.casefold()


def what(kind: str) -> str:
    """The name of a part as X calls it, in one spelling: "direct_messages_group" → "direct_message_group"."""
    plain = "_".join(word.removesuffix("s") for word in kind.lower().split("_"))
    return _SAME.get(plain, plain)


def pieces(box: Container) -> tuple[Piece, ...]:
    """The files that are read, in the order of reading. Of two archives in one folder all are here, see `newest_of`."""
    names = [name for name in box.names() if box.single or name.lower().endswith(".js")]
    found = [piece for name in names[:_MOST_FILES] if (piece := _piece(box, name)) is not None]
    if not any(piece.holds in (POSTS, MONTH) for piece in found):
        tables = [name for name in box.names() if box.single or name.lower().endswith(".csv")]
        found += [piece for name in tables[:_MOST_FILES] if (piece := _table(box, name)) is not None]
    return tuple(sorted(found, key=lambda piece: (piece.holds, piece.order, piece.name)))


def _piece(box: Container, name: str) -> Piece | None:
    found = _BEGINS.match(box.head(name, _HEAD))
    if found is None:
        return None
    kind, number, month, of_month, details, contents = (part.decode() if part else "" for part in found.groups())
    holds = MONTH if month else OLD_OWNER if details else CONTENTS if contents else what(kind)
    if holds not in KNOWN:
        return None
    return Piece(name=name, holds=holds, order=(int(number or 0), of_month), size=box.size(name))


def _table(box: Container, name: str) -> Piece | None:
    shape = peek(box.head(name, _HEAD), needs=[_CSV_NEEDS])
    return Piece(name=name, holds=TABLE, order=(0, name), size=box.size(name)) if shape else None


def newest_of(found: Iterable[Piece]) -> tuple[tuple[Piece, ...], tuple[Rejected, ...]]:
    """Of several archives in one folder the one with most in it, and a word about each of the others."""
    found = tuple(found)
    weight: Counter[str] = Counter()
    for piece in found:
        weight[_root(piece.name)] += piece.size
    if len(weight) < 2:
        return found, ()
    chosen = max(sorted(weight), key=lambda root: weight[root])
    others = [
        Rejected(where=root or "the folder itself", reason=say("This is a second archive in the same place. Bring it in by itself."))
        for root in sorted(weight) if root != chosen
    ]  # fmt: skip
    return tuple(piece for piece in found if _root(piece.name) == chosen), tuple(others)


def _root(name: str) -> str:
    """The folder of the archive that a file belongs to: what stands above `data`, or above the months of 2013 to 2018."""
    folders = list(PurePosixPath(name).parent.parts)
    lowered = [folder.casefold() for folder in folders]
    if "data" in lowered:
        return "/".join(folders[: lowered.index("data")])
    while folders and folders[-1].casefold() in _INNER:
        folders.pop()
    return "/".join(folders)


def unwrapped(row: Any) -> Row | None:
    """{"tweet": {…}} → {…}; rows of some years are not wrapped. None for what is no object."""
    if not isinstance(row, dict):
        return None
    inner = next(iter(row.values())) if len(row) == 1 else None
    return inner if isinstance(inner, dict) else row


def first_row(box: Container, found: Iterable[Piece], holds: str) -> Row:
    """The first row of the first file that holds this, as account.js has only one; empty if there is none."""
    piece = next((piece for piece in found if piece.holds == holds), None)
    if piece is None:
        return {}
    try:
        with box.open(piece.name) as stream:
            return unwrapped(next(documents(stream), None)) or {}
    except UnreadableFile:
        return {}


def contents(box: Container, found: Iterable[Piece]) -> Contents:
    """The list of contents, empty where there is none (before 2020)."""
    value = first_row(box, found, CONTENTS)
    who = record_of(value, "userInfo") or {}
    return Contents(
        owner=(string(who, "accountId", 40), string(who, "userName", 60), string(who, "displayName", 300)),
        made=string(record_of(value, "archiveInfo") or {}, "generationDate", 60), files=tuple(_announced(value)),
    )  # fmt: skip


def _announced(value: Row) -> Iterator[Announced]:
    types = record_of(value, "dataTypes") or {}
    for kind, entry in list(types.items())[:400]:
        holds = what(re.sub(r"(?<!^)([A-Z])", r"_\1", str(kind)))
        for file in records(entry, "files") if holds in KNOWN else ():
            count = string(file, "count", 12)
            yield Announced(name=string(file, "fileName", 300), holds=holds, count=int(count) if count.isdecimal() else 0)


def missing(found: Iterable[Piece], said: Contents) -> Iterator[Rejected]:
    """A word about every file that is announced and not there, and about an archive without any posts. None is an error."""
    found = tuple(found)
    here = {_file_name(piece.name) for piece in found}
    for file in said.files:
        if file.name and _file_name(file.name) not in here:
            yield Rejected(where=file.name, reason=say("The archive’s own list of contents names this file, but it is not there."))
    announced = any(file.holds == POSTS for file in said.files)
    whole = any(piece.holds == OWNER for piece in found)
    if whole and not announced and not any(piece.holds in (POSTS, MONTH, TABLE) for piece in found):
        yield Rejected(where="tweets.js", reason=say("The archive holds no file of posts; all else was read."))
