"""Room is kept back only where there is plenty, and is given up whole."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from relationdesk.store import reserve


def test_kept_once_for_the_owner_alone_and_given_up_once(tmp_path: Path) -> None:
    reserve.keep(tmp_path)
    file = tmp_path / reserve.RESERVE_FILE
    assert file.stat().st_size == reserve.RESERVE_BYTES and stat.S_IMODE(file.stat().st_mode) == 0o600
    made = file.stat().st_mtime_ns
    reserve.keep(tmp_path)
    assert file.stat().st_mtime_ns == made
    assert reserve.give_up(tmp_path) and not reserve.give_up(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_nearly_full_disk_keeps_its_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=100_000))
    reserve.keep(tmp_path)
    assert list(tmp_path.iterdir()) == [] and reserve.has_no_room(tmp_path)
