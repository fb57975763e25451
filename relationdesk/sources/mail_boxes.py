"""Where mails lie in what the user dropped: an mbox, a single mail, a folder of mails, a Maildir, an Apple mailbox.

Everything is recognised by its content; names decide only between forms that hold the same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from relationdesk.sources.mail_headers import split
from relationdesk.sources.mbox import MAX_MESSAGE, is_separator, messages

_HEAD = 64 * 1024
_MAX_FILES = 500_000
_MAX_DEPTH = 12
_LETTERS = frozenset({".eml", ".emlx"})
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
    """One file that holds mail. name: path within what was dropped, with "/"."""

    path: Path
    name: str
    is_mbox: bool


def file_form(path: Path) -> Form | None:
    """MBOX, MAIL or None, told from the first bytes. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return _form_of(_without_count(head, path), path.suffix.lower())


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
    """What a file or folder is, None if there is no mail in it. Raises OSError."""
    if not path.is_dir():
        return file_form(path)
    if (path / "mbox").is_file() and file_form(path / "mbox") is Form.MBOX:
        return Form.APPLE
    for number, box in enumerate(boxes(path)):
        found = file_form(box.path)
        if found is not None:
            return Form.MAILDIR if box.path.parent.name in ("cur", "new") else Form.MBOX if box.is_mbox else Form.FOLDER
        if number >= 20:
            break
    return None


def boxes(path: Path) -> Iterator[Box]:
    """Every file with mail in it, folders and names in order. Links are not followed; drafts and trash are left out."""
    if not path.is_dir():
        yield Box(path=path, name=path.name, is_mbox=file_form(path) is Form.MBOX)
        return
    count = 0
    for folder, subfolders, names in os.walk(path):
        here = Path(folder)
        depth = len(here.relative_to(path).parts)
        subfolders[:] = sorted(name for name in subfolders if depth < _MAX_DEPTH and not (here / name).is_symlink())
        for name in sorted(names):
            kind = _kind(here, name)
            count += kind is not None
            if count > _MAX_FILES:
                return
            if kind is not None and not (here / name).is_symlink():
                file = here / name
                yield Box(path=file, name=file.relative_to(path).as_posix(), is_mbox=kind)


def _kind(folder: Path, name: str) -> bool | None:
    """True: an mbox, False: one mail, None: neither. Thunderbird's mailboxes have no ending but an index beside them."""
    if name.startswith("._") or name == ".DS_Store":
        return None
    if folder.name in ("cur", "new"):
        flags = re.search(r"[:;!]2,([A-Za-z]*)$", name)
        return None if flags and set(flags[1]) & {"T", "D"} else False
    suffix = Path(name).suffix.lower()
    if suffix in _LETTERS:
        return False
    if name == "mbox" or suffix == ".mbox" or (not suffix and (folder / f"{name}.msf").exists()):
        return True
    return None


def raw_messages(box: Box) -> Iterator[tuple[str, int, bytes]]:
    """(where, bytes read so far, raw message) for each mail of a file. Raises OSError."""
    with box.path.open("rb") as stream:
        if box.is_mbox:
            for offset, raw in messages(stream):
                yield f"{box.name}, byte {offset}", offset, raw
        else:
            raw = stream.read(MAX_MESSAGE)
            yield box.name, 0, _without_count(raw, box.path)


def _without_count(raw: bytes, path: Path) -> bytes:
    """Apple's .emlx begins with the length of the mail on a line of its own; what follows the mail is its property list."""
    if path.suffix.lower() != ".emlx":
        return raw
    found = re.match(rb"\s{0,20}(\d{1,12})[ \t]{0,50}\r?\n", raw)
    return raw[found.end() : found.end() + int(found[1])] if found else raw
