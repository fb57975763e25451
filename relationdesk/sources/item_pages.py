"""The address of one thing that somebody did: in which place, whose it may be, and by which ids and addresses the place would tell of the
same. Pure: asks nobody. What an address cannot tell is not guessed; then only the address itself is compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from relationdesk.model import Kind
from relationdesk.sources.bluesky_ids import is_did
from relationdesk.sources.feed_finder import place_of
from relationdesk.sources.handle_pages import Meant, of_page
from relationdesk.sources.linkedin_words import post_urn, urn_time
from relationdesk.sources.x_values import time_in
from relationdesk.text import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """place: where it is. who: whose page it names, None if it names nobody. ids: what the place may call it. kind: what it is by its
    form. at: the second that the address itself holds, aware UTC, None for nearly all."""

    place: str
    url: str
    who: Meant | None = None
    ids: tuple[str, ...] = ()
    kind: Kind = Kind.POST
    at: datetime | None = None

    def marks(self, actor: str = "") -> tuple[str, ...]:
        """Ids and addresses by which the place would tell of it. actor: what the place calls whose it is, where the address only
        names their handle."""
        ids = [one.replace("//{actor}/", f"//{actor}/") for one in self.ids if "{actor}" not in one or actor]
        canonical = canonical_url(self.url)
        if "#" in self.url and self.place in _BY_FRAGMENT:
            return tuple(dict.fromkeys([*ids, self.url]))
        spelt = [self.url, canonical, f"{canonical}/", canonical.replace("https://", "https://www.", 1), canonical.replace("https://", "http://", 1)]
        return tuple(dict.fromkeys([*ids, *(one for one in spelt if one)]))


_HOSTED = (
    ("linkedin.com", "linkedin"), ("facebook.com", "facebook"), ("fb.watch", "facebook"), ("instagram.com", "instagram"), ("threads.net", "threads"),
    ("threads.com", "threads"), ("x.com", "x"), ("twitter.com", "x"), ("t.co", "x"), ("myspace.com", "myspace"), ("delicious.com", "delicious"),
    ("xing.com", "xing"), ("bsky.app", "bluesky"), ("github.com", "github"), ("gitlab.com", "gitlab"), ("news.ycombinator.com", "hackernews"),
    ("reddit.com", "reddit"), ("redd.it", "reddit"), ("youtube.com", "youtube"), ("youtu.be", "youtube"), ("flickr.com", "flickr"), ("flic.kr", "flickr"),
    ("medium.com", "medium"), ("substack.com", "substack"), ("tumblr.com", "tumblr"), ("pinboard.in", "pinboard"), ("t.me", "telegram"),
    ("vimeo.com", "vimeo"), ("meetup.com", "meetup"), ("stackoverflow.com", "stackexchange"), ("stackexchange.com", "stackexchange"),
    ("superuser.com", "stackexchange"), ("serverfault.com", "stackexchange"), ("askubuntu.com", "stackexchange"),
)  # fmt: skip
_BY_FRAGMENT = frozenset({"github", "gitlab"})
"""Where what stands behind the # of an address names one comment among many on a page, and the page its owner, not who wrote on it."""
_KINDS = {"youtube": Kind.VIDEO, "vimeo": Kind.VIDEO, "flickr": Kind.PHOTO, "medium": Kind.ARTICLE, "substack": Kind.ARTICLE, "blog": Kind.ARTICLE, "web": Kind.ARTICLE}


def item_page(address: str) -> ItemPage | None:
    """What the address of a page on the web tells; None for what is no such address. Never raises."""
    url = address.strip().partition(" ")[0]
    if not re.match(r"https?://", url, re.IGNORECASE) or not canonical_url(url) or len(url) > 2_000:
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError:
        return None
    path = unquote(parts.path).rstrip("/")
    place = next((name for end, name in _HOSTED if host == end or host.endswith(f".{end}")), "")
    who = next(iter(of_page(url)), None)
    if not place and who is not None and who.place in ("mastodon", "discourse"):
        place = who.place
    who = who if who is not None and who.place == place and place not in _BY_FRAGMENT else None
    place = place or ("discourse" if place_of(url) == "discourse" or re.match(r"/t/[^/]+/\d+", path) else "web")
    ids, at = _ids(place, host, path, query, url)
    return ItemPage(place=place, url=url, who=who, ids=ids, kind=_kind(place, path, parts.fragment), at=at)


def _ids(place: str, host: str, path: str, query: dict[str, str], url: str) -> tuple[tuple[str, ...], datetime | None]:
    if place == "mastodon" and (found := re.fullmatch(r"/@([\w.-]+)/(?:statuses/)?(\w{6,40})", path)):
        return (f"https://{host}/users/{found.group(1)}/statuses/{found.group(2)}", f"https://{host}/@{found.group(1)}/{found.group(2)}"), None
    if place == "bluesky" and (found := re.fullmatch(r"/profile/([^/]+)/post/(\w+)", path)):
        did = found.group(1) if is_did(found.group(1)) else "{actor}"
        return (f"at://{did}/app.bsky.feed.post/{found.group(2)}",), None
    if place == "x" and (found := re.search(r"/status(?:es)?/(\d{5,20})", path)):
        return (found.group(1),), time_in(found.group(1))
    if place == "hackernews" and re.fullmatch(r"\d{1,12}", query.get("id", "")) and path == "/item":
        return (query["id"],), None
    if place == "reddit" and (found := re.search(r"/comments/(\w{4,12})(?:/[^/]*(?:/(\w{4,12}))?)?", path)):
        return (f"t1_{found.group(2)}" if found.group(2) else f"t3_{found.group(1)}",), None
    if place == "youtube":
        video = query.get("v", "") or (re.sub(r"^/(?:shorts/|live/|embed/)?", "", path) if host == "youtu.be" or re.match(r"/(shorts|live|embed)/", path) else "")
        return ((f"yt:video:{video}", video), None) if re.fullmatch(r"[\w-]{11}", video) else ((), None)
    if place == "linkedin" and (urn := post_urn(url)):
        return (urn,), urn_time(urn)
    return (), None


def _kind(place: str, path: str, fragment: str) -> Kind:
    if place == "reddit" and re.search(r"/comments/\w+/[^/]*/\w+", path):
        return Kind.COMMENT
    if place in ("github", "gitlab") and re.search(r"comment|note_|discussion", fragment):
        return Kind.COMMENT
    if place == "linkedin" and "/pulse/" in path:
        return Kind.ARTICLE
    if place == "instagram" and re.match(r"/(?:p|[\w.]+/p)/", path):
        return Kind.PHOTO
    return _KINDS.get(place, Kind.POST)
