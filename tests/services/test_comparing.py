"""Both sides of a question: newest words first, how much would move, and nobody beside whom nobody resembles."""

from __future__ import annotations

from pathlib import Path

from relationdesk.services import comparing
from relationdesk.store import database
from tests.facts import NOW, ago, arrive, did, person_id, profile_id, who

JOE = who("Joe Brown", "mail", "joe@alder.example", mail="joe@alder.example")
STRANGER = who("joeb", id_="https://hotel.example/users/joeb", known=False)


def test_newest_words_how_many_and_since_when(tmp_path: Path) -> None:
    db = database.open_desk(tmp_path)
    arrive(db, (JOE, STRANGER, did(JOE, "j", ago(days=1), "Hello"), *(did(STRANGER, f"s{n}", ago(days=n), f"Words {n}") for n in range(9))))
    found = comparing.compare(db, (profile_id(db, STRANGER),), person_id(db, "Joe Brown"), NOW)
    assert [(w.text, w.published) for w in found.words] == [(f"Words {n}", ago(days=n)) for n in range(3)]
    assert found.activities == 9 and found.since == ago(days=8)
    assert found.person is not None and [i.activity.text for i in found.person.stretch.items if i.activity] == ["Hello"]
    db.close()


def test_a_silent_profile_and_nobody_beside_it(tmp_path: Path) -> None:
    db = database.open_desk(tmp_path)
    arrive(db, (STRANGER,))
    found = comparing.compare(db, (profile_id(db, STRANGER),), None, NOW)
    assert (found.words, found.activities, found.since, found.person) == ((), 0, None, None)
    db.close()


def test_companions_count_and_speak_with_it(tmp_path: Path) -> None:
    db = database.open_desk(tmp_path)
    blog = who("Joe writes", "blog", "https://joe.example", known=False)
    arrive(db, (STRANGER, blog, did(STRANGER, "s", ago(days=2), "Shorter"), did(blog, "b", ago(days=1), "Longer")))
    found = comparing.compare(db, (profile_id(db, STRANGER), profile_id(db, blog)), None, NOW)
    assert [(w.text, w.place) for w in found.words] == [("Longer", "blog"), ("Shorter", "mastodon")]
    assert (found.activities, found.since) == (2, ago(days=2))
    db.close()
