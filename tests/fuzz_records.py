"""Records for `tests.fuzz` of files whose every byte is hashed: a bent byte is only refused, so what is bent is what they say."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests import cars

HERS = "at://did:plc:idaexample2222222222222/app.bsky.feed.post/3lhhvfa2dve2b"
RECORDS: Mapping[str, Mapping[str, Any]] = {
    "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": "Sam Carter", "description": "Meters. https://carter.example"},
    "app.bsky.feed.post/3lhhvfa2dve2c": {"$type": "app.bsky.feed.post", "text": "Meters are in stock", "createdAt": "2025-02-06T01:05:26.542Z", "langs": ["en"]},
    "app.bsky.feed.post/3lhhvfa2dve2x": {
        "$type": "app.bsky.feed.post", "text": "We do", "createdAt": "2025-02-06T01:06:26Z", "reply": {"root": {"uri": HERS, "cid": "b"}, "parent": {"uri": HERS, "cid": "b"}},
        "facets": [{"index": {"byteStart": 0, "byteEnd": 2}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://carter.example"}]}],
        "embed": {"$type": "app.bsky.embed.images", "images": [{"alt": "A meter", "image": {"$type": "blob", "size": 4}}]},
    },
    "app.bsky.feed.like/3lhhvfa2dve2d": {"$type": "app.bsky.feed.like", "createdAt": "2025-02-06T01:05:26Z", "subject": {"uri": HERS, "cid": "b"}},
    "app.bsky.feed.repost/3lhhvfa2dve2d": {"$type": "app.bsky.feed.repost", "createdAt": "2025-02-06T01:05:26Z", "subject": {"uri": HERS, "cid": "b"}},
    "app.bsky.graph.follow/3lhhvfa2dve2d": {"$type": "app.bsky.graph.follow", "createdAt": "2025-02-06T01:05:26Z", "subject": "did:plc:joeexample2222222222222"},
}  # fmt: skip
ODD = (
    None, True, False, 0, -1, 2**63 - 1, 1e300, float("nan"), "", "x" * 20_000, "\0", "a\nb", "\u202e", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2025-02-30T00:00:00Z",
    "at://", "at://did:plc:x/y/z/../..", "did:plc:", [], [[]] * 50, {}, {"$type": "x"}, {"uri": 7}, b"\xff\xfe", "app.bsky.feed.post", "<a href=x>", "https://[::1", ["en", 7, None],
)  # fmt: skip
_KEYS = ("3lhhvfa2dve2c", "self", "", "zzzzzzzzzzzzz", "2222222222222", "../../x", "3lhhvfa2dve2c/more", "é")


def _bend(value: Any, dice: random.Random, depth: int = 0) -> Any:
    """The same with one thing in it that nobody expects."""
    if isinstance(value, Mapping) and value and (depth == 0 or dice.random() < 0.7):
        name = dice.choice(sorted(value))
        rest = {key: inner for key, inner in value.items() if key != name}
        match dice.randrange(4):
            case 0:
                return rest
            case 1:
                return {**rest, name + "x": value[name]}
            case _:
                return {**rest, name: _bend(value[name], dice, depth + 1)}
    if isinstance(value, list) and value and dice.random() < 0.7:
        at = dice.randrange(len(value))
        return [*value[:at], _bend(value[at], dice, depth + 1), *value[at + 1 :]] * dice.choice((1, 1, 30))
    return dice.choice(ODD)


def repository(dice: random.Random) -> bytes:
    """A whole repository with some of its records bent, moved or left out; sometimes of a tree of another shape."""
    records: dict[str, Mapping[str, Any]] = {}
    for path, record in RECORDS.items():
        for _ in range(dice.choice((0, 0, 1, 1, 3))):
            bent = _bend(record, dice)
            record = bent if isinstance(bent, Mapping) else record
        if dice.random() < 0.2:
            path = f"{path.partition('/')[0]}/{dice.choice(_KEYS)}"
        records[path] = record
    left_out = frozenset(path for path in records if dice.random() < 0.05)
    return cars.repository(records, left_out=left_out, per_node=dice.choice((1, 3, 50)), did=dice.choice((cars.DID, cars.DID, "did:web:sam.example", "")))


REBUILT: Mapping[str, Callable[[random.Random], bytes]] = {"bluesky_archive": repository}
"""By the source: how its file is made anew in three of four turns."""
