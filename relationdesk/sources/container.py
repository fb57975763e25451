"""One way to look into what the user dropped: a folder, a zip, a .tar.gz or .tar, a workbook, one file, or several of one export (`together`).

Nothing is ever unpacked to disk.

Everything in it is untrusted. Names that lead out of the container are ignored; encrypted, damaged and
bomb-like zips are refused with one sentence; members are read in place, as streams, and every byte is counted.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple

from relationdesk.errors import UnreadableFile
from relationdesk.saying import say
from relationdesk.sources.container_members import BROKEN, Limits, Member, damaged, refuse_bombs, too_much
from relationdesk.sources.container_tar import open_tar, tar_members, unpacked
from relationdesk.sources.member_names import safe_name
from relationdesk.sources.together import volumes
from relationdesk.sources.workbook import (
    MOST_TEXT,
    Book,
    Merged,
    book_at,
    days_from,
    is_workbook,
    merged_in,
    open_sheet,
    sheets_of,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_CHUNK = 256 * 1024
MOST_BOOKS = 50
"""Workbooks of one export."""
_STEP = 32 * 1024
"""Bytes asked of a zip at a time: damage costs the step it lies in, so small steps keep what stands before it."""


class _Guarded(io.RawIOBase):
    """Reads a member, counts, stops at its declared size, and says in our words when it is damaged."""

    def __init__(self, inner: IO[bytes] | io.RawIOBase, label: str, limit: int) -> None:
        super().__init__()
        self._inner = inner
        self._label = label
        self._limit = limit
        self._done = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._done

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(min(len(view), _STEP))
        except BROKEN as error:
            raise UnreadableFile(
                say("{label} is damaged or incomplete; what was read before the damage is kept. Download the file again.", label=self._label)
            ) from error
        self._done += len(data)
        if self._done > self._limit:
            raise UnreadableFile(say("{label} is larger than it says; the rest of it was not read.", label=self._label))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class Container:
    """Members by their normalised names: '/' between folders, NFC, a common top folder taken off.

    `names()` is sorted and holds regular files only; `open` gives a buffered binary stream whose `tell()` counts
    bytes. A member that turns out to be damaged raises UnreadableFile while it is read. single: it is one file; book: a workbook of
    several sheets, which nobody can choose one by one.
    """

    def __init__(self, path: Path, members: dict[str, Member], *, single: bool = False, book: bool = False) -> None:
        self.path = path
        self.single, self.book = single, book
        self.top, self._members = ("", members) if single else _without_top(members)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._members))

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Bytes of a member once unpacked, as the container declares it. Raises KeyError for an unknown name."""
        return self._members[name].size

    def days_from(self, name: str) -> int:
        """From when the numbers of days in a member are counted, 1900 or 1904; 0 where nothing tells. Raises KeyError for an unknown name."""
        return self._members[name].days_from

    def merged(self, name: str) -> Merged:
        """The cells of a sheet that were merged downwards, {} for anything else. Raises KeyError, and UnreadableFile for what is damaged."""
        found = self._members[name].merged
        return found() if found else {}

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a member, to look what it is; b"" if it cannot be read. Raises KeyError for an unknown name."""
        try:
            with self.open(name) as stream:
                return stream.read(size)
        except UnreadableFile:
            return b""

    def open(self, name: str) -> io.BufferedReader:
        """A stream over one member; close it. Raises KeyError, and UnreadableFile if it cannot be opened."""
        member = self._members[name]
        label = f"“{PurePosixPath(name).name}”" if self.single else f"“{name}” in “{member.file or self.path.name}”"
        try:
            inner = member.open()
        except NotImplementedError as error:
            raise UnreadableFile(
                say("{label} is packed in a way that cannot be read here, and was left out. Unpack the file with another program and choose the folder.", label=label)
            ) from error
        except BROKEN as error:
            raise UnreadableFile(say("{label} is damaged and was left out. Download the file again.", label=label)) from error
        return io.BufferedReader(_Guarded(inner, label, member.most or max(member.size, 0)), _CHUNK)


_USUAL = Limits()


class _Looks(NamedTuple):
    """What was looked into so far, and what has to be closed in the end."""

    found: dict[tuple[Path, ...], _Inside]
    stack: ExitStack


_LOOKS: ContextVar[_Looks | None] = ContextVar("_LOOKS", default=None)


@contextmanager
def looked_into_once() -> Iterator[None]:
    """While this lasts, in this thread, what a folder or archive holds is found out once, however many sources open it to say what it is."""
    with ExitStack() as stack:
        token = _LOOKS.set(_Looks({}, stack))
        try:
            yield
        finally:
            _LOOKS.reset(token)


@contextmanager
def open_container(path: Path, limits: Limits = _USUAL) -> Iterator[Container]:
    """The container at `path`. Raises UnreadableFile: not there, not readable, damaged, encrypted, or over a limit."""
    with ExitStack() as stack:
        try:
            files, looks = volumes(path), _LOOKS.get() if limits is _USUAL else None
            inside = looks.found.get(files) if looks else None
            if inside is None:
                kept = looks.stack if looks else stack
                inside = _members_of(path, limits, kept) if len(files) == 1 else _Inside(_merged(path, files, limits, kept))
            if looks:
                looks.found[files] = inside
        except PermissionError as error:
            raise UnreadableFile(
                say("“{name}” may not be read by you. Nothing was changed. Change its rights, or copy it.", name=Path(str(error.filename or path)).name)
            ) from error
        except OSError as error:
            raise UnreadableFile(
                say("“{name}” could not be read ({reason}). Nothing was changed. Check it and choose it again.", name=Path(str(error.filename or path)).name, reason=error.strerror)
            ) from error
        yield Container(path, inside.members, single=inside.single, book=inside.book)


def _merged(path: Path, files: tuple[Path, ...], limits: Limits, stack: ExitStack) -> dict[str, Member]:
    """The members of all files of an export; the limits hold for all of them together.

    A member that lies in two of them is there once if it is the same to the byte, else both are: the second with a " (2)".
    """
    members: dict[str, Member] = {}
    for file in files:
        for name, member in _without_own_top(file, _members_of(file, limits, stack).members).items():
            twin = members.get(name)
            if twin is not None and member.crc is not None and (twin.size, twin.crc) == (member.size, member.crc):
                continue
            members[_free(name, members)] = replace(member, file=file.name)
        if len(members) > limits.members or sum(member.size for member in members.values()) > limits.total_bytes:
            raise too_much(path)
    return members


def _without_own_top(file: Path, members: dict[str, Member]) -> dict[str, Member]:
    """Where every file of an export was packed as a folder of its own name, these folders are no part of it."""
    top = f"{file.name.partition('.')[0]}/"
    if not members or not all(name.startswith(top) for name in members):
        return members
    return {name.removeprefix(top): member for name, member in members.items()}


def _free(name: str, members: dict[str, Member]) -> str:
    """The name, or with " (2)", " (3)" before its ending as file managers do it."""
    path, number, free = PurePosixPath(name), 1, name
    while free in members:
        number += 1
        free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return free


class _Inside(NamedTuple):
    """As in `Container`."""

    members: dict[str, Member]
    single: bool = False
    book: bool = False


def refuse_device(path: Path) -> None:
    """Before it is opened: a pipe is waited at until somebody writes. Raises UnreadableFile."""
    if not path.is_file() and not path.is_dir():
        raise UnreadableFile(say("“{name}” is no file but a device. Nothing was changed. Choose a file or a folder.", name=path.name))


def _members_of(path: Path, limits: Limits, stack: ExitStack) -> _Inside:
    """What lies in it by its name, and what it is."""
    if path.is_dir():
        return _Inside(_with_sheets(path, _folder_members(path, limits)))
    if not path.exists():
        raise UnreadableFile(say("“{name}” is not there any more. Nothing was changed. Choose the file again.", name=path.name))
    refuse_device(path)
    head = _first_bytes(path, 512)
    if (tar := unpacked(path, head)) is not None:
        stack.enter_context(tar)
        return _Inside(_with_sheets(path, tar_members(path, stack.enter_context(open_tar(path, tar)), limits)))
    if head[:4] not in _ZIP_STARTS:
        return _Inside({path.name: Member(size=path.stat().st_size, open=_opener(path))}, single=True)
    archive = stack.enter_context(_open_zip(path))
    members = _zip_members(path, archive, limits)
    if not is_workbook(members):
        return _Inside(_with_sheets(path, members))
    sheets = _sheets(book_at(path))
    return _Inside(dict(zip((path.name,), sheets.values(), strict=True)), single=True) if len(sheets) == 1 else _Inside(sheets, book=True)


def _sheets(book: Book) -> dict[str, Member]:
    sheets = sheets_of(book)
    return {
        one.name: Member(
            size=one.size, most=MOST_TEXT, open=partial(open_sheet, book, one.title), merged=partial(merged_in, book, one.title), days_from=days_from(book)
        )
        for one in sheets
    }  # fmt: skip


def _with_sheets(path: Path, members: dict[str, Member]) -> dict[str, Member]:
    """Where a few workbooks are at least half of what there is, their sheets stand in their place: "deals.csv" for the only one of
    deals.xlsx, else "deals - Open.csv". Among other things (a drive, an archive of a mailbox) they are files like any other."""
    # Excel puts a file of this name beside a workbook that is open.
    members = {name: member for name, member in members.items() if not PurePosixPath(name).name.startswith("~$")}
    books = [name for name in members if PurePosixPath(name).suffix.lower() in (".xlsx", ".xlsm")]
    if not books or len(books) > MOST_BOOKS or len(books) * 2 < len(members):
        return members
    found = {name: member for name, member in members.items() if name not in books}
    for name in books:
        file = members[name].path
        sheets = _sheets(book_at(file) if file else book_at(path, name, members[name].open))
        stem = name[: -len(PurePosixPath(name).suffix)]
        for sheet, member in sheets.items():
            found[_free(f"{stem}.csv" if len(sheets) == 1 else f"{stem} - {sheet}", found)] = member
    return found


def _without_top(members: dict[str, Member]) -> tuple[str, dict[str, Member]]:
    """Take off the folders that all members share, so that a re-zipped folder reads like the original."""
    tops: list[str] = []
    while members and len(tops) < 3:
        first = {name.partition("/")[0] for name in members}
        if len(first) != 1 or any("/" not in name for name in members):
            break
        tops += first
        members = {name.partition("/")[2]: member for name, member in members.items()}
    return "/".join(tops), members


def _folder_members(path: Path, limits: Limits) -> dict[str, Member]:
    members: dict[str, Member] = {}
    seen = 0
    for folder, below, files in os.walk(path, followlinks=False):
        here = Path(folder)
        below.sort()
        if len(here.relative_to(path).parts) >= limits.depth:
            below.clear()
        for name in sorted(files):
            seen += 1
            if seen > limits.members:
                raise UnreadableFile(
                    say("The folder “{name}” holds more than {members} files, so it is not an export. Nothing was changed. Choose the folder of the export itself.", name=path.name, members=limits.members)
                )
            file = here / name
            inside = safe_name(file.relative_to(path).as_posix())
            # A link could lead anywhere on this computer, and an export has none.
            if inside and not file.is_symlink() and file.is_file():
                members[inside] = Member(size=file.stat().st_size, open=_opener(file), path=file)
    return members


def _opener(file: Path) -> Callable[[], IO[bytes]]:
    return lambda: file.open("rb")


def _first_bytes(path: Path, count: int) -> bytes:
    """A cut zip has its beginning but no directory, and must be called damaged, not "a text file"."""
    with path.open("rb") as stream:
        return stream.read(count)


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except PermissionError:
        raise
    except BROKEN as error:
        raise damaged(path) from error


def _zip_members(path: Path, archive: zipfile.ZipFile, limits: Limits) -> dict[str, Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableFile(
            say("“{name}” is protected by a password. Nothing was brought in. Unpack it with the password and choose the folder.", name=path.name)
        )
    refuse_bombs(path, path.stat().st_size, infos, limits)
    members: dict[str, Member] = {}
    for info in infos:
        name = safe_name(_true_name(info))
        if name:
            members[name] = Member(size=info.file_size, open=_zip_opener(archive, info), crc=info.CRC)
    return members


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def open_member() -> IO[bytes]:
        if info.compress_type not in _READABLE:
            raise NotImplementedError(f"compression {info.compress_type}")
        return archive.open(info)

    return open_member


def _true_name(info: zipfile.ZipInfo) -> str:
    """Without the UTF-8 flag zipfile decodes as cp437, but most programs wrote UTF-8 all the same."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
