"""All templates: find, write, change, duplicate, delete with Undo, and see how one reads for somebody."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, QStringListModel, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from relationdesk.errors import RelationDeskError
from relationdesk.model import Changes, Person
from relationdesk.services import heavy_jobs, templates
from relationdesk.store import people
from relationdesk.store import templates as rows
from relationdesk.store.templates import Template
from relationdesk.text import fold, one_line, tamed
from relationdesk.ui.frame import ScrollColumn
from relationdesk.ui.gaps import tr
from relationdesk.ui.keys import native_key
from relationdesk.ui.page import Context
from relationdesk.ui.template_editor import TemplateEditor
from relationdesk.ui.template_picker import PURPOSES, row_height
from relationdesk.ui.widgets.buttons import Button
from relationdesk.ui.widgets.dialogs import DialogFrame
from relationdesk.ui.widgets.field import AnswerField, SearchField
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel

OFFERED = 8


class TemplatesDialog(DialogFrame):
    """uid: of the one to begin with, "" for the first. Ctrl+Enter keeps what is typed, Ctrl+N begins a new one, Del in the list deletes."""

    def __init__(self, context: Context, uid: str = "", parent: QWidget | None = None) -> None:
        super().__init__(context.look, tr("Templates"), width=860, high=620, parent=parent)
        self._context, self._wanted = context, uid
        self._every: tuple[Template, ...] = ()
        self._people: dict[str, Person] = {}
        self.editor = TemplateEditor(context)
        self.editor.kept.connect(self._on_kept)
        self._build()
        for keys, slot in (("Ctrl+Return", self.editor.keep), ("Ctrl+Enter", self.editor.keep), ("Ctrl+N", self.new)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        context.tasks.changed.connect(self._on_changed)
        # Behind what was typed of a new one, which the editor asks for through the same lane: that stays in hand.
        context.tasks.write(rows.every, done=self._on_found, failed=self._on_failed, only_reads=True)
        context.tasks.run(partial(people.page, order="touch", limit=1), done=self._on_first, failed=self._on_failed)

    def _build(self) -> None:
        look, px = self.look, self.look.theme.px
        self.search = SearchField(look, tr("Name or words"), name=tr("Search templates"))
        self.search.textChanged.connect(lambda _: self._fill())
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Templates"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumWidth(min(px(210), 280))
        self.list.currentRowChanged.connect(self._on_row)
        gone = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        gone.setContext(Qt.ShortcutContext.WidgetShortcut)
        gone.activated.connect(self.delete)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self.list)
        undo.setContext(Qt.ShortcutContext.WidgetShortcut)
        undo.activated.connect(self.undo)
        self.empty = ParagraphLabel(look, "", role="small", tone="text2")
        self.starters = Button(look, tr("Take three to start with"), icon="sparkles", compact=True)
        self.starters.clicked.connect(self._take_starters)
        self.new_button = Button(look, tr("New"), icon="plus", style="quiet", compact=True)
        self.new_button.setToolTip(native_key("Ctrl+N"))
        self.new_button.clicked.connect(self.new)
        self.copy_button = Button(look, icon="copy", style="quiet", compact=True, name=tr("Duplicate"))
        self.copy_button.clicked.connect(self.duplicate)
        self.delete_button = Button(look, icon="trash-2", style="quiet", compact=True, name=tr("Delete"))
        self.delete_button.clicked.connect(self.delete)
        self.whom = AnswerField()
        self.whom.setPlaceholderText(tr("type a name"))
        self.whom.setAccessibleName(tr("Show it filled for"))
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._on_person)
        self.whom.setCompleter(completer)
        self.whom.textEdited.connect(self._on_name)
        self.whom.returnPressed.connect(self._on_enter)
        left, line = QVBoxLayout(), QHBoxLayout()
        for part in (self.search, self.list, self.empty, self.starters):
            left.addWidget(part, 1 if part is self.list else 0)
        for button in (self.new_button, self.copy_button, self.delete_button):
            line.addWidget(button)
        line.addStretch(1)
        left.addLayout(line)
        self.editor.whom.addWidget(PlainLabel(look, tr("How it reads for"), role="small", tone="text2"))
        self.editor.whom.addWidget(self.whom, 1)
        right = ScrollColumn(look, name=tr("This template"), padding=(4, 4, 12, 4))
        right.body.addWidget(self.editor)
        both = QHBoxLayout()
        both.setSpacing(px(20))
        both.addLayout(left, 2)
        both.addWidget(right, 5)
        self.body.addLayout(both, 1)
        self.said = ParagraphLabel(look, "", role="small", tone="text2")
        self.undo_button = Button(look, tr("Undo"), style="link", compact=True)
        self.undo_button.clicked.connect(self.undo)
        told = QHBoxLayout()
        told.addWidget(self.said, 1)
        told.addWidget(self.undo_button)
        self.body.addLayout(told)
        self.drop_button = self.add_button(tr("Throw away what is typed"), self.throw_away, first=True)
        self.add_button(tr("Close"), self.close)
        self.keep_button = self.add_button(tr("Keep"), self.editor.keep, style="primary", key="Ctrl ↵")
        self._say("")

    # The list

    def _load(self) -> None:
        self._context.tasks.run(rows.every, done=self._on_found, failed=self._on_failed)

    def _on_changed(self, changes: Changes) -> None:
        if changes.templates or changes.everything:
            self._load()

    def _on_found(self, found: tuple[Template, ...]) -> None:
        before = {one.uid: one for one in self._every}
        self._every = found
        there = {one.uid: one for one in found}
        if self.editor.uid() and self.editor.uid() not in there:  # removed here, or by an undo
            self._wanted = ""
        elif self.editor.uid() in before and before[self.editor.uid()] != there[self.editor.uid()] and not self.editor.is_changed():
            self.editor.edit(there[self.editor.uid()])
        self._fill()

    def _fill(self) -> None:
        """Those in which every word that is looked for stands; whoever was chosen stays chosen."""
        wanted = self._wanted or self.editor.uid()
        typed = fold(self.search.text()).split()
        self.list.blockSignals(True)
        self.list.clear()
        for one in self._every:
            if all(word in fold(f"{one.name} {one.subject} {one.text}") for word in typed):
                item = QListWidgetItem(tamed(one.name))
                item.setToolTip(tr(PURPOSES[one.purpose]))
                item.setData(Qt.ItemDataRole.UserRole, one.uid)
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, tr(PURPOSES[one.purpose]))
                item.setSizeHint(QSize(0, row_height(self.look)))
                self.list.addItem(item)
        at = next((n for n in range(self.list.count()) if self.list.item(n).data(Qt.ItemDataRole.UserRole) == wanted), -1)
        self.list.blockSignals(False)
        self._wanted = ""
        if at >= 0 or (not self.editor.is_changed() and self.list.count() and not typed):
            self.list.setCurrentRow(max(0, at))
            self._on_row(self.list.currentRow())
        elif self.editor.uid() and self.editor.uid() not in {one.uid for one in self._every}:
            self.editor.edit(None)
        none = not self._every
        self.list.setVisible(bool(self.list.count()))
        self.empty.setVisible(not self.list.count())
        self.empty.set_runs(tr("Texts that you keep, with fields such as {first name}, stand here. Write one beside, or:") if none else tr("No template says that."))
        self.starters.setVisible(none)
        self._set_state()

    def _on_row(self, row: int) -> None:
        item = self.list.item(row) if row >= 0 else None
        one = next((t for t in self._every if item is not None and t.uid == item.data(Qt.ItemDataRole.UserRole)), None)
        if one is not None and one.uid != self.editor.uid():
            self.editor.edit(one)
        self._set_state()

    def _set_state(self) -> None:
        for button in (self.copy_button, self.delete_button):
            button.setEnabled(bool(self.editor.uid()))

    # What is done

    def new(self) -> None:
        """An empty one. What is typed in another stays there."""
        self.list.setCurrentRow(-1)
        self.editor.edit(None)
        self._set_state()
        self.editor.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def duplicate(self) -> None:
        if self.editor.uid():
            self.editor.flush()
            self._context.tasks.write(templates.duplicate, self.editor.uid(), self._context.clock(), done=self._on_copied, failed=self._on_failed)

    def _on_copied(self, answer: tuple[Template, Changes]) -> None:
        self._wanted = answer[0].uid
        self._say(tr("“{name}” is another one from now on.").format(name=answer[0].name))
        self._load()

    def delete(self) -> None:
        one = next((t for t in self._every if t.uid == self.editor.uid()), None)
        if one is not None:
            said = tr("“{name}” was removed.").format(name=one.name)
            self._context.tasks.write(templates.remove, one.uid, self._context.clock(), done=partial(self._on_said, said, True), failed=self._on_failed)

    def undo(self) -> None:
        self._context.tasks.write(heavy_jobs.undo, self._context.clock(), done=partial(self._on_said, tr("Taken back."), False), failed=self._on_failed)

    def throw_away(self) -> None:
        """Back to the words as they were kept."""
        self.editor.throw_away()
        self.editor.edit(next((t for t in self._every if t.uid == self.editor.uid()), None))

    def _on_kept(self, one: Template) -> None:
        self._wanted = one.uid
        self._say(tr("“{name}” is kept.").format(name=one.name), undo=True)
        self._load()

    def _take_starters(self) -> None:
        self._context.tasks.write(templates.add_starters, self._context.clock(), failed=self._on_failed)

    def _say(self, text: str, *, undo: bool = False) -> None:
        self.said.set_runs(text)
        self.said.setVisible(bool(text))
        self.undo_button.setVisible(bool(text) and undo)

    def _on_said(self, text: str, undo: bool, _: object) -> None:
        self._say(text, undo=undo)

    # For whom it is shown

    def _on_first(self, found: tuple[Person, ...]) -> None:
        if found and not self.whom.text():
            self._show_for(found[0])

    def _show_for(self, person: Person) -> None:
        self.whom.setText(one_line(person.name, 80))
        self.whom.setCursorPosition(0)
        self.editor.set_person(person)

    def _on_name(self, typed: str) -> None:
        ask = partial(people.page, query=typed, order="touch", limit=OFFERED)
        self._context.tasks.run(ask, done=partial(self._on_people, typed), failed=self._on_failed)

    def _on_people(self, typed: str, found: tuple[Person, ...]) -> None:
        if typed == self.whom.text() and typed.strip():
            self._people = {one_line(" · ".join(filter(None, (p.name, p.company or p.title))), 100): p for p in found}
            self._names.setStringList(list(self._people))
            completer = self.whom.completer()
            if completer is not None:
                completer.complete()

    def _on_person(self, said: str) -> None:
        person = self._people.get(said)
        if person is not None:
            self._show_for(person)

    def _on_enter(self) -> None:
        first = next(iter(self._people.values()), None)
        if first is not None:
            self._show_for(first)

    def _on_failed(self, error: RelationDeskError) -> None:
        self._say(str(error))

    def done(self, result: int) -> None:
        self.editor.flush()
        super().done(result)
