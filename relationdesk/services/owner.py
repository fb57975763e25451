"""One owner per desk: a lock file that names the process, so that two programs never write at once.

The lock is the operating system's (released when the owner dies, however it dies); the file only says who it is.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from relationdesk.errors import DeskInUse, StoreUnusable

LOCK_FILE = "owner.lock"


class Owner:
    """Holds the desk until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Raises DeskInUse if another process owns the desk in this folder, StoreUnusable if there can be none."""
        self.path = folder / LOCK_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file: IO[str] | None = self.path.open("a+", encoding="utf-8")
        except OSError as e:
            raise StoreUnusable(
                f"The desk folder {folder} cannot be used ({e.strerror}). Nothing was changed. Choose another folder."
            ) from e
        if not _lock(self._file):
            self._file.close()
            self._file = None
            raise DeskInUse(
                "This desk is open in another RelationDesk. Nothing was changed. Close it there first, or do it in that window."
            )
        with suppress(OSError):  # on a full disk the lock holds all the same, it only does not say whose it is
            os.ftruncate(self._file.fileno(), 0)
            os.write(self._file.fileno(), json.dumps({"pid": os.getpid()}).encode())
            self.path.chmod(0o600)

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def owned(folder: Path) -> Iterator[Owner]:
    """The desk is ours inside the block. Raises DeskInUse."""
    mine = Owner(folder)
    try:
        yield mine
    finally:
        mine.release()


def _lock(file: IO[str]) -> bool:
    """An exclusive lock without waiting; False if somebody has it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
