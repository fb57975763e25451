"""What a typed text may mean, over all places, open and closed ones; and that reading it asks nobody and ends."""

from __future__ import annotations

import pytest

from relationdesk.sources.handle_pages import SITES
from relationdesk.sources.handles import BARE, called, meant_by

ONE = [
    # the fediverse
    ("@joe@hotel.example", "mastodon", "joe@hotel.example", "https://hotel.example/users/joe"),
    ("acct:joe@hotel.example", "mastodon", "joe@hotel.example", "https://hotel.example/users/joe"),
    ("  <@Joe@Hotel.Example>. ", "mastodon", "Joe@hotel.example", "https://hotel.example/users/Joe"),
    ("@joe@localhost:3000", "mastodon", "joe@localhost:3000", "https://localhost:3000/users/joe"),
    ("mastodon:joe@hotel.example", "mastodon", "joe@hotel.example", "https://hotel.example/users/joe"),
    # Bluesky
    ("joe.bsky.social", "bluesky", "joe.bsky.social", "@joe.bsky.social"),
    ("@joe.bsky.social", "bluesky", "joe.bsky.social", "@joe.bsky.social"),
    ("@joe.example", "bluesky", "joe.example", "@joe.example"),
    ("https://bsky.app/profile/Joe.example/post/3lxyz", "bluesky", "joe.example", "@joe.example"),
    ("https://bsky.app/profile/did:plc:abc123abc123abc123abc123", "bluesky", "", "did:plc:abc123abc123abc123abc123"),
    ("did:plc:abc123abc123abc123abc123", "bluesky", "", "did:plc:abc123abc123abc123abc123"),
    ("at://joe.example/app.bsky.feed.post/3lxyz", "bluesky", "joe.example", "@joe.example"),
    # forges
    ("https://github.com/joe-b", "github", "joe-b", "@joe-b"),
    ("github.com/Joe/tool/issues/5", "github", "Joe", "@joe"),
    ("github:joe", "github", "joe", "@joe"),
    ("https://gist.github.com/joe/123", "github", "joe", "@joe"),
    ("https://gitlab.com/joe.b", "gitlab", "joe.b", "@joe.b"),
    # talk
    ("https://news.ycombinator.com/user?id=JoeB", "hackernews", "JoeB", "JoeB"),
    ("hn:JoeB", "hackernews", "JoeB", "JoeB"),
    ("u/Joe_B", "reddit", "Joe_B", "https://reddit.com/user/joe_b"),
    ("https://old.reddit.com/user/Joe_B/comments/", "reddit", "Joe_B", "https://reddit.com/user/joe_b"),
    ("https://stackoverflow.com/users/22656/joe-brown?tab=profile", "stackexchange", "joe-brown", "https://stackoverflow.com/users/22656"),
    ("https://cooking.stackexchange.com/users/5", "stackexchange", "5", "https://cooking.stackexchange.com/users/5"),
    # pictures, films, words
    ("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "youtube", "", "UCabcdefghijklmnopqrstuv"),
    ("https://youtube.com/@joe", "youtube", "joe", "https://youtube.com/@joe"),
    ("https://www.flickr.com/photos/12345@N01/", "flickr", "12345@N01", "12345@N01"),
    ("https://medium.com/@joe/a-story-12ab", "medium", "joe", "https://medium.com/@joe"),
    ("joe.medium.com", "medium", "joe", "https://joe.medium.com"),
    ("https://joe.substack.com/p/first", "substack", "joe", "https://joe.substack.com"),
    ("https://joe.tumblr.com/post/1", "tumblr", "joe", "https://joe.tumblr.com"),
    ("https://pinboard.in/u:joe", "pinboard", "joe", "https://pinboard.in/u:joe"),
    ("https://vimeo.com/joeb", "vimeo", "joeb", "@joeb"),
    ("https://raindrop.io/joe", "raindrop", "joe", "@joe"),
    ("https://www.meetup.com/members/12345/", "meetup", "12345", "12345"),
    # closed or dead
    ("https://x.com/joe_b/status/123", "x", "joe_b", "@joe_b"),
    ("https://mobile.twitter.com/Joe_B?s=20", "x", "Joe_B", "@joe_b"),
    ("https://twitter.com/intent/user?screen_name=joe", "x", "joe", "@joe"),
    ("twitter:@joe", "x", "joe", "@joe"),
    ("https://de.linkedin.com/in/Joe-Brown-123/?trk=x", "linkedin", "joe-brown-123", "joe-brown-123"),
    ("linkedin.com/in/zo%C3%AB", "linkedin", "zoë", "zoë"),
    ("https://www.facebook.com/joe.brown", "facebook", "joe.brown", "joe.brown"),
    ("https://m.facebook.com/profile.php?id=1000123", "facebook", "1000123", "1000123"),
    ("https://www.facebook.com/people/Joe-Brown/1000123/", "facebook", "1000123", "1000123"),
    ("https://www.instagram.com/Joe.B/", "instagram", "Joe.B", "joe.b"),
    ("https://www.threads.net/@joe", "threads", "joe", "joe"),
    ("https://myspace.com/joe", "myspace", "joe", "@joe"),
    ("http://del.icio.us/joe/energy", "delicious", "joe", "@joe"),
    ("https://www.xing.com/profile/Joe_Brown", "xing", "Joe_Brown", "@joe_brown"),
    ("https://t.me/joebrown", "telegram", "joebrown", "@joebrown"),
    ("https://wa.me/4915112345678", "whatsapp", "+4915112345678", "+4915112345678"),
    # reach
    ("mailto:Joe@Hotel.example?subject=x", "mail", "joe@hotel.example", "joe@hotel.example"),
    ("joe@gmail.com", "mail", "joe@gmail.com", "joe@gmail.com"),
    ("joe [at] gmail (dot) com", "mail", "joe@gmail.com", "joe@gmail.com"),
    ("@joe @ hotel.example", "mastodon", "joe@hotel.example", "https://hotel.example/users/joe"),
    # as phones and other programs hand it on
    ("https://m.youtube.com/@joe", "youtube", "joe", "https://youtube.com/@joe"),
    ("https://www.google.com/url?q=https://github.com/joe&sa=D", "github", "joe", "@joe"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fbsky.app%2Fprofile%2Fjoe.example&h=AT0", "bluesky", "joe.example", "@joe.example"),
    ("https://l.instagram.com/?u=https%3A%2F%2Fwww.xing.com%2Fprofile%2FJoe_Brown", "xing", "Joe_Brown", "@joe_brown"),
    ("https://www.linkedin.com/safety/go?url=https%3A%2F%2Fgithub.com%2Fjoe&trk=x", "github", "joe", "@joe"),
    ("https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fde.linkedin.com%2Fin%2Fjoe-b&data=05", "linkedin", "joe-b", "joe-b"),
    ("https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fgithub.com%2Fjoe", "github", "joe", "@joe"),
    # own pages
    ("https://www.tiktok.com/@joe?lang=de", "blog", "", "https://tiktok.com/@joe?lang=de"),
    ("https://hub.docker.com/u/joe", "blog", "", "https://hub.docker.com/u/joe"),
    ("https://backofhouse.example/about?utm_source=x", "blog", "", "https://backofhouse.example/about"),
    ("http://127.0.0.1:8080/blog", "blog", "", "https://127.0.0.1:8080/blog"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "handle", "native"), ONE, ids=[case[0] for case in ONE])
def test_what_can_mean_only_one(text: str, place: str, handle: str, native: str) -> None:
    (found,) = meant_by(text)
    assert (found.place, found.handle, found.native_id, found.sure) == (place, handle, native, True)


SEVERAL = [
    ("joe@hotel.example", ["mail", "mastodon"]),
    ("backofhouse.example", ["blog", "bluesky"]),
    ("https://hotel.example/@joe", ["mastodon", "blog"]),
    ("joe @ hotel.example", ["mail", "mastodon"]),
    ("www.backofhouse.example", ["blog", "bluesky"]),
    ("https://hotel.example/@joe/1134", ["mastodon", "blog"]),
    ("https://hotel.example/@joe@far.example", ["mastodon", "blog"]),
    ("https://hotel.example/users/joe", ["mastodon", "blog"]),
    ("https://forum.example/u/joe/summary", ["discourse", "blog"]),
    ("+49 151 1234-5678", ["phone", "whatsapp"]),
    ("@joe_b", ["x", "instagram", "threads", "reddit", "youtube", "telegram", "gitlab", "hackernews"]),
]


@pytest.mark.parametrize(("text", "places"), SEVERAL, ids=[case[0] for case in SEVERAL])
def test_what_may_mean_several(text: str, places: list[str]) -> None:
    found = meant_by(text)
    assert sorted(one.place for one in found) == sorted(places) and found[0].place == places[0]
    assert not any(one.sure for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "Joe Brown", "Zoë", "https://github.com/settings", "https://x.com/home", "https://www.linkedin.com/company/acme",
        "https://www.facebook.com/groups/123", "https://reddit.com/r/energy", "ftp://joe.example/", "file:///etc/passwd", "javascript:alert(1)",
        "https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%3A%2F%2Fx.com%2Fhome", "https://", "http://[::1", "https://joe:pw@hotel.example/@joe", "did:", "@", "@@", "x:", "tel:", "x" * 5000, "https://x.com/" + "a" * 3000,
        "https://youtu.be/abc", "https://www.youtube.com/watch?v=abc", "\ud800", "\0", "//host/share", "\\\\host\\share",
    ],
)  # fmt: skip
def test_what_means_nobody(text: str) -> None:
    assert meant_by(text) == ()


def test_a_name_beside_an_address_is_kept() -> None:
    assert [(one.place, one.name) for one in meant_by('"Joe Brown" <joe@gmail.com>')] == [("mail", "Joe Brown")]


def test_a_name_alone_and_the_page_made_of_it_mean_the_same() -> None:
    for place in (*BARE, *(site.place for site in SITES), "linkedin", "medium", "tumblr", "substack", "pinboard", "facebook"):
        one = called(place, "12345678" if place == "meetup" else "joebrown")
        assert one is not None and one.place == place, place
        again = meant_by(one.page)
        assert again and (again[0].place, again[0].native_id) == (one.place, one.native_id), place


@pytest.mark.parametrize(("place", "handle"), [("x", "a b"), ("github", "joe/../x"), ("mastodon", "joe"), ("nowhere", "joe"), ("x", "home"), ("hackernews", "a?b")])
def test_a_name_that_cannot_be_one(place: str, handle: str) -> None:
    assert called(place, handle) is None


def test_long_and_odd_texts_take_linear_time() -> None:
    for text in ("@" * 1999, "a." * 900, "a@" * 900, "<" * 1999, "u/" * 900, "https://x.com/" + "/" * 1900, "+" + "1" * 1900, "https://h.example/u/" + "." * 1900):
        meant_by(text)


def test_a_domain_as_a_handle_goes_without_www() -> None:
    assert [one.handle for one in meant_by("www.backofhouse.example") if one.place == "bluesky"] == ["backofhouse.example"]
