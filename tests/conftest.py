"""What holds for every test: no display, no network but this computer, no key store, no home but a fresh one.

The environment is set while this file is imported, before Qt, keyring or the program can look at it.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import signal
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from relationdesk.ui.theme import Look

_HOME = Path(tempfile.mkdtemp(prefix="relationdesk-test-home-"))


def _isolate() -> None:
    folders = {
        "HOME": "",
        "USERPROFILE": "",
        "APPDATA": "roaming",
        "LOCALAPPDATA": "local",
        "XDG_DATA_HOME": ".local/share",
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_STATE_HOME": ".local/state",
        "XDG_RUNTIME_DIR": "run",
    }
    for name, part in folders.items():
        folder = _HOME / part
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        os.environ[name] = str(folder)
    if not os.environ.get("RELATIONDESK_TEST_DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    for name in ("DBUS_SESSION_BUS_ADDRESS", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)


_isolate()


@pytest.fixture(scope="session", autouse=True)
def _opened() -> Iterator[list[sqlite3.Connection]]:
    """Every connection that the thread of the tests opens. From Python 3.13 on one that nobody closed is a warning, here
    an error; a test need not think of it."""
    connect, opened, thread = sqlite3.connect, list[sqlite3.Connection](), threading.get_ident()

    def remembered(*args: Any, **more: Any) -> sqlite3.Connection:
        db = connect(*args, **more)
        if threading.get_ident() == thread:
            opened.append(db)
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", remembered)
        yield opened
    for db in opened:  # of modules and of the session
        db.close()


@pytest.fixture(autouse=True)
def _desks_of_a_test_are_closed(_opened: list[sqlite3.Connection]) -> Iterator[None]:
    before = len(_opened)
    yield
    for db in _opened[before:]:
        db.close()
    del _opened[before:]


class NetworkBlocked(RuntimeError):
    """A test tried to leave this computer. Not an OSError, so that no code under test takes it for bad weather."""


def _is_local(host: object) -> bool:
    name = str(host).split("%")[0]
    if name in ("", "localhost", "None"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def only_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach loopback and nothing else; a name is not even looked up."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    look_up = socket.getaddrinfo

    def checked(address: Any, family: int) -> None:
        local_family = getattr(socket, "AF_UNIX", None)
        if family != local_family and isinstance(address, tuple) and not _is_local(address[0]):
            raise NetworkBlocked(f"a test tried to reach {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        checked(address, self.family)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        checked(address, self.family)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: bytes, *rest: Any) -> int:
        checked(rest[-1], self.family)
        return sendto(self, data, *rest)

    def guarded_look_up(host: Any, *args: Any, **named: Any) -> Any:
        if not _is_local(host.decode() if isinstance(host, bytes) else host):
            raise NetworkBlocked(f"a test tried to look up {host}")
        return look_up(host, *args, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_sendto)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


CPU_SECONDS = 60
"""Of the processor, not of the clock, so a busy machine changes little. The slowest test takes a quarter of it; inputs
of hostile tests are so large that a reader of quadratic time takes more. How fast things are is measured in bench/."""


@pytest.fixture(autouse=True)
def no_test_runs_away() -> Iterator[None]:
    """A test that burns more than CPU_SECONDS fails, where the system can tell (not on Windows)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def too_much(*_: object) -> None:
        pytest.fail(f"this test burnt {CPU_SECONDS} s of processor time: something takes more than linear time, or never ends")

    before = signal.signal(signal.SIGVTALRM, too_much)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS, 5)  # again and again, in case somebody swallows it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """The light theme at 100 %, as every widget needs one."""
    from relationdesk.ui.theme import Look

    holder = Look(qapp, mode="light")
    yield holder
    holder.deleteLater()


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)
