"""Who wrote the same words within minutes in other places, as who posts everywhere at once does. Bounded: the newest words of a profile are
looked at, and what lies beside each in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from relationdesk.flip import cross_posts
from relationdesk.flip.cross_posts import LONG, WITHIN
from relationdesk.store import own_words
from relationdesk.store.database import Desk

NEWEST = 40
"""Texts of a profile that are looked at: who posts everywhere does so all the time."""
AROUND = 24 * 3600
"""Seconds before and after in which it is looked whether others write the same: then it is nobody's own."""
MANY = 6
"""So many are enough: nothing more is looked for."""


def found(db: Desk, profile_ids: Sequence[int]) -> dict[int, list[str]]:
    """By person of the desk: texts that they and these profiles of one human wrote within minutes in two places, newest first."""
    texts: dict[int, list[str]] = defaultdict(list)
    mine = set(profile_ids)
    for own in own_words.newest(db, profile_ids, NEWEST, LONG):
        words = cross_posts.telling(own.text)
        hits = {
            other.person_id for other in own_words.beside(db, own, WITHIN, LONG)
            if other.place_id != own.place_id and other.profile_id not in mine and cross_posts.same(words, cross_posts.telling(other.text))
        } if words else set()  # fmt: skip
        if len(hits) == 1 and (person_id := hits.pop()) is not None and not _by_others(db, own, words, person_id, mine):
            texts[person_id].append(own.text)
            if len(texts[person_id]) >= MANY:
                break
    return dict(texts)


def _by_others(db: Desk, own: own_words.Own, words: str, person_id: int, mine: set[int]) -> bool:
    """Whether anybody else wrote the same around that time: an announcement, a chain letter, a quotation."""
    return any(
        other.person_id != person_id and other.profile_id not in mine and cross_posts.same(words, cross_posts.telling(other.text))
        for other in own_words.beside(db, own, AROUND, LONG)
    )
