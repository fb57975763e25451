"""Role and company of people: what the user wrote of them, else the newest word of their profiles. And what the owner is called where nothing
but our own word for them was known.

Derived, like the newest contact: `caches.refresh_people` brings them up to date wherever whose a profile is, or what a place told of it,
may have changed, and nothing else writes `people.title` and `people.company_id`. What the user wrote is kept beside in `own_title` and
`own_company` (NULL: nothing), which only decisions change, so taking one back gives the places their word again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from relationdesk.store import decision
from relationdesk.store.database import Desk
from relationdesk.store.people import IS_SHOWN, folded_for, new_uid
from relationdesk.store.tellings import Telling
from relationdesk.store.timekey import EPOCH_2000
from relationdesk.text import fold, one_line

BY_THEMSELVES = frozenset({"linkedin"})
"""Places whose members keep their own role up to date; address books and CRM lists grow old."""
LONGEST_COMPANY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a profile says of somebody's role. since: when it was told first, as in Telling. is_news: it said otherwise before."""

    place: str
    native_id: str
    title: str
    company: str
    since: int
    is_news: bool = False

    @property
    def role(self) -> str:
        return ", ".join(part for part in (self.title, self.company) if part)

    @property
    def _turn(self) -> tuple[object, ...]:
        """What is repeated is no news. The newest news counts, and the word of a place where people keep their role themselves; the first
        word of a list only where nobody else says anything, the oldest of them first."""
        counts = self.is_news or self.place in BY_THEMSELVES
        return not counts, -self.since if counts else self.since, self.place not in BY_THEMSELVES, self.place, self.native_id


NOBODYS = Word(place="", native_id="", title="", company="", since=0)


def is_same(one: str, other: str) -> bool:
    return one == other or fold(one) == fold(other)  # most of what is told was told before, to the letter


def word(place: str, native_id: str, told: Iterable[Telling]) -> Word | None:
    """What a profile says in the end, of what it told in this order; None if that is nothing."""
    title, company, since, is_news = "", "", 0, False
    for one in told:
        changed = since > 0 and any(old and new and not is_same(old, new) for old, new in ((title, one.title), (company, one.company)))
        if changed or not (title or company):
            since = one.at
        title, company, is_news = one.title or title, one.company or company, is_news or changed
    return Word(place=place, native_id=native_id, title=title, company=company, since=since, is_news=is_news) if title or company else None


def stands(words: Iterable[Word]) -> Word:
    """The one that counts; what it does not say, from the next ones: a role only of the same company."""
    ordered = sorted(words, key=lambda one: one._turn)
    if not ordered:
        return NOBODYS
    first = ordered[0]
    at = next((one for one in ordered if one.company), first)
    fits = (one.title for one in ordered if one.title and (one is first or not one.company or is_same(one.company, at.company)))
    return replace(first, title=next(fits, ""), company=at.company)


_WORDS = """
WITH who(id) AS MATERIALIZED (SELECT value FROM json_each(:ids)), held(person_id, profile_id, from_at, until_at) AS (
  SELECT person_id, id, held_from, :ever FROM profiles WHERE person_id IN who UNION ALL
  SELECT person_id, profile_id, from_id, until_id FROM spans WHERE person_id IN who
)
SELECT h.person_id, l.name, q.native_id, t.at, t.title, t.company FROM held h CROSS JOIN profiles q ON q.id = h.profile_id
CROSS JOIN places l ON l.id = q.place_id CROSS JOIN tellings t ON t.profile_id = q.id AND (t.title <> '' OR t.company <> '')
AND iif(t.at = 0, -4611686018427387904, (t.at - :epoch) * 8) >= h.from_at AND (t.at - :epoch) * 8 < h.until_at
ORDER BY h.person_id, l.name, q.native_id, t.at, t.batch_id
"""


def words(db: Desk, people: Iterable[int]) -> dict[int, tuple[Word, ...]]:
    """What the profiles of these people say, each in the time in which it was theirs, the one that counts first; who is told nothing of is left out."""
    rows = db.execute(_WORDS, {"ids": json.dumps(sorted(set(people))), "ever": 2**62, "epoch": EPOCH_2000})
    found: dict[int, tuple[Word, ...]] = {}
    for person_id, theirs in groupby(rows, key=lambda row: int(row[0])):
        found[person_id] = tuple(sorted(_of_profiles(theirs), key=lambda one: one._turn))
    return found


def _of_profiles(rows: Iterable[Sequence[object]]) -> Iterator[Word]:
    for (place, native_id), told in groupby(rows, key=lambda row: (str(row[1]), str(row[2]))):
        says = word(place, native_id, _news(told))
        if says is not None:
            yield says


def _news(rows: Iterable[Sequence[object]]) -> Iterator[Telling]:
    """Without what was told just before, to the letter: every import tells all of it again."""
    before: tuple[object, object] | None = None
    for *_, at, title, company in rows:
        if (title, company) != before:
            before = (title, company)
            yield Telling(at=int(str(at)), title=str(title), company=one_line(str(company), LONGEST_COMPANY))


def beside(db: Desk, person_id: int, title: str, company: str) -> tuple[Word, ...]:
    """What profiles of theirs say instead of the role and company that stand, the one that would count first."""
    every = words(db, [person_id]).get(person_id, ())
    return tuple(one for one in every if any(said and not is_same(said, shown) for said, shown in ((one.title, title), (one.company, company))))


def own_words(db: Desk, person_id: int) -> dict[str, str]:
    """What the user wrote of their title and company; "" where they wrote that there is none."""
    row = db.execute("SELECT own_title, own_company FROM people WHERE id = ?", (person_id,)).fetchone() or (None, None)
    return {what: text for what, text in zip(("title", "company"), row, strict=True) if text is not None}


def of_both(db: Desk, into_id: int, gone_id: int) -> tuple[str, str]:
    """(title, company) that would stand of two people if they were one."""
    told = stands(one for said in words(db, (into_id, gone_id)).values() for one in said)
    own = {**own_words(db, gone_id), **own_words(db, into_id)}
    return own.get("title", told.title), own.get("company", told.company)


_THERE = "SELECT p.id, p.name, p.title, coalesce(c.name, ''), p.own_title, p.own_company, p.folded, p.is_me FROM people p LEFT JOIN companies c ON c.id = p.company_id "


def follow(db: Desk, people: Iterable[int] | None) -> set[int]:
    """Bring role, company, and what is searched as one types, up to date; those in whom something changed. None: everybody. Inside `transaction`."""
    where = "" if people is None else "WHERE p.id IN (SELECT value FROM json_each(?))"
    there = db.execute(_THERE + where, () if people is None else (json.dumps(sorted(set(people))),)).fetchall()
    told = {id_: stands(said) for id_, said in words(db, [row[0] for row in there]).items()}
    changed = set()
    for id_, called, title, company, own_title, own_company, folded, is_me in there:
        name = _of_owner(db, id_, called) if is_me else called
        says = told.get(id_, NOBODYS)
        becomes, at = says.title if own_title is None else own_title, says.company if own_company is None else own_company
        searched = folded_for(name, becomes, at)
        if (called, title, company.casefold(), folded) != (name, becomes, at.casefold(), searched):
            company_id = _company(db, at, says.since) if at else None
            db.execute("UPDATE people SET name = ?, title = ?, company_id = ?, folded = ? WHERE id = ?", (name, becomes, company_id, searched, id_))
            changed.add(id_)
    return changed


_NAMED = (
    "SELECT t.name FROM tellings t JOIN profiles q ON q.id = t.profile_id WHERE q.person_id = ? AND t.name <> '' ORDER BY q.is_owner DESC, q.id, t.at, t.batch_id"
)
_WRITTEN = (
    "SELECT 1 FROM decision_rows r JOIN decisions d ON d.id = r.decision_id AND d.undone_at IS NULL WHERE r.tbl = 'people' AND r.key = ? AND "
    "json_extract(r.after, '$.name') IS NOT json_extract(r.before, '$.name') AND json_extract(r.after, '$.name') IS NOT NULL"
)


def _of_owner(db: Desk, person_id: int, name: str) -> str:
    """What the owner is called, whom the first file named by nothing but an id: the first name that is told of them, unless the user wrote one."""
    row = db.execute("SELECT is_owner, handle, display_name, native_id FROM profiles WHERE person_id = ? ORDER BY id LIMIT 1", (person_id,)).fetchone()
    if row is None or not row[0] or row[1] or (row[2] and row[3] != name) or db.execute(_WRITTEN, (json.dumps({"id": person_id}),)).fetchone():
        return name
    told = [one_line(found[0], 200) for found in db.execute(_NAMED, (person_id,))]
    return name if name in told else next(iter(told), one_line(row[3], 200))


def _company(db: Desk, name: str, since: int) -> int:
    """The company of that name, made if there is none, known since then."""
    row = db.execute("SELECT id FROM companies WHERE name = ? COLLATE NOCASE ORDER BY id LIMIT 1", (name,)).fetchone()
    if row is not None:
        return int(row[0])
    company_id = decision.free_id(db, "companies")
    db.execute("INSERT INTO companies(id, uid, name, made_at) VALUES (?, ?, ?, ?)", (company_id, new_uid(), name, since))
    return company_id


def tidy(db: Desk) -> None:
    """Companies that only were there because of what was taken back go. What a decision made, or means, stays. Inside `transaction`."""
    db.execute(
        f"DELETE FROM companies AS c WHERE batch_id IS NULL AND NOT {IS_SHOWN} AND NOT EXISTS (SELECT 1 FROM decision_rows r WHERE (r.tbl = 'companies' "
        "AND json_extract(r.key, '$.id') = c.id) OR c.id IN (json_extract(r.before, '$.company_id'), json_extract(r.after, '$.company_id')))"
    )


def adopt(db: Desk) -> None:
    """What no place ever told of somebody is the user's own word: after a way in that does not say whose it is. Inside `transaction`."""
    held = "SELECT 1 FROM profiles q JOIN tellings t ON t.profile_id = q.id WHERE q.person_id = people.id"
    db.execute(f"UPDATE people SET own_title = title WHERE title <> '' AND own_title IS NULL AND NOT EXISTS ({held} AND t.title = people.title)")
    db.execute(
        "UPDATE people SET own_company = c.name FROM companies c WHERE c.id = people.company_id AND own_company IS NULL AND NOT EXISTS "
        f"({held} AND trim(t.company) = c.name COLLATE NOCASE)"
    )
