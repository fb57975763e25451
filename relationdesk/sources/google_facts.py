"""What the records and tables of a Takeout mean. A video is "yt:video:<id>", a channel its id, as YouTube's feeds give them;
a comment has its own id. What was only done (watched, searched, visited) is keyed by what and when.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Precision, Profile, Role, pairs
from relationdesk.saying import say
from relationdesk.sources.chats import Told
from relationdesk.sources.google_deeds import Deed
from relationdesk.sources.json_fields import moment_of
from relationdesk.sources.tables import Row
from relationdesk.text import MAX_TEXT, canonical_url, one_line, tidy

YOUTUBE, GOOGLE = "youtube", "google"
_CHANNEL = re.compile(r"/channel/([\w-]{2,60})")
_ID = re.compile(r"[\w-]{1,80}(?:\.[\w-]{1,80})?")
_ACTIONS = {"watched": "watched", "searched": "searched", "visited": "visited", "viewed": "viewed", "used": "used", "listened": "listened", "read": "read"}
_LIKED = ("liked ", "i like ", "gefällt ", "j'aime ", "me gusta ", "gostei ", "mi piace ")
_OTHER_DEEDS = ("disliked ", "subscribed ", "commented ", "saved ", "voted ", "answered ", "shared ", "dismissed ", "used ", "visited ", "viewed ", "unsubscribed ")
_MOST_SEGMENTS = 20_000
_SEGMENTS = json.JSONDecoder(strict=False)
"""Not strict: Google leaves line breaks as they are."""


class Left(Exception):
    """A record that is left out on purpose; why, in the plural."""


class BadRow(ValueError):
    """A row that says nothing; the reason as a sentence."""


class People:
    """Channels, each told once before it is named."""

    def __init__(self, youtube: Key, google: Key) -> None:
        self.youtube, self.google = youtube, google
        self._told = Told()

    def channel(self, id_: str, name: str, url: str, *, known: bool = False) -> tuple[Key | None, Iterator[Profile]]:
        """A channel by its id, else by its page; None for one that is only a name."""
        page = canonical_url(url)
        id_ = id_ if _ID.fullmatch(id_) else (found[1] if (found := _CHANNEL.search(page)) else "")
        if not (id_ or page):
            return None, iter(())
        key = Key(YOUTUBE, id_ or page)
        if key == self.youtube:
            return key, iter(())
        home = f"https://www.youtube.com/channel/{id_}" if id_ else url
        if key in self._told and not known:
            return key, iter(())
        return key, self._told.tell(Profile(key=key, display_name=one_line(name), url=home, known=known))


def video_of(url: str) -> str:
    """The id of the video behind an address of YouTube; "" for anything else."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("music.")
        found = parts.path.strip("/") if host == "youtu.be" else next(iter(parse_qs(parts.query).get("v", ())), "") if host == "youtube.com" else ""
        if host == "youtube.com" and parts.path.startswith(("/shorts/", "/live/")):
            found = parts.path.split("/")[2]
    except ValueError:
        return ""
    return found if re.fullmatch(r"[\w-]{1,40}", found) else ""


def is_watched(deed: Deed) -> bool:
    """A video that was watched, in whatever language Google says so."""
    title = deed.title.casefold()
    if not _is_youtube(deed) or title.startswith((*_LIKED, *_OTHER_DEEDS)):
        return False
    return title.startswith("watched ") or bool(video_of(deed.url)) or bool(_CHANNEL.search(deed.by_url))


def _is_youtube(deed: Deed) -> bool:
    return deed.header.casefold().startswith("youtube") or bool(video_of(deed.url)) or "youtube.com/" in deed.url


def deed_facts(deed: Deed, people: People) -> Iterator[Fact]:
    """One record. Raises Left."""
    if deed.advertised:
        raise Left(say("what Google’s advertising showed"))
    youtube = _is_youtube(deed)
    if youtube and "/results?" in deed.url:
        raise Left(say("searches on YouTube"))
    video, liked = video_of(deed.url), youtube and deed.title.casefold().startswith(_LIKED)
    key, said = people.channel("", deed.by, deed.by_url) if youtube else (None, iter(()))
    yield from said
    action = "watched" if is_watched(deed) else _ACTIONS.get(deed.title.casefold().partition(" ")[0], "")
    about = f"yt:video:{video}" if video else ""
    yield Activity(
        key=Key(YOUTUBE if youtube else GOOGLE, _key_of(deed, "liked" if liked else action or "did", about)),
        actor=people.youtube if youtube else people.google, kind=Kind.REACTION if liked else Kind.OTHER, published=deed.published,
        precision=deed.precision, title=deed.title, url=deed.url, audience=Audience.PRIVATE,
        participants=(Participant(profile=key, role=Role.SUBJECT),) if key is not None and key != people.youtube else (),
        in_reply_to=about if liked else "",
        extra=pairs(action=action, by=deed.by, product=one_line(deed.header, 100), reaction="like" if liked else ""),
    )  # fmt: skip


def _key_of(deed: Deed, action: str, about: str) -> str:
    return f"{action}:{about or one_line(deed.url or deed.title, 1_500)}@{deed.stamp}"


def words_of(cell: str) -> str:
    """The text of a comment: plain, or in pieces of JSON, in a list or only parted by commas."""
    text = cell.strip()[:MAX_TEXT]
    if not text.startswith(("{", "[")) or text.count("{") > _MOST_SEGMENTS:
        return tidy(text)
    try:
        found = _SEGMENTS.decode(text if text.startswith("[") else f"[{text}]")
    except (ValueError, RecursionError):
        return tidy(text)
    if len(found) == 1 and isinstance(found[0], dict) and isinstance(found[0].get("takeoutSegments"), list):
        found = found[0]["takeoutSegments"]
    pieces = [piece["text"] for piece in found if isinstance(piece, dict) and isinstance(piece.get("text"), str)]
    return tidy("".join(pieces)) if pieces else tidy(text)


def comment_facts(row: Row, people: People) -> Iterator[Fact]:
    """A comment, or a line in a live chat. Raises BadRow."""
    id_ = row.first("comment id", "live chat id")
    if not re.fullmatch(r"[\w.=-]{1,200}", id_):
        raise BadRow(say("It has no id."))
    written = row.first("comment create timestamp", "live chat create timestamp").removesuffix(" UTC")
    published, precision = moment_of(written[:60])
    video, parent = row["video id"], row["parent comment id"]
    page = f"https://www.youtube.com/watch?v={video}" + (f"&lc={id_}" if row["comment id"] else "") if _ID.fullmatch(video) else ""
    about = f"yt:video:{video}" if page else ""
    if not page and _ID.fullmatch(post := row["post id"]):
        page, about = f"https://www.youtube.com/post/{post}", f"yt:post:{post}"
    price = row["price"] if row["price"].strip("0.") else ""
    yield Activity(
        key=Key(YOUTUBE, id_), actor=people.youtube, kind=Kind.COMMENT, published=published, precision=precision if published else Precision.UNKNOWN,
        text=words_of(row.first("comment text", "live chat text")), url=page, in_reply_to=one_line(parent, 200) or about, thread=about,
        extra=pairs(paid=one_line(price, 40), live="yes" if row["live chat id"] else ""),
    )  # fmt: skip


def subscription_facts(row: Row, people: People) -> Iterator[Fact]:
    """A channel that is followed, since when nobody says. Raises BadRow."""
    key, said = people.channel(row["channel id"], row["channel title"], row["channel url"], known=True)
    if key is None:
        raise BadRow(say("It does not say which channel this is."))
    yield from said
