"""Kill the program at every step of sending, against a server that also breaks off, and count what was lost or sent twice.

`python -m tests.kill_sending [EVERY]` kills at each EVERYth statement to the desk and call to the server (1, all of them, by default) and
prints one line; exit 1 if anything was lost or doubled. The suite runs a short form of it. Needs fork, so not on Windows.
The server keeps no idempotency keys: whatever it is given twice, it has twice.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from relationdesk.model import Activity, Key, Kind, Login, Profile
from relationdesk.outgoing import Deed, State
from relationdesk.services import outbox, sending
from relationdesk.sources.door import Door
from relationdesk.store import database, logins, people
from relationdesk.store.database import transaction
from tests.facts import bring

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXTS = ("One", "Two & <more>", "Three\n\nlines")


@dataclass(frozen=True)
class Result:
    """steps: of one run that is not killed. kills: how often it was. lost, twice: texts."""

    steps: int
    kills: int
    lost: int
    twice: int
    unsettled: int


class Handler(BaseHTTPRequestHandler):
    """As much of Mastodon as it takes, with trouble: accepted but cut off, accepted but 502, cut off before it was accepted."""

    posts: list[dict[str, Any]] = []
    dice = random.Random(5)
    base = ""

    def log_message(self, format: str, *args: object) -> None:
        return

    def _json(self, data: object, status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _who(self, name: str) -> dict[str, Any]:
        return {"id": name, "username": name, "acct": name, "uri": f"{self.base}/users/{name}", "url": f"{self.base}/@{name}", "display_name": name.title()}

    def _status(self, number: str, who: str, text: str, answers: str | None, at: str) -> dict[str, Any]:
        return {
            "id": number, "uri": f"{self.base}/users/{who}/statuses/{number}", "url": f"{self.base}/@{who}/{number}", "created_at": at, "visibility": "public",
            "content": "<p>" + text.replace("&", "&amp;").replace("<", "&lt;").replace("\n\n", "</p><p>") + "</p>", "in_reply_to_id": answers,
            "account": self._who(who), "mentions": [], "media_attachments": [], "reblog": None, "spoiler_text": "",
        }  # fmt: skip

    def do_GET(self) -> None:
        if self.path == "/all":
            self._json([post["words"] for post in self.posts])
        elif self.path.startswith("/api/v1/statuses/9"):
            self._json(self._status("9", "joe", "Anybody?", None, "2026-11-20T08:00:00Z"))
        elif self.path.endswith("/verify_credentials"):
            self._json(self._who("sam"))
        elif "/accounts/sam/statuses" in self.path:
            self._json([post["status"] for post in reversed(self.posts)])
        else:
            self._json({"error": "none"}, 404)

    def do_POST(self) -> None:
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = self.dice.random()
        if trouble < 0.1:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        number = str(1000 + len(self.posts))
        status = self._status(number, "sam", data["status"], data.get("in_reply_to_id"), "2026-11-20T09:00:05Z")
        self.posts.append({"words": data["status"], "status": status})
        if trouble < 0.2:
            self.connection.shutdown(socket.SHUT_RDWR)
        elif trouble < 0.3:
            self._json({"error": "bad gateway"}, 502)
        else:
            self._json(status)


def serve(listener: socket.socket, base: str) -> None:
    Handler.base = base
    server = HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket = listener
    server.serve_forever(poll_interval=0.01)


def forked(work: Callable[[], None]) -> int:
    """Run it in a child; its number. The child ends with the work."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def begin(folder: Path, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A desk with three answers that wait: their uids and their texts, which no other desk has."""
    db = database.open_desk(folder)
    joe, me = Key("mastodon", f"{base}/users/joe"), Key("mastodon", f"{base}/users/sam")
    post = Key("mastodon", f"{joe.native_id}/statuses/9")
    bring(db, [
        Profile(key=joe, display_name="Joe", known=True), Profile(key=me, display_name="Sam", is_owner=True),
        Activity(key=post, actor=joe, kind=Kind.POST, published=START, text="Anybody?"),
    ])  # fmt: skip
    login = Login(id=0, source="mastodon", place="mastodon", address=base, user_name="sam", profile=me, has_token=True, allow_private=True)
    with transaction(db):
        logins.save(db, login)
    found = []
    texts = tuple(f"{text} {folder.name}" for text in TEXTS)
    for text in texts:
        new = outbox.New(person_id=people.find(db, "Joe").id, place="mastodon", deed=Deed.REPLY, login=login.secret_name, towards=post, text=text)
        uid = outbox.put(db, new, START)[0].uid
        outbox.send(db, uid, START, hold_s=0)
        found.append(uid)
    db.close()
    return tuple(found), texts


def send(folder: Path, at: datetime, kill_at: int, tell: Path | None = None) -> None:
    """One run of the program, killed at that step (0: never). tell: where the number of steps is written."""
    steps = 0

    def step(_: object = None) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    class Stepping(Door):
        def post_json(self, url: str, data: Any, **options: Any) -> Any:
            step()
            answer = super().post_json(url, data, **options)
            step()
            return answer

    sending.PROGRAM = f"{os.getpid()}-{at}"
    sending.ways.token_of = lambda login: "t"  # type: ignore[assignment]
    db = database.open_desk(folder)
    db.set_trace_callback(step)
    sending.run(db, lambda: at, door=lambda private, stop: Stepping(allowed_hosts=private, stop=stop))
    db.close()
    if tell is not None:
        tell.write_text(str(steps))


def _one(scratch: Path, base: str, kill_at: int, before: int) -> tuple[int, int, int, int]:
    """(posts there are now, lost, twice, not settled) after one kill and as many further runs as it takes."""
    folder = scratch / f"desk-{kill_at}"
    uids, texts = begin(folder, base)
    os.waitpid(forked(lambda: send(folder, START, kill_at)), 0)
    at = START
    for _ in range(30):
        at += timedelta(hours=3)
        os.waitpid(forked(lambda at=at: send(folder, at, 0)), 0)  # type: ignore[misc]
        db = database.connect(folder / database.DESK_FILE)
        states = [entry.state for entry in outbox.every(db)]
        if all(state is State.SENT for state in states):
            break
        db.close()
    posts = json.loads(urlopen(f"{base}/all").read())
    there = Counter(posts[before:])
    kept = {entry.uid: entry.text for entry in outbox.every(db)}
    mine = db.execute("SELECT count(*), count(DISTINCT text) FROM activities WHERE in_reply_to <> ''").fetchone()
    db.close()
    lost = sum(there[text] == 0 for text in texts) + sum(kept.get(uid) != text for uid, text in zip(uids, texts, strict=True))
    twice = sum(there[text] > 1 for text in texts) + int(mine[0] != mine[1])
    return len(posts), lost, twice, sum(state is not State.SENT for state in states)


def run(every: int = 1) -> Result:
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = forked(lambda: serve(listener, base))
    listener.close()
    kills = lost = twice = unsettled = before = 0
    try:
        with tempfile.TemporaryDirectory() as name:
            scratch, told = Path(name), Path(name) / "steps"
            begin(scratch / "whole", base)
            os.waitpid(forked(lambda: send(scratch / "whole", START, 0, told)), 0)
            steps = int(told.read_text())
            before = len(json.loads(urlopen(f"{base}/all").read()))
            for kill_at in range(1, steps + 20, every):
                before, gone, doubled, open_ones = _one(scratch, base, kill_at, before)
                kills += 1
                lost, twice, unsettled = lost + gone, twice + doubled, unsettled + open_ones
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)
    return Result(steps=steps, kills=kills, lost=lost, twice=twice, unsettled=unsettled)


if __name__ == "__main__":
    result = run(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    sys.stdout.write(f"{result.kills} kills at {result.steps} steps: {result.lost} lost, {result.twice} sent twice, {result.unsettled} not settled\n")
    sys.exit(bool(result.lost or result.twice or result.unsettled))
