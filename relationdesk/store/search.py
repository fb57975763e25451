"""Full text over activities and notes, newest first, as typed, in any script, with operators.

`joe "panel meter" -invoice from:mary in:vip place:mail kind:note before:2026-01-01 after:2025` … Words are joined by
and; the last one also finds what it begins. Nothing typed can break the query: it is taken apart here, and each word
reaches SQLite as a quoted string.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from relationdesk.model import Item, Kind
from relationdesk.store import activities, notes
from relationdesk.store.database import Desk
from relationdesk.store.staging import has_unspaced, spaced
from relationdesk.store.timekey import id_at, seconds
from relationdesk.text import fold

MARK_START, MARK_END = "\x02", "\x03"
"""Around found words in snippets; control characters that no stored text holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was typed, taken apart. words and phrases must all be found, `without` must not."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    who: tuple[str, ...] = ()  # from:
    bucket: str = ""  # in:
    place: str = ""
    kind: str = ""
    before: datetime | None = None
    after: datetime | None = None
    prefix: bool = True  # the last word may be unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One finding: the item and a snippet with MARK_START/MARK_END around what was found."""

    item: Item
    snippet: str


_TOKEN = re.compile(r'(-?)(?:(from|in|place|kind|before|after):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)


def parse(text: str) -> Query:
    """Take a typed query apart. Never raises; an operator without a usable value is taken as a plain word."""
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    who: list[str] = []
    values: dict[str, str] = {}
    dates: dict[str, datetime] = {}
    for match in _TOKEN.finditer(text[:500].replace("\x00", " ")):
        minus, operator, quoted, plain = match.groups()
        value = quoted if quoted is not None else plain
        operator = (operator or "").lower()
        if operator in ("before", "after"):
            when = _date(value)
            if when is not None:
                dates[operator] = when
                continue
            value = f"{operator} {value}"
        elif operator == "from" and value:
            who.append(value)
            continue
        elif operator and value:
            values[operator] = value.lower() if operator != "in" else value
            continue
        if not re.search(r"[^\W_]", value):
            continue
        (without if minus else phrases if quoted is not None else words).append(value)
    return Query(
        words=tuple(words), phrases=tuple(phrases), without=tuple(without), who=tuple(who), bucket=values.get("in", ""),
        place=values.get("place", ""), kind=values.get("kind", ""), before=dates.get("before"), after=dates.get("after"),
        prefix=bool(text) and not text[-1:].isspace() and not text.endswith('"'),
    )  # fmt: skip


def _date(text: str) -> datetime | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if match is None:
        return None
    try:
        return datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        return None


def search(
    db: Desk, query: Query, *, people: tuple[int, ...] | None = None, before: int = activities.FIRST, limit: int = 50
) -> tuple[Hit, ...]:
    """Findings before a position, newest first. people: only what these people did or wrote, and notes on them."""
    if people is None:
        people = _people(db, query)
    hits: list[Hit] = []
    if query.kind != "note" and query.place != "notes":
        hits += _activities(db, query, people, before, limit)
    if query.kind in ("", "note", "call", "meeting") and query.place in ("", "notes"):
        hits += _notes(db, query, people, before, limit)
    return tuple(sorted(hits, key=lambda hit: hit.item.id, reverse=True)[:limit])


def _people(db: Desk, query: Query) -> tuple[int, ...] | None:
    """Who from: and in: mean; None for everybody."""
    if not query.who and not query.bucket:
        return None
    found: set[int] | None = None
    for name in query.who:
        words = fold(name).split()
        sql = "SELECT id FROM people WHERE " + " AND ".join("(' ' || folded || ' ') LIKE ?" for _ in words)
        if name.lower() in ("me", "myself"):
            ids = {row[0] for row in db.execute("SELECT id FROM people WHERE is_me = 1")}
        else:
            ids = {row[0] for row in db.execute(sql, [f"% {word}%" for word in words])} if words else set()
        found = ids if found is None else found & ids
    if query.bucket:
        ids = {
            row[0]
            for row in db.execute(
                "SELECT x.person_id FROM bucket_people x JOIN buckets b ON b.id = x.bucket_id WHERE b.name = ? COLLATE NOCASE",
                (query.bucket,),
            )
        }
        found = ids if found is None else found & ids
    return tuple(sorted(found or ()))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def match_text(query: Query) -> str:
    """The FTS5 expression for the words; "" when there are none to look for."""
    terms = [_quoted(spaced(phrase)) for phrase in query.phrases]
    for i, word in enumerate(query.words):
        last = query.prefix and i == len(query.words) - 1 and not has_unspaced(word)
        terms.append(_quoted(spaced(word)) + ("*" if last and word[-1:].isalnum() else ""))
    if not terms:
        return ""
    expression = "({text title}: (" + " AND ".join(f"({term})" for term in terms) + "))"
    if query.without:
        expression += " NOT ({text title}: (" + " OR ".join(_quoted(spaced(word)) for word in query.without) + "))"
    return expression


def _activities(db: Desk, query: Query, people: tuple[int, ...] | None, before: int, limit: int) -> list[Hit]:
    expression = match_text(query)
    where, bound = _conditions(query)
    profiles: list[int] | None = None
    if people is not None:
        rows = db.execute(
            "SELECT id FROM profiles WHERE person_id IN (SELECT value FROM json_each(?))", (json.dumps(list(people)),)
        )
        profiles = [row[0] for row in rows]
        if not profiles:
            return []
    if not expression:
        return _without_words(db, profiles, where, bound, before, limit)
    unspaced = any(has_unspaced(word) for word in (*query.words, *query.phrases))
    table = "activities_spaced" if unspaced else "activities_fts"
    if unspaced:
        expression = expression.replace("{text title}", "text")
    if profiles is not None and len(profiles) <= 200:
        expression = f"({expression}) AND (who: " + " OR ".join(f"p{profile}" for profile in profiles) + ")"
    elif profiles is not None:
        where += " AND a.profile_id IN (SELECT value FROM json_each(?))"
        bound = [*bound, json.dumps(profiles)]
    join = " CROSS JOIN activities a ON a.id = f.rowid" if where else ""
    found = db.execute(
        f"SELECT f.rowid, snippet({table}, -1, ?, ?, '…', 16) FROM {table} f{join} WHERE {table} MATCH ? AND f.rowid < ?{where} "
        "ORDER BY f.rowid DESC LIMIT ?",
        (MARK_START, MARK_END, expression, before, *bound, limit),
    ).fetchall()
    snippets = {row[0]: row[1].replace("  ", " ") for row in found}
    return [Hit(item=item, snippet=snippets[item.id]) for item in activities.by_ids(db, snippets)]


def _without_words(
    db: Desk, profiles: list[int] | None, where: str, bound: list[object], before: int, limit: int
) -> list[Hit]:
    """Only operators were typed: the newest items they leave."""
    if profiles is None and not where:
        return []
    if profiles is not None:
        where += " AND a.profile_id IN (SELECT value FROM json_each(?))"
        bound = [*bound, json.dumps(profiles)]
    rows = db.execute(
        f"SELECT a.id FROM activities a WHERE a.id < ?{where} ORDER BY a.id DESC LIMIT ?", (before, *bound, limit)
    )
    items = activities.by_ids(db, [row[0] for row in rows])
    return [Hit(item=i, snippet=(i.activity.title or i.activity.text)[:200] if i.activity else "") for i in items]


def _conditions(query: Query) -> tuple[str, list[object]]:
    where, bound = "", list[object]()
    if query.place:
        where += " AND a.place_id = (SELECT id FROM places WHERE name = ?)"
        bound.append(query.place)
    if query.kind:
        where += " AND a.kind = (SELECT id FROM kinds WHERE name = ?)"
        bound.append(query.kind if query.kind in set(Kind) else "")
    if query.before:
        where += " AND a.id < ?"
        bound.append(id_at(query.before))
    if query.after:
        where += " AND a.id >= ?"
        bound.append(id_at(query.after))
    return where, bound


def _notes(db: Desk, query: Query, people: tuple[int, ...] | None, before: int, limit: int) -> list[Hit]:
    expression = match_text(query).replace("{text title}", "text")
    where, bound = "n.trashed_at IS NULL", list[object]()
    if people is not None:
        where += " AND n.person_id IN (SELECT value FROM json_each(?))"
        bound.append(json.dumps(list(people)))
    if query.kind:
        where += " AND n.kind = ?"
        bound.append(query.kind)
    if query.before:
        where += " AND n.happened_at < ?"
        bound.append(seconds(query.before))
    if query.after:
        where += " AND n.happened_at >= ?"
        bound.append(seconds(query.after))
    if before < activities.FIRST:
        where += " AND (n.happened_at - 946684800) * 8 < ?"
        bound.append(before)
    if expression:
        sql = (
            "SELECT n.id, snippet(notes_fts, 0, ?, ?, '…', 16) FROM notes_fts f JOIN notes n ON n.id = f.rowid "
            f"WHERE notes_fts MATCH ? AND {where} ORDER BY n.happened_at DESC LIMIT ?"
        )
        rows = db.execute(sql, (MARK_START, MARK_END, expression, *bound, limit * 4)).fetchall()
    elif people is not None or query.kind or query.before or query.after or query.place == "notes":
        sql = f"SELECT n.id, substr(n.text, 1, 200) FROM notes n WHERE {where} ORDER BY n.happened_at DESC LIMIT ?"
        rows = db.execute(sql, (*bound, limit * 4)).fetchall()
    else:
        return []
    hits = []
    for note_id, snippet in rows:
        note = notes.get(db, note_id)
        if note is not None and notes.as_item(note).id < before:
            hits.append(Hit(item=notes.as_item(note), snippet=snippet))
    return hits
