"""One reading of an export of Meta, which its three sources share: who, then the lists, then the conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Kind, Profile, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources import meta_files as files
from relationdesk.sources.asks import answer_to, unanswered
from relationdesk.sources.base import Ask, Options, Part, Recognised
from relationdesk.sources.container import Container, open_container
from relationdesk.sources.meta_chats import chats, look, old_chats
from relationdesk.sources.meta_deeds import BadEntry, Deeds
from relationdesk.sources.meta_entries import Entry
from relationdesk.sources.meta_files import FACEBOOK, INSTAGRAM, THREADS, Export, Piece, chat_part, export_in, settled
from relationdesk.sources.meta_lists import listed
from relationdesk.sources.meta_people import Owner, People, find_owner, page_of
from relationdesk.sources.meta_talk import REJECTED_SHOWN, Talk, taken_back, twice

_NEXT_TO = "place"
_REQUESTS = frozenset({"message_requests", "filtered_threads"})
_ENCRYPTED_SINCE = datetime(2023, 12, 6, tzinfo=UTC)
"""The day from which Messenger encrypts conversations of two by itself."""
_MAIN = (files.OWNER, files.FRIENDS, files.POSTS, files.COMMENTS, files.REACTIONS)

MESSAGES = Part(name="messages", title=marked("messages"))
REQUESTS = Part(name="requests", title=marked("message requests"))
OF_THREADS = Part(name="threads", title=marked("posts and follows on Threads"))
PARTS: tuple[tuple[Part, tuple[str, ...]], ...] = (
    (Part(name="friends", title=marked("friends and friend requests")), (files.FRIENDS,)),
    (Part(name="follows", title=marked("followers and followed people")), (files.OLD_FOLLOWS, files.FOLLOWING, files.FOLLOWERS)),
    (Part(name="contacts", title=marked("contacts")), (files.CONTACTS,)),
    (Part(name="posts", title=marked("posts")), (files.POSTS, files.STORIES, files.WALL)),
    (Part(name="comments", title=marked("comments")), (files.COMMENTS, files.OLD_COMMENTS, files.ALBUMS)),
    (Part(name="reactions", title=marked("reactions and likes")), (files.REACTIONS, files.PAGES, files.LIKES, files.OLD_LIKES)),
    (Part(name="saved", title=marked("saved posts")), (files.SAVED, files.OLD_SAVED)),
    (Part(name="events", title=marked("events")), (files.EVENTS,)),
)
_ASKED = (files.SENT, files.RECEIVED)
"""Requests: to be friends on Facebook, to follow elsewhere."""


def _which() -> Ask:
    return Ask(
        name=_NEXT_TO, question=say("Is this chat from Facebook Messenger or from Instagram? The file does not say."),
        choices=((INSTAGRAM, "Instagram"), (FACEBOOK, "Facebook Messenger")),
    )  # fmt: skip


def recognise(path: Path, *, name: str, title: str, place: str) -> Recognised | None:
    """What this source sees in a file. A chat of which nobody can say whether it is Instagram's is Instagram's to ask about."""
    try:
        with open_container(path) as box:
            export = export_in(box)
            if export is None or (export.place or INSTAGRAM) != place:
                return None
            asks = () if export.place else (_which(),)
            export = settled(export, place)
            owner, ask = find_owner(box, export)
    except (UnreadableFile, OSError):
        return None
    certainty = 0.6 if asks else 0.9 if box.single else 0.95
    return Recognised(
        format=name, title=title, place=place, certainty=certainty, owner=(owner.profile.display_name or owner.profile.handle) if owner else "",
        gathered=not export.of(files.OWNER, place=export.place), parts=tuple(_parts(export)), asks=asks + ((ask,) if ask else ()),
    )  # fmt: skip


def read(path: Path, options: Options, *, name: str, title: str, place: str) -> Iterator[Fact | Progress]:
    """The owner, the lists, then the conversations. Raises UnreadableFile, also while something has to be answered."""
    with open_container(path) as box:
        export = export_in(box)
        if export is None or (export.place or INSTAGRAM) != place:
            raise UnreadableFile(say("“{name}” holds no {title}. Nothing was brought in. Choose the zip or the folder that Meta gave you.", name=path.name, title=say(title)), source=name)
        chosen = export.place or answer_to(_which(), options, name)
        export = settled(export, chosen)
        owner, ask = find_owner(box, export, options.me)
        if owner is None and ask is not None:
            answer_to(ask, options, name)
            raise unanswered(ask, name)
        assert owner is not None
        yield from _Reading(box, export, owner, options).everything()


def _parts(export: Export) -> Iterator[Part]:
    for part, kinds in PARTS:
        if export.of(*kinds, *_asked_in(part, export), place=export.place):
            yield part
    boxes = {chat_part(one) in _REQUESTS for one in export.of(files.MESSAGES)}
    if False in boxes or export.of(files.SECURE, files.OLD_CHATS):
        yield MESSAGES
    if True in boxes:
        yield REQUESTS
    if export.place != THREADS and any(one.place == THREADS for one in export.pieces):
        yield OF_THREADS


def _asked_in(part: Part, export: Export) -> tuple[str, ...]:
    return _ASKED if part.name == ("friends" if export.place == FACEBOOK else "follows") else ()


class _Reading:
    """One pass over an export."""

    def __init__(self, box: Container, export: Export, owner: Owner, options: Options) -> None:
        self._box, self._export, self._owner, self._options = box, export, owner, options
        self._people = People(owner, export.place)
        self._wanted = self._chosen()
        self._total = sum(box.size(one.name) for one in self._wanted)
        self._done = 0
        self._newest: datetime | None = None
        self._broken: Counter[str] = Counter()
        self._duplicates: Counter[str] = Counter()

    def _chosen(self) -> list[Piece]:
        """The files to read, in the order of reading."""
        export, wants = self._export, self._options.wants
        found = [one for part, kinds in PARTS if wants(part) for one in export.of(*kinds, *_asked_in(part, export), place=export.place)]
        found += [one for one in export.of(files.MESSAGES) if wants(REQUESTS if chat_part(one) in _REQUESTS else MESSAGES)]
        found += export.of(files.SECURE, files.OLD_CHATS) if wants(MESSAGES) else []
        return found

    def everything(self) -> Iterator[Fact | Progress]:
        yield Progress(done=0, total=self._total)
        yield self._owner.profile
        yield from self._export.notes
        self._hear()
        lists, talks = (
            [one for one in self._wanted if (one.holds in (files.MESSAGES, files.SECURE, files.OLD_CHATS)) == talk] for talk in (False, True)
        )
        yield from self._lists(lists, Deeds(self._people, self._export.place))
        yield from self._threads()
        yield from self._talk(talks)
        yield from self._end()

    def _hear(self) -> None:
        """Names and handles that other files are read by, whichever parts are wanted: keys must not depend on the choice."""
        for piece in self._export.of(files.FRIENDS, files.FOLLOWING, files.FOLLOWERS, place=self._export.place):
            for _, _, entry in listed(self._box, piece):
                if not isinstance(entry, Entry):
                    continue
                if piece.holds == files.FRIENDS:
                    name = entry.who or entry.title
                    self._duplicates[name] += 1
                    self._people.hear_friend(name)
                elif self._export.place != FACEBOOK and entry.who:
                    self._people.hear_handle(entry.who)

    def _lists(self, pieces: Iterable[Piece], deeds: Deeds) -> Iterator[Fact | Progress]:
        for piece in pieces:
            for number, done, entry in listed(self._box, piece):
                try:
                    if isinstance(entry, Rejected):
                        raise BadEntry(entry.reason)
                    for fact in deeds.facts(piece.holds, entry):
                        self._note(fact)
                        yield fact
                except BadEntry as e:
                    self._broken[piece.name] += 1
                    if self._broken[piece.name] <= REJECTED_SHOWN:
                        yield Rejected(where=f"{piece.name} record {number}", reason=str(e))
                if number % 500 == 0:
                    yield Progress(done=self._done + min(done, self._box.size(piece.name)), total=self._total)
            if self._broken[piece.name] > REJECTED_SHOWN:
                yield Rejected(where=piece.name, reason=say("{broken} more records could not be read.", broken=self._broken[piece.name] - REJECTED_SHOWN))
            yield self._read(piece)

    def _threads(self) -> Iterator[Fact | Progress]:
        """What an export of Instagram holds of Threads, where its owner has the same handle."""
        pieces = [one for one in self._export.pieces if one.place == THREADS and one.holds != files.OWNER]
        if self._export.place == THREADS or not pieces or not self._options.wants(OF_THREADS):
            return
        handle = self._owner.profile.handle.casefold()
        owner = Profile(
            key=self._owner.profile.key._replace(place=THREADS), handle=handle, display_name=self._owner.profile.display_name,
            url=page_of(THREADS, handle) if handle else "", is_owner=True,
        )  # fmt: skip
        yield owner
        people = People(Owner(profile=owner, names=self._owner.names), THREADS)
        order = (files.FOLLOWING, files.FOLLOWERS, files.POSTS, files.LIKES, files.SAVED)
        yield from self._lists([one for kind in order for one in pieces if one.holds == kind], Deeds(people, THREADS))

    def _talk(self, pieces: list[Piece]) -> Iterator[Fact | Progress]:
        talk = Talk(self._box, self._people)
        found = chats([one for one in pieces if one.holds != files.OLD_CHATS])
        old = (chat for piece in pieces if piece.holds == files.OLD_CHATS for chat in old_chats(self._box, piece))
        for chat in (*found, *old):
            try:
                if not chat.handles:
                    look(self._box, chat)
                for fact in talk.facts(chat):
                    if isinstance(fact, Progress):
                        fact = Progress(done=min(self._done + fact.done, self._total), total=self._total)
                    self._note(fact)
                    yield fact
            except UnreadableFile as e:
                yield Rejected(where=chat.pieces[0].name, reason=str(e))
            for name in dict.fromkeys(chat.broken):
                yield Rejected(where=name, reason=say("This file is damaged or breaks off; what can be read of it was read."))
            for piece in chat.pieces if not chat.handles else ():
                yield self._read(piece)
        where = "messages"
        if talk.rejected > REJECTED_SHOWN:
            yield Rejected(where=where, reason=say("{rejected} more messages could not be read.", rejected=talk.rejected - REJECTED_SHOWN))
        for words in (taken_back, twice):
            if count := talk.left_out[words]:
                yield Rejected(where=where, reason=words(count))

    def _end(self) -> Iterator[Fact]:
        for name, count in self._duplicates.items():
            if count > 1 and name:
                yield Rejected(where="friends", reason=say("{count} of your friends are called {name}. Facebook tells people by name only, so they are one here.", count=count, name=name))
        export = self._export
        late = self._newest is not None and self._newest >= _ENCRYPTED_SINCE
        if export.place == FACEBOOK and late and export.of(files.MESSAGES) and export.of(*_MAIN) and not export.of(files.SECURE):
            yield Rejected(
                where="messages",
                reason=say("Since December 2023 Messenger encrypts chats from end to end, and those are not in this export. In Messenger, choose Settings, Privacy & safety, End-to-end encrypted chats, Message storage, Download secure storage data, and bring that file in as well."),
            )
        if self._newest is not None:
            # An export holds what its owner did and was told; whether the others were quiet it does not tell.
            yield Coverage(place=export.place, profile=self._owner.profile.key, until=self._newest)

    def _note(self, fact: Fact | Progress) -> None:
        if isinstance(fact, Activity) and fact.published is not None and fact.kind is not Kind.EVENT:
            self._newest = max(fact.published, self._newest or fact.published)

    def _read(self, piece: Piece) -> Progress:
        self._done += self._box.size(piece.name)
        return Progress(done=min(self._done, self._total), total=self._total)
