"""Discord's data package: only the owner's own messages, in folders of channels, and who the owner's friends are.

So it says nothing of what others wrote, and nobody counts as read. The hours of other activity in it are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Audience,
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
from relationdesk.sources.base import Options, Part, Recognised
from relationdesk.sources.chats import towards
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.discord_words import (
    file_names,
    handle_of,
    is_direct,
    is_group,
    is_id,
    moment,
    named,
    plain,
)
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.json_reader import read_json
from relationdesk.sources.json_records import Broken, listed
from relationdesk.sources.tables import Row, examine, rows
from relationdesk.text import mail_address, one_line

PLACE = "discord"
DIRECT = Part(name="direct", title=marked("direct messages"))
SERVERS = Part(name="servers", title=marked("messages in servers"))
FRIENDS = Part(name="friends", title=marked("friends"))
PARTS = (DIRECT, SERVERS, FRIENDS)
_MESSAGES = re.compile(r"(?:^|/)c?(\d{15,25})/messages\.(json|csv)$", re.IGNORECASE)
_COLUMNS = frozenset({"id", "timestamp", "contents"})
_MOST_JSON = 32 * 1024 * 1024
_MOST_CHANNELS = 20_000
_PROGRESS_EVERY = 500
_REJECTED_SHOWN = 200
_FRIEND = frozenset({"1", "FRIEND"})
_NOBODY = frozenset({"deleted user", "unknown participant", "unknown user", "none", "unknown channel"})
"""What Discord writes where it no longer knows."""
_DM_NAME = re.compile(r"^Direct Message with (.{1,60}?)(?:#\d{1,4})?$", re.IGNORECASE)


class _Channel(NamedTuple):
    id: str
    member: str
    kind: str
    name: str
    guild: str
    guild_name: str
    recipients: tuple[str, ...]

    @property
    def part(self) -> Part:
        return DIRECT if is_direct(self.kind) or (not self.guild and self.recipients) else SERVERS


@dataclass(slots=True)
class _Package:
    owner: Json = field(default_factory=dict)
    owner_id: str = ""
    names: dict[str, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    friends: list[str] = field(default_factory=list)
    channels: list[_Channel] = field(default_factory=list)
    channel_names: dict[str, str] = field(default_factory=dict)


class DiscordPackage:
    """FileSource for the data package."""

    name = "discord_package"
    title = marked("Discord data package")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                if box.single or not any(_MESSAGES.search(name) for name in box.names()):
                    return None
                user = _json(box, _user_file(box))
        except (UnreadableFile, OSError):
            return None
        owner = string(user, "global_name") or string(user, "username")
        return Recognised(format=self.name, title=self.title, place=PLACE, certainty=0.95, owner=owner, parts=PARTS)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, friends, then the owner's messages channel by channel. Raises UnreadableFile."""
        with open_container(path) as box:
            package = _package(box)
            if not package.channels:
                raise UnreadableFile(say("“{name}” holds no messages of Discord. Nothing was brought in. Choose the package.zip itself.", name=path.name), source=self.name)
            reading = _Reading(package)
            yield reading.owner_profile()
            if options.wants(FRIENDS):
                for friend in package.friends:
                    yield from reading.profile(friend, known=True)
            wanted = [channel for channel in package.channels if options.wants(channel.part)]
            total, done = sum(box.size(channel.member) for channel in wanted), 0
            for channel in wanted:
                yield from reading.channel(box, channel, done, total)
                done += box.size(channel.member)
                yield Progress(done=done, total=total)


def _user_file(box: Container) -> str:
    return next((name for name in box.names() if PurePosixPath(name).name.casefold() == "user.json" and name.count("/") < 3), "")


def _json(box: Container, name: str) -> Json:
    """The object in a small file, {} for none."""
    if not name or name not in box or box.size(name) > _MOST_JSON:
        return {}
    with box.open(name) as stream:
        try:
            found = read_json(stream.read(_MOST_JSON).decode("utf-8", "replace"))
        except ValueError:
            return {}
    return found if isinstance(found, dict) else {}


def _package(box: Container) -> _Package:
    found = _Package(owner=_json(box, _user_file(box)))
    found.owner_id = string(found.owner, "id", 40)
    relations = found.owner.get("relationships")
    for one in relations[:20_000] if isinstance(relations, list) else []:
        user = record_of(one, "user")
        id_ = string(user, "id", 40) or string(one, "id", 40)
        if is_id(id_):
            found.names[id_] = string(user, "global_name") or string(user, "username")
            found.handles[id_] = _handle(user)
            if string(one, "type").upper() in _FRIEND:
                found.friends.append(id_)
    names = {name.casefold(): name for name in box.names()}
    for member in box.names():
        if (match := _MESSAGES.search(member)) and len(found.channels) < _MOST_CHANNELS:
            folder = str(PurePosixPath(member).parent)
            about = _json(box, names.get(f"{folder}/channel.json".casefold(), ""))
            found.channels.append(_channel(match[1], member, about))
    index = next((name for name in box.names() if PurePosixPath(name).name.casefold() == "index.json" and name.count("/") < 3 and _is_index(box, name)), "")
    for id_, name in _json(box, index).items():
        if isinstance(name, str) and name.casefold() not in _NOBODY:
            found.channel_names[id_] = one_line(name)
    _settle(found)
    return found


def _is_index(box: Container, name: str) -> bool:
    with box.open(name) as stream:
        return bool(re.match(rb'\s*\{\s*(?:"\d{15,25}"\s*:|\})', stream.read(200)))


def _channel(id_: str, member: str, about: Json) -> _Channel:
    guild = record_of(about, "guild")
    listed = about.get("recipients")
    recipients = tuple(str(one) for one in listed[:50] if is_id(str(one))) if isinstance(listed, list) else ()
    return _Channel(
        id=string(about, "id", 40) or id_, member=member, kind=string(about, "type", 40), name=string(about, "name", 200),
        guild=string(guild, "id", 40), guild_name=string(guild, "name", 200), recipients=recipients,
    )  # fmt: skip


def _settle(found: _Package) -> None:
    """Whose it is without user.json: who is in all direct conversations. And names that only the index tells."""
    pairs_of = [set(channel.recipients) for channel in found.channels if len(channel.recipients) == 2]
    if not found.owner_id and len(pairs_of) > 1 and len(common := set.intersection(*pairs_of)) == 1:
        (found.owner_id,) = common
    for channel in found.channels:
        others = [one for one in channel.recipients if one != found.owner_id]
        named_so = _DM_NAME.match(found.channel_names.get(channel.id, ""))
        if found.owner_id and len(others) == 1 and named_so and not found.names.get(others[0]) and named_so[1].casefold() not in _NOBODY:
            found.names[others[0]] = named_so[1]
            found.handles[others[0]] = named_so[1]


def _handle(user: Json | None) -> str:
    return handle_of(string(user, "username"), string(user, "discriminator", 10))


class _Reading:
    """One pass over a package."""

    def __init__(self, package: _Package) -> None:
        self.package = package
        self.me = Key(PLACE, package.owner_id or "me")
        self.told: dict[str, bool] = {}
        self.rejected = 0

    def owner_profile(self) -> Profile:
        user = self.package.owner
        mail, phone = mail_address(string(user, "email")), string(user, "phone", 60)
        addresses = ((Address(kind=AddressKind.MAIL, value=mail, vouched=True),) if mail else ()) + (
            (Address(kind=AddressKind.PHONE, value=phone, vouched=True),) if phone else ()
        )
        name = string(user, "global_name") or string(user, "username")
        return Profile(key=self.me, handle=_handle(user), display_name=name, addresses=addresses, is_owner=True)

    def profile(self, id_: str, *, known: bool) -> Iterator[Profile]:
        if id_ == self.me.native_id or (id_ in self.told and (self.told[id_] or not known)):
            return
        self.told[id_] = known
        yield Profile(key=Key(PLACE, id_), handle=self.package.handles.get(id_, ""), display_name=self.package.names.get(id_, ""), known=known)

    def channel(self, box: Container, channel: _Channel, before: int, total: int) -> Iterator[Fact | Progress]:
        """The owner's messages in one channel."""
        for number, message in enumerate(_messages(box, channel.member), start=1):
            if isinstance(message, Rejected):
                yield message
            elif message is None:
                yield Rejected(where=channel.member, reason=say("This file is damaged or breaks off; what can be read of it was read."))
            else:
                yield from self._facts(message, channel, f"{channel.member} message {number}")
            if number % _PROGRESS_EVERY == 0:
                yield Progress(done=before, total=total)

    def _facts(self, message: Json, channel: _Channel, where: str) -> Iterator[Fact]:
        id_ = string(message, "ID", 40)
        when = moment(string(message, "Timestamp", 60), id_)
        if not is_id(id_) or when is None:
            self.rejected += 1
            if self.rejected <= _REJECTED_SHOWN:
                yield Rejected(where=where, reason=say("This message has no id or no date."))
            return
        private = channel.part is DIRECT
        text = message.get("Contents")
        mentions = named(text) if isinstance(text, str) else ()
        others = [one for one in channel.recipients if one != self.me.native_id] if private and self.package.owner_id else []
        for one in others:
            yield from self.profile(one, known=True)
        for one in mentions:
            yield from self.profile(one, known=False)
        group = is_group(channel.kind) or len(others) > 1
        shown = channel.name or self.package.channel_names.get(channel.id, "")
        yield Activity(
            key=Key(PLACE, id_), actor=self.me, kind=Kind.MESSAGE, published=when, precision=Precision.SECOND,
            text=plain(text, self.package.names, self.package.channel_names), thread=channel.id if private else "",
            url=f"https://discord.com/channels/{channel.guild or '@me'}/{channel.id}/{id_}" if private or channel.guild else "",
            audience=Audience.PRIVATE if private else Audience.FOLLOWERS,
            participants=towards(self.me, (Key(PLACE, one) for one in others), mentioned=(Key(PLACE, one) for one in mentions)),
            extra=pairs(
                attachments=one_line(file_names(string(message, "Attachments"))),
                conversation="" if private and not group else one_line(" · ".join(filter(None, (channel.guild_name, shown)))),
            ),
        )  # fmt: skip


def _messages(box: Container, member: str) -> Iterator[Json | Rejected | None]:
    """Each message, None where the file breaks off. Before 2024 it was a table."""
    if member.casefold().endswith(".json"):
        with box.open(member) as stream:
            for message in listed(stream, ""):
                if isinstance(message, Broken):
                    yield None
                elif isinstance(message, dict):
                    yield message
        return
    shape = examine(partial(box.open, member), needs=(_COLUMNS,))
    if shape is None:
        if box.size(member) > 40:
            yield None
        return
    with box.open(member) as stream:
        for row in rows(stream, shape, member, short_ok=True):
            yield _of_table(row) if isinstance(row, Row) else row


def _of_table(row: Row) -> Json:
    return {"ID": row["id"], "Timestamp": row["timestamp"], "Contents": row["contents"], "Attachments": row["attachments"]}
