"""A place of its own takes over what was followed as its feed, and a key what was read without one: nothing doubles, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from relationdesk.errors import UserMistake
from relationdesk.services import key_store, logins
from relationdesk.sources.door import Door
from relationdesk.store import allowances
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory
from tests.tube import ACME, API, KEY, SITE, Tube, item

FEED = f"{SITE}/feeds/videos.xml?channel_id={ACME}"


class Place:
    def __init__(self) -> None:
        self.db: Desk = open_memory()
        self.tube = Tube()
        self.tube.videos[ACME] = [item(n) for n in range(20, 0, -1)]
        self.now = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def door(self, private: frozenset[str], stop: Callable[[], bool]) -> Door:
        return self.tube.door()

    def clock(self) -> datetime:
        return self.now

    def connect(self, token: str, address: str = "youtube.com") -> int:
        return logins.connect(self.db, "youtube", address, token, self.clock, until_quit=True, door=self.door)[0].id

    def follow_feed(self) -> int:
        return logins.follow_page(self.db, "feed", FEED, self.clock, door=self.door)[0].id

    def sync(self, login: int) -> int:
        self.now += timedelta(minutes=31)
        done = logins.sync_one(self.db, login, self.clock, door=self.door)
        assert done.failures == ()
        return done.new

    def keys(self) -> list[str]:
        return sorted(row[0] for row in self.db.execute("SELECT native_id FROM activities"))

    def followed(self) -> dict[str, list[str]]:
        found = {login.source + (" with a key" if login.has_token else ""): stored.followed(self.db, login.id) for login in stored.every(self.db)}
        return {source: [stream.name for stream in streams] for source, streams in found.items()}


@pytest.fixture
def at() -> Iterator[Place]:
    yield Place()
    key_store._until_quit.clear()


def test_a_followed_feed_is_read_by_the_place_itself_once_it_is_connected(at: Place) -> None:
    feeds = at.follow_feed()
    assert at.sync(feeds) == 15
    youtube = at.connect(KEY)
    assert at.followed() == {"feed": [], "youtube with a key": [f"videos:{ACME}"]}
    assert at.sync(youtube) == 5, "the older ones, which the feed does not give"
    assert at.sync(feeds) == at.sync(youtube) == 0 and len(at.keys()) == len(set(at.keys())) == 20
    (profile,) = at.db.execute("SELECT native_id, handle, url, known FROM profiles").fetchall()
    assert profile == (ACME, "acmetools", f"{SITE}/channel/{ACME}", 1)


def test_nothing_is_asked_for_in_vain_when_a_feed_moves_over_without_a_key(at: Place) -> None:
    at.sync(at.follow_feed())
    youtube = at.connect("")
    assert at.followed() == {"feed": [], "youtube": [f"videos:{ACME}"]}
    assert at.sync(youtube) == 0 and at.tube.web.count(API) == 0 and len(at.keys()) == 15


def test_a_key_takes_over_from_the_login_without_one(at: Place) -> None:
    login, _, _ = logins.follow_page(at.db, "youtube", ACME, at.clock, door=at.door)
    assert at.sync(login.id) == 15
    named = at.connect(KEY, "@sam")
    assert at.followed() == {"youtube with a key": [f"videos:{ACME}"]} and named == login.id, "a login without a name becomes the one that is signed in"
    assert at.sync(named) == 5 and len(at.keys()) == 20


def test_a_login_without_a_key_has_nothing_left_beside_one_with_a_key(at: Place) -> None:
    without = at.connect("", f"{SITE}/channel/{ACME}")
    logins.follow(at.db, without, ACME, at.clock, door=at.door)
    assert at.followed() == {"youtube": [f"videos:{ACME}"]}
    at.connect(KEY, "@sam")
    assert at.followed() == {"youtube with a key": [f"videos:{ACME}"]}


def test_whoever_is_followed_here_is_no_longer_followed_as_a_feed(at: Place) -> None:
    youtube = at.connect(KEY)
    feeds = logins.for_page(at.db, "feed", FEED, at.clock)
    with pytest.raises(UserMistake, match="followed on YouTube already"):
        logins.follow(at.db, youtube, ACME, at.clock, door=at.door)
        logins.follow(at.db, feeds.id, FEED, at.clock, door=at.door)
    assert at.followed() == {"feed": [], "youtube with a key": [f"videos:{ACME}"]}
    logins.unfollow(at.db, youtube, f"videos:{ACME}")
    logins.follow(at.db, feeds.id, FEED, at.clock, door=at.door)
    assert at.followed()["feed"] == [f"feed:{ACME}"]
    logins.follow(at.db, youtube, "@acmetools", at.clock, door=at.door)
    assert at.followed() == {"feed": [], "youtube with a key": [f"videos:{ACME}"]}


def test_what_only_a_feed_can_tell_stays_a_feed(at: Place) -> None:
    at.tube.web.pages[f"{SITE}/feeds/videos.xml"] = lambda query: at.tube._feed({"channel_id": ACME})
    listed = f"{SITE}/feeds/videos.xml?playlist_id=PLaaaaaaaaaaaa"
    logins.follow_page(at.db, "feed", listed, at.clock, door=at.door)
    at.connect(KEY)
    assert at.followed() == {"feed": ["feed:playlist:PLaaaaaaaaaaaa"], "youtube with a key": []}


def test_one_login_without_a_key_is_enough_for_everybody(at: Place) -> None:
    assert logins.stands_alone("youtube") and logins.stands_alone("feed") and not logins.stands_alone("mastodon") and not logins.stands_alone("nobody")
    first = logins.follow_page(at.db, "youtube", ACME, at.clock, door=at.door)[0]
    with_key = at.connect(KEY)
    assert with_key == first.id or logins.follow_page(at.db, "youtube", ACME, at.clock, door=at.door)[0].id == with_key


def test_every_unit_is_counted_connecting_and_following_too(at: Place) -> None:
    youtube = at.connect(KEY)  # 1
    logins.follow(at.db, youtube, "@acmetools", at.clock, door=at.door)  # 1
    with pytest.raises(UserMistake):
        logins.follow(at.db, youtube, "@nobody", at.clock, door=at.door)  # 1
    at.sync(youtube)  # the channel, its videos
    (login,) = stored.every(at.db)
    used = allowances.used(at.db, login)
    assert used is not None and used.asked == 5 == at.tube.web.count(API)
