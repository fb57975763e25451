"""The sample desk by the ordinary way in: the people of the story, their prompts, and nobody joined by name alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import agenda, matching, sample
from relationdesk.store import people
from relationdesk.store.database import Desk, open_desk

NOW = datetime(2026, 11, 20, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    db = open_desk(tmp_path_factory.mktemp("sample") / "desk")
    sample.build(db, NOW)
    yield db
    db.close()


def prompts(db: Desk) -> dict[tuple[str, str], str]:
    """(rule, name) → why not, "" for shown."""
    today = agenda.today(db, NOW)
    return {(e.prompt.rule, e.person.name): e.prompt.why_not for e in (*today.shown, *today.held_back)}


STORY = (
    "Aisha Noor, Ana Kovač, Anna Wikström, Anna Wikström, Bob Hale, Charles Williams, Dr. Hannah Weiss, Gary Jones, Ingrid Solberg, Joe Brown, "
    "Joe Tanaka, Jonas Lind, Kenji Mori, Kim Tanaka, Lena Vogt, Mary Jones, Mary Jones, Miguel Ortega, Olivia Grant, Priya Raman, Sofie Brandt, "
    "Tomás Vega, Zoe Brown, نور حداد"
).split(", ")
"""Everybody, each once; no handle for a name."""


def waiting(db: Desk) -> dict[str, list[str]]:
    """handle → names it may be, of the profiles that are nobody's yet."""
    return {m.profile.profile.handle: [person.name for person, _ in m.candidates] for m in matching.waiting(db, limit=1000)}


def test_the_people_are_there(db: Desk) -> None:
    assert sorted(p.name for p in people.page(db, limit=1000)) == STORY
    me = people.me(db)
    assert me is not None and me.name == "Sam Carter"


def test_joe_asks_and_charles_is_quiet(db: Desk) -> None:
    found = prompts(db)
    assert found[("awaiting_reply", "Joe Brown")] == ""
    assert found[("rhythm_overdue", "Charles Williams")] == ""  # a rhythm is wished with him, which says more than his silence
    assert "Already said by" in found[("gone_quiet", "Charles Williams")]
    assert "perhaps they are not silent" in found[("gone_quiet", "Tomás Vega")]


def test_namesakes_are_never_joined(db: Desk) -> None:
    rows = db.execute("SELECT name, company_id FROM people WHERE name IN ('Mary Jones', 'Anna Wikström') ORDER BY name").fetchall()
    assert len([r for r in rows if r[0] == "Mary Jones"]) == 2
    assert len({r[1] for r in rows if r[0] == "Mary Jones"}) == 2


def test_who_is_asked_about_and_who_is_nobody(db: Desk) -> None:
    asked = waiting(db)
    assert asked["robert-hale-example"] == ["Bob Hale"]  # one man, two names
    assert sorted(asked["tanaka@tallowpine.example"]) == ["Joe Tanaka", "Kim Tanaka"]  # one mailbox of two
    assert asked["joebrown_hvac@hotel.example"] == ["Joe Brown"]  # his second profile names his page
    assert asked["joebr0wn@hotel.example"] == ["Joe Brown"]  # and this one only looks like him
    roles = db.execute("SELECT person_id FROM profiles WHERE native_id IN ('info@harborline.example')").fetchall()
    assert roles == [(None,)] and "info@harborline.example" not in asked


def test_a_second_sample_is_refused(db: Desk) -> None:
    before = people.count(db)
    with pytest.raises(UserMistake, match="empty desk"):
        sample.build(db, NOW)
    assert people.count(db) == before


def test_the_caches_agree_with_the_facts(db: Desk) -> None:
    from relationdesk.services.backup import check

    health = check(db)
    assert (health.problems, health.repaired) == ((), 0)


def test_looked_at_in_portions_everybody_is_the_same(db: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address book of any size is matched a portion at a time; what comes of it must not show where one ended."""
    monkeypatch.setattr(matching, "PORTION", 2)
    again = open_desk(tmp_path / "desk")
    sample.build(again, NOW)
    who = "SELECT l.name, q.native_id, w.name, q.linked_by FROM profiles q JOIN places l ON l.id = q.place_id LEFT JOIN people w ON w.id = q.person_id"
    assert sorted(map(str, again.execute(who))) == sorted(map(str, db.execute(who)))
    assert waiting(again) == waiting(db)
    again.close()
