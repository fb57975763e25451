"""Following and reading feeds from a real server on loopback, well-behaved and not."""

from __future__ import annotations

import gzip
import html
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from relationdesk.errors import FOR_GOOD, Cancelled, Gone, RateLimited, SourceUnavailable, UnexpectedAnswer, UserMistake
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Coverage,
    Key,
    Kind,
    Page,
    Precision,
    Profile,
    Rejected,
    Stream,
    Tombstone,
)
from relationdesk.sources.door import Door
from relationdesk.sources.feed import Feed
from tests.feed_server import FeedServer

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SOURCE = Feed(clock=lambda: NOW)
LOGIN = SOURCE.connect("", "", Door())


@pytest.fixture
def server():
    with FeedServer() as running:
        yield running


def item(number: int, **more: str) -> str:
    parts = {"guid": f"g{number}", "title": f"Post {number}", "link": f"/{number}",
             "pubDate": f"Fri, 20 Nov 2026 10:00:{number:02} GMT", "description": f"Text {number}"} | more  # fmt: skip
    return "<item>" + "".join(f"<{name}>{html.escape(text)}</{name}>" for name, text in parts.items()) + "</item>"


def rss(*items: str, home: str = "/", title: str = "Ann writes") -> str:
    return f'<rss version="2.0"><channel><title>{title}</title><link>{home}</link>{"".join(items)}</channel></rss>'


def door_to(server: FeedServer, **options: Any) -> Door:
    return Door(allowed_hosts=frozenset({server.host}), clock=lambda: NOW, **options)


def stream_of(server: FeedServer, path: str = "/feed") -> Stream:
    key = Key("blog", f"https://{server.host}{path}")
    return Stream(name=f"feed:{key.native_id}", address=f"{server.base}{path}", profile=key)


def read(server: FeedServer, cursor: str = "", path: str = "/feed", **options: Any) -> Page:
    (page,) = SOURCE.pages(LOGIN, stream_of(server, path), cursor, "", door_to(server, **options))
    return page


def of_kind(page: Page, kind: type) -> list[Any]:
    return [fact for fact in page.facts if isinstance(fact, kind)]


def titles(page: Page) -> list[str]:
    return [activity.title for activity in of_kind(page, Activity)]


def test_a_feed_becomes_profile_activities_and_coverage_oldest_first(server):
    server.put("/feed", rss(item(2), item(1)))
    page = read(server)
    profile, first, second, coverage = page.facts
    key = stream_of(server).profile
    assert isinstance(profile, Profile) and (profile.key, profile.display_name) == (key, "Ann writes")
    assert (profile.url, profile.addresses, profile.known) == (f"{server.base}/", (), True)
    assert isinstance(first, Activity) and isinstance(second, Activity) and key is not None
    assert (first.title, second.title, first.text) == ("Post 1", "Post 2", "Text 1")
    assert first.key == Key("blog", f"{key.native_id}#g1") and first.kind is Kind.ARTICLE and first.actor == key
    assert first.published == datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC) and first.url == f"{server.base}/1"
    assert coverage == Coverage(place="blog", profile=key, since=first.published, until=NOW)


def test_the_second_reading_is_conditional_and_unchanged(server):
    server.put("/feed", rss(item(1)), conditional=True)
    page = read(server)
    again = read(server, page.cursor)
    assert again == Page(unchanged=True, again=NOW + timedelta(minutes=30))
    asked = server.log[1].headers
    assert asked["if-none-match"].startswith('"') and asked["if-modified-since"].startswith("Wed, 25 Nov")
    server.put("/feed", rss(item(2), item(1, title="Edited")), conditional=True)
    changed = read(server, page.cursor)
    assert titles(changed) == ["Edited", "Post 2"]
    assert of_kind(changed, Activity)[0].key == of_kind(page, Activity)[0].key
    assert changed.cursor != page.cursor


def test_entries_that_drop_off_the_end_are_not_withdrawn(server):
    server.put("/feed", rss(item(1), item(2)))
    cursor = read(server).cursor
    server.put("/feed", rss())
    page = read(server, cursor)
    assert of_kind(page, Tombstone) == [] and of_kind(page, Activity) == []
    assert len(of_kind(page, Coverage)) == 1


def test_a_permanent_move_is_remembered_once_the_new_address_gave_a_feed(server):
    server.put("/feed", status=301, Location="/new")
    server.put("/new", "<html>sign in</html>")
    with pytest.raises(UnexpectedAnswer):
        read(server)
    server.put("/new", rss(item(1)))
    cursor = read(server).cursor
    asked = server.asked("/feed")
    page = read(server, cursor)
    assert server.asked("/feed") == asked and titles(page) == ["Post 1"]
    assert of_kind(page, Profile)[0].key == stream_of(server).profile
    del server.routes["/new"]
    server.put("/feed", rss(item(3)))
    assert titles(read(server, page.cursor)) == ["Post 3"]


def test_a_temporary_move_is_not_remembered(server):
    server.put("/feed", status=302, Location="/new")
    server.put("/new", rss(item(1)))
    cursor = read(server).cursor
    read(server, cursor)
    assert server.asked("/feed") == 2


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (410, {}, Gone), (404, {}, Gone), (401, {}, SourceUnavailable), (500, {}, SourceUnavailable), (204, {}, UnexpectedAnswer),
        (304, {}, UnexpectedAnswer), (200, {}, UnexpectedAnswer), (429, {"Retry_After": "600"}, RateLimited),
        (302, {"Location": "/feed"}, UnexpectedAnswer), (302, {"Location": "http://127.0.0.2:8099/"}, SourceUnavailable),
        (302, {"Location": "file:///etc/passwd"}, UnexpectedAnswer), (302, {}, UnexpectedAnswer),
    ],
)  # fmt: skip
def test_every_refusal_is_told_and_deletes_nothing(server, status, headers, error):
    server.put("/feed", status=status, **headers)
    with pytest.raises(error):
        read(server)


def test_how_long_to_wait_is_passed_on(server):
    server.put("/feed", status=429, Retry_After="600")
    with pytest.raises(RateLimited) as caught:
        read(server)
    assert caught.value.until == NOW + timedelta(minutes=10)


BOMB = (
    b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
)


@pytest.mark.parametrize(
    "body",
    [b"<html><title>Sign in</title></html>", b"", b"{}", b"<rss><channel><item><title>x</channel>", BOMB,
     b"x" * 5_000_001],
    ids=["page", "empty", "json", "damaged", "entities", "oversize"],
)  # fmt: skip
def test_nonsense_is_told_and_deletes_nothing(server, body):
    server.put("/feed", body)
    with pytest.raises(UnexpectedAnswer, match=r"deleted|kept"):
        read(server)


def test_a_packed_bomb_and_a_cut_body_are_refused(server):
    server.put("/feed", gzip.compress(b"<rss>" + b" " * 40_000_000), Content_Encoding="gzip")
    with pytest.raises(UnexpectedAnswer, match="more than"):
        read(server)
    server.put("/feed", gzip.compress(rss(item(1)).encode())[:-20], Content_Encoding="gzip")
    with pytest.raises((UnexpectedAnswer, SourceUnavailable)):
        read(server)


def test_a_packed_feed_in_another_encoding_is_read(server):
    text = f'<?xml version="1.0" encoding="iso-8859-1"?>{rss(item(1, title="Grüße"))}'
    server.put_gzip("/feed", text.encode("latin-1"), Content_Type="application/rss+xml")
    assert titles(read(server)) == ["Grüße"]


def test_a_slow_drip_ends_when_the_user_stops_it(server):
    def drip(out: Any) -> None:
        out.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.release.wait(0.02):
            out.write(b" ")
            out.flush()

    server.put_raw("/feed", drip)
    asked = iter([False] * 5)
    with pytest.raises(Cancelled):
        read(server, stop=lambda: next(asked, True))


def test_a_damaged_feed_gives_its_whole_entries_and_is_asked_in_full_again(server):
    server.put("/feed", rss(item(1), item(2))[:-60], conditional=True)
    page = read(server)
    assert titles(page) == ["Post 1"] and len(of_kind(page, Rejected)) == 1 and of_kind(page, Coverage) == []
    read(server, page.cursor)
    assert "if-none-match" not in server.log[1].headers


def test_missing_dates_are_unknown_and_future_ones_kept(server):
    server.put("/feed", rss(item(1, pubDate=""), item(2, pubDate="Fri, 20 Nov 2099 10:00:00 GMT")))
    future, unknown = of_kind(read(server), Activity)
    assert (unknown.published, unknown.precision) == (None, Precision.UNKNOWN)
    assert future.published.year == 2099
    assert of_kind(read(server), Coverage)[0].since == NOW


def test_no_feed_can_overwrite_what_another_one_said(server):
    theirs = "https://other.example/post/1"
    server.put(
        "/feed", rss(item(1, guid=theirs), item(2, guid=f"{server.base}/2"), item(3, guid="tag:other.example,2026:3"))
    )
    native = stream_of(server).profile.native_id
    keys = [activity.key.native_id for activity in of_kind(read(server), Activity)]
    assert keys == [f"{native}#tag:other.example,2026:3", f"{server.base}/2", f"{native}#{theirs}"]


def test_an_id_on_the_feeds_own_host_is_the_worlds_id():
    body = rss(
        item(1, guid="https://blog.example/?p=1"), item(2, guid="tag:blog.example,2026:2"), home="https://blog.example/"
    )
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(200, text=body)))
    stream = Stream(name="x", address="https://blog.example/feed", profile=Key("blog", "https://blog.example/feed"))
    (page,) = SOURCE.pages(LOGIN, stream, "", "", door)
    assert [a.key.native_id for a in of_kind(page, Activity)] == [
        "tag:blog.example,2026:2",
        "https://blog.example/?p=1",
    ]


def test_somebody_elses_entry_has_its_own_profile(server):
    space = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    entries = [item(n, **{"dc:creator": "Ann Example"}) for n in (1, 2, 3)] + [item(4, **{"dc:creator": "Ben Guest"})]
    server.put("/feed", rss(*entries).replace("<rss ", f"<rss {space} "))
    page = read(server)
    main, guest = of_kind(page, Profile)
    assert (main.display_name, main.bio, guest.display_name) == ("Ann Example", "Ann writes", "Ben Guest")
    actors = [activity.actor for activity in of_kind(page, Activity)]
    assert actors == [guest.key, main.key, main.key, main.key]
    server.put(
        "/feed", rss(*[item(n, **{"dc:creator": "Ben Guest"}) for n in (5, 6)]).replace("<rss ", f"<rss {space} ")
    )
    later = read(server, page.cursor)
    assert {activity.actor for activity in of_kind(later, Activity)} == {guest.key}


@pytest.mark.parametrize("cursor", ["{", "[]", "7", '{"etag": 5, "url": null}', "null"])
def test_a_broken_cursor_reads_anew(server, cursor):
    server.put("/feed", rss(item(1)))
    assert titles(read(server, cursor)) == ["Post 1"]


def test_follow_a_feed_address(server):
    server.put("/feed", rss(item(1)))
    server.put("/", '<link rel="me" href="https://social.example/@ann"><title>Ann</title>')
    stream, profile = SOURCE.follow(f"{server.base}/feed", LOGIN, "", door_to(server))
    assert stream.address == f"{server.base}/feed" and stream.profile == profile.key == stream_of(server).profile
    assert stream.title == "Ann writes" and profile.known
    assert profile.addresses == (
        Address(kind=AddressKind.WEB, value=f"https://{server.host}"),
        Address(kind=AddressKind.WEB, value="https://social.example/@ann"),
    )
    assert SOURCE.streams(LOGIN, (stream,)) == (stream,)


def test_follow_a_page_that_names_its_feed(server):
    server.put(
        "/blog",
        '<link rel="alternate" type="application/atom+xml" href="/a.xml"><a rel=me href="https://x.example/ann">',
    )
    server.put("/a.xml", rss(item(1), home="/blog"))
    stream, profile = SOURCE.follow(f"{server.base}/blog", LOGIN, "", door_to(server))
    assert stream.address == f"{server.base}/a.xml"
    assert "https://x.example/ann" in {address.value for address in profile.addresses}
    assert not any(address.vouched for address in profile.addresses)


def test_follow_guesses_where_the_page_is_silent(server):
    server.put("/blog", "<html>hello</html>")
    server.put("/atom.xml", rss(item(1)))
    assert SOURCE.follow(f"{server.base}/blog", LOGIN, "", door_to(server))[0].address == f"{server.base}/atom.xml"


def test_follow_takes_the_lasting_address_of_a_moved_feed(server):
    server.put("/old", status=301, Location="/feed")
    server.put("/feed", rss(item(1)))
    assert SOURCE.follow(f"{server.base}/old", LOGIN, "", door_to(server))[0].address == f"{server.base}/feed"


def test_follow_says_when_there_is_no_feed_and_asks_a_bounded_number_of_times(server):
    server.put("/blog", "<html>" + '<link rel="alternate" type="application/rss+xml" href="/x">' * 300)
    with pytest.raises(UserMistake, match="No feed"):
        SOURCE.follow(f"{server.base}/blog", LOGIN, "", door_to(server))
    assert len(server.log) <= 13


@pytest.mark.parametrize(
    "address", ["", "two words", "javascript:alert(1)", "ftp://blog.example/feed", "file:///etc/passwd"]
)
def test_follow_refuses_what_is_no_web_address(address):
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(500)))
    with pytest.raises((UserMistake, UnexpectedAnswer)):
        SOURCE.follow(address, LOGIN, "", door)


def test_a_page_may_not_name_a_private_feed():
    def world(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "blog.example"
        return httpx.Response(200, text='<link rel="alternate" type="application/rss+xml" href="http://10.0.0.1/feed">')

    with pytest.raises((UserMistake, SourceUnavailable)):
        SOURCE.follow("blog.example", LOGIN, "", Door(transport=httpx.MockTransport(world)))


def test_an_address_typed_without_its_scheme_is_tried_with_and_without_encryption(server):
    server.put("/feed", rss(item(1)))
    stream, _ = SOURCE.follow(f"{server.host}/feed", LOGIN, "", door_to(server))
    assert stream.address == f"{server.base}/feed"
    with pytest.raises(SourceUnavailable):
        SOURCE.follow(f"https://{server.host}/feed", LOGIN, "", door_to(server))


YOUTUBE = """<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">
<yt:channelId>aaaaaaaaaaaaaaaaaaaaaa</yt:channelId><title>Acme Tools</title><author><name>Acme Tools</name></author>
<entry><id>yt:video:v1</id><title>Press</title><author><name>Acme Tools</name></author>
<link rel="alternate" href="https://www.youtube.com/watch?v=v1"/><published>2026-11-20T10:00:00+00:00</published></entry></feed>"""


def test_a_youtube_handle_is_followed_through_its_page():
    channel = "UCaaaaaaaaaaaaaaaaaaaaaa"

    def youtube(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/feeds/videos.xml" and request.url.params["channel_id"] == channel:
            return httpx.Response(200, text=YOUTUBE)
        return httpx.Response(200, text=f'<meta itemprop="identifier" content="{channel}">')

    door = Door(transport=httpx.MockTransport(youtube))
    stream, profile = SOURCE.follow("youtube.com/@acme", LOGIN, "", door)
    assert (stream.profile, profile.display_name) == (Key("youtube", channel), "Acme Tools")
    (page,) = SOURCE.pages(LOGIN, stream, "", "", door)
    (video,) = of_kind(page, Activity)
    assert (video.key, video.kind, video.actor) == (Key("youtube", "yt:video:v1"), Kind.VIDEO, stream.profile)


def test_a_youtube_404_is_never_taken_for_gone():
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(404)))
    stream = Stream(
        name="x", address="https://www.youtube.com/feeds/videos.xml?channel_id=UCx", profile=Key("youtube", "UCx")
    )
    with pytest.raises(SourceUnavailable):
        list(SOURCE.pages(LOGIN, stream, "", "", door))


def test_a_reddit_user_has_comments_and_the_name_without_its_prefix():
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>overview for ann</title><entry><author><name>/u/ann</name>
    <uri>https://www.reddit.com/user/ann</uri></author><content type="html">&lt;!-- SC_OFF --&gt;&lt;p&gt;We
    &lt;script&gt;x&lt;/script&gt;moved&lt;/p&gt;</content><id>t1_abc</id><link href="https://www.reddit.com/r/erp/x"/>
    <updated>2026-11-20T10:00:00+00:00</updated><title>/u/ann on Moving?</title></entry></feed>"""
    door = Door(transport=httpx.MockTransport(lambda request: httpx.Response(200, text=body)))
    stream, profile = SOURCE.follow("https://www.reddit.com/user/ann", LOGIN, "", door)
    (page,) = SOURCE.pages(LOGIN, stream, "", "", door)
    (comment,) = of_kind(page, Activity)
    assert (profile.display_name, profile.handle) == ("ann", "ann")
    assert (comment.kind, comment.text, comment.key) == (Kind.COMMENT, "We moved", Key("reddit", "t1_abc"))
    assert comment.actor == profile.key == Key("reddit", "https://reddit.com/user/ann")


def test_a_page_like_a_forum_that_is_none_is_searched_as_a_page():
    def world(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/u/ann":
            return httpx.Response(200, text='<link rel="alternate" type="application/rss+xml" href="/feed.xml">')
        if request.url.path == "/feed.xml":
            return httpx.Response(200, text=rss(item(1)))
        return httpx.Response(404)

    stream, _ = SOURCE.follow("https://blog.example/u/ann", LOGIN, "", Door(transport=httpx.MockTransport(world)))
    assert stream.address == "https://blog.example/feed.xml" and stream.profile.place == "blog"


def test_a_feed_says_when_it_wants_to_be_asked_again_also_when_nothing_changed(server):
    server.put("/feed", rss(item(1)).replace("<title>Ann", "<ttl>120</ttl><title>Ann"), conditional=True)
    first = read(server)
    assert first.again == NOW + timedelta(hours=2)
    second = read(server, first.cursor)
    assert second.unchanged and second.again == NOW + timedelta(hours=2)


@pytest.mark.parametrize("status", [404, 410])
def test_a_feed_that_is_gone_is_found_where_the_page_of_the_blog_names_it_now(server, status):
    server.put("/feed", rss(item(2), item(1)))
    before = read(server)
    server.put("/feed", "", status=status)
    server.put("/", '<link rel="alternate" type="application/rss+xml" href="/comments/feed"><link rel="alternate" type="application/rss+xml" href="/new">')
    server.put("/new", rss(item(3), item(2)))
    after = read(server, before.cursor)
    assert titles(after) == ["Post 2", "Post 3"]
    assert SOURCE.asked_at(stream_of(server), after.cursor) == f"{server.base}/new"
    asked = len(server.log)
    read(server, after.cursor)
    assert [request.path for request in server.log[asked:]] == ["/new"]


def test_another_feed_on_the_page_of_one_that_is_gone_is_named_and_not_taken(server):
    server.put("/feed", rss(item(2), item(1)))
    before = read(server)
    server.put("/feed", "", status=410)
    server.put("/", '<link rel="alternate" type="application/rss+xml" href="/new">')
    server.put("/new", rss(item(8, link="/casino")))
    with pytest.raises(Gone, match=r"names another feed now, http://[^ ]+/new: follow that one if it is theirs") as told:
        read(server, before.cursor)
    assert told.value.rest == FOR_GOOD
    server.put("/", "no feed here")
    with pytest.raises(Gone, match=r"does not exist any more\. What was read before is kept\.$"):
        read(server, before.cursor)
