"""The days of somebody's signs, read in a shorter way, are those of the signs themselves: whatever their dates, with and without spans."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.store import spans, talk
from relationdesk.store.database import open_memory
from relationdesk.store.timekey import id_at
from tests.facts import NOW, bring, did, who


@pytest.mark.parametrize("seed", range(8))
def test_days_are_those_of_the_signs(seed: int) -> None:
    dice, db = random.Random(seed), open_memory()
    actors = [who(f"Number{n}", place) for n in range(5) for place in ("mastodon", "blog")]
    begin = datetime(1999, 12, 1, tzinfo=UTC) if seed % 2 else NOW - timedelta(days=900)
    bring(db, [*actors, *(did(dice.choice(actors), f"a{n}", begin + timedelta(hours=dice.randrange(2_000))) for n in range(150))])
    if seed % 4 > 1:
        (profile_id, person_id) = db.execute("SELECT id, person_id FROM profiles WHERE person_id IS NOT NULL LIMIT 1").fetchone()
        until = id_at(begin + timedelta(hours=1_000))
        db.execute("INSERT INTO spans(profile_id, from_id, until_id, person_id) VALUES (?,?,?,?)", (profile_id, -(2**62), until, person_id + 1))
        db.execute("UPDATE profiles SET held_from = ? WHERE id = ?", (until, profile_id))
    assert spans.none(db) is (seed % 4 <= 1)
    persons = [row[0] for row in db.execute("SELECT id FROM people UNION SELECT 999")]
    for since in (id_at(begin), id_at(begin + timedelta(hours=dice.randrange(2_000))), 0):
        for limit in (3, 24, 500):
            wanted = [(person, ids[0], [id_ // talk.ID_DAY for id_ in ids]) for person, ids in talk.signs(db, persons, limit, since)]
            assert list(talk.sign_days(db, persons, limit, since)) == wanted
