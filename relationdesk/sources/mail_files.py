"""Mail from files: mbox, single mails, folders of them, Maildir, Apple Mail. Streams; one mail in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from relationdesk.errors import UnreadableFile
from relationdesk.model import Coverage, Fact, Progress, Rejected
from relationdesk.saying import marked, say
from relationdesk.sources.base import Options, Recognised
from relationdesk.sources.mail_boxes import Box, Form, boxes, form, form_of, raw_messages
from relationdesk.sources.mail_headers import Headers, split
from relationdesk.sources.mail_message import PLACE, Noise
from relationdesk.sources.mail_owner import LOOKED_AT, is_sent_folder, own_addresses, owner
from relationdesk.sources.mail_pass import MailPass, left_out

_PROGRESS_STEP = 1024 * 1024
_LOOKED_BYTES = 32 * 1024 * 1024


class MailFiles:
    """A `FileSource`. Whose mailbox it is: what the user says, else what the file says if that is certain, besides what
    the desk knows: a second mailbox of the same owner has another address."""

    name = "mail_files"
    title = marked("Mailbox")
    place = PLACE

    def recognise(self, path: Path) -> Recognised | None:
        try:
            found = form(path)
            if found is None:
                return None
            whose = _owner(path)
        except (OSError, UnreadableFile):
            return None
        weak = found is Form.MAIL and path.suffix.lower() in (".eml", ".emlx", ".msg") and not _has_head(path)
        certainty = 0.3 if weak else 0.8 if found in (Form.MAIL, Form.FOLDER) else 0.95
        return Recognised(format=self.name, title=found.value, place=self.place, certainty=certainty, owner=whose)

    def read(self, path: Path, options: Options) -> Iterator[Fact | Progress]:
        """Owner first, then each mail with its Profiles, then what was left out, then Coverage."""
        try:
            if form(path) is None:
                raise UnreadableFile(_no_mail(path), source=self.name)
            said = own_addresses(options.me)
            mine = options.mine | (said or own_addresses(owner(_heads(path))))
            yield from _Reading(mine, _total(path), datetime.now(UTC)).facts(path)
        except OSError as error:
            raise UnreadableFile(
                say("“{name}” could not be read. Nothing in your desk was lost. Check that it is still there and that you may open it, then choose it again.", name=path.name),
                source=self.name,
            ) from error


class _Reading:
    """What one pass over a mailbox remembers."""

    def __init__(self, mine: frozenset[str], total: int, now: datetime) -> None:
        self.one = MailPass(mine, now)
        self.total = total
        self.done = self.shown = 0  # bytes

    def facts(self, path: Path) -> Iterator[Fact | Progress]:
        yield from self.one.owner()
        folders = 0
        for box in boxes(path):
            if box.left_out and box.in_maildir:
                self.one.noise[Noise.UNWANTED] += 1
                continue
            if box.left_out:
                folders += 1
                yield Rejected(where=box.name, reason=say(_FOLDER_LEFT_OUT))
                continue
            try:
                yield from self._box(box)
                self.done += box.size
            except (OSError, UnreadableFile) as error:
                if box.alone:
                    raise
                said = f" {error}" if isinstance(error, UnreadableFile) else ""
                yield Rejected(where=box.name, reason=say("This file could not be read to its end; the others were read.{said}", said=said))
        if not self.one.mails and not folders:
            raise UnreadableFile(_no_mail(path), source=MailFiles.name)
        if self.one.noise:
            yield Rejected(where=path.name, reason=left_out(self.one.noise))
        if self.one.dates:
            yield Coverage(place=PLACE, since=self.one.dates[0], until=self.one.dates[1])
        yield Progress(done=self.total, total=self.total)

    def _box(self, box: Box) -> Iterator[Fact | Progress]:
        if not box.alone and form_of(box) is None:
            if box.size:
                yield Rejected(where=box.name, reason=say("There is no mail in this file; it was left out."))
            return
        for where, position, raw in raw_messages(box):
            yield from self.one.mail(raw, where)
            if self.done + position - self.shown >= _PROGRESS_STEP:
                self.shown = self.done + position
                yield Progress(done=self.shown, total=self.total)


def _no_mail(path: Path) -> str:
    return (
        say("“{name}” holds no mail that can be read. Nothing was changed. Choose an mbox file, a mail (.eml) or a folder of mails.", name=path.name)
    )


_FOLDER_LEFT_OUT = marked("A folder of drafts, deleted mail or spam was left out. Choose it by itself to bring it in.")


def _heads(path: Path) -> Iterator[tuple[Headers, bool]]:
    """The headers of the first mails, and whether they lie in a folder of sent mail."""
    count = size = 0
    for box in boxes(path):
        if box.left_out:
            continue
        sent = is_sent_folder(path.name if box.alone else f"{path.name}/{box.name}")
        try:
            for _, _, raw in raw_messages(box):
                yield split(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))[0], sent
                count, size = count + 1, size + len(raw)
                if count >= LOOKED_AT or size >= _LOOKED_BYTES:
                    return
        except UnreadableFile:
            if box.alone:
                raise


def _owner(path: Path) -> str:
    """"" also where no mail can be read: `read` says why."""
    try:
        return owner(_heads(path))
    except UnreadableFile:
        return ""


def _has_head(path: Path) -> bool:
    try:
        return any(headers.values for headers, _ in _heads(path))
    except UnreadableFile:
        return False


def _total(path: Path) -> int:
    return sum(box.size for box in boxes(path) if not box.left_out)
