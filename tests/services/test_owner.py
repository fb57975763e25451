"""One program at a time: a second process is refused, and a killed one leaves nothing behind."""

from __future__ import annotations

import json
import os
import platform
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from relationdesk.errors import DeskInUse
from relationdesk.services import owner
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
        assert json.loads((tmp_path / LOCK_FILE).read_text())["pid"] == other.pid  # not overwritten by who was refused
    finally:
        end(other)
    with owned(tmp_path) as mine:
        said = json.loads(mine.path.read_text())
        assert (said["pid"], said["host"]) == (os.getpid(), platform.node())
    assert mine.path.read_text() == ""


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


def test_fifty_at_once_make_one_owner(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    tell = (
        "import sys; from pathlib import Path; from relationdesk.services.owner import Owner\n"
        "from relationdesk.errors import DeskInUse\n"
        "sys.stdin.readline()\n"
        "try: mine = Owner(Path(sys.argv[1])); print('mine', flush=True)\n"
        "except DeskInUse: print('refused', flush=True)\n"
        "sys.stdin.read()"
    )
    every = [
        subprocess.Popen(
            [sys.executable, "-S", "-c", tell, str(tmp_path / "desk")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
        )
        for _ in range(50)
    ]
    for one in every:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.stdout.readline() for one in every if one.stdout is not None]
    assert sorted(said) == ["mine\n"] + ["refused\n"] * 49
    for one in every:
        end(one)


def elsewhere(folder: Path, **said: object) -> Path:
    folder.mkdir(exist_ok=True)
    lock = folder / LOCK_FILE
    lock.write_text(json.dumps({"pid": 1, "host": "office-pc", "machine": "f" * 32} | said))
    return lock


def test_another_computers_lock_is_named_and_never_broken(tmp_path: Path) -> None:
    lock = elsewhere(tmp_path / "desk")
    before = lock.read_bytes()
    for _ in range(2):
        with pytest.raises(DeskInUse, match=r"another computer \(office-pc\).*Nothing was changed.*remove the file"):
            Owner(tmp_path / "desk")
    assert lock.read_bytes() == before
    lock.unlink()
    Owner(tmp_path / "desk").release()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pid": 7}', "null", '{"pid": 7, "host": ""}'])
def test_a_lock_that_names_no_computer_is_taken_over(tmp_path: Path, content: str) -> None:
    (tmp_path / LOCK_FILE).write_text(content)
    Owner(tmp_path).release()


def test_a_computer_that_was_renamed_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "_machine", lambda: "a" * 32)
    elsewhere(tmp_path, machine="a" * 32)
    Owner(tmp_path).release()
    monkeypatch.setattr(owner, "_machine", lambda: "")
    elsewhere(tmp_path, machine="")
    with pytest.raises(DeskInUse):
        Owner(tmp_path)
