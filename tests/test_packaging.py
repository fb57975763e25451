"""What is installed is what runs: the wheel, built without a network, holds everything and works on its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env={**os.environ, **OFFLINE, **environment}, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = run("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(out), str(ROOT), cwd=out)
    assert built.returncode == 0, built.stderr
    (found,) = out.glob("*.whl")
    return found


def test_everything_is_inside_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "relationdesk").rglob("*.py")}
    resources = {
        "relationdesk/_resources/" + p.relative_to(ROOT / "resources").as_posix()
        for p in (ROOT / "resources").rglob("*") if p.is_file() and "__pycache__" not in p.parts
    }  # fmt: skip
    assert len(resources) > 10 and modules <= names
    assert {n for n in names if n.startswith("relationdesk/_resources/")} == resources
    tops = {n.split("/")[0] for n in names}
    assert len(tops) == 2 and "relationdesk" in tops
    assert not [n for n in names if n.endswith((".pyc", ".db", ".log"))]


def test_it_runs_from_where_it_was_installed(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    done = run("-m", "pip", "install", "--no-deps", "--no-compile", "--target", str(target), str(wheel), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    def installed(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run("-W", "error", "-W", "ignore:Binding", *arguments, cwd=tmp_path, PYTHONPATH=str(target))

    where = installed("-c", "import relationdesk, relationdesk.ui.resources as r; print(relationdesk.__file__)")
    assert where.stdout.startswith(str(target)), where.stderr
    said = installed("-m", "relationdesk", "--version")
    assert said.returncode == 0 and version in said.stdout
    desk = tmp_path / "desk"
    built = installed("-m", "relationdesk", "--desk", str(desk), "sample")
    assert built.returncode == 0, built.stderr
    listed = installed("-m", "relationdesk", "--desk", str(desk), "people")
    assert "Joe Brown" in listed.stdout
    picture = installed("-m", "relationdesk", "--desk", str(desk), "picture", "person", str(tmp_path / "p.png"), "--who", "Joe Brown")
    assert picture.returncode == 0, picture.stderr
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
