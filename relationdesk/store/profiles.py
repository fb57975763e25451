"""Profiles: reading them, and the one column that says whose they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from relationdesk.errors import UserMistake
from relationdesk.model import Address, AddressKind, Key, Profile
from relationdesk.saying import say
from relationdesk.store.database import Desk
from relationdesk.store.people import row_number
from relationdesk.store.spans import EVER, FOREVER, Held
from relationdesk.store.timekey import AHEAD, moment
from relationdesk.text import RECORD, canonical_url, one_line, storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A profile with what the desk knows about it. linked_by: "place", "only", "user" or "" for nobody's.

    settled: "" waits on Who is this?, "later", "nobody" (not a person). last: when its newest activity was published,
    not counting what is dated ahead; aware UTC, None for none or not known. held: between which positions it is that person's, where it is or was somebody else's as well.
    """

    id: int
    profile: Profile
    person_id: int | None = None
    company_id: int | None = None
    linked_how: str = ""
    linked_by: str = ""
    settled: str = ""
    activities: int = 0
    last: datetime | None = None
    held: Held | None = None

    @property
    def is_shared(self) -> bool:
        """Whether it is or was somebody else's at another time."""
        return self.held is not None

    @property
    def is_present(self) -> bool:
        """Whether it is theirs until further notice."""
        return self.held is None or self.held.until_id >= FOREVER


_PAST = f"NOT {AHEAD} ORDER BY a.id DESC LIMIT 1"
_LAST = (
    "(SELECT max(at) FROM (SELECT * FROM (SELECT a.published AS at FROM activities a WHERE a.profile_id = {q} AND {past}) UNION ALL SELECT * FROM "
    "(SELECT a.published FROM participants x JOIN activities a ON a.id = x.activity_id WHERE x.profile_id = {q} AND {past})))"
)
"""When something of or towards a profile was last published, in SQL; what is dated further ahead was not yet."""
_NEWEST = f"(SELECT iif({AHEAD}, {_LAST.format(q='q.id', past=_PAST)}, a.published) FROM activities a WHERE a.id = q.last_id)"

_SELECT = f"""
SELECT q.id, l.name, q.native_id, q.handle, q.display_name, q.url, q.bio, q.title, q.company, q.known, q.is_company,
  q.is_owner, q.person_id, q.company_id, q.linked_how, q.linked_by, q.settled,
  (SELECT json_group_array(json_array(kind, value, vouched)) FROM addresses WHERE profile_id = q.id),
  {_NEWEST}, q.held_from
FROM profiles q JOIN places l ON l.id = q.place_id
"""


def _stored(row: tuple[object, ...]) -> Stored:
    (id_, place, native_id, handle, name, url, bio, title, company, known, is_company, is_owner, person_id, company_id,
     how, by, settled, addresses, last, held_from) = row  # fmt: skip
    return Stored(
        id=int(str(id_)),
        profile=Profile(
            key=Key(str(place), str(native_id)), handle=str(handle), display_name=str(name), url=str(url), bio=str(bio),
            title=str(title), company=str(company), known=bool(known), is_company=bool(is_company), is_owner=bool(is_owner),
            addresses=tuple(
                Address(kind=AddressKind(kind), value=value, vouched=bool(vouched))
                for kind, value, vouched in json.loads(str(addresses))
            ),
        ),
        person_id=None if person_id is None else int(str(person_id)),
        company_id=None if company_id is None else int(str(company_id)),
        linked_how=str(how), linked_by=str(by), settled=str(settled),
        last=None if last is None else moment(int(str(last))),
        held=None if held_from == EVER else Held(int(str(id_)), int(str(held_from))),
    )  # fmt: skip


def by_ids(db: Desk, ids: Iterable[int]) -> tuple[Stored, ...]:
    """In order of id; unknown ids are left out."""
    rows = db.execute(
        _SELECT + "WHERE q.id IN (SELECT value FROM json_each(?)) ORDER BY q.id", (json.dumps(sorted(set(ids))),)
    )
    return tuple(map(_stored, rows))


def by_key(db: Desk, key: Key) -> Stored | None:
    row = db.execute(_SELECT + "WHERE l.name = ? AND q.native_id = ?", key).fetchone()
    return _stored(row) if row else None


def find(db: Desk, text: str) -> Stored:
    """The profile meant by "#12" (row id), "place/native id" or "place:handle". Raises UserMistake."""
    found: Stored | None = None
    text = storable(text[:2000]).strip()
    if not text:  # it would equal every empty handle
        raise UserMistake(say("Say which profile. Nothing was changed. See `matches` for the ones that wait."))
    if row_id := row_number(text):
        found = next(iter(by_ids(db, [row_id])), None)
    if found is None and "/" in text:
        place, _, native_id = text.partition("/")
        found = by_key(db, Key(place, native_id))
    if found is None:
        place, _, handle = text.partition(":")
        rows = db.execute(
            "SELECT q.id FROM profiles q JOIN places l ON l.id = q.place_id WHERE (l.name = ?1 AND (q.handle = ?2 COLLATE NOCASE "
            "OR q.native_id = ?2)) OR q.native_id = ?3 OR q.handle = ?3 COLLATE NOCASE OR q.url = ?3",
            (place, handle, text),
        ).fetchall()
        if len(rows) > 1:
            raise UserMistake(say("“{text}” could be {n} profiles. Nothing was changed. Say which by its number (#12).", text=text, n=len(rows)))
        found = next(iter(by_ids(db, [row[0] for row in rows])), None)
    if found is None:
        raise UserMistake(say("There is no profile “{text}” in this desk. Nothing was changed. See `matches` for the ones that wait.", text=text))
    return found


def like(db: Desk, key: Key, *, handle: str = "", page: str = "") -> Stored | None:
    """The profile of this key; else the only one of its place that is called so or has this page, as one kept by its page alone is found
    under the id that the place gave it later."""
    found = by_key(db, key)
    if found is not None or not (handle or page):
        return found
    canonical = canonical_url(page)
    rows = db.execute(
        _SELECT + "WHERE l.name = ?1 AND ((?2 <> '' AND q.handle = ?2 COLLATE NOCASE) OR (?3 <> '' AND (q.url IN (SELECT value FROM "
        "json_each(?4)) OR q.native_id = ?3))) ORDER BY q.id LIMIT 20",
        (key.place, handle, canonical, json.dumps(spellings(canonical))),
    )
    host = urlsplit(canonical).netloc
    same = [one for one in map(_stored, rows) if not host or urlsplit(canonical_url(one.profile.url)).netloc in ("", host)]
    return same[0] if len(same) == 1 else None


def spellings(page: str) -> list[str]:
    """The usual ways to write a canonical address."""
    return sorted({page, page + "/", page.replace("https://", "http://"), page.replace("https://", "https://www."), page.replace("https://", "https://www.") + "/"})


def of_person(db: Desk, person_id: int) -> tuple[Stored, ...]:
    """The person's profiles, by place then handle."""
    return tuple(
        map(_stored, db.execute(_SELECT + "WHERE q.person_id = ? ORDER BY l.name, q.handle, q.id", (person_id,)))
    )


def of_time(db: Desk, person_id: int) -> tuple[Stored, ...]:
    """As `of_person`, and those that were the person's for a time, each once for every such time: `held` says which."""
    found = list(of_person(db, person_id))
    rows = db.execute("SELECT profile_id, from_id, until_id FROM spans WHERE person_id = ? ORDER BY profile_id, from_id", (person_id,)).fetchall()
    stored = {one.id: one for one in by_ids(db, (row[0] for row in rows))}
    for id_, low, high in rows:
        newest = db.execute(
            f"SELECT a.published FROM activities a WHERE a.profile_id = ? AND a.id >= ? AND a.id < ? AND {_PAST}", (id_, low, high)
        ).fetchone()
        found.append(replace(
            stored[id_], person_id=person_id, company_id=None, linked_how=say("You said so."), linked_by="user", settled="", held=Held(id_, low, high),
            last=None if newest is None or newest[0] is None else moment(newest[0]),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.profile.key.place, one.profile.handle, one.id)))


def of_company(db: Desk, company_id: int) -> tuple[Stored, ...]:
    return tuple(map(_stored, db.execute(_SELECT + "WHERE q.company_id = ? ORDER BY l.name, q.id", (company_id,))))


def is_linked(db: Desk, profile_id: int) -> bool:
    """True if it is a person's or a company's."""
    return bool(db.execute("SELECT person_id IS NOT NULL OR company_id IS NOT NULL FROM profiles WHERE id = ?", (profile_id,)).fetchone()[0])


def ids_of_person(db: Desk, person_id: int) -> tuple[int, ...]:
    return tuple(row[0] for row in db.execute("SELECT id FROM profiles WHERE person_id = ? ORDER BY id", (person_id,)))


_IS_ASKED = "coalesce({t}batch_id, 0) NOT IN (SELECT batch_id FROM halves) AND {t}id NOT IN (SELECT l.id FROM leavings l WHERE l.what = 2)"
"""Not of an import that is still coming in: whose its profiles are is looked at when all of it is there. Nor what is nobody's while one is
being undone."""


_OF_SOMEBODY = (
    "EXISTS (SELECT 1 FROM profiles p WHERE p.folded = q.folded AND q.folded <> '' AND p.person_id IS NOT NULL) OR EXISTS (SELECT 1 FROM addresses x "
    "JOIN addresses y ON y.kind = x.kind AND y.value = x.value JOIN profiles p ON p.id = y.profile_id AND p.person_id IS NOT NULL WHERE x.profile_id = q.id)"
)
"""Whether somebody of the desk has its name or one of its addresses."""


def unlinked(db: Desk, *, settled: str = "", limit: int = 5000, first: Iterable[int] = ()) -> tuple[Stored, ...]:
    """Nobody's profiles that wait for a decision: those of `first`, then those whose name or address somebody of the desk has; among each own
    contacts first, then the most recently active."""
    rows = db.execute(
        _SELECT + f"WHERE q.person_id IS NULL AND q.company_id IS NULL AND q.settled = ? AND {_IS_ASKED.format(t='q.')} AND (q.display_name <> '' OR "
        f"q.handle <> '') ORDER BY q.id IN (SELECT value FROM json_each(?)) DESC, {_OF_SOMEBODY} DESC, q.known DESC, q.last_id DESC, q.id LIMIT ?",
        (settled, json.dumps([*first]), limit),
    )
    return tuple(map(_stored, rows))


_WAITS = "q.person_id IS NULL AND q.company_id IS NULL AND q.settled = ?1"


def companies_waiting(db: Desk, settled: str) -> tuple[str, ...]:
    """What nobody's profiles that wait call the company they are at."""
    return tuple(row[0] for row in db.execute(f"SELECT DISTINCT company FROM profiles q WHERE {_WAITS} AND company <> ''", (settled,)))


def waiting_at(db: Desk, settled: str, company_ids: Iterable[int], names: Iterable[str], hosts: Iterable[str]) -> tuple[int, ...]:
    """Nobody's profiles that wait and name one of these companies, have a mail address at one of these hosts, or have the name or an address of
    somebody at one of these companies."""
    rows = db.execute(
        "WITH theirs AS (SELECT t.id, t.folded FROM people p JOIN profiles t ON t.person_id = p.id WHERE p.company_id IN (SELECT value FROM json_each(?2))) "
        f"SELECT q.id FROM profiles q WHERE {_WAITS} AND q.company IN (SELECT value FROM json_each(?3)) "
        f"UNION SELECT q.id FROM theirs t JOIN profiles q ON q.folded = t.folded AND q.folded <> '' WHERE {_WAITS} "
        "UNION SELECT q.id FROM theirs t JOIN addresses a ON a.profile_id = t.id JOIN addresses b ON b.kind = a.kind AND b.value = a.value "
        f"JOIN profiles q ON q.id = b.profile_id WHERE {_WAITS} "
        f"UNION SELECT q.id FROM profiles q JOIN addresses a ON a.profile_id = q.id AND a.kind = 'mail' WHERE {_WAITS} "
        "AND substr(a.value, instr(a.value, '@') + 1) IN (SELECT value FROM json_each(?4))",
        (settled, *(json.dumps([*values]) for values in (company_ids, names, hosts))),
    )
    return tuple(row[0] for row in rows)


def odd(db: Desk) -> tuple[Stored, ...]:
    """Of nobody's profiles that wait, also those put off, those that are written with other than plain small letters: only these can look like
    another name. In the order of `unlinked`."""
    rows = db.execute(
        _SELECT + f"WHERE q.person_id IS NULL AND q.company_id IS NULL AND q.settled <> 'nobody' AND {_IS_ASKED.format(t='q.')} AND (q.handle GLOB "
        "'*[0-9]*' OR q.handle GLOB ?1 OR q.display_name GLOB ?1 OR q.display_name GLOB '*[0-9]*' OR q.display_name GLOB '*[a-z]I*' OR q.display_name "
        "GLOB '*I[a-z]*') ORDER BY q.known DESC, q.last_id DESC, q.id LIMIT 5000",
        ("*[^ -~]*",),
    )
    return tuple(map(_stored, rows))


def count_unlinked(db: Desk, settled: str = "") -> int:
    return int(
        db.execute(
            f"SELECT count(*) FROM profiles WHERE person_id IS NULL AND company_id IS NULL AND settled = ? AND {_IS_ASKED.format(t='')} "
            "AND (display_name <> '' OR handle <> '')",
            (settled,),
        ).fetchone()[0]
    )


def owners(db: Desk) -> tuple[Stored, ...]:
    """Profiles that an archive or login of this desk calls its owner's."""
    return tuple(map(_stored, db.execute(_SELECT + "WHERE q.is_owner = 1 ORDER BY q.id")))


def with_addresses(db: Desk, values: Iterable[tuple[str, str]]) -> tuple[Stored, ...]:
    """Profiles that carry one of these (kind, value) addresses, or are that mail address."""
    pairs = json.dumps(sorted(set(values)))
    rows = db.execute(
        _SELECT + "WHERE q.id IN (SELECT a.profile_id FROM json_each(?1) v JOIN addresses a ON "
        "a.kind = json_extract(v.value, '$[0]') AND a.value = json_extract(v.value, '$[1]')) ORDER BY q.id",
        (pairs,),
    )
    return tuple(map(_stored, rows))


def with_pages(db: Desk, pages: Iterable[str]) -> tuple[Stored, ...]:
    """Profiles whose own page is one of these canonical addresses, in the usual spellings."""
    forms = {form for page in pages for form in spellings(page)}
    if not forms:  # the question goes through all profiles, and most of them name no page
        return ()
    rows = db.execute(
        _SELECT + "WHERE q.url IN (SELECT value FROM json_each(?1)) OR q.native_id IN (SELECT value FROM json_each(?1)) OR (l.name, q.native_id) IN "
        "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?2)) ORDER BY q.id",
        (json.dumps(sorted(forms)), json.dumps([page.removeprefix(RECORD).split("/", 1) for page in forms if page.startswith(RECORD)])),
    )
    return tuple(map(_stored, rows))


def vouched_pages(db: Desk, settled: str) -> tuple[tuple[int, str], ...]:
    """(profile, page) of what places vouch for of profiles that are somebody's, and of nobody else at another time; by profile."""
    rows = db.execute(
        "SELECT a.profile_id, a.value FROM addresses a CROSS JOIN profiles q ON q.id = a.profile_id WHERE a.kind = 'web' AND a.vouched = 1 AND "
        "q.person_id IS NOT NULL AND q.settled = ? AND q.held_from = ? ORDER BY a.profile_id, a.value",
        (settled, EVER),
    )
    return tuple((row[0], row[1]) for row in rows)


def with_folded(db: Desk, names: Iterable[str]) -> tuple[Stored, ...]:
    """Profiles whose folded display name is one of these."""
    rows = db.execute(
        _SELECT + "WHERE q.folded IN (SELECT value FROM json_each(?)) AND q.folded <> '' ORDER BY q.id",
        (json.dumps(sorted(set(names))),),
    )
    return tuple(map(_stored, rows))


def kept_apart(db: Desk, key: Key) -> frozenset[str]:
    """What this profile must never be linked with: "person:<uid>" and "profile:<place>/<native id>"."""
    rows = db.execute(
        "SELECT k.other FROM kept_apart k JOIN places l ON l.id = k.place_id WHERE l.name = ? AND k.native_id = ?", key
    )
    return frozenset(row[0] for row in rows)


def place_id(db: Desk, place: str) -> int:
    """The number of a place, made if new. Inside `transaction`."""
    db.execute("INSERT OR IGNORE INTO places(name) VALUES (?)", (place,))
    return int(db.execute("SELECT id FROM places WHERE name = ?", (place,)).fetchone()[0])


def places(db: Desk) -> tuple[tuple[str, int], ...]:
    """(place, newest activity id) of every place that has activities, newest first."""
    rows = db.execute(
        "SELECT l.name, (SELECT max(a.id) FROM activities a WHERE a.place_id = l.id) AS newest FROM places l "
        "WHERE newest IS NOT NULL ORDER BY newest DESC"
    )
    return tuple((row[0], row[1]) for row in rows)


def newest_words(db: Desk, profile_id: int) -> tuple[str, ...]:
    """The first words of the newest things it did, newest first."""
    rows = db.execute("SELECT coalesce(nullif(title, ''), text) FROM activities WHERE profile_id = ? ORDER BY id DESC LIMIT 2", (profile_id,))
    return tuple(one_line(row[0], 160) for row in rows if row[0].strip())


def count_of(db: Desk, profile_id: int) -> int:
    """How much it did."""
    return int(db.execute("SELECT count(*) FROM activities WHERE profile_id = ?", (profile_id,)).fetchone()[0])
