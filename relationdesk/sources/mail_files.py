"""Mail from files: mbox, single mails, folders of them, Maildir, Apple Mail. Streams; one mail in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import (
    Activity,
    Address,
    AddressKind,
    Coverage,
    Fact,
    Key,
    Precision,
    Profile,
    Progress,
    Rejected,
)
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.mail_boxes import Box, Form, boxes, file_form, form, raw_messages
from relationdesk.sources.mail_headers import Headers, split
from relationdesk.sources.mail_message import PLACE, message
from relationdesk.sources.mail_owner import LOOKED_AT, is_sent_folder, own_addresses, owner

_PROGRESS_STEP = 1024 * 1024
_LOOKED_BYTES = 32 * 1024 * 1024
_REMEMBERED = 50_000
"""Profiles and answers remembered, so that the same Profile is not told for each mail and threads join; bounds memory."""


class MailFiles:
    """A `FileSource`. Whose mailbox it is: what the user says, else what the file says if that is certain."""

    name = "mail_files"
    title = "Mailbox"
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            found = form(path)
            if found is None:
                return None
            whose = owner(_heads(path))
        except OSError:
            return None
        weak = found is Form.MAIL and path.suffix.lower() in (".eml", ".emlx") and not _has_head(path)
        certainty = 0.3 if weak else 0.8 if found in (Form.MAIL, Form.FOLDER) else 0.95
        return Recognised(format=self.name, title=found.value, place=self.place, certainty=certainty, owner=whose)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Owner first, then each mail with its Profiles, then what was left out, then Coverage."""
        try:
            if form(path) is None:
                raise UnreadableFile(_no_mail(path), source=self.name)
            mine = own_addresses(options.me) | options.mine or own_addresses(owner(_heads(path)))
            yield from _Reading(mine, _total(path), datetime.now(UTC)).facts(path)
        except OSError as error:
            raise UnreadableFile(
                f"“{path.name}” could not be read. Nothing in your desk was lost. Check that it is still there and that "
                "you may open it, then choose it again.",
                source=self.name,
            ) from error


class _Reading:
    """What one pass over a mailbox remembers."""

    def __init__(self, mine: frozenset[str], total: int, now: datetime) -> None:
        self.mine, self.total, self.now = mine, total, now
        self.told: set[int] = set()  # hashes: a tenth of the memory of the profiles
        self.done = self.shown = 0  # bytes
        self.threads: dict[str, str] = {}
        self.left_out = 0
        self.mails = 0
        self.dates: list[datetime] = []  # oldest and newest

    def facts(self, path: Path) -> Iterator[Fact | Progress]:
        for own in _owner_profiles(self.mine):
            self.told.add(hash(own))
            yield own
        for box in boxes(path):
            try:
                yield from self._box(box, alone=box.path == path)
                self.done += _size(box)
            except OSError:
                if box.path == path:
                    raise
                yield Rejected(where=box.name, reason="This file could not be opened; the others were read.")
        if not self.mails:
            raise UnreadableFile(_no_mail(path), source=MailFiles.name)
        if self.left_out:
            yield Rejected(where=path.name, reason=_left_out(self.left_out))
        if self.dates:
            yield Coverage(place=PLACE, since=self.dates[0], until=self.dates[1])
        yield Progress(done=self.total, total=self.total)

    def _box(self, box: Box, *, alone: bool) -> Iterator[Fact | Progress]:
        if not alone and file_form(box.path) is None:
            return
        for where, position, raw in raw_messages(box):
            yield from self._mail(raw, where)
            if self.done + position - self.shown >= _PROGRESS_STEP:
                self.shown = self.done + position
                yield Progress(done=self.shown, total=self.total)

    def _mail(self, raw: bytes, where: str) -> Iterator[Fact]:
        self.mails += 1
        facts = message(raw, where, self.mine, now=self.now)
        self.left_out += not facts
        for fact in facts:
            if isinstance(fact, Profile):
                if hash(fact) in self.told:
                    continue
                if len(self.told) < _REMEMBERED:
                    self.told.add(hash(fact))
                yield fact
            elif isinstance(fact, Activity):
                yield self._joined(fact)
            else:
                yield fact

    def _joined(self, activity: Activity) -> Activity:
        """With the thread of what it answers, if that was read before and named its own beginning."""
        if activity.published is not None and activity.precision is not Precision.UNKNOWN:
            known = [*self.dates, activity.published]
            self.dates = [min(known), max(known)]
        thread = self.threads.get(activity.thread, activity.thread)
        if thread != activity.key.native_id and len(self.threads) < _REMEMBERED:
            self.threads[activity.key.native_id] = thread
        return activity if thread == activity.thread else replace(activity, thread=thread)


def _no_mail(path: Path) -> str:
    return (
        f"“{path.name}” holds no mail that can be read. Nothing was changed. Choose an mbox file, a mail (.eml) "
        "or a folder of mails."
    )


def _left_out(count: int) -> str:
    if count == 1:
        return "One mail of a list, an automatic sender, the drafts or the trash was left out."
    return f"{count:,} mails of lists, automatic senders, drafts and trash were left out."


def _owner_profiles(mine: frozenset[str]) -> Iterator[Profile]:
    for address in sorted(mine):
        own = Address(kind=AddressKind.MAIL, value=address, vouched=True)
        yield Profile(key=Key(PLACE, address), handle=address, addresses=(own,), is_owner=True)


def _heads(path: Path) -> Iterator[tuple[Headers, bool]]:
    """The headers of the first mails, and whether they lie in a folder of sent mail."""
    count = size = 0
    for box in boxes(path):
        sent = is_sent_folder(_folder(path, box))
        for _, _, raw in raw_messages(box):
            yield split(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))[0], sent
            count, size = count + 1, size + len(raw)
            if count >= LOOKED_AT or size >= _LOOKED_BYTES:
                return


def _folder(path: Path, box: Box) -> str:
    return path.name if box.path == path else f"{path.name}/{box.name}"


def _has_head(path: Path) -> bool:
    return any(headers.values for headers, _ in _heads(path))


def _total(path: Path) -> int:
    return sum(_size(box) for box in boxes(path))


def _size(box: Box) -> int:
    try:
        return box.path.stat().st_size
    except OSError:
        return 0
