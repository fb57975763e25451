"""Birthdays and anniversaries as places told them: of each profile what every import and the logins said, the newest of it holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from relationdesk.life_days import Told, in_words
from relationdesk.model import DayKind, LifeDay
from relationdesk.store.database import Desk
from relationdesk.store.portions import ALL, Pace, Portion, Step, Steps, some_of
from relationdesk.store.tellings import LOGIN, READ_UNTIL, VERSION
from relationdesk.store.timekey import seconds

_SAME = "{y}.month = {x}.month AND {y}.day = {x}.day AND ({x}.year IS NULL OR {y}.year IS {x}.year)"
NEW_DAY = (
    "EXISTS (SELECT 1 FROM stage.life_days x WHERE x.place = s.place AND x.native_id = s.native_id AND NOT EXISTS (SELECT 1 FROM main.life_days y "
    f"WHERE y.profile_id = p.id AND y.kind = x.kind AND {_SAME.format(x='x', y='y')}))"
)
"""True if what is staged of a profile s tells a day of p that nobody told so far."""


DAYS_TOLD = (
    "(SELECT json_group_array(json_array(x.kind, x.month, x.day, x.year, (SELECT json_array(z.month, z.day, z.year) FROM main.life_days z WHERE "
    "z.profile_id = p.id AND z.kind = x.kind ORDER BY z.at DESC, z.batch_id DESC LIMIT 1))) FROM stage.life_days x WHERE "
    "x.place = s.place AND x.native_id = s.native_id AND NOT EXISTS (SELECT 1 FROM main.life_days y WHERE y.profile_id = p.id AND y.kind = x.kind "
    f"AND {_SAME.format(x='x', y='y')}))"
)
"""Those days, with what was told of each before: to be read by `worded`."""


def worded(told: str) -> Iterator[tuple[str, str, str]]:
    """(kind, in words what was told before, "" if nothing was, what is told now)."""
    for kind, month, day, year, before in sorted(json.loads(told)):
        dates = ((month, day, year), json.loads(before) if before else None)
        now, was = (in_words(LifeDay(kind=DayKind(kind), month=one[0], day=one[1], year=one[2])) if one else "" for one in dates)
        yield kind, was, now


def tell(db: Desk, batch_id: int | None, now: int, portion: Portion = ALL) -> None:
    """Write down what is staged. A login writes only what it did not say the last time. After `merge_profiles`, inside `transaction`."""
    at = ":now" if batch_id is None else f"iif(s.older, {VERSION}, {READ_UNTIL})"
    again = f" WHERE NOT ({_SAME.format(x='excluded', y='life_days')})" if batch_id is None else ""
    db.execute(
        f"INSERT INTO life_days(profile_id, kind, batch_id, at, month, day, year) SELECT s.id, x.kind, :by, {at}, x.month, x.day, x.year FROM "
        f"stage.profiles s CROSS JOIN stage.life_days x USING (place, native_id) WHERE s.id IS NOT NULL AND s.is_company = 0 AND {portion.where} "
        "ON CONFLICT DO UPDATE SET at = excluded.at, year = iif(month = excluded.month AND day = excluded.day, coalesce(excluded.year, year), "
        f"excluded.year), month = excluded.month, day = excluded.day{again}",
        {**portion.values, "now": now, "by": LOGIN if batch_id is None else batch_id},
    )


def taking_back(db: Desk, batch_id: int) -> Steps:
    """What an import told goes, in portions."""
    yield Step.READ
    rows = db.execute("SELECT profile_id FROM life_days WHERE batch_id = ? AND batch_id > 0 ORDER BY profile_id", (batch_id,)).fetchall()
    for some in some_of([row[0] for row in rows], pace := Pace()):
        yield Step.WRITE
        with pace:
            db.executemany("DELETE FROM life_days WHERE profile_id = ? AND batch_id = ?", [(id_, batch_id) for id_ in some])


_NEWEST = (
    "SELECT q.person_id, d.kind, d.month, d.day, d.year, l.name, d.at, q.id FROM life_days d JOIN profiles q ON q.id = d.profile_id JOIN places l ON "
    "l.id = q.place_id WHERE q.person_id IN (SELECT value FROM json_each(:ids)) ORDER BY q.person_id, q.id, d.kind, d.at, d.batch_id"
)


def told(db: Desk, ids: Iterable[int]) -> dict[int, list[Told]]:
    """Per person whose days are told: what each of their profiles said last."""
    newest: dict[int, dict[tuple[int, str], Told]] = defaultdict(dict)
    for person_id, kind, month, day, year, place, at, profile_id in db.execute(_NEWEST, {"ids": json.dumps(sorted(set(ids)))}):
        newest[person_id][profile_id, kind] = Told(day=LifeDay(kind=DayKind(kind), month=month, day=day, year=year), place=place, at=at)
    return {person_id: list(said.values()) for person_id, said in newest.items()}


def began(db: Desk, profile_id: int) -> list[int]:
    """When they began where they work, as the profile tells it with its year: unix seconds of the newest word, [] or one."""
    row = db.execute(
        "SELECT year, month, day FROM life_days WHERE profile_id = ? AND kind = ? AND year IS NOT NULL ORDER BY at DESC, batch_id DESC LIMIT 1",
        (profile_id, DayKind.WORK.value),
    ).fetchone()
    return [] if row is None else [seconds(datetime(row[0], row[1], row[2], tzinfo=UTC))]


def near(db: Desk, first: date, last: date, ids: Sequence[int] | None) -> set[int]:
    """People of whom a place says, or said, that such a day is between these two (at most a year apart); ids None: everybody."""
    numbers = {(day.month, day.day) for day in _days(first, last)}
    if (2, 28) in numbers:
        numbers.add((2, 29))
    chosen = "" if ids is None else " AND q.person_id IN (SELECT value FROM json_each(:ids))"
    rows = db.execute(
        "SELECT DISTINCT q.person_id FROM (SELECT json_extract(value, '$[0]') AS month, json_extract(value, '$[1]') AS day FROM json_each(:days)) n "
        "CROSS JOIN life_days d ON d.month = n.month AND d.day = n.day CROSS JOIN profiles q ON q.id = d.profile_id WHERE q.person_id IS NOT NULL"
        f"{chosen}",
        {"days": json.dumps(sorted(numbers)), "ids": json.dumps(ids)},
    )
    return {row[0] for row in rows}


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range(min(366, (last - first).days) + 1))
