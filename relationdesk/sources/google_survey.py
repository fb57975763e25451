"""What lies in a Takeout, told by content: its folders and files are named in the language of whoever ordered it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from relationdesk.errors import UnreadableFile
from relationdesk.model import Key, Profile, Rejected
from relationdesk.saying import marked
from relationdesk.sources.base import FileSource, Part
from relationdesk.sources.bookmarks import Bookmarks
from relationdesk.sources.container import Container
from relationdesk.sources.google_chat import document, is_chat, owner_of, person
from relationdesk.sources.google_deeds import HEAD, BadDeed, Deed, from_html, from_json, is_html, is_json
from relationdesk.sources.google_facts import GOOGLE, YOUTUBE, is_watched
from relationdesk.sources.google_tables import kind_of, shape_of
from relationdesk.sources.ical import ICalendar
from relationdesk.sources.json_fields import records, string
from relationdesk.sources.mail_files import MailFiles
from relationdesk.sources.tables import Row, rows
from relationdesk.sources.vcard import VCard
from relationdesk.text import mail_address, one_line

WATCHED = Part(name="watched", title=marked("watched videos"))
ACTIVITY = Part(name="activity", title=marked("other activity (searches, visited pages)"))
COMMENTS = Part(name="comments", title=marked("comments on YouTube"))
SUBSCRIPTIONS = Part(name="subscriptions", title=marked("subscribed channels"))
CHATS = Part(name="chats", title=marked("messages of Google Chat"))
OTHERS: dict[Part, tuple[FileSource, tuple[str, ...]]] = {
    Part(name="contacts", title=marked("contacts")): (VCard(), (".vcf",)),
    Part(name="mail", title=marked("mail")): (MailFiles(), (".mbox", ".eml")),
    Part(name="calendar", title=marked("calendar entries")): (ICalendar(), (".ics",)),
    Part(name="bookmarks", title=marked("bookmarks")): (Bookmarks(), (".html",)),
}
"""What other sources read in place, and how the files of each end."""
_MOST_IN_FOLDER = 60
"""Files of one folder that are looked into: beside every photo lies a JSON file that says nothing of this."""
_BEGINNING = 16 * 1024
_LOOKED_AT = 200
"""Records of one file that are looked at to see what kind of deeds are in it."""


@dataclass(slots=True)
class Found:
    """files: by name, in what form ("json", "html", "comments", "subscriptions", "channel", "chat"). others: the parts that
    other sources read."""

    files: dict[str, str] = field(default_factory=dict)
    others: dict[Part, FileSource] = field(default_factory=dict)
    deeds: frozenset[str] = frozenset()  # names of WATCHED and ACTIVITY, as far as they occur

    def of(self, *forms: str) -> list[str]:
        return [name for name, form in self.files.items() if form in forms]

    def parts(self) -> tuple[Part, ...]:
        """In the order of showing. Among contacts and mail nobody wants ten thousand searches, unless they say so."""
        own = [part for part in (CHATS, COMMENTS, SUBSCRIPTIONS) if self.of({"chats": "chat"}.get(part.name, part.name))]
        own += [part for part in (WATCHED, ACTIVITY) if part.name in self.deeds]
        return (*self.others, *(replace(part, wanted=False) if part is ACTIVITY and self.others else part for part in own))


def survey(path: Path, box: Container) -> Found:
    """Everything in it that is read. What other sources read is looked for in a Takeout only, not in any folder."""
    found, looked = Found(), Counter[PurePosixPath]()
    for name in box.names():
        folder = PurePosixPath(name).parent
        if (box.single or name.lower().endswith((".json", ".html", ".csv"))) and looked[folder] < _MOST_IN_FOLDER:
            looked[folder] += 1
            if form := _form_of(box, name):
                found.files[name] = form
    found.deeds = frozenset(_deeds(box, found))
    if not box.single and (found.files or looks_like_takeout(path, box)):
        names = [name.lower() for name in box.names()]
        for part, (source, endings) in OTHERS.items():
            if any(name.endswith(endings) for name in names) and source.recognise(path) is not None:
                found.others[part] = source
    return found


def looks_like_takeout(path: Path, box: Container) -> bool:
    above = f"{path.name}/{box.top}".casefold()
    return "takeout" in above or any(PurePosixPath(name).name.casefold() == "archive_browser.html" for name in box.names())


def _form_of(box: Container, name: str) -> str:
    try:
        with box.open(name) as stream:
            head = stream.read(_BEGINNING)
            if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
                head += stream.read(HEAD)
    except UnreadableFile:
        return ""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        return "json" if is_json(head) else "chat" if is_chat(head) else ""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return "html" if is_html(head) else ""
    return kind_of(head)


def deeds(box: Container, name: str, form: str) -> Iterator[tuple[int, Deed | BadDeed]]:
    """The records of a file, and how many bytes were read. Raises UnreadableFile where the file is damaged."""
    with box.open(name) as stream:
        for deed in from_json(stream) if form == "json" else from_html(stream):
            yield stream.tell(), deed


def _deeds(box: Container, found: Found) -> Iterator[str]:
    """Which kinds of deeds there are, as far as the beginnings tell."""
    for name in found.of("json", "html"):
        try:
            for _, (_, deed) in zip(range(_LOOKED_AT), deeds(box, name, found.files[name]), strict=False):
                if isinstance(deed, Deed):
                    yield WATCHED.name if is_watched(deed) else ACTIVITY.name
        except UnreadableFile:
            continue


def table(box: Container, name: str, kind: str) -> Iterator[tuple[int, Row | Rejected]]:
    """Rows and Rejected of a table, and how many bytes were read. Raises UnreadableFile where the file is damaged."""
    shape = shape_of(partial(box.open, name), kind)
    if shape is None:
        return
    with box.open(name) as stream:
        for row in rows(stream, shape, name, short_ok=True):
            yield stream.tell(), row


def owners(box: Container, found: Found, me: str) -> tuple[Profile, Profile]:
    """The owner on YouTube and at Google, as far as the files (or the user) say; else each is simply “me”."""
    id_, name = _channel(box, found)
    url = f"https://www.youtube.com/channel/{id_}" if id_ else ""
    youtube = Profile(key=Key(YOUTUBE, id_ or "me"), display_name=name, url=url, is_owner=True)
    google = owner_of(box) or _in_profile(box) or person({"email": me}, is_owner=True)
    return youtube, google or Profile(key=Key(GOOGLE, "me"), is_owner=True)


def _channel(box: Container, found: Found) -> tuple[str, str]:
    """Id and title of the owner's channel: every comment in the file is by it."""
    for name in (*found.of("channel"), *found.of("comments")):
        try:
            row = next((row for _, row in table(box, name, found.files[name]) if isinstance(row, Row) and row["channel id"]), None)
        except UnreadableFile:
            continue
        if row is not None:
            return one_line(row["channel id"], 80), one_line(row.first("channel title (original)", "channel title"))
    return "", ""


def _in_profile(box: Container) -> Profile | None:
    """The profile that Google writes beside the rest; its folder and file are called differently in every language."""
    for name in (name for name in box.names() if name.lower().endswith(".json") and name.count("/") < 3 and box.size(name) < 64 * 1024):
        said = document(box, name)
        mails = [mail for one in records(said, "emails") if (mail := mail_address(string(one, "value", 320)))]
        if mails:
            whole_name = said.get("name") if isinstance(said, dict) else None
            return person({"email": mails[0], "name": string(said, "displayName") or string(whole_name, "formattedName")}, is_owner=True)
    return None
