"""Pinboard: my own bookmarks by one question a reading, what others keep by their feeds, and the same keys as its files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from relationdesk.errors import LoginRejected, RateLimited, SourceError, UserMistake
from relationdesk.model import (
    Activity,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Login,
    Page,
    Profile,
    Rejected,
    Stream,
    Tombstone,
)
from relationdesk.sources.base import Options
from relationdesk.sources.bookmarks import Bookmarks
from relationdesk.sources.door import Door
from relationdesk.sources.pinboard import API, FEEDS, OWN, PORTION, SITE, Pinboard
from tests.recorded_web import Web
from tests.sources.chat_reading import DATA

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TOKEN = "sam:1A2B3C4D5E6F"
SAM, JOE = Key("pinboard", "https://pinboard.in/u:sam"), Key("pinboard", "https://pinboard.in/u:joe")
BEGIN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def post(number: int, **more: Any) -> dict[str, Any]:
    """number: minutes after BEGIN."""
    return {
        "href": f"https://acme.example/{number}", "description": f"Page {number}", "extended": "", "meta": f"m{number}", "hash": f"h{number}",
        "time": (BEGIN + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ"), "shared": "yes", "toread": "no", "tags": "erp press", **more,
    }  # fmt: skip


def rss(*numbers: int) -> httpx.Response:
    items = "".join(
        f'<item rdf:about="https://acme.example/{n}"><title>Page {n}</title><dc:date>{BEGIN + timedelta(minutes=n):%Y-%m-%dT%H:%M:%S+00:00}</dc:date>'
        f"<link>https://acme.example/{n}</link><dc:creator>Joe</dc:creator><dc:subject>erp press</dc:subject></item>" for n in numbers
    )  # fmt: skip
    head = '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    return httpx.Response(200, text=f"{head}<channel><title>Pinboard (Joe)</title><link>{SITE}/u:Joe/public/</link></channel>{items}</rdf:RDF>")


class Desk:
    def __init__(self) -> None:
        self.web, self.now, self.cursors = Web(), NOW, dict[str, str]()
        self.posts: list[dict[str, Any]] = []
        self.updated = BEGIN
        self.source = Pinboard(lambda: self.now)
        self.web.pages |= {
            f"{API}/v1/posts/update": lambda query: {"update_time": self.updated.strftime("%Y-%m-%dT%H:%M:%SZ")}, f"{API}/v1/posts/all": lambda query: self.posts,
            f"{API}/v1/posts/recent": lambda query: {"date": "x", "user": "sam", "posts": self.posts[: int(query["count"])]},
            f"{API}/v1/posts/get": lambda query: {"date": "x", "user": "sam", "posts": [p for p in self.posts if p["href"] == query["url"]]},
            f"{FEEDS}/rss/u:Joe/": rss(2, 1), f"{FEEDS}/rss/u:joe/": rss(2, 1), f"{FEEDS}/rss/u:sam/": rss(7),
        }  # fmt: skip
        self.login = Login(id=1, source="pinboard", place="pinboard", address=SITE, user_name="sam", profile=SAM, has_token=True)
        self.own = self.source.streams(self.login, ())[0]

    def door(self) -> Door:
        return Door(transport=self.web.transport(), clock=lambda: self.now)

    def pages(self, stream: Stream | None = None, token: str = TOKEN) -> list[Page]:
        stream = stream or self.own
        found = []
        for page in self.source.pages(self.login, stream, self.cursors.get(stream.name, ""), token, self.door()):
            self.cursors[stream.name] = page.cursor or self.cursors.get(stream.name, "")
            found.append(page)
        return found

    def facts(self, stream: Stream | None = None, token: str = TOKEN, after: timedelta = timedelta(minutes=30)) -> list[Fact]:
        self.now += after
        return [fact for page in self.pages(stream, token) for fact in page.facts]

    def titles(self, **more: Any) -> list[str]:
        return [fact.title for fact in self.facts(**more) if isinstance(fact, Activity)]

    def asked(self) -> list[str]:
        found = [urlsplit(address).path.rpartition("/v1/")[2] for address, _ in self.web.asked]
        self.web.asked.clear()
        return found


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_key_tells_whose_it_is_and_is_tried(desk: Desk) -> None:
    login = desk.source.connect("whoever", TOKEN, desk.door())
    assert (login.user_name, login.profile, login.address, login.has_token) == ("sam", SAM, SITE, True)
    assert desk.web.asked == [(f"{API}/v1/posts/update", {"format": "json", "auth_token": TOKEN})]


@pytest.mark.parametrize("token", ["1A2B3C4D5E6F", "sam", "sam:secret password", "my-password"])
def test_what_is_no_key_is_not_sent(desk: Desk, token: str) -> None:
    with pytest.raises(LoginRejected, match="looks like name:1A2B") as caught:
        desk.source.connect("sam", token, desk.door())
    assert desk.web.asked == [] and token not in str(caught.value)


def test_a_refused_key_says_so_without_naming_it(desk: Desk) -> None:
    desk.web.status[f"{API}/v1/posts/update"] = httpx.Response(401)
    with pytest.raises(LoginRejected) as caught:
        desk.source.connect("sam", TOKEN, desk.door())
    assert "1A2B" not in str(caught.value) and "sign in again" in str(caught.value)


@pytest.mark.parametrize("typed", ["pinboard.in", "https://pinboard.in/", ""])
def test_without_a_key_others_can_be_read(desk: Desk, typed: str) -> None:
    login = desk.source.connect(typed, "", desk.door())
    assert (login.profile, login.has_token, desk.web.asked) == (None, False, []) and desk.source.streams(login, ()) == ()


def test_without_a_key_my_public_page_is_mine(desk: Desk) -> None:
    login = desk.source.connect("sam@pinboard.in", "", desk.door())
    (own,) = desk.source.streams(login, ())
    assert own == Stream(name=OWN, address=f"{FEEDS}/rss/u:sam/", profile=SAM, title="My bookmarks")
    found = desk.facts(own, "")
    assert next((f.key, f.is_owner, f.known) for f in found if isinstance(f, Profile)) == (SAM, True, False)
    with pytest.raises(SourceError, match="does not exist"):
        desk.source.connect("nobody", "", desk.door())


@pytest.mark.parametrize("typed", ["Joe", "u:Joe", "https://pinboard.in/u:Joe", "pinboard.in/u:Joe/t:erp/", "https://feeds.pinboard.in/rss/u:Joe/"])
def test_all_spellings_of_joe(desk: Desk, typed: str) -> None:
    stream, profile = desk.source.follow(typed, desk.login, TOKEN, desk.door())
    assert stream == Stream(name="bookmarks:u:joe", address=f"{FEEDS}/rss/u:Joe/", profile=JOE, title="Joe")
    assert (profile.handle, profile.display_name, profile.url, profile.bio, profile.known) == ("joe", "Joe", "https://pinboard.in/u:joe", "", True)
    assert TOKEN not in repr(desk.web.asked) and "1A2B" not in repr(desk.web.headers), "a public feed is no place for the key"


@pytest.mark.parametrize("typed", ["", "two words", "https://delicious.com/joe", "pinboard.in/t:erp", "joe@hotel.example"])
def test_what_is_nobodys_page_is_not_asked_about(desk: Desk, typed: str) -> None:
    with pytest.raises(UserMistake, match="Nothing was changed"):
        desk.source.follow(typed, desk.login, TOKEN, desk.door())
    assert desk.web.asked == []


def test_what_others_keep_comes_from_their_feed_with_tags_apart(desk: Desk) -> None:
    stream, _ = desk.source.follow("Joe", desk.login, TOKEN, desk.door())
    found = [fact for fact in desk.facts(stream) if isinstance(fact, Activity)]
    assert [(f.key.native_id, f.actor, f.kind, dict(f.extra)["tags"]) for f in found] == [
        (f"{JOE.native_id}#https://acme.example/{n}", JOE, Kind.BOOKMARK, "erp, press") for n in (1, 2)
    ]


def test_mine_are_those_of_the_file(desk: Desk) -> None:
    """The same bookmarks from pinboard.json, which the user may bring in before or after."""
    path = DATA / "bookmarks" / "pinboard.json"
    told = [fact for fact in Bookmarks().read(path, Options(me="sam")) if isinstance(fact, Activity | Profile)]
    desk.posts = json.loads(path.read_text(encoding="utf-8"))
    here = [fact for fact in desk.facts() if isinstance(fact, Activity | Profile)]
    assert sorted(map(repr, told)) == sorted(map(repr, here)) and len(here) > 2


def test_the_whole_list_comes_at_first_then_the_newest(desk: Desk) -> None:
    desk.posts = [post(n) for n in range(1_200, 0, -1)]
    pages = desk.pages()
    assert [len([f for f in page.facts if isinstance(f, Activity)]) for page in pages] == [PORTION, PORTION, 200]
    assert [bool(page.cursor) for page in pages] == [False, False, True], "the cursor comes with the last portion"
    assert pages[-1].facts[-1] == Coverage(place="pinboard", profile=SAM, since=None, until=NOW)
    desk.posts = [post(1_201), post(1_200, description="Better", meta="new"), *desk.posts[1:]]
    assert desk.titles() == ["Better", "Page 1201"]
    assert desk.asked() == ["posts/all", "posts/recent"]


def test_a_private_one_stays_private(desk: Desk) -> None:
    desk.posts = [post(2, shared="no", toread="yes", extended="For <b>me</b> & you"), post(1)]
    first, second = [fact for fact in desk.facts() if isinstance(fact, Activity)]
    assert (first.audience, second.audience) == (Audience.PUBLIC, Audience.PRIVATE)
    assert second.text == "For <b>me</b> & you" and dict(second.extra)["to_read"] == "yes"


def test_what_is_made_private_without_another_change_is_told_anew(desk: Desk) -> None:
    """Pinboard's mark is of the words; whether a bookmark is shared is not among them."""
    desk.posts = [post(2), post(1)]
    desk.facts()
    desk.posts = [post(2, shared="no"), post(1)]
    assert [fact.audience for fact in desk.facts() if isinstance(fact, Activity)] == [Audience.PRIVATE]


def test_each_reading_asks_one_thing(desk: Desk) -> None:
    desk.posts = [post(n) for n in range(9, 0, -1)]
    desk.facts()
    desk.posts = [p for p in desk.posts if p["hash"] not in ("h4", "h6")]
    per_reading = []
    for _ in range(4):
        desk.facts()
        per_reading.append(desk.asked())
    assert per_reading == [["posts/all", "posts/recent"], ["posts/get"], ["posts/get"], ["posts/recent"]]


def test_the_newest_are_not_asked_for_twice_a_minute(desk: Desk) -> None:
    desk.posts = [post(1)]
    desk.facts()
    assert desk.pages() == [] and desk.asked() == ["posts/all"]


def test_what_left_the_list_is_withdrawn_only_if_it_is_not_there(desk: Desk) -> None:
    desk.posts = [post(n) for n in range(5, 0, -1)]
    desk.facts()
    moved = post(3, time="2020-01-01T00:00:00Z")  # still kept, only dated back
    desk.posts = [post(5), post(4), post(1), moved]
    gone = [fact for _ in range(4) for fact in desk.facts() if isinstance(fact, Tombstone)]
    assert gone == [Tombstone(key=Key("pinboard", f"{SAM.native_id}#https://acme.example/2"))]
    asked = [parse_qs(f"url={query['url']}")["url"][0] for address, query in desk.web.asked if address.endswith("/get")]
    assert asked == ["https://acme.example/2"]


def test_an_empty_answer_deletes_nothing(desk: Desk) -> None:
    desk.posts = [post(2), post(1)]
    desk.facts()
    desk.posts = []
    assert [fact for _ in range(3) for fact in desk.facts() if isinstance(fact, Tombstone)] == []
    desk.posts = [post(3), post(2), post(1)]
    assert desk.titles() == ["Page 3"]


def test_more_than_a_hundred_new_ones_bring_the_whole_list(desk: Desk) -> None:
    desk.posts = [post(n) for n in range(50, 0, -1)]
    desk.facts()
    desk.posts = [post(n) for n in range(400, 0, -1)]
    assert len(desk.titles()) == 100 and len(desk.titles()) == 400
    assert desk.asked() == ["posts/all", "posts/recent", "posts/all"]


def test_once_a_day_is_asked_whether_something_older_was_changed(desk: Desk) -> None:
    desk.posts = [post(n) for n in range(300, 0, -1)]
    desk.facts()
    desk.posts[-1] = post(1, description="Old, and better")
    for _ in range(48):
        desk.facts()
    assert set(desk.asked()) == {"posts/all", "posts/recent", "posts/update"} and "Old, and better" not in desk.titles()
    desk.updated = desk.now
    desk.asked()
    titles = [title for _ in range(50) for title in desk.titles()]
    assert "Old, and better" in titles and desk.asked().count("posts/all") == 1


def test_after_a_pause_the_newest_come_first(desk: Desk) -> None:
    desk.posts = [post(1)]
    desk.facts()
    desk.posts = [post(2), post(1)]
    assert desk.titles(after=timedelta(days=3)) == ["Page 2"]


@pytest.mark.parametrize("answer", [httpx.Response(200, json={}), httpx.Response(200, json=None), httpx.Response(200, json={"posts": 7}), httpx.Response(200, text="<html>"), httpx.Response(500)])
def test_nonsense_is_a_sentence(desk: Desk, answer: httpx.Response) -> None:
    for what in ("all", "recent"):
        desk.web.status[f"{API}/v1/posts/{what}"] = answer
        with pytest.raises(SourceError, match=r"kept|Nothing") as caught:
            desk.facts()
        assert "1A2B" not in str(caught.value)
        del desk.web.status[f"{API}/v1/posts/{what}"]
        desk.posts = [post(1)]
        desk.facts()


def test_a_bookmark_without_an_address_is_one_rejected(desk: Desk) -> None:
    desk.posts = [post(2), {"description": "?"}, post(1)]
    found = desk.facts()
    assert len([fact for fact in found if isinstance(fact, Rejected)]) == 1 and len([fact for fact in found if isinstance(fact, Activity)]) == 2


def test_a_wait_is_a_wait(desk: Desk) -> None:
    desk.web.status[f"{API}/v1/posts/all"] = httpx.Response(429)
    with pytest.raises(RateLimited):
        desk.facts()


def test_right_after_connecting_three_seconds_pass(desk: Desk) -> None:
    allowed = desk.source.allowance(desk.login)
    assert allowed is not None and (allowed.most, allowed.span) == (1, timedelta(seconds=3))
    assert desk.source.allowance(replace(desk.login, last_good=NOW)) is None and desk.source.allowance(replace(desk.login, has_token=False)) is None


def test_followed_feeds_are_adopted_but_those_of_a_tag(desk: Desk) -> None:
    feed = Stream(name="feed:x", address=f"{FEEDS}/rss/u:Joe/", profile=JOE, title="Pinboard (Joe)")
    assert desk.source.adopts(feed) == Stream(name="bookmarks:u:joe", address=feed.address, profile=JOE, title="Joe")
    assert desk.source.adopts(replace(feed, address=f"{FEEDS}/rss/u:Joe/t:erp/")) is None
    assert desk.source.adopts(replace(feed, profile=Key("blog", "https://blog.example"))) is None
