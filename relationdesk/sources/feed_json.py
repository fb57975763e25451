"""JSON Feed 1.0 and 1.1, and the bare list of bookmarks that Pinboard gives, as neutral entries. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relationdesk.errors import UnexpectedAnswer
from relationdesk.saying import say
from relationdesk.sources.feed_dates import feed_date
from relationdesk.sources.feed_entries import (
    MAX_ENTRIES,
    MAX_ENTRY_TEXT,
    NOT_A_FEED,
    Document,
    Entry,
    absolute,
    first_date,
    gathered,
    identity,
    plain,
    tags_of,
    words,
)
from relationdesk.sources.feed_pace import NO_WISH, rhythm
from relationdesk.sources.json_reader import read_json
from relationdesk.text import tidy


def read_json_feed(text: str, url: str) -> Document:
    """JSON Feed 1.0 and 1.1, and the bare list of bookmarks that Pinboard gives."""
    try:
        data = read_json(text)
    except ValueError as e:
        raise UnexpectedAnswer(say(NOT_A_FEED)) from e
    if isinstance(data, list) and data and all(isinstance(item, dict) and "u" in item for item in data):
        entries, rejected = gathered(data[: MAX_ENTRIES + 1], _bookmark)
        return Document(title=_string(data[0], "a"), author=_string(data[0], "a"), entries=entries, rejected=rejected)
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise UnexpectedAnswer(say(NOT_A_FEED))
    if "jsonfeed.org" not in str(data.get("version", "")):
        raise UnexpectedAnswer(say(NOT_A_FEED))
    home = absolute(url, _string(data, "home_page_url"))
    author, author_url = _json_author(data, url)
    entries, rejected = gathered(data["items"], lambda item: _json_item(item, home or url))
    return Document(
        title=plain(_string(data, "title")), url=home, author=author, author_url=author_url,
        entries=entries, rejected=rejected, rhythm=rhythm("", "daily", "", [], []) if data.get("expired") is True else NO_WISH,
    )  # fmt: skip


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return tidy(str(value))


def _json_author(data: Mapping[str, Any], base: str) -> tuple[str, str]:
    authors = data.get("authors")
    found = authors[0] if isinstance(authors, list) and authors else data.get("author")
    if not isinstance(found, dict):
        return "", ""
    return plain(_string(found, "name")), absolute(base, _string(found, "url"))


def _json_item(item: object, base: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    link = absolute(base, _string(item, "url"))
    about = absolute(base, _string(item, "external_url"))
    title = plain(_string(item, "title"))
    markup, bare = _string(item, "content_html"), _string(item, "content_text")
    text = words(markup) if markup else tidy(bare or _string(item, "summary"), MAX_ENTRY_TEXT)
    date, edited = _string(item, "date_published"), _string(item, "date_modified")
    published, precision = first_date([date, edited])
    key = identity(_string(item, "id"), link or about, title, date or edited, text)
    if not key:
        return None
    tags = item.get("tags")
    author, author_url = _json_author(item, base)
    return Entry(
        id=key, url=link or about, title=title, text=text, author=author, author_url=author_url, published=published,
        precision=precision, edited=feed_date(edited)[0], about=about if link else "",
        tags=tags_of([str(tag) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []),
    )  # fmt: skip


def _bookmark(item: Mapping[str, Any]) -> Entry | None:
    link = absolute("", _string(item, "u"))
    if not link:
        return None
    published, precision = feed_date(_string(item, "dt"))
    tags = item.get("t")
    return Entry(
        id=link, url=link, title=plain(_string(item, "d")), text=tidy(_string(item, "n"), MAX_ENTRY_TEXT),
        author=plain(_string(item, "a")), published=published, precision=precision,
        tags=tags_of([str(tag) for tag in tags] if isinstance(tags, list) else []),
    )  # fmt: skip
