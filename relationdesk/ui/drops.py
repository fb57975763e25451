"""Files dropped anywhere on a window are offered to be brought in, over a text field too, which would write their names down. A link
from the browser is told with where it was dropped; a text field takes it as text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


class Drops(QObject):
    """`dropped([Path])`, `linked(address, global point)`. Made for a window; `follow` its native window once it is shown, which hears of drags first."""

    dropped = Signal(list)
    linked = Signal(str, QPoint)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def follow(self, handle: QObject | None) -> None:
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and (files := files_in(event)):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.dropped.emit(files)
            return True
        if isinstance(event, QDropEvent) and (link := link_in(event)) and not self._takes_text(event.position().toPoint()):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.linked.emit(link, self._window.mapToGlobal(event.position().toPoint()))
            return True
        return False

    def _takes_text(self, at: QPoint) -> bool:
        under = self._window.childAt(at)
        return any(isinstance(one, QLineEdit | QPlainTextEdit) for one in (under, under.parentWidget() if under is not None else None))


def link_in(event: QDropEvent) -> str:
    """The first address of the web that is dragged, "" for none."""
    return next((url.toString() for url in event.mimeData().urls() if url.scheme() in ("http", "https") and url.host()), "")


def files_in(event: QDropEvent) -> list[Path]:
    """The files and folders on this computer that are dragged; [] for anything else. A network path is none of them:
    asking for it would tell that server who we are (trust.md)."""
    places = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile() and not url.host()]
    return [Path(place) for place in places if place and not place.startswith(("//", "\\\\"))]
