"""What happened lately and what is near, for everybody at once: the set-based questions of the rules beside who said what to whom.

Each reads one stretch of time by the key of activities, which holds it (measured: fourteen days of a million activities in 2 ms), or a
small table; only records of a CRM are looked through as a whole. ids None: everybody's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from relationdesk.model import Kind, Role
from relationdesk.store import spans
from relationdesk.store.csv_changes import NOTICED
from relationdesk.store.database import Desk
from relationdesk.store.staging import ROLES
from relationdesk.store.talk import Words
from relationdesk.store.timekey import AHEAD, EPOCH_2000, id_at, maybe_moment, moment, moment_of_id, seconds

Ids = tuple[int, ...] | None
_WHOSE = spans.holder("a.id", "q")


def _some(column: str, ids: Ids) -> str:
    return "" if ids is None else f" AND {column} IN (SELECT value FROM json_each(:ids))"


def _kinds(db: Desk, *kinds: Kind) -> str:
    """Their numbers in this desk, for an IN; "-1" if none was ever stored."""
    rows = db.execute(f"SELECT id FROM kinds WHERE name IN ({','.join('?' * len(kinds))})", [kind.value for kind in kinds])
    return ",".join(str(row[0]) for row in rows) or "-1"


def events(db: Desk, start: datetime, end: datetime) -> dict[int, tuple[int | None, frozenset[int]]]:
    """Calendar entries of those days: whose it is (person of the actor, None nobody's), and everybody who takes part, as people. What is
    ahead stands where it arrived, which may be long ago."""
    event = _kinds(db, Kind.EVENT)
    if event == "-1":
        return {}
    found = db.execute(
        f"SELECT a.id FROM activities a WHERE a.id BETWEEN ? AND ? AND a.kind = {event} AND NOT coalesce({AHEAD}, 0) UNION ALL "
        f"SELECT a.id FROM activities a WHERE {AHEAD} AND a.published BETWEEN ? AND ? AND a.kind = {event}",
        (id_at(start), id_at(end), seconds(start), seconds(end)),
    )
    ids = (json.dumps([row[0] for row in found]),)
    within = "FROM json_each(?) e CROSS JOIN activities a ON a.id = e.value CROSS JOIN"
    actors = dict(db.execute(f"SELECT a.id, {_WHOSE} {within} profiles q ON q.id = a.profile_id", ids).fetchall())
    taking: dict[int, set[int]] = defaultdict(set)
    both = "participants x ON x.activity_id = a.id CROSS JOIN profiles q ON q.id = x.profile_id"
    for id_, person_id in db.execute(f"SELECT a.id, {_WHOSE} {within} {both} WHERE {_WHOSE} IS NOT NULL", ids):
        taking[id_].add(person_id)
    return {id_: (actor, frozenset(taking[id_] | ({actor} if actor is not None else set()))) for id_, actor in actors.items()}


_SUBJECT = ROLES.index(Role.SUBJECT)


def recommendations(db: Desk, since: int, me: Collection[int], ids: Ids) -> list[tuple[int, int]]:
    """(person, activity) of what somebody wrote to recommend me, since a position. Of what I take part in most is mail, so it goes by
    the part first, which the index knows."""
    kind = _kinds(db, Kind.RECOMMENDATION)
    if kind == "-1":
        return []
    rows = db.execute(
        f"SELECT DISTINCT {_WHOSE}, a.id FROM json_each(:me) m CROSS JOIN participants x ON x.profile_id = m.value AND x.activity_id >= :since AND x.role = "
        f"{_SUBJECT} CROSS JOIN activities a ON a.id = x.activity_id AND a.kind IN ({kind}) CROSS JOIN profiles q ON q.id = a.profile_id WHERE "
        f"{_WHOSE} IS NOT NULL{_some(_WHOSE, ids)}{spans.only_mine(db, me, 'a.id', 'x.profile_id')} ORDER BY a.id",
        {"since": since, "me": json.dumps(sorted(me)), "ids": json.dumps(ids)},
    )
    return [(row[0], row[1]) for row in rows]


def written_to(db: Desk, since: int, me: Collection[int], ids: Ids) -> dict[int, datetime]:
    """Per person: when I last wrote them a mail or message, since a position; as a copy does not count."""
    rows = db.execute(
        f"SELECT {_WHOSE}, max(a.id) FROM activities a CROSS JOIN participants x ON x.activity_id = a.id AND x.role = 0 CROSS JOIN profiles q ON "
        f"q.id = x.profile_id WHERE a.id >= :since AND a.kind IN ({_kinds(db, Kind.MAIL, Kind.MESSAGE)}) AND {_WHOSE} IS NOT NULL AND a.profile_id "
        f"IN (SELECT value FROM json_each(:me)){_some(_WHOSE, ids)}{spans.only_mine(db, me, 'a.id', 'a.profile_id')} GROUP BY 1",
        {"since": since, "me": json.dumps(sorted(me)), "ids": json.dumps(ids)},
    )
    return {row[0]: at for row in rows if (at := moment_of_id(row[1])) is not None}


def in_places(db: Desk, since: int, places: Sequence[str], ids: Ids) -> list[Words]:
    """Public words in these places since a position, by people in a bucket; newest first."""
    rows = db.execute(
        f"SELECT {_WHOSE}, a.id, a.published, a.audience, a.title, a.text, a.kind FROM activities a CROSS JOIN profiles q ON q.id = a.profile_id "
        "WHERE a.id >= :since AND a.audience = 0 AND a.place_id IN (SELECT l.id FROM places l WHERE l.name IN (SELECT value FROM json_each(:places))) "
        f"AND {_WHOSE} IN (SELECT person_id FROM bucket_people){_some(_WHOSE, ids)} ORDER BY a.id DESC",
        {"since": since, "places": json.dumps(list(places)), "ids": json.dumps(ids)},
    )
    return [Words._make(row) for row in rows]


def asking(db: Desk, since: int, ids: Ids) -> list[Words]:
    """Public words with a mark of a question since a position, in any place, put to nobody, by people in a bucket; newest first. It goes through these people:
    they are fewer than what everybody said since."""
    rows = db.execute(
        f"SELECT {_WHOSE} AS whose, a.id, a.published, a.audience, a.title, a.text, a.kind FROM (SELECT DISTINCT person_id FROM bucket_people) b CROSS JOIN "
        "profiles q ON q.person_id = b.person_id CROSS JOIN activities a ON a.profile_id = q.id AND a.id >= :since WHERE a.audience = 0 AND a.towards = 0 "
        f"AND (instr(a.text, '?') OR instr(a.text, '？') OR instr(a.text, '؟')) AND whose = b.person_id{_some('b.person_id', ids)} ORDER BY a.id DESC",
        {"since": since, "ids": json.dumps(ids)},
    )
    return [Words._make(row) for row in rows]


def with_words(db: Desk, since: int, words: Iterable[str], ids: Ids) -> list[Words]:
    """Public words since a position in which one of these occurs, by anybody in the desk; newest first."""
    asked = " OR ".join('"' + word.replace('"', " ") + '"' for word in words if word.strip(' "'))
    if not asked:
        return []
    rows = db.execute(
        f"SELECT {_WHOSE}, a.id, a.published, a.audience, a.title, a.text, a.kind FROM activities_fts f CROSS JOIN activities a ON a.id = f.rowid CROSS JOIN "
        "profiles q ON q.id = a.profile_id WHERE activities_fts MATCH :asked AND f.rowid >= :since AND a.audience = 0 "
        f"AND {_WHOSE} IS NOT NULL{_some(_WHOSE, ids)} ORDER BY a.id DESC LIMIT 2000",
        {"asked": asked, "since": since, "ids": json.dumps(ids)},
    )
    return [Words._make(row) for row in rows]


def acts(db: Desk) -> frozenset[int]:
    """The numbers of what turns to somebody else's doings: likes, comments, answers, words passed on."""
    rows = db.execute("SELECT id FROM kinds WHERE name IN (?,?,?,?)", (Kind.REACTION, Kind.COMMENT, Kind.REPLY, Kind.SHARE))
    return frozenset(row[0] for row in rows)


_THEIRS = f"{spans.held_by('p.id')} t CROSS JOIN profiles q ON q.id = t.id CROSS JOIN activities a ON a.profile_id = q.id"


def back(db: Desk, since: int, silent_since: int, ids: Ids) -> dict[int, tuple[int, int]]:
    """Per person of whom nothing came between two positions, but something after the second and before the first: the first sign since, and the
    last before. Only those with whom something went both ways, or whom the user keeps."""
    theirs, whose = _THEIRS, f" AND {_WHOSE} = p.id"
    if spans.none(db):  # nearly everywhere, and in two thirds of the time
        theirs, whose = "profiles q CROSS JOIN activities a ON a.profile_id = q.id AND q.person_id = p.id", ""
    rows = db.execute(
        f"SELECT p.id, (SELECT min(a.id) FROM {theirs} AND a.id >= :since{whose}), (SELECT max(a.id) FROM {theirs} AND a.id < :silent{whose}) FROM people p "
        f"WHERE p.last_in >= :since{_some('p.id', ids)} AND p.is_me = 0 AND (p.last_out IS NOT NULL OR p.id IN (SELECT person_id FROM bucket_people)) "
        f"AND NOT EXISTS (SELECT 1 FROM {theirs} AND a.id >= :silent AND a.id < :since{whose})",
        {"since": since, "silent": silent_since, "ids": json.dumps(ids)},
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[1] is not None and row[2] is not None and row[2] > -(2**51)}


def records(db: Desk, places: Iterable[str], ids: Ids) -> dict[int, list[int]]:
    """Deals and tickets of the CRM per person they name, newest first."""
    known = db.execute("SELECT id FROM places WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(sorted(places)),)).fetchall()
    found: dict[int, set[int]] = defaultdict(set)
    for place_id, *_ in known:
        kept = "(a.extra LIKE '%\"record\": \"deal\"%' OR a.extra LIKE '%\"record\": \"ticket\"%' OR a.extra LIKE '%\"record\": \"case\"%')"
        asked = {"place": place_id, "ids": json.dumps(ids)}
        for id_, person_id in db.execute(
            f"SELECT a.id, {_WHOSE} FROM activities a JOIN profiles q ON q.id = a.profile_id WHERE a.place_id = :place AND {kept} AND {_WHOSE} IS "
            f"NOT NULL{_some(_WHOSE, ids)} UNION SELECT a.id, {_WHOSE} FROM activities a JOIN participants x ON x.activity_id = a.id JOIN profiles "
            f"q ON q.id = x.profile_id WHERE a.place_id = :place AND {kept} AND {_WHOSE} IS NOT NULL{_some(_WHOSE, ids)}",
            asked,
        ):
            found[person_id].add(id_)
    return {person_id: sorted(those, reverse=True) for person_id, those in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a profile said of somebody's work before an import changed it, and what it says now. at: when that import was."""

    person_id: int
    place: str
    before: tuple[str, str]  # title, company
    now: tuple[str, str]
    at: datetime


def changed_work(db: Desk, since: int, ids: Ids) -> list[Changed]:
    """By imports since a moment (unix seconds) that were not taken back; newest first."""
    then = spans.holder(f"((c.at - {EPOCH_2000}) * 8)", "q")
    rows = db.execute(
        f"SELECT {then}, l.name, coalesce(json_extract(c.before, '$.title'), q.title), coalesce(json_extract(c.before, '$.company'), q.company), "
        f"q.title, q.company, c.at FROM ({NOTICED.format(since=':since')}) c JOIN profiles q ON q.place_id = c.place_id AND q.native_id = c.native_id "
        f"JOIN places l ON l.id = q.place_id WHERE {then} IS NOT NULL{_some(then, ids)} ORDER BY c.at DESC, l.name, q.id",
        {"since": since, "ids": json.dumps(ids)},
    )
    return [
        Changed(person_id=row[0], place=row[1], before=(row[2], row[3]), now=(row[4], row[5]), at=moment(row[6]))
        for row in rows if (row[2], row[3]) != (row[4], row[5])
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A key company: its people, those of them in touch both ways since a position, and when each came into the desk."""

    name: str
    uid: str
    people: tuple[tuple[int, datetime | None, bool], ...]  # person, came, in touch


def key_firms(db: Desk, in_touch_since: int) -> tuple[Firm, ...]:
    """Every key company with its people, by name."""
    found: dict[tuple[str, str], list[tuple[int, datetime | None, bool]]] = defaultdict(list)
    for name, uid, person_id, made, touch in db.execute(
        "SELECT c.name, c.uid, p.id, p.made_at, p.last_in >= ?1 AND p.last_out >= ?1 FROM companies c CROSS JOIN people p ON p.company_id = c.id "
        "WHERE c.is_key = 1 AND p.is_me = 0 ORDER BY c.name, c.id, p.id",
        (in_touch_since,),
    ):
        found[name, uid].append((person_id, maybe_moment(made), bool(touch)))
    return tuple(Firm(name=name, uid=uid, people=tuple(those)) for (name, uid), those in found.items())


def noted(db: Desk, ids: Iterable[int]) -> dict[int, datetime]:
    """Per person: when the user last wrote a note on them, or says it was."""
    rows = db.execute(
        "SELECT person_id, max(max(happened_at, saved_at)) FROM notes WHERE trashed_at IS NULL AND person_id IN (SELECT value FROM json_each(?)) "
        "GROUP BY person_id",
        (json.dumps(sorted(ids)),),
    )
    return {row[0]: moment(row[1]) for row in rows}


def living_in(db: Desk, towns: Iterable[str]) -> dict[str, set[int]]:
    """Per town: people of whose profiles one names it in what they say of themselves."""
    found: dict[str, set[int]] = {}
    for town in towns:
        pattern = "%" + town.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        rows = db.execute("SELECT DISTINCT person_id FROM profiles WHERE person_id IS NOT NULL AND bio LIKE ? ESCAPE '!'", (pattern,))
        found[town] = {row[0] for row in rows}
    return found
