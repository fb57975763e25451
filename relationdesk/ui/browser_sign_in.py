"""Waits for the browser to come back from a sign-in, looking five times a second and never longer than a moment."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from relationdesk.errors import RelationDeskError
from relationdesk.services.sign_in import SignIn
from relationdesk.ui.links import check

EVERY_MS = 200


class BrowserSignIn(QObject):
    """Opens the page of a sign-in. `came(code)` or `failed(error)` once, unless it is stopped before."""

    came = Signal(str)
    failed = Signal(object)

    def __init__(self, under_way: SignIn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.under_way = under_way
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_look)

    def start(self) -> None:
        link = check(self.under_way.url)
        if link is not None:
            QDesktopServices.openUrl(QUrl(link.url))
        self._timer.start()

    def stop(self) -> None:
        """Hear nobody any more. Harmless to call twice."""
        self._timer.stop()
        self.under_way.close()

    def _on_look(self) -> None:
        try:
            code = self.under_way.look()
        except RelationDeskError as e:
            self.stop()
            self.failed.emit(e)
            return
        if code:
            self.stop()
            self.came.emit(code)
