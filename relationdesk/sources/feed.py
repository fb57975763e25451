"""Blogs and feeds: the widest reach for the least code. One conditional request per sync and feed.

Entries that drop off the end of a feed are not withdrawn, an empty or senseless answer deletes nothing, and a
permanent move is remembered in the cursor once the new address has answered with a feed. So is another address that the
page of the blog names when the feed is gone, if what is there holds entries that were read before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from relationdesk.errors import (
    FOR_A_WHILE,
    FOR_GOOD,
    Gone,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UserMistake,
)
from relationdesk.model import Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import WayIn
from relationdesk.sources.door_addresses import secret_in
from relationdesk.sources.door_answers import host_of, not_there
from relationdesk.sources.feed_entries import Document
from relationdesk.sources.feed_facts import facts, main_author, profile_key, profile_of
from relationdesk.sources.feed_finder import Known, PageLinks, guesses, known, page_links, place_of
from relationdesk.sources.feed_formats import read_feed
from relationdesk.sources.feed_ids import ids_by_page, same_entries, with_lasting_ids
from relationdesk.sources.feed_pace import NO_WISH, Rhythm, again, remembered
from relationdesk.sources.xml_reader import decode
from relationdesk.text import one_line
from relationdesk.troubles import Trouble

if TYPE_CHECKING:
    from relationdesk.sources.door import Answer, Door

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
MAX_TRIES = 12
"""Requests for finding one feed, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cursor:
    """etag, modified: as the server gave them, for the next conditional request. url: where the feed moved to. home: the page of the
    blog. ids: as `ids_by_page` of the last reading. rhythm: as it said then; an "unchanged" does not say it again."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    author: str = ""
    home: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    rhythm: Rhythm = NO_WISH

    @classmethod
    def read(cls, text: str) -> _Cursor:
        try:
            data = json.loads(text) if text else {}
        except ValueError:
            data = {}
        if not isinstance(data, dict):
            data = {}
        names = ("url", "etag", "modified", "author", "home")
        ids = data.get("ids")
        known = {str(page): str(id_) for page, id_ in ids.items()} if isinstance(ids, dict) else {}
        told = {name: data[name] for name in names if isinstance(data.get(name), str)}
        return cls(**told, ids=known, rhythm=remembered(data.get("rhythm")))

    def text(self) -> str:
        kept = {name: value for name, value in asdict(self).items() if value and value != NO_WISH}
        return json.dumps(kept, sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A feed that was really read. url: its lasting address. page: the page that named it, if one was read."""

    url: str
    document: Document
    known: Known | None
    page: PageLinks | None = None


class Feed:
    """Reads any feed without a login. clock: aware UTC now, to be replaced in tests."""

    name = "feed"
    title = marked("Blogs and feeds")
    place = "blog"
    takes_token = False
    way_in = WayIn(
        source="feed", title=marked("Blog or page"), page="https://backofhouse.example",
        gives=marked("Reads a blog, a podcast or a page on GitHub, Flickr, Medium, Substack and others. No key is needed."),
        follow=marked("Follow a page: the address of a blog, a channel or a profile"),
        costs=marked("Nothing."),
        places=("blog", "flickr", "medium", "substack", "podcast"),
    )

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Feeds need no server and no token: nothing is asked. address: kept for a private server the user allows."""
        parts = urlsplit(_web_address(address)) if address and door.allows(_web_address(address)) else urlsplit("")
        server = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower() if parts.netloc else ""
        return Login(id=0, source=self.name, place=self.place, address=server)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Find the feed behind a profile, channel, blog or feed address and read it once.

        Asks at most MAX_TRIES times, plus once for the home page of the blog. Raises UserMistake if there is no feed,
        and the errors of the door.
        """
        url = _web_address(address)
        try:
            found = _Search(door).find(url)
        except SourceUnavailable:
            if "://" in address:
                raise
            found = _Search(door).find(url.replace("https://", "http://", 1))  # typed without a scheme, no TLS there
        place = found.known.place if found.known else place_of(found.url)
        told = found.known or known(found.url)
        key = profile_key(place, told.native_id if told else "", found.url, found.document)
        home = told.home if told else ""
        page = found.page or self._home_page(found, home, door)
        profile = profile_of(found.document, key, found.url, page=page or PageLinks(), home=home)
        title = found.document.title or profile.display_name or found.url
        return Stream(name=f"feed:{key.native_id}", address=found.url, profile=key, title=one_line(title)), profile

    def _home_page(self, found: _Found, home: str, door: Door) -> PageLinks | None:
        """The links of the blog's home page; a page that does not answer is no reason not to follow the feed."""
        url = home or found.document.url
        if not url:
            return None
        try:
            return _links(door.get(url, accept="text/html"))
        except SourceError:
            return None

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """Every followed feed, nothing else."""
        return followed

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """The feed as it is now: one page, or `unchanged` if the server says so (304).

        Raises UnexpectedAnswer for anything but a feed, Gone (410, 404), and the other errors of the door.
        """
        before = _Cursor.read(cursor)
        place = stream.profile.place if stream.profile else place_of(stream.address)
        now = self._clock()
        try:
            answer = self._read(stream, before, place, door)
        except Gone as gone:
            answer = _moved_on(stream, before, gone, door)
        if answer.status == 304:
            yield Page(unchanged=True, again=again(now, before.rhythm, answer.headers))
            return
        document = read_feed(answer.body, answer.url, answer.headers.get("content-type", ""))
        document = with_lasting_ids(document, before.ids)
        key = stream.profile or profile_key(place, "", stream.address, document)
        author = before.author or main_author(document)
        after = _Cursor(
            url="" if secret_in(answer.moved) else answer.moved or before.url,
            etag="" if document.damage else answer.headers.get("etag", "")[:1000],
            modified="" if document.damage else answer.headers.get("last-modified", "")[:100],
            author=author,
            home=document.url or before.home,
            ids=ids_by_page(document) or before.ids,
            rhythm=before.rhythm if document.damage else document.rhythm,
        )
        yield Page(
            facts=facts(document, key, stream.address, author=author, now=now), cursor=after.text(), again=again(now, after.rhythm, answer.headers)
        )

    def asked_at(self, stream: Stream, cursor: str) -> str:
        """Where the feed moved to for good, as far as it is known."""
        return _Cursor.read(cursor).url or stream.address

    def _read(self, stream: Stream, before: _Cursor, place: str, door: Door) -> Answer:
        """Ask where the feed moved to; if that is gone, where it was."""
        if before.url and before.url != stream.address:
            try:
                return self._ask(before.url, before, place, door)
            except Gone:
                return self._ask(stream.address, _Cursor(), place, door)
        return self._ask(stream.address, before, place, door)

    def _ask(self, url: str, before: _Cursor, place: str, door: Door) -> Answer:
        headers = [("If-None-Match", before.etag), ("If-Modified-Since", before.modified)]
        asked = [(name, value) for name, value in headers if value]
        # YouTube answers 404 for living channels, for days at a time: never taken for gone.
        answer = door.get(url, headers=asked, accept=ACCEPT, also=frozenset({401, 404, 410}))
        if answer.status == 401:
            told = say("{host} shows this feed only to those who sign in, which a feed cannot from here. What was read before is kept; if it gives its members an address of their own, follow that one.", host=host_of(answer.url))
            raise SourceUnavailable(told, source=self.name, trouble=Trouble.HIDDEN)
        if answer.status == 404 and place == "youtube":
            raise SourceUnavailable(
                say("YouTube does not give out this feed at the moment. What was read before is kept; it will be tried again."),
                source=self.name,
            )
        if answer.status in (404, 410):
            raise not_there(answer.status, host_of(answer.url), FOR_GOOD if answer.status == 410 else FOR_A_WHILE)
        if answer.status not in (200, 203, 304):
            raise UnexpectedAnswer(say("The feed is empty. Nothing was deleted; it will be tried again."))
        return answer


def _moved_on(stream: Stream, before: _Cursor, gone: Gone, door: Door) -> Answer:
    """What the blog's own page names as its feed now, as an answer that moved there for good, if entries that were read before are in it.
    Raises `gone` where there is no such thing, with the address where another feed is named: whose that is, only the user can say."""
    home = before.home or urljoin(stream.address, "/")
    other = ""
    try:
        page = _links(door.get(home, accept="text/html"))
        for address in [feed for feed in page.feeds if feed not in (stream.address, before.url)][:2]:
            answer = door.get(address, accept=ACCEPT)
            document = _document(answer)
            if document is not None and same_entries(document, before.ids):
                return replace(answer, moved=answer.moved or address)
            other = other or (address if document is not None else "")
    except SourceError:
        pass  # a page that does not answer names nothing
    if other:
        told = say("{gone} Its page names another feed now, {other}: follow that one if it is theirs.", gone=str(gone), other=other[:200])
        raise Gone(told, rest=gone.rest) from gone
    raise gone


def _links(answer: Answer) -> PageLinks:
    return page_links(decode(answer.body, _charset(answer)), answer.url)


def _charset(answer: Answer) -> str:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", answer.headers.get("content-type", ""))
    return found.group(1) if found else ""


def _web_address(address: str) -> str:
    """What the user typed as an address: "feed:" and "#…" taken off, https added. Raises UserMistake for what cannot be one."""
    text = re.sub(r"^feed:(//)?(?=https?:)", "", address.partition("#")[0].strip(), flags=re.IGNORECASE)
    text = re.sub(r"^feed:(//)?", "https://", text, flags=re.IGNORECASE)
    if "://" not in text:
        text = "https://" + text
    if not re.match(r"^https?://[^/\s]+", text, re.IGNORECASE) or re.search(r"\s", text):
        raise UserMistake(say("This is not a web address. Nothing was changed; paste the address of a page or a feed."))
    return text


class _Search:
    """Looks for one feed: by the form of the address, at the address, in the page, at the usual places."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._tries = 0

    def find(self, url: str) -> _Found:
        """Raises UserMistake if there is none, and what the door raises for the address itself."""
        told = known(url)
        if told is not None and told.feed_url:
            try:
                return self._feed(told.feed_url, told, None)
            except (Gone, UnexpectedAnswer):
                if told.certain:
                    raise
        answer = self._get(url)
        document = _document(answer)
        if document is not None:
            return _Found(url=answer.moved or url, document=document, known=known(answer.moved or url))
        page = _links(answer)
        sure = told if told is not None and told.certain else None
        for candidate in (*page.feeds[:4], *guesses(answer.url)):
            if self._tries >= MAX_TRIES:
                break
            try:
                return self._feed(candidate, known(candidate) or sure, page)
            except (Gone, UnexpectedAnswer):
                continue
            except SourceUnavailable:
                if candidate not in page.feeds:
                    raise
        raise UserMistake(say("No feed was found there. Nothing was changed; paste the address of the feed itself."))

    def _get(self, url: str) -> Answer:
        self._tries += 1
        return self._door.get(url, accept=ACCEPT)

    def _feed(self, url: str, told: Known | None, page: PageLinks | None) -> _Found:
        answer = self._get(url)
        document = _document(answer)
        if document is None:
            raise UnexpectedAnswer(say("The answer is not a feed. Nothing was changed."))
        return _Found(url=answer.moved or url, document=document, known=told, page=page)


def _document(answer: Answer) -> Document | None:
    try:
        return read_feed(answer.body, answer.url, answer.headers.get("content-type", ""))
    except UnexpectedAnswer:
        return None
