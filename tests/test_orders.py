"""The same files in another order make the same humans: nobody is joined who is two, and the same pairs are asked about.

Whoever comes first is a person and the other the question, so the number of people alone may differ by as many as wait.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relationdesk.services import importing, matching
from relationdesk.services.sample_input import story_day, write_sample
from relationdesk.store import profiles
from relationdesk.store.database import Desk, open_desk
from relationdesk.store.profiles import Stored
from tests.facts import NOW

FILES, CALENDAR = 6, 6
"""How many may come in any order; the calendar is the one after them: an address that is only invited is vouched for by nobody, so before
the cards it is a question (the last test), and after them it belongs to somebody already."""
ORDERS = sorted({tuple((first + step * n) % FILES for n in range(FILES)) for first in range(FILES) for step in (1, -1)})
"""Each file comes first, last and anywhere, before and after each other one: of all 720 orders these 12."""
Pair = frozenset[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("input")
    write_sample(made, story_day(NOW))
    return made


def brought(folder: Path, desk: Path, order: tuple[int, ...]) -> Desk:
    files, db = json.loads((folder / "index.json").read_text())["files"], open_desk(desk)
    assert len(files) == FILES + 1
    for n in order:
        importing.import_now(db, folder / files[n]["path"], now=NOW, format=files[n]["format"], me=files[n]["me"])
    return db


def name(stored: Stored) -> str:
    return "/".join(stored.profile.key)


def humans(db: Desk) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """(profiles that are one human, be they a person or a question; pairs of a profile that waits and one it may go with)."""
    questions = matching.waiting(db, limit=10_000)
    together = {frozenset(map(name, (m.profile, *m.companions))) for m in questions}
    for (person_id,) in db.execute("SELECT id FROM people").fetchall():
        together.add(frozenset(map(name, profiles.of_person(db, person_id))))
    asked = {
        frozenset((name(waits), name(theirs)))
        for m in questions for waits in (m.profile, *m.companions) for person, _ in m.candidates for theirs in profiles.of_person(db, person.id)
    }  # fmt: skip
    return frozenset(together), frozenset(asked)


@pytest.fixture(scope="module")
def usual(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[frozenset[Pair], frozenset[Pair]]:
    db = brought(folder, tmp_path_factory.mktemp("usual"), tuple(range(FILES)))
    found = humans(db)
    db.close()
    return found


NAMESAKES = ("linkedin/anna-wikstrom-example-1", "linkedin/anna-wikstrom-example-2", "contacts/sample-card-31", "contacts/sample-card-32")


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(map(str, order)))
def test_the_order_of_files_changes_nobody(folder: Path, tmp_path: Path, usual: tuple[frozenset[Pair], frozenset[Pair]], order: tuple[int, ...]) -> None:
    db = brought(folder, tmp_path, order)
    together, asked = humans(db)
    assert (together, asked) == usual
    assert all(len(one & set(NAMESAKES)) < 2 for one in together) and set(NAMESAKES) <= frozenset().union(*together)
    db.close()


@pytest.mark.slow
def test_a_mailbox_before_its_cards_meets_them_as_a_question(folder: Path, tmp_path: Path) -> None:
    """A couple shares it: the mailbox is a person already, both cards wait, and the address is the evidence."""
    db = brought(folder, tmp_path, (4, 5, 0, 1, 2, 3))
    waits = {name(m.profile): m for m in matching.waiting(db, limit=10_000)}
    for card in ("contacts/sample-card-31", "contacts/sample-card-32"):
        said = [reason.sentence for _, candidate in waits[card].candidates for reason in candidate.reasons]
        assert any("tanaka@tallowpine.example" in sentence for sentence in said), (card, said)
    db.close()


@pytest.mark.slow
def test_a_calendar_before_the_cards_asks_about_whom_it_invites_and_joins_nobody(folder: Path, tmp_path: Path, usual: tuple[frozenset[Pair], frozenset[Pair]]) -> None:
    db = brought(folder, tmp_path, (CALENDAR, *range(FILES)))
    together, asked = humans(db)
    invited = {f"mail/{who}" for who in ("joe.brown@alderfinch.example", "priya.raman@alderfinch.example", "kenji.mori@orrin.example", "ana.kovac@orrin.example")}
    assert {one for one in together if one & invited} == {frozenset({one}) for one in invited}
    assert together == {rest for one in usual[0] if (rest := one - invited)} | {frozenset({one}) for one in invited}
    assert usual[1] <= asked and all(pair & invited for pair in asked - usual[1]) and invited <= frozenset().union(*(asked - usual[1]))
    db.close()


@pytest.mark.slow
def test_a_calendar_after_the_cards_changes_nobody(folder: Path, tmp_path: Path, usual: tuple[frozenset[Pair], frozenset[Pair]]) -> None:
    db = brought(folder, tmp_path, (0, CALENDAR, *range(1, FILES)))
    assert humans(db) == usual
    db.close()
