"""One reading of one X archive: first who is called what, in all posts; then every file that is wanted, record by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from relationdesk.errors import UnreadableFile
from relationdesk.model import Activity, Coverage, Fact, Key, Profile, Progress, Rejected
from relationdesk.saying import say
from relationdesk.sources import x_files as files
from relationdesk.sources.container import Container
from relationdesk.sources.json_fields import record_of, string
from relationdesk.sources.json_records import Broken, documents
from relationdesk.sources.tables import Row, examine, rows
from relationdesk.sources.x_files import Contents, Piece, unwrapped
from relationdesk.sources.x_messages import Entry, Group, entries, groups, message_facts
from relationdesk.sources.x_notes import Notes
from relationdesk.sources.x_owner import NOBODY
from relationdesk.sources.x_people import PLACE, People
from relationdesk.sources.x_posts import (
    BadRow,
    Posts,
    hear,
    id_of,
    like_facts,
    note_facts,
    post_facts,
    versions,
    withdrawn,
)
from relationdesk.sources.x_table import post_of
from relationdesk.sources.x_values import is_id, written_time

_EVERY = 500
"""Records between two words on how far it has come."""
_REJECTED_SHOWN = 200
"""Broken records of one file that are told one by one; the rest of them are told in one sentence."""
_MESSAGES = (files.MESSAGES, files.GROUPS, files.MESSAGE_HEADERS, files.GROUP_HEADERS)


class Reading:
    """found: all files of the archive. wanted: those to read, in order. owner: NOBODY where nothing depends on it."""

    def __init__(self, box: Container, found: tuple[Piece, ...], wanted: tuple[Piece, ...], owner: Profile, said: Contents) -> None:
        self._box, self._found, self._wanted, self._said = box, found, wanted, said
        self._owner = owner
        self._people = People(owner)
        self._posts = Posts(people=self._people, newest=set(), notes=Notes())
        self._groups: dict[str, Group] = {}
        self._done, self._total = 0, sum(piece.size for piece in wanted)
        self._newest: datetime | None = None
        self._broken: Counter[str] = Counter()

    def everything(self) -> Iterator[Fact | Progress]:
        """All facts of the wanted files, the owner's profile first."""
        yield Progress(done=0, total=self._total)
        yield from self._survey()
        self._find_number()
        if self._owner != NOBODY:
            yield self._owner
        for piece in self._wanted:
            if piece.holds != files.NOTES:
                yield from self._file(piece)
            self._done += piece.size
            yield Progress(done=self._done, total=self._total)
        if self._posts.notes:
            yield from note_facts(self._posts.notes, self._people)
        for name, count in self._broken.items():
            if count > _REJECTED_SHOWN:
                yield Rejected(where=name, reason=say("{count} more records could not be read.", count=count - _REJECTED_SHOWN))
        until = written_time(self._said.made) or self._newest
        if until is not None and self._owner != NOBODY:
            # An archive holds what its owner did; whether the others were quiet it does not tell.
            yield Coverage(place=PLACE, profile=self._owner.key, until=until)

    def _survey(self) -> Iterator[Fact | Progress]:
        """Who is called what, which edited posts there are in their newest version, and the words of the long ones."""
        if all(piece.holds == files.LIKES for piece in self._wanted):
            return
        for piece in self._found:
            if piece.holds == files.RENAMED:
                for _, row in self._records(piece):
                    change = record_of(unwrapped(row), "screenNameChange") or unwrapped(row)
                    self._people.owned(string(change, "changedFrom", 60))
            elif piece.holds in (files.POSTS, files.MONTH) or (piece.holds == files.NOTES and piece in self._wanted):
                for number, (_, row) in enumerate(self._records(piece), start=1):
                    if number % _EVERY == 0:
                        yield Progress(done=0, total=self._total)
                    if piece.holds != files.NOTES:
                        self._hear(unwrapped(row) or {})
                    elif not self._posts.notes.add(unwrapped(row) or {}):
                        yield from self._refuse(piece, number, say("This long post cannot be read."))

    def _hear(self, post: files.Row) -> None:
        hear(post, self._people)
        edits = versions(post)
        if edits and id_of(post) == edits[-1]:
            self._posts.newest.add(edits[-1])

    def _find_number(self) -> None:
        """An owner who was told by handle only has a number, if any post says so."""
        key = self._people.found("", self._owner.handle)
        if key is not None and self._owner.key.native_id.startswith("@"):
            self._owner = replace(self._owner, key=key)
            self._people.owner = key

    def _file(self, piece: Piece) -> Iterator[Fact | Progress]:
        if piece.holds in (files.GROUPS, files.GROUP_HEADERS):
            self._groups = groups(entry for _, entry in self._records(piece) if isinstance(entry, Entry))
        number = 0
        for number, (done, record) in enumerate(self._records(piece), start=1):
            if number % _EVERY == 0:
                yield Progress(done=min(self._done + done, self._total), total=self._total)
            try:
                for fact in self._facts(piece, record):
                    if isinstance(fact, Activity) and fact.published is not None:
                        self._newest = max(fact.published, self._newest or fact.published)
                    yield fact
            except BadRow as e:
                yield from self._refuse(piece, number, str(e))
        counted = self._said.counts(piece)
        if counted > number and piece.holds not in _MESSAGES:
            reason = say("The archive’s own list of contents counts {counted:,} records here, and there are {number:,}.", counted=counted, number=number)
            yield Rejected(where=piece.name, reason=reason)

    def _records(self, piece: Piece) -> Iterator[tuple[int, Any]]:
        """The records of a file, and how many of its bytes were read. Where a zip is damaged, Broken is the last."""
        done = 0
        try:
            with self._box.open(piece.name) as stream:
                if piece.holds in _MESSAGES:
                    found: Iterator[Any] = entries(stream)
                elif piece.holds == files.TABLE:
                    found = self._table(piece, stream)
                else:
                    found = documents(stream)
                for record in found:
                    done = stream.tell()
                    yield done, record
        except UnreadableFile as e:
            yield done, Broken(number=0, reason=str(e))

    def _table(self, piece: Piece, stream: Any) -> Iterator[Row | Rejected]:
        shape = examine(lambda: self._box.open(piece.name))
        return rows(stream, shape, piece.name) if shape is not None else iter(())

    def _facts(self, piece: Piece, record: Any) -> Iterator[Fact]:
        """What one record says. Raises BadRow."""
        if isinstance(record, Broken | Rejected):
            raise BadRow(record.reason)
        if isinstance(record, Entry):
            yield from message_facts(record, self._people, self._groups.get(record.conversation))
            return
        row = post_of(record) if isinstance(record, Row) else unwrapped(record)
        if row is None:
            raise BadRow(say("It is no record."))
        if piece.holds in (files.POSTS, files.MONTH, files.TABLE):
            yield from post_facts(row, self._posts, old=piece.holds != files.POSTS)
        elif piece.holds == files.DELETED:
            yield from withdrawn(row)
        elif piece.holds == files.LIKES:
            yield from like_facts(row, self._people)
        else:
            yield self._follower(row, known=piece.holds == files.FOLLOWING)

    def _follower(self, row: files.Row, *, known: bool) -> Profile:
        """Somebody who follows or is followed, which the archive says without a date. They become a person of their own
        only if the owner follows them and a post tells their name: nobody wants two thousand people named by number."""
        id_ = string(row, "accountId", 40)
        if not is_id(id_):
            raise BadRow(say("It does not say who this is."))
        return self._people.profile(Key(PLACE, id_), known=known)

    def _refuse(self, piece: Piece, number: int, reason: str) -> Iterator[Rejected]:
        self._broken[piece.name] += 1
        if self._broken[piece.name] <= _REJECTED_SHOWN:
            yield Rejected(where=f"{piece.name} record {number}", reason=reason)
