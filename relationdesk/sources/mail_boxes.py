"""Where mails lie in what the user dropped: an mbox, a single mail, a folder of mails, a Maildir, an Apple mailbox, or a
zip or .tar.gz of any of these (a Takeout).

Everything is recognised by its content; names decide only between forms that hold the same bytes, and name the folders
of deleted mail, drafts and spam, which are left out unless they were dropped themselves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from relationdesk.errors import UnreadableFile
from relationdesk.saying import say
from relationdesk.sources.compound_file import MAGIC
from relationdesk.sources.container import open_container
from relationdesk.sources.mail_headers import split
from relationdesk.sources.mail_words import LEFT_OUT, folder_words
from relationdesk.sources.mapi_mail import is_mail, raw_mail
from relationdesk.sources.mbox import MAX_MESSAGE, is_separator, messages
from relationdesk.sources.outlook_message import MOST, is_message, message
from relationdesk.sources.pst_pages import Damaged
from relationdesk.sources.together import volumes
from relationdesk.text import one_line

_HEAD = 64 * 1024
_PEEK = 4096
_MAX_FILES = 500_000
_MAX_DEPTH = 12
_LETTERS = frozenset({".eml", ".emlx", ".msg"})
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")
_KNOWN = frozenset(
    "from to cc date subject message-id received return-path delivered-to mime-version reply-to sender x-mailer "
    "in-reply-to references content-type".split()
)
_TELLING = frozenset({"from", "received", "return-path", "message-id", "subject", "delivered-to"})


class Form(StrEnum):
    """What lies there, in words for the user."""

    MBOX = "Mailbox (mbox)"
    APPLE = "Mailbox (Apple Mail)"
    MAIL = "Mail message"
    FOLDER = "Folder of mail messages"
    MAILDIR = "Maildir"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One file that holds mail, or (left_out) a folder of what is not wanted; in a Maildir a mail that is marked as deleted or a draft. name: its
    path within what was dropped, with "/". size: bytes. alone: it is what was dropped."""

    name: str
    size: int = 0
    open: Callable[[], BinaryIO]
    is_mbox: bool = False
    in_maildir: bool = False
    left_out: bool = False
    alone: bool = False

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


def form_of(box: Box) -> Form | None:
    """MBOX, MAIL or None, told from the first bytes. Raises OSError, UnreadableFile."""
    with box.open() as stream:
        head = stream.read(_HEAD)
        if is_message(stream, head):
            return Form.MAIL
    return _form_of(_without_count(head, box.suffix), box.suffix)


def _form_of(head: bytes, suffix: str) -> Form | None:
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if is_separator(head[:2000]) and suffix not in _LETTERS:
        return Form.MBOX
    names = set(split(head)[0].values)
    if b"\0" in head[:200] or not names:
        return Form.MAIL if suffix in _LETTERS and head.strip(b"\0\r\n\t ") and b"\0" not in head[:200] else None
    enough = 1 if suffix in _LETTERS else 2
    return Form.MAIL if len(names & _KNOWN) >= enough and names & _TELLING else None


def form(path: Path) -> Form | None:
    """What was dropped, None if there is no mail in it. Raises OSError."""
    apple = path.is_dir() and (path / "mbox").is_file()
    for number, box in enumerate(box for box in boxes(path) if not box.left_out):
        found = form_of(box)
        if box.alone:
            return found
        if found is not None:
            return Form.MAILDIR if box.in_maildir else _form_of_many(apple, box.is_mbox)
        if number >= 20:
            break
    return None


def _form_of_many(apple: bool, is_mbox: bool) -> Form:
    if is_mbox:
        return Form.APPLE if apple else Form.MBOX
    return Form.FOLDER


def boxes(path: Path) -> Iterator[Box]:
    """Every file with mail in it, folders and names in order. Raises OSError; nothing in what cannot be unpacked."""
    if len(volumes(path)) > 1:
        yield from _in_container(path)
        return
    if path.is_dir():
        yield from _in_folder(path)
        return
    with path.open("rb") as stream:
        packed = stream.read(4).startswith(_PACKED)
    if packed:
        yield from _in_container(path)
    else:
        alone = Box(name=path.name, size=path.stat().st_size, open=_opener(path), alone=True)
        yield Box(name=path.name, size=alone.size, open=alone.open, alone=True, is_mbox=form_of(alone) is Form.MBOX)


def _in_folder(path: Path) -> Iterator[Box]:
    """Links are not followed."""
    count = 0
    for folder, subfolders, names in os.walk(path):
        here = Path(folder)
        inside = here.relative_to(path).as_posix()
        if inside != "." and _is_left_out(here.name):
            subfolders.clear()
            yield Box(name=inside, open=_opener(here), left_out=True)
            continue
        depth = len(here.relative_to(path).parts)
        subfolders[:] = sorted(name for name in subfolders if depth < _MAX_DEPTH and not (here / name).is_symlink())
        known = frozenset(names)
        parent = path.name if inside == "." else here.name
        for name in sorted(names):
            file = here / name
            if (kind := _kind(parent, name, known)) is None or file.is_symlink():
                continue
            count += 1
            if count > _MAX_FILES:
                return
            yield from _box(file.relative_to(path).as_posix(), kind, _opener(file), file.stat().st_size)


def _in_container(path: Path) -> Iterator[Box]:
    try:
        with open_container(path) as container:
            names = frozenset(container.names())
            told: set[str] = set()
            for name in container.names():
                parts = PurePosixPath(name).parts
                out = next((number for number, part in enumerate(parts[:-1], start=1) if _is_left_out(part)), 0)
                if out:
                    if (folder := "/".join(parts[:out])) not in told:
                        told.add(folder)
                        yield Box(name=folder, open=lambda name=name: container.open(name), left_out=True)  # type: ignore[misc]
                    continue
                index = frozenset({f"{parts[-1]}.msf"} if f"{name}.msf" in names else ())
                kind = _kind(parts[-2] if len(parts) > 1 else "", parts[-1], index)
                if kind is not None:
                    yield from _box(name, kind, lambda name=name: container.open(name), container.size(name))  # type: ignore[misc]
    except UnreadableFile:  # encrypted, damaged, a bomb: whoever opens it for the user says so
        return


class _Kind(StrEnum):
    MBOX = "mbox"
    LETTER = "letter"
    IN_MAILDIR = "in a Maildir"
    MARKED = "in a Maildir, deleted or a draft"
    PERHAPS = "perhaps"  # an mbox if its first bytes say so


def _kind(folder: str, name: str, beside: frozenset[str]) -> _Kind | None:
    """What a name promises. Thunderbird's mailboxes have no ending, but often an index beside them."""
    if name.startswith("._") or name == ".DS_Store":
        return None
    if folder in ("cur", "new"):
        flags = re.search(r"[:;!]2,([A-Za-z]*)$", name)
        return _Kind.MARKED if flags and set(flags[1]) & {"T", "D"} else _Kind.IN_MAILDIR
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _LETTERS:
        return _Kind.LETTER
    if name == "mbox" or suffix == ".mbox" or (not suffix and f"{name}.msf" in beside):
        return _Kind.MBOX
    return None if suffix or name.startswith(".") else _Kind.PERHAPS


def _box(name: str, kind: _Kind, opener: Callable[[], BinaryIO], size: int) -> Iterator[Box]:
    if kind is _Kind.PERHAPS:
        try:
            with opener() as stream:
                sure = is_separator(stream.read(_PEEK).removeprefix(b"\xef\xbb\xbf"))
        except (OSError, UnreadableFile):
            return
        if not sure:
            return
    is_mbox = kind in (_Kind.MBOX, _Kind.PERHAPS)
    out = kind is _Kind.MARKED or (is_mbox and _is_left_out(PurePosixPath(name).name))
    yield Box(name=name, size=size, open=opener, is_mbox=is_mbox, in_maildir=kind in (_Kind.IN_MAILDIR, _Kind.MARKED), left_out=out)


def _is_left_out(folder: str) -> bool:
    return folder_words(folder) in LEFT_OUT


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def raw_messages(box: Box) -> Iterator[tuple[str, int, bytes]]:
    """(where, bytes read so far, raw message) for each mail of a file. Raises OSError, UnreadableFile."""
    with box.open() as stream:
        if box.is_mbox:
            for offset, raw in messages(stream):
                yield f"{box.name}, byte {offset}", offset, raw
        else:
            head = stream.read(len(MAGIC))
            raw = _saved_by_outlook(box, head + stream.read(MOST)) if head == MAGIC else head + stream.read(MAX_MESSAGE - len(head))
            yield box.name, 0, _without_count(raw, box.suffix)


def _saved_by_outlook(box: Box, data: bytes) -> bytes:
    """The mail in a .msg. Raises UnreadableFile for one that is damaged, and for what is no mail."""
    name = PurePosixPath(box.name).name
    try:
        item = message(data)
    except Damaged as e:
        raise UnreadableFile(say("“{name}” cannot be read. {reason} Nothing was brought in from it. Save it again in Outlook.", name=name, reason=e)) from e
    if not is_mail(item.kind):
        better = say("Save it as iCalendar (.ics).") if "appointment" in item.kind else say("Save it as a vCard.") if "contact" in item.kind else ""
        told = say("“{name}” is no mail but another thing of Outlook's ({kind}). Nothing was brought in from it.", name=name, kind=one_line(item.kind, 60) or say("unnamed"))
        raise UnreadableFile(f"{told} {better}".rstrip())
    return raw_mail(item)


def _without_count(raw: bytes, suffix: str) -> bytes:
    """Apple's .emlx begins with the length of the mail on a line of its own; what follows the mail is its property list."""
    if suffix != ".emlx":
        return raw
    found = re.match(rb"\s{0,20}(\d{1,12})[ \t]{0,50}\r?\n", raw)
    return raw[found.end() : found.end() + int(found[1])] if found else raw
