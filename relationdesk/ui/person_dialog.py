"""Add somebody by hand, or correct what the desk calls them. What places say of themselves stays with their profiles."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from relationdesk.model import Changes, Person
from relationdesk.services import people
from relationdesk.ui.page import Context, Target
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.form import Form, line_field


def tr(text: str) -> str:
    return QCoreApplication.translate("People", text)


class PersonDialog(DialogFrame):
    """person None: somebody new, whose page opens when they are added."""

    def __init__(self, context: Context, person: Person | None = None, parent: QWidget | None = None) -> None:
        title = tr("New person") if person is None else person.name
        super().__init__(context.look, title, width=460, parent=parent)
        self._context, self._person = context, person
        self.name = line_field(tr("Name"), text=person.name if person else "", longest=300)
        self.role = line_field(tr("Role"), text=person.title if person else "", longest=300)
        self.company = line_field(tr("Company"), text=person.company if person else "", longest=300)
        self.body.addLayout(Form(context.look, self.name, self.role, self.company))
        self.add_button(tr("Cancel"))
        self._keep = self.add_button(tr("Add") if person is None else tr("Keep"), self._on_keep, style="primary", default=True)
        self.name.textChanged.connect(self._on_text)
        self._on_text()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_text(self) -> None:
        self.refusal.hide()
        self._keep.setEnabled(bool(self.name.text().strip()))

    def _on_keep(self) -> None:
        tasks, now = self._context.tasks, self._context.clock()
        if self._person is None:
            args = (self.name.text(), now, self.company.text(), self.role.text())
            self.write_once(tasks.write, people.add_person, *args, done=self._on_added)
        else:
            there = {"name": self._person.name, "title": self._person.title, "company": self._person.company}
            fields = {"name": self.name, "title": self.role, "company": self.company}
            written = {what: field.text() for what, field in fields.items() if field.text() != there[what]}
            if not written:  # nothing becomes the user's own word by being looked at
                self.accept()
                return
            change = partial(people.edit_person, name=written.get("name"), title=written.get("title"), company=written.get("company"))
            self.write_once(tasks.write, change, self._person.id, now)

    def _on_added(self, answer: tuple[int, Changes]) -> None:
        self.accept()
        self._context.router.go.emit(Target(page="person", id=answer[0]))
