"""The tables that Mastodon exports beside its archive: who is followed, who is on a list, what is bookmarked.

Muted and blocked people are left out. A table calls somebody user@host; their key is the id that a mention in the archive
gives, else the one that Mastodon and most others form from the handle: https://host/users/user.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from relationdesk.model import Key, Profile, Rejected
from relationdesk.saying import say
from relationdesk.sources.container import Container
from relationdesk.sources.mastodon_facts import PLACE
from relationdesk.sources.member_names import plain_stem
from relationdesk.sources.tables import Row, examine, peek, rows

_HANDLE = re.compile(r"@?([\w.+-]{1,200})@([\w.:-]{1,250})")
_STATUS = re.compile(r"https?://[^/\s]+/(?:(?:users|ap/users|@)\S*/(?:statuses/)?\d+|(?:objects|notes|notice|posts?|p|display|activities|comment)/\S+|\S*/(?:statuses|status|p|videos|comments)/\S+)")
"""The address of a post in the fediverse, as its programs form them: a plain list of pages is none of Mastodon's."""
_FOLLOWED = frozenset({"account address", "show boosts"})
_HEAD = 4096
_MOST_BYTES = 32 * 1024 * 1024


def is_followed(head: bytes) -> bool:
    """Whether a table lists whom somebody follows."""
    return peek(head, needs=[_FOLLOWED]) is not None


def tables(box: Container) -> Iterator[tuple[str, str]]:
    """Name and meaning ("follows", "lists", "bookmarks") of each table that is read."""
    for name in box.names():
        if not (box.single or PurePosixPath(name).suffix.lower() == ".csv"):
            continue
        head = box.head(name, _HEAD)
        first = head.partition(b"\n")[0].decode("utf-8", "replace").strip("\ufeff\r ")
        if is_followed(head):
            yield name, "follows"
        elif plain_stem(name).startswith("lists") and _HANDLE.fullmatch(first.rpartition(",")[2].strip('"')):
            yield name, "lists"
        elif plain_stem(name).startswith("bookmarks") and _STATUS.fullmatch(first.strip('"')):
            yield name, "bookmarks"


def id_of_handle(handle: str, known: Mapping[str, str]) -> str:
    """The id of user@host, "" for what is no handle. known: ids by handle, small letters."""
    found = _HANDLE.fullmatch(handle.strip())
    if not found:
        return ""
    plain = f"{found.group(1)}@{found.group(2)}".casefold()
    return known.get(plain) or f"https://{found.group(2).lower()}/users/{found.group(1)}"


def followed(box: Container, name: str, known: Mapping[str, str]) -> Iterator[Profile | Rejected]:
    """Everybody in a table of followed people. How their boosts are shown is a setting, and is not kept."""
    shape = examine(lambda: box.open(name), needs=[_FOLLOWED])
    if shape is None:
        return
    with box.open(name) as stream:
        for row in rows(stream, shape, name, short_ok=True):
            if isinstance(row, Row):
                yield _profile(row["account address"], known, f"{name} line {row.line}")
            else:
                yield row


def of_lists(box: Container, name: str, known: Mapping[str, str]) -> Iterator[Profile | Rejected]:
    """Everybody on a list of the owner's, who can only put on it whom they follow."""
    for number, cells in enumerate(_cells(box, name), start=1):
        yield _profile(cells[-1], known, f"{name} line {number}")


def bookmarked(box: Container, name: str) -> Iterator[str]:
    """The ids of bookmarked posts."""
    return (cells[0].strip() for cells in _cells(box, name) if re.match(r"https?://", cells[0].strip()))


def _cells(box: Container, name: str) -> Iterator[list[str]]:
    with box.open(name) as stream:
        text = stream.read(_MOST_BYTES).decode("utf-8-sig", "replace").replace("\0", "")
    try:
        yield from (cells for cells in csv.reader(io.StringIO(text, newline="")) if any(cells))
    except csv.Error:
        return


def _profile(handle: str, known: Mapping[str, str], where: str) -> Profile | Rejected:
    id_ = id_of_handle(handle, known)
    if not id_:
        return Rejected(where=where, reason=say("This is no address like name@server."))
    return Profile(key=Key(PLACE, id_), handle=handle.strip().lstrip("@"), known=True)
