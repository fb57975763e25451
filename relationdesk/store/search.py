"""Full text over activities and notes, newest first, as typed, in any script, with operators (see search_words.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relationdesk.derived import Item
from relationdesk.model import NoteKind
from relationdesk.store import activities, notes, spans
from relationdesk.store.database import Desk
from relationdesk.store.search_words import Query, Term, are_apart, parse, unwanted, wanted
from relationdesk.store.timekey import UNKNOWN_BASE, id_at, seconds
from relationdesk.text import fold

__all__ = ["MARK_END", "MARK_START", "Hit", "Query", "parse", "search"]

MARK_START, MARK_END = "\x02", "\x03"
"""Around found words in snippets; control characters that no stored text holds."""
_FEW = 200
"""Profiles up to which whose words they are is asked of the index itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One finding: the item and a snippet with MARK_START/MARK_END around what was found."""

    item: Item
    snippet: str


def search(
    db: Desk, query: Query, *, people: tuple[int, ...] | None = None, before: int = activities.FIRST, limit: int = 50
) -> tuple[Hit, ...]:
    """Findings before a position, newest first. people: only what these people did or wrote, and notes on them.

    At least `limit` if there are so many: what has the position of the last one belongs to the same page.
    """
    if query.is_empty and people is None:
        return ()
    asked = _Asked(db, query, people)
    hits = [*_activities(db, asked, before, limit), *_notes(db, asked, before, limit)]
    hits.sort(key=lambda hit: hit.item.id, reverse=True)
    last = hits[min(limit, len(hits)) - 1].item.id if hits else 0
    return tuple(hit for hit in hits if hit.item.id >= last)


class _Asked:
    """A query with the people and profiles that its names mean in this desk. None: everybody's."""

    def __init__(self, db: Desk, query: Query, within: tuple[int, ...] | None) -> None:
        self.query = query
        self.people: set[int] | None = None if within is None else set(within)
        self.profiles: set[int] | None = None
        self.strangers: set[int] = set()
        self.not_strangers: set[int] = set()
        self.not_people: set[int] = set()
        self.not_profiles: set[int] = set()
        if query.who or query.buckets:
            people, strangers = _from(db, query.who) if query.who else (_in(db, query.buckets), set())
            if query.who and query.buckets:
                people, strangers = people & _in(db, query.buckets), set()
            self.people = people if self.people is None else self.people & people
            self.profiles = strangers if within is None else set()
        if self.people is not None:
            self.strangers = self.profiles or set[int]()
            self.profiles = self.strangers | _profiles(db, self.people)
        if query.not_who or query.not_buckets:
            people, strangers = _from(db, query.not_who)
            self.not_people = people | _in(db, query.not_buckets)
            self.not_strangers = strangers
            self.not_profiles = strangers | _profiles(db, self.not_people)


def _profiles(db: Desk, people: Iterable[int]) -> set[int]:
    return {held.profile_id for held in spans.of_people(db, people)}


def _from(db: Desk, names: Sequence[str]) -> tuple[set[int], set[int]]:
    """Who one of these names means: people, and profiles that are nobody's yet. me is the desk's owner."""
    people, strangers = set[int](), set[int]()
    for name in names:
        if name.lower() in ("me", "myself"):
            people |= {row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 1")}
            continue
        words = [f"% {word}%" for word in fold(name).split()]
        if not words:
            continue
        begun = " AND ".join("(' ' || folded || ' ') LIKE ?" for _ in words)
        people |= {row[0] for row in db.execute(f"SELECT id FROM people WHERE {begun}", words)}
        owned = db.execute(
            f"SELECT id, person_id FROM profiles WHERE (person_id IS NULL AND {begun}) OR native_id = ? OR handle = ?",
            (*words, name.lower(), name),
        )
        for profile, person in owned:
            if person is None:
                strangers.add(profile)
            else:
                people.add(person)
    return people, strangers


def is_anybody(db: Desk, name: str) -> bool:
    """True if from:name means a person or a profile of this desk."""
    return any(_from(db, (name,)))


def _in(db: Desk, buckets: Sequence[str]) -> set[int]:
    wanted = {name.casefold() for name in buckets}
    rows = db.execute("SELECT b.name, x.person_id FROM bucket_people x JOIN buckets b ON b.id = x.bucket_id") if wanted else ()
    return {person_id for name, person_id in rows if name.casefold() in wanted}


_Where = tuple[str, list[object]]


_WHOSE = (
    f"EXISTS (SELECT 1 FROM profiles whose WHERE whose.id = a.profile_id AND ({spans.holder('a.id', 'whose')} IN (SELECT value FROM json_each(?)) "
    f"OR (whose.id IN (SELECT value FROM json_each(?)) AND {spans.holder('a.id', 'whose')} IS NULL)))"
)
"""Of profiles that were somebody else's for a time, what is or was these people's, or these strangers' own."""


def _activities(db: Desk, asked: _Asked, before: int, limit: int) -> list[Hit]:
    query = asked.query
    if asked.profiles is not None and not asked.profiles:
        return []
    table, columns = _index(query.terms)
    words = wanted(query, columns)
    where, bound = _conditions(query)
    if asked.profiles is not None and words and len(asked.profiles) <= _FEW:
        words = f"({words}) AND (who: " + " OR ".join(f"p{profile}" for profile in sorted(asked.profiles)) + ")"
    elif asked.profiles is not None:
        where += " AND a.profile_id IN (SELECT value FROM json_each(?))"
        bound.append(json.dumps(sorted(asked.profiles)))
    if asked.people is not None and asked.profiles is not None and spans.bounded(db, asked.profiles):
        where += f" AND {_WHOSE}"
        bound += [json.dumps(sorted(asked.people)), json.dumps(sorted(asked.strangers))]
    if asked.not_profiles and spans.bounded(db, asked.not_profiles):
        where += f" AND NOT {_WHOSE}"
        bound += [json.dumps(sorted(asked.not_people)), json.dumps(sorted(asked.not_strangers))]
    elif asked.not_profiles:
        where += " AND a.profile_id NOT IN (SELECT value FROM json_each(?))"
        bound.append(json.dumps(sorted(asked.not_profiles)))
    other, its_columns = _index(query.without)
    if words and query.without and other == table:
        words = f"({words}) NOT {unwanted(query, columns)}"
    elif query.without:
        where += f" AND a.id NOT IN (SELECT rowid FROM {other} WHERE {other} MATCH ?)"
        bound.append(unwanted(query, its_columns))
    if not words:
        sql = f"SELECT a.id, substr(coalesce(nullif(a.title, ''), a.text), 1, 200) FROM activities a WHERE a.id < ?{where} ORDER BY a.id DESC LIMIT ?"
        found = db.execute(sql, (before, *bound, limit)).fetchall()
    else:
        join = " CROSS JOIN activities a ON a.id = f.rowid" if where else ""
        found = db.execute(
            f"SELECT f.rowid, snippet({table}, -1, ?, ?, '…', 16) FROM {table} f{join} WHERE {table} MATCH ? AND f.rowid < ?{where} "
            "ORDER BY f.rowid DESC LIMIT ?",
            (MARK_START, MARK_END, words, before, *bound, limit),
        ).fetchall()
    snippets = {row[0]: row[1].replace("  ", " ") for row in found}
    return [Hit(item=item, snippet=snippets[item.id]) for item in activities.by_ids(db, snippets)]


def _index(terms: tuple[Term, ...]) -> tuple[str, str]:
    """Where to look for these words, and in which of its columns."""
    return ("activities_spaced", "text") if are_apart(terms) else ("activities_fts", "{text title}")


def _conditions(query: Query) -> _Where:
    where, bound = "", list[object]()
    for table, column, only, never in (
        ("places", "place_id", query.places, query.not_places), ("kinds", "kind", query.kinds, query.not_kinds),
    ):  # fmt: skip
        for names, how in ((only, "IN"), (never, "NOT IN")):
            if names:
                where += f" AND a.{column} {how} (SELECT id FROM {table} WHERE name IN (SELECT value FROM json_each(?)))"
                bound.append(json.dumps(names))
    if query.before:
        where += " AND a.id < ? AND a.id > ?"
        bound += [id_at(query.before), UNKNOWN_BASE // 2]
    if query.after:
        where += " AND a.id >= ?"
        bound.append(id_at(query.after))
    more, signs = _signs(query, "a.text || a.title")
    return where + more, [*bound, *signs]


def _signs(query: Query, text: str) -> _Where:
    where = f" AND instr({text}, ?) > 0" * len(query.signs) + f" AND instr({text}, ?) = 0" * len(query.without_signs)
    return where, [*query.signs, *query.without_signs]


_NOTE_KINDS = frozenset(NoteKind)


def _notes(db: Desk, asked: _Asked, before: int, limit: int) -> list[Hit]:
    query = asked.query
    kinds = (_NOTE_KINDS & set(query.kinds) if query.kinds else _NOTE_KINDS) - set(query.not_kinds)
    if not kinds or (query.places and "notes" not in query.places) or "notes" in query.not_places:
        return []
    where, bound = "n.trashed_at IS NULL AND n.kind IN (SELECT value FROM json_each(?))", list[object]([json.dumps(sorted(kinds))])
    if asked.people is not None:
        where += " AND n.person_id IN (SELECT value FROM json_each(?))"
        bound.append(json.dumps(sorted(asked.people)))
    if asked.not_people:
        where += " AND coalesce(n.person_id, 0) NOT IN (SELECT value FROM json_each(?))"
        bound.append(json.dumps(sorted(asked.not_people)))
    for when, sign in ((query.before, "<"), (query.after, ">=")):
        if when:
            where += f" AND n.happened_at {sign} ?"
            bound.append(seconds(when))
    if before < activities.FIRST:
        where += " AND (n.happened_at - 946684800) * 8 < ?"
        bound.append(before)
    more, signs = _signs(query, "n.text")
    where, bound = where + more, [*bound, *signs]
    words = wanted(query, "text")
    if words and query.without:
        words = f"{words} NOT {unwanted(query, 'text')}"
    if words:
        sql = (
            "SELECT n.id, snippet(notes_fts, 0, ?, ?, '…', 16) FROM notes_fts f JOIN notes n ON n.id = f.rowid "
            f"WHERE notes_fts MATCH ? AND {where} ORDER BY n.happened_at DESC LIMIT ?"
        )
        rows = db.execute(sql, (MARK_START, MARK_END, words, *bound, limit * 4)).fetchall()
    else:
        if query.without:
            where += " AND n.id NOT IN (SELECT rowid FROM notes_fts WHERE notes_fts MATCH ?)"
            bound.append(unwanted(query, "text"))
        sql = f"SELECT n.id, substr(n.text, 1, 200) FROM notes n WHERE {where} ORDER BY n.happened_at DESC LIMIT ?"
        rows = db.execute(sql, (*bound, limit * 4)).fetchall()
    found = ((notes.get(db, note_id), snippet) for note_id, snippet in rows)
    items = ((notes.as_item(note), snippet) for note, snippet in found if note is not None)
    return [Hit(item=item, snippet=snippet.replace("  ", " ")) for item, snippet in items if item.id < before]
