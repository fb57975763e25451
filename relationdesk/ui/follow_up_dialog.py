"""A follow-up with somebody or on a company: a few words with their day, who promised it, whether it comes again. Typed in one line if wished."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from relationdesk.errors import RelationDeskError, UserMistake
from relationdesk.services import promised, tasks
from relationdesk.ui import when
from relationdesk.ui.about import About
from relationdesk.ui.follow_up_words import AGAIN, often, tr
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.form import Form, line_field
from relationdesk.ui.widgets.label import PlainLabel
from relationdesk.ui.widgets.switch import Switch


class FollowUpDialog(DialogFrame):
    """A day at the end of the words is understood while it is typed; a day in its own field is over it."""

    def __init__(self, context: Context, about: About, parent: QWidget | None = None) -> None:
        task = about.task
        super().__init__(context.look, tr("Follow-up with {name}").format(name=about.name), width=500, parent=parent)
        self._context, self._about = context, about
        self._today: date = context.clock().astimezone().date()
        self.text = line_field(tr("What"), tr("send the sheet fri 9:30"), task.text if task else "")
        self.day = line_field(tr("Day"), tr("fri, tomorrow, 3 December"), task.due.isoformat() if task and task.due else "")
        self.time = line_field(tr("Time"), tr("all day"), f"{task.at // 60}:{task.at % 60:02}" if task and task.at is not None else "")
        self.who = Switch(context.look, (("mine", tr("I promised it"), ""), ("theirs", tr("They did"), "")), name=tr("Who promised it"))
        self.who.set_value("mine" if task is None or task.mine else "theirs")
        self.again = QComboBox()
        self.again.setAccessibleName(tr("How often"))
        for value in dict.fromkeys((*dict(AGAIN), task.every if task else "")):
            self.again.addItem(often(value), value)
        self.again.setCurrentIndex(max(0, self.again.findData(task.every if task else "")))
        self.from_done = QCheckBox(tr("Counted from the day it is done"))
        self.from_done.setChecked(bool(task and task.from_done))
        form = Form(context.look, self.text, self.day, self.time, self.who, self.again)
        form.add(self.from_done, "")
        self.said = PlainLabel(context.look, "", role="small", tone="text2", wrap=True)
        self.body.addLayout(form)
        self.body.addWidget(self.said)
        if task is not None:
            self.add_button(tr("Remove"), self._on_remove, style="danger", first=True)
        self.add_button(tr("Cancel"))
        self._keep = self.add_button(tr("Keep"), self._on_keep, style="primary", default=True)
        for line in (self.text, self.day, self.time):
            line.textChanged.connect(self._on_text)
        self.again.currentIndexChanged.connect(self._on_text)
        self._on_text()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> tuple[str, date | None, int | None]:
        """(words, day, minute); raises UserMistake."""
        words, due, at = promised.split_day(self.text.text(), self._today)
        if self.day.text().strip():
            words, due, at = self.text.text(), promised.day_typed(self.day.text(), self._today), None
        if self.time.text().strip():
            at = promised.minute_typed(self.time.text())
        return words, due, at

    def _on_text(self, *_: object) -> None:
        self._keep.setEnabled(bool(self.text.text().strip()))
        self.from_done.setVisible(bool(self.again.currentData()))
        self.said.set_tone("text2")
        try:
            words, due, at = self._typed()
        except UserMistake as e:
            self.said.setText(str(e) if len(self.day.text()) > 2 or self.time.text() else "")
            return
        self.said.setText(tr("“{text}”, {day}").format(text=words, day=when.due(due, at, self._today)) if due else "")

    def _on_keep(self) -> None:
        about, now = self._about, self._context.clock()
        try:
            words, due, at = self._typed()
        except UserMistake as e:
            self._on_failed(e)
            return
        every, mine = str(self.again.currentData()), self.who.value() == "mine"
        values: dict[str, Any] = {"mine": mine, "due": due, "at": at, "every": every, "from_done": self.from_done.isChecked() and bool(every)}
        write = self._context.tasks.write
        if about.task is None:
            job = partial(tasks.add, person_id=about.person_id, company_id=about.company_id, **values)
            self.write_once(write, job, words, now, failed=self._on_failed)
        else:
            self.write_once(write, partial(tasks.edit, text=words, **values), about.task.id, now, failed=self._on_failed)

    def _on_remove(self) -> None:
        if self._about.task is not None:
            self.write_once(self._context.tasks.write, tasks.remove, self._about.task.id, self._context.clock(), failed=self._on_failed)

    def _on_failed(self, error: RelationDeskError) -> None:
        self.said.set_tone("danger")
        self.said.setText(str(error))
