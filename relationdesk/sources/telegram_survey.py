"""What a Telegram export holds, before it is read: whose it is, its contacts, its chats and who speaks in them.

Two shapes: everything ("chats", "contacts", "personal_information") and a single chat. One pass, counts and names only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, Any

from relationdesk.saying import marked
from relationdesk.sources.base import Part
from relationdesk.sources.json_fields import string
from relationdesk.sources.json_records import BEGUN, Broken, parts
from relationdesk.text import one_line

ALL, LEFT, ONE = "chats.list.*", "left_chats.list.*", ""
MESSAGES = {base: f"{base}.messages" if base else "messages" for base in (ALL, LEFT, ONE)}
_LISTS = {path: base for base, path in MESSAGES.items()}
_ME, _CONTACTS = "personal_information", "contacts.list"
_FIELDS = ("user_id", "first_name", "last_name", "phone_number", "username", "bio")
_MOST_CHATS = 50_000
_MOST_SENDERS = 1_000
_MOST_CONTACTS = 100_000

PERSONAL = Part(name="chats", title=marked("private chats"))
GROUPS = Part(name="groups", title=marked("private groups"))
CONTACTS = Part(name="contacts", title=marked("contacts"))
BOTS = Part(name="bots", title=marked("chats with bots"), wanted=False)
PUBLIC = Part(name="public_groups", title=marked("public groups"), wanted=False)
CHANNELS = Part(name="channels", title=marked("channels"), wanted=False)
SAVED = Part(name="saved", title=marked("saved messages"), wanted=False)
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
    chat = Chat(base=ONE)
    for path, value in parts(stream, {*_LISTS, _CONTACTS}, limit=limit):
        found.full = found.full or path.startswith(("chats", "left_chats", _ME, "contacts"))
        if isinstance(value, Broken):
            found.broken = True
        elif value is BEGUN:
            if len(found.chats) >= _MOST_CHATS:
                found.broken = True
                return found
            chat = Chat(base=path)
            found.chats.append(chat)
        elif path in _LISTS:
            if not found.chats:
                found.chats.append(chat)
            chat.count += 1
            if isinstance(value, dict):
                _spoke(chat, peer_id(value.get("from_id")) or peer_id(value.get("actor_id")), value.get("from") or value.get("actor"))
        elif path == _ME:
            found.me = _fields(value)
        elif path == _CONTACTS:
            if len(found.contacts) < _MOST_CONTACTS:
                found.contacts.append(_fields(value))
        else:
            base, _, name = path.rpartition(".")
            if base == chat.base and name in ("name", "type", "id"):
                _set(chat, name, value)
    return found


def _fields(record: object) -> dict[str, str]:
    return {name: value for name in _FIELDS if (value := string(record, name))}


def _spoke(chat: Chat, sender: str, said: object) -> None:
    name = said if isinstance(said, str) else ""
    key = sender or (f"name:{one_line(name)}" if name else "")
    if (key and key not in chat.senders and len(chat.senders) < _MOST_SENDERS) or (name and chat.senders.get(key) == ""):
        chat.senders[key] = one_line(name)


def _set(chat: Chat, name: str, value: Any) -> None:
    text = "" if value is None else one_line(str(value))  # whoever deleted themselves has no name
    if name == "name":
        chat.name = text
    elif name == "type":
        chat.type = text
    else:
        chat.id = text if text.lstrip("-").isdigit() else ""
