"""The private messages of an X archive: two people or a group, reactions, who was in a group and what it was called.

A conversation may be larger than memory, so its messages are taken one by one; what happened to a group is collected in
a reading of its own beforehand, because the messages stand newest first.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from relationdesk.model import Activity, Audience, Fact, Key, Kind, Participant, Precision, Role, pairs
from relationdesk.saying import say
from relationdesk.sources.json_fields import records, string
from relationdesk.sources.json_records import Bad, Broken, Lost, Walker
from relationdesk.sources.x_people import PLACE, People
from relationdesk.sources.x_posts import BadRow
from relationdesk.sources.x_values import is_id, time_in, written_time
from relationdesk.text import one_line, tidy

FEW = 20
"""So many others a message in a group is addressed to; in a larger one it is towards nobody in particular."""
_MOST_EVENTS = 200_000
_MOST_MEMBERS = 1_000
_NEXT = re.compile(r"\{\s*\"dmConversation\"\s*:")
_OWN_MEDIA = re.compile(r"https?://(?:twitter|x)\.com/messages/media/\d+")
_REACTIONS = {"funny": "😂", "surprised": "😲", "sad": "😢", "like": "❤️", "excited": "🔥", "agree": "👍", "disagree": "👎"}
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a conversation. kind: "messageCreate", "joinConversation" …; row None: it could not be read."""

    conversation: str
    kind: str = ""
    row: Row | None = None
    reason: str = ""


def entries(stream: IO[bytes]) -> Iterator[Entry]:
    """Every entry of every conversation of a file, in its order."""
    walker = Walker(stream)
    walker.skip_assignment()
    if walker.next() != "[":
        yield Entry(conversation="", reason=say("It is no list of conversations."))
        return
    walker.take()
    while (sign := walker.next()) != "]":
        if sign == ",":
            walker.take()
            continue
        try:
            if sign != "{":
                raise Bad(say("It is damaged.") if sign else say("The file breaks off here."))
            yield from _conversation(walker)
        except Bad as e:
            yield Entry(conversation="", reason=str(e))
            if not isinstance(e, Lost) and walker.go_to(_NEXT) is None:
                return


def _conversation(walker: Walker, name: str = "", *, inside: bool = False) -> Iterator[Entry]:
    for key in walker.fields():
        if key == "conversationId":
            name = one_line(str(walker.value()), 200)
        elif key == "messages" and walker.next() == "[":
            yield from (_entry(name, row) for row in walker.records(_NEXT))
        elif key == "dmConversation" and walker.next() == "{" and not inside:
            yield from _conversation(walker, name, inside=True)
        else:
            walker.value()


def _entry(conversation: str, row: Any) -> Entry:
    if isinstance(row, Broken):
        return Entry(conversation=conversation, reason=row.reason)
    if not isinstance(row, Mapping) or not row:
        return Entry(conversation=conversation, reason=say("It is no message."))
    kind = str(next(iter(row)))
    inner = row[kind]
    if isinstance(inner, Mapping):
        return Entry(conversation=conversation, kind=kind, row=inner)
    return Entry(conversation=conversation, kind="messageCreate" if "senderId" in row else "", row=row)


@dataclass(slots=True)
class Group:
    """What happened to a group, in order of time once `groups` hands it on. members: everybody who was ever in it.
    moves: when somebody came (True) or left."""

    members: dict[str, None] = field(default_factory=dict)
    moves: dict[str, list[tuple[datetime, bool]]] = field(default_factory=dict)
    names: list[tuple[datetime, str]] = field(default_factory=list)

    def called(self, when: datetime) -> str:
        """The name at that time, as far as its changes are told."""
        at = bisect_right(self.names, when, key=_time)
        return self.names[at - 1][1] if at else ""

    def others(self, sender: str, when: datetime) -> list[str]:
        """Who else was in it at that time; [] for more than any group has."""
        if len(self.members) > _MOST_MEMBERS:
            return []
        return [member for member in self.members if member != sender and self._was_in(member, when)]

    def _was_in(self, member: str, when: datetime) -> bool:
        moves = self.moves.get(member)
        if not moves:
            return True
        at = bisect_right(moves, when, key=_time)
        return moves[at - 1][1] if at else not moves[0][1]


def _time(event: tuple[datetime, object]) -> datetime:
    return event[0]


def groups(found: Iterable[Entry]) -> dict[str, Group]:
    """The groups of a file, by conversation."""
    known: dict[str, Group] = {}
    left = _MOST_EVENTS
    for entry in found:
        if entry.row is None or left <= 0:
            continue
        group = known.setdefault(entry.conversation, Group())
        left -= _happened(group, entry.kind, entry.row)
    for group in known.values():
        group.names.sort(key=_time)
        for moves in group.moves.values():
            moves.sort(key=_time)
    return known


def _happened(group: Group, kind: str, row: Row) -> int:
    """Let a group know of one entry; how many things that was."""
    when = written_time(string(row, "createdAt", 60)) or _LONG_AGO
    if kind == "conversationNameUpdate":
        group.names.append((when, string(row, "name", 300)))
        return 1
    if kind in ("participantsJoin", "participantsLeave"):
        who = _ids(row, "userIds")
        for id_ in who:
            group.members[id_] = None
            group.moves.setdefault(id_, []).append((when, kind == "participantsJoin"))
        return len(who)
    who = _ids(row, "participantsSnapshot") if kind == "joinConversation" else []
    who += [id_ for id_ in (string(row, "senderId", 40), string(row, "initiatingUserId", 40)) if is_id(id_)]
    fresh = [id_ for id_ in who if id_ not in group.members]
    group.members.update(dict.fromkeys(fresh))
    return len(fresh)


def _ids(row: Row, name: str) -> list[str]:
    found = row.get(name)
    return [str(id_) for id_ in found[:10_000] if is_id(str(id_))] if isinstance(found, list) else []


def message_facts(entry: Entry, people: People, group: Group | None = None) -> Iterator[Fact]:
    """A message with its reactions, everybody before it; nothing for comings and goings. Raises BadRow."""
    if entry.row is None:
        raise BadRow(entry.reason)
    if entry.kind == "reactionCreate":
        yield from _reaction(entry.row, entry.conversation, None, people)
    elif entry.kind in ("messageCreate", "welcomeMessageCreate"):
        yield from _message(entry.row, entry.conversation, people, group)


def _message(row: Row, conversation: str, people: People, group: Group | None) -> Iterator[Fact]:
    id_, sender = string(row, "id", 40), string(row, "senderId", 40)
    when = written_time(string(row, "createdAt", 60)) or time_in(id_)
    if not is_id(id_) or not is_id(sender) or when is None:
        raise BadRow(say("It does not say who wrote this message, or when."))
    receivers = group.others(sender, when) if group else [_receiver(row, conversation, sender)]
    towards = [Key(PLACE, who) for who in receivers if is_id(who) and who != sender] if len(receivers) <= FEW else []
    actor = Key(PLACE, sender)
    for key in (actor, *towards):
        yield from people.tell(key, known=actor == people.owner and key in towards and group is None)
    message = Activity(
        key=Key(PLACE, f"dm:{id_}"), actor=actor, kind=Kind.MESSAGE, published=when, precision=Precision.SECOND,
        title=group.called(when) if group else "", text=_text(row), audience=Audience.PRIVATE,
        thread=conversation or "-".join(sorted({sender, *filter(is_id, receivers)}, key=int)),
        participants=tuple(Participant(profile=key, role=Role.TO) for key in towards),
    )  # fmt: skip
    yield message
    for reaction in records(row, "reactions"):
        yield from _reaction(reaction, message.thread, message, people)


def _receiver(row: Row, conversation: str, sender: str) -> str:
    if is_id(told := string(row, "recipientId", 40)):
        return told
    pair = conversation.split("-")
    return next((id_ for id_ in pair if id_ != sender and is_id(id_)), "") if sender in pair else ""


def _reaction(row: Row, conversation: str, message: Activity | None, people: People) -> Iterator[Fact]:
    """X's own description of its archive spells the fields otherwise than its archives do."""
    sender = string(row, "senderId", 40) or string(row, "reactionSenderID", 40)
    event = string(row, "eventId", 40) or string(row, "reactionEventID", 40)
    name = string(row, "reactionKey", 60) or string(row, "ReactionKey", 60)
    when = written_time(string(row, "createdAt", 60) or string(row, "reactionCreatedAt", 60)) or time_in(event)
    if not is_id(sender) or not (is_id(event) or message is not None):
        raise BadRow(say("It does not say whose reaction this is."))
    actor = Key(PLACE, sender)
    yield from people.tell(actor)
    towards = [message.actor] if message is not None and message.actor != actor else []
    of = message.key.native_id if message is not None else ""
    yield Activity(
        key=Key(PLACE, f"{of or 'dm'}#reaction:{sender}:{event or name}"), actor=actor, kind=Kind.REACTION, published=when,
        precision=Precision.SECOND if when else Precision.UNKNOWN, text=message.text if message is not None else "",
        in_reply_to=of, audience=Audience.PRIVATE, thread=conversation,
        participants=tuple(Participant(profile=key, role=Role.SUBJECT) for key in towards),
        extra=pairs(reaction=_REACTIONS.get(name, name)),
    )  # fmt: skip


def _text(row: Row) -> str:
    """The words with links written out, and what media there were."""
    text = row.get("text")
    text = html.unescape(text) if isinstance(text, str) else ""
    for url in records(row, "urls"):
        short, whole = string(url, "url", 200), string(url, "expanded")
        if short and whole:
            text = text.replace(short, "" if _OWN_MEDIA.match(whole) else whole)
    media = row.get("mediaUrls")
    lines = ["[Video]" if ".mp4" in str(one) else "[Image]" for one in media[:20]] if isinstance(media, list) else []
    return tidy("\n\n".join(filter(None, (text.strip(), *lines))))


def owner_of(conversations: Iterable[str]) -> tuple[str, ...]:
    """The number that is in every conversation of two; both of them if there is only one such conversation."""
    pairs_ = [set(name.split("-")) for name in conversations if re.fullmatch(r"\d{1,20}-\d{1,20}", name)]
    common = set.intersection(*pairs_) if pairs_ else set()
    return tuple(sorted(common, key=int))

