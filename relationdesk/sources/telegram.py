"""Telegram Desktop's export as JSON: of everything (result.json in DataExport_…) or of one chat (in ChatExport_…).

Private chats and private groups are read; the rest only if asked for. Streams in bounded memory: once to count who
speaks where, once to read.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

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
    Profile,
    Progress,
    Rejected,
    pairs,
)
from relationdesk.saying import counted, marked, say
from relationdesk.sources.asks import NOBODY_HERE, answer_to, who_asks
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.chats import last_change, stamp, towards
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_fields import Json, string, whole
from relationdesk.sources.json_records import BEGUN, Broken, parts
from relationdesk.sources.member_names import plain_stem
from relationdesk.sources.seen import Seen
from relationdesk.sources.telegram_survey import (
    ALL,
    CHANNELS,
    CONTACTS,
    LEFT,
    MESSAGES,
    ONE,
    PARTS,
    PUBLIC,
    Chat,
    Survey,
    peer_id,
    survey,
)
from relationdesk.sources.telegram_words import (
    attached,
    named_handles,
    named_users,
    reactions,
    time,
    words,
)
from relationdesk.text import one_line

PLACE = "telegram"
_HEAD = 64 * 1024
_LOOKED_AT = 8 * 1024 * 1024
_PROGRESS_EVERY = 500
_REJECTED_SHOWN = 200
_ANSWERS_KNOWN = 20_000
_MOST_NAMES = 300_000
_FULL = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[^\x00]*"(?:personal_information|frequent_contacts|left_chats)"\s*:\s*\{')
_TYPE = re.compile(rb'"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:super)?group|(?:private|public)_channel)"')
_HANDLE = re.compile(r"\w{1,64}")
_MESSAGE = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[^\x00]*"messages"\s*:\s*\[[^\x00]*"type"\s*:\s*"(?:message|service)"[^\x00]*"(?:date_unixtime|from_id|text)"')


class Telegram:
    """FileSource for result.json."""

    name = "telegram"
    title = marked("Telegram export")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                found = _results(box)
                if not found:
                    return None
                with box.open(found[0]) as stream:
                    seen = survey(stream, _LOOKED_AT)
        except (UnreadableFile, OSError):
            return None
        if not seen.full and not seen.chats:
            return None
        return Recognised(
            format=self.name, title=self.title if seen.full else "Telegram chat", place=self.place, certainty=0.95, owner=_name_of(seen.me),
            parts=PARTS if seen.full else (), asks=_asks(seen),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, contacts, then chat by chat. Raises UnreadableFile, also while it is not known whose chat it is."""
        with open_container(path) as box:
            found = _results(box)
            if not found:
                raise UnreadableFile(
                    say("“{name}” holds no Telegram export. Nothing was brought in. Choose the folder or the result.json in it.", name=path.name), source=self.name
                )
            total = box.size(found[0])
            yield Progress(done=0, total=total)
            with box.open(found[0]) as stream:
                seen = survey(stream)
            if not seen.chats and not seen.contacts:
                raise UnreadableFile(
                    say("“{name}” is damaged or holds no chats. Nothing was brought in. Export it again in Telegram Desktop.", name=path.name), source=self.name
                )
            asks = _asks(seen)
            reading = _Reading(seen, answer_to(asks[0], options, self.name) if asks else seen.owner, found[0])
            yield from reading.people(contacts=options.wants(CONTACTS))
            for base in (ALL, LEFT, ONE):
                chats = [chat for chat in seen.chats if chat.base == base]
                if any(_wanted(chat, seen, options) for chat in chats):
                    yield from _messages(box, found[0], base, chats, reading, options)
            yield from reading.end()
            for other in found[1:]:
                yield Rejected(where=other, reason=say("This is another export in the same place. Bring it in by itself."))


def _results(box: Container) -> list[str]:
    """The members that are exports, by their beginning; a folder of several is one export and others."""
    names = box.names() if box.single else [n for n in box.names() if n.casefold().endswith(".json") and plain_stem(n) == "result"]
    found = []
    for name in sorted(names[:50], key=lambda name: (name.count("/"), name)):
        with box.open(name) as stream:
            head = stream.read(_HEAD)
        if _FULL.search(head) or (head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _TYPE.search(head)) or _MESSAGE.search(head):
            found.append(name)
    return found


def _asks(seen: Survey) -> tuple[Ask, ...]:
    if seen.owner:
        return ()
    people: dict[str, str] = {}
    for chat in seen.chats:
        for sender, name in chat.senders.items():
            if not sender.startswith("channel"):
                people[sender] = name or people.get(sender, "")
    if not people:
        return ()
    peers = {chat.peer for chat in seen.chats}
    order = sorted(people.items(), key=lambda item: item[0] in peers)
    question = say("Which of these people are you? The export of one Telegram chat does not say whose it is.")
    return (who_asks(question, order, nobody=say("None of these: I wrote nothing in it")),)


def _wanted(chat: Chat, seen: Survey, options: Options) -> bool:
    return not seen.full or options.wants(chat.part)


def _messages(
    box: Container, member: str, base: str, chats: list[Chat], reading: _Reading, options: Options
) -> Iterator[Fact | Progress]:
    each = iter(chats)
    wanted, number = False, 0
    with box.open(member) as stream:
        for path, value in parts(stream, {MESSAGES[base]}):
            if value is BEGUN or (base == ONE and path == MESSAGES[ONE] and not number):
                chat = next(each, None)
                if chat is None:
                    return
                wanted, number = _wanted(chat, reading.seen, options), 0
                reading.begin(chat)
            if path != MESSAGES[base]:
                reading.seen.broken |= isinstance(value, Broken)
                continue
            number += 1
            if wanted:
                yield from reading.facts(value, number)
            if number % _PROGRESS_EVERY == 0:
                yield Progress(done=stream.tell(), total=box.size(member))
    yield Progress(done=box.size(member), total=box.size(member))


def _name_of(fields: dict[str, str]) -> str:
    return one_line(f"{fields.get('first_name', '')} {fields.get('last_name', '')}")


def _was_edited(message: Mapping[str, Any]) -> bool:
    """Exports of before 2021 say of every message that it was edited, mostly at the beginning of time."""
    return bool(message.get("edited")) and not string(message, "edited", 40).startswith(("1970-01-0", "1969-12-3"))


class _Reading:
    """One pass over an export."""

    def __init__(self, seen: Survey, owner: str, member: str) -> None:
        self.seen, self.member = seen, member
        self.owner = Key(PLACE, "me" if owner in ("", NOBODY_HERE) else owner)
        self.handle = seen.me.get("username", "").casefold()
        self.names: dict[str, str] = {}
        self.known: set[str] = set()
        self.rejected = self.notices = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.begin(Chat(base=ONE))

    def people(self, *, contacts: bool) -> Iterator[Fact]:
        me = self.seen.me
        name = _name_of(me) or next((c.senders[self.owner.native_id] for c in self.seen.chats if self.owner.native_id in c.senders), "")
        handle = found[0] if (found := _HANDLE.fullmatch(me.get("username", "").lstrip("@"))) else ""
        yield Profile(
            key=self.owner, display_name=name, handle=handle, url=f"https://t.me/{handle}" if handle else "", bio=me.get("bio", ""),
            addresses=_phone(me.get("phone_number", ""), vouched=True), is_owner=True,
        )  # fmt: skip
        unusable = 0
        for contact in self.seen.contacts if contacts else ():
            user, phone = contact.get("user_id", ""), contact.get("phone_number", "")
            digits = re.sub(r"\D", "", phone)
            native = f"user{user}" if user.isdigit() and user != "0" else f"phone:{digits}" if digits else ""
            if not native or not (_name_of(contact) or digits):
                unusable += 1
            elif native != self.owner.native_id:
                self.known.add(native)
                self.names[native] = _name_of(contact)
                yield Profile(key=Key(PLACE, native), display_name=_name_of(contact), addresses=_phone(phone), known=True)
        if unusable:
            yield Rejected(where=self.member, reason=counted(unusable, "{n} contact without name and number.", "{n} contacts without name and number."))

    def begin(self, chat: Chat) -> None:
        self.chat = chat
        self.id = chat.peer or f"chat:{chat.name}"
        self.direct = chat.type == "personal_chat"
        self.other = _other(chat, self.owner.native_id) if self.direct else ""
        names = [self.other] if self.other else [one for one in chat.senders if not one.startswith("channel")]
        public = chat.part in (CHANNELS, PUBLIC)
        self.members = () if public else tuple(dict.fromkeys((self.owner, *(Key(PLACE, one) for one in names))))
        self.authors: OrderedDict[str, Key] = OrderedDict()
        self.repeats = Seen()
        self.introduced = False

    def facts(self, message: Any, number: int) -> Iterator[Fact]:
        if not isinstance(message, dict):
            return
        call = message.get("type") == "service" and message.get("action") == "phone_call"
        if message.get("type") != "message" and not call:
            self.notices += 1
            return
        who, name = ("actor_id", "actor") if call else ("from_id", "from")
        sender = peer_id(message.get(who)) or (f"name:{one_line(string(message, name))}" if string(message, name) else "")
        when = time(message)
        if not sender or when.moment is None:
            self.rejected += 1
            if self.rejected <= _REJECTED_SHOWN:
                why = say("This message has no sender.") if not sender else say("The date of this message cannot be read.")
                yield Rejected(where=f"{self.member}, {self.chat.name or 'chat'}, message {string(message, 'id', 40) or number}", reason=why)
            return
        actor = Key(PLACE, sender)
        yield from self._profile(sender, string(message, name))
        if not self.introduced:
            self.introduced = True
            for key in self.members:
                yield from self._profile(key.native_id, self.chat.senders.get(key.native_id, ""))
        mentioned = []
        for user, named in named_users(message):
            yield from self._profile(f"user{user}", named)
            mentioned.append(Key(PLACE, f"user{user}"))
        if self.handle and self.handle in named_handles(message):
            mentioned.append(self.owner)
        text = _call(message) if call else words(message)
        key = self._key(message, sender, text)
        answered = self._answered(message)
        public = self.chat.part in (CHANNELS, PUBLIC)
        yield Activity(
            key=key, actor=actor, kind=Kind.CALL if call else Kind.POST if self.chat.part is CHANNELS else Kind.MESSAGE,
            published=when.moment, precision=when.precision, text=text, in_reply_to=answered, thread=one_line(self.id),
            audience=Audience.PRIVATE if not public else Audience.FOLLOWERS if self.chat.type == "private_channel" else Audience.PUBLIC,
            revised=last_change(stamp(message.get("edited_unixtime")) if _was_edited(message) else None, when.moment),
            participants=towards(actor, self.members, answered=self.authors.get(answered) if not self.direct else None, mentioned=mentioned),
            extra=pairs(
                attachments=one_line(attached(message)), conversation="" if self.direct else self.chat.name, reactions=reactions(message),
                forwarded=string(message, "forwarded_from", 200), edited="yes" if _was_edited(message) else "", zone="" if when.zoned else "unknown",
            ),
        )  # fmt: skip
        self._remember(key.native_id, actor, when.moment)

    def _remember(self, native: str, actor: Key, moment: datetime) -> None:
        self.authors[native] = actor
        if len(self.authors) > _ANSWERS_KNOWN:
            self.authors.popitem(last=False)
        self.oldest, self.newest = min(self.oldest or moment, moment), max(self.newest or moment, moment)

    def _profile(self, native: str, name: str) -> Iterator[Profile]:
        """Whom the owner wrote to alone, or keeps as a contact, is known; whoever merely speaks in a group is not.

        The first name stays: the owner's own for a contact, then the export's for whoever speaks.
        """
        if native == self.owner.native_id:
            return
        peer = self.direct and native == self.other
        known = native in self.known or (peer and self.owner.native_id in self.chat.senders)
        shown = self.names.get(native) or one_line(name) or (self.chat.name if peer else "")
        if native in self.names and self.names[native] == shown and known == (native in self.known):
            return
        if len(self.names) < _MOST_NAMES:
            self.names[native] = shown
            if known:
                self.known.add(native)
        yield Profile(key=Key(PLACE, native), display_name=shown, known=known)

    def _key(self, message: Json, sender: str, text: str) -> Key:
        number = string(message, "id", 40)
        if number and self.chat.peer:
            return Key(PLACE, f"{self.chat.peer}:{number}")
        fields = (self.id, string(message, "date_unixtime") or string(message, "date"), sender, number or text)
        native = hashlib.sha1("\0".join(fields).encode("utf-8", "replace")).hexdigest()
        times = self.repeats.count(native)
        return Key(PLACE, f"message:{native}" if times == 1 else f"message:{native}:{times}")

    def _answered(self, message: Json) -> str:
        """The native id of what is answered, which may lie in another chat; "" for nothing."""
        number = string(message, "reply_to_message_id", 40)
        peer = peer_id(message.get("reply_to_peer_id")) or self.chat.peer
        return f"{peer}:{number}" if number and peer else ""

    def end(self) -> Iterator[Fact]:
        if self.rejected > _REJECTED_SHOWN:
            yield Rejected(where=self.member, reason=say("{rejected} more messages could not be read.", rejected=self.rejected - _REJECTED_SHOWN))
        if self.notices:
            yield Rejected(where=self.member, reason=counted(self.notices, "{n} notice of Telegram itself, such as who joined, left out.", "{n} notices of Telegram itself, such as who joined, left out."))
        if self.seen.broken:
            yield Rejected(where=self.member, reason=say("The file is damaged or was not written to its end; what can be read of it was read."))
        elif self.newest is not None:
            one = self.seen.chats[0] if not self.seen.full and len(self.seen.chats) == 1 else None
            if one is None or (one.type == "personal_chat" and one.peer):
                yield Coverage(place=PLACE, profile=Key(PLACE, self.other) if one else None, since=self.oldest, until=self.newest)


def _other(chat: Chat, owner: str) -> str:
    """Who is on the other side of a private chat: whom it names, or in old exports, whose numbers of chats are others, who alone speaks there."""
    others = [one for one in chat.senders if one.startswith("user") and one != owner]
    return others[0] if chat.peer and len(others) == 1 and owner != chat.peer else chat.peer


def _call(message: Json) -> str:
    if seconds := whole(message, "duration_seconds"):
        return f"{seconds // 60} min {seconds % 60} s" if seconds > 59 else f"{seconds} s"
    return {"missed": "No answer", "busy": "Busy"}.get(string(message, "discard_reason"), "No answer")


def _phone(number: str, *, vouched: bool = False) -> tuple[Address, ...]:
    return (Address(kind=AddressKind.PHONE, value=number, vouched=vouched),) if re.search(r"\d{3}", re.sub(r"\D", "", number)) else ()
