"""What the conversations of two say about their being one person: the same words in both places speak for it, messages to each other against it.

Looked up only for those who are shown as candidates: it reads what both did last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from relationdesk.flip import cross_posts
from relationdesk.flip.matching import Candidate
from relationdesk.flip.reason import Reason, because
from relationdesk.saying import say
from relationdesk.store.database import Desk
from relationdesk.text import fold, one_line

NEWEST = 300
"""Activities of each side that are looked at."""
LONG = 60
"""Letters from which on the same text in two places is no chance."""
APART = 3 * 24 * 3600
"""Seconds within which a post and its copy elsewhere are written."""


def with_talk(db: Desk, profile_ids: Sequence[int], found: Iterable[Candidate], crossed: Mapping[int, Sequence[str]] = MappingProxyType({})) -> list[Candidate]:
    """The candidates with what their conversations say added, strongest first; nobody is left out for it. crossed: see `cross_posting`."""
    more = []
    for candidate in found:
        said = _said(db, profile_ids, candidate, crossed.get(candidate.person_id, ()))
        reasons = tuple(sorted((*candidate.reasons, *said), key=lambda reason: -reason.weight))
        more.append(replace(candidate, reasons=reasons, weight=sum(reason.weight for reason in reasons)))
    return sorted(more, key=lambda candidate: (-candidate.weight, candidate.person_id))


def _said(db: Desk, profile_ids: Sequence[int], candidate: Candidate, crossed: Sequence[str]) -> Iterable[Reason]:
    theirs = [row[0] for row in db.execute("SELECT id FROM profiles WHERE person_id = ?", (candidate.person_id,))]
    if _to(db, profile_ids, theirs) and _to(db, theirs, profile_ids):
        yield because(say("talk.each_other"), say("They wrote messages to each other"))
    together = cross_posts.reason(crossed, colleagues=any(reason.kind == "work" and reason.weight > 0 for reason in candidate.reasons))
    if together is not None:
        yield together
    elif words := _same_words(db, profile_ids, theirs):
        yield because(say("talk.words"), say("Both wrote “{words}” within three days", words=one_line(words, 60)))


def _to(db: Desk, some: Sequence[int], others: Sequence[int]) -> bool:
    """Whether some of these did something towards one of the others lately."""
    return bool(db.execute(
        "SELECT EXISTS (SELECT 1 FROM (SELECT id FROM activities WHERE profile_id IN (SELECT value FROM json_each(?1)) ORDER BY id DESC LIMIT ?3) a "
        "JOIN participants x ON x.profile_id IN (SELECT value FROM json_each(?2)) AND x.activity_id = a.id)",
        (json.dumps(list(some)), json.dumps(list(others)), NEWEST),
    ).fetchone()[0])  # fmt: skip


def _same_words(db: Desk, some: Sequence[int], others: Sequence[int]) -> str:
    """A long text that both wrote in two places within a few days; "" for none."""
    mine: dict[str, tuple[int, int]] = {}
    for text, place, at in _texts(db, some):
        mine.setdefault(fold(text), (place, at))
    for text, place, at in _texts(db, others):
        there = mine.get(fold(text))
        if there is not None and there[0] != place and abs(there[1] - at) <= APART:
            return text
    return ""


def _texts(db: Desk, profile_ids: Sequence[int]) -> list[tuple[str, int, int]]:
    return db.execute(
        "SELECT text, place_id, published FROM (SELECT id, text, place_id, published FROM activities WHERE profile_id IN (SELECT value FROM "
        "json_each(?)) ORDER BY id DESC LIMIT ?) WHERE length(text) >= ? AND published IS NOT NULL ORDER BY id DESC",
        (json.dumps(list(profile_ids)), NEWEST, LONG),
    ).fetchall()
