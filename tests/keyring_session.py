"""A real key store of the system (gnome-keyring on a private D-Bus) that lives as long as a test, in a folder of the test."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

import pytest

_PROGRAMS = {"dbus-run-session": "dbus-daemon", "gnome-keyring-daemon": "gnome-keyring"}
_SCRIPT = """
printf '%s' "$KEYRING_PASSWORD" | gnome-keyring-daemon --foreground $KEYRING_UNLOCK --components=secrets >/dev/null 2>&1 &
daemon=$!
for i in $(seq 200); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>/dev/null | grep -q true && break
  sleep 0.02
done
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
kill $daemon 2>/dev/null
"""


class KeyringSession:
    """`with KeyringSession(folder) as session:` run programs with `session.environment`.

    unlocked: as after signing in to a desktop; else locked, and nobody is there to answer the prompt.
    """

    def __init__(self, folder: Path, *, unlocked: bool = True) -> None:
        for program, package in _PROGRAMS.items():
            if shutil.which(program) is None:
                words = f"the program {program} is missing (Debian package {package})"
                (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)(words)
        self.folder = folder
        own = {"HOME": folder, "XDG_DATA_HOME": folder / "data", "XDG_CONFIG_HOME": folder / "config", "XDG_RUNTIME_DIR": folder / "run"}
        for path in own.values():
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o700)
        hidden = ("PYTHON_KEYRING_BACKEND", "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
        self.environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self.environment |= {name: str(path) for name, path in own.items()}
        self._unlocked = unlocked

    def __enter__(self) -> Self:
        more = {"KEYRING_PASSWORD": "test", "KEYRING_UNLOCK": "--unlock" if self._unlocked else ""}
        self._process = subprocess.Popen(
            ["dbus-run-session", "--", "bash", "-c", _SCRIPT], env=self.environment | more, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._process.stdout.readline().strip()
        assert self.environment["DBUS_SESSION_BUS_ADDRESS"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let this process, and what it starts, use this key store."""
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        for name in ("DBUS_SESSION_BUS_ADDRESS", "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, self.environment[name])
