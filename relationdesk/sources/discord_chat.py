"""Chats that the program DiscordChatExporter wrote as JSON: everybody's messages in one channel.

Ids are Discord's own, so that the data package and an exported chat hold each message once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
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
from relationdesk.sources.asks import NOBODY_HERE, answer_to, who_asks
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.chats import Told, last_change, towards
from relationdesk.sources.container import open_container
from relationdesk.sources.discord_words import handle_of, is_direct, is_group, is_id, moment, plain
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.json_records import Broken, listed, parts
from relationdesk.sources.seen import Seen
from relationdesk.text import MAX_TEXT, one_line

PLACE = "discord"
_HEAD = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"guild"\s*:\s*\{[^\x00]{0,4000}?"channel"\s*:\s*\{')
_LOOKED_AT = 8 * 1024 * 1024
_HEADS = (("guild", "id", "guild"), ("guild", "name", "guild_name"), ("channel", "id", "id"), ("channel", "type", "kind"), ("channel", "name", "name"))
"""(object, field, what it is called here)."""
_WORDS = frozenset({"default", "reply", "0", "19", "call", ""})
_MOST_AUTHORS = 5_000
_PROGRESS_EVERY = 500


@dataclass(slots=True)
class _Chat:
    """head: what the file says of the channel. authors: id → name, but of programs. handles: of the same."""

    head: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)

    @property
    def direct(self) -> bool:
        return is_direct(self.head.get("kind", "")) or self.head.get("guild") == "0"

    @property
    def group(self) -> bool:
        return is_group(self.head.get("kind", "")) or len(self.authors) > 2


class DiscordChat:
    """FileSource for DiscordChatExporter's JSON."""

    name = "discord_chat"
    title = marked("Discord chat")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                if not box.single:
                    return None
                (member,) = box.names()
                with box.open(member) as stream:
                    if not _HEAD.match(stream.read(8_192)):
                        return None
                with box.open(member) as stream:
                    chat = _survey(stream, _LOOKED_AT)
        except (UnreadableFile, OSError):
            return None
        return Recognised(format=self.name, title=self.title, place=PLACE, certainty=0.95, asks=(_ask(chat),) if chat.authors else ())

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then the messages in the order of the file. Raises UnreadableFile, also while the owner is not known."""
        with open_container(path) as box:
            if not box.single:
                raise UnreadableFile(say("“{name}” is no single chat. Nothing was brought in. Choose the JSON file of one chat.", name=path.name), source=self.name)
            (member,) = box.names()
            total = box.size(member)
            yield Progress(done=0, total=total)
            with box.open(member) as stream:
                chat = _survey(stream)
            if not chat.authors:
                raise UnreadableFile(say("“{name}” holds no messages. Nothing was brought in. Export the chat again.", name=path.name), source=self.name)
            owner = answer_to(_ask(chat), options, self.name)
            reading = _Reading(chat, "" if owner == NOBODY_HERE else owner, member)
            yield Profile(key=reading.me, handle=chat.handles.get(owner, ""), display_name=chat.authors.get(owner, ""), is_owner=True)
            with box.open(member) as stream:
                for number, message in enumerate(listed(stream, "messages"), start=1):
                    yield from reading.facts(message, number)
                    if number % _PROGRESS_EVERY == 0:
                        yield Progress(done=stream.tell(), total=total)
            yield from reading.end()


def _survey(stream: IO[bytes], limit: int = 1 << 62) -> _Chat:
    chat = _Chat()
    for path, value in parts(stream, {"messages"}, limit=limit):
        if path == "messages":
            author = record_of(value, "author")
            id_ = string(author, "id", 40)
            if author is not None and author.get("isBot") is not True and is_id(id_) and (id_ in chat.authors or len(chat.authors) < _MOST_AUTHORS):
                chat.authors.setdefault(id_, string(author, "nickname") or string(author, "name"))
                chat.handles.setdefault(id_, _handle(author))
        elif path in ("guild", "channel"):
            chat.head |= {called: string(value, name) for thing, name, called in _HEADS if thing == path}
    return chat


def _handle(user: Json) -> str:
    return handle_of(string(user, "name", 100), string(user, "discriminator", 10))


def _ask(chat: _Chat) -> Ask:
    """Whoever a direct chat is named after is most likely the other."""
    order = sorted(chat.authors.items(), key=lambda one: one[1] == chat.head.get("name"))
    return who_asks(say("Which of these people are you? The chat does not say who exported it."), order, nobody=say("None of these: I wrote nothing in it"))


class _Reading:
    """One pass over one chat."""

    def __init__(self, chat: _Chat, owner: str, member: str) -> None:
        self.chat, self.owner, self.member = chat, owner, member
        self.me = Key(PLACE, owner or "me")
        self.told, self.seen = Told(), Seen()
        self.left_out: Counter[str] = Counter()
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        few = [] if not chat.direct else list(islice(chat.authors, 30))
        self.members = (self.me, *(Key(PLACE, one) for one in few))

    def facts(self, message: object, number: int) -> Iterator[Fact]:
        if isinstance(message, Broken):
            yield Rejected(where=f"{self.member} message {number}", reason=say("This message cannot be read. {reason}", reason=message.reason))
            return
        if not isinstance(message, dict):
            return
        author = record_of(message, "author")
        who, id_, kind = string(author, "id", 40), string(message, "id", 40), string(message, "type", 40).casefold()
        when = moment(string(message, "timestamp", 60), id_)
        if author is not None and author.get("isBot") is True:
            self.left_out[marked("Messages of programs")] += 1
        elif kind not in _WORDS:
            self.left_out[marked("Notices of Discord itself")] += 1
        elif not is_id(who) or not is_id(id_) or when is None:
            yield Rejected(where=f"{self.member} message {number}", reason=say("This message has no id, no author or no date."))
        elif self.seen.count(id_) == 1:  # the program writes some messages twice
            yield from self._activity(message, who, id_, when, call=kind == "call")

    def _activity(self, message: Json, who: str, id_: str, when: datetime, *, call: bool) -> Iterator[Fact]:
        mentions = [string(one, "id", 40) for one in records(message, "mentions")]
        names = {string(one, "id", 40): string(one, "nickname") or string(one, "name") for one in records(message, "mentions")}
        handles = {string(one, "id", 40): _handle(one) for one in records(message, "mentions")} | self.chat.handles
        for one in (who, *(key.native_id for key in self.members), *filter(is_id, mentions)):
            if one != self.me.native_id:
                known = self.chat.direct and not self.chat.group and self.owner in self.chat.authors
                yield from self.told.tell(Profile(key=Key(PLACE, one), handle=handles.get(one, ""), display_name=self.chat.authors.get(one) or names.get(one, ""), known=known))
        actor = Key(PLACE, who)
        channel, guild = self.chat.head.get("id", ""), self.chat.head.get("guild", "")
        yield Activity(
            key=Key(PLACE, id_), actor=actor, kind=Kind.CALL if call else Kind.MESSAGE, published=when, precision=Precision.SECOND,
            text=plain(_words(message), names | self.chat.authors, {}), in_reply_to=string(record_of(message, "reference"), "messageId", 40),
            revised=last_change(moment(string(message, "timestampEdited", 60)), when),
            thread=channel if self.chat.direct else "", audience=Audience.PRIVATE if self.chat.direct else Audience.FOLLOWERS,
            url=f"https://discord.com/channels/{'@me' if self.chat.direct else guild}/{channel}/{id_}",
            participants=towards(actor, self.members if self.chat.direct else (), mentioned=(Key(PLACE, one) for one in mentions if is_id(one))),
            extra=pairs(
                attachments=one_line(", ".join(_attached(message))),
                conversation="" if self.chat.direct and not self.chat.group else one_line(f"{self.chat.head.get('guild_name', '')} · {self.chat.head.get('name', '')}".strip(" ·")),
                reactions=one_line(" · ".join(_reaction(one) for one in records(message, "reactions"))),
                edited="yes" if message.get("timestampEdited") else "",
            ),
        )  # fmt: skip
        self.oldest, self.newest = min(self.oldest or when, when), max(self.newest or when, when)

    def end(self) -> Iterator[Fact]:
        for what, count in sorted(self.left_out.items()):
            yield Rejected(where=self.member, reason=say("{what}: {count} left out.", what=say(what), count=count))
        others = [one for one in self.chat.authors if one != self.owner]
        if self.chat.direct and not self.chat.group and len(others) == 1 and self.newest is not None:
            yield Coverage(place=PLACE, profile=Key(PLACE, others[0]), since=self.oldest, until=self.newest)


def _words(message: Json) -> str:
    """What was written, and below it what was passed on, as a quotation."""
    said, passed_on = message.get("content"), (record_of(message, "forwardedMessage") or {}).get("content")
    quoted = "\n".join(f"> {line}" for line in passed_on[:MAX_TEXT].split("\n")) if isinstance(passed_on, str) and passed_on.strip() else ""
    return "\n".join(filter(None, (said if isinstance(said, str) else "", quoted)))


def _attached(message: Json) -> Iterator[str]:
    for one in (*records(message, "attachments"), *records(record_of(message, "forwardedMessage"), "attachments")):
        yield string(one, "fileName", 200)
    for one in records(message, "stickers"):
        yield f"sticker {string(one, 'name', 60)}".strip()


def _reaction(one: Json) -> str:
    who = ", ".join(filter(None, (string(user, "nickname") or string(user, "name") for user in records(one, "users")[:20])))
    return f"{string(record_of(one, 'emoji'), 'name', 60)} {who or string(one, 'count', 12)}".strip()
