"""One owner per desk: a lock file that names the process, so that two programs never write at once.

The lock is the operating system's (released when the owner dies, however it dies); the file says who it is. Another
computer's lock cannot be asked after in a shared or copied folder, so one that was not let go of is named, never broken.
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
from relationdesk.saying import say
from relationdesk.store import database

LOCK_FILE = "owner.lock"


class Owner:
    """Holds the desk until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Raises DeskInUse if another process owns the desk in this folder, StoreUnusable or StoreReadOnly if there can be none."""
        self.path = folder / LOCK_FILE
        database.own(folder)
        try:
            self._file: IO[str] | None = self.path.open("a+", encoding="utf-8")
        except OSError as e:
            raise StoreUnusable(
                say("The desk folder {folder} cannot be used ({reason}). Nothing was changed. Choose another folder.", folder=folder, reason=e.strerror)
            ) from e
        if not _lock(self._file):
            self._file.close()
            self._file = None
            raise DeskInUse(
                say("This desk is open in another RelationDesk. Nothing was changed. Close it there first, or do it in that window.")
            )
        other = _elsewhere(self.path)
        if other:
            self.release_lock()
            raise DeskInUse(
                say("This desk is open on another computer ({other}), or was copied from there while it was open. Nothing was changed. Close it there first. If it is not open there any more, remove the file {path} and try again.", other=other, path=self.path)
            )
        self._write(json.dumps({"pid": os.getpid(), "host": _host(), "machine": _machine()}))

    def release(self) -> None:
        """Let go in order: the file names nobody any more."""
        if self._file is not None:
            self._write("")
        self.release_lock()

    def release_lock(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, words: str) -> None:
        with suppress(OSError):  # on a full disk the lock holds all the same, it only does not say whose it is
            if self._file is not None:
                os.ftruncate(self._file.fileno(), 0)
                os.write(self._file.fileno(), words.encode())
                self.path.chmod(0o600)


def _elsewhere(path: Path) -> str:
    """The name of the other computer that has this desk or had it when it went off; "" if it is this one or nobody."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        host, machine = str(said.get("host", "")), str(said.get("machine", ""))
    except (OSError, ValueError, AttributeError):
        return ""
    here = host in ("", _host()) or (machine != "" and machine == _machine())
    return "" if here else host


def _host() -> str:
    """What this computer is called in its network."""
    if sys.platform != "win32":
        return os.uname().nodename
    import platform  # where there is nothing simpler: it is dear to import

    return platform.node()


def _machine() -> str:
    """What names this computer even after it was renamed; "" where the system has no such name."""
    with suppress(OSError, ValueError):
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    return ""


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
