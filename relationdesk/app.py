"""Puts the house together: arguments, the desk, and either the window or the command line. Seen by none."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType


def desk_folder() -> Path:
    """Where the desk lies unless the user says otherwise: the system's place for a program's data.

    `RELATIONDESK_DESK` overrides it, for tests and for several desks.
    """
    given = os.environ.get("RELATIONDESK_DESK")
    if given:
        return Path(given).expanduser()
    if sys.platform == "darwin":
        return _home() / "Library" / "Application Support" / "RelationDesk"
    if sys.platform == "win32":
        return _base("LOCALAPPDATA", "AppData/Local") / "RelationDesk"
    return _base("XDG_DATA_HOME", ".local/share") / "relationdesk"


def _base(variable: str, usual: str) -> Path:
    """The folder that `variable` names; below the home folder if it names none, or one that depends on where one stands
    (which the XDG rules forbid: the desk would be another one in every folder)."""
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else _home() / usual


def _home() -> Path:
    """The user's home folder. A HOME that is empty or no whole path names none: then what the system knows of the user, so
    that no desk comes to lie in / or in the folder one happens to stand in."""
    with suppress(RuntimeError):
        if sys.platform == "win32" or Path(os.environ.get("HOME", "/")).is_absolute():
            return Path.home()
    with suppress(ImportError, KeyError):
        import pwd

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    sys.stderr.write("This user has no home folder, so there is no place for a desk. Nothing was changed. Name one with --desk DIR.\n")
    sys.exit(2)


def main(arguments: list[str] | None = None) -> None:
    """With a command: the command line. Without: the window, or where there is no screen the main job in words."""
    given = sys.argv[1:] if arguments is None else arguments
    os.umask(0o077)
    if _wants_window(given):
        from relationdesk.window import open_window

        sys.exit(open_window(_desk_of(given)))
    sys.excepthook = _our_fault
    _heed_ends()
    try:
        from relationdesk.cli.main import run
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was changed.\n")
        code = 2
    else:
        code = run(given)
    exec("")  # a Ctrl+C that fell into an exec (of a dataclass, say) CPython keeps in mind, and would end by it although it was heeded
    sys.exit(code)


def _heed_ends() -> None:
    """The end of a session, a closed terminal and `kill` stop a command as Ctrl+C does: nothing is left half-done."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _our_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of ours in a command: Python ends with 1, the desk is as the last finished step left it."""
    sys.__excepthook__(kind, error, trace)
    sys.stderr.write("\nThis is a fault in RelationDesk. What is in your desk is safe. Please report the lines above.\n")


def _wants_window(given: list[str]) -> bool:
    """No command, at most --desk DIR. A folder that is named by nothing ("$UNSET") is for the command line to refuse."""
    return not given or (_named(given) or "").strip() != ""


def _desk_of(given: list[str]) -> Path:
    return Path(_named(given) or "").expanduser() if given else desk_folder()


def _named(given: list[str]) -> str | None:
    """DIR where the arguments are nothing but --desk DIR or --desk=DIR."""
    match given:
        case ["--desk", folder]:
            return folder
        case [one] if one.startswith("--desk="):
            return one.partition("=")[2]
    return None
