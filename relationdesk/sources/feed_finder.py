"""From the address a person gives (a profile, a channel, a blog) to the feed behind it. Pure: asks nobody.

Address forms are the places' own (networks.md 3.8–3.20); whatever no pattern knows is found in the page itself.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

from relationdesk.sources.feed_entries import absolute
from relationdesk.text import canonical_url, one_line

MAX_PAGE = 500_000
"""Characters of a page that are searched for links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an address says by its form. feed_url "": the page has to be read first. native_id: the place's own id
    for the profile, "" if only the feed tells it. certain: False for a pattern that other sites use, too."""

    place: str
    feed_url: str = ""
    native_id: str = ""
    home: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """What a page says about itself. feeds: absolute addresses, posts before comments. rel_me: absolute addresses of
    other profiles the page claims; a claim only, whether they claim it back is decided elsewhere."""

    feeds: tuple[str, ...] = ()
    rel_me: tuple[str, ...] = ()
    canonical: str = ""
    title: str = ""


def known(url: str) -> Known | None:
    """The place and feed of an address, None for one that no pattern knows. Never raises."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.")
        path = [piece for piece in parts.path.split("/") if piece]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError:
        return None
    for suffix, rule in _RULES:
        if host == suffix or host.endswith("." + suffix):
            return rule(host, path, query, url)
    return _discourse(parts.scheme, parts.netloc, path, url)


_Rule = Callable[[str, list[str], dict[str, str], str], Known | None]


def _youtube(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    feed = "https://www.youtube.com/feeds/videos.xml?"
    first = path[0] if path else ""
    second = path[1] if len(path) > 1 else ""
    channel = query.get("channel_id", "") or (second if first == "channel" else "")
    listed = query.get("playlist_id", "") or query.get("list", "")
    if re.fullmatch(r"UC[\w-]{22}", channel):
        return Known(place="youtube", feed_url=f"{feed}channel_id={channel}", native_id=channel,
                     home=f"https://www.youtube.com/channel/{channel}")  # fmt: skip
    if re.fullmatch(r"[\w-]{10,64}", listed):
        return Known(place="youtube", feed_url=f"{feed}playlist_id={listed}", native_id=f"playlist:{listed}",
                     home=f"https://www.youtube.com/playlist?list={listed}")  # fmt: skip
    user = query.get("user", "") or (second if first == "user" else "")
    if user:
        return Known(place="youtube", feed_url=f"{feed}user={quote(user)}", home=f"https://www.youtube.com/user/{user}")
    return Known(place="youtube", home=url)


_GITHUB_PAGES = frozenset(
    "about apps collections contact customer-stories enterprise events explore features issues join login "
    "marketplace new notifications orgs organizations pricing pulls search security settings sponsors topics "
    "trending".split()
)


def _github(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    if host != "github.com" or not path or path[0].lower() in _GITHUB_PAGES:
        return None
    owner = path[0].removesuffix(".atom")
    if len(path) == 1:
        return Known(place="github", feed_url=f"https://github.com/{owner}.atom",
                     native_id=f"https://github.com/{owner.lower()}", home=f"https://github.com/{owner}")  # fmt: skip
    repo = f"https://github.com/{owner}/{path[1]}"
    part = path[2].removesuffix(".atom") if len(path) > 2 else ""
    if url.partition("?")[0].endswith(".atom"):
        feed = url
    else:
        feed = f"{repo}/{part if part in ('commits', 'tags') else 'releases'}.atom"
    what = "" if part in ("", "releases") else f"/{part}"
    return Known(place="github", feed_url=feed, native_id=f"{repo.lower()}{what}", home=repo)


def _reddit(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    if len(path) < 2 or path[0].lower() not in ("user", "u", "r"):
        return None
    folder = "r" if path[0].lower() == "r" else "user"
    name = path[1].removesuffix(".rss")
    home = f"https://www.reddit.com/{folder}/{name}"
    own = url if url.partition("?")[0].endswith(".rss") else f"{home}/.rss"
    return Known(place="reddit", feed_url=own, native_id=f"https://reddit.com/{folder}/{name.lower()}", home=f"{home}/")


def _flickr(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    number = query.get("id", "") or (path[1] if len(path) > 1 and path[0] in ("photos", "people") else "")
    if re.fullmatch(r"\d+@N\d+", number):
        feed = f"https://www.flickr.com/services/feeds/photos_public.gne?id={number}&lang=en-us&format=atom"
        return Known(place="flickr", feed_url=feed, native_id=number, home=f"https://www.flickr.com/photos/{number}/")
    return Known(place="flickr", home=url)


def _medium(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    if host != "medium.com":
        home = f"https://{host}"
        return Known(place="medium", feed_url=f"{home}/feed", native_id=home, home=home)
    names = path[1:] if path[:1] == ["feed"] else path
    if not names or names[0] in ("tag", "m", "search", "me"):
        return None
    name = names[0].lower()
    return Known(place="medium", feed_url=f"https://medium.com/feed/{names[0]}", native_id=f"https://medium.com/{name}",
                 home=f"https://medium.com/{names[0]}")  # fmt: skip


def _substack(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    name = host.removesuffix(".substack.com") if host != "substack.com" else ""
    if not name and path and path[0].startswith("@"):
        name = path[0][1:].lower()
    if not re.fullmatch(r"[a-z0-9-]{1,63}", name):
        return None
    home = f"https://{name}.substack.com"
    return Known(place="substack", feed_url=f"{home}/feed", native_id=home, home=home)


def _tumblr(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    name = host.removesuffix(".tumblr.com") if host != "tumblr.com" else ""
    if not name and path:
        name = path[2] if path[:2] == ["blog", "view"] and len(path) > 2 else path[0]
    name = name.lower().removeprefix("@")
    if not re.fullmatch(r"[a-z0-9-]{1,63}", name):
        return None
    home = f"https://{name}.tumblr.com"
    return Known(place="tumblr", feed_url=f"{home}/rss", native_id=home, home=home)


def _pinboard(host: str, path: list[str], query: dict[str, str], url: str) -> Known | None:
    name = next((piece for piece in path if piece.startswith("u:")), "")
    if not name:
        return None
    own = url if host == "feeds.pinboard.in" else f"https://feeds.pinboard.in/rss/{quote(name, safe=':')}/"
    home = f"https://pinboard.in/{name}"
    return Known(place="pinboard", feed_url=own, native_id=home.lower(), home=home)


def _discourse(scheme: str, netloc: str, path: list[str], url: str) -> Known | None:
    if len(path) < 2 or path[0] != "u" or not scheme or not netloc:
        return None
    home = f"{scheme}://{netloc}/u/{path[1]}"
    native = canonical_url(home).lower()
    return Known(place="discourse", feed_url=f"{home}/activity.rss", native_id=native, home=home, certain=False)


_RULES: tuple[tuple[str, _Rule], ...] = (
    ("youtube.com", _youtube), ("github.com", _github), ("reddit.com", _reddit), ("flickr.com", _flickr),
    ("medium.com", _medium), ("substack.com", _substack), ("tumblr.com", _tumblr), ("pinboard.in", _pinboard),
)  # fmt: skip

PLACES = frozenset({"youtube", "github", "reddit", "flickr", "medium", "substack", "tumblr", "pinboard", "discourse"})
"""Places whose own servers make the feed, so that the ids in it are theirs; all else is "blog"."""


def place_of(url: str) -> str:
    """The place a feed or profile address belongs to; "blog" if none is known."""
    found = known(url)
    return found.place if found is not None else "blog"


def guesses(url: str) -> tuple[str, ...]:
    """Where blogs mostly keep their feed, nearest first; for pages that do not say it."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    here = f"{root}{parts.path.rstrip('/')}"
    endings = ("/feed", "/feed/", "/rss", "/atom.xml", "/index.xml", "/rss.xml", "/feed.xml", "/feed.json")
    nearest = [f"{here}/feed", f"{here}/rss"] if here != root else []
    return tuple(dict.fromkeys([*nearest, *(f"{root}{ending}" for ending in endings)]))


_FEED_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/rdf+xml application/feed+json application/json "
    "application/xml text/xml".split()
)


class _Links(HTMLParser):
    """Collects <link>, <a rel=me>, <base> and the title of a page, at most 500 of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[frozenset[str], str, str, str]] = []
        self.base = ""
        self.channel = ""
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = not self.title
        if tag not in ("link", "a", "base", "meta"):
            return
        values = {name: value or "" for name, value in attrs[:40]}
        if tag == "meta":
            if values.get("itemprop") in ("identifier", "channelId"):
                self.channel = self.channel or values.get("content", "")
        elif tag == "base":
            self.base = self.base or values.get("href", "")
        elif len(self.links) < 500 and values.get("rel") and values.get("href"):
            rel = frozenset(values["rel"].lower().split())
            self.links.append((rel, values.get("type", "").lower(), values["href"], values.get("title", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.title) < 1000:
            self.title += data


def page_links(text: str, url: str) -> PageLinks:
    """The links of a page that lead to feeds and to other profiles. Never raises; nonsense gives an empty answer."""
    parser = _Links()
    with contextlib.suppress(AssertionError, ValueError):  # html.parser asserts on some broken declarations
        parser.feed(re.sub(r"<(?![a-zA-Z/!?])", "&lt;", text[:MAX_PAGE]))  # html.parser takes its time over each lone "<"
    base = absolute(url, parser.base) or url
    posts: list[str] = []
    comments: list[str] = []
    me: list[str] = []
    canonical = ""
    for rel, kind, href, title in parser.links:
        target = absolute(base, href)
        if not target:
            continue
        if "alternate" in rel and kind.partition(";")[0].strip() in _FEED_TYPES and "stylesheet" not in rel:
            aside = re.search(r"comment|kommentar", f"{title} {href}", re.IGNORECASE) or "/wp-json/" in href
            (comments if aside else posts).append(target)
        if "me" in rel:
            me.append(target)
        if "canonical" in rel and not canonical:
            canonical = target
    if re.fullmatch(r"UC[\w-]{22}", parser.channel) and place_of(url) == "youtube":
        posts.insert(0, f"https://www.youtube.com/feeds/videos.xml?channel_id={parser.channel}")
    return PageLinks(
        feeds=tuple(dict.fromkeys([*posts, *comments])), rel_me=tuple(dict.fromkeys(me))[:50], canonical=canonical,
        title=one_line(parser.title),
    )  # fmt: skip
