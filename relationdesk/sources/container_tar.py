"""The members of a .tar.gz or .tar, which has no directory: reading it goes through all of it once."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from relationdesk.errors import UnreadableFile
from relationdesk.saying import say
from relationdesk.sources.container_members import BROKEN, Limits, Member, damaged, too_much
from relationdesk.sources.member_names import safe_name

_LARGEST_READ = 16 * 1024 * 1024
_BLOCK = 512


class _Packed(gzip.GzipFile):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(_sober(size))


class _Plain(io.FileIO):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(_sober(size)) or b""


def _sober(size: int | None) -> int:
    """tarfile reads a header's extension at one go, however many gigabytes it claims to be; this refuses."""
    if size is None or not 0 <= size <= _LARGEST_READ:
        raise OSError("a single read of this size is not a header")
    return size


def unpacked(path: Path, head: bytes) -> gzip.GzipFile | io.FileIO | None:
    """The bytes of a tar, None for what does not begin as one. head: its first 512 bytes. A browser may have unpacked it half: Safari makes .tar of .tar.gz."""
    if head.startswith(b"\x1f\x8b"):
        return _Packed(path)
    return _Plain(path) if head[257:262] == b"ustar" else None


def open_tar(path: Path, stream: gzip.GzipFile | io.FileIO) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=stream, mode="r:")
    except BROKEN as error:
        raise (_alone(path) if isinstance(error, tarfile.ReadError) and _is_sound(stream) else damaged(path)) from error


def _is_sound(stream: gzip.GzipFile | io.FileIO) -> bool:
    try:
        stream.seek(0)
        return bool(stream.read(_BLOCK))
    except BROKEN:
        return False


def _alone(path: Path) -> UnreadableFile:
    return UnreadableFile(say("“{name}” is one packed file and no export. Nothing was brought in. Unpack it, and choose what comes out.", name=path.name))


def tar_members(path: Path, archive: tarfile.TarFile, limits: Limits) -> dict[str, Member]:
    """A tar has no directory: each header is judged before what it announces is unpacked to reach the next one."""
    members: dict[str, Member] = {}
    unpacked, packed = 0, max(1, path.stat().st_size)
    try:
        for number, info in enumerate(archive, start=1):
            if info.size < 0:
                raise damaged(path)
            unpacked += info.size
            bomb = unpacked > limits.ratio_floor and unpacked > limits.ratio * packed
            if bomb or number > limits.members or info.size > limits.member_bytes or unpacked > limits.total_bytes:
                raise too_much(path)
            name = safe_name(info.name) if info.isreg() and not info.issparse() else ""
            if name:
                members[name] = Member(size=info.size, open=_opener(archive, info))
    except BROKEN as error:
        raise damaged(path) from error
    return members


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def open_member() -> IO[bytes]:
        stream = archive.extractfile(info)
        if stream is None:
            raise tarfile.ExtractError(info.name)
        return stream

    return open_member
