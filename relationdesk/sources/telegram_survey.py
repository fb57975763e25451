"""What a Telegram export holds, before it is read: whose it is, its contacts, its chats and who speaks in them.

Two shapes: everything ("chats", "contacts", "personal_information") and a single chat. One pass, counts and names only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, Any

from relationdesk.sources.base import Part
from relationdesk.sources.json_stream import BROKEN, events
from relationdesk.text import one_line

ALL, LEFT, ONE = "chats.list.item", "left_chats.list.item", ""
_MESSAGES = {f"{base}.messages.item" if base else "messages.item": base for base in (ALL, LEFT, ONE)}
_ME, _CONTACT = "personal_information", "contacts.list.item"
_WANTED = {
    **dict.fromkeys((*_MESSAGES, ALL, LEFT, _ME, _CONTACT, "contacts", "chats"), ""),
    **{f"{prefix}.{field}": field for prefix in _MESSAGES for field in ("from_id", "actor_id", "from", "actor")},
    **{f"{base}.{field}".lstrip("."): field for base in (ALL, LEFT, ONE) for field in ("name", "type", "id")},
    **{f"{base}.{field}": field for base in (_ME, _CONTACT) for field in ("user_id", "first_name", "last_name", "phone_number", "username", "bio")},
}
"""What is looked at, and what it is called there."""
_MOST_CHATS = 50_000
_MOST_SENDERS = 1_000
_MOST_CONTACTS = 100_000

PERSONAL = Part(name="chats", title="private chats")
GROUPS = Part(name="groups", title="private groups")
CONTACTS = Part(name="contacts", title="contacts")
BOTS = Part(name="bots", title="chats with bots", wanted=False)
PUBLIC = Part(name="public_groups", title="public groups", wanted=False)
CHANNELS = Part(name="channels", title="channels", wanted=False)
SAVED = Part(name="saved", title="saved messages", wanted=False)
PARTS = (PERSONAL, GROUPS, CONTACTS, BOTS, PUBLIC, CHANNELS, SAVED)
_TYPES = {
    "personal_chat": PERSONAL, "private_group": GROUPS, "private_supergroup": GROUPS, "bot_chat": BOTS, "public_supergroup": PUBLIC,
    "private_channel": CHANNELS, "public_channel": CHANNELS, "saved_messages": SAVED, "replies": BOTS, "verification_codes": BOTS,
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Chat:
    """base: where in the file. senders: id or "" → name, at most a thousand. count: messages of any kind."""

    base: str
    name: str = ""
    type: str = ""
    id: str = ""
    count: int = 0
    senders: dict[str, str] = field(default_factory=dict)

    @property
    def part(self) -> Part:
        return _TYPES.get(self.type, PERSONAL if not self.type else BOTS)

    @property
    def peer(self) -> str:
        """What Telegram calls the other side, "user100000002"; "" if the file does not say."""
        if not self.id:
            return ""
        direct = self.type in ("personal_chat", "bot_chat", "saved_messages", "")
        return f"{'user' if direct else 'chat' if self.type == 'private_group' else 'channel'}{self.id}"


@dataclass(slots=True, kw_only=True)
class Survey:
    """broken: why the rest of the file cannot be read, "" if it can. full: an export of everything, not of one chat."""

    chats: list[Chat] = field(default_factory=list)
    contacts: list[dict[str, str]] = field(default_factory=list)
    me: dict[str, str] = field(default_factory=dict)
    full: bool = False
    broken: bool = False

    @property
    def owner(self) -> str:
        """ "user100000001" if the file leaves no doubt whose it is: it says so, or a private chat has a second speaker."""
        if self.me.get("user_id"):
            return f"user{self.me['user_id']}"
        for chat in self.chats:
            if chat.type == "saved_messages" and chat.id:
                return chat.peer
            others = set(chat.senders) - {chat.peer}
            if chat.type == "personal_chat" and chat.peer in chat.senders and len(others) == 1 and (other := others.pop()).startswith("user"):
                return other
        return ""


def peer_id(value: object) -> str:
    """ "user19" of 19, "19" and "user19"; "" for what is no id. Before 2021 ids were numbers."""
    text = one_line(str(value), 60) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return f"user{text}" if text.isdigit() else text


def survey(stream: IO[bytes], limit: int = 1 << 62) -> Survey:
    """Go through the file once, at most `limit` bytes of it. Never raises for what is in the file."""
    found = Survey()
    try:
        _go_through(found, stream, limit)
    except BROKEN:
        found.broken = True
    return found


def _go_through(found: Survey, stream: IO[bytes], limit: int) -> None:
    chat = Chat(base=ONE)
    name, sender = "", ""
    contact: dict[str, str] = {}
    for prefix, event, value in events(stream, _MESSAGES, _WANTED, limit=limit):
        if event == "string" or event == "number":
            match _WANTED[prefix]:
                case "from_id" | "actor_id":
                    sender = peer_id(value)
                case "from" | "actor":
                    name = value if isinstance(value, str) else ""
                case "name" | "type" | "id" as head:
                    _set(chat, head, value)
                case mine_or_theirs:
                    (found.me if prefix.startswith(_ME) else contact)[mine_or_theirs] = one_line(str(value))
        elif event == "end_map":
            if prefix in _MESSAGES:
                chat.count += 1  # a record that never ends does not count, so that nobody tries to build it
                _spoke(chat, sender, name)
            elif prefix == _CONTACT:
                if len(found.contacts) < _MOST_CONTACTS:
                    found.contacts.append(contact)
                contact = {}
        elif event == "start_map":
            if prefix in _MESSAGES:
                if not found.chats:
                    found.chats.append(chat)
                name = sender = ""
            elif prefix in (ALL, LEFT):
                if len(found.chats) >= _MOST_CHATS:
                    raise ValueError("more chats than anybody has")
                chat = Chat(base=prefix)
                found.chats.append(chat)
            found.full = found.full or prefix not in _MESSAGES


def _spoke(chat: Chat, sender: str, name: str) -> None:
    key = sender or (f"name:{one_line(name)}" if name else "")
    if (key and key not in chat.senders and len(chat.senders) < _MOST_SENDERS) or (name and chat.senders.get(key) == ""):
        chat.senders[key] = one_line(name)


def _set(chat: Chat, name: str, value: Any) -> None:
    text = one_line(str(value))
    if name == "name":
        chat.name = text
    elif name == "type":
        chat.type = text
    else:
        chat.id = text if text.lstrip("-").isdigit() else ""
