"""Links that leave the desk: encoded, never too long, and never another scheme or host than meant."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from relationdesk.engage import pages

NASTY = "a&b=c#d?e %0A\n\"<script>' +é日本 👍"


def test_a_mail_holds_what_was_typed() -> None:
    page, whole = pages.mail_page("joe@hotel.example", NASTY, NASTY)
    assert whole and page.startswith("mailto:joe@hotel.example?subject=") and page.isascii() and "+" not in page and "#" not in page
    said = parse_qs(urlsplit(page).query)
    assert said["subject"] == [NASTY] and said["body"] == [NASTY.replace("\n", "\r\n")]
    assert pages.mail_page("", "", "") == ("mailto:", True)
    assert pages.mail_page("x?bcc=y@z.example", "", "")[0] == "mailto:x%3Fbcc%3Dy@z.example"


@pytest.mark.parametrize("letter", ["x", "é", "日", "👍", "\n"])
def test_what_is_too_long_ends_in_an_ellipsis(letter: str) -> None:
    page, whole = pages.mail_page("joe@hotel.example", "Hello", letter * 3000)
    assert not whole and pages.MOST_LINK - 40 < len(page) <= pages.MOST_LINK
    body = unquote(page.partition("body=")[2]).replace("\r\n", "\n")
    assert body.endswith("…") and set(body[:-1]) == {letter}


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://hotel.example/@joe/1", True), ("http://hotel.example", True), ("javascript:alert(1)", False), ("https://", False), ("mailto:a@b.example", False),
        ("https://a@hotel.example/", False), ("https://hotel.example/a b", False), ("https://hotel.example:99999/", False), ("https://[::1", False), ("", False),
    ],
)  # fmt: skip
def test_only_web_pages_are_pages(address: str, is_one: bool) -> None:
    assert pages.is_page(address) is is_one
