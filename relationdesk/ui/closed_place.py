"""What the connect dialog shows of a place that no program may read: why, what to do instead, and the ways that lead there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from relationdesk.saying import say
from relationdesk.sources.closed_places import Closed
from relationdesk.ui.frame import Flow
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.label import ParagraphLabel


class ClosedPlace(QWidget):
    """`left` when one of its ways was taken, and the dialog is no longer wanted."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._place = context, Closed(place="", why="")
        look, px = context.look, context.look.theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.why = ParagraphLabel(look, "", role="strong")
        self.instead = ParagraphLabel(look, "", role="body", tone="text2")
        column.addWidget(self.why)
        column.addWidget(self.instead)
        buttons = QWidget()
        flow = Flow(look, gap=8)
        buttons.setLayout(flow)
        self.bring = Button(look, self.tr("Bring in a file"), icon="download", compact=True)
        self.bring.clicked.connect(self._on_bring)
        self.add = Button(look, self.tr("Keep a link to somebody’s page"), icon="user-plus", compact=True)
        self.add.clicked.connect(self._on_add)
        self.browse = Button(look, self.tr("Open in the browser"), icon="external-link", compact=True)
        self.browse.clicked.connect(lambda: context.router.open_link.emit(self._place.page))
        for button in (self.bring, self.add, self.browse):
            flow.addWidget(button)
        column.addWidget(buttons)

    def show_place(self, one: Closed) -> None:
        self._place = one
        self.why.set_runs(say(one.why) if one.why else "")
        self.instead.set_runs(one.instead)
        self.bring.setVisible(bool(one.archive))
        self.add.setVisible(one.has_people)
        self.browse.setVisible(bool(one.page))

    def _on_bring(self) -> None:
        self.left.emit()
        self._context.router.import_files.emit([])

    def _on_add(self) -> None:
        self.left.emit()
        self._context.router.add_somebody.emit("", None)
