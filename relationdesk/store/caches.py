"""The derived columns (last activity of a profile; last in and out, role and company of a person), kept by the writing transaction.

Never the only truth: `rebuild` makes them again from the facts, and `check` compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from relationdesk.store import roles, spans, tellings
from relationdesk.store.database import Desk
from relationdesk.store.portions import Pace, Step, Steps, some_of
from relationdesk.store.timekey import AHEAD
from relationdesk.text import fold

_PROFILE = """
UPDATE profiles SET last_id = (SELECT max(a.id) FROM activities a WHERE a.profile_id = profiles.id)
WHERE {where}
"""
_COME = f"NOT coalesce({AHEAD}, 0)"
"""What has its day still to come is no touch yet: that somebody will be met says nothing of when they were heard of."""
_LAST_IN = f"""(SELECT nullif(max(
    coalesce((SELECT max((SELECT a.id FROM activities a WHERE a.profile_id = p.id AND a.id >= p.held_from AND {_COME} ORDER BY a.id DESC LIMIT 1))
              FROM profiles p WHERE p.person_id = people.id), -9e18),
    coalesce((SELECT max((SELECT max(a.id) FROM activities a WHERE a.profile_id = s.profile_id AND a.id >= s.from_id AND a.id < s.until_id AND {_COME}))
              FROM spans s WHERE s.person_id = people.id), -9e18)), -9e18))"""
_NEWEST_OUT = f"""
    SELECT max((SELECT x.activity_id FROM participants x JOIN activities a ON a.id = x.activity_id
                JOIN profiles m ON m.id = a.profile_id JOIN people me ON me.id = {spans.holder('a.id', 'm')} AND me.is_me = 1
                WHERE x.profile_id = {{profile}} AND x.activity_id >= {{low}} AND x.activity_id < {{high}} AND {_COME} ORDER BY x.activity_id DESC LIMIT 1))"""
_LAST_OUT = f"""(SELECT nullif(max(coalesce((
    {_NEWEST_OUT.format(profile='p.id', low='p.held_from', high=spans.FOREVER)} FROM profiles p WHERE p.person_id = people.id AND people.is_me = 0), -9e18),
    coalesce(({_NEWEST_OUT.format(profile='s.profile_id', low='s.from_id', high='s.until_id')}
    FROM spans s WHERE s.person_id = people.id AND people.is_me = 0), -9e18)), -9e18))"""
"""None of mine to myself: half a million mails to me would be looked through to find that none of them is from me."""
_LAST_OF_BOTH = "nullif(max(coalesce(last_in, -9e18), coalesce(last_out, -9e18)), -9e18)"
_PERSON = f"UPDATE people SET last_in = {_LAST_IN}, last_out = {_LAST_OUT} WHERE {{where}}"
_LAST = f"UPDATE people SET last_id = {_LAST_OF_BOTH} WHERE {{where}}"
_AMONG = "id IN (SELECT value FROM json_each(?))"


def refresh(db: Desk, profiles: Iterable[int]) -> set[int]:
    """Bring the caches of these profiles and their people up to date; the people's ids."""
    ids = json.dumps(sorted(set(profiles)))
    db.execute(_PROFILE.format(where=_AMONG), (ids,))
    people = set(spans.holders(db, json.loads(ids)))
    refresh_people(db, people)
    return people


def refresh_people(db: Desk, people: Iterable[int]) -> None:
    """Bring last_in, last_out and last_id of these people up to date from their profiles' caches, and who they are from what was told."""
    people = set(people)
    ids = json.dumps(sorted(people))
    roles.follow(db, people)
    db.execute(_PERSON.format(where=_AMONG), (ids,))
    db.execute(_LAST.format(where=_AMONG), (ids,))


def renewing(db: Desk, profiles: Iterable[int], people: Iterable[int] = (), mine: Iterable[int] = ()) -> Steps:
    """As `refresh` of the profiles, `refresh_people` of these besides, and `moved` of `mine`, in portions."""
    ids = sorted(set(profiles))
    for some in some_of(ids, pace := Pace()):
        yield Step.WRITE
        with pace:
            db.execute(_PROFILE.format(where=_AMONG), (json.dumps(some),))
    yield Step.READ
    for some in some_of(sorted({*spans.holders(db, ids), *people, *_addressed(db, mine)}), pace := Pace()):
        yield Step.WRITE
        with pace:
            refresh_people(db, some)


def repairing(db: Desk) -> Steps:
    """Whatever is not what it would be if it were made again from the facts, in portions."""
    yield Step.READ
    wrong = "SELECT id FROM profiles WHERE last_id IS NOT (SELECT max(a.id) FROM activities a WHERE a.profile_id = profiles.id)"
    yield from renewing(db, [row[0] for row in db.execute(wrong)])
    yield Step.READ
    wrong = f"SELECT id FROM people WHERE last_in IS NOT {_LAST_IN} OR last_out IS NOT {_LAST_OUT} OR last_id IS NOT {_LAST_OF_BOTH}"
    yield from renewing(db, (), [row[0] for row in db.execute(wrong)])


def moved(db: Desk, mine: Iterable[int], people: Iterable[int]) -> None:
    """Bring up to date these people, and everybody to whom the profiles wrote that became the owner's or no longer are (`mine`).

    What the desk's owner did towards somebody hangs on which profiles are the owner's, so it changes far from them.
    """
    refresh_people(db, {*people, *_addressed(db, mine)})


def _addressed(db: Desk, mine: Iterable[int]) -> set[int]:
    """People to whom these profiles did something."""
    rows = db.execute(
        f"SELECT DISTINCT {spans.holder('a.id', 'q')} FROM activities a JOIN participants x ON x.activity_id = a.id JOIN profiles q ON "
        "q.id = x.profile_id WHERE a.profile_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(mine))),),
    )
    return {row[0] for row in rows if row[0] is not None}


def changed_hands(db: Desk, profiles: Iterable[int], owners: Iterable[int]) -> None:
    """As `moved`, for whoever does not know which of the profiles those are, but all owners before and after.

    A profile with 15,000 mails that goes from one customer to another touches the two, not all who were written to.
    """
    owners = set(owners)
    mine = db.execute("SELECT id FROM people WHERE is_me = 1").fetchone()
    moved(db, profiles if mine is not None and mine[0] in owners else (), owners)


def rebuild(db: Desk) -> None:
    """Make every cache again from the facts. Inside `transaction`."""
    db.execute(_PROFILE.format(where="true"))
    db.execute(_PERSON.format(where="true"))
    db.execute(_LAST.format(where="true"))
    roles.follow(db, None)


def repair(db: Desk) -> int:
    """Make every cache again, the changes of job, and the folded names that are searched as one types; how many rows were wrong. Inside `transaction`."""
    was = _state(db)
    derived = tellings.repairing(db)
    rebuild(db)
    db.executemany(
        "UPDATE profiles SET folded = ?1 WHERE id = ?2 AND folded <> ?1",
        [(fold(name), id_) for id_, name in db.execute("SELECT id, display_name FROM profiles").fetchall()],
    )
    return len(was - _state(db)) + len(derived)


def _state(db: Desk) -> set[tuple[object, ...]]:
    people = db.execute("SELECT 'person', id, last_in, last_out, last_id, folded, title, company_id FROM people")
    return {*people, *db.execute("SELECT 'profile', id, last_id, folded FROM profiles")}
