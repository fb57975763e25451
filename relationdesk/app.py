"""Puts the house together: arguments, the desk, and either the window or the command line. Seen by none."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def desk_folder() -> Path:
    """Where the desk lies unless the user says otherwise: the system's place for a program's data.

    `RELATIONDESK_DESK` overrides it, for tests and for several desks.
    """
    given = os.environ.get("RELATIONDESK_DESK")
    if given:
        return Path(given).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "RelationDesk"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "RelationDesk"
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "relationdesk"


def main(arguments: list[str] | None = None) -> None:
    """With a command: the command line. Without: the window, or where there is no screen the main job in words."""
    given = sys.argv[1:] if arguments is None else arguments
    os.umask(0o077)
    if _wants_window(given):
        from relationdesk.window import open_window

        sys.exit(open_window(_desk_of(given)))
    try:
        from relationdesk.cli.main import run
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was changed.\n")
        sys.exit(2)
    sys.exit(run(given))


def _wants_window(given: list[str]) -> bool:
    """No command, at most --desk DIR before it."""
    rest = list(given)
    while rest and rest[0].startswith("--desk"):
        rest = rest[1 if "=" in rest[0] else 2 :]
    return not rest


def _desk_of(given: list[str]) -> Path:
    if given and given[0].startswith("--desk="):
        return Path(given[0].partition("=")[2]).expanduser()
    if len(given) > 1 and given[0] == "--desk":
        return Path(given[1]).expanduser()
    return desk_folder()
