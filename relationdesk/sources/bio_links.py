"""Where somebody's bio and profile fields lead: pages and mail addresses in a piece of HTML, or in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from relationdesk.markup import html_to_text
from relationdesk.model import Address, AddressKind
from relationdesk.sources.json_fields import web
from relationdesk.text import canonical_url, mail_address

_LONGEST = 2_000
"""Characters of an address; a longer one leads nowhere."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        if tag == "a" and "mention" not in classes and "hashtag" not in classes and len(self.found) < 50:
            self.found.append(values.get("href", ""))


def addresses_in(markup: str, *, vouched: bool) -> Iterator[Address]:
    """The pages and mail addresses to which a piece of HTML leads, mentions and hashtags left out."""
    return (address for address in _led_to(markup, vouched=vouched) if len(address.value) <= _LONGEST)


def _led_to(markup: str, *, vouched: bool) -> Iterator[Address]:
    parser = _Links()
    try:
        parser.feed(markup)
    except (AssertionError, ValueError):
        return
    for link in parser.found:
        if link.lower().startswith("mailto:"):
            yield Address(kind=AddressKind.MAIL, value=mail_address(link[7:]))
        elif canonical := canonical_url(link) if web(link) else "":
            yield Address(kind=AddressKind.WEB, value=canonical, vouched=vouched)
    words = html_to_text(markup)
    if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", words):
        yield Address(kind=AddressKind.MAIL, value=mail_address(words))


def addresses_said(words: str, *pages: str) -> Iterator[Address]:
    """The pages named apart, then what plain words lead to; nothing of it is vouched for. Bare words with a dot in them are no
    addresses."""
    for link in [*pages, *re.findall(r"https?://[^\s<>\"']+", words[:20_000])[:50]]:
        canonical = canonical_url(link.rstrip(".,;:!?)"))
        if canonical and len(canonical) <= _LONGEST:
            yield Address(kind=AddressKind.WEB, value=canonical)
    for word in words[:20_000].split():
        if "@" in word[1:] and (mail := mail_address(word)) and re.fullmatch(r"[^@]+@[^@]+\.[a-z]{2,}", mail):
            yield Address(kind=AddressKind.MAIL, value=mail)
