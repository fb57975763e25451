"""The command line, run in process on a copy of one sample desk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relationdesk.cli.main import run
from relationdesk.services import sample
from relationdesk.store import database


@dataclass(frozen=True)
class Said:
    """What a command answered: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture(scope="session")
def sample_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One sample desk for the whole session: copy it, never write to it."""
    folder = tmp_path_factory.mktemp("sample") / "desk"
    db = database.open_desk(folder)
    sample.build(db, datetime.now(UTC))
    db.close()
    return folder


def _command(desk: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str) -> Said:
        code = run(["--desk", str(desk), *arguments])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return command


@pytest.fixture
def desk(sample_desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command on a fresh copy of the sample desk."""
    shutil.copytree(sample_desk, tmp_path / "desk")
    return _command(tmp_path / "desk", capsys)


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command on a new, empty desk."""
    return _command(tmp_path / "empty", capsys)
