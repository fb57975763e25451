"""Against a real server with Mastodon's client API (snac, Debian's snac2): real sign-in, posts, edits, withdrawals."""

from __future__ import annotations

import html
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from relationdesk.errors import LoginRejected
from relationdesk.model import Activity, Kind, Profile, Role, Tombstone
from relationdesk.services import key_store, logins, sign_in
from relationdesk.sources.door import Door
from relationdesk.sources.mastodon import Mastodon
from relationdesk.store.database import open_memory

pytestmark = pytest.mark.slow

SOURCE = Mastodon()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Snac:
    """A running server with two people. `client` talks as a user's own app would; ours only reads."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://localhost:{self.port}"
        self.folder = folder
        answers = f"127.0.0.1\n{self.port}\nlocalhost:{self.port}\n\n\n"
        subprocess.run(["snac", "init", str(folder)], input=answers, text=True, capture_output=True, check=True)
        config = folder / "server.json"
        text = config.read_text().replace('"protocol": "https"', '"protocol": "http"')
        config.write_text(text.replace('"min_account_age": 0,', '"min_account_age": 0, "num_threads": 8,'))
        self.passwords = {name: self._add(name) for name in ("ann", "ben")}
        self.process = subprocess.Popen(
            ["snac", "httpd", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        limits = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(base_url=self.base, timeout=20, limits=limits, trust_env=False)
        wait_for(self._answers)
        self.tokens = {name: self._sign_in(name) for name in self.passwords}

    def _answers(self) -> bool:
        try:
            return self.client.get("/api/v1/instance").status_code == 200
        except httpx.TransportError:
            return False

    def _add(self, name: str) -> str:
        said = subprocess.run(
            ["snac", "adduser", str(self.folder), name], input=f"{name}\n{name}\n", text=True, capture_output=True,
            check=True,
        )  # fmt: skip
        found = re.search(r"User password is (\S+)", said.stdout + said.stderr)
        assert found, said
        return found.group(1)

    def _sign_in(self, name: str) -> str:
        scope, back = "read write follow", "http://127.0.0.1:9/cb"
        app = self.client.post(
            "/api/v1/apps", data={"client_name": "Test", "redirect_uris": back, "scopes": scope}
        ).json()
        query = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": back, "scope": scope}
        code = re.search(r"[?&]code=([^&]+)", self.allow(name, f"/oauth/authorize?{urlencode(query)}"))
        assert code
        return str(
            self.client.post(
                "/oauth/token",
                data={"grant_type": "authorization_code", "client_id": app["client_id"], "code": code.group(1),
                      "client_secret": app["client_secret"], "redirect_uri": back, "scope": scope},
            ).json()["access_token"]
        )  # fmt: skip

    def allow(self, name: str, url: str) -> str:
        """What somebody does in the browser on the page of a sign-in: the address to which it goes back."""
        page = self.client.get(url).text
        form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)) | {"login": name, "passwd": self.passwords[name]}
        action = re.search(r'<form[^>]*action="([^"]+)"', page)
        assert action
        return str(self.client.post(html.unescape(action[1]), data={k: html.unescape(v) for k, v in form.items()}).headers["location"])

    def post(self, name: str, text: str, **more: Any) -> dict[str, Any]:
        return dict(self._call("POST", "/api/v1/statuses", name, {"status": text, "visibility": "public", **more}))

    def _call(self, method: str, path: str, name: str, data: dict[str, Any] | None = None) -> Any:
        answer = self.client.request(
            method, path, headers={"Authorization": f"Bearer {self.tokens[name]}"}, json=data or {}
        )
        answer.raise_for_status()
        return answer.json()

    def door(self) -> Door:
        return Door(allowed_hosts=frozenset({f"localhost:{self.port}"}))

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(10)


def wait_for(ready: Callable[[], Any], seconds: float = 20) -> Any:
    """The server works through queues; what it is asked for becomes true, or the test fails."""
    for _ in range(int(seconds * 20)):
        if found := ready():
            return found
        time.sleep(0.05)
    raise AssertionError("the server did not get there in time")


@pytest.fixture(scope="module")
def snac(tmp_path_factory) -> Iterator[Snac]:
    if shutil.which("snac") is None:
        if os.environ.get("REQUIRE_SERVERS"):
            pytest.fail("the program snac is missing (Debian package snac2, suite bookworm-backports)")
        pytest.skip("the program snac is missing (Debian package snac2, suite bookworm-backports)")
    server = Snac(tmp_path_factory.mktemp("snac") / "data")
    try:
        yield server
    finally:
        server.stop()


def test_a_real_server_from_sign_in_to_withdrawal(snac: Snac) -> None:
    door, token = snac.door(), snac.tokens["ann"]
    login = SOURCE.connect(snac.base, token, door)
    assert (login.user_name, login.address, login.has_token) == ("ann", snac.base, True)
    with pytest.raises(LoginRejected):
        SOURCE.connect(snac.base, "nonsense", door)

    asked = snac.post("ben", "Does the new press ship in May? https://hotel.example/press")
    snac.post("ben", "Second thought")
    stream, profile = SOURCE.follow(f"@ben@localhost:{snac.port}", login, token, door)
    same, _ = SOURCE.follow(f"{snac.base}/ben", login, token, door)
    assert stream == same and profile.key.native_id == f"{snac.base}/ben"

    pages = list(SOURCE.pages(login, stream, "", token, door))
    posts = [fact for page in pages for fact in page.facts if isinstance(fact, Activity)]
    assert [post.text for post in posts] == [
        "Does the new press ship in May? https://hotel.example/press", "Second thought",
    ]  # fmt: skip
    assert posts[0].key.native_id == asked["uri"] and all(post.actor == profile.key for post in posts)
    cursor = [page.cursor for page in pages if page.cursor][-1]

    answer = snac.post("ann", "@ben yes, in May", in_reply_to_id=asked["id"])
    own, towards_me, _ = SOURCE.streams(login, (stream,))
    mine = [f for page in SOURCE.pages(login, own, "", token, door) for f in page.facts if isinstance(f, Activity)]
    reply = next(fact for fact in mine if fact.key.native_id == answer["uri"])
    assert (reply.kind, reply.actor, reply.in_reply_to) == (Kind.REPLY, login.profile, asked["uri"])
    assert profile.key in {p.profile for p in reply.participants if p.role is Role.REPLY_TO}

    snac._call("PUT", f"/api/v1/statuses/{asked['id']}", "ben", {"status": "Does the new press ship in June?"})
    third = snac.post("ben", "@ann thank you")
    pages = list(SOURCE.pages(login, stream, cursor, token, door))
    texts = [fact.text for page in pages for fact in page.facts if isinstance(fact, Activity)]
    assert sorted(texts) == ["@ann@localhost:" + f"{snac.port} thank you", "Does the new press ship in June?"]
    cursor = [page.cursor for page in pages if page.cursor][-1]

    def mentioned() -> list[Any]:
        facts = [f for page in SOURCE.pages(login, towards_me, "", token, door) for f in page.facts]
        return [f for f in facts if isinstance(f, Activity) and f.key.native_id == third["uri"]]

    assert wait_for(mentioned)[0].actor == profile.key

    for path in (snac.folder / "user" / "ben").rglob(f"*{asked['id'][-32:]}*"):
        path.unlink()
    for path in (snac.folder / "object").rglob(f"*{asked['id'][-32:]}*"):
        path.unlink()
    pages = list(SOURCE.pages(login, stream, cursor, token, door))
    gone = [fact.key.native_id for page in pages for fact in page.facts if isinstance(fact, Tombstone)]
    assert gone == [asked["uri"]]


def test_a_reading_without_a_token_and_the_rss_of_the_same_person(snac: Snac) -> None:
    door = snac.door()
    snac.post("ben", "Open to all")
    login = SOURCE.connect(snac.base, "", door)
    stream, _ = SOURCE.follow(f"{snac.base}/ben", login, "", door)
    facts = [fact for page in SOURCE.pages(login, stream, "", "", door) for fact in page.facts]
    assert any(isinstance(fact, Activity) and fact.text == "Open to all" for fact in facts)
    assert any(isinstance(fact, Profile) and fact.handle == f"ben@localhost:{snac.port}" for fact in facts)


def test_somebody_signs_in_in_the_browser(snac: Snac) -> None:
    """From the address to the login: told who we are, allowed on the server's own page, read with the key that comes of it."""
    db, now = open_memory(), datetime.now(UTC)

    def door(private: frozenset[str], stop: object) -> Door:
        return snac.door()

    under_way = sign_in.begin_registered(db, "mastodon", f"http://localhost:{snac.port}", writes=True, allow_private=True, door=door)
    parts = urlsplit(snac.allow("ann", under_way.url))
    wire = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=5)
    wire.request("GET", f"{parts.path}?{parts.query}", headers={"Host": parts.netloc})
    code = wait_for(under_way.look)
    assert wire.getresponse().status == 200
    wire.close()
    under_way.close()
    login, _ = sign_in.finish(db, under_way, code, lambda: now, until_quit=True, door=door)
    try:
        assert login.user_name == "ann" and login.has_token
        assert logins.sync_one(db, login.id, lambda: now, door=door).failures == ()
    finally:
        key_store._until_quit.clear()
