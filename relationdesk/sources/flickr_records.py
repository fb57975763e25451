"""What the records of a Flickr export say. People are keyed by their number (12345678@N00), as Flickr's feeds give it, else by
the name in their page's address; photos as the feeds do. The export names no zone; its times are taken as UTC.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from relationdesk.markup import html_to_text
from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Precision, Profile, Role, pairs
from relationdesk.saying import say
from relationdesk.sources.chats import Told
from relationdesk.sources.json_fields import records, string
from relationdesk.text import one_line, tidy

PLACE = "flickr"
NUMBER = re.compile(r"\d{1,20}@N\d\d")
_PAGE = re.compile(r"(?:https?://)?(?:www\.|m\.)?flickr\.com/(?:photos|people)/([\w@.-]{1,80})", re.IGNORECASE)
_PHOTO = re.compile(r"/photos/[\w@.-]{1,80}/(\d{1,20})")
_COMMENT = re.compile(r"(?:.*[-#]|comment)?(?:comment)?(\d{5,25})/?$")
_PRIVACY = {"public": Audience.PUBLIC, "private": Audience.PRIVATE}


class BadRecord(ValueError):
    """A record that says nothing; the reason as a sentence."""


def key_of(who: str) -> Key | None:
    """The key of somebody by number, by address, or by the name in it; None for nobody."""
    who = who.strip()
    name = found[1] if (found := _PAGE.match(who)) else who
    if NUMBER.fullmatch(name):
        return Key(PLACE, name)
    return Key(PLACE, f"https://flickr.com/people/{name.casefold()}") if re.fullmatch(r"[\w@.-]{1,80}", name) and name != "" else None


def photo_key(id_: str) -> str:
    """As in Flickr's feeds; "" for what is no number of a photo."""
    return f"tag:flickr.com,2005:/photo/{id_}" if re.fullmatch(r"\d{1,20}", id_) else ""


def moment(text: str) -> tuple[datetime | None, Precision]:
    """ "2019-05-01 10:20:30"; a date of before there was Flickr is none."""
    try:
        when = datetime.fromisoformat(text.strip()[:40])
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, Precision.UNKNOWN
    return (when, Precision.SECOND) if 2004 <= when.year < 2200 else (None, Precision.UNKNOWN)


def words(record: Any, *names: str) -> str:
    """The first of these texts, without markup."""
    value = next((record[name] for name in names if isinstance(record.get(name), str) and record[name].strip()), "")
    return tidy(html_to_text(value)) if value else ""


class Reading:
    """Whom the records name, each told once before."""

    def __init__(self, owner: Profile) -> None:
        self.me = owner.key
        self._aliases = {key for key in (key_of(owner.handle), key_of(owner.url)) if key is not None}
        self._told = Told()

    def person(self, who: str, *, name: str = "", known: bool = False) -> tuple[Key | None, Iterator[Profile]]:
        key = key_of(who)
        if key is None or key == self.me or key in self._aliases:
            return (None if key is None else self.me), iter(())
        if key in self._told and not known:
            return key, iter(())
        page = key.native_id if key.native_id.startswith("https://") else f"https://www.flickr.com/people/{key.native_id}/"
        handle = "" if NUMBER.fullmatch(key.native_id) else key.native_id.rpartition("/")[2]
        return key, self._told.tell(Profile(key=key, handle=handle, display_name=one_line(name), url=page, known=known))


def owner_profile(said: Any) -> Profile | None:
    """The owner as the export's own profile tells it."""
    number, name, page = string(said, "nsid", 60), string(said, "screen_name", 200), string(said, "profile_url", 500)
    key = key_of(number) or key_of(page)
    if key is None:
        return None
    handle = found[1] if (found := _PAGE.match(page)) and not NUMBER.fullmatch(found[1]) else name
    return Profile(key=key, handle=handle, display_name=string(said, "real_name", 200) or name, url=page, is_owner=True)


def photo_facts(record: Any, reading: Reading, *, photos: bool, comments: bool) -> Iterator[Fact]:
    """A photo of the owner's, and what others wrote under it. Raises BadRecord."""
    about = photo_key(string(record, "id", 40))
    if not about:
        raise BadRecord(say("It has no number of a photo."))
    when, precision = moment(string(record, "date_imported", 60))
    privacy = string(record, "privacy", 60).casefold()
    if photos:
        yield Activity(
            key=Key(PLACE, about), actor=reading.me, kind=Kind.PHOTO, published=when, precision=precision, title=string(record, "name", 500),
            text=words(record, "description"), url=_web(string(record, "photopage")), thread=about,
            audience=_PRIVACY.get(privacy, Audience.FOLLOWERS if privacy else Audience.PUBLIC),
            extra=pairs(tags=", ".join(filter(None, (string(tag, "tag", 100) for tag in records(record, "tags")))), taken=string(record, "date_taken", 40)),
        )  # fmt: skip
    for comment in records(record, "comments") if comments else []:
        key, said = reading.person(string(comment, "user", 100))
        if key is None:
            continue
        yield from said
        yield _comment(comment, key, about, () if key == reading.me else (Participant(profile=reading.me, role=Role.REPLY_TO),))


def own_comment(record: Any, reading: Reading) -> Iterator[Fact]:
    """A comment of the owner's under somebody's photo, who is known where its address tells. Raises BadRecord."""
    about = photo_key(string(record, "photo_id", 40))
    page = string(record, "comment_url") or string(record, "photo_url")
    key, said = reading.person(page) if _PAGE.match(page) else (None, iter(()))
    if not about and not words(record, "comment", "message"):
        raise BadRecord(say("It says neither which photo nor what was written."))
    yield from said
    yield _comment(record, reading.me, about, (Participant(profile=key, role=Role.REPLY_TO),) if key is not None and key != reading.me else ())


def _comment(record: Any, actor: Key, about: str, participants: tuple[Participant, ...]) -> Activity:
    page = string(record, "comment_url") or string(record, "url")
    written = string(record, "date", 60) or string(record, "date_create", 60)
    text, (when, precision) = words(record, "comment", "message"), moment(written)
    found = _COMMENT.match(string(record, "comment_id", 100) or string(record, "id", 100)) or (_COMMENT.match(page) if "comment" in page else None)
    digest = hashlib.sha256(f"{actor.native_id}\n{about}\n{written}\n{text}".encode("utf-8", "replace")).hexdigest()[:24]
    return Activity(
        key=Key(PLACE, f"comment:{found[1] if found else digest}"), actor=actor, kind=Kind.COMMENT, published=when, precision=precision, text=text,
        url=_web(page), in_reply_to=about, thread=about, participants=participants,
    )  # fmt: skip


def fave(record: Any, reading: Reading) -> Iterator[Fact]:
    """A photo that the owner likes, since when nobody says. Raises BadRecord."""
    page = string(record, "photo_url")
    found = _PHOTO.search(page)
    about = photo_key(string(record, "photo_id", 40) or (found[1] if found else ""))
    if not about:
        raise BadRecord(say("It has no number of a photo."))
    key, said = reading.person(page) if _PAGE.match(page) else (None, iter(()))
    yield from said
    yield Activity(
        key=Key(PLACE, f"{reading.me.native_id}#fave:{about}"), actor=reading.me, kind=Kind.REACTION, published=None, precision=Precision.UNKNOWN,
        url=_web(page), in_reply_to=about, participants=(Participant(profile=key, role=Role.SUBJECT),) if key is not None and key != reading.me else (),
        extra=pairs(reaction="favourite"),
    )  # fmt: skip


def letter(record: Any, reading: Reading, *, sent: bool) -> Iterator[Fact]:
    """A FlickrMail. Who the other one is stands in fields that were called differently over time. Raises BadRecord."""
    names = ("to", "recipient", "to_nsid", "recipient_nsid") if sent else ("from", "sender", "from_nsid", "sender_nsid")
    fields = [record.get(name) for name in names]
    candidates = [string(field, one, 200) for field in fields if isinstance(field, dict) for one in ("nsid", "id", "url", "name")]
    candidates += [field for field in fields if isinstance(field, str)]
    ordered = sorted(filter(None, candidates), key=lambda one: not (NUMBER.fullmatch(one) or _PAGE.match(one)))
    key, said = reading.person(ordered[0], known=sent) if ordered else (None, iter(()))
    if key is None or key == reading.me:
        raise BadRecord(say("It does not say who the other one is."))
    yield from said
    written = string(record, "date", 60) or string(record, "date_create", 60) or string(record, "date_sent", 60)
    text, subject, (when, precision) = words(record, "message", "body", "text"), string(record, "subject", 500), moment(written)
    digest = hashlib.sha256(f"{key.native_id}\n{sent}\n{written}\n{subject}\n{text}".encode("utf-8", "replace")).hexdigest()[:24]
    yield Activity(
        key=Key(PLACE, f"mail:{string(record, 'id', 60) or digest}"), actor=reading.me if sent else key, kind=Kind.MESSAGE, published=when,
        precision=precision, title=subject, text=text, audience=Audience.PRIVATE,
        participants=(Participant(profile=key if sent else reading.me, role=Role.TO),),
    )  # fmt: skip


def _web(page: str) -> str:
    return one_line(page, 2_000) if re.match(r"https?://[^\s]", page) else ""
