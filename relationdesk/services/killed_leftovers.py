"""What a killed program left beside the desk. Light, because the window asks for it before its first picture."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def clear(folder: Path) -> None:
    """Remove staging and unfinished copies; they never were part of the desk.

    Only for the owner of the desk, and before it stages anything itself: what is staged now is a preview somebody reads.
    """
    for file in (*(folder / "staging").glob("*.db*"), *(folder / "backups").glob("*.part*"), *folder.glob("*.part*")):
        with suppress(OSError):
            file.unlink(missing_ok=True)
