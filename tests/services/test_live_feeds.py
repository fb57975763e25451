"""Blogs from a real web server on this computer, through the services: followed, read again, moved, broken, dead.

Whatever the server does, nothing that was read is lost, and the user is told in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import pytest

from relationdesk.derived import Filter
from relationdesk.errors import SourceError, SourceUnavailable, UserMistake
from relationdesk.model import Login
from relationdesk.services import logins, places, review, sync
from relationdesk.services.sync import Synced
from relationdesk.sources.door import Door
from relationdesk.sources.feed import Feed
from relationdesk.store import coverage
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, open_memory
from tests.facts import person_id, state
from tests.feed_server import FeedServer

BEGIN = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **distance: float) -> None:
        self.now += timedelta(**distance)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def db() -> Desk:
    return open_memory()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def item(number: int, text: str = "", *, minute: int | None = None) -> str:
    when = f"Fri, 20 Nov 2026 10:{number if minute is None else minute:02}:00 GMT"
    return (
        f"<item><guid>g{number}</guid><title>Post {number}</title><link>/{number}</link><pubDate>{when}</pubDate>"
        f"<description>{text or f'Text {number}'}</description></item>"
    )


def rss(*items: str) -> str:
    head = "<title>Ann writes</title><link>/</link><managingEditor>ann@hotel.example (Ann Example)</managingEditor>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def follow(db: Desk, server: FeedServer, clock: Clock, path: str = "/feed") -> Login:
    """As `follow feed ADDRESS --allow-private` does it."""
    url = server.base + path
    login = logins.for_page(db, "feed", url, clock, allow_private=True)
    logins.follow(db, login.id, url, clock)
    return login


def read(db: Desk, login: Login, clock: Clock, **more: Any) -> Synced:

    def door(private: frozenset[str], stop: Callable[[], bool]) -> Door:
        return Door(allowed_hosts=private, stop=stop, clock=clock)

    return logins.sync_one(db, login.id, clock, source=Feed(clock=clock), **{"door": door, **more})


def texts(db: Desk, name: str = "Ann Example") -> list[str]:
    items = review.stretch(db, person_id(db, name), Filter()).items
    return [item.activity.text for item in items if item.activity is not None]


def kept(db: Desk) -> dict[str, Any]:
    """All facts but for what is noted of the reading itself."""
    return {table: rows for table, rows in state(db).items() if table != "coverage"}


def covered(db: Desk) -> datetime | None:
    (one,) = coverage.of_person(db, person_id(db, "Ann Example"))
    return one.until


# The usual life of a blog


def test_a_blog_is_followed_read_and_read_again_for_nothing(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(2), item(1)), conditional=True)
    login = follow(db, server, clock)
    first = read(db, login, clock)
    assert (first.new, first.failures) == (2, ()) and texts(db) == ["Text 2", "Text 1"]
    assert covered(db) == BEGIN
    before, asked = kept(db), server.asked("/feed")

    clock.go_on(hours=3)
    second = read(db, login, clock)
    assert (second.new, second.changed, second.withdrawn, second.failures) == (0, 0, 0, ())
    assert server.asked("/feed") == asked + 1 and "if-none-match" in server.log[-1].headers
    assert kept(db) == before
    assert covered(db) == BEGIN + timedelta(hours=3), "“nothing new” is knowledge, too"


def test_an_edit_replaces_and_what_drops_off_stays(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(2), item(1)), conditional=True)
    login = follow(db, server, clock)
    read(db, login, clock)
    server.put("/feed", rss(item(3), item(2, "Text 2, corrected")), conditional=True)
    done = read(db, login, clock)
    assert (done.new, done.changed, done.withdrawn) == (1, 1, 0)
    assert texts(db) == ["Text 3", "Text 2, corrected", "Text 1"]


def test_a_feed_that_makes_new_ids_every_time_doubles_nothing(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(2), item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    for build in range(3):
        new_ids = rss(item(2), item(1, f"Text 1, edit {build}")).replace("<guid>", f"<guid>{build}-")
        server.put("/feed", new_ids)
        done = read(db, login, clock)
        assert (done.new, done.changed) == (0, 1) and texts(db) == ["Text 2", f"Text 1, edit {build}"]


def test_a_feed_that_gives_all_entries_one_id_loses_none(db: Desk, server: FeedServer, clock: Clock) -> None:
    same = [item(n).replace(f"<guid>g{n}<", "<guid>https://blog.example<") for n in (3, 2, 1)]
    server.put("/feed", rss(*same[1:]))
    login = follow(db, server, clock)
    assert read(db, login, clock).new == 2
    server.put("/feed", rss(*same))
    assert read(db, login, clock).new == 1 and texts(db) == ["Text 3", "Text 2", "Text 1"]
    server.put("/feed", rss(same[0]))
    assert read(db, login, clock).new == 0 and len(texts(db)) == 3


def test_the_feed_is_found_from_the_page_of_the_blog(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/blog", '<html><head><link rel="alternate" type="application/rss+xml" href="/hidden/feed.xml"></head></html>')
    server.put("/hidden/feed.xml", rss(item(1)))
    login = follow(db, server, clock, "/blog")
    (stream,) = stored.followed(db, login.id)
    assert stream.address == f"{server.base}/hidden/feed.xml"
    assert read(db, login, clock).new == 1


def test_a_permanent_move_is_remembered(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    server.put("/feed", status=301, Location="/new")
    server.put("/new", rss(item(2), item(1)))
    assert read(db, login, clock).new == 1
    asked = server.asked("/feed")
    assert read(db, login, clock).failures == ()
    assert server.asked("/feed") == asked and server.log[-1].path == "/new"
    assert [stream.address for stream in logins.asked(db, login.id)] == [f"{server.base}/new"], "what is asked is what is shown"
    assert texts(db) == ["Text 2", "Text 1"], "it is still the same person"


# What must not lose anything


def reset(wire: BinaryIO) -> None:
    wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss><chan")


BROKEN: dict[str, tuple[Callable[[FeedServer], None], str]] = {
    "gone for good": (lambda s: s.put("/feed", status=410), "does not exist any more"),
    "not found": (lambda s: s.put("/feed", status=404), "does not exist"),
    "a loop": (lambda s: s.put("/feed", status=302, Location="/feed"), "round in circles"),
    "a loop of two": (
        lambda s: (s.put("/feed", status=301, Location="/b"), s.put("/b", status=301, Location="/feed"))[0],
        "round in circles",
    ),
    "nothing": (lambda s: s.put("/feed", b""), "Nothing was deleted"),
    "no content": (lambda s: s.put("/feed", status=204), "Nothing was deleted"),
    "nonsense": (lambda s: s.put("/feed", bytes(range(256)) * 20), "feed"),
    "a page instead": (lambda s: s.put("/feed", "<html><body>Please log in</body></html>"), "feed"),
    "a server in trouble": (lambda s: s.put("/feed", status=502), "a problem of its own"),
    "half an answer": (lambda s: s.put_raw("/feed", reset), "broke off"),
    "a wish to log in": (lambda s: s.put("/feed", status=401), "only to those who sign in"),
    "another computer": (lambda s: s.put("/feed", status=302, Location="http://10.0.0.1/feed"), "private network"),
    "another port": (lambda s: s.put("/feed", status=302, Location="http://127.0.0.1:9/feed"), "9"),
    "a file": (lambda s: s.put("/feed", status=302, Location="file:///etc/passwd"), "Nothing was asked"),
    "too many": (lambda s: s.put("/feed", status=429, Retry_After="600"), "asks us to wait"),
}


@pytest.mark.parametrize("trouble", BROKEN)
def test_trap_18_trouble_deletes_nothing_and_is_one_sentence(
    db: Desk, server: FeedServer, clock: Clock, trouble: str
) -> None:
    server.put("/feed", rss(item(2), item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    before = kept(db)
    breaks, words = BROKEN[trouble]
    breaks(server)
    clock.go_on(minutes=31)
    done = read(db, login, clock)

    ((title, sentence),) = done.failures
    assert words in sentence and title == "Ann writes"
    assert "\n" not in sentence and len(sentence) < 300 and "/feed" not in sentence and "Traceback" not in sentence
    assert kept(db) == before and covered(db) == BEGIN
    failed = stored.get(db, login.id)
    assert failed is not None and failed.failure == sentence and failed.last_good == BEGIN
    assert failed.next_try is not None and failed.next_try >= clock.now + timedelta(minutes=10)
    (place,) = coverage.of_person(db, person_id(db, "Ann Example"))
    assert place.failure == sentence and place.failed == clock.now

    server.put("/feed", rss(item(3), item(2), item(1)))
    clock.now = failed.next_try
    for name in stored.rests(db, login.id):
        logins.ask_again(db, login.id, name)
    good = read(db, login, clock)
    assert (good.new, good.failures, good.next_try, good.login.failure) == (1, (), None, "")
    assert covered(db) == clock.now and coverage.of_person(db, person_id(db, "Ann Example"))[0].failure == ""


def test_an_empty_feed_is_an_answer_and_deletes_nothing(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    server.put("/feed", rss())
    assert read(db, login, clock).withdrawn == 0 and texts(db) == ["Text 1"]


def test_a_drip_is_ended_by_the_deadline(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)

    def drip(wire: BinaryIO) -> None:
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(400):  # then it breaks off, which is told in other words than the deadline
            if server.release.wait(0.02):
                break
            wire.write(b" ")
            wire.flush()

    class Hasty(Door):
        def get(self, url: str, **options: Any) -> Any:
            return super().get(url, **{"deadline_s": 0.4, **options})

    server.put_raw("/feed", drip)
    done = read(db, login, clock, door=lambda private, stop: Hasty(allowed_hosts=private, stop=stop))
    assert "did not answer in time" in done.failures[0][1] and texts(db) == ["Text 1"]


def test_a_reading_that_is_stopped_is_neither_good_nor_bad(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    wanted = True

    def stalls(wire: BinaryIO) -> None:
        nonlocal wanted
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        wire.flush()
        wanted = False
        server.release.wait(10)

    server.put_raw("/feed", stalls)
    clock.go_on(hours=1)
    done = read(db, login, clock, stop=lambda: not wanted)
    assert done.stopped and done.failures == ()
    assert done.login.last_good == BEGIN and done.login.last_tried == clock.now and covered(db) == BEGIN


# Several blogs in one login


def test_one_bad_blog_does_not_silence_the_others(db: Desk, server: FeedServer, clock: Clock) -> None:
    """A blog that wants a log-in or a pause says nothing about other people's blogs."""
    server.put("/feed", rss(item(1)))
    server.put("/refuses", rss(item(2)).replace("Ann", "Amy"))
    server.put("/waits", rss(item(3)).replace("Ann", "Bea"))
    login = follow(db, server, clock, "/refuses")
    follow(db, server, clock, "/waits")
    follow(db, server, clock, "/feed")
    server.put("/refuses", status=401)
    done = read(db, login, clock)
    assert [title for title, _ in done.failures] == ["Amy writes"] and done.new == 2
    assert done.next_try == clock.now + timedelta(minutes=30)


def test_who_asks_us_to_wait_is_not_asked_and_the_others_are(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    with FeedServer("127.0.0.2") as other:
        other.put("/feed", rss(item(2)).replace("Ann", "Bea"))

        def door(private: frozenset[str], stop: Callable[[], bool]) -> Door:
            return Door(allowed_hosts=frozenset({server.host, other.host}), stop=stop, clock=clock)

        login, _ = logins.connect(db, "feed", "", "", clock)
        logins.follow(db, login.id, f"{other.base}/feed", clock, door=door)
        logins.follow(db, login.id, f"{server.base}/feed", clock, door=door)
        server.put("/feed", status=429, Retry_After="7200")  # titles are read in order: Ann, then Bea
        asked = server.asked("/feed")
        assert read(db, login, clock, door=door).new == 1
        clock.go_on(minutes=59)
        again = read(db, login, clock, door=door)
        assert server.asked("/feed") == asked + 1 and other.asked("/feed") >= 3
        assert [title for title, _ in again.failures] == ["Ann writes"]
        clock.go_on(minutes=62)
        server.put("/feed", rss(item(1)))
        assert read(db, login, clock, door=door).failures == () and server.asked("/feed") == asked + 2


# Private servers


def test_a_private_server_is_refused_until_the_user_allows_it(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    url = f"{server.base}/feed"
    login = logins.for_page(db, "feed", url, clock)
    with pytest.raises(SourceUnavailable) as refused:
        logins.follow(db, login.id, url, clock)
    assert "private network" in str(refused.value) and "allow" in str(refused.value)
    assert server.log == [] and stored.followed(db, login.id) == ()

    allowed = logins.for_page(db, "feed", url, clock, allow_private=True)
    assert allowed.id != login.id and allowed.address == server.base and allowed.allow_private
    logins.follow(db, allowed.id, url, clock)
    assert read(db, allowed, clock).new == 1
    assert logins.for_page(db, "feed", url, clock).id == allowed.id, "asked once, remembered for this server"
    assert logins.for_page(db, "feed", "https://elsewhere.example/feed", clock).id == login.id


def test_what_is_allowed_is_what_was_typed_and_no_other_port(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    with FeedServer() as other:
        other.put("/feed", rss(item(2)))
        server.put("/feed", status=302, Location=f"{other.base}/feed")
        assert "private network" in read(db, login, clock).failures[0][1]
        server.put("/feed", status=404)
        server.put("/page", f'<link rel="alternate" type="application/rss+xml" href="{other.base}/feed">')
        with pytest.raises((SourceError, UserMistake)):
            logins.follow(db, login.id, f"{server.base}/page", clock)
        assert other.log == []


def test_another_login_may_not_use_the_permission(db: Desk, server: FeedServer, clock: Clock) -> None:
    """A blog on the open net must not lead us to the server that was allowed for something else."""
    follow_me = "http://blog.example/feed"
    server.put("/feed", rss(item(1)))
    follow(db, server, clock)
    common = logins.for_page(db, "feed", follow_me, clock)
    assert not common.allow_private
    with pytest.raises(SourceUnavailable):
        logins.follow(db, common.id, f"{server.base}/feed", clock)


@pytest.mark.parametrize("address", ["", "not an address", "http://", "http://[::1", "http://user:pw@127.0.0.1/"])
def test_permission_for_nothing_is_no_permission(db: Desk, clock: Clock, address: str) -> None:
    try:
        login, _ = logins.connect(db, "feed", address, "", clock, allow_private=True)
    except UserMistake:
        return
    assert not login.allow_private or login.address == "http://127.0.0.1"


def test_failing_is_slow(db: Desk, server: FeedServer, clock: Clock) -> None:
    """A tick every minute for a day in front of a dead server: at most six questions in any hour."""
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    server.put("/feed", status=500)
    asked: list[datetime] = []
    for _ in range(24 * 60):
        clock.go_on(minutes=1)
        for due in sync.due(db, clock.now, 30):
            read(db, due, clock)
            asked.append(clock.now)
    assert 40 < len(asked) <= 50, "as often as a healthy one"
    assert all(sum(t <= later < t + timedelta(hours=1) for later in asked) <= 6 for t in asked)


# How soon it is asked again


def test_a_blog_that_is_gone_for_good_is_asked_no_more_until_the_user_wants_it(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(2), item(1)))
    login = follow(db, server, clock)
    read(db, login, clock)
    before = kept(db)
    server.put("/feed", "", status=410)
    clock.go_on(hours=1)
    told = read(db, login, clock)
    assert "does not exist any more" in told.failures[0][1] and "have it asked again" in told.failures[0][1]
    asked = len(server.log)
    for _ in range(50):
        clock.go_on(minutes=30)
        for login_due in sync.due(db, clock(), 30):
            read(db, login_due, clock, by_hand=False)
    read(db, login, clock)
    assert len(server.log) == asked and kept(db) == before
    (row,) = places.login_rows(db)
    (stream,) = row.streams
    assert stream.gone and stream.good == BEGIN and "not asked any more" in stream.failure and not sync.due(db, clock(), 30)
    (one,) = coverage.of_person(db, person_id(db, "Ann Example"))
    assert (one.until, one.failed) == (BEGIN, BEGIN + timedelta(hours=1)) and "not asked any more" in one.failure

    logins.ask_again(db, login.id, stream.name)
    assert "not asked any more" in read(db, login, clock).failures[0][1] and server.asked("/feed") == 4
    server.put("/feed", rss(item(3), item(2)))
    logins.ask_again(db, login.id, stream.name)
    assert (read(db, login, clock).new, covered(db)) == (1, clock())
    (row,) = places.login_rows(db)
    assert (row.login.failure, row.streams[0].failure, row.streams[0].gone) == ("", "", False)
    assert coverage.of_person(db, person_id(db, "Ann Example"))[0].failed is None


def test_following_it_anew_asks_what_was_gone_for_good(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    server.put("/feed", "", status=410)
    read(db, login, clock)
    server.put("/feed", rss(item(1)))
    assert read(db, login, clock).new == 0
    follow(db, server, clock)
    assert read(db, login, clock).new == 1


def test_a_page_that_is_not_there_is_asked_less_often_and_at_once_by_hand(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    server.put("/feed", "", status=404)
    read(db, login, clock)
    asked = server.asked("/feed")
    clock.go_on(hours=5)
    read(db, login, clock, by_hand=False)
    assert server.asked("/feed") == asked
    clock.go_on(hours=1)
    read(db, login, clock, by_hand=False)
    assert server.asked("/feed") == asked + 1
    assert "does not exist" in read(db, login, clock).failures[0][1] and server.asked("/feed") == asked + 2


def test_a_blog_is_asked_as_often_as_it_says(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/slow", rss(item(1)).replace("<link>/</link>", "<link>/</link><ttl>120</ttl>"))
    server.put("/feed", rss(item(7)))
    login = follow(db, server, clock)
    follow(db, server, clock, "/slow")
    asked = server.asked("/slow"), server.asked("/feed")
    for _ in range(12):
        clock.go_on(minutes=30)
        for login_due in sync.due(db, clock(), 30):
            assert read(db, login_due, clock, by_hand=False).failures == ()
    assert (server.asked("/slow") - asked[0], server.asked("/feed") - asked[1]) == (3, 12)
    before = server.asked("/slow")
    read(db, login, clock)
    assert server.asked("/slow") == before + 1, "whoever presses the button is not put off"


def test_a_clock_that_stood_wrong_leaves_no_blog_unread(db: Desk, server: FeedServer, clock: Clock) -> None:
    server.put("/feed", rss(item(1)))
    login = follow(db, server, clock)
    clock.go_on(days=400)
    read(db, login, clock)
    clock.go_on(days=-400)
    asked = server.asked("/feed")
    read(db, login, clock, by_hand=False)
    assert server.asked("/feed") == asked + 1
