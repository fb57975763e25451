"""YouTube: the videos of channels, without a key from their feeds, with one from the Data API; then also what is said under
one's own. Both give the same keys, so a key can come and go and nothing doubles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from relationdesk.errors import UserMistake
from relationdesk.model import Fact, Key, Login, Page, Profile, Stream
from relationdesk.saying import marked, say
from relationdesk.sources.base import Allowance, WayIn
from relationdesk.sources.feed import Feed
from relationdesk.sources.feed_finder import known, page_links
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.xml_reader import decode
from relationdesk.sources.youtube_facts import CHANNEL, PLACE, page_of, profile_of
from relationdesk.sources.youtube_reading import find_channel, read_channel, read_comments
from relationdesk.sources.youtube_talk import API, SITE, UNITS, ZONE, Talk

if TYPE_CHECKING:
    from relationdesk.sources.door import Door

OWN = "own"
COMMENTS = "comments"
_NO_CHANNELS = frozenset(
    "about ads channel channels creators embed feed feeds gaming hashtag howyoutubeworks iframe_api kids live music new news playlist "
    "post premium redirect results shorts sports static t trending upload user watch".split()
)  # fmt: skip


class YouTube:
    """Reads YouTube. clock: aware UTC now, to be replaced in tests."""

    name = "youtube"
    title = "YouTube"
    place = PLACE
    takes_token = True
    way_in = WayIn(
        source="youtube", title="YouTube", places=("youtube",), server="@your-channel", signs_in=marked("Your channel, or youtube.com if you have none"),
        keyless="youtube.com", page="https://www.youtube.com/@name", asks=("youtube.com",), asks_with_key=("googleapis.com",),
        costs=marked("Nothing; without a key one page per channel and reading, with one up to 10,000 questions a day."),
        gives=marked("Reads the videos of the channels you follow: without a key the newest fifteen of each; with a key all of them, what becomes of them, and the comments under your own."),
        key_from=marked("In console.cloud.google.com make a project, switch on “YouTube Data API v3” in it, and make an API key under Credentials."),
        follow=marked("Follow a channel: its @name, or the address of it or of one of its videos"),
    )  # fmt: skip

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._feed = Feed(clock)

    def connect(self, address: str, token: str, door: Door) -> Login:
        """Check that the key works and find one's own channel. address: the channel, or "youtube.com" for none.

        Raises UserMistake for what is neither, LoginRejected for a key that does not work, and the errors of the door.
        """
        login = Login(id=0, source=self.name, place=PLACE, address=SITE, has_token=bool(token))
        typed = re.sub(r"@(www\.)?youtube\.com$", "", address.strip(), flags=re.IGNORECASE)
        if re.fullmatch(r"(https?://)?(www\.)?(youtube\.com)?/?", typed, re.IGNORECASE):
            if token:
                self._talk(login, token, door).get("i18nLanguages", part="snippet")
            return login
        profile = self.follow(typed, login, token, door)[1]
        return replace(login, user_name=profile.handle or profile.key.native_id, profile=profile.key)

    def follow(self, address: str, login: Login, token: str, door: Door) -> tuple[Stream, Profile]:
        """Turn a name or address into a stream and its profile. Raises UserMistake for what is no channel, and the errors of the door."""
        page = _page(address)
        if not token:
            stream, profile = self._feed.follow(page, login, "", door)
            own = self.adopts(stream)
            if own is None:
                raise UserMistake(say("This is no channel. Nothing was changed; a playlist is followed as a page (Blog or page)."))
            return own, replace(profile, url=page_of(profile.key.native_id))
        found = self._found(page, self._talk(login, token, door), door)
        if found is None or not CHANNEL.fullmatch(string(found, "id", 60)):
            raise UserMistake(say("YouTube shows no channel there. Nothing was changed; check the spelling."))
        profile = profile_of(found, known=True)
        return _stream(profile.key, profile.display_name), profile

    def streams(self, login: Login, followed: tuple[Stream, ...]) -> tuple[Stream, ...]:
        """My own channel and, with a key, what is said under its videos; then each followed one."""
        if login.profile is None:
            return followed
        own = Stream(name=OWN, address=login.address, profile=login.profile, title="My videos")
        comments = Stream(name=COMMENTS, address=login.address, title="Comments under my videos")
        return (own, comments, *followed) if login.has_token else (own, *followed)

    def pages(self, login: Login, stream: Stream, cursor: str, token: str, door: Door) -> Iterator[Page]:
        """Pages after the cursor; see `youtube_reading`. A cursor of the other way of reading begins anew. Raises the errors of the door."""
        if token and stream.name == COMMENTS and login.profile is not None:
            yield from read_comments(self._talk(login, token, door), login.profile, cursor)
        elif stream.profile is not None and token:
            yield from read_channel(self._talk(login, token, door), stream.profile, cursor, mine=stream.name == OWN)
        elif stream.profile is not None:
            feed = replace(stream, address=f"{login.address.rstrip('/')}/feeds/videos.xml?channel_id={stream.profile.native_id}")
            for page in self._feed.pages(login, feed, cursor, "", door):
                yield _told_by_feed(page, stream.profile, mine=stream.name == OWN)

    def allowance(self, login: Login) -> Allowance | None:
        """With a key, the units of a day; every question that is asked here costs one."""
        return Allowance(most=UNITS, span=timedelta(days=1), zone=ZONE) if login.has_token else None

    def adopts(self, feed: Stream) -> Stream | None:
        """A channel that was followed as a feed; a playlist stays one."""
        if feed.profile is None or feed.profile.place != PLACE or not CHANNEL.fullmatch(feed.profile.native_id):
            return None
        return _stream(feed.profile, feed.title)

    def asked_at(self, stream: Stream, cursor: str) -> str:
        """The API, once something was read from it; else YouTube's own site, where the feeds are."""
        return API if '"started"' in cursor and stream.address == SITE else stream.address

    def _talk(self, login: Login, token: str, door: Door) -> Talk:
        site = login.address.rstrip("/")
        return Talk(door=door, base=API if site == SITE else f"{site}/youtube/v3", clock=self._clock, token=token)

    def _found(self, page: str, talk: Talk, door: Door) -> Json | None:
        """The channel behind an address; None for none. A page is only read where the API knows no question for it."""
        parts = urlsplit(page)
        path = [unquote(piece) for piece in parts.path.split("/") if piece]
        first, second = (*path, "", "")[:2]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if first == "channel" or query.get("channel_id"):
            return find_channel(talk, id=query.get("channel_id") or second)
        if first == "user":
            return find_channel(talk, forUsername=second)
        if first.startswith("@"):
            return find_channel(talk, forHandle=first)
        video = query.get("v", "") if first == "watch" else second if first in ("shorts", "live", "embed") else ""
        if parts.hostname == "youtu.be":
            video = first
        if video:
            shown = next(iter(records(talk.get("videos", part="snippet", id=video), "items")), None)
            return find_channel(talk, id=string(record_of(shown, "snippet"), "channelId", 60)) if shown is not None else None
        answer = door.get(page, accept="text/html")
        links = page_links(decode(answer.body), answer.url)
        told = next((found.native_id for link in (*links.feeds, links.canonical) if (found := known(link)) and CHANNEL.fullmatch(found.native_id)), "")
        return find_channel(talk, id=told) if told else None


def _stream(channel: Key, title: str) -> Stream:
    return Stream(name=f"videos:{channel.native_id}", address=SITE, profile=channel, title=title)


def _told_by_feed(page: Page, channel: Key, *, mine: bool) -> Page:
    """A feed does not know whose it is, and not always where the channel is."""
    def ours(fact: Fact) -> Fact:
        if not isinstance(fact, Profile) or fact.key != channel:
            return fact
        return replace(fact, url=page_of(channel.native_id), is_owner=mine, known=not mine)

    return replace(page, facts=tuple(map(ours, page.facts)))


def _page(address: str) -> str:
    """The address of a channel or video, as typed in any form. Raises UserMistake for what is neither."""
    text = address.strip()
    if CHANNEL.fullmatch(text):
        return page_of(text)
    if re.fullmatch(r"@?[\w.·-]{3,60}", text) and (text.startswith("@") or not re.search(r"\.(com|be)$", text, re.IGNORECASE)):
        return f"{SITE}/@{text.removeprefix('@')}"
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        host = ""
    host = re.sub(r"^(www|m|music)\.", "", host)
    path = parts.path.strip("/") if host else ""
    first = path.partition("/")[0]
    usable = first.startswith("@") or first in ("channel", "user", "c", "watch", "shorts", "live", "embed", "feeds") or first.lower() not in _NO_CHANNELS
    if (host == "youtube.com" and path and usable) or (host == "youtu.be" and path):
        site = "https://youtu.be" if host == "youtu.be" else SITE
        return f"{site}/{path}" + (f"?{parts.query}" if parts.query else "")
    raise UserMistake(say("This is no channel on YouTube. Nothing was changed; type its @name, or its address like youtube.com/@name."))
