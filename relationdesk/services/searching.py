"""Search as typed: people, companies and buckets by name for the palette, what is kept in mind of people and templates by their words, and full
text over activities and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from relationdesk.model import Bucket, Company, Kind, NoteKind, Person
from relationdesk.saying import say
from relationdesk.store import buckets, particulars, people, profiles, search, templates
from relationdesk.store.activities import FIRST
from relationdesk.store.database import Desk
from relationdesk.store.particulars import Particular
from relationdesk.store.search import MARK_END, MARK_START, Hit
from relationdesk.store.templates import Template
from relationdesk.text import fold, listed, storable

__all__ = ["MARK_END", "MARK_START", "Found", "Hit", "Kept", "kept", "palette", "text", "unclear"]

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the palette offers for some typed words, best first in each part."""

    people: tuple[Person, ...] = ()
    companies: tuple[Company, ...] = ()
    buckets: tuple[Bucket, ...] = ()


def palette(db: Desk, typed: str, limit: int = 8) -> Found:
    """People, companies and buckets of which every typed word begins a word."""
    named = tuple(b for b in buckets.every(db) if _begun(typed, b.name))
    return Found(
        people=people.page(db, query=typed, limit=limit, order="need", with_me=True),
        companies=people.companies(db, typed)[:limit],
        buckets=named[:limit],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the user keeps: of whom what, as it was first written down, and templates by name."""

    particulars: tuple[tuple[Person, Particular], ...] = ()
    templates: tuple[Template, ...] = ()


def kept(db: Desk, typed: str, limit: int = 8) -> Kept:
    """What is kept in mind of people, and templates, of which every typed word begins a word; nothing for no words."""
    if not _WORD.findall(fold(typed)):
        return Kept()
    minded = [one for one in particulars.every(db) if _begun(typed, f"{one.label} {one.text}")][:limit]
    persons = people.many(db, [one.person_id for one in minded])
    return Kept(
        particulars=tuple((persons[one.person_id], one) for one in minded if one.person_id in persons),
        templates=tuple(one for one in templates.every(db) if _begun(typed, f"{one.name} {one.subject} {one.text}"))[:limit],
    )


def _begun(typed: str, words: str) -> bool:
    """Whether every typed word begins one of these."""
    there = " ".join(("", *_WORD.findall(fold(words))))
    return all(f" {word}" in there for word in _WORD.findall(fold(typed)))


def text(
    db: Desk, typed: str, *, person_id: int | None = None, before: int = FIRST, limit: int = 50, now: datetime | None = None
) -> tuple[Hit, ...]:
    """Full text with operators (store/search_words.py), newest first; person_id: only within this person; now: for
    before:today and after:yesterday, in the user's own zone."""
    query = search.parse(storable(typed), _today(now))
    return search.search(db, query, people=None if person_id is None else (person_id,), before=before, limit=limit)


def unclear(db: Desk, typed: str, now: datetime) -> tuple[str, ...]:
    """A sentence for each operator that means nothing in this desk: else nothing would be found, and nobody knew why."""
    query = search.parse(storable(typed), _today(now))
    said = list(query.unclear)
    kinds, places = [kind.value for kind in (*Kind, *NoteKind)], ["notes", *(name for name, _ in profiles.places(db))]
    said += [say("There is no kind “{kind}”. Kinds are {kinds}.", kind=k[:80], kinds=listed(kinds)) for k in (*query.kinds, *query.not_kinds) if k not in kinds]
    said += [
        say("Nothing in this desk is from a place “{place}”. Places here are {places}.", place=p[:80], places=listed(places))
        for p in (*query.places, *query.not_places) if p not in places
    ]  # fmt: skip
    known = {bucket.name.casefold() for bucket in buckets.every(db)}
    said += [say("There is no bucket “{bucket}”.", bucket=b[:80]) for b in (*query.buckets, *query.not_buckets) if b.casefold() not in known]
    said += [say("Nobody in this desk is called “{who}”.", who=w[:80]) for w in (*query.who, *query.not_who) if not search.is_anybody(db, w)]
    if query.is_empty and not said and typed.strip():
        said.append(say("There is nothing to search for in “{typed}”.", typed=typed.strip()[:80]))
    return tuple(said)


def _today(now: datetime | None) -> date | None:
    return None if now is None else now.astimezone().date()
