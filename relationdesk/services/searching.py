"""Search as typed: people, companies and buckets by name for the palette, and full text over activities and notes."""

from __future__ import annotations

from dataclasses import dataclass

from relationdesk.model import Bucket, Company, Person
from relationdesk.store import buckets, people, search
from relationdesk.store.activities import FIRST
from relationdesk.store.database import Desk
from relationdesk.store.search import MARK_END, MARK_START, Hit
from relationdesk.text import fold, storable

__all__ = ["MARK_END", "MARK_START", "Found", "Hit", "palette", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the palette offers for some typed words, best first in each part."""

    people: tuple[Person, ...] = ()
    companies: tuple[Company, ...] = ()
    buckets: tuple[Bucket, ...] = ()


def palette(db: Desk, typed: str, limit: int = 8) -> Found:
    """People, companies and buckets of which every typed word begins a word."""
    words = fold(typed).split()
    named = tuple(b for b in buckets.every(db) if all(f" {word}" in f" {fold(b.name)}" for word in words))
    return Found(
        people=people.page(db, query=typed, limit=limit, order="need", with_me=True),
        companies=people.companies(db, typed)[:limit],
        buckets=named[:limit],
    )


def text(db: Desk, typed: str, *, person_id: int | None = None, before: int = FIRST, limit: int = 50) -> tuple[Hit, ...]:
    """Full text with operators (store/search.py), newest first; person_id: only within this person."""
    query = search.parse(storable(typed))
    return search.search(db, query, people=None if person_id is None else (person_id,), before=before, limit=limit)
