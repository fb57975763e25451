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
from relationdesk.sources.json_fields import record_of, records, string
from relationdesk.text import one_line, tidy

PLACE = "flickr"
NUMBER = re.compile(r"\d{1,20}@N\d\d")
_PAGE = re.compile(r"(?:https?://)?(?:www\.|m\.)?flickr\.com/(?:photos|people)/([\w@.-]{1,80})", re.IGNORECASE)
_PHOTO = re.compile(r"/photos/[\w@.-]{1,80}/(\d{1,20})")
_COMMENT = re.compile(r"(?:.*[-#]|comment)?(?:comment)?(\d{5,25})/?$")
_GROUP = re.compile(r"/groups/[\w@.-]{1,80}/discuss/(\d{1,30})")
_WRITTEN = ("date", "created", "date_create", "date_sent")
_ABOUT = ("photoset_id", "set_id", "gallery_id", "album_id")
_PRIVACY = {"public": Audience.PUBLIC, "private": Audience.PRIVATE}


class BadRecord(ValueError):
    """A record that says nothing; the reason as a sentence."""


def _digest(*parts: object) -> str:
    """The id of what has none in the export: what it says, by whom and when."""
    return hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:24]


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
        self._said: dict[Key, tuple[str, str, bool]] = {}

    def person(self, who: str, *, name: str = "", known: bool = False, page: str = "") -> tuple[Key | None, Iterator[Profile]]:
        """Who this is, and what is to be told of them first. page: theirs, where `who` is not yet it."""
        key = key_of(who)
        if key is None or key == self.me or key in self._aliases:
            return (None if key is None else self.me), iter(())
        known_name, known_page, was_known = self._said.get(key, ("", "", False))
        name, page, known = one_line(name) or known_name, page or (who if _PAGE.match(who) else "") or known_page, known or was_known
        self._said[key] = name, page, known
        page = page or (key.native_id if key.native_id.startswith("https://") else f"https://www.flickr.com/people/{key.native_id}/")
        handle = "" if not (found := _PAGE.match(page)) or NUMBER.fullmatch(found[1]) else found[1].casefold()
        return key, self._told.tell(Profile(key=key, handle=handle, display_name=name, url=_people_page(page), known=known))


def _people_page(page: str) -> str:
    """The page of whoever an address of a photo or a person belongs to."""
    found = _PAGE.match(page)
    return f"https://www.flickr.com/people/{found[1]}/" if found else page


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
    shown: list[Fact] = []
    seen: list[Key] = []
    for one in records(record, "people"):
        who, said = reading.person(string(one, "nsid", 60) or string(one, "userurl"), name=string(one, "username", 200), page=string(one, "userurl"))
        if who is not None and who != reading.me and who not in seen:
            seen.append(who)
            shown.extend(said)
    privacy = string(record, "privacy", 60).casefold()
    taken = string(record, "date_taken", 40)
    if photos:
        yield from shown
        yield Activity(
            key=Key(PLACE, about), actor=reading.me, kind=Kind.PHOTO, published=when, precision=precision, title=string(record, "name", 500),
            text=words(record, "description"), url=_web(string(record, "photopage")), thread=about,
            audience=_PRIVACY.get(privacy, Audience.FOLLOWERS if privacy else Audience.PUBLIC),
            participants=tuple(Participant(profile=who, role=Role.MENTIONED) for who in seen),
            extra=pairs(tags=_tags(record), taken="" if taken.startswith("0000") else taken),
        )  # fmt: skip
    listed = record.get("comments")
    for comment in listed if comments and isinstance(listed, list) else []:
        key, said = reading.person(string(comment, "user", 100))
        if key is None:
            continue
        yield from said
        yield _comment(comment, key, about, () if key == reading.me else (Participant(profile=reading.me, role=Role.REPLY_TO),))


def _tags(record: Any) -> str:
    """Each tag is a record with who set it, or only the word."""
    listed = record.get("tags")
    words = [one_line(tag, 100) if isinstance(tag, str) else string(tag, "tag", 100) for tag in (listed if isinstance(listed, list) else [])[:200]]
    return ", ".join(filter(None, words))


def own_comment(record: Any, reading: Reading) -> Iterator[Fact]:
    """A comment of the owner's under somebody's photo or album, who is known where its address tells. Raises BadRecord."""
    about = photo_key(string(record, "photo_id", 40)) or next((f"{name.partition('_')[0]}:{id_}" for name in _ABOUT if (id_ := string(record, name, 60))), "")
    page = string(record, "comment_url") or string(record, "photo_url")
    key, said = reading.person(page) if _PAGE.match(page) else (None, iter(()))
    if not about and not words(record, "comment", "message"):
        raise BadRecord(say("It says neither which photo nor what was written."))
    yield from said
    yield _comment(record, reading.me, about, (Participant(profile=key, role=Role.REPLY_TO),) if key is not None and key != reading.me else ())


def _comment(record: Any, actor: Key, about: str, participants: tuple[Participant, ...]) -> Activity:
    page = string(record, "comment_url") or string(record, "url")
    written = _written(record)
    text, (when, precision) = words(record, "comment", "message"), moment(written)
    found = _COMMENT.match(string(record, "comment_id", 100) or string(record, "id", 100)) or (_COMMENT.match(page) if "comment" in page else None)
    digest = _digest(actor.native_id, about, written, text)
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
    side = ("to", "recipient") if sent else ("from", "sender")
    fields = [record.get(f"{one}{ending}") for one in side for ending in ("", "_user_id", "_nsid")]
    candidates = [string(field, one, 200) for field in fields if isinstance(field, dict) for one in ("nsid", "id", "url", "name")]
    candidates += [field for field in fields if isinstance(field, str)]
    ordered = sorted(filter(None, candidates), key=lambda one: not (NUMBER.fullmatch(one) or _PAGE.match(one)))
    name = next(filter(None, (string(record, f"{one}{ending}", 200) for one in side for ending in ("_user_name", "_username", "_name"))), "")
    key, said = reading.person(ordered[0], name=name, known=sent) if ordered else (None, iter(()))
    if key is None or key == reading.me:
        raise BadRecord(say("It does not say who the other one is."))
    yield from said
    written = _written(record)
    text, subject, (when, precision) = words(record, "message", "body", "text"), string(record, "subject", 500), moment(written)
    digest = _digest(key.native_id, sent, written, subject, text)
    yield Activity(
        key=Key(PLACE, f"mail:{string(record, 'id', 60) or digest}"), actor=reading.me if sent else key, kind=Kind.MESSAGE, published=when,
        precision=precision, title=subject, text=text, audience=Audience.PRIVATE,
        participants=(Participant(profile=key if sent else reading.me, role=Role.TO),),
    )  # fmt: skip


def discussion(record: Any, reading: Reading) -> Iterator[Fact]:
    """What the owner wrote in a group: a topic, or an answer in one. Raises BadRecord."""
    text, subject, page, written = words(record, "message", "body"), string(record, "subject", 500) or string(record, "topic_title", 500), string(record, "url"), _written(record)
    if not text and not subject:
        raise BadRecord(say("It does not say what was written."))
    topic = f"topic:{found[1]}" if (found := _GROUP.search(page)) else ""
    answers = string(record, "type", 40).casefold() in ("reply", "post", "comment")
    when, precision = moment(written)
    digest = _digest(page, written, subject, text)
    yield Activity(
        key=Key(PLACE, f"discussion:{digest}"), actor=reading.me, kind=Kind.REPLY if answers else Kind.POST, published=when, precision=precision, title=subject,
        text=text, url=_web(page), thread=topic, in_reply_to=topic if answers else "", extra=pairs(group=string(record, "group_name", 200)),
    )  # fmt: skip


def testimonials(said: Any, reading: Reading) -> Iterator[tuple[int, Fact | BadRecord]]:
    """(number, fact) of what members wrote about each other; a BadRecord for one that says nothing."""
    both = record_of(said, "testimonials") or said
    number = 0
    for side in ("given", "received"):
        for record in records(both, side) or records(both, f"testimonials_{side}"):
            number += 1
            for fact in _testimonial(record, reading, given=side == "given"):
                yield number, fact


def _testimonial(record: Any, reading: Reading, *, given: bool) -> Iterator[Fact | BadRecord]:
    page, name = string(record, "profile_url") or string(record, "url"), string(record, "author_or_subject_screen_name", 200) or string(record, "user", 200)
    key, told = reading.person(page or name, name=name, known=given)
    text = words(record, "body", "comment", "message")
    if key is None or key == reading.me or not text:
        yield BadRecord(say("It does not say who this is.") if text else say("It does not say what was written."))
        return
    yield from told
    written = _written(record)
    when, precision = moment(written)
    digest = _digest(key.native_id, given, written, text)
    yield Activity(
        key=Key(PLACE, f"testimonial:{digest}"), actor=reading.me if given else key, kind=Kind.RECOMMENDATION, published=when, precision=precision, text=text,
        participants=(Participant(profile=key if given else reading.me, role=Role.SUBJECT),),
    )  # fmt: skip


def _written(record: Any) -> str:
    """When something was written: the field was called differently over time."""
    return next(filter(None, (string(record, name, 60) for name in _WRITTEN)), "")


def _web(page: str) -> str:
    return one_line(page, 2_000) if re.match(r"https?://[^\s]", page) else ""
