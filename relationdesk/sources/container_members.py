"""What a container holds, how much of one is believed, and the sentences for what is damaged or not sane: for all its forms."""

from __future__ import annotations

import io
import itertools
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from relationdesk.errors import UnreadableFile
from relationdesk.saying import say

BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


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
class Member:
    size: int
    open: Callable[[], IO[bytes] | io.RawIOBase]
    crc: int | None = None
    file: str = ""  # which of several files it lies in
    most: int = 0  # bytes it may have, 0 for no more than its size
    path: Path | None = None  # where it is a file of its own
    merged: Callable[[], dict[int, list[tuple[int, int]]]] | None = None  # of a sheet: `workbook.merged_in`
    days_from: int = 0  # of a sheet: from when its numbers of days are counted, as in `table_dates`; 0 where nothing tells


def damaged(path: PurePath) -> UnreadableFile:
    return UnreadableFile(
        say("“{name}” is damaged or was not downloaded completely. Nothing was brought in. Download it again.", name=path.name)
    )


def refuse_bombs(path: PurePath, packed: int, infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    """zipfile never hands out more than the declared size, so the declared sizes can be judged beforehand. packed: bytes of the zip."""
    unpacked = sum(info.file_size for info in infos)
    spans = sorted((info.header_offset, info.header_offset + info.compress_size) for info in infos)
    overlap = any(end > start for (_, end), (start, _) in itertools.pairwise(spans))
    beyond = (
        len(infos) > limits.members
        or unpacked > limits.total_bytes
        or any(info.file_size > limits.member_bytes for info in infos)
        or (unpacked > limits.ratio_floor and unpacked > limits.ratio * max(1, packed))
    )
    if overlap or beyond:
        raise too_much(path)


def too_much(path: PurePath) -> UnreadableFile:
    return UnreadableFile(
        say("“{name}” would unpack to far more than an export holds, so it was not opened. Nothing was brought in. Download it again from where it came.", name=path.name)
    )
