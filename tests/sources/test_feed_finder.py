"""From the addresses people paste to the feeds behind them."""

from __future__ import annotations

import pytest

from relationdesk.sources.feed_finder import guesses, known, page_links, place_of

CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"
VIDEOS = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("url", "place", "feed", "native"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", "youtube", f"{VIDEOS}?channel_id={CHANNEL}", CHANNEL),
        (f"{VIDEOS}?channel_id={CHANNEL}", "youtube", f"{VIDEOS}?channel_id={CHANNEL}", CHANNEL),
        ("https://youtube.com/playlist?list=PLabcdefghij12", "youtube", f"{VIDEOS}?playlist_id=PLabcdefghij12",
         "playlist:PLabcdefghij12"),
        ("https://m.youtube.com/user/acme", "youtube", f"{VIDEOS}?user=acme", ""),
        ("https://www.youtube.com/@acme", "youtube", "", ""),
        ("https://www.youtube.com/c/acme", "youtube", "", ""),
        ("https://github.com/Ann", "github", "https://github.com/Ann.atom", "https://github.com/ann"),
        ("https://github.com/Ann.atom", "github", "https://github.com/Ann.atom", "https://github.com/ann"),
        ("https://github.com/acme/App", "github", "https://github.com/acme/App/releases.atom", "https://github.com/acme/app"),
        ("https://github.com/acme/App/commits/main.atom", "github", "https://github.com/acme/App/commits/main.atom",
         "https://github.com/acme/app/commits"),
        ("https://github.com/acme/app/commits", "github", "https://github.com/acme/app/commits.atom",
         "https://github.com/acme/app/commits"),
        ("https://old.reddit.com/u/Ann", "reddit", "https://www.reddit.com/user/Ann/.rss", "https://reddit.com/user/ann"),
        ("https://www.reddit.com/r/erp/", "reddit", "https://www.reddit.com/r/erp/.rss", "https://reddit.com/r/erp"),
        ("https://www.reddit.com/user/ann/.rss?feed=x&user=ann", "reddit",
         "https://www.reddit.com/user/ann/.rss?feed=x&user=ann", "https://reddit.com/user/ann"),
        ("https://www.flickr.com/photos/12@N00/", "flickr",
         "https://www.flickr.com/services/feeds/photos_public.gne?id=12@N00&lang=en-us&format=atom", "12@N00"),
        ("https://www.flickr.com/photos/ann", "flickr", "", ""),
        ("https://medium.com/@Ann", "medium", "https://medium.com/feed/@Ann", "https://medium.com/@ann"),
        ("https://medium.com/feed/@Ann", "medium", "https://medium.com/feed/@Ann", "https://medium.com/@ann"),
        ("https://ann.medium.com/some-story", "medium", "https://ann.medium.com/feed", "https://ann.medium.com"),
        ("https://ann.substack.com/p/1", "substack", "https://ann.substack.com/feed", "https://ann.substack.com"),
        ("https://substack.com/@Ann", "substack", "https://ann.substack.com/feed", "https://ann.substack.com"),
        ("https://ann.tumblr.com/post/1", "tumblr", "https://ann.tumblr.com/rss", "https://ann.tumblr.com"),
        ("https://www.tumblr.com/blog/view/ann", "tumblr", "https://ann.tumblr.com/rss", "https://ann.tumblr.com"),
        ("https://www.tumblr.com/ann/123/x", "tumblr", "https://ann.tumblr.com/rss", "https://ann.tumblr.com"),
        ("https://pinboard.in/u:ann", "pinboard", "https://feeds.pinboard.in/rss/u:ann/", "https://pinboard.in/u:ann"),
        ("https://forum.example/u/Ann/summary", "discourse", "https://forum.example/u/Ann/activity.rss",
         "https://forum.example/u/ann"),
    ],
)  # fmt: skip
def test_known_addresses(url, place, feed, native):
    found = known(url)
    assert found is not None
    assert (found.place, found.feed_url, found.native_id) == (place, feed, native)
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    ["https://blog.example/", "https://github.com/", "https://github.com/features", "https://gist.github.com/ann",
     "https://reddit.com/", "https://notgithub.com/ann", "https://github.com.evil.example/ann", "http://[::1", "", "x",
     "https://medium.com/tag/erp", "https://pinboard.in/popular"],
)  # fmt: skip
def test_other_addresses_are_not_known(url):
    assert known(url) is None and place_of(url) == "blog"


def test_links_of_a_page():
    page = page_links(
        """<!doctype html><title> Ann &amp; co </title><base href="/de/">
        <link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed/">
        <link rel='ALTERNATE home' type='Application/Atom+XML; charset=utf-8' href=feed.xml>
        <link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" type="text/html" href="/m">
        <link rel="alternate" type="application/json" href="https://blog.example/wp-json/wp/v2/pages/1">
        <link rel="me" href="https://social.example/@ann"><a rel="nofollow me" href="//code.example/ann">x</a>
        <a rel="me" href="javascript:x">x</a><a rel="me" href="mailto:a@b.example">x</a>
        <link rel="canonical" href="https://blog.example/">""",
        "https://blog.example/x",
    )
    assert page.feeds == (
        "https://blog.example/de/feed.xml", "https://blog.example/de/comments/feed/",
        "https://blog.example/wp-json/wp/v2/pages/1",
    )  # fmt: skip
    assert page.rel_me == ("https://social.example/@ann", "https://code.example/ann")
    assert (page.canonical, page.title) == ("https://blog.example/", "Ann & co")


def test_a_channel_page_names_its_feed():
    feed = f"{VIDEOS}?channel_id={CHANNEL}"
    by_meta = page_links(f'<meta itemprop="identifier" content="{CHANNEL}">', "https://www.youtube.com/@acme")
    by_link = page_links(
        f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{feed}">', "https://www.youtube.com/@acme"
    )
    assert by_meta.feeds == by_link.feeds == (feed,)


@pytest.mark.parametrize(
    "text", ["", "<", "<![bad", "<a " * 100_000, "<link rel=me href=" + "x" * 500_000, "\0" * 1000]
)
def test_nonsense_has_no_links(text):
    assert page_links(text, "https://blog.example/").feeds == ()


def test_guesses_begin_nearby():
    found = guesses("https://blog.example/team/ann/?x=1")
    assert found[:3] == (
        "https://blog.example/team/ann/feed", "https://blog.example/team/ann/rss", "https://blog.example/feed",
    )  # fmt: skip
    assert guesses("https://blog.example")[0] == "https://blog.example/feed" and len(found) <= 12
