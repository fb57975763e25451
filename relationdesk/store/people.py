"""People and companies: finding, listing, and the rows behind decisions about them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from relationdesk.derived import CompanyLine
from relationdesk.errors import UserMistake
from relationdesk.model import Company, Person
from relationdesk.saying import say
from relationdesk.store.database import Desk
from relationdesk.store.decision import Decision
from relationdesk.store.timekey import moment_of_id
from relationdesk.text import fold, name_words, one_line

LONGEST_QUERY = 300
"""Characters of what was typed that are looked for; no name is longer, and SQLite refuses endless patterns."""

_COLUMNS = """
p.id, p.uid, p.name, p.is_me, p.title, p.company_id, coalesce(c.name, ''), p.last_in, p.last_out, p.open_prompts,
(SELECT nullif(json_group_array(tag), '[]') FROM (SELECT tag FROM tags WHERE person_id = p.id ORDER BY tag))
"""
_FROM = "FROM people p LEFT JOIN companies c ON c.id = p.company_id"


def _person(row: tuple[Any, ...]) -> Person:
    id_, uid, name, is_me, title, company_id, company, last_in, last_out, prompts, tags = row
    return Person(
        id=id_, uid=uid, name=name, is_me=bool(is_me), title=title, company_id=company_id, company=company,
        last_in=moment_of_id(last_in), last_out=moment_of_id(last_out), open_prompts=prompts,
        tags=tuple(json.loads(tags)) if tags else (),
    )  # fmt: skip


def new_uid() -> str:
    import uuid  # and with it `platform`: reading the desk needs neither

    return str(uuid.uuid4())


def get(db: Desk, person_id: int) -> Person | None:
    row = db.execute(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = ?", (person_id,)).fetchone()
    return _person(row) if row else None


def by_uid(db: Desk, uid: str) -> Person | None:
    row = db.execute(f"SELECT {_COLUMNS} {_FROM} WHERE p.uid = ?", (uid,)).fetchone()
    return _person(row) if row else None


def many(db: Desk, ids: Iterable[int]) -> dict[int, Person]:
    """People by id; unknown ids are left out."""
    rows = db.execute(
        f"SELECT {_COLUMNS} {_FROM} WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(ids))),),
    )
    return {person.id: person for person in map(_person, rows)}


def variants(db: Desk, person_id: int) -> tuple[tuple[str, str], ...]:
    """(what, words) said of those who became part of this person: name, title or company, in that order."""
    rows = db.execute(
        "SELECT what, value FROM variants WHERE person_id = ? AND what <> 'uid' ORDER BY what <> 'name', what <> 'title', value", (person_id,)
    )
    return tuple((row[0], row[1]) for row in rows)


def me(db: Desk) -> Person | None:
    """Whose desk this is; None until something says so."""
    row = db.execute(f"SELECT {_COLUMNS} {_FROM} WHERE p.is_me = 1").fetchone()
    return _person(row) if row else None


def my_profiles(db: Desk) -> frozenset[int]:
    """Profile ids of the desk's owner, for directions; also those that were theirs only for a time (`spans.only_mine`)."""
    return frozenset(row[0] for row in db.execute(
        "SELECT q.id FROM profiles q JOIN people p ON p.id = q.person_id WHERE p.is_me = 1 UNION "
        "SELECT s.profile_id FROM spans s JOIN people p ON p.id = s.person_id WHERE p.is_me = 1"
    ))  # fmt: skip


def page(
    db: Desk, *, query: str = "", bucket_id: int | None = None, company_id: int | None = None, tag: str = "",
    order: str = "need", offset: int = 0, limit: int = 10_000, with_me: bool = False,
) -> tuple[Person, ...]:  # fmt: skip
    """People for a list. order "need": waiting prompts first, then last touch; "name"; "touch".

    query: every word must begin a word of the name, company or title (folded), as typed.
    """
    where, params = ["(p.is_me = 0 OR ?)"], [int(with_me)]
    bound: list[object] = list(params)
    for word in fold(query[:LONGEST_QUERY]).split():
        where.append("(' ' || p.folded || ' ') LIKE ?")
        bound.append(f"% {word}%")
    if bucket_id is not None:
        where.append("p.id IN (SELECT person_id FROM bucket_people WHERE bucket_id = ?)")
        bound.append(bucket_id)
    if company_id is not None:
        where.append("p.company_id = ?")
        bound.append(company_id)
    if tag:
        where.append("p.id IN (SELECT person_id FROM tags WHERE tag = ?)")
        bound.append(tag)
    orders = {
        "need": "p.open_prompts DESC, p.last_id DESC, p.folded, p.id",
        "touch": "p.last_id DESC, p.folded, p.id",
        "name": "p.folded, p.id",
    }
    rows = db.execute(
        f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(where)} ORDER BY {orders[order]} LIMIT ? OFFSET ?",
        (*bound, limit, offset),
    )
    return tuple(map(_person, rows))


def count(db: Desk) -> int:
    return int(db.execute("SELECT count(*) FROM people WHERE is_me = 0").fetchone()[0])


def find(db: Desk, who: str) -> Person:
    """The one person meant by a uid, "#12" (row id), exact or folded name, mail address or handle.

    Raises UserMistake, naming the people to choose from, when there is none or more than one.
    """
    who = one_line(who, LONGEST_QUERY)
    if not who:  # it would equal the empty handle of a profile
        return _only(db, who, [])
    ids = [row[0] for row in db.execute("SELECT id FROM people WHERE uid = ?", (who,))]
    if not ids:  # somebody who was made one with another is found as before
        ids = [row[0] for row in db.execute("SELECT person_id FROM variants WHERE what = 'uid' AND value = ?", (who,))]
    if not ids and (row_id := row_number(who)):
        ids = [row[0] for row in db.execute("SELECT id FROM people WHERE id = ?", (row_id,))]
    if not ids:
        ids = [row[0] for row in db.execute("SELECT id FROM people WHERE name = ? COLLATE NOCASE", (who,))]
    if not ids:
        ids = [row[0] for row in db.execute("SELECT DISTINCT person_id FROM variants WHERE what = 'name' AND value = ? COLLATE NOCASE", (who,))]
    if not ids:
        words = " ".join(name_words(who))
        ids = [
            id_
            for id_, name in db.execute("SELECT id, name FROM people")
            if " ".join(name_words(name)) == words and words
        ]
    if not ids:
        ids = [
            row[0]
            for row in db.execute(
                "SELECT DISTINCT q.person_id FROM profiles q LEFT JOIN addresses a ON a.profile_id = q.id WHERE "
                "q.person_id IS NOT NULL AND (a.value = ?1 COLLATE NOCASE OR q.handle = ?1 COLLATE NOCASE "
                "OR q.native_id = ?1)",
                (who,),
            )
        ]
    if not ids and fold(who):
        ids = [p.id for p in page(db, query=who, limit=20, with_me=True)]
    return _only(db, who, ids)


def row_number(text: str) -> int:
    """12 for "#12"; 0 for anything else, and for what is larger than a row id can be."""
    digits = text[1:]
    return int(digits) if text.startswith("#") and digits.isascii() and digits.isdigit() and len(digits) <= 18 else 0


def _only(db: Desk, who: str, ids: list[int]) -> Person:
    if len(ids) == 1:
        person = get(db, ids[0])
        if person is not None:
            return person
    if not ids:
        raise UserMistake(
            say("There is nobody called “{who}” in this desk. Nothing was changed. See `people` for the names.", who=who)
        )
    names = "; ".join(f"{p.name}{f', {p.company}' if p.company else ''} (#{p.id})" for p in many(db, ids[:8]).values())
    raise UserMistake(say("“{who}” could be {n} people: {names}. Nothing was changed. Say which by its number.", who=who, n=len(ids), names=names))


def folded_for(name: str, title: str, company: str) -> str:
    """What search-as-you-type looks in: name, company and title, folded."""
    return fold(f"{name} {company} {title}")


def insert(
    d: Decision, *, name: str, now: int, title: str | None = None, company: str | None = None,
    is_me: bool = False, uid: str = "", batch_id: int | None = None,
) -> int:  # fmt: skip
    """A new person as part of a decision; its id. title, company: as the user says, None where they say nothing; `roles.follow` makes them seen."""
    return d.insert(
        "people",
        {
            "uid": uid or new_uid(), "name": name, "folded": fold(name), "own_title": title, "own_company": company,
            "is_me": int(is_me), "batch_id": batch_id, "made_at": now,
        },
    )  # fmt: skip


WORKED_ON = (
    "SELECT person_id FROM notes WHERE person_id IS NOT NULL UNION SELECT person_id FROM note_mentions "
    "UNION SELECT person_id FROM bucket_people UNION SELECT person_id FROM tags UNION SELECT person_id FROM variants UNION SELECT p.id FROM people p JOIN "
    "decision_rows d ON d.tbl = 'people' AND json_extract(d.key, '$.id') = p.id JOIN decisions e ON e.id = d.decision_id AND "
    "e.undone_at IS NULL UNION SELECT p.id FROM people p JOIN prompt_answers a ON a.person_uid = p.uid UNION SELECT p.id FROM "
    "drafts t CROSS JOIN people p ON p.uid = substr(t.slot, 8) WHERE t.slot GLOB 'person:*' UNION SELECT q.person_id FROM captures c JOIN profiles q ON q.id = c.profile_id "
    "WHERE q.person_id IS NOT NULL UNION SELECT person_id FROM outbox WHERE person_id IS NOT NULL UNION SELECT person_id FROM wishes UNION SELECT person_id FROM rhythms WHERE person_id IS NOT NULL UNION "
    "SELECT person_id FROM tasks WHERE person_id IS NOT NULL UNION SELECT person_id FROM particulars UNION SELECT person_id FROM spans WHERE person_id IS NOT NULL"
)
"""People on whom the user's work rests: notes, what was agreed with them, what is kept in mind of them, what was written down by hand, what is being typed or sent, buckets, tags, edits in force, answers to prompts."""


def is_worked_on(db: Desk, person_id: int) -> bool:
    return bool(db.execute(f"SELECT ? IN ({WORKED_ON})", (person_id,)).fetchone()[0])


def made_by_program(db: Desk, person_id: int, linked_by: str) -> bool:
    """True if an import made this person, or a login of the profile that is linked so."""
    row = db.execute("SELECT batch_id FROM people WHERE id = ?", (person_id,)).fetchone()
    return row is not None and (row[0] is not None or linked_by == "only")


def looked_at(db: Desk, person_id: int) -> int | None:
    """When the user last left this person's page, unix seconds; None never."""
    row = db.execute("SELECT looked_at FROM people WHERE id = ?", (person_id,)).fetchone()
    return row[0] if row else None


def set_looked_at(db: Desk, person_id: int, now: int) -> None:
    """Inside `transaction`."""
    db.execute("UPDATE people SET looked_at = ? WHERE id = ?", (now, person_id))


def set_open_prompts(db: Desk, counts: dict[int, int]) -> None:
    """Cache of how many prompts wait per person; everybody not named has none. Inside `transaction`."""
    wanted = json.dumps([[k, v] for k, v in counts.items()])
    db.execute(
        "UPDATE people SET open_prompts = 0 WHERE open_prompts <> 0 AND id NOT IN "
        "(SELECT json_extract(value, '$[0]') FROM json_each(?))",
        (wanted,),
    )
    db.execute(
        "UPDATE people SET open_prompts = c.n FROM (SELECT json_extract(value, '$[0]') AS id, "
        "json_extract(value, '$[1]') AS n FROM json_each(?)) AS c WHERE c.id = people.id AND open_prompts <> c.n",
        (wanted,),
    )


# Companies


def _company(row: tuple[object, ...]) -> Company:
    id_, uid, name, is_key, people = row
    return Company(id=int(str(id_)), uid=str(uid), name=str(name), key=bool(is_key), people=int(str(people)))


_COMPANY = (
    "SELECT c.id, c.uid, c.name, c.is_key, (SELECT count(*) FROM people p WHERE p.company_id = c.id) FROM companies c "
)


IS_SHOWN = (
    "(c.is_key = 1 OR EXISTS (SELECT 1 FROM people x WHERE x.company_id = c.id) OR EXISTS (SELECT 1 FROM profiles x WHERE x.company_id = c.id) OR "
    "EXISTS (SELECT 1 FROM notes x WHERE x.company_id = c.id) OR EXISTS (SELECT 1 FROM tasks x WHERE x.company_id = c.id))"
)
"""SQL: whether there is anything to show of a company `c`. One that everybody left is found again when somebody comes."""


def companies(db: Desk, query: str = "") -> tuple[Company, ...]:
    """Key companies first, then by name, without those of which there is nothing to show; query: every word begins a word of the name."""
    words = fold(query).split()
    rows = (_company(row) for row in db.execute(_COMPANY + f"WHERE {IS_SHOWN} ORDER BY c.is_key DESC, c.name COLLATE NOCASE, c.id"))
    return tuple(c for c in rows if all(f" {word}" in f" {fold(c.name)}" for word in words))


def count_companies(db: Desk) -> int:
    """How many there are in `companies`."""
    return int(db.execute(f"SELECT count(*) FROM companies c WHERE {IS_SHOWN}").fetchone()[0])


def company_lines(db: Desk, query: str = "") -> tuple[CompanyLine, ...]:
    """The same companies in the same order, with how things stand with their people. (In one statement with the names it takes twice as long.)"""
    rows = db.execute(
        "SELECT company_id, sum(open_prompts > 0), max(last_in), max(last_out) FROM people WHERE company_id IS NOT NULL AND is_me = 0 GROUP BY company_id"
    )
    signs = {row[0]: row[1:] for row in rows}
    return tuple(
        CompanyLine(company=found, waiting=waiting, last_in=moment_of_id(theirs), last_out=moment_of_id(mine))
        for found in companies(db, query) for waiting, theirs, mine in (signs.get(found.id, (0, None, None)),)
    )  # fmt: skip


def company(db: Desk, company_id: int) -> Company | None:
    row = db.execute(_COMPANY + "WHERE c.id = ?", (company_id,)).fetchone()
    return _company(row) if row else None


def company_by_name(db: Desk, name: str) -> Company | None:
    row = db.execute(_COMPANY + "WHERE c.name = ? COLLATE NOCASE ORDER BY c.id LIMIT 1", (name.strip(),)).fetchone()
    return _company(row) if row else None
