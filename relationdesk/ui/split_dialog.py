"""Make two people of one: choose the profiles and notes that are another human's. Both are kept apart from then on; undo makes them one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from relationdesk.errors import RelationDeskError, UserMistake
from relationdesk.model import Changes, Person
from relationdesk.saying import counted
from relationdesk.services import combining
from relationdesk.services.combining import Parts
from relationdesk.text import one_line
from relationdesk.ui import when
from relationdesk.ui.days_fields import DaysFields
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.page import Context, Target
from relationdesk.ui.places import place_look
from relationdesk.ui.profile_rows import shown_name
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.label import PlainLabel
from relationdesk.ui.widgets.place_mark import PlaceMark

LOWEST, HIGHEST = 90, 640
"""Pixels at 100 % that the list has: less it never has, more it does not ask for."""


def tr(text: str) -> str:
    return QCoreApplication.translate("Split", text)


class SplitDialog(DialogFrame):
    def __init__(self, context: Context, person: Person, parent: QWidget | None = None) -> None:
        sentence = tr("Tick what belongs to somebody else. What is not ticked stays with {name}. It can be taken back at any later time.")
        title = tr("Make two people of {name}").format(name=person.name[:60])
        super().__init__(context.look, title, sentence=sentence.format(name=person.name[:60]), width=560, high=480, parent=parent)
        self._context, self._person = context, person
        self.profiles: dict[int, QCheckBox] = {}
        self.notes: dict[int, QCheckBox] = {}
        self._names: dict[int, str] = {}
        self._items: Mapping[int, int] = {}
        self.column = ScrollColumn(context.look, name=tr("Profiles and notes"), padding=(0, 0, 12, 0))
        self.name = QLineEdit()
        self.name.setMaxLength(300)
        self.name.setAccessibleName(tr("Name of the new person"))
        self.name.setPlaceholderText(tr("Name of the new person"))
        self.marks = QCheckBox(tr("Buckets and tags are theirs, too"))
        self.marks.setChecked(True)
        self.says = PlainLabel(context.look, "", role="small", tone="text2", wrap=True)
        self.days = DaysFields(context.look)
        self.days.changed.connect(self._on_ticked)
        self.column.setMinimumHeight(context.look.theme.px(LOWEST))
        self.body.addWidget(self.column, 1)
        self.body.addWidget(self.says)
        self.add_button(tr("Cancel"))
        self.do = self.add_button(tr("Make two"), self._on_split, style="primary", default=True)
        self.do.setEnabled(False)
        context.tasks.run(combining.parts_of, person.id, done=self._on_parts, failed=self._on_failed)

    def _on_parts(self, parts: Parts) -> None:
        self._items = parts.items
        rows: list[QWidget] = [self._heading(tr("Name of the new person")), self.name, self._heading(tr("Profiles"))]
        for stored in parts.profiles:
            self._names[stored.id] = stored.profile.display_name or stored.profile.handle
            items = counted(parts.items[stored.id], "{n:,} item", "{n:,} items")
            place, name = place_look(stored.profile.key.place).title, one_line(shown_name(stored, self._person.name), 60)
            box = QCheckBox(f"{name if name == place else f'{place}: {name}'} · {items}")
            box.setToolTip(stored.linked_how)
            box.setAccessibleDescription(stored.linked_how)
            box.toggled.connect(self._on_ticked)
            self.profiles[stored.id] = box
            rows.append(self._row(stored.profile.key.place, box))
        if parts.notes:
            rows.append(self._heading(tr("Notes")))
        for note in parts.notes:
            box = QCheckBox(f"{when.day(note.happened)} · {one_line(note.text, 70)}")
            box.toggled.connect(self._on_ticked)
            self.notes[note.id] = box
            rows.append(self._row("notes", box))
        rows += [self._heading(tr("Only for a time")), self.days, self.marks]
        self.column.fill(rows)
        self._on_ticked()
        QTimer.singleShot(0, self.column, self._on_filled)  # what came has a size, and can have the keyboard, then

    def _on_filled(self) -> None:
        """As high as what is in it, so that few have no empty hall and many can be looked over; the keyboard stands in the first."""
        self.grow(min(self._context.look.theme.px(HIGHEST), self.column.content_height()) - self.column.height())
        if self.profiles:
            next(iter(self.profiles.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _heading(self, text: str) -> PlainLabel:
        return PlainLabel(self._context.look, text, role="small_strong", tone="text2")

    def _row(self, place: str, box: QCheckBox) -> QWidget:
        holder, look = QWidget(), self._context.look
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, look.theme.px(2), 0, look.theme.px(2))
        row.setSpacing(look.theme.px(8))
        row.addWidget(PlaceMark(look, place, size=20))
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # in large text a long one is cut rather than all that stands below it
        box.setToolTip(box.toolTip() or box.text())
        row.addWidget(box, 1)
        return holder

    def chosen(self) -> list[int]:
        """Profile ids that go."""
        return [id_ for id_, box in self.profiles.items() if box.isChecked()]

    def _on_ticked(self, *_: object) -> None:
        going = self.chosen()
        try:
            timed = self.days.days(self._context.clock()) != (None, None)
        except UserMistake as e:
            self.do.setEnabled(False)
            self.says.setText(str(e))
            return
        ready = bool(going) and (timed or len(going) < len(self.profiles))
        self.do.setEnabled(ready)
        if going:
            self.name.setPlaceholderText(self._names[going[0]] or tr("Name of the new person"))
        if len(self.profiles) < 2 and not timed:
            self.says.setText(tr("{name} has one profile only, so it can be divided by time alone: say a first or last day.").format(name=self._person.name[:60]))
        elif ready and timed:
            self.says.setText(tr("What these profiles did in that time goes along, with the answers to prompts about it; what was before and after stays."))
        elif ready:
            items = counted(sum(self._items[id_] for id_ in going), "{n:,} item", "{n:,} items")
            count = counted(sum(box.isChecked() for box in self.notes.values()), "{n:,} note", "{n:,} notes")
            self.says.setText(tr("{items} and {notes} go along, with the answers to prompts about them.").format(items=items, notes=count))
        elif going:
            self.says.setText(tr("At least one profile stays with {name}.").format(name=self._person.name[:60]))
        else:
            self.says.setText(tr("Nothing is ticked yet."))

    def _on_split(self) -> None:
        self.do.setEnabled(False)
        going = [id_ for id_, box in self.notes.items() if box.isChecked()]
        first, last = self.days.days(self._context.clock())
        split = partial(combining.split, name=self.name.text(), with_marks=self.marks.isChecked(), first=first, last=last)
        self._context.tasks.write(
            split, self._person.id, self.chosen(), going, self._context.clock(), done=self._on_done, failed=self._on_failed
        )  # fmt: skip

    def _on_done(self, answer: tuple[int, Changes]) -> None:
        self.accept()
        self._context.router.go.emit(Target(page="person", id=answer[0]))

    def _on_failed(self, error: RelationDeskError) -> None:
        self.says.setText(str(error))
        self.do.setEnabled(bool(self.chosen()))
