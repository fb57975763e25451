"""What conversations say about two being one."""

from __future__ import annotations

import pytest

from relationdesk.model import Activity, Profile
from relationdesk.services import matching
from relationdesk.store.database import Desk, open_memory
from tests.facts import NOW, ago, arrive, did, who

JOE = who("Joe Brown", "mail", "joe@alder.example", mail="joe@alder.example")
TWIN = who("Joe Brown", "mastodon", "joeb", known=False)
WORDS = "The pastry section uses more power than the whole bar, and nobody has ever metered it."


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    arrive(db, (JOE,))
    return db


def kinds(db: Desk, *done: Activity | Profile) -> tuple[dict[str, float], float]:
    """(rows of the first candidate's reasons, its weight)."""
    arrive(db, (JOE, TWIN, did(TWIN, "first", ago(days=40)), *done))
    ((_, candidate),) = matching.waiting(db)[0].candidates
    return {reason.row: reason.weight for reason in candidate.reasons}, candidate.weight


def test_the_same_words_in_both_places_speak_for_it(db: Desk) -> None:
    rows, weight = kinds(db, did(JOE, "j", NOW, WORDS), did(TWIN, "t", ago(days=1), WORDS))
    assert rows["talk.words"] == 6 and weight == sum(rows.values())
    ((_, candidate),) = matching.waiting(db)[0].candidates
    assert any(WORDS[:40] in reason.sentence for reason in candidate.reasons)


def test_messages_to_each_other_speak_against_it(db: Desk) -> None:
    rows, _ = kinds(db, did(JOE, "j", NOW, "Hello", to=[TWIN], place="mail"), did(TWIN, "t", NOW, "Hello back", to=[JOE]))
    assert rows["talk.each_other"] == -5


@pytest.mark.parametrize(
    "done",
    [
        (did(JOE, "j", NOW, WORDS), did(TWIN, "t", ago(days=9), WORDS)),
        (did(JOE, "j", NOW, "Thanks"), did(TWIN, "t", NOW, "Thanks")),
        (did(JOE, "j", NOW, "Hello", to=[TWIN], place="mail"),),
    ],
    ids=["weeks apart", "short words", "one way only"],
)
def test_what_says_nothing(db: Desk, done: tuple[Activity, ...]) -> None:
    rows, _ = kinds(db, *done)
    assert not [row for row in rows if row.startswith("talk")]
