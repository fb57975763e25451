"""Log a contact that no place tells of: how and when, asked once, with now as the answer that Enter gives."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from relationdesk.errors import UserMistake
from relationdesk.model import NoteKind, Person, Precision
from relationdesk.services import notes
from relationdesk.services.typed_dates import typed_date
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.form import Form, line_field
from relationdesk.ui.widgets.switch import Switch


def tr(text: str) -> str:
    return QCoreApplication.translate("Contact", text)


class ContactDialog(DialogFrame):
    """It becomes a call or a meeting among the notes, and counts as contact from both."""

    def __init__(self, context: Context, person: Person, parent: QWidget | None = None) -> None:
        super().__init__(context.look, tr("Contact with {name}").format(name=person.name), width=440, parent=parent)
        self._context, self._person = context, person
        self.how = Switch(context.look, ((NoteKind.CALL.value, tr("Spoken"), "phone"), (NoteKind.MEETING.value, tr("Met"), "users")), name=tr("How"))
        self.how.set_value(NoteKind.CALL.value)
        self.when = line_field(tr("When"), tr("now"))
        self.words = line_field(tr("About"), tr("nothing needs to stand here"))
        self.body.addLayout(Form(context.look, self.how, self.when, self.words))
        self.add_button(tr("Cancel"))
        self.keep = self.add_button(tr("Log it"), self._on_keep, style="primary", default=True)
        self.when.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keep(self) -> None:
        now, typed = self._context.clock(), self.when.text().strip()
        try:
            moment, precision = (now, Precision.SECOND) if not typed or typed.casefold() in ("now", "jetzt", tr("now")) else typed_date(typed, now)
            if moment is None or precision not in (Precision.DAY, Precision.MINUTE, Precision.SECOND) or moment > now:
                raise UserMistake(tr("A contact has its day, and is not in the future. Nothing was kept. Type “yesterday” or 2026-11-20 10:12."))
        except UserMistake as e:
            self.refuse(e)
            return
        if precision is Precision.DAY:  # at noon of the user's own day, not at its first second elsewhere
            moment = min(now, moment.replace(tzinfo=None, hour=12).astimezone())
        kind = NoteKind(self.how.value())
        words = self.words.text().strip() or (tr("Spoken") if kind is NoteKind.CALL else tr("Met"))
        job = partial(notes.write, person_id=self._person.id, kind=kind, happened=moment)
        self.write_once(self._context.tasks.write, job, words, now)
