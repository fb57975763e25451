"""Remove a place: whether what was read from it stays or goes, how much that is, and what stays in any case."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QRadioButton, QWidget

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Changes, Login
from relationdesk.saying import counted
from relationdesk.services import logins, removing
from relationdesk.services.removing import Plan
from relationdesk.ui.job_dialog import JobDialog
from relationdesk.ui.page import Context
from relationdesk.ui.places import login_called
from relationdesk.ui.widgets.label import ParagraphLabel
from relationdesk.ui.widgets.progress import ProgressLine


class RemoveDialog(JobDialog):
    """Nothing is chosen for the user but the way that loses nothing."""

    def __init__(self, context: Context, login: Login, parent: QWidget | None = None) -> None:
        super().__init__(context.look, "", width=540, parent=parent)
        self._context, self._login = context, login
        look = context.look
        self.set_title(self.tr("Remove {place}").format(place=login_called(login)[:80]), self.tr("It is not asked any more, and its key is taken out of the password store."))
        self.keep = QRadioButton(self.tr("Keep what was read"))
        self.keep.setChecked(True)
        self.kept = ParagraphLabel(look, self.tr("It can be undone; the key is then asked for again."), role="small", tone="text2")
        self.delete = QRadioButton(self.tr("Delete what only this place brought"))
        self.delete.setEnabled(False)
        self.gone = ParagraphLabel(look, self.tr("Counting what that is …"), role="small", tone="text2")
        self.progress = ProgressLine(look)
        self.progress.cancelled.connect(self._stop)
        for widget in (self.keep, self.kept, self.delete, self.gone, self.progress):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel"), default=True)
        self.do = self.add_button(self.tr("Remove"), self._on_remove, style="danger")
        context.tasks.run(removing.plan, login.id, done=self._on_plan, failed=self._on_failed)

    def _on_plan(self, plan: Plan) -> None:
        if self._is_closed:
            return
        if not plan.activities:
            self.gone.set_runs(self.tr("There is nothing that only it brought."))
            return
        things = counted(plan.activities, "{n:,} activity", "{n:,} activities")
        sentences = [
            self.tr("{things} go. This cannot be undone, but connecting it again reads what it still shows.").format(things=things),
            self.tr("People, links, notes, what you wrote down, and what a file brought as well stay."),
        ]
        if plan.is_shared:
            sentences.insert(1, self.tr("What another login of this place reads, or may have read, stays."))
        self.gone.set_runs(" ".join(sentences))
        self.delete.setEnabled(True)

    def _on_remove(self) -> None:
        if self._job is not None or not self.do.isEnabled():
            return
        for widget in (self.do, self.keep, self.delete):
            widget.setEnabled(False)
        self.refusal.hide()
        tasks, clock = self._context.tasks, self._context.clock
        if self.delete.isChecked():
            self.progress.begin(self.tr("Deleting what only this place brought"))
            self._job = tasks.long(
                removing.remove_with_facts, self._login.id, clock, progress=lambda p: self.progress.set_progress(p.done, p.total, self.tr("Deleting")),
                done=partial(self._on_removed, True), failed=self._on_failed,
            )  # fmt: skip
        else:
            tasks.write(removing.remove, self._login.id, clock, done=partial(self._on_removed, False), failed=self._on_failed)

    def _on_removed(self, with_facts: bool, answer: tuple[Login, Changes]) -> None:
        self._job = None
        tasks, router = self._context.tasks, self._context.router
        if not self._is_closed:
            self.accept()
        tasks.long(logins.forget_secret, answer[0], failed=router.failed.emit)
        if with_facts:
            router.toast.emit(self.tr("Removed, with what only it had brought."), False)
        else:
            router.toast.emit(self.tr("Removed. Everything read from it stays."), True)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._job = None
        if isinstance(error, Cancelled):
            self._context.tasks.changed.emit(Changes(everything=True))
        if self._is_closed:
            self._context.router.toast.emit(str(error), False)
            return
        self.progress.finish()
        self.refuse(error)
        for widget in (self.do, self.keep, self.delete):
            widget.setEnabled(True)
