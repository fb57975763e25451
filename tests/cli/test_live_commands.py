"""The commands as programs of their own, with a real server, a real key store and a real web server for a blog."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Said
from tests.feed_server import FeedServer
from tests.keyring_session import KeyringSession
from tests.sources.test_mastodon_server import Snac

pytestmark = pytest.mark.slow
MISSING = "the program snac is missing (Debian package snac2, suite bookworm-backports)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snac]:
    if shutil.which("snac") is None:
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(MISSING)
    running = Snac(tmp_path_factory.mktemp("snac") / "data")
    running.post("ben", "Does the new press ship in May?")
    running.post("ben", "Second thought")
    running.post("ann", "@ben in May, yes")
    try:
        yield running
    finally:
        running.stop()


@dataclass
class Shell:
    """Commands on one desk. said: all that they ever wrote."""

    desk: Path
    environment: Mapping[str, str]
    said: str = ""

    def __call__(self, *arguments: str, given: str = "") -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "relationdesk", "--desk", str(self.desk), *arguments], input=given, text=True,
            capture_output=True, env=self.environment, timeout=60, check=False,
        )  # fmt: skip
        self.said += done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments: str) -> Any:
        answer = self(*arguments, "--json")
        assert answer.code == 0, answer
        return json.loads(answer.out)


def holds(folder: Path, secret: str) -> list[str]:
    """Files below a folder that contain a secret, in plain or in base64."""
    forms = [secret.encode(), *(base64.b64encode(b"." * n + secret.encode())[4:-4] for n in range(3)), secret.encode("utf-16-le")]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def test_with_a_key_store(server: Snac, tmp_path: Path) -> None:
    token = server.tokens["ann"]
    with KeyringSession(tmp_path / "keys") as session:
        shell = Shell(tmp_path / "desk", session.environment)
        refused = shell("login", "mastodon", "--server", server.base, "--token-stdin", given=token + "\n")
        assert refused.code == 2 and "private network" in refused.err and refused.out == ""
        assert shell.json("logins") == []

        for nothing in ("", "\n"):
            empty = shell("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given=nothing)
            assert empty.code == 2 and "No token came" in empty.err
        wrong = shell("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given="wr0ng-planted\n")
        assert wrong.code == 2 and "sign in again" in wrong.err and "wr0ng" not in wrong.err + wrong.out

        made = shell("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given=token + "\n")
        assert made.code == 0 and "as ann" in made.out
        followed = shell("follow", "mastodon", f"@ben@localhost:{server.port}")
        assert followed.code == 0 and "ben" in followed.out
        nobody = shell("follow", "mastodon", f"@nobody@localhost:{server.port}")
        assert nobody.code == 2 and "Nothing was changed" in nobody.err

        (synced,) = shell.json("sync")["logins"]
        assert (synced["new"], synced["failures"], synced["next_try"]) == (3, [], None)
        (again,) = shell.json("sync")["logins"]
        assert (again["new"], again["changed"], again["withdrawn"]) == (0, 0, 0)
        (login,) = shell.json("logins")
        assert login["has_token"] and login["failure"] == "" and login["last_good"]

        lines = shell.json("timeline", "ben")
        assert sorted(line["direction"] for line in lines) == ["in", "in", "out"]
        assert "Second thought" in shell("timeline", "ben").out
        (place,) = shell.json("person", "ben")["coverage"]
        assert place["until"] and not place["failure"]

        assert shell("export", str(tmp_path / "export"), "--private").code == 0
        assert shell("backup", str(tmp_path / "copy.db")).code == 0
        assert holds(tmp_path, token) == []
        assert token not in shell.said
        assert any("ben" in path.read_text("utf-8") for path in (tmp_path / "export").rglob("*.csv"))


def test_without_a_key_store_nothing_is_kept(server: Snac, tmp_path: Path) -> None:
    token = server.tokens["ann"]
    home = tmp_path / "home"
    home.mkdir()
    hidden = ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND")
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | {
        "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home),
    }  # fmt: skip
    shell = Shell(tmp_path / "desk", environment)
    told = shell("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given=token + "\n")
    assert told.code == 2 and told.out == ""
    assert "no password store" in told.err and "never stored unprotected" in told.err
    assert shell.json("logins") == []
    assert holds(tmp_path, token) == [] and token not in shell.said

    public = shell("login", "mastodon", "--server", server.base, "--allow-private")
    assert public.code == 0, "without a token nothing needs to be kept"
    assert shell("follow", "mastodon", f"@ben@localhost:{server.port}").code == 0
    assert shell.json("sync")["logins"][0]["new"] == 2


def test_a_locked_key_store_is_told_in_time(server: Snac, tmp_path: Path) -> None:
    token = server.tokens["ann"]
    with KeyringSession(tmp_path / "keys") as session:
        shell = Shell(tmp_path / "desk", session.environment)
        assert shell("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given=token).code == 0
    with KeyringSession(tmp_path / "keys", unlocked=False) as session:
        shell = Shell(tmp_path / "desk", session.environment)
        told = shell("sync")
        assert told.code == 2 and "locked or does not answer" in told.out + told.err
        (login,) = shell.json("logins")
        assert "locked or does not answer" in login["failure"] and login["next_try"]
        second = shell("login", "mastodon", "--server", server.base, "--token-stdin", "--allow-private", given=token)
        assert second.code == 2 and "locked or does not answer" in second.err
    assert holds(tmp_path, token) == [] and token not in shell.said


RSS = """<rss version="2.0"><channel><title>Ann writes</title><item><guid>1</guid><title>Open</title>
<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><author>ann@hotel.example (Ann Example)</author></item></channel></rss>"""


def test_a_blog_on_this_computer_needs_permission(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "desk", dict(os.environ))
    with FeedServer() as blog:
        blog.put("/feed", RSS, conditional=True)
        url = f"{blog.base}/feed"
        refused = shell("follow", "feed", url)
        assert refused.code == 2 and "private network" in refused.err and "allow" in refused.err and blog.log == []
        assert shell("login", "feed", "--allow-private").code == 2
        needless = shell("login", "feed", "--token-stdin", given="planted-4711\n")
        assert needless.code == 0 and not shell.json("logins")[0]["has_token"], "blogs take no token"
        followed = shell.json("follow", "feed", url, "--allow-private")
        assert followed["address"] == url
        assert shell("follow", "feed", url).code == 0, "allowed before"
        private = [login for login in shell.json("logins") if login["address"] == blog.base]
        assert [login["id"] for login in private] == [followed["login"]]
        results = shell.json("sync")["logins"]
        assert sum(result["new"] for result in results) == 1 and not any(result["failures"] for result in results)
        assert shell.json("timeline", "Ann Example")[0]["title"] == "Open"
        blog.put("/feed", status=410)
        failed = shell("sync", str(followed["login"]))
        assert failed.code == 2 and "does not exist any more" in failed.out + failed.err
        assert len(shell.json("timeline", "Ann Example")) == 1
