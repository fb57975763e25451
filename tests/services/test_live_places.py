"""A real server with Mastodon's client API (snac, Debian's snac2) behind the services: from sign-in to the timeline, through
edits, withdrawals, an outage and back. Nothing in between is replaced."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from relationdesk.derived import Filter, Item
from relationdesk.errors import LoginRejected, RelationDeskError, SourceUnavailable
from relationdesk.model import Direction, Login
from relationdesk.services import key_store, logins, review, sync
from relationdesk.store import coverage, profiles
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory
from tests.facts import person_id, state
from tests.sources.test_mastodon_server import Snac, wait_for

pytestmark = pytest.mark.slow
MISSING = "the program snac is missing (Debian package snac2, suite bookworm-backports)"


class Clock:
    """The real time, plus what a test lets pass."""

    passed = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


class Server(Snac):
    """A server that can break down and come back on the same port, and forget and find posts."""

    def down(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def up(self) -> None:
        self.process = subprocess.Popen(
            ["snac", "httpd", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self._answers)

    def edit(self, name: str, number: str, text: str) -> None:
        self._call("PUT", f"/api/v1/statuses/{number}", name, {"status": text})

    def files_of(self, number: str) -> dict[Path, bytes]:
        """What the server keeps of a post; deleted, the post is gone, put back, it is there again."""
        return {path: path.read_bytes() for path in self.folder.rglob(f"*{number[-32:]}*") if path.is_file()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if shutil.which("snac") is None:
        (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(MISSING)
    running = Server(tmp_path / "snac")
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def db() -> Desk:
    return open_memory()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sign_in(db: Desk, server: Server, clock: Clock) -> Login:
    login, _ = logins.connect(db, "mastodon", server.base, server.tokens["ann"], clock, allow_private=True, until_quit=True)
    return login


def follow_ben(db: Desk, server: Server, login: Login, clock: Clock) -> int:
    stream, changes = logins.follow(db, login.id, f"@ben@localhost:{server.port}", clock)
    assert stream.title == "ben" and changes.logins
    return person_id(db, "ben")


def timeline(db: Desk, person: int) -> list[Item]:
    return list(review.stretch(db, person, Filter()).items)


def said(db: Desk, person: int) -> list[tuple[Direction, str]]:
    found = [(item.direction, item.activity.text) for item in timeline(db, person) if item.activity is not None]
    return sorted(found, key=lambda pair: pair[1])


def until(db: Desk, person: int) -> datetime:
    (one,) = coverage.of_person(db, person)
    assert one.until is not None
    return one.until


def kept(db: Desk) -> dict[str, Any]:
    return {table: rows for table, rows in state(db).items() if table != "coverage"}


def test_sign_in_is_refused_plainly_and_keeps_nothing(db: Desk, server: Server, clock: Clock) -> None:
    kept = dict(key_store._until_quit)
    token = server.tokens["ann"]
    with pytest.raises(SourceUnavailable, match="private network"):
        logins.connect(db, "mastodon", server.base, token, clock, until_quit=True)
    with pytest.raises(LoginRejected, match="sign in again"):
        logins.connect(db, "mastodon", server.base, "nonsense", clock, allow_private=True, until_quit=True)
    assert stored.every(db) == () and key_store._until_quit == kept


def test_from_sign_in_to_the_timeline_and_back(db: Desk, server: Server, clock: Clock) -> None:
    asked = server.post("ben", "Does the new press ship in May?")
    server.post("ben", "Second thought")
    login = sign_in(db, server, clock)
    assert login.has_token and login.allow_private and login.user_name == "ann"
    ben = follow_ben(db, server, login, clock)
    server.post("ann", "@ben yes, in May", in_reply_to_id=asked["id"])
    server.post("ann", "A quiet day at the stand")

    begun = clock().replace(microsecond=0)
    first = logins.sync_one(db, login.id, clock)
    assert first.failures == () and first.new == 4 and ben in first.changes.people
    assert [direction for direction, _ in said(db, ben)] == [Direction.OUT, Direction.IN, Direction.IN]
    assert [text.removeprefix(f"@ben@localhost:{server.port} ") for _, text in said(db, ben)] == [
        "yes, in May", "Does the new press ship in May?", "Second thought",
    ]  # fmt: skip
    (reply,) = [item for item in timeline(db, ben) if item.direction is Direction.OUT]
    assert reply.activity is not None and reply.activity.in_reply_to == asked["uri"]
    assert until(db, ben) >= begun
    (profile,) = profiles.of_person(db, ben)
    assert profile.profile.display_name == "ben", "a mention, which knows only the handle, takes no name away"
    good = stored.get(db, login.id)
    assert good is not None and good.last_good is not None and good.last_good >= begun and good.failure == ""

    before = kept(db)
    second = logins.sync_one(db, login.id, clock)
    assert (second.new, second.changed, second.withdrawn, second.failures) == (0, 0, 0, ())
    assert kept(db) == before


def test_my_own_words_are_mine(db: Desk, server: Server, clock: Clock) -> None:
    server.post("ann", "A quiet day at the stand")
    login = sign_in(db, server, clock)
    logins.sync_one(db, login.id, clock)
    me = people_me(db)
    assert said(db, me) == [(Direction.SELF, "A quiet day at the stand")]


def people_me(db: Desk) -> int:
    ((id_,),) = db.execute("SELECT id FROM people WHERE is_me = 1").fetchall()
    return int(id_)


def test_edits_replace_and_what_was_withdrawn_never_comes_back(db: Desk, server: Server, clock: Clock) -> None:
    first = server.post("ben", "We open on Monday")
    second = server.post("ben", "The price is 90")
    login = sign_in(db, server, clock)
    ben = follow_ben(db, server, login, clock)
    logins.sync_one(db, login.id, clock)

    server.edit("ben", first["id"], "We open on Tuesday")
    edited = logins.sync_one(db, login.id, clock)
    assert (edited.new, edited.changed, edited.failures) == (0, 1, ())
    assert [text for _, text in said(db, ben)] == ["The price is 90", "We open on Tuesday"]

    files = server.files_of(second["id"])
    assert files
    for path in files:
        path.unlink()
    withdrawn = logins.sync_one(db, login.id, clock)
    assert (withdrawn.withdrawn, withdrawn.failures) == (1, ())
    assert [text for _, text in said(db, ben)] == ["We open on Tuesday"]

    for path, content in files.items():
        path.write_bytes(content)
    server.post("ben", "Anything else?")
    again = logins.sync_one(db, login.id, clock)
    assert again.new == 1 and again.failures == ()
    assert [text for _, text in said(db, ben)] == ["Anything else?", "We open on Tuesday"]


def test_somebody_on_another_server_is_read_there_without_our_token(
    db: Desk, server: Server, clock: Clock, tmp_path: Path
) -> None:
    other = Server(tmp_path / "other")
    try:
        other.post("ben", "Written elsewhere")
        login = sign_in(db, server, clock)
        with pytest.raises(RelationDeskError):
            logins.follow(db, login.id, f"@nobody@localhost:{other.port}", clock)
        logins.follow(db, login.id, f"@ben@localhost:{other.port}", clock)
        (stream,) = stored.followed(db, login.id)
        assert stream.address == other.base
        assert logins.sync_one(db, login.id, clock).failures == ()
        assert said(db, person_id(db, "ben")) == [(Direction.IN, "Written elsewhere")]

        other.down()
        failed = logins.sync_one(db, login.id, clock)
        assert [title for title, _ in failed.failures] == ["ben"] and said(db, person_id(db, "ben"))
    finally:
        other.stop()


def test_trap_18_an_outage_deletes_nothing_is_told_and_ends(db: Desk, server: Server, clock: Clock) -> None:
    server.post("ben", "We open on Monday")
    login = sign_in(db, server, clock)
    ben = follow_ben(db, server, login, clock)
    logins.sync_one(db, login.id, clock)
    before, read_until = kept(db), until(db, ben)
    good = stored.get(db, login.id)
    assert good is not None

    server.down()
    clock.passed = timedelta(minutes=31)
    (due,) = sync.due(db, clock(), 30)
    failed = logins.sync_one(db, due.id, clock)
    assert failed.failures and failed.new == failed.withdrawn == 0
    assert all("cannot be reached" in why and "kept" in why and server.tokens["ann"] not in why for _, why in failed.failures)
    assert kept(db) == before and until(db, ben) == read_until
    now = stored.get(db, login.id)
    assert now is not None and "cannot be reached" in now.failure and now.last_good == good.last_good
    assert now.next_try is not None and now.next_try >= clock() + timedelta(minutes=9)
    assert coverage.of_person(db, ben)[0].failure
    assert sync.due(db, clock() + timedelta(minutes=8), 1) == ()

    server.up()
    server.post("ben", "We are back")
    clock.passed += timedelta(minutes=60)
    assert [login.id for login in sync.due(db, clock(), 30)] == [due.id]
    back = logins.sync_one(db, login.id, clock)
    assert (back.new, back.failures, back.login.failure, back.login.next_try) == (1, (), "", None)
    assert until(db, ben) > read_until and coverage.of_person(db, ben)[0].failure == ""
    assert len(said(db, ben)) == 2


def test_a_token_that_is_taken_back_is_told_and_not_asked_again(db: Desk, server: Server, clock: Clock) -> None:
    server.post("ben", "We open on Monday")
    login = sign_in(db, server, clock)
    ben = follow_ben(db, server, login, clock)
    logins.sync_one(db, login.id, clock)
    before = kept(db)
    key_store.keep_until_quit(login.secret_name, "taken-back")
    failed = logins.sync_one(db, login.id, clock)
    assert "sign in again" in failed.failures[0][1] and "taken-back" not in str(failed)
    assert kept(db) == before and said(db, ben)
    assert sync.due(db, clock() + timedelta(hours=23), 30) == ()
    sign_in(db, server, clock)
    assert logins.sync_one(db, login.id, clock).failures == ()


def test_without_its_key_a_login_says_so_and_waits(db: Desk, server: Server, clock: Clock) -> None:
    """As after a restart of a program that kept the key only until it was closed."""
    login = sign_in(db, server, clock)
    key_store.forget(login.secret_name)
    failed = logins.sync_one(db, login.id, clock)
    ((_, sentence),) = failed.failures
    assert "safe" in sentence or "not affected" in sentence
    now = stored.get(db, login.id)
    assert now is not None and now.failure == sentence and now.next_try is not None
    assert sync.due(db, clock() + timedelta(minutes=9), 1) == ()


def test_unfollowed_and_removed_what_was_read_stays(db: Desk, server: Server, clock: Clock) -> None:
    server.post("ben", "We open on Monday")
    login = sign_in(db, server, clock)
    ben = follow_ben(db, server, login, clock)
    logins.sync_one(db, login.id, clock)
    (stream,) = stored.followed(db, login.id)
    logins.unfollow(db, login.id, stream.name)
    server.post("ben", "Not for you")
    assert logins.sync_one(db, login.id, clock).new == 0
    removed, _ = logins.remove(db, login.id, clock)
    logins.forget_secret(db, removed)
    assert stored.every(db) == () and [text for _, text in said(db, ben)] == ["We open on Monday"]
    assert login.secret_name not in key_store._until_quit

