"""Files dropped anywhere on a window are offered to be brought in, over a text field too, which would write their names down."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """`dropped([Path])`. Made for a window; `follow` its native window once it is shown, which hears of drags first."""

    dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
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
        return False


def files_in(event: QDropEvent) -> list[Path]:
    """The files and folders on this computer that are dragged; [] for anything else. A network path is none of them:
    asking for it would tell that server who we are (trust.md)."""
    places = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile() and not url.host()]
    return [Path(place) for place in places if place and not place.startswith(("//", "\\\\"))]
