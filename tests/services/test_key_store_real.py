"""Secrets in a real key store: kept over a restart, encrypted on disk, gone when forgotten, told when it is locked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from relationdesk.errors import KeyringUnavailable
from relationdesk.services import key_store
from tests.keyring_session import KeyringSession

pytestmark = pytest.mark.slow

TOKEN = "planted-token-4711-žluťoučký-" + "x" * 1000


@pytest.fixture
def unlocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    with KeyringSession(tmp_path / "keys") as session:
        session.use(monkeypatch)
        yield session


def test_kept_read_replaced_and_forgotten(unlocked: KeyringSession) -> None:
    found = key_store.key_store()
    assert (found.state, found.name, found.sentence) == ("ready", "keyring.backends.SecretService.Keyring", "")
    key_store.keep("mastodon:sam@https://hotel.example", TOKEN)
    assert key_store.secret("mastodon:sam@https://hotel.example") == TOKEN
    with pytest.raises(KeyringUnavailable, match="Sign in again"):
        key_store.secret("mastodon:joe@https://hotel.example")
    key_store.keep("mastodon:sam@https://hotel.example", "another")
    assert key_store.secret("mastodon:sam@https://hotel.example") == "another"
    key_store.forget("mastodon:sam@https://hotel.example")
    key_store.forget("mastodon:sam@https://hotel.example")
    with pytest.raises(KeyringUnavailable, match="Sign in again"):
        key_store.secret("mastodon:sam@https://hotel.example")


def test_kept_takes_the_place_of_until_quit(unlocked: KeyringSession) -> None:
    key_store.keep_until_quit("x", "in memory")
    key_store.keep("x", "in the store")
    assert key_store.secret("x") == "in the store" and "x" not in key_store._until_quit
    key_store.forget("x")


def test_over_a_restart_and_never_in_the_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for begins in (True, False):
        with KeyringSession(tmp_path / "keys") as session, monkeypatch.context() as patch:
            session.use(patch)
            if begins:
                key_store.keep("x", TOKEN)
            assert key_store.secret("x") == TOKEN
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in files)
    assert not [path for path in files if b"planted-token" in path.read_bytes()]


@pytest.mark.parametrize("name", ["keyring", "jeepney", "secretstorage", "relationdesk"])
def test_the_folder_one_stands_in_is_not_trusted(
    unlocked: KeyringSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / f"{name}.py").write_text("import pathlib\npathlib.Path('ran').write_text('')\nraise SystemExit")
    monkeypatch.chdir(tmp_path)
    key_store.keep("x", TOKEN)
    assert key_store.secret("x") == TOKEN and not (tmp_path / "ran").exists()


SILENT_PROMPTER = """
import time
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection("SESSION")
names = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
bus.send_and_get_reply(new_method_call(names, "RequestName", "su", ("org.gnome.keyring.SystemPrompter", 0)))
print("there", flush=True)
time.sleep(60)
"""


def deadlines(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The deadline of every child process that asks the key store from now on, in seconds."""
    asked: list[float] = []
    run = subprocess.run

    def noted(*given: Any, **named: Any) -> Any:
        asked.append(named["timeout"])
        return run(*given, **named)

    monkeypatch.setattr(key_store.subprocess, "run", noted)
    return asked


@pytest.mark.parametrize("prompt", ["cannot be shown", "is never answered"])
def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prompt: str) -> None:
    with KeyringSession(tmp_path / "keys") as session, monkeypatch.context() as patch:
        session.use(patch)
        key_store.keep("x", TOKEN)
    monkeypatch.setattr(key_store, "DEADLINE_SECONDS", 2.0)
    asked = deadlines(monkeypatch)
    with KeyringSession(tmp_path / "keys", unlocked=False) as session, ExitStack() as ends:
        session.use(monkeypatch)
        if prompt == "is never answered":
            silent = subprocess.Popen(
                [sys.executable, "-c", SILENT_PROMPTER], env=session.environment, stdout=subprocess.PIPE, text=True
            )
            ends.callback(silent.communicate)
            ends.callback(silent.kill)
            assert silent.stdout is not None and silent.stdout.readline() == "there\n"
        for ask in (lambda: key_store.keep("y", TOKEN), lambda: key_store.secret("x")):
            asked.clear()
            with pytest.raises(KeyringUnavailable, match="locked or does not answer") as told:
                ask()
            assert asked == [2.0], "one deadline, not two"
            assert "planted" not in str(told.value) and told.value.__cause__ is None
        assert key_store.key_store().state == "locked"
