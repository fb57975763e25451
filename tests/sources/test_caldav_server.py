"""Against a real calendar server (Radicale): found by the well-known address, read, changed, moved, deleted; a file doubles nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from relationdesk.errors import LoginRejected, UserMistake
from relationdesk.model import Activity, Coverage, Fact, Key, Login, Profile, Progress, Tombstone
from relationdesk.sources.base import Options
from relationdesk.sources.caldav import CalDav
from relationdesk.sources.door import Door
from relationdesk.sources.ical import ICalendar
from relationdesk.store.database import open_memory
from tests.dav import meeting
from tests.facts import arrive, bring

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ME, PASSWORD = "me@example.test", "pw ü"
_CONFIG = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[rights]
type = owner_only
[web]
type = none
"""


def python() -> str:
    """A Python that has Radicale: this one, or that of an environment of its own; "" for none."""
    own = Path(os.environ.get("RELATIONDESK_RADICALE", str(Path.home() / ".cache" / "relationdesk" / "radicale"))) / "bin" / "python"
    return sys.executable if find_spec("radicale") else str(own) if own.exists() else ""


class Server(NamedTuple):
    port: int
    client: httpx.Client

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def door(self) -> Door:
        return Door(allowed_hosts=frozenset({f"127.0.0.1:{self.port}"}), clock=lambda: NOW)

    def calendar(self, name: str) -> str:
        made = (
            '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/><C:calendar/></resourcetype>'
            f"<displayname>{name.title()}</displayname></prop></set></mkcol>"
        )
        path = f"/{ME}/{name}/"
        assert self.client.request("MKCOL", path, content=made).status_code == 201
        return path

    def put(self, path: str, text: str) -> None:
        assert self.client.put(path, content=text, headers={"Content-Type": "text/calendar"}).status_code in (201, 204)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not (interpreter := python()):
        missing = "needs Radicale: pip install radicale, in an environment of its own named by RELATIONDESK_RADICALE or in this one"
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(missing)
    folder = tmp_path_factory.mktemp("radicale")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
    (folder / "users").write_text(f"{ME}:{PASSWORD}\n", encoding="utf-8")
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    process = subprocess.Popen([interpreter, "-m", "radicale", "--config", str(folder / "config")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=httpx.BasicAuth(ME.encode(), PASSWORD.encode()), trust_env=False, timeout=10) as client:
        try:
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    client.get("/")
                    break
                except httpx.TransportError:
                    assert process.poll() is None, "Radicale ended"
            yield Server(port, client)
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def work(server: Server) -> Iterator[str]:
    path = server.calendar("work")
    yield path
    server.client.delete(path)


class Reader:
    def __init__(self, server: Server) -> None:
        self.server, self.source, self.cursor = server, CalDav(lambda: NOW), ""
        self.login: Login = self.source.connect(f"{ME} {server.base}", PASSWORD, server.door())

    def facts(self) -> list[Fact]:
        (stream,) = self.source.streams(self.login, ())
        found: list[Fact] = []
        for page in self.source.pages(self.login, stream, self.cursor, PASSWORD, self.server.door()):
            self.cursor = page.cursor or self.cursor
            found += page.facts
        return found


def titles(facts: list[Fact]) -> list[str]:
    return sorted(fact.title for fact in facts if isinstance(fact, Activity))


def gone(facts: list[Fact]) -> list[str]:
    return sorted(fact.key.native_id for fact in facts if isinstance(fact, Tombstone))


def test_it_is_found_by_the_well_known_address_and_refuses_a_wrong_password(server: Server, work: str) -> None:
    reader = Reader(server)
    assert reader.login.address == f"{server.base}/{ME}/".replace("@", "%40") or reader.login.address == f"{server.base}/{ME}/"
    assert reader.login.profile == Key("mail", ME)
    with pytest.raises(LoginRejected):
        reader.source.connect(f"{ME} {server.base}", "wrong", server.door())


def test_a_login_without_a_calendar_is_not_connected(server: Server) -> None:
    with pytest.raises(UserMistake, match="shows no calendar"):
        Reader(server)


def test_entries_are_read_once_then_only_what_changed_and_what_was_deleted(server: Server, work: str) -> None:
    server.put(f"{work}a.ics", meeting("a@x", "Überblick"))
    server.put(f"{work}b c.ics", meeting("b@x", "Weekly", "20261102T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3"))
    reader = Reader(server)
    first = reader.facts()
    assert titles(first) == ["Weekly", "Weekly", "Weekly", "Überblick"] and isinstance(first[-1], Coverage)
    assert Key("mail", ME) in {fact.key for fact in first if isinstance(fact, Profile) and fact.is_owner}
    assert titles(reader.facts()) == []
    server.put(f"{work}a.ics", meeting("a@x", "Überblick & mehr", "20261119T090000Z"))
    assert titles(reader.facts()) == ["Überblick & mehr"]
    server.client.delete(f"{work}b c.ics")
    assert gone(reader.facts()) == [f"b@x#202611{day}T090000Z" for day in ("02", "09", "16")]
    assert gone(reader.facts()) == []


def test_an_entry_moved_to_another_calendar_is_not_withdrawn(server: Server, work: str) -> None:
    archive = server.calendar("archive")
    try:
        server.put(f"{work}a.ics", meeting("a@x", "Review"))
        reader = Reader(server)
        assert titles(reader.facts()) == ["Review"]
        moved = server.client.request("MOVE", f"{work}a.ics", headers={"Destination": f"{server.base}{archive}a.ics"})
        assert moved.status_code in (201, 204)
        assert gone(reader.facts()) == []
        server.client.delete(f"{archive}a.ics")
        assert gone(reader.facts()) == ["a@x"]
    finally:
        server.client.delete(archive)


def test_a_token_nobody_gave_is_no_end_of_it(server: Server, work: str) -> None:
    server.put(f"{work}a.ics", meeting("a@x", "Review"))
    reader = Reader(server)
    reader.facts()
    reader.cursor = reader.cursor.replace("http://radicale.org/ns/sync/", "http://radicale.org/ns/sync/f")
    server.put(f"{work}b.ics", meeting("b@x", "New one"))
    assert titles(reader.facts()) == ["New one"]


def test_the_calendar_as_a_file_over_its_server_doubles_nothing(server: Server, work: str, tmp_path: Path) -> None:
    server.put(f"{work}a.ics", meeting("a@x", "Review"))
    server.put(f"{work}b.ics", meeting("b@x", "Weekly", "20261102T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3"))
    file = tmp_path / "work.ics"
    file.write_bytes(server.client.get(work).content)
    db = open_memory()
    assert arrive(db, Reader(server).facts()).counts.new_activities == 4
    counts = bring(db, [fact for fact in ICalendar().read(file, Options(mine=frozenset({ME}))) if not isinstance(fact, Progress)]).counts
    assert (counts.new_activities, counts.changed, counts.unchanged) == (0, 0, 4)
