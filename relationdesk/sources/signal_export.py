"""Signal's own plain-text export (a folder with main.jsonl, since 2026), and the text files that signal-export writes.

One object per line; numbers are written as text. People are known by Signal's own id, else by number, because the numbers
of recipients and chats belong to one phone only. Notes to self are left out.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
    Coverage,
    Fact,
    Key,
    Kind,
    Precision,
    Profile,
    Progress,
    Rejected,
    pairs,
)
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.chats import Told, stamp, towards
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.json_reader import read_json
from relationdesk.sources.signal_text import looks_like_signal_text, text_facts, text_members
from relationdesk.text import MAX_TEXT, one_line, tidy

PLACE = "signal"
_ME = Key(PLACE, "me")
_HEAD_LINES = 20
_LONGEST_LINE = 8 * 1024 * 1024
_PROGRESS_EVERY = 500
_REJECTED_SHOWN = 200
_MOST_RECIPIENTS = 200_000
_FRAMES = ("version", "backupTimeMs", "account", "recipient", "chat", "chatItem")


class SignalExport:
    """FileSource for Signal."""

    name = "signal_export"
    title = marked("Signal export")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                if member := _main(box):
                    return Recognised(format=self.name, title=self.title, place=PLACE, certainty=0.95, owner=_owner(box, member))
                if any(looks_like_signal_text(box, name) for name in text_members(box)):
                    return Recognised(format=self.name, title="Signal chats as text", place=PLACE, certainty=0.92)
        except (UnreadableFile, OSError):
            return None
        return None

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then chat items in the order of the file. Raises UnreadableFile."""
        with open_container(path) as box:
            member = _main(box)
            if member:
                yield from _Reading(box, member).facts()
                return
            members = [name for name in text_members(box) if looks_like_signal_text(box, name)]
            if not members:
                raise UnreadableFile(
                    say("“{name}” holds no plain-text export of Signal. Nothing was brought in. In Signal, choose Settings, Chats, Export.", name=path.name),
                    source=self.name,
                )
            yield from text_facts(box, members)


def _main(box: Container) -> str:
    """The member with Signal's lines, "" for none: by what its first lines hold."""
    names = box.names() if box.single else [name for name in box.names() if name.casefold().endswith(".jsonl")]
    for name in names[:20]:
        kinds: set[str] = set()
        for _, _, frame in _frames(box, name, _HEAD_LINES):
            kinds.update(kind for kind in _FRAMES if isinstance(frame, dict) and kind in frame)
        if "backupTimeMs" in kinds or len(kinds & {"account", "recipient", "chat", "chatItem"}) > 1:
            return name
    return ""


def _owner(box: Container, member: str) -> str:
    for _, _, frame in _frames(box, member, _HEAD_LINES):
        if isinstance(frame, dict) and (mine := record_of(frame, "account")):
            return one_line(f"{string(mine, 'givenName')} {string(mine, 'familyName')}")
    return ""


def _frames(box: Container, member: str, most: int = 0) -> Iterator[tuple[int, int, object]]:
    """(line, bytes read, the object of the line, or None where it is none)."""
    with box.open(member) as stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            if most and number > most:
                return
            if line.strip():
                try:
                    yield number, stream.tell(), read_json(line.decode("utf-8"))
                except ValueError:
                    yield number, stream.tell(), None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    """native: "" for what is nobody (a list, release notes). group: many people."""

    native: str
    name: str
    phone: str = ""
    group: bool = False
    me: bool = False
    members: tuple[str, ...] = ()


class _Reading:
    """Two passes: who is who and which chats there are, then what was said."""

    def __init__(self, box: Container, member: str) -> None:
        self.box, self.member = box, member
        self.total = box.size(member)
        self.recipients: dict[str, _Recipient] = {}
        self.by_native: dict[str, _Recipient] = {}
        self.chats: dict[str, str] = {}
        self.speakers: dict[str, dict[str, None]] = {}
        self.written: set[str] = set()
        self.owner_name = self.owner_phone = ""
        self.told = Told()
        self.left_out: Counter[str] = Counter()
        self.rejected = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    def facts(self) -> Iterator[Fact | Progress]:
        yield Progress(done=0, total=self.total)
        self._look_ahead()
        phone = (Address(kind=AddressKind.PHONE, value=self.owner_phone, vouched=True),) if self.owner_phone else ()
        yield Profile(key=_ME, display_name=self.owner_name, addresses=phone, is_owner=True)
        for line, done, frame in _frames(self.box, self.member):
            if line % _PROGRESS_EVERY == 0:
                yield Progress(done=min(done, self.total), total=self.total)
            if not isinstance(frame, dict):
                yield from self._reject(line, say("This line is no record of Signal."))
            elif (item := record_of(frame, "chatItem")) is not None:
                yield from self._item(item, line)
        if self.rejected > _REJECTED_SHOWN:
            yield Rejected(where=self.member, reason=say("{rejected} more lines could not be read.", rejected=self.rejected - _REJECTED_SHOWN))
        for what, count in sorted(self.left_out.items()):
            yield Rejected(where=self.member, reason=say("{what}: {count} left out.", what=say(what), count=count))
        if self.newest is not None:
            yield Coverage(place=PLACE, since=self.oldest, until=self.newest)
        yield Progress(done=self.total, total=self.total)

    def _look_ahead(self) -> None:
        for _, _, frame in _frames(self.box, self.member):
            if not isinstance(frame, dict):
                continue
            if (mine := record_of(frame, "account")) is not None:
                self.owner_name = one_line(f"{string(mine, 'givenName')} {string(mine, 'familyName')}")
                self.owner_phone = _phone(string(mine, "e164", 40))
            elif (recipient := record_of(frame, "recipient")) is not None and len(self.recipients) < _MOST_RECIPIENTS:
                self.recipients[string(recipient, "id", 40)] = _recipient(recipient)
            elif (chat := record_of(frame, "chat")) is not None and len(self.chats) < _MOST_RECIPIENTS:
                self.chats[string(chat, "id", 40)] = string(chat, "recipientId", 40)
            elif (item := record_of(frame, "chatItem")) is not None:
                chat_id, author = string(item, "chatId", 40), string(item, "authorId", 40)
                speakers = self.speakers.setdefault(chat_id, {})
                if len(speakers) < 1_000:
                    speakers[author] = None
                if record_of(item, "outgoing") is not None:
                    self.written.add(chat_id)

        self.by_native = {one.native: one for one in self.recipients.values()}

    def _reject(self, line: int, reason: str) -> Iterator[Rejected]:
        self.rejected += 1
        if self.rejected <= _REJECTED_SHOWN:
            yield Rejected(where=f"{self.member} line {line}", reason=reason)

    def _item(self, item: Json, line: int) -> Iterator[Fact]:
        chat_id, author = string(item, "chatId", 40), string(item, "authorId", 40)
        peer = self.recipients.get(self.chats.get(chat_id, ""))
        sender = self.recipients.get(author)
        if peer is None or (sender is None and record_of(item, "outgoing") is None):
            yield from self._reject(line, say("This message belongs to no chat or nobody that the file names."))
            return
        if peer.me or not peer.native:
            self.left_out[marked("Notes to yourself") if peer.me else marked("Messages that are no conversation")] += 1
            return
        moment = stamp(string(item, "dateSent", 40), 1000)
        if moment is None:
            yield from self._reject(line, say("The date of this message cannot be read."))
            return
        said = _said(item)
        if said is None:
            self.left_out[marked("Notices of Signal itself")] += 1
            return
        kind, text, attachments = said
        mine = record_of(item, "outgoing") is not None or sender is None or sender.me
        actor = _ME if mine else Key(PLACE, sender.native) if sender else _ME
        members = self._members(chat_id, peer)
        for key, one in members.items():
            if one is not None and not one.me:
                yield from self._profile(key, one, known=not peer.group and chat_id in self.written)
        if sender is not None and not mine:
            yield from self._profile(actor, sender, known=not peer.group and chat_id in self.written)
        body = record_of(item, "standardMessage")
        answered, whom = self._answered(peer, record_of(body, "quote"))
        yield Activity(
            key=Key(PLACE, f"{peer.native}:{actor.native_id}:{string(item, 'dateSent', 40)}"), actor=actor, kind=kind, published=moment,
            precision=Precision.SECOND, text=text, in_reply_to=answered, thread=peer.native, audience=Audience.PRIVATE,
            participants=towards(actor, members, answered=whom if peer.group else None),
            extra=pairs(attachments=attachments, conversation=peer.name if peer.group else "", reactions=self._reactions(body)),
        )  # fmt: skip
        self.oldest, self.newest = min(self.oldest or moment, moment), max(self.newest or moment, moment)

    def _members(self, chat_id: str, peer: _Recipient) -> dict[Key, _Recipient | None]:
        found: dict[Key, _Recipient | None] = {_ME: None}
        if not peer.group:
            found[Key(PLACE, peer.native)] = peer
            return found
        for native in peer.members:
            one = self.by_native.get(native)
            if one is not None and not one.me:
                found[Key(PLACE, native)] = one
        for number in self.speakers.get(chat_id, ()):
            one = self.recipients.get(number)
            if one is not None and one.native and not one.me and not one.group:
                found[Key(PLACE, one.native)] = one
        return found

    def _profile(self, key: Key, one: _Recipient, *, known: bool) -> Iterator[Profile]:
        phone = (Address(kind=AddressKind.PHONE, value=one.phone),) if one.phone else ()
        yield from self.told.tell(Profile(key=key, display_name=one.name, addresses=phone, known=known))

    def _answered(self, peer: _Recipient, quote: Json | None) -> tuple[str, Key | None]:
        """(the native id of what is quoted, its author)."""
        sent = string(quote, "targetSentTimestamp", 40)
        author = self.recipients.get(string(quote, "authorId", 40))
        if not sent.isdigit() or author is None:
            return "", None
        key = _ME if author.me else Key(PLACE, author.native)
        whom = key if key.native_id and not author.group else None
        return f"{peer.native}:{key.native_id}:{sent}", whom if whom in self.told or whom == _ME else None

    def _reactions(self, body: Json | None) -> str:
        shown = []
        for one in records(body, "reactions"):
            who = self.recipients.get(string(one, "authorId", 40))
            name = "" if who is None else (self.owner_name if who.me else who.name)
            shown.append(f"{string(one, 'emoji', 40)} {name}".strip())
        return one_line(" · ".join(shown))


def _said(item: Json) -> tuple[Kind, str, str] | None:
    """(kind, text, what goes with it); None for what Signal itself says and for what was deleted."""
    body = record_of(item, "standardMessage")
    if body is not None:
        text = record_of(body, "text")
        words = text.get("body") if text is not None else ""
        names = [string(record_of(one, "pointer"), "fileName", 200) or string(one, "fileName", 200) or "attachment" for one in records(body, "attachments")]
        return Kind.MESSAGE, tidy(words[: MAX_TEXT + 1]) if isinstance(words, str) else "", one_line(", ".join(names))
    if (sticker := record_of(item, "stickerMessage")) is not None:
        return Kind.MESSAGE, "", one_line(f"sticker {string(record_of(sticker, 'sticker'), 'emoji', 40)}")
    for name, what in (("contactMessage", "contact"), ("viewOnceMessage", "shown once"), ("poll", "poll"), ("giftBadge", "gift"), ("paymentNotification", "payment")):
        if (one := record_of(item, name)) is not None:
            return Kind.MESSAGE, string(one, "question"), what
    if (story := record_of(item, "directStoryReplyMessage")) is not None:
        return Kind.MESSAGE, tidy(string(record_of(record_of(story, "textReply"), "text"), "body", MAX_TEXT) or string(story, "emoji", 40)), "answer to a story"
    update = record_of(item, "updateMessage")
    call = record_of(update, "individualCall")
    if call is not None:
        state = string(call, "state", 40).casefold()
        kind = "Video call" if "video" in string(call, "type", 40).casefold() else "Voice call"
        return Kind.CALL, f"{kind}, no answer" if state in ("missed", "not_accepted", "missed_notification_profile") else kind, ""
    return None


def _recipient(recipient: Json) -> _Recipient:
    if record_of(recipient, "self") is not None:
        return _Recipient(native=_ME.native_id, name="", me=True)
    contact = record_of(recipient, "contact")
    if contact is not None:
        phone = _phone(string(contact, "e164", 40))
        native = _aci(string(contact, "aci", 80)) or phone or _aci(string(contact, "pni", 80)) or string(contact, "username", 80)
        nick = record_of(contact, "nickname")
        pairs_of = ((nick, "given", "family"), (contact, "systemGivenName", "systemFamilyName"), (contact, "profileGivenName", "profileFamilyName"))
        names = (one_line(f"{string(where, given)} {string(where, family)}") for where, given, family in pairs_of)
        name = next(filter(None, names), "") or string(contact, "username", 80) or phone
        return _Recipient(native=native, name=name, phone=phone)
    group = record_of(recipient, "group")
    if group is not None:
        shot = record_of(group, "snapshot")
        title = record_of(shot, "title")
        native = string(group, "masterKey", 200) or f"group {string(title, 'title')}"
        members = tuple(_aci(string(one, "userId", 80)) for one in records(shot, "members"))
        return _Recipient(native=f"group:{native}", name=string(title, "title") or "Group", group=True, members=tuple(filter(None, members)))
    return _Recipient(native="", name="")


def _aci(text: str) -> str:
    """Signal's id of a person as a UUID, whether it was written so or as base64; "" for neither."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        pass
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        return str(uuid.UUID(bytes=raw[-16:])) if len(raw) in (16, 17) else ""
    except ValueError:
        return ""


def _phone(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"+{digits}" if len(digits) >= 5 else ""
