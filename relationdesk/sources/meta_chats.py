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
from relationdesk.sources.json_fields import Json, record_of, records, string, whole
from relationdesk.sources.json_records import BEGUN, Broken, listed, parts
from relationdesk.sources.meta_dates import NEVER, When, from_iso, from_number, from_words
from relationdesk.sources.meta_files import OLD_CHATS, SECURE, Piece
from relationdesk.sources.meta_html import Box, boxes, title_and_people, who
from relationdesk.sources.meta_text import mended, mended_all, name_of, words
from relationdesk.text import one_line

_HEAD = 64 * 1024
_OLD, _OLD_MESSAGES = "*", "*.conversation"
_MOST_PEOPLE = 5_000
_MOST_LOOKED_AT = 200
_MEDIA = ("photos", "videos", "audio_files", "files", "gifs", "media")
_NOTICES = frozenset({"subscribe", "unsubscribe"})
_OLD_WORDS = ("text", "heart", "media_share_caption", "story_share", "profile_share_username", "link")
"""Where Instagram's messages before 2021 have their words, or those of what was passed on."""
_REACTED = re.compile(
    r"\s*(?:Reacted \S{1,12} to (?:your|a|the) message|Liked a message|(?:Hat|Reagierte) (?:mit )?\S{1,12} auf (?:deine|eine) Nachricht(?: reagiert)?|Hat auf deine Nachricht mit \S{1,14} reagiert|"
    r"A réagi (?:par |avec )?\S{1,12} à (?:votre|ton|un) message|(?:Reaccionó|Ha reaccionado) con \S{1,12} a (?:tu|un) mensaje|Ha (?:reagito|messo) \S{0,4} ?(?:con )?\S{1,12} al tuo messaggio|"
    r"Reagiu (?:com )?\S{1,12} [àa] (?:sua|tua) mensagem|Heeft met \S{1,12} gereageerd op je bericht|Reagerade med \S{1,12} på ditt meddelande)\.?\s*",
    re.IGNORECASE,
)
"""What Meta writes in somebody's name where they only put a sign to a message: no answer of theirs."""


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

    old, place: it is one of several in its file, the first being 1.
    """

    pieces: list[Piece]
    title: str = ""
    people: list[str] = field(default_factory=list)
    senders: Counter[str] = field(default_factory=Counter)
    path: str = ""
    old: OldChats | None = None
    place: int = 0
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
    with box.open(piece.name) as stream:
        for path, value in parts(stream, {"messages"}, limit=limit):
            if isinstance(value, Broken):
                if limit > box.size(piece.name):
                    chat.broken.append(piece.name)
            elif path == "messages" and isinstance(value, dict):
                _wrote(chat, value.get("sender_name") if "sender_name" in value else value.get("senderName"))
            elif path == "participants" and isinstance(value, list):
                for one in value[:_MOST_PEOPLE]:
                    _takes_part(chat, one.get("name") if isinstance(one, dict) else one)
            elif path in ("title", "threadName") and isinstance(value, str):
                chat.title = name_of(mended(value[:2_000]))
            elif path == "thread_path" and isinstance(value, str):
                chat.path = one_line(mended(value[:2_000]), 300).strip("/") or chat.path


def _takes_part(chat: Chat, name: object) -> None:
    if isinstance(name, str) and (called := name_of(mended(name[:2_000]))) not in chat.people and len(chat.people) < _MOST_PEOPLE:
        chat.people.append(called)


def _wrote(chat: Chat, name: object) -> None:
    if isinstance(name, str):
        called = name_of(mended(name[:2_000]))
        if called in chat.senders or len(chat.senders) < _MOST_PEOPLE:
            chat.senders[called] += 1


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
    """The conversations of Instagram's messages.json, which holds all of them; their messages are read in the same order."""
    chat: Chat | None = None
    old = OldChats(box, piece)
    with box.open(piece.name) as stream:
        for path, value in parts(stream, {_OLD_MESSAGES}):
            if value is BEGUN:
                if chat is not None:
                    yield chat
                chat = Chat(pieces=[piece], handles=True, old=old, place=chat.place + 1 if chat else 1)
            elif chat is None:
                continue
            elif isinstance(value, Broken):
                chat.broken.append(piece.name)
            elif path == f"{_OLD}.participants" and isinstance(value, list):
                for one in value[:_MOST_PEOPLE]:
                    _takes_part(chat, one)
            elif path == _OLD_MESSAGES and isinstance(value, dict):
                _wrote(chat, value.get("sender"))
    if chat is not None:
        yield chat


class OldChats:
    """The messages of such a file in one pass: its conversations are asked for in their order."""

    def __init__(self, box: Container, piece: Piece) -> None:
        self._found = self._records(box, piece)
        self._at = 0

    @staticmethod
    def _records(box: Container, piece: Piece) -> Iterator[tuple[object, int]]:
        with box.open(piece.name) as stream:
            for path, value in parts(stream, {_OLD_MESSAGES}):
                if value is BEGUN or path == _OLD_MESSAGES:
                    yield value, stream.tell()

    def of(self, place: int) -> Iterator[tuple[object, int]]:
        """(record, bytes read) of a conversation; nothing of one that was passed already."""
        for value, done in self._found:
            if value is BEGUN:
                self._at += 1
                if self._at > place:
                    return
            elif self._at == place:
                yield value, done


def messages(box: Container, chat: Chat) -> Iterator[tuple[Piece, int, int, Message | None]]:
    """(file, number, bytes read, message) of everything in a conversation that was looked at; None for no record."""
    for piece in chat.pieces:
        if chat.old is not None:
            for number, (record, done) in enumerate(chat.old.of(chat.place), start=1):
                yield piece, number, done, _of_json(record, old=True)
            continue
        with box.open(piece.name) as stream:
            found = map(_of_box, boxes(stream)) if piece.page else map(partial(_of_json, old=False), listed(stream, "messages"))
            for number, message in enumerate(found, start=1):
                yield piece, number, stream.tell(), message


def _of_json(raw: Any, *, old: bool) -> Message | None:
    if not isinstance(raw, dict):
        return None
    raw = mended_all(raw)
    if old:
        said = next((found for name in _OLD_WORDS if (found := words(raw.get(name)))), "")
        notice = not said and bool(string(raw, "action"))
        return Message(
            sender=_sender(raw, "sender"), when=from_iso(string(raw, "created_at", 60)), text=words(raw.get("action")) if notice else said,
            kind=Kind.OTHER if notice else Kind.MESSAGE, notice=notice, files=_old_files(raw), reactions=_old_likes(raw),
        )  # fmt: skip
    kind = string(raw, "type", 60).casefold()
    call = kind == "call" or "call_duration" in raw
    share = record_of(raw, "share")
    text = words(raw.get("content") if "content" in raw else raw.get("text"))
    if share is not None and not call:
        text = "\n".join(dict.fromkeys(filter(None, (text, words(share.get("share_text")), string(share, "link")))))
    return Message(
        sender=_sender(raw, "sender_name") if "sender_name" in raw else _sender(raw, "senderName"),
        when=from_number(raw.get("timestamp_ms") if "timestamp_ms" in raw else raw.get("timestamp")),
        text=_call(raw) if call else text, kind=Kind.CALL if call else Kind.OTHER if kind in _NOTICES else Kind.REACTION if len(text) < 100 and _REACTED.fullmatch(text) else Kind.MESSAGE,
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


def _old_likes(raw: Json) -> str:
    return " · ".join(f"❤ {who}" for one in records(raw, "likes")[:100] if (who := string(one, "username", 60)))


def _old_files(raw: Json) -> tuple[str, ...]:
    return tuple(string(raw, name) for name in ("media", "media_share_url", "media_url") if string(raw, name))


def _call(raw: Json) -> str:
    seconds = whole(raw, "call_duration")
    if raw.get("missed") is True or not seconds:
        return "No answer"
    return f"{seconds // 60} min {seconds % 60} s" if seconds > 59 else f"{seconds} s"


def _reactions(raw: Json) -> str:
    shown = (f"{string(one, 'reaction', 40)} {name_of(one.get('actor'))}".strip() for one in records(raw, "reactions")[:100])
    return one_line(" · ".join(filter(None, shown)))


def _of_box(box: Box) -> Message | None:
    when = from_words(box.date)
    if not box.name and when.moment is None:
        return None
    given = (re.sub(r"\s*\([^()]*\d{4}[^()]*\)$", "", one) for one in box.reactions)  # when, in brackets behind who
    reactions = " · ".join(re.sub(r"^(\W+?)\s*(?=\w)", r"\1 ", one) for one in given)
    links = "\n".join(address for address, _ in box.links if address not in box.text)
    kind = Kind.REACTION if len(box.text) < 100 and _REACTED.fullmatch(box.text) else Kind.MESSAGE
    return Message(sender=box.name, when=when, text=box.text or words(links), kind=kind, files=box.files, reactions=one_line(reactions))
