"""The exact page on which something is answered by hand, per place, filled in as far as the place allows."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from relationdesk.engage.answers import answer_page
from relationdesk.engage.pages import MOST_LINK, takes_text
from relationdesk.model import Address, AddressKind, Profile
from relationdesk.outgoing import Deed
from tests.facts import did, who

HANDS = "Yes & no"


def said(place: str, id_: str, url: str) -> object:
    return replace(did(who("Joe Brown", place), id_), url=url)


@pytest.mark.parametrize(
    ("place", "id_", "url", "deed", "server", "page"),
    [
        ("x", "123", "https://x.com/joe/status/123", Deed.REPLY, "", "https://x.com/intent/post?in_reply_to=123&text=Yes%20%26%20no"),
        ("x", "hash-of-it", "https://twitter.com/joe/status/77", Deed.LIKE, "", "https://x.com/intent/like?tweet_id=77"),
        ("x", "123", "", Deed.BOOST, "", "https://x.com/intent/retweet?tweet_id=123"),
        ("x", "hash", "https://x.com/joe", Deed.REPLY, "", "https://x.com/joe"),
        ("mastodon", "uri", "https://gridfolk.example/@i/1", Deed.REPLY, "https://hotel.example", "https://hotel.example/authorize_interaction?uri=https%3A%2F%2Fgridfolk.example%2F%40i%2F1"),
        ("mastodon", "uri", "https://gridfolk.example/@i/1", Deed.REPLY, "", "https://gridfolk.example/@i/1"),
        ("mastodon", "uri", "https://gridfolk.example/@i/1", Deed.REPLY, "https://evil/?x=", "https://gridfolk.example/@i/1"),
        ("hackernews", "4711", "https://news.ycombinator.com/item?id=4711", Deed.COMMENT, "", "https://news.ycombinator.com/reply?id=4711"),
        ("linkedin", "u", "https://www.linkedin.com/feed/update/urn:li:activity:1", Deed.COMMENT, "", "https://www.linkedin.com/feed/update/urn:li:activity:1"),
        ("linkedin", "u", "javascript:alert(1)", Deed.COMMENT, "", ""), ("linkedin", "u", "", Deed.LIKE, "", ""),
    ],
)  # fmt: skip
def test_the_page_of_an_item(place: str, id_: str, url: str, deed: Deed, server: str, page: str) -> None:
    assert answer_page(place, deed, said(place, id_, url), None, HANDS, server=server) == page  # type: ignore[arg-type]


PHONE = (Address(kind=AddressKind.PHONE, value="+47 22 33 44 55"),)


@pytest.mark.parametrize(
    ("profile", "page"),
    [
        (who("Joe", "mail", "joe@hotel.example"), "mailto:joe@hotel.example?body=Yes%20%26%20no"),
        (who("Joe", "x", "991", handle="@joe"), "https://x.com/messages/compose?recipient_id=991&text=Yes%20%26%20no"),
        (who("Joe", "reddit", "t2_1", handle="u/joe_b"), "https://www.reddit.com/message/compose/?to=joe_b&message=Yes%20%26%20no"),
        (replace(who("Joe", "whatsapp"), addresses=PHONE), "https://wa.me/4722334455?text=Yes%20%26%20no"),
        (who("Joe", "whatsapp", "0047 22 33 44 55"), "https://wa.me/4722334455?text=Yes%20%26%20no"), (who("Joe", "whatsapp"), ""),
        (who("Joe", "telegram", "1", handle="joe_brown"), "https://t.me/joe_brown"),
        (replace(who("Joe", "discourse", "1", handle="joe"), url="https://talk.example/u/joe"), "https://talk.example/new-message?username=joe&body=Yes%20%26%20no"),
        (replace(who("Joe", "linkedin"), url="https://www.linkedin.com/in/joe"), "https://www.linkedin.com/in/joe"),
        (replace(who("Joe", "linkedin"), url="file:///etc/passwd"), ""), (who("Joe", "slack"), ""),
    ],
)  # fmt: skip
def test_the_page_to_write_to_somebody(profile: Profile, page: str) -> None:
    assert answer_page(profile.key.place, Deed.MESSAGE, None, profile, HANDS) == page
    assert takes_text(page) == ("%26" in page)


@pytest.mark.parametrize("place", ["x", "reddit", "whatsapp", "mail", "discourse"])
def test_never_longer_than_is_taken_and_only_to_that_host(place: str) -> None:
    joe = replace(who("Joe", place, "12345678", handle="joe@evil.example/?x"), addresses=PHONE, url="https://talk.example/u/joe")
    page = answer_page(place, Deed.MESSAGE, None, joe, "日" * 5000)
    assert len(page) <= MOST_LINK and page.isascii()
    assert urlsplit(page).hostname in ("x.com", "www.reddit.com", "wa.me", None, "talk.example")
