"""The messages, calls and notices of a conversation in an export of Meta, as facts.

A message has no number of its own. Its key is made of the conversation, its time to the millisecond, its sender and its
words, so the same message in the network's export and in Messenger's store of encrypted chats is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from relationdesk.model import (
    Activity,
    Audience,
    Fact,
    Key,
    Progress,
    Rejected,
    Tombstone,
    pairs,
)
from relationdesk.saying import counted, say
from relationdesk.sources.chats import towards
from relationdesk.sources.container import Container
from relationdesk.sources.meta_chats import Chat, Message, messages
from relationdesk.sources.meta_files import FACEBOOK, Piece
from relationdesk.sources.meta_people import People
from relationdesk.sources.meta_text import digest, is_nobody, name_key, words
from relationdesk.sources.seen import Seen
from relationdesk.text import one_line

_EVERY = 500
REJECTED_SHOWN = 200
_MOST_MEMBERS = 200
_PREFIXES = ("", "your_facebook_activity/", "your_activity_across_facebook/", "your_instagram_activity/")


def twice(n: int) -> str:
    return counted(n, "{n} message which the export holds twice, left out.", "{n} messages which the export holds twice, left out.")


def taken_back(n: int) -> str:
    return counted(n, "{n} message taken back by who wrote it, left out.", "{n} messages taken back by who wrote it, left out.")


class Talk:
    """One pass over the conversations of an export. left_out: how many were not brought in, by the words for them."""

    def __init__(self, box: Container, people: People) -> None:
        self._box, self._people = box, people
        self._seen = Seen()
        self.left_out: Counter[Callable[[int], str]] = Counter()
        self.rejected = 0

    def facts(self, chat: Chat) -> Iterator[Fact | Progress]:
        """Everything said in a conversation that was looked at; Progress counts the bytes of its files."""
        self._chat, self._fallback = chat, PurePosixPath(chat.path or chat.pieces[0].name).name.rpartition("_")[2]
        if chat.title and all(self._people.is_owner(name) for name in chat.everybody) and self._people.knows_folder(chat.path):
            chat.people.append(chat.title)  # nobody else has written, and a page does not say who takes part
        keys = [self._key(name) for name in chat.everybody]
        everybody = list(dict.fromkeys(keys))
        others = [key for key in everybody if key != self._people.owner]
        self._direct = len(others) == 1
        self._members = list(dict.fromkeys((self._people.owner, *(self._key(name) for name in (chat.people or chat.senders)))))[:_MOST_MEMBERS]
        self._wrote = any(self._key(name) == self._people.owner for name in chat.senders)
        self._names = dict(zip(keys, chat.everybody, strict=True))
        self._thread = self._identity(others)
        introduced = False
        for piece, number, done, message in messages(self._box, chat):
            if not introduced:
                introduced = True
                for key in self._members:
                    yield from self._tell(key)
            yield from self._message(piece, number, message)
            if number % _EVERY == 0:
                yield Progress(done=done)

    def _key(self, name: str) -> Key:
        """In Instagram's conversations of two the folder is called by the other's handle; elsewhere there are only names."""
        chat = self._chat
        if chat.handles:
            return self._people.handled(name)
        key = self._people.named(name, self._fallback)
        if key == self._people.owner:
            return key
        two = {name_key(one) for one in chat.everybody if not self._people.is_owner(one)}
        handle = self._people.of_folder(chat.path) if len(two) == 1 and not is_nobody(name) else ""
        return self._people.handled(handle) if handle else key

    def _tell(self, key: Key) -> Iterator[Fact]:
        name = self._names.get(key, "")
        handle = name if self._chat.handles else key.native_id if not key.native_id.startswith(("name:", "someone:")) else ""
        yield from self._people.tell(key, name="" if self._chat.handles else name, handle=handle, known=self._direct and self._wrote)

    def _identity(self, others: list[Key]) -> str:
        """What the conversation is known by. Facebook's of two are the same in all its exports only by the other's name."""
        if self._people.place == FACEBOOK and self._direct and not others[0].native_id.startswith("someone:"):
            return f"with:{digest(others[0].native_id)}"
        tail = PurePosixPath(self._chat.path).name
        if tail and not self._chat.secure:
            return tail.rpartition("_")[2] or tail
        named = sorted(key.native_id for key in others)
        return f"of:{digest(*named, self._chat.title if not self._direct else '')}"

    def _message(self, piece: Piece, number: int, message: Message | None) -> Iterator[Fact]:
        if message is None or message.sender is None or message.when.moment is None:
            self.rejected += 1
            if self.rejected <= REJECTED_SHOWN:
                why = say("This is no message.") if message is None else say("This message has no sender.") if message.sender is None else say("The date of this message cannot be read.")
                yield Rejected(where=f"{piece.name} message {number}", reason=why)
            return
        sender = self._key(message.sender)
        native = f"message:{self._thread}:{message.when.written}:{digest(name_key(message.sender), message.text or ' '.join(message.files))}"
        times = self._seen.count(native)
        if times > 1 and not piece.page:
            self.left_out[twice] += 1
            return
        if times > 1:  # a page tells only the minute, in which the same may be said twice
            native = f"{native}:{times}"
        if message.unsent:
            self.left_out[taken_back] += 1
            yield Tombstone(key=Key(self._people.place, native))
            return
        self._names.setdefault(sender, message.sender)
        yield from self._tell(sender)
        yield Activity(
            key=Key(self._people.place, native), actor=sender, kind=message.kind, published=message.when.moment, precision=message.when.precision,
            text=message.text, thread=self._thread, audience=Audience.PRIVATE, participants=() if message.notice else towards(sender, self._members),
            extra=pairs(
                attachments=one_line(", ".join(self._file(uri, piece) for uri in message.files[:20])), conversation="" if self._direct else self._chat.title,
                reactions=message.reactions, zone="" if message.when.zoned else "unknown",
            ),
        )  # fmt: skip

    def _file(self, uri: str, piece: Piece) -> str:
        """The name of a picture or file, and whether the export has it. Addresses in it lack the folder they lie in."""
        if uri == "sticker" or "://" in uri:
            return uri
        path = PurePosixPath(uri.removeprefix("./"))
        folder = PurePosixPath(piece.name).parent
        above = [PurePosixPath(), *folder.parents, folder]
        places = [f"{prefix}{path}" for prefix in _PREFIXES] + [str(place / path) for place in above]
        top = f"{self._box.top}/" if self._box.top else ""
        there = any(place in self._box or (top and place.startswith(top) and place.removeprefix(top) in self._box) for place in places)
        there = there or any(f"{prefix}{path}".startswith(top) and f"{prefix}{path}".removeprefix(top) in self._box for prefix in _PREFIXES)
        name = words(path.name)
        return name if there or self._box.single else f"{name} (not in the export)"
