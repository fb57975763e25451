"""Notes beside the pages: the composer from anywhere, the earlier wordings of a note, and the trash."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.model import Note, Person
from relationdesk.services import notes, searching
from relationdesk.services.searching import Found
from relationdesk.store import notes as rows
from relationdesk.store import people
from relationdesk.text import one_line
from relationdesk.ui import timeline_words as words
from relationdesk.ui import when
from relationdesk.ui.about import About
from relationdesk.ui.frame import ScrollColumn, clear
from relationdesk.ui.note_composer import NoteComposer
from relationdesk.ui.page import Context
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.card import Card
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.field import SearchField
from relationdesk.ui.widgets.label import ElidedLabel, ParagraphLabel, PlainLabel


class NoteDialog(DialogFrame):
    """A note about anybody, from anywhere: choose the person, write. Esc closes; what was typed stays as a draft."""

    def __init__(self, context: Context, person_id: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(context.look, words.tr("Write a note"), width=560, parent=parent)
        self._context = context
        self._typed = ""
        self.search = SearchField(context.look, words.tr("About whom? Type a name"), name=words.tr("About whom"))
        self.search.textChanged.connect(self._look_up)
        self.search.returnPressed.connect(self._first)
        self._found = QVBoxLayout()
        self._offers: list[About] = []
        self.composer = NoteComposer(context, always_open=True)
        self.composer.kept.connect(self.accept)
        self.composer.idle.connect(self.reject)
        self.body.addWidget(self.search)
        self.body.addLayout(self._found)
        self.body.addWidget(self.composer)
        self.add_button(words.tr("Close"))
        if person_id is not None:
            context.tasks.run(people.get, person_id, done=self._on_person)
        self.search.setFocus()

    def _on_person(self, person: Person | None) -> None:
        if person is not None:
            self.choose(_about(person))

    def _look_up(self, typed: str) -> None:
        self._typed = typed
        if not typed.strip():
            clear(self._found)
            self._offers = []
            return
        self._context.tasks.run(searching.palette, typed, 5, done=partial(self._on_found, typed))

    def _on_found(self, typed: str, found: Found) -> None:
        if typed != self._typed:
            return
        clear(self._found)
        self._offers = [_about(p) for p in found.people if not p.is_me]
        self._offers += [About(name=c.name, company_id=c.id, company_uid=c.uid) for c in found.companies]
        for about in self._offers[:6]:
            picture = "building-2" if about.company_id is not None else "user-round"
            button = Button(self._context.look, one_line(about.name, 60), style="quiet", icon=picture)
            button.clicked.connect(partial(self._pick, about))
            self._found.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)

    def _first(self) -> None:
        if self._offers:
            self.choose(self._offers[0])

    def _pick(self, about: About, *_: object) -> None:
        self.choose(about)

    def choose(self, about: About) -> None:
        """Write about this one."""
        self._typed = ""
        clear(self._found)
        self.search.hide()
        self.set_title(words.tr("Write a note about {name}").format(name=one_line(about.name, 60)))
        self.composer.set_about(about)
        self.composer.start()

    def done(self, result: int) -> None:
        self.composer.leave()
        super().done(result)


def _about(person: Person) -> About:
    return About(name=person.name, person_id=person.id, person_uid=person.uid)


class VersionsDialog(DialogFrame):
    """Every earlier wording of a note, newest first; any of them can be the current one again."""

    def __init__(self, context: Context, note: Note, parent: QWidget | None = None) -> None:
        super().__init__(context.look, words.tr("Earlier wordings"), width=560, high=440, parent=parent)
        self._context, self._note = context, note
        self.column = ScrollColumn(context.look, name=words.tr("Earlier wordings"), padding=(0, 0, 12, 0))
        self.body.addWidget(self.column, 1)
        self.add_button(words.tr("Close"))
        context.tasks.run(notes.versions, note.id, done=self._on_versions)

    def _on_versions(self, found: tuple[tuple[datetime, str], ...]) -> None:
        look = self._context.look
        rows: list[QWidget] = [_wording(self._context, words.tr("Now"), self._note.saved, self._note.text, "", None)]
        for saved, text in found:
            rows.append(
                _wording(self._context, "", saved, text, words.tr("Use this wording"), partial(self._use, text))
            )
        if not found:
            rows.append(PlainLabel(look, words.tr("It was never worded differently."), tone="text2", wrap=True))
        self.column.fill(rows)

    def _use(self, text: str, *_: object) -> None:
        tasks, router = self._context.tasks, self._context.router
        tasks.write(notes.use_version, self._note.id, text, self._context.clock(), failed=router.failed.emit)
        self.accept()


class TrashDialog(DialogFrame):
    """Notes in the trash; they stay there for 30 days."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        sentence = words.tr("Notes stay here for 30 days. Then they are gone for good.")
        super().__init__(context.look, words.tr("Notes in the trash"), sentence=sentence, width=560, high=440, parent=parent)
        self._context = context
        self.column = ScrollColumn(context.look, name=words.tr("Notes in the trash"), padding=(0, 0, 12, 0))
        self.body.addWidget(self.column, 1)
        self.add_button(words.tr("Close"))
        self._load()

    def _load(self, *_: object) -> None:
        self._context.tasks.run(rows.trash, done=self._on_trash)

    def _on_trash(self, found: tuple[Note, ...]) -> None:
        rows: list[QWidget] = [
            _wording(self._context, "", note.trashed or note.saved, note.text, words.tr("Bring back"), partial(self._back, note.id))
            for note in found
        ]
        self.column.fill(rows or [PlainLabel(self._context.look, words.tr("The trash is empty."), tone="text2")])

    def _back(self, note_id: int, *_: object) -> None:
        tasks, router = self._context.tasks, self._context.router
        tasks.write(notes.bring_back, note_id, self._context.clock(), done=self._load, failed=router.failed.emit)


def _wording(context: Context, label: str, moment: datetime, text: str, button: str, slot: object) -> QWidget:
    look, card = context.look, Card(context.look, "note", padding=12)
    row = QHBoxLayout()
    head = " · ".join(part for part in (label, when.exact(moment)) if part)
    row.addWidget(ElidedLabel(look, head, role="caption", tone="note_text"), 1)
    if button and callable(slot):
        use = Button(look, button, style="note", compact=True)
        use.clicked.connect(slot)
        row.addWidget(use)
    card.body.addLayout(row)
    card.body.addWidget(ParagraphLabel(look, text, role="body", max_lines=12))
    return card
