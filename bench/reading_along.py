"""A place that is read while the window is used: forty feeds with five hundred entries, answered from memory through the real door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx

from relationdesk.model import Login, Progress, Stream
from relationdesk.services import logins
from relationdesk.services.sync import Synced
from relationdesk.sources.door import Door
from relationdesk.store import logins as stored
from relationdesk.store.database import Desk, transaction

FEEDS, NEW = 40, 500
THEIRS = 4
"""Of the feeds so many are the person's on the screen."""
_WORDS = "The new meters have been in for a week, and the kitchens use a third less on quiet days than we had thought before. " * 4


def follow(db: Desk, person_id: int) -> None:
    """Follow them all, through a login that nothing else reads, because it is paused."""
    with transaction(db):
        login = stored.save(db, Login(id=0, source="feed", place="blog", address=""))
        stored.set_paused(db, login, True)
        for n in range(FEEDS):
            stored.save_stream(db, login, Stream(name=_address(n), address=_address(n), title=f"Feed {n}"), is_followed=True)
    _read(db, login, first=True)
    with transaction(db):
        db.execute("UPDATE profiles SET person_id = ? WHERE native_id IN (SELECT native_id FROM profiles WHERE native_id LIKE ? LIMIT ?)", (person_id, "%bench-feed-%", THEIRS))


def sync(db: Desk, *, report: Callable[[Progress], None], stop: Callable[[], bool]) -> Synced:
    """As the window syncs a login: what is new is merged, linked and told."""
    login = next(one for one in stored.every(db) if one.source == "feed" and one.paused)
    return _read(db, login.id, first=False, report=report, stop=stop)


def _read(
    db: Desk, login: int, *, first: bool, report: Callable[[Progress], None] = lambda _: None, stop: Callable[[], bool] = lambda: False
) -> Synced:
    def answer(request: httpx.Request) -> httpx.Response:
        n = int(request.url.host.removeprefix("bench-feed-").partition(".")[0])
        entries = range(1) if first else range((NEW + FEEDS - 1) // FEEDS + 1)
        return httpx.Response(200, content=_feed(n, entries), headers={"content-type": "application/rss+xml"})

    def door(private: frozenset[str], stopped: Callable[[], bool]) -> Door:
        return Door(transport=httpx.MockTransport(answer), stop=stopped)

    return logins.sync_one(db, login, lambda: datetime.now(UTC), report=report, stop=stop, door=door)


def _address(n: int) -> str:
    return f"https://bench-feed-{n}.example/feed"


def _feed(n: int, entries: range) -> bytes:
    begun = datetime(2026, 11, 20, 10, tzinfo=UTC)
    items = "".join(
        f"<item><guid>f{n}-{k}</guid><title>Entry {k}</title><link>https://bench-feed-{n}.example/{k}</link>"
        f"<pubDate>{begun + timedelta(minutes=n * 20 + k):%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{_WORDS}</description></item>"
        for k in entries
    )
    return f'<rss version="2.0"><channel><title>Feed {n}</title><link>https://bench-feed-{n}.example/</link>{items}</channel></rss>'.encode()
