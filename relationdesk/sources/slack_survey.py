"""What a Slack export holds: its people, channels and day files, found by what the tables hold. One workspace or a grid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from relationdesk.saying import marked
from relationdesk.sources.base import Part
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import Json, record_of, string
from relationdesk.sources.json_records import Broken, listed
from relationdesk.text import mail_address

CHANNELS = Part(name="channels", title=marked("channels"))
PRIVATE = Part(name="private", title=marked("private channels"))
DIRECT = Part(name="direct", title=marked("direct messages"))
PARTS = (CHANNELS, PRIVATE, DIRECT)
_LISTS = {"channels.json": CHANNELS, "groups.json": PRIVATE, "dms.json": DIRECT, "mpims.json": DIRECT}
_USERS = ("users.json", "org_users.json")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}\.json$")
_MOST_USERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    team: str
    handle: str
    name: str
    title: str = ""
    mail: str = ""
    phone: str = ""
    picture: str = ""
    bot: bool = False

    @property
    def native(self) -> str:
        return f"{self.team}/{self.id}" if self.team else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """name: "" for direct messages. group: more than two in a direct conversation, or a channel."""

    id: str
    name: str
    part: Part
    members: tuple[str, ...]
    group: bool


@dataclass(slots=True)
class Workspace:
    """days: (member, channel) in order. damaged: tables that broke off."""

    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    days: list[tuple[str, Channel]] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    team: str = ""

    def user(self, id_: str, message: Json | None = None) -> User:
        """Somebody of another workspace stands in the message only."""
        if id_ not in self.users and len(self.users) < _MOST_USERS:
            self.users[id_] = _user({"id": id_, "profile": record_of(message, "user_profile") or {}}, self.team)
        return self.users.get(id_) or User(id=id_, team=self.team, handle="", name="")


def is_export(box: Container) -> bool:
    """A table of people and one of conversations, by name and by their beginning."""
    if box.single:
        return False
    names = {PurePosixPath(name).name.casefold() for name in box.names()[:20_000]}
    if not names & set(_LISTS) or not names & set(_USERS):
        return False
    for name in box.names()[:20_000]:
        if PurePosixPath(name).name.casefold() in _USERS:
            with box.open(name) as stream:
                head = stream.read(8_192)
            if re.match(rb'\A(?:\xef\xbb\xbf)?\s*\[\s*(?:\]|\{[^\x00]*"id"\s*:\s*"[UW])', head):
                return True
    return False


def people(box: Container) -> Workspace:
    """Users and direct conversations, for asking who is who."""
    found = Workspace()
    teams: Counter[str] = Counter()
    rows: list[Json] = []
    for name in box.names():
        if PurePosixPath(name).name.casefold() in _USERS:
            for row in _rows(box, name, found):
                if len(rows) < _MOST_USERS:
                    rows.append(row)
                    teams[string(row, "team_id", 40)] += 1
    found.team = next((team for team, _ in teams.most_common() if team), "")
    for row in rows:
        user = _user(row, found.team)
        if user.id:
            found.users[user.id] = user
    for name in box.names():
        part = _LISTS.get(PurePosixPath(name).name.casefold())
        for row in _rows(box, name, found) if part is not None else ():
            if channel := _channel(row, part or CHANNELS):
                found.channels[channel.id] = channel
    return found


def workspace(box: Container) -> Workspace:
    """Everything but the messages."""
    found = people(box)
    by_folder = {folder: channel for channel in found.channels.values() for folder in (channel.name, channel.id) if folder}
    for name in box.names():
        path = PurePosixPath(name)
        if _DAY.match(path.name) and path.parent.name:
            folder = path.parent.name
            channel = by_folder.get(folder) or _unlisted(folder)
            found.days.append((name, channel))
    return found


def _unlisted(folder: str) -> Channel:
    """A folder that no table lists: what it is called tells a direct conversation from a channel."""
    direct = bool(re.match(r"^D[A-Z0-9]{6,}$", folder))
    part = DIRECT if direct or folder.startswith("mpdm-") else PRIVATE
    return Channel(id=folder, name="" if direct else folder, part=part, members=(), group=not direct)


def _rows(box: Container, name: str, found: Workspace) -> Iterator[Json]:
    with box.open(name) as stream:
        for row in listed(stream, ""):
            if isinstance(row, Broken):
                found.damaged.append(name)
            elif isinstance(row, dict):
                yield row


def _channel(row: Json, part: Part) -> Channel | None:
    id_ = string(row, "id", 80)
    members = row.get("members")
    listed = tuple(one for one in members[:5_000] if isinstance(one, str)) if isinstance(members, list) else ()
    name = string(row, "name", 200)
    return Channel(id=id_, name=name, part=part, members=listed, group=part is not DIRECT or len(listed) > 2) if id_ else None


def _user(row: Json, team: str) -> User:
    profile = record_of(row, "profile") or {}
    name = string(profile, "real_name") or string(row, "real_name") or string(profile, "display_name") or string(row, "name")
    return User(
        id=string(row, "id", 80), team=team, handle=string(profile, "display_name") or string(row, "name") or string(profile, "name"), name=name,
        title=string(profile, "title"), mail=mail_address(string(profile, "email")), phone=string(profile, "phone", 60),
        picture=string(profile, "image_72", 500) or string(profile, "image_original", 500),
        bot=bool(row.get("is_bot")) or string(row, "id") == "USLACKBOT" or bool(profile.get("bot_id")),
    )  # fmt: skip
