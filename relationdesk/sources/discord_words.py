"""Discord's ids and markup: the clock in an id, <@123> as a name, what a channel's type means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from relationdesk.sources.chats import stamp
from relationdesk.text import MAX_TEXT, tidy

_MENTION = re.compile(r"<@!?(\d{1,25})>")
_TOKEN = re.compile(r"<(?:(@&|@!?|#)(\d{1,25})|a?:(\w{1,60}):\d{1,25}|t:(-?\d{1,12})(?::\w)?)>")
_EPOCH = 1_420_070_400_000
_DIRECT = frozenset({"1", "3", "DM", "GROUP_DM", "DIRECTTEXTCHAT", "DIRECTGROUPTEXTCHAT"})
_GROUP = frozenset({"3", "GROUP_DM", "DIRECTGROUPTEXTCHAT"})


def is_id(text: str) -> bool:
    return text.isdigit() and len(text) <= 25


def clock(id_: str) -> datetime | None:
    """When something with this id was made, to the second."""
    return stamp((int(id_) >> 22) + _EPOCH, 1000) if is_id(id_) and len(id_) >= 15 else None


def moment(text: str, id_: str = "") -> datetime | None:
    """A time as Discord writes it, UTC where it names no zone; the clock in the id if it cannot be read."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return clock(id_)


def handle_of(name: str, number: str) -> str:
    """ "ana#1234" as it was once; today names have no numbers."""
    return f"{name}#{number}" if name and number.strip("0") else name


def is_direct(kind: str) -> bool:
    return kind.upper() in _DIRECT


def is_group(kind: str) -> bool:
    return kind.upper() in _GROUP


def named(text: str) -> tuple[str, ...]:
    """The ids of those a text names, each once."""
    return tuple(dict.fromkeys(_MENTION.findall(text[:MAX_TEXT])))


def plain(text: Any, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """people, channels: what each id is called; an unknown one stays an id."""

    def shown(found: re.Match[str]) -> str:
        sign, id_, emoji, time = found.groups()
        if emoji:
            return f":{emoji}:"
        if time:
            when = stamp(time)
            return f"{when:%Y-%m-%d %H:%M} UTC" if when else found[0]
        return f"#{channels.get(id_) or id_}" if sign == "#" else f"@{people.get(id_) or id_}"

    return tidy(_TOKEN.sub(shown, text[: MAX_TEXT + 1])) if isinstance(text, str) else ""


def file_names(addresses: str) -> str:
    """ "plan.pdf, cat.png" of the addresses of attachments."""
    names = (one.partition("?")[0].rpartition("/")[2] for one in addresses.split()[:50])
    return ", ".join(filter(None, names))
