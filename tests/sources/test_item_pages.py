"""Addresses of single things that people did: which place, whose, and under which ids the place would tell of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relationdesk.model import Kind
from relationdesk.sources.item_pages import item_page

CASES = [
    ("https://hotel.example/@joe/113400000000000001", "mastodon", "https://hotel.example/users/joe/statuses/113400000000000001", Kind.POST, "joe@hotel.example"),
    ("https://bsky.app/profile/did:plc:abcdefgh/post/3lxyz", "bluesky", "at://did:plc:abcdefgh/app.bsky.feed.post/3lxyz", Kind.POST, ""),
    ("https://bsky.app/profile/joe.example/post/3lxyz", "bluesky", "at://did:plc:joe/app.bsky.feed.post/3lxyz", Kind.POST, "joe.example"),
    ("https://mobile.twitter.com/joe_b/status/1591234567890123456?s=20", "x", "1591234567890123456", Kind.POST, "joe_b"),
    ("https://www.linkedin.com/posts/joe_energy-activity-7123456789012345678-abcd", "linkedin", "urn:li:activity:7123456789012345678", Kind.POST, None),
    ("https://www.linkedin.com/pulse/why-meters-joe-brown/", "linkedin", "https://linkedin.com/pulse/why-meters-joe-brown", Kind.ARTICLE, None),
    ("https://news.ycombinator.com/item?id=123", "hackernews", "123", Kind.POST, None),
    ("https://old.reddit.com/r/energy/comments/abc123/title/", "reddit", "t3_abc123", Kind.POST, None),
    ("https://www.reddit.com/r/energy/comments/abc123/title/def456/", "reddit", "t1_def456", Kind.COMMENT, None),
    ("https://youtu.be/dQw4w9WgXcQ", "youtube", "yt:video:dQw4w9WgXcQ", Kind.VIDEO, None),
    ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "youtube", "yt:video:dQw4w9WgXcQ", Kind.VIDEO, None),
    ("https://github.com/o/r/issues/5#issuecomment-123", "github", "https://github.com/o/r/issues/5#issuecomment-123", Kind.COMMENT, None),
    ("https://www.facebook.com/joe.brown/posts/123", "facebook", "https://facebook.com/joe.brown/posts/123", Kind.POST, "joe.brown"),
    ("https://www.instagram.com/p/abc/", "instagram", "https://instagram.com/p/abc", Kind.PHOTO, None),
    ("https://medium.com/@joe/why-12ab", "medium", "https://medium.com/@joe/why-12ab", Kind.ARTICLE, "joe"),
    ("https://forum.example/t/meters/123/4", "discourse", "https://forum.example/t/meters/123/4", Kind.POST, None),
    ("http://news.example/a/b?utm_source=x", "web", "https://news.example/a/b", Kind.ARTICLE, None),
]  # fmt: skip


@pytest.mark.parametrize(("url", "place", "mark", "kind", "handle"), CASES, ids=[case[0] for case in CASES])
def test_what_an_address_tells(url: str, place: str, mark: str, kind: Kind, handle: str | None) -> None:
    page = item_page(url)
    assert page is not None and (page.place, page.kind, page.who.handle if page.who else None) == (place, kind, handle)
    assert mark in page.marks("did:plc:joe") and url in page.marks()


def test_a_comment_is_not_taken_for_the_page_it_stands_on() -> None:
    page = item_page("https://github.com/o/r/issues/5#issuecomment-123")
    assert page is not None and "https://github.com/o/r/issues/5" not in page.marks()


def test_whose_it_is_by_a_handle_alone_names_no_id_yet() -> None:
    page = item_page("https://bsky.app/profile/joe.example/post/3lxyz")
    assert page is not None and not any("{" in mark or mark.startswith("at:") for mark in page.marks())


def test_some_numbers_hold_their_own_second() -> None:
    for url, at in (
        ("https://x.com/joe/status/1591234567890123456", datetime(2022, 11, 12, 1, 0, 59, tzinfo=UTC)),
        ("https://www.linkedin.com/feed/update/urn:li:activity:7123456789012345678/", datetime(2023, 10, 26, 23, 54, 5, tzinfo=UTC)),
        ("https://hotel.example/@joe/113400000000000001", None),
    ):
        page = item_page(url)
        assert page is not None and page.at == at


@pytest.mark.parametrize("text", ["", "joe", "ftp://x.example/a", "javascript:alert(1)", "https://", "http://[::1", "https://x.example/" + "a" * 3000])
def test_what_is_no_address(text: str) -> None:
    assert item_page(text) is None
