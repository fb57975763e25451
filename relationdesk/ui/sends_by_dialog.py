"""Say where the mail of a mailbox is sent, if that is not the server that follows from its address. Tried out before it is kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from relationdesk.errors import Cancelled, PrivateAddress, RelationDeskError
from relationdesk.model import Changes, Login
from relationdesk.services import sending_server
from relationdesk.text import one_line
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_name
from relationdesk.ui.sends_by_field import SendsByField, tr
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.widgets.progress import ProgressLine


class SendsByDialog(DialogFrame):
    """Of one login. The key stays where it is, in the password store."""

    def __init__(self, context: Context, login: Login, parent: QWidget | None = None) -> None:
        super().__init__(context.look, tr("Where mail is sent"), sentence=one_line(login_name(login), 100), width=560, parent=parent)
        self._context, self._login = context, login
        self._running: Job | None = None
        self.field = SendsByField(context.look)
        self.field.set_guess(sending_server.guess(login.source, f"{login.user_name} {login.address}"))
        if login.sends_by:
            self.field.set_server(login.sends_by)
        self.problem = Card(context.look, "danger", padding=12)
        self.said = ParagraphLabel(context.look, "", role="small", tone="danger")
        self.private = QCheckBox(tr("This server is mine, or in my own network: ask it"))
        self.problem.body.addWidget(self.said)
        self.problem.body.addWidget(self.private)
        self.problem.hide()
        self.private.hide()
        self.progress = ProgressLine(context.look)
        self.progress.cancelled.connect(self._stop)
        for part in (self.field, self.problem, self.progress):
            self.body.addWidget(part)
        self.add_button(tr("Cancel"))
        self.keep = self.add_button(tr("Keep"), self._on_keep, style="primary", default=True)
        self.field.edited.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.keep.setText(tr("Try and keep") if self.field.other.isChecked() else tr("Keep"))
        self.keep.setEnabled(self.field.is_filled() and self._running is None)

    def _on_keep(self) -> None:
        self.problem.hide()
        try:
            server = self.field.server()
        except RelationDeskError as e:
            self._on_failed(e)
            return
        if server:
            self.progress.begin(tr("Signing in at {server}").format(server=sending_server.split(server)[0][:60]))
        job = partial(sending_server.change, allow_private=self.private.isChecked())
        self._running = self._context.tasks.long(
            job, self._login.id, server, self._context.clock, done=self._on_kept, failed=self._on_failed
        )
        self._fit()

    def _on_kept(self, answer: tuple[Login, Changes]) -> None:
        self._running = None
        self.progress.finish()
        told = tr("Mail is sent by {server}.").format(server=sending_server.words(sending_server.current(answer[0])))
        self._context.router.toast.emit(told, False)
        self.accept()

    def _on_failed(self, error: RelationDeskError) -> None:
        self._running = None
        self.progress.finish()
        self.said.set_runs(tr("Stopped. Nothing was changed.") if isinstance(error, Cancelled) else str(error))
        self.private.setVisible(isinstance(error, PrivateAddress))
        self.problem.show()
        self._fit()

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def reject(self) -> None:
        self._stop()
        super().reject()
