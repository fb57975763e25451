"""Room kept back on the disk, given up when it is full, so that the note that is open can still be saved."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

RESERVE_FILE = "reserve"
RESERVE_BYTES = 4 * 1024 * 1024
_NO_ROOM = 256 * 1024  # bytes: what the files beside an open desk need


def keep(folder: Path) -> None:
    """A whole reserve or none: a disk that is nearly full keeps its last room for the desk itself."""
    path = folder / RESERVE_FILE
    part = folder / f"{RESERVE_FILE}.part"
    try:
        if path.exists() or shutil.disk_usage(folder).free < 2 * RESERVE_BYTES:
            return
        part.write_bytes(os.urandom(RESERVE_BYTES))  # zeros would take no room where the file system packs them
        part.chmod(0o600)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def give_up(folder: Path) -> bool:
    """Give the reserved space back to a full disk. True if there was any."""
    path = folder / RESERVE_FILE
    existed = path.exists()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return existed


def has_no_room(folder: Path) -> bool:
    """True if the disk is full: SQLite reports that as an I/O error or a file it cannot open, too."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free < _NO_ROOM
    return False
