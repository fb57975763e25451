"""Logins and what they follow: saved once, told how the last reading went, and never a secret in the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relationdesk.model import Key, Login, Stream
from relationdesk.store import logins
from relationdesk.store.database import Desk, open_memory, transaction
from relationdesk.store.timekey import moment
from relationdesk.troubles import Trouble

HOTEL = Login(id=0, source="mastodon", place="mastodon", address="https://hotel.example", user_name="sam", has_token=True)
JOEB = Stream(name="profile:joeb", address="https://hotel.example/users/joeb", title="Joe Brown", profile=Key("mastodon", "joeb"))


@pytest.fixture
def db() -> Desk:
    db = open_memory()
    with transaction(db):
        logins.save(db, HOTEL)
        logins.save_stream(db, 1, JOEB, is_followed=True)
        logins.save_stream(db, 1, Stream(name="home", address="mine", title="My posts"), is_followed=False)
    return db


def test_saved_twice_is_one_with_what_is_newer(db: Desk) -> None:
    with transaction(db):
        logins.tried(db, 1, at=100, failure="No answer.", next_try=400)
        again = logins.save(db, replace(HOTEL, profile=Key("mastodon", "sam"), allow_private=True))
    assert again == 1
    (login,) = logins.every(db)
    assert (login.profile, login.allow_private, login.failure, login.next_try) == (Key("mastodon", "sam"), True, "", None)
    assert login.last_tried == moment(100)
    assert logins.find(db, "mastodon", "https://hotel.example", "sam") == login == logins.get(db, 1)
    assert logins.find(db, "mastodon", "https://hotel.example", "else") is None and logins.get(db, 9) is None


@pytest.mark.parametrize("rights", [None, frozenset(), frozenset({"notifications", "read:org"})])
def test_what_a_key_may_is_kept_until_another_is_signed_in_with(db: Desk, rights: frozenset[str] | None) -> None:
    with transaction(db):
        for known in (frozenset({"repo"}), rights):
            logins.save(db, replace(HOTEL, rights=known))
    (login,) = logins.every(db)
    assert login.rights == rights
    with transaction(db):
        logins.remove(db, login.id)
    assert db.execute("SELECT count(*) FROM login_rights").fetchone() == (0,)


@pytest.mark.parametrize(
    ("failure", "stopped", "good"), [("", False, 200), ("No answer.", False, 100), ("", True, 100)]
)
def test_only_a_whole_reading_is_a_good_one(db: Desk, failure: str, stopped: bool, good: int) -> None:
    with transaction(db):
        logins.tried(db, 1, at=100, failure="", next_try=None)
        logins.tried(db, 1, at=200, failure=failure, next_try=300, stopped=stopped)
    login = logins.get(db, 1)
    assert login is not None
    assert (login.last_good, login.last_tried, login.next_try, login.failure) == (moment(good), moment(200), moment(300), failure)


def test_a_pause_forgets_the_next_try(db: Desk) -> None:
    with transaction(db):
        logins.tried(db, 1, at=100, failure="x", next_try=400)
        logins.set_paused(db, 1, True)
    login = logins.get(db, 1)
    assert login is not None and login.paused and login.next_try is None


def test_a_stream_keeps_its_cursor_and_stays_followed(db: Desk) -> None:
    with transaction(db):
        logins.set_cursor(db, 1, JOEB.name, "abc", 50)
        logins.save_stream(db, 1, replace(JOEB, title="Joe B."), is_followed=False)
        logins.set_cursor(db, 1, JOEB.name, "", 60)
    assert logins.cursor(db, 1, JOEB.name) == "abc"
    assert logins.followed(db, 1) == (replace(JOEB, title="Joe B."),)
    assert logins.cursor(db, 1, "unknown") == ""


def test_a_failure_stays_until_a_good_page(db: Desk) -> None:
    with transaction(db):
        logins.set_cursor(db, 1, "home", "c1", 50)
        logins.stream_failed(db, 1, "home", "No answer.", Trouble.DOWN)
    assert logins.stream_states(db, 1) == ((JOEB.name, "Joe Brown", None, "", Trouble.NONE), ("home", "My posts", 50, "No answer.", Trouble.DOWN))
    with transaction(db):
        logins.set_cursor(db, 1, "home", "c2", 70)
    assert logins.stream_states(db, 1)[1] == ("home", "My posts", 70, "", Trouble.NONE)


def test_why_it_failed_is_kept_with_the_sentence_and_goes_with_it(db: Desk) -> None:
    with transaction(db):
        logins.tried(db, 1, at=100, failure="Zu viele Fragen.", trouble=Trouble.WAIT, next_try=None)
    assert [login.trouble for login in logins.every(db)] == [Trouble.WAIT]
    with transaction(db):
        logins.tried(db, 1, at=200, failure="", trouble=Trouble.WAIT, next_try=None)
    assert [login.trouble for login in logins.every(db)] == [Trouble.NONE]
    db.execute("UPDATE logins SET trouble = 'struck', failure = 'x'")  # as a newer version may say
    assert [login.trouble for login in logins.every(db)] == [Trouble.UNKNOWN]


def test_only_what_waited_for_that_waits_no_longer(db: Desk) -> None:
    with transaction(db):
        logins.tried(db, 1, at=100, failure="Das Limit.", trouble=Trouble.LIMIT, next_try=400)
        logins.stream_failed(db, 1, "home", "Das Limit.", Trouble.LIMIT)
        logins.wait_no_longer(db, 1, Trouble.WAIT)
    assert [login.next_try for login in logins.every(db)] == [moment(400)]
    with transaction(db):
        logins.wait_no_longer(db, 1, Trouble.LIMIT)
    assert [(login.next_try, login.failure, login.trouble) for login in logins.every(db)] == [(None, "", Trouble.NONE)]
    assert not any(failure for _, _, _, failure, _ in logins.stream_states(db, 1))


def test_gone_with_its_streams_and_nothing_else(db: Desk) -> None:
    with transaction(db):
        logins.unfollow(db, 1, JOEB.name)
    assert logins.followed(db, 1) == ()
    with transaction(db):
        logins.remove(db, 1)
    assert logins.every(db) == () and db.execute("SELECT count(*) FROM streams").fetchone() == (0,)


def test_the_table_has_no_room_for_a_secret(db: Desk) -> None:
    columns = {row[1] for row in db.execute("PRAGMA table_info(logins)")}
    assert not {c for c in columns if "secret" in c or "password" in c or c == "token"}
    assert HOTEL.secret_name == "mastodon:sam@https://hotel.example"
