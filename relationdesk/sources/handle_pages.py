"""The addresses of people's pages, one line per place: from a page to a name, and from a name to a page. Pure: asks nobody.

Places that give nothing to programs stand here like the others: a page of theirs can be kept, opened and written about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

from relationdesk.sources.bluesky_ids import is_did, is_handle, profile_page
from relationdesk.sources.feed_finder import known
from relationdesk.sources.linkedin_words import profile_url, slug
from relationdesk.text import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """One profile that a text may mean.

    handle: as the place writes it, without "@". page: the address of the profile, "" if it cannot be told. native_id: what the place
    calls it, or where only the place itself can tell that (`is_own` False) a stand-in: "@" with the handle, or the page. host: the server
    that knows, in places of which there are many. name: what a human is called in the text. sure: no other place writes it so.
    """

    place: str
    native_id: str
    handle: str = ""
    page: str = ""
    host: str = ""
    name: str = ""
    is_own: bool = False
    sure: bool = True


class Site(NamedTuple):
    """How one place writes people's pages. path: of the page, group 1 is the name. page, native: made of the name {n}, its small letters {s}.

    own: native is what the place itself says. not_names: pages of the place where a name would stand.
    """

    place: str
    hosts: str
    path: str
    page: str
    native: str = "@{s}"
    own: bool = False
    not_names: str = ""


SITES = (
    Site("x", "x.com twitter.com", r"/@?(\w{1,15})(?:/.*)?", "https://x.com/{n}",
         not_names="home explore i search settings intent share hashtag login signup notifications messages compose tos privacy about jobs"),
    Site("instagram", "instagram.com", r"/(?:stories/)?@?([\w.]{1,30})(?:/.*)?", "https://www.instagram.com/{n}", "{s}", True,
         "p reel reels tv stories explore accounts about legal developer direct"),
    Site("threads", "threads.net threads.com", r"/@([\w.]{1,30})(?:/.*)?", "https://www.threads.net/@{n}", "{s}", True),
    Site("facebook", "facebook.com fb.com fb.me", r"/(?:people/[^/]+/)?([\w.]{2,80})(?:/.*)?", "https://www.facebook.com/{n}", "{s}", True,
         "groups events pages watch marketplace gaming help login policies privacy photo photo.php story.php permalink.php sharer sharer.php profile.php people "
         "share hashtag reel videos business"),
    Site("myspace", "myspace.com", r"/([\w.-]{2,60})(?:/.*)?", "https://myspace.com/{n}", not_names="search discover music pages help signin browse"),
    Site("delicious", "delicious.com del.icio.us", r"/([\w.-]{2,60})(?:/.*)?", "https://delicious.com/{n}", not_names="tag help popular recent url search"),
    Site("github", "github.com", r"/(?:sponsors/)?@?([A-Za-z0-9-]{1,39})(?:/.*)?", "https://github.com/{n}",
         not_names="about apps collections contact customer-stories enterprise events explore features issues join login marketplace new notifications orgs "
         "organizations pricing pulls search security settings sponsors stars topics trending users"),
    Site("gitlab", "gitlab.com", r"/(?:u/)?@?([\w.-]{2,100})(?:/.*)?", "https://gitlab.com/{n}",
         not_names="explore users help groups dashboard search projects admin public api snippets profile"),
    Site("hackernews", "news.ycombinator.com", r"/user\?id=([\w-]{2,15})", "https://news.ycombinator.com/user?id={n}", "{n}", True),
    Site("reddit", "reddit.com", r"/(?:u|user)/([\w-]{2,30})(?:/.*)?", "https://www.reddit.com/user/{n}", "https://reddit.com/user/{s}", True),
    Site("telegram", "t.me telegram.me", r"/(?:s/)?([A-Za-z]\w{3,31})(?:/.*)?", "https://t.me/{n}", not_names="joinchat addstickers share addlist proxy"),
    Site("xing", "xing.com", r"/(?:profile|profiles)/([\w.-]{2,80})(?:/.*)?", "https://www.xing.com/profile/{n}"),
    Site("vimeo", "vimeo.com", r"/(?!\d+(?:/|$))(\w{2,40})(?:/.*)?", "https://vimeo.com/{n}", not_names="categories channels groups features watch search upload"),
    Site("meetup", "meetup.com", r"/(?:[a-z]{2}-[A-Z]{2}/)?(?:[\w-]+/)?members/(\d{2,12})(?:/.*)?", "https://www.meetup.com/members/{n}", "{n}", True),
    Site("raindrop", "raindrop.io", r"/([\w-]{2,40})(?:/.*)?", "https://raindrop.io/{n}", not_names="app login signup pro help"),
)  # fmt: skip
_BY_PLACE = {site.place: site for site in SITES}

_BY_ADDRESS = frozenset({"youtube", "flickr", "medium", "substack", "tumblr", "pinboard"})
"""Places whose addresses feed_finder knows, with their own ids where an address tells them."""
_OF_THEM = re.compile(
    r"https?://(?:[\w-]+\.)*(?:(youtube)\.com/(?:@|channel/|user/|c/)|youtube\.com/feeds/|(flickr)\.com/(?:photos|people)/|(medium)\.com/@|[\w-]+\.(medium|substack|tumblr)\.com"
    r"|medium\.com/feed/|(substack)\.com/@|(tumblr)\.com/(?!tagged|explore|dashboard)\w|(pinboard)\.in/(?:rss/)?u:)", re.IGNORECASE)  # fmt: skip
_OVERFLOWS = "stackoverflow.com superuser.com serverfault.com askubuntu.com mathoverflow.net stackapps.com stackexchange.com"
_MANY = re.compile(r"/@([\w.-]{1,64})(?:@([\w.-]+\.[a-z]{2,}))?(?:/.*)?|/users/([\w.-]{1,64})(?:/(?:statuses|following|followers)?.*)?", re.IGNORECASE)
_FORUM = re.compile(r"/u/([\w.-]{1,60})(?:/.*)?")
_NO_SERVERS = (
    "tiktok.com snapchat.com clubhouse.com unsplash.com steemit.com odysee.com linktr.ee kick.com producthunt.com hub.docker.com crates.io pinterest.com npmjs.com"
)
"""Hosts that write people as servers of the fediverse or forums do, and are neither."""
_LEADS_ON = (
    ("google.com", "/url", ("q", "url")), ("l.facebook.com lm.facebook.com", "/l.php", ("u",)), ("l.instagram.com l.threads.com", "/", ("u",)),
    ("linkedin.com", "/safety/go", ("url",)), ("linkedin.com", "/redir/redirect", ("url",)), ("youtube.com", "/redirect", ("q",)), ("out.reddit.com", "/", ("url",)),
    ("safelinks.protection.outlook.com", "/", ("url",)),
)  # fmt: skip
"""Pages that only send on to another one, which their query names: (hosts, path, names in the query)."""
_MOST_LEADS = 3
_LONGEST = 2_000


class _Parts(NamedTuple):
    host: str
    path: str
    query: dict[str, str]
    url: str


def of_page(text: str) -> tuple[Meant, ...]:
    """Whose page an address of the web is, likeliest first; () for what is none, or nobody's page in a place that has people. What only leads
    on to another page is passed by."""
    parts = _parts(text)
    for _ in range(_MOST_LEADS):
        if parts is None or not (further := _further(parts)):
            break
        parts = _parts(further)
    if parts is None:
        return ()
    for hosts, rule in _RULES:
        if _under(parts.host, hosts):
            found = rule(parts)
            return (found,) if found is not None else ()
    return tuple(_anywhere(parts))


def _further(parts: _Parts) -> str:
    """Where a page that only leads on leads to; "" for any other."""
    ways = (names for hosts, path, names in _LEADS_ON if _under(parts.host, hosts) and parts.path == path)
    return next((parts.query[name] for names in ways for name in names if name in parts.query), "")


def called(place: str, handle: str) -> Meant | None:
    """Somebody by the name that a place of one server gives them; None for what cannot be one, or a place where a name alone says nothing."""
    name = handle.strip().removeprefix("@")
    if place == "bluesky":
        return _bluesky(name)
    if place == "linkedin":
        return _linkedin(f"https://www.linkedin.com/in/{name}") if re.fullmatch(r"[\w%.-]{2,100}", name) else None
    if place == "mastodon":
        user, _, host = name.partition("@")
        return at_server(user, host) if host else None
    templates = {"youtube": "https://www.youtube.com/@{}", "medium": "https://medium.com/@{}", "tumblr": "https://{}.tumblr.com",
                 "substack": "https://{}.substack.com", "pinboard": "https://pinboard.in/u:{}", "flickr": "https://www.flickr.com/people/{}"}  # fmt: skip
    if place in templates:
        return next(iter(of_page(templates[place].format(name))), None) if re.fullmatch(r"[\w.@-]{2,64}", name) else None
    site = _BY_PLACE.get(place)
    if site is None:
        return None
    path = site.path.partition("(?:/.*)?")[0]
    written = site.page.format(n=name, s=name.lower()).partition("://")[2]
    return _at_site(site, name) if re.fullmatch(path, "/" + written.partition("/")[2], re.ASCII) else None


def at_server(user: str, host: str) -> Meant | None:
    """Somebody on a server of the fediverse, by Mastodon's own convention; None for nonsense."""
    user, host = user.removeprefix("@"), host.lower().strip(".")
    if not re.fullmatch(r"[\w.+-]{1,64}", user) or not re.fullmatch(r"(?:[\w-]+\.)+[a-z][\w-]*(?::\d{1,5})?|localhost(?::\d{1,5})?|[\d.]+:\d{1,5}", host):
        return None
    page = f"https://{host}/@{user}"
    return Meant(place="mastodon", native_id=f"https://{host}/users/{user}", handle=f"{user}@{host}", page=page, host=host)


def a_page(url: str) -> Meant | None:
    """A page of somebody's own: a blog, a site. None for what is no address of the web."""
    native = canonical_url(url)
    if not native or len(native) > _LONGEST:
        return None
    return Meant(place="blog", native_id=native, page=url.partition("#")[0], host=urlsplit(native).netloc)


def _parts(text: str) -> _Parts | None:
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().removeprefix("www.")
        port, query = parts.port, {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc or len(text) > _LONGEST:
        return None
    path = "/" + "/".join(unquote(piece) for piece in parts.path.split("/") if piece)
    return _Parts(f"{host}:{port}" if port not in (None, 80, 443) else host, path, query, text)


def _under(host: str, names: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names.split())


def _at_site(site: Site, name: str) -> Meant | None:
    if name.lower() in site.not_names.split():
        return None
    low = name.lower()
    quoted = quote(name, safe="-._~")
    return Meant(
        place=site.place, native_id=site.native.format(n=name, s=low), handle=name, page=site.page.format(n=quoted, s=low), is_own=site.own
    )  # fmt: skip


def _of_site(site: Site, parts: _Parts) -> Meant | None:
    named = parts.query.get("screen_name", "") if site.place == "x" else parts.query.get("id", "") if site.place == "facebook" else ""
    if named and re.fullmatch(r"\w{1,20}", named) and re.match(r"/(?:intent/|profile\.php$)", parts.path):
        return _at_site(site, named)
    path = f"/user?id={parts.query.get('id', '')}" if site.place == "hackernews" and parts.path == "/user" else parts.path
    found = re.fullmatch(site.path, path, re.ASCII)
    return _at_site(site, found.group(1)) if found else None


def _bluesky(name: str) -> Meant | None:
    if is_did(name):
        return Meant(place="bluesky", native_id=name, page=profile_page(name), is_own=True)
    name = name.lower()
    return Meant(place="bluesky", native_id=f"@{name}", handle=name, page=profile_page("", name)) if is_handle(name) else None


def _of_bluesky(parts: _Parts) -> Meant | None:
    found = re.match(r"/profile/@?([^/]+)", parts.path)
    return _bluesky(found.group(1)) if found else None


def _linkedin(url: str) -> Meant | None:
    native = slug(url)
    if not native or native.startswith(("company/", "school/", "showcase/")):
        return None
    return Meant(place="linkedin", native_id=native, handle=native, page=profile_url(native), is_own=True)


def _of_whatsapp(parts: _Parts) -> Meant | None:
    found = re.fullmatch(r"/\+?(\d{7,15})", parts.path)
    return _number(f"+{found.group(1)}", "whatsapp", f"https://wa.me/{found.group(1)}") if found else None


def _number(digits: str, place: str, page: str = "") -> Meant:
    return Meant(place=place, native_id=digits, handle=digits, page=page)


def _of_overflow(parts: _Parts) -> Meant | None:
    found = re.match(r"/users/(\d{1,12})(?:/([^/]+))?", parts.path)
    if found is None:
        return None
    page = f"https://{parts.host}/users/{found.group(1)}"
    return Meant(place="stackexchange", native_id=page, handle=found.group(2) or found.group(1), page=page)


def _of_feed(parts: _Parts) -> Meant | None:
    url = re.sub(r"^(https?://)(?:m|music)\.(?=youtube\.)", r"\1www.", parts.url, flags=re.IGNORECASE)  # as phones write it
    told = known(url)
    if told is None or told.place not in _BY_ADDRESS or not _OF_THEM.match(url):
        return None
    page = canonical_url(told.home or url)
    named = re.search(r"(?:/@|/u:|/user/|/c/|/people/|/photos/)([^/]+)/?$", page)
    sub = parts.host.partition(".")[0] if parts.host.endswith((".tumblr.com", ".substack.com", ".medium.com")) else ""
    handle = named.group(1) if named else sub or urlsplit(page).netloc.partition(".")[0] if told.place in ("tumblr", "substack", "medium") else ""
    return Meant(place=told.place, native_id=told.native_id or page, handle=handle, page=page, is_own=bool(told.native_id))


def _anywhere(parts: _Parts) -> list[Meant]:
    """On a host that no rule knows: a server of the fediverse, a forum, or simply somebody's page."""
    found: list[Meant | None] = []
    many = not _under(parts.host, _NO_SERVERS)
    fediverse, forum = many and _MANY.fullmatch(parts.path), many and _FORUM.fullmatch(parts.path)
    if fediverse:
        user, elsewhere, plain = fediverse.groups()
        found.append(at_server(user or plain, elsewhere or parts.host))
    if forum:
        page = f"https://{parts.host}/u/{forum.group(1)}"
        found.append(Meant(place="discourse", native_id=canonical_url(page).lower(), handle=forum.group(1), page=page, host=parts.host))
    found.append(a_page(parts.url))
    every = [one for one in found if one is not None]
    return [replace(one, sure=len(every) == 1) for one in every]


_RULES: tuple[tuple[str, Callable[[_Parts], Meant | None]], ...] = (
    *((site.hosts, partial(_of_site, site)) for site in SITES),
    ("linkedin.com", lambda parts: _linkedin(parts.url)),
    ("bsky.app", _of_bluesky),
    ("wa.me api.whatsapp.com", _of_whatsapp),
    (_OVERFLOWS, _of_overflow),
    ("youtube.com youtu.be flickr.com medium.com substack.com tumblr.com pinboard.in", _of_feed),
)
