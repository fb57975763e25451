"""WhatsApp's own export of a chat: text, zip or folder, from Android or iOS, in any language and order of the date.

The file names people as the phone's address book does, has no ids and no zone, and does not say whose phone it was. So
who I am is asked, the order of day and month too where nothing decides it, and times are those of this computer's zone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
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
from relationdesk.saying import counted, marked, say
from relationdesk.sources.asks import NOBODY_HERE, answer_to, who_asks
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.chat_lines import Entry, clean_name, date_of, entries
from relationdesk.sources.chats import FEW, Told, towards, wall_clock
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.seen import Seen
from relationdesk.sources.whatsapp_chat import Chat, Said, looks_like_chat, members, said, survey
from relationdesk.text import one_line

PLACE = "whatsapp"
ORDER = "date_order"
_DAY_FIRST, _MONTH_FIRST = "day_first", "month_first"
_ME = Key(PLACE, "me")
_PROGRESS_EVERY = 500
_REJECTED_SHOWN = 200
_LOOKED_AT = 20_000
"""Characters of a message in which names are looked for."""
_MONTHS = "January February March April May June July August September October November December".split()
_NUMBER = re.compile(r"^\+?[\d\s().\-\u2010\u2011/]{7,30}$")
_MENTION = re.compile("@\u2068([^\u2069\n]{1,120})\u2069")


class WhatsApp:
    """FileSource for chats exported from WhatsApp."""

    name = "whatsapp"
    title = marked("WhatsApp chat")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                chats = list(_chats(box))
        except (UnreadableFile, OSError):
            return None
        if not chats:
            return None
        sure = sum(sum(chat.authors.values()) for chat in chats) > 1 and all("colon" not in chat.styles for chat in chats)
        return Recognised(
            format=self.name, title=self.title if len(chats) == 1 else "WhatsApp chats", place=self.place,
            certainty=0.9 if sure else 0.5, asks=_asks(chats),
        )  # fmt: skip

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then each chat's messages in the order of its file. Raises UnreadableFile, also for what is asked."""
        with open_container(path) as box:
            chats = list(_chats(box))
            if not chats:
                raise UnreadableFile(
                    say("“{name}” holds no WhatsApp chat. Nothing was brought in. Choose what “Export chat” made, the zip or the text.", name=path.name),
                    source=self.name,
                )
            answers = {ask.name: answer_to(ask, options, self.name) for ask in _asks(chats)}
            me = "" if answers["me"] == NOBODY_HERE else answers["me"]
            orders = {look: answers[ask.name] == _DAY_FIRST for look, ask in _order_asks(chats).items()}
            yield Profile(key=_ME, display_name=one_line(me), addresses=_numbers(me), is_owner=True)
            total, done = sum(chat.size for chat in chats), 0
            for chat in chats:
                reading = _Reading(chat, me, orders)
                yield from _with_progress(box, chat, reading, done, total)
                done += chat.size
                yield Progress(done=done, total=total)


def _chats(box: Container) -> Iterator[Chat]:
    for member, title in members(box):
        with box.open(member) as stream:
            if not looks_like_chat(stream):
                continue
        with box.open(member) as stream:
            chat = survey(stream, member, clean_name(title), box.size(member))
        if chat.authors and not _is_signal(chat):
            yield chat


def _is_signal(chat: Chat) -> bool:
    """signal-export writes the same grammar, its owner as "Me" and its dates year first."""
    return "Me" in chat.authors and chat.styles.keys() == {"bracket"} and chat.styles["bracket"].year_first


def _asks(chats: list[Chat]) -> tuple[Ask, ...]:
    """Who I am, the likelier first: who took a message back as “You”, who is in most chats, whose name is no chat's."""
    found: Counter[str] = Counter()
    for chat in chats:
        found.update(chat.authors.keys())
    names = {chat.name for chat in chats}
    took_back = {chat.took_back for chat in chats}
    order = sorted(found, key=lambda name: (name not in took_back, -found[name], name in names, name))
    asks = [
        who_asks(
            say("Which of these people are you? WhatsApp does not say whose phone the chat comes from."),
            [(name, name) for name in order], nobody=say("None of these: I wrote nothing in it"),
        )
    ]  # fmt: skip
    return (*asks, *_order_asks(chats).values())


def _order_asks(chats: list[Chat]) -> dict[str, Ask]:
    """Which number of a date is the day, once for each look of dates that prove nothing: chats written alike are of one phone."""
    asks: dict[str, Ask] = {}
    for chat in chats:
        for style in chat.open_styles():
            if style.look in asks or style.example is None:
                continue
            one, two, year = style.example
            where = say("this chat") if len(chats) == 1 else say("“{chat}”, and in chats written like it", chat=chat.name or chat.member)
            asks[style.look] = Ask(
                name=ORDER if not asks else f"{ORDER}_{len(asks) + 1}", holds_for=style.look,
                question=say("Which day does {one}/{two}/{year} mean in {where}? Its dates can be read in two ways.", one=one, two=two, year=year, where=where),
                choices=((_DAY_FIRST, f"{one} {_MONTHS[two - 1]} {year}"), (_MONTH_FIRST, f"{two} {_MONTHS[one - 1]} {year}")),
            )  # fmt: skip
    return asks


def _with_progress(box: Container, chat: Chat, reading: _Reading, before: int, total: int) -> Iterator[Fact | Progress]:
    with box.open(chat.member) as stream:
        for number, entry in enumerate(entries(stream, chat.styles), start=1):
            yield from reading.facts(entry)
            if number % _PROGRESS_EVERY == 0:
                yield Progress(done=before + min(stream.tell(), chat.size), total=total)
    yield from reading.end()


class _Reading:
    """One pass over one chat. orders: whether the day stands first, by the look of dates that do not prove it."""

    def __init__(self, chat: Chat, me: str, orders: dict[str, bool]) -> None:
        self.chat, self.me = chat, me
        self.id, self.other = chat.identity(me)
        self.day_first = {name: orders[style.look] if style.day_first is None else style.day_first for name, style in chat.styles.items()}
        self._few = bool(self.other) or len(self.chat.authors) <= FEW + 1
        self.names: dict[Key, str] = {}
        self.keys: dict[str, Key] = {}
        self.told, self.seen = Told(), Seen()
        self.left_out: Counter[str] = Counter()
        self.rejected = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    def facts(self, entry: Entry) -> Iterator[Fact]:
        what = said(entry) if entry.author else None
        if what is None:
            self.left_out["system"] += 1
            return
        if what.deleted:
            self.left_out["deleted"] += 1
            return
        when = entry.when
        year, month, day = date_of(when, day_first=self.day_first[entry.style])
        moment = wall_clock(year, month, day, when.hour, when.minute, when.second or 0)
        if moment is None:
            self.rejected += 1
            if self.rejected <= _REJECTED_SHOWN:
                yield Rejected(where=f"{self.chat.member} line {entry.line}", reason=say("The date of this message is in no calendar."))
            return
        named = [name for found in _MENTION.findall(entry.body[:_LOOKED_AT]) if (name := clean_name(found)) in self.chat.authors]
        for key in dict.fromkeys((*self._others(entry.author), *map(self._key, named))):
            if key != _ME:
                yield from self.told.tell(self._profile(key))
        yield self._activity(entry, what, named, moment, f"{year:04}-{month:02}-{day:02} {when.hour:02}:{when.minute:02}")
        self.oldest, self.newest = min(self.oldest or moment, moment), max(self.newest or moment, moment)

    def _activity(self, entry: Entry, what: Said, named: list[str], moment: datetime, minute: str) -> Activity:
        actor = self._key(entry.author)
        native = hashlib.sha1("\0".join((self.id, minute, entry.author, what.mark)).encode("utf-8", "replace")).hexdigest()
        times = self.seen.count(native)
        return Activity(
            key=Key(PLACE, native if times == 1 else f"{native}:{times}"), actor=actor,
            kind=Kind.MESSAGE if what.call is None else Kind.CALL, published=moment,
            precision=Precision.MINUTE if entry.when.second is None else Precision.SECOND, text=what.text, thread=one_line(self.id),
            audience=Audience.PRIVATE,
            participants=towards(actor, (_ME, *self._others(entry.author)) if self._few else (), mentioned=map(self._key, named) if not self.other else ()),
            extra=pairs(
                attachments=one_line(what.attached), edited="yes" if what.edited else "", zone="unknown",
                conversation="" if self.other else one_line(self.chat.made or self.chat.name),
            ),
        )  # fmt: skip

    def _others(self, author: str) -> list[Key]:
        """Whom to introduce with a message: its author, and everybody else in a small chat."""
        names = [self.other] if self.other else list(self.chat.authors) if self._few else []
        return [self._key(name) for name in dict.fromkeys((*names, author)) if name != self.me]

    def _key(self, name: str) -> Key:
        """A number is the same person everywhere, a name only within one chat: two contacts may bear it."""
        if name == self.me:
            return _ME
        if name not in self.keys:
            digits = re.sub(r"\D", "", name) if _NUMBER.match(name) else ""
            key = Key(PLACE, f"tel:{digits}" if len(digits) >= 7 else f"{self.id}/{name}")
            self.keys[name] = key
            self.names[key] = name
        return self.keys[name]

    def _profile(self, key: Key) -> Profile:
        name = self.names[key]
        return Profile(key=key, display_name=one_line(name.removeprefix("~").strip() or name), addresses=_numbers(name), known=bool(self.other and self.me))

    def end(self) -> Iterator[Fact]:
        """What was left out, and how far a conversation with one person was read."""
        if count := self.left_out["system"]:
            yield Rejected(where=self.chat.member, reason=counted(count, "{n} line of WhatsApp itself, such as who joined, left out.", "{n} lines of WhatsApp itself, such as who joined, left out."))
        if count := self.left_out["deleted"]:
            yield Rejected(where=self.chat.member, reason=counted(count, "{n} message that was deleted, left out.", "{n} messages that were deleted, left out."))
        if self.rejected > _REJECTED_SHOWN:
            yield Rejected(where=self.chat.member, reason=say("{rejected} more lines have a date that is in no calendar.", rejected=self.rejected - _REJECTED_SHOWN))
        if self.other and self.oldest and self.newest:
            yield Coverage(place=PLACE, profile=self._key(self.other), since=self.oldest, until=self.newest)


def _numbers(name: str) -> tuple[Address, ...]:
    return (Address(kind=AddressKind.PHONE, value=name),) if _NUMBER.match(name) else ()
