"""What others answer me on Hacker News, which tells nobody: the children (`kids`) of my own items of the last days are looked through."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from relationdesk.errors import RateLimited, SourceError
from relationdesk.model import Fact, Key, Page, Profile, Tombstone
from relationdesk.sources.hackernews_facts import PLACE, facts
from relationdesk.sources.hackernews_talk import Talk
from relationdesk.sources.json_fields import Json, string
from relationdesk.sources.listing import due, once

OPEN = timedelta(days=14)
"""How long something of mine is watched: about as long as Hacker News lets anybody answer it."""
PACE = timedelta(hours=1)
"""How often, because each thing of mine is a question of its own."""
LOOK_AGAIN = timedelta(days=1)
"""How often answers that were read are asked for again: nothing tells that one was changed or deleted."""
MOST_MINE = 25
MOST_NEW = 50
MOST_AGAIN = 20
"""Of each the newest, in one reading; new answers beyond that are read in the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """asked, looked: ISO times of the last reading and of the last time that answers were asked for again. read: number of an item of
    mine → the answers to it that were read."""

    asked: str = ""
    looked: str = ""
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str) -> _Memory:
        """Anything that is none of ours begins anew."""
        try:
            data: Any = json.loads(cursor) if cursor else {}
            read = {str(mine): tuple(map(str, answers)) for mine, answers in data.get("read", {}).items()}
            return cls(asked=str(data.get("asked", "")), looked=str(data.get("looked", "")), read=read)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def text(self) -> str:
        return json.dumps({"asked": self.asked, "looked": self.looked, "read": self.read}, sort_keys=True)


def read_answers(talk: Talk, me: Key, cursor: str, now: datetime) -> Iterator[Page]:
    """Answers to what I wrote in the last days. Raises the errors of the door."""
    before = _Memory.of(cursor)
    if not due(before.asked, now, PACE):
        return
    mine = talk.written_by(me.native_id, f"created_at_i>{int((now - OPEN).timestamp())}", MOST_MINE)
    hits = {number: hit for hit in mine if string(hit, "author", 50) == me.native_id and (number := string(hit, "objectID", 30)).isdigit()}
    look = due(before.looked, now, LOOK_AGAIN)
    again = sorted((answer for number in hits for answer in before.read.get(number, ())), key=int, reverse=True)[: MOST_AGAIN if look else 0]
    read: dict[str, tuple[str, ...]] = {}
    found: list[Fact] = []
    left = MOST_NEW
    for number, hit in hits.items():
        known = read[number] = before.read.get(number, ())
        new = [kid for kid in _kids(talk, number) if kid not in known][:left]
        left -= len(new)
        for answer in (*new, *(one for one in known if one in again)):
            told = _answer(talk, answer, number, hit, me)
            found += told or ()
            if told is not None and answer not in known:
                read[number] += (answer,)
    after = _Memory(asked=now.isoformat(), looked=now.isoformat() if look else before.looked, read=read)
    yield Page(facts=tuple(once(iter([Profile(key=me), *found]))) if found else (), cursor=after.text())


def _kids(talk: Talk, number: str) -> list[str]:
    """Numbers of the direct answers, in the order of showing; of an item that is not told, none."""
    item = talk.item(number)
    kids = item.get("kids") if item is not None else None
    return [str(kid) for kid in kids if isinstance(kid, int) and not isinstance(kid, bool) and kid > 0] if isinstance(kids, list) else []


def _answer(talk: Talk, number: str, mine: str, hit: Json, me: Key) -> tuple[Fact, ...] | None:
    """What became of one answer; None if that is not known (yet): no item at all says nothing. What I said to myself is mine."""
    try:
        item = talk.item(number)
    except RateLimited:
        raise
    except SourceError:
        return None
    if item is None or string(item, "id", 30) != number or string(item, "parent", 30) != mine:
        return None
    if item.get("deleted") is True or item.get("dead") is True:
        return (Tombstone(key=Key(PLACE, number)),)
    if string(item, "by", 50) == me.native_id:
        return ()
    title = string(hit, "story_title", 300) or string(hit, "title", 300)
    told = {
        "objectID": number, "author": item.get("by"), "created_at_i": item.get("time"), "comment_text": item.get("text") or "",
        "parent_id": mine, "story_id": string(hit, "story_id", 30) or mine, "story_title": title,
    }  # fmt: skip
    return facts(told, {mine: me.native_id})
