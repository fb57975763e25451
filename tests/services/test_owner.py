"""One program at a time: a second process is refused, and a killed one leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from relationdesk.errors import DeskInUse
from relationdesk.services.owner import LOCK_FILE, Owner, owned

HOLD = (
    "import sys; from pathlib import Path; from relationdesk.services.owner import Owner\n"
    "mine = Owner(Path(sys.argv[1])); print('mine', flush=True); sys.stdin.read()"
)


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another program that has the desk, by the time this returns."""
    root = Path(__file__).resolve().parents[2]
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert other.stdout is not None and other.stdout.readline() == "mine\n"
    return other


def end(other: subprocess.Popen[str]) -> None:
    other.communicate("")


def test_a_second_program_is_refused_and_told_why(tmp_path: Path) -> None:
    other = holder(tmp_path)
    try:
        with pytest.raises(DeskInUse, match=r"open in another RelationDesk\. Nothing was changed\."):
            Owner(tmp_path)
        assert json.loads((tmp_path / LOCK_FILE).read_text()) == {"pid": other.pid}  # not overwritten by who was refused
    finally:
        end(other)
    with owned(tmp_path) as mine:
        assert json.loads(mine.path.read_text()) == {"pid": os.getpid()}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_program_lets_go(tmp_path: Path) -> None:
    other = holder(tmp_path)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    with owned(tmp_path):
        pass


def test_let_go_and_taken_again(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "desk"
    first = Owner(folder)
    with pytest.raises(DeskInUse), owned(folder):
        pass
    first.release()
    first.release()
    with pytest.raises(RuntimeError), owned(folder):
        raise RuntimeError
    with owned(folder):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with owned(tmp_path / "desk") as mine:
        assert stat.S_IMODE(mine.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(mine.path.parent.stat().st_mode) == 0o700
