"""Names in the AT Protocol: at-uris, DIDs, handles, the clock in a record's key. Pure.

The DID is who somebody is; a handle is only what they are called at the moment, and may be anybody's tomorrow.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

PLACE = "bluesky"
POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
LIKE = "app.bsky.feed.like"
FOLLOW = "app.bsky.graph.follow"
INVALID_HANDLE = "handle.invalid"
"""What the place says instead of a handle whose domain does not point back (any more)."""

_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HANDLE = re.compile(rf"(?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z0-9])?")
_NSID = r"[a-zA-Z](?:[a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?)+(?:\.[a-zA-Z][a-zA-Z0-9]{0,62})"
_RKEY = re.compile(r"[a-zA-Z0-9._:~-]{1,512}")
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


class AtUri(NamedTuple):
    """A record: whose (a DID), of which collection, under which key."""

    did: str
    collection: str
    rkey: str

    def __str__(self) -> str:
        return f"at://{self.did}/{self.collection}/{self.rkey}"


def is_did(text: str) -> bool:
    return len(text) <= 2048 and _DID.fullmatch(text) is not None


def is_handle(text: str) -> bool:
    return len(text) <= 253 and _HANDLE.fullmatch(text) is not None


def at_uri(text: str) -> AtUri | None:
    """The record an address names. None for anything else, also for one under a handle, which names nobody for good."""
    if len(text) > 8192 or not text.startswith("at://"):
        return None
    parts = text[5:].split("/")
    if len(parts) != 3 or not is_did(parts[0]) or not re.fullmatch(_NSID, parts[1]) or len(parts[1]) > 317:
        return None
    return AtUri(*parts) if _RKEY.fullmatch(parts[2]) and parts[2] not in (".", "..") else None


def tid_moment(rkey: str) -> datetime | None:
    """When a record's key was made, by the clock of whoever made it (aware UTC); None if the key is no such stamp."""
    if not _TID.fullmatch(rkey):
        return None
    number = 0
    for letter in rkey:
        number = number * 32 + _TID_LETTERS.index(letter)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10)


def profile_page(did: str, handle: str = "") -> str:
    return f"https://bsky.app/profile/{handle or did}"


def post_page(uri: AtUri) -> str:
    """The web page of a post; of the person for a record that has none of its own."""
    return f"https://bsky.app/profile/{uri.did}/post/{uri.rkey}" if uri.collection == POST else profile_page(uri.did)
