"""What Flickr gives its members: zips of small JSON files, one per photo and some lists. Photos themselves lie in zips of their
own and are not read. Descriptions of the form disagree in names of fields, so all of them are taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.flickr_records import (
    PLACE,
    BadRecord,
    Reading,
    discussion,
    fave,
    key_of,
    letter,
    own_comment,
    owner_profile,
    photo_facts,
    testimonials,
)
from relationdesk.sources.google_chat import document
from relationdesk.sources.json_fields import string
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.member_names import plain_stem

_PHOTOS, _COMMENTS = Part(name="photos", title=marked("photos")), Part(name="comments", title=marked("comments"))
_FAVES, _CONTACTS = Part(name="faves", title=marked("favourites")), Part(name="contacts", title=marked("contacts and followers"))
_LETTERS, _GROUPS = Part(name="messages", title=marked("FlickrMail")), Part(name="discussions", title=marked("discussions in groups"))
_PRAISE = Part(name="testimonials", title=marked("testimonials"))
_PARTS = {
    _CONTACTS: ("contacts", "followers"), _PHOTOS: ("photo",), _COMMENTS: ("photo", "comments"), _FAVES: ("faves",), _LETTERS: ("received", "sent"),
    _GROUPS: ("discussions",), _PRAISE: ("testimonials",),
}  # fmt: skip
_HEAD, _BEGINNING = 64 * 1024, 8 * 1024
"""A photo may have a long description before what tells it; a list begins with its name."""
_LISTS = ("comments", "faves", "favorites", "flickrmail", "mails", "messages", "discussions", "group_discussions")
_BY_NAME = re.compile(r"(?:(received|sent)_flickrmail|(?:sets|galleries|apps)_(comments)|group_(discussions)|[a-z]+_(testimonials))(?![a-z])")
"""Files that only their name tells, because their records could be anybody's."""
_EVERY = 200
_REJECTED_SHOWN = 200
_PHOTO_NAME = re.compile(r"(?:^|/)photo_\d+(?: \(\d+\))?\.json$", re.IGNORECASE)
_LOOKED_AT = 3
_SIGNS = (
    ("profile", rb"\"nsid\"\s*:\s*\"\d+@N\d\d\"", b'"screen_name"'), ("photo", rb"\"photopage\"\s*:\s*\"", b'"date_imported"'),
    ("contacts", rb"\A\s*\{\s*\"contacts\"\s*:\s*\{", b"flickr.com"), ("followers", rb"\A\s*\{\s*\"followers\"\s*:\s*\{", b"flickr.com"),
    ("faves", rb"\A\s*\{\s*\"fav(?:e|orite)s\"\s*:\s*\[", b'"photo_'), ("comments", rb"\A\s*\{\s*\"comments\"\s*:\s*\[", b'"photo_id"'),
)  # fmt: skip
"""What a file is by its beginning: a pattern, and what must stand in it as well."""
_QUESTION = marked("Whose export of Flickr is this? These files do not say it; give the owner’s number (like 12345678@N00) or page.")


class FlickrExport:
    """FileSource for Flickr's own export."""

    name = "flickr_export"
    title = marked("Flickr export")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        """By how its files begin."""
        try:
            with open_container(path) as box:
                found = _files(box)
                if not found:
                    return None
                owner = _owner(box, found, "")
        except (UnreadableFile, OSError):
            return None
        here = set(found.values())
        return Recognised(
            format=self.name, title=self.title, place=self.place, certainty=0.9 if box.single else 0.95,
            owner=(owner.display_name or owner.handle) if owner else "", gathered="profile" not in here, parts=tuple(part for part, kinds in _PARTS.items() if here & set(kinds)),
            asks=() if owner else (Ask(name="me", question=say(_QUESTION), choices=()),),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then part by part. Raises UnreadableFile, with the question if nobody says whose it is."""
        with open_container(path) as box:
            found = _files(box)
            if not found:
                raise UnreadableFile(
                    say("“{name}” holds no part of a Flickr export. Nothing was brought in. Choose the zips of Flickr’s data, not those of the photos.", name=path.name),
                    source=self.name,
                )
            owner = _owner(box, found, options.me)
            if owner is None:
                raise UnreadableFile(say("{question} Nothing was brought in.", question=say(_QUESTION)), source=self.name)
            yield from _facts(box, found, owner, options)


def _files(box: Container) -> dict[str, str]:
    """The files that are read, each with what it is. One photo is like the other, so only the first few are looked into."""
    found: dict[str, str] = {}
    photos: list[str] = []
    for name in box.names():
        if not box.single and not name.lower().endswith(".json"):
            continue
        if not box.single and _PHOTO_NAME.search(name):
            photos.append(name)
        elif kind := _kind(box, name):
            found[name] = kind
    if any(_kind(box, name) == "photo" for name in photos[:_LOOKED_AT]):
        found.update(dict.fromkeys(photos, "photo"))
    # What only its name tells counts beside what is sure.
    return found if any(not _BY_NAME.match(plain_stem(name)) for name in found) else {}


def _kind(box: Container, name: str) -> str:
    head = box.head(name, _HEAD if box.single or _PHOTO_NAME.search(name) else _BEGINNING).removeprefix(b"\xef\xbb\xbf")
    if not head.lstrip().startswith(b"{"):
        return ""
    for kind, pattern, also in _SIGNS:
        if also in head.replace(b"\\/", b"/") and re.search(pattern, head):
            return kind
    by_name = _BY_NAME.match(plain_stem(name))
    return next(filter(None, by_name.groups()), "") if by_name else ""


def _owner(box: Container, found: dict[str, str], me: str) -> Profile | None:
    """By the profile, else by the page of one of the photos, else whom the user names."""
    for name in (name for name, kind in found.items() if kind == "profile"):
        if owner := owner_profile(document(box, name)):
            return owner
    for name in [name for name, kind in found.items() if kind == "photo"][:_LOOKED_AT]:
        page = string(document(box, name), "photopage")
        if "/photos/" in page and (key := key_of(page)):
            handle = key.native_id.rpartition("/")[2]
            return Profile(key=key, handle=handle, url=f"https://www.flickr.com/people/{handle}/", is_owner=True)
    key = key_of(me) if me.strip() else None
    return Profile(key=key, is_owner=True) if key else None


def _facts(box: Container, found: dict[str, str], owner: Profile, options: Options) -> Iterator[Fact | Progress]:
    parts = {part.name for part in _PARTS if options.wants(part)}
    kinds = [kind for part, several in _PARTS.items() if part.name in parts for kind in several]
    wanted = [name for kind in dict.fromkeys(kinds) for name, is_kind in found.items() if is_kind == kind]
    reading, broken, newest = Reading(owner), Counter[str](), None
    yield Progress(done=0, total=len(wanted), unit="files")
    yield owner
    for number, name in enumerate(wanted, start=1):
        for fact in _file(box, name, found[name], reading, parts):
            if isinstance(fact, Rejected):
                broken[found[name]] += 1
                if broken[found[name]] > _REJECTED_SHOWN:
                    continue
            elif isinstance(fact, Activity) and fact.published is not None:
                newest = _later(newest, fact.published)
            yield fact
        if number % _EVERY == 0:
            yield Progress(done=number, total=len(wanted), unit="files")
    for kind, count in broken.items():
        if count > _REJECTED_SHOWN:
            yield Rejected(where=kind, reason=say("{count} more records could not be read.", count=count - _REJECTED_SHOWN))
    yield Progress(done=len(wanted), total=len(wanted), unit="files")
    if newest is not None:
        # What others did elsewhere, an export of the owner's does not tell.
        yield Coverage(place=PLACE, profile=owner.key, until=newest)


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)


def _file(box: Container, name: str, kind: str, reading: Reading, parts: set[str]) -> Iterator[Fact]:
    label = PurePosixPath(name).name
    if kind in ("contacts", "followers"):
        yield from _people(document(box, name), kind, label, reading)
        return
    if kind == "testimonials":
        for number, fact in testimonials(document(box, name), reading):
            yield Rejected(where=f"{label} record {number}", reason=str(fact)) if isinstance(fact, BadRecord) else fact
        return
    try:
        with box.open(name) as stream:
            for number, record in enumerate(documents(stream, () if kind == "photo" else _LISTS), start=1):
                where = label if kind == "photo" else f"{label} record {number}"
                try:
                    if not isinstance(record, dict):
                        raise BadRecord(record.reason if isinstance(record, Broken) else say("It is no record."))
                    yield from _record(record, kind, reading, parts)
                except BadRecord as e:
                    yield Rejected(where=where, reason=str(e))
    except UnreadableFile as e:
        yield Rejected(where=label, reason=str(e))


def _record(record: dict[str, Any], kind: str, reading: Reading, parts: set[str]) -> Iterator[Fact]:
    """Raises BadRecord."""
    if kind == "photo":
        return photo_facts(record, reading, photos=_PHOTOS.name in parts, comments=_COMMENTS.name in parts)
    if kind == "comments":
        return own_comment(record, reading)
    if kind == "faves":
        return fave(record, reading)
    if kind == "discussions":
        return discussion(record, reading)
    return letter(record, reading, sent=kind == "sent")


def _people(said: Any, kind: str, label: str, reading: Reading) -> Iterator[Fact]:
    listed = said.get(kind) if isinstance(said, dict) else None
    if not isinstance(listed, dict):
        yield Rejected(where=label, reason=say("This file is damaged or too large, and was left out."))
        return
    for number, (name, page) in enumerate(listed.items(), start=1):
        key, told = reading.person(page if isinstance(page, str) else "", name=name, known=kind == "contacts")
        if key is None:
            yield Rejected(where=f"{label} record {number}", reason=say("It does not say who this is."))
        yield from told
