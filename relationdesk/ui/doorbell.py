"""A second start rings at the first one's window instead of opening the desk again. Nothing but that word is heard."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WORD = b"raise\n"
WAIT_MS = 1500
HANGS_MS = 700
"""How long a program that was just started may take until it has hung up its bell: after its first picture."""


def name_for(desk: Path) -> str:
    """The name of the socket: one per desk, and it tells nobody where the desk lies."""
    return "relationdesk-" + hashlib.sha256(str(desk.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def ring(desk: Path) -> bool:
    """Ask the program that owns this desk to show its window; False if nobody answers."""
    socket = QLocalSocket()
    deadline = QDeadlineTimer(HANGS_MS)
    socket.connectToServer(name_for(desk))
    while not socket.waitForConnected(WAIT_MS):
        if deadline.hasExpired():
            return False
        time.sleep(0.05)
        socket.connectToServer(name_for(desk))
    socket.write(WORD)
    rung = socket.waitForBytesWritten(WAIT_MS)
    socket.disconnectFromServer()
    return bool(rung)


class Doorbell(QObject):
    """`rung` when another start wants this window. Only the same user can ring."""

    rung = Signal()

    def __init__(self, desk: Path, parent: QObject | None = None) -> None:
        """Call only as the owner of the desk: a socket left by a killed owner is taken over."""
        super().__init__(parent)
        QLocalServer.removeServer(name_for(desk))
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        self._server.listen(name_for(desk))

    def close(self) -> None:
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(64)
            socket.readyRead.connect(lambda socket=socket: self._on_words(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._on_words(socket)

    def _on_words(self, socket: QLocalSocket) -> None:
        if bytes(socket.read(64).data()).startswith(WORD.strip()):
            self.rung.emit()
        socket.disconnectFromServer()
