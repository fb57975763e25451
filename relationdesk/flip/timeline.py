"""One timeline out of many places: notes merged in, threads folded, the same words in several places shown once.

Pure: items in, items out, newest first. Nothing is lost: what is folded hangs on the item that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from relationdesk.derived import Item
from relationdesk.model import Activity, Audience, Key, Kind
from relationdesk.text import fold

CROSS_POST_WITHIN = timedelta(hours=48)
CROSS_POST_LIKENESS = 0.72
"""Share of equal characters from which two posts by one person count as one; a shared link counts as well."""

_OWN_WORDS = frozenset({Kind.POST, Kind.ARTICLE, Kind.VIDEO, Kind.PHOTO, Kind.SHARE})
_PASSES_ON = frozenset({"boost", "repost"})
_THREADED = frozenset({Kind.MAIL, Kind.MESSAGE})


def timeline(activities: Sequence[Item], notes: Sequence[Item] = (), looked_at: int | None = None) -> tuple[Item, ...]:
    """Activities and notes as one list, newest first, cross-posts and threads folded.

    looked_at: the position (see store.timekey) up to which the user has seen everything; newer items are `is_new`.
    """
    items = sorted([*activities, *notes], key=lambda item: item.id, reverse=True)
    if looked_at is not None:
        items = [replace(item, is_new=item.note is None and item.id > looked_at) for item in items]
    return tuple(fold_threads(fold_cross_posts(fold_told_twice(items))))


def fold_told_twice(items: Sequence[Item]) -> list[Item]:
    """That somebody passed my words on is told by their own page (a share) and as something done towards me (a reaction): shown once, as
    the second, with the first as its mark."""
    shares = {slot: item for item in items if item.activity is not None and item.activity.kind is Kind.SHARE and (slot := _passed_on(item.activity, "shared"))}
    reactions = {slot for item in items if item.activity is not None and item.activity.kind is Kind.REACTION and (slot := _passed_on(item.activity))}
    twice = shares.keys() & reactions
    if not twice:
        return list(items)
    left_out = {shares[slot].activity for slot in twice}
    kept = []
    for item in items:
        slot = _passed_on(item.activity) if item.activity is not None and item.activity.kind is Kind.REACTION else None
        share = shares[slot].activity if slot in twice else None
        if item.activity not in left_out or item.activity is None:
            kept.append(replace(item, marks=(*item.marks, share)) if share is not None else item)
    return kept


def _passed_on(activity: Activity, named: str = "") -> tuple[Key, Key] | None:
    """(who, what they passed on), as a share tells it in its extra `named`, and a reaction by what it answers; None for anything else."""
    told = dict(activity.extra)
    what = told.get(named, "") if named else activity.in_reply_to if told.get("reaction") in _PASSES_ON else ""
    return (activity.actor, Key(activity.key.place, what)) if what else None


def fold_cross_posts(items: Sequence[Item]) -> list[Item]:
    """The same words by the same person in other places within two days become marks of the longest one."""
    kept: list[Item] = []
    for item in items:
        home = next((i for i, other in enumerate(kept) if _same_words(item, other)), None)
        if home is None or item.activity is None:
            kept.append(item)
            continue
        first = kept[home]
        if first.activity is None:
            kept.append(item)
            continue
        if len(item.activity.text) > len(first.activity.text) and first.activity.kind is not Kind.ARTICLE:
            shown, mark = replace(first, activity=item.activity), first.activity
        else:
            shown, mark = first, item.activity
        kept[home] = replace(shown, marks=(*first.marks, mark))
    return kept


def _same_words(a: Item, b: Item) -> bool:
    x, y = a.activity, b.activity
    if x is None or y is None or x.kind not in _OWN_WORDS or y.kind not in _OWN_WORDS:
        return False
    if x.audience is Audience.PRIVATE or y.audience is Audience.PRIVATE:
        return False
    if x.key.place == y.key.place or any(mark.key.place == x.key.place for mark in b.marks):
        return False
    if a.direction is not b.direction or a.actor_person != b.actor_person or a.actor_person is None:
        return False
    if x.published is None or y.published is None or abs(x.published - y.published) > CROSS_POST_WITHIN:
        return False
    return like(f"{x.title} {x.text}", f"{y.title} {y.text}") or _shares_link(x.url, y.text) or _shares_link(y.url, x.text)


def _shares_link(url: str, text: str) -> bool:
    """The post names the address of the article it announces."""
    return len(url) > 12 and url.rstrip("/") in text


def like(a: str, b: str) -> bool:
    """Nearly the same words once links, marks and case are taken away; short texts must be equal."""
    (x, of_x), (y, of_y) = _gist(a), _gist(b)
    if len(x) < 24 or len(y) < 24:
        return x == y and len(x) >= 12
    shorter, longer = sorted((x, y), key=len)
    if shorter in longer or longer.startswith(shorter[: max(24, len(shorter) * 3 // 4)]):
        return True
    # What shares few groups of three letters is not alike, and this is told a hundred times sooner than how much is.
    if len(of_x & of_y) < FEW_SHARED * min(len(of_x), len(of_y)):
        return False
    from difflib import SequenceMatcher  # most timelines hold nothing to compare

    matcher = SequenceMatcher(None, shorter, longer[: len(shorter) * 2], autojunk=False)
    return matcher.real_quick_ratio() >= CROSS_POST_LIKENESS and matcher.ratio() >= CROSS_POST_LIKENESS


FEW_SHARED = 0.4


@lru_cache(maxsize=512)
def _gist(text: str) -> tuple[str, frozenset[str]]:
    """The folded beginning of a text without links and marks, and the groups of three letters in it."""
    words = fold(re.sub(r"https?://\S+|[#@]\w+", " ", text)[:600])
    return words, frozenset(map("".join, zip(words, words[1:], words[2:], strict=False)))


def fold_threads(items: Sequence[Item]) -> list[Item]:
    """A mail or message thread is one item, its newest; the earlier ones hang on it, newest first."""
    kept: list[Item] = []
    heads: dict[tuple[str, str], int] = {}
    for item in items:
        activity = item.activity
        if activity is None or not activity.thread or activity.kind not in _THREADED:
            kept.append(item)
            continue
        slot = (activity.key.place, activity.thread)
        if slot in heads:
            head = kept[heads[slot]]
            kept[heads[slot]] = replace(head, earlier=(*head.earlier, item), is_new=head.is_new or item.is_new)
        else:
            heads[slot] = len(kept)
            kept.append(item)
    return kept
