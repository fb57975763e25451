"""The code of a sign-in on the place's own page: shown large, copied, its page opened when the user says so; looks now and then whether it
was allowed, never more often than the place wants.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.services import device_sign_in
from relationdesk.services.device_sign_in import DeviceSignIn
from relationdesk.sources.door_answers import host_of
from relationdesk.ui.frame import Flow
from relationdesk.ui.links import check
from relationdesk.ui.page import Context
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


class DeviceCard(Card):
    """`allowed(under way)` or `failed(error)` once, unless it is stopped before."""

    allowed = Signal(object)
    failed = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "info", padding=12, parent=parent)
        self._context = context
        self._under_way: DeviceSignIn | None = None
        self._job: Job | None = None
        look = context.look
        self.words = ParagraphLabel(look, "", role="small", tone="text2")
        self.code = PlainLabel(look, "", role="title")
        self.body.addWidget(self.words)
        self.body.addWidget(self.code)
        buttons = QWidget()
        flow = Flow(look, gap=8)
        buttons.setLayout(flow)
        self.copy_code = Button(look, self.tr("Copy the code"), icon="copy", compact=True)
        self.copy_code.clicked.connect(self._on_copy)
        self.open_page = Button(look, self.tr("Open the page"), icon="external-link", compact=True)
        self.open_page.clicked.connect(self._on_open)
        for button in (self.copy_code, self.open_page):
            flow.addWidget(button)
        self.body.addWidget(buttons)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look_now)
        self.hide()

    def is_waiting(self) -> bool:
        return self._under_way is not None

    def wait_for(self, under_way: DeviceSignIn) -> None:
        """Show the code, and look from now on whether it was allowed."""
        self._under_way = under_way
        words = self.tr("Type this code on {host} and allow it there; it goes on here by itself. The code holds for {n} minutes.")
        self.words.set_runs(words.format(host=host_of(under_way.code.page), n=max(1, under_way.code.ends_s // 60)))
        self.code.setText(under_way.code.shown)
        self.code.setAccessibleName(self.tr("The code: {code}").format(code=" ".join(under_way.code.shown)))
        self.show()
        self.copy_code.setFocus()
        self._timer.start(under_way.every_s * 1000)

    def stop(self) -> None:
        """Look no more. Harmless to call twice."""
        self._timer.stop()
        self._under_way = None
        if self._job is not None:
            self._job.cancel()
        self.hide()

    def look_now(self) -> None:
        """Ask the place once."""
        if self._under_way is not None and self._job is None:
            self._job = self._context.tasks.long(device_sign_in.look, self._under_way, done=self._on_looked, failed=self._on_failed)

    def _on_looked(self, is_allowed: bool) -> None:
        self._job, under_way = None, self._under_way
        if under_way is None:
            return
        if is_allowed:
            self.stop()
            self.allowed.emit(under_way)
        else:
            self._timer.start(under_way.every_s * 1000)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        if self._under_way is not None:
            self.stop()
            self.failed.emit(error)

    def _on_copy(self) -> None:
        if self._under_way is not None:
            QGuiApplication.clipboard().setText(self._under_way.code.shown)

    def _on_open(self) -> None:
        link = check(self._under_way.code.page) if self._under_way is not None else None
        if link is not None:
            QDesktopServices.openUrl(QUrl(link.url))
