"""The members of a .tar.gz, which has no directory: reading it goes through all of it once."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from relationdesk.sources.container_members import BROKEN, Limits, Member, damaged, too_much
from relationdesk.sources.member_names import safe_name

_LARGEST_READ = 16 * 1024 * 1024


class Sober(gzip.GzipFile):
    """tarfile reads a header's extension at one go, however many gigabytes it claims to be; this refuses."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _LARGEST_READ:
            raise OSError("a single read of this size is not a header")
        return super().read(size)


def open_tar(path: Path, unpacked: Sober) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=unpacked, mode="r:")
    except BROKEN as error:
        raise damaged(path) from error


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
