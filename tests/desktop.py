"""A desktop that shows notifications, as freedesktop.org describes it, on a private D-Bus: what it was asked to show can be read and acted on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest


class Desktop:
    """`with Desktop(folder) as desktop:` its bus is `desktop.bus`. can: what it says it can do; () answers nothing at all."""

    def __init__(self, folder: Path, can: tuple[str, ...] = ("actions", "body", "body-markup")) -> None:
        if shutil.which("dbus-daemon") is None:
            (pytest.fail if os.environ.get("REQUIRE_SERVERS") else pytest.skip)("the program dbus-daemon is missing (Debian package dbus-daemon)")
        self.bus, self._can = (str(folder / "bus"), False), can

    def __enter__(self) -> Self:
        address = f"unix:path={self.bus[0]}"
        self._daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", f"--address={address}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._daemon.stdout is not None and self._daemon.stdout.readline()
        self._process = subprocess.Popen([sys.executable, "-m", "tests.desktop", address, *self._can], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.read() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._process, self._daemon):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def read(self) -> Any:
        """The next thing it was asked; waits for it."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def act(self, number: int, action: str) -> None:
        """Press what can be done about a notification, and see it close."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{number} {action}\n")
        self._process.stdin.flush()


def _say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _serve(address: str, can: list[str]) -> None:
    import selectors

    from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_method_return, new_signal
    from jeepney.io.blocking import open_dbus_connection

    name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
    connection = open_dbus_connection(address)
    connection.send_and_get_reply(message_bus.RequestName(name))
    emitter, shown = DBusAddress(path, interface=name), 0
    _say("ready")
    chooser = selectors.DefaultSelector()
    chooser.register(connection.sock, selectors.EVENT_READ, "bus")
    chooser.register(sys.stdin, selectors.EVENT_READ, "act")
    while True:
        for key, _ in chooser.select():
            if key.data == "act":
                if not (pressed := os.read(0, 1000).decode()):
                    return
                for line in pressed.splitlines():
                    number, _, action = line.partition(" ")
                    for member, signature, body in (
                        ("ActivationToken", "us", "token-of-the-click"), ("ActionInvoked", "us", action), ("NotificationClosed", "uu", 2),
                    ):  # fmt: skip
                        connection.send(new_signal(emitter, member, signature, (int(number), body)))
                continue
            message = connection.receive()
            while message is not None:
                member = message.header.fields.get(HeaderFields.member)
                if message.header.message_type is MessageType.method_call and can:
                    if member == "GetCapabilities":
                        connection.send(new_method_return(message, "as", (can,)))
                    elif member == "Notify":
                        assert message.header.fields[HeaderFields.signature] == "susssasa{sv}i", "as the desktop declares it"
                        shown += 1
                        connection.send(new_method_return(message, "u", (shown,)))
                    if member != "GetCapabilities":
                        _say([member, *message.body])
                message = connection.parser.get_next_message()


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
