"""Notifications of the desktop with what can be done about them, where there is a session bus (freedesktop.org, on Linux and BSD).

Nothing leaves the computer: the bus is a socket of the user's own session. Nothing blocks: whatever does not answer in time is told otherwise.
jeepney, which the key store needs there anyway, writes and reads the messages; Qt's own D-Bus cannot send the unsigned number that `Notify` begins with.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

PATIENCE_MS = 3000
"""So long the bus may take to be there, and the desktop to answer."""
_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """title, text: plain, whatever stands in them. actions: (id, words); the id "default" is for a click on the whole."""

    title: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    what: Notification
    acted: Callable[[str], object]
    otherwise: Callable[[], object]


def session_bus() -> tuple[str, bool] | None:
    """(socket of the session bus, whether its name is abstract); None where there is none."""
    try:
        from jeepney.bus import get_bus

        found = get_bus("SESSION")
    except (ImportError, KeyError, ValueError, RuntimeError):  # another system, no session, an address of another kind
        return None
    return (found[1:], True) if found.startswith("\0") else (found, False)


class Notifications(QObject):
    """`show` tells the desktop; where it cannot, `otherwise` is called instead, then or later. `ready` once it is known which."""

    ready = Signal()

    def __init__(self, parent: QObject | None = None, bus: tuple[str, bool] | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._socket: QLocalSocket | None = None
        self._can: frozenset[str] | None = None  # None: not known yet
        self._waiting: list[_Shown] = []
        self._asked: dict[int, Callable[[Any], None]] = {}  # serial of a question → what to do with the answer, None if it is refused
        self._there: dict[int, _Shown] = {}  # number that the desktop gave
        self._serial = 0
        self._desktop = ""

    def show(self, what: Notification, acted: Callable[[str], object], otherwise: Callable[[], object]) -> None:
        """acted: called with the id of what was chosen."""
        one = _Shown(what=what, acted=acted, otherwise=otherwise)
        if self._bus is None:
            otherwise()
        elif self._can is None:
            self._waiting.append(one)
            self._begin()
        else:
            self._notify(one)

    def close(self) -> None:
        """What can be done about a notification ends with the program, and so do they."""
        for number in self._there:
            self._ask("CloseNotification", lambda _: None, "u", (number,))
        self._there.clear()
        if self._socket is not None:
            self._socket.flush()
            self._socket.abort()

    # The bus

    def _begin(self) -> None:
        if self._socket is not None or self._bus is None:
            return
        from jeepney import Parser
        from jeepney.auth import Authenticator

        path, abstract = self._bus
        self._hello, self._parser = Authenticator(), Parser()
        self._socket = QLocalSocket(self)
        if abstract:
            self._socket.setSocketOptions(QLocalSocket.SocketOption.AbstractNamespaceOption)
        self._socket.connected.connect(self._greet)
        self._socket.readyRead.connect(self._on_bytes)
        self._socket.errorOccurred.connect(lambda _: self._give_up())
        QTimer.singleShot(PATIENCE_MS, self, lambda: self._give_up() if self._can is None else None)
        self._socket.connectToServer(path)

    def _give_up(self) -> None:
        """There is no such desktop, or it is gone: from now on everything is told otherwise."""
        if self._bus is None:
            return
        self._bus = None
        if self._socket is not None:
            self._socket.abort()
        waiting, self._waiting = self._waiting, []
        asked, self._asked = self._asked, {}
        self._can = None
        for refused in asked.values():
            refused(None)
        for one in waiting:
            one.otherwise()
        self.ready.emit()

    def _greet(self) -> None:
        while self._socket is not None and (line := self._hello.data_to_send()):
            self._socket.write(line)

    def _on_bytes(self) -> None:
        from jeepney.auth import AuthenticationError

        socket = self._socket
        if socket is None:
            return
        data = socket.readAll().data()
        try:
            if not self._hello.authenticated:
                self._hello.feed(data)
                if self._hello.authenticated:
                    socket.write(b"BEGIN\r\n")
                    self._begun()
                return
            self._parser.add_data(data)
            while (message := self._parser.get_next_message()) is not None:
                self._on_message(message)
        except (AuthenticationError, ValueError):
            self._give_up()

    def _begun(self) -> None:
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        self._ask("Hello", lambda _: None, at=bus)
        self._ask("AddMatch", lambda _: None, "s", (f"type='signal',interface='{_NAME}',path='{_PATH}'",), at=bus)
        self._ask("GetCapabilities", self._on_can)

    def _ask(
        self, member: str, answered: Callable[[Any], None], signature: str | None = None, body: tuple[object, ...] = (), at: tuple[str, str] = (_NAME, _PATH)
    ) -> None:  # fmt: skip
        """answered: called once, with what it says, or None where it refuses or says nothing."""
        from jeepney import DBusAddress, new_method_call

        if self._socket is not None:
            self._serial += 1
            self._asked[self._serial] = answered
            message = new_method_call(DBusAddress(at[1], bus_name=at[0], interface=at[0]), member, signature, body)
            self._socket.write(message.serialise(serial=self._serial))
            QTimer.singleShot(PATIENCE_MS, self, lambda serial=self._serial: self._answer(serial, None))

    def _on_message(self, message: Any) -> None:
        from jeepney import HeaderFields, MessageType

        fields, kind = message.header.fields, message.header.message_type
        if kind in (MessageType.method_return, MessageType.error):
            self._desktop = fields.get(HeaderFields.sender, "")
            self._answer(fields.get(HeaderFields.reply_serial), message.body if kind is MessageType.method_return else None)
        elif kind is MessageType.signal and fields.get(HeaderFields.interface) == _NAME and fields.get(HeaderFields.sender) == self._desktop:
            self._on_signal(fields.get(HeaderFields.member), message.body)

    def _answer(self, serial: int, body: Any) -> None:
        answered = self._asked.pop(serial, None)
        if answered is not None:
            answered(body)

    # The desktop

    def _on_can(self, body: Any) -> None:
        if body is None:
            self._give_up()
            return
        self._can = frozenset(body[0])
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._notify(one)
        self.ready.emit()

    def _notify(self, one: _Shown) -> None:
        can = self._can or frozenset()
        text = html.escape(one.what.text, quote=False) if "body-markup" in can else one.what.text  # or a name could be a link
        actions = [word for action in one.what.actions for word in action] if "actions" in can else []
        body = ("RelationDesk", 0, "relationdesk", one.what.title, text, actions, {"desktop-entry": ("s", "relationdesk")}, -1)

        def answered(given: Any) -> None:
            if given is None:
                one.otherwise()
            else:
                self._there[given[0]] = one

        self._ask("Notify", answered, "susssasa{sv}i", body)

    def _on_signal(self, member: str, body: Any) -> None:
        shown = self._there.get(body[0]) if body else None
        if shown is None:
            return
        if member == "ActivationToken":
            os.environ["XDG_ACTIVATION_TOKEN"] = body[1]  # Wayland lets a window come to the front with it; Qt takes it from there
        elif member == "ActionInvoked":
            shown.acted(body[1])
        elif member == "NotificationClosed":
            del self._there[body[0]]
