"""Planted secrets, and then every file and every word that comes out is searched for them (trust.md, E1 and E4)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feed_server import FeedServer
from tests.services.test_hostile_servers import rss, statuses

pytestmark = pytest.mark.slow
SECRET = "m4rk3d-s3cr3t"
PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from relationdesk.app import main
main(sys.argv[1:])
"""


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        running.put("/feed", rss(2, 1))
        running.put("/api/v2/instance", '{"domain": "here"}')
        running.put("/api/v1/accounts/1/statuses", statuses(running.base)(2, 1))
        yield running


class Program:
    """The command line as a user runs it, with debug logging on; `said` is everything it ever wrote to the terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, ""
        hidden = ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND")
        self.environment = {name: value for name, value in os.environ.items() if name not in hidden} | {"HOME": str(folder / "home")}

    def __call__(self, *arguments: str, given: str = "") -> int:
        command = [sys.executable, "-c", PROGRAM, "--desk", str(self.folder / "desk"), *arguments]
        done = subprocess.run(command, env=self.environment, input=given, capture_output=True, text=True, check=False, cwd=self.folder)
        self.said += done.stdout + done.stderr
        assert done.returncode in (0, 2), done.stderr
        return done.returncode

    def nowhere(self, secret: str) -> None:
        assert secret not in self.said
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        assert files and [path for path in files if secret.encode() in path.read_bytes()] == []


def test_no_secret_is_written_or_said(server: FeedServer, tmp_path: Path) -> None:
    """Token, password in an address, key in an address: refused, failing, logged, exported, copied."""
    (tmp_path / "home").mkdir()
    run = Program(tmp_path)
    host = server.base.partition("://")[2]
    assert run("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given=SECRET) == 2
    assert run("login", "mastodon", "--server", f"http://ann:{SECRET}@{host}", "--allow-private") == 2
    assert run("login", "mastodon", "--server", server.base, "--allow-private") == 0
    assert run("follow", "feed", f"{server.base}/feed", "--allow-private") == 0
    assert run("follow", "feed", f"http://ann:{SECRET}@{host}/feed", "--allow-private") == 2
    for query in (f"token={SECRET}", f"key={SECRET}&a=b", f"page=1&api_key={SECRET}", f"x=1&auth_token={SECRET}"):
        assert run("follow", "feed", f"{server.base}/feed?{query}", "--allow-private") == 2
    assert run("sync") == 0
    server.put("/feed", status=500)
    assert run("sync", "--json") in (0, 2)
    server.put("/feed", status=302, Location=f"/feed?token={SECRET}")
    server.put("/feed?token=" + SECRET, status=301, Location=f"/x?token={SECRET}")
    run("sync")
    for command in (("people",), ("logins", "--json"), ("check",), ("export", str(tmp_path / "out")), ("backup", str(tmp_path / "copy.db"))):
        assert run(*command) == 0
    run.nowhere(SECRET)
