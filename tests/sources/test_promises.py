"""What `sources/base.py` promises, checked for every source in the lists on the raw input of the sample desk."""

from __future__ import annotations

import ast
import inspect
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import SourceError, UnreadableFile
from relationdesk.model import (
    Activity,
    Coverage,
    Fact,
    Key,
    Login,
    Precision,
    Profile,
    Progress,
    Rejected,
    Stream,
    Tombstone,
)
from relationdesk.services.sample_input import recorded_answer, write_sample
from relationdesk.sources import FILE_SOURCES, LIVE_SOURCES, base
from relationdesk.sources.base import FileSource, LiveSource, Options
from relationdesk.sources.door import Door
from relationdesk.sources.replay import Replay
from tests.imap_server import InMemory, Mailbox
from tests.paid import Generous
from tests.recorded_web import FILE, recorded

TODAY = date(2026, 11, 27)
SOURCES = [*FILE_SOURCES, *LIVE_SOURCES]
NAMES = [source.name for source in SOURCES]


EXAMPLES = Path(__file__).parents[1] / "data"
"""A source that the story of the sample does not meet has `<its name>/` here, with an index.json like that of the sample."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, TODAY)
    return folder


@pytest.fixture
def sample(source: Any, story: Path) -> Path:
    return own if (own := EXAMPLES / source.name).is_dir() else story


def index(sample: Path) -> Any:
    return json.loads((sample / "index.json").read_text(encoding="utf-8"))


def from_files(source: FileSource, sample: Path) -> Iterator[list[Fact]]:
    """The facts of each file of the sample that this source reads; the folder's name differs from one call to the next."""
    for entry in index(sample).get("files", ()):
        path = sample / entry["path"]
        if (entry["format"] or best(path)) == source.name:
            options = Options(me=entry["me"], answers=entry.get("answers", {}))
            yield [fact for fact in source.read(path, options) if not isinstance(fact, Progress)]


def best(path: Path) -> str:
    found = [r for source in FILE_SOURCES if (r := source.recognise(path)) is not None]
    return max(found, key=lambda r: r.certainty).format


def live_streams(source: LiveSource, sample: Path) -> Iterator[tuple[Login, Stream, str, Door]]:
    for entry in (entry for entry in index(sample).get("logins", ()) if entry["source"] == source.name):
        mailbox = InMemory(Mailbox.of(sample / "mail")) if (sample / "mail").is_dir() else None
        answers = recorded if (sample / FILE).is_file() else recorded_answer
        door = Door(transport=Replay(partial(answers, sample)), network=mailbox)
        door.purse = Generous("media")
        login = source.connect(entry["address"], entry["token"], door)
        addresses = [address for reading in entry["readings"] for address in reading["follows"]]
        followed = tuple(found for address in addresses if (found := followed_at(source, address, login, entry["token"], door)))
        for stream in source.streams(login, followed):
            yield login, stream, entry["token"], door


def followed_at(source: LiveSource, address: str, login: Login, token: str, door: Door) -> Stream | None:
    try:
        return source.follow(address, login, token, door)[0]
    except SourceError:
        return None  # gone in the story


def from_place(source: LiveSource, sample: Path, cursor: str = "") -> Iterator[list[Fact]]:
    for login, stream, token, door in live_streams(source, sample):
        yield [fact for page in source.pages(login, stream, cursor, token, door) for fact in page.facts]


def readings(source: Any, sample: Path) -> list[list[Fact]]:
    read = from_files if source in FILE_SOURCES else from_place
    found = list(read(source, sample))
    assert sum(isinstance(fact, Activity | Profile) for facts in found for fact in facts) > 1, "the sample shows nothing of it"
    return found


@pytest.fixture(params=SOURCES, ids=NAMES)
def source(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_1_everybody_named_has_a_profile_before(source: Any, sample: Path) -> None:
    for facts in readings(source, sample):
        introduced: set[Key] = set()
        for fact in facts:
            if isinstance(fact, Profile):
                introduced.add(fact.key)
            elif isinstance(fact, Activity):
                assert {fact.actor, *(p.profile for p in fact.participants)} <= introduced


def moments(facts: Iterable[Fact]) -> Iterator[datetime]:
    for fact in facts:
        times = (fact.published,) if isinstance(fact, Activity) else (fact.since, fact.until) if isinstance(fact, Coverage) else ()
        yield from (moment for moment in times if moment is not None)


def test_2_times_are_utc_and_only_as_exact_as_known(source: Any, sample: Path) -> None:
    for facts in readings(source, sample):
        assert all(moment.tzinfo is UTC or moment.utcoffset() == UTC.utcoffset(None) for moment in moments(facts))
        for fact in (fact for fact in facts if isinstance(fact, Activity)):
            assert (fact.published is None) == (fact.precision is Precision.UNKNOWN)
            if fact.published is not None and fact.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
                assert fact.published.timetz() == time(tzinfo=UTC)


def keys(found: list[list[Fact]]) -> list[list[Key]]:
    return [[f.key for f in facts if isinstance(f, Activity | Profile | Tombstone)] for facts in found]


def test_3_ids_are_there_and_the_same_from_another_folder(source: Any, sample: Path, tmp_path: Path) -> None:
    first = keys(readings(source, sample))
    assert all(key.native_id.strip() and key.place for facts in first for key in facts)
    moved = shutil.copytree(sample, tmp_path / "elsewhere")
    assert keys(readings(source, moved)) == first


def test_4_an_unreadable_record_is_one_rejected(source: Any, sample: Path, tmp_path: Path) -> None:
    """Bytes that are no text, in the middle of every file, cost at most what stands around them."""
    broken = shutil.copytree(sample, tmp_path / "broken")
    for path in broken.rglob("*"):
        if path.is_file() and path.name != "index.json" and path.suffix not in (".zip", ".json"):
            lines = path.read_bytes().splitlines(keepends=True)
            lines.insert(len(lines) // 2, b"\xff\xfe\x00\x80 \xc3\x28 nonsense\r\n")
            path.write_bytes(b"".join(lines))
    whole = sum(map(len, keys(readings(source, sample))))
    try:
        left = readings(source, broken)
    except (SourceError, UnreadableFile) as e:
        assert "\n" not in str(e)
        return
    assert sum(map(len, keys(left))) >= whole // 2
    assert all(fact.where and fact.reason for facts in left for fact in facts if isinstance(fact, Rejected))


@pytest.mark.parametrize("source", LIVE_SOURCES, ids=lambda live: live.name)
def test_5_a_cursor_is_opaque_and_never_trusted(source: LiveSource, sample: Path) -> None:
    live = source
    whole = keys(list(from_place(live, sample)))
    for cursor in ("nonsense", "[]", "null", "{", '{"newest": [], "ids": 7, "url": {}}', "\x00"):
        assert keys(list(from_place(live, sample, cursor))) == whole
    for login, stream, token, door in live_streams(live, sample):
        pages = list(live.pages(login, stream, "", token, door))
        last = [page.cursor for page in pages if page.cursor][-1]
        again = [fact for page in live.pages(login, stream, last, token, door) for fact in page.facts]
        assert {f.key for f in again if isinstance(f, Activity)} <= {f.key for p in pages for f in p.facts if isinstance(f, Activity)}


FORBIDDEN = {"PySide6", "sqlite3", "sqlite_utils", "keyring", "threading", "multiprocessing", "subprocess", "asyncio", "concurrent"}
MAY = {"portraits.py": {"subprocess"}, "door_log.py": {"threading"}}
"""Pictures of strangers are looked at in a program of its own, which cannot harm the desk; none but that one is started. Doors of several threads write
into one log, which a lock keeps whole."""


def test_6_no_window_store_secret_thread_or_sleep() -> None:
    for path in sorted(Path(inspect.getfile(base)).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {n.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names}
        imported |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & (FORBIDDEN - MAY.get(path.name, set())), path.name
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "sleep"], path.name
