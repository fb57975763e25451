"""What one Telegram message says: its text in all the shapes it has had, what goes with it, when it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from relationdesk.model import Precision
from relationdesk.sources.chats import stamp, texts_within, wall_clock
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.text import MAX_TEXT, one_line, tidy

_MOST_PIECES = 20_000


def words(message: Json) -> str:
    """Plain text: the entities if there are any, else `text`, else the blocks of a rich message, else a poll's question."""
    for value in (message.get("text_entities"), message.get("text")):
        text = tidy("".join(_pieces(value)))
        if text:
            return text
    rich = message.get("rich_message")
    if rich is not None:
        return tidy("\n".join(texts_within(rich)))
    poll = record_of(message, "poll")
    return tidy(string(poll, "question")) if poll is not None else ""


def _pieces(value: Any) -> Iterator[str]:
    for piece in value[:_MOST_PIECES] if isinstance(value, list) else [value]:
        if isinstance(piece, str):
            yield piece[:MAX_TEXT]
        elif isinstance(piece, dict) and isinstance(piece.get("text"), str):
            yield piece["text"][:MAX_TEXT]
            href = string(piece, "href")
            if href and piece.get("type") == "text_link" and href != piece["text"]:
                yield f" ({href})"


class Time(NamedTuple):
    moment: datetime | None
    precision: Precision
    zoned: bool


def time(message: Json) -> Time:
    """`date_unixtime`, else `date`, which before 2021 stood alone and is the exporting computer's own clock."""
    moment = stamp(message.get("date_unixtime"))
    if moment is not None:
        return Time(moment, Precision.SECOND, True)
    try:
        local = datetime.fromisoformat(string(message, "date", 40))
    except ValueError:
        return Time(None, Precision.UNKNOWN, False)
    if local.tzinfo is not None:
        return Time(local.astimezone(UTC).replace(microsecond=0), Precision.SECOND, True)
    moment = wall_clock(local.year, local.month, local.day, local.hour, local.minute, local.second)
    return Time(moment, Precision.SECOND if moment else Precision.UNKNOWN, False)


def attached(message: Json) -> str:
    """What goes with the words: a file's name, or what it is; "" for nothing."""
    if name := string(message, "file_name"):
        return name
    for field in ("file", "photo"):
        path = string(message, field)
        if path:
            return (string(message, "media_type") or field) if path.startswith("(") else path.rpartition("/")[2]
    if kind := string(message, "media_type"):
        return kind
    names = {"location_information": "location", "contact_information": "contact", "poll": "poll", "game_title": "game", "invoice_information": "invoice"}
    return next((name for field, name in names.items() if message.get(field)), "")


def reactions(message: Json) -> str:
    """ "👍 Ana Kovač, Ben Ito · ❤ 12": who reacted where the export says so, else how many."""
    shown = []
    for reaction in records(message, "reactions"):
        sign = string(reaction, "emoji", 40) or string(reaction, "type", 40)
        who = ", ".join(filter(None, (string(one, "from", 100) for one in records(reaction, "recent")[:20])))
        shown.append(f"{sign} {who or string(reaction, 'count', 12)}".strip())
    return one_line(" · ".join(filter(None, shown)))


def named_users(message: Json) -> Iterator[tuple[str, str]]:
    """(user number, name) of those a message names by their profile."""
    for entity in records(message, "text_entities"):
        if entity.get("type") == "mention_name" and (user := string(entity, "user_id", 40)).isdigit():
            yield user, string(entity, "text", 200)


def named_handles(message: Json) -> frozenset[str]:
    """ "@ana_k", in small letters."""
    return frozenset(
        string(entity, "text", 100).casefold() for entity in records(message, "text_entities") if entity.get("type") == "mention"
    )
