"""What places told of somebody's name, role and company, and when they told it: dated facts.

From them follow who somebody was on a day (`services/as_of`) and the changes of job on the timeline, which are derived: rows in `activities`
under an id of ours, made anew whenever what was told changes. Every import tells for itself, so one can go without the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, pairwise

from relationdesk.model import UNDATED, Kind, Precision, pairs
from relationdesk.store import revisions, spans
from relationdesk.store.database import Desk
from relationdesk.store.merge_activities import index_spaced, next_free
from relationdesk.store.portions import ALL, Pace, Portion, Step, Steps, some_of
from relationdesk.store.staging import extra_to_json
from relationdesk.store.timekey import PRECISIONS, base_id, moment, seconds
from relationdesk.text import fold

OURS = "told:"
"""How the ids begin of activities that are derived from what was told."""
LOGIN = 0
"""`batch_id` of what a login read; below it, what an export of a desk brought back; above it, the number of a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is known of a profile from `at` on (unix seconds; 0: nobody knows since when). "": not told so far."""

    at: int
    name: str = ""
    title: str = ""
    company: str = ""

    @property
    def role(self) -> str:
        return ", ".join(part for part in (self.title, self.company) if part)


_SAYS = "s.id IS NOT NULL AND s.is_company = 0 AND (s.display_name <> '' OR s.title <> '' OR s.company <> '')"
READ_UNTIL = "min(:now, coalesce((SELECT max(c.read_until) FROM stage.coverage c WHERE c.place = s.place AND c.who_id = ''), :now))"
"""When a file was true: it is as old as the last that was read into it, where that is known."""
VERSION = f"iif(s.revised = {UNDATED} OR s.older = {revisions.PERHAPS}, 0, s.revised)"
"""When that was true which is not the newest: nobody knows it of a file without a date that may be older, and may be newer."""
_TRUE_SINCE = (
    "iif(s.revised > 0 AND (s.older OR NOT EXISTS (SELECT 1 FROM tellings t WHERE t.profile_id = s.id AND t.batch_id <> :by)), "
    f"min(:now, {VERSION}), {READ_UNTIL})"
)
"""What is older than what is known, and what is the first that is told, is as old as its place says; all else comes after what was told before."""
_NEWS = (
    "NOT EXISTS (SELECT 1 FROM tellings t WHERE t.profile_id = s.id AND t.batch_id <= 0 AND t.at = (SELECT max(u.at) FROM tellings u WHERE "
    "u.profile_id = s.id AND u.batch_id <= 0) AND s.display_name IN ('', t.name) AND s.title IN ('', t.title) AND s.company IN ('', t.company))"
)
_SAID_SINCE = (
    "INSERT OR IGNORE INTO tellings(profile_id, at, batch_id, name, title, company) SELECT t.profile_id, r.revised, t.batch_id, t.name, t.title, t.company "
    "FROM stage.profiles s JOIN places l ON l.name = s.place JOIN revisions r ON r.tbl = 1 AND r.place_id = l.id AND r.native_id = s.native_id AND "
    "r.batch_id = 0 JOIN tellings t ON t.profile_id = s.id AND t.batch_id = 0 AND t.at = (SELECT max(u.at) FROM tellings u WHERE u.profile_id = s.id AND "
    f"u.batch_id = 0) WHERE s.older = {revisions.OLDER} AND r.revised > s.revised AND s.revised > t.at AND {_SAYS} AND {{where}}"
)
"""A login said it before what an older file tells, and again after it: only now the second time says anything."""
_ALL = ", ".join(f"{field} = iif(excluded.{field} = '', {field}, excluded.{field})" for field in ("name", "title", "company"))


def tell(db: Desk, batch_id: int | None, now: int, portion: Portion = ALL) -> None:
    """Write down what is staged; of a login only what it did not say the last time. After `merge_profiles`, inside `transaction`."""
    at, news = (":now", f" AND {_NEWS}") if batch_id is None else (_TRUE_SINCE, "")
    db.execute(
        f"INSERT INTO tellings(profile_id, at, batch_id, name, title, company) SELECT s.id, {at}, :by, s.display_name, s.title, s.company "
        f"FROM stage.profiles s WHERE {_SAYS} AND {portion.where}{news} ON CONFLICT DO UPDATE SET {_ALL}",
        {**portion.values, "now": now, "by": LOGIN if batch_id is None else batch_id},
    )
    if batch_id is not None:
        db.execute(_SAID_SINCE.format(where=portion.where), portion.values)


def staged(db: Desk) -> list[int]:
    """Those of the staged profiles of which roles were told at several times. Only reads."""
    return [
        row[0]
        for row in db.execute(
            "SELECT s.id FROM stage.profiles s JOIN tellings t ON t.profile_id = s.id AND (t.title <> '' OR t.company <> '') "
            "WHERE s.title <> '' OR s.company <> '' GROUP BY s.id HAVING count(DISTINCT t.at) > 1 ORDER BY s.id"
        )
    ]


def deriving(db: Desk) -> Steps:
    """The changes of job that follow from what is staged, in portions. After `tell`."""
    yield Step.READ
    for some in some_of(staged(db), pace := Pace()):
        yield Step.WRITE
        with pace:
            derive(db, some)


def of_batch(db: Desk, batch_id: int) -> list[int]:
    """Profiles of which that import told. Only reads."""
    return [row[0] for row in db.execute("SELECT DISTINCT profile_id FROM tellings WHERE batch_id = ? ORDER BY profile_id", (batch_id,))]


def unsaid(db: Desk, batch_id: int, profiles: Sequence[int]) -> set[int]:
    """What an import told of these goes; the profiles whose timeline that changed. Inside `transaction`."""
    db.executemany("DELETE FROM tellings WHERE profile_id = ? AND batch_id = ?", [(id_, batch_id) for id_ in profiles])
    return derive(db, profiles)


def of_profile(db: Desk, profile_id: int) -> tuple[Telling, ...]:
    """What was known of it from when on, oldest first; () for one of which nothing was told."""
    rows = db.execute("SELECT at, name, title, company FROM tellings WHERE profile_id = ? ORDER BY at, batch_id", (profile_id,)).fetchall()
    return tuple(_known(rows))


def _known(rows: Iterable[tuple[int, str, str, str]]) -> Iterator[Telling]:
    known = ("", "", "")
    for at, told in groupby(rows, key=lambda row: row[0]):
        for _, *words in told:
            known = (words[0] or known[0], words[1] or known[1], words[2] or known[2])
        yield Telling(at=at, name=known[0], title=known[1], company=known[2])


def changes(told: Sequence[Telling]) -> Iterator[tuple[Telling, Telling]]:
    """(before, after) for every change of role or company; what is only added, or spelt otherwise, is none, nor is what may have been the other way round."""
    for before, after in pairwise(told):
        if before.at and any(old and fold(old) != fold(new) for old, new in ((before.title, after.title), (before.company, after.company))):
            yield before, after


def derive(db: Desk, profiles: Iterable[int]) -> set[int]:
    """The activities of these profiles that stand for changes of job are as was told; the profiles of which one came or went.

    Dated by the day on which it was told: the day of the change itself no place says. Inside `transaction`.
    """
    touched: set[int] = set()
    question = "SELECT id, place_id, native_id FROM profiles WHERE id IN (SELECT value FROM json_each(?)) AND is_company = 0 ORDER BY id"
    for profile_id, place_id, native_id in db.execute(question, (json.dumps(sorted(set(profiles))),)).fetchall():
        ours = f"{OURS}{native_id}:"
        there = db.execute(
            "SELECT native_id, title, text FROM activities WHERE place_id = ?1 AND native_id >= ?2 AND native_id < ?3 AND profile_id = ?4",
            (place_id, ours, f"{ours[:-1]};", profile_id),
        ).fetchall()
        wanted = {f"{ours}{after.at}": (before, after) for before, after in changes(of_profile(db, profile_id))}
        stays = {id_ for id_, title, text in there if id_ in wanted and (title, text) == _words(*wanted[id_])}
        gone = [(place_id, id_) for id_, *_ in there if id_ not in stays]
        db.executemany("DELETE FROM activities WHERE place_id = ? AND native_id = ?", gone)
        fresh = [id_ for id_ in wanted if id_ not in stays]
        for id_ in fresh:
            _insert(db, profile_id, place_id, id_, *wanted[id_])
        if gone or fresh:
            touched.add(profile_id)
    return touched


def _words(before: Telling, after: Telling) -> tuple[str, str]:
    return after.role, f"{before.role} → {after.role}"


def _insert(db: Desk, profile_id: int, place_id: int, native_id: str, before: Telling, after: Telling) -> None:
    db.execute("INSERT OR IGNORE INTO kinds(name) VALUES (?)", (Kind.POSITION.value,))
    day = moment(after.at).replace(hour=0, minute=0, second=0)
    known = pairs(before_title=before.title, before_company=before.company, company=after.company, told=f"{moment(after.at):%Y-%m-%d}")
    position = next_free(db, min(base_id(day, Precision.DAY), base_id(moment(after.at), Precision.SECOND)))  # not ahead of what was told then
    db.execute(
        "INSERT INTO activities(id, profile_id, place_id, native_id, kind, published, precision, audience, title, text, extra) VALUES "
        "(?, ?, ?, ?, (SELECT id FROM kinds WHERE name = ?), ?, ?, ?, ?, ?, ?)",
        (position, profile_id, place_id, native_id, Kind.POSITION.value, seconds(day), PRECISIONS.index(Precision.DAY), 0, *_words(before, after),
         extra_to_json(known)),
    )  # fmt: skip
    index_spaced(db, position)


def moved(db: Desk, ids: Sequence[int] | None) -> list[tuple[int, int, str, date]]:
    """(person, profile, place, day it was told) of every change of job of somebody, oldest first; ids None: everybody's."""
    whose = spans.holder("a.id", "q")
    chosen = "" if ids is None else f" AND {whose} IN (SELECT value FROM json_each(:ids))"
    rows = db.execute(
        f"SELECT {whose}, q.id, l.name, a.published FROM places l CROSS JOIN activities a ON a.place_id = l.id AND a.native_id >= :ours AND "
        f"a.native_id < :end CROSS JOIN profiles q ON q.id = a.profile_id WHERE {whose} IS NOT NULL AND a.published IS NOT NULL"
        f"{chosen} ORDER BY a.id, q.id",
        {"ours": OURS, "end": f"{OURS[:-1]};", "ids": json.dumps(ids)},
    )
    return [(row[0], row[1], row[2], moment(row[3]).date()) for row in rows]


def repairing(db: Desk) -> set[int]:
    """Derive all of them anew; profiles of which one was missing or too many. Inside `transaction`."""
    several = "SELECT profile_id FROM tellings WHERE title <> '' OR company <> '' GROUP BY profile_id HAVING count(DISTINCT at) > 1"
    left = f"SELECT profile_id FROM activities WHERE native_id >= '{OURS}' AND native_id < '{OURS[:-1]};'"
    return derive(db, [row[0] for row in db.execute(f"{several} UNION {left}")])


def day(at: int) -> datetime | None:
    """The day on which something was told, None for what was known before anybody wrote it down."""
    return None if at == 0 else datetime.fromtimestamp(at, UTC)
