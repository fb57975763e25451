"""Conversations in an export of Meta: JSON of the network, JSON of Messenger's own store of encrypted chats, or HTML.

A conversation is first gone through for who is in it, then read message by message; neither holds it as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any

from relationdesk.model import Kind
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import Json, record_of, records, string
from relationdesk.sources.json_stream import BROKEN, built, events
from relationdesk.sources.meta_dates import NEVER, When, from_iso, from_number, from_words
from relationdesk.sources.meta_files import OLD_CHATS, SECURE, Piece
from relationdesk.sources.meta_html import Box, boxes, title_and_people, who
from relationdesk.sources.meta_text import mended, mended_all, name_of, words
from relationdesk.text import one_line

_HEAD = 64 * 1024
_ITEM = "messages.item"
_OLD_ITEM = "item.conversation.item"
_HEADER = {"participants.item", "participants.item.name", "title", "threadName", "thread_path", _ITEM, f"{_ITEM}.sender_name", f"{_ITEM}.senderName"}
_MOST_PEOPLE = 5_000
_MOST_LOOKED_AT = 200
_MEDIA = ("photos", "videos", "audio_files", "files", "gifs", "media")
_NOTICES = frozenset({"subscribe", "unsubscribe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """sender: name as the export writes it (before 2021 Instagram's handle). notice: words of the network about the sender, such as that they left."""

    sender: str | None
    when: When = NEVER
    text: str = ""
    kind: Kind = Kind.MESSAGE
    files: tuple[str, ...] = ()
    reactions: str = ""
    unsent: bool = False
    notice: bool = False


@dataclass(slots=True, kw_only=True)
class Chat:
    """One conversation. people: those its head names. senders: who wrote how often. path: "inbox/ann_123" if it has one.

    counts: messages of each piece, so that the second pass stops where the first one did. skip: those of the same file before it.
    """

    pieces: list[Piece]
    title: str = ""
    people: list[str] = field(default_factory=list)
    senders: Counter[str] = field(default_factory=Counter)
    path: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    skip: int = 0
    broken: list[str] = field(default_factory=list)
    secure: bool = False
    handles: bool = False

    @property
    def everybody(self) -> list[str]:
        return list(dict.fromkeys((*self.people, *self.senders)))


def chats(pieces: list[Piece]) -> list[Chat]:
    """The conversations of an export, each with all its files in their order; nothing is read yet."""
    found: dict[str, Chat] = {}
    for piece in sorted(pieces, key=lambda one: (one.thread.casefold(), one.number, one.name)):
        slot = piece.name if piece.holds in (SECURE, OLD_CHATS) else piece.thread.casefold() or f"{piece.root}/"
        chat = found.setdefault(slot, Chat(pieces=[], path=piece.thread, secure=piece.holds == SECURE))
        chat.pieces.append(piece)
    return list(found.values())


def look(box: Container, chat: Chat, limit: int = 1 << 62) -> None:
    """Go through a conversation for its head, or through so many bytes of each of its files."""
    chat.people, chat.senders, chat.title = [], Counter(), ""
    for piece in chat.pieces:
        (_look_page if piece.page else _look_json)(box, chat, piece, limit)


def _look_json(box: Container, chat: Chat, piece: Piece, limit: int) -> None:
    count = 0
    with box.open(piece.name) as stream:
        try:
            for prefix, event, value in events(stream, {_ITEM}, _HEADER, limit=limit):
                if prefix == _ITEM:
                    count += event == "end_map"
                elif event == "string":
                    _header(chat, prefix, mended(value[:2_000]))
        except BROKEN:
            if limit > box.size(piece.name):
                chat.broken.append(piece.name)
    chat.counts[piece.name] = count


def _header(chat: Chat, prefix: str, value: str) -> None:
    name = name_of(value)
    if prefix.startswith("participants"):
        if name not in chat.people and len(chat.people) < _MOST_PEOPLE:
            chat.people.append(name)
    elif prefix in ("title", "threadName"):
        chat.title = name
    elif prefix == "thread_path":
        chat.path = one_line(value, 300).strip("/") or chat.path
    elif name in chat.senders or len(chat.senders) < _MOST_PEOPLE:
        chat.senders[name] += 1


def _look_page(box: Container, chat: Chat, piece: Piece, limit: int) -> None:
    with box.open(piece.name) as stream:
        title, people = title_and_people(stream.read(_HEAD).decode("utf-8-sig", "replace"))
    chat.title = title or chat.title
    chat.people += [one for one in people if one not in chat.people]
    with box.open(piece.name) as stream:
        names = Counter(who(stream if limit > box.size(piece.name) else BytesIO(stream.read(_HEAD))))
    if not names:
        with box.open(piece.name) as stream:
            names = Counter(one.name for one in islice(boxes(stream), _MOST_LOOKED_AT if limit < box.size(piece.name) else None))
    for name, count in names.items():
        if name in chat.senders or len(chat.senders) < _MOST_PEOPLE:
            chat.senders[name] += count


def old_chats(box: Container, piece: Piece) -> Iterator[Chat]:
    """The conversations of Instagram's messages.json, which holds all of them. Those behind a break are lost."""
    before, chat = 0, Chat(pieces=[piece], handles=True)
    with box.open(piece.name) as stream:
        try:
            for prefix, event, value in events(stream, {_OLD_ITEM}, {"item", "item.participants.item", _OLD_ITEM, f"{_OLD_ITEM}.sender"}):
                if prefix == "item" and event == "end_map":
                    yield chat
                    before += chat.counts.get(piece.name, 0)
                    chat = Chat(pieces=[piece], handles=True, skip=before)
                elif prefix == "item.participants.item" and event == "string":
                    chat.people.append(name_of(mended(value[:200])))
                elif prefix == f"{_OLD_ITEM}.sender" and event == "string":
                    chat.senders[name_of(mended(value[:200]))] += 1
                elif prefix == _OLD_ITEM and event == "end_map":
                    chat.counts[piece.name] = chat.counts.get(piece.name, 0) + 1
        except BROKEN:
            chat.broken.append(piece.name)
            yield chat


def messages(box: Container, chat: Chat) -> Iterator[tuple[Piece, int, int, Message | None]]:
    """(file, number, bytes read, message) of everything in a conversation that was looked at; None for no record."""
    for piece in chat.pieces:
        with box.open(piece.name) as stream:
            if piece.page:
                found: Iterator[Message | None] = map(_of_box, boxes(stream))
            else:
                item = _OLD_ITEM if piece.holds == OLD_CHATS else _ITEM
                raw = islice(built(stream, item), chat.skip, chat.skip + chat.counts.get(piece.name, 0))
                found = map(partial(_of_json, old=piece.holds == OLD_CHATS), raw)
            try:
                for number, message in enumerate(found, start=1):
                    yield piece, number, stream.tell(), message
            except BROKEN:
                chat.broken.append(piece.name)


def _of_json(raw: Any, *, old: bool) -> Message | None:
    if not isinstance(raw, dict):
        return None
    raw = mended_all(raw)
    if old:
        return Message(sender=_sender(raw, "sender"), when=from_iso(string(raw, "created_at", 60)), text=words(raw.get("text")), files=_old_files(raw))
    kind = string(raw, "type", 60).casefold()
    call = kind == "call" or "call_duration" in raw
    share = record_of(raw, "share")
    text = words(raw.get("content") if "content" in raw else raw.get("text"))
    if share is not None and not call:
        text = "\n".join(dict.fromkeys(filter(None, (text, words(share.get("share_text")), string(share, "link")))))
    return Message(
        sender=_sender(raw, "sender_name") if "sender_name" in raw else _sender(raw, "senderName"),
        when=from_number(raw.get("timestamp_ms") if "timestamp_ms" in raw else raw.get("timestamp")),
        text=_call(raw) if call else text, kind=Kind.CALL if call else Kind.OTHER if kind in _NOTICES else Kind.MESSAGE,
        files=tuple(_files(raw)), reactions=_reactions(raw), notice=kind in _NOTICES,
        unsent=raw.get("is_unsent") is True or raw.get("isUnsent") is True,
    )  # fmt: skip


def _sender(raw: Json, field_name: str) -> str | None:
    """None where it says nothing at all; "" stands for somebody who has left."""
    value = raw.get(field_name)
    return name_of(value) if isinstance(value, str) else None


def _files(raw: Json) -> Iterator[str]:
    for field_name in _MEDIA:
        for one in records(raw, field_name):
            if isinstance(one.get("uri"), str) and (uri := string(one, "uri")):
                yield uri
    sticker = record_of(raw, "sticker")
    if sticker is not None:
        yield "sticker"


def _old_files(raw: Json) -> tuple[str, ...]:
    return tuple(string(raw, name) for name in ("media", "media_share_url", "media_url") if string(raw, name))


def _call(raw: Json) -> str:
    seconds = string(raw, "call_duration", 12)
    if raw.get("missed") is True or not seconds.isdigit() or not int(seconds):
        return "No answer"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s" if int(seconds) > 59 else f"{int(seconds)} s"


def _reactions(raw: Json) -> str:
    shown = (f"{string(one, 'reaction', 40)} {name_of(one.get('actor'))}".strip() for one in records(raw, "reactions")[:100])
    return one_line(" · ".join(filter(None, shown)))


def _of_box(box: Box) -> Message | None:
    when = from_words(box.date)
    if not box.name and when.moment is None:
        return None
    reactions = " · ".join(re.sub(r"^(\W+?)\s*(?=\w)", r"\1 ", one) for one in box.reactions)
    links = "\n".join(address for address, _ in box.links if address not in box.text)
    return Message(sender=box.name, when=when, text=box.text or words(links), files=box.files, reactions=one_line(reactions))
