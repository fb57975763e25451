"""Every live source before answers that are bent in single spots (`tests.bent`): nothing but a sentence of ours comes out, no fact breaks a
promise, a desk takes what is left, and reading ends."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import RelationDeskError
from relationdesk.model import Activity, Profile, Tombstone
from relationdesk.services import spending, sync
from relationdesk.services.sample_input import recorded_answer, write_sample
from relationdesk.sources import LIVE_SOURCES
from relationdesk.sources.door import Door
from relationdesk.sources.replay import Replay
from relationdesk.store import logins as stored
from relationdesk.store import spending as stored_spending
from relationdesk.store.database import open_memory, transaction
from tests.bent import Bent, Recorded
from tests.facts import arrive
from tests.paid import Generous
from tests.recorded_web import FILE, recorded

pytestmark = pytest.mark.slow
TURNS = 16
"""Of each source, a quarter of them into a desk. Some thousand of each were tried by hand."""
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[1] / "data"
NAMES = [source.name for source in LIVE_SOURCES if source.name != "imap"]  # which speaks no HTTP


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("story")
    write_sample(folder, NOW.date())
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Overpaid(Generous):
    """A bent answer may hold more than was reserved; the true purse counts that, too."""

    def settle(self, ticket: int, read: Any) -> None:
        self.paid[ticket] = self.paid[ticket][0], dict(read)


def at(name: str, moment: datetime) -> Any:
    source: Any = type(sync.source_for(name))
    made = source() if name == "feed" else source(lambda: moment)
    if name == "linkedin":
        made.pace = timedelta(0)
    return made


def connected(source: Any, folder: Path, answers: Recorded) -> Iterator[tuple[Any, list[Any], list[Profile], str]]:
    """Each login of the example with whom it follows, as far as the answers let it come about."""
    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8"))["logins"]:
        if entry["source"] != source.name:
            continue
        door = Door(transport=Replay(answers), clock=lambda: NOW)
        door.purse = Overpaid()
        followed, profiles = [], []
        with suppress(RelationDeskError):
            login = source.connect(entry["address"], entry["token"], door)
            for address in (address for reading in entry["readings"] for address in reading["follows"]):
                with suppress(RelationDeskError):
                    stream, profile = source.follow(address, login, entry["token"], door)
                    followed.append(stream)
                    profiles.append(profile)
            yield login, followed, profiles, entry["token"]


def check(fact: Any) -> None:
    repr(fact).encode()  # no half of a pair of surrogates
    if isinstance(fact, Activity | Profile | Tombstone):
        assert fact.key.native_id.strip() and len(fact.key.native_id) <= 3_000
    if isinstance(fact, Activity):
        assert fact.published is None or fact.published.utcoffset() == timedelta(0)


def read(name: str, folder: Path, answers: Recorded) -> None:
    """Twice, the second time with the cursor of the first and a day later."""
    for login, followed, _, token in connected(at(name, NOW), folder, answers):
        for stream in at(name, NOW).streams(login, tuple(followed)):
            cursor = ""
            for day in range(2):
                door = Door(transport=Replay(answers), clock=lambda: NOW)
                door.purse = Overpaid("media", "again")
                with suppress(RelationDeskError):
                    for page in at(name, NOW + timedelta(days=day)).pages(login, stream, cursor, token, door):
                        cursor = page.cursor or cursor
                        assert len(cursor) < 400_000
                        for fact in page.facts:
                            check(fact)


def bring_in(name: str, folder: Path, answers: Recorded) -> None:
    """The same into a desk."""
    for login, followed, profiles, token in connected(at(name, NOW), folder, answers):
        db = open_memory()
        with transaction(db):
            id_ = stored.save(db, login)
            for stream in followed:
                stored.save_stream(db, id_, stream, is_followed=True)
            if spending.is_priced(name):
                stored_spending.set_budget(db, login.secret_name, stored_spending.Budget(currency="USD", micros=10**9))
        arrive(db, profiles)
        for day in range(2):
            now = NOW + timedelta(days=day)
            kept = stored.get(db, id_)
            assert kept is not None
            done = sync.sync(db, kept, token, Door(transport=Replay(answers), clock=lambda: NOW), partial(datetime.fromtimestamp, now.timestamp(), UTC), source=at(name, now))
            for _, sentence in done.failures:
                assert len(sentence) < 400 and "\n" not in sentence and "\u202e" not in sentence
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("name", NAMES)
def test_bent_answers_are_no_crash(name: str, story: Path) -> None:
    folder = own if (own := EXAMPLES / name).is_dir() else story
    answers = cache(partial(recorded if (folder / FILE).is_file() else recorded_answer, folder))
    straight = Bent(answers, random.Random(0), -1)
    read(name, folder, straight)
    dice = random.Random(name)
    for turn in range(TURNS):
        bent = Bent(answers, dice, dice.randrange(0, straight.asked + 1))
        (bring_in if turn % 4 == 0 else read)(name, folder, bent)
