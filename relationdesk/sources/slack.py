"""Slack's export of a workspace (zip or folder): channels, and private conversations where the export has them.

The export does not say who downloaded it, so that is asked. The clock of a message is its id and is UTC, while the day
in a file's name is another zone's. What programs write, and who joined, is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
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
from relationdesk.saying import marked, say
from relationdesk.sources.asks import answer_to, who_asks
from relationdesk.sources.base import Ask, Options, Recognised
from relationdesk.sources.chats import Told, last_change, stamp, towards
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.json_records import Broken, listed
from relationdesk.sources.portraits import pictured
from relationdesk.sources.slack_survey import (
    CHANNELS,
    DIRECT,
    PARTS,
    Channel,
    User,
    Workspace,
    is_export,
    people,
    workspace,
)
from relationdesk.sources.slack_text import named_users, plain, raw_text
from relationdesk.text import fold, one_line, tidy

PLACE = "slack"
_WORDS = frozenset({"", "thread_broadcast", "reply_broadcast", "me_message", "file_share", "file_comment", "file_mention"})
"""Subtypes that are somebody's words; all others are notices of Slack."""
_REJECTED_SHOWN = 200


class Slack:
    """FileSource for Slack's export."""

    name = "slack_export"
    title = marked("Slack export")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            with open_container(path) as box:
                if not is_export(box):
                    return None
                found = people(box)
        except (UnreadableFile, OSError):
            return None
        return Recognised(format=self.name, title=self.title, place=PLACE, certainty=0.95, parts=PARTS, asks=(_ask(found),))

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """The owner, then day by day of each channel. Raises UnreadableFile, also while it is not known who the owner is."""
        with open_container(path) as box:
            if not is_export(box):
                raise UnreadableFile(
                    say("“{name}” is no export of Slack. Nothing was brought in. Choose the zip that Slack gave to the workspace's owner.", name=path.name),
                    source=self.name,
                )
            found = workspace(box)
            owner = _owner(found, options) or answer_to(_ask(found), options, self.name)
            days = [(name, channel) for name, channel in found.days if options.wants(channel.part)]
            total, done = sum(box.size(name) for name, _ in days), 0
            reading = _Reading(found, owner)
            yield Progress(done=0, total=total)
            yield reading.profile(found.user(owner), owner=True)
            for name, channel in days:
                yield from reading.day(box, name, channel)
                done += box.size(name)
                yield Progress(done=done, total=total)
            yield from reading.end()


def _ask(found: Workspace) -> Ask:
    """Those first who have most direct conversations here: an export holds its owner's."""
    direct = Counter(member for channel in found.channels.values() if channel.part is DIRECT for member in channel.members)
    order = sorted((user for user in found.users.values() if not user.bot), key=lambda user: (-direct[user.id], user.name, user.id))
    return who_asks(say("Which of these people are you? Slack does not say who made the export."), [(user.id, user.name or user.handle or user.id) for user in order])


def _owner(found: Workspace, options: Options) -> str:
    """The only user whose address or handle was said, or whose address is known to be mine; "" for none."""
    said = options.me.strip().casefold().lstrip("@")
    fits = {user.id for user in found.users.values() if said and (said == user.mail or fold(said) == fold(user.handle) or said == user.id.casefold())}
    fits = fits or {user.id for user in found.users.values() if not said and user.mail and user.mail in options.mine}
    return fits.pop() if len(fits) == 1 else ""


class _Reading:
    """One pass over an export."""

    def __init__(self, found: Workspace, owner: str) -> None:
        self.found, self.owner = found, owner
        self.handles = {user.id: user.handle or user.name for user in found.users.values()}
        self.channel_names = {channel.id: channel.name for channel in found.channels.values()}
        self.written = {
            member for channel in found.channels.values() if channel.part is DIRECT and owner in channel.members for member in channel.members
        }
        self.told = Told()
        self.left_out: Counter[str] = Counter()
        self.rejected = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    def profile(self, user: User, *, owner: bool = False) -> Profile:
        mail = (Address(kind=AddressKind.MAIL, value=user.mail, vouched=True),) if user.mail else ()
        phone = (Address(kind=AddressKind.PHONE, value=user.phone),) if user.phone else ()
        return Profile(
            key=Key(PLACE, user.native), handle=user.handle, display_name=user.name, title=user.title, addresses=mail + phone + pictured(user.picture),
            known=not owner and user.id in self.written, is_owner=owner,
        )  # fmt: skip

    def day(self, box: Container, name: str, channel: Channel) -> Iterator[Fact]:
        with box.open(name) as stream:
            for number, message in enumerate(listed(stream, ""), start=1):
                if isinstance(message, Broken):
                    self.found.damaged.append(name)
                elif isinstance(message, dict):
                    yield from self._facts(message, channel, f"{name} message {number}")

    def _facts(self, message: Json, channel: Channel, where: str) -> Iterator[Fact]:
        subtype = string(message, "subtype", 80)
        if subtype == "huddle_thread":
            yield from self._huddle(message, channel)
            return
        comment = record_of(message, "comment") if subtype == "file_comment" else None
        sender = string(comment if comment is not None else message, "user", 80)
        user = self.found.user(sender, message) if sender else None
        if subtype == "bot_message" or (user is not None and user.bot) or (user is None and message.get("bot_id")):
            self.left_out[marked("Messages of programs")] += 1
            return
        if string(message, "type", 80) not in ("message", "") or subtype not in _WORDS:
            self.left_out[marked("Notices of Slack itself")] += 1
            return
        ts = string(message, "ts", 40)
        moment = stamp(ts.partition(".")[0])
        if user is None or moment is None:
            self.rejected += 1
            if self.rejected <= _REJECTED_SHOWN:
                yield Rejected(where=where, reason=say("This message has no sender.") if user is None else say("The date of this message cannot be read."))
            return
        if comment is None and not raw_text(message).strip() and not _files(message):
            self.left_out[marked("Messages without words, of which only a file that is gone is known")] += 1
            return
        yield from self._activity(message, channel, user, ts, moment, comment)

    def _activity(self, message: Json, channel: Channel, user: User, ts: str, moment: datetime, comment: Json | None) -> Iterator[Fact]:
        raw = string(comment, "comment", 100_000) if comment is not None else raw_text(message)
        root, parent = string(message, "thread_ts", 40), string(message, "parent_user_id", 80)
        named = [self.found.user(one) for one in named_users(raw)]
        # An export of a whole workspace holds what others said among themselves: who is in it the list of members says, if there is one.
        missing = user.id if channel.part is CHANNELS or channel.members else self.owner
        members = [self.found.user(one) for one in dict.fromkeys((*channel.members, missing))]
        members = [one for one in members if not one.bot]
        answered = self.found.user(parent) if parent and root != ts else None
        actor = Key(PLACE, user.native)
        people = towards(
            actor, (Key(PLACE, one.native) for one in members), answered=Key(PLACE, answered.native) if answered else None,
            mentioned=(Key(PLACE, one.native) for one in named),
        )  # fmt: skip
        named_keys = {one.profile for one in people} | {actor}
        for one in dict.fromkeys((user, *members, *named, *((answered,) if answered else ()))):
            if one.id != self.owner and Key(PLACE, one.native) in named_keys:
                yield from self.told.tell(self.profile(one))
        private = channel.part is not CHANNELS
        yield Activity(
            key=self._key(channel, ts), actor=actor, kind=Kind.MESSAGE, published=moment, text=plain(raw, self.handles, self.channel_names),
            in_reply_to=self._key(channel, root).native_id if root and root != ts else "",
            thread=self._key(channel, root or ts).native_id if channel.group else self._key(channel, "").native_id.rstrip("/"),
            audience=Audience.PRIVATE if private else Audience.FOLLOWERS, participants=people,
            revised=last_change(stamp(string(record_of(message, "edited"), "ts", 40).partition(".")[0]), moment),
            extra=pairs(
                attachments=_files(message), conversation=one_line(f"#{channel.name}" if channel.name and not channel.name.startswith("mpdm-") else ""),
                reactions=self._reactions(message), edited="yes" if message.get("edited") else "",
            ),
        )  # fmt: skip
        self.oldest, self.newest = min(self.oldest or moment, moment), max(self.newest or moment, moment)

    def _huddle(self, message: Json, channel: Channel) -> Iterator[Fact]:
        """A call of whoever began it, towards all who were in it; Slack writes it down as its own words."""
        room, ts = record_of(message, "room") or {}, string(message, "ts", 40)
        began, moment = string(room, "created_by", 80), stamp(ts.partition(".")[0])
        listed = room.get("participant_history")
        there = [one for one in listed[:200] if isinstance(one, str)] if isinstance(listed, list) else []
        if not began or moment is None:
            self.left_out[marked("Notices of Slack itself")] += 1
            return
        people = [self.found.user(one) for one in dict.fromkeys((began, *there))]
        for one in people:
            if one.id != self.owner:
                yield from self.told.tell(self.profile(one))
        ended = stamp(room.get("date_end"))
        actor = Key(PLACE, people[0].native)
        yield Activity(
            key=self._key(channel, ts), actor=actor, kind=Kind.CALL, published=moment, thread=self._key(channel, ts if channel.group else "").native_id.rstrip("/"),
            text=f"Huddle, {max(1, round((ended - moment).total_seconds() / 60))} min" if ended is not None and ended >= moment else "Huddle",
            audience=Audience.PRIVATE if channel.part is not CHANNELS else Audience.FOLLOWERS, participants=towards(actor, (Key(PLACE, one.native) for one in people)),
            extra=pairs(conversation=one_line(f"#{channel.name}" if channel.name and not channel.name.startswith("mpdm-") else "")),
        )  # fmt: skip
        self.oldest, self.newest = min(self.oldest or moment, moment), max(self.newest or moment, moment)

    def _key(self, channel: Channel, ts: str) -> Key:
        return Key(PLACE, "/".join((*filter(None, (self.found.team,)), channel.id, ts)))

    def _reactions(self, message: Json) -> str:
        shown = []
        for one in records(message, "reactions"):
            users: Any = one.get("users")
            who = [self.found.user(user).name or user for user in users[:20] if isinstance(user, str)] if isinstance(users, list) else []
            shown.append(f":{string(one, 'name', 80)}: {', '.join(who) or string(one, 'count', 12)}".strip())
        return one_line(tidy(" · ".join(shown)))

    def end(self) -> Iterator[Fact]:
        for what, count in sorted(self.left_out.items()):
            yield Rejected(where="Slack export", reason=say("{what}: {count} left out.", what=say(what), count=count))
        if self.rejected > _REJECTED_SHOWN:
            yield Rejected(where="Slack export", reason=say("{rejected} more messages could not be read.", rejected=self.rejected - _REJECTED_SHOWN))
        for name in dict.fromkeys(self.found.damaged):
            yield Rejected(where=name, reason=say("This file is damaged or breaks off; what can be read of it was read."))
        if self.newest is not None:
            yield Coverage(place=PLACE, since=self.oldest, until=self.newest)


def _files(message: Json) -> str:
    files = records(message, "files") or list(filter(None, (record_of(message, "file"),)))
    return one_line(", ".join(filter(None, (string(one, "name", 200) or string(one, "title", 200) for one in files))))
