"""One way to look into what the user dropped: a folder, a zip, a .tar.gz, a workbook, one file, or several of one export (`together`).

Nothing is ever unpacked to disk.

Everything in it is untrusted. Names that lead out of the container are ignored; encrypted, damaged and
bomb-like zips are refused with one sentence; members are read in place, as streams, and every byte is counted.
"""

from __future__ import annotations

import gzip
import io
import itertools
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from relationdesk.errors import UnreadableFile
from relationdesk.sources.member_names import safe_name
from relationdesk.sources.together import volumes
from relationdesk.sources.workbook import MOST_TEXT, is_workbook, open_sheet, sheets_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_CHUNK = 256 * 1024
_LARGEST_READ = 16 * 1024 * 1024
_STEP = 32 * 1024
"""Bytes asked of a zip at a time: damage costs the step it lies in, so small steps keep what stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a container is believed. Bytes; ratio is unpacked to packed.

    Deflate reaches 1032:1 on zeros, real exports stay below 60:1; small ones may exceed the ratio, they cannot hurt.
    """

    members: int = 200_000
    member_bytes: int = 16 * 1024**3
    total_bytes: int = 200 * 1024**3
    ratio: int = 250
    ratio_floor: int = 64 * 1024**2
    depth: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    size: int
    open: Callable[[], IO[bytes] | io.RawIOBase]
    crc: int | None = None
    file: str = ""  # which of several files it lies in
    most: int = 0  # bytes it may have, 0 for no more than its size


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
        except _BROKEN as error:
            raise UnreadableFile(
                f"{self._label} is damaged or incomplete; what was read before the damage is kept. "
                "Download the file again."
            ) from error
        self._done += len(data)
        if self._done > self._limit:
            raise UnreadableFile(f"{self._label} is larger than it says; the rest of it was not read.")
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class Container:
    """Members by their normalised names: '/' between folders, NFC, a common top folder taken off.

    `names()` is sorted and holds regular files only; `open` gives a buffered binary stream whose `tell()` counts
    bytes. A member that turns out to be damaged raises UnreadableFile while it is read.
    """

    def __init__(self, path: Path, members: dict[str, _Member], *, single: bool = False) -> None:
        self.path = path
        self.single = single
        self.top, self._members = ("", members) if single else _without_top(members)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._members))

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Bytes of a member once unpacked, as the container declares it. Raises KeyError for an unknown name."""
        return self._members[name].size

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
                f"{label} is packed in a way that cannot be read here, and was left out. Unpack the file with another "
                "program and choose the folder."
            ) from error
        except _BROKEN as error:
            raise UnreadableFile(f"{label} is damaged and was left out. Download the file again.") from error
        return io.BufferedReader(_Guarded(inner, label, member.most or max(member.size, 0)), _CHUNK)


@contextmanager
def open_container(path: Path, limits: Limits = Limits()) -> Iterator[Container]:
    """The container at `path`. Raises UnreadableFile: not there, not readable, damaged, encrypted, or over a limit."""
    with ExitStack() as stack:
        try:
            files = volumes(path)
            members, single = _members_of(path, limits, stack) if len(files) == 1 else (_merged(path, files, limits, stack), False)
        except PermissionError as error:
            raise UnreadableFile(
                f"“{Path(str(error.filename or path)).name}” may not be read by you. Nothing was changed. Change its rights, or copy it."
            ) from error
        except OSError as error:
            raise UnreadableFile(
                f"“{Path(str(error.filename or path)).name}” could not be read ({error.strerror}). Nothing was changed. Check it and choose it again."
            ) from error
        yield Container(path, members, single=single)


def _merged(path: Path, files: tuple[Path, ...], limits: Limits, stack: ExitStack) -> dict[str, _Member]:
    """The members of all files of an export; the limits hold for all of them together.

    A member that lies in two of them is there once if it is the same to the byte, else both are: the second with a " (2)".
    """
    members: dict[str, _Member] = {}
    for file in files:
        inside, _ = _members_of(file, limits, stack)
        for name, member in _without_own_top(file, inside).items():
            twin = members.get(name)
            if twin is not None and member.crc is not None and (twin.size, twin.crc) == (member.size, member.crc):
                continue
            members[_free(name, members)] = replace(member, file=file.name)
        if len(members) > limits.members or sum(member.size for member in members.values()) > limits.total_bytes:
            raise _too_much(path)
    return members


def _without_own_top(file: Path, members: dict[str, _Member]) -> dict[str, _Member]:
    """Where every file of an export was packed as a folder of its own name, these folders are no part of it."""
    top = f"{file.name.partition('.')[0]}/"
    if not members or not all(name.startswith(top) for name in members):
        return members
    return {name.removeprefix(top): member for name, member in members.items()}


def _free(name: str, members: dict[str, _Member]) -> str:
    """The name, or with " (2)", " (3)" before its ending as file managers do it."""
    path, number, free = PurePosixPath(name), 1, name
    while free in members:
        number += 1
        free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return free


def _members_of(path: Path, limits: Limits, stack: ExitStack) -> tuple[dict[str, _Member], bool]:
    """What lies in it by its name, and whether it is a single file."""
    if path.is_dir():
        return _folder_members(path, limits), False
    if not path.exists():
        raise UnreadableFile(f"“{path.name}” is not there any more. Nothing was changed. Choose the file again.")
    if not path.is_file():
        raise UnreadableFile(f"“{path.name}” is no file but a device. Nothing was changed. Choose a file or a folder.")
    if _first_bytes(path, 2) == b"\x1f\x8b":
        unpacked = stack.enter_context(_Sober(path))
        return _tar_members(path, stack.enter_context(_open_tar(path, unpacked)), limits), False
    if _first_bytes(path, 4) not in _ZIP_STARTS:
        return {path.name: _Member(size=path.stat().st_size, open=_opener(path))}, True
    archive = stack.enter_context(_open_zip(path))
    members = _zip_members(path, archive, limits)
    if not is_workbook(members):
        return members, False
    sheets = {sheet.name: _Member(size=sheet.size, most=MOST_TEXT, open=partial(open_sheet, path, sheet.title)) for sheet in sheets_of(path, archive)}
    return (dict(zip((path.name,), sheets.values(), strict=True)), True) if len(sheets) == 1 else (sheets, False)


def _without_top(members: dict[str, _Member]) -> tuple[str, dict[str, _Member]]:
    """Take off the folders that all members share, so that a re-zipped folder reads like the original."""
    tops: list[str] = []
    while members and len(tops) < 3:
        first = {name.partition("/")[0] for name in members}
        if len(first) != 1 or any("/" not in name for name in members):
            break
        tops += first
        members = {name.partition("/")[2]: member for name, member in members.items()}
    return "/".join(tops), members


def _folder_members(path: Path, limits: Limits) -> dict[str, _Member]:
    members: dict[str, _Member] = {}
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
                    f"The folder “{path.name}” holds more than {limits.members} files, so it is not an export. "
                    "Nothing was changed. Choose the folder of the export itself."
                )
            file = here / name
            inside = safe_name(file.relative_to(path).as_posix())
            # A link could lead anywhere on this computer, and an export has none.
            if inside and not file.is_symlink() and file.is_file():
                members[inside] = _Member(size=file.stat().st_size, open=_opener(file))
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
    except _BROKEN as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        f"“{path.name}” is damaged or was not downloaded completely. Nothing was brought in. Download it again."
    )


def _zip_members(path: Path, archive: zipfile.ZipFile, limits: Limits) -> dict[str, _Member]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableFile(
            f"“{path.name}” is protected by a password. Nothing was brought in. "
            "Unpack it with the password and choose the folder."
        )
    _refuse_bombs(path, infos, limits)
    members: dict[str, _Member] = {}
    for info in infos:
        name = safe_name(_true_name(info))
        if name:
            members[name] = _Member(size=info.file_size, open=_zip_opener(archive, info), crc=info.CRC)
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


def _refuse_bombs(path: Path, infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    """zipfile never hands out more than the declared size, so the declared sizes can be judged beforehand."""
    unpacked = sum(info.file_size for info in infos)
    packed = max(1, path.stat().st_size)
    spans = sorted((info.header_offset, info.header_offset + info.compress_size) for info in infos)
    overlap = any(end > start for (_, end), (start, _) in itertools.pairwise(spans))
    too_much = (
        len(infos) > limits.members
        or unpacked > limits.total_bytes
        or any(info.file_size > limits.member_bytes for info in infos)
        or (unpacked > limits.ratio_floor and unpacked > limits.ratio * packed)
    )
    if overlap or too_much:
        raise _too_much(path)


def _too_much(path: Path) -> UnreadableFile:
    return UnreadableFile(
        f"“{path.name}” would unpack to far more than an export holds, so it was not opened. "
        "Nothing was brought in. Download it again from where it came."
    )


class _Sober(gzip.GzipFile):
    """tarfile reads a header's extension at one go, however many gigabytes it claims to be; this refuses."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _LARGEST_READ:
            raise OSError("a single read of this size is not a header")
        return super().read(size)


def _open_tar(path: Path, unpacked: _Sober) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=unpacked, mode="r:")
    except _BROKEN as error:
        raise _damaged(path) from error


def _tar_members(path: Path, archive: tarfile.TarFile, limits: Limits) -> dict[str, _Member]:
    """A tar has no directory: each header is judged before what it announces is unpacked to reach the next one."""
    members: dict[str, _Member] = {}
    unpacked, packed = 0, max(1, path.stat().st_size)
    try:
        for number, info in enumerate(archive, start=1):
            if info.size < 0:
                raise _damaged(path)
            unpacked += info.size
            bomb = unpacked > limits.ratio_floor and unpacked > limits.ratio * packed
            if bomb or number > limits.members or info.size > limits.member_bytes or unpacked > limits.total_bytes:
                raise _too_much(path)
            name = safe_name(info.name) if info.isreg() and not info.issparse() else ""
            if name:
                members[name] = _Member(size=info.size, open=_tar_opener(archive, info))
    except _BROKEN as error:
        raise _damaged(path) from error
    return members


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def open_member() -> IO[bytes]:
        stream = archive.extractfile(info)
        if stream is None:
            raise tarfile.ExtractError(info.name)
        return stream

    return open_member
