"""Forget a person: what goes, what stays, which backups still hold them. It cannot be taken back, so it is confirmed by a tick."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Person
from relationdesk.saying import counted
from relationdesk.services import forgetting
from relationdesk.services.forgetting import Forgotten, Plan
from relationdesk.ui import when
from relationdesk.ui.page import Context, Target
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel


def tr(text: str) -> str:
    return QCoreApplication.translate("Forget", text)


class ForgetDialog(DialogFrame):
    def __init__(self, context: Context, person: Person, parent: QWidget | None = None) -> None:
        title = tr("Forget {name}").format(name=person.name[:60])
        super().__init__(context.look, title, sentence=tr("For somebody who asked you to. It cannot be taken back."), width=540, parent=parent)
        self._context, self._person = context, person
        self.goes = ParagraphLabel(context.look, "", role="body")
        self.stays = ParagraphLabel(context.look, "", role="small", tone="text2")
        self.copies = QCheckBox()
        self.copies.hide()
        self.sure = QCheckBox(tr("Yes, forget {name} for good").format(name=person.name[:60]))
        self.says = PlainLabel(context.look, "", role="small", tone="text2", wrap=True)
        for widget in (self.goes, self.stays, self.copies, self.sure, self.says):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.cancel = self.add_button(tr("Cancel"), default=True)
        self.do = self.add_button(tr("Forget"), self._on_forget, style="danger")
        self.do.setEnabled(False)
        self.sure.setEnabled(False)
        self.sure.toggled.connect(self.do.setEnabled)
        context.tasks.run(forgetting.plan, person.id, done=self._on_plan, failed=self._on_failed)

    def _on_plan(self, plan: Plan) -> None:
        parts = (
            counted(plan.profiles, "{n:,} profile", "{n:,} profiles"), counted(plan.activities, "{n:,} activity", "{n:,} activities"),
            counted(plan.notes, "{n:,} note", "{n:,} notes"),
        )  # fmt: skip
        self.goes.set_runs(tr("{what} go, with all that was decided about them. What arrives of them again is dropped.").format(what=", ".join(parts)))
        stays = [tr("What others said to them in public stays with those others.")]
        if plan.mentions:
            things = counted(plan.mentions, "{n:,} thing", "{n:,} things")
            stays.append(tr("The name stands in {things} that others said or that you noted about others; those stay.").format(things=things))
        if plan.copies:
            until = when.day(max(map(forgetting.expires, plan.copies)))
            copies = counted(len(plan.copies), "{n:,} backup", "{n:,} backups")
            stays.append(tr("{copies} of this desk hold them, the last until {day}. Copies elsewhere are yours to remove.").format(copies=copies, day=until))
            self.copies.setText(tr("Remove {copies} too, after a new one was made").format(copies=copies))
            self.copies.show()
        self.stays.set_runs(" ".join(stays))
        self.sure.setEnabled(True)

    def _on_forget(self) -> None:
        for widget in (self.do, self.sure, self.copies):
            widget.setEnabled(False)
        self.says.setText(tr("Erasing, and writing the desk's file anew …"))
        forget = partial(forgetting.forget, with_copies=self.copies.isChecked())
        self._context.tasks.write(forget, self._person.id, self._context.clock(), done=self._on_done, failed=self._on_failed)

    def _on_done(self, done: Forgotten) -> None:
        self.accept()
        self._context.tasks.changed.emit(done.changes)
        self._context.router.toast.emit(tr("Forgot {name}.").format(name=self._person.name[:60]), False)
        self._context.router.go.emit(Target(page="people"))

    def _on_failed(self, error: RelationDeskError) -> None:
        self.says.setText(str(error))
        self.sure.setEnabled(True)
        self.do.setEnabled(self.sure.isChecked())
